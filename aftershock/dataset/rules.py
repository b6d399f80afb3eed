"""Rules of dataset.toml on the changes of a log: which kind they are, and which services they concern."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated

import numpy as np
import pandas as pd
from pydantic import AfterValidator, model_validator

from aftershock.schema import tables
from aftershock.schema.errors import nearest
from aftershock.schema.patterns import Patterns, expression
from aftershock.schema.toml_file import Section

RULED = ("title", "path", "author", "repository")  # what a rule reads of a change
NAME = "{name}"


def kind_of(value: str) -> str:
    """A kind; ValueError for a word that is none."""
    if value not in tables.KINDS:
        raise ValueError(f"one of {', '.join(tables.KINDS)}{nearest(value, list(tables.KINDS))}")
    return value


class _Rule(Section):
    title: Patterns = ()
    """Of titles: a pattern or a list of which one must match: `"bump *"` is matched as a whole, with `*` and `?` for any
letters, `"/\\bv\\d+$/"` is a regular expression found anywhere; small and capital letters are the same"""
    path: Patterns = ()
    """Of paths, of which one must match; `*` goes across folders."""
    author: Patterns = ()
    """Of authors."""
    repository: Patterns = ()
    """Of repositories."""

    @property
    def patterns(self) -> bool:
        """Whether it names anything that must match."""
        return any(getattr(self, name) for name in RULED)


class KindRule(_Rule):
    """One of [[changes.kind]]: changes that match all it names are of its kind."""

    kind: Annotated[str, AfterValidator(kind_of)]
    """The kind of the changes that match, whatever the log says; one of the kinds below. The first rule that matches decides."""

    @model_validator(mode="after")
    def _names_something(self) -> KindRule:
        if not self.patterns:
            raise ValueError(f"a pattern under one of {', '.join(RULED)} next to the kind")
        return self

    def holds(self, changes: Mapping[str, pd.Series]) -> np.ndarray:
        """True for the changes that match, (changes,); ``changes``: the columns ``title``, ``author``, ``repository`` and
        ``paths``."""
        found = np.ones(len(changes["title"]), dtype=bool)
        for name in RULED:
            if patterns := [expression(p) for p in getattr(self, name)]:
                cells = changes["paths" if name == "path" else name].tolist()
                listed = cells if name == "path" else [(cell,) for cell in cells]
                found &= np.array([any(p.search(c) for c in cell for p in patterns) for cell in listed], dtype=bool)
        return found


class ServiceRule(_Rule):
    """One of [[changes.service]]: changes that match all it names concern its service."""

    service: str = NAME
    """The service of the rows that match, whatever the log says; `{name}` is what `{name}` stands for in a pattern, such
as `path = "services/{name}"`. All rules that match count, and one without a pattern where no other does."""

    @model_validator(mode="after")
    def _names_a_service(self) -> ServiceRule:
        named = sum(NAME in pattern for name in RULED for pattern in getattr(self, name))
        if not self.service.strip() or (NAME in self.service and not named):
            raise ValueError('a service, or a pattern with {name} in it, such as path = "services/{name}"')
        return self

    def services(self, change: Mapping[str, tuple[str, ...]]) -> list[str]:
        """The services that it gives to a change, whose cells are listed under the names of :data:`RULED`."""
        found: list[str] = []
        for column in RULED:
            if patterns := getattr(self, column):
                folder = column == "path"
                matches = [m for cell in change[column] for p in patterns if (m := _match(p, folder, cell)) is not None]
                if not matches:
                    return []
                found += [m for m in matches if m]
        names = list(dict.fromkeys(found)) or [""]
        return [self.service.replace(NAME, name) for name in names if name or NAME not in self.service]


def services_of(rules: list[ServiceRule], rows: Mapping[str, pd.Series]) -> list[list[str]]:
    """The services that the rules give to each row, none where no rule matches. ``rows``: the canonical columns of
    :data:`RULED`, with ``paths`` for ``path``; those that the table lacks are empty."""
    ruled = [rule for rule in rules if rule.patterns]
    rest = [rule.service for rule in rules if not rule.patterns]
    if not ruled:
        return [list(rest) for _ in rows["title"]]
    number = len(rows["title"])
    columns = {name: "paths" if name == "path" else name for name in RULED}
    cells = [rows[column].tolist() if column in rows else [""] * number for column in columns.values()]
    found = []
    for row in zip(*cells, strict=True):
        listed = (tuple(cell) if isinstance(cell, list) else (cell,) for cell in row)
        change = dict(zip(RULED, listed, strict=True))
        named = dict.fromkeys(service for rule in ruled for service in rule.services(change))
        found.append(list(named) or list(rest))
    return found


@lru_cache(maxsize=200_000)
def _match(pattern: str, folder: bool, cell: str) -> str | None:
    """What ``{name}`` stands for in a cell that matches, ``""`` where it stands for nothing; None for one that does not."""
    found = _expression(pattern, folder).search(cell)
    return (found.groupdict().get("name") or "").removesuffix(".git") if found else None  # of a link to a repository


@lru_cache(maxsize=1_000)
def _expression(pattern: str, folder: bool) -> re.Pattern[str]:
    """A pattern that may hold ``{name}``; of paths it means a folder with all in it, or a file."""
    if len(pattern) > 2 and pattern.startswith("/") and pattern.endswith("/"):
        return expression(pattern)
    parts = re.split(r"(\{name\}|\*+|\?)", pattern.rstrip("/") if folder else pattern)
    made = "".join(
        r"(?P<name>[^/]+)" if p == NAME else ".*" if p[:1] == "*" else "." if p == "?" else re.escape(p) for p in parts
    )
    end = "" if not folder else "/.+" if pattern.rstrip("/").endswith(NAME) else "(?:/.*)?"
    return re.compile(rf"\A{made}{end}\Z", re.IGNORECASE | re.DOTALL)
