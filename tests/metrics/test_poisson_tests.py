"""The tests of evenness against published examples, exact distributions and second implementations."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from aftershock.metrics.poisson_tests import (
    COLUMNS,
    SURE,
    TESTS,
    changepoint,
    dispersion,
    evenness,
    longest_gap,
    longest_gap_tail,
    noticeable_change,
    poisson_tests,
    smallest_p,
    trend,
)

#: Coal-mine disasters by year, 1851 to 1962, as in Carlin, Gelfand & Smith (1992), Applied Statistics 41:389.
COAL = [
    int(n)
    for n in "4541043406334026335453144155342522342132"
    "111113001011003103220111010100021000110223112111124200014000100000100100"
]
#: Times between failures of a system that gets worse (Ascher & Feingold 1984, *Repairable Systems Reliability*, ch. 5): Laplace's
#: statistic is 2.0, and −2.0 in the reverse order.
SAD = [177, 65, 51, 43, 32, 27, 15]


def coal() -> tuple[np.ndarray, float]:
    """The explosions in years since 1851, spread over each year."""
    at = [year + (k + 0.5) / n for year, n in enumerate(COAL) for k in range(n)]
    return np.array(at), float(len(COAL))


def test_the_coal_mines_have_their_published_changepoint():
    """Carlin, Gelfand & Smith: the change comes with the 41st year, 3.1 explosions a year before it and 0.9 after it; Raftery &
    Akman (1986): 1890, 1887 to 1895."""
    assert (len(COAL), sum(COAL)) == (112, 188)
    at, length = coal()
    found = changepoint(at, length, draws=999)
    assert 39 <= found.day <= 41
    assert 35 <= found.low < found.day < found.high <= 44
    assert found.after / found.day == pytest.approx(3.1, abs=0.05)
    assert found.later / (length - found.day) == pytest.approx(0.9, abs=0.05)
    assert found.ratio.value == pytest.approx((found.later / (length - found.day)) / (found.after / found.day))
    assert found.ratio.value == pytest.approx(0.92 / 3.1, abs=0.03) and found.p_value == 0.001
    assert found.ratio.low < found.ratio.value < found.ratio.high


def test_an_even_row_whose_first_stamp_is_the_first_moment_of_the_period_is_even():
    """A weekly row of days: the period begins with the first of them, which says nothing of a rate."""
    for days in (np.arange(20) * 7.0, np.arange(1, 21) * 7.0):
        found = changepoint(days, 140.0, draws=999)
        assert found.p_value > 0.2 and 0 < found.ratio.value < 100
    early = changepoint(np.array([0, 0, 0, 0, 1, 1, 2, 60.0]), 140.0, draws=999)
    assert early.p_value < 0.01 and early.day == 2, "where stamps are many at the beginning the rate did change"


def test_laplace_is_the_published_one():
    """The last failure ends the observation, so it is not among the times."""
    for gaps, statistic in ((SAD, 2.0), (SAD[::-1], -2.0)):
        times = np.cumsum(gaps)
        found = trend(times[:-1], float(times[-1]))
        assert math.copysign(1, found.value - 1) == math.copysign(1, statistic)
        assert found.p_value == pytest.approx(math.erfc(2.0 / math.sqrt(2)), abs=0.003)


def test_the_slope_is_that_of_a_poisson_regression():
    """Second opinion: counts in 20,000 thin slices, maximised by Newton's method."""
    at = np.sort(np.random.default_rng(5).beta(1, 2, 60)) * 300
    slices = np.histogram(at, bins=20_000, range=(0, 300))[0]
    x = (np.arange(20_000) + 0.5) / 20_000
    coefficients = np.array([math.log(60 / 20_000), 0.0])
    design = np.column_stack([np.ones_like(x), x])
    for _ in range(30):
        mean = np.exp(design @ coefficients)
        coefficients = coefficients + np.linalg.solve(design.T @ (design * mean[:, None]), design.T @ (slices - mean))
    found = trend(at, 300.0)
    assert math.log(found.value) * 300 / 30.44 == pytest.approx(coefficients[1], rel=1e-3)
    assert found.low < found.value < found.high


@pytest.mark.parametrize("n", [3, 10, 40])
def test_the_interval_of_the_trend_holds_nine_times_in_ten(n):
    rng = np.random.default_rng(n)
    slope = 1.5
    held = 0
    for _ in range(400):
        u = np.log1p(rng.random(n) * math.expm1(slope)) / slope  # density in proportion to exp(slope × time)
        found = trend(u * 304.4, 304.4)
        held += found.low <= math.exp(slope / 10) <= found.high
    assert held / 400 == pytest.approx(0.9, abs=0.045)


