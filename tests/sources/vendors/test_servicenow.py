"""Incidents of ServiceNow: ends, states and references in what is stored and in what is shown."""

from __future__ import annotations

import pytest

STORED = {
    "number": "INC1",
    "short_description": "Down",
    "opened_at": "2024-01-10 12:00:00",
    "state": "7",
    "priority": "1",
    "sys_id": "abc",
}


def rows(raw) -> list[dict]:
    return raw.frame.to_dict("records")


def test_stored_times_are_in_utc_and_shown_ones_in_no_zone(read):
    (stored,) = rows(read("servicenow", STORED, table="incidents"))
    assert (stored["started_at"], stored["severity"]) == ("2024-01-10 12:00:00Z", "1 - Critical")
    shown = STORED | {"state": "Closed", "priority": "1 - Critical"}
    assert rows(read("servicenow", shown, table="incidents"))[0]["started_at"] == "2024-01-10 12:00:00"


@pytest.mark.parametrize(
    ("more", "ended"),
    [
        ({"resolved_at": "2024-01-10 13:00:00", "closed_at": "2024-01-12 13:00:00"}, "2024-01-10 13:00:00Z"),
        ({"closed_at": "2024-01-12 13:00:00", "calendar_duration": "90"}, "2024-01-12 13:00:00Z"),
        ({"calendar_duration": "90"}, "2024-01-10T12:01:30+00:00"),
        ({"calendar_duration": "0"}, ""),
        ({"calendar_duration": "90 Minutes"}, ""),
        ({"closed_at": "2024-01-12 13:00:00", "state": "2"}, "2024-01-12 13:00:00Z"),
        ({"closed_at": "2024-01-12 13:00:00", "state": "2", "active": "true"}, ""),
    ],
)
def test_an_end_is_the_resolution_else_the_closing_else_a_length_of_one_that_is_over(read, more, ended):
    (row,) = rows(read("servicenow", STORED | more, table="incidents"))
    assert row.get("resolved_at", "") == ended


def test_one_on_hold_is_open_and_one_that_was_canceled_no_row(read):
    raw = read("servicenow", STORED | {"state": "3"}, STORED | {"number": "INC2", "state": "8"}, table="incidents")
    assert [row["status"] for row in rows(raw)] == ["open"]
    assert [one.into for one in raw.folded] == ["no row: INC2 was canceled"]


def test_what_is_closed_is_closed_whatever_a_number_of_another_table_would_say_here(read):
    other = STORED | {"number": "SIR7", "state": "3"}
    closed, active, unsaid = rows(
        read(
            "servicenow",
            other | {"active": "false", "closed_at": "2024-01-12 13:00:00"},
            other | {"number": "SIR8", "active": "true"},
            other | {"number": "SIR9", "state": "8"},
            table="incidents",
        )
    )
    assert (closed["status"], closed["resolved_at"]) == ("Closed", "2024-01-12 13:00:00Z")
    assert (active["status"], unsaid["status"]) == ("open", "8")


def test_a_closing_that_is_not_the_end_is_named(read):
    held = STORED | {"state": "In Progress", "closed_at": "2024-01-12 13:00:00"}
    raw = read("servicenow", held, STORED | {"number": "INC2", "closed_at": "2024-01-12 13:00:00"}, table="incidents")
    assert ["closed_at" in one for one in raw.extras] == [True, False]


def test_a_parent_is_named_by_the_number_that_people_use(read):
    child = STORED | {"number": "INC2", "sys_id": "def", "parent_incident": {"value": "abc", "link": "https://x"}}
    assert rows(read("servicenow", STORED, child, table="incidents"))[1]["duplicate_of"] == "INC1"


def test_a_change_that_fixes_it_is_no_cause(read):
    (row,) = rows(read("servicenow", STORED | {"rfc": "CHG9"}, table="incidents"))
    assert not row.get("caused_by") and not row.get("caused_by_source")
    (row,) = rows(read("servicenow", STORED | {"caused_by": "CHG1"}, table="incidents"))
    assert row["caused_by"] in ("CHG1", ["CHG1"]) and row["caused_by_source"] == "Caused by Change, in ServiceNow"


def test_service_and_item_are_services_once(read):
    (row,) = rows(read("servicenow", STORED | {"business_service": "shop", "cmdb_ci": "db-1"}, table="incidents"))
    assert row["services"] == ["shop", "db-1"]
    (row,) = rows(read("servicenow", STORED | {"business_service": "shop", "cmdb_ci": "shop"}, table="incidents"))
    assert row["services"] == ["shop"]
