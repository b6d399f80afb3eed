"""Columns as times, each read once."""

from __future__ import annotations

import pandas as pd

from aftershock.schema.tables import TEXT
from aftershock.wizard.time_cells import TimeCells


def cells(**columns: list[str]) -> TimeCells:
    return TimeCells(pd.DataFrame(columns, dtype=TEXT), "UTC")


def test_versions_are_no_clocks():
    found = cells(release=["7.18.0", "7.17.2"], uhrzeit=["7.18.05", "17.17.21"])
    assert [found.is_of_clocks(name) for name in ("release", "uhrzeit")] == [False, True]


def test_days_clocks_and_moments_are_told_apart():
    found = cells(
        day=["2024-03-05", "2024-03-06"], clock=["09:30", "10:15"], at=["2024-03-05 09:00", "2024-03-06 10:00"]
    )
    assert [found.is_of_days(name) for name in ("day", "clock", "at")] == [True, False, False]
    assert [found.is_of_clocks(name) for name in ("day", "clock", "at")] == [False, True, False]
    assert found.read("at").dt.hour.tolist() == [9, 10] and found.read("clock") is None


def test_numbers_are_clocks_where_the_name_says_so():
    found = cells(Uhrzeit=["9.30", "10.15"], version=["9.30", "10.15"], rate=["5.29", "7.10"])
    assert [found.is_of_clocks(name) for name in ("Uhrzeit", "version", "rate")] == [True, False, False]


def test_clocks_without_a_day_lack_one():
    alone = cells(von=["09:30", "10:15"]).without_day("von")
    assert alone == "times of day, such as '09:30', and no column says of which day"
    assert cells(von=["09:30"], day=["2024-03-05"]).without_day("von") == ""


def test_the_first_of_two_times_in_a_cell_is_the_moment():
    found = cells(at=["2024-03-05 09:00 - 2024-03-05 11:00", "2024-03-06 10:00 - 2024-03-06 10:30"])
    assert found.read("at").dt.hour.tolist() == [9, 10] and "at" in found.spans
