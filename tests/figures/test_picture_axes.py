"""Where a value lies in a static picture, and its ticks."""

from __future__ import annotations

import plotly.graph_objects as go
import pytest

from aftershock.figures.picture_axes import axis_of


@pytest.mark.parametrize(
    ("given", "value", "share"),
    [
        ({"range": [0, 10]}, 5, 0.5),
        ({"type": "log", "range": [0, 2]}, 10, 0.5),
        ({"type": "date", "range": ["2025-01-01", "2025-01-03"]}, "2025-01-02 00:00", 0.5),
        ({"range": [10, 0]}, 2.5, 0.75),
    ],
)
def test_a_value_lies_where_its_axis_says(given, value, share):
    fig = go.Figure(go.Scatter(x=[value], y=[0])).update_xaxes(**given)
    axis = axis_of(fig, "x")
    axis.begin, axis.end = 100.0, 300.0
    assert axis.place(value) == pytest.approx(100 + 200 * share)


def test_ticks_are_round_and_inside():
    fig = go.Figure(go.Scatter(x=[0, 9700], y=[0, 0.7])).update_xaxes(range=[0, 9700], nticks=5)
    assert [t for _, t in axis_of(fig, "x").ticks] == ["0", "2,000", "4,000", "6,000", "8,000"]
    dates = go.Figure(go.Scatter(x=["2024-12-30", "2025-01-05"], y=[0, 1])).update_xaxes(
        range=["2024-12-30", "2025-01-05"]
    )
    said = [t for _, t in axis_of(dates, "x").ticks]
    assert said[0] == "30 Dec\n2024" and "1 Jan\n2025" in said and "2 Jan" in said, "a year where it changes"
