"""Verdicts as people give them: what is refused, what is written with a remark, what is said and listed."""

from __future__ import annotations

import re
from pathlib import Path

import commands
import pytest

from aftershock import load
from aftershock.model import verdicts
from aftershock.model.exclusions import why_no_candidate
from aftershock.schema.errors import AftershockError, UsageError

HEAD = "incident_id,change_id,decided_by,decided_at,note\n"  # of a file that knows no rejections
NEW = HEAD.replace("change_id,", "change_id,decision,")


def decide(folder: Path, incident: str = "i1", change: str = "c1") -> verdicts.RecordedVerdict:
    return verdicts.decide(load(folder), incident, change, by="review")


def command(*arguments: str) -> tuple[int, str, str]:
    """``aftershock ARGUMENTS``: exit code, standard output, standard error."""
    done = commands.run(*arguments)
    return done.returncode, done.stdout, done.stderr


def stored(folder: Path) -> bytes:
    return (folder / "verdicts.csv").read_bytes()


ADVICE = "name the role in which it was decided, such as 'incident review' or 'on-call lead'"


REPEATED = (
    "incident_id,started_at,services,title,duplicate_of\ni1,2024-01-10T12:00:00Z,checkout,Payments fail,\n"
    "again,2024-01-10T12:05:00Z,checkout,Payments fail too,i1\ni2,2024-02-10T12:00:00Z,search,Search is empty,\n"
)


def without_time(text: str) -> str:
    return re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "NOW", text)


def test_the_first_verdict_makes_the_file_and_the_next_fit_finds_it(write):
    folder = write()
    code, out, err = command(
        "verdict", str(folder), "i1", "c1", "--by", "incident review", "--note", "reverted, and it went"
    )
    assert (code, err) == (0, "")
    assert without_time(out) == (
        "i1: c1, “Raise the payments limit”, set it off, decided by incident review at NOW.\n"
        "Written to verdicts.csv, line 2; the next fit and the next report use it.\n"
    )
    assert without_time(stored(folder).decode()) == NEW + 'i1,c1,accepted,incident review,NOW,"reverted, and it went"\n'
    assert load(folder).decisions[["incident_id", "change_id"]].values.tolist() == [["i1", "c1"]]


def test_a_change_is_rejected_and_no_suspect_any_more(write):
    folder = write()
    given = ("verdict", str(folder), "i1", "c1", "--rejected", "--by", "review")
    code, out, err = command(*given)
    assert (code, err) == (0, "")
    assert without_time(out).startswith(
        "i1: c1, “Raise the payments limit”, did not set it off, decided by review at NOW.\n"
    )
    assert without_time(stored(folder).decode()) == NEW + "i1,c1,rejected,review,NOW,\n"
    dataset = load(folder)
    assert dataset.decisions.empty and dataset.rejections["change_id"].tolist() == ["c1"]
    said = why_no_candidate(dataset, dataset.incident("i1"), dataset.change("c1"))
    assert said.startswith("c1 is not a suspect of i1: people rejected it (review, ")
    listed = command("verdicts", str(folder))[1]
    assert " not c1 " in listed and "  yes" in listed
    assert command(*given)[2].startswith("aftershock: It confirms the verdict of review, ")
    assert command("verdict", str(folder), "i1", "none", "--rejected", "--by", "review")[2].startswith(
        "aftershock: none cannot be rejected"
    )


def test_the_last_verdict_counts_and_the_history_stays(write):
    folder = write(verdicts__csv=HEAD + "i1,c1,on-call,2024-01-11T09:00:00Z,first look\n")
    code, out, err = command("verdict", str(folder), "i1", "None", "--by", "incident review", "--note", "the disk")
    assert (code, err) == (0, "aftershock: It replaces the verdict of on-call, 11 Jan 2024, 09:00 UTC: c1.\n")
    assert out.startswith("i1: no recorded change set it off, decided by incident review at ")
    dataset = load(folder)
    assert dataset.decisions["change_id"].tolist() == ["none"]
    assert dataset.verdicts_on("i1")["change_id"].tolist() == ["c1", "none"]
    listed = re.sub(r"\d+ \w+ \d{4}, \d\d:\d\d UTC", "WHEN", command("verdicts", str(folder))[1])
    assert [re.sub(r" +", " ", line).strip() for line in listed.splitlines()] == [
        "2 verdicts on 1 incident",
        "Incident Set off by Decided by When Counts Note",
        "i1 c1 on-call WHEN replaced first look",
        "i1 none incident review WHEN yes the disk",
    ]


