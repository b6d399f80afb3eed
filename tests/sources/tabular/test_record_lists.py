"""What lists inside a record say of the record."""

from __future__ import annotations

import json

import pytest

from aftershock.sources import Options
from aftershock.sources.tabular import json_records, record_lists

FIRST, LAST = "2024-03-05T10:00:00Z", "2024-03-05T11:30:00Z"


@pytest.mark.parametrize(
    "updates",
    [
        [
            {"status": "resolved", "date": LAST, "content": "Over"},
            {"status": "investigating", "date": FIRST, "content": "We look"},
        ],
        {"resolved": {"date": LAST, "content": "Over"}, "investigating": {"date": FIRST, "content": "We look"}},
    ],
)
def test_a_record_without_a_time_began_with_its_first_update(tmp_path, updates):
    record = {"name": "2024-03-05 No mail", "impact": "major", "updates": updates}
    said = record_lists.moments(record)
    assert (said["updates.started_at"], said["updates.resolved"]) == (FIRST, LAST)
    assert record_lists.updates(record | {"started": FIRST}) == {}
    path = tmp_path / "incident.json"
    path.write_text(json.dumps(record))
    frame = json_records.read([path], Options(table="incidents")).frame
    assert len(frame) == 1 and frame["name"].tolist() == ["2024-03-05 No mail"], "the record, not its updates"


def test_values_under_their_names_and_the_edges_of_impacts():
    record = {
        "customFields": [{"name": "Severity", "value": "High"}, {"name": "Team", "value": {"name": "Mail"}}],
        "impacts": [{"startTime": LAST, "endTime": LAST}, {"startTime": FIRST, "endTime": LAST}],
    }
    assert dict(record_lists.values(record)) == {
        "customFields.Severity": "High", "customFields.Team": "Mail", "impacts.startTime": FIRST, "impacts.endTime": LAST,
    }  # fmt: skip


def test_what_was_opened_again_has_not_ended():
    steps = [("investigating", "09:00"), ("resolved", "10:00"), ("reopened", "11:00")]
    listed = [{"state": state, "at": f"2024-03-05T{clock}:00Z"} for state, clock in steps]
    assert record_lists.moments({"id": "a", "timeline": listed})["timeline.resolved"] == ""
    closed = [*listed, {"state": "resolved", "at": LAST}, {"state": "acknowledged", "at": "2024-03-06T09:00:00Z"}]
    assert record_lists.moments({"id": "a", "timeline": closed})["timeline.resolved"] == LAST


def test_tags_are_values_under_their_names():
    tags = ["env:prod", "service:shop", "urgent", "https://wiki.example/a", "version=1.2"]
    found = dict(record_lists.values({"id": 1, "tags": tags, "notes": ["cause:disk"]}))
    assert found == {"tags.env": "prod", "tags.service": "shop", "tags.version": "1.2"}


def test_words_come_before_numbers_of_a_state():
    steps = [{"status": 1, "human_status": "Investigating", "created_at": FIRST}]
    steps += [{"status": 4, "human_status": "Fixed", "created_at": LAST}]
    assert record_lists.moments({"id": 7, "updates": steps, "occurred_at": FIRST})["updates.Fixed"] == LAST


def test_when_an_event_was_has_many_names():
    steps = [{"type": "closed", "ts": FIRST}, {"type": "closed", "ts": LAST}]
    assert record_lists.moments({"id": 7, "opened_at": FIRST, "events": steps})["events.closed"] == LAST


def test_links_lead_to_what_they_are_called_after():
    links = {
        "self": {"href": "/api/deployments/7"},
        "application": {"href": "https://x.example/api/applications/shop?page=1"},
    }
    found = dict(record_lists.values({"id": 7, "_links": links, "Links": {"Environment": "/api/environments/prod"}}))
    assert found == {"_links.application": "shop", "Links.Environment": "prod"}
