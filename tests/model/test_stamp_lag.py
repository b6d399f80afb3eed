"""Whether a log stamps its changes late: planted lags are seen, answers to incidents and sound logs are not taken for one."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from aftershock.model.delays import DelayGrid
from aftershock.model.stamp_lag import BINS, LEAD_HOURS, lag_gain, lead_hours

START = pd.Timestamp("2025-01-06", tz="UTC")
SERVICES = [f"s{n}" for n in range(20)]


def table(at: np.ndarray, services: list[str], title: str = "Change the limits") -> pd.DataFrame:
    times = START + pd.to_timedelta(np.round(at * 3600), unit="s")
    return pd.DataFrame(
        {
            "started_at": times,
            "started_at_before": times,
            "services": [[s] for s in services],
            "title": title,
            "emergency": pd.array([pd.NA] * len(at), dtype="boolean"),
        }
    )


def year(lag_minutes: float, seed: int = 1) -> tuple[pd.DataFrame, pd.DataFrame]:
    """2,000 changes, of which 60 set an incident off within ten minutes; stamped so many minutes late on average."""
    rng = np.random.default_rng(seed)
    at, where = np.sort(rng.uniform(0, 8000, 2000)), rng.choice(SERVICES, 2000)
    culprits = rng.choice(2000, 60, replace=False)
    incidents = table(at[culprits] + rng.exponential(10 / 60, 60), list(where[culprits]))
    return table(at + rng.exponential(max(lag_minutes, 1e-9) / 60, 2000), list(where)), incidents


def everything(changes: pd.DataFrame) -> np.ndarray:
    return np.ones(len(changes), dtype=bool)


@pytest.mark.parametrize("seed", range(5))
def test_a_late_stamp_is_seen_and_a_sound_log_is_not_suspected(seed):
    late, incidents = year(20, seed)
    assert lead_hours(late, everything(late), incidents) == LEAD_HOURS
    sound, incidents = year(0, seed)
    assert lead_hours(sound, everything(sound), incidents) == 0


def test_what_answers_an_incident_is_not_taken_for_its_cause():
    """A fix within minutes of every incident, told as one; and a deployment half an hour after each, told as nothing."""
    changes, incidents = year(0)
    for minutes, title in ((3, "Hotfix for the outage"), (30, "Deploy the next version")):
        answers = table(
            (incidents["started_at"] - START).dt.total_seconds().to_numpy() / 3600 + minutes / 60,
            [s[0] for s in incidents["services"]],
            title,
        )
        both = pd.concat([changes, answers], ignore_index=True)
        assert lead_hours(both, everything(both), incidents) == 0


@pytest.mark.parametrize("median", [20, 40])
def test_answers_that_no_title_tells_take_their_time(median):
    """Sixty answers on the failed service, log-normal: most come later than the first minutes, so no lag is made of them."""
    rng = np.random.default_rng(median)
    for seed in range(5):
        changes, incidents = year(0, seed)
        began = (incidents["started_at"] - START).dt.total_seconds().to_numpy() / 3600
        after = median / 60 * np.exp(0.8 * rng.standard_normal(len(incidents)))
        answers = table(began + after, [s[0] for s in incidents["services"]])
        both = pd.concat([changes, answers], ignore_index=True)
        assert lead_hours(both, everything(both), incidents) == 0


@pytest.mark.parametrize("seed", range(3))
def test_a_clock_that_is_five_minutes_ahead_is_a_lag(seed):
    changes, incidents = year(0, seed)
    ahead = changes.assign(started_at=lambda c: c["started_at"] + pd.Timedelta("5min"))
    ahead["started_at_before"] = ahead["started_at"]
    assert lead_hours(ahead, everything(ahead), incidents) == LEAD_HOURS


@pytest.mark.parametrize("days", [15, 30])
def test_in_a_short_log_chance_is_counted_where_there_is_a_log(days):
    """A change in six hours on each service, and incidents at any time: a copy beyond the log sees none of them."""
    rng = np.random.default_rng(days)
    at, where = np.sort(rng.uniform(0, 24 * days, 4 * days * 20)), rng.choice(SERVICES, 4 * days * 20)
    changes, incidents = table(at, list(where)), table(rng.uniform(0, 24 * days, 300), list(rng.choice(SERVICES, 300)))
    assert lead_hours(changes, everything(changes), incidents) == 0


@pytest.mark.parametrize("seed", range(5))
def test_changes_that_come_in_runs_are_no_lag(seed):
    """Four changes within an hour each time somebody works on a service, one run in ten sets an incident off."""
    rng = np.random.default_rng(seed)
    runs, where = np.sort(rng.uniform(0, 8000, 500)), rng.choice(SERVICES, 500)
    at = (runs[:, None] + np.cumsum(rng.exponential(0.25, (500, 4)), axis=1)).ravel()
    broken = rng.choice(500, 50, replace=False)
    incidents = table(
        at.reshape(500, 4)[broken, rng.integers(0, 4, 50)] + rng.exponential(10 / 60, 50), list(where[broken])
    )
    changes = table(at, list(np.repeat(where, 4)))
    assert lead_hours(changes, everything(changes), incidents) == 0


def test_alerts_of_one_outage_count_once():
    """A change three minutes after an outage, which is little, is no more when the outage raised twenty alerts."""
    changes, incidents = year(0)
    began = (incidents["started_at"] - START).dt.total_seconds().to_numpy() / 3600
    services = [s[0] for s in incidents["services"]]
    both = pd.concat([changes, table(began[:2] + 3 / 60, services[:2])], ignore_index=True)
    alerts = table((began[:, None] + np.arange(20) / 600).ravel(), [s for s in services for _ in range(20)])
    assert lead_hours(both, everything(both), alerts) == 0


def test_answers_are_more_credible_where_titles_tell_of_some():
    """Changes that come evenly for twenty minutes: the fewer answers have titles that tell, the sooner they are a lag."""
    found = np.where(np.arange(BINS) < 20, 2.0, 0.0)
    gains = [lag_gain(found, np.full(BINS, 0.1), answered) for answered in (0, 20, 200)]
    assert gains[0] > gains[1] > gains[2]


def test_changes_that_cannot_set_anything_off_do_not_count():
    late, incidents = year(20)
    assert lead_hours(late, ~everything(late), incidents) == 0


def test_a_grid_with_a_lead_holds_densities_that_sum_to_one_on_both_sides():
    """The integral of each hat over all delays, by the trapezoid rule, against 1."""
    grid = DelayGrid(72.0, 1.5)
    assert grid.earliest <= -1.5
    assert grid.hours[grid.zero] == 0
    hours = np.concatenate([-np.geomspace(-grid.earliest, 1e-4, 4000), np.geomspace(1e-4, 72, 8000)])
    rows = grid.densities(hours, hours, np.zeros(len(hours))).toarray()
    assert np.trapezoid(rows, hours, axis=0) == pytest.approx(np.ones(grid.size), abs=0.02)
    masses = np.full(grid.size, 1 / grid.size)
    assert grid.cumulative(masses, np.array([grid.horizon]))[0] == pytest.approx(1)
    assert grid.quantile(masses, 0.01) < 0 < grid.quantile(masses, 0.9)


def test_without_a_lead_the_grid_begins_at_zero():
    grid = DelayGrid(72.0)
    assert grid.zero == 0
    assert grid.earliest == 0
    assert grid.nodes[0] == 0
