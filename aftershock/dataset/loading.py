"""A dataset folder → the canonical tables, with an account of every row that is not in them."""

from __future__ import annotations

import functools
import hashlib
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Protocol, TypeVar

import pandas as pd

from aftershock import sources
from aftershock.dataset import cross_checks, service_aliases
from aftershock.dataset.cache import logs as cache
from aftershock.dataset.canonical import CanonicalTable, canonical_table
from aftershock.dataset.dataset import VERDICTS_FILE, Dataset
from aftershock.dataset.joined_logs import joined
from aftershock.dataset.log_files import files_of
from aftershock.dataset.observed_period import observed_period
from aftershock.dataset.settings import Log, Settings, read_settings
from aftershock.dataset.shipped import FILE, SHIPPED, find_folder
from aftershock.dataset.typed_columns import in_one_piece
from aftershock.schema import tables
from aftershock.schema.errors import InputError, UsageError
from aftershock.schema.input_files import read_regular, resolved
from aftershock.schema.toml_file import LARGEST

T = TypeVar("T")
_NO_TIME = (pd.Timestamp(0, tz="UTC"), pd.Timestamp(0, tz="UTC"))


class OnPartError(Protocol):
    """Decides what happens when a part of a dataset (a table, a file) cannot be read: the error is raised, or noted and
    ``instead`` used."""

    def __call__(self, part: str, make: Callable[[], T], instead: Callable[[], T]) -> T: ...


def load(dataset: str | Path) -> Dataset:
    """Read a dataset folder. Raises UsageError when there is none, InputError when a file as a whole is unusable;
    single bad rows are in ``rejected``."""
    folder = find_folder(dataset)
    return _assemble(folder, read_settings(folder), _raise)


def load_readable_parts(dataset: str | Path) -> Dataset:
    """What can be read of a dataset that :func:`load` may refuse: a table that cannot be read is empty, and ``unread``
    says why. Raises UsageError when there is no dataset. Nothing can be attributed to it; it is for looking at."""
    folder = find_folder(dataset)
    unread: dict[str, InputError] = {}

    def note(part: str, make: Callable[[], T], instead: Callable[[], T]) -> T:
        try:
            return make()
        except InputError as error:
            unread[part] = error
            return instead()

    nameless = Settings(name=folder.name, incidents=[Log()], changes=[Log()])
    settings = note(FILE, lambda: read_settings(folder), lambda: nameless)
    found = _assemble(folder, settings, note)
    if not {FILE, "incidents", "changes"}.isdisjoint(unread):
        unread.pop("observed", None)  # a consequence
    return replace(found, unread=unread)


def dataset_with_incident(incident_id: str, dataset: str = "") -> Dataset:
    """The dataset named; without a name the current folder, else the shipped dataset that has the incident."""
    if dataset or Path(FILE).is_file():
        return load(dataset or Path.cwd())
    for folder in sorted(p.parent for p in SHIPPED.glob(f"*/{FILE}")):
        found = load(folder)
        if not found.reference and incident_id in set(found.incidents["incident_id"]):
            return found
    raise UsageError(f"no shipped dataset has the incident {incident_id!r}; name yours with --dataset FOLDER")


def _raise(part: str, make: Callable[[], T], instead: Callable[[], T]) -> T:
    return make()