def test_dispersion_by_hand():
    """Counts 2, 2, 4, 2, 0, 0, 0, 1 in months of equal days: 8/11 Σn² − 11 = 101/11, over 7."""
    found = dispersion(np.array([2, 2, 4, 2, 0, 0, 0, 1]), np.full(8, 30.0))
    assert found.value == pytest.approx((8 / 11 * 29 - 11) / 7)
    from scipy.stats import chi2, chisquare

    assert found.p_value == pytest.approx(chisquare([2, 2, 4, 2, 0, 0, 0, 1]).pvalue)
    assert found.low == pytest.approx(found.value * 7 / chi2.ppf(0.95, 7))
    assert found.chance_high == pytest.approx(chi2.ppf(0.95, 7) / 7)


def test_evenness_is_kolmogorovs():
    from scipy.stats import kstest

    at = np.random.default_rng(1).random(17)
    found, second = evenness(at * 50, 50.0), kstest(at, "uniform")
    assert (found.value, found.p_value) == pytest.approx((second.statistic, second.pvalue))


def test_the_longest_gap_has_fishers_percentage_points():
    """Fisher (1929), table 1: the largest of n parts exceeds these shares with 5 % probability."""
    for parts, point in ((5, 0.68377), (10, 0.44495)):
        assert longest_gap_tail(point, parts - 1) == pytest.approx(0.05, abs=2e-5)
    assert longest_gap(np.array([1.0, 2.0, 9.0]), 10.0).value == 7.0


def test_the_longest_of_many_gaps_agrees_with_drawn_rows():
    rng = np.random.default_rng(3)
    for n, share in ((30, 0.15), (59, 0.1), (61, 0.1), (300, 0.028)):
        rows = np.sort(rng.random((20_000, n)), axis=1)
        drawn = (np.diff(rows, axis=1, prepend=0.0, append=1.0).max(axis=1) > share).mean()
        assert longest_gap_tail(share, n) == pytest.approx(drawn, abs=0.012)


def test_even_rows_are_called_uneven_as_often_as_promised():
    """All tests paid for, at most one even row in twenty is called more than bad luck."""
    rng = np.random.default_rng(11)
    wrong = 0
    for _ in range(100):
        at = np.sort(rng.random(15)) * 300
        counts = np.histogram(at, bins=10, range=(0, 300))[0]
        table = poisson_tests(at, 300.0, counts, np.full(10, 30.0), changepoint(at, 300.0, draws=499))
        wrong += smallest_p(table) < SURE
    assert wrong <= 9  # 95 % of binomial counts with 100 and 0.05 are at most 9


def test_a_change_that_is_noticeable_is_noticed():
    """Second opinion: rows drawn afresh, with the tests as reports make them."""
    n = 30
    ratio = noticeable_change(n)
    rng = np.random.default_rng(8)
    noticed = 0
    for _ in range(60):
        first = rng.random(n) < 1 / (1 + ratio)
        at = np.sort(np.where(first, 0, 0.5) + rng.random(n) / 2) * 100
        found = [changepoint(at, 100.0, draws=499), evenness(at, 100.0), longest_gap(at, 100.0)]
        noticed += min(test.p_value for test in found) * TESTS < SURE
    assert 0.68 < noticed / 60 < 0.98  # the larger of a rise and a fall, so at least 80 % of one of them
    assert noticeable_change(1) == math.inf > noticeable_change(60) > noticeable_change(600) > 1


@pytest.mark.parametrize("n", [0, 1, 2])
def test_too_few_events_say_nothing(n):
    at = np.linspace(10, 20, n)
    table = poisson_tests(at, 100.0, np.array([n, 0, 0]), np.array([31.0, 28.0, 31.0]))
    assert list(table.columns) == COLUMNS and len(table) == TESTS
    assert (table["n"] == n).all()
    assert table["p_value"].isna().sum() == (5 if n == 0 else 4 if n == 1 else 0)
    assert math.isnan(smallest_p(table)) == (n == 0)


def test_the_smallest_p_value_pays_for_all_tests():
    assert smallest_p(pd.DataFrame({"p_value": [0.3, 0.01, math.nan]})) == pytest.approx(0.02)
    assert smallest_p(pd.DataFrame({"p_value": [0.9, 0.8]})) == 1
