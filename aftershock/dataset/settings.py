"""dataset.toml: what a dataset says of itself. Every key is checked, and a wrong one names the nearest right one."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import pandas as pd
from pydantic import AfterValidator, BeforeValidator, Field

from aftershock import sources
from aftershock.dataset.days import day, period
from aftershock.dataset.rules import KindRule, ServiceRule, kind_of
from aftershock.dataset.shipped import FILE
from aftershock.dataset.targets import BaselineSection, SloSection
from aftershock.dataset.zone_words import check_zone
from aftershock.schema import tables, toml_file
from aftershock.schema.errors import InputError, Problem, nearest
from aftershock.schema.patterns import expression, is_regular
from aftershock.schema.status_words import NO_INCIDENT
from aftershock.schema.toml_file import Section

BY_FORMAT = ("label", "repository", "ref", "since", "paths", "services")  # keys that only some formats read
OF_TABLES = {  # keys of one table only
    "severity": "incidents",
    "collected": "incidents",
    "kinds": "changes",
    "kind": "changes",
    "deployments": "changes",
}
STATUSES_OF = {"incidents": (*tables.STATUSES, NO_INCIDENT), "changes": tables.CHANGE_STATUSES}
ALL_STATUSES = tuple(dict.fromkeys(word for words in STATUSES_OF.values() for word in words))
LONGEST_FORM = 100  # characters of a time_format
OF_FILES = ("path", "columns", "delimiter", "sheet", "time_format")  # keys without a meaning for a repository
_ADD = "Add it; docs/datasets.md shows where."


def _duration(value: object) -> pd.Timedelta:
    try:
        length = pd.Timedelta(str(value))
    except ValueError:
        length = pd.NaT
    if pd.isna(length) or not pd.Timedelta(minutes=10) <= length <= pd.Timedelta(days=60) or str(value).isdigit():
        raise ValueError('a duration between 10min and 60d, such as "72h"')
    return length


def _delimiter(sign: str) -> str:
    if len(sign) != 1 or sign in '"\r\n':
        raise ValueError("one character that is neither a quote nor a line break")
    return sign


def _time_format(form: str) -> str:
    moment = datetime(2023, 3, 6, 17, 19, tzinfo=UTC)
    try:
        datetime.strptime(moment.strftime(form), form)
    except (ValueError, re.error, OverflowError):  # re.error: a directive that comes twice
        form = ""
    if "%" not in form or "%Z" in form or len(form) > LONGEST_FORM:
        raise ValueError('a strptime format without %Z, such as "%d/%m/%Y %H:%M"')
    return form


def _time_formats(value: object) -> tuple[str, ...]:
    forms = [value] if isinstance(value, str) else value
    if not isinstance(forms, list) or not forms or not all(isinstance(form, str) for form in forms):
        raise ValueError('a strptime format such as "%d/%m/%Y %H:%M", or a list of them')
    return tuple(_time_format(form) for form in forms)


def _sheets(value: object) -> tuple[str, ...]:
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not names or not all(isinstance(name, str) and name for name in names):
        raise ValueError("the name of a sheet, or a list of them")
    return tuple(names)


def _separators(value: object) -> tuple[str, ...]:
    signs = [value] if isinstance(value, str) else value
    if not isinstance(signs, list) or not signs or not all(isinstance(sign, str) and sign for sign in signs):
        raise ValueError("a sign or a text, or a list of them")
    return tuple(signs)


def _meanings(known: tuple[str, ...]) -> BeforeValidator:
    """A table of words of a log and what each means, which must be one of ``known``."""

    def check(value: object) -> dict[str, str]:
        given: dict = value if isinstance(value, dict) else {"": value}
        for word, meaning in given.items():
            if meaning not in known:
                close = nearest(meaning, list(known)) if isinstance(meaning, str) else ""
                raise ValueError(f"word of the log = one of {', '.join(known)} (found {word!r} = {meaning!r}{close})")
        return given

    return BeforeValidator(check)


def _only(value: object) -> object:
    given: dict = value if isinstance(value, dict) else {"": value}
    for name, words in given.items():
        listed = [words] if isinstance(words, str) else words
        if not name or not isinstance(listed, list) or not listed or not all(isinstance(word, str) for word in listed):
            raise ValueError('a column = its words, such as { type = ["Incident"] }')
        for word in filter(is_regular, listed):
            try:
                expression(word)
            except re.error as error:
                raise ValueError(f"a regular expression between slashes (in {word!r}: {error})") from error
    return {name: [words] if isinstance(words, str) else words for name, words in given.items()}


def _aliases(value: dict[str, str]) -> dict[str, str]:
    for name, meant in value.items():
        if not name or not meant or meant in value:
            raise ValueError(
                f"name in a log = the service's own name, which is not an alias itself (found {name!r} = {meant!r})"
            )
    return value


def _service_rules(value: object) -> object:
    return [{"service": value}] if isinstance(value, str) else value


Zone = Annotated[str, AfterValidator(check_zone)]


class Log(Section):
    """A section that names files: [incidents], [changes], [services]."""

    path: str = ""
    """A file, or a folder of pages of one format (page 2 before page 10); inside the dataset's folder."""
    format: str = "csv"
    """How the files are written: one of the formats that `aftershock formats` lists."""
    timezone: Zone | None = None
    """Time zone of this log's times that name none; left out: the dataset's."""
    columns: dict[str, str] = Field(default_factory=dict)
    """Canonical name = name in the file, or path in a record; a column that has the canonical name needs no entry."""
    list_separator: Annotated[tuple[str, ...], BeforeValidator(_separators)] = (";",)
    """What separates several services, paths or ids in one cell; of a list of texts each does: `[",", " and "]`."""
    delimiter: Annotated[str, AfterValidator(_delimiter)] | None = None
    """Of a CSV: one character; left out: guessed from the first line."""
    sheet: Annotated[tuple[str, ...], BeforeValidator(_sheets)] = ()
    """Of a workbook: the sheet that is the log, or a list of sheets with the same columns; left out: the fullest."""
    time_format: Annotated[tuple[str, ...], BeforeValidator(_time_formats)] = ()
    """How times are written, as strptime names it, for slashed dates and the like; of several the first that fits."""
    history: Literal["", "last", "first"] = ""
    """Where the rows of an id are the states of one record: which of them is the newest. It counts, the others are folded."""
    id_from: list[str] = Field(default_factory=list)
    """Columns of the file, or fields of the record, that make the id of rows without one: those that never change."""
    only: Annotated[dict[str, list[str]], BeforeValidator(_only)] = Field(default_factory=dict)
    """Column of the file, or field of the record = words: rows with another word there are none, and folded."""
    rounded: Literal["", "hour", "day"] = ""
    """`hour` or `day`: times on the full hour or day were rounded to it, and are read as that imprecise."""
    severity: list[str] = Field(default_factory=list)
    """Of `[incidents]`: the grades, worst first; left out: those of the format, and others in the order of their names."""
    statuses: Annotated[dict[str, str], _meanings(ALL_STATUSES)] = Field(default_factory=dict)
    """Word of the log = its meaning. Of `[incidents]`: `open`, `resolved`, `unknown`, or `cancelled` for what was none. Of
    `[changes]`: `done`, `failed`, `in progress`, or `planned` and `cancelled` for what never took effect."""
    collected: str = ""
    """Of `[incidents]`: how rows come into the log, in a sentence; printed where outages are counted."""
    kinds: Annotated[dict[str, str], _meanings(tables.KINDS)] = Field(default_factory=dict)
    """Of `[changes]`: word of the log = one of the kinds below."""
    kind: list[KindRule] = Field(default_factory=list)
    """Of `[changes]`: rules that give changes their kind, `[[changes.kind]]` each; the first that matches decides."""
    service: Annotated[list[ServiceRule], BeforeValidator(_service_rules)] = Field(default_factory=list)
    """The service of the log's rows, or rules that give rows theirs, `[[changes.service]]` each."""
    environment: str = ""
    """The environment of rows that name none."""
    prefix: str = ""
    """What is put before the ids of this log, and before those it refers to in itself, where two logs number alike."""
    deployments: list[Annotated[str, AfterValidator(kind_of)]] = Field(default_factory=list)
    """Of `[changes]`: the kinds that count as deployments among the DORA keys; left out: `deploy`, or all where none is."""
    label: list[str] = Field(default_factory=list)
    """Of the formats that read issues: only those with one of these labels are rows, of `["*"]` all; left out: all, or those
    of the type incident."""
    repository: str = ""
    """Of the format that reads a git repository: its path, which may be outside the folder; instead of `path`."""
    ref: str = ""
    """Of a repository: branch, tag or commit whose first-parent history is read; left out: what is checked out."""
    since: Annotated[str, BeforeValidator(day)] = ""
    """Of a repository: the first day that is read; left out: all of it."""
    paths: list[str] = Field(default_factory=list)
    """Of a repository: only commits that touch one of these folders or files; left out: all."""
    services: dict[str, list[str]] = Field(default_factory=dict)
    """Of a repository: service = its folders or files; `{ api = ["src/api"] }`."""


