"""Deciding on the explore page, as the kernel has it."""

from __future__ import annotations

from html import unescape

import pandas as pd
import pytest
from conftest import CHANGES

from aftershock import load
from aftershock.reports.explore import open_explore
from aftershock.reports.explore_verdicts import Queue, Suspects, Verdicts


@pytest.fixture
def form(write):
    explorer = open_explore(dataset=str(write()), incident_id="i1")
    drawn: list[int] = []
    verdicts = Verdicts(explorer, lambda: drawn.append(1))
    made = Suspects(explorer, verdicts)
    made.drawn = drawn
    return made


def said(form: Suspects) -> str:
    return unescape(form.verdicts.said.value)


def row(form: Suspects, change_id: str) -> dict[str, object]:
    return next(r for r in form.rows.rows if r["change"] == change_id)


def press(form: Suspects, verdict: str, change_id: str, incident_id: str = "i1") -> None:
    """What the browser sends when somebody presses a button of a row."""
    form.rows._handle_custom_msg({"verdict": verdict, "incident": incident_id, "change": change_id}, [])


def test_each_suspect_has_a_button_that_says_what_it_writes(form):
    changes = form.explorer.found.suspects("i1")["change_id"].tolist()
    assert sorted(form.shown()) == sorted(changes) and form.shown()[-1] == "none"
    said = [row(form, "c1")[name] for name in ("accept", "accepts", "rejects")]
    assert said == ["Accept: c1", "Record: i1 was set off by c1", "Record: i1 was not set off by c1"]
    assert (row(form, "none")["accept"], row(form, "none")["rejects"]) == ("Accept: none", "")
    assert form.verdicts.undo.disabled


def test_an_id_as_long_as_a_commits_leaves_room_for_its_title_and_says_that_it_is_cut(write):
    commit = "3f9a" * 10
    explorer = open_explore(dataset=str(write(changes=CHANGES.replace("c1", commit))), incident_id="i1")
    form = Suspects(explorer, Verdicts(explorer, print))
    shown = row(form, commit)
    assert (shown["accept"], shown["name"]) == (f"Accept: {commit[:19]}…", f"Raise the payments limit ({commit[:19]}…)")
    assert shown["accepts"] == f"Record: i1 was set off by {commit}"


def test_a_verdict_is_recorded_and_taken_back_and_nothing_without_a_role(form):
    press(form, "accept", "none")
    assert "no role is given" in said(form)
    form.verdicts.role.value = "jane@example.org"
    press(form, "accept", "none")
    assert "'jane@example.org' is an address or a handle, not a role" in said(form)
    assert not (form.explorer.dataset.folder / "verdicts.csv").exists() and form.drawn == []
    form.verdicts.role.value, form.verdicts.note.value = "incident review", "<b>x</b>"
    press(form, "accept", "none")
    assert "no recorded change set it off, decided by incident review" in said(form)
    assert "It moved the answer on " in said(form)
    folder = form.explorer.dataset.folder
    assert load(folder).verdicts[["change_id", "note"]].values.tolist() == [["none", "<b>x</b>"]]
    assert (form.drawn, form.verdicts.note.value) == ([1], "")
    assert form.verdicts.undo.description == "Undo: i1 was set off by none"
    form.verdicts.undo.click()
    assert "Taken back: i1 was set off by none." in said(form)
    assert load(folder).verdicts.empty and form.verdicts.undo.disabled


def test_a_fault_of_ours_is_said_and_the_form_works_on(form, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(form.explorer, "decide", lambda *_, **__: 1 / 0)
        press(form, "accept", "c1")
    assert "a fault of Aftershock: ZeroDivisionError" in said(form)
    form.verdicts.role.value = "incident review"
    press(form, "accept", "c1")
    assert "c1" in load(form.explorer.dataset.folder).verdicts["change_id"].tolist()


def test_what_is_rejected_is_written_is_no_suspect_any_more_and_is_taken_back(form):
    folder, before = form.explorer.dataset.folder, form.explorer.suspects
    press(form, "reject", "c1")
    assert "no role is given" in said(form) and not (folder / "verdicts.csv").exists()
    form.verdicts.role.value = "incident review"
    press(form, "reject", "c1")
    assert "i1: c1, “Raise the payments limit”, did not set it off, decided by incident review at" in said(form)
    assert load(folder).rejections[["incident_id", "change_id"]].values.tolist() == [["i1", "c1"]]
    form.draw()
    assert "c1" not in form.shown() and "c1: people rejected it (incident review, " in form.rejected.value
    assert form.explorer.suspects["probability"].sum() == pytest.approx(1)
    assert form.verdicts.undo.description == "Undo: i1 was not set off by c1"
    form.verdicts.undo.click()
    form.draw()
    assert load(folder).verdicts.empty and form.rejected.value == ""
    pd.testing.assert_frame_equal(form.explorer.suspects, before)


def test_a_button_of_an_incident_that_is_no_longer_chosen_writes_nothing(form):
    form.verdicts.role.value = "incident review"
    press(form, "accept", "none", incident_id="i2")
    assert load(form.explorer.dataset.folder).verdicts.empty and form.drawn == []


def test_why_another_change_is_no_suspect(form):
    form.ask("c1")
    assert "c1 is rank" in form.answer.value and form.accept_asked.description == "Accept: c1"
    form.ask("c9999")
    assert "no change" in form.answer.value and form.accept_asked.layout.visibility == "hidden"
    form.ask("")
    assert form.answer.value == ""


def test_without_an_incident_there_is_nothing_to_decide():
    explorer = open_explore(dataset="twitter-2023", start="2023-04-01", end="2023-04-30")
    form = Suspects(explorer, Verdicts(explorer, lambda: None))
    assert form.shown() == [] and form.failed.value == ""
    assert not form.verdicts.record("none") and "there is no incident to decide on" in said(form)


def test_the_queue_is_worked_through_with_keys(form):
    explorer = form.explorer

    def pick(incident_id: str) -> None:
        explorer.choice.pick(incident_id)
        form.draw()

    queue = Queue(explorer, form, pick)
    first, second = queue.queue.order(explorer.found)
    assert "2 incidents left to decide on, 0 decided. Fill in the role above first." in queue.left.value
    queue.start.click()
    assert explorer.incident_id == first
    queue.press("s")
    assert explorer.incident_id == second, "one that is skipped comes last"
    form.verdicts.role.value = "incident review"
    queue.press("9")
    assert load(explorer.dataset.folder).verdicts.empty, "no suspect has that key"
    queue.press("r")
    assert load(explorer.dataset.folder).verdicts.empty and form.shown() == ["none"], "there is no suspect to reject"
    queue.press("0")
    assert load(explorer.dataset.folder).verdicts[["incident_id", "change_id"]].values.tolist() == [[second, "none"]]
    assert explorer.incident_id == first and "1 incident left to decide on, 1 decided." in queue.left.value
    suspect = form.shown()[0]
    queue.press("r")
    form.draw()
    log = load(explorer.dataset.folder)
    assert log.rejections[["incident_id", "change_id"]].values.tolist() == [[first, suspect]]
    assert suspect not in form.shown() and explorer.incident_id == first, "it is not decided yet"
    queue.press("u")
    form.draw()
    queue.press("1")
    assert load(explorer.dataset.folder).verdicts["change_id"].tolist() == ["none", suspect] != ["none", "none"]
    assert queue.start.disabled and queue.start.description == "Nothing is left to decide on"
    queue.press("u")
    assert len(load(explorer.dataset.folder).verdicts) == 1
