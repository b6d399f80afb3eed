"""A canonical table with its account ↔ Parquet files that hold nothing executable.

Columns are stored under their number, since a log may name its own as it likes. A column whose rows share few lists
stores these as text, each once; any other one stores lists.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from aftershock import cells, tables, times
from aftershock.canonical import Made
from aftershock.extras import Extras
from aftershock.tables import TEXT, Schema

SEPARATOR = "\x1f"  # a control sign for just this; a column that has it inside a list is stored as lists
ACCOUNTS = {"rejected": tables.PROBLEM_COLUMNS, "notes": tables.PROBLEM_COLUMNS, "folded": tables.FOLD_COLUMNS}
DAMAGED = (OSError, ValueError, KeyError, TypeError, IndexError, pa.ArrowException)
_TEXT, _LIST, _TIME, _PLAIN, _JSON = "text", "list", "time", "plain", "json"
LARGEST_DICTIONARY = 2**24  # bytes of distinct texts per column; beyond that texts are stored one by one

Layout = dict[str, object]


def write(made: Made, schema: Schema, place: Path, stem: str) -> Layout:
    """Write the files ``place/stem-*.parquet``; what :func:`read` must know of them. OSError when they cannot be
    written."""
    columns = [(made.frame[name], kind) for name, kind in _kinds(schema)]
    extras, layout = made.frame["extras"], None
    if isinstance(extras.array, Extras):
        beyond = extras.array.columns
        layout = [[name, _TEXT if isinstance(beyond[name].dtype, pd.StringDtype) else _JSON] for name in beyond]
        columns += [(beyond[name], kind) for name, kind in layout]
    else:
        columns.append((extras, _JSON))
    rows = pa.table({str(n): _stored(column, kind) for n, (column, kind) in enumerate(columns)})
    repeating = [str(n) for n, (column, kind) in enumerate(columns) if kind == _TEXT and cells.repeats_itself(column)]
    listed = [name for n, (_, kind) in enumerate(columns) if kind == _LIST for name in _list_paths(n)]
    _write(rows, place / f"{stem}-rows.parquet", repeating + listed)
    for name in ACCOUNTS:
        account = pa.Table.from_pandas(getattr(made, name), preserve_index=False)
        _write(account.replace_schema_metadata(None), place / f"{stem}-{name}.parquet", account.column_names)
    return {"rows": len(made.frame), "extras": layout}


def read(schema: Schema, place: Path, stem: str, layout: Layout) -> Made | None:
    """The table that :func:`write` stored, or None where its files are damaged or gone."""
    try:
        with cells.collector_paused():
            frame = _rows(schema, place / f"{stem}-rows.parquet", layout)
            accounts = [_account(place / f"{stem}-{name}.parquet", columns) for name, columns in ACCOUNTS.items()]
    except DAMAGED:
        return None
    return Made(frame, *accounts)


def _rows(schema: Schema, path: Path, layout: Layout) -> pd.DataFrame:
    """The rows of a table. One of :data:`DAMAGED` where the file is not what the layout says."""
    own, extras, rows = _kinds(schema), layout["extras"], layout["rows"]
    kinds = own + ([("extras", _JSON)] if extras is None else [(name, kind) for name, kind in extras])
    stored = _read(path, [name for n, (_, kind) in enumerate(kinds) if kind == _LIST for name in _list_paths(n)])
    if stored.num_rows != rows or stored.column_names != [str(n) for n in range(len(kinds))]:
        raise ValueError("the file holds another table")
    columns = [_restored(stored.column(n), kind) for n, (_, kind) in enumerate(kinds)]
    made = {name: column for (name, _), column in zip(own, columns, strict=False)}
    if extras is None:
        made["extras"] = columns[-1]
    else:
        beyond = dict(zip([name for name, _ in extras], columns[len(own) :], strict=True))
        made["extras"] = pd.Series(Extras(pd.DataFrame(beyond, range(rows))))
    return pd.DataFrame(made)[[*(n for n, _ in own[:-2]), "extras", "file", "line"]]


def _kinds(schema: Schema) -> list[tuple[str, str]]:
    """(column, how it is stored) of a canonical table, without ``extras``."""
    stored_as = {"text": _TEXT, "list": _LIST, "time": _TIME, "number": _PLAIN, "flag": _PLAIN}
    kinds = []
    for column in schema.columns:
        companions = [f"{column.name}_before"] if column.type == "time" else []
        kinds += [(name, stored_as[column.type]) for name in (column.name, *companions)]
    return [*kinds, ("file", _TEXT), ("line", _PLAIN)]


def _stored(column: pd.Series, kind: str) -> pa.Array | pa.ChunkedArray:
    """A column as Parquet holds it."""
    if kind == _TEXT:
        return pa.array(column, pa.large_string())
    if kind == _LIST:
        return _stored_lists(column)
    if kind == _JSON:
        return pa.array([json.dumps(value) for value in column], pa.large_string())
    return pa.array(column)


def _stored_lists(column: pd.Series) -> pa.Array:
    rows = column.to_numpy()
    _, firsts, codes = np.unique(
        np.fromiter(map(id, rows), np.int64, len(rows)), return_index=True, return_inverse=True
    )
    if len(firsts) < len(rows) / 2:
        distinct = [SEPARATOR.join(row) for row in rows[firsts]]
        if all(text.count(SEPARATOR) == max(len(row) - 1, 0) for text, row in zip(distinct, rows[firsts], strict=True)):
            return pa.array(distinct, pa.string()).take(pa.array(codes))
    return pa.array(rows, pa.list_(pa.string()))


def _restored(column: pa.ChunkedArray, kind: str) -> pd.Series:
    if kind == _TEXT:
        return column.to_pandas(types_mapper={pa.large_string(): TEXT}.get)
    if kind == _TIME:
        return column.to_pandas().astype(times.UTC)
    if kind == _JSON:
        return pd.Series([json.loads(text) for text in column.to_pylist()], dtype="object")
    if kind == _LIST:
        lists = [_restored_lists(chunk) for chunk in column.chunks] or [cells.column_of([])]
        return pd.concat(lists, ignore_index=True) if len(lists) > 1 else lists[0]
    return column.to_pandas()


def _restored_lists(chunk: pa.Array) -> pd.Series:
    if pa.types.is_dictionary(chunk.type):
        return cells.column_of(cells.split(chunk.dictionary, SEPARATOR), chunk.indices.to_numpy())
    first = chunk.offsets[0].as_py()
    return cells.column_of(cells.sliced(chunk.flatten(), (chunk.offsets.to_numpy() - first).tolist()))


def _account(path: Path, columns: list[str]) -> pd.DataFrame:
    return tables.typed(_read(path, []).to_pandas(), columns)


def _list_paths(number: int) -> tuple[str, str]:
    """What Parquet calls the texts of a column of lists, stored in the one way or the other."""
    return str(number), f"{number}.list.element"


def _write(table: pa.Table, path: Path, repeating: list[str]) -> None:
    """Write a file that only its owner can read; ``repeating`` columns are stored by their distinct texts."""
    with path.open("xb") as file:
        path.chmod(0o600)
        pq.write_table(
            table,
            file,
            compression="lz4",
            use_dictionary=repeating,
            dictionary_pagesize_limit=LARGEST_DICTIONARY,
            write_statistics=False,
            write_page_checksum=True,
        )


def _read(path: Path, listed: list[str]) -> pa.Table:
    return pq.read_table(path, read_dictionary=listed, page_checksum_verification=True)
