"""Do probabilities come true? A perfect model passes, a bold one does not."""

from __future__ import annotations

import numpy as np
import pytest

from aftershock.model.validation.calibration import calibration, reliability_table


def test_calibration_next_to_a_perfect_model():
    rng = np.random.default_rng(3)
    said = rng.uniform(size=400)
    right = rng.uniform(size=400) < said
    passed = [calibration(said, rng.uniform(size=400) < said).passes for _ in range(60)]
    assert 52 <= sum(passed) <= 60  # 95 % of perfect models pass: 57 of 60; P(fewer than 52) < 0.01
    good, bad = calibration(said, right), calibration(said, rng.uniform(size=400) < said**3)
    assert not bad.passes
    assert good.perfect_median < good.perfect_95 == bad.perfect_95
    table = reliability_table(said, right)
    assert table["incidents"].sum() == 400 and table["right"].sum() == right.sum()
    assert good.error == pytest.approx(np.average((table["share"] - table["said"]).abs(), weights=table["incidents"]))
    assert ((table["expected_low"] <= table["said"]) & (table["said"] <= table["expected_high"])).all()


def test_what_a_perfect_model_shows_is_the_binomial_range():
    table = reliability_table(np.full(20, 0.5), np.r_[np.ones(9), np.zeros(11)])
    # qbinom(c(.025, .975), 20, .5) = 6, 14; binom.test(9, 20): 0.231 to 0.685
    assert table[["from", "to", "incidents", "right"]].iloc[0].tolist() == [0.5, 0.6, 20, 9]
    assert table[["expected_low", "expected_high"]].iloc[0].tolist() == [0.3, 0.7]
    assert table[["low", "high"]].iloc[0].tolist() == pytest.approx([0.2306, 0.6847], abs=1e-4)
