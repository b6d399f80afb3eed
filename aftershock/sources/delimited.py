"""CSV of any delimiter, as databases, scripts and Excel write it.

Read here, not guessed: ``sep=;`` on Excel's first line, a byte order mark, UTF-16, a delimiter of comma, semicolon, tab
or bar, quoted line breaks, empty columns and rows that a spreadsheet leaves behind.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

from aftershock.errors import InputError, Problem
from aftershock.sources.formats import Format
from aftershock.sources.raw import Options, RawTable, text
from aftershock.sources.samples import Sample, generic_sureness

DELIMITERS = ",;\t|"
LARGEST_CELL = 2**31 - 1


def read(files: list[Path], options: Options) -> RawTable:
    rows, places, problems, notes, columns = [], [], [], [], []
    for path in files:
        content, encoding = text(path)
        notes += encoding
        for name in _read_one(path, content, options, rows, places, problems, notes):
            if name not in columns:
                columns.append(name)
    return RawTable.of(rows, places, columns=columns, problems=problems, notes=notes)


def _read_one(
    path: Path, content: str, options: Options, rows: list, places: list, problems: list, notes: list
) -> list[str]:
    """Append the rows of one file; returns its column names."""
    first, _, rest = content.partition("\n")
    skipped = 0
    delimiter = options.delimiter
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        delimiter, content, skipped = delimiter or first.strip()[4], rest, 1
    csv.field_size_limit(LARGEST_CELL)
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter or _delimiter(content))
    header = _header(path, next((r for r in reader if any(c.strip() for c in r)), []), reader.line_num + skipped)
    previous = reader.line_num
    lines = content.splitlines()
    last_line = len(lines)
    for fields in reader:
        line, previous = previous + 1 + skipped, reader.line_num
        if not any(c.strip() for c in fields):
            continue
        if reader.line_num == last_line and _unclosed(lines[line - skipped - 1 :]):
            problems.append(
                Problem(
                    path.name,
                    line,
                    None,
                    f"a quote that is never closed, with {last_line + skipped - line} more lines after it",
                    "a closing quote",
                    "Close the quote; the rows after it were not read.",
                    "unclosed_quote",
                )
            )
            break
        extra = fields[len(header) :]
        if any(c.strip() for c in extra):
            problems.append(
                Problem(
                    path.name,
                    line,
                    None,
                    f"{len(fields)} fields",
                    f"{len(header)} as in the header",
                    "Quote cells that hold the delimiter.",
                    "ragged_row",
                )
            )
            continue
        if len(fields) < len(header):
            notes.append(
                Problem(
                    path.name,
                    line,
                    None,
                    f"{len(fields)} fields",
                    f"{len(header)} as in the header",
                    "The missing cells were read as empty.",
                    "short_row",
                )
            )
            fields = fields + [""] * (len(header) - len(fields))
        rows.append({name: cell.strip() for name, cell in zip(header, fields, strict=False) if name})
        places.append((path.name, line))
    return [name for name in header if name]


def _unclosed(lines: list[str]) -> bool:
    """Whether the last record of a file ends inside a quoted cell: its quotes do not come in pairs."""
    return sum(line.count('"') for line in lines) % 2 == 1


def _delimiter(content: str) -> str:
    """The delimiter that splits the first line into most cells; a comma when none does."""
    first = next((line for line in content.splitlines() if line.strip()), "")
    counts = {d: len(next(csv.reader([first], delimiter=d), [])) for d in DELIMITERS}
    return max(DELIMITERS, key=lambda d: counts[d])


def _header(path: Path, names: list[str], line: int) -> list[str]:
    names = [n.strip() for n in names]
    while names and not names[-1]:
        names.pop()
    if not names:
        raise InputError.of(
            Problem(
                path.name,
                None,
                None,
                "no rows",
                "a header and rows below it",
                "Export the file again, with its header.",
                "unreadable_record",
            )
        )
    twice = sorted({n for n in names if n and names.count(n) > 1})
    if twice:
        raise InputError.of(
            Problem(
                path.name,
                line,
                twice[0],
                f"{names.count(twice[0])} columns of this name",
                "one column per name",
                "Rename or remove one of them.",
                "unreadable_record",
            )
        )
    return names


def _recognises(sample: Sample, table: str) -> float:
    return generic_sureness(sample, table) if sample.kind == "csv" else 0.0


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
    suffixes=(".csv", ".csv.gz", ".tsv", ".tsv.gz", ".txt"),
    read=read,
    recognises=_recognises,
)
