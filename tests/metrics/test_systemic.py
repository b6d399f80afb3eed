"""The row of outages: which they are, against a baseline, and what changes had to do with it."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binomtest, chi2, kstest
from toy import SETTINGS, ToyDataset, ToyFound, incidents, shares, suspects, utc

from aftershock import metrics
from aftershock.dataset.targets import BaselineSection


def row(*starts: str) -> ToyDataset:
    return ToyDataset(incidents(*({"incident_id": str(n), "started_at": s} for n, s in enumerate(starts))))


def nothing_found(dataset: ToyDataset, linked: list[bool] | None = None, draws: np.ndarray | None = None) -> ToyFound:
    ids = dataset.incidents["incident_id"]
    return ToyFound(
        suspects(),
        shares=shares(*((i, 0.5, 0.1) for i in ids)),
        linked=None if linked is None else np.tile(linked, (10, 1)),
        draws=draws,
    )


def with_baseline(dataset: ToyDataset, **keys: object) -> ToyDataset:
    return replace(dataset, settings=SETTINGS.model_copy(update={"baseline": BaselineSection.model_validate(keys)}))


def test_alerts_of_one_outage_and_incidents_outside_the_period_are_not_counted():
    dataset = row("2024-12-30", "2025-01-05", "2025-01-05 01:00", "2025-02-01")
    series = metrics.outage_series(dataset, nothing_found(dataset, [False, False, True, False]))
    assert series.incident_ids == ("1", "3") and series.days.tolist() == [4, 31]
    assert (series.length, series.joined, series.outside) == (90, 1, 1)
    assert series.rate.value == pytest.approx(2 / 90 * 30.44)
    assert len(metrics.outage_series(dataset, nothing_found(dataset), utc("2025-02-01"))) == 2


def test_the_row_of_the_shipped_outages_is_what_an_independent_count_gives(twitter, twitter_found):
    """Counted from the file: 2, 2, 4, 2, 0, 0, 0, 1 outages from December to July; ten by 6 March, one in the 147 days after."""
    series = metrics.outage_series(twitter, twitter_found)
    counts = np.array([2, 2, 4, 2, 0, 0, 0, 1])
    days = np.array([31, 31, 28, 31, 30, 31, 30, 31])
    table = metrics.poisson_tests(series.days, series.length, counts, days).set_index("test")
    expected = 11 * days / 243
    statistic = ((counts - expected) ** 2 / expected).sum()
    spread = table.loc["variance of the monthly counts over their mean"]
    assert (spread["value"], spread["p_value"]) == pytest.approx((statistic / 7, chi2.sf(statistic, 7)))
    assert (round(spread["value"], 2), round(spread["p_value"], 2)) == (1.56, 0.14)
    gaps = table.loc["distance from an even spread", "p_value"]
    assert gaps == pytest.approx(kstest(series.days / 243, "uniform").pvalue) and round(gaps, 3) == 0.003
    found = metrics.changepoint(series.days, series.length)
    assert (found.after, found.later, int(series.length - found.day)) == (10, 1, 147)
    assert f"{series.at(found.day):%Y-%m-%d}" == "2023-03-06"
    assert (
        found.p_value == pytest.approx(second_count(series.days / 243), abs=0.0015) and round(found.p_value, 3) == 0.004
    )


def second_count(at: np.ndarray) -> float:
    """p-value of a change of the rate after one of the outages, with binomial likelihoods and other random numbers."""
    from scipy.stats import binom

    n = len(at)
    k = np.arange(1, n)

    def best(rows: np.ndarray) -> np.ndarray:
        return (binom.logpmf(k, n, k / n) - binom.logpmf(k, n, rows[:, :-1])).max(axis=1)

    rows = np.sort(np.random.default_rng(99).random((40_000, n)), axis=1)
    return float((best(rows) >= best(at[None, :])[0] - 1e-9).mean())


def test_an_outside_count_is_compared_with_the_days_that_it_names(twitter, twitter_found):
    """NetBlocks counted 3 in the first 65 days of 2022; the log has 8 in those of 2023."""
    found = metrics.baseline(twitter, metrics.outage_series(twitter, twitter_found))
    assert (found.this, found.other, found.ratio) == (8, 3, pytest.approx(8 / 3))
    assert found.p_value == pytest.approx(binomtest(8, 11, 0.5).pvalue) and found.verdict == "within noise"


def test_without_an_outside_count_an_earlier_part_of_the_log_is_the_baseline():
    dataset = row("2025-01-03", "2025-01-09", "2025-02-02", "2025-02-03", "2025-03-04")
    same = with_baseline(dataset, **{"from": "2025-01-01", "to": "2025-01-31"})
    found = metrics.baseline(same, metrics.outage_series(same, nothing_found(same)))
    assert (found.this, found.other) == (3, 2)
    assert found.ratio == pytest.approx((3 / 59) / (2 / 31))
    assert metrics.baseline(dataset, metrics.outage_series(dataset, nothing_found(dataset))) is None


def test_whether_changes_carry_the_row_is_read_from_the_draws():
    """Before: both drawn as set off in all draws. After: one in half of them."""
    dataset = row("2025-01-03", "2025-01-09", "2025-03-04")
    draws = np.array([[1, 1, 0], [1, 1, 1]] * 20)
    found = nothing_found(dataset, draws=draws)
    carried = metrics.carried_by_changes(found, metrics.outage_series(dataset, found), 10.0)
    assert (carried.before.n, carried.after.n) == (2, 1)
    assert (carried.difference.low, carried.difference.high) == (-1, 0)
    alone = metrics.carried_by_changes(found, metrics.outage_series(dataset, found), 80.0)
    assert math.isnan(alone.difference.value)
