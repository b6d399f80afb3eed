"""Workbooks of Excel: the sheet that holds a table, as the CSV that saving it would give.

A row of the sheet is a line of the text, so that messages name the row. Moments are written so that no order of day and
month has to be guessed, days without a time of day where the cells show none, numbers in full.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aftershock.output.phrases import plural
from aftershock.schema.errors import InputError, Problem

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

SUFFIXES = (".xlsx", ".xlsm")
MAGIC = b"PK\x03\x04"
LARGEST = 2**30  # bytes of its parts, unpacked: as of any file
MOST_CELLS = 50_000_000  # looked at in a sheet, also empty ones: a judgement
LONGEST_NAME = 40  # characters of what may be one of several names below each other: a judgement
_PART = "xl/workbook.xml"


@dataclass(frozen=True)
class _Sheet:
    """A sheet: its rows by number from 1, without those that are empty, and how many of its cells are filled."""

    name: str
    rows: dict[int, list[str]]
    filled: int


def is_one(data: bytes) -> bool:
    """Whether bytes are a workbook of Excel, whatever the file is called."""
    if not data.startswith(MAGIC):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _PART in archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return False


def as_csv(file: str, data: bytes) -> tuple[bytes, list[Problem]]:
    """The sheet with the most filled cells as CSV in UTF-8, and a note on the others. InputError for what cannot be read."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        size = sum(part.file_size for part in archive.infolist())
    if size > LARGEST:
        raise _refused(
            file, f"{size:,} bytes when unpacked", f"at most {LARGEST:,}", "Save the log alone.", "too_large"
        )
    sheets = _sheets(file, data)
    read = max(sheets, key=lambda sheet: sheet.filled, default=None)
    if read is None or not read.filled:
        raise _refused(file, "a workbook without a filled sheet", "a sheet with a header and rows", "Save it again.")
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    width = max(map(len, read.rows.values()))
    if width * len(read.rows) > MOST_CELLS:
        raise _too_many(file, read.name)
    for number in range(1, max(read.rows) + 1):
        cells = read.rows.get(number, [])
        writer.writerow([*cells, *[""] * (width - len(cells))] if cells else [])
    others = [sheet.name for sheet in sheets if sheet is not read and sheet.filled]
    return text.getvalue().encode(), [_others(file, read.name, others)] * bool(others)


def _sheets(file: str, data: bytes) -> list[_Sheet]:
    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings(action="ignore"):  # on styles that a program did not write
            book: Workbook = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            return [_Sheet(sheet.title, rows, sum(map(_filled, rows.values()))) for sheet, rows in _tables(file, book)]
    except InputError:
        raise
    except Exception as error:  # what a damaged part raises in the library cannot be foreseen
        found = f"a workbook that cannot be read: {str(error).splitlines()[0][:200] if str(error) else type(error).__name__}"
        raise _refused(file, found, "a whole workbook", "Save the sheet with the log as CSV.") from error


def _tables(file: str, book: Workbook) -> Iterator[tuple[Any, dict[int, list[str]]]]:
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        sheet.reset_dimensions()  # some programs write a wrong size, at which reading would end
        rows, looked = {}, 0
        for number, cells in enumerate(sheet.iter_rows(), 1):
            looked += len(cells) + 1
            if looked > MOST_CELLS:
                raise _too_many(file, sheet.title)
            texts = [_text(cell) for cell in cells]
            while texts and not texts[-1]:
                texts.pop()
            if texts:
                rows[number] = texts
        yield sheet, rows


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


def _others(file: str, read: str, others: list[str]) -> Problem:
    named = ", ".join(map(repr, others))
    remedy = f"Read is '{read}'; if another holds a log, save it as CSV, a file for each."
    return Problem(
        file, None, None, f"{plural(len(others), 'more sheet')}: {named}", "one sheet", remedy, "other_sheets"
    )


def _too_many(file: str, sheet: str) -> InputError:
    found = f"more than {MOST_CELLS:,} cells in the sheet {sheet!r}"
    return _refused(file, found, "a log", "Save the sheet with the log as CSV.", "too_large")


def _refused(file: str, found: str, expected: str, remedy: str, reason: str = "unreadable_record") -> InputError:
    return InputError.of(Problem(file, None, None, found, expected, remedy, reason))
