"""Timestamps of an export that only its reader can place: epochs of a known unit, times in the zone of a page."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

PER_SECOND = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}
_NAIVE = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?$")
_EPOCH = re.compile(r"\d{10,19}")  # of our days, in seconds or a smaller unit
_START = datetime(1970, 1, 1, tzinfo=UTC)


def from_epoch(value: object, unit: str) -> str:
    """An epoch of a unit (``s``, ``ms``, ``us``, ``ns``) as ISO 8601 in UTC. What is not a number, or lies
    outside the calendar, stays as written, for the canonical table to reject."""
    written = str(value).strip() if value is not None else ""
    try:
        return _written(_START + timedelta(microseconds=round(float(written) * 1_000_000 / PER_SECOND[unit])))
    except (ValueError, OverflowError):
        return written


def in_zone(stamp: str, zone: str) -> str:
    """A stamp that names no zone, read in this one; of a repeated hour the first. Any other stamp stays as it is."""
    if not zone or not _NAIVE.match(stamp):
        return stamp
    try:
        return datetime.fromisoformat(stamp).replace(tzinfo=ZoneInfo(zone)).isoformat()
    except (KeyError, ValueError, OSError):
        return stamp


def later(stamp: str, milliseconds: object) -> str:
    """The moment so many milliseconds after a stamp, ``""`` where either cannot be read."""
    try:
        return (datetime.fromisoformat(stamp) + timedelta(milliseconds=float(str(milliseconds)))).isoformat()
    except (ValueError, OverflowError):
        return ""


def in_form(stamp: str, *forms: str) -> str:
    """A stamp in the first of these forms of strptime that fits, as ISO 8601; any other stays as it is."""
    for form in forms:
        try:
            return datetime.strptime(stamp, form).isoformat()
        except ValueError:
            continue
    return stamp


def moment(stamp: object) -> float:
    """Seconds since 1970 of a stamp in ISO 8601, which may end in ``UTC``, or of an epoch of any unit, to order events by;
    infinity where it cannot be read."""
    if _EPOCH.fullmatch(digits := str(stamp)):
        return float(f"{digits[:10]}.{digits[10:]}")
    try:
        found = datetime.fromisoformat(str(stamp).removesuffix(" UTC"))
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError, OSError):
        return float("inf")


def _written(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
