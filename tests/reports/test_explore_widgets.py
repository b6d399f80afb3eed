"""The widgets of the explore page, as the kernel has them."""

from __future__ import annotations

from html import unescape
from types import SimpleNamespace

import pytest

from aftershock import load
from aftershock.output.blocks import Prose
from aftershock.reports.explore import open_explore
from aftershock.reports.explore_widgets import Controls, Later, VerdictForm, Views


@pytest.fixture
def small(write):
    return open_explore(dataset=str(write()), incident_id="i1")


def test_controls_change_the_choice_and_keep_what_was_picked():
    explorer, drawn = open_explore(dataset="twitter-2023", start="2023-01-01", end="2023-07-31"), []
    controls = Controls(explorer, lambda: drawn.append(explorer.incident_id))
    controls.service.value = "TweetDeck"
    assert drawn == [explorer.incident_id] == ["tw-2023-03-06"], "one change of a widget is one drawing"
    controls.service.value = ""
    controls.incident.value = "tw-2023-02-08"
    assert drawn[-1] == "tw-2023-02-08"
    controls.service.value = "TweetDeck"
    assert drawn[-1] == controls.incident.value == "tw-2023-02-08"
    february = [(o[1], n) for n, o in enumerate(controls.period.options) if f"{o[1]:%Y-%m}" == "2023-03"]
    controls.period.index = (february[0][1], february[-1][1])
    assert drawn[-1] == controls.incident.value == "tw-2023-02-08"
    assert "tw-2023-02-08  (outside the period or service)" in [label for label, _ in controls.incident.options]


class Clock:
    """A timer that is due when the test says so."""

    def __init__(self):
        self.waiting = []

    def after(self, seconds, call):
        self.waiting.append(call)
        return SimpleNamespace(cancel=lambda: self.waiting.remove(call))


def test_five_quick_choices_are_one_drawing():
    clock, drawn = Clock(), []
    later = Later(lambda: drawn.append(1), after=clock.after)
    for _ in range(5):
        later.ask()
    assert (drawn, len(clock.waiting)) == ([], 1), "the last one counts"
    clock.waiting.pop()()
    later.ask()
    assert (drawn, len(clock.waiting)) == ([1], 1), "what is asked for after a drawing is drawn too"


def test_a_view_that_fails_says_so_and_leaves_the_others_alive():
    views = Views({"first": lambda: Prose("one"), "broken": lambda: 1 / 0, "last": lambda: Prose("three <b>")})
    views.draw()
    texts = [output["data"]["text/plain"] for output in views.shown.outputs]
    assert texts == [
        "one",
        "Warning: The view “broken” cannot be shown: ZeroDivisionError: division by zero",
        "three <b>",
    ]
    assert views.busy.value == ""


def test_every_view_shows_the_one_choice(small):
    views = Views(small.views())
    views.draw()
    data = [output["data"] for output in views.shown.outputs]
    assert not [d for d in data if "cannot be shown" in d["text/plain"]]
    assert sum("application/vnd.plotly.v1+json" in d and "image/svg+xml" in d for d in data) == 3


def test_nothing_is_preselected_and_nothing_chosen_is_said(small):
    form = VerdictForm(small, lambda: None)
    assert [change for _, change in form.change.options] == small.found.suspects("i1")["change_id"].tolist()
    assert (form.change.value, form.button.description, form.undo.disabled) == (None, "Record a verdict", True)
    form.role.value = "incident review"
    form.button.click()
    assert "Nothing is recorded: choose what set the incident off." in form.said.value
    assert not (small.dataset.folder / "verdicts.csv").exists()


def test_the_form_records_what_its_button_says_and_undo_takes_it_back(small):
    drawn = []
    form = VerdictForm(small, lambda: drawn.append(1))
    form.role.value, form.change.value, form.note.value = "jane@example.org", "none", "<b>x</b>"
    assert form.button.description == "Record: i1 was set off by none"
    form.button.click()
    assert "'jane@example.org' is an address or a handle, not a role" in unescape(form.said.value)
    assert not (small.dataset.folder / "verdicts.csv").exists() and not form.button.disabled
    form.role.value = "incident review"
    form.button.click()
    assert "no recorded change set it off, decided by incident review" in form.said.value
    assert load(small.dataset.folder).verdicts[["change_id", "note"]].values.tolist() == [["none", "<b>x</b>"]]
    assert (drawn, form.note.value, form.change.value) == ([1], "", None), "a second click is no second verdict"
    assert (form.undo.description, form.undo.disabled) == ("Undo: i1 was set off by none", False)
    form.undo.click()
    assert "Taken back: that none set i1 off." in form.said.value
    assert load(small.dataset.folder).verdicts.empty
    assert (len(drawn), form.undo.disabled) == (2, True)


def test_a_fault_of_ours_is_said_and_the_form_works_on(small, monkeypatch):
    form = VerdictForm(small, lambda: None)
    form.change.value = "c1"
    monkeypatch.setattr(small, "decide", lambda *_, **__: 1 / 0)
    form.button.click()
    assert "a fault of Aftershock: ZeroDivisionError" in form.said.value
    assert not form.button.disabled and form.change.value == "c1"


def test_what_is_said_is_text(small):
    form = VerdictForm(small, lambda: None)
    form.said.say("<img src=x onerror=alert(1)>\u202e")
    assert "<img" not in form.said.value and "\u202e" not in form.said.value


def test_without_an_incident_there_is_nothing_to_decide():
    explorer = open_explore(dataset="twitter-2023", start="2023-04-01", end="2023-04-30")
    form = VerdictForm(explorer, lambda: None)
    assert (form.button.disabled, form.change.options) == (True, (("no incident", None),))
