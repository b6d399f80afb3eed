"""A CSV read row by row: slower, and for every file, wherever its quotes and line breaks are."""

from __future__ import annotations

import csv
from itertools import zip_longest

import pyarrow as pa

from aftershock.schema.errors import Problem
from aftershock.schema.tables import text_array
from aftershock.sources.raw_table import RawTable
from aftershock.sources.tabular.csv_header import Lines, Opening, ragged, short, unclosed

CHUNK = 20_000  # rows held as Python text at a time: a few megabytes, whatever the size of the file


def read(file: str, data: bytes, opening: Opening) -> RawTable:
    """The rows below the header of a file."""
    names, width = opening.names, len(opening.names)
    source = Lines(data, opening.end)
    chunks: list[list[pa.Array]] = []
    held: list[list[str]] = []
    lines: list[int] = []
    problems: list[Problem] = []
    notes: list[Problem] = []
    previous = 0
    for fields in csv.reader(source, delimiter=opening.delimiter):
        line, previous = opening.lines + previous + 1, source.count
        fields = [f.strip() for f in fields]
        if not any(fields):
            continue
        if source.over:
            problems.append(unclosed(file, line, opening.lines + source.count - line))
        elif any(fields[width:]):
            problems.append(ragged(file, line, len(fields), names))
        else:
            if len(fields) < width:
                notes.append(short(file, line, len(fields), names))
            lines.append(line)
            held.append(fields)
            if len(held) == CHUNK:
                chunks.append(_columns(held, width))
                held = []
    chunks.append(_columns(held, width))
    columns = {
        name: pa.chunked_array([c[i] for c in chunks], pa.large_string()) for i, name in enumerate(names) if name
    }
    return RawTable.of_columns(columns, file, lines, problems=problems, notes=notes)


def _columns(rows: list[list[str]], width: int) -> list[pa.Array]:
    """Rows as columns of text; what short rows lack is empty, what long ones have beyond ``width`` is left out."""
    columns = list(zip_longest(*rows, [""] * width, fillvalue=""))[:width]
    return [text_array(column[:-1]) for column in columns]
