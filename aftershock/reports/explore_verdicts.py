"""Deciding on the explore page: the suspects of the chosen incident, each to accept or to set aside, why not another change,
and a queue to be worked through with one key each.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import anywidget
import ipywidgets as w
import traitlets

from aftershock.figures.plot_text import plain
from aftershock.model.exclusions import rejections
from aftershock.output.phrases import percent, plural
from aftershock.reports.explore_queue import VerdictQueue, decided_ids, taught
from aftershock.reports.explore_widgets import WIDE, Message, Part
from aftershock.reports.why import why
from aftershock.schema.errors import AftershockError
from aftershock.schema.tables import NONE

if TYPE_CHECKING:
    from aftershock.reports.explore import Explorer

LONGEST_ID = 20  # characters of a change's id in a row: a commit's would leave no room for its title
ROWS = 6  # suspects that have a row, and a key, of their own
AUTO = {"width": "auto", "flex": "0 0 auto"}


class Verdicts:
    """The role in which is decided, why, and what was written last, which can be taken back. ``changed`` is called after
    either."""

    def __init__(self, explorer: Explorer, changed: Callable[[], object]):
        self.explorer, self.changed = explorer, changed
        self.role = w.Text(description="role", placeholder="incident review, on-call lead, …", layout=WIDE)
        self.note = w.Textarea(description="why", layout=WIDE)
        self.undo = w.Button(layout={"width": "auto", "max_width": "42rem"})
        self.said = Message()
        self.undo.on_click(lambda _: self.take_back())
        self.name_undo()

    def name_undo(self) -> None:
        """What the undo button would do now."""
        last = self.explorer.last_verdict
        self.undo.disabled = last is None
        self.undo.description = plain(f"Undo: {last.said}", 80) if last else "Undo"

    def record(self, change_id: str, rejected: bool = False) -> bool:
        """Decide on the chosen incident: that this change set it off or, ``rejected``, did not; whether it was written."""
        explorer, incident_id = self.explorer, self.explorer.incident_id
        if not incident_id:
            self.said.say("Nothing is recorded: there is no incident to decide on.")
            return False
        before = explorer.found

        def write() -> list[str]:
            said = explorer.decide(incident_id, change_id, by=self.role.value, note=self.note.value, rejected=rejected)
            return [*said.text.split("\n\n"), taught(before, explorer.found, incident_id)]

        if done := self._try(write):
            self.note.value = ""
        return done

    def take_back(self) -> None:
        """What the undo button does."""
        self._try(lambda: self.explorer.undo().text.split("\n\n"))

    def _try(self, act: Callable[[], list[str]]) -> bool:
        """Do it, say what was done or what went wrong; whatever happens, the buttons work again."""
        self.said.say("Writing, and fitting again …")
        try:
            said, done = act(), True
        except AftershockError as error:
            said, done = [str(error)], False
        except Exception as error:  # the analyst must not be left in front of a form that hangs
            said, done = [f"This failed, and it is a fault of Aftershock: {type(error).__name__}: {error}"], False
        self.said.say(*said)
        self.name_undo()
        if done:
            self.changed()
        return done


class Rows(anywidget.AnyWidget):
    """Suspects, a row each: its key, how probable it is, its name, and what can be decided. One widget, as one message then
    draws all of them. ``rows``: key, percent, share, name, change, accept (what its button says), and what accepting and
    rejecting write: accepts, rejects ("" where it cannot be). A button sends back accept or reject and the change."""

    _esm = """
    function element(parent, tag, style, classes) {
        const made = document.createElement(tag);
        made.style.cssText = style;
        made.className = classes ?? '';
        parent.append(made);
        return made;
    }
    function render({model, el}) {
        el.style.width = '100%';
        const made = [];
        const button = (line, verdict, n) => {
            const one = element(line, 'button', 'width:auto;flex:0 0 auto', 'jupyter-widgets jupyter-button widget-button');
            one.type = 'button';
            one.addEventListener('click', () => {
                const {incident, change} = model.get('rows')[n];
                model.send({verdict, incident, change});
            });
            return one;
        };
        const line = n => {
            const all = element(el, 'div', 'display:flex;flex-flow:row wrap;align-items:baseline;gap:0 .5rem;margin:2px');
            const percent = element(all, 'span', 'width:3.2rem;flex:0 0 auto;text-align:right');
            const bar = element(all, 'span', 'width:6rem;height:.8rem;flex:0 0 auto;border:1px solid;opacity:.7');
            const share = element(bar, 'span', 'display:block;height:100%;background:currentColor');
            const name = element(all, 'span', 'flex:1 1 12rem;min-width:0;line-height:1.4;overflow-wrap:anywhere');
            const both = element(all, 'span', 'display:flex;flex:0 0 auto;margin-left:auto');
            return {all, percent, share, name, accept: button(both, 'accept', n), reject: button(both, 'reject', n)};
        };
        const draw = () => {
            const rows = model.get('rows');
            while (made.length < rows.length) made.push(line(made.length));
            made.forEach(({all, percent, share, name, accept, reject}, n) => {
                all.style.display = n < rows.length ? 'flex' : 'none';
                if (n >= rows.length) return;
                const row = rows[n];
                percent.textContent = row.percent;
                share.style.width = `${100 * row.share}%`;
                name.textContent = `${row.key}  ${row.name}`;
                [accept.textContent, accept.title] = [row.accept, row.accepts];
                [reject.textContent, reject.title] = ['Reject', row.rejects];
                reject.style.visibility = row.rejects ? 'visible' : 'hidden';
            });
        };
        model.on('change:rows', draw);
        draw();
    }
    export default {render};
    """
    rows: Any = traitlets.List().tag(sync=True)


def _row(incident_id: str, suspect: Any, key: str) -> dict[str, Any]:
    """``suspect``: a row of ``found.suspects``."""
    none = suspect.change_id == NONE
    name = "no recorded change" if none else f"{plain(suspect.title, 100)} ({plain(suspect.change_id, LONGEST_ID)})"
    return {
        "key": key,
        "percent": percent(suspect.probability),
        "share": float(suspect.probability),
        "name": name,
        "incident": incident_id,
        "change": suspect.change_id,
        "accept": "Accept: " + ("none" if none else plain(suspect.change_id, LONGEST_ID)),
        "accepts": f"Record: {incident_id} was set off by {suspect.change_id}",
        "rejects": "" if none else f"Record: {incident_id} was not set off by {suspect.change_id}",
    }


class Suspects(Part):
    """The suspects of the chosen incident. Nothing is preselected; each button says what it writes. A change that is rejected
    is no suspect any more: the others share its probability."""

    def __init__(self, explorer: Explorer, verdicts: Verdicts):
        self.explorer, self.verdicts = explorer, verdicts
        self.rows = Rows()
        self.rows.on_msg(lambda _, content, __: self.decide(**content))
        self.rejected = Message()
        self.asked = w.Text(description="why not", placeholder="id of a change, or click on one above", layout=WIDE)
        self.asked.continuous_update = False
        self.accept_asked = w.Button(layout=AUTO)
        self.answer = Message()
        self.accept_asked.on_click(lambda _: verdicts.record(self.explorer.choice.asked))
        self.asked.observe(lambda change: self.ask(change["new"]), names="value")
        about = [w.HBox([self.asked, self.accept_asked]), self.answer]
        form = [verdicts.role, verdicts.note, verdicts.undo, verdicts.said]
        super().__init__("suspects", self.rows, self.rejected, *about, *form)
        self.draw()

    def ask(self, change_id: str) -> None:
        """Say why a change is, or is not, a suspect."""
        self.explorer.choice.asked = change_id.strip()
        self.draw()

    def decide(self, verdict: str, incident: str, change: str) -> None:
        """What a button of a row writes; nothing where another incident has been chosen meanwhile."""
        if incident == self.explorer.incident_id:
            self.verdicts.record(change, rejected=verdict == "reject")

    def shown(self) -> list[str]:
        """The changes that have a row, in order; "none" is the last."""
        return [row["change"] for row in self.rows.rows]

    def follow(self) -> None:
        explorer, choice = self.explorer, self.explorer.choice
        suspects = explorer.suspects
        none = suspects[suspects["change_id"] == NONE]
        first = suspects[suspects["change_id"] != NONE].head(ROWS)
        each = [*enumerate(first.itertuples(), 1), *((0, s) for s in none.itertuples())]
        self.rows.rows = [_row(explorer.incident_id, suspect, str(key)) for key, suspect in each]
        ruled_out = rejections(explorer.dataset, explorer.incident_id)
        self.rejected.say(*(f"{change}: {who}." for change, who in ruled_out.items()))
        self.verdicts.name_undo()
        self.asked.value = choice.asked
        self._answer(choice.asked)

    def _answer(self, change_id: str) -> None:
        known = bool(change_id and self.explorer.incident_id)
        self.accept_asked.layout.visibility = "hidden"
        if not known:
            self.answer.say()
            return
        try:
            said = why(self.explorer.found, self.explorer.incident_id, change_id)
        except AftershockError as error:
            said = [str(error)]
        else:
            self.accept_asked.description = f"Accept: {plain(change_id, LONGEST_ID)}"
            self.accept_asked.tooltip = f"Record: {self.explorer.incident_id} was set off by {change_id}"
            self.accept_asked.layout.visibility = "visible"
        self.answer.say(*itertools.takewhile(bool, said))  # its steps are a table of their own


class Keys(anywidget.AnyWidget):
    """A field that takes single keys while it has the focus, and keeps them from the notebook."""

    _esm = """
    function render({model, el}) {
        const field = document.createElement('div');
        field.tabIndex = 0;
        field.textContent = 'Click here, then decide with one key each.';
        field.setAttribute('role', 'application');
        field.setAttribute('aria-label', 'Decide with one key each');
        field.setAttribute('data-lm-suppress-shortcuts', 'true');
        field.style.cssText = 'border:2px solid currentColor;border-radius:4px;padding:.5rem .8rem;max-width:42rem';
        field.addEventListener('keydown', event => {
            if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
            if (!model.get('taken').includes(event.key)) return;
            event.preventDefault();
            event.stopPropagation();
            model.send({key: event.key});
        });
        el.append(field);
    }
    export default {render};
    """
    taken = traitlets.List(traitlets.Unicode()).tag(sync=True)


class Queue(Part):
    """The incidents to decide on, the most uncertain and most severe first, one key each."""

    def __init__(self, explorer: Explorer, suspects: Suspects, picked: Callable[[str], object]):
        self.explorer, self.suspects, self.picked = explorer, suspects, picked
        self.queue = VerdictQueue()
        self.field = Keys(taken=[*(str(n) for n in range(ROWS + 1)), "r", "s", "u"])
        self.start = w.Button(layout=AUTO)
        self.start.on_click(lambda _: self.go_on())
        self.field.on_msg(lambda _, content, __: self.press(content.get("key", "")))
        self.left = Message()
        super().__init__("queue of verdicts", self.left, self.start, self.field)
        self.draw()

    def follow(self) -> None:
        found, chosen = self.explorer.found, self.explorer.incident_id
        order = self.queue.order(found)
        decided = len(decided_ids(found) & set(found.incidents["incident_id"]))
        left = f"{plural(len(order), 'incident')} left to decide on, {decided} decided."
        if not self.suspects.verdicts.role.value.strip():
            left += " Fill in the role above first."
        self.start.disabled = not order
        self.start.description = plain(f"Next: {order[0]}", 60) if order else "Nothing is left to decide on"
        keys = (
            f"1 to {ROWS}: accept that suspect of {chosen}; 0: no recorded change; r: reject the first suspect; s: skip it; "
            "u: take the last verdict back."
        )
        self.left.say(left, keys if chosen else "")

    def press(self, key: str) -> None:
        """What a key does to the chosen incident."""
        if key == "u":
            self.suspects.verdicts.take_back()
        elif key == "s":
            self.queue.skip(self.explorer.incident_id)
            self.go_on()
        elif key == "r" and (change := self._change(1)):
            self.suspects.verdicts.record(change, rejected=True)
        elif key.isdigit() and (change := self._change(int(key))) and self.suspects.verdicts.record(change):
            self.go_on()

    def go_on(self) -> None:
        """Choose the next one."""
        order = self.queue.order(self.explorer.found)
        self.draw()
        if order:
            self.picked(order[0])

    def _change(self, number: int) -> str:
        """The change of a suspect's number, 0 for none; "" where no row has it."""
        changes = [c for c in self.suspects.shown() if c != NONE]
        if number == 0:
            return NONE if self.explorer.incident_id else ""
        return changes[number - 1] if number <= len(changes) else ""
