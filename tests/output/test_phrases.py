from __future__ import annotations

import math

import pandas as pd
import pytest

from aftershock.output.phrases import (
    among,
    delay_phrase,
    duration,
    interval,
    interval_percent,
    listed,
    number,
    per_thousand,
    per_time,
    percent,
    percent_range,
    plural,
    sentence,
    shortened,
    span,
    times,
    verb,
    weight,
    when,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0 %"),
        (0.004, "< 1 %"),
        (0.005, "< 1 %"),
        (0.995, "> 99 %"),
        (0.346, "35 %"),
        (0.996, "> 99 %"),
        (1, "100 %"),
        (float("nan"), "–"),
        (None, "–"),
    ],
)
def test_percentages_never_say_none_or_all_for_what_is_neither(value, text):
    assert percent(value) == text


def test_intervals():
    assert interval_percent(0.35, 0.2, 0.5) == "35 % (20–50 %)"
    assert percent_range(0.89, 0.999) == "89 % to > 99 %"
    assert percent_range(0.001, 0.002) == "< 1 %"
    assert interval(9.9, 5.5, 16.1) == "9.9 (5.5–16.1)" and interval(111.9, 19.8, 435.5) == "112 (20–436)"
    assert interval(0.04, 0.012, 0.131) == "0.04 (0.01–0.13)" and interval(8, -1, 19) == "8 (−1 to 19)"
    assert interval_percent(0.999, 0.997, 0.9999) == "> 99 %"


@pytest.mark.parametrize(
    ("count", "total", "said"),
    [
        (0, 26, "none of 26 copies reaches"),
        (1, 26, "1 of 26 copies reaches"),
        (3, 26, "3 of 26 copies reach"),
        (26, 26, "all 26 copies reach"),
        (0, 1, "none of 1 copy reaches"),
        (1, 1, "the only copy reaches"),
        (0, 0, "none of 0 copies reaches"),
    ],
)
def test_so_many_of_all_with_their_verb(count, total, said):
    assert f"{among(count, total, 'copy', 'copies')} {verb(count, 'reaches', 'reach')}" == said


def test_a_long_text_is_cut_between_words():
    assert shortened("\n  Short \nmore", 20) == "Short"
    assert shortened("one two, three", 10) == "one two…"
    assert shortened("x" * 30, 10) == "x" * 9 + "…"
    assert shortened("", 10) == ""


@pytest.mark.parametrize(
    ("minutes", "text"),
    [(0.5, "30 s"), (59, "59 min"), (125, "2 h 5 min"), (60 * 24 * 3 + 120, "3 d 2 h"), (float("nan"), "–")],
)
def test_durations(minutes, text):
    assert duration(minutes) == text


def stamp(text: str) -> pd.Timestamp:
    return pd.Timestamp(text, tz="UTC")


@pytest.mark.parametrize(
    ("at", "before", "zone", "text"),
    [
        ("2023-03-06 17:19", "2023-03-06 17:19", "UTC", "6 Mar 2023, 17:19 UTC"),
        ("2023-03-06 17:19", "2023-03-06 17:19", "America/New_York", "6 Mar 2023, 12:19 EST"),
        ("2023-03-06 16:30", "2023-03-06 17:00", "UTC", "6 Mar 2023, between 16:30 and 17:00 UTC"),
        ("2023-02-15", "2023-02-16", "UTC", "15 Feb 2023, hour unknown"),
        ("2023-02-01", "2023-03-01", "UTC", "1 Feb to 28 Feb 2023, hour unknown"),
        ("2023-02-08 23:00", "2023-02-09 01:00", "UTC", "between 8 Feb 2023, 23:00 UTC and 9 Feb 2023, 01:00 UTC"),
    ],
)
def test_moments_say_how_exact_they_are(at, before, zone, text):
    assert when(stamp(at), stamp(before), zone) == text


def test_delays_say_what_imprecise_times_allow():
    assert delay_phrase({"delay_minutes": 30, "delay_minutes_low": 30, "delay_minutes_high": 30}) == "30 min before"
    assert delay_phrase({"delay_minutes": 60, "delay_minutes_low": 0, "delay_minutes_high": 120}) == "up to 2 h before"
    assert (
        delay_phrase({"delay_minutes": 90, "delay_minutes_low": 60, "delay_minutes_high": 120}) == "1 h to 2 h before"
    )


def test_words():
    assert [plural(1, "row"), plural(2, "row"), plural(1200, "row")] == ["1 row", "2 rows", "1,200 rows"]
    assert [listed([]), listed(["a"]), listed(["a", "b"]), listed(list("abcdefgh"), most=3)] == [
        "",
        "a",
        "a and b",
        "a, b, c and 5 more",
    ]
    assert sentence(" links fail. ") == "Links fail"


def test_weights_of_evidence():
    assert [weight(f) for f in (1, 1.04, 0.97, 3.21, 1 / 3.21, 148.4, 1 / 1240, 9.96)] == [
        "× 1",
        "× 1",
        "× 1",
        "× 3.2",
        "÷ 3.2",
        "× 148",
        "÷ 1,240",
        "× 10",
    ]
    assert [weight(f) for f in (0, math.inf)] == ["decides", "decides"]
    assert [times(r) for r in (0, 0.13, 3.21, 120.4)] == [
        "less than 0.01 times",
        "0.13 times",
        "3.2 times",
        "120 times",
    ]


def test_rates_in_the_unit_in_which_they_are_not_tiny():
    year = 1 / (24 * 365.25)
    assert [per_time(n * year) for n in (0.49, 8.6, 9.6, 24, 240)] == [
        "0.49 a year",
        "8.6 a year",
        "10 a year",
        "2 a month",
        "20 a month",
    ]
    assert [per_thousand(r) for r in (0.0074, 0.0123, 1.2)] == ["7.4 of 1,000", "12 of 1,000", "1,200 of 1,000"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.0312, "0.031"),
        (4.26, "4.3"),
        (17.2, "17"),
        (20.0, "20"),
        (1240, "1,240"),
        (math.nan, "–"),
        (None, "–"),
    ],
)
def test_numbers_have_two_significant_digits(value, text):
    assert number(value) == text


@pytest.mark.parametrize(
    ("share", "words"), [(0.0, "0 %"), (0.004, "< 1 %"), (0.997, "> 99 %"), (1, "100 %"), (None, "–")]
)
def test_percent_never_rounds_to_certainty(share, words):
    assert percent(share) == words


def test_a_span_is_one_length_where_its_ends_are_within_a_minute():
    assert span(19, 49) == "19 min to 49 min" and span(34, 34.5) == "34 min"
    assert span(math.nan, math.nan) == "–" and span(pd.Timedelta(hours=1), pd.Timedelta(hours=2)) == "1 h to 2 h"
