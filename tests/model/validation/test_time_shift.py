"""Chance by refitting: what the shift keeps, and what it breaks."""

from __future__ import annotations

import numpy as np
import pandas as pd

from aftershock import attribute, load
from aftershock.model.validation import time_shift


def test_moving_round_the_period_keeps_hour_weekday_and_number(found):
    start, end = found.dataset.observed
    moved = time_shift.shift_incidents(found.dataset, 5).incidents
    kept = found.dataset.actual_incidents
    kept = kept[(kept["started_at"] >= start) & (kept["started_at"] < end)]
    by = (moved["started_at"] - kept["started_at"].reset_index(drop=True)) / pd.Timedelta(weeks=1)
    assert np.allclose(by, np.round(by)) and not (by == 0).any()
    assert moved["started_at"].between(start, end).all()
    width = moved["started_at_before"] - moved["started_at"]
    assert width.tolist() == (kept["started_at_before"] - kept["started_at"]).tolist()


def test_moves_stay_clear_of_an_incidents_own_changes(found):
    weeks = time_shift.weeks_to_shift(found)
    around = int(found.seen.hours // 168)
    assert 1 <= len(weeks) <= time_shift.MOST_SHIFTS
    assert all(1 <= w <= around - 1 for w in weeks)  # a horizon of three days is less than one week
    assert weeks == sorted(set(weeks))


def test_a_log_of_a_week_cannot_be_moved(write):
    incidents = "incident_id,started_at,services\ni1,2024-01-10T12:00:00Z,a\ni2,2024-01-12T12:00:00Z,a\n"
    changes = "change_id,started_at,services\n" + "".join(f"c{d},2024-01-{d:02d}T11:00:00Z,a\n" for d in range(8, 14))
    found = attribute(load(write(incidents=incidents, changes=changes)))
    assert time_shift.shifted_logs(found) == []


def test_what_depends_on_the_coincidence_alone_is_lost_when_moved(write, monkeypatch):
    """Forty incidents, each ten minutes after the only change of its week: none of it is chance."""
    weeks = pd.date_range("2024-01-01 10:00", periods=40, freq="7D")
    weeks += pd.to_timedelta(np.random.default_rng(8).uniform(0, 160, 40), unit="h")
    changes = "change_id,started_at,kind,services\n" + "".join(
        f"c{k},{t:%Y-%m-%dT%H:%M:%SZ},deploy,a\n" for k, t in enumerate(weeks)
    )
    late = weeks + pd.Timedelta(minutes=10)
    incidents = "incident_id,started_at,services\n" + "".join(
        f"i{k},{t:%Y-%m-%dT%H:%M:%SZ},a\n" for k, t in enumerate(late)
    )
    found = attribute(load(write(incidents=incidents, changes=changes)))
    monkeypatch.setattr(time_shift, "MOST_SHIFTS", time_shift.FEWEST_SHIFTS)
    as_is, moved = time_shift.unshifted(found), time_shift.shifted_logs(found)
    assert as_is.linked == as_is.incidents == 40
    assert max(m.linked for m in moved) < 20 < 40 * as_is.share
