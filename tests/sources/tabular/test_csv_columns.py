"""CSV by columns gives what CSV by rows does, and leaves to it what is not safe."""

from __future__ import annotations

import csv

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aftershock.schema.errors import InputError
from aftershock.sources import Options
from aftershock.sources.raw_table import RawTable, utf8
from aftershock.sources.tabular import csv_columns, csv_rows, delimited

PLAIN = ["a", "b é", " ", "\t", "\0", "\ufeff", "\u2028", "\x1c", "\x85", "x y", ";", "=1+1", "sep="]

QUOTED = ['"x"', '""', '"a,b"', '"a\nb"', '"a\r\nb"', '"q""q"', '"\n"', '""""']

ODD = ['"', "\r", '"a', 'b"c', '"a"b']

BREAKS = [",", ",", ",", "\n", "\n", "\r\n"]

HEADS = ["id,start,title\n", "a,b,,\r\n", '"x\ny",b\n', "one\n", "\n\nid,start\n", "a,,b\n", "sep=,\na,b\n", "a,b"]


def account(table: RawTable) -> tuple:
    """Everything that a raw table says, with the problems in an order of their own."""
    accounts = [sorted(map(str, problems)) for problems in (table.problems, table.notes)]
    return (
        table.frame.columns.tolist(),
        table.frame.values.tolist(),
        table.lines.tolist(),
        table.files.tolist(),
        *accounts,
    )


def both(folder, content: bytes) -> tuple[RawTable | None, RawTable]:
    """The same file by columns (None where that declines) and by rows."""
    path = folder / "x.csv"
    path.write_bytes(content)
    csv.field_size_limit(delimited.LARGEST_CELL)
    data, _ = utf8(path)
    opening = delimited.opening_of(path, data, Options())
    found = csv_columns.parsed(data, opening)
    columns = None if found is None else csv_columns.table(path.name, opening, found)
    return columns, csv_rows.read(path.name, data, opening)


@pytest.mark.parametrize("pieces", [PLAIN + QUOTED, PLAIN + QUOTED + ODD], ids=["sound", "odd"])
def test_by_columns_is_by_rows(tmp_path_factory, pieces):
    folder = tmp_path_factory.mktemp("csv")
    seen = {"columns": 0, "rows": 0}

    @settings(max_examples=150, database=None)
    @given(
        st.sampled_from(HEADS),
        st.lists(st.sampled_from(BREAKS) | st.sampled_from(pieces) | st.sampled_from(BREAKS), max_size=30),
    )
    def alike(head, body):
        try:
            columns, rows = both(folder, (head + "".join(body)).encode())
        except InputError:
            return
        seen["rows" if columns is None else "columns"] += 1
        if columns is not None:
            assert account(columns) == account(rows)

    alike()
    assert seen["columns"] > 10


def test_records_of_any_width_keep_their_lines(tmp_path):
    lines = ["id,title", "1,one", "", "2", ' ,"', '"', "3,three,", "4,four,extra", '5,"a', 'b"', "6,six"]
    columns, rows = both(tmp_path, "\n".join(lines).encode())
    assert account(columns) == account(rows)
    assert columns.frame["id"].tolist() == ["1", "2", "3", "5", "6"]
    assert columns.lines.tolist() == [2, 4, 7, 9, 11]
    assert [(p.line, p.reason) for p in columns.problems] == [(8, "ragged_row")]
    assert [(n.line, n.reason) for n in columns.notes] == [(4, "short_row")]


@pytest.mark.parametrize(
    "odd", ['5" disk,x', '"a"b,x', "a\rb,x", '"open,x', "\ufeffa,x"], ids=["inch", "after", "return", "open", "mark"]
)
def test_what_the_two_readers_could_see_differently_is_read_by_rows(tmp_path, odd):
    columns, rows = both(tmp_path, f"id,title\n{odd}\n".encode())
    assert columns is None
    assert len(rows.frame) + len(rows.problems) >= 1


def test_every_character_is_trimmed_alike(tmp_path):
    text = "".join(f"{chr(c)}x{chr(c)},\n" for c in range(0x110000) if chr(c).isspace() and chr(c) not in "\r\n")
    columns, rows = both(tmp_path, ("id,b\n" + text).encode())
    assert account(columns) == account(rows)
    assert set(columns.frame["id"]) == {"x"}
