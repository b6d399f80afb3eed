"""Delay curves, their landmarks, and well-known outages."""

from __future__ import annotations

import pandas as pd
import pytest
from toy import curves
from toy_figures import well_known, words

from aftershock import figures
from aftershock.figures import theme


def test_delay_curve_marks_a_span():
    fig = figures.delay_curve(curves(), kind="deploy", delay_minutes=30, low=20, high=40)
    span = next(t for t in fig.data if t.line.color == theme.tint(theme.INCIDENT, 0.6))
    assert list(span.x) == [20, 40] and list(span.y) == pytest.approx([0.5, 0.5], abs=0.01)
    assert "20 min to 40 min after the change; 40–57 % are visible by then" in fig.layout.meta["alt"]
    exact = figures.delay_curve(curves(), kind="deploy", delay_minutes=30, low=30, high=30)
    assert not any(t.line.color == theme.tint(theme.INCIDENT, 0.6) for t in exact.data)
    assert exact.layout.meta["finding"] == (
        "This outage began 30 min after the change; by then 50 % of such outages show"
    )


def test_delay_curve_takes_the_models_own_quantiles():
    own = pd.DataFrame({"kind": "deploy", "quantile": [0.5, 0.95], "minutes": [31.0, 600.0]})
    fig = figures.delay_curve(curves(), kind="deploy", quantiles=own)
    assert (
        fig.layout.meta["finding"]
        == "Half of such outages show within about half an hour of the change, 95 % within about half a day"
    )
    assert {"<b>half</b> within about half an hour", "<b>95 %</b> within about half a day"} <= set(words(fig))
    without = figures.delay_curve(curves(), kind="deploy").layout.meta["finding"]
    assert without.startswith("Half of such outages show within about half an hour")


def test_delay_curve_of_a_kind_without_one_says_whose_it_is():
    fig = figures.delay_curve(curves(), kind="policy")
    assert fig.layout.meta["caption"].startswith("The log says too little about policy changes")
    assert "all kinds" in fig.layout.title.text


def test_delay_beyond_the_curve_stays_on_the_axis():
    fig = figures.delay_curve(curves(), kind="deploy", delay_minutes=100_000)
    assert fig.data[-1].x[0] == pytest.approx(4320) and fig.data[-1].y[0] == pytest.approx(4320 / 4350, abs=1e-3)


def test_comparison_draws_zero_below_a_minute_and_counts_the_unknown():
    fig = figures.delay_comparison(curves(), well_known())
    dots = next(t for t in fig.data if t.mode == "markers")
    assert list(dots.x) == [0.5, 30, 6000] and list(dots.y) == pytest.approx([1 / 3, 2 / 3, 1], abs=1e-3)
    spans = [t for t in fig.data if t.mode == "lines" and t.line.color == theme.tint(theme.ORANGE, 0.6)]
    assert [list(t.x) for t in spans] == [[30, 90]]
    assert "Left out without a known delay: 1." in fig.layout.meta["caption"]
    assert {"Alpha", "Beta", "Gamma"} <= set(words(fig))
    assert "as a shaded area" in fig.layout.meta["caption"]
    assert "shaded" not in figures.delay_comparison(curves().iloc[:0], well_known()).layout.meta["caption"]
