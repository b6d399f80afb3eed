"""A canonical table with its account of rows ↔ one Parquet file, which holds nothing executable.

Columns are stored under their number, since a log may name its own as it likes; lists are native lists. The account
(rejected rows, notes, folded records) is a list of records in the first row.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from aftershock.dataset import timestamps, typed_columns
from aftershock.dataset.canonical import CanonicalTable
from aftershock.dataset.extras import ExtrasArray
from aftershock.output import files
from aftershock.output.collector import collector_paused
from aftershock.schema import tables
from aftershock.schema.tables import TEXT, Schema

ACCOUNTS = {"rejected": tables.PROBLEM_COLUMNS, "notes": tables.PROBLEM_COLUMNS, "folded": tables.FOLD_COLUMNS}
DAMAGED = (OSError, ValueError, KeyError, TypeError, IndexError, pa.ArrowException)
_ABOUT, _CHECKSUM = b"aftershock", b"sha256"
_TEXT, _LIST, _TIME, _PLAIN, _JSON = "text", "list", "time", "plain", "json"
_OF_TYPE = {"text": _TEXT, "list": _LIST, "time": _TIME, "number": _PLAIN, "flag": _PLAIN}


@dataclass(frozen=True)
class About:
    """What a kept table was made from: ``recipe`` (hash of everything but files), ``digests`` (SHA-256 of each file) and
    ``others`` (hashes of what was read besides files)."""

    recipe: str
    digests: dict[str, str]
    others: dict[str, str]


def about(path: Path) -> About | None:
    """What the table kept at a path was made from; None where there is none that can be read."""
    try:
        written = _written(pq.read_schema(path))
        return About(written["recipe"], written["digests"], written["others"])
    except DAMAGED:
        return None


def write(path: Path, made: CanonicalTable, schema: Schema, about: About) -> None:
    """Keep a table that has rows; OSError or ArrowException when it cannot be kept."""
    extras, layout = made.frame["extras"], None
    columns = [(made.frame[name], kind) for name, kind in _kinds(schema)]
    if isinstance(extras.array, ExtrasArray):
        beyond = extras.array.columns
        layout = [(name, _TEXT if isinstance(beyond[name].dtype, pd.StringDtype) else _JSON) for name in beyond]
        columns += [(beyond[name], kind) for name, kind in layout]
    else:
        columns.append((extras, _JSON))
    stored = {str(n): _stored(column, kind) for n, (column, kind) in enumerate(columns)}
    stored |= {name: _in_first_row(getattr(made, name), len(made.frame)) for name in ACCOUNTS}
    written = json.dumps({**vars(about), "extras": layout}).encode()
    table = pa.table(stored).replace_schema_metadata({_ABOUT: written, _CHECKSUM: sha256(written).digest()})
    repeating = [
        str(n) for n, (column, kind) in enumerate(columns) if kind == _TEXT and typed_columns.repeats_itself(column)
    ]
    repeating += [f"{n}.list.element" for n, (_, kind) in enumerate(columns) if kind == _LIST]
    buffer = pa.BufferOutputStream()
    pq.write_table(
        table, buffer, compression="lz4", use_dictionary=repeating, write_statistics=False, write_page_checksum=True
    )
    files.write_whole(path, buffer.getvalue().to_pybytes(), private=True)


def read(path: Path, schema: Schema) -> CanonicalTable | None:
    """The table that :func:`write` kept, or None where the file is damaged or gone."""
    own = _kinds(schema)
    lists = [f"{n}.list.element" for n, (_, kind) in enumerate(own) if kind == _LIST]
    try:
        stored = pq.read_table(path, page_checksum_verification=True, read_dictionary=lists)
        extras = _written(stored.schema)["extras"]
        kinds = own + ([("extras", _JSON)] if extras is None else [(name, kind) for name, kind in extras])
        if stored.column_names != [*map(str, range(len(kinds))), *ACCOUNTS]:
            raise ValueError("the file holds another table")
        with collector_paused():
            columns = [_restored(stored.column(n), kind) for n, (_, kind) in enumerate(kinds)]
        accounts = {name: _from_first_row(stored.column(name), ACCOUNTS[name]) for name in ACCOUNTS}
    except DAMAGED:
        return None
    made = {name: column for (name, _), column in zip(own, columns, strict=False)}
    if extras is None:
        made["extras"] = columns[-1]
    else:
        beyond = {str(name): column for (name, _), column in zip(extras, columns[len(own) :], strict=True)}
        made["extras"] = pd.Series(ExtrasArray(pd.DataFrame(beyond, range(stored.num_rows))))
    frame = pd.DataFrame(made)[[*(n for n, _ in own[:-2]), "extras", "file", "line"]]
    return CanonicalTable(frame, **accounts)


def _written(schema: pa.Schema) -> dict:
    """What a file says of itself."""
    metadata = schema.metadata or {}
    if sha256(metadata[_ABOUT]).digest() != metadata[_CHECKSUM]:
        raise ValueError("what the file says of itself is damaged")
    return json.loads(metadata[_ABOUT])


def _kinds(schema: Schema) -> list[tuple[str, str]]:
    """(column, how it is stored) of a canonical table, without ``extras``."""
    kinds = []
    for column in schema.columns:
        companions = [f"{column.name}_before"] if column.type == "time" else []
        kinds += [(name, _OF_TYPE[column.type]) for name in (column.name, *companions)]
    return [*kinds, ("file", _TEXT), ("line", _PLAIN)]


def _stored(column: pd.Series, kind: str) -> pa.Array:
    """A column as Parquet holds it."""
    if kind == _TEXT:
        return pa.array(column, pa.large_string())
    if kind == _JSON:
        return pa.array([json.dumps(value) for value in column], pa.large_string())
    return pa.array(column, pa.list_(pa.string())) if kind == _LIST else pa.array(column)


def _restored(column: pa.ChunkedArray, kind: str) -> pd.Series:
    if kind == _TEXT:
        return column.to_pandas(types_mapper={pa.large_string(): TEXT}.get)
    if kind == _TIME:
        return column.to_pandas().astype(timestamps.UTC)
    if kind == _JSON:
        return pd.Series([json.loads(text) for text in column.to_pylist()], dtype="object")
    if kind == _LIST:
        rows = column.unify_dictionaries().combine_chunks()
        parts = rows.flatten()
        if not isinstance(parts, pa.DictionaryArray):
            raise ValueError("the file holds another table")
        ends = rows.offsets.to_numpy() - rows.offsets[0].as_py()
        return typed_columns.column_of(
            typed_columns.lists_of(parts.dictionary.to_pylist(), parts.indices.to_numpy(), ends)
        )
    return column.to_pandas()


def _in_first_row(account: pd.DataFrame, rows: int) -> pa.ListArray:
    """A table of problems or folds as a column: all of it in the first row, nothing in the others."""
    records = pa.Table.from_pandas(account, preserve_index=False).combine_chunks().to_struct_array().combine_chunks()
    ends = np.full(rows + 1, len(account), np.int32)
    ends[0] = 0
    return pa.ListArray.from_arrays(pa.array(ends), records)


def _from_first_row(column: pa.ChunkedArray, names: list[str]) -> pd.DataFrame:
    records = pa.Table.from_struct_array(column.combine_chunks().flatten())
    return tables.typed(records.to_pandas(), names)
