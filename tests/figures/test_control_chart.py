"""Months outside the control limits."""

from __future__ import annotations

import pandas as pd
from toy_figures import words

from aftershock import figures


def test_control_chart_names_a_month_outside():
    counts = pd.DataFrame(
        {
            "month": ["2025-01", "2025-02", "2025-03"],
            "incidents": [3, 20, 1],
            "low": [1.0, 14.0, 0.1],
            "high": [7.0, 28.0, 4.7],
            "expected": [8.0, 8.0, 2.0],
            "limit_low": [1, 1, 0],
            "limit_high": [17, 17, 7],
            "partial": [False, False, True],
        }
    )
    fig = figures.control_chart(counts)
    points = fig.data[-1]
    assert list(points.y) == [3, 20, 1] and list(points.marker.symbol) == ["circle", "diamond", "circle-open"]
    assert "<b>20</b> Feb" in words(fig) and "<b>1</b> so far" in words(fig)
    assert fig.layout.meta["alt"].endswith("Outside the limits: February 2025 (20).")
    assert "<b>3</b> Jan" in words(figures.control_chart(counts, named="2025-01"))
    assert not [said for said in words(figures.control_chart(counts, named="2025-01")) if "so far" in said]
    alone = figures.control_chart(counts.head(1)).layout.meta["finding"]
    assert alone == "3 incidents in the only month, which nothing can be compared with"


def test_the_month_that_is_looked_at_is_drawn_however_long_ago():
    """Of 60 months 12 are drawn: those up to half a year after January 2021, not the latest."""
    months = [str(m) for m in pd.period_range("2020-01", periods=60, freq="M")]
    limits = {"low": 0, "high": 9, "expected": 3, "limit_low": 0, "limit_high": 9, "partial": False}
    counts = pd.DataFrame({"month": months, "incidents": 3, **limits})
    fig = figures.control_chart(counts, last=12, named="2021-01")
    assert "<b>3</b> Jan" in words(fig) and fig.layout.xaxis.ticktext[-1] == "Jul<br>2021"
    few = figures.control_chart(counts.head(12), last=12, named="2020-02")
    assert few.layout.xaxis.ticktext[-1] == "Dec<br>2020", "all fit"
    assert figures.control_chart(counts, last=12).layout.xaxis.ticktext[-1] == "Dec<br>2024"


def test_limits_that_are_close_to_the_number_have_no_word_over_it():
    counts = pd.DataFrame({"month": ["2025-01", "2025-02"], "incidents": [400, 0], "partial": [False, True]})
    bounds = {"low": 0, "high": 9, "expected": [400.0, 13.7], "limit_low": [340, 4], "limit_high": [460, 26]}
    last = [
        said for said in words(figures.control_chart(counts.assign(**bounds))) if "limit" in said or "expected" in said
    ]
    assert last == ["expected 13.7"]
    whole = figures.control_chart(
        counts.head(1).assign(**{name: list(v)[:1] if isinstance(v, list) else v for name, v in bounds.items()})
    )
    assert {"limit 460", "expected 400.0", "limit 340"} <= set(words(whole))
