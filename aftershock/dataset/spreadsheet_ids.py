"""Ids that a spreadsheet or pandas took for numbers or dates: ``1001.0``, ``2.02403E+11``, ``1-Mar``."""

from __future__ import annotations

import re
from collections import Counter

import pandas as pd
import pyarrow.compute as pc

from aftershock.schema.tables import text_array

_FLOAT = r"^\d+\.0+$"
_GROUPED = r"^\d{1,3}(?:[ \u00a0\u202f]\d{3})*$"  # in thousands, as some trackers show them
_ALTERED = r"^(?:\d(?:[.,]\d+)?[eE]\+\d+|\d{1,2}-(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec))$"
_SHORTENED = re.compile(r"(\d)(?:[.,](\d+))?e\+(\d+)")


def whole(ids: pd.Series) -> pd.Series:
    """Ids without ``.0`` behind them, where all have it, and without spaces between thousands: then it is certain that they
    were whole numbers."""
    texts = text_array(ids)
    filled = ids != ""
    if filled.any() and re.match(_GROUPED, ids[filled].iloc[0]) and ids[filled].str.match(_GROUPED).all():
        return ids.str.replace(r"\s", "", regex=True)
    if not pc.any(pc.ends_with(texts, ".0")).as_py():
        return ids
    return ids.str.replace(r"\.0+$", "", regex=True) if ids[filled].str.match(_FLOAT).all() else ids


def altered(ids: pd.Series) -> pd.Series:
    """True for ids that are no longer what they were, and cannot be put right."""
    texts = text_array(ids)
    if not pc.any(pc.match_substring_regex(texts, r"^\d.*[+-]")).as_py():
        return pd.Series(False, index=ids.index)
    return ids.str.match(_ALTERED)


class KnownIds:
    """The ids of a table, found again whatever a spreadsheet made of a reference to one of them."""

    def __init__(self, ids: pd.Series):
        self._ids = set(ids)
        plain = [(_plain(i), i) for i in self._ids]
        counts = Counter(key for key, _ in plain)
        self._by_plain = {key: i for key, i in plain if counts[key] == 1}

    def __contains__(self, reference: str) -> bool:
        return reference in self._ids

    def find(self, reference: str) -> str:
        """The id that a reference means; the reference itself where that is not certain."""
        if reference in self._ids:
            return reference
        plain = _plain(reference)
        if shortened := _SHORTENED.fullmatch(plain):
            digits, length = shortened[1] + (shortened[2] or ""), int(shortened[3]) + 1
            close = [i for i in self._ids if i.isdigit() and len(i) == length and _rounded(i, len(digits)) == digits]
            return close[0] if len(close) == 1 else reference
        return self._by_plain.get(plain, reference)


def _rounded(digits: str, places: int) -> str:
    return f"{float(digits):.{places - 1}e}".split("e")[0].replace(".", "")


def _plain(id: str) -> str:
    """An id without what a spreadsheet adds or drops: capitals, ``#``, zeros in front, ``.0`` behind."""
    text = re.sub(r"^(\d+)\.0+$", r"\1", id.strip().lower().lstrip("#'"))
    return text.lstrip("0") or text
