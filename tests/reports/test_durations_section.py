"""How long incidents last, in words no surer than the numbers behind them."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from aftershock.reports.durations_section import durations_table


@pytest.mark.parametrize(
    ("n", "vague", "low", "high", "text"),
    [
        (9, 0, 20, 90, "34 min (20 min to 1 h 30 min)"),
        (9, 2, 20, math.inf, "about 34 min (20 min to no bound)"),
        (2, 2, math.nan, math.inf, "about 34 min (no interval)"),
        (4, 0, math.nan, 90, "34 min (up to 1 h 30 min)"),
        (1, 0, math.nan, math.inf, "34 min (one incident)"),
    ],
)
def test_a_median_is_as_sure_as_its_interval(n, vague, low, high, text):
    ends = {f"{q}{end}": value for q in ("median", "p75", "p90") for end, value in (("_low", low), ("_high", high))}
    row = {"measure": "resolve", "n": n, "n_open": 0, "n_missing": 0, "n_imprecise": vague}
    row |= ends | {"median": 34, "p75": 34, "p90": 34}
    assert text in repr(durations_table(pd.DataFrame([row])))
