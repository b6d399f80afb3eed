"""Comparisons of two months against exact tests and simulated months."""

from __future__ import annotations

import math

import numpy as np
import pytest

from aftershock import metrics
from aftershock.metrics.month_comparison import _critical


def test_compare_months_ten_against_none():
    """All ten of ten fall in this month: the share is at least 0.05^(1/10), the test's p-value 2 × 0.5^10."""
    found = metrics.compare_months(10, 0)
    share = 0.05**0.1
    assert found.low == pytest.approx(share / (1 - share))
    assert math.isinf(found.ratio) and math.isinf(found.high)
    assert found.p_value == pytest.approx(2 * 0.5**10)
    assert found.verdict == "more than noise"
    assert "no upper bound" in found.sentence and "inf" not in found.sentence


def test_compare_months_six_against_three():
    """P(X >= 6 of 9) = (84 + 36 + 9 + 1) / 512, doubled."""
    found = metrics.compare_months(6, 3)
    assert found.p_value == pytest.approx(130 * 2 / 512)
    assert found.ratio == 2 and found.verdict == "within noise"
    assert found.sentence.startswith("6 incidents against 3 the month before: 2.00 times the daily rate")


def test_compare_months_swaps_and_scales():
    """Swapping the months inverts the ratio; a month of half the days doubles its rate."""
    one, other = metrics.compare_months(7, 12), metrics.compare_months(12, 7)
    assert (one.low, one.high) == pytest.approx((1 / other.high, 1 / other.low))
    assert metrics.compare_months(7, 12, (15, 30)).ratio == pytest.approx(2 * 7 / 12)
    assert metrics.compare_months(0, 0).verdict == "nothing to compare"
    assert metrics.compare_months(3, 2, (0, 30)).verdict == "nothing to compare"


@pytest.mark.parametrize(("this", "last"), [(6, 3), (10, 2), (3, 14), (0, 4), (0, 5), (9, 3)])
def test_verdict_and_p_value_agree(this: int, last: int):
    found = metrics.compare_months(this, last)
    assert (found.verdict == "more than noise") == (found.p_value < 0.10)


def test_detectable_change_has_the_power_it_claims():
    """Second opinion: 4,000 simulated pairs of months at the ratio found are noticed about four times out of five."""
    found = metrics.detectable_change(20)
    rng = np.random.default_rng(20250101)
    before, after = rng.poisson(20, 4000), rng.poisson(20 * found.increase, 4000)
    noticed = np.mean([metrics.compare_months(int(a), int(b)).low > 1 for a, b in zip(after, before, strict=True)])
    assert noticed == pytest.approx(0.8, abs=0.02)


def test_detectable_change_shrinks_with_more_incidents():
    ratios = [metrics.detectable_change(n).increase for n in (5, 20, 80)]
    assert ratios[0] > ratios[1] > ratios[2] > 1
    assert metrics.detectable_change(80).decrease < 1
    assert metrics.detectable_change(1).decrease is None
    assert metrics.detectable_change(5).sentence == (
        "With 5 incidents a month, only a rise to 3.4 times the rate would be noticed reliably (4 times in 5); "
        "no fall is large enough."
    )
    assert metrics.detectable_change(20, power=0.9).sentence == (
        "With 20 incidents a month, only a rise to 2.2 times the rate or a fall to 0.26 times it would be noticed reliably "
        "(9 times in 10)."
    )
    assert metrics.detectable_change(0).increase is None


def test_critical_values_are_the_largest_that_the_test_allows():
    """Second opinion: scipy's binomial quantiles for every total up to 600."""
    from scipy.stats import binom

    totals = np.arange(1, 601)
    critical = _critical(totals, 0.05)
    assert (binom.cdf(critical, totals, 0.5) <= 0.05).all()
    assert (binom.cdf(critical + 1, totals, 0.5) > 0.05).all()
