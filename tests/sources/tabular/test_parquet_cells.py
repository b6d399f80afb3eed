"""Cells of every type as text, or as lists of text."""

from __future__ import annotations

import pyarrow as pa
import pytest

from aftershock.sources.tabular.parquet_cells import cells, taken_apart

MOMENTS = [1704885300_250000, 1704885300_000000, None]
CELLS = {
    "text": (["a", " b\t", None], ["a", "b", ""]),
    "whole": ([2**63 - 1, None], ["9223372036854775807", ""]),
    "float": ([1.5, 2.0, float("nan"), float("-inf"), None], ["1.5", "2", "", "-inf", ""]),
    "flag": ([True, False, None], ["true", "false", ""]),
    "words": (pa.array(["a", None]).dictionary_encode(), ["a", ""]),
    "list": ([["a", None], [], None], [["a"], [], ""]),
    "map": (pa.array([[("k", 1)], None], pa.map_(pa.string(), pa.int64())), ['{"k": 1}', ""]),
    "decimal": (pa.array(["1.10", None]).cast(pa.decimal128(38, 2)), ["1.10", ""]),
    "bytes": ([b"a\xff ", None], ["a\ufffd", ""]),
    "digest": (pa.array([b"\xff" * 3, None], pa.binary(3)), ["ffffff", ""]),
    "nothing": (pa.nulls(2), ["", ""]),
    "uuid": (
        pa.ExtensionArray.from_storage(pa.uuid(), pa.array([b"\xff" * 16, None], pa.binary(16))),
        ["ffffffff-ffff-ffff-ffff-ffffffffffff", ""],
    ),
    "day": (pa.array([19732, None], pa.date32()), ["2024-01-10", ""]),
    "moment": (
        pa.array(MOMENTS, pa.timestamp("us")),
        ["2024-01-10 11:15:00.250000", "2024-01-10 11:15:00.000000", ""],
    ),
    "whole seconds": (pa.array(MOMENTS[1:], pa.timestamp("us")), ["2024-01-10 11:15:00", ""]),
    "with a zone": (pa.array(MOMENTS[1:], pa.timestamp("us", "America/New_York")), ["2024-01-10 11:15:00Z", ""]),
    "out of time": (
        pa.array([-(2**40), 253402300799, 253402300800], pa.timestamp("s", "UTC")),
        ["-1099511627776 s since 1970", "9999-12-31 23:59:59Z", "253402300800 s since 1970"],
    ),
}


@pytest.mark.parametrize("kind", CELLS)
def test_typed_cells_become_these_texts(kind):
    given, expected = CELLS[kind]
    column = given if isinstance(given, (pa.Array, pa.ExtensionArray)) else pa.array(given)
    assert cells(pa.chunked_array([column])).tolist() == expected


def test_text_that_is_no_unicode_is_read_with_a_sign_for_what_is_none():
    """Neither writers nor Parquet check it."""
    broken = pa.Array.from_buffers(
        pa.string(), 1, [None, pa.array([0, 2], pa.int32()).buffers()[1], pa.py_buffer(b"a\xff")]
    )
    assert cells(pa.chunked_array([broken])).tolist() == ["a\ufffd"]


def test_objects_within_objects_are_taken_apart():
    table = taken_apart(pa.table({"a": [{"b": {"c": {"d": 1}}, "e": 2}], "f": [3]}))
    assert table.column_names == ["a.b.c.d", "a.e", "f"]
    assert taken_apart(table).column_names == table.column_names
