"""The report on the row of outages, read as text: its words say no more than its numbers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
from notebooks_here import shown_by

from aftershock.metrics import Estimate, changepoint, poisson_tests
from aftershock.metrics.systemic import Carried, OutageSeries
from aftershock.output.safe_html import plain
from aftershock.reports import systemic_section
from aftershock.reports.systemic import open_systemic


@pytest.fixture(scope="module")
def twitter_row():
    report = open_systemic(dataset="twitter-2023", blind=True)
    report.__dict__["expectation"] = "worked out elsewhere"
    return report


def test_the_shipped_row_is_uneven_and_says_why_that_may_be(twitter_row):
    text = twitter_row.summary().text
    assert text.startswith(
        "11 outages in 243 days: 1.4 (0.77–2.3) a month. They are more unevenly spread than bad luck explains: "
    )
    assert "after 6 March 2023 (p = 0.004): 10 outages in the 96 days up to it, 1 in the 147 days after it" in text
    assert "11 outages are few" in text and "How they were collected: From the press" in text
    assert "Uneven is not yet systemic" in text


def test_the_outside_count_names_its_source_and_is_within_noise(twitter_row):
    text = twitter_row.against_baseline(twitter_row.baseline).text
    assert text.startswith(
        "8 outages from 1 January 2023 to 6 March 2023 against 3 from 1 January 2022 to 6 March 2022: 2.7 times"
    )
    assert "within noise; p = 0.23." in text and "NetBlocks" in text


def test_one_outage_after_the_change_is_too_few_to_compare_shares(twitter_row):
    text = twitter_row.carried_by_changes(twitter_row.carried).text
    assert "of the 10 outages up to it" in text and "Changes explain the one outage after it with " in text
    assert "Too few on one side" in text


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


def test_every_section_shows_something_and_the_numbers_are_those_of_the_page(twitter_row):
    shown = shown_by("systemic", twitter_row)
    assert all(s.layout.meta["alt"] if isinstance(s, go.Figure) else s.text for s in shown[:-1])
    numbers = shown[-1]._repr_mimebundle_()["application/vnd.aftershock.numbers+json"]
    assert numbers["changepoint"]["before"] == 10 and numbers["changepoint"]["at"].startswith("2023-03-06T16:45")
    assert numbers["baseline"]["this"] == 8 and len(numbers["outages"]) == 11
    assert [t["p_value"] for t in numbers["tests"]] == pytest.approx(twitter_row.tests["p_value"].tolist())


@pytest.mark.parametrize(
    ("incidents", "said"),
    [
        ("", "No outage in 1 day, so there is no row to ask about."),
        ("i1,2024-01-10T12:00:00Z\n", "1 outage in 1 day: "),
        ("".join(f"i{n},2024-01-{n + 1:02d}T12:00:00Z\n" for n in range(3)), "Too few to tell a row from bad luck."),
    ],
)
def test_a_row_of_none_one_or_few_is_a_report(write, incidents, said):
    changes = "change_id,started_at\nc1,2024-01-01T11:30:00Z\nc2,2024-01-10T11:30:00Z\n"
    if not incidents or incidents.count("\n") == 1:
        changes = "change_id,started_at\nc1,2024-01-10T11:30:00Z\n"
    report = open_systemic(dataset=str(write(incidents="incident_id,started_at\n" + incidents, changes=changes)))
    report.__dict__["expectation"] = "worked out elsewhere"
    assert said in report.summary().text
    shown = shown_by("systemic", report)
    texts = [str(s.layout.meta["alt"]) if isinstance(s, go.Figure) else s.text for s in shown[:-1]]
    assert not any("nan" in text.split() or "inf" in text.split() for text in texts)


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
