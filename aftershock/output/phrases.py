"""Numbers and times as words, one way throughout: in sentences, tables and on the command line."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, SupportsFloat, TypeGuard

import pandas as pd

MISSING = "–"
LIKELY = 0.5  # more likely than everything else together
HOURS_PER_MONTH, HOURS_PER_YEAR = 24 * 30.44, 24 * 365.25


def is_number(value: Any) -> TypeGuard[str | SupportsFloat]:
    """Whether a value can be shown as a number: finite, or text that reads so."""
    try:
        return math.isfinite(float(value))
    except (TypeError, ValueError):
        return False


def percent(value: object, missing: str = MISSING) -> str:
    """``0.346`` → ``35 %``; never 0 % or 100 % for what is neither, ``missing`` for what is not a number."""
    if not is_number(value):
        return missing
    share = float(value)
    if 0 < share <= 0.005:
        return "< 1 %"
    if 0.995 <= share < 1:
        return "> 99 %"
    return f"{100 * share:.0f} %"


def number(value: object, missing: str = MISSING) -> str:
    """Two significant digits at least, thousands separated: 0.031, 4.2, 17, 1,240."""
    if not is_number(value):
        return missing
    shown = float(value)
    if shown == 0 or abs(shown) >= 100:
        return f"{shown:,.0f}"
    text = f"{shown:.{max(0, 1 - math.floor(math.log10(abs(shown))))}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def p_words(p: float) -> str:
    """``p = 0.14``, ``p = 0.004``; ``p < 0.001``; a dash for none."""
    if not is_number(p):
        return MISSING
    if p < 0.001:
        return "p < 0.001"
    return f"p = {p:.3f}" if p < 0.0095 else f"p = {p:.2f}"


def interval_percent(value: float, low: float, high: float) -> str:
    """``35 % (20–50 %)``: a probability and its 90 % interval; ``> 99 %`` alone where the interval says the same."""
    value_words, ends = percent(value), percent_range(low, high)
    return value_words if ends == value_words else f"{value_words} ({ends})"


def is_probable(value: float, low: float) -> bool:
    """Whether words may call something probable: it is so at the lower end of its 90 % interval too. Words chosen by the value
    alone would claim more than the number next to them."""
    return min(round(value, 2), round(low, 2)) >= LIKELY


def percent_range(low: float, high: float) -> str:
    """``20–50 %``; ``89 % to > 99 %`` where an end is not a plain number; one of them when both say the same."""
    ends = [percent(low), percent(high)]
    if ends[0] == ends[1]:
        return ends[0]
    return f"{ends[0].removesuffix(' %')}–{ends[1]}" if all(e[0].isdigit() for e in ends) else " to ".join(ends)


def interval(value: float, low: float, high: float) -> str:
    """``6.1 (3.2–9.0)``: a number and its 90 % interval, with the digits that its width leaves: ``112 (20–436)``,
    ``0.04 (0.01–0.13)``; ``8 (−1 to 19)`` where an end is negative."""
    width = high - low
    digits = 0 if width >= 15 else 1 if width >= 1 or not width > 0 else min(1 - math.floor(math.log10(width)), 4)
    shown, first, last = (f"{v:,.{digits}f}".replace("-", "−") for v in (value, low, high))
    return f"{shown} ({first}{' to ' if low < 0 else '–'}{last})"


def duration(length: Any, missing: str = MISSING) -> str:
    """The two largest units of a length of time (Timedelta, or minutes): "45 s", "12 min", "3 h 20 min", "2 d 4 h"."""
    if not isinstance(length, pd.Timedelta):
        length = pd.Timedelta(minutes=length) if is_number(length) else pd.NaT
    if pd.isna(length):
        return missing
    sign = "−" if length < pd.Timedelta(0) else ""
    seconds = round(abs(length).total_seconds())
    if seconds < 60:
        return f"{sign}{seconds} s"
    minutes = round(seconds / 60)
    units = [(minutes // 1440, "d"), (minutes % 1440 // 60, "h"), (minutes % 60, "min")]
    first = next(i for i, (amount, _) in enumerate(units) if amount)
    return sign + " ".join(f"{amount} {unit}" for amount, unit in units[first : first + 2] if amount)


def span(low: Any, high: Any) -> str:
    """``45 min to 2 h``: what a length may be, Timedelta or minutes; one length where the two are within a minute."""
    ends = [pd.Timedelta(minutes=v) if is_number(v) else v for v in (low, high)]
    if pd.isna(ends[0]) or ends[1] - ends[0] < pd.Timedelta(minutes=1):
        return duration(ends[0])
    return f"{duration(ends[0])} to {duration(ends[1])}"


ROUGH = {  # minutes → words: what a length is rounded to where it is not known better
    1: "a minute", 2: "2 minutes", 5: "5 minutes", 10: "10 minutes", 15: "a quarter of an hour", 30: "half an hour",
    45: "45 minutes", 60: "an hour", 90: "an hour and a half", 120: "2 hours", 180: "3 hours",
    240: "4 hours", 360: "6 hours", 480: "8 hours",
    720: "half a day", 1440: "a day", 2160: "a day and a half", 2880: "2 days", 4320: "3 days", 5760: "4 days", 7200: "5 days",
    10080: "a week", 20160: "2 weeks", 43200: "a month", 86400: "2 months",
}  # fmt: skip


def rough_duration(minutes: float, missing: str = MISSING) -> str:
    """Minutes as a person would say them: ``half a day`` for 13 h 29 min; the nearest of :data:`ROUGH`, by ratio."""
    if not is_number(minutes):
        return missing
    return ROUGH[min(ROUGH, key=lambda known: abs(math.log(max(minutes, 0.5) / known)))]


def delay_phrase(suspect: Mapping) -> str:
    """How long before the incident a suspect came, with what imprecise times allow."""
    low, high = suspect["delay_minutes_low"], suspect["delay_minutes_high"]
    if pd.isna(low):
        return ""
    if high - low < 1:
        late = suspect["delay_minutes"] < 0
        return f"{duration(abs(suspect['delay_minutes']))} {'after' if late else 'before'}"
    return f"up to {duration(high)} before" if low <= 0 else f"{duration(low)} to {duration(high)} before"


def clock(time: pd.Timestamp, zone: str = "UTC") -> str:
    """``6 Mar 2023, 17:19 UTC``: a moment in a zone."""
    local = time.tz_convert(zone)
    return f"{local.day} {local:%b %Y, %H:%M} {'UTC' if zone == 'UTC' else local.tzname()}"


def when(at: pd.Timestamp, before: pd.Timestamp, zone: str = "UTC") -> str:
    """A moment, or the interval that an imprecise time spans; ``unknown`` for none."""
    if pd.isna(at):
        return "unknown"
    if before - at < pd.Timedelta(minutes=1):
        return clock(at, zone)
    first, last = at.tz_convert(zone), before.tz_convert(zone)
    if before - at >= pd.Timedelta(hours=20) and first == first.normalize():
        end = last - pd.Timedelta(seconds=1)
        if first.date() == end.date():
            return f"{first.day} {first:%b %Y}, hour unknown"
        if last == last.normalize():
            return f"{first.day} {first:%b} to {end.day} {end:%b %Y}, hour unknown"
    if first.date() == last.date():
        return f"{first.day} {first:%b %Y}, between {first:%H:%M} and {last:%H:%M} {'UTC' if zone == 'UTC' else first.tzname()}"
    return f"between {clock(at, zone)} and {clock(before, zone)}"


def plural(count: int, one: str, many: str = "") -> str:
    """``1 incident``, ``3 incidents``."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def among(count: int, total: int, one: str, many: str = "") -> str:
    """``none of 26 copies``, ``1 of 26 copies``, ``all 26 copies``; ``none of 1 copy`` and ``the only copy`` where there is one."""
    if count == total > 0:
        return f"the only {one}" if total == 1 else f"all {plural(total, one, many)}"
    return f"{f'{count:,}' if count else 'none'} of {plural(total, one, many)}"


