"""Patterns that a user writes for titles, paths and words: with ``*`` and ``?``, or a regular expression between slashes."""

from __future__ import annotations

import fnmatch
import re
from functools import lru_cache
from typing import Annotated

from pydantic import BeforeValidator


def is_regular(pattern: str) -> bool:
    """Whether it is a regular expression between slashes."""
    return len(pattern) > 2 and pattern.startswith("/") and pattern.endswith("/")


@lru_cache(maxsize=1_000)
def expression(pattern: str) -> re.Pattern[str]:
    """A regular expression between slashes as it is, found anywhere; else a pattern of the whole text with ``*`` and ``?``.
    Case does not count. ``re.error`` where it is none."""
    return re.compile(pattern[1:-1] if is_regular(pattern) else rf"\A{fnmatch.translate(pattern)}", re.IGNORECASE)


def _checked(value: object) -> tuple[str, ...]:
    given = [value] if isinstance(value, str) else value
    if not isinstance(given, list) or not given or not all(isinstance(p, str) and p for p in given):
        raise ValueError('a pattern such as "charts/*" or "/^bump /", or a list of them')
    for pattern in given:
        try:
            expression(pattern)
        except re.error as error:
            raise ValueError(f"a regular expression between slashes (in {pattern!r}: {error})") from error
    return tuple(given)


Patterns = Annotated[tuple[str, ...], BeforeValidator(_checked)]
"""One pattern or a list of them, checked."""