def test_no_verdicts_are_listed_as_such(write):
    assert command("verdicts", str(write())) == (0, "Nobody has decided anything: small has no verdicts.csv.\n", "")


REFUSED = {
    ("i3", "c1", "x", ""): "no incident 'i3' in small; the nearest is 'i2' (2 incidents: i1, i2)",
    ("i1", "c4", "x", ""): "no change 'c4' in small; the nearest is 'c3' (3 changes)",
    ("i1", "c1", " ", ""): f"no role is given: {ADVICE}",
    ("i1", "c1", "r" * 81, ""): f"the role has 81 characters, 80 are the most: {ADVICE}",
    ("i1", "c1", "jane@example.org", ""): (
        f"'jane@example.org' is an address or a handle, not a role: {ADVICE}. Aftershock keeps no people, so that reports "
        "stay blameless"
    ),
    ("i1", "c1", "x", "n" * 2001): (
        "the note has 2,001 characters, 2,000 are the most; what is longer belongs in the incident's write-up in "
        "postmortems/"
    ),
}


def test_what_is_refused_exits_with_two_and_leaves_no_file(write):
    folder = write()
    for (incident, change, by, note), message in REFUSED.items():
        done = command("verdict", str(folder), incident, change, "--by", by, "--note", note)
        assert done == (2, "", f"aftershock: {message}\n")
    assert not list(folder.glob("*verdicts*"))


def test_a_reference_cannot_be_decided():
    with pytest.raises(UsageError, match="famous-outages is a reference to compare with: nothing in it can be decided"):
        verdicts.decide(load("famous-outages"), "x", "none", by="review")


def test_what_looks_like_a_name_is_written_with_a_warning(write):
    dataset = load(write())
    for by in ("Jane Doe", "Ana María López", "Jean-Luc P."):
        said = verdicts.decide(dataset, "i1", "c1", by=by).remarks
        assert said == [f"{by!r} looks like a person's name, and reports will show it; rather {ADVICE}."]


def test_roles_pass_without_a_word(write):
    dataset = load(write())
    for by in ("on-call", "SRE", "Incident Review", "Platform Team", "Head Of Operations", "QA Lead"):
        assert verdicts.decide(dataset, "i1", "c1", by=by).remarks == []


def test_a_verdict_on_a_repetition_is_on_its_original(write):
    folder = write(incidents=REPEATED)
    recorded = decide(folder, "again")
    assert recorded.remarks == ["again repeats i1; the verdict is on that one."]
    assert load(folder).decisions["incident_id"].tolist() == ["i1"]


def test_a_change_that_is_no_candidate_is_written_with_a_warning(write):
    said = decide(write(), "i1", "c3").remarks
    assert said == [
        "c3 is not a suspect of i1: it began at 20 Feb 2024, 11:30 UTC, 40 d 23 h after the latest moment at which the "
        "incident can have started. The verdict counts all the same; check the id and the times."
    ]


def test_a_verdict_that_would_not_count_is_refused(write):
    folder = write(verdicts__csv=HEAD + "i1,none,review,2150-01-03T10:00Z,\n")
    before = stored(folder)
    with pytest.raises(UsageError) as refused:
        decide(folder)
    assert str(refused.value) == (
        "verdicts.csv, line 2 decides on i1 at 3 Jan 2150, 10:00 UTC, which is yet to come, so a verdict of today would "
        "not count; fix its decided_at first"
    )
    assert stored(folder) == before


def test_nothing_is_taken_back_once_others_have_decided(write):
    folder = write()
    first = decide(folder)
    decide(folder, "i2", "none")
    before = stored(folder)
    with pytest.raises(AftershockError, match=r"the verdict on i1 is not the last row of verdicts\.csv any more"):
        verdicts.undo(load(folder), first)
    assert stored(folder) == before
