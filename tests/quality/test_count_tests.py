"""Tests of counts against scipy's distributions, simulated bursts and planted steps."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from aftershock.quality import count_tests, coverage


def test_a_step_is_placed_and_growth_is_none():
    rng = np.random.default_rng(5)
    steady, grown = rng.poisson(30, 40), rng.poisson(12, 30)
    place, gain = count_tests.step(np.concatenate([steady, grown]), 6)
    assert abs(place - 40) <= 1
    assert gain > 40
    growing = rng.poisson(10 * np.exp(np.linspace(0, 1.5, 80)))
    assert count_tests.step(growing, 6)[1] < coverage.STEP_GAIN
    assert count_tests.step(np.zeros(40), 6) == (0, 0.0)
    assert count_tests.step(np.arange(5), 6) == (0, 0.0)


@pytest.mark.parametrize("spread", [1.0, 2.5, 8.0])
def test_few_is_the_law_of_the_counts(spread):
    """Second opinion: scipy's Poisson and negative binomial, by mean and variance."""
    mean, counts = 12.0, np.arange(0, 30, 3)
    law = stats.poisson(mean) if spread == 1 else stats.nbinom(mean / (spread - 1), 1 / spread)
    assert count_tests.few(counts, np.full(len(counts), mean), spread) == pytest.approx(law.cdf(counts))


def test_none_is_the_law_of_bursts():
    """Bursts of mean 4: dispersion 2·4 − 1 = 7, and nothing happens with the probability that no burst does."""
    rng = np.random.default_rng(1)
    sizes = [rng.geometric(0.25, n).sum() for n in rng.poisson(5, 20000)]
    spread = np.var(sizes) / np.mean(sizes)
    assert spread == pytest.approx(7, rel=0.05)
    assert count_tests.none(20, 7) == pytest.approx(np.mean(np.array(sizes) == 0), abs=0.002)


def test_the_dispersion_is_read_past_a_gap():
    rng = np.random.default_rng(2)
    counts = rng.poisson(30, 80)
    gapped = counts.copy()
    gapped[30:33] = 0
    assert count_tests.dispersion(counts) < 1.5
    assert count_tests.dispersion(gapped) < 2.5
