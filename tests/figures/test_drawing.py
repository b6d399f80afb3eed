"""Axes, bands and labels that several figures share."""

from __future__ import annotations

import math

import plotly.graph_objects as go

from aftershock.figures import drawing


def test_an_axis_of_minutes_speaks_in_minutes_hours_and_days():
    fig = go.Figure()
    drawing.minutes_axis(fig, 0.4, 4320)
    assert list(fig.layout.xaxis.ticktext) == ["<1 min", "2 min", "10 min", "1 h", "6 h", "1 day", "3 days"]
    drawing.minutes_axis(fig, 30, 600_000)
    assert list(fig.layout.xaxis.ticktext) == ["1 h", "8 h", "3 days", "1 month", "1 year"]


def test_a_band_is_one_closed_shape():
    fig = go.Figure()
    drawing.band(fig, [1, 2], [0, 0.5], [1, 1.5], "#1F7FBF")
    assert list(fig.data[0].x) == [1, 2, 2, 1] and list(fig.data[0].y) == [1, 1.5, 0.5, 0]
    assert fig.data[0].fillcolor == "rgba(31,127,191,0.18)"


def test_rounded_numbers_are_plain_and_what_is_not_finite_is_none():
    assert drawing.rounded([1 / 3, math.nan, math.inf, 123456.0]) == [0.3333, None, None, 123500.0]


def test_a_note_on_the_left_edge_is_set_two_pixels_back():
    fig = go.Figure()
    drawing.note(fig, "a", x=0, y=0, muted=True, fit=0.5)
    (note,) = fig.layout.annotations
    assert (note.xshift, note.opacity, note.name) == (-2, 0.75, "fit 0.5")
