"""Zones that stamps name in words: ``UTC+8``, ``GMT+0100 (Central European Standard Time)``, ``EST``, ``Europe/Berlin``.

An offset behind ``UTC`` or ``GMT`` is what is added to UTC, as JavaScript and people write it; POSIX means the opposite,
and no log is written so. An abbreviation means several offsets (CST is Chicago, Shanghai and Havana), so it is only read
where the zone of the log uses it, and never by the zone of the machine.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

from aftershock.schema.errors import nearest

_OFFSET = r"[+\-−]\d{1,2}(?::?\d{2})?"
_ZONED = re.compile(
    r"(?P<stamp>.*?\d(?:\s*[AaPp]\.?[Mm]\.?(?![A-Za-z]))?)\s*"
    rf"(?:(?P<utc>UTC|GMT)?\s*(?P<offset>{_OFFSET})|(?P<word>[A-Za-z]{{1,5}}|[A-Za-z]+/[A-Za-z_/+\-0-9]+))?"
    r"\s*(?:[(\[](?P<said>[^)\]]*)[)\]])?",
)
_BRACKETED = re.compile(  # as Windows names its zones: (UTC+01:00) Amsterdam, Berlin
    rf"(?P<stamp>.*\d(?:\s*[AaPp]\.?[Mm]\.?)?)\s*[(\[](?:UTC|GMT)?\s*(?P<offset>{_OFFSET})[)\]](?:\s+[A-Z].*)?"
)
_BEFORE_YEAR = re.compile(rf"(?P<stamp>.*:\d\d)\s+(?P<zone>[A-Z]{{2,5}}|(?:UTC|GMT){_OFFSET})\s+(?P<year>\d{{4}})")
_ENDS_IN_CLOCK = re.compile(r"(?::\d\d(?:[.,]\d+)?|[AaPp]\.?[Mm]\.?)\s*$")
_CLOCK = re.compile(r"\d{1,2}:\d{2}|\d\s*[AaPp]\.?[Mm]")
_NO_ZONES = {"AM", "PM", "H", "UHR"}
_UTC = {"UTC", "GMT", "Z"}
_NAMED_UTC = re.compile(r"(?<![a-z])(?:UTC|GMT|Zulu)(?![a-z+-])", re.IGNORECASE)
_NAMED_OFFSET = re.compile(rf"(?<![A-Za-z])(?:UTC|GMT)\s*({_OFFSET})(?!\d)")
_NAMED_ZONE = re.compile(r"[A-Z][A-Za-z]+/[A-Za-z_/]+")
_PARTS_OF_HOURS = {  # zones of one offset all year that no zone is named after
    "+05:30": "Asia/Kolkata",
    "+05:45": "Asia/Kathmandu",
    "+06:30": "Asia/Yangon",
    "+09:30": "Australia/Darwin",
}
_OF_WINDOWS = {  # what Windows calls zones, before "Standard Time": Outlook, Azure and Exchange write them
    "W. Europe": "Europe/Berlin",
    "Central Europe": "Europe/Budapest",
    "Romance": "Europe/Paris",
    "GMT": "Europe/London",
    "Central European": "Europe/Warsaw",
    "E. Europe": "Europe/Chisinau",
    "FLE": "Europe/Kyiv",
    "GTB": "Europe/Bucharest",
    "Russian": "Europe/Moscow",
    "Turkey": "Europe/Istanbul",
    "Israel": "Asia/Jerusalem",
    "Egypt": "Africa/Cairo",
    "South Africa": "Africa/Johannesburg",
    "Arabian": "Asia/Dubai",
    "Arab": "Asia/Riyadh",
    "Pakistan": "Asia/Karachi",
    "India": "Asia/Kolkata",
    "SE Asia": "Asia/Bangkok",
    "China": "Asia/Shanghai",
    "Singapore": "Asia/Singapore",
    "Taipei": "Asia/Taipei",
    "Tokyo": "Asia/Tokyo",
    "Korea": "Asia/Seoul",
    "W. Australia": "Australia/Perth",
    "AUS Eastern": "Australia/Sydney",
    "E. Australia": "Australia/Brisbane",
    "New Zealand": "Pacific/Auckland",
    "Eastern": "America/New_York",
    "Central": "America/Chicago",
    "Mountain": "America/Denver",
    "Greenwich": "Africa/Abidjan",
    "Pacific": "America/Los_Angeles",
    "US Mountain": "America/Phoenix",
    "Alaskan": "America/Anchorage",
    "Atlantic": "America/Halifax",
    "Hawaiian": "Pacific/Honolulu",
    "E. South America": "America/Sao_Paulo",
    "Argentina": "America/Argentina/Buenos_Aires",
    "SA Pacific": "America/Bogota",
    "Central America": "America/Guatemala",
}
_GERMAN = {"MEZ": "CET", "MESZ": "CEST"}
_SEASONS = (datetime(2024, 1, 15), datetime(2024, 7, 15))


def parted(stamp: str) -> tuple[str, str] | None:
    """(stamp without its zone, the zone: an offset such as ``+08:00``, or a word); None where it names no zone."""
    if inside := _BEFORE_YEAR.fullmatch(stamp):
        offset = re.sub("^(?:UTC|GMT)(?=.)", "", inside["zone"])
        return f"{inside['stamp']} {inside['year']}", _as_offset(offset) if offset[0] in "+-−" else offset
    if (said := _BRACKETED.fullmatch(stamp)) and _CLOCK.search(said["stamp"]):
        return said["stamp"].rstrip(), _as_offset(said["offset"])
    found = _ZONED.fullmatch(stamp)
    if not found or not _CLOCK.search(found["stamp"]):
        return None
    if found["offset"]:
        if not found["utc"] and not _ENDS_IN_CLOCK.search(found["stamp"]):
            return None
        return found["stamp"], _as_offset(found["offset"])
    word = found["word"] or found["said"] or ""
    if not word or word.upper() in _NO_ZONES:
        return None
    return found["stamp"].rstrip(), word.strip()


def _as_offset(text: str) -> str:
    """``+8``, ``+0800`` and ``-5:30`` as ``+08:00`` and ``-05:30``."""
    digits = text[1:].replace(":", "")
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "00")
    return f"{'+' if text[0] == '+' else '-'}{int(hours):02d}:{minutes}"


def is_stated(zone: str) -> bool:
    """Whether a zone that a stamp names means one offset, whatever the zone of the log."""
    return zone[:1] in ("+", "-") or zone.upper() in _UTC or is_zone(zone)


def offset_of(zone: str, log_zone: str) -> timedelta | None:
    """The offset that an offset or an abbreviation names in a log of a zone; None where that is not certain."""
    if zone[:1] in ("+", "-"):
        hours, minutes = int(zone[1:3]), int(zone[4:])
        return timedelta(hours=hours, minutes=minutes) * (1 if zone[0] == "+" else -1) if hours < 15 else None
    word = zone.upper()
    return timedelta(0) if word in _UTC else _abbreviations(log_zone).get(_GERMAN.get(word, word))


@cache
def known_zones() -> frozenset[str]:
    """The names of all zones; to find them, Python looks into hundreds of files."""
    return frozenset(available_timezones())


def check_zone(name: str) -> str:
    """The name itself; ValueError, with what was expected, where no zone is called so."""
    if name not in known_zones():
        raise ValueError(f"a time zone such as Europe/Berlin{nearest(name, sorted(known_zones()))}")
    return name


def is_zone(name: str) -> bool:
    """Whether this is the name of a zone, such as ``Europe/Berlin``."""
    return "/" in name and name in known_zones()


@lru_cache(maxsize=64)
def _abbreviations(zone: str) -> dict[str, timedelta]:
    """The abbreviations that a zone's clocks go by, in winter and in summer."""
    if zone[:1] in ("+", "-"):
        return {}
    moments = [moment.replace(tzinfo=ZoneInfo(zone)) for moment in _SEASONS]
    return {moment.tzname() or "": moment.utcoffset() or timedelta(0) for moment in moments}


