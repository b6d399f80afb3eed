"""Tables in JSON that are no lists of objects: rows that are lists below the names of their columns, as databases and
notebooks write them, and columns that are lists or objects, as pandas does; and objects that are kept under their ids.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from itertools import product

DEEPEST = 8  # objects around a table: a judgement
FEWEST_COLUMNS = 3  # of lists of equal length, fewer may be lists of anything: a judgement
_NAMES = ("columns", "column_names", "columnNames", "fields", "headers", "header", "cols", "schema", "names")
_ROWS = ("data", "rows", "values", "records", "result", "results", "items", "dataset")
_NAMED = ("name", "text", "title", "id", "label", "field")
_HOLDS = re.compile(rf'"(?:{"|".join(_NAMES)})"\s*:\s*\[')
_BEGINS = re.compile(r'\s*(?:\[\s*\[\s*"|\{\s*"[^"]+"\s*:\s*(?:\[\s*(?![\s{\[])|\{\s*"0"\s*:))')


def opened(document: object, text: str, begin: int = 0, end: int = sys.maxsize) -> object:
    """What was read of a part of a ``text``, with a list of objects in place of each such table."""
    if isinstance(document, dict) and document.keys() == {"value", "Count"} and isinstance(document["value"], list):
        document = document["value"]  # as PowerShell saves a list
    if isinstance(document, list) and document and all(map(_is_page, document)):
        return [record for page in document for record in page]  # as a client collects pages
    if isinstance(document, dict) and document and all(_has_id(held, key) for key, held in document.items()):
        return [*document.values()]
    may_hold = isinstance(document, (dict, list)) and (
        _BEGINS.match(text, begin, end) or _HOLDS.search(text, begin, end)
    )
    return _opened(document, 0) if may_hold else document


def _is_page(held: object) -> bool:
    """Whether something is a list of objects."""
    return isinstance(held, list) and all(isinstance(record, dict) for record in held)


def _has_id(held: object, key: object) -> bool:
    """Whether an object says that its id is the key under which it is kept."""
    return isinstance(held, dict) and "id" in held and str(held["id"]) == key


def _opened(held: object, depth: int) -> object:
    if depth > DEEPEST:
        return held
    if isinstance(held, list):
        made = _records(held[0], held[1:]) if held and depth < 2 else None
        return [_opened(value, depth + 1) for value in held] if made is None else made
    if not isinstance(held, dict):
        return held
    for rows, names in product(_ROWS, _NAMES):
        made = _records(_named(held.get(names)), held.get(rows))
        if made is not None:
            return {key: value for key, value in held.items() if key not in (names, rows)} | {rows: made}
    columns = _columns(held) if depth == 0 else None
    if columns is not None:
        return [dict(zip(held, row, strict=True)) for row in zip(*columns, strict=True)]
    return {key: _opened(value, depth + 1) for key, value in held.items()}


def _named(names: object) -> object:
    """The names of columns of which more is said than their names."""
    if not isinstance(names, list) or not all(isinstance(one, dict) for one in names):
        return names
    return [next((one[key] for key in _NAMED if isinstance(one.get(key), str)), None) for one in names]


def _are_names(names: object) -> bool:
    return (
        isinstance(names, list)
        and len(names) > 1
        and all(isinstance(name, str) and name for name in names)
        and len(set(names)) == len(names)
    )


def _records(names: object, rows: object) -> list[dict] | None:
    """Rows that are lists as objects; None where they are none of these columns."""
    if not isinstance(names, list) or not _are_names(names) or not isinstance(rows, list) or not rows:
        return None
    if not all(isinstance(row, list) and len(row) == len(names) for row in rows):
        return None
    return [dict(zip(names, row, strict=True)) for row in rows]


def _columns(held: dict) -> Sequence[Sequence[object]] | None:
    """The columns of a table that is an object of them: lists of equal length, or objects by the numbers of the rows."""
    values = list(held.values())
    if len(values) > 1 and all(isinstance(one, dict) and one for one in values):
        rows = list(values[0])
        counted = all(key.isdecimal() for key in rows) and all(list(one) == rows for one in values)
        return [list(one.values()) for one in values] if counted else None
    if len(values) < FEWEST_COLUMNS or not all(isinstance(one, list) and one for one in values):
        return None
    plain = not any(isinstance(cell, (dict, list)) for one in values for cell in one)
    return values if plain and len({len(one) for one in values}) == 1 else None
