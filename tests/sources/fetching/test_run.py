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
    reply,
    serving,
)

from aftershock.sources.fetching import client, github, pagerduty, run


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


def release(number: int) -> dict:
    return {"id": number, "created_at": "2025-01-05T00:00:00Z", "published_at": "2025-01-05T00:00:00Z"}


@pytest.mark.parametrize(
    "address",
    ["{}/repos/o/r/releases?per_page=100", "{}/repos/o/r/releases/?per_page=100#again", "{}/b", "{}/b?x=1&y=2"],
)
def test_pages_that_lead_in_a_circle_end(fetch, address):
    """The last page names an earlier one, under the same address or one that says the same."""
    first = address if "releases" in address else "{}/b?y=2&x=1" if "?" in address else address

    def service(asked):
        number = len(server.asked)
        link = {1: "{}/a", 2: first}.get(number, address)
        return reply([release(number)], Link=f'<{link.format(server.url)}>; rel="next"')

    with serving(service) as server, pytest.raises(client.FetchError) as error:
        fetch(github.vendor("o/r", server.url, ("releases",), "incident"))
    assert str(error.value).endswith("its pages lead back to one that was fetched before, so there is no end to them.")
    assert len(server.asked) == (2 if "releases" in address else 3)


def test_the_same_page_under_ever_new_addresses_ends(fetch):
    def service(asked):
        return reply([release(1)], Link=f'<{server.url}/x?n={len(server.asked)}>; rel="next"')

    with serving(service) as server, pytest.raises(client.FetchError, match="the same page again and again"):
        fetch(github.vendor("o/r", server.url, ("releases",), "incident"))
    assert len(server.asked) == 2


def endless(server):
    def service(asked):
        number = len(server[0].asked)
        return reply([release(number)], Link=f'<{server[0].url}/x?n={number}>; rel="next"')

    return service


def test_pages_without_end_end(fetch, monkeypatch):
    monkeypatch.setattr(run, "MOST_PAGES", 5)
    held = []
    with serving(endless(held)) as server, pytest.raises(client.FetchError, match=r"more than 5 pages\. Ask for less"):
        held.append(server)
        fetch(github.vendor("o/r", server.url, ("releases",), "incident"))
    assert len(server.asked) == 5


def test_a_fetch_of_half_a_day_is_left_to_the_next_run(fetch, monkeypatch):
    clock, held = FakeClock(), []

    def service(asked):
        clock.sleep(3600)
        return endless(held)(asked)

    with serving(service) as server, pytest.raises(client.FetchError, match="still not through after 12 hours"):
        held.append(server)
        fetch(github.vendor("o/r", server.url, ("releases",), "incident"), clock=clock)
    assert len(server.asked) == 13
