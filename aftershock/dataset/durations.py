"""How long something lasted, and times of day, as people and programs write them."""

from __future__ import annotations

import re

import pandas as pd

from aftershock.schema.tables import TEXT, UNITS

LONGEST = 100  # signs of a length of time, ``3 days, 4 hours and 12 minutes``; what is longer is something else
_NAMES = {
    "milliseconds": "ms msec msecs millis millisecond milliseconds",
    "seconds": "s sec secs second seconds sek sekunde sekunden seconde secondes segundos secondi seconden sekund 秒",
    "minutes": "m min mins minute minutes minuten minuto minutos minuti minut minuty 分 分钟 分鐘",
    "hours": "h hr hrs hour hours std stunde stunden heure heures hora horas uur uren ora ore godz godziny godzin 時間 小时 小時",
    "days": "d day days tag tage jour jours dia dias giorno giorni dag dagen dni 日 天",
}
_UNIT_OF = {name: unit for unit, names in _NAMES.items() for name in names.split()}
_PART = re.compile(r"(\d+(?:[.,]\d+)?)\s*([^\W\d_]+)\.?")
_ABOUT = re.compile(r"^(?:~|≈|ca\.?|circa|approx\.?|about|etwa|env\.|environ)\s*(?=\d)")
_ASIDE = re.compile(r"(?<=\w)\.?\s*\([^()]*\)$")  # 90 min (approx.)
_BARE_MINUTES = re.compile(r"(?<=\d)\s?h\s?(\d\d?)$")  # 1h30
_CLOCKED = re.compile(r"(?:(\d+)\s*(?:days?|d|tage?)\s*,?\s*)?(\d+):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?")
_ZONED = re.compile(  # a zone behind a time of day: letters that end like those of zones, or an offset
    r"(.*(?::\d\d|[AaPp]\.?\s?[Mm]\.?))\s*"
    r"\(?(UTC|GMT|Z|[A-Z]{1,4}T|MSK|MES?Z|(?:UTC|GMT)?\s?[+-]\d{1,2}(?::?\d\d)?)\)?"
)
_CLOCK = r"^\d{1,2}[:.h]\d{2}(?:[:.]\d{2})?(?:[.,]\d+)?\s*(?:[AaPp]\.?\s?[Mm]\.?)?(?:\s*Uhr)?$|^0?[.,]\d+$"


def unit_in(words: list[str]) -> str:
    """The unit that a column's name says: one of :data:`UNITS`, else ``""``."""
    return next((_UNIT_OF[word] for word in reversed(words) if word in _UNIT_OF), "")


def parse(cells: pd.Series, unit: str) -> pd.Series:
    """Lengths of time; a bare number is in ``unit``. ``1:30`` is an hour and a half. NaT where a cell is none."""
    read = {text: _seconds(text, unit) for text in cells.unique()}
    return pd.to_timedelta(cells.map(read).astype("float64"), unit="s")


def _seconds(text: str, unit: str) -> float:
    if len(text) > LONGEST:
        return float("nan")
    plain = _BARE_MINUTES.sub(r"h \1m", _ABOUT.sub("", _ASIDE.sub("", text.strip().lower())))
    if re.fullmatch(r"\d+(?:[.,]\d+)?", plain):
        return float(plain.replace(",", ".")) * UNITS[unit]
    if clocked := _CLOCKED.fullmatch(plain):
        days, hours, minutes, seconds = (int(part or 0) for part in clocked.groups())
        return float(days * 86_400 + hours * 3600 + minutes * 60 + seconds)
    body = re.sub(r"^p|t", " ", plain) if re.fullmatch(r"p[\dtdhms.,]+", plain) else plain
    parts = _PART.findall(body)
    left = re.sub(r"[\s,]|and|und|et|en|e|y|i", "", _PART.sub("", body))
    if not parts or left or not all(name in _UNIT_OF for _, name in parts):
        return float("nan")
    return sum(float(number.replace(",", ".")) * UNITS[_UNIT_OF[name]] for number, name in parts)


def clock(cells: pd.Series) -> pd.Series:
    """Times of day as lengths since midnight: ``9:30``, ``09.30``, ``9h30``, ``9:30 PM``, and Excel's share of a day, without
    the zone that they may name."""
    read = {text: _since_midnight(_apart(text)[0]) for text in cells.unique()}
    return pd.to_timedelta(cells.map(read).astype("float64"), unit="s")


def zones(cells: pd.Series) -> pd.Series:
    """The zones that times of day name: ``CET`` of ``22:00 CET``; ``""`` where they name none."""
    return cells.map({text: _apart(text)[1] for text in cells.unique()}).astype(TEXT)


def _apart(text: str) -> tuple[str, str]:
    found = _ZONED.fullmatch(text.strip())
    return (found[1], found[2]) if found else (text, "")


def _since_midnight(text: str) -> float:
    if not re.match(_CLOCK, text.strip()):
        return float("nan")
    plain = text.strip().lower()
    if re.fullmatch(r"0?[.,]\d+", plain):
        return round(float(plain.replace(",", ".")) * 86_400)
    numbers = [int(n) for n in re.findall(r"\d+", plain)[:3]]
    hours, minutes, seconds = numbers[0], numbers[1], numbers[2] if len(numbers) > 2 else 0
    if half := re.search(r"([ap])\.?\s?m", plain):
        hours = hours % 12 + (12 if half[1] == "p" else 0)
    known = (hours < 24 and minutes < 60 and seconds < 60) or (hours, minutes, seconds) == (
        24,
        0,
        0,
    )  # the end of the day
    return float(hours * 3600 + minutes * 60 + seconds) if known else float("nan")
