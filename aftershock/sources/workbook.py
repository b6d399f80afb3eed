"""Workbooks of Excel: their sheets, each as the CSV that saving it would give.

A row of the sheet is a line of the text, so that messages name the row. Moments are written so that no order of day and
month has to be guessed, days without a time of day where the cells show none, numbers in full.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aftershock.output.phrases import plural
from aftershock.schema.errors import InputError, Problem
from aftershock.schema.input_files import read_regular

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

SUFFIXES = (".xlsx", ".xlsm")
MAGIC = b"PK\x03\x04"
LARGEST = 2**30  # bytes of its parts, unpacked: as of any file
MOST_CELLS = 50_000_000  # looked at in a sheet, also empty ones: a judgement
LONGEST_NAME = 40  # characters of what may be one of several names below each other: a judgement
_IN_PATHS = re.compile(r"[/\\\x00]")
_PART = "xl/workbook.xml"


@dataclass(frozen=True)
class Sheet:
    """A sheet: its rows by number from 1, without those that are empty, and how many of its cells are filled."""

    name: str
    rows: dict[int, list[str]]
    filled: int

    @property
    def is_table(self) -> bool:
        """Whether two rows have two filled cells or more: a header and a record at the least."""
        return sum(sum(map(bool, texts)) > 1 for texts in self.rows.values()) > 1

    def as_csv(self) -> bytes:
        """The rows as CSV in UTF-8, a line for each, also for those that are empty."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        width = max(map(len, self.rows.values()))
        for number in range(1, max(self.rows) + 1):
            cells = self.rows.get(number, [])
            writer.writerow([*cells, *[""] * (width - len(cells))] if cells else [])
        return text.getvalue().encode()


def sheets(path: Path) -> list[Sheet]:
    """The visible sheets of a workbook that hold something, the fullest first; none of a file of another kind. InputError for
    a workbook that cannot be read, or holds nothing."""
    file, data = path.name, b""
    with suppress(OSError):  # what cannot be read is told by who reads it as a text
        data = read_regular(path, len(MAGIC))
        data = read_regular(path, LARGEST) if data == MAGIC else b""
    if not data:
        return []
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return []
    if _PART not in (part.filename for part in parts):
        return []
    if (size := sum(part.file_size for part in parts)) > LARGEST:
        raise _refused(
            file, f"{size:,} bytes when unpacked", f"at most {LARGEST:,}", "Save the log alone.", "too_large"
        )
    found = sorted((sheet for sheet in _read(file, data) if sheet.filled), key=lambda sheet: -sheet.filled)
    if not found:
        raise _refused(file, "a workbook without a filled sheet", "a sheet with a header and rows", "Save it again.")
    return found


def wanted(file: str, found: Sequence[Sheet], names: Sequence[str]) -> tuple[list[Sheet], list[Problem]]:
    """The sheets of these names, in their order; without names the fullest, and a note on the others. InputError for a name
    that is none of a visible sheet which holds something."""
    if names:
        called = {sheet.name: sheet for sheet in found}
        if missing := next((name for name in names if name not in called), ""):
            expected = f"one of {', '.join(map(repr, called))}"
            raise _refused(file, f"no visible sheet {missing!r} with rows", expected, "Name it as the workbook does.")
        return [called[name] for name in names], []
    return list(found[:1]), [_others(file, found[0], found[1:])] * (len(found) > 1)


def label(file: str, sheet: str) -> str:
    """What a sheet is called in messages, as if it were a file."""
    return f"{file}, sheet {_IN_PATHS.sub('_', sheet)}"


def _read(file: str, data: bytes) -> list[Sheet]:
    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings(action="ignore"):  # on styles that a program did not write
            book: Workbook = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            return [Sheet(name, rows, sum(map(_filled, rows.values()))) for name, rows in _tables(file, book)]
    except InputError:
        raise
    except Exception as error:  # what a damaged part raises in the library cannot be foreseen
        said = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        found = f"a workbook that cannot be read: {said}"
        raise _refused(file, found, "a whole workbook", "Save the sheet with the log as CSV.") from error


def _tables(file: str, book: Workbook) -> Iterator[tuple[str, dict[int, list[str]]]]:
    """The name and the rows of each visible sheet."""
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        sheet.reset_dimensions()  # some programs write a wrong size, at which reading would end
        rows: dict[int, list[str]] = {}
        looked, width = 0, 0
        for number, cells in enumerate(sheet.iter_rows(), 1):
            texts = [_text(cell) for cell in cells]
            while texts and not texts[-1]:
                texts.pop()
            if texts:
                rows[number] = texts
            looked, width = looked + len(cells) + 1, max(width, len(texts))
            if max(looked, width * len(rows)) > MOST_CELLS:
                found = f"more than {MOST_CELLS:,} cells in the sheet {sheet.title!r}"
                raise _refused(file, found, "a log", "Save the sheet with the log as CSV.", "too_large")
        yield sheet.title, rows


def _filled(texts: list[str]) -> int:
    return sum(map(bool, texts))


def _text(cell: Any) -> str:
    """A cell as text: what a person reads in it, numbers and moments in full."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, dt.datetime):
        value = _rounded(value)
        midnight = value.time() == dt.time() and not any(sign in cell.number_format.lower() for sign in ("h", "s"))
        return str(value.date() if midnight else value)
    if isinstance(value, dt.timedelta):
        seconds = round(value.total_seconds())
        return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return _in_one_line(str(value))


def _in_one_line(text: str) -> str:
    """The lines of a cell in one: names below each other as a list, sentences as a text."""
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    names = all(len(line) <= LONGEST_NAME and line[-1] not in ".:,;!?" for line in lines)
    return ("; " if names else " ").join(lines)


def _rounded(moment: dt.datetime) -> dt.datetime:
    """A moment without the rest that counting in days leaves: workbooks keep milliseconds at the best."""
    whole = (moment + dt.timedelta(milliseconds=500)).replace(microsecond=0)
    return whole if abs(whole - moment) < dt.timedelta(milliseconds=2) else moment


def _others(file: str, read: Sheet, others: Sequence[Sheet]) -> Problem:
    found = f"{plural(len(others), 'more sheet')}: {', '.join(repr(sheet.name) for sheet in others)}"
    remedy = f"Read is {read.name!r}; if another holds a log, name it as sheet."
    return Problem(file, None, None, found, "one sheet", remedy, "other_sheets")


def _refused(file: str, found: str, expected: str, remedy: str, reason: str = "unreadable_record") -> InputError:
    return InputError.of(Problem(file, None, None, found, expected, remedy, reason))
