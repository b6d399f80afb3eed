"""What both ways of reading a CSV share: its physical lines, its opening, and what is said of rows that do not fit."""

from __future__ import annotations

import re
from dataclasses import dataclass

from aftershock.schema.errors import Problem

_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)?")


class Lines:
    """The physical lines of UTF-8 bytes, their breaks included, one by one.

    ``count``: how many were taken; ``end``: the byte after the last of them; ``over``: whether one more was asked for
    than there are, which :func:`csv.reader` does within a record only while a quote is open.
    """

    def __init__(self, data: bytes, start: int = 0):
        self._data, self.end, self.count, self.over = data, start, 0, False

    def __iter__(self) -> Lines:
        return self

    def __next__(self) -> str:
        if self.end == len(self._data):
            self.over = True
            raise StopIteration
        found = _LINE.match(self._data, self.end)
        line = found[0] if found else b""  # the pattern matches anywhere
        self.end, self.count = self.end + len(line), self.count + 1
        return line.decode("utf-8")


@dataclass(frozen=True)
class Opening:
    """How a file begins: its delimiter, the ``names`` of its header (``""`` for a column without one), the byte after
    the header and the number of lines before that."""

    delimiter: str
    names: list[str]
    end: int
    lines: int


def ragged(file: str, line: int, fields: int, names: list[str]) -> Problem:
    remedy = "Quote cells that hold the delimiter."
    return Problem(file, line, None, f"{fields} fields", f"{len(names)} as in the header", remedy, "ragged_row")


def short(file: str, line: int, fields: int, names: list[str]) -> Problem:
    remedy = "The missing cells were read as empty."
    return Problem(file, line, None, f"{fields} fields", f"{len(names)} as in the header", remedy, "short_row")


def unclosed(file: str, line: int, more: int) -> Problem:
    found = f"a quote that is never closed, with {more} more lines after it"
    remedy = "Close the quote; the rows after it were not read."
    return Problem(file, line, None, found, "a closing quote", remedy, "unclosed_quote")
