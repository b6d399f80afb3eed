"""dataset.toml: what a dataset says of itself. Every key is checked, and a wrong one names the nearest right one."""

from __future__ import annotations

import fnmatch
import re
import tomllib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

import numpy as np
import pandas as pd
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

from aftershock import sources
from aftershock.schema import tables
from aftershock.schema.errors import InputError, Problem, nearest

FILE = "dataset.toml"
BY_FORMAT = ("label", "repository", "ref", "since", "paths", "services")  # keys that only some formats read
OF_TABLES = {  # keys of one table only
    "severity": "incidents",
    "statuses": "incidents",
    "kinds": "changes",
    "kind": "changes",
    "deployments": "changes",
}
RULED = ("title", "path", "author", "repository")  # what [[changes.kind]] reads of a change
OF_FILES = ("path", "columns", "delimiter", "time_format")  # keys without a meaning for a repository
_ADD = "Add it; docs/datasets.md shows where."


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(f"a time zone such as Europe/Berlin{nearest(name, sorted(available_timezones()))}")
    ZoneInfo(name)
    return name


def _duration(value: object) -> pd.Timedelta:
    try:
        length = pd.Timedelta(str(value))
    except ValueError:
        length = pd.NaT
    if pd.isna(length) or not pd.Timedelta(minutes=10) <= length <= pd.Timedelta(days=60) or str(value).isdigit():
        raise ValueError('a duration between 10min and 60d, such as "72h"')
    return length


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text and 1971 < int(text[:4]) < 2200
    except ValueError:
        return False


def _day(value: object) -> str:
    if not _is_day(str(value)):
        raise ValueError('a date such as "2025-01-01"')
    return str(value)


def _delimiter(sign: str) -> str:
    if len(sign) != 1 or sign in '"\r\n':
        raise ValueError("one character that is neither a quote nor a line break")
    return sign


def _time_format(form: str) -> str:
    moment = datetime(2023, 3, 6, 17, 19, tzinfo=UTC)
    try:
        datetime.strptime(moment.strftime(form), form)
    except ValueError:
        form = ""
    if "%" not in form or "%Z" in form:
        raise ValueError('a strptime format without %Z, such as "%d/%m/%Y %H:%M"')
    return form


def _time_formats(value: object) -> tuple[str, ...]:
    forms = [value] if isinstance(value, str) else value
    if not isinstance(forms, list) or not forms or not all(isinstance(form, str) for form in forms):
        raise ValueError('a strptime format such as "%d/%m/%Y %H:%M", or a list of them')
    return tuple(_time_format(form) for form in forms)


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


def _aliases(value: dict[str, str]) -> dict[str, str]:
    for name, meant in value.items():
        if not name or not meant or meant in value:
            raise ValueError(
                f"name in a log = the service's own name, which is not an alias itself (found {name!r} = {meant!r})"
            )
    return value


def _period(value: object) -> tuple[str, str]:
    days = [str(v) for v in value] if isinstance(value, list) else []
    if len(days) != 2 or not all(_is_day(d) for d in days) or days[0] > days[1]:
        raise ValueError('two dates, first and last day, such as ["2025-01-01", "2025-12-31"]')
    return days[0], days[1]


def _kind(value: str) -> str:
    if value not in tables.KINDS:
        raise ValueError(f"one of {', '.join(tables.KINDS)}{nearest(value, list(tables.KINDS))}")
    return value


def _expression(pattern: str) -> re.Pattern[str]:
    """A regular expression between slashes as it is, found anywhere; else a pattern of the whole text with ``*`` and ``?``."""
    regular = len(pattern) > 2 and pattern.startswith("/") and pattern.endswith("/")
    return re.compile(pattern[1:-1] if regular else rf"\A{fnmatch.translate(pattern)}", re.IGNORECASE)


def _patterns(value: object) -> tuple[str, ...]:
    given = [value] if isinstance(value, str) else value
    if not isinstance(given, list) or not given or not all(isinstance(p, str) and p for p in given):
        raise ValueError('a pattern such as "charts/*" or "/^bump /", or a list of them')
    for pattern in given:
        try:
            _expression(pattern)
        except re.error as error:
            raise ValueError(f"a regular expression between slashes (in {pattern!r}: {error})") from error
    return tuple(given)


