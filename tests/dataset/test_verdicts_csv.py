"""Verdicts: written by many at once, in the file's own dialect, read back as they were; whole messages."""

from __future__ import annotations

import csv
import gzip
import io
import multiprocessing
import os
import re
from pathlib import Path

import pytest
from filelock import FileLock

from aftershock import load
from aftershock.cli import app
from aftershock.dataset import verdicts_csv
from aftershock.model import verdicts
from aftershock.model.exclusions import why_no_candidate
from aftershock.output.spreadsheets import guarded, unguarded
from aftershock.schema.errors import AftershockError, InputError, UsageError

ROW = {"incident_id": "i1", "change_id": "c1", "decision": "accepted"}
ROW |= {"decided_by": "review", "decided_at": "2024-02-01", "note": "a\nb"}
HEAD = "incident_id,change_id,decided_by,decided_at,note\n"  # of a file that knows no rejections
NEW = HEAD.replace("change_id,", "change_id,decision,")
ADVICE = "name the role in which it was decided, such as 'incident review' or 'on-call lead'"
REPEATED = (
    "incident_id,started_at,services,title,duplicate_of\ni1,2024-01-10T12:00:00Z,checkout,Payments fail,\n"
    "again,2024-01-10T12:05:00Z,checkout,Payments fail too,i1\ni2,2024-02-10T12:00:00Z,search,Search is empty,\n"
)


def without_time(text: str) -> str:
    return re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "NOW", text)


@pytest.fixture
def command(monkeypatch, capsys):
    """Runs ``aftershock ARGS`` in this process: exit code, standard output, standard error."""

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["aftershock", *arguments])
        with pytest.raises(SystemExit) as left:
            app.run()
        said = capsys.readouterr()
        return left.value.code, said.out, said.err

    return run


def decide(
    folder: Path, incident: str = "i1", change: str = "c1", by: str = "review", note: str = ""
) -> verdicts.RecordedVerdict:
    return verdicts.decide(load(folder), incident, change, by=by, note=note)


def stored(folder: Path) -> bytes:
    return (folder / "verdicts.csv").read_bytes()


# the command


def test_the_first_verdict_makes_the_file_and_the_next_fit_finds_it(write, command):
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


def test_a_change_is_rejected_and_no_suspect_any_more(write, command):
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


def test_a_rejection_takes_back_what_was_accepted_and_is_taken_back_by_it(write):
    rows = "i1,c1,,ops,2024-02-01,\ni1,c1,rejected,ops,2024-02-02,\ni2,c2,,ops,2024-02-01,\ni2,c3,rejected,ops,2024-02-02,\n"
    dataset = load(write(verdicts__csv=NEW + rows))
    assert dataset.decisions[["incident_id", "change_id"]].values.tolist() == [["i2", "c2"]]
    assert dataset.rejections[["incident_id", "change_id"]].values.tolist() == [["i1", "c1"], ["i2", "c3"]]
    dataset = load(write(verdicts__csv=NEW + "i1,c1,rejected,ops,2024-02-01,\ni1,c1,accepted,ops,2024-02-02,\n"))
    assert (len(dataset.decisions), len(dataset.rejections)) == (1, 0)


def test_a_file_without_the_column_takes_no_rejection_and_stays(write):
    folder = write(verdicts__csv=HEAD + "i1,none,ops,2024-01-01,\n")
    with pytest.raises(InputError, match=r"no column 'decision'.*Add decision to the header"):
        verdicts.decide(load(folder), "i1", "c1", by="review", rejected=True)
    assert stored(folder).decode() == HEAD + "i1,none,ops,2024-01-01,\n"


def test_the_last_verdict_counts_and_the_history_stays(write, command):
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


def test_no_verdicts_are_listed_as_such(write, command):
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


def test_what_is_refused_exits_with_two_and_leaves_no_file(write, command):
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


def test_a_row_on_a_repetition_counts_for_its_original(write):
    folder = write(incidents=REPEATED, verdicts__csv=HEAD + "again,c1,review,,\n")
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


# what is written, and what is read


def test_a_note_comes_back_as_it_was_and_no_spreadsheet_runs_it(write):
    notes = [
        "=cmd|' /C calc'!A0",
        "+1",
        "-1",
        "@x",
        "'=x",
        "''",
        "'quoted'",
        'say "no", twice; or\tthree',
        "one\n\ntwo",
        "＝1",
        "né 🙂",
    ]
    dataset = load(write())
    for note in notes:
        verdicts.decide(dataset, "i1", "c1", by="review", note=note)
    assert load(dataset.folder).verdicts["note"].tolist() == notes
    cells = [row[-1] for row in csv.reader(io.StringIO(stored(dataset.folder).decode(), newline=""))]
    assert not [cell for cell in cells if cell[0] in "=+-@＝"]


