"""Jira's issues, as the API and as the table have them."""

from __future__ import annotations

import csv

import pytest

from aftershock import sources


def issue(**fields: object) -> dict:
    plain = {"summary": "Down", "created": "2024-01-10T12:00:00.000+0000", "status": {"name": "Closed"}}
    return {"key": "OPS-1", "self": "https://x.example/jira/rest/api/3/issue/1", "fields": plain | fields}


@pytest.fixture
def table(tmp_path):
    """Reads rows of a table under these heads."""

    def read(heads: list[str], *rows: list[str]) -> list[dict]:
        path = tmp_path / "issues.csv"
        with path.open("w", newline="") as file:
            csv.writer(file).writerows([heads, *rows])
        return sources.read([path], "jira", sources.Options(table="incidents")).frame.to_dict("records")

    return read


def first(raw) -> dict:
    return raw.frame.to_dict("records")[0]


def test_an_end_is_that_of_the_resolution_else_of_the_last_change_to_its_status(read):
    done = {"name": "Done", "statusCategory": {"key": "done"}}
    resolved = first(read("jira", issue(status=done, resolutiondate="2024-01-10T13:00:00.000+0000"), table="incidents"))
    assert resolved["resolved_at"] == "2024-01-10T13:00:00.000+0000" and resolved["status"] == "resolved"
    moved = {
        **issue(status=done),
        "changelog": {
            "histories": [
                {"created": f"2024-01-10T{at}:00.000+0000", "items": [{"field": field, "toString": to}]}
                for at, field, to in (
                    ("14:00", "status", "Done"),
                    ("15:00", "status", "Open"),
                    ("16:00", "status", "Done"),
                    ("17:00", "resolution", "Done"),
                )
            ]
        },
    }
    assert first(read("jira", moved, table="incidents"))["resolved_at"] == "2024-01-10T16:00:00.000+0000"
    open_one = issue(status={"name": "Doing", "statusCategory": {"key": "indeterminate"}})
    assert first(read("jira", open_one, table="incidents"))["status"] == "open"


def test_a_link_is_a_cause_only_where_it_leads_to_a_change(read):
    def link(words: str, key: str, kind: str) -> dict:
        return {"type": {"inward": words}, "inwardIssue": {"key": key, "fields": {"issuetype": {"name": kind}}}}

    links = [link("is caused by", "CHG-1", "Change request"), link("is caused by", "BUG-1", "Bug")]
    twin = {"type": {"outward": "Duplicates", "inward": "is duplicated by"}, "outwardIssue": {"key": "OPS-0"}}
    row = first(read("jira", issue(issuelinks=[*links, twin]), table="incidents"))
    assert row["caused_by"] == ["CHG-1"] and row["caused_by_source"] == "a link in Jira"
    assert row["duplicate_of"] == "OPS-0"
    bare = first(read("jira", issue(issuelinks=links[1:]), table="incidents"))
    assert not bare.get("caused_by") and not bare.get("caused_by_source")


def test_the_address_is_that_of_the_page(read):
    assert first(read("jira", issue(), table="incidents"))["url"] == "https://x.example/jira/browse/OPS-1"


def test_columns_that_repeat_are_one_list(table):
    (row,) = table(
        ["Issue key", "Summary", "Created", "Components", "Components", "Components"],
        ["OPS-1", "Down", "17/Jan/24 12:34 PM", "web", "", "db"],
    )
    assert row["services"] == ["web", "db"] and row["started_at"].startswith("2024-01-17T12:34")


def test_columns_that_repeat_are_nothing_to_note(tmp_path):
    path = tmp_path / "issues.csv"
    path.write_text("Issue key,Summary,Created,Labels,Labels\nOPS-1,Down,17/Jan/24 12:34 PM,a,b\n")
    assert not sources.read([path], "jira", sources.Options(table="incidents")).notes


@pytest.mark.parametrize(
    ("head", "column"),
    [
        ("Custom field (Incident start time)", "started_at"),
        ("Custom field (Actual outage began at)", "started_at"),
        ("Custom field (Start date/time of the impact)", "started_at"),
        ("Custom field (Outage ended)", "resolved_at"),
        ("Custom field (Affected services)", "services"),
        ("Affected services", "services"),
        ("Custom field (Start of sprint)", None),
        ("Custom field (Incident commander)", None),
    ],
)
def test_fields_that_a_company_made_count_before_jira_s_own(table, head, column):
    value = "web" if column == "services" else "11/Jan/24 9:00 AM"
    heads, row = ["Issue key", "Summary", "Created", head], ["OPS-1", "Down", "17/Jan/24 12:34 PM", value]
    (read,) = table(heads, row)
    own = {"started_at": "2024-01-17T12:34", "resolved_at": "", "services": ""}
    for name, usual in own.items():
        found = read.get(name, "")
        found = found[0] if isinstance(found, list) and found else found or ""
        wanted = usual if name != column else "web" if name == "services" else "2024-01-11T09:00"
        assert found[:16] == wanted, name