Patterns = Annotated[tuple[str, ...], BeforeValidator(_patterns)]
Zone = Annotated[str, AfterValidator(_zone)]


class _Section(BaseModel):
    model_config = ConfigDict(
        extra="forbid", arbitrary_types_allowed=True, strict=True, frozen=True, use_attribute_docstrings=True
    )


class KindRule(_Section):
    """One of [[changes.kind]]: changes that match all it names are of its kind."""

    kind: Annotated[str, AfterValidator(_kind)]
    """The kind of the changes that match, whatever the log says; one of the kinds below. The first rule that matches decides."""
    title: Patterns = ()
    """Of titles: a pattern or a list of which one must match: `"bump *"` is matched as a whole, with `*` and `?` for any
    letters, `"/\\bv\\d+$/"` is a regular expression found anywhere; small and capital letters are the same."""
    path: Patterns = ()
    """Of paths, of which one must match; `*` goes across folders."""
    author: Patterns = ()
    """Of authors."""
    repository: Patterns = ()
    """Of repositories."""

    @model_validator(mode="after")
    def _names_something(self) -> KindRule:
        if not any(getattr(self, name) for name in RULED):
            raise ValueError(f"a pattern under one of {', '.join(RULED)} next to the kind")
        return self

    def holds(self, changes: Mapping[str, pd.Series]) -> np.ndarray:
        """True for the changes that match, (changes,); ``changes``: the columns ``title``, ``author``, ``repository`` and
        ``paths``."""
        found = np.ones(len(changes["title"]), dtype=bool)
        for name in RULED:
            if patterns := [_expression(p) for p in getattr(self, name)]:
                cells = changes["paths" if name == "path" else name].tolist()
                listed = cells if name == "path" else [(cell,) for cell in cells]
                found &= np.array([any(p.search(c) for c in cell for p in patterns) for cell in listed], dtype=bool)
        return found


class Log(_Section):
    """A section that names files: [incidents], [changes], [services]."""

    path: str = ""
    """A file, or a folder of pages of one format (page 2 before page 10); inside the dataset's folder."""
    format: str = "csv"
    """How the files are written: one of the formats that `aftershock formats` lists."""
    timezone: Zone | None = None
    """Time zone of this log's times that name none; left out: the dataset's."""
    columns: dict[str, str] = Field(default_factory=dict)
    """Canonical name = name in the file, or path in a record; a column that has the canonical name needs no entry."""
    list_separator: str = Field(default=";", min_length=1)
    """What separates several services, paths or ids in one cell."""
    delimiter: Annotated[str, AfterValidator(_delimiter)] | None = None
    """Of a CSV: one character; left out: guessed from the first line."""
    time_format: Annotated[tuple[str, ...], BeforeValidator(_time_formats)] = ()
    """How times are written, as strptime names it, for slashed dates and the like; of several the first that fits."""
    rounded: Literal["", "hour", "day"] = ""
    """`hour` or `day`: times on the full hour or day were rounded to it, and are read as that imprecise."""
    severity: list[str] = Field(default_factory=list)
    """Of `[incidents]`: the grades, worst first; left out: in the order of their names."""
    statuses: Annotated[dict[str, str], _meanings(tables.STATUSES)] = Field(default_factory=dict)
    """Of `[incidents]`: word of the log = `open`, `resolved` or `unknown`."""
    kinds: Annotated[dict[str, str], _meanings(tables.KINDS)] = Field(default_factory=dict)
    """Of `[changes]`: word of the log = one of the kinds below."""
    kind: list[KindRule] = Field(default_factory=list)
    """Of `[changes]`: rules that give changes their kind, `[[changes.kind]]` each; the first that matches decides."""
    deployments: list[Annotated[str, AfterValidator(_kind)]] = Field(default_factory=list)
    """Of `[changes]`: the kinds that count as deployments among the DORA keys; left out: `deploy`, or all where none is."""
    label: list[str] = Field(default_factory=list)
    """Of the formats that read issues: only those with one of these labels are rows; left out: all are."""
    repository: str = ""
    """Of the format that reads a git repository: its path, which may be outside the folder; instead of `path`."""
    ref: str = ""
    """Of a repository: branch, tag or commit whose first-parent history is read; left out: what is checked out."""
    since: Annotated[str, BeforeValidator(_day)] = ""
    """Of a repository: the first day that is read; left out: all of it."""
    paths: list[str] = Field(default_factory=list)
    """Of a repository: only commits that touch one of these folders or files; left out: all."""
    services: dict[str, list[str]] = Field(default_factory=dict)
    """Of a repository: service = its folders or files; `{ api = ["src/api"] }`."""


