"""Silent and thin stretches are seen, and sound logs are seldom accused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from flawed_logs import SOUND, START, random_log, weeks_of

from aftershock.quality import examine, silences


@pytest.mark.parametrize("sound", SOUND, ids=str)
def test_a_sound_log_is_seldom_called_silent(sound):
    """Stated is one in a hundred; four of sixty would be seen by chance once in 300 times."""
    rng = np.random.default_rng(7)
    assert sum(bool(silences.stretches(random_log(rng, **sound), "UTC")) for _ in range(60)) <= 3


def test_a_silent_week_and_a_thin_one_are_seen():
    rng = np.random.default_rng(7)
    times = random_log(rng, 100)
    week = weeks_of(times)
    kept = times[~week.between(30, 31) & ~(week.between(40, 41) & (rng.random(len(times)) < 0.7))].reset_index(
        drop=True
    )
    silent, thin = silences.stretches(kept, "UTC")
    assert (silent.rows, 6 < (silent.last - silent.first).days < 12) == (0, True)
    assert silent.expected == pytest.approx(100, rel=0.35)
    assert thin.first == START + pd.Timedelta(weeks=40)
    assert 15 < thin.rows < 45
    assert thin.expected == pytest.approx(100, rel=0.2)


def test_weekends_are_no_silence():
    """A thousand weekends without a row, each longer than the log's median gap by a factor of a hundred."""
    rng = np.random.default_rng(3)
    times = random_log(rng, 200, weeks=100)
    working = times[times.dt.day_of_week < 5].reset_index(drop=True)
    assert silences.stretches(working, "UTC") == []


def test_weeks_begin_on_monday_of_the_zone_and_are_whole():
    times = pd.Series(
        pd.to_datetime(
            ["2024-01-03", "2024-01-07T23:30Z", "2024-01-15", "2024-01-20", "2024-01-29"], utc=True, format="ISO8601"
        )
    )
    counts = silences.weekly(times, "Europe/Berlin")
    assert counts.index.strftime("%Y-%m-%d").tolist() == ["2024-01-08", "2024-01-15", "2024-01-22"]
    assert counts.tolist() == [1, 2, 0]  # 7 January 23:30 UTC is Monday the 8th in Berlin


def test_a_silent_month_of_changes_shifts_the_answers(demo):
    gone = demo.changes["started_at"].between(
        pd.Timestamp("2025-06-01", tz="UTC"), pd.Timestamp("2025-07-01", tz="UTC")
    )
    quality = examine(replace(demo, changes=demo.changes[~gone].reset_index(drop=True)))
    finding = quality.finding("silence")
    assert finding.title.startswith("the changes fall silent, or nearly, once, for 30 d")
    assert finding.rows["what"].item().startswith("31 May 2025 to 1 Jul 2025: 0 rows, about ")
    assert quality.findings[0] is finding
    assert finding.impact.share_without > finding.impact.share
