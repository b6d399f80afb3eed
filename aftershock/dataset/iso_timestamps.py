"""The stamps that nearly every log writes, read by Arrow, a whole column at once.

``2023-03-06T17:19:00`` (or with a space; without seconds; with a fraction) without an offset, with ``Z``, ``+01:00`` or
``+0100``, in the years 1971 to 2199. Everything else is left to :mod:`aftershock.dataset.timestamps`, which knows many
more forms and reads these alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from aftershock.schema.tables import text_array

UNREAD, LOCAL, ABSOLUTE = 0, 1, 2
BLOCK = 2**14  # stamps at a time: a day that no calendar has makes Arrow refuse them all, and pandas read them
_DAY = r"^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
_CLOCK = r"[T ](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,6})?)?"
_KINDS = (
    (LOCAL, pa.timestamp("us"), f"{_DAY}{_CLOCK}$"),
    (ABSOLUTE, pa.timestamp("us", "UTC"), rf"{_DAY}{_CLOCK}(?:Z|[+-](?:0\d|1[0-4]):?[0-5]\d)$"),
)
_EARLIEST, _LATEST = (int(np.datetime64(day, "us").astype(np.int64)) for day in ("1971-01-01", "2200-01-01"))


def read(texts: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """(moment in µs since 1970, :data:`UNREAD`, :data:`LOCAL` or :data:`ABSOLUTE`) of each text, a column of ``str``."""
    array = text_array(texts)
    moments, states = np.zeros(len(array), np.int64), np.zeros(len(array), np.int8)
    for first in range(0, len(array), BLOCK):
        block = array.slice(first, BLOCK)
        written = pc.not_equal(block, "").fill_null(False)
        for state, rows, found in _kinds_in(block.filter(written)):
            places = first + np.flatnonzero(written.to_numpy(zero_copy_only=False))[rows]
            moments[places], states[places] = found, state
    return moments, states


def _kinds_in(stamps: pa.Array) -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
    """(state, rows, moments) of those of the stamps that are read here. Most columns are of one kind, that of their first
    and last stamp, and need no search for patterns."""
    for state, kind, pattern in _KINDS:
        ends = [stamps[0].as_py(), stamps[-1].as_py()] if len(stamps) else [""]
        if all(re.search(pattern, stamp) for stamp in ends) and _all_have_clocks(stamps):
            found = _moments(stamps, kind)
            if found is not None:
                yield state, np.arange(len(stamps)), found
                return
    for state, kind, pattern in _KINDS:
        matches = pc.match_substring_regex(stamps, pattern)
        found = _moments(stamps.filter(matches), kind)
        if found is not None:
            yield state, np.flatnonzero(matches.to_numpy(zero_copy_only=False)), found


def _all_have_clocks(stamps: pa.Array) -> bool:
    """Whether all have the colon of a clock; Arrow also takes a day or an hour alone, which mean an interval."""
    return bool(pc.all(pc.equal(pc.utf8_slice_codeunits(stamps, 13, 14), ":")).as_py())


def _moments(stamps: pa.Array, kind: pa.DataType) -> np.ndarray | None:
    """µs since 1970; None where one of the stamps is of no calendar or out of range."""
    try:
        moments = stamps.cast(kind).cast(pa.int64()).to_numpy(zero_copy_only=False)
    except pa.ArrowInvalid:
        return None
    return moments if ((moments >= _EARLIEST) & (moments < _LATEST)).all() else None
