"""What every reader returns, and what they share: opening files, plain or compressed."""

from __future__ import annotations

import codecs
import gzip
import io
import os
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

import numpy as np
import pandas as pd
import pyarrow as pa

from aftershock.schema import input_files
from aftershock.schema.errors import InputError, Problem
from aftershock.schema.tables import TEXT, FoldedRecord
from aftershock.sources import encodings

LARGEST = 2**30  # bytes of a file, unpacked: a judgement, more than a log of three million rows
MOST_COLUMNS = 2_000  # of a table: a judgement, an export with a column per comment has hundreds
DENSEST, UNSUSPICIOUS = (
    200,
    2**25,
)  # times that gzip may have shrunk what is longer than these bytes; logs shrink 5 to 50


@dataclass(frozen=True)
class Options:
    """How the files of a section are to be read.

    ``table``: the canonical table wanted. ``columns``: canonical name → name in the file, or dotted path in a record.
    ``sheets``: which of a workbook, else the fullest.
    ``timezone``: the zone of stamps that name none. ``labels``: only issues that bear one of these are rows.
    ``repository``: the git repository to read, for the format that reads one; of it the branch ``ref``, from the day
    ``since`` on, only what touches ``paths``; ``service_paths`` says which folders make up a service.
    """

    columns: dict[str, str] = field(default_factory=dict)
    delimiter: str | None = None
    sheets: tuple[str, ...] = ()
    table: str = "incidents"
    timezone: str = "UTC"
    labels: tuple[str, ...] = ()
    repository: Path | None = None
    ref: str = ""
    since: str = ""
    paths: tuple[str, ...] = ()
    service_paths: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class RawTable:
    """Rows as the files have them, and an account of every record that did not become one.

    ``frame`` has cells that are text, lists of text or ``""``; ``files`` and ``lines`` say where each row is.
    ``problems`` holds what could not become a row, ``folded`` what was not meant to, and ``notes`` rows that are odd.
    ``records`` counts what the files hold, and is always the rows, the problems and the folds together.

    ``origins`` is None when the columns bear the file's own names. Where a reader has named them canonically, it says
    for each canonical column what the file calls it, in all rows or in each, so that messages can; ``Options.columns`` is
    then settled already.
    ``extras``: for each row what is known besides the columns of ``frame``, which are the columns themselves where None.
    ``hashes``: name → hash of what was read besides files, such as the commit of a repository.
    """

    frame: pd.DataFrame
    files: pd.Series
    lines: pd.Series
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    folded: list[FoldedRecord] = field(default_factory=list)
    records: int = -1
    origins: Mapping[str, str | Sequence[str]] | None = None
    hashes: dict[str, str] = field(default_factory=dict)
    extras: Sequence[Mapping[str, object]] | None = None

    def __post_init__(self) -> None:
        if self.records < 0:
            object.__setattr__(self, "records", self.accounted)

    @property
    def accounted(self) -> int:
        """The records whose outcome is known: rows, problems and folds."""
        return len(self.frame) + len(self.problems) + len(self.folded)

    def let_go(self) -> None:
        """Forgets the cells, for whoever holds this table; the rows are still counted."""
        object.__setattr__(self, "frame", self.frame.iloc[:, :0])

    @classmethod
    def of(
        cls,
        rows: Sequence[Mapping[str, object]],
        places: list[tuple[str, int]],
        *,
        columns: list[str],
        problems: list[Problem],
        notes: list[Problem],
    ) -> RawTable:
        frame = pd.DataFrame(list(rows), columns=columns, dtype="object")
        frame = frame.where(frame.notna(), "")
        return cls(
            frame,
            pd.Series([p[0] for p in places], dtype="object"),
            pd.Series([p[1] for p in places], dtype="int64"),
            problems,
            notes,
        )

    @classmethod
    def of_columns(
        cls,
        columns: Mapping[str, pa.ChunkedArray],
        file: str,
        lines: Sequence[int] | np.ndarray,
        *,
        problems: list[Problem],
        notes: list[Problem],
    ) -> RawTable:
        """The rows of one file from columns of text, which are not copied."""
        frame = pa.table(dict(columns)).to_pandas(types_mapper={pa.large_string(): TEXT}.get)
        frame.index = pd.RangeIndex(len(lines))
        return cls(
            frame, pd.Series(file, index=frame.index, dtype=TEXT), pd.Series(lines, dtype="int64"), problems, notes
        )

    @classmethod
    def joined(cls, pages: list[RawTable]) -> RawTable:
        """The rows of several files, in their order; a column that a file lacks is empty in its rows."""
        if len(pages) == 1:
            return pages[0]
        frame = pd.concat([p.frame for p in pages], ignore_index=True)
        return cls(
            frame.fillna(""),
            pd.concat([p.files for p in pages], ignore_index=True),
            pd.concat([p.lines for p in pages], ignore_index=True),
            [problem for p in pages for problem in p.problems],
            [note for p in pages for note in p.notes],
        )


