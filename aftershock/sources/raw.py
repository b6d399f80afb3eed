"""What every reader returns, and what they share: opening files, plain or compressed."""

from __future__ import annotations

import gzip
import zlib
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from aftershock.errors import InputError, Problem


@dataclass(frozen=True)
class Options:
    """How the files of a section are to be read; ``columns`` maps canonical names to names in the file."""

    columns: dict[str, str] = field(default_factory=dict)
    delimiter: str | None = None


@dataclass(frozen=True)
class RawTable:
    """Rows as they stand in the files: ``frame`` has the files' own column names and cells that are text, lists of text
    or ``""``; ``files`` and ``lines`` say where each row stands; ``problems`` holds what could not become a row and
    ``notes`` what could, oddly."""

    frame: pd.DataFrame
    files: pd.Series
    lines: pd.Series
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)

    @classmethod
    def of(
        cls,
        rows: list[dict[str, object]],
        places: list[tuple[str, int]],
        *,
        columns: list[str],
        problems: list[Problem],
        notes: list[Problem],
    ) -> RawTable:
        frame = pd.DataFrame(rows, columns=columns, dtype="object")
        frame = frame.where(frame.notna(), "")
        return cls(
            frame,
            pd.Series([p[0] for p in places], dtype="object"),
            pd.Series([p[1] for p in places], dtype="int64"),
            problems,
            notes,
        )


def content(path: Path) -> bytes:
    """The bytes of a file, unpacked when they are gzip (whatever the file is called)."""
    try:
        data = path.read_bytes()
        return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
    except (OSError, EOFError, zlib.error) as error:
        raise InputError.of(
            Problem(
                path.name,
                None,
                None,
                str(error),
                "a readable file, plain or gzip",
                "Check that the file was copied whole.",
                "unreadable_record",
            )
        ) from error


def text(path: Path) -> tuple[str, list[Problem]]:
    """The text of a file and notes on its encoding: UTF-8, UTF-16 with a byte order mark, else Windows-1252."""
    data = content(path)
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace"), []
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        note = Problem(
            path.name,
            line,
            None,
            f"byte 0x{data[error.start]:02x}",
            "UTF-8",
            "Read as Windows-1252; save the file as UTF-8 if letters look wrong.",
            "encoding",
        )
        return data.decode("cp1252", errors="replace"), [note]
