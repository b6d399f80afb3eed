"""In which form a log writes its times, and in which zone."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

import numpy as np
import pandas as pd

from aftershock.dataset import placeholders, stamp_words, time_spans, timestamps, zone_words
from aftershock.quality.working_hours import office_day
from aftershock.schema.tables import REASONS, TEXT
from aftershock.wizard.guess import NOT_KNOWN, Guess

ENOUGH = 0.9  # share of the filled cells that must be readable as times: a judgement, logs have some odd ones
MOST_CELLS = 20_000  # looked at, evenly chosen, so that a log of millions takes seconds
OF_LOGS = (pd.Timestamp("1995-01-01", tz="UTC"), pd.Timestamp("2040-01-01", tz="UTC"))  # a bare number outside is an id
EXCEL_DAYS = (34_700, 51_136)  # the same span as Excel counts days
# Before four digits that are an offset: 05-01-2026 has none, nor has 20260105-1020.
_NO_YEAR = r"(?<!\d-\d)(?<!\d-\d\d)(?<!-[A-Za-z]{3})(?<!^\d{8})"
_OFFSET = (
    rf"(?:[Zz]|\(?(?:UTC|GMT)\)?|(?:[+-]\d{{2}}:\d{{2}}|{_NO_YEAR}[+-]\d{{4}})(?:\s*\([^()]+\))?"
    r"|:\d{2}(?:\.\d+)?[+-]\d{2})\s*$"
)
_NUMBER = r"^\d+(?:[.,]\d+)?$"
_EPOCH = r"^\d{10}(?:\.\d+)?$|^\d{13}(?:\.\d+)?$|^\d{16}$|^\d{19}$"
_CLOCKS = (
    "",
    " %H:%M",
    " %H:%M:%S",
    " %H:%M:%S.%f",
    " %I:%M %p",
    " %I:%M:%S %p",
    " %I:%M%p",
    ", %H:%M",
    ", %H:%M:%S",
    ", %I:%M %p",
    ", %I:%M:%S %p",
    " %H.%M",
    " %H.%M.%S",
    "T%H:%M",
    "T%H:%M:%S",
)
_ORDERS = ("day", "month")
_DATE_AND_CLOCK = r"^\d{1,2}([./-])\d{1,2}\1(\d{4}|\d{2})(?!\d)(.*)$"
_PARTS = {"%H": r"\d{1,2}", "%I": r"\d{1,2}", "%M": r"\d{2}", "%S": r"\d{2}", "%f": r"\d{1,6}", "%p": "[AaPp][Mm]"}
_CLOCK_SHAPES = [
    (c, re.compile(re.sub("%[A-Za-z]", lambda m: _PARTS[m[0]], re.escape(c).replace(r"\%", "%")))) for c in _CLOCKS
]
_COULD_BE = r"\d{2}|\d[-/.:年]\d"
MOST_WORDS = 3  # that a column of times may have, too: a judgement
LONGEST = 80  # characters of a time with a zone in words


@dataclass(frozen=True)
class Stamps:
    """How the times of a log are written: ``formats`` for dataset.toml (none when they are read as they are), ``offsets``
    the share of cells that state an offset (an epoch does), and how sure the order of day and month is."""

    formats: tuple[str, ...]
    offsets: float
    order: Guess | None = None


def filled(cells: pd.Series) -> pd.Series:
    """The distinct cells that hold something, at most MOST_CELLS of them, evenly chosen."""
    texts = timestamps.tidied(cells.map(str).astype(TEXT))
    texts = placeholders.blanked(texts, "", "time")
    distinct = stamp_words.plain(texts[texts != ""].drop_duplicates().reset_index(drop=True))
    if len(distinct) <= MOST_CELLS:
        return distinct
    return distinct.iloc[np.linspace(0, len(distinct) - 1, MOST_CELLS).astype(int)].reset_index(drop=True)


def readable(cells: pd.Series, formats: tuple[str, ...] = (), zone: str = "UTC") -> float:
    """The share of the filled cells that are read as times; a bare number counts where it is one of our days."""
    texts = filled(cells)
    if texts.empty:
        return 0.0
    at = timestamps.parse(texts, zone, formats).at
    bare = texts.str.match(_NUMBER)
    days = pd.to_numeric(texts[bare].str.replace(",", ".").str.slice(0, 12), errors="coerce")
    whole = texts.str.replace(r"[.,].*$", "", regex=True).str.len()
    counted = bare & days.between(*EXCEL_DAYS).reindex(texts.index, fill_value=False) & (whole == 5)
    epoch = bare & (whole >= 8) & (at.between(*OF_LOGS)) & ~texts.str.startswith("0")  # as numbers of telephones do
    return float((at.notna() & (~bare | counted | epoch)).mean())


def forms_of(cells: pd.Series, zone: str = "UTC", order: Guess | None = None) -> Stamps | None:
    """How a column of times is written; None for a column that does not hold times. ``order``: that of day and month,
    where it is decided already."""
    texts = filled(cells)
    words = ~texts.str.contains(r"\d").astype(bool)
    if 0 < words.sum() <= min(MOST_WORDS, len(texts) // 2):
        texts = texts[~words].reset_index(drop=True)  # what stands for the end of what goes on
    if texts.empty or (texts.str.contains(_COULD_BE) & (texts.str.len() <= LONGEST)).mean() < ENOUGH:
        return None
    ends = texts.str.extract(_OFFSET_OR_END)[0].dropna()
    if ends.nunique() > MOST_OFFSETS or not ends.map(_OFFSETS.fullmatch).notna().all():
        return None  # 2024-01-05 10:00-11:20 holds a start and an end
    stated = texts.str.contains(_OFFSET, regex=True) | texts.str.match(_EPOCH)
    stated |= texts.map(lambda text: bool((named := zone_words.parted(text)) and zone_words.is_stated(named[1])))
    offsets = float(stated.mean())
    if readable(texts, zone=zone) >= ENOUGH:
        return Stamps((), offsets)
    dates = _unzoned(texts)
    slashed = dates.str.match(_DATE_AND_CLOCK)
    if not slashed.any() or (slashed | timestamps.parse(texts, zone).at.notna()).mean() < ENOUGH:
        return None  # others may be written as 2024-03-31
    by_order = {name: _fitting(dates, name) for name in _ORDERS}
    if max(readable(dates, formats) if formats else 0.0 for formats in by_order.values()) < ENOUGH:
        return None
    if any(readable(texts, formats, zone) < readable(dates, formats) - (1 - ENOUGH) for formats in by_order.values()):
        return None  # they name zones that are not known here
    order = order or order_of([dates])
    return Stamps(by_order[order.value], offsets, order)


def _unzoned(texts: pd.Series) -> pd.Series:
    return texts.map(lambda text: (zone_words.parted(text) or (text,))[0]).astype(TEXT)


_OFFSET_OR_END = r"\d{1,2}:\d{2}-(\d{2}:\d{2})$"
_OFFSETS = re.compile("(?:0\\d|1[0-2]):00|0[2349]:30")  # west of Greenwich
MOST_OFFSETS = 4  # that a log has, more are ends: a judgement


_WORD = re.compile(r"[^\W\d_]{2}")


def _tells(date: re.Match[str]) -> bool:
    """Whether one of two numbers is a day beyond 12, and the other may be a month."""
    low, high = sorted(map(int, date.groups()))
    return low <= 12 < high


_WITH_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|\d[./-]\d{1,2}[./-]\d|['’]\d\d")
_DAY_OF_MONTH = re.compile(r"\d[. ]*[^\W\d_]{3}|[^\W\d_]{3}[. ]+\d|\d[./]\d")  # a day and its month
NAME_ZONE = "give init the zone that is meant, such as --timezone Europe/Berlin"


def why_not(cells: pd.Series, zone: str = "UTC") -> str:
    """What keeps a column of this name from being times: the first cell that cannot be read, and why; "" for an empty one."""
    texts = time_spans.starts(filled(cells))
    if texts.empty:
        return ""
    trouble = timestamps.parse(texts, zone).trouble
    worst = trouble[trouble.isin(["unknown_zone", "shortened_number"])]
    found = worst if len(worst) else trouble[~trouble.isin(["", "ambiguous_date"])]
    found = (
        found if len(found) else trouble[trouble != ""]
    )  # an order of day and month is none where other cells are no dates
    cell, reason = (texts[found.index[0]], found.iloc[0]) if len(found) else (texts.iloc[0], "unreadable_time")
    if reason == "ambiguous_date" and (unread := _in_no_order(texts, zone)):
        cell, reason = unread, "unreadable_time"
    named = zone_words.parted(cell)
    if reason == "ambiguous_date" and named and not zone_words.zone_for(named[1], zone):
        reason = "unknown_zone"  # the order of day and month is asked of the file, not of the cell
    if (
        reason == "ambiguous_date"
        and (parts := re.match(r"(\d{1,2})\D(\d{1,2})\D", cell))
        and _tells(parts)
        and _WORD.search(cell)
    ):
        reason = "unreadable_time"  # it is what follows the date that is not known
    said = f"{cell[:40]!r}: {REASONS[reason]}"
    if reason == "unreadable_time" and _DAY_OF_MONTH.search(cell) and not _WITH_YEAR.search(cell):
        said += ", and it names no year"
    return said + f"; {NAME_ZONE}" * (reason == "unknown_zone")


def _in_no_order(texts: pd.Series, zone: str) -> str:
    """The first cell that is no time with the day first nor with the month first, where others are; ``""`` where none is."""
    dates = _unzoned(texts)
    read = [timestamps.parse(dates, zone, _fitting(dates, order)).at.notna() for order in _ORDERS]
    unread = texts[~(read[0] | read[1])]
    return unread.iloc[0] if 0 < len(unread) < len(texts) else ""


def _fitting(texts: pd.Series, order: str) -> tuple[str, ...]:
    """The forms of one order of day and month that read cells no earlier form has read, those of most cells first."""
    parts = texts.str.extract(_DATE_AND_CLOCK).dropna()
    if parts.empty:
        return ()
    clocks = {
        rest: next((clock for clock, shape in _CLOCK_SHAPES if shape.fullmatch(rest)), None)
        for rest in parts[2].unique()
    }
    first, second = ("d", "m") if order == "day" else ("m", "d")
    shapes = Counter(zip(parts[0], parts[1].str.len(), parts[2].map(clocks), strict=True))
    rest, found = texts, []
    for (sign, digits, clock), _ in shapes.most_common():
        if not isinstance(clock, str):
            continue
        form = f"%{first}{sign}%{second}{sign}%{'Y' if digits == 4 else 'y'}{clock}"
        read = _reads(rest, form)
        if read.any():
            found.append(form)
            rest = rest[~read]
    return tuple(found)


def _reads(texts: pd.Series, form: str) -> pd.Series:
    """Which cells a form reads. %Y takes two digits for a year of long ago, so those must have four."""
    read = pd.to_datetime(texts.where(texts.str.contains(r"\d", regex=True)), format=form, errors="coerce")
    return read.notna() & (read.dt.year.between(1971, 2199) if len(read) else False)


def order_of(columns: list[pd.Series]) -> Guess:
    """Day or month first in all the columns of a file: proved where one order leaves dates unread, else by the order of the
    rows, else by the sign between them. ``columns``: their filled cells without zones, those of the start first."""
    texts = pd.concat(columns, ignore_index=True)
    numbers = texts.str.extract(r"(?:^|\s)(\d{1,2})[./-](\d{1,2})[./-]\d").astype(float)
    beyond = {name: int((numbers[column] > 12).sum()) for name, column in (("day", 0), ("month", 1))}
    first = max(beyond, key=beyond.__getitem__)
    if beyond[first]:
        counted = f"{beyond[first]} dates have a {'first' if first == 'day' else 'second'} number beyond 12"
        other = min(beyond.values())
        if not other:
            return Guess("order of dates", first, 1.0, f"proved: {counted}")
        return Guess("order of dates", first, 0.3, f"{NOT_KNOWN}: {counted}, but {other} the other; these are rejected")
    backwards = {name: _disorder(columns[0], _fitting(columns[0], name)) for name in _ORDERS}
    best = min(backwards, key=backwards.__getitem__)
    if backwards[best] < 0.1 and max(backwards.values()) > backwards[best] + 0.15:
        return Guess("order of dates", best, 0.85, "the rows are in order of time then, and not otherwise")
    if texts.str.contains(r"[AP]M\s*$", case=False).any():
        return Guess("order of dates", "month", 0.7, "not proved: no number beyond 12; AM and PM are American")
    if bool(texts.str.match(r"^\d{1,2}\.").mean() > 0.5):
        why = "not proved: no number beyond 12; dots are written where days come first"
        return Guess("order of dates", "day", 0.8, why)
    why = f"{NOT_KNOWN}: no number beyond 12; most of the world writes the day first"
    return Guess("order of dates", "day", 0.4, why)


def proves(cells: pd.Series, order: str) -> np.ndarray:
    """True for the cells that can only be read with the day, or the month, first."""
    numbers = cells.map(str).str.extract(r"^\s*(\d{1,2})[./-](\d{1,2})[./-]\d").astype(float)
    return (numbers[0 if order == "day" else 1] > 12).to_numpy()


def settled(columns: dict[str, pd.Series], found: dict[str, Stamps], zone: str) -> dict[str, Stamps]:
    """How each column is written once one order of day and month is decided for all of a file. ``columns``: the cells of
    those whose order is open, that of the start first."""
    if not columns:
        return found
    order = order_of([_unzoned(filled(cells)) for cells in columns.values()])
    again = {name: forms_of(cells, zone, order) for name, cells in columns.items()}
    return {**found, **{name: stamps for name, stamps in again.items() if stamps}}


def _disorder(texts: pd.Series, formats: tuple[str, ...]) -> float:
    """The share of steps from row to row that go against the direction that most go."""
    steps = timestamps.parse(texts, "UTC", formats).at.dropna().diff().dropna()
    steps = steps[steps != pd.Timedelta(0)]
    if len(steps) < 5:
        return 0.5
    forward = float((steps > pd.Timedelta(0)).mean())
    return min(forward, 1 - forward)


def as_toml(formats: tuple[str, ...]) -> str:
    """The value of ``time_format``."""
    quoted = [f'"{form}"' for form in formats]
    return quoted[0] if len(quoted) == 1 else f"[{', '.join(quoted)}]"


def working_day(at: pd.Series, zone: str) -> tuple[int, float] | None:
    """The hour at which the working day that a log shows begins in a zone, and the share of its rows inside nine hours."""
    day = office_day(at.dropna(), zone)
    return (day.begins, day.share) if day else None
