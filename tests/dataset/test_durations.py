"""Lengths of time and times of day, as people and programs write them."""

from __future__ import annotations

import pandas as pd
import pytest

from aftershock.dataset import durations


@pytest.mark.parametrize(
    ("text", "unit", "minutes"),
    [
        ("90", "minutes", 90),
        ("1,5", "hours", 90),
        ("5400", "seconds", 90),
        ("1:30", "minutes", 90),
        ("01:30:00", "seconds", 90),
        ("0 days 01:30:00", "seconds", 90),
        ("1h 30m", "seconds", 90),
        ("1 hr 30 mins", "seconds", 90),
        ("1 Std. 30 Min.", "seconds", 90),
        ("PT1H30M", "seconds", 90),
    ],
)
def test_a_length_is_read_in_its_own_unit_or_in_that_of_its_column(text, unit, minutes):
    assert durations.parse(pd.Series([text]), unit)[0] == pd.Timedelta(minutes=minutes)


@pytest.mark.parametrize("text", ["", "soon", "3 parsecs", "2024-03-05", "-5", "7" * 200_000])
def test_what_is_no_length_is_none(text):
    assert pd.isna(durations.parse(pd.Series([text]), "minutes")[0])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("9:30", "09:30"),
        ("21.30", "21:30"),
        ("9h30", "09:30"),
        ("24:00", "24:00"),
        ("9:30 PM", "21:30"),
        ("9:30 p. m.", "21:30"),
        ("12:05 am", "00:05"),
        ("0.375", "09:00"),
        ("22:15 CET", "22:15"),
        ("10:15 PM (EST)", "22:15"),
        ("22:15 UTC+2", "22:15"),
    ],
)
def test_a_time_of_day(text, expected):
    assert durations.clock(pd.Series([text]))[0] == pd.Timedelta(f"{expected}:00")


@pytest.mark.parametrize("text", ["25:00", "2024-03-05", "9", "", "9:99", "9:30 h late"])
def test_what_is_no_time_of_day_is_none(text):
    assert pd.isna(durations.clock(pd.Series([text]))[0])


@pytest.mark.parametrize(
    "text", ["1h30", "1 h 30", "~90 min", "90 min (two more until all was well)", "ca. 1,5 Std.", "1 hora e 30 minutos", "1 ora 30 minuti", "1 godz. 30 min", "1時間30分", "1小时30分钟"]
)  # fmt: skip
def test_a_length_in_words_of_other_languages(text):
    assert durations.parse(pd.Series([text]), "minutes")[0] == pd.Timedelta(minutes=90)


def test_the_unit_that_a_name_says():
    assert [durations.unit_in(w) for w in (["duration", "min"], ["dauer", "std"], ["duration"])] == [
        "minutes",
        "hours",
        "",
    ]


def test_the_zone_that_a_time_of_day_names():
    cells = pd.Series(["22:15 CET", "10:15 PM", "10:15 PM (EST)", "22:15+01:00", "22:15"])
    assert durations.zones(cells).tolist() == ["CET", "", "EST", "+01:00", ""]
