"""Zones in words: an offset is what is added to UTC, and an abbreviation is read as the log's own zone uses it."""

from __future__ import annotations

import pandas as pd
import pytest

from aftershock.dataset import timestamps, zone_words


@pytest.mark.parametrize(
    ("text", "zone", "expected"),
    [
        ("Sat Mar 01 2025 00:30:00 GMT+0100", "UTC", "2025-02-28T23:30Z"),
        ("Wed Jul 09 2025 09:00:00 GMT+0200 (Central European Summer Time)", "UTC", "2025-07-09T07:00Z"),
        ("2025-03-01 09:00 UTC+8", "UTC", "2025-03-01T01:00Z"),
        ("2025-03-01 09:00 GMT-5:30", "UTC", "2025-03-01T14:30Z"),
        ("2025-03-01T09:00:00+01:00[Europe/Berlin]", "UTC", "2025-03-01T08:00Z"),
        ("2025-03-01 09:00 America/New_York", "UTC", "2025-03-01T14:00Z"),
        ("Tue Mar 04 09:00:00 GMT+01:00 2025", "UTC", "2025-03-04T08:00Z"),
        ("Tue Mar  4 09:00:00 UTC 2025", "Asia/Tokyo", "2025-03-04T09:00Z"),
        ("2025-07-01 09:00 EDT", "America/New_York", "2025-07-01T13:00Z"),
        ("2025-07-01 09:00 MESZ", "Europe/Berlin", "2025-07-01T07:00Z"),
        ("2025-03-01 09:00 (UTC+02:00)", "UTC", "2025-03-01T07:00Z"),
        ("2025-03-01 09:00 (GMT-05:00) Eastern Time (US & Canada)", "UTC", "2025-03-01T14:00Z"),
        ("2025-03-01 09:00 Etc/GMT+5", "UTC", "2025-03-01T14:00Z"),
        ("2025-03-01\u00a009:00", "UTC", "2025-03-01T09:00Z"),
        ("2025-03-01\u202f09:00\u200b", "UTC", "2025-03-01T09:00Z"),
    ],
)
def test_a_zone_in_words_is_read_with_the_sign_that_people_mean(text, zone, expected):
    parsed = timestamps.parse(pd.Series([text]), zone)
    assert (parsed.trouble[0], parsed.at[0]) == ("", pd.Timestamp(expected))


@pytest.mark.parametrize("machine", ["America/New_York", "Asia/Shanghai", "UTC"])
@pytest.mark.parametrize("text", ["2025-03-01 09:00:00 EST", "2025-03-01 09:00 CST", "Tue Mar  4 09:00:00 EST 2025"])
def test_an_abbreviation_is_refused_whatever_the_zone_of_the_machine(monkeypatch, text, machine):
    monkeypatch.setenv("TZ", machine)
    parsed = timestamps.parse(pd.Series([text]), "UTC")
    assert (parsed.trouble[0], pd.isna(parsed.at[0])) == ("unknown_zone", True)


def test_a_format_of_dates_may_have_a_zone_behind_it():
    form = ("%m/%d/%Y %I:%M %p",)
    parsed = timestamps.parse(
        pd.Series(["03/01/2025 09:00 AM EST", "03/01/2025 09:00 AM +0100"]), "America/New_York", form
    )
    assert parsed.at.tolist() == [pd.Timestamp("2025-03-01T14:00Z"), pd.Timestamp("2025-03-01T08:00Z")]


def test_the_cells_of_a_column_of_zones():
    cells = ["Europe/Berlin", "UTC+2", "(GMT-05:00) Eastern", "EST", "-03:30", "Mars/Base"]
    found = [zone_words.zone_for(cell, "UTC") for cell in cells]
    assert found == ["Europe/Berlin", "+02:00", "-05:00", "", "-03:30", ""]


def test_the_zone_in_the_name_of_a_column():
    names = ["Start (UTC+3)", "Begin GMT-03:00", "Start [UTC+05:30]", "Start (Europe/Berlin)", "Start (UTC)", "Start"]
    zones = ["Etc/GMT-3", "Etc/GMT+3", "Asia/Kolkata", "Europe/Berlin", "UTC", ""]
    assert [zone_words.in_name(name) for name in names] == zones
    assert zone_words.in_name("Start (UTC+02:15)") == "" == zone_words.in_name("Start (EST)")


def test_zones_as_windows_calls_them():
    assert zone_words.zone_for("W. Europe Standard Time", "UTC") == "Europe/Berlin"
    assert zone_words.zone_for("Tokyo Standard Time", "UTC") == "Asia/Tokyo"
    assert zone_words.zone_for("Atlantis Standard Time", "UTC") == ""
