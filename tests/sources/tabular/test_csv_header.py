"""Where the header of a table is: below titles and comments, in one line or in two."""

from __future__ import annotations

from pathlib import Path

import pytest

from aftershock.sources import Options
from aftershock.sources.tabular import delimited


def read(tmp_path: Path, text: str):
    (tmp_path / "x.csv").write_text(text, encoding="utf-8")
    return delimited.read([tmp_path / "x.csv"], Options())


@pytest.mark.parametrize(
    ("above", "lines"),
    [
        ("Report of March,,,\n,,,\n", [1]),
        ("# made by a script, version 2\n", [1]),
        ("Report of March\n\n", [1]),
        ("#made by hand\n", [1]),
        ("", []),
    ],
)
def test_titles_and_comments_above_the_header_are_left_out_with_a_note(tmp_path, above, lines):
    raw = read(tmp_path, above + "id,start,end,service\na,2024-03-05,2024-03-06,web\nb,2024-03-05,,db\n")
    assert list(raw.frame.columns) == ["id", "start", "end", "service"]
    assert raw.frame["id"].tolist() == ["a", "b"]
    assert [(n.reason, n.line) for n in raw.notes] == [("above_header", line) for line in lines]
    assert raw.lines[0] == above.count("\n") + 2


def test_a_header_of_two_lines_is_one(tmp_path):
    raw = read(tmp_path, "Ticket,Start,,End,\n,Date,Time,Date,Time\nt1,2024-03-05,09:00,2024-03-05,10:00\n")
    assert list(raw.frame.columns) == ["Ticket", "Start Date", "Start Time", "End Date", "End Time"]
    assert len(raw.frame) == 1


def test_a_column_that_is_called_after_a_sign_and_an_empty_name_stay(tmp_path):
    assert list(read(tmp_path, "#,start,\n1,2024-03-05,x\n").frame.columns) == ["#", "start"]
    assert list(read(tmp_path, ",id,start\n0,a,2024-03-05\n1,b,2024-03-05\n").frame.columns) == ["id", "start"]


def test_signs_inside_cells_are_no_delimiter(tmp_path):
    tags = "; ".join("abcdefghijklm")
    raw = read(tmp_path, f"id,start,tags\na,2024-03-05,{tags}\nb,2024-03-06,{tags}\nc,2024-03-07,{tags}\n")
    assert list(raw.frame.columns) == ["id", "start", "tags"]
    assert raw.frame["tags"].tolist() == [tags] * 3
    raw = read(tmp_path, "id;hours;start\na;1,5;2024-03-05\nb;2,5;2024-03-06\n")
    assert raw.frame["hours"].tolist() == ["1,5", "2,5"]


@pytest.mark.parametrize("sign", [";", "|"])
def test_a_first_line_that_parts_like_the_next_record_knows_the_delimiter(tmp_path, sign):
    cell = "\n".join([f"a {sign} b {sign} c {sign} d {sign} e"] * 40)
    frame = read(tmp_path, f'id,started_at,title\n1,2024-03-05,"{cell}"\n').frame
    assert frame["started_at"].tolist() == ["2024-03-05"]


def test_a_header_whose_names_hold_line_breaks_is_one_line_of_names(tmp_path):
    head = 'Key,"Custom\n(Company)",Status,Severity,Created,Start,"Class\n(App)"\n'
    frame = read(tmp_path, head + "".join(f"K{n},c,Open,S1,2024-03-0{n},,a\n" for n in range(1, 9))).frame
    assert list(frame)[:3] == ["Key", "Custom\n(Company)", "Status"]
    assert frame["Created"].tolist()[0] == "2024-03-01"
