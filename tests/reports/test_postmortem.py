"""The postmortem's sentences and tables, read as text; every number in them comes from the model or the log."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
import pytest
from conftest import HOSTILE
from notebooks_here import shown_by

from aftershock import load, metrics
from aftershock.output.phrases import interval_percent, percent
from aftershock.reports.answer_section import LEAST_SHOWN, explanation_sentences
from aftershock.reports.postmortem import open_postmortem
from aftershock.schema.tables import NONE


@pytest.fixture(scope="module")
def march():
    return open_postmortem(dataset="twitter-2023", incident_id="tw-2023-03-06")


def test_it_begins_with_the_answer_and_the_level_of_chance(march):
    best, share = march.suspects.iloc[0], march.share
    text = march.summary().text
    assert text.startswith(
        "Links, images and TweetDeck answer with an API error (outbound links (t.co), images, video, home timeline and 6 more); "
        "it began on 6 Mar 2023, between 16:30 and 17:00 UTC and was over after 45 min to 1 h 45 min. "
    )
    first = interval_percent(best["probability"], best["probability_low"], best["probability_high"])
    assert best["change_id"] == "chg-2023-03-06-apicfg"
    assert best["probability_low"] < 0.5, "so it is not called probable"
    assert (
        "The strongest explanation is the config change “Configuration for ending free API access” (up to 17 h before) "
        f"with {first}, which leaves it open." in text
    )
    assert f"Chance alone would give {percent(share['chance'])}" in text
    assert f"of {share['copies']} moved copies reach" in text
    assert "They illustrate the method and validate nothing." in text


def test_the_next_explanation_is_named_where_it_has_a_per_cent(twitter, twitter_found):
    for incident, rows in twitter_found.suspects().groupby("incident_id"):
        if len(rows) < 2:
            continue
        second, share = rows.iloc[1], twitter_found.shares.set_index("incident_id").loc[incident]
        text = "".join(map(str, explanation_sentences(rows, None, twitter_found, twitter.timezone, share)))
        chance = interval_percent(second["probability"], second["probability_low"], second["probability_high"])
        assert ("Next comes" in text) == (second["probability"] >= LEAST_SHOWN), incident
        assert text.endswith(f" with {chance}.") or second["probability"] < LEAST_SHOWN, incident
    seconds = twitter_found.suspects().query("rank == 2")["probability"]
    assert (seconds >= LEAST_SHOWN).any() and (seconds < LEAST_SHOWN).any(), "both cases are here"


def test_the_reported_cause_stands_beside_the_blind_answer(march):
    text = march.reported_cause().text
    assert "chg-2023-03-06-apicfg" in text
    assert "Platformer, 6 March 2023" in text
    assert "it reads neither who reported what nor any verdict on it" in text


def test_without_a_reported_cause_it_says_so():
    report = open_postmortem(dataset="twitter-2023", incident_id="tw-2023-03-01")
    assert "Nobody has reported a cause" in report.reported_cause().text
    assert "Probably no recorded change: " in report.summary().text


def test_where_two_compete_both_are_named(march):
    text, second = march.summary().text, march.suspects.iloc[1]
    named = "“no recorded change”" if second["change_id"] == NONE else second["title"]
    assert second["probability"] >= LEAST_SHOWN and "Configuration for ending free API access" in text
    assert named in text.split("Next comes")[1]


def test_the_ranking_shows_no_recorded_change_and_what_was_left_out(march):
    table = march.suspects_table(march.suspects)
    assert "No recorded change" in table.text
    assert "add up to 100 %" in table.text
    assert "Author" not in table.text


def test_authors_appear_only_when_asked_for():
    report = open_postmortem(dataset="demo", incident_id="inc-2025-136", show_authors=True)
    assert "Author" in report.suspects_table(report.suspects).text
    assert "team-" in report.suspects_table(report.suspects).text


def test_addresses_of_sources_stay_in_the_data(march):
    for block in (march.impact(), march.reported_cause(), march.written(), march.edges()):
        assert "http" not in block._repr_html_()


def test_what_people_wrote_and_what_they_did_not(march):
    assert "### What went well" in march.written().text
    text = open_postmortem(dataset="twitter-2023", incident_id="tw-2023-03-01").written().text
    assert "postmortems/tw-2023-03-01.md" in text
    assert "Action items: What will be done" in text


def test_an_open_incident_is_so_far(demo):
    open_id = demo.incidents.loc[demo.incidents["status"] == "open", "incident_id"].iloc[-1]
    report = open_postmortem(dataset="demo", incident_id=open_id)
    assert "so far (the log ends there)" in report.summary().text
    assert "open so far" in report.facts().text


def test_the_numbers_are_those_of_the_model(march):
    numbers = march.numbers()._repr_mimebundle_()["application/vnd.aftershock.numbers+json"]
    assert numbers["report"]["month"] == "2023-03"
    assert sum(row["probability"] for row in numbers["suspects"]) == pytest.approx(1)
    assert [row["change_id"] for row in numbers["suspects"][:2]] == ["chg-2023-03-06-apicfg", NONE]
    assert numbers["reported_causes"] == ["chg-2023-03-06-apicfg"]
    assert numbers["change_share"]["copies"] == march.share["copies"] > 0
    assert (
        set(numbers["outage"]) == {"incident_id", "earlier", "probability"} and numbers["outage"]["probability"] < 0.5
    )


def test_hostile_text_is_shown_and_never_markup(write):
    safe = HOSTILE.replace('"', "'").replace(",", ";").replace("\x00", "")
    incidents = f'incident_id,started_at,services,title,description,caused_by,caused_by_source,note\ni1,2024-01-10T12:00Z,"{safe}","{safe}","{safe}",c1,"{safe}","{safe}"\n'
    changes = f'change_id,started_at,kind,services,title,author,paths\nc1,2024-01-10T11:30Z,deploy,"{safe}","{safe}","{safe}","{safe}"\nc2,2024-03-01T00:00Z,deploy,x,,,\n'
    report = open_postmortem(
        dataset=str(write(incidents=incidents, changes=changes)), incident_id="i1", show_authors=True
    )
    shown = [s for s in shown_by("postmortem", report) if hasattr(s, "_repr_html_") and not isinstance(s, go.Figure)]
    assert len(shown) == 16
    for block in shown:
        html = block._repr_html_()
        assert not any(f"<{tag}" in html for tag in ("script", "img", "svg"))


def test_an_incident_without_candidates_stands_alone(write):
    report = open_postmortem(
        dataset=str(write(changes="change_id,started_at\nc9,2024-05-01T00:00Z\n")), incident_id="i1"
    )
    assert report.suspects["change_id"].tolist() == [NONE]
    assert "The change log does not reach this incident" in report.summary().text
    drawn = [s for s in shown_by("postmortem", report) if isinstance(s, go.Figure)]
    assert len(drawn) == 5
    assert all(figure.layout.meta["alt"] for figure in drawn)


def test_an_empty_severity_and_services_are_said(write):
    report = open_postmortem(
        dataset=str(write(incidents="incident_id,started_at\ni1,2024-01-10T12:00Z\ni2,2024-02-10\n")),
        incident_id="i2",
    )
    assert "Severity: not given" in report.facts().text
    assert "no service is named" in report.impact().text
    assert "hour unknown" in report.summary().text


def test_the_month_of_an_imprecise_start_is_that_of_its_middle(write):
    from aftershock.metrics.incident_counts import month_of

    dataset = load(
        write(
            incidents="incident_id,started_at,started_at_before\ni1,2024-01-31T20:00Z,2024-02-02T00:00Z\ni2,2024-02-20,\n"
        )
    )
    assert month_of(dataset.incidents, "UTC").tolist() == ["2024-02", "2024-02"]
    assert pd.notna(dataset.observed[0])


def test_below_one_half_nothing_is_called_most_probable(twitter_found):
    for incident, rows in twitter_found.suspects().groupby("incident_id"):
        text = open_postmortem(dataset="twitter-2023", incident_id=incident).summary().text
        likely = round(rows["probability"].max(), 2) >= 0.5
        assert ("No single explanation stands out" in text) != likely, incident


def test_an_end_before_the_start_is_no_duration(write):
    text = "incident_id,started_at,resolved_at\ni1,2024-01-10T12:00Z,2024-01-10T11:00Z\ni2,2024-02-10T12:00Z,\n"
    report = open_postmortem(dataset=str(write(incidents=text)), incident_id="i1")
    assert "its recorded end lies before its start" in report.summary().text
    assert "Time to resolve   –" in report.comparison(metrics.compare_incident(report.dataset, "i1")).text
