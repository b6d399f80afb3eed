"""Columns of Parquet, whose cells have types → cells as every reader gives them: text, or lists of text."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from aftershock.schema.tables import TEXT
from aftershock.sources.json_paths import DEEPEST, cell

_YEARS_1_TO_9999 = (-62_135_596_800, 253_402_300_799)  # in seconds since 1970


def taken_apart(table: pa.Table) -> pa.Table:
    """The table with the values of objects as columns of their own, with dotted names."""
    for _ in range(DEEPEST):
        if not any(pa.types.is_struct(kind) for kind in table.schema.types):
            break
        table = table.flatten()
    return table


def cells(column: pa.ChunkedArray) -> pd.Series:
    """A column as cells: text, or lists of text."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_binary(column.type) or pa.types.is_large_binary(column.type) or not _is_sound(column):
        raw = column.cast(pa.large_binary()).to_pylist()
        return pd.Series(["" if v is None else v.decode("utf-8", "replace").strip() for v in raw], dtype=TEXT)
    if pa.types.is_fixed_size_binary(column.type):
        return pd.Series(["" if v is None else v.hex() for v in column.to_pylist()], dtype=TEXT)
    if pa.types.is_nested(column.type) or isinstance(column.type, pa.BaseExtensionType):
        return pd.Series([cell(dict(v) if _is_map(column) and v else v) for v in column.to_pylist()], dtype="object")
    if pa.types.is_temporal(column.type):
        column = _moments(column)
    if pa.types.is_floating(column.type):
        column = pc.if_else(pc.is_nan(column), None, column)
    texts = pc.utf8_trim_whitespace(column.cast(pa.large_string()).fill_null(""))
    return texts.to_pandas(types_mapper={pa.large_string(): TEXT}.get)


def _is_sound(column: pa.ChunkedArray) -> bool:
    """False for text that is not valid UTF-8: neither writers nor Parquet check it."""
    try:
        column.validate(full=True)
    except pa.ArrowInvalid:
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            return False
        raise
    return True


def _is_map(column: pa.ChunkedArray) -> bool:
    return pa.types.is_map(column.type)


def _moments(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Moments as text; those outside the years 1 to 9999 as a number with its unit. Other kinds of time are left as they are."""
    if not pa.types.is_timestamp(column.type):
        return column
    unit, numbers = column.type.unit, column.cast(pa.int64())
    if column.type.tz:
        column = column.cast(pa.timestamp(unit, "UTC"))
    per_second = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}[unit]
    seconds = pc.floor(pc.divide(numbers.cast(pa.float64(), safe=False), float(per_second)))
    first, last = _YEARS_1_TO_9999
    known = pc.and_(pc.greater_equal(seconds, first), pc.less_equal(seconds, last))
    unreadable = pc.binary_join_element_wise(numbers.cast(pa.string()), f"{unit} since 1970", " ")
    if pc.all(pc.equal(pc.multiply(pc.divide(numbers, per_second), per_second), numbers)).as_py():
        column = column.cast(
            pa.timestamp("s", column.type.tz), safe=False
        )  # whole seconds are written without a fraction
    return pc.if_else(known, column.cast(pa.string()), unreadable)