class AttributionSection(_Section):
    """The section [attribution]."""

    horizon: Annotated[pd.Timedelta, BeforeValidator(_duration)] = pd.Timedelta(hours=72)
    """How far back a change can be a suspect: 10min to 60d."""
    observed: Annotated[tuple[str, str], BeforeValidator(_period)] | None = None
    """First and last day (inclusive, in the dataset's zone) that both logs cover completely; left out: where they overlap."""
    environments: list[str] = Field(default_factory=list)
    """Changes in other environments are not suspects; one that names none counts as here; left out: all are."""


class MaskingSection(_Section):
    """The section [masking]."""

    internal_hosts: list[str] = Field(default_factory=list)
    """Suffixes of internal hosts, beyond `.internal`, `.local`, `.corp` and the like."""
    roles: list[str] = Field(default_factory=list)
    """Names in columns of people that are roles and stay, beyond those known by their words."""
    keep: list[str] = Field(default_factory=list)
    """Texts that look like a secret but are not."""


class Settings(_Section):
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
    incidents: Log
    """The section on the incident log."""
    changes: Log
    """The section on the change log."""
    services: Log | None = None
    """The section on the service graph."""
    attribution: AttributionSection = Field(default_factory=AttributionSection)
    """The section on the model."""
    masking: MaskingSection = Field(default_factory=MaskingSection)
    """The section on what reports hide."""
    aliases: Annotated[dict[str, str], AfterValidator(_aliases)] = Field(default_factory=dict)
    """Services with several names: name in a log = the service's own name."""