def verb(count: int, one: str, many: str) -> str:
    """The verb after :func:`among`: ``none of 26 copies reaches``, ``3 of 26 copies reach``."""
    return many if count > 1 else one


def listed(words: list[str], most: int = 6) -> str:
    """``a, b and c``; beyond ``most``, how many more."""
    shown = words[:most] + ([f"{len(words) - most} more"] if len(words) > most else [])
    return shown[0] if len(shown) == 1 else ", ".join(shown[:-1]) + f" and {shown[-1]}" if shown else ""


def quoted(text: str) -> str:
    """A title from a log as part of a sentence."""
    return f"“{sentence(text)}”"


def shortened(text: str, most: int) -> str:
    """The first line of a text, cut between words where it has more than ``most`` characters."""
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return line if len(line) <= most else (line[: most - 1].rsplit(" ", 1)[0].rstrip(",;:") + "…")


def month_name(month: str) -> str:
    """``2023-03`` → ``March 2023``."""
    return f"{pd.Period(month, 'M'):%B %Y}"


def day_name(day: str) -> str:
    """``2023-03-06`` → ``6 March 2023``."""
    moment = pd.Timestamp(day)
    return f"{moment.day} {moment:%B %Y}"


def sentence(text: str) -> str:
    """Text from a log as the start of a sentence: its first letter large, no full stop at its end."""
    return capital(text.strip().rstrip("."))


def capital(text: str) -> str:
    """``text`` with its first letter large."""
    return text[:1].upper() + text[1:]


def times(ratio: float) -> str:
    """``3.2 times``, ``120 times``, ``less than 0.01 times``."""
    if 0 <= ratio < 0.01:
        return "less than 0.01 times"
    return f"{ratio:,.0f} times" if ratio >= 10 else f"{ratio:.2g} times"


def weight(factor: float) -> str:
    """What a step multiplies the odds by: ``× 3.2``, ``÷ 40``; ``× 1`` for what says next to nothing."""
    if not 0 < factor < math.inf:
        return "decides"
    ratio, sign = (factor, "×") if factor >= 1 else (1 / factor, "÷")
    if ratio < 1.05:
        return "× 1"
    digits = f"{ratio:,.0f}" if ratio >= 9.95 else f"{ratio:.1f}"
    return f"{sign} {digits}"


def per_thousand(rate: float) -> str:
    """``12 of 1,000``; a decimal below ten."""
    return f"{1000 * rate:,.0f} of 1,000" if rate >= 0.01 else f"{1000 * rate:.2g} of 1,000"


def per_time(per_hour: float) -> str:
    """A rate in the unit in which it is not tiny: ``2.3 a month``, ``0.49 a year``."""
    monthly, yearly = per_hour * HOURS_PER_MONTH, per_hour * HOURS_PER_YEAR
    value, unit = (monthly, "month") if monthly >= 0.95 else (yearly, "year")
    return f"{value:,.0f} a {unit}" if value >= 9.5 else f"{value:.2g} a {unit}"
