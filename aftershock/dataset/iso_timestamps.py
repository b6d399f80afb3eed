"""The stamps that nearly every log writes, read from their bytes, a whole column at once.

``2023-03-06T17:19:00`` (or with a space; without seconds; with milli- or microseconds) without an offset, with ``Z``,
``+01:00`` or ``+0100``, in the years 1971 to 2199. Everything else is left to
:mod:`aftershock.dataset.timestamps`, which knows many more forms and reads these alike.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from aftershock.schema.tables import text_array

UNREAD, LOCAL, ABSOLUTE = 0, 1, 2
BLOCK = 2**17  # stamps at a time: what is worked on stays in the processor's cache

#: How stamps are written: a 0 stands for a digit, and + for the sign of an offset.
FORMS = tuple(
    f"{clock}{fraction}{offset}"
    for clock, fractions in (("0000-00-00T00:00:00", ("", ".000", ".000000")), ("0000-00-00T00:00", ("",)))
    for fraction in fractions
    for offset in ("", "Z", "+0000", "+00:00")
)
_ALSO = {"T": b"Tt ", "Z": b"Zz", ".": b".,", "+": b"+-"}  # what else may stand in the place of a sign
_MICROSECONDS = 1_000_000
_MINUTE = 60 * _MICROSECONDS
_DAY = 1440 * _MINUTE


def read(texts: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """(moment in µs since 1970, :data:`UNREAD`, :data:`LOCAL` or :data:`ABSOLUTE`) of each text, a column of ``str``."""
    array = text_array(texts)
    moments, states = np.zeros(len(array), np.int64), np.zeros(len(array), np.int8)
    _, offsets, data = array.buffers()
    if data is None or array.null_count:
        return moments, states
    ends = np.frombuffer(offsets, np.int64)[array.offset : array.offset + len(array) + 1]
    characters = np.frombuffer(data, np.uint8)
    for at in range(0, len(array), BLOCK):
        lengths = np.diff(ends[at : at + BLOCK + 1])
        there = set(np.unique(lengths).tolist())
        for form in FORMS:
            if len(form) in there:
                rows = at + np.flatnonzero((lengths == len(form)) & (states[at : at + BLOCK] == UNREAD))
                _read_form(form, characters, ends, rows, moments, states)
    return moments, states


def _read_form(
    form: str, characters: np.ndarray, ends: np.ndarray, rows: np.ndarray, moments: np.ndarray, states: np.ndarray
) -> None:
    """Fill in the moments and states of those of the rows that are written in a form."""
    stamp = _Stamps(form, characters, ends[rows])
    moment, known = stamp.moments()
    moments[rows[known]] = moment[known]
    states[rows[known]] = ABSOLUTE if form[16:].strip(":.0") else LOCAL


class _Stamps:
    """Stamps of one form that begin at ``starts``."""

    def __init__(self, form: str, characters: np.ndarray, starts: np.ndarray):
        self.form, self.columns = form, [characters[starts + place] for place in range(len(form))]

    def moments(self) -> tuple[np.ndarray, np.ndarray]:
        """(µs since 1970, whether the form fits and there is such a moment)."""
        known = np.full(len(self.columns[0]), True)
        for sign, column in zip(self.form, self.columns, strict=True):
            known &= (
                column - np.uint8(48) <= 9 if sign == "0" else np.isin(column, list(_ALSO.get(sign, sign.encode())))
            )
        days, in_calendar = self._days()
        hour, minute = self._number(11, 13), self._number(14, 16)
        second = self._number(17, 19) if self.form[16:17] == ":" else 0
        fraction = self._fraction()
        offset, in_range = self._offset()
        known &= in_calendar & in_range & (hour < 24) & (minute < 60) & (second < 60)
        return days * _DAY + (hour * 60 + minute - offset) * _MINUTE + second * _MICROSECONDS + fraction, known

    def _number(self, first: int, last: int) -> np.ndarray:
        """The number between two places; 0 where the form ends before."""
        total = np.zeros(len(self.columns[0]), np.int64)
        for column in self.columns[first:last] if self.form[first:last].isdigit() else []:
            total = total * 10 + (column.astype(np.int64) - 48)
        return total

    def _days(self) -> tuple[np.ndarray, np.ndarray]:
        """(days since 1970, whether the calendar has such a day)."""
        year, month, day = self._number(0, 4), self._number(5, 7), self._number(8, 10)
        months = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
        first, after = ((months + n).astype("datetime64[D]").astype(np.int64) for n in (0, 1))
        known = (year >= 1971) & (year < 2200) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= after - first)
        return first + day - 1, known

    def _fraction(self) -> np.ndarray:
        """Microseconds."""
        digits = self.form[20:26].partition("+")[0].rstrip("Z") if self.form[19:20] == "." else ""
        return self._number(20, 20 + len(digits)) * 10 ** (6 - len(digits))

    def _offset(self) -> tuple[np.ndarray, np.ndarray]:
        """(minutes east of UTC, whether clocks anywhere go so)."""
        sign = self.form.find("+")
        if sign < 0:
            return np.zeros(1, np.int64), np.ones(1, dtype=bool)
        hours, minutes = self._number(sign + 1, sign + 3), self._number(len(self.form) - 2, len(self.form))
        east = np.where(self.columns[sign] == ord("+"), 1, -1)
        return east * (hours * 60 + minutes), (hours <= 14) & (minutes < 60)
