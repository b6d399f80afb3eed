"""Intervals against published tables and closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from aftershock.model.intervals import LEVEL, binomial_interval, poisson_interval, posterior_interval


def test_poisson_interval_is_garwoods():
    """Garwood's table: 10 events, 95 %: 4.795 to 18.390; none: 0 to −ln(0.05) with 5 % in the upper tail."""
    assert poisson_interval(10, level=0.95) == pytest.approx((4.795, 18.390), abs=5e-4)
    assert poisson_interval(0) == pytest.approx((0.0, -math.log(0.05)))


def test_binomial_interval_is_clopper_and_pearsons():
    """4 of 20, 95 %: 0.0573 to 0.4366 (the usual textbook example); none of n: 1 − 0.05^(1/n)."""
    assert binomial_interval(4, 20, level=0.95) == pytest.approx((0.0573, 0.4366), abs=5e-5)
    assert binomial_interval(0, 12) == pytest.approx((0.0, 1 - 0.05 ** (1 / 12)))
    assert binomial_interval(0, 0) == (0.0, 1.0)


def test_the_ends_of_draws_that_follow_one_another_hold_nine_in_ten():
    """150 draws of a chain worth some 20 independent ones, of a standard normal."""
    rng, kept = np.random.default_rng(5), 0.765
    draws = [rng.standard_normal(1000)]
    for _ in range(149):
        draws.append(kept * draws[-1] + np.sqrt(1 - kept**2) * rng.standard_normal(1000))
    low, high = posterior_interval(np.array(draws))
    assert np.mean(stats.norm.cdf(high) - stats.norm.cdf(low)) == pytest.approx(LEVEL, abs=0.015)
    low, high = np.quantile(draws, [0.05, 0.95], axis=0)
    assert np.mean(stats.norm.cdf(high) - stats.norm.cdf(low)) < LEVEL - 0.02
