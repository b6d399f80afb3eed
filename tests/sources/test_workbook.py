"""A workbook is read as the CSV of its sheet, with what its cells say and not how they are shown."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile

import pytest
from openpyxl import Workbook

import aftershock
from aftershock import sources
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


@pytest.fixture
def read(tmp_path):
    def of(made: Workbook | bytes) -> list[workbook.Sheet]:
        path = tmp_path / "log.xlsx"
        path.write_bytes(made if isinstance(made, bytes) else saved(made))
        return workbook.sheets(path)

    return of


def lines(found: list[workbook.Sheet]) -> list[str]:
    return found[0].as_csv().decode().splitlines()


def test_cells_are_written_in_full(read):
    values = [1001.0, 1.71e12, 0.25, True, dt.time(8, 5), dt.timedelta(hours=30, minutes=5), None, " two  blanks "]
    assert lines(read(book(Log=[["a"] * 8, values]))) == [
        "a,a,a,a,a,a,a,a",
        "1001,1710000000000,0.25,TRUE,08:05:00,30:05:00,,two blanks",
    ]


def test_a_moment_keeps_its_midnight_and_a_day_has_none(read):
    made = book(
        Log=[
            ["at", "on", "early"],
            [dt.datetime(2024, 3, 5), dt.date(2024, 4, 3), dt.datetime(2024, 3, 5, 9, 0, 0, 999500)],
        ]
    )
    assert lines(read(made))[1] == "2024-03-05 00:00:00,2024-04-03,2024-03-05 09:00:01"


def test_lines_of_a_cell_are_a_list_of_names_or_a_text(read):
    made = book(Log=[["services", "what"], ["shop\nsearch", "First it was slow.\nThen it was down."]])
    assert lines(read(made))[1] == "shop; search,First it was slow. Then it was down."


def test_a_row_of_the_sheet_is_a_line(read):
    made = book(Log=[["Outages of 2024"], [], HEAD, ROWS[0], [], ROWS[1]])
    text = lines(read(made))
    assert [n for n, line in enumerate(text, 1) if line] == [1, 3, 4, 6] and text[5].startswith("1002,")


def test_the_fullest_sheet_is_wanted_where_none_is_named_and_the_others_are_noted(read):
    made = book(About=[["Our outages"]], Log=[HEAD, *ROWS], Empty=[], Hidden=[HEAD, *ROWS, *ROWS])
    made["Hidden"].sheet_state = "hidden"
    found = read(made)
    assert [(sheet.name, sheet.is_table) for sheet in found] == [("Log", True), ("About", False)]
    chosen, notes = workbook.wanted("log.xlsx", found, [])
    assert [sheet.name for sheet in chosen] == ["Log"]
    assert [(note.reason, note.found) for note in notes] == [("other_sheets", "1 more sheet: 'About'")]
    chosen, notes = workbook.wanted("log.xlsx", found, ["About", "Log"])
    assert [sheet.name for sheet in chosen] == ["About", "Log"] and not notes
    with pytest.raises(InputError, match="found no visible sheet 'Hidden' with rows; expected one of 'Log', 'About'"):
        workbook.wanted("log.xlsx", found, ["Hidden"])


def test_a_wrong_size_of_the_sheet_hides_no_row(read):
    data = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(saved(book(Log=[HEAD, *ROWS])))) as old, zipfile.ZipFile(data, "w") as new:
        for part in old.infolist():
            text = old.read(part)
            new.writestr(part, re.sub(rb'dimension ref="[^"]*"', b'dimension ref="A1"', text))
    assert len(lines(read(data.getvalue()))) == 3


def test_a_stray_cell_far_away_is_refused_or_read_and_holds_nothing_up(read, monkeypatch):
    made = book(Log=[HEAD, *ROWS])
    made["Log"]["B4000"] = "x"
    assert lines(read(made))[-1] == ",x,,,"
    monkeypatch.setattr(workbook, "MOST_CELLS", 3000)
    with pytest.raises(InputError, match="more than 3,000 cells in the sheet 'Log'"):
        read(made)


def test_more_than_is_read_and_what_is_damaged_or_empty_is_refused(read, monkeypatch):
    whole = saved(book(Log=[HEAD, *ROWS]))
    with pytest.raises(InputError, match="a workbook without a filled sheet"):
        read(book(Log=[]))
    damaged = io.BytesIO()
    with zipfile.ZipFile(damaged, "w") as archive:
        archive.writestr("xl/workbook.xml", "words")
    with pytest.raises(InputError, match=r"log\.xlsx: found a workbook that cannot be read"):
        read(damaged.getvalue())
    assert read(b"PK\x03\x04 and no archive") == read(b"id,start\n") == []
    monkeypatch.setattr(workbook, "LARGEST", len(whole))
    with pytest.raises(InputError, match="bytes when unpacked; expected at most"):
        read(whole)


def test_a_sheet_of_what_is_no_workbook_is_refused(tmp_path):
    (tmp_path / "log.csv").write_text("id,start\n1,2024-03-05\n")
    with pytest.raises(InputError, match="found no workbook; expected one with the sheet 'Log'"):
        sources.read([tmp_path / "log.csv"], "csv", sources.Options(sheets=("Log",)))


def test_sheets_are_called_like_files_without_parts_of_paths():
    assert workbook.label("log.xlsx", "../2024/x") == "log.xlsx, sheet .._2024_x"


def test_a_workbook_is_read_whatever_it_is_called_and_without_a_guess_at_its_dates(tmp_path):
    (tmp_path / "in").mkdir()
    log = tmp_path / "in" / "incidents.csv"
    log.write_bytes(saved(book(Log=[HEAD, *ROWS], Old=[["n"], ["1"]])))
    create_dataset(tmp_path / "made", [log])
    assert "delimiter" not in (tmp_path / "made" / "dataset.toml").read_text()
    incidents = aftershock.load(tmp_path / "made").incidents
    assert incidents["started_at"].astype(str).tolist() == ["2024-03-05 09:00:00+00:00", "2024-04-03 12:30:00+00:00"]
    assert incidents["line"].tolist() == [2, 3]


CHANGES = [
    ["Change", "Deployed at", "System"],
    ["C1", dt.datetime(2024, 3, 5, 8, 55), "shop"],
    ["C2", dt.datetime(2024, 4, 3, 12), "search"],
]


def test_sheets_of_one_kind_are_one_log_and_others_are_other_logs(tmp_path):
    later = [[f"2{row[0]}", *row[1:]] for row in ROWS]
    made = book(About=[["What", "Who"], ["Outages", "Operations"]], A=[HEAD, *ROWS], B=[HEAD, *later], Changes=CHANGES)
    (tmp_path / "ops.xlsx").write_bytes(saved(made))
    create_dataset(tmp_path, [])
    written = (tmp_path / "dataset.toml").read_text()
    assert 'sheet = ["A", "B"]' in written and 'sheet = "Changes"' in written
    dataset = aftershock.load(tmp_path)
    assert dataset.incidents["incident_id"].tolist() == ["1001", "21001", "1002", "21002"]
    assert set(dataset.incidents["file"]) == {"ops.xlsx, sheet A", "ops.xlsx, sheet B"}
    assert dataset.changes["change_id"].tolist() == ["C1", "C2"]


def test_notes_and_lists_beside_a_log_are_none_though_the_file_is_called_like_one(tmp_path):
    pictures = [["Folio", "File", "URL", "Fecha"]]
    for n in (5, 6, 7):
        pictures.append([f"S-{n % 2}", f"{n}_0.jpg", f"https://files.example/{n}_0.jpg", dt.datetime(2024, 3, n, 9, n)])
    (tmp_path / "incidents.xlsx").write_bytes(saved(book(Pictures=pictures, Incidents=[HEAD, *ROWS])))
    create_dataset(tmp_path, [])
    assert aftershock.load(tmp_path).incidents["incident_id"].tolist() == ["1001", "1002"]
