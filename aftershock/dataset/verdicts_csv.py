"""One more row at the end of a dataset's verdicts.csv, whoever else is writing to it.

The file is Aftershock's own: UTF-8 with commas and a header that has every column of :data:`VERDICTS`. A file of another
form is still read, but not added to. What is in it stays as it is, byte for byte; people may add columns of their own.
Writers wait for each other (a lock file next to it), and a row is on disk before its line is reported.
"""

from __future__ import annotations

import contextlib
import csv
import io
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from filelock import FileLock, Timeout

from aftershock.output.spreadsheets import guarded
from aftershock.schema import input_files
from aftershock.schema.errors import AftershockError, InputError, Problem
from aftershock.schema.tables import ACCEPTED, VERDICTS

LARGEST = 100_000_000  # bytes of a verdicts.csv: a judgement, half a million verdicts
PATIENCE = 10.0  # seconds to wait for another writer, who needs a few milliseconds; a judgement


def append(path: Path, row: Mapping[str, str], *, like: Path) -> int:
    """Add one verdict and return the line on which it begins. ``row`` has a cell for each column of VERDICTS; a new file
    gets a header, and the permissions of the file ``like`` (dataset.toml). Raises InputError when the file is not one
    that can be added to, AftershockError when it cannot be written; either way nothing has changed."""
    mode = like.stat().st_mode & 0o666 | 0o600
    with _alone_with(path, mode) as old:
        addition, line = _addition(path, old, row)
        _append_bytes(path, addition, len(old), mode)
        return line


def take_back(path: Path, row: Mapping[str, str], *, like: Path) -> None:
    """Remove the row that :func:`append` added last. AftershockError, and nothing changes, when it is not the last one any more:
    then others have decided since, and the history stays."""
    with _alone_with(path, like.stat().st_mode & 0o666 | 0o600) as old:
        last = _addition(path, old, row)[0]
        before = old.removesuffix(last)
        if before != old and before.endswith((b"\n", b"\r")):
            os.truncate(path, len(before))
            return
    raise AftershockError(
        f"the verdict on {row['incident_id']} is not the last row of {path.name} any more, so it is not taken back; record "
        "another one, the latest counts"
    )


@contextlib.contextmanager
def _alone_with(path: Path, mode: int) -> Iterator[bytes]:
    """What is in the file, and no other writer meanwhile. InputError for a file that is none of ours to write, AftershockError
    when it cannot be written."""
    lock = path.with_name(f".{path.name}.lock")
    _check_place(path)
    if lock.is_symlink():  # taking a lock empties its file
        raise _unfit(lock, None, "a link in place of the lock", "a file", "Remove the link.", "outside_folder")
    try:
        # The lock file stays, empty: removing it could let two writers in at once.
        with FileLock(lock, timeout=PATIENCE, mode=mode):
            old = input_files.read_regular(path, LARGEST + 1) if path.exists() else b""
            if len(old) > LARGEST:
                found, expected = f"more than {LARGEST:,} bytes", "a table of verdicts"
                raise _unfit(path, None, found, expected, "Move what is no verdict out of it.", "too_large")
            yield old
    except Timeout as error:
        raise AftershockError(
            f"{path} has been locked by another writer for {PATIENCE:g} seconds. Nothing was written; try again."
        ) from error
    except OSError as error:
        raise AftershockError(
            f"cannot write {path}: {error.strerror}. Nothing was written; verdicts need a folder that you may write to."
        ) from error


def _check_place(path: Path) -> None:
    """InputError where writing would end elsewhere: behind a link out of the dataset, also one to nothing, or in
    something that is no file."""
    real = input_files.resolved(path)
    if not real.is_relative_to(input_files.resolved(path.parent)):
        remedy = "Replace the link by the file itself."
        raise _unfit(path, None, "a link that leads out of the dataset", "a file inside it", remedy, "outside_folder")
    if os.path.lexists(real) and not real.is_file():
        found = "neither a file nor a link to one (a pipe, a device or a folder)"
        raise _unfit(path, None, found, "a file", "Move it away.", "outside_folder")


def _addition(path: Path, old: bytes, row: Mapping[str, str]) -> tuple[bytes, int]:
    """The bytes to add and the line on which the row begins: a header before it in an empty file, a line end where the
    last line lacks one."""
    try:
        text = old.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = old[: error.start].count(b"\n") + 1
        remedy = "Save it as CSV in UTF-8."
        raise _unfit(path, line, "bytes that are not UTF-8", "a CSV file in UTF-8", remedy, "encoding") from error
    if not text.strip():
        start = "\n" if text and not text.endswith("\n") else ""
        cells = [guarded(row[name]) for name in VERDICTS.names]
        return f"{start}{_line(VERDICTS.names, chr(10))}{_line(cells, chr(10))}".encode(), text.count("\n") + len(
            start
        ) + 2
    needed = [n for n in VERDICTS.names if n != "decision" or row[n] != ACCEPTED]  # which an older file says of all
    columns, lines = _columns_and_lines(path, text, needed)
    line_end = re.search(r"\r\n|\n|\r", text)
    newline = line_end.group() if line_end else "\n"
    start = "" if text.endswith(("\n", "\r")) else newline
    cells = [guarded(row[name]) if (name := column.strip().lower()) in row else "" for column in columns]
    return f"{start}{_line(cells, newline)}".encode(), lines + 1


def _columns_and_lines(path: Path, text: str, needed: list[str]) -> tuple[list[str], int]:
    """The header of a file and its number of lines; InputError when a needed column is not there, or a quote is open at its
    end."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    columns: list[str] = []
    begins = 1
    try:
        for cells in reader:
            columns = columns or cells
            begins = reader.line_num + 1
    except csv.Error as error:
        found = f"a cell whose quotes do not match ({error})"
        raise _unfit(
            path, begins, found, "rows that a CSV reader can tell apart", "Fix the row.", "unclosed_quote"
        ) from error
    absent = [name for name in needed if name not in {column.strip().lower() for column in columns}]
    if absent:
        remedy = (
            "Save the file as CSV with commas."
            if re.search(r"[;\t|]", columns[0])
            else f"Add {', '.join(absent)} to the header; rows that lack the cells are read as empty there."
        )
        expected = f"the columns {', '.join(needed)}, separated by commas"
        raise _unfit(path, 1, f"no column {absent[0]!r}", expected, remedy, "unknown_value")
    return columns, reader.line_num


def _line(cells: list[str], newline: str) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=newline).writerow(cells)
    return text.getvalue()


def _append_bytes(path: Path, addition: bytes, size: int, mode: int) -> None:
    """Write to the end and force it to disk; when that fails the file is as long as it was, or not there."""
    is_new = not path.exists()
    with path.open("ab", buffering=0) as file:
        try:
            if is_new:
                path.chmod(mode)
            if file.write(addition) != len(addition):
                raise OSError(None, "no space left")
            os.fsync(file.fileno())
        except OSError:
            with contextlib.suppress(OSError):
                path.unlink() if is_new else os.truncate(path, size)
            raise
    if is_new:
        _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Make a new name survive a power cut, where folders can be synced at all."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _unfit(path: Path, line: int | None, found: str, expected: str, remedy: str, reason: str) -> InputError:
    return InputError.of(Problem(path.name, line, None, found, expected, f"{remedy} Nothing was written.", reason))
