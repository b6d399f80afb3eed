"""Times to detect, mitigate and resolve against a published trial."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from toy import REMISSIONS, STILL_IN_REMISSION, ToyDataset, incidents, trial

from aftershock import metrics
from aftershock.metrics.durations import _kaplan_meier
from aftershock.model.intervals import binomial_interval


def test_kaplan_meier_on_the_leukaemia_trial():
    """Freireich et al. (1963), 6-MP arm; survival as printed in Kleinbaum & Klein, Survival Analysis, table 2.2.

    The interval at 6 weeks by hand: S = 18/21, Greenwood sum 3/(21·18), S^exp(±1.6449·√sum/ln S).
    """
    curve = _kaplan_meier(np.array(REMISSIONS, dtype=float), np.array(STILL_IN_REMISSION, dtype=bool))
    survival = dict(zip(curve["minutes"], 1 - curve["share"], strict=True))
    printed = {6: 0.8571, 7: 0.8067, 10: 0.7529, 13: 0.6902, 16: 0.6275, 22: 0.5378, 23: 0.4482}
    assert {t: round(survival[t], 4) for t in printed} == pytest.approx(printed, abs=1e-4)
    s, width = 18 / 21, 1.644854 * math.sqrt(3 / (21 * 18))
    assert 1 - curve["share_low"][0] == pytest.approx(s ** math.exp(width / math.log(s)), abs=1e-4)
    assert 1 - curve["share_high"][0] == pytest.approx(s ** math.exp(-width / math.log(s)), abs=1e-4)
    assert curve["censored"].sum() == 12


def test_durations_count_open_incidents_as_longer_than_their_age():
    """The published median is 23; dropping the open ones would give 10."""
    table = metrics.durations(trial(), trial().incidents).set_index("measure")
    row = table.loc["resolve"]
    assert (row["n"], row["n_open"], row["median"]) == (21, 12, 23)
    assert row["median_low"] < 23 and math.isinf(row["median_high"]) and math.isnan(row["p90"])
    assert table.loc["detect", "n"] == 0 and table.loc["detect", "n_missing"] == 21
    assert math.isnan(table.loc["detect", "median"])


def test_imprecise_times_stand_at_their_middle_and_are_counted():
    """Start between 10:00 and 10:20, resolved between 11:00 and 12:00: 80 minutes. Detected before the middle: 0."""
    row = {
        "incident_id": "a",
        "started_at": "2025-01-05 10:00",
        "started_at_before": "2025-01-05 10:20",
        "detected_at": "2025-01-05 10:05",
        "resolved_at": "2025-01-05 11:00",
        "resolved_at_before": "2025-01-05 12:00",
    }
    dataset = ToyDataset(incidents(row))
    table = metrics.durations(dataset, dataset.incidents).set_index("measure")
    assert table.loc["resolve", "median"] == 80 and table.loc["detect", "median"] == 0
    assert table["n_imprecise"].to_dict() == {"detect": 1, "mitigate": 0, "resolve": 1}


@pytest.mark.parametrize(
    ("count", "known"), [(1, set()), (2, {"p90"}), (3, {"p75", "p90"}), (5, {"median", "p75", "p90"})]
)
def test_of_few_incidents_all_may_be_longer_so_no_lower_end_is_claimed(count, known):
    """All of ``n`` are longer than the median with probability 2⁻ⁿ: above five per cent up to four of them."""
    rows = [
        {"incident_id": f"i{n}", "started_at": "2025-01-05 10:00", "resolved_at": f"2025-01-05 1{n + 1}:00"}
        for n in range(count)
    ]
    dataset = ToyDataset(incidents(*rows))
    row = metrics.durations(dataset, dataset.incidents).set_index("measure").loc["resolve"]
    assert {name for name in ("median", "p75", "p90") if not math.isnan(row[f"{name}_low"])} == known


def test_one_incidents_times_come_with_what_imprecise_ones_allow():
    """Start between 10:00 and 10:20, resolved between 11:00 and 12:00: 40 minutes to two hours."""
    row = {"started_at": "2025-01-05 10:00", "started_at_before": "2025-01-05 10:20"}
    row |= {"incident_id": "a", "resolved_at": "2025-01-05 11:00", "resolved_at_before": "2025-01-05 12:00"}
    own = metrics.compare_incident(ToyDataset(incidents(row)), "a").set_index("measure").loc["resolve"]
    assert (own["minutes_low"], own["minutes"], own["minutes_high"]) == (40, 80, 120)


def test_an_unknown_end_is_missing_not_censored():
    dataset = ToyDataset(incidents({"incident_id": "a", "started_at": "2025-01-05", "status": "unknown"}))
    row = metrics.durations(dataset, dataset.incidents).set_index("measure").loc["resolve"]
    assert (row["n"], row["n_open"], row["n_missing"]) == (0, 0, 1)
    assert metrics.duration_curves(dataset, dataset.incidents).empty


def test_duration_curves_leave_out_measures_nobody_reached():
    curves = metrics.duration_curves(trial(), trial().incidents)
    assert set(curves["measure"]) == {"resolve"}
    assert curves["share"].is_monotonic_increasing


def test_compare_incident_among_earlier_ones():
    """Earlier ones took 10, 20, 20 and 40 minutes; this one 20: (1 + 2/2) / 4. A later one does not count."""
    rows = [
        {"incident_id": str(i), "started_at": f"2025-01-0{i} 00:00", "resolved_at": f"2025-01-0{i} 00:{m}"}
        for i, m in enumerate([10, 20, 20, 40, 20, 50], start=1)
    ]
    dataset = ToyDataset(incidents(*rows))
    row = metrics.compare_incident(dataset, "5").set_index("measure").loc["resolve"]
    assert (row["percentile"], row["n"], row["minutes"]) == (0.5, 4, 20)
    assert row["low"] == pytest.approx(binomial_interval(1, 4)[0])
    assert row["high"] == pytest.approx(binomial_interval(3, 4)[1])
    assert math.isnan(metrics.compare_incident(dataset, "1").set_index("measure").loc["resolve", "percentile"])
    assert metrics.compare_incident(dataset, "nobody").empty


def test_durations_do_not_depend_on_the_order_of_rows():
    dataset, shuffled = trial(), trial()
    shuffled.incidents = shuffled.incidents.sample(frac=1, random_state=3)
    pd.testing.assert_frame_equal(
        metrics.durations(dataset, dataset.incidents), metrics.durations(shuffled, shuffled.incidents)
    )
