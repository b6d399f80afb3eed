"""PagerDuty from a fake server: months, offsets, and windows that hold too much."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from fake_services import (
    SECRET,
    PagerDuty,
    ids,
    incident,
    many,
    pages,
    serving,
)

from aftershock.sources.fetching import client, pagerduty


def test_pagerduty_is_read_by_months_and_offsets(fetch, tmp_path):
    service = PagerDuty(
        [*many(250), incident(900, "2025-02-03T00:00:00Z")], [{"id": "C1", "timestamp": "2025-03-01T00:00:00Z"}]
    )
    with serving(service) as server:
        found = fetch(pagerduty.vendor(server.url, ()))
    asked = [(a.path, a.query["since"][:10], a.query["until"][:10], a.query["offset"]) for a in server.asked]
    january = [("/incidents", "2025-01-01", "2025-02-01", str(o)) for o in (0, 100, 200)]
    rest = [("/incidents", "2025-02-01", "2025-03-01", "0"), ("/incidents", "2025-03-01", "2025-04-01", "0")]
    changes = [("/change_events", f"2025-0{m}-01", f"2025-0{m + 1}-01", "0") for m in (1, 2, 3)]
    assert asked == january + rest + changes
    assert server.asked[0].headers["Authorization"] == f"Token token={SECRET}"
    assert [p.name for p in pages(tmp_path / "raw" / "incidents")][:4] == [
        "20250101T000000Z-00001.json",
        "20250101T000000Z-00002.json",
        "20250101T000000Z-00003.json",
        "20250201T000000Z-00001.json",
    ]
    assert ids(tmp_path / "raw" / "incidents", "incidents") == [f"P{n}" for n in (*range(250), 900)]
    assert [(f.resource.name, f.records, f.pages) for f in found] == [("incidents", 251, 5), ("change_events", 1, 3)]
    assert not (tmp_path / "raw" / ".fetching").exists()


def test_a_month_beyond_the_cap_is_cut_in_two(fetch, tmp_path, monkeypatch):
    monkeypatch.setattr(pagerduty, "MOST_RECORDS", 300)
    with serving(PagerDuty(sorted(many(700), key=lambda r: r["created_at"]), cap=300)) as server:
        fetch(pagerduty.vendor(server.url, ("incidents",)), until=datetime(2025, 1, 31, tzinfo=UTC))
        assert max(int(a.query["offset"]) for a in server.asked) <= 200
        assert sorted(ids(tmp_path / "raw" / "incidents", "incidents")) == sorted(f"P{n}" for n in range(700))
        before = len(server.asked)
        fetch(pagerduty.vendor(server.url, ("incidents",)), until=datetime(2025, 1, 31, tzinfo=UTC))
        assert len(server.asked) == before  # the cuts are remembered, and all is settled


def test_a_second_that_holds_too_much_is_an_error(fetch, monkeypatch):
    monkeypatch.setattr(pagerduty, "MOST_RECORDS", 200)
    same = [incident(n, "2025-01-01T00:00:00Z") for n in range(500)]
    with (
        serving(PagerDuty(same, cap=200)) as server,
        pytest.raises(client.FetchError, match="more records within the second of 2025-01-01T00:00:00Z"),
    ):
        fetch(pagerduty.vendor(server.url, ("incidents",)))
