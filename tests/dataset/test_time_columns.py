"""The times of a table as intervals: clocks next to days, zones of rows, bounds and lengths; what cannot be read."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from aftershock.dataset.raw_rows import RawRows
from aftershock.dataset.settings import Log
from aftershock.dataset.time_columns import TimeColumns
from aftershock.schema.tables import INCIDENTS
from aftershock.sources import Options
from aftershock.sources.tabular import delimited

DAY = "2024-01-10"


@pytest.fixture
def columns(put) -> Callable[..., TimeColumns]:
    """The columns of times of a CSV with a column incident_id in front."""

    def read(head: str, *rows: str, zone: str = "UTC", **log: object) -> TimeColumns:
        text = "\n".join([f"incident_id,{head}", *(f"i{n},{row}" for n, row in enumerate(rows))])
        settings = Log(path="log.csv", **log)
        return TimeColumns(RawRows(INCIDENTS, delimited.read(put(log__csv=text), Options()), settings), settings, zone)

    return read


def ends(interval: pd.DataFrame) -> list[tuple[str, str]]:
    """(earliest, latest) of each row, to the minute, in UTC; the second only where it is another."""
    texts = interval.apply(lambda column: column.dt.strftime("%m-%d %H:%M")).fillna("")
    return [(at, before if before != at else "") for at, before in texts.itertuples(index=False)]


def said(tables: list[pd.DataFrame]) -> list[tuple]:
    """(line, column, found, remedy, reason) of rows that were noted or rejected."""
    table = pd.concat(tables)
    return list(table[["line", "column", "found", "remedy", "reason"]].itertuples(index=False, name=None))


def test_a_time_that_the_file_lacks_is_empty_and_nobody_is_blamed(columns):
    times = columns("started_at", DAY)
    assert ends(times.read("resolved_at", required=False)) == [("", "")]
    assert not said(times.rows.notes) and not times.rows.bad.any()


def test_a_time_that_cannot_be_read_rejects_its_row_where_it_is_required_and_else_is_noted(columns):
    times = columns("started_at,resolved_at", "03/04/2024,2024-01-10", ",2024-01-10", f"{DAY},soon")
    times.read("started_at", required=True)
    remedy = 'Say how to read it: time_format = "%d/%m/%Y %H:%M".'
    assert said(times.rows.rejected) == [
        (2, "started_at", "'03/04/2024'", remedy, "ambiguous_date"),
        (3, "started_at", "an empty cell", "Fill in when it started; a day will do.", "missing_time"),
    ]
    assert ends(times.read("resolved_at", required=False))[2] == ("", "")
    assert said(times.rows.notes) == [(4, "resolved_at", "'soon'", f"{remedy} Read as empty.", "unreadable_time")]
    assert times.rows.bad.tolist() == [True, True, False]


def test_a_row_s_own_zone_counts_before_that_of_the_log(columns):
    rows = [f"{DAY} 12:00,{zone}" for zone in ("America/New_York", "UTC+2", "", "Atlantis")]
    times = columns("started_at,timezone", *rows, f"{DAY}T12:00Z,America/New_York", zone="Europe/Berlin")
    read = ends(times.read("started_at", required=True))
    assert [at for at, _ in read] == ["01-10 17:00", "01-10 10:00", "01-10 11:00", "01-10 11:00", "01-10 12:00"]
    assert said(times.rows.notes) == [(5, "timezone", "'Atlantis'", "Read in Europe/Berlin.", "unknown_zone")]


def test_the_bound_counts_before_the_margin_and_the_margin_before_the_precision(columns):
    head = "started_at,started_at_before,started_at_uncertainty_minutes,started_at_precision"
    start = f"{DAY}T12:00Z"
    times = columns(head, f"{start},{DAY}T13:00Z,15,day", f"{start},,-15,day", f"{start},,,hour", f"{start},,,rough")
    assert ends(times.read("started_at", required=True)) == [
        ("01-10 12:00", "01-10 13:00"),
        ("01-10 11:45", "01-10 12:15"),
        ("01-10 11:30", "01-10 12:30"),
        ("01-10 12:00", ""),
    ]
    assert said(times.rows.notes) == [(5, "started_at_precision", "'rough'", "Read as exact.", "unknown_value")]


@pytest.mark.parametrize("required", [True, False])
def test_a_bound_before_its_time_rejects_a_start_and_empties_another_time(columns, required):
    name = "started_at" if required else "detected_at"
    head = f"{name},{name}_before" + ("" if required else ",started_at")
    more = "" if required else f",{DAY}"
    times = columns(head, f"{DAY}T12:00Z,{DAY}T11:00Z{more}", f"{DAY}T12:00Z,{DAY}T12:30Z{more}")
    assert ends(times.read(name, required=required)) == [("", ""), ("01-10 12:00", "01-10 12:30")]
    remedy = "Fix the bound." if required else "Read as empty."
    problems = times.rows.rejected if required else times.rows.notes
    assert said(problems) == [(2, f"{name}_before", "2024-01-10 11:00:00+00:00", remedy, "time_order")]


def test_a_day_has_the_clock_of_a_column_of_its_own_in_the_log_s_zone(columns):
    times = columns("started_at,started_at_clock", f"{DAY},12:30", f"{DAY},", zone="Europe/Berlin")
    read = times.read("started_at", required=True)
    assert ends(read) == [("01-10 11:30", ""), ("01-09 23:00", "01-10 23:00")], "without a clock it is the day"


def test_a_clock_may_name_its_zone(columns):
    times = columns(
        "started_at,started_at_clock", f"{DAY},22:30 UTC", f"{DAY},22:30 CET", f"{DAY},22:30 XYT", zone="Europe/Berlin"
    )
    assert ends(times.read("started_at", required=True)) == [("01-10 22:30", ""), ("01-10 21:30", ""), ("", "")]
    assert [(line, reason) for line, *_, reason in said(times.rows.rejected)] == [(4, "unknown_zone")]


def test_an_end_whose_clock_is_before_that_of_its_start_is_of_the_next_day(columns):
    """One column of days for both; a blank clock is no end, though there is a day."""
    settings = {"columns": {"started_at": "day", "resolved_at": "day"}}
    rows = (f"{DAY},23:30,00:15", f"{DAY},10:00,10:00", f"{DAY},10:00,")
    times = columns("day,started_at_clock,resolved_at_clock", *rows, **settings)
    times.read("started_at", required=True)
    assert ends(times.read("resolved_at", required=False)) == [("01-11 00:15", ""), ("01-10 10:00", ""), ("", "")]


def test_an_end_with_a_day_of_its_own_stays_on_it(columns):
    times = columns(
        "started_at,started_at_clock,resolved_at,resolved_at_clock", f"{DAY},23:30,{DAY},00:15", f"{DAY},23:30,,00:15"
    )
    times.read("started_at", required=True)
    assert ends(times.read("resolved_at", required=False)) == [("01-10 00:15", ""), ("", "")]


def test_a_blank_day_next_to_a_clock_is_that_of_the_row_above(columns):
    times = columns("started_at,started_at_clock", f"{DAY},23:30", ",10:00", ",")
    assert ends(times.read("started_at", required=True))[:2] == [("01-10 23:30", ""), ("01-10 10:00", "")]
    assert [(line, reason) for line, *_, reason in said(times.rows.notes)] == [(3, "day_above")]
    assert [(line, reason) for line, *_, reason in said(times.rows.rejected)] == [(4, "missing_time")]


def test_a_length_makes_an_end_only_where_none_is_written(columns):
    """From both ends of the start, in the unit that the column's name has or the cell."""
    times = columns(
        "started_at,started_at_before,resolved_at,resolved_at_duration_minutes",
        f"{DAY}T12:00Z,{DAY}T12:10Z,,90",
        f"{DAY}T12:00Z,,,2h",
        f"{DAY}T12:00Z,,{DAY}T12:05Z,90",
        f"{DAY}T12:00Z,,,a while",
    )
    times.read("started_at", required=True)
    assert ends(times.read("resolved_at", required=False)) == [
        ("01-10 13:30", "01-10 13:40"),
        ("01-10 14:00", ""),
        ("01-10 12:05", ""),
        ("", ""),
    ]
    assert times.by_length["resolved_at"].tolist() == [True, True, False, False]
    assert not times.by_length["detected_at"].any()
    assert [(line, reason) for line, *_, reason in said(times.rows.notes)] == [(5, "not_a_number")]


