"""Rows above and below the records of a table that are none: the units of its columns, totals at its end."""

from __future__ import annotations

import re

import pandas as pd

MOST_TOTALS = 3  # rows at the end that may be totals: a judgement
_TOTAL = re.compile(
    r"(?:grand |sub)?totals?(?: .{0,20})?:?|sums?:?|averages?:?|mean:?|count:?|gesamt.{0,10}|summe:?|insgesamt:?|durchschnitt:?"
    r"|total g[eé]n[eé]ral|totaal:?|totale:?|suma:?|somme:?|moyenne:?|media:?|razem:?|合計.{0,4}|总计"
    r"|\(?\d+ rows?(?: in set.*| affected.*)?\)?",
    re.IGNORECASE,
)
_UNITS = re.compile(r"units?:?|einheit(?:en)?:?|unit[eé]s?:?|unidad(?:es)?:?|unit[àa]:?|単位|单位", re.IGNORECASE)


def cut_off(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of a table without those that are no records."""
    frame = frame[: len(frame) - _totals(frame)]
    return frame[_units(frame) :]


def _totals(frame: pd.DataFrame) -> int:
    """How many rows at the end are no records: their first cell that holds something is a word for a total."""
    last = [next(filter(None, map(str, row)), "") for row in frame.tail(MOST_TOTALS).itertuples(index=False)]
    return next((n for n, cell in enumerate(reversed(last)) if not _TOTAL.fullmatch(cell.strip())), len(last))


def _units(frame: pd.DataFrame) -> int:
    """1 where the first row is none, as it says in which units the cells below it are."""
    first = next(filter(None, map(str, frame.iloc[0])), "") if len(frame) > 1 else ""
    return int(_UNITS.fullmatch(first.strip()) is not None)
