"""A CSV read by columns, at the speed of Arrow's reader, where that is sure to give what reading by rows would.

Sure means: line breaks are ``\\n`` or ``\\r\\n``, and every quote opens a cell, closes one or is doubled inside one.
Then a quote is open exactly after an odd number of them, and both readers see the same records. Rows with too few or
too many cells are taken out and read one by one.
"""

from __future__ import annotations

import codecs
import csv
import io
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv

from aftershock.schema.errors import Problem
from aftershock.sources.raw_table import RawTable
from aftershock.sources.tabular.csv_header import Lines, Opening, ragged, short

BLOCK = 2**24  # bytes; a record longer than this is read by rows
_QUOTE, _NEWLINE = ord('"'), ord("\n")


@dataclass(frozen=True)
class Parsed:
    """The records below a header, cells as written: those of the usual width as columns, ``odd`` ones as (number from
    0, text), and the line on which each record begins."""

    columns: list[pa.ChunkedArray]
    odd: list[tuple[int, str]]
    lines: np.ndarray


def parsed(data: bytes, opening: Opening) -> Parsed | None:
    """The records below the header of a file, or None where only reading by rows is safe."""
    quotes = _sound_quotes(data, opening)
    if quotes is None:
        return None
    body, width = memoryview(data)[opening.end :], _width(data, opening)
    if not len(body):
        return Parsed([pa.chunked_array([], pa.large_string()) for _ in range(width)], [], np.array([], np.int64))
    try:
        cells, odd = _parse(body, width, opening.delimiter, len(quotes) > 0)
    except pa.ArrowInvalid:  # a record longer than a block
        return None
    return Parsed(cells.columns, odd, _first_lines(data, opening, quotes, len(cells) + len(odd)))


def table(file: str, opening: Opening, found: Parsed) -> RawTable:
    """The rows of a file from its records, whose columns are taken away one by one: a large log is held only once."""
    return _Rows(file, opening.names, opening.delimiter, found.lines).table(found.columns, found.odd)


def _sound_quotes(data: bytes, opening: Opening) -> np.ndarray | None:
    """The places of the quotes in the rows, or None where a quote or a line break is not where one may be."""
    delimiter, start = opening.delimiter, opening.end
    if not delimiter.isascii() or delimiter in ' "\r\n' or data.startswith(codecs.BOM_UTF8, start):
        return None
    if b"\r" in data and data.count(b"\r", start) != data.count(b"\r\n", start):
        return None
    if data.find(b'"', start) < 0:
        return np.array([], np.int64)
    characters = np.frombuffer(data, np.uint8)
    quotes = _positions(characters, _QUOTE, start)
    if len(quotes) % 2:
        return None
    may_touch = np.array([ord(delimiter), _QUOTE, *b"\r\n"], np.uint8)
    opened, closed = quotes[::2], quotes[1::2]
    before = characters[opened[opened > start] - 1]
    after = characters[closed[closed < len(data) - 1] + 1]
    sound = np.isin(before, may_touch).all() and np.isin(after, may_touch).all()
    return quotes if sound else None


def _positions(characters: np.ndarray, wanted: int, start: int) -> np.ndarray:
    """The places of a character, block by block: the mask of the whole would be as large as the file."""
    found = [np.flatnonzero(characters[at : at + BLOCK] == wanted) + at for at in range(start, len(characters), BLOCK)]
    return np.concatenate(found) if found else np.array([], np.int64)


def _width(data: bytes, opening: Opening) -> int:
    """How many cells a row is expected to have: those of the first row, which may go on beyond the header's."""
    first = next((r for r in csv.reader(Lines(data, opening.end), delimiter=opening.delimiter) if r), [])
    return max(len(opening.names), len(first))


def _parse(body: memoryview, width: int, delimiter: str, quoted: bool) -> tuple[pa.Table, list[tuple[int, str]]]:
    """The records of ``width`` cells, and (number from 0, text) of the others. Such others are rare, and only a single
    thread can number them, so it is tried without them first."""
    odd: list[tuple[int, str]] = []

    def set_aside(row: arrow_csv.InvalidRow) -> str:
        odd.append((row.number - 1, row.text))
        return "skip"

    def parse(threads: bool) -> pa.Table:
        columns = {str(i): pa.large_string() for i in range(width)}
        return arrow_csv.read_csv(
            pa.BufferReader(pa.py_buffer(body)),
            arrow_csv.ReadOptions(column_names=list(columns), use_threads=threads, block_size=BLOCK),
            arrow_csv.ParseOptions(
                delimiter=delimiter,
                newlines_in_values=quoted,
                ignore_empty_lines=False,
                invalid_row_handler=None if threads else set_aside,
            ),
            arrow_csv.ConvertOptions(column_types=columns, strings_can_be_null=False, check_utf8=False),
        )

    try:
        return parse(threads=True), odd
    except pa.ArrowInvalid:
        return parse(threads=False), odd


