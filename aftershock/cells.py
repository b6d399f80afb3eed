"""Columns of cells as written → columns of one type, a whole column at once.

Logs repeat themselves: what is costly per cell is done once per distinct text and handed to every row that holds it.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from contextlib import contextmanager
from itertools import pairwise

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from aftershock.tables import TEXT, text_array


def by_distinct(cells: pd.Series, function: Callable[[pd.Index], object], dtype: object) -> pd.Series:
    """``function`` of the distinct texts of a column, handed out to its rows."""
    codes, distinct = _factorised(cells)
    made = np.asarray(function(distinct), dtype=dtype)
    return pd.Series(made[codes], index=cells.index)


def _factorised(cells: pd.Series) -> tuple[np.ndarray, pd.Index]:
    """(place of each cell's text among the distinct ones, these). Columns that say one thing throughout are common."""
    if len(cells) and (cells == cells.iloc[0]).all():
        return np.zeros(len(cells), np.int64), pd.Index(cells.iloc[:1])
    return pd.factorize(cells)


def each_distinct(cells: pd.Series, function: Callable[[str], str]) -> pd.Series:
    """``function`` of each distinct text of a column, handed out to its rows."""
    return by_distinct(cells, lambda distinct: [function(text) for text in distinct], "object")


def plain(cells: pd.Series) -> pd.Series:
    """The column as ``str`` where every cell is text, else as it is: text and lists of text."""
    if isinstance(cells.dtype, pd.StringDtype):
        return cells
    if cells.map(lambda v: isinstance(v, list)).any():
        return cells
    return cells.map(str).astype(TEXT)


def texts(cells: pd.Series) -> pd.Series:
    """The column as ``str``; lists are joined."""
    cells = plain(cells)
    if isinstance(cells.dtype, pd.StringDtype):
        return cells
    return cells.map(lambda v: "; ".join(v) if isinstance(v, list) else str(v)).astype(TEXT)


def lists(cells: pd.Series, separator: str) -> pd.Series:
    """The column as lists of text, split at ``separator``. Rows of equal text share one list."""
    cells = plain(cells)
    if not isinstance(cells.dtype, pd.StringDtype):
        return cells.map(lambda v: _parts(v if isinstance(v, list) else str(v).split(separator))).astype("object")
    codes, distinct = _factorised(cells)
    made = np.empty(len(distinct), dtype="object")
    made[:] = _split(text_array(distinct), separator)
    return pd.Series(made[codes], index=cells.index, dtype="object")


def numbers(cells: pd.Series) -> pd.Series:
    """The column as numbers, NaN where a cell is none."""

    def read(distinct: pd.Index) -> np.ndarray:
        found = pd.to_numeric(pd.Series(distinct, dtype="object").replace("", None), errors="coerce")
        return found.astype("float64").replace([np.inf, -np.inf], np.nan).to_numpy()

    return by_distinct(texts(cells), read, "float64")


def flags(cells: pd.Series, true: set[str]) -> pd.Series:
    """The column as booleans: whether the cell is one of the words that mean true."""
    return by_distinct(texts(cells), lambda distinct: [text.lower() in true for text in distinct], bool)


def _parts(parts: list[str]) -> list[str]:
    return [p.strip() for p in parts if p.strip()]


def _split(texts: pa.LargeStringArray, separator: str) -> list[list[str]]:
    """A list for each text. Equal parts are one object: a million paths have few directories."""
    parted = pc.split_pattern(texts, separator)
    parts = pc.utf8_trim_whitespace(parted.flatten())
    filled = pc.not_equal(parts, "")
    before = np.concatenate([[0], np.cumsum(filled.to_numpy(zero_copy_only=False))])
    ends = before[parted.offsets.to_numpy() - parted.offsets[0].as_py()].tolist()
    coded = parts.filter(filled).dictionary_encode()
    words = np.array([*coded.dictionary.to_pylist(), None], dtype="object")
    objects = words[coded.indices.to_numpy()].tolist()
    with collector_paused():
        return [objects[first:last] for first, last in pairwise(ends)]


@contextmanager
def collector_paused():
    """The search for cyclic garbage, which a million new lists would set off again and again, waits."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