def content(path: Path) -> bytes:
    """The bytes of a file, unpacked when they are gzip (whatever the file is called). InputError for one that cannot
    be read, is no regular file, or is too large."""
    try:
        with input_files.open_regular(path) as file:
            if file.peek(2)[:2] == b"\x1f\x8b":
                return _unpacked(path, file)
            size = os.fstat(file.fileno()).st_size
            return file.read() if size <= LARGEST else _refuse_size(path, f"{size:,} bytes", LARGEST)
    except (OSError, EOFError, zlib.error) as error:
        expected, said = "a readable file, plain or gzip", getattr(error, "strerror", None) or str(error)
        raise unreadable(path, said, expected, "Check that the file was copied whole.") from error


def unreadable(
    path: Path, found: str, expected: str, remedy: str, *, line: int | None = None, column: str | None = None
) -> InputError:
    """The error for a file that cannot be read at all, or not from some place on."""
    return InputError.of(Problem(path.name, line, column, found, expected, remedy, "unreadable_record"))


def check_width(path: Path, columns: int) -> None:
    """InputError for a table of more columns than a log has, before any time is spent on them."""
    if columns > MOST_COLUMNS:
        remedy = "Check the delimiter, or export the columns that say something."
        expected = f"at most {MOST_COLUMNS:,}"
        raise InputError.of(Problem(path.name, None, None, f"{columns:,} columns", expected, remedy, "too_large"))


def _unpacked(path: Path, file: io.BufferedReader) -> bytes:
    """What gzip packed, piece by piece: a few kilobytes of it can unpack to more than any memory holds."""
    unpacked = io.BytesIO()
    with gzip.GzipFile(fileobj=file) as stream:
        while piece := stream.read(1 << 20):
            unpacked.write(piece)
            size = unpacked.tell()
            if size > LARGEST:
                _refuse_size(path, f"more than {LARGEST:,} bytes when unpacked", LARGEST)
            if size > UNSUSPICIOUS and size > DENSEST * file.tell():
                found = f"{file.tell():,} bytes that unpack to more than {DENSEST} times as many"
                remedy = f"Unpack it if it is a log; plain files may have {LARGEST:,} bytes."
                raise InputError.of(Problem(path.name, None, None, found, "a packed log", remedy, "too_large"))
    return unpacked.getvalue()


def _refuse_size(path: Path, found: str, most: int) -> NoReturn:
    remedy = "Split it into a folder of pages."
    raise InputError.of(Problem(path.name, None, None, found, f"at most {most:,}", remedy, "too_large"))


def is_json(path: Path) -> bool:
    """Whether a file looks like JSON rather than a table: its first character is a bracket."""
    return text(path)[0].lstrip()[:1] in ("{", "[")


def utf8(path: Path) -> tuple[bytes, list[Problem]]:
    """The text of a file as UTF-8 without byte order mark, and notes on its encoding: UTF-8, UTF-16 with a byte order
    mark, else what :mod:`encodings` finds. Bytes, because as text a million rows with one emoji take four times the memory."""
    data = content(path)
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace").encode(), []
    data = data.removeprefix(codecs.BOM_UTF8)
    if _is_utf8(data):
        return data, []
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line, byte = data[: error.start].count(b"\n") + 1, data[error.start]
    name = encodings.detected(data)
    remedy = f"Read as {encodings.TITLES[name]}; save the file as UTF-8 if letters look wrong."
    note = Problem(path.name, line, None, f"byte 0x{byte:02x}", "UTF-8", remedy, "encoding")
    return data.decode(name, errors="replace").encode(), [note]


def text(path: Path) -> tuple[str, list[Problem]]:
    """The text of a file, see :func:`utf8`."""
    data, notes = utf8(path)
    return data.decode("utf-8").removeprefix(encodings.GUARD), notes


def _is_utf8(data: bytes) -> bool:
    """Whether bytes are UTF-8, found out without making text of them."""
    ends = pa.array([0, len(data)], pa.int64()).buffers()[1]
    try:
        pa.Array.from_buffers(pa.large_string(), 1, [None, ends, pa.py_buffer(data)]).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True