class AttributionSection(Section):
    """The section [attribution]."""

    horizon: Annotated[pd.Timedelta, BeforeValidator(_duration)] = pd.Timedelta(hours=72)
    """How far back a change can be a suspect: 10min to 60d."""
    observed: Annotated[tuple[str, str], BeforeValidator(period)] | None = None
    """First and last day (inclusive, in the dataset's zone) that both logs cover completely; `"export"` for the last is the
day of the last row of either; left out: from the later of the first rows, or of one export the first of either log, to its end."""
    environments: list[str] = Field(default_factory=list)
    """Changes in other environments are not suspects; one that names none counts as here; left out: all are."""


class MaskingSection(Section):
    """The section [masking]."""

    internal_hosts: list[str] = Field(default_factory=list)
    """Suffixes of internal hosts, beyond `.internal`, `.local`, `.corp` and the like."""
    roles: list[str] = Field(default_factory=list)
    """Names in columns of people that are roles and stay, beyond those known by their words."""
    keep: list[str] = Field(default_factory=list)
    """Texts that look like a secret but are not."""


def _several(value: object) -> object:
    """One section is a list of one."""
    return [value] if isinstance(value, (dict, Log)) else value


Logs = Annotated[list[Log], BeforeValidator(_several)]


class Settings(Section):
    """The whole of dataset.toml."""

    name: str
    """What reports call the dataset."""
    description: str = ""
    """A line on what it is."""
    timezone: Zone = "UTC"
    """Time zone of months, of hours of the week, of what is shown, and of times that name none."""
    simulated: bool = False
    """`true` marks every report as simulated."""
    reference: bool = False
    """`true`: a table to compare with; it has no suspects and no reports."""
    incidents: Annotated[Logs, Field(min_length=1)]
    """The section on the incident log, or several, `[[incidents]]` each: their rows are one log."""
    changes: Logs = Field(default_factory=list)
    """The section on the change log, or several, `[[changes]]` each; without one nothing can be said of what set incidents
    off."""
    services: Logs = Field(default_factory=list)
    """The section on the service graph, or several."""
    attribution: AttributionSection = Field(default_factory=AttributionSection)
    """The section on the model."""
    baseline: BaselineSection | None = None
    """The section on what the number of outages is compared with."""
    slo: SloSection | None = None
    """The section on how much of the time services are to be up."""
    masking: MaskingSection = Field(default_factory=MaskingSection)
    """The section on what reports hide."""
    aliases: Annotated[dict[str, str], AfterValidator(_aliases)] = Field(default_factory=dict)
    """Services with several names: name in a log = the service's own name."""

    @property
    def severity(self) -> list[str]:
        """The grades of all incident logs, worst first: as given, else those that exports of their formats have."""
        own = (
            log.severity or (() if log.format.endswith(".toml") else sources.find(log.format, "incidents").severity)
            for log in self.incidents
        )
        return list(dict.fromkeys(grade for grades in own for grade in grades))

    @property
    def collected(self) -> str:
        """How rows come into the incident logs, as far as they say."""
        return "; ".join(log.collected for log in self.incidents if log.collected)

    @property
    def deployments(self) -> list[str]:
        """The kinds that count as deployments; empty where no change log says."""
        return list(dict.fromkeys(kind for log in self.changes for kind in log.deployments))

    def zone_of(self, table: str) -> str:
        """The zone of the first log of a table."""
        return getattr(self, table)[0].timezone or self.timezone


