"""The tests behind the checks of coverage keep their false alarm rate on sound logs, and see what is missing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from aftershock.quality import count_tests, coverage

START = pd.Timestamp("2024-01-01", tz="UTC")
LOGS = 60


def log(
    rng: np.random.Generator, rate: float, *, weeks: int = 60, burst: float = 1.0, growth: float = 0.0
) -> pd.Series:
    """A log of so many rows a week, in office hours, in bursts of a mean length, growing as time to the ``growth``."""
    events = rng.poisson(rate * weeks / burst)
    week = np.floor(rng.random(events) ** (1 / (1 + growth)) * weeks)
    day = rng.choice(7, events, p=np.array([20, 20, 20, 20, 18, 1, 1]) / 100)
    hours = week * 168 + day * 24 + rng.normal(13, 2.5, events) % 24
    if burst > 1:
        hours = np.repeat(hours, rng.geometric(1 / burst, events))
    return pd.Series(START + pd.to_timedelta(np.sort(hours + rng.random(len(hours))), unit="h"))


def weeks_of(times: pd.Series) -> pd.Series:
    return (times - START) / pd.Timedelta(days=7)


@pytest.mark.parametrize(
    "sound",
    [{"rate": 1}, {"rate": 20}, {"rate": 20, "burst": 3.0}, {"rate": 60, "burst": 5.0}, {"rate": 40, "growth": 1.0}],
    ids=str,
)
def test_a_sound_log_is_seldom_called_silent_or_stepped(sound):
    """Stated is one in a hundred; four of sixty would be seen by chance once in 300 times."""
    rng = np.random.default_rng(7)
    silent = stepped = 0
    for _ in range(LOGS):
        times = log(rng, **sound)
        silent += bool(coverage.stretches(times, "UTC"))
        counts = coverage.weekly(times, "UTC").to_numpy()
        stepped += count_tests.step(counts, 6)[1] / count_tests.dispersion(counts) >= coverage.STEP_GAIN
    assert silent <= 3
    assert stepped <= 3


def test_a_silent_week_and_a_thin_one_are_seen():
    rng = np.random.default_rng(7)
    times = log(rng, 100)
    week = weeks_of(times)
    kept = times[~week.between(30, 31) & ~(week.between(40, 41) & (rng.random(len(times)) < 0.7))].reset_index(
        drop=True
    )
    silent, thin = coverage.stretches(kept, "UTC")
    assert (silent.rows, 6 < (silent.last - silent.first).days < 12) == (0, True)
    assert silent.expected == pytest.approx(100, rel=0.35)
    assert thin.first == START + pd.Timedelta(weeks=40)
    assert 15 < thin.rows < 45
    assert thin.expected == pytest.approx(100, rel=0.2)


def test_weekends_are_no_silence():
    """A thousand weekends without a row, each longer than the log's median gap by a factor of a hundred."""
    rng = np.random.default_rng(3)
    times = log(rng, 200, weeks=100)
    working = times[times.dt.day_of_week < 5].reset_index(drop=True)
    assert coverage.stretches(working, "UTC") == []


def test_a_step_is_placed_and_growth_is_none():
    rng = np.random.default_rng(5)
    steady, grown = rng.poisson(30, 40), rng.poisson(12, 30)
    place, gain = count_tests.step(np.concatenate([steady, grown]), 6)
    assert abs(place - 40) <= 1
    assert gain > 40
    growing = rng.poisson(10 * np.exp(np.linspace(0, 1.5, 80)))
    assert count_tests.step(growing, 6)[1] < coverage.STEP_GAIN
    assert count_tests.step(np.zeros(40), 6) == (0, 0.0)
    assert count_tests.step(np.arange(5), 6) == (0, 0.0)


@pytest.mark.parametrize("spread", [1.0, 2.5, 8.0])
def test_few_is_the_law_of_the_counts(spread):
    """Second opinion: scipy's Poisson and negative binomial, by mean and variance."""
    mean, counts = 12.0, np.arange(0, 30, 3)
    law = stats.poisson(mean) if spread == 1 else stats.nbinom(mean / (spread - 1), 1 / spread)
    assert count_tests.few(counts, np.full(len(counts), mean), spread) == pytest.approx(law.cdf(counts))


def test_none_is_the_law_of_bursts():
    """Bursts of mean 4: dispersion 2·4 − 1 = 7, and nothing happens with the probability that no burst does."""
    rng = np.random.default_rng(1)
    sizes = [rng.geometric(0.25, n).sum() for n in rng.poisson(5, 20000)]
    spread = np.var(sizes) / np.mean(sizes)
    assert spread == pytest.approx(7, rel=0.05)
    assert count_tests.none(20, 7) == pytest.approx(np.mean(np.array(sizes) == 0), abs=0.002)


def test_the_dispersion_is_read_past_a_gap():
    rng = np.random.default_rng(2)
    counts = rng.poisson(30, 80)
    gapped = counts.copy()
    gapped[30:33] = 0
    assert count_tests.dispersion(counts) < 1.5
    assert count_tests.dispersion(gapped) < 2.5


def test_weeks_begin_on_monday_of_the_zone_and_are_whole():
    times = pd.Series(
        pd.to_datetime(
            ["2024-01-03", "2024-01-07T23:30Z", "2024-01-15", "2024-01-20", "2024-01-29"], utc=True, format="ISO8601"
        )
    )
    counts = coverage.weekly(times, "Europe/Berlin")
    assert counts.index.strftime("%Y-%m-%d").tolist() == ["2024-01-08", "2024-01-15", "2024-01-22"]
    assert counts.tolist() == [1, 2, 0]  # 7 January 23:30 UTC is Monday the 8th in Berlin
