"""The keys of DORA against numbers worked by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from toy import REMISSIONS, STILL_IN_REMISSION, ToyFound, fleet, shares, suspects, two_incidents_found

from aftershock import metrics
from aftershock.metrics.dora import recovery_interval, weighted_median


def test_weighted_median_equals_kaplan_meier_with_equal_weights():
    minutes, still = np.array(REMISSIONS, dtype=float), np.array(STILL_IN_REMISSION, dtype=bool)
    assert weighted_median(minutes, still, np.ones(21)) == 23
    assert weighted_median(minutes, still, np.full(21, 0.2)) == 23
    assert math.isnan(weighted_median(np.array([5.0]), np.array([True]), np.ones(1)))


def test_weighted_median_by_hand():
    """Weights 1, 1, 4 at 1, 2, 3: the curve falls to 5/6, 4/6, 0."""
    assert weighted_median(np.array([3.0, 1.0, 2.0]), np.zeros(3, dtype=bool), np.array([4.0, 1.0, 1.0])) == 3


def test_dora_keys_by_hand():
    """Nine deployments in 31 days. c1 set off a (0.5) or b (0.5), so it failed with 1 − 0.5 · 0.5; the others never."""
    keys = metrics.dora(fleet(), two_incidents_found(), "2025-01").set_index("measure")
    assert keys.loc["deployment frequency", "value"] == pytest.approx(9 / 31)
    rate = keys.loc["change failure rate"]
    assert rate["value"] == pytest.approx(0.75 / 9) and rate["n"] == 9
    assert rate["chance"] == pytest.approx(0.4 / 9)  # of c1 and the eight that set nothing off; c2 is configuration
    assert 0 < rate["low"] < rate["value"] < rate["high"] < 0.5
    recovery = keys.loc["failed deployment recovery time"]
    assert math.isnan(recovery["value"]) and recovery["n"] == 1.0
    assert recovery["definition"].endswith("Not shown, as the expected failures come to 1 and 3 are needed")
    assert keys.loc["deployment rework rate", "value"] == 0
    assert math.isnan(keys.loc["change lead time", "value"])
    assert keys["definition"].str.len().min() > 20


def test_lead_time_is_the_median_from_commit_to_deployment():
    dataset = fleet()
    deployed = dataset.changes["kind"] == "deploy"
    starts = dataset.changes["started_at"]
    ages = {0: "1h", 1: "2h", 2: "7h", 3: "0h"}  # the last is a squashed merge, which says nothing
    rows = deployed[deployed].index[: len(ages)]
    written = {row: starts[row] - pd.Timedelta(age) for row, age in zip(rows, ages.values(), strict=True)}
    dataset.changes["extras"] = [{"committed_at": str(written[n])} if n in written else {} for n in starts.index]
    lead = metrics.dora(dataset, two_incidents_found(), "2025-01").set_index("measure").loc["change lead time"]
    assert (lead["value"], lead["unit"], lead["n"]) == (120, "minutes", 3)
    assert lead["low"] < 120 < lead["high"]
    assert "of the month's deployments whose record says when the commit was made (3 of 9)" in lead["definition"]
    dataset.changes.loc[rows[2], "extras"] = None
    dataset.changes["extras"] = [one or {} for one in dataset.changes["extras"]]
    hidden = metrics.dora(dataset, two_incidents_found(), "2025-01").set_index("measure").loc["change lead time"]
    assert math.isnan(hidden["value"]) and hidden["n"] == 2
    assert hidden["definition"].endswith(". Not shown, as 3 are needed")


def test_dora_counts_every_kind_where_nothing_is_called_a_deployment():
    dataset = fleet()
    dataset.changes["kind"] = "config"
    keys = metrics.dora(dataset, two_incidents_found(), "2025-01").set_index("measure")
    assert keys.loc["deployment frequency", "n"] == 10
    assert "changes of kind config" in keys.loc["deployment frequency", "definition"]


def test_dora_of_a_month_without_changes():
    keys = metrics.dora(fleet(), two_incidents_found(), "2025-02").set_index("measure")
    assert keys.loc["deployment frequency", "value"] == 0
    assert math.isnan(keys.loc["change failure rate", "value"])
    assert math.isnan(keys.loc["failed deployment recovery time", "value"])


def test_failure_rate_interval_is_jeffreys_when_the_draws_agree():
    """All draws blame the one deployment for the one incident: Beta(1.5, n − 0.5), from scipy."""
    from scipy.stats import beta

    dataset = fleet()
    table = suspects(("a", 1, "c1", 1.0, "deploy", 10.0, False, ""))
    found = ToyFound(table, shares=shares(("a", 1.0, 0.1)), draws=np.ones((50, 1)))
    rate = metrics.dora(dataset, found, "2025-01").set_index("measure").loc["change failure rate"]
    assert (rate["low"], rate["high"]) == pytest.approx(tuple(beta.ppf([0.05, 0.95], 1.5, 8.5)), abs=1e-6)


def test_deployments_are_of_the_kinds_that_the_dataset_names():
    """Ten changes in the month, two of them configuration: a dataset that counts these as well says so with the number."""
    dataset = fleet()
    changes = dataset.changes.assign(kind=["config"] * 2 + ["deploy"] * 8)
    count = {}
    for kinds in ([], ["config"], ["deploy", "config"]):
        log = dataset.settings.changes[0].model_copy(update={"deployments": kinds})
        settings = dataset.settings.model_copy(update={"changes": [log]})
        keys = metrics.dora(replace(dataset, changes=changes, settings=settings), two_incidents_found(), "2025-01")
        rate = keys.set_index("measure").loc["change failure rate"]
        count[tuple(kinds)] = int(rate["n"])
        assert f"Deployments are changes of kind {', '.join(kinds or ['deploy'])}." in rate["definition"]
    assert count == {(): 8, ("config",): 2, ("deploy", "config"): 10}


@pytest.mark.parametrize("draw", ["lognormal", "exponential", "weibull"])
@pytest.mark.parametrize("n", [3, 5, 7, 8, 12, 30])
def test_the_interval_of_the_recovery_time_holds_nine_times_in_ten(draw, n):
    """Times drawn from three families, of which the interval knows one; the median is known of each."""
    rng = np.random.default_rng(n)
    median = {"lognormal": 60.0, "exponential": 60 * math.log(2), "weibull": 60 * math.log(2) ** (1 / 1.5)}[draw]
    times = {
        "lognormal": lambda: 60 * rng.lognormal(0, 1.2, n),
        "exponential": lambda: rng.exponential(60, n),
        "weibull": lambda: 60 * rng.weibull(1.5, n),
    }[draw]
    held = 0
    for _ in range(600):
        low, high = recovery_interval(times(), np.ones(n))
        held += low <= median <= high
    assert held / 600 > 0.87


def test_recovery_time_of_four_failures_by_hand():
    """Logarithms of 10, 20, 40 and 80 minutes: mean ln √800, sample deviation ln 2 √(5/3), t of 3 degrees 2.3534."""
    low, high = recovery_interval(np.array([10.0, 20.0, 40.0, 80.0]), np.ones(4))
    middle, reach = math.sqrt(800), 2.3534 * math.log(2) * math.sqrt(5 / 3) / 2
    assert (low, high) == pytest.approx((middle * math.exp(-reach), middle * math.exp(reach)), rel=1e-4)


def test_rework_counts_emergencies_and_what_takes_a_change_back():
    """Of nine deployments one was an emergency, and one reverts another; the emergency that also reverts counts once."""
    dataset = fleet()
    titles = dataset.changes["title"].tolist()
    titles[2], titles[3] = 'Revert "Raise the limit"', 'Revert "Widen the pool"'
    emergency = [False, False, False, True, True, *[False] * 5]
    changed = replace(dataset, changes=dataset.changes.assign(title=titles, emergency=emergency))
    rate = metrics.dora(changed, two_incidents_found(), "2025-01").set_index("measure").loc["deployment rework rate"]
    assert (rate["value"], rate["n"]) == (pytest.approx(3 / 9), 9)