def read_settings(folder: Path) -> Settings:
    """Read and check ``folder/dataset.toml``; every problem of the file is in the one error raised."""
    text = toml_file.read(folder / FILE, f"{folder.name}/{FILE}")
    settings = toml_file.validated(Settings, toml_file.parsed(text, FILE), text, FILE, _ADD)
    problems = [
        problem
        for section, table in sources.SECTIONS.items()
        for number, log in enumerate(getattr(settings, section))
        for problem in _LogCheck(folder, text, section, table, number, log).problems()
    ]
    if problems:
        raise InputError.of(*problems)
    return settings


class _LogCheck:
    """What is wrong with one section on a log that its keys alone do not show."""

    def __init__(self, folder: Path, text: str, section: str, table: str, number: int, log: Log):
        self.folder, self.text, self.section, self.table, self.log = folder, text, section, table, log
        self.place: toml_file.Place = (section, number)

    def problems(self) -> list[Problem]:
        return [*self._of_format(), *self._of_columns(), *self._of_rules()]

    def _wrong(self, key: str, found: str, expected: str, remedy: str) -> Problem:
        """``found`` with ``{}`` for the key as it is shown."""
        place = (*self.place, key)
        line, shown = toml_file.line_of(place, self.text), toml_file.shown(place, self.text)
        return Problem(FILE, line, None, found.format(shown), expected, remedy, "unknown_value")

    def _of_format(self) -> list[Problem]:
        log = self.log
        if not sources.reads(log.format, self.table) and not log.format.endswith(sources.DESCRIPTION):
            known = sources.names(self.table)
            which = f"one of {', '.join(known)}{nearest(log.format, known)}"
            if log.format in sources.names():
                which = f"a format of {self.table}: {which}"
            return [self._wrong("format", f"{{}} = {log.format!r}", which, "Fix the value.")]
        format = sources.find(log.format, self.table, self.folder)
        needed = "repository" if format.reads_repository else "path"
        others = OF_FILES if format.reads_repository else ()
        idle = [k for k in (*BY_FORMAT, *others) if getattr(log, k) and k not in (*format.keys, needed)]
        expected = f"no such key next to format = {log.format!r}"
        found = [self._wrong(k, "{}", expected, "Remove it.") for k in idle]
        found += [
            self._wrong(k, "{}", f"this key under [{theirs}] only", "Move or remove it.")
            for k, theirs in OF_TABLES.items()
            if getattr(log, k) and self.section != theirs
        ]
        allowed = STATUSES_OF.get(self.section, ())
        found += [
            self._wrong("statuses", f"{{}}: {word!r} = {meaning!r}", f"one of {', '.join(allowed)}", "Fix the value.")
            for word, meaning in log.statuses.items()
            if meaning not in allowed
        ]
        if not getattr(log, needed):
            found.append(self._wrong(needed, "no '{}'", f"the key {needed!r}", _ADD))
        return found

    def _of_columns(self) -> list[Problem]:
        accepted = tables.SCHEMAS[self.table].accepted
        remedy = 'Write canonical_name = "name in the file".'
        return [
            Problem(
                FILE,
                toml_file.line_of((*self.place, "columns", name), self.text),
                None,
                f"the column {name!r} in columns",
                f"a canonical column of {self.table}" + nearest(name, accepted),
                remedy,
                "unknown_value",
            )
            for name in self.log.columns
            if name not in accepted
        ]

    def _of_rules(self) -> list[Problem]:
        """Rules on services by what only changes have."""
        if self.section == "changes":
            return []
        return [
            self._wrong("service", f"{{}}: {name}", "a rule on title, or none", "Remove the pattern.")
            for rule in self.log.service
            for name in ("path", "author", "repository")
            if getattr(rule, name)
        ]