def read_settings(folder: Path) -> Settings:
    """Read and check ``folder/dataset.toml``; every problem of the file is in the one error raised."""
    path = folder / FILE
    try:
        text = path.read_text(encoding="utf-8-sig")
        content = tomllib.loads(text)
    except OSError as error:
        raise InputError.of(
            Problem(
                f"{folder.name}/{FILE}",
                None,
                None,
                error.strerror or str(error),
                "a dataset folder",
                f"Put a {FILE} into {folder.name}; docs/datasets.md shows one.",
                "unreadable_record",
            )
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError.of(
            Problem(
                FILE,
                _line_of_error(str(error)),
                None,
                str(error),
                "TOML",
                "Fix the line; strings need quotes.",
                "unreadable_record",
            )
        ) from error
    try:
        settings = Settings.model_validate(content)
    except ValidationError as failed:
        raise InputError.of(*[_as_problem(e, text) for e in failed.errors()]) from failed
    problems = [
        p
        for section, table in sources.SECTIONS.items()
        if (log := getattr(settings, section))
        for p in _format_problems(section, table, log, text) + _unknown_columns(table, log, text)
    ]
    if problems:
        raise InputError.of(*problems)
    return settings


def _format_problems(section: str, table: str, log: Log, text: str) -> list[Problem]:
    """What is wrong with the format of a section, and with the keys that depend on it."""

    def wrong(key: str, found: str, expected: str, remedy: str) -> Problem:
        line = _line_in(section, key, text)
        return Problem(FILE, line, None, found, expected, remedy, "unknown_value")

    known = sources.names(table)
    if log.format not in known:
        which = f"one of {', '.join(known)}{nearest(log.format, known)}"
        if log.format in sources.names():
            which = f"a format of {table}: {which}"
        return [wrong("format", f"[{section}] format = {log.format!r}", which, "Fix the value.")]
    format = sources.find(log.format, table)
    needed = "repository" if format.reads_repository else "path"
    others = OF_FILES if format.reads_repository else ()
    idle = [k for k in (*BY_FORMAT, *others) if getattr(log, k) and k not in (*format.keys, needed)]
    found = [wrong(k, f"[{section}] {k}", f"no such key next to format = {log.format!r}", "Remove it.") for k in idle]
    found += [
        wrong(k, f"[{section}] {k}", f"this key under [{theirs}] only", "Move or remove it.")
        for k, theirs in OF_TABLES.items()
        if getattr(log, k) and section != theirs
    ]
    if not getattr(log, needed):
        found.append(wrong(needed, f"no '[{section}] {needed}'", f"the key {needed!r}", _ADD))
    return found


def _unknown_columns(table: str, log: Log, text: str) -> list[Problem]:
    accepted = tables.SCHEMAS[table].accepted
    return [
        Problem(
            FILE,
            _line_of(name, text),
            None,
            f"the column {name!r} in columns",
            f"a canonical column of {table}" + nearest(name, accepted),
            'Write canonical_name = "name in the file".',
            "unknown_value",
        )
        for name in log.columns
        if name not in accepted
    ]


def _as_problem(error: ErrorDetails, text: str) -> Problem:
    """One of pydantic's findings in this project's words."""
    where = [str(part) for part in error["loc"]]
    if error["loc"][:2] == ("changes", "kind") and len(where) > 2:
        return _rule_problem(error, text)
    if where[-1].isdigit():  # an item of a list
        where.pop()
    key, section = where[-1], ".".join(where[:-1])
    place = f"[{section}] {key}" if section else key
    return _problem(error, place, key, _line_of(key, text), _keys_of(where[:-1]))


def _rule_problem(error: ErrorDetails, text: str) -> Problem:
    """A finding in one of [[changes.kind]], whose number among them counts from 1."""
    number, *rest = error["loc"][2:]
    key = str(rest[0]) if rest else ""
    lines = text.splitlines()
    heads = [n for n, line in enumerate(lines, 1) if re.match(r"\s*\[\[\s*changes\s*\.\s*kind\s*\]\]", line)]
    line = heads[int(number)] if int(number) < len(heads) else _line_of("kind", text)
    if line and key and error["type"] != "missing":
        within = (n for n, one in enumerate(lines[line:], line + 1) if re.match(rf"\s*\"?{re.escape(key)}\"?\s*=", one))
        line = next(within, line)
    place = f"[[changes.kind]] {int(number) + 1}" + (f": {key}" if key else "")
    return _problem(error, place, key, line, list(KindRule.model_fields))


def _problem(error: ErrorDetails, place: str, key: str, line: int | None, known: list[str]) -> Problem:
    if error["type"] == "extra_forbidden":
        return Problem(
            FILE,
            line,
            None,
            f"the key {place!r}",
            f"one of {', '.join(known)}{nearest(key, known)}",
            "Remove or rename it.",
            "unknown_value",
        )
    if error["type"] == "missing":
        return Problem(FILE, None, None, f"no {place!r}", f"the key {place!r}", _ADD, "unknown_value")
    expected = error["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
    return Problem(FILE, line, None, f"{place} = {error['input']!r}", expected, "Fix the value.", "unknown_value")


def _keys_of(section: list[str]) -> list[str]:
    models: dict[str, type[BaseModel]] = {
        "": Settings,
        "incidents": Log,
        "changes": Log,
        "services": Log,
        "attribution": AttributionSection,
        "masking": MaskingSection,
    }
    model = models.get(".".join(section))
    return list(model.model_fields) if model else []


def _line_of(key: str, text: str) -> int | None:
    pattern = re.compile(rf"^\s*\[?\"?{re.escape(key)}\"?\s*[\]=.]|[{{,]\s*\"?{re.escape(key)}\"?\s*=")
    return next((n for n, line in enumerate(text.splitlines(), 1) if pattern.search(line)), None)


def _line_in(section: str, key: str, text: str) -> int | None:
    """The line of a key below the head of its section."""
    lines = text.splitlines()
    head = next((n for n, line in enumerate(lines) if line.split("#")[0].strip() == f"[{section}]"), len(lines))
    for number, line in enumerate(lines[head + 1 :], head + 2):
        if line.lstrip().startswith("["):
            return None
        if re.match(rf"\s*\"?{re.escape(key)}\"?\s*=", line):
            return number
    return None


def _line_of_error(message: str) -> int | None:
    found = re.search(r"line (\d+)", message)
    return int(found.group(1)) if found else None
