"""The report on the row of outages, read as text: its words say no more than its numbers."""

from __future__ import annotations

import plotly.graph_objects as go
import pytest
from notebooks_here import shown_by

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
