"""A fetch asks for what is missing only, goes on after an interruption, and leaves what is published alone until it is whole."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from fake_services import (
    FakeClock,
    PagerDuty,
    Reply,
    ids,
    incident,
    many,
    pages,
    serving,
)

from aftershock.sources.fetching import client, pagerduty


def test_a_repeated_fetch_asks_for_what_can_have_changed_only(fetch, tmp_path):
    service = PagerDuty([incident(1, "2025-01-05T00:00:00Z"), incident(2, "2025-02-05T00:00:00Z", "acknowledged")])
    vendor = ("incidents",)
    with serving(service) as server:
        fetch(pagerduty.vendor(server.url, vendor))
        service.incidents[1]["status"] = "resolved"
        service.incidents.append(incident(3, "2025-03-11T00:00:00Z"))
        server.asked.clear()
        later = FakeClock("2025-03-12T00:00:00+00:00")
        found = fetch(pagerduty.vendor(server.url, vendor), clock=later)
        assert [a.query["since"][:7] for a in server.asked] == ["2025-02", "2025-03"]
        assert ids(tmp_path / "raw" / "incidents", "incidents") == ["P1", "P2", "P3"]
        assert found[0].new_pages == 2
        texts = [p.read_text() for p in pages(tmp_path / "raw" / "incidents")]
        assert "acknowledged" not in "".join(texts)
        server.asked.clear()
        fetch(pagerduty.vendor(server.url, vendor), clock=later, again=True)
        assert len(server.asked) == 3


def test_another_period_keeps_the_months_that_it_does_not_touch(fetch, tmp_path):
    with serving(PagerDuty([incident(1, "2025-01-05T00:00:00Z"), incident(2, "2025-02-05T00:00:00Z")])) as server:
        fetch(pagerduty.vendor(server.url, ("incidents",)), until=datetime(2025, 1, 31, tzinfo=UTC))
        (tmp_path / "raw" / "incidents" / "notes.txt").write_text("mine")
        fetch(pagerduty.vendor(server.url, ("incidents",)), since=datetime(2025, 2, 10, tzinfo=UTC))
    assert ids(tmp_path / "raw" / "incidents", "incidents") == ["P1", "P2"]
    assert (tmp_path / "raw" / "incidents" / "notes.txt").read_text() == "mine"


def test_lasting_trouble_stops_and_the_next_run_goes_on(fetch, tmp_path):
    with serving(PagerDuty(many(250))) as server:
        vendor = pagerduty.vendor(server.url, ("incidents",))
        server.troubles = dict.fromkeys(range(3, 9), Reply(b"", 503))
        with pytest.raises(client.FetchError) as error:
            fetch(vendor)
        assert str(error.value) == (
            f"{server.url}/incidents: the service is in trouble (status 503), 6 times in a row. What was fetched is kept: "
            "run the same command again to go on."
        )
        assert not (tmp_path / "raw" / "incidents").exists()  # half a log is never on display
        server.asked.clear()
        server.troubles = {}
        fetch(vendor, until=datetime(2025, 1, 31, tzinfo=UTC))
        assert [a.query["offset"] for a in server.asked] == ["200"]
        assert "incidents 2025-01-01 to 2025-02-01: going on after 2 pages" in fetch.said
    assert ids(tmp_path / "raw" / "incidents", "incidents") == [f"P{n}" for n in range(250)]


def test_an_interrupted_update_leaves_the_old_pages_on_display(fetch, tmp_path):
    service = PagerDuty([incident(1, "2025-03-05T00:00:00Z")])
    march = datetime(2025, 3, 1, tzinfo=UTC)
    with serving(service) as server:
        vendor = pagerduty.vendor(server.url, ("incidents",))
        fetch(vendor, since=march)
        service.incidents = many(150, "2025-03")
        server.troubles = {3: Reply(b"", 401)}
        assert fetch(vendor, since=march)[0].error
        assert ids(tmp_path / "raw" / "incidents", "incidents") == ["P1"]
        fetch(vendor, since=march)
    assert ids(tmp_path / "raw" / "incidents", "incidents") == [f"P{n}" for n in range(150)]


def test_a_beginning_that_is_old_or_damaged_is_begun_again(fetch, tmp_path):
    with serving(PagerDuty(many(250))) as server:
        vendor, end = pagerduty.vendor(server.url, ("incidents",)), datetime(2025, 1, 31, tzinfo=UTC)
        server.troubles = {2: Reply(b"", 401)}
        fetch(vendor, until=end)
        next((tmp_path / "raw" / ".fetching" / "incidents").glob("*.json")).write_text("{")
        server.asked.clear()
        server.troubles = {2: Reply(b"", 401)}
        fetch(vendor, until=end)
        assert [a.query["offset"] for a in server.asked] == ["0", "100"]
        server.asked.clear()
        server.troubles = {}
        fetch(vendor, until=end, clock=FakeClock("2025-03-12T12:00:00+00:00"))
        assert [a.query["offset"] for a in server.asked] == ["0", "100", "200"]
    assert ids(tmp_path / "raw" / "incidents", "incidents") == [f"P{n}" for n in range(250)]


def test_one_refused_resource_does_not_stop_the_others(fetch, tmp_path):
    service = PagerDuty(many(3))
    with serving(
        lambda a: (
            Reply(b'{"error":{"message":"Your plan has no change events."}}', 403) if "change" in a.path else service(a)
        )
    ) as server:
        found = fetch(pagerduty.vendor(server.url, ()))
    assert found[0].records == 3
    assert found[1].error == (
        f"{server.url}/change_events: status 403 (the token may not read this); it says: Your plan has no change events."
    )