def known_offset(name: str | None, offset: int | None, log_zone: str) -> int | None:
    """What ``dateutil`` asks for: the seconds of the offset that a stamp names. ValueError for a word that is not
    certain; None where it names none."""
    if name is None or name in _UTC:
        return offset if name is None else 0
    found = offset_of(name, log_zone) if offset is None else None
    if found is None:
        raise ValueError(f"unknown zone {name!r}")
    return int(found.total_seconds())


def in_name(name: str) -> str:
    """The zone that the name of a column says: ``Start (UTC+3)`` is Etc/GMT-3, as zones are named with the opposite sign;
    ``""`` where it says none, or only letters that mean several."""
    if found := _NAMED_OFFSET.search(name):
        offset = _as_offset(found[1])
        hours = int(offset[1:3])
        whole = f"Etc/GMT{'-' if offset[0] == '+' else '+'}{hours}" if hours else "UTC"
        named = whole if offset.endswith(":00") else _PARTS_OF_HOURS.get(offset, "")
        return named if named in known_zones() else ""
    if (found := _NAMED_ZONE.search(name)) and is_zone(found[0]):
        return found[0]
    return "UTC" if _NAMED_UTC.search(name) else ""


def zone_for(text: str, log_zone: str) -> str:
    """The zone that a cell names, as pandas takes it: a name, or an offset such as ``+08:00``; ``""`` where it is none."""
    word = text.strip()
    word = _OF_WINDOWS.get(re.sub(" (?:Standard|Daylight|Summer) Time$", "", word), word)
    if is_zone(word):
        return word
    found = re.fullmatch(rf"\(?(?:UTC|GMT)?\s*({_OFFSET})\)?(?:\s.*)?", word)
    if found:
        word = _as_offset(found[1])
    offset = offset_of(word, log_zone)
    if offset is None:
        return ""
    minutes = int(offset.total_seconds() // 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"
