"""In which form a log writes its times, and in which zone."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd

from aftershock.dataset import timestamps
from aftershock.quality.working_hours import office_day
from aftershock.wizard.guess import Guess

ENOUGH = 0.9  # share of the filled cells that must be readable as times: a judgement, logs have some odd ones
MOST_CELLS = 20_000  # looked at, evenly chosen, so that a log of millions takes seconds
_OFFSET = r"(?:[Zz]|UTC|GMT|[+-]\d{2}:?\d{2})\s*$"
_EPOCH = r"^\d{10}(?:\.\d+)?$|^\d{13}$|^\d{16}$|^\d{19}$"
_CLOCKS = (
    "",
    " %H:%M",
    " %H:%M:%S",
    " %H:%M:%S.%f",
    " %I:%M %p",
    " %I:%M:%S %p",
    ", %H:%M",
    ", %H:%M:%S",
    ", %I:%M %p",
)
_DAY_FIRST = tuple(f"%d{sign}%m{sign}%{year}" for sign, year in product("./-", "Yy"))
_MONTH_FIRST = tuple(f"%m{sign}%d{sign}%{year}" for sign, year in product("/-.", "Yy"))


@dataclass(frozen=True)
class Stamps:
    """How the times of a log are written: ``formats`` for dataset.toml (none when they are read as they are), ``offsets``
    the share of cells that state an offset (an epoch does), and how sure the order of day and month is."""

    formats: tuple[str, ...]
    offsets: float
    order: Guess | None = None


def filled(cells: pd.Series) -> pd.Series:
    """The distinct cells that hold something, at most MOST_CELLS of them, evenly chosen."""
    texts = cells.map(str).str.strip()
    distinct = texts[texts != ""].drop_duplicates().reset_index(drop=True)
    if len(distinct) <= MOST_CELLS:
        return distinct
    return distinct.iloc[np.linspace(0, len(distinct) - 1, MOST_CELLS).astype(int)].reset_index(drop=True)


def readable(cells: pd.Series, formats: tuple[str, ...] = ()) -> float:
    """The share of the filled cells that are read as times; a bare number of up to nine digits does not count."""
    texts = filled(cells)
    if texts.empty:
        return 0.0
    plausible = ~texts.str.match(r"^\d{1,9}(?:\.\d+)?$")
    return float((timestamps.parse(texts, "UTC", formats).at.notna() & plausible).mean())


def forms_of(cells: pd.Series) -> Stamps | None:
    """How a column of times is written; None for a column that does not hold times."""
    texts = filled(cells)
    if texts.empty:
        return None
    offsets = float(texts.str.contains(_OFFSET, regex=True).mean() + texts.str.match(_EPOCH).mean())
    if readable(texts) >= ENOUGH:
        return Stamps((), min(offsets, 1.0))
    by_order = {name: _fitting(texts, orders) for name, orders in (("day", _DAY_FIRST), ("month", _MONTH_FIRST))}
    share = {name: readable(texts, formats) if formats else 0.0 for name, formats in by_order.items()}
    if max(share.values()) < ENOUGH:
        return None
    order = _order(texts, by_order, share)
    return Stamps(by_order[order.value], min(offsets, 1.0), order)


def _fitting(texts: pd.Series, orders: tuple[str, ...]) -> tuple[str, ...]:
    """The forms of one order of day and month that read cells no earlier form has read, those of most cells first."""
    rest, found = texts, []
    head = texts.iloc[:: max(1, len(texts) // 400)]
    able = [form for form in map("".join, product(orders, _CLOCKS)) if _reads(head, form).any()]
    for form in sorted(able, key=lambda form: -_reads(head, form).mean()):
        read = _reads(rest, form)
        if read.any():
            found.append(form)
            rest = rest[~read]
        if rest.empty:
            break
    return tuple(found)


def _reads(texts: pd.Series, form: str) -> pd.Series:
    """Which cells a form reads. %Y takes two digits for a year of long ago, so those must have four."""
    read = pd.to_datetime(texts.where(texts.str.contains(r"\d", regex=True)), format=form, errors="coerce")
    return read.notna() & (read.dt.year.between(1971, 2199) if len(read) else False)


def _order(texts: pd.Series, by_order: dict[str, tuple[str, ...]], share: dict[str, float]) -> Guess:
    """Day or month first: proved where only one order reads the cells, else by the order of the rows, else by the sign
    between them."""
    numbers = texts.str.extract(r"^(\d{1,2})[./-](\d{1,2})").astype(float)
    for order, other, column, name in (("day", "month", 0, "first"), ("month", "day", 1, "second")):
        beyond = int((numbers[column] > 12).sum())
        if share[order] >= ENOUGH and beyond:
            return Guess("order of dates", order, 1.0, f"proved: {beyond} dates have a {name} number beyond 12")
        if share[order] >= ENOUGH > share[other]:
            return Guess("order of dates", order, 0.9, "the other order leaves dates unread")
    backwards = {name: _disorder(texts, formats) for name, formats in by_order.items()}
    best = min(backwards, key=backwards.__getitem__)
    other = max(backwards, key=backwards.__getitem__)
    if backwards[best] < 0.1 and backwards[other] > backwards[best] + 0.15:
        return Guess("order of dates", best, 0.85, "the rows are in order of time then, and not otherwise")
    if texts.str.contains(r"[AP]M\s*$", case=False).any():
        return Guess("order of dates", "month", 0.7, "not proved: no number beyond 12; AM and PM are American")
    dotted = bool(texts.str.match(r"^\d{1,2}\.").mean() > 0.5)
    if dotted:
        return Guess(
            "order of dates", "day", 0.8, "not proved: no number beyond 12; dots are written where days come first"
        )
    return Guess(
        "order of dates", "day", 0.4, "not proved: no number beyond 12; most of the world writes the day first"
    )


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
