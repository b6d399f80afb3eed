"""Markdown without front matter: the rows of its tables are records, whatever else the file says."""

from __future__ import annotations

from pathlib import Path

import pytest

from aftershock import sources
from aftershock.sources.file_head import read_head

PAGE = """# Outages

Words | with a bar.

| Date | Summary | Service |
|---|:-:|---|
| 2024-03-01 | **Payments** failed, [report](https://x.example/1) | `checkout` |
| 2024-03-04 | a \\| b | search |

| Date | Summary | Service |
|---|---|---|
| 2024-04-09 | again |

| who | what |
|---|---|
| on call | phone |
"""


@pytest.fixture
def page(tmp_path) -> Path:
    path = tmp_path / "outages.md"
    path.write_text(PAGE, encoding="utf-8")
    return path


def test_tables_of_the_same_columns_are_one_and_others_are_folded(page):
    raw = sources.read([page], "markdown", sources.Options(table="incidents"))
    assert raw.frame.to_numpy().tolist() == [
        ["2024-03-01", "Payments failed, report", "checkout"],
        ["2024-03-04", "a | b", "search"],
        ["2024-04-09", "again", ""],
    ]
    assert raw.lines.tolist() == [7, 8, 12]
    assert [(one.line, one.into) for one in raw.folded] == [
        (16, "no row: of another table, with the columns who, what")
    ]
    assert raw.records == 4


def test_the_head_of_a_page_has_the_rows_of_its_longest_table(page):
    head = read_head(page)
    assert (head.kind, len(head.records), head.columns) == ("markdown", 3, {"Date", "Summary", "Service"})


def test_next_to_front_matter_a_table_is_no_record(page, tmp_path):
    other = tmp_path / "one.md"
    other.write_text("---\nid: i1\ndate: 2024-01-01\n---\ntext\n", encoding="utf-8")
    raw = sources.read([other, page], "markdown", sources.Options(table="incidents"))
    assert raw.frame["id"].tolist() == ["i1"]
    assert [one.into for one in raw.folded] == ["no row: outages.md has no front matter"]


def test_a_heading_that_a_page_begins_with_is_its_title_unless_front_matter_has_one(tmp_path):
    for name, front in (("a", "date: 2024-03-05"), ("b", "title: Own")):
        (tmp_path / f"{name}.md").write_text(f"---\n{front}\n---\n# Web is down\n\nWords.\n", encoding="utf-8")
    raw = sources.read([tmp_path / "a.md", tmp_path / "b.md"], "markdown", sources.Options(table="incidents"))
    assert raw.frame["title"].tolist() == ["Web is down", "Own"]
