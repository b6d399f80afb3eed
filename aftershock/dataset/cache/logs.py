"""Logs that were read before: their canonical tables, kept as Parquet between runs.

A table is kept under its dataset's folder and name, and used again only while all that it was made from is the same: the
settings of its section, the zone's clock changes, the code, the list of its files, and their content. That the content
is the same is known from a file's size, times and inode where these have proved that they tell, else by hashing it.

They tell only after a while: a file that is written twice within one tick of its file system's clock looks the same
both times, and that clock need not agree with ours. So a file is *settled* when its content was found unchanged by hash,
at least :data:`SETTLING` seconds after it had first been seen with the same size, times and inode; until then, and when any
of them differs, the content decides.

Whatever is wrong with the cache (damaged, deleted, full, not ours) costs time and nothing else: the log is read again.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import shutil
import time
import zoneinfo
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
from pydantic import BaseModel, ConfigDict, ValidationError

from aftershock.dataset.cache import location, storage
from aftershock.dataset.canonical import CanonicalTable
from aftershock.dataset.settings import Log
from aftershock.errors import InputError, Problem
from aftershock.schema import tables
from aftershock.sources import Format, Options, registry

WORTH = 20_000  # rows; fewer are read faster than a cache is looked after
SETTLING = 3.0  # seconds; longer than a tick of any file system's clock
DAYS_KEPT = 30  # without use
_ENTRY = "entry.json"

Maker = Callable[[], tuple[CanonicalTable, dict[str, str]]]


@dataclass(frozen=True)
class Source:
    """What a canonical table is made from: the files of a section of a dataset's folder, its settings, its reader.

    ``zone``: that of stamps without one.
    """

    folder: Path
    table: str
    log: Log
    zone: str
    format: Format
    options: Options
    files: list[Path]

    @property
    def names(self) -> list[str]:
        return [str(f.relative_to(self.folder)) for f in self.files]

    @property
    def recipe(self) -> str:
        """Hash of everything but the files that decides what the table is."""
        parts = [location.code(), self.table, self.zone, _zone_data(self.zone), self.log.model_dump_json()]
        return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def state(self) -> dict[str, str]:
        """What the reader reads besides files, as hashes."""
        return dict(self.format.state(self.options)) if self.format.state else {}

    @property
    def can_be_kept(self) -> bool:
        """False for readers that may depend on what is not known here."""
        known = self.format.state is not None or not self.format.reads_repository
        return known and self.format in registry.BUILT_IN


class _Seen(BaseModel):
    """A file as it looked when its content was known: ``digest`` its SHA-256, ``since`` when it was first seen so."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    looks: tuple[int, int, int, int]  # size, modified and changed in ns, inode
    digest: str
    since: float
    settled: bool


