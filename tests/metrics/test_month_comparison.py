"""Comparisons of two months against exact tests and simulated months."""

from __future__ import annotations

import math

import numpy as np
import pytest
from toy import ToyDataset, incidents, utc

from aftershock import metrics
from aftershock.metrics.incident_counts import dispersion_of
from aftershock.metrics.month_comparison import _critical


def test_compare_rates_ten_against_none():
    """All ten of ten fall in this month: the share is at least 0.05^(1/10), the test's p-value 2 × 0.5^10."""
    found = metrics.compare_rates(10, 0)
    share = 0.05**0.1
    assert found.low == pytest.approx(share / (1 - share))
    assert math.isinf(found.ratio) and math.isinf(found.high)
    assert found.p_value == pytest.approx(2 * 0.5**10)
    assert found.verdict == "more than noise"
    assert found.ratio_words == (
        f"at least {found.low:.2g} times the daily rate (90 %; none before it sets no upper end), more than noise"
    )


def test_none_against_ten_has_no_ratio_of_nought():
    found = metrics.compare_rates(0, 10)
    assert found.ratio_words == f"at most {found.high:.2f} times the daily rate (90 %), more than noise"
    assert metrics.compare_rates(0, 0).ratio_words == "nothing to compare"


def test_compare_rates_six_against_three():
    """P(X >= 6 of 9) = (84 + 36 + 9 + 1) / 512, doubled."""
    found = metrics.compare_rates(6, 3)
    assert found.p_value == pytest.approx(130 * 2 / 512)
    assert found.ratio == 2 and found.verdict == "within noise"
    assert (found.as_many, found.as_few) == pytest.approx((130 / 512, 1 - 46 / 512))
    assert found.ratio_words.startswith("2 times the daily rate (90 % interval ")


def test_compare_rates_swaps_and_scales():
    """Swapping the months inverts the ratio; a month of half the days doubles its rate."""
    one, other = metrics.compare_rates(7, 12), metrics.compare_rates(12, 7)
    assert (one.low, one.high) == pytest.approx((1 / other.high, 1 / other.low))
    assert metrics.compare_rates(7, 12, (15, 30)).ratio == pytest.approx(2 * 7 / 12)
    assert metrics.compare_rates(0, 0).verdict == "nothing to compare"
    assert metrics.compare_rates(3, 2, (0, 30)).verdict == "nothing to compare"


@pytest.mark.parametrize(("this", "last"), [(6, 3), (10, 2), (3, 14), (0, 4), (0, 5), (9, 3)])
def test_verdict_and_p_value_agree(this: int, last: int):
    found = metrics.compare_rates(this, last)
    assert (found.verdict == "more than noise") == (found.p_value < 0.10)


def test_a_usual_month_is_one_of_the_twelve_before():
    """January to March have 1, 1 and 2; in April five come: P(X >= 5 of 9) with April's 30 of 120 days."""
    from scipy.stats import binom

    starts = ["2025-01-05", "2025-02-05", "2025-03-05", "2025-03-20", *[f"2025-04-{d:02d}" for d in range(1, 6)]]
    dataset = ToyDataset(
        incidents(*({"incident_id": s, "started_at": s} for s in starts)),
        observed=(utc("2025-01-01"), utc("2025-05-01")),
        months=["2025-01", "2025-02", "2025-03", "2025-04"],
    )
    usual = metrics.usual_before(dataset, "2025-04")
    assert (usual.months, usual.incidents, usual.days, usual.dispersion) == (3, 4, 90, 1)
    assert usual.expected(30) == pytest.approx(4 / 3)
    found = metrics.compare_with_usual(dataset, "2025-04")
    assert (found.this, found.other) == (5, 4)
    assert found.as_many == pytest.approx(binom.sf(4, 9, 0.25)) and found.verdict == "more than noise"
    assert metrics.compare_with_last_month(dataset, "2025-04").other == 2
    assert metrics.compare_with_last_month(dataset, "2025-01") is None
    assert math.isnan(metrics.usual_before(dataset, "2025-01").expected(31))
    assert metrics.compare_with_usual(dataset, "2025-01").verdict == "nothing to compare"


