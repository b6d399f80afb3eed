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
    made.draw()
    made.said = said
    return made


def incidents(timeline: Timeline) -> dict[str, object]:
    (layer,) = getattr(timeline.figure, f"slot_{INCIDENTS}")
    return layer


def test_what_changed_is_sent_in_one_message_and_nothing_else_is(timeline, monkeypatch):
    sent: list[set[str]] = []
    monkeypatch.setattr(timeline.figure, "send_state", lambda key=None: sent.append(set(key)) if key else None)
    choice, before = timeline.explorer.choice, incidents(timeline)["customdata"]
    timeline.draw()
    assert sent == [], "nothing is another"
    choice.pick("tw-2023-02-08")
    revision = timeline.figure.figure_layout["uirevision"]
    timeline.draw()
    assert timeline.figure.figure_layout["uirevision"] == revision, "a zoom outlasts a click"
    (names,) = sent
    assert {"figure_layout", f"slot_{INCIDENTS}"} <= names, "the band, and the size of its mark"
    assert not names & {"script", f"slot_{CHANGES}", "slot_0"}, "changes and weeks are those of before"
    choice.choose(start=choice.start, end=choice.end, service="TweetDeck")
    timeline.draw()
    assert 0 < len(incidents(timeline)["customdata"]) < len(before)
    assert set(incidents(timeline)["customdata"]) <= set(choice.incidents["incident_id"])


def test_dragging_over_the_weeks_asks_for_the_days(timeline):
    first, last = map(pd.Timestamp, timeline.figure.figure_layout["xaxis2"]["range"])
    shares = [(pd.Timestamp(t) - first) / (last - first) for t in ("2023-03-20 11:00:00.5", "2023-03-01 10:00")]
    timeline.pointer._handle_custom_msg({"brushed": shares}, [])
    assert timeline.said == [("brushed", "2023-03-01", "2023-03-20")]
    assert timeline.figure.figure_layout["xaxis2"]["fixedrange"], (
        "plotly would zoom too, and draw the figure twice more"
    )


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
    def ink() -> str:
        return timeline.figure.figure_layout["template"]["layout"]["font"]["color"]

    light = ink()
    timeline.page.page = "dark"
    assert ink() != light
