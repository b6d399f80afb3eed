"""Whether a row of outages is more than bad luck, in words that say no more than the numbers."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from aftershock.metrics import Estimate, changepoint, compare_rates, poisson_tests
from aftershock.metrics.systemic import Carried, OutageSeries
from aftershock.output.safe_html import plain
from aftershock.reports import systemic_section


@pytest.mark.parametrize(
    ("difference", "said"),
    [
        (
            (-0.21, -0.39, 0.11),
            "are not known to differ: 21 percentage points fewer after it (90 %: 39 fewer to 11 more).",
        ),
        ((0.3, 0.01, 0.5), "differ: 30 percentage points more after it (90 %: 1 more to 50 more)."),
    ],
)
def test_a_difference_of_shares_is_said_as_fewer_or_more(difference, said):
    before, after = Estimate(0.3, 0.2, 0.4, n=18), Estimate(0.1, 0.0, 0.3, n=9)
    carried = Carried(before, after, Estimate(*difference))
    moment = pd.Timestamp("2019-04-03", tz="UTC")
    assert systemic_section.carried_by_changes(carried, moment, "UTC", is_uneven=True).text.endswith(said)


def words_of(days: np.ndarray, length: float = 300.0) -> str:
    """What is said of outages at these days."""
    series = OutageSeries(tuple(map(str, range(len(days)))), days, length, pd.Timestamp("2024-01-01", tz="UTC"), 0, 0)
    change = changepoint(days, length)
    tests = poisson_tests(days, length, np.histogram(days, 10, (0, length))[0], np.full(10, 30.0), change)
    return " ".join(
        plain(p) if not isinstance(p, str) else p for p in systemic_section.answer(series, tests, change, "UTC")
    )


def test_the_days_on_both_sides_of_a_change_are_those_of_the_whole_row():
    days = np.array([0.2, 2.5, 60, 90, 130, 170, 200, 230, 250, 276])
    series = OutageSeries(tuple("abcdefghij"), days, 277.0, pd.Timestamp("2024-01-01", tz="UTC"), 0, 0)
    change = replace(changepoint(days, 277.0, draws=50), after=2, day=2.5, later=8)
    said = systemic_section.changed(series, change, "UTC")
    assert "2 outages in the 2 days up to it, 8 in the 275 days after it" in said


def test_words_follow_the_numbers():
    even = words_of(np.linspace(5, 295, 30))
    assert "no more unevenly spread than bad luck explains" in even and "One change of the rate" not in even
    assert "That is no proof of a steady rate" in even
    lean = words_of(np.concatenate([np.linspace(3, 149, 20), np.linspace(160, 290, 7)]))
    assert "One test finds them unevenly spread" in lean and "not enough to call it more" in lean
    row = words_of(np.concatenate([np.linspace(3, 60, 20), np.linspace(100, 290, 6)]))
    assert "more unevenly spread than bad luck explains" in row and "One change of the rate fits best after" in row
    few = words_of(np.linspace(5, 295, 6))
    assert "would not show even a rate that changed a thousandfold" in few


@pytest.mark.parametrize(
    ("incidents", "outages", "said"),
    [
        (1, (1.0, 1.0, 1.0), "The one incident is one outage."),
        (
            2,
            (2.0, 2.0, 2.0),
            "Both incidents are outages of their own: none looks like an alert of an earlier one. 1 of them",
        ),
        (3, (3.0, 3.0, 3.0), "All 3 incidents are outages of their own: none looks like an alert of an earlier one."),
        (
            9,
            (4.2, 3.0, 6.0),
            "9 incidents come to about 4 outages (3–6): several alerts of one outage are one. 3 of them are ",
        ),
        (9, (4.0, 4.0, 4.0), "9 incidents come to about 4 outages (4): several alerts of one outage are one. "),
    ],
)
def test_how_many_outages_the_incidents_come_to(incidents, outages, said):
    value, low, high = outages
    estimate = Estimate(value, low, high, "outages")
    assert systemic_section.independent_sentence(incidents, estimate, 1 if incidents < 3 else 3).startswith(said)


def test_a_ratio_near_one_keeps_two_decimals():
    tests = pd.DataFrame(
        [("rate", 1.004, 0.96, 1.04, 4.5e-46, 1.2e52, 0.5, "times", 5, "d")],
        columns=["test", "value", "low", "high", "chance_low", "chance_high", "p_value", "unit", "n", "definition"],
    )
    assert "× 1.00 0.96–1.04 < 0.001 to > 1,000" in " ".join(systemic_section.tests_table(tests).text.split())
    few = systemic_section.tests_table(tests.assign(n=4)).text
    assert few == "A row of fewer than 5 outages is too short for these tests."


def test_those_that_the_row_leaves_out_are_one_or_several():
    def said(counted: int) -> str:
        return systemic_section.independent_sentence(150, Estimate(148, 147, 149), counted)

    assert said(147).endswith(
        "147 of them are counted above; the others began outside the days covered or are part of an earlier outage."
    )
    assert said(149).endswith("; the other one began outside the days covered or is part of an earlier outage.")


DAYS = ("2024-01-01", "2024-03-31")


def test_a_count_of_the_same_log_is_no_other_count():
    found = compare_rates(8, 3)
    own = systemic_section.against_baseline(found, "", DAYS, "from here to there").text
    assert own.startswith(
        "8 outages from here to there against 3 from 1 January 2024 to 31 March 2024: 2.7 times the daily rate "
    )
    assert own.endswith("; p = 0.23.\n\nBoth are of this log.")
    other = systemic_section.against_baseline(found, "the press", DAYS, "here").text
    assert "The other count: The press. Whoever counts elsewhere" in other and "Both are" not in other
    assert (
        "8 outages here against none from "
        in systemic_section.against_baseline(compare_rates(8, 0), "", DAYS, "here").text
    )


def test_without_a_baseline_it_says_how_to_give_one():
    said = systemic_section.against_baseline(None, "", DAYS, "here").text
    assert said.startswith("Nothing to compare the rate with is given. [baseline] in dataset.toml")


def test_a_row_too_short_for_a_month_has_its_rate_by_the_day():
    start = pd.Timestamp("2024-01-01", tz="UTC")
    days = np.array([1.0, 3.0, 9.0])
    month, day = (OutageSeries(("a", "b", "c"), days, length, start, 0, 0) for length in (30.44, 10.0))
    (value, *_), unit = systemic_section.rate_in_words(month)
    assert (value, unit) == ("3", "month")
    (value, *_), unit = systemic_section.rate_in_words(day)
    assert (value, unit) == ("0.3", "day")


def test_what_no_test_gives_is_a_dash_and_a_share_is_in_per_cent():
    rows = [
        ("spread", math.nan, math.nan, math.nan, math.nan, math.nan, 1.0, "times", 9, "d"),
        ("half", 0.25, 0.1, 0.5, 0.2, 0.8, 0.5, "share", 9, "d"),
        ("gap", 12.0, 3.0, 40.0, 5.0, 60.0, 0.5, "days", 9, "d"),
    ]
    names = ["test", "value", "low", "high", "chance_low", "chance_high", "p_value", "unit", "n", "definition"]
    frame = systemic_section.tests_table(pd.DataFrame(rows, columns=names)).blocks[0].frame
    assert frame["Found"].tolist() == ["–", "25 %", "12 days"]
    assert frame["90 % interval"].tolist() == ["–", "10–50 %", "3–40"]
    assert frame["By chance"].tolist() == ["–", "20–80 %", "5–60"]


def test_too_few_outages_have_no_change_of_the_rate():
    series = OutageSeries(tuple("abcd"), np.arange(4.0), 30.0, pd.Timestamp("2024-01-01", tz="UTC"), 0, 0)
    found = changepoint(np.arange(1.0, 6.0), 30.0, draws=50)
    said = "There are too few outages to look for a change of the rate."
    assert systemic_section.changed(series, found, "UTC") == said
    five = replace(series, incident_ids=tuple("abcde"), days=np.arange(1.0, 6.0))
    assert systemic_section.changed(five, replace(found, day=math.nan), "UTC") == said
    assert systemic_section.changed(five, found, "UTC").startswith("One change of the rate")
