"""Write-ups: what could not be read, and wording that may be read as blame."""

from __future__ import annotations

import pytest
from flawed_logs import checks

from aftershock import load


def found_in(write, text: str, name: str = "i1"):
    folder = write()
    (folder / "postmortems").mkdir(exist_ok=True)
    (folder / "postmortems" / f"{name}.md").write_text(text, encoding="utf-8")
    return checks(load(folder))


@pytest.mark.parametrize(
    "line",
    [
        "The root cause was human error.",
        "The engineer should have checked the dashboard.",
        "The on-call engineer simply forgot to page.",
        "It was his mistake.",
        "The operator’s error made it worse.",
        "The developer was clearly at fault.",
        "A careless change.",
        "They should have known better.",
        "Ursache war menschliches Versagen.",
        "A disciplinary talk is planned.",
    ],
)
def test_words_that_blame_are_pointed_at_with_their_line(write, line):
    found = found_in(write, f"# t\n\n{line}\n")["blaming_words"]
    assert found.rows[["file", "line", "id"]].to_numpy().tolist() == [["postmortems/i1.md", 3, "i1"]]
    assert found.title == "1 place in 1 write-up may be read as blaming somebody"
    assert found.impact is None and "Ask how, not who" in found.fix


@pytest.mark.parametrize(
    "line",
    [
        "The request failed to reach the pool.",
        "The message blamed the reader's plan.",
        "The retry should have had a limit.",
        "A blameless review. The alert fired; nobody is to blame.",
        "The status page said “human error”, which we doubt.",
        "> human error",
        "`human error` is a label here",
        "The cache was to blame.",
        "Error handling was missing; the team rolled back.",
    ],
)
def test_things_may_fail_and_quotations_stay(write, line):
    assert "blaming_words" not in found_in(write, f"{line}\n\n```\nhuman error\n```\n<!-- human error -->\n")


def test_several_places_of_one_line_are_counted(write):
    found = found_in(write, "Human error: the engineer failed to test.\n")["blaming_words"]
    assert found.title == "2 places in 1 write-up may be read as blaming somebody"
    assert found.rows["what"].tolist() == [
        "“Human error”: ends the question",
        "“Engineer failed to”: says what was not done",
    ]


def test_what_could_not_be_read_is_a_finding(write):
    head = "| action | due |\n|---|---|\n| a | soon |\n"
    found = found_in(write, head)["unread_writeups"]
    assert found.title == "1 place in write-ups could not be read"
    assert found.rows.to_numpy().tolist() == [["postmortems/i1.md", 3, "", "'soon'; expected a day as YYYY-MM-DD"]]
    assert "the id of an incident" in found_in(write, "text", "stray")["unread_writeups"].rows["what"].iloc[-1]


def test_shipped_write_ups_blame_nobody(twitter, demo):
    for dataset in (twitter, demo):
        assert not {"blaming_words", "unread_writeups"} & set(checks(dataset))