class _Entry(BaseModel):
    """What ``entry.json`` says of a kept table: what it follows from, and which files hold it (see ``cache_files``)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    recipe: str
    state: dict[str, str]
    files: dict[str, _Seen]
    others: dict[str, str]
    stem: str
    rows: int
    extras: list[tuple[str, str]] | None

    @property
    def digests(self) -> list[str]:
        return [seen.digest for seen in self.files.values()]

    @property
    def hashes(self) -> dict[str, str]:
        return dict(zip(self.files, self.digests, strict=True)) | self.others


def read(source: Source, make: Maker) -> tuple[CanonicalTable, dict[str, str]]:
    """The table of a source and the hashes of what it was made from: kept ones, else those that ``make`` gives (of what
    is no file), which are then kept where it pays. InputError when a file cannot be read."""
    place = _place(source)
    if place is None:
        made, others = make()
        return made, dict(zip(source.names, map(_digest, source.files), strict=True)) | others
    return _Reading(source, place).read(make)


class _Reading:
    """One reading of a source whose table is kept at ``place``, or will be."""

    def __init__(self, source: Source, place: Path):
        self.source, self.place = source, place
        self.names, self.schema = source.names, tables.SCHEMAS[source.table]
        self.now, self.looks = time.time(), _looks(source.files)
        self.recipe, self.state = source.recipe, source.state

    def read(self, make: Maker) -> tuple[CanonicalTable, dict[str, str]]:
        entry = _entry(self.place)
        with ThreadPoolExecutor(1) as beside:
            digests = None
            if entry and self._may_fit(entry):
                trusted = self._trusts(entry)
                digests = None if trusted else beside.submit(self._digests)
                layout = {"rows": entry.rows, "extras": entry.extras}
                kept = storage.read(self.schema, self.place, entry.stem, layout)
                if kept is not None and (trusted or digests.result() == entry.digests):
                    self._refresh(entry)
                    return kept, entry.hashes
            digests = digests or beside.submit(self._digests)
            made, others = make()
            found = digests.result()
        if len(made.frame) >= WORTH and self._nothing_moved(found):
            self._keep(made, found, others, former=entry)
        return made, dict(zip(self.names, found, strict=True)) | others

    def _digests(self) -> list[str]:
        return [_digest(f) for f in self.source.files]

    def _may_fit(self, entry: _Entry) -> bool:
        same = entry.recipe == self.recipe and entry.state == self.state and list(entry.files) == self.names
        return same and [seen.looks[0] for seen in entry.files.values()] == [size for size, *_ in self.looks]

    def _trusts(self, entry: _Entry) -> bool:
        """Whether the files need no hashing."""
        return all(s.settled and s.looks == looks for s, looks in zip(entry.files.values(), self.looks, strict=True))

    def _nothing_moved(self, digests: list[str]) -> bool:
        """Whether what was read is what was hashed. A file written just now could have changed in between and look the
        same, so it is hashed once more."""
        if _looks(self.source.files) != self.looks or self.source.state != self.state:
            return False
        fresh = any(max(modified, changed) / 1e9 > self.now - SETTLING for _, modified, changed, _ in self.looks)
        return not fresh or self._digests() == digests

    # keeping

    def _keep(self, made: CanonicalTable, digests: list[str], others: dict[str, str], former: _Entry | None) -> None:
        stem = secrets.token_hex(8)
        try:
            for folder in (self.place.parent, self.place):
                folder.mkdir(mode=0o700, exist_ok=True)
            layout = storage.write(made, self.schema, self.place, stem)
            seen = [
                _Seen(looks=looks, digest=digest, since=self.now, settled=False)
                for looks, digest in zip(self.looks, digests, strict=True)
            ]
            files = dict(zip(self.names, seen, strict=True))
            entry = _Entry(recipe=self.recipe, state=self.state, files=files, others=others, stem=stem, **layout)
            self._write(entry)
        except (OSError, pa.ArrowException):  # no room, no right, or a table that Parquet cannot hold
            _remove(self.place, stem)
            return
        _tidy(self.place, former.stem if former else "")

    def _refresh(self, entry: _Entry) -> None:
        """Remember what this reading has shown: that files are settled, or look differently and are the same."""
        files = {
            name: self._seen_again(seen, looks)
            for (name, seen), looks in zip(entry.files.items(), self.looks, strict=True)
        }
        with contextlib.suppress(OSError):
            if files != entry.files:
                self._write(entry.model_copy(update={"files": files}))
            elif self.now - (self.place / _ENTRY).stat().st_mtime > 86_400:
                os.utime(self.place / _ENTRY)

    def _seen_again(self, seen: _Seen, looks: tuple[int, int, int, int]) -> _Seen:
        if seen.looks != looks or seen.since > self.now:
            return _Seen(looks=looks, digest=seen.digest, since=self.now, settled=False)
        return seen.model_copy(update={"settled": seen.settled or self.now - seen.since > SETTLING})

    def _write(self, entry: _Entry) -> None:
        """Put the entry in its place at once: who reads meanwhile sees the former one or this one."""
        beside = self.place / f"{secrets.token_hex(8)}-{_ENTRY}"
        with beside.open("x", encoding="utf-8") as file:
            beside.chmod(0o600)
            file.write(entry.model_dump_json())
        beside.replace(self.place / _ENTRY)


def _place(source: Source) -> Path | None:
    """Where the table of a source is kept; None where nothing is."""
    base = location.folder() if source.can_be_kept else None
    if base is None:
        return None
    key = hashlib.sha256(f"{source.folder}\0{source.table}".encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return base / "logs" / key


def _entry(place: Path) -> _Entry | None:
    try:
        return _Entry.model_validate_json((place / _ENTRY).read_bytes())
    except (OSError, ValidationError):
        return None


def _looks(files: list[Path]) -> list[tuple[int, int, int, int]]:
    """Size, times and inode of files; zeros for one that is not there any more."""

    def looks(path: Path) -> tuple[int, int, int, int]:
        try:
            about = path.stat()
        except OSError:
            return 0, 0, 0, 0
        return about.st_size, about.st_mtime_ns, about.st_ctime_ns, about.st_ino

    return [looks(f) for f in files]


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        found, remedy = error.strerror or str(error), "Check that it is there and may be read."
        raise InputError.of(
            Problem(path.name, None, None, found, "a readable file", remedy, "unreadable_record")
        ) from error


def _zone_data(zone: str) -> str:
    """Hash of the clock changes of a zone, which countries decide anew every year."""
    for folder in zoneinfo.TZPATH:
        with contextlib.suppress(OSError):
            return hashlib.sha256((Path(folder) / zone).read_bytes()).hexdigest()
    return location.version_of("tzdata")


def _tidy(place: Path, former: str) -> None:
    """Remove the files of the table that was kept before, those of attempts that were broken off, and tables that
    nobody has used for long."""
    with contextlib.suppress(OSError):
        if former:
            _remove(place, former)
        entry, now = _entry(place), time.time()
        for path in place.iterdir():
            of_entry = path.name == _ENTRY or (entry and path.name.startswith(entry.stem))
            if not of_entry and now - path.stat().st_mtime > 3600:
                path.unlink(missing_ok=True)
        for other in place.parent.iterdir():
            if now - other.stat().st_mtime > DAYS_KEPT * 86_400 and not _used_lately(other, now):
                shutil.rmtree(other, ignore_errors=True)


def _used_lately(place: Path, now: float) -> bool:
    with contextlib.suppress(OSError):
        return now - (place / _ENTRY).stat().st_mtime < DAYS_KEPT * 86_400
    return False


def _remove(place: Path, stem: str) -> None:
    with contextlib.suppress(OSError):
        for path in place.glob(f"{stem}-*"):
            path.unlink(missing_ok=True)
