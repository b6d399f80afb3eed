"""The files of a section of dataset.toml: one file, or the pages of an export in a folder."""

from __future__ import annotations

import os
import re
from pathlib import Path

from aftershock import sources
from aftershock.dataset.dataset import VERDICTS_FILE
from aftershock.dataset.settings import Log
from aftershock.dataset.shipped import FILE
from aftershock.schema import input_files
from aftershock.schema.errors import InputError, Problem, nearest
from aftershock.sources.raw_table import LARGEST


def files_of(folder: Path, log: Log, format: sources.Format) -> list[Path]:
    """The files of a section: one file, or all of its format in a folder, page 2 before page 10; never outside the
    dataset. None for a format that reads a repository."""
    if format.reads_repository:
        return []
    path = input_files.resolved(folder / log.path)
    if log.path == VERDICTS_FILE:
        _check_verdicts(path, folder)
    if not path.is_relative_to(folder):
        raise _unfit(
            f"path = {log.path!r}", "a path inside the dataset's folder", "Copy or mount the file into the folder."
        )
    if path.is_dir():
        pages = [p for p in path.iterdir() if p.name.lower().endswith(format.suffixes)]
        for page in pages:
            _check_page(page, folder)
        if pages:
            return sorted(pages, key=_natural)
        expected = f"files ending in {', '.join(format.suffixes)}"
        raise _unfit(f"no {log.format} file in {log.path!r}", expected, "Put the pages of the export there.")
    if path.is_file():
        _check_size(path, log.path)
        return [path]
    there = sorted(p.name for p in folder.iterdir() if p.is_file())
    found = "which is neither a file nor a folder" if os.path.lexists(path) else "which does not exist"
    expected = f"a file of the folder{nearest(log.path, there)}"
    raise _unfit(f"path = {log.path!r}, {found}", expected, f"The folder holds {', '.join(there)}.")


def _check_verdicts(path: Path, folder: Path) -> None:
    """InputError for a verdicts.csv, which no setting names, that is no file of the dataset."""
    is_inside = path.is_relative_to(folder)
    if not (is_inside and path.is_file()):
        found = "neither a file nor a link to one" if is_inside else "a link that leads out of the dataset"
        expected, remedy = "a file inside it", "Replace it by the file itself."
        raise InputError.of(Problem(VERDICTS_FILE, None, None, found, expected, remedy, "outside_folder"))


def _check_page(page: Path, folder: Path) -> None:
    """InputError for what only looks like a page: left out in silence, its rows would be missed by nobody."""
    real = input_files.resolved(page)
    where = f"{page.parent.name}/{page.name}"
    if not real.is_relative_to(folder):
        raise _unfit(f"{where}, a link that leads out of the dataset", "a file inside it", "Copy the file there.")
    if not real.is_file():
        found = f"{where}, which is neither a file nor a link to one"
        raise _unfit(found, "pages that can be read to their end", "Move it out of the folder.")
    _check_size(real, where)


def _check_size(path: Path, name: str) -> None:
    """InputError for a file that no reader would take, before all of it is hashed."""
    size = path.stat().st_size
    if size > LARGEST:
        raise _unfit(f"{name}, which has {size:,} bytes", f"at most {LARGEST:,}", "Split it into a folder of pages.")


def _unfit(found: str, expected: str, remedy: str) -> InputError:
    return InputError.of(Problem(FILE, None, None, found, expected, remedy, "unknown_value"))


def _natural(path: Path) -> list[tuple[int, str]]:
    """Names in the order in which people count: page-2 before page-10."""
    parts = re.split(r"(\d{1,18})", path.name)
    return [(int(p), "") if n % 2 else (-1, p) for n, p in enumerate(parts)]
