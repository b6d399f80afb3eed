"""Which changes were taken back, when, and by what the log says of it: ids, hashes, numbers of requests, titles quoted.

A title may be wrapped more than once: ``Revert "Revert "X""`` and ``Reapply "X"`` put X into force again, so they do not take X
back, and the next ``Revert "X"`` takes *them* back. A squash merge adds `` (#123)`` to a title, which its revert quotes without.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from aftershock.model.times import hours
from aftershock.sources.git.messages import reverted

SHORTEST_HASH = 7  # hex digits by which a message may name a commit, as git does

_UNDO = r"(?:revert(?:s|ed|ing)?|roll(?:s|ed|ing)?[ -]?back|back(?:s|ed|ing)?[ -]?out)\b"
_WRAPPED = re.compile(rf"""^\s*\[?(?:(?P<undo>{_UNDO})|re-?apply\b)[^"'“”]*["'“](?P<title>.+)["'”]""", re.IGNORECASE)
_QUOTE = re.compile("[\"'“]")
_UNDO_LETTERS = "(?i)revert|roll|back|apply"  # each of these in whatever takes back or puts into force again
_NAMES = "everts "  # the same of descriptions
_TIME_LETTERS = r"(?i)temp|duration|until|till|interim|maintenance|for (?:the next )?\d"
_BARE = re.compile(
    rf"^\s*\[?{_UNDO}\]?[:\s]*(?:(?:of|the|to|change|commit|pr|mr|pull request|merge request)\b[:\s]*)*(?P<title>.*)",
    re.IGNORECASE,
)
_REQUEST = re.compile(r"\s*\((?:pull request )?[#!](\d+)\)\s*$")
_NUMBER = re.compile(r"[#!](\d+)\b")
_WHEN = (
    r"(?:\d|noon|midnight|tonight|tomorrow|further notice|the end|end of|next|mon|tue|wed|thu|fri|sat|sun"
    r"|jan|feb|mar|apr|may \d|jun|jul|aug|sep|oct|nov|dec)"
)
_FOR_A_TIME = re.compile(
    r"\btemporarily\b|\btemporary (?!file|dir|folder|path|table|name|token|credential|variable|object|storage|space|error|failure)"
    rf"|\bfor the duration of\b|\b(?:until|till) {_WHEN}",
    re.IGNORECASE,
)
_FOR_A_TIME_IN_TITLES = re.compile(
    r"\btemp(?:orary)?\b|\binterim\b|\bfor the duration\b|\bmaintenance (?:window|mode|page)\b"
    r"|\bfor (?:the next )?\d+ ?(?:min(?:ute)?s?|hours?|h|days?)\b",
    re.IGNORECASE,
)


def unwrapped(title: str) -> tuple[str, int]:
    """The title without what reverts put around it and squash merges after it, for comparison; and how often it was taken back
    or put into force again: odd for a revert, even for a change in force."""
    taken = 0
    while _QUOTE.search(title) and (found := _WRAPPED.match(_without_request(title))):
        title = found["title"]
        taken += 1 if found["undo"] else 2
    return _comparable(title), taken


def takes_back(changes: pd.DataFrame) -> np.ndarray:
    """True for changes that take another back, by their title or by the ids they name; not for those that put one into force
    again, (changes,)."""
    return _where(_may_take_back(changes), lambda row: _takes_back(row.title, row.description, row.reverts), changes)


def _may_take_back(changes: pd.DataFrame) -> np.ndarray:
    """False for changes that neither name nor word what they could take back, (changes,): nearly all, found at once."""
    worded = changes["title"].str.contains(_UNDO_LETTERS) | changes["description"].str.contains(_NAMES, regex=False)
    return worded.to_numpy(dtype=bool) | np.fromiter(map(bool, changes["reverts"]), dtype=bool, count=len(changes))


def _where(possible: np.ndarray, holds: Callable[[Any], object], changes: pd.DataFrame) -> np.ndarray:
    """Whether it holds for each change, asked only where it is possible, (changes,)."""
    found = possible.copy()
    rows = np.flatnonzero(possible)
    found[rows] = [bool(holds(row)) for row in changes.iloc[rows].itertuples()]
    return found


def _takes_back(title: str, description: str, reverts: list[str]) -> bool:
    taken = unwrapped(title)[1]
    return taken % 2 == 1 if taken else bool(reverts or _BARE.match(title) or _named_in(description))


def _named_in(description: str) -> list[tuple[str, str]]:
    return reverted(description) if _NAMES in description else []


def temporary(changes: pd.DataFrame) -> np.ndarray:
    """True for changes that say they were made for a time: that they end tells nothing, (changes,)."""
    possible = changes["title"].str.contains(_TIME_LETTERS) | changes["description"].str.contains(_TIME_LETTERS)
    return _where(possible.to_numpy(dtype=bool), _made_for_a_time, changes)


def _made_for_a_time(row: Any) -> object:
    said = _FOR_A_TIME.search(row.title) or _FOR_A_TIME_IN_TITLES.search(row.title)
    return said or _FOR_A_TIME.search(row.description)


def taken_back(changes: pd.DataFrame) -> np.ndarray:
    """When each change was first taken back, in hours since 1970, (changes,); infinite when never."""
    at = hours(changes["started_at"])
    found = np.full(len(changes), np.inf)
    for by, of in pairs_taken_back(changes):
        found[of] = min(found[of], at[by])
    return found


def pairs_taken_back(changes: pd.DataFrame) -> list[tuple[int, int]]:
    """Which change takes which back, as pairs of positions: the one that takes back, the one that is taken back.

    By what a later change names: ids, hashes and numbers of requests; else by the title that it quotes: the latest earlier
    change of that title, in its own repository where both say which.
    """
    may = _may_take_back(changes)
    if not may.any():
        return []
    at, known = hours(changes["started_at"]), _Known(changes["change_id"].tolist())
    pairs: list[tuple[int, int]] = []
    columns = (changes[c].tolist() for c in ("title", "description", "repository", "reverts"))
    rows = list(zip(*columns, strict=True))
    for row in np.argsort(at, kind="stable").tolist():
        title, description, repository, reverts = rows[row]
        core, taken = unwrapped(title) if may[row] else (_comparable(title), 0)
        for change in _taken_back_by(known, title, description, repository, reverts) if may[row] else ():
            if at[change] <= at[row] and change != row:
                pairs.append((row, change))
        known.add(row, title, repository, core, taken % 2)
    return pairs


def _taken_back_by(known: _Known, title: str, description: str, repository: str, reverts: list[str]) -> list[int]:
    """The known changes that one takes back."""
    named = [known.by_id(c) for c in reverts]
    named += [known.by_id(h) if h else known.by_number(repository, n) for h, n in _named_in(description)]
    if not any(n is not None for n in named):
        core, taken = unwrapped(title)
        if taken:
            named = [known.by_title(repository, core, (taken + 1) % 2)]
        elif bare := _BARE.match(title):
            named = [known.bare(repository, bare["title"])]
    return [n for n in named if n is not None]


def _comparable(title: str) -> str:
    return " ".join(_without_request(title).split()).casefold()


def _without_request(title: str) -> str:
    while title.rstrip().endswith(")") and (shorter := _REQUEST.sub("", title)) != title:
        title = shorter
    return title


class _Known:
    """The changes of a log by what a later one may call them; those added so far by title and number."""

    def __init__(self, ids: list[str]):
        self._row = {change: row for row, change in enumerate(ids)}
        self._sorted = sorted(ids)
        self._titles: dict[tuple[str | None, str, int], int] = {}
        self._numbers: dict[tuple[str | None, str], int] = {}

    def add(self, row: int, title: str, repository: str, core: str, undone: int) -> None:
        number = _REQUEST.search(title) if title.rstrip().endswith(")") else None
        for place in (repository, None):
            self._titles[place, core, undone] = row
            if number:
                self._numbers[place, number[1]] = row

    def by_id(self, named: str) -> int | None:
        """The change of that id; of a hash, also that whose hash alone begins so."""
        if named in self._row:
            return self._row[named]
        if len(named) < SHORTEST_HASH or not re.fullmatch("[0-9a-f]+", named):
            return None
        place = bisect_left(self._sorted, named)
        like = [i for i in self._sorted[place : place + 2] if i.startswith(named)]
        return self._row[like[0]] if len(like) == 1 else None

    def by_number(self, repository: str, number: str) -> int | None:
        return self._latest(self._numbers, repository, number)

    def by_title(self, repository: str, core: str, undone: int) -> int | None:
        return self._latest(self._titles, repository, core, undone)

    def bare(self, repository: str, rest: str) -> int | None:
        """What a revert without quotes names: an id or a number in it, else the title that it is."""
        rest = rest.strip().strip("[]")
        if not rest:
            return None
        if (one := self.by_title(repository, unwrapped(rest)[0], 0)) is not None:
            return one
        if (one := self.by_id(re.split(r"[\s:,]", rest)[0])) is not None:
            return one
        number = _NUMBER.match(rest)
        return self.by_number(repository, number[1]) if number else None

    @staticmethod
    def _latest(table: dict, repository: str, *key: str | int) -> int | None:
        """In the repository or where none is said; anywhere when the asker says none."""
        if not repository:
            return table.get((None, *key))
        found = [table[k] for k in ((repository, *key), ("", *key)) if k in table]
        return found[0] if found else None
