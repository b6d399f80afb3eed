"""Lines of a page that name what they say are its values, or those of its sections."""

from __future__ import annotations

import pytest

from aftershock.sources.tabular import bold_fields, dated_headings, front_matter

PAGE = """# The till stood still

**Date of incident**: 7th March, 2024.
**Status:** Complete
- **Impact**: No sales for two hours

## Lessons

**Luck**: It was night.
"""


def test_the_first_lines_of_a_page_are_its_values(tmp_path):
    found = {"Date of incident": "7th March, 2024", "Status": "Complete", "Impact": "No sales for two hours"}
    assert bold_fields.fields(PAGE) == found
    (_, record), *_ = front_matter.of_text(tmp_path / "page.md", PAGE)
    assert (record["title"], record["Status"]) == ("The till stood still", "Complete")


@pytest.mark.parametrize(
    "text",
    [
        "**Note**: in 2024 it rained.\n",
        "**A**: 1\n\n**B**: 2\n\n**C**: 3\n",
        PAGE + "\n**Status:** Another\n",
        "Words **of**: weight, 2024.\n",
    ],
)
def test_a_few_bold_words_or_those_of_several_things_are_no_values_of_a_page(text):
    assert bold_fields.fields(text) == {}


LOG = """# Incidents

How we write them.

## Search failed

**Date:** 2024-03-05 10:00
**Severity:** SEV2

It was the index.

### What we learned

**Luck:** none

## Shop was slow

**Date:** 2024-04-06 11:00
**Severity:** SEV3
"""


def test_sections_with_such_lines_are_rows():
    (names, rows), *_ = bold_fields.tables(LOG)
    assert names == ("title", "body", "Date", "Severity")
    told = [(line, row["title"], row["Date"], row["Severity"]) for line, row in rows]
    assert told == [(5, "Search failed", "2024-03-05 10:00", "SEV2"), (16, "Shop was slow", "2024-04-06 11:00", "SEV3")]
    assert bold_fields.tables("## One\n\n**Date:** 2024-03-05\n**Severity:** 1\n\n## Two\n\nText.\n") == []


def test_several_may_stand_on_a_line():
    line = "**Date:** 2026-04-13 · **Severity:** S2 **Duration**: ~45 min\n"
    assert bold_fields.fields(line) == {"Date": "2026-04-13", "Severity": "S2", "Duration": "~45 min"}


def test_dated_sections_have_their_lines_as_columns():
    text = "## 2024-03-05: Search\n\n**Severity:** 2\n**Length:** 1 h\n\n## 2024-04-06: Shop\n\n**Severity:** 3\n**Length:** 2 h\n"
    (names, rows), *_ = dated_headings.records(text)
    assert names == ("date", "title", "body", "Severity", "Length")
    assert [row["Severity"] for _, row in rows] == ["2", "3"]


def test_plain_lines_one_below_the_other_are_values_too():
    page = (
        "# The till stood still\n\nDate: 7 March 2024\nSeverity: SEV2\n- Owner: sales\n\n## Lessons\n\nWe: learned.\n"
    )
    assert bold_fields.fields(page) == {"Date": "7 March 2024", "Severity": "SEV2", "Owner": "sales"}
    assert bold_fields.fields("# Tills\n\nNote: in 2024 it rained.\n\nNow: it is dry.\n") == {}
    sections = "# Log\n\n## Incident 1: Till\n\n- Date: 2024-03-05\n- Severity: SEV2\n\n## Incident 2: Mail\n\n- Date: 2024-04-05\n- Severity: SEV3\n"
    ((names, rows),) = dated_headings.records(sections)
    assert names == ("id", "title", "body", "Date", "Severity")
    assert [(row["id"], row["title"], row["Date"]) for _, row in rows] == [
        ("Incident 1", "Till", "2024-03-05"),
        ("Incident 2", "Mail", "2024-04-05"),
    ]


def test_lines_of_a_program_inside_a_page_are_no_values_of_it():
    page = "# Mail is down\n\nIt was found so:\n\nLoaded: loaded\nActive: failed 2024-03-05\nProcess: 12\n"
    assert bold_fields.fields(page) == {}