def _first_lines(data: bytes, opening: Opening, quotes: np.ndarray, records: int) -> np.ndarray:
    """The line on which each record begins: without quotes every line is a record."""
    if not len(quotes):
        return np.arange(records) + opening.lines + 1
    breaks = _positions(np.frombuffer(data, np.uint8), _NEWLINE, opening.end)
    ends_record = np.searchsorted(quotes, breaks) % 2 == 0
    return np.concatenate([[0], np.flatnonzero(ends_record) + 1])[:records] + opening.lines + 1


class _Rows:
    """The records of one file; ``lines``: the line on which each begins."""

    def __init__(self, file: str, names: list[str], delimiter: str, lines: np.ndarray):
        self.file, self.names, self.delimiter, self.lines = file, names, delimiter, lines
        self.problems: list[Problem] = []
        self.notes: list[Problem] = []

    def table(self, written: list[pa.ChunkedArray], odd: list[tuple[int, str]]) -> RawTable:
        columns = [pc.utf8_trim_whitespace(written.pop(0)) for _ in range(len(written))]
        records = np.delete(np.arange(len(self.lines)), [number for number, _ in odd])
        keep = ~_all_empty(columns, len(records)) & ~self._ragged(columns, records)
        if not keep.all():
            columns, records = [c.filter(pa.array(keep)) for c in columns], records[keep]
        columns = columns[: len(self.names)]
        fitted = [(number, row) for number, text in odd if (row := self._fitted(number, text))]
        if fitted:
            columns, records = _merged(columns, records, fitted)
        named = {name: column for name, column in zip(self.names, columns, strict=True) if name}
        self.problems.sort(key=lambda p: p.line or 0)
        return RawTable.of_columns(named, self.file, self.lines[records], problems=self.problems, notes=self.notes)

    def _ragged(self, columns: list[pa.ChunkedArray], records: np.ndarray) -> np.ndarray:
        """True for rows with text beyond the header's columns, which become problems."""
        beyond = ~_all_empty(columns[len(self.names) :], len(records))
        for number in records[beyond]:
            self.problems.append(ragged(self.file, int(self.lines[number]), len(columns), self.names))
        return beyond

    def _fitted(self, number: int, text: str) -> list[str]:
        """The cells of a row of another width, filled up or cut; none where it is empty or ragged."""
        fields = next(csv.reader(io.StringIO(text, newline=""), delimiter=self.delimiter), [])
        fields, width, line = [f.strip() for f in fields], len(self.names), int(self.lines[number])
        if not any(fields):
            return []
        if any(fields[width:]):
            self.problems.append(ragged(self.file, line, len(fields), self.names))
            return []
        if len(fields) < width:
            self.notes.append(short(self.file, line, len(fields), self.names))
        return (fields + [""] * width)[:width]


def _all_empty(columns: list[pa.ChunkedArray], rows: int) -> np.ndarray:
    """True for rows whose every cell is empty."""
    empty = np.full(rows, True)
    for column in columns:
        if not empty.any():
            break
        empty &= pc.equal(column, "").to_numpy()
    return empty


def _merged(
    columns: list[pa.ChunkedArray], records: np.ndarray, fitted: list[tuple[int, list[str]]]
) -> tuple[list[pa.ChunkedArray], np.ndarray]:
    """Columns with the fitted rows in their places."""
    numbers = np.concatenate([records, [number for number, _ in fitted]])
    order = np.argsort(numbers)
    places = pa.array(order)
    added = [pa.array(cells, pa.large_string()) for cells in zip(*(row for _, row in fitted), strict=True)]
    columns = [pa.chunked_array([*c.chunks, a]).take(places) for c, a in zip(columns, added, strict=True)]
    return columns, numbers[order]
