"""Columns of cells as written → columns of one type, a whole column at once.

Logs repeat themselves: what is costly per cell is done once per distinct text and handed to every row that holds it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import ArrayLike, DTypeLike

from aftershock.output.collector import collector_paused
from aftershock.schema.tables import TEXT, text_array

_NOTHING = pa.array([], pa.large_string())
BLOCK = 2**17  # texts that are split at a time: their parts take several times the memory of the lists


def by_distinct(cells: pd.Series, function: Callable[[pd.Index], ArrayLike], dtype: DTypeLike) -> pd.Series:
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


def in_one_piece(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with each column of text in one piece of memory: taking rows out of several takes thirty times as long."""
    text = [c for c in frame.columns if isinstance(frame[c].dtype, pd.StringDtype)]
    whole = {c: text_array(frame[c]).to_pandas(types_mapper={pa.large_string(): TEXT}.get) for c in text}
    return frame.assign(**{c: column.set_axis(frame.index) for c, column in whole.items()})


def lists(cells: pd.Series, separators: Sequence[str], empty: pa.Array = _NOTHING) -> pd.Series:
    """The column as lists of text, split at each of ``separators``, each part once, without what is ``empty``. Rows of equal
    text share one list."""
    cells, (separator, *others) = plain(cells), separators
    for other in others:
        cells = cells.map(lambda v, other=other: v if isinstance(v, list) else str(v).replace(other, separator))
    if not isinstance(cells.dtype, pd.StringDtype):
        none = {"", *empty.to_pylist()}
        return cells.map(lambda v: _parts(v if isinstance(v, list) else str(v).split(separator), none)).astype("object")
    if repeats_itself(cells):
        codes, distinct = _factorised(cells)
        return column_of(split(text_array(distinct), separator, empty), codes).set_axis(cells.index)
    return column_of(split(text_array(cells), separator, empty)).set_axis(cells.index)


def column_of(rows: Sequence[list[str]], codes: np.ndarray | None = None) -> pd.Series:
    """A column of lists; with ``codes``, which rows share: for each row the list at that place."""
    made = np.empty(len(rows), dtype="object")
    made[:] = rows
    return pd.Series(made if codes is None else made[codes], dtype="object")


def repeats_itself(cells: pd.Series) -> bool:
    """Whether a text is likely to stand in several rows, by a thousand of them."""
    some = cells.iloc[:: max(1, len(cells) // 1000)]
    return some.nunique() < 0.5 * len(some)


def numbers(cells: pd.Series) -> pd.Series:
    """The column as numbers, NaN where a cell is none."""

    def read(distinct: pd.Index) -> np.ndarray:
        found = pd.to_numeric(pd.Series(distinct, dtype="object").replace("", None), errors="coerce")
        return found.astype("float64").replace([np.inf, -np.inf], np.nan).to_numpy()

    return by_distinct(texts(cells), read, "float64")


def flags(cells: pd.Series, true: set[str]) -> pd.Series:
    """The column as booleans: whether the cell is one of the words that mean true."""
    return by_distinct(texts(cells), lambda distinct: [text.lower() in true for text in distinct], bool)


def _parts(parts: list[str], none: set[str]) -> list[str]:
    return _once([p.strip() for p in parts if p.strip() not in none])


def _once(parts: list[str]) -> list[str]:
    """The parts without repetitions: a service that a cell names twice is one service."""
    return list(dict.fromkeys(parts))


def split(texts: pa.LargeStringArray, separator: str, empty: pa.Array) -> list[list[str]]:
    """A list for each text, each part once, without parts that are empty or among ``empty``."""
    none = pa.concat_arrays([empty, pa.array([""], pa.large_string())])
    known: dict[str, str] = {}
    made: list[list[str]] = []
    for first in range(0, len(texts), BLOCK):
        parted = pc.split_pattern(texts.slice(first, BLOCK), separator)
        parts = pc.utf8_trim_whitespace(parted.flatten())
        filled = pc.invert(pc.is_in(parts, value_set=none)) if len(empty) else pc.not_equal(parts, "")
        before = np.concatenate([[0], np.cumsum(filled.to_numpy(zero_copy_only=False))])
        ends = before[parted.offsets.to_numpy() - parted.offsets[0].as_py()]
        encoded = parts.filter(filled).dictionary_encode()
        lists = sliced(encoded, ends, known)
        for row in _repeating(encoded.indices.to_numpy(), ends):
            lists[row] = _once(lists[row])
        made += lists
    return made


def _repeating(codes: np.ndarray, ends: np.ndarray) -> list[int]:
    """The lists between successive ends that hold a code more than once."""
    if not len(codes):
        return []
    width = int(codes.max()) + 1
    keys = np.sort(np.repeat(np.arange(len(ends) - 1), np.diff(ends)) * width + codes)
    return np.unique(keys[1:][keys[1:] == keys[:-1]] // width).tolist()


def sliced(parts: pa.DictionaryArray, ends: np.ndarray, known: dict[str, str]) -> list[list[str]]:
    """The parts between successive ends as lists. Equal parts, also those ``known`` from other calls, are one object: a
    million paths have few directories."""
    words = [known.setdefault(word, word) for word in parts.dictionary.to_pylist()]
    return lists_of(words, parts.indices.to_numpy(), ends)


def lists_of(words: list[str], codes: np.ndarray, ends: np.ndarray) -> list[list[str]]:
    """The words at the places ``codes``, as the lists between successive ends."""
    objects = np.array([*words, None], dtype="object")[codes].tolist()
    with collector_paused():
        return [objects[first:last] for first, last in pairwise(ends.tolist())]
