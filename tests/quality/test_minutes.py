"""Clocks that are minutes apart, and incidents that are stamped late."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from aftershock.dataset.dataset import Dataset
from aftershock.quality import minutes
from aftershock.quality.variants import everywhere, moved


def with_incidents_moved(dataset: Dataset, by: np.ndarray, unit: str) -> Dataset:
    by = pd.to_timedelta(by, unit=unit)
    times = {c: dataset.incidents[c] + by for c in ("started_at", "started_at_before")}
    return replace(dataset, incidents=dataset.incidents.assign(**times))


@pytest.mark.parametrize("ahead", [5, 10, 20])
def test_a_clock_that_is_minutes_ahead_is_found(demo, ahead):
    found = minutes.lead(minutes.Lags(moved(demo, "changes", pd.Timedelta(minutes=ahead), everywhere)))
    assert found.low - 1 <= ahead <= found.high + 1
    assert found.seen > 3 * found.chance


def test_the_fix_moves_the_changes_back(demo):
    late = moved(demo, "changes", pd.Timedelta(minutes=10), everywhere)
    (finding,) = minutes.find_minutes(late)
    assert finding.check == "minutes_ahead"
    assert minutes.find_minutes(finding.without.make(late)) == []


def caused(dataset: Dataset, rng: np.random.Generator, *, median: float, width: float) -> Dataset:
    """Every incident after some change of its service, by a log-normal delay (minutes)."""
    named = dataset.changes[dataset.changes["services"].map(bool)]
    cause = named.iloc[rng.integers(0, len(named), len(dataset.incidents))].reset_index(drop=True)
    start = cause["started_at"] + pd.to_timedelta(median * np.exp(width * rng.standard_normal(len(cause))), unit="min")
    incidents = dataset.incidents.reset_index(drop=True)
    return replace(
        dataset, incidents=incidents.assign(started_at=start, started_at_before=start, services=cause["services"])
    )


def test_incidents_stamped_half_an_hour_late_are_found(demo):
    rng = np.random.default_rng(5)
    late = with_incidents_moved(caused(demo, rng, median=20, width=1), rng.uniform(30, 60, len(demo.incidents)), "min")
    (finding,) = minutes.find_minutes(late)
    assert finding.check == "late_onset"
    assert finding.title == "hardly any incident begins within 30 minutes of a change, many in the 60 after that"
    earlier = finding.without.make(late)
    assert minutes.find_minutes(earlier) == []


def test_a_sound_log_is_seldom_accused(demo):
    """Stated is at most one in a hundred of each; the demo as it is, and its incidents dealt to other weeks."""
    rng = np.random.default_rng(3)
    dealt = [with_incidents_moved(demo, 7 * rng.integers(-8, 9, len(demo.incidents)), "D") for _ in range(60)]
    assert minutes.find_minutes(demo) == []
    assert sum(bool(minutes.find_minutes(d)) for d in dealt) <= 3


@pytest.mark.parametrize(("median", "width"), [(5, 1.0), (20, 1.0), (20, 1.5), (60, 1.0)])
def test_slow_processes_are_seldom_taken_for_late_stamps(demo, median, width):
    """Four of thirty would be seen once in 4,000 times."""
    rng = np.random.default_rng(8)
    assert sum(bool(minutes.find_minutes(caused(demo, rng, median=median, width=width))) for _ in range(30)) <= 3
