"""The errors that a user meets: each says what was found, what was expected and how to fix it."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from difflib import get_close_matches


@dataclass(frozen=True)
class Problem:
    """One thing wrong with one place of the input.

    ``line`` counts from 1 as an editor does (for a JSON list: the record's number); None when the whole file is meant.
    ``reason`` is a code from a closed list, see :data:`aftershock.schema.tables.REASONS`.
    """

    file: str
    line: int | None
    column: str | None
    found: str
    expected: str
    remedy: str
    reason: str

    def __str__(self) -> str:
        place = self.file + (f", line {self.line}" if self.line is not None else "")
        place += f", column {self.column}" if self.column else ""
        return f"{place}: found {self.found}; expected {self.expected}. {self.remedy}"

    def as_row(self) -> dict[str, object]:
        return asdict(self)


class AftershockError(Exception):
    """Something failed that the user can fix; the command line exits with 1."""

    def __init__(self, message: str, problems: list[Problem] | None = None):
        super().__init__(message)
        self.problems = problems or []


class InputError(AftershockError):
    """A file of the dataset cannot be used as it is."""

    @classmethod
    def of(cls, *problems: Problem) -> InputError:
        return cls("\n".join(map(str, problems)), list(problems))


class UsageError(AftershockError):
    """A command, a parameter or an id that does not exist; the command line exits with 2."""


def nearest(word: str, known: list[str], limit: int = 3) -> str:
    """``"; the nearest is 'x'"`` for an error message, or ``""`` when nothing known resembles ``word``.

    Where a word is the first part of several known names (``gitlab`` of ``gitlab-issues``), these are named, at most six.
    """
    parts = sorted({k for k in known if re.match(rf"{re.escape(word)}[-_.]", k, re.IGNORECASE)}) if word else []
    if 1 < len(parts) <= 6:
        return f"; the nearest are {', '.join(map(repr, parts[:-1]))} and {parts[-1]!r}"
    close = get_close_matches(word.lower(), [k.lower() for k in known], n=limit, cutoff=0.5)
    names = parts[:1] or [k for c in close for k in known if k.lower() == c]
    return f"; the nearest is {names[0]!r}" if names else ""
