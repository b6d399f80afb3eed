"""Zones by their offsets from UTC, for those who know only how far a clock is off."""

from __future__ import annotations

import pandas as pd

ZONES = {
    (0, 1): "Europe/London",
    (1, 2): "Europe/Berlin",
    (2, 3): "Europe/Helsinki",
    (-5, -4): "America/New_York",
    (-6, -5): "America/Chicago",
    (-7, -6): "America/Denver",
    (-8, -7): "America/Los_Angeles",
    (-3, -3): "America/Sao_Paulo",
    (5.5, 5.5): "Asia/Kolkata",
    (8, 8): "Asia/Singapore",
    (9, 9): "Asia/Tokyo",
    (4, 4): "Asia/Dubai",
    (7, 7): "Asia/Bangkok",
    (11, 10): "Australia/Sydney",
    (13, 12): "Pacific/Auckland",
}  # offsets from UTC in northern winter and summer → a zone that has them


def offsets(zone: str) -> tuple[float, float]:
    """Hours ahead of UTC in northern winter and summer."""
    days = (pd.Timestamp("2024-01-15"), pd.Timestamp("2024-07-15"))
    winter, summer = (day.tz_localize(zone).utcoffset().total_seconds() / 3600 for day in days)
    return winter, summer


def in_summer(times: pd.Series, zone: str) -> pd.Series:
    """True for times in daylight saving: the zone's own, or Berlin's where it has none."""
    own = _saving(times, zone)
    return own if own.any() else _saving(times, "Europe/Berlin")


def _saving(times: pd.Series, zone: str) -> pd.Series:
    wall = times.dt.tz_convert(zone).dt.tz_localize(None)
    ahead = (wall - times.dt.tz_localize(None)).dt.total_seconds() / 3600
    return ahead > min(offsets(zone))
