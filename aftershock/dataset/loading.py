"""A dataset folder → the canonical tables, with an account of every row that did not make it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import pandas as pd

from aftershock import sources
from aftershock.dataset import service_aliases
from aftershock.dataset.cache import logs as cache
from aftershock.dataset.canonical import Made, canonical_table
from aftershock.dataset.masking import AS_IT_IS, Mask
from aftershock.dataset.settings import FILE, Log, Settings, read_settings
from aftershock.errors import InputError, Problem, UsageError, nearest
from aftershock.output.spreadsheets import unguarded
from aftershock.schema import tables
from aftershock.sources.json_paths import writable

SHIPPED = Path(__file__).resolve().parents[2] / "data"
VERDICTS_FILE = "verdicts.csv"
T = TypeVar("T")
_NO_TIME = (pd.Timestamp(0, tz="UTC"), pd.Timestamp(0, tz="UTC"))
Tried = Callable[[str, Callable[[], T], Callable[[], T]], T]  # a part's name, how it is made, what stands in for it


@dataclass(frozen=True)
class Dataset:
    """Two logs, the service graph and the verdicts, in canonical form.

    ``incidents``, ``changes``, ``dependencies``, ``verdicts``: columns of :mod:`aftershock.schema.tables`; all times UTC, each
    an interval ``x`` to ``x_before``. ``rejected`` and ``notes``: rows that could not be used, and rows that were odd.
    ``folded``: records that are deliberately no row of their own, with :data:`aftershock.schema.tables.FOLDS` as reasons.
    Every record of a log is a row, rejected or folded.
    ``observed``: first and last moment that both logs cover; rates are learned inside it. ``hashes``: SHA-256 per file.
    ``unread``: part (a table, or a file) → why it cannot be read; only :func:`salvaged` leaves anything there.
    ``audience``: for whom the texts are fit (:mod:`aftershock.dataset.audience`), ``mask`` what has been taken out of them and is
    to be taken out of texts read later, ``masked`` the places; ``own_ids`` and ``own_changes`` the ids of incidents and
    changes that a mask changed, as the log has them.
    """

    folder: Path
    settings: Settings
    incidents: pd.DataFrame
    changes: pd.DataFrame
    dependencies: pd.DataFrame
    verdicts: pd.DataFrame
    rejected: pd.DataFrame
    notes: pd.DataFrame
    folded: pd.DataFrame
    observed: tuple[pd.Timestamp, pd.Timestamp]
    hashes: dict[str, str]
    unread: dict[str, InputError] = field(default_factory=dict)
    audience: str = "private"
    mask: Mask = AS_IT_IS
    masked: pd.DataFrame | None = None
    own_ids: Mapping[str, str] = field(default_factory=dict)
    own_changes: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The folder's name: how the dataset is called in commands and file names."""
        return self.folder.name

    @property
    def name(self) -> str:
        return self.settings.name

    @property
    def given_name(self) -> str:
        """The name that dataset.toml gives; empty when that cannot be read."""
        return "" if FILE in self.unread else self.name

    @property
    def description(self) -> str:
        return self.settings.description

    @property
    def timezone(self) -> str:
        return self.settings.timezone

    @property
    def simulated(self) -> bool:
        return self.settings.simulated

    @property
    def reference(self) -> bool:
        """True for a table to compare with, whose rows share nothing: it has no suspects and no reports."""
        return self.settings.reference

    @property
    def overlapping(self) -> bool:
        """Whether the two logs share any time at all; without it nothing can be attributed."""
        if self.incidents.empty or self.changes.empty:
            return False
        first = max(t["started_at"].min() for t in (self.incidents, self.changes))
        last = min(t["started_at_before"].max() for t in (self.incidents, self.changes))
        return first - self.settings.attribution.horizon <= last

    @property
    def severities(self) -> list[str]:
        """Severities, worst first: those of dataset.toml, then others in the log by name."""
        listed = self.settings.incidents.severity
        return listed + sorted(set(self.incidents["severity"]) - set(listed) - {""})

    @property
    def months(self) -> list[str]:
        """``YYYY-MM`` of every month that the observed period touches, in the dataset's zone."""
        first, last = (t.tz_convert(self.timezone).tz_localize(None) for t in self.observed)
        return [str(p) for p in pd.period_range(first, last - pd.Timedelta(1, "ns"), freq="M")]

    @property
    def actual_incidents(self) -> pd.DataFrame:
        """Incidents without the rows that repeat another one."""
        return self.incidents[self.incidents["duplicate_of"] == ""]

    def incident(self, incident_id: str) -> pd.Series:
        """One incident's row; UsageError with the nearest id when there is none."""
        incident_id = writable(incident_id)  # an argument of the command line may be no text
        found = self.incidents[self.incidents["incident_id"] == incident_id]
        if found.empty:
            known = self.incidents["incident_id"].tolist()
            some = ", ".join(known[:5]) + (", …" if len(known) > 5 else "")
            raise UsageError(
                f"no incident {incident_id!r} in {self.key}{nearest(incident_id, known)}"
                f" ({len(known)} incidents: {some})"
            )
        return found.iloc[0]

    def change(self, change_id: str) -> pd.Series:
        """One change's row; UsageError with the nearest id when there is none."""
        found = self.changes[self.changes["change_id"] == change_id]
        if found.empty:
            known = self.changes["change_id"].tolist()
            raise UsageError(f"no change {change_id!r} in {self.key}{nearest(change_id, known)} ({len(known)} changes)")
        return found.iloc[0]

    def verdicts_on(self, incident_id: str) -> pd.DataFrame:
        """All verdicts on one incident; the last of them counts."""
        return self.verdicts_in_order[self.verdicts_in_order["incident_id"] == incident_id]

    @property
    def decisions(self) -> pd.DataFrame:
        """The verdict that counts of each incident: the latest; among those without a time, the last row."""
        return self.verdicts_in_order.drop_duplicates("incident_id", keep="last")

    @cached_property
    def verdicts_in_order(self) -> pd.DataFrame:
        """Verdicts by when they were decided; those without a time come first, as the file has them."""
        return self.verdicts.sort_values("decided_at", kind="stable", na_position="first")

    def own_id(self, incident_id: str) -> str:
        """The id of an incident as its log has it."""
        return self.own_ids.get(incident_id, incident_id)

    def own_change(self, change_id: str) -> str:
        """The id of a change as its log has it."""
        return self.own_changes.get(change_id, change_id)

    def shown_id(self, incident_id: str) -> str:
        """The id of an incident as reports show it, given either way."""
        return {own: shown for shown, own in self.own_ids.items()}.get(incident_id, incident_id)

    def untold(self, incident_id: str) -> Dataset:
        """The same dataset before anybody decided on one incident; verdicts on others stay."""
        return replace(self, verdicts=self.verdicts[self.verdicts["incident_id"] != incident_id])


