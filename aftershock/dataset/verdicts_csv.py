"""One more row at the end of a dataset's verdicts.csv, whoever else is writing to it.

The file belongs to people: what stands in it stays as it is, byte for byte, and the new row follows its delimiter, order
of columns, encoding and line ends. Writers wait for each other (a lock file beside it), and the new content is written
beside the old, forced to disk, read back and renamed, so that nobody ever meets half a row.
"""

from __future__ import annotations

import contextlib
import csv
import errno
import io
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from aftershock.errors import AftershockError, InputError, Problem
from aftershock.output.spreadsheets import guarded, unguarded
from aftershock.schema.tables import VERDICTS
from aftershock.sources import raw_table
from aftershock.sources.tabular import delimited

PATIENCE = 10.0  # seconds to wait for another writer
GZIP = b"\x1f\x8b"
MARKS_AND_BLANKS = b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"
UTF16_MARKS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


def append(path: Path, row: Mapping[str, str], *, like: Path) -> int:
    """Add one verdict and return the line on which it begins. ``row`` has a cell for each column of VERDICTS; a new file
    gets a header, and the permissions of the file ``like`` (dataset.toml). Raises InputError when the file is not one
    that can be added to, AftershockError when it cannot be written; either way nothing has changed."""
    path = path.resolve()
    try:
        with _locked(path, like):
            return _add(path, row, like)
    except Timeout as error:
        raise AftershockError(
            f"{path} has been locked by another writer for {PATIENCE:g} seconds. Nothing was written; try again."
        ) from error
    except OSError as error:
        raise AftershockError(
            f"cannot write {path}: {error.strerror}. Nothing was written; verdicts need a folder that you may write to."
        ) from error


def _add(path: Path, row: Mapping[str, str], like: Path) -> int:
    old = path.read_bytes() if path.exists() else b""
    if path.exists() and not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    new = _beside(path, old + _addition(path, old, row))
    try:
        line = _read_back(path, old, new, row)
        _take_owner(new, path, like)
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
    _sync_folder(path.parent)
    return line


@contextlib.contextmanager
def _locked(path: Path, like: Path) -> Iterator[None]:
    """Hold the lock file beside ``path``. It stays there, empty: removing it could let two writers in at once."""
    with FileLock(path.with_name(f".{path.name}.lock"), timeout=PATIENCE, mode=_permissions(like)):
        yield


def _permissions(like: Path) -> int:
    return like.stat().st_mode & 0o666 | 0o600


# what is written


@dataclass(frozen=True)
class _Dialect:
    """How the file is written: the encoding of what is added, delimiter, quoting, line end, and its columns."""

    encoding: str
    delimiter: str
    quoting: int
    newline: str
    columns: list[str]


def _addition(path: Path, old: bytes, row: Mapping[str, str]) -> bytes:
    """The bytes to add: the row, a header before it in an empty file, a line end where the last line lacks one."""
    if old[:2] == GZIP:
        raise _unfit(path, None, "a gzip file", "a CSV file", "Unpack it.", "encoding")
    text = raw_table.utf8(path)[0] if old else b""
    if not text.strip():
        dialect = _Dialect("utf-8", ",", csv.QUOTE_MINIMAL, "\n", VERDICTS.names)
        return _line(dialect, dialect.columns) + _line(dialect, [guarded(row[c]) for c in VERDICTS.names])
    dialect = _dialect(path, old, text)
    cells = [guarded(row[name]) if (name := c.lower()) in row else "" for c in dialect.columns]
    missing_end = "" if text.endswith((b"\n", b"\r")) else dialect.newline
    try:
        return missing_end.encode(dialect.encoding) + _line(dialect, cells)
    except UnicodeEncodeError as error:
        found = f"a note or role with {error.object[error.start]!r}, and a file that is not UTF-8"
        raise _unfit(path, None, found, "UTF-8", "Save the file as UTF-8.", "encoding") from error


def _dialect(path: Path, old: bytes, text: bytes) -> _Dialect:
    opening = delimited.opening_of(path, text, raw_table.Options())
    absent = [c for c in VERDICTS.names if c not in {n.lower() for n in opening.names}]
    if absent:
        expected = f"the columns {', '.join(VERDICTS.names)}"
        remedy = f"Add {', '.join(absent)} to the header; rows that lack the cells are read as empty there."
        raise _unfit(path, opening.lines, f"no column {absent[0]!r}", expected, remedy, "unknown_value")
    line_end = re.search(rb"\r\n|\n|\r", text)
    header = text[: opening.end].splitlines()[-1]
    return _Dialect(
        encoding=_encoding(old),
        delimiter=opening.delimiter,
        quoting=csv.QUOTE_ALL if header.lstrip().startswith(b'"') else csv.QUOTE_MINIMAL,
        newline=line_end.group().decode() if line_end else "\n",
        columns=opening.names,
    )


def _encoding(old: bytes) -> str:
    """What more must be encoded in to go with these bytes; the byte order mark, if any, is there already."""
    if old[:2] in UTF16_MARKS:
        return UTF16_MARKS[old[:2]]
    try:
        old.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _line(dialect: _Dialect, cells: list[str]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=dialect.delimiter, quoting=dialect.quoting, lineterminator=dialect.newline).writerow(
        cells
    )
    return text.getvalue().encode(dialect.encoding)


# that it is right, and that it gets there


def _beside(path: Path, content: bytes) -> Path:
    """A new file of this content in the same folder, safe on disk; none when that fails."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name)


def _read_back(path: Path, old: bytes, new: Path, row: Mapping[str, str]) -> int:
    """The line of the last row of ``new``; InputError unless that row is this one and it is one more than there were."""
    after = delimited.read([new], raw_table.Options())
    before = len(delimited.read([path], raw_table.Options()).frame) if old.strip(MARKS_AND_BLANKS) else 0
    last = after.frame.iloc[-1].to_dict() if len(after.frame) else {}
    written = {str(column).lower(): unguarded(cell) for column, cell in last.items()}
    if len(after.frame) != before + 1 or any(written.get(c) != row[c] for c in VERDICTS.names):
        problem = next((p for p in after.problems if p.reason == "unclosed_quote"), None)
        found = problem.found if problem else "a form in which a new row does not read back as it was written"
        line = problem.line if problem else None
        raise _unfit(path, line, found, "rows that a CSV reader can tell apart", "Mend the file.", "unclosed_quote")
    return int(after.lines.iloc[-1])


def _take_owner(new: Path, old: Path, like: Path) -> None:
    """Permissions and, where the system lets us, the group of the file that is replaced."""
    if not old.exists():
        new.chmod(_permissions(like))
        return
    status = old.stat()
    new.chmod(status.st_mode & 0o777)
    if hasattr(os, "chown"):
        with contextlib.suppress(OSError):
            os.chown(new, -1, status.st_gid)


def _sync_folder(folder: Path) -> None:
    """Make the new name survive a power cut, where folders can be synced at all."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _unfit(path: Path, line: int | None, found: str, expected: str, remedy: str, reason: str) -> InputError:
    return InputError.of(Problem(path.name, line, None, found, expected, f"{remedy} Nothing was written.", reason))
