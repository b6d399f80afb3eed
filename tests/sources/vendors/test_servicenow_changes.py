"""Change requests of ServiceNow: the times of the work, or those of the plan, and what became of them."""

from __future__ import annotations

import pytest

from aftershock.sources.file_head import FileHead
from aftershock.sources.registry import built_in

PLANNED = {
    "number": "CHG1",
    "short_description": "New disk",
    "start_date": "2024-01-10 12:00:00",
    "end_date": "2024-01-10 14:00:00",
    "state": "3",
    "type": "normal",
}
WORK = {"work_start": "2024-01-10 12:10:00"}


def rows(raw) -> list[dict]:
    return raw.frame.to_dict("records")


def test_the_times_of_work_and_plan_are_never_mixed_and_planned_ones_are_noted_once(read):
    raw = read("servicenow", PLANNED | WORK, PLANNED | {"number": "CHG2"}, PLANNED | {"number": "CHG3"})
    times = [(row["started_at"], row.get("finished_at", "")) for row in rows(raw)]
    planned = ("2024-01-10 12:00:00Z", "2024-01-10 14:00:00Z")
    assert times == [("2024-01-10 12:10:00Z", ""), planned, planned]
    assert [(n.reason, n.found) for n in raw.notes] == [("planned_time", "changes with planned times only: 2")]


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"state": "-2"}, "planned"),
        ({"state": "-2"} | WORK, "in progress"),
        ({"state": "-1"} | WORK, "in progress"),
        ({"state": "4"}, "cancelled"),
        ({"state": "4"} | WORK, "failed"),
        ({"state": "3", "close_code": "unsuccessful"} | WORK, "failed"),
        ({"state": "3", "close_code": "successful"} | WORK, "done"),
        ({"state": "-2", "close_code": "unsuccessful"}, "planned"),
        ({"state": "Waiting"}, "waiting"),
    ],
)
def test_what_became_of_a_change(read, more, status):
    (row,) = rows(read("servicenow", PLANNED | more))
    assert row["status"] == status


def test_names_that_others_give_the_fields_are_read(read):
    given = {"number": "CHG9", "short_description": "New disk", "state": "Closed", "sys_id": "a1", "service": "Till"}
    given |= {
        "planned_start_date": "2024-01-10 12:00:00",
        "actual_start": "2024-01-10 12:10:00",
        "change_type": "Emergency",
    }
    (row,) = rows(read("servicenow", given))
    assert [row[c] for c in ("started_at", "services", "emergency")] == ["2024-01-10 12:10:00", ["Till"], "yes"]
    head = FileHead("x.csv", "csv", [given])
    (known,) = (f.recognises(head, "changes") for f in built_in() if f.name == "servicenow" and "changes" in f.tables)
    assert known > 0.9


def test_one_that_was_planned_for_no_time_is_no_row(read):
    raw = read("servicenow", PLANNED, {"number": "CHG2", "state": "4"}, {"number": "CHG3", "state": "-5"})
    assert [row["change_id"] for row in rows(raw)] == ["CHG1"]
    assert [one.into for one in raw.folded] == [
        "no row: CHG2 is cancelled, for no time",
        "no row: CHG3 is planned, for no time",
    ]


@pytest.mark.parametrize(
    ("category", "kind"), [("Network", "infrastructure"), ("DevOps", "deploy"), ("database", "database"), ("Other", "")]
)
def test_the_kind_is_that_of_the_category(read, category, kind):
    (row,) = rows(read("servicenow", PLANNED | {"category": category, "type": "emergency"}))
    assert (row.get("kind", ""), row["emergency"]) == (kind, "yes")
