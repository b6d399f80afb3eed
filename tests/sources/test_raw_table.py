"""What every reader returns, and files however they are packed and encoded."""

from __future__ import annotations

import gzip
import os

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from aftershock import sources
from aftershock.schema.errors import InputError, Problem
from aftershock.schema.tables import TEXT, FoldedRecord
from aftershock.sources import raw_table
from aftershock.sources.raw_table import RawTable, check_width, content, is_json, text, utf8


def test_a_gzip_bomb_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(raw_table, "LARGEST", 10_000_000)
    path = tmp_path / "x.csv.gz"
    path.write_bytes(gzip.compress(b"\0" * 11_000_000))
    with pytest.raises(InputError) as refused:
        sources.read([path], "csv", sources.Options())
    assert str(refused.value) == (
        "x.csv.gz: found more than 10,000,000 bytes when unpacked; expected at most 10,000,000. Split it into a folder of pages."
    )


@pytest.mark.parametrize(("name", "format"), [("x.csv.gz", "csv"), ("x.json", "json"), ("x.yaml", "backstage")])
def test_what_no_log_packs_so_densely_is_refused_long_before_its_end(tmp_path, monkeypatch, name, format):
    monkeypatch.setattr(raw_table, "UNSUSPICIOUS", 2_000_000)
    read: list[int] = []
    monkeypatch.setattr(raw_table.gzip, "GzipFile", counting(raw_table.gzip.GzipFile, read))
    path = tmp_path / name
    path.write_bytes(gzip.compress(b"a,b\n" + b"\0" * 50_000_000))
    table = "dependencies" if format == "backstage" else "incidents"
    with pytest.raises(InputError, match=r"bytes that unpack to more than 200 times as many; expected a packed log"):
        sources.read([path], format, sources.Options(table=table))
    assert 0 < sum(read) < 4_000_000


def counting(kind: type, read: list[int]) -> type:
    """A gzip reader that notes how many bytes it gave."""

    class Counting(kind):
        def read(self, size=-1):
            piece = super().read(size)
            read.append(len(piece))
            return piece

    return Counting


def test_a_log_that_repeats_itself_may_be_packed(tmp_path):
    path = tmp_path / "x.csv.gz"
    rows = "".join(f"i{n},2024-01-10T12:00:00Z,checkout,Payments fail again\n" for n in range(1000))
    path.write_bytes(gzip.compress(f"incident_id,started_at,services,title\n{rows}".encode()))
    assert len(sources.read([path], "csv", sources.Options()).frame) == 1000


def test_a_file_larger_than_the_limit_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "x.csv"
    path.touch()
    os.truncate(path, raw_table.LARGEST + 1)  # sparse: it takes no room
    with pytest.raises(InputError, match="1,073,741,825 bytes; expected at most 1,073,741,824"):
        sources.read([path], "csv", sources.Options())


def test_a_packed_file_is_read_whatever_it_is_called(tmp_path):
    path = tmp_path / "log.csv"
    path.write_bytes(gzip.compress(b"a,b\n") + gzip.compress(b"1,2\n"))
    assert content(path) == b"a,b\n1,2\n"
    path.write_bytes(b"\x1f")
    assert content(path) == b"\x1f", "one byte is no gzip"


@pytest.mark.parametrize("cut", [5, 20, -4])
def test_a_packed_file_that_was_cut_off_says_so(tmp_path, cut):
    path = tmp_path / "log.csv.gz"
    path.write_bytes(gzip.compress(os.urandom(100))[:cut])
    with pytest.raises(
        InputError, match=r"^log.csv.gz: found .*; expected a readable file, plain or gzip\. Check that"
    ):
        content(path)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(InputError) as refused:
        content(tmp_path / "gone.csv")
    assert str(refused.value) == (
        "gone.csv: found No such file or directory; expected a readable file, plain or gzip. Check that the file was copied whole."
    )


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", ""),
        ("né 🙂".encode(), "né 🙂"),
        (b"\xef\xbb\xbfid", "id"),
        ("né 🙂".encode("utf-16"), "né 🙂"),
        (b"\xfe\xff" + "né".encode("utf-16-be"), "né"),
        (b"\xff\xfea\x00b", "a\ufffd"),
    ],
    ids=["nothing", "UTF-8", "a mark", "UTF-16", "big endian", "half a character"],
)
def test_unicode_is_read_without_a_note(tmp_path, data, said):
    path = tmp_path / "x.csv"
    path.write_bytes(data)
    assert text(path) == (said, [])