def test_a_length_of_nothing_is_read_where_there_is_no_start(columns):
    times = columns("started_at,resolved_at_duration_hours", "soon,5", f"{DAY}T12:00Z,5")
    times.read("started_at", required=True)
    assert ends(times.read("resolved_at", required=False)) == [("", ""), ("01-10 17:00", "")]


def test_rounded_times_are_as_imprecise_as_the_settings_say_unless_the_log_says_otherwise(columns):
    head, rows = "started_at,started_at_precision", (f"{DAY}T12:00Z,", f"{DAY}T12:01Z,", f"{DAY}T12:00Z,minute")
    read = columns(head, *rows, rounded="hour").read("started_at", required=True)
    assert ends(read) == [("01-10 11:30", "01-10 12:30"), ("01-10 12:01", ""), ("01-10 12:00", "")]


def test_what_was_read_in_an_odd_way_is_noted_with_how(columns):
    times = columns("started_at", "2024-03-31 02:30", zone="Europe/Berlin")
    times.read("started_at", required=True)
    ((line, column, found, remedy, reason),) = said(times.rows.notes)
    assert (line, column, found, reason) == (2, "started_at", "'2024-03-31 02:30'", "skipped_hour")
    assert remedy == "Read as 2024-03-31 01:00:00+00:00: the clocks skip this hour; moved forward."