def _assemble(folder: Path, settings: Settings, on_error: OnPartError) -> Dataset:
    """The dataset of these settings."""
    reader = _TableReader(folder, settings, on_error)
    incidents, changes = reader.table("incidents", settings.incidents), reader.table("changes", settings.changes)
    incidents, changes = cross_checks.with_found_ids(incidents, changes)
    dependencies = reader.table("dependencies", settings.services)
    (incidents, changes, dependencies), alias_notes = service_aliases.applied(
        settings.aliases, incidents, changes, dependencies
    )
    reader.notes.append(alias_notes)
    has_verdicts = os.path.lexists(folder / VERDICTS_FILE)
    verdicts = reader.table("verdicts", [Log(path=VERDICTS_FILE)] if has_verdicts else [])
    verdicts = cross_checks.without_spreadsheet_guards(verdicts)
    verdicts = on_error(
        "verdicts",
        lambda: cross_checks.check_verdicts(verdicts, incidents, changes),
        lambda: verdicts.iloc[:0],
    )
    originals, repeats = cross_checks.settle_duplicates(incidents)
    loose_ends = cross_checks.unknown_causes(originals, changes)
    originals, changes = in_one_piece(originals), in_one_piece(changes)
    notes = tables.joined([*reader.notes, tables.problem_frame("incidents", [*loose_ends, *repeats])])
    rejected = tables.joined(reader.rejected)
    observed = on_error("observed", lambda: observed_period(settings, originals, changes, rejected), lambda: _NO_TIME)
    return Dataset(
        folder=folder,
        settings=settings,
        incidents=originals,
        changes=changes,
        dependencies=dependencies,
        verdicts=cross_checks.verdicts_on_originals(verdicts, originals),
        rejected=rejected,
        notes=notes,
        folded=pd.concat([tables.fold_frame("", []), *filter(len, reader.folded)], ignore_index=True),
        observed=observed,
        hashes=dict(sorted(reader.hashes.items())),
    )


class _TableReader:
    """Reads the tables of one dataset one by one, and keeps the account of rows and the hashes of files."""

    def __init__(self, folder: Path, settings: Settings, on_error: OnPartError):
        self.folder, self.settings, self.on_error = folder, settings, on_error
        self.hashes = {FILE: hashlib.sha256(read_regular(folder / FILE, LARGEST + 1)).hexdigest()}
        self.rejected: list[pd.DataFrame] = []
        self.notes: list[pd.DataFrame] = []
        self.folded: list[pd.DataFrame] = []

    def table(self, name: str, logs: list[Log]) -> pd.DataFrame:
        """The canonical table of the sections on it; empty without one."""
        empty = canonical_table(name, None, Log(path="none"), self.settings.timezone).frame
        named = [log for log in logs if log.path or log.repository]
        return self.on_error(name, lambda: self._read(name, named), lambda: empty) if named else empty

    def _read(self, name: str, logs: list[Log]) -> pd.DataFrame:
        parts = []
        for number, log in enumerate(logs):
            source = _source(name, log, self.folder, self.settings.timezone, number)
            part, hashes = cache.read(source, functools.partial(_made, source))
            self.hashes.update(hashes | _description_hash(self.folder, log))
            parts.append(part)
        made = joined(parts, tables.SCHEMAS[name])
        self.rejected.append(made.rejected)
        self.notes.append(made.notes)
        self.folded.append(made.folded)
        return made.frame


def _description_hash(folder: Path, log: Log) -> dict[str, str]:
    """The hash of the description of a format in the dataset's folder."""
    if not log.format.endswith(sources.DESCRIPTION):
        return {}
    return {log.format: hashlib.sha256(read_regular(folder / log.format, LARGEST + 1)).hexdigest()}


def _source(table: str, log: Log, folder: Path, zone: str, number: int) -> cache.Source:
    """A section of dataset.toml, the so manieth of its table from 0, with its reader and its files."""
    format, zone = sources.find(log.format, table, folder), log.timezone or zone
    options = _options(table, log, folder, zone)
    return cache.Source(folder, table, log, zone, format, options, files_of(folder, log, format), number)


def _made(source: cache.Source) -> tuple[CanonicalTable, dict[str, str]]:
    """The canonical table of a section, and the hashes of what was read besides files."""
    raw = sources.read(source.files, source.format, source.options)
    return canonical_table(source.table, raw, source.log, source.zone), raw.hashes


def _options(table: str, log: Log, folder: Path, zone: str) -> sources.Options:
    """What the reader of a section needs to know."""
    return sources.Options(
        columns=log.columns,
        delimiter=log.delimiter,
        sheets=log.sheet,
        table=table,
        timezone=zone,
        labels=tuple(log.label),
        repository=resolved(folder / log.repository) if log.repository else None,
        ref=log.ref,
        since=log.since,
        paths=tuple(log.paths),
        service_paths={service: tuple(folders) for service, folders in log.services.items()},
    )