def find(dataset: str | Path) -> Path:
    """The folder of a dataset: a path, or the name of one that ships."""
    path = Path(dataset)
    for folder in (path, SHIPPED / path.name if path.name == str(dataset) else path):
        if (folder / FILE).is_file():
            return folder.resolve()
    shipped = sorted(p.parent.name for p in SHIPPED.glob(f"*/{FILE}"))
    if path.is_dir():
        raise UsageError(f"{str(dataset)!r} has no {FILE}; docs/datasets.md shows how to write one")
    raise UsageError(
        f"no dataset {str(dataset)!r}{nearest(str(dataset), shipped)}: expected a folder with a {FILE}, "
        f"or one of {', '.join(shipped) or 'none shipped'}"
    )


def load(dataset: str | Path) -> Dataset:
    """Read a dataset folder. Raises UsageError when there is none, InputError when a file as a whole is unusable;
    single bad rows are in ``rejected``."""
    folder = find(dataset)
    return _assembled(folder, read_settings(folder), lambda part, make, instead: make())


def salvaged(dataset: str | Path) -> Dataset:
    """What can be read of a dataset that :func:`load` may refuse: a table that cannot be read is empty, and ``unread``
    says why. Raises UsageError when there is no dataset. Nothing can be attributed to it; it is for looking at."""
    folder = find(dataset)
    unread: dict[str, InputError] = {}

    def tried(part: str, make: Callable[[], T], instead: Callable[[], T]) -> T:
        try:
            return make()
        except InputError as error:
            unread[part] = error
            return instead()

    settings = tried(FILE, lambda: read_settings(folder), lambda: None)
    if settings is None:
        settings = Settings(name=folder.name, incidents=Log(), changes=Log())
    found = _assembled(folder, settings, tried)
    if not {FILE, "incidents", "changes"}.isdisjoint(unread):
        unread.pop("observed", None)  # a consequence
    return replace(found, unread=unread)


