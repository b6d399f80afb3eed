"""Cells of a table that hold objects: JSON, or the Python text that a script writes when it saves an API's answer as CSV."""

from __future__ import annotations

import ast
import json
import re

import pandas as pd

from aftershock.sources.json_paths import cell, named

LONGEST = 100_000  # characters of a cell that is looked into: a judgement, longer ones stay text
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
