"""A canonical table with its account ↔ Parquet files that hold nothing executable.

Columns are stored under their number, since a log may name its own as it likes. Of a column of lists the rows hold
numbers, and a file of its own says of which texts: of whole lists where rows share few of them, else of their parts.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from aftershock.dataset import timestamps, typed_columns
from aftershock.dataset.canonical import CanonicalTable
from aftershock.dataset.extras import ExtrasArray
from aftershock.schema import tables
from aftershock.schema.tables import TEXT, Schema

SEPARATOR = "\x1f"  # a control sign for just this; a column that has it inside a list is stored by its parts
ACCOUNTS = {"rejected": tables.PROBLEM_COLUMNS, "notes": tables.PROBLEM_COLUMNS, "folded": tables.FOLD_COLUMNS}
DAMAGED = (OSError, ValueError, KeyError, TypeError, IndexError, pa.ArrowException)
_TEXT, _LIST, _TIME, _PLAIN, _JSON = "text", "list", "time", "plain", "json"

Layout = dict[str, object]


def write(made: CanonicalTable, schema: Schema, place: Path, stem: str) -> Layout:
    """Write the files ``place/stem-*.parquet``; what :func:`read` must know of them. OSError when they cannot be
    written."""
    columns = [(made.frame[name], kind) for name, kind in _kinds(schema)]
    extras, layout = made.frame["extras"], None
    if isinstance(extras.array, ExtrasArray):
        beyond = extras.array.columns
        layout = [[name, _TEXT if isinstance(beyond[name].dtype, pd.StringDtype) else _JSON] for name in beyond]
        columns += [(beyond[name], kind) for name, kind in layout]
    else:
        columns.append((extras, _JSON))
    texts: dict[int, pa.Array] = {}
    stored = {}
    for n, (column, kind) in enumerate(columns):
        if kind == _LIST:
            stored[str(n)], texts[n] = _stored_lists(column)
        else:
            stored[str(n)] = _stored(column, kind)
    repeating = [
        str(n) for n, (column, kind) in enumerate(columns) if kind == _TEXT and typed_columns.repeats_itself(column)
    ]
    _write(pa.table(stored), place / f"{stem}-rows.parquet", repeating)
    of = np.repeat(list(texts), [len(t) for t in texts.values()]).astype(np.int32)
    parts = pa.table({"column": of, "text": pa.chunked_array(list(texts.values()), pa.string())})
    _write(parts, place / f"{stem}-lists.parquet", ["column"])
    for name in ACCOUNTS:
        account = pa.Table.from_pandas(getattr(made, name), preserve_index=False)
        _write(account.replace_schema_metadata(None), place / f"{stem}-{name}.parquet", account.column_names)
    return {"rows": len(made.frame), "extras": layout}


def read(schema: Schema, place: Path, stem: str, layout: Layout) -> CanonicalTable | None:
    """The table that :func:`write` stored, or None where its files are damaged or gone."""
    try:
        with typed_columns.collector_paused():
            frame = _rows(schema, place, stem, layout)
            accounts = [_account(place / f"{stem}-{name}.parquet", columns) for name, columns in ACCOUNTS.items()]
    except DAMAGED:
        return None
    return CanonicalTable(frame, *accounts)


def _rows(schema: Schema, place: Path, stem: str, layout: Layout) -> pd.DataFrame:
    """The rows of a table. One of :data:`DAMAGED` where the files are not what the layout says."""
    own, extras, rows = _kinds(schema), layout["extras"], layout["rows"]
    kinds = own + ([("extras", _JSON)] if extras is None else [(name, kind) for name, kind in extras])
    stored, parts = (_read(place / f"{stem}-{name}.parquet") for name in ("rows", "lists"))
    if stored.num_rows != rows or stored.column_names != [str(n) for n in range(len(kinds))]:
        raise ValueError("the file holds another table")
    columns = [
        _restored_lists(stored.column(n), parts.filter(pc.field("column") == n).column("text"))
        if kind == _LIST
        else _restored(stored.column(n), kind)
        for n, (_, kind) in enumerate(kinds)
    ]
    made = {name: column for (name, _), column in zip(own, columns, strict=False)}
    if extras is None:
        made["extras"] = columns[-1]
    else:
        beyond = dict(zip([name for name, _ in extras], columns[len(own) :], strict=True))
        made["extras"] = pd.Series(ExtrasArray(pd.DataFrame(beyond, range(rows))))
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
    if kind == _JSON:
        return pa.array([json.dumps(value) for value in column], pa.large_string())
    return pa.array(column)


def _stored_lists(column: pd.Series) -> tuple[pa.Array, pa.Array]:
    """(numbers, texts) of a column of lists."""
    rows = column.to_numpy()
    _, firsts, codes = np.unique(
        np.fromiter(map(id, rows), np.int64, len(rows)), return_index=True, return_inverse=True
    )
    if len(firsts) < len(rows) / 2:
        distinct = [SEPARATOR.join(row) for row in rows[firsts]]
        if all(text.count(SEPARATOR) == max(len(row) - 1, 0) for text, row in zip(distinct, rows[firsts], strict=True)):
            return pa.array(codes, pa.int32()), pa.array(distinct, pa.string())
    lists = pa.array(rows, pa.list_(pa.string()))
    parts = lists.flatten().dictionary_encode()
    return pa.ListArray.from_arrays(lists.offsets, parts.indices), parts.dictionary


def _restored(column: pa.ChunkedArray, kind: str) -> pd.Series:
    if kind == _TEXT:
        return column.to_pandas(types_mapper={pa.large_string(): TEXT}.get)
    if kind == _TIME:
        return column.to_pandas().astype(timestamps.UTC)
    if kind == _JSON:
        return pd.Series([json.loads(text) for text in column.to_pylist()], dtype="object")
    return column.to_pandas()


def _restored_lists(column: pa.ChunkedArray, texts: pa.ChunkedArray) -> pd.Series:
    numbers = column.combine_chunks()
    if pa.types.is_integer(numbers.type):
        return typed_columns.column_of(
            typed_columns.split(texts.combine_chunks().cast(pa.large_string()), SEPARATOR), numbers.to_numpy()
        )
    ends = numbers.offsets.to_numpy() - numbers.offsets[0].as_py()
    return typed_columns.column_of(typed_columns.lists_of(texts.to_pylist(), numbers.flatten().to_numpy(), ends))


def _account(path: Path, columns: list[str]) -> pd.DataFrame:
    return tables.typed(_read(path).to_pandas(), columns)


def _write(table: pa.Table, path: Path, repeating: list[str]) -> None:
    """Write a file that only its owner can read; ``repeating`` columns are stored by their distinct texts."""
    with path.open("xb") as file:
        path.chmod(0o600)
        pq.write_table(
            table,
            file,
            compression="lz4",
            use_dictionary=repeating,
            write_statistics=False,
            write_page_checksum=True,
        )


def _read(path: Path) -> pa.Table:
    return pq.read_table(path, page_checksum_verification=True)
