"""What the parts of the explore page are made of."""

from __future__ import annotations

import base64
import re
from types import SimpleNamespace

from aftershock.output.blocks import Prose
from aftershock.reports.explore_widgets import Later, Message, Shown, TakeAway, View


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


def test_a_view_that_fails_says_so_and_shows_nothing_old():
    answers = [Prose("one <b>"), None]
    view = View("the view", lambda: answers.pop(0))
    view.draw()
    assert "<p>one &lt;b&gt;</p>" in view.shown.value and view.failed.value == ""
    view.draw()
    assert view.shown.value == ""
    assert "The part “the view” cannot be shown: AttributeError" in view.failed.value
    answers.append(Prose("two"))
    view.draw()
    assert "<p>two</p>" in view.shown.value and view.failed.value == ""


def test_what_is_said_is_text():
    said = Message()
    said.say("<img src=x onerror=alert(1)>\u202e", "")
    assert "<img" not in said.value and "\u202e" not in said.value and said.value.count("<div>") == 1
    said.offer("<b>rows</b>", 'x".csv', "a,b\n<b>,2\n")
    assert "<b>" not in said.value and 'x".csv' not in said.value
    assert base64.b64decode(re.search('base64,([^"]+)', said.value)[1]).decode() == "a,b\n<b>,2\n"


def test_a_part_in_a_cell_is_printed_too():
    view = View("x", lambda: Prose("live"))
    bundle = Shown(view.box, lambda: Prose("printed"))._repr_mimebundle_()
    assert bundle["text/plain"] == "printed" and "<p>printed</p>" in bundle["text/html"]
    assert bundle["application/vnd.jupyter.widget-view+json"]["model_id"] == view.box.model_id
    broken = Shown(view.box, lambda: 1 / 0)._repr_mimebundle_()
    assert "This cannot be printed: ZeroDivisionError" in broken["text/plain"]


def test_code_and_rows_are_of_the_moment_and_a_fault_is_said():
    choice = ["one"]
    away = TakeAway(lambda: f"code of {choice[0]}", lambda: {"one": "a\n1\n"}[choice[0]], "suspects")
    away.show.click()
    assert (away.text.value, away.show.description, away.text.layout.display) == (
        "code of one",
        "Hide the code",
        "flex",
    )
    away.take.click()
    assert 'download="suspects.csv"' in away.link.value
    choice[0] = "two"
    away.clear()
    assert (away.text.value, away.link.value) == ("code of two", ""), "what was offered was of another choice"
    away.take.click()
    assert "There are no rows to take: KeyError" in away.link.value
    away.show.click()
    assert (away.text.value, away.text.layout.display) == ("", "none")