def _assembled(folder: Path, settings: Settings, tried: Tried) -> Dataset:
    """The dataset of these settings; ``tried`` decides what becomes of a part that cannot be made."""
    hashes = {FILE: _hash(folder / FILE)}
    problems: dict[str, list[pd.DataFrame]] = {"rejected": [], "notes": [], "folded": []}

    def table(name: str, log: Log | None) -> pd.DataFrame:
        if log is None or not (log.path or log.repository):
            return canonical_table(name, None, Log(path="none"), settings.timezone).frame
        source = _source(name, log, folder, settings.timezone)
        made, found = cache.read(source, lambda: _made(source))
        hashes.update(found)
        problems["rejected"].append(made.rejected)
        problems["notes"].append(made.notes)
        problems["folded"].append(made.folded)
        return made.frame

    def part(name: str, log: Log | None) -> pd.DataFrame:
        return tried(name, lambda: table(name, log), lambda: table(name, None))

    incidents, changes = part("incidents", settings.incidents), part("changes", settings.changes)
    dependencies = part("dependencies", settings.services)
    (incidents, changes, dependencies), odd = service_aliases.applied(
        settings.aliases, incidents, changes, dependencies
    )
    problems["notes"].append(odd)
    verdicts = part("verdicts", Log(path=VERDICTS_FILE) if (folder / VERDICTS_FILE).exists() else None)
    verdicts = _as_text(verdicts)
    verdicts = tried("verdicts", lambda: _checked(verdicts, incidents, changes), lambda: verdicts.iloc[:0])
    incidents, repeats = _settle_duplicates(incidents)
    verdicts = _on_originals(verdicts, incidents)
    problems["notes"].append(tables.problem_frame("incidents", [*_loose_ends(incidents, changes), *repeats]))
    rejected, notes = (tables.joined(problems[k]) for k in ("rejected", "notes"))
    folded = pd.concat([tables.fold_frame("", []), *filter(len, problems["folded"])], ignore_index=True)
    observed = tried("observed", lambda: _observed(settings, incidents, changes, rejected), lambda: _NO_TIME)
    return Dataset(
        folder,
        settings,
        incidents,
        changes,
        dependencies,
        verdicts,
        rejected,
        notes,
        folded,
        observed,
        dict(sorted(hashes.items())),
    )


def _source(table: str, log: Log, folder: Path, zone: str) -> cache.Source:
    """A section of dataset.toml with its reader and its files."""
    format, zone = sources.find(log.format, table), log.timezone or zone
    options = _options(table, log, folder, zone)
    return cache.Source(folder, table, log, zone, format, options, _files(folder, log, format))


def _made(source: cache.Source) -> tuple[Made, dict[str, str]]:
    """The canonical table of a section, and the hashes of what was read besides files."""
    raw = sources.read(source.files, source.log.format, source.options)
    return canonical_table(source.table, raw, source.log, source.zone), raw.hashes


def _options(table: str, log: Log, folder: Path, zone: str) -> sources.Options:
    """What the reader of a section is told."""
    return sources.Options(
        columns=log.columns,
        delimiter=log.delimiter,
        table=table,
        timezone=zone,
        labels=tuple(log.label),
        repository=(folder / log.repository).resolve() if log.repository else None,
        ref=log.ref,
        since=log.since,
        paths=tuple(log.paths),
        service_paths={service: tuple(folders) for service, folders in log.services.items()},
    )


def _files(folder: Path, log: Log, format: sources.Format) -> list[Path]:
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


def _checked(verdicts: pd.DataFrame, incidents: pd.DataFrame, changes: pd.DataFrame) -> pd.DataFrame:
    """The verdicts, if each is on an incident and a change that exist; else InputError."""
    problems = []
    for column, ids, more, reason in (
        ("incident_id", incidents["incident_id"], [], "unknown_incident"),
        ("change_id", changes["change_id"], [tables.NONE], "unknown_change"),
    ):
        known = _among(ids, set(verdicts[column])) | set(more)
        for row in verdicts[~verdicts[column].isin(known)].itertuples():
            value = getattr(row, column)
            expected = "an id of the dataset" + nearest(value, sorted([*ids, *more]))
            problems.append(
                Problem(row.file, row.line, column, repr(value), expected, "Mend or remove the row.", reason)
            )
    if problems:
        raise InputError.of(*problems)
    return verdicts


def _among(ids: pd.Series, wanted: set[str]) -> set[str]:
    """Those of the wanted ids that a log has."""
    return set(ids[ids.isin(list(wanted))]) if wanted else set()