def test_the_guard_loses_nothing():
    for text in ("", "a", "'", "'a", "=", "'=", "''=", "-", "'-1", "a=1"):
        assert unguarded(guarded(text)) == text
        assert guarded(text)[:1] not in ("=", "-")


FORMS = {
    "a mark, CRLF and other columns": (
        b"\xef\xbb\xbfTicket,note,incident_id,Change_ID,decided_by,decided_at\r\nT-1,old,i2,none,ops,2024-01-01\r\n",
        b",new,i1,c1,review,NOW\r\n",
        3,
    ),
    "no line end at the end": (HEAD.encode() + b"i2,none,ops,,", b"\ni1,c1,review,NOW,new\n", 3),
    "a cell of two lines": (HEAD.encode() + b'i2,none,ops,,"a\nb"\n', b"i1,c1,review,NOW,new\n", 4),
    "a file of nothing": (b"", NEW.encode() + b"i1,c1,accepted,review,NOW,new\n", 2),
}


@pytest.mark.parametrize(("old", "added", "line"), FORMS.values(), ids=FORMS.keys())
def test_a_file_keeps_every_byte_and_gets_a_row(write, monkeypatch, old, added, line):
    monkeypatch.setattr(verdicts, "_now", lambda: "2026-03-06T17:19:00Z")
    folder = write()
    (folder / "verdicts.csv").write_bytes(old) if old else None
    assert decide(folder, note="new").line == line
    assert stored(folder) == old + added.replace(b"NOW", b"2026-03-06T17:19:00Z")
    assert load(folder).verdicts_on("i1")["note"].tolist() == ["new"]


NOT_UTF8 = "found bytes that are not UTF-8; expected a CSV file in UTF-8. Save it as CSV in UTF-8. Nothing was written."
UNFIT = {
    "a missing column": (
        b"incident_id,change_id,decided_at\ni2,none,2024-01-01\n",
        "verdicts.csv, line 1: found no column 'decided_by'; expected the columns incident_id, change_id, decided_by, "
        "decided_at, note, separated by commas. Add decided_by, note to the header; rows that lack the cells are read as "
        "empty there. Nothing was written.",
    ),
    "semicolons": (
        HEAD.replace(",", ";").encode() + b"i2;none;ops;2024-01-01;\n",
        "verdicts.csv, line 1: found no column 'incident_id'; expected the columns incident_id, change_id, decided_by, "
        "decided_at, note, separated by commas. Save the file as CSV with commas. Nothing was written.",
    ),
    "a quote that never closes": (
        HEAD.encode() + b'i2,none,ops,2024-01-01,"never closed\n',
        "verdicts.csv, line 2: found a cell whose quotes do not match (unexpected end of data); expected rows that a CSV "
        "reader can tell apart. Fix the row. Nothing was written.",
    ),
    "Windows-1252": (HEAD.encode() + "i2,none,ops,,zurück\n".encode("cp1252"), f"verdicts.csv, line 2: {NOT_UTF8}"),
    "UTF-16": ((HEAD + "i2,none,ops,,\n").encode("utf-16"), f"verdicts.csv, line 1: {NOT_UTF8}"),
    "gzip": (gzip.compress(HEAD.encode() + b"i2,none,ops,2024-01-01,\n", mtime=0), f"verdicts.csv, line 1: {NOT_UTF8}"),
}


@pytest.mark.parametrize(("old", "message"), UNFIT.values(), ids=UNFIT.keys())
def test_a_file_that_is_not_ours_stays_as_it_is(write, old, message):
    folder = write()
    path = folder / "verdicts.csv"
    path.write_bytes(old)
    with pytest.raises(InputError) as refused:
        verdicts_csv.append(path, ROW, like=folder / "dataset.toml")
    assert str(refused.value) == message
    assert stored(folder) == old


@pytest.mark.parametrize("exists", [True, False], ids=["a file", "nothing"])
def test_no_link_leads_out_of_the_dataset(write, tmp_path, exists):
    folder, outside = write(), tmp_path / "outside.csv"
    if exists:
        outside.write_text(HEAD)
    (folder / "verdicts.csv").symlink_to(outside)
    with pytest.raises(InputError) as refused:
        verdicts_csv.append(folder / "verdicts.csv", ROW, like=folder / "dataset.toml")
    assert str(refused.value) == (
        "verdicts.csv: found a link that leads out of the dataset; expected a file inside it. Replace the link by the file "
        "itself. Nothing was written."
    )
    assert (outside.read_text() if exists else outside.exists()) == (HEAD if exists else False)


