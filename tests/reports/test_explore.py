"""The explorer: a choice by parameters or widgets, and verdicts recorded from it."""

from __future__ import annotations

from aftershock import figures, load
from aftershock.reports.explore import VerdictForm, open_explore


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
    assert figures.suspect_bars(explorer.suspects).layout.meta["alt"]
    assert figures.timeline(explorer.incidents, explorer.changes, zone=explorer.zone).layout.meta["alt"]


def test_widgets_change_the_choice():
    explorer = open_explore(dataset="twitter-2023", start="2023-01-01", end="2023-07-31")
    drawn = []
    box = explorer.controls(lambda: drawn.append(explorer.incident_id))
    _, service, incident = box.children
    service.value = "TweetDeck"
    assert drawn[-1] == explorer.incident_id == "tw-2023-03-06"
    incident.value = "tw-2023-02-08"
    assert drawn[-1] == "tw-2023-02-08"


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


def test_the_form_records_what_its_widgets_say(write):
    folder = write()
    explorer, drawn = open_explore(dataset=str(folder), incident_id="i1"), []
    form = VerdictForm(explorer, lambda: drawn.append(1))
    assert [change for _, change in form.change.options] == explorer.found.suspects("i1")["change_id"].tolist()
    form.role.value, form.change.value, form.note.value = "jane@example.org", "none", "<b>x</b>"
    form.button.click()
    assert "'jane@example.org' is an address or a handle, not a role" in form.said.value
    assert not (folder / "verdicts.csv").exists()
    form.role.value = "incident review"
    form.button.click()
    assert "no recorded change set it off, decided by incident review" in form.said.value
    assert load(folder).verdicts[["change_id", "note"]].values.tolist() == [["none", "<b>x</b>"]]
    assert (drawn, form.note.value) == ([1], "")


def test_without_an_incident_there_is_nothing_to_decide():
    explorer = open_explore(dataset="twitter-2023", start="2023-04-01", end="2023-04-30")
    form = VerdictForm(explorer, lambda: None)
    assert (form.button.disabled, form.change.options) == (True, (("no incident", ""),))
    assert explorer.explanations == []
    assert explorer.explanation_tables([]).text == ""
    assert figures.explanation_paths(explorer.explanations).layout.meta["alt"].startswith("No recorded change competes")
