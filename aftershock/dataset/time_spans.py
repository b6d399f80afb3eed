"""A start and an end in one cell: ``March 5, 2024 10:00 → 11:30``, ``06:00-06:15``."""

from __future__ import annotations

import re

import pandas as pd

from aftershock.schema.tables import TEXT

_CLOCK = r"\d{1,2}[:h]\d{2}(?::\d{2})?(?:\s*[AaPp]\.?[Mm]\b\.?)?"
_APART = re.compile(r"(.*\d.*?)\s+(?:→|->|–|—|-|~|to|until|bis|au?(?! las? )|hasta|até)\s+(.*\d.*)")
_CLOCKS = re.compile(rf"(.*?)(?<![\dT:])({_CLOCK})(?<!:\d\d:\d\d)\s*(?:→|->|–|—|-|~)\s*({_CLOCK})(?!\d|:)(.*)")
LONGEST = 200  # characters of two times with their days and zones; the patterns take ages on pages of text
_ONE = re.compile(_CLOCK)
_ALONE = re.compile(rf"\s*({_CLOCK})\s*(?:\(?[A-Za-z]{{1,5}}\)?)?\s*")
_HALF = re.compile(r"\s*([AaPp])\.?[Mm]\b\.?")


def parted(text: str) -> tuple[str, str] | None:
    """The start and the end of a cell that holds both; an end that is a time of day is on the day of the start."""
    if len(text) > LONGEST:
        return None
    if clocks := _CLOCKS.fullmatch(text):
        before, begins, ends, after = clocks.groups()
        return f"{before}{_with_half(begins, ends)}{after}".strip(), f"{before}{ends}{after}".strip()
    apart = _APART.fullmatch(text)
    if not apart:
        return None
    start, end = (part.strip() for part in apart.groups())
    clock = list(_ONE.finditer(start))
    if not (alone := _ALONE.fullmatch(end)):
        return start, end
    if not clock:
        return None  # a day and a time of it
    before, after = start[: clock[-1].start()], start[clock[-1].end() :]
    return f"{before}{_with_half(clock[-1][0], alone[1])}{after}", f"{before}{alone[1]}{after}"


def starts(cells: pd.Series) -> pd.Series:
    """The cells, of those that hold two times the first."""
    return cells.map({text: (parted(text) or (text, ""))[0] for text in cells.unique()}).astype(TEXT)


def ends(cells: pd.Series) -> pd.Series:
    """The second of two times; empty where a cell holds one."""
    return cells.map({text: (parted(text) or (text, ""))[1] for text in cells.unique()}).astype(TEXT)


def _with_half(start: str, end: str) -> str:
    """``9:00`` before ``11:30 AM`` is in the morning too, and so is ``11:30`` before ``1:00 PM``."""
    said = _HALF.search(end)
    if not said or _HALF.search(start):
        return start
    hours = [int(clock[: re.search("[:h]", clock).start()]) % 12 for clock in (start, end)]  # type: ignore[union-attr]
    half = said[1].lower() if hours[0] <= hours[1] else {"a": "p", "p": "a"}[said[1].lower()]
    return f"{start} {half}m"
