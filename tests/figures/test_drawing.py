"""Axes, bands and labels that several figures share."""

from __future__ import annotations

import math

from aftershock.figures import drawing
from aftershock.figures.frame import Figure


def test_an_axis_of_minutes_speaks_in_minutes_hours_and_days():
    sketch = drawing.Sketch()
    drawing.minutes_axis(sketch, 0.4, 4320)
    assert sketch.layout["xaxis"]["ticktext"] == ["<1 min", "2 min", "10 min", "1 h", "6 h", "1 day", "3 days"]
    drawing.minutes_axis(sketch, 30, 600_000)
    assert sketch.layout["xaxis"]["ticktext"] == ["1 h", "8 h", "3 days", "1 month", "1 year"]


def test_a_band_is_one_closed_shape():
    sketch = drawing.Sketch()
    drawing.band(sketch, [1, 2], [0, 0.5], [1, 1.5], "#1F7FBF")
    (trace,) = sketch.data
    assert trace["x"] == [1, 2, 2, 1] and trace["y"] == [1, 1.5, 0.5, 0]
    assert trace["fillcolor"] == "rgba(31,127,191,0.18)"


def test_rounded_numbers_are_plain_and_what_is_not_finite_is_none():
    assert drawing.rounded([1 / 3, math.nan, math.inf, 123456.0]) == [0.3333, None, None, 123500.0]


def test_a_note_on_the_left_edge_is_set_two_pixels_back():
    sketch = drawing.Sketch()
    drawing.note(sketch, "a", x=0, y=0, muted=True, fit=0.5)
    (note,) = sketch.layout["annotations"]
    assert (note["xshift"], note["opacity"], note["name"]) == (-2, 0.75, "fit 0.5")


def test_axes_that_are_there_are_changed_together():
    sketch = drawing.Sketch()
    sketch.layout["yaxis2"] = {"domain": [0, 0.4]}
    sketch.update_yaxes(nticks=4)
    assert sketch.layout["yaxis"] == {"nticks": 4} and sketch.layout["yaxis2"] == {"domain": [0, 0.4], "nticks": 4}
    assert sketch.layout["xaxis"] == {}


def test_what_is_none_is_not_given_but_a_gap_in_a_line_stays():
    sketch = drawing.Sketch()
    sketch.add_scatter(x=[1, None, 2], y=[1, None, 2], name=None, marker={"color": None, "size": 3})
    drawing.note(sketch, "a", x=1, y=0)
    drawn = sketch.as_json()
    assert drawn["data"] == [{"type": "scatter", "x": [1, None, 2], "y": [1, None, 2], "marker": {"size": 3}}]
    assert "name" not in drawn["layout"]["annotations"][0]
    assert Figure(sketch).to_plotly_json()["layout"]["annotations"][0] == drawn["layout"]["annotations"][0]
