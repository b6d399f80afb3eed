"""CSV row by row, wherever its quotes and line breaks are; that it agrees with CSV by columns is in test_csv_columns.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from aftershock.sources import Options
from aftershock.sources.raw_table import RawTable
from aftershock.sources.tabular import csv_rows, delimited


def rows_of(content: str) -> RawTable:
    data = content.encode()
    return csv_rows.read("x.csv", data, delimited.opening_of(Path("x.csv"), data, Options()))


def test_a_stray_quote_in_the_last_row_is_text():
    rows = rows_of('id,title\n1,one\n2,5" disk\n')
    assert rows.frame["title"].tolist() == ["one", '5" disk']
    assert rows.problems == []


def test_a_row_of_several_lines_is_at_its_first():
    rows = rows_of('id,title\n1,"a\nb\nc"\n\n2,two\n')
    assert rows.frame["title"].tolist() == ["a\nb\nc", "two"] and rows.lines.tolist() == [2, 6]


def test_rows_without_a_cell_are_none_and_cells_are_trimmed():
    rows = rows_of("id,title\n , \n\n  1 ,\ttwo words \n")
    assert rows.frame.values.tolist() == [["1", "two words"]] and rows.records == 1


def test_empty_fields_beyond_the_header_are_left_out_and_filled_ones_reject_the_row():
    rows = rows_of("id,title\n1,one,,\n2,two,,x\n3\n")
    assert rows.frame.values.tolist() == [["1", "one"], ["3", ""]]
    assert [(p.line, p.reason) for p in rows.problems] == [(3, "ragged_row")]
    assert [(n.line, n.reason) for n in rows.notes] == [(4, "short_row")]


def test_a_quote_that_never_closes_takes_the_rest_of_the_file():
    rows = rows_of('id,title\n1,one\n2,"open\n3,three\n')
    assert rows.frame["id"].tolist() == ["1"]
    assert [(p.line, p.reason) for p in rows.problems] == [(3, "unclosed_quote")]


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5])
def test_no_row_is_lost_where_a_chunk_ends(monkeypatch, count):
    monkeypatch.setattr(csv_rows, "CHUNK", 2)
    rows = rows_of("id,title\n" + "".join(f"{n},x\n" for n in range(count)))
    assert rows.frame["id"].tolist() == [str(n) for n in range(count)]
    assert rows.lines.tolist() == list(range(2, count + 2))


def test_a_column_without_a_name_is_left_out():
    assert rows_of("id,,title\n1,x,one\n").frame.columns.tolist() == ["id", "title"]
