"""Statuspage from a fake server: pages to the end, at its pace."""

from __future__ import annotations

import pytest
from fake_services import (
    SECRET,
    FakeClock,
    ids,
    reply,
    serving,
)

from aftershock.sources.fetching import statuspage


def test_statuspage_pages_to_the_end_and_keeps_its_pace(fetch, tmp_path):
    records = [{"id": f"s{n}", "created_at": "2025-02-01T00:00:00.000-08:00", "status": "resolved"} for n in range(120)]

    def service(asked):
        page = int(asked.query["page"])
        return reply(records[(page - 1) * 50 : page * 50])  # fewer than asked for, as a service may

    clock = FakeClock()
    with serving(service) as server:
        fetch(statuspage.vendor("abc123", server.url), clock=clock)
    assert [(a.path, a.query) for a in server.asked] == [
        ("/v1/pages/abc123/incidents", {"limit": "100", "page": str(n)}) for n in (1, 2, 3, 4)
    ]
    assert server.asked[0].headers["Authorization"] == f"OAuth {SECRET}"
    assert clock.slept == pytest.approx([1, 1, 1])
    assert ids(tmp_path / "raw" / "incidents") == [f"s{n}" for n in range(120)]


def test_statuspage_that_serves_one_page_for_ever_ends(fetch, tmp_path):
    record = {"id": "s1", "created_at": "2025-02-01T00:00:00Z", "status": "investigating"}
    with serving(lambda asked: reply([record])) as server:
        fetch(statuspage.vendor("abc123", server.url))
    assert len(server.asked) == 2
    assert ids(tmp_path / "raw" / "incidents") == ["s1"]


def test_a_public_status_page_needs_no_token(fetch, tmp_path):
    def service(asked):
        name = "incidents" if asked.path == "/api/v2/incidents.json" else "scheduled_maintenances"
        return reply({"page": {"id": "x"}, name: [{"id": name[:3], "status": "completed"}]})

    with serving(service) as server:
        fetch(statuspage.vendor(server.url, ""), token="")
    assert server.paths() == ["/api/v2/incidents.json", "/api/v2/scheduled-maintenances.json"]
    assert ids(tmp_path / "raw" / "scheduled-maintenances", "scheduled_maintenances") == ["sch"]
