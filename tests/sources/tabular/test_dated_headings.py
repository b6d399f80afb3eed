"""Sections under dated headings are records; other headings are parts of them."""

from __future__ import annotations

import pytest

from aftershock import sources
from aftershock.sources.file_head import read_head
from aftershock.sources.tabular import dated_headings
from aftershock.wizard.create import create_dataset

CHANGELOG = """# Changelog

## [Unreleased]
- later

## [3.1.0](https://x.example/3.1.0) - 2024-05-06
### Fixed
- totals 3.0 of 2024-01-01

### 3.0.1 (May 2nd, 2024)
* rounding

3.0.0 / 2024-04-30 14:05
------------------------
First.
"""
LOG = "# Log\n\n## 2024-05-06: Till down (SEV2)\n\nIt was.\n\n## 7 May 2024 – Slow\n"


def test_the_sections_of_a_changelog_are_releases():
    [(names, rows)] = dated_headings.tables(CHANGELOG)
    assert names == dated_headings.COLUMNS
    assert [(line, *row.values()) for line, row in rows] == [
        (6, "3.1.0", "2024-05-06", "### Fixed\n- totals 3.0 of 2024-01-01"),
        (10, "3.0.1", "May 2, 2024", "* rounding"),
        (13, "3.0.0", "2024-04-30 14:05", "First."),
    ]


def test_versions_without_a_date_have_no_start():
    [(_, rows)] = dated_headings.tables(CHANGELOG + "\n## 2.9.0\n\nOld.\n")
    assert rows[-1][1] == {"release": "2.9.0", "released": "", "body": "Old."}


def test_days_have_what_else_the_heading_says():
    [(names, rows)] = dated_headings.tables(LOG)
    assert names == dated_headings.OF_DAYS
    assert [list(row.values()) for _, row in rows] == [
        ["2024-05-06", "Till down (SEV2)", "It was."],
        ["7 May 2024", "Slow", ""],
    ]


@pytest.mark.parametrize(
    "text",
    [
        "# Postmortem\n## Summary\n## Timeline\n### 2024-05-06 10:00 Seen\n### 2024-05-06 11:00 Mended\n## Lessons\n",
        "# Notes\n## 2024-05-06\n## What\n## Why\n## 2024-05-07\n",
        "# Versions\n## 1.0.0\n## 1.1.0 (2024-05-06)\n## 1.2.0\n## 1.3.0\n## 1.4.0 (2024-05-07)\n",
        "## 2024-05-06 only one\n",
    ],
)
def test_a_page_with_few_dated_headings_is_no_log(text):
    assert dated_headings.tables(text) == []


def test_tables_come_first_unless_there_are_more_sections(tmp_path):
    table = "\n| date | what |\n|---|---|\n" + "| 2024-05-06 | x |\n" * 3
    assert dated_headings.records(LOG + table)[0][0] == ("date", "what")
    assert (
        dated_headings.records(CHANGELOG + table.replace("| 2024-05-06 | x |\n" * 3, "| a | b |\n"))[0][0][0]
        == "release"
    )
    path = tmp_path / "log.md"
    path.write_text(LOG, encoding="utf-8")
    assert read_head(path).columns == set(dated_headings.OF_DAYS)
    assert sources.read([path], "markdown", sources.Options(table="incidents")).lines.tolist() == [3, 7]


def test_a_changelog_next_to_incidents_is_the_log_of_changes(tmp_path):
    (tmp_path / "CHANGELOG.md").write_text(CHANGELOG, encoding="utf-8")
    (tmp_path / "incidents.csv").write_text("incident_id,started_at\ni1,2024-05-03T10:00:00Z\n", encoding="utf-8")
    found = create_dataset(tmp_path, []).dataset.changes
    assert found["change_id"].tolist() == ["3.0.0", "3.0.1", "3.1.0"] and set(found["kind"]) == {"deploy"}


def test_fields_above_the_sections_are_no_record(tmp_path):
    path = tmp_path / "log.md"
    path.write_text(
        LOG.replace("# Log\n", "# Log\n\n**Owner**: Ops\n**Updated**: 2024-06-01\n**Status**: kept\n"), encoding="utf-8"
    )
    assert read_head(path).columns == set(dated_headings.OF_DAYS)


def test_one_dated_section_of_a_page_of_incidents_is_one_whatever_tables_are_in_it():
    inside = "\n### Load\n\n| | 03:24 | 09:16 |\n|---|---|---|\n| Disk | 0.1 | 251 |\n| CPU | 7 | 99 |\n"
    ((names, rows),) = dated_headings.records(f"# Incidents\n\n## 2024-05-06 – Till down\n\nIt was.\n{inside}")
    assert names == dated_headings.OF_DAYS and [row["title"] for _, row in rows] == ["Till down"]
    ((names, rows),) = dated_headings.records(f"# Tills\n\n## 2024-05-06 – Till down\n\nIt was.\n{inside}")
    assert len(rows) == 2 and names == ("", "03:24", "09:16")


def test_ids_that_all_headings_begin_with_are_a_column():
    pages = "# Log\n\n## INC-7: Till down (2024-05-06)\n\nIt was.\n\n## INC-8 – Slow (2024-05-07)\n\nSo.\n"
    ((names, rows),) = dated_headings.records(pages)
    assert [(row["id"], row["date"], row["title"]) for _, row in rows] == [
        ("INC-7", "2024-05-06", "Till down"),
        ("INC-8", "2024-05-07", "Slow"),
    ]
    ((names, _),) = dated_headings.records(pages.replace("INC-8", "INC-7"))
    assert "id" not in names
