"""Parquet: objects become columns, and what cannot be read is refused in words."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from aftershock import sources
from aftershock.schema.errors import InputError
from aftershock.sources.file_head import read_head
from aftershock.sources.tabular import parquet


def written(folder: Path, **columns: object) -> Path:
    path = folder / "x.parquet"
    pq.write_table(pa.table(columns), path)
    return path


def read(path: Path) -> sources.RawTable:
    return parquet.read([path], sources.Options(table="changes"))


def test_objects_become_columns_as_those_of_json_do(tmp_path):
    raw = read(written(tmp_path, own=[{"a": {"b": 1}, "c": ["x"]}, None]))
    assert raw.frame[["own.a.b", "own.c"]].values.tolist() == [["1", ["x"]], ["", ""]]


def test_rows_are_counted_from_one_and_pages_are_one_table(tmp_path):
    one = written(tmp_path, id=["a", "b"])
    two = one.rename(tmp_path / "1.parquet")
    raw = parquet.read([two, written(tmp_path, id=["c"])], sources.Options())
    assert list(zip(raw.files, raw.lines, raw.frame["id"], strict=True)) == [
        ("1.parquet", 1, "a"),
        ("1.parquet", 2, "b"),
        ("x.parquet", 1, "c"),
    ]


def test_columns_that_come_to_bear_one_name_are_refused(tmp_path):
    path = tmp_path / "x.parquet"
    pq.write_table(pa.Table.from_arrays([pa.array(["1"]), pa.array([{"b": "2"}])], ["a.b", "a"]), path)
    with pytest.raises(InputError) as refused:
        read(path)
    assert str(refused.value) == (
        "x.parquet: found several columns 'a.b'; expected a Parquet file. Rename or remove one of them."
    )


def test_too_many_rows_are_refused_before_they_are_read(tmp_path, monkeypatch):
    path = written(tmp_path, id=["a", "b", "c"])
    monkeypatch.setattr(parquet, "MOST_ROWS", 2)
    monkeypatch.setattr(parquet, "taken_apart", None)
    with pytest.raises(
        InputError, match=r"^x.parquet: found 3 rows, [\d,]+ bytes when unpacked; .* Split it: 2 rows and "
    ):
        read(path)
    monkeypatch.setattr(parquet, "MOST_ROWS", 3)
    monkeypatch.setattr(parquet, "LARGEST", 10)
    with pytest.raises(InputError, match="bytes when unpacked"):
        read(path)


def test_what_is_no_parquet_is_said_in_one_line(tmp_path):
    path = tmp_path / "x.parquet"
    path.write_bytes(b"PAR1 and no more")
    with pytest.raises(
        InputError, match=r"^x.parquet: found [^\n]*; expected a Parquet file\. Check that the file was copied"
    ):
        read(path)


def test_the_head_of_a_file_is_recognised_by_its_kind(tmp_path):
    head = read_head(written(tmp_path, change_id=["a"], started_at=["2024-01-10"]))
    assert parquet.FORMAT.recognises(head, "changes") > 0
    (tmp_path / "x.csv").write_text("change_id,started_at\na,2024-01-10\n")
    assert parquet.FORMAT.recognises(read_head(tmp_path / "x.csv"), "changes") == 0
