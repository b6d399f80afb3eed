"""The files of a section of dataset.toml: one file, or the pages of an export in a folder."""

from __future__ import annotations

import re
from pathlib import Path

from aftershock import sources
from aftershock.dataset.settings import FILE, Log
from aftershock.schema.errors import InputError, Problem, nearest


def files_of(folder: Path, log: Log, format: sources.Format) -> list[Path]:
    """The files of a section: one file, or all of its format in a folder, page 2 before page 10; never outside the
    dataset. None for a format that reads a repository."""
    if format.reads_repository:
        return []
    path = (folder / log.path).resolve()
    if not path.is_relative_to(folder):
        raise InputError.of(
            Problem(
                FILE,
                None,
                None,
                f"path = {log.path!r}",
                "a path inside the dataset's folder",
                "Copy or mount the file into the folder.",
                "unknown_value",
            )
        )
    if path.is_dir():
        suffixes = format.suffixes
        pages = [p for p in path.iterdir() if p.name.lower().endswith(suffixes) and p.resolve().is_relative_to(folder)]
        if pages:
            return sorted(pages, key=_natural)
        raise InputError.of(
            Problem(
                FILE,
                None,
                None,
                f"no {log.format} file in {log.path!r}",
                f"files ending in {', '.join(suffixes)}",
                "Put the pages of the export there.",
                "unknown_value",
            )
        )
    if path.is_file():
        return [path]
    there = sorted(p.name for p in folder.iterdir() if p.is_file())
    raise InputError.of(
        Problem(
            FILE,
            None,
            None,
            f"path = {log.path!r}, which does not exist",
            f"a file of the folder{nearest(log.path, there)}",
            f"The folder holds {', '.join(there)}.",
            "unknown_value",
        )
    )


def _natural(path: Path) -> list[tuple[int, str]]:
    """Names in the order in which people count: page-2 before page-10."""
    parts = re.split(r"(\d{1,18})", path.name)
    return [(int(p), "") if n % 2 else (-1, p) for n, p in enumerate(parts)]
