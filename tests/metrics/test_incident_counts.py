"""Counts of incidents against closed forms and numbers worked by hand."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from toy import ToyDataset, incidents, utc

from aftershock import metrics


def three_months() -> ToyDataset:
    """Two incidents in January, none in February, one and its duplicate in March, observed for 15 of its 31 days."""
    table = incidents(
        {"incident_id": "a", "started_at": "2025-01-05", "severity": "SEV2", "services": ["api", "web"]},
        {"incident_id": "b", "started_at": "2025-01-31 23:30", "severity": "SEV1", "services": ["api"]},
        {"incident_id": "c", "started_at": "2025-03-02", "severity": ""},
        {"incident_id": "d", "started_at": "2025-03-02", "duplicate_of": "c"},
    )
    return ToyDataset(table, observed=(utc("2025-01-01"), utc("2025-03-16")))


def test_month_counts_fold_duplicates_and_mark_partial_months():
    counts = metrics.month_counts(three_months())
    assert counts["incidents"].tolist() == [2, 0, 1]
    assert counts["partial"].tolist() == [False, False, True]
    assert counts["days"].tolist() == [31, 28, 15]
    assert counts["expected"].tolist() == pytest.approx([3 * d / 74 for d in (31, 28, 15)])


def test_month_belongs_to_the_datasets_zone():
    """23:30 UTC on 31 January is half past midnight on 1 February in Berlin."""
    dataset = three_months()
    dataset.timezone = "Europe/Berlin"
    assert metrics.month_counts(dataset)["incidents"].tolist() == [1, 1, 1]
    assert metrics.incidents_of(dataset, "2025-02")["incident_id"].tolist() == ["b"]


def test_an_imprecise_start_counts_where_its_middle_lies():
    row = {"incident_id": "x", "started_at": "2025-01-30", "started_at_before": "2025-02-10"}
    dataset = ToyDataset(incidents(row))
    assert metrics.month_counts(dataset)["incidents"].tolist() == [0, 1, 0]


def test_days_of_a_month_with_a_clock_change():
    dataset = ToyDataset(incidents(), timezone="Europe/Berlin", observed=(utc("2025-01-01"), utc("2025-06-01")))
    assert metrics.days_observed(dataset, "2025-03") == pytest.approx((31 - 1 / 24, 31 - 1 / 24))
    assert metrics.days_observed(dataset, "2026-03")[0] == 0


def spread_over(per_month: list[int]) -> ToyDataset:
    """As many incidents from January to March 2025."""
    rows = [
        {"incident_id": f"{m}-{i}", "started_at": f"2025-{m:02d}-{1 + i % 28:02d}"}
        for m, n in enumerate(per_month, start=1)
        for i in range(n)
    ]
    return ToyDataset(incidents(*rows))


def test_control_limits_of_independent_incidents_are_poisson_quantiles():
    """Second opinion: scipy's quantile function."""
    from scipy.stats import poisson

    counts = metrics.month_counts(spread_over([14, 12, 14]))
    assert counts["dispersion"].tolist() == [1, 1, 1]
    assert counts["limit_low"].tolist() == poisson.ppf(0.00135, counts["expected"]).tolist()
    assert counts["limit_high"].tolist() == poisson.ppf(0.99865, counts["expected"]).tolist()


def test_control_limits_allow_for_the_clusters_of_the_other_months():
    """Second opinion: scipy's negative binomial. A month is compared with limits from months that it is not among."""
    from scipy.stats import nbinom

    counts = metrics.month_counts(spread_over([2, 20, 3]))
    expected = 22 * 31 / 59, 22 * 28 / 59
    assert counts["dispersion"][2] == pytest.approx(
        sum((n - e) ** 2 / e for n, e in zip((2, 20), expected, strict=True))
    )
    assert counts["dispersion"][1] == 1
    shape = counts["expected"] / (counts["dispersion"] - 1)
    for column, p in (("limit_low", 0.00135), ("limit_high", 0.99865)):
        second = nbinom.ppf(p, shape[2], 1 / counts["dispersion"][2])
        assert counts[column][2] == second


def test_no_incidents_at_all():
    counts = metrics.month_counts(ToyDataset(incidents()))
    assert counts["incidents"].tolist() == [0, 0, 0]
    assert counts["limit_high"].tolist() == [0, 0, 0]


def test_by_severity_is_worst_first_and_knows_the_usual():
    """March: one without a severity. The 59 days before had one SEV1 and one SEV2: 15 / 59 are usual in 15 days."""
    table = metrics.by_group(three_months(), "2025-03", "severity")
    assert table["group"].tolist() == ["SEV1", "SEV2", "not given"]
    assert table["incidents"].tolist() == [0, 0, 1]
    assert table["usual"].tolist() == pytest.approx([15 / 59, 15 / 59, 0])
    assert table["high"].iloc[0] == pytest.approx(-math.log(0.05))
    assert metrics.by_group(three_months(), "2025-01", "severity")["usual"].isna().all()


def test_by_service_counts_an_incident_with_each_of_its_services():
    table = metrics.by_group(three_months(), "2025-01", "services")
    assert dict(zip(table["group"], table["incidents"], strict=True)) == {"api": 2, "web": 1}
    assert metrics.by_group(three_months(), "2025-02", "services").empty


def test_counts_do_not_depend_on_the_order_of_rows():
    dataset, shuffled = three_months(), three_months()
    shuffled.incidents = shuffled.incidents.sample(frac=1, random_state=3)
    pd.testing.assert_frame_equal(metrics.month_counts(dataset), metrics.month_counts(shuffled))
    assert metrics.month_counts(dataset)["incidents"].sum() == 3
