"""Cells of a table that hold objects: JSON, or the Python text that a script writes when it saves an API's answer as CSV."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator

import pandas as pd

from aftershock.sources.json_paths import Cell, cell, flat, named
from aftershock.sources.tabular import record_lists

LONGEST = 100_000  # characters of a cell that is looked into: a judgement, longer ones stay text
MOST_FIELDS = 40  # of the objects of a column: a judgement, more are records by themselves
_OBJECTS = r"(?s)[\[{].*[\]}]$"
_OPENS = ("{", "[{")
_LIST = r"\[.*\]|\{[^:{}]*\}"  # as JSON and Python write lists, and databases arrays
_BARE = re.compile(r"[\[{]([^\[\]{}]*)[\]}]")


def opened(frame: pd.DataFrame) -> pd.DataFrame:
    """The table with such cells as dicts and lists of dicts; a cell that cannot be read stays as it is written."""
    columns = {}
    for name in frame.columns:
        cells = frame[name]
        filled = cells[cells.str.len() > 0] if pd.api.types.is_string_dtype(cells) else cells[:0]
        if len(filled) and filled.iloc[0].startswith(_OPENS):
            columns[name] = cells.map(_opened).astype("object")
    return frame.assign(**columns) if columns else frame


def listed(frame: pd.DataFrame) -> pd.DataFrame:
    """The table with columns of lists, ``["shop", "web"]``, as lists of text, those of objects as the names that these
    have; a column in which any cell is no list stays as it is."""
    columns = {}
    for name in frame.columns:
        cells = frame[name]
        filled = cells[cells.str.len() > 0] if pd.api.types.is_string_dtype(cells) else cells[:0]
        if not len(filled) or not filled.iloc[0].startswith(("[", "{")) or not filled.str.fullmatch(_LIST).all():
            continue
        if filled.str.contains("[,\"']").any():
            parts = {text: _parts(text) for text in filled.unique()}
            if all(isinstance(part, list) for part in parts.values()):
                columns[name] = cells.map({"": "", **parts}).astype("object")
    return frame.assign(**columns) if columns else frame


def spread(frame: pd.DataFrame) -> pd.DataFrame:
    """The table with what its objects say in columns of their own, as of JSON: ``priority.name`` of a column ``priority``; of
    lists of objects when all together began and ended. Objects that are most of the text are records by themselves."""
    more: dict[str, pd.Series] = {}
    for name in frame.columns:
        cells = frame[name]
        filled = cells[cells.str.len() > 0] if pd.api.types.is_string_dtype(cells) else cells[:0]
        if not len(filled) or not filled.iloc[0].startswith(_OPENS) or not filled.str.match(_OBJECTS).all():
            continue
        parsed = {text: [] if text == "[]" else _opened(text) for text in filled.unique()}
        if all(map(_holds_objects, parsed.values())) and not _is_most(cells, frame):
            more |= _columns_of(cells, {text: dict(_said(name, value)) for text, value in parsed.items()})
    return frame.assign(**{name: cells for name, cells in more.items() if name not in frame.columns}) if more else frame


def _columns_of(cells: pd.Series, said: dict[str, dict[str, Cell]]) -> dict[str, pd.Series]:
    """A column for each field of what is ``said`` in cells; none where they are too many."""
    fields = dict.fromkeys(field for one in said.values() for field in one)
    if len(fields) > MOST_FIELDS:
        return {}
    held = {field: [said.get(text, {}).get(field, "") for text in cells] for field in fields}
    lists = {field: any(isinstance(one, list) for one in values) for field, values in held.items()}
    return {f: pd.Series(v, index=cells.index, dtype="object" if lists[f] else cells.dtype) for f, v in held.items()}


def _is_most(cells: pd.Series, frame: pd.DataFrame) -> bool:
    """Whether a column holds more than half of the text of a table."""
    others = [frame[name] for name in frame.columns if name != cells.name]
    rest = sum(int(one.str.len().sum()) for one in others if pd.api.types.is_string_dtype(one))
    return int(cells.str.len().sum()) > rest


def _holds_objects(value: object) -> bool:
    return isinstance(value, dict) or (isinstance(value, list) and all(isinstance(one, dict) for one in value))


def _said(name: str, value: object) -> Iterator[tuple[str, Cell]]:
    return flat(value, f"{name}.", of=named) if isinstance(value, dict) else record_lists.values({name: value})


def _parts(text: str) -> object:
    if len(text) > LONGEST:
        return text
    for read in (json.loads, ast.literal_eval):
        try:
            found = read(text)
        except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
            continue
        if isinstance(found, list):
            return cell(named(found))
    bare = _BARE.fullmatch(text)
    return [part.strip(" \"'") for part in bare[1].split(",") if part.strip(" \"'")] if bare else text


def _opened(text: str) -> object:
    if not isinstance(text, str) or not text.startswith(_OPENS) or len(text) > LONGEST:
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return text
