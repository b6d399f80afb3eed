"""The explorer: a choice by parameters, and verdicts recorded from it."""

from __future__ import annotations

import pytest

from aftershock import figures, load
from aftershock.reports.explore import open_explore
from aftershock.schema.errors import UsageError


def test_the_explorer_chooses_the_worst_incident_of_the_choice(demo):
    explorer = open_explore(dataset="demo", start="2025-12-01", end="2025-12-31", service="notifications")
    worst = min(explorer.incidents["severity"])
    assert demo.incident(explorer.incident_id)["severity"] == worst
    assert all("notifications" in s for s in explorer.incidents["services"])
    assert "No recorded change" in explorer.suspects_table(explorer.suspects).text


def test_an_empty_choice_is_said():
    explorer = open_explore(dataset="twitter-2023", start="2023-04-01", end="2023-04-30")
    assert explorer.incident_id == ""
    assert "No incident in this choice." in explorer.incident_title().text
    assert explorer.answer.endswith("on every service.")
    explorer.choice.earlier = True
    assert explorer.answer.endswith("on every service. The last month of the logs has none.")
    assert figures.suspect_bars(explorer.suspects).layout.meta["alt"]
    assert figures.timeline(explorer.incidents, explorer.changes, zone=explorer.zone).layout.meta["alt"]


def test_a_verdict_can_be_recorded_from_the_explorer(write):
    folder = write()
    explorer = open_explore(dataset=str(folder), incident_id="i1")
    assert 0 < explorer.found.suspects("i1")["probability"].max() < 1
    assert explorer.suspects_table(explorer.suspects).text
    said = explorer.decide("i1", "c1", by="incident review", note="reverted")
    assert said.text.startswith("i1: c1, “Raise the payments limit”, set it off, decided by incident review at ")
    assert explorer.found.suspects("i1").iloc[0][["change_id", "probability"]].tolist() == ["c1", 1.0]
    assert "100 %" in explorer.suspects_table(explorer.suspects).text, "what is shown knows the verdict"
    assert load(folder).verdicts[["change_id", "decided_by", "note"]].values.tolist() == [
        ["c1", "incident review", "reverted"]
    ]


def test_a_verdict_can_be_taken_back(write):
    folder = write()
    explorer = open_explore(dataset=str(folder), incident_id="i1")
    before = explorer.found.suspects("i1")
    explorer.decide("i1", "c1", by="incident review")
    assert (explorer.last_verdict.incident_id, explorer.last_verdict.change_id) == ("i1", "c1")
    assert explorer.undo().text == "Taken back: i1 was set off by c1. Its row in verdicts.csv is removed."
    assert load(folder).verdicts.empty and explorer.last_verdict is None
    assert explorer.found.suspects("i1").equals(before), "what is shown does not know it any more"
    with pytest.raises(UsageError, match="nothing was recorded here that could be taken back"):
        explorer.undo()


def test_an_incident_outside_the_choice_is_said_to_be():
    explorer = open_explore(dataset="twitter-2023", start="2023-01-01", end="2023-01-31", incident_id="tw-2023-03-06")
    assert explorer.incident_id == "tw-2023-03-06"
    assert "It is outside the period or service chosen above." in explorer.incident_title().text
    inside = open_explore(dataset="twitter-2023", incident_id="tw-2023-03-06", start="2023-03-01", end="2023-03-31")
    assert "outside" not in inside.incident_title().text


def test_without_an_incident_there_is_nothing_to_explain():
    explorer = open_explore(dataset="twitter-2023", start="2023-04-01", end="2023-04-30")
    assert explorer.explanations == [] and explorer.steps.empty
    assert explorer.explanation_tables([]).text == ""
    assert explorer.paths().layout.meta["alt"] == "There is no incident to explain."
    assert figures.explanation_paths(explorer.explanations).layout.meta["alt"].endswith("nothing to explain.")


def test_every_view_of_an_incident_without_a_suspect_says_so(write):
    changes = "change_id,started_at,kind,services,title\nc1,2024-01-01T00:00:00Z,deploy,checkout,Early\n"
    changes += "c2,2024-03-01T00:00:00Z,deploy,checkout,Late\n"
    explorer = open_explore(dataset=str(write(changes=changes)), incident_id="i2")
    assert "no recorded change" in explorer.views["suspects"].printed().layout.meta["alt"].lower()
    figure, words = (explorer.views[name].printed() for name in ("steps", "steps in words"))
    assert figure.layout.annotations[0].text == figure.layout.meta["finding"]
    for said in (figure.layout.meta["finding"], words.text):
        assert said.startswith("No recorded change has 1 % or more of this incident: ")
