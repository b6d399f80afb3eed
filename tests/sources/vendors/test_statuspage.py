"""Status pages: incidents with the end that counts, and maintenance as changes."""

from __future__ import annotations

import pytest

from aftershock import sources
from aftershock.sources.file_head import FileHead


def update(status: str, at: str, body: str = "") -> dict:
    return {"status": status, "created_at": f"2024-01-10T{at}:00Z", "body": body}


def entry(status: str = "resolved", *updates: dict, **more: object) -> dict:
    plain = {"id": "s1", "name": "Down", "created_at": "2024-01-10T12:00:00Z", "status": status, "impact": "major"}
    return plain | {"incident_updates": list(updates)} | more


def row(raw) -> dict:
    return raw.frame.to_dict("records")[0]


def test_one_that_was_reopened_ended_with_its_last_resolution(read):
    updates = [update("resolved", "15:00"), update("investigating", "14:00"), update("resolved", "13:00", "Fixed.")]
    found = row(read("statuspage", entry("resolved", *updates, resolved_at="2024-01-10T13:00:00Z"), table="incidents"))
    assert found["resolved_at"] == "2024-01-10T15:00:00Z"
    once = entry("resolved", updates[2], resolved_at="2024-01-10T13:01:00Z")
    assert row(read("statuspage", once, table="incidents"))["resolved_at"] == "2024-01-10T13:01:00Z"


def test_one_whose_status_is_no_end_is_open_whatever_its_end_says(read):
    found = row(read("statuspage", entry("monitoring", resolved_at="2024-01-10T13:00:00Z"), table="incidents"))
    assert found.get("resolved_at", "") == ""


def test_one_that_was_typed_in_afterwards_began_when_it_says_that_it_was_made(read):
    later = entry("resolved", started_at="2024-01-11T09:00:00Z", resolved_at="2024-01-10T13:00:00Z")
    assert row(read("statuspage", later, table="incidents"))["started_at"] == "2024-01-10T12:00:00Z"
    usual = entry("resolved", started_at="2024-01-10T11:50:00Z", resolved_at="2024-01-10T13:00:00Z")
    assert row(read("statuspage", usual, table="incidents"))["started_at"] == "2024-01-10T11:50:00Z"


def test_the_first_words_describe_it(read):
    found = row(
        read(
            "statuspage",
            entry("resolved", update("resolved", "13:00", "Over."), update("investigating", "12:00", "We look.")),
            table="incidents",
        )
    )
    assert found["description"] == "We look."


@pytest.mark.parametrize("more", [{"scheduled_for": "2024-01-10T11:00:00Z"}, {"impact": "maintenance"}])
def test_maintenance_is_a_change_and_no_incident(read, more):
    incidents = read("statuspage", entry(**more), table="incidents")
    assert incidents.frame.empty and [one.reason for one in incidents.folded] == ["other_table"]
    assert incidents.folded[0].into == "s1 is maintenance: a row under [changes], if that reads this file"
    changes = read("statuspage", entry(), entry("completed", id="s2", **more))
    assert changes.frame["change_id"].tolist() == ["s2"] and row(changes)["status"] == "done"
    assert changes.folded[0].into == "s1 is an incident: a row under [incidents], if that reads this file"


def test_the_times_of_maintenance_are_those_of_its_updates_else_the_planned_ones(read):
    plan = {"scheduled_for": "2024-01-10T11:00:00Z", "scheduled_until": "2024-01-10T13:00:00Z"}
    planned = row(read("statuspage", entry("scheduled", **plan)))
    assert [planned["started_at"], planned["finished_at"]] == list(plan.values())
    done = entry("completed", update("in_progress", "11:07"), update("completed", "12:40"), **plan)
    found = row(read("statuspage", done))
    assert (found["started_at"], found["finished_at"]) == ("2024-01-10T11:07:00Z", "2024-01-10T12:40:00Z")


def test_components_of_older_pages_are_no_rows_that_lack_what_incidents_have():
    component = {"id": "c", "name": "API", "status": "operational", "position": 1, "group_id": None, "page_id": "p"}
    work = entry("completed", shortlink="s", scheduled_for="2024-01-10T11:00:00Z")
    head = FileHead("summary.json", "json", [component] * 8 + [entry(shortlink="s"), work])
    assert sources.find("statuspage", "changes").recognises(head, "changes") > 0.9
