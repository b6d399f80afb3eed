"""CSV of any delimiter, as databases, scripts and Excel write it; a workbook is read as its sheet would be.

Read here, not guessed: ``sep=;`` on Excel's first line, a byte order mark, UTF-16, a delimiter of comma, semicolon, tab
or bar, quoted line breaks, empty columns and rows that a spreadsheet leaves behind.

A file is read by columns (:mod:`csv_columns`) when every quote in it is where a quote may be, else row by row
(:mod:`csv_rows`). Both give the same table, line for line.
"""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import replace
from pathlib import Path

from aftershock.schema.errors import Problem
from aftershock.sources import workbook
from aftershock.sources.file_head import FileHead, generic_confidence
from aftershock.sources.format import Format
from aftershock.sources.raw_table import Options, RawTable, check_width, unreadable, utf8
from aftershock.sources.tabular import csv_columns, csv_rows, object_cells, positions
from aftershock.sources.tabular.csv_header import (
    MOST_ABOVE,
    MOST_RULED,
    Lines,
    Opening,
    above_header,
    merged_header,
    repeated,
    skipped,
)

LARGEST_CELL = 2**31 - 1


def read(files: list[Path], options: Options) -> RawTable:
    return RawTable.joined([page for path in files for page in _pages(path, options)])


def read_with_lists(files: list[Path], options: Options) -> RawTable:
    """The same with the columns of lists as lists, and what objects in cells say in columns of their own."""
    raw = read(files, options)
    return replace(raw, frame=object_cells.listed(object_cells.spread(raw.frame)))


def _pages(path: Path, options: Options) -> list[RawTable]:
    """The table of a file, or those of the sheets that are wanted of a workbook."""
    sheets = workbook.sheets(path)
    if not sheets and options.sheets:
        remedy = "Leave sheet out, or name a workbook."
        raise unreadable(path, "no workbook", f"one with the sheet {options.sheets[0]!r}", remedy)
    if not sheets:
        return [_page(path, *utf8(path), options)]
    chosen, notes = workbook.wanted(path.name, sheets, options.sheets)
    names = [workbook.label(path.name, sheet.name) if options.sheets else path.name for sheet in chosen]
    return [_page(Path(name), sheet.as_csv(), notes, options) for name, sheet in zip(names, chosen, strict=True)]


def _page(path: Path, data: bytes, notes: list[Problem], options: Options) -> RawTable:
    """The table of a text, which is in UTF-8. ``path`` only names it in problems."""
    head = data[:MOST_RULED].decode("utf-8", errors="ignore")
    if positions.plain(head) != head:
        data = positions.plain(data.decode("utf-8")).encode()
    csv.field_size_limit(LARGEST_CELL)
    opening = opening_of(path, data, options)
    found = csv_columns.parsed(data, opening)
    if found is None:
        page = csv_rows.read(path.name, data, opening)
    else:
        del data
        page = csv_columns.table(path.name, opening, found)
    return replace(page, notes=notes + opening.notes + page.notes)


def opening_of(path: Path, data: bytes, options: Options) -> Opening:
    """How a file is written: its delimiter, known from Excel's ``sep=`` line or else from the first line, and its
    header. ``path`` only names it in problems."""
    lines = Lines(data)
    first = next(lines, "").strip(" \r\n")  # a tab may be the delimiter
    delimiter = options.delimiter
    if first.lower().startswith("sep=") and len(first) == 5 and first[4] != '"':
        delimiter = delimiter or first[4]
    else:
        lines = Lines(data)
    some = [line for line, _ in zip(Lines(data, lines.end), range(MOST_ABOVE), strict=False)]
    above, delimiter = above_header(some, delimiter)
    notes = [
        skipped(path.name, lines.count + n + 1, line)
        for n, line in enumerate(some[:above])
        if line.strip(' ,;\t|"\r\n')
    ]
    for _ in range(above):
        next(lines)
    header = next((r for r in csv.reader(lines, delimiter=delimiter) if any(c.strip() for c in r)), [])
    below = csv.reader(Lines(data, lines.end), delimiter=delimiter)
    if names := merged_header(header, next(below, []), next(below, [])):
        header = names
        next(csv.reader(lines, delimiter=delimiter), None)
    names, twice = _header(path, header, lines.count)
    return Opening(delimiter, names, lines.end, lines.count, notes + twice)


def _header(path: Path, names: list[str], line: int) -> tuple[list[str], list[Problem]]:
    """The names of the columns, each once: a second ``Label`` is ``Label (2)``, which is noted. A number that is repeated
    is no name."""
    check_width(path, len(names))
    names = [n.strip() for n in names]
    while names and not names[-1]:
        names.pop()
    if not names:
        remedy = "Export the file again, with its header."
        raise unreadable(path, "no rows", "a header and rows below it", remedy)
    counts = {name: count for name, count in Counter(names).items() if name and count > 1}
    if numbers := sorted(name for name in counts if not any(c.isalpha() for c in name)):
        found = f"{counts[numbers[0]]} columns of this name"
        remedy = "Rename or remove one of them; if it is a row, put a line with names above it."
        raise unreadable(path, found, "one column per name", remedy, line=line, column=numbers[0])
    met: Counter[str] = Counter()
    numbered = []
    for name in names:
        met[name] += 1
        numbered.append(f"{name} ({met[name]})" if name in counts and met[name] > 1 else name)
    return numbered, [repeated(path.name, line, name, count) for name, count in counts.items()]


def _recognises(head: FileHead, table: str) -> float:
    return generic_confidence(head, table) if head.kind == "csv" else 0.0


FORMAT = Format(
    name="csv",
    title="CSV of any delimiter",
    reads={
        "incidents": "A row is an incident.",
        "changes": "A row is a change.",
        "dependencies": "A row is an edge of the service graph: a service and one that it needs.",
        "verdicts": "A row is what people concluded about an incident.",
    },
    documented="https://www.rfc-editor.org/rfc/rfc4180",
    suffixes=(".csv", ".csv.gz", ".tsv", ".tsv.gz", ".txt", *workbook.SUFFIXES),
    read=read_with_lists,
    recognises=_recognises,
)