def test_any_other_encoding_is_noted_at_its_first_letter(tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes("id,title\n1,Lösung\n2,Übertragung\n".encode("cp1252"))
    data, (note,) = utf8(path)
    assert data.decode() == "id,title\n1,Lösung\n2,Übertragung\n"
    assert (note.line, note.found, note.expected, note.reason) == (2, "byte 0xf6", "UTF-8", "encoding")
    assert note.remedy.startswith("Read as Windows-1252")


@pytest.mark.parametrize(
    ("data", "is_it"),
    [(b"\n [1]", True), (b"\xef\xbb\xbf{}", True), (b"", False), (b"a,{b}", False), (b'"[x]"', False)],
)
def test_json_begins_with_a_bracket(tmp_path, data, is_it):
    (tmp_path / "x").write_bytes(data)
    assert is_json(tmp_path / "x") is is_it


def test_two_thousand_columns_are_the_most(tmp_path):
    check_width(tmp_path / "x.csv", 2000)
    with pytest.raises(InputError, match=r"^x.csv: found 2,001 columns; expected at most 2,000\. Check the delimiter"):
        check_width(tmp_path / "x.csv", 2001)


PROBLEM = Problem("a.csv", 3, None, "x", "y", "z", "ragged_row")


def page(file: str, *rows: dict, problems: list[Problem] | None = None) -> RawTable:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    places = [(file, n + 2) for n in range(len(rows))]
    return RawTable.of(rows, places, columns=columns, problems=problems or [], notes=[])


def test_pages_are_one_table_and_what_one_lacks_is_empty():
    one, two = page("1.csv", {"a": "x"}, {"a": None}, problems=[PROBLEM]), page("2.csv", {"b": ["y"]})
    both = RawTable.joined([one, two])
    assert both.frame.values.tolist() == [["x", ""], ["", ""], ["", ["y"]]]
    assert list(zip(both.files, both.lines, strict=True)) == [("1.csv", 2), ("1.csv", 3), ("2.csv", 2)]
    assert both.frame.index.equals(both.lines.index)
    assert (both.problems, both.records) == ([PROBLEM], 4)
    assert RawTable.joined([one]) is one


def test_a_cell_of_nothing_is_empty_text():
    assert page("1.csv", {"a": None, "b": float("nan")}, {"a": []}).frame.values.tolist() == [["", ""], [[], ""]]


def test_every_record_is_counted_also_once_the_cells_are_let_go():
    made = page("1.csv", {"a": "x"}, {"a": "y"}, problems=[PROBLEM])
    made.folded.append(FoldedRecord("1.csv", 9, "other_thing", "no row"))
    assert (made.records, made.accounted) == (3, 4), "counted when it was made, so that a reader's fault shows"
    made.let_go()
    assert made.frame.shape == (2, 0) and made.accounted == 4


def test_columns_of_text_become_rows_with_their_places():
    columns = {"a": pa.chunked_array([["x"], ["y"]], pa.large_string())}
    made = RawTable.of_columns(columns, "1.csv", np.array([2, 5]), problems=[], notes=[])
    assert made.frame["a"].tolist() == ["x", "y"] and made.frame["a"].dtype == TEXT
    assert (made.lines.tolist(), made.files.tolist()) == ([2, 5], ["1.csv", "1.csv"])
    none = RawTable.of_columns({}, "1.csv", [], problems=[PROBLEM], notes=[])
    assert (len(none.frame), none.records) == (0, 1)
    assert isinstance(none.frame.index, pd.RangeIndex)