@pytest.mark.parametrize("target", ["outside", "incidents.csv"])
def test_a_link_in_place_of_the_lock_empties_nothing(write, tmp_path, target):
    folder, outside = write(), tmp_path / "outside"
    outside.write_text("kept")
    (folder / ".verdicts.csv.lock").symlink_to(outside if target == "outside" else folder / target)
    before = (folder / "incidents.csv").read_bytes()
    with pytest.raises(InputError, match="found a link in place of the lock"):
        verdicts_csv.append(folder / "verdicts.csv", ROW, like=folder / "dataset.toml")
    assert outside.read_text() == "kept" and (folder / "incidents.csv").read_bytes() == before


@pytest.mark.parametrize(
    "make", [os.mkfifo, Path.mkdir, lambda p: p.symlink_to(p.name)], ids=["pipe", "folder", "loop"]
)
def test_what_is_no_file_is_not_written_to(write, make):
    folder = write()
    make(folder / "verdicts.csv")
    with pytest.raises(InputError, match="neither a file nor a link to one"):
        verdicts_csv.append(folder / "verdicts.csv", ROW, like=folder / "dataset.toml")


# many at once, and nowhere to write


def add(folder: Path, first: int, count: int) -> None:
    for n in range(first, first + count):
        row = {**ROW, "decided_by": f"role {n}"}
        verdicts_csv.append(folder / "verdicts.csv", row, like=folder / "dataset.toml")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked to be quick")
def test_many_writers_at_once_lose_no_row(write):
    folder, each = write(), 12
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=add, args=(folder, n * each, each)) for n in range(6)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    assert [writer.exitcode for writer in writers] == [0] * 6
    written = load(folder).verdicts
    assert sorted(written["decided_by"], key=lambda r: int(r.split()[1])) == [f"role {n}" for n in range(6 * each)]
    assert sorted(p.name for p in folder.glob("*verdicts*")) == [".verdicts.csv.lock", "verdicts.csv"]


@pytest.mark.parametrize("old", [HEAD + "i2,none,ops,2024-01-01,\n", ""], ids=["rows", "no file"])
def test_a_disk_that_is_full_leaves_the_file_as_it_was(write, monkeypatch, old):
    folder = write(**({"verdicts__csv": old} if old else {}))

    def refuse(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(AftershockError) as failed:
        decide(folder)
    assert str(failed.value) == (
        f"cannot write {folder / 'verdicts.csv'}: No space left on device. Nothing was written; verdicts need a folder "
        "that you may write to."
    )
    assert (folder / "verdicts.csv").exists() == bool(old)
    assert not old or stored(folder).decode() == old


def test_a_folder_where_nothing_can_be_locked_is_said(write, command):
    folder = write()
    (folder / ".verdicts.csv.lock").mkdir()
    message = (
        f"aftershock: cannot write {folder / 'verdicts.csv'}: Is a directory. Nothing was written; verdicts need a folder "
        "that you may write to.\n"
    )
    assert command("verdict", str(folder), "i1", "c1", "--by", "review") == (1, "", message)


def test_who_waits_too_long_is_told(write, monkeypatch):
    folder = write()
    monkeypatch.setattr(verdicts_csv, "PATIENCE", 0.05)
    with (
        FileLock(folder / ".verdicts.csv.lock"),
        pytest.raises(AftershockError) as failed,
    ):
        decide(folder)
    assert str(failed.value) == (
        f"{folder / 'verdicts.csv'} has been locked by another writer for 0.05 seconds. Nothing was written; try again."
    )


def test_permissions_are_those_of_the_file_or_of_its_neighbour(write):
    folder = write()
    (folder / "dataset.toml").chmod(0o664)
    decide(folder)
    assert (folder / "verdicts.csv").stat().st_mode & 0o777 == 0o664
    (folder / "verdicts.csv").chmod(0o640)
    decide(folder, note="again")
    assert (folder / "verdicts.csv").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(
    "old", [HEAD, HEAD + "i0,c0,lead,,x\n", HEAD.replace("\n", "\r\n"), "team," + HEAD + "a,i0,c0,,,x\n"]
)
def test_what_was_added_last_can_be_taken_back(write, old):
    folder = write(verdicts__csv=old)
    path = folder / "verdicts.csv"
    path.write_bytes(old.encode())
    verdicts_csv.append(path, ROW, like=folder / "dataset.toml")
    verdicts_csv.take_back(path, ROW, like=folder / "dataset.toml")
    assert stored(folder) == old.encode()


def test_nothing_is_taken_back_once_others_have_decided(write):
    folder = write()
    first = decide(folder)
    decide(folder, "i2", "none")
    before = stored(folder)
    with pytest.raises(AftershockError, match=r"the verdict on i1 is not the last row of verdicts\.csv any more"):
        verdicts.undo(load(folder), first)
    assert stored(folder) == before
