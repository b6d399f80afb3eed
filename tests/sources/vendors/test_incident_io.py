"""incident.io's incidents: times under names that each organisation chooses, and what counts as an incident."""

from __future__ import annotations

import pytest


def incident(times: dict[str, str] | None = None, category: str = "closed", **more: object) -> dict:
    values = [
        {"incident_timestamp": {"name": name}, "value": {"value": f"2024-01-10T{at}:00Z"} if at else None}
        for name, at in (times or {}).items()
    ]
    return {
        "reference": "INC-1",
        "name": "Down",
        "created_at": "2024-01-10T12:30:00Z",
        "incident_status": {"category": category},
        "incident_timestamp_values": values,
        **more,
    }


def row(read, *args: object, **more: object) -> dict:
    return read("incident-io", incident(*args, **more), table="incidents").frame.to_dict("records")[0]


def test_the_best_name_for_a_beginning_counts_and_one_without_a_value_is_passed_over(read):
    times = {"Reported at": "12:20", "Started": "12:10", "Impact began": "12:00", "Incident start": ""}
    found = row(read, times)
    assert found["started_at"] == "2024-01-10T12:00:00Z"
    assert found["detected_at"] == "2024-01-10T12:20:00Z", "which is when it was reported, where nobody says more"
    assert row(read, {"Reported at": "12:20"})["started_at"] == "2024-01-10T12:20:00Z"
    assert row(read)["started_at"] == "2024-01-10T12:30:00Z"


def test_the_other_times_are_known_by_their_words(read):
    found = row(read, {"Detected": "12:05", "Impact ended": "12:40", "Stabilised": "12:45", "Closed at": "13:00"})
    assert [found[f"{n}_at"][11:16] for n in ("detected", "mitigated", "resolved")] == ["12:05", "12:45", "13:00"]


@pytest.mark.parametrize(
    ("category", "status"), [("triage", "open"), ("paused", "open"), ("learning", "resolved"), ("own", "own")]
)
def test_the_category_says_whether_it_is_over(read, category, status):
    assert row(read, None, category)["status"] == status


@pytest.mark.parametrize(
    ("category", "mode", "what"),
    [
        ("declined", "standard", "declined"),
        ("merged", "standard", "merged into another incident"),
        ("closed", "test", "a test"),
        ("closed", "stream", "a stream of another incident"),
    ],
)
def test_what_is_no_incident_says_why(read, category, mode, what):
    raw = read("incident-io", incident(None, category, mode=mode), table="incidents")
    assert raw.frame.empty and [one.into for one in raw.folded] == [f"no row: INC-1 is {what}"]


def test_custom_fields_are_columns_where_their_names_say_so_and_else_kept(read):
    fields = [
        {"custom_field": {"name": name}, "values": values}
        for name, values in (
            ("Affected services", [{"value_catalog_entry": {"name": "web"}}, {"value_option": {"value": "db"}}]),
            ("Environment", [{"value_text": "live"}]),
            ("Team", [{"value_text": "us"}]),
        )
    ]
    raw = read("incident-io", incident(custom_field_entries=fields), table="incidents")
    found = raw.frame.to_dict("records")[0]
    assert found["services"] == ["web", "db"] and found["environment"] in ("live", ["live"])
    assert "Team" in str(raw.extras[0] if raw.extras else found)
