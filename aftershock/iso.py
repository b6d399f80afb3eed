"""The stamps that nearly every log writes, read from their bytes, a whole column at once.

``2023-03-06T17:19:00`` (or with a space) without an offset, with ``Z``, ``+01:00`` or ``+0100``, in the years 1971 to
2199. Everything else is left to :mod:`aftershock.times`, which knows many more forms and reads these alike.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from aftershock.tables import text_array

UNREAD, LOCAL, ABSOLUTE = 0, 1, 2
BLOCK = 2**17  # stamps at a time: what is worked on stays in the processor's cache
_LENGTHS = (19, 20, 24, 25)
_DIGITS = (0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18)
_MINUTE = 60_000_000  # µs
_DAY = 1440 * _MINUTE


def read(texts: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """(moment in µs since 1970, :data:`UNREAD`, :data:`LOCAL` or :data:`ABSOLUTE`) of each text, a column of ``str``."""
    array = text_array(texts)
    moments, forms = np.zeros(len(array), np.int64), np.zeros(len(array), np.int8)
    _, offsets, data = array.buffers()
    if data is None or array.null_count:
        return moments, forms
    ends = np.frombuffer(offsets, np.int64)[array.offset : array.offset + len(array) + 1]
    characters = np.frombuffer(data, np.uint8)
    for at in range(0, len(array), BLOCK):
        block = slice(at, at + BLOCK)
        _read_block(characters, ends[at : at + BLOCK + 1], moments[block], forms[block])
    return moments, forms


def _read_block(characters: np.ndarray, ends: np.ndarray, moments: np.ndarray, forms: np.ndarray) -> None:
    """Fill in the moments and forms of the stamps that lie between ``ends``."""
    lengths = np.diff(ends)
    rows = np.flatnonzero(np.isin(lengths, _LENGTHS))
    starts, lengths = ends[rows], lengths[rows]
    digits = {i: characters[starts + i] - ord("0") for i in _DIGITS}
    known = np.logical_and.reduce([d <= 9 for d in digits.values()]) if len(rows) else np.array([], bool)
    for position, allowed in ((4, b"-"), (7, b"-"), (10, b"Tt "), (13, b":"), (16, b":")):
        known &= np.isin(characters[starts + position], list(allowed))
    offset, with_offset = _offsets(characters, starts, lengths, known)
    moment, in_calendar = _moments(digits)
    known &= in_calendar
    rows = rows[known]
    moments[rows] = (moment - offset)[known]
    forms[rows] = np.where(with_offset, ABSOLUTE, LOCAL)[known]


def _moments(digits: dict[int, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """(µs since 1970, whether there is such a day and time) of digits at their places in a stamp."""

    def number(*places: int) -> np.ndarray:
        total = np.zeros(len(digits[0]), np.int64)
        for place in places:
            total = total * 10 + digits[place]
        return total

    year, month, day = number(0, 1, 2, 3), number(5, 6), number(8, 9)
    hour, minute, second = number(11, 12), number(14, 15), number(17, 18)
    months = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
    first = months.astype("datetime64[D]").astype(np.int64)
    after = (months + 1).astype("datetime64[D]").astype(np.int64)
    known = (year >= 1971) & (year < 2200) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= after - first)
    known &= (hour < 24) & (minute < 60) & (second < 60)
    return (first + day - 1) * _DAY + (hour * 60 + minute) * _MINUTE + second * 1_000_000, known


def _offsets(
    characters: np.ndarray, starts: np.ndarray, lengths: np.ndarray, known: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """(offset from UTC in µs, whether one is written); ``known`` loses the stamps whose offset is none."""
    offset = np.zeros(len(starts), np.int64)
    zulu = lengths == 20
    known[zulu] &= np.isin(characters[starts[zulu] + 19], list(b"Zz"))
    for length, places, colon in ((24, (20, 21, 22, 23), None), (25, (20, 21, 23, 24), 22)):
        of = np.flatnonzero(lengths == length)
        at = starts[of]
        sign = characters[at + 19]
        ten_hours, hours, ten_minutes, minutes = (characters[at + p].astype(np.int64) - ord("0") for p in places)
        whole, part = ten_hours * 10 + hours, ten_minutes * 10 + minutes
        sound = np.logical_and.reduce([(d >= 0) & (d <= 9) for d in (ten_hours, hours, ten_minutes, minutes)])
        sound &= (whole <= 14) & (part < 60) & np.isin(sign, list(b"+-"))
        if colon:
            sound &= characters[at + colon] == ord(":")
        known[of] &= sound
        offset[of] = (whole * 60 + part) * _MINUTE * np.where(sign == ord("-"), -1, 1)
    return offset, lengths > 19
