"""The keys of DORA against numbers worked by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from toy import REMISSIONS, STILL_IN_REMISSION, ToyFound, fleet, shares, suspects, two_incidents_found

from aftershock import metrics
from aftershock.metrics.dora import weighted_median


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
    assert rate["chance"] == pytest.approx(0.6 / 10)
    assert 0 < rate["low"] < rate["value"] < rate["high"] < 0.5
    recovery = keys.loc["failed deployment recovery time"]
    assert recovery["value"] == 60 and (recovery["low"], recovery["high"]) == (60, 240)
    assert math.isnan(keys.loc["change lead time", "value"])
    assert keys["definition"].str.len().min() > 20


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
        log = dataset.settings.changes.model_copy(update={"deployments": kinds})
        settings = dataset.settings.model_copy(update={"changes": log})
        keys = metrics.dora(replace(dataset, changes=changes, settings=settings), two_incidents_found(), "2025-01")
        rate = keys.set_index("measure").loc["change failure rate"]
        count[tuple(kinds)] = int(rate["n"])
        assert f"deployments are changes of kind {', '.join(kinds or ['deploy'])};" in rate["definition"]
    assert count == {(): 8, ("config",): 2, ("deploy", "config"): 10}
