"""Logs whose hours are not those in which people work."""

from __future__ import annotations

import numpy as np
import pandas as pd

from aftershock.quality import working_hours
from aftershock.quality.utc_offsets import in_summer
from aftershock.quality.variants import everywhere, moved


def test_times_of_a_fixed_offset_read_as_local_time(demo):
    fixed = moved(demo, "changes", pd.Timedelta(hours=-1), lambda f: in_summer(f["started_at"], demo.timezone))
    assert working_hours.saving_jump(fixed.changes, demo.timezone) == -1
    assert working_hours.saving_jump(demo.changes, demo.timezone) == 0
    (finding,) = working_hours.find_saving_jumps(fixed)
    assert finding.toml == '[changes]\ntimezone = "UTC"'


def test_an_office_day_at_night(demo):
    (finding,) = working_hours.find_night_work(moved(demo, "changes", pd.Timedelta(hours=-8), everywhere))
    assert finding.title == "77 % of the changes of working days fall between 1:00 and 10:00"
    assert working_hours.find_night_work(demo) == []
    even = demo.changes.assign(started_at=demo.changes["started_at"].dt.floor("D"))
    even["started_at"] += pd.to_timedelta(np.arange(len(even)) % 24, unit="h")
    assert working_hours.office_day(even["started_at"], "UTC") is None
