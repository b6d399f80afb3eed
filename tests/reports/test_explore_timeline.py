"""The live timeline of the explore page, as the kernel has it."""

from __future__ import annotations

import pandas as pd
import pytest

from aftershock.figures.linked_timeline import LAYERS
from aftershock.reports.explore import open_explore
from aftershock.reports.explore_timeline import Timeline

CHANGES, INCIDENTS = LAYERS.index("changes"), LAYERS.index("incidents")


@pytest.fixture
def timeline():
    explorer, said = open_explore(dataset="twitter-2023", start="2023-01-01", end="2023-07-31"), []
    made = Timeline(
        explorer,
        picked=lambda i: said.append(("picked", i)),
        asked=lambda c: said.append(("asked", c)),
        brushed=lambda start, end: said.append(("brushed", f"{start:%F}", f"{end:%F}")),
    )
    made.said = said
    return made


def test_what_changed_is_sent_once_the_browser_has_the_figure(timeline, monkeypatch):
    sent: list[object] = []
    monkeypatch.setattr(timeline.figure, "_send_update_msg", lambda *_, **__: sent.append(1))
    choice = timeline.explorer.choice
    before = timeline.figure.data[INCIDENTS].customdata
    choice.choose(start=choice.start, end=choice.end, service="TweetDeck")
    timeline.draw()
    assert timeline.figure.data[INCIDENTS].customdata == before, "it would be lost"
    timeline.figure._drawn = True
    assert sent == [1], "one message draws the figure once"
    assert 0 < len(timeline.figure.data[INCIDENTS].customdata) < len(before)
    assert set(timeline.figure.data[INCIDENTS].customdata) <= set(choice.incidents["incident_id"])


def test_dragging_over_the_weeks_asks_for_the_days(timeline):
    first, last = map(pd.Timestamp, timeline.spec["layout"]["xaxis2"]["range"])
    shares = [(pd.Timestamp(t) - first) / (last - first) for t in ("2023-03-20 11:00:00.5", "2023-03-01 10:00")]
    timeline.pointer._handle_custom_msg({"brushed": shares}, [])
    assert timeline.said == [("brushed", "2023-03-01", "2023-03-20")]
    assert timeline.figure.layout.xaxis2.fixedrange, "plotly would zoom too, and draw the figure twice more"


def test_a_click_picks_an_incident_or_asks_about_a_change(timeline):
    for layer, row_id in (
        ("incidents", "i1"),
        ("incidents by WebGL", "i2"),
        ("changes", "c1"),
        ("suspects", "c2"),
        ("changes", ""),
    ):
        timeline.pointer._handle_custom_msg({"clicked": [layer, row_id]}, [])
    assert timeline.said == [("picked", "i1"), ("picked", "i2"), ("asked", "c1"), ("asked", "c2")]


def test_a_dark_page_has_dark_figures(timeline):
    timeline.figure._drawn = True
    light = timeline.figure.layout.template.layout.font.color
    timeline.page.page = "dark"
    assert timeline.figure.layout.template.layout.font.color != light
