"""Markdown with front matter: values in YAML or TOML, then the text; what is broken is said with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from aftershock.schema.errors import Problem
from aftershock.sources.tabular import front_matter

PATH = Path("x.md")


def record(text: str) -> object:
    ((line, value),) = front_matter.of_text(PATH, text)
    assert line == 1
    return value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("---\na: 1\n---\nWords.\n", {"a": "1", "body": "Words."}),
        ("\n\n---  \r\na: 1\r\n---\r\nWords.\r\n\r\nMore.", {"a": "1", "body": "Words.\r\n\r\nMore."}),
        (
            "+++\na = 1\nd = 2024-01-10\n[t]\nx = [08:30:00]\n+++\nWords.",
            {"a": 1, "d": "2024-01-10", "t": {"x": ["08:30:00"]}, "body": "Words."},
        ),
        ("Only words.\n", {"body": "Only words."}),
        (
            "Title: Till down: all\r\nDate: 2024-01-10 08:30\r\nTags:\r\nEnd Time: 9:00\r\n\r\nWords.\n",
            {"Title": "Till down: all", "Date": "2024-01-10 08:30", "End Time": "9:00", "body": "Words."},
        ),
        ("Note: the till\nSee: below\n\nWords.", {"body": "Note: the till\nSee: below\n\nWords."}),
        ("---\n---\nWords.", {"body": "Words."}),
        ("---\n# a comment\n---\nWords.", {"body": "Words."}),
        ("---\na: 1\nnever closed", {"body": "---\na: 1\nnever closed"}),
        ("---\na: 1\n+++\nb: 2\n---\n", None),
        ("Words.\n---\na: 1\n---\n", {"body": "Words.\n---\na: 1\n---"}),
        ("---\nbody: in front\n---\nbelow", {"body": "below"}),
        ("", {"body": ""}),
        (
            "# Till down #\n\n| Field | Value |\n|--|--|\n| **Start**: | 2024-01-10 |\n| Start | later |\n\n| Time | Event |\n|--|--|\n",
            {
                "title": "Till down",
                "Start": "2024-01-10",
                "body": "# Till down #\n\n| Field | Value |\n|--|--|\n| **Start**: | 2024-01-10 |\n| Start | later |\n\n"
                "| Time | Event |\n|--|--|",
            },
        ),
    ],
)
def test_a_file_is_a_record_with_its_text_as_the_body(text, value):
    found = record(text) if value is not None else next(iter(front_matter.of_text(PATH, text)))[1]
    assert isinstance(found, Problem) if value is None else found == value


def test_broken_front_matter_is_said_with_its_line():
    ((_, problem),) = front_matter.of_text(PATH, "---\na: 1\nb: {\n---\nWords.")
    assert isinstance(problem, Problem) and (problem.file, problem.line) == ("x.md", 4)
    ((line, problem),) = front_matter.of_text(PATH, "+++\na = \n+++\nWords.")
    assert isinstance(problem, Problem) and (line, problem.expected) == (1, "TOML between +++")


def test_front_matter_that_is_no_table_is_handed_on_as_it_is():
    assert record("---\n- a\n- b\n---\nWords.") == ["a", "b"]


def test_a_file_is_read_in_its_encoding(tmp_path):
    path = tmp_path / "x.md"
    path.write_bytes("---\ntitle: Lösung\n---\nÜbertragung".encode("cp1252"))
    assert list(front_matter.documents(path)) == [(1, {"title": "Lösung", "body": "Übertragung"})]
