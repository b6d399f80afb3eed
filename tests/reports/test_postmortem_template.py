"""A write-up that is begun: what the logs know is in it, and it reads back as not written yet."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import CHANGES, INCIDENTS

from aftershock import attribute, load
from aftershock.dataset.writeups import read_writeup
from aftershock.reports.postmortem_template import QUESTIONS, template


@pytest.fixture
def folder(write) -> Path:
    hostile = INCIDENTS.replace("Payments fail", "Pay [now](http://evil) <b>| x")
    return write(incidents=hostile, changes=CHANGES.replace("Add a column", "Revert of c1"))


def test_every_section_has_its_questions_and_what_the_logs_know(folder):
    text = template(attribute(load(folder)), "i1")
    headings = [line[3:].lower() for line in text.splitlines() if line.startswith("## ")]
    assert headings == list(QUESTIONS) and text.count("<!--") == len(QUESTIONS) + 1
    assert "Raise the payments limit (c1), 30 min before: " in text and "- No recorded change: " in text
    assert "| 10 Jan 2024, 11:30 UTC | Change: Raise the payments limit |" in text
    assert "](http" not in text and "<b>" not in text and "# Pay \\[now\\]" in text


def test_what_was_begun_is_not_taken_for_written(folder):
    path = folder / "postmortems" / "i1.md"
    path.parent.mkdir()
    path.write_text(template(attribute(load(folder)), "i1"), encoding="utf-8")
    writeup = read_writeup(path, folder)
    empty = {"detection", "response", "narrative", "what went well", "what went badly", "where we were lucky"}
    assert {name for name, text in writeup.sections.items() if name and not text} == empty
    assert writeup.actions.empty and not writeup.notes
