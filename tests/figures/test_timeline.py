"""Rows, marks and words of the timeline."""

from __future__ import annotations

import pandas as pd
from toy import changes
from toy_figures import log_of, words

from aftershock import figures
from aftershock.figures import theme


def test_timeline_puts_the_incidents_own_services_first():
    table, before = log_of()
    fig = figures.timeline(table, before, zone="UTC", incident="inc-1")
    assert words(fig)[:3] == ["api", "web", "service not given"]


def test_timeline_is_in_the_zone_asked_for():
    table, before = log_of()
    fig = figures.timeline(table, before, zone="America/New_York", incident="inc-1")
    line = next(s for s in fig.layout.shapes if s.type == "line" and s.yref == "paper")
    assert line.x0 == "2025-01-10T07:00:00"


def test_timeline_limits_rows_and_says_so():
    many = changes(
        *({"change_id": f"c{i}", "started_at": f"2025-01-10 10:{i:02d}", "services": [f"s{i}"]} for i in range(30))
    )
    fig = figures.timeline(log_of()[0], many, zone="UTC")
    assert len(words(fig)) == 20 and words(fig)[:2] == ["api", "web"]
    assert "12 services" in fig.layout.meta["alt"]


def test_timeline_of_many_changes_draws_their_number():
    rows = [{"change_id": f"c{i}", "started_at": "2025-01-10 10:00", "services": ["api"]} for i in range(301)]
    fig = figures.timeline(log_of()[0], changes(*rows), zone="UTC")
    squares = next(t for t in fig.data if t.marker.symbol == "square")
    assert squares.hovertext == ("301 changes, api",)
    assert len(fig.layout.meta["table"]["rows"]) == 300
    assert fig.layout.meta["caption"].endswith("The table leaves out the earliest 2 changes.")


def test_an_open_incident_ends_in_an_arrow():
    table, before = log_of()
    never = pd.Series([pd.NaT], dtype=table["resolved_at"].dtype)
    table = table.assign(status="open", resolved_at=never, resolved_at_before=never)
    fig = figures.timeline(table, before, zone="UTC")
    assert any(t.marker.symbol == "triangle-right" and t.marker.color == theme.INCIDENT for t in fig.data)
