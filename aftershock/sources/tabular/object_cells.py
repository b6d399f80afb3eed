"""Cells of a table that hold objects: JSON, or the Python text that a script writes when it saves an API's answer as CSV."""

from __future__ import annotations

import ast
import json

import pandas as pd

LONGEST = 100_000  # characters of a cell that is looked into: a judgement, longer ones stay text
_OPENS = ("{", "[{")


def opened(frame: pd.DataFrame) -> pd.DataFrame:
    """The table with such cells as dicts and lists of dicts; a cell that cannot be read stays as it is written."""
    columns = {}
    for name in frame.columns:
        cells = frame[name]
        filled = cells[cells.str.len() > 0] if pd.api.types.is_string_dtype(cells) else cells[:0]
        if len(filled) and filled.iloc[0].startswith(_OPENS):
            columns[name] = cells.map(_opened).astype("object")
    return frame.assign(**columns) if columns else frame


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
