"""Measures of many incidents. Every expected number here can be worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from labelled import ANSWER, LABELS, answer, labels

from aftershock.model.validation.outcomes import outcomes
from aftershock.model.validation.scores import gains, scores
from aftershock.schema.tables import NONE


def test_measures_of_four_incidents():
    table = scores(outcomes(LABELS, ANSWER)).set_index("measure")
    assert table.loc["top_1", ["value", "hits", "n"]].tolist() == pytest.approx([1 / 3, 1, 3])
    # exact binomial, 1 of 3: 1 − 0.975^(1/3), and R's binom.test(1, 3)
    assert table.loc["top_1", ["low", "high"]].tolist() == pytest.approx([0.008404, 0.905701], abs=1e-5)
    assert table.loc["also_1", "value"] == pytest.approx(2 / 3)
    assert table.loc["accused", ["value", "n"]].tolist() == [1, 1]
    assert table.loc["auc", "value"] == pytest.approx((0.5 + 1 + 0) / 3)  # 0.7, 0.8, 0.5 against 0.7
    assert table.loc["first_right", ["value", "n"]].tolist() == pytest.approx([1 / 4, 4])


def test_the_area_under_the_curve_of_all_pairs():
    rng = np.random.default_rng(5)
    caused, innocent = rng.integers(0, 10, 30) / 10, rng.integers(0, 10, 20) / 10
    table = labels(*[(f"i{k}", "change_in_log" if k < 30 else "no_change", ["a"] * (k < 30), []) for k in range(50)])
    shares = np.append(caused, innocent)
    found = answer(
        *[(f"i{k}", "a", p) for k, p in enumerate(shares)], *[(f"i{k}", NONE, 1 - p) for k, p in enumerate(shares)]
    )
    row = scores(outcomes(table, found)).set_index("measure").loc["auc"]
    wins = [(a > b) + (a == b) / 2 for a in caused for b in innocent]
    assert row["value"] == pytest.approx(np.mean(wins))
    # Hanley, McNeil 1982: standard error of about 0.08 here, so the interval is some 0.3 wide
    assert row["low"] < row["value"] < row["high"]
    assert 0.2 < row["high"] - row["low"] < 0.4


def test_a_gain_is_paired():
    table = labels(*[(f"i{k}", "change_in_log", ["a"], []) for k in range(40)])
    ours = outcomes(table, answer(*[(f"i{k}", c, p) for k in range(40) for c, p in (("a", 0.9), ("b", 0.1))]))
    theirs = outcomes(
        table, answer(*[(f"i{k}", c, p) for k in range(40) for c, p in (("a", 0.1 + 0.8 * (k % 2)), ("b", 0.5))])
    )
    gained = gains({"ours": ours, "theirs": theirs}, "ours").set_index("measure").loc["top_1"]
    assert gained["value"] == 0.5
    assert 0.3 < gained["low"] < 0.4 and 0.6 < gained["high"] < 0.7  # 0.5 ± 1.96·√(0.25/40)
    same = gains({"ours": ours, "again": ours[::-1]}, "ours").set_index("measure").loc["top_1"]
    assert same[["value", "low", "high"]].tolist() == [0, 0, 0]  # drawn together, whatever the rows' order