def _as_text(verdicts: pd.DataFrame) -> pd.DataFrame:
    """Verdicts without the apostrophes that keep spreadsheets from running a cell."""
    columns = tables.VERDICTS.of_type("text")
    return verdicts.assign(**{c: verdicts[c].map(unguarded).astype(verdicts[c].dtype) for c in columns})


def _on_originals(verdicts: pd.DataFrame, incidents: pd.DataFrame) -> pd.DataFrame:
    """A verdict on a row that repeats another incident counts for that one."""
    original = dict(zip(incidents["incident_id"], incidents["duplicate_of"], strict=True))
    return verdicts.assign(incident_id=[original[i] or i for i in verdicts["incident_id"]])


def _loose_ends(incidents: pd.DataFrame, changes: pd.DataFrame) -> list[Problem]:
    """Notes on incidents that name a change as their cause which no log has."""
    named = incidents[incidents["caused_by"].map(bool).astype(bool)]
    known = _among(changes["change_id"], {change for causes in named["caused_by"] for change in causes})
    return [
        Problem(
            row.file,
            row.line,
            "caused_by",
            repr(change),
            "a change of the change log",
            f"{row.incident_id}: the reported cause cannot be ranked.",
            "unknown_change",
        )
        for row in named.itertuples()
        for change in row.caused_by
        if change not in known
    ]


def _settle_duplicates(incidents: pd.DataFrame) -> tuple[pd.DataFrame, list[Problem]]:
    """``duplicate_of`` leads to the incident at the end of its chain. A row that repeats itself, an unknown incident or
    one that repeats it is an incident of its own, with a note: nothing may vanish because two rows point at each other."""
    if (incidents["duplicate_of"] == "").all():
        return incidents, []
    of = dict(zip(incidents["incident_id"], incidents["duplicate_of"], strict=True))
    roots, notes = [], []
    for row in incidents.itertuples():
        seen, root = {row.incident_id}, row.duplicate_of
        while root and of.get(root) and root not in seen:
            seen.add(root)
            root = of[root]
        if root and (root in seen or root not in of):
            reason = "duplicate_loop" if root in of else "unknown_incident"
            remedy = f"{row.incident_id} counts as an incident of its own."
            notes.append(
                Problem(
                    row.file,
                    row.line,
                    "duplicate_of",
                    repr(row.duplicate_of),
                    "another incident of the log",
                    remedy,
                    reason,
                )
            )
            root = ""
        roots.append(root)
    return incidents.assign(duplicate_of=pd.Series(roots, index=incidents.index, dtype="object")), notes


def _observed(
    settings: Settings, incidents: pd.DataFrame, changes: pd.DataFrame, rejected: pd.DataFrame
) -> tuple[pd.Timestamp, pd.Timestamp]:
    """The stated period, else the whole days on which both logs overlap (empty logs do not count), else those of the
    incidents; end exclusive."""
    if settings.attribution.observed:
        return _days(*(pd.Timestamp(d) for d in settings.attribution.observed), settings.timezone)
    logs = [t for t in (incidents, changes) if len(t)]
    if not logs:
        problems = tables.problems(rejected.head(10))
        some = "\n".join(map(str, problems))
        raise InputError(f"{settings.name}: no row of either log can be used.\n{some}", problems)
    spans = [
        tuple(
            t.tz_convert(settings.timezone).tz_localize(None).normalize()
            for t in (table["started_at"].min(), table["started_at_before"].max())
        )
        for table in logs
    ]
    first, last = max(s[0] for s in spans), min(s[1] for s in spans)
    return _days(first, last, settings.timezone) if first <= last else _days(*spans[0], settings.timezone)


def _days(first: pd.Timestamp, last: pd.Timestamp, zone: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    """From the beginning of the first day to the end of the last, in UTC."""
    end = last + pd.Timedelta(days=1)
    return first.tz_localize(zone).tz_convert("UTC"), end.tz_localize(zone).tz_convert("UTC")


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def holding(incident_id: str, dataset: str = "") -> Dataset:
    """The dataset named; without a name this folder, else the shipped dataset that has the incident."""
    if dataset or Path(FILE).is_file():
        return load(dataset or Path.cwd())
    for folder in sorted(p.parent for p in SHIPPED.glob(f"*/{FILE}")):
        found = load(folder)
        if not found.reference and incident_id in set(found.incidents["incident_id"]):
            return found
    raise UsageError(f"no shipped dataset has the incident {incident_id!r}; name yours with --dataset FOLDER")
