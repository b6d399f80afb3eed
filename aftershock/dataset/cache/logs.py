"""Logs that were read before: their canonical tables, kept as Parquet between runs.

A table is kept under its dataset's folder and name, and used again only while all that it was made from is the same: the
settings of its section, the zone's clock changes, the code, and the content of its files by SHA-256, which is worked
out while the kept table is read.

Whatever is wrong with the cache (damaged, deleted, full, not ours) costs time and nothing else: the log is read again.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from aftershock.dataset.cache import location, storage
from aftershock.dataset.canonical import CanonicalTable
from aftershock.dataset.settings import Log
from aftershock.schema import input_files, tables
from aftershock.schema.errors import InputError, Problem
from aftershock.sources import Format, Options, registry

WORTH = 20_000  # rows; fewer are read faster than a cache is looked after (measured)
TICK = 3.0  # seconds; longer than a tick of any file system's clock
READINGS = 3  # of a log that changes while it is read; a judgement
DAYS_KEPT = 30  # without use; a judgement

Maker = Callable[[], tuple[CanonicalTable, dict[str, str]]]


@dataclass(frozen=True)
class Source:
    """What a canonical table is made from: the files of a section of a dataset's folder, its settings, its reader.

    ``zone``: that of stamps without one. ``number``: which of the table's sections it is, from 0.
    """

    folder: Path
    table: str
    log: Log
    zone: str
    format: Format
    options: Options
    files: list[Path]
    number: int = 0

    @property
    def names(self) -> list[str]:
        return [str(f.relative_to(self.folder)) for f in self.files]

    def recipe(self) -> str:
        """Hash of everything but the files that decides what the table is."""
        parts = [location.code(), self.table, self.zone, location.zone_data(self.zone), self.log.model_dump_json()]
        if self.format.state:
            parts += [f"{name}\0{digest}" for name, digest in sorted(self.format.state(self.options).items())]
        return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def can_be_kept(self) -> bool:
        """False for readers that may depend on what is not known here."""
        known = self.format.state is not None or not self.format.reads_repository
        return known and registry.is_built_in(self.format)


def read(source: Source, make: Maker) -> tuple[CanonicalTable, dict[str, str]]:
    """The table of a source and the hashes of what it was made from: kept ones, else those that ``make`` gives (of what
    is no file), which are then kept where it pays. InputError when a file cannot be read, or changes whenever it is."""
    for _ in range(READINGS):
        found = _read(source, make)
        if found is not None:
            return found
    raise InputError.of(_changed(source))


def _read(source: Source, make: Maker) -> tuple[CanonicalTable, dict[str, str]] | None:
    """As :func:`read`; None when a file changed meanwhile."""
    path = _path(source)
    recipe, state = source.recipe() if path else "", _state(source.files)
    with ThreadPoolExecutor(1) as hashing:
        hashes = hashing.submit(_hashes, source)
        known = storage.about(path) if path else None
        if path and known and known.recipe == recipe and list(known.digests) == source.names:
            kept = storage.read(path, tables.SCHEMAS[source.table])
            if kept is not None and known.digests == hashes.result() and known == storage.about(path):
                with contextlib.suppress(OSError):
                    os.utime(path)
                return kept, known.digests | known.others
        made, others = make()
        digests = hashes.result()
    if _state(source.files) != state:
        return None
    if path and len(made.frame) >= max(WORTH, 1) and _is_unchanged(source, recipe, state, digests):
        _keep(path, made, source, storage.About(recipe, digests, others))
    return made, digests | others


def _changed(source: Source) -> Problem:
    """A reading that may be half of the old file and half of the new one is none."""
    remedy = "Read it again when whoever writes it has finished."
    name = source.names[0] if len(source.names) == 1 else f"the pages of {source.table}"
    return Problem(name, None, None, "a change while it was read", "a file at rest", remedy, "unreadable_record")


def _is_unchanged(source: Source, recipe: str, state: list[tuple[int, int, int, int]], digests: dict[str, str]) -> bool:
    """Whether what was read is what was hashed. A file written just now could have changed in between and look the
    same, so it is hashed once more."""
    if source.recipe() != recipe:
        return False
    fresh = any(max(modified, changed) / 1e9 > time.time() - TICK for _, modified, changed, _ in state)
    return not fresh or _hashes(source) == digests


def _keep(path: Path, made: CanonicalTable, source: Source, about: storage.About) -> None:
    """Keep a table in place of the one that was kept before, and forget those that nobody has used for long."""
    with contextlib.suppress(OSError, pa.ArrowException):  # no room, no right, or a table that Parquet cannot hold
        storage.write(path, made, tables.SCHEMAS[source.table], about)
        for other in path.parent.iterdir():
            if time.time() - other.stat().st_mtime > DAYS_KEPT * 86_400:
                other.unlink(missing_ok=True)


def _path(source: Source) -> Path | None:
    """Where the table of a source is kept; None where nothing is."""
    base = location.folder() if source.can_be_kept else None
    if base is None:
        return None
    name = hashlib.sha256(
        f"{source.folder}\0{source.table}\0{source.number}".encode("utf-8", "surrogatepass")
    ).hexdigest()[:32]
    kept = base / "logs"
    path = kept / f"{name}.parquet"
    with contextlib.suppress(OSError):
        kept.mkdir(mode=0o700, exist_ok=True)
        return path if all(location.is_ours(p) for p in (kept, path) if p.exists()) else None
    return None


def _state(files: list[Path]) -> list[tuple[int, int, int, int]]:
    """Size, time modified and changed (ns) and inode of files; zeros for one that is not there any more."""

    def state(path: Path) -> tuple[int, int, int, int]:
        try:
            about = path.stat()
        except OSError:
            return 0, 0, 0, 0
        return about.st_size, about.st_mtime_ns, about.st_ctime_ns, about.st_ino

    return [state(f) for f in files]


def _hashes(source: Source) -> dict[str, str]:
    return dict(zip(source.names, map(_digest, source.files), strict=True))


def _digest(path: Path) -> str:
    try:
        with input_files.open_regular(path) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        found, remedy = error.strerror or str(error), "Check that it is there and may be read."
        raise InputError.of(
            Problem(path.name, None, None, found, "a readable file", remedy, "unreadable_record")
        ) from error
