"""A table and its account come back from Parquet as they were."""

from __future__ import annotations

import pandas as pd
import pytest

from aftershock.dataset import canonical
from aftershock.dataset.cache import storage
from aftershock.dataset.extras import ExtrasArray
from aftershock.schema import tables
from aftershock.schema.errors import Problem


def cells_of(frame: pd.DataFrame) -> list[list[object]]:
    return [[None if isinstance(v, float) and v != v else v for v in frame[c].astype("object").tolist()] for c in frame]


def odd_table(*, as_columns: bool) -> canonical.CanonicalTable:
    """Three changes with every type of column, notes and folded records."""
    frame = canonical.canonical_table("changes", None, None, "UTC").frame
    rows = pd.DataFrame({c: frame[c].reindex(range(3)) for c in frame if c != "extras"})
    for column in tables.CHANGES.columns:
        if column.type == "list":
            rows[column.name] = pd.Series([["a"], [], ["b", "a"]], dtype="object")
        if column.type == "text":
            rows[column.name] = pd.Series(["x", "", "é\n"], dtype=tables.TEXT)
    rows = rows.assign(emergency=[True, False, True], file="f", line=[1, 2, 3])
    rows = rows.astype({"file": tables.TEXT, "line": "int64", "emergency": bool})
    extras = [{"k": "v"}, {"k": ["l", "m"]}, {"k": ""}]
    array = ExtrasArray(pd.DataFrame(extras)) if as_columns else pd.Series(extras, dtype="object")
    rows["extras"] = pd.Series(array)
    rows = rows[[*frame.columns]]
    odd = [Problem("f", line, None, "é", "b", "c", "unknown_value") for line in (3, None)]
    folded = [tables.FoldedRecord("f", None, "other_table", "nothing")]
    return canonical.CanonicalTable(
        rows,
        tables.problem_frame("changes", []),
        tables.problem_frame("changes", odd),
        tables.fold_frame("changes", folded),
    )


def assert_same(again: canonical.CanonicalTable, made: canonical.CanonicalTable) -> None:
    assert again.frame.dtypes.to_dict() == made.frame.dtypes.to_dict()
    assert cells_of(again.frame) == cells_of(made.frame)
    for name in storage.ACCOUNTS:
        pd.testing.assert_frame_equal(getattr(again, name), getattr(made, name))


@pytest.mark.parametrize("as_columns", [True, False], ids=["columns", "dicts"])
def test_any_table_comes_back(tmp_path, as_columns):
    made = odd_table(as_columns=as_columns)
    about = storage.About("recipe", {"a.csv": "1"}, {"HEAD": "2"})
    storage.write(tmp_path / "x", made, tables.CHANGES, about)
    assert storage.about(tmp_path / "x") == about
    assert_same(storage.read(tmp_path / "x", tables.CHANGES), made)


def test_no_single_damaged_byte_changes_a_table(tmp_path):
    made, path = odd_table(as_columns=True), tmp_path / "x"
    about = storage.About("recipe", {"a.csv": "1"}, {})
    storage.write(path, made, tables.CHANGES, about)
    whole = path.read_bytes()
    found = 0
    for at in range(0, len(whole), 97):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
        assert storage.about(path) in (about, None)
        again = storage.read(path, tables.CHANGES)
        found += again is None
        if again is not None:
            assert_same(again, made)
    assert found > 20


@pytest.mark.parametrize("content", [b"", b"[1, null]", None], ids=["empty", "other", "gone"])
def test_what_is_no_kept_table_is_none(tmp_path, content):
    path = tmp_path / "x"
    if content is not None:
        path.write_bytes(content)
    assert storage.about(path) is None
    assert storage.read(path, tables.CHANGES) is None