@pytest.mark.parametrize(("dispersion", "mean"), [(1.0, 4.0), (3.0, 6.0)])
def test_months_of_clusters_leave_the_interval_about_as_often_as_promised(dispersion, mean):
    """Thirteen months of one rate whose outages come alone, or in clusters: one in ten is called more than noise, or fewer."""
    rng = np.random.default_rng(7)
    called = 0
    for _ in range(1500):
        drawn = rng.poisson(mean, 13) if dispersion == 1 else rng.negative_binomial(mean / 2, 1 / 3, 13)
        days = np.full(12, 30.0)
        spread = dispersion_of(drawn[:12], days)
        called += (
            metrics.compare_rates(drawn[12], drawn[:12].sum(), (30, 360), dispersion=spread).verdict
            == "more than noise"
        )
    assert called / 1500 < 0.115


def test_detectable_change_has_the_power_it_claims():
    """Second opinion: 4,000 simulated pairs of months at the ratio found are noticed about four times out of five."""
    found = metrics.detectable_change(20)
    rng = np.random.default_rng(20250101)
    before, after = rng.poisson(20, 4000), rng.poisson(20 * found.increase, 4000)
    noticed = np.mean([metrics.compare_rates(int(a), int(b)).low > 1 for a, b in zip(after, before, strict=True)])
    assert noticed == pytest.approx(0.8, abs=0.02)


def test_detectable_change_shrinks_with_more_incidents():
    ratios = [metrics.detectable_change(n).increase for n in (5, 20, 80)]
    assert ratios[0] > ratios[1] > ratios[2] > 1
    assert metrics.detectable_change(80).decrease < 1
    assert metrics.detectable_change(1).decrease is None
    assert metrics.detectable_change(5).sentence == (
        "With 5 incidents a month, only a rise to 3.4 times the rate would be noticed reliably from one month to the next "
        "(4 times in 5); "
        "no fall is large enough."
    )
    assert metrics.detectable_change(20, power=0.9).sentence == (
        "With 20 incidents a month, only a rise to 2.2 times the rate or a fall to 0.26 times it would be noticed reliably "
        "from one month to the next (9 times in 10)."
    )
    assert metrics.detectable_change(0).increase is None


def test_critical_values_are_the_largest_that_the_test_allows():
    """Second opinion: scipy's binomial quantiles for every total up to 600."""
    from scipy.stats import binom

    totals = np.arange(1, 601)
    critical = _critical(totals, 0.05)
    assert (binom.cdf(critical, totals, 0.5) <= 0.05).all()
    assert (binom.cdf(critical + 1, totals, 0.5) > 0.05).all()


def test_clusters_make_a_change_harder_to_notice():
    """Counts that vary four times as much as independent ones weigh as a quarter of them."""
    clustered, fewer = metrics.detectable_change(20, dispersion=4), metrics.detectable_change(5)
    assert (clustered.increase, clustered.decrease) == (fewer.increase, fewer.decrease)
    assert clustered.sentence.startswith("With 20 incidents a month, only a rise to 3.4 times")
    assert "no rise would be noticed reliably" in metrics.detectable_change(1, dispersion=400).sentence


def test_a_ratio_is_said_only_where_it_says_something():
    """To none there is no ratio, and "at least 0.006 times" is no news; what is above or below one at its end is."""
    assert metrics.compare_rates(1, 0).ratio_words == metrics.compare_rates(0, 1).ratio_words == "within noise"
    assert metrics.compare_rates(1, 1).ratio_words == "within noise", "0.026 to 39 times says nothing"
    assert metrics.compare_rates(9, 0).ratio_words.startswith("at least 2.5 times the daily rate (90 %; none before it")
    assert metrics.compare_rates(0, 9).ratio_words == "at most 0.39 times the daily rate (90 %), more than noise"
    assert metrics.compare_rates(2, 2).ratio_words.startswith(
        "the same daily rate (90 % interval 0.11 to 9.2 times it)"
    )
