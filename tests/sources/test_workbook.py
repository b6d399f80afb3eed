"""A workbook is read as the CSV of its sheet, with what its cells say and not how they are shown."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile

import pytest
from openpyxl import Workbook

import aftershock
from aftershock.schema.errors import InputError
from aftershock.sources import workbook
from aftershock.wizard.create import create_dataset

HEAD = ["id", "title", "started", "services", "severity"]
ROWS = [
    ["1001", "Orders lost", dt.datetime(2024, 3, 5, 9, 0, 0, 499), "shop", "high"],
    ["1002", "Slow, then down", dt.datetime(2024, 4, 3, 12, 30), "search", "low"],
]


def book(**sheets: list[list[object]]) -> Workbook:
    made = Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    return made


def saved(made: Workbook) -> bytes:
    data = io.BytesIO()
    made.save(data)
    return data.getvalue()


def lines(made: Workbook) -> list[str]:
    return workbook.as_csv("log.xlsx", saved(made))[0].decode().splitlines()


def test_cells_are_written_in_full():
    values = [1001.0, 1.71e12, 0.25, True, dt.time(8, 5), dt.timedelta(hours=30, minutes=5), None, " two  blanks "]
    assert lines(book(Log=[["a"] * 8, values])) == [
        "a,a,a,a,a,a,a,a",
        "1001,1710000000000,0.25,TRUE,08:05:00,30:05:00,,two blanks",
    ]


def test_a_moment_keeps_its_midnight_and_a_day_has_none():
    made = book(
        Log=[
            ["at", "on", "early"],
            [dt.datetime(2024, 3, 5), dt.date(2024, 4, 3), dt.datetime(2024, 3, 5, 9, 0, 0, 999500)],
        ]
    )
    assert lines(made)[1] == "2024-03-05 00:00:00,2024-04-03,2024-03-05 09:00:01"


def test_lines_of_a_cell_are_a_list_of_names_or_a_text():
    made = book(Log=[["services", "what"], ["shop\nsearch", "First it was slow.\nThen it was down."]])
    assert lines(made)[1] == "shop; search,First it was slow. Then it was down."


def test_a_row_of_the_sheet_is_a_line():
    made = book(Log=[["Outages of 2024"], [], HEAD, ROWS[0], [], ROWS[1]])
    text = lines(made)
    assert [n for n, line in enumerate(text, 1) if line] == [1, 3, 4, 6] and text[5].startswith("1002,")


def test_the_fullest_sheet_is_read_and_the_others_are_named():
    made = book(About=[["Our outages"]], Log=[HEAD, *ROWS], Empty=[], Hidden=[HEAD, *ROWS, *ROWS])
    made["Hidden"].sheet_state = "hidden"
    data, notes = workbook.as_csv("log.xlsx", saved(made))
    assert data.startswith(b"id,title") and data.count(b"\n") == 3
    assert [(n.reason, n.found) for n in notes] == [("other_sheets", "1 more sheet: 'About'")]


def test_a_wrong_size_of_the_sheet_hides_no_row():
    data = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(saved(book(Log=[HEAD, *ROWS])))) as old, zipfile.ZipFile(data, "w") as new:
        for part in old.infolist():
            text = old.read(part)
            new.writestr(part, re.sub(rb'dimension ref="[^"]*"', b'dimension ref="A1"', text))
    assert workbook.as_csv("log.xlsx", data.getvalue())[0].count(b"\n") == 3


def test_a_stray_cell_far_away_is_refused_or_read_and_holds_nothing_up(monkeypatch):
    made = book(Log=[HEAD, *ROWS])
    made["Log"]["B4000"] = "x"
    assert workbook.as_csv("log.xlsx", saved(made))[0].endswith(b",x,,,\n")
    monkeypatch.setattr(workbook, "MOST_CELLS", 3000)
    with pytest.raises(InputError, match="more than 3,000 cells in the sheet 'Log'"):
        workbook.as_csv("log.xlsx", saved(made))


def test_more_than_is_read_and_what_is_damaged_or_empty_is_refused(monkeypatch):
    whole = saved(book(Log=[HEAD, *ROWS]))
    with pytest.raises(InputError, match="a workbook without a filled sheet"):
        workbook.as_csv("log.xlsx", saved(book(Log=[])))
    damaged = io.BytesIO()
    with zipfile.ZipFile(damaged, "w") as archive:
        archive.writestr("xl/workbook.xml", "words")
    assert workbook.is_one(damaged.getvalue())
    with pytest.raises(InputError, match=r"log\.xlsx: found a workbook that cannot be read"):
        workbook.as_csv("log.xlsx", damaged.getvalue())
    monkeypatch.setattr(workbook, "LARGEST", 100)
    with pytest.raises(InputError, match="bytes when unpacked; expected at most 100"):
        workbook.as_csv("log.xlsx", whole)


def test_a_workbook_is_read_whatever_it_is_called_and_without_a_guess_at_its_dates(tmp_path):
    (tmp_path / "in").mkdir()
    log = tmp_path / "in" / "incidents.csv"
    log.write_bytes(saved(book(Log=[HEAD, *ROWS], Old=[["n"], ["1"]])))
    create_dataset(tmp_path / "made", [log])
    assert "delimiter" not in (tmp_path / "made" / "dataset.toml").read_text()
    incidents = aftershock.load(tmp_path / "made").incidents
    assert incidents["started_at"].astype(str).tolist() == ["2024-03-05 09:00:00+00:00", "2024-04-03 12:30:00+00:00"]
    assert incidents["line"].tolist() == [2, 3]
