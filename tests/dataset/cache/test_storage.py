"""A table and its account come back from Parquet as they were."""

from __future__ import annotations

import pandas as pd
import pytest

from aftershock.dataset import canonical
from aftershock.dataset.cache import storage
from aftershock.dataset.extras import ExtrasArray
from aftershock.errors import Problem
from aftershock.schema import tables


def cells_of(frame: pd.DataFrame) -> list[list[object]]:
    return [[None if isinstance(v, float) and v != v else v for v in frame[c].astype("object").tolist()] for c in frame]


@pytest.mark.parametrize("shape", ["columns", "dicts"])
def test_any_table_comes_back(tmp_path, shape):
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
    array = ExtrasArray(pd.DataFrame(extras)) if shape == "columns" else pd.Series(extras, dtype="object")
    rows["extras"] = pd.Series(array)
    rows = rows[[*frame.columns]]
    odd = [Problem("f", line, None, "é", "b", "c", "unknown_value") for line in (3, None)]
    folded = [tables.FoldedRecord("f", None, "other_table", "nothing")]
    made = canonical.CanonicalTable(
        rows,
        tables.problem_frame("changes", []),
        tables.problem_frame("changes", odd),
        tables.fold_frame("changes", folded),
    )
    about = storage.About("recipe", {"a.csv": "1"}, {"HEAD": "2"})
    storage.write(tmp_path / "x", made, tables.CHANGES, about)
    again = storage.read(tmp_path / "x", tables.CHANGES)
    assert storage.about(tmp_path / "x") == about
    assert again.frame.dtypes.to_dict() == rows.dtypes.to_dict()
    assert cells_of(again.frame) == cells_of(rows)
    for name in storage.ACCOUNTS:
        pd.testing.assert_frame_equal(getattr(again, name), getattr(made, name))


@pytest.mark.parametrize("content", [b"", b"[1, null]", None], ids=["empty", "other", "gone"])
def test_what_is_no_kept_table_is_none(tmp_path, content):
    path = tmp_path / "x"
    if content is not None:
        path.write_bytes(content)
    assert storage.about(path) is None
    assert storage.read(path, tables.CHANGES) is None
