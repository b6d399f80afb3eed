"""The timeline that an analyst clicks on, as data."""

from __future__ import annotations

import json
from dataclasses import replace

import pandas as pd
import plotly.graph_objects as go
import pytest

from aftershock.figures import linked_timeline as module
from aftershock.figures import picture, theme
from aftershock.figures.linked_timeline import LAYERS, WEBGL, linked_timeline
from aftershock.reports.explore import open_explore

METRIC, CHANGES, INCIDENTS, SUSPECTS = map(LAYERS.index, ("metric", "changes", "incidents", "suspects"))


@pytest.fixture(scope="module")
def shown():
    explorer = open_explore(dataset="twitter-2023", start="2023-01-01", end="2023-07-31", incident_id="tw-2023-03-06")
    return replace(explorer.linked(), suspects=explorer.suspects)  # they come with the fit


def test_it_is_a_figure_of_the_same_layers_whatever_is_drawn(shown):
    nothing = replace(
        shown, incidents=shown.incidents[:0], changes=shown.changes[:0], chosen=None, suspects=pd.DataFrame()
    )
    for given in (shown, nothing):
        spec = linked_timeline(given)
        assert tuple(layer["name"] for layer in spec["data"]) == LAYERS
        assert go.Figure(spec).layout.height == spec["layout"]["height"]


def test_a_click_on_an_incident_knows_its_id_and_its_lane_is_its_own(shown):
    data = linked_timeline(shown)["data"]
    assert set(data[INCIDENTS]["customdata"]) == set(shown.incidents["incident_id"])
    lanes = {round(y % 1, 2) for y in data[INCIDENTS]["y"]}
    assert lanes == {module.ABOVE} and {round(y % 1, 2) for y in data[CHANGES]["y"]} == {module.BELOW}
    sizes = dict(zip(data[INCIDENTS]["customdata"], data[INCIDENTS]["marker"]["size"], strict=True))
    assert [i for i, size in sizes.items() if size > 12] == ["tw-2023-03-06"]


def test_the_chosen_one_is_a_band_and_its_suspects_are_ringed_by_probability(shown):
    spec = linked_timeline(shown)
    period, band, line = spec["layout"]["shapes"]
    assert (period["xref"], line["xref"], band["xref"]) == ("x2", "x2", "x") and band["x0"] < band["x1"]
    assert len(linked_timeline(replace(shown, chosen=None))["layout"]["shapes"]) == 1
    rings = spec["data"][SUSPECTS]
    likely = shown.suspects[(shown.suspects["probability"] >= 0.01) & (shown.suspects["change_id"] != "none")]
    assert set(rings["customdata"]) <= set(likely["change_id"]) and rings["customdata"]
    p = likely.set_index("change_id")["probability"]
    assert rings["marker"]["size"] == [pytest.approx(13 + 27 * p[c] ** 0.5, rel=1e-2) for c in rings["customdata"]]


def test_few_marks_are_svg_and_many_webgl_each_drawn_once(shown, monkeypatch):
    few = {layer["name"]: layer for layer in linked_timeline(shown)["data"]}
    monkeypatch.setattr(module, "MOST_SVG", len(shown.incidents) - 1)
    many = {layer["name"]: layer for layer in linked_timeline(shown)["data"]}
    for name in ("changes", "durations", "incidents"):
        assert [few[n]["type"] for n in (name, name + WEBGL)] == ["scatter", "scattergl"]
        assert [few[n]["visible"] for n in (name, name + WEBGL)] == [True, False] and "x" not in few[name + WEBGL]
        assert [many[n]["visible"] for n in (name, name + WEBGL)] == [False, True] and "x" not in many[name]
        assert few[name]["x"] == many[name + WEBGL]["x"]


def test_each_mark_of_a_change_brings_its_shape(shown):
    for many in (shown.changes, shown.changes[:0]):
        layer = linked_timeline(replace(shown, changes=many))["data"][CHANGES]
        assert set(layer["meta"]["shapes"]) == set(layer["marker"]["symbol"])
    outlines = {symbol: picture.outline(symbol, module.SIZE) for _, symbol, _ in theme.KINDS.values()}
    assert len(set(outlines.values())) == len(theme.KINDS), "no kind looks like another"
    assert outlines["circle"] == "m-4,0a4,4 0 1,0 8,0a4,4 0 1,0 -8,0z", "it begins in the middle of the mark"
    assert outlines["square"] == "m-4.00,-4.00 8.00,0.00 0.00,8.00 -8.00,0.00z"


def test_too_many_changes_are_counted_in_slices(shown, monkeypatch):
    monkeypatch.setattr(module, "MOST_SINGLE", 10)
    spec = linked_timeline(shown)
    assert set(spec["data"][CHANGES]["customdata"]) == {""}, "a click on many asks about none"
    assert "changes, by number" in spec["layout"]["title"]["text"]


def test_the_chosen_incidents_service_has_a_row_and_what_is_left_out_is_said(shown, monkeypatch):
    monkeypatch.setattr(module, "MOST_ROWS", 2)
    spec = linked_timeline(shown)
    names = spec["layout"]["yaxis"]["ticktext"]
    assert shown.chosen["services"][0] in names and len(names) == 2
    assert " services not shown" in spec["layout"]["title"]["text"]


def test_a_metric_is_drawn_on_the_same_axis_and_text_of_a_log_is_no_markup(shown):
    metric = pd.DataFrame(
        {"time": pd.to_datetime(["2023-02-01", "2023-02-02"], utc=True), "value": [1.0, float("nan")]}
    )
    incidents = shown.incidents.assign(title="<b>x</b>", incident_id="<i>")
    spec = linked_timeline(replace(shown, metric=metric, metric_name="<b>errors</b>", incidents=incidents), "dark")
    drawn = spec["data"][METRIC]
    assert (drawn["y"], drawn["yaxis"], spec["layout"]["yaxis3"]["visible"]) == ([1.0, None], "y3", True)
    json.dumps(spec, allow_nan=False)
    low, high = spec["layout"]["yaxis3"]["domain"]
    assert spec["layout"]["yaxis"]["domain"][1] < low < high < spec["layout"]["yaxis2"]["domain"][0]
    assert "<b>errors" not in str(spec["layout"]["annotations"]) and "<b>x" not in str(
        spec["data"][INCIDENTS]["hovertext"]
    )
