"""The widgets of the explore page: what changes the choice, what shows it, and a form to decide on it.

They hold no state of their own but for what is typed: :class:`~aftershock.reports.explore_choice.Choice` has it. A view that
cannot be drawn says so in its place.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import ipywidgets as w
from markupsafe import Markup

from aftershock.output.blocks import Prose
from aftershock.output.safe_html import markup
from aftershock.schema.errors import AftershockError, UsageError

if TYPE_CHECKING:
    from aftershock.reports.explore import Explorer

EVERY = "every service"
PAUSE = 0.2  # seconds without another key before a choice is drawn: a judgement
WIDE = {"width": "42rem"}


class Later:
    """Calls a function once no further call was asked for in a while; the last one counts. ``after(seconds, call)`` returns
    what can be cancelled: the event loop's own timer unless given. At once where no loop runs."""

    def __init__(self, call: Callable[[], object], seconds: float = PAUSE, after: Callable[..., Any] | None = None):
        self.call, self.seconds, self.after = call, seconds, after
        self._waiting: Any = None

    def ask(self) -> None:
        """Ask for a call."""
        if self._waiting is not None:
            self._waiting.cancel()
        try:
            after = self.after or asyncio.get_running_loop().call_later
        except RuntimeError:
            self.call()
            return
        self._waiting = after(self.seconds, self._due)

    def _due(self) -> None:
        self._waiting = None
        self.call()


class Message(w.HTML):
    """Lines of text, wrapped; a screen reader says them when they change. The only widget here that takes HTML, and only what
    this method made of text."""

    def say(self, *lines: str) -> None:
        """Show these lines instead."""
        paragraphs = Markup("").join(Markup("<p>{}</p>").format(markup(line)) for line in lines if line)
        around = Markup('<div role="status" style="max-width:42rem;line-height:1.4">{}</div>')
        self.value = str(around.format(paragraphs)) if paragraphs else ""


class Controls:
    """Period, service and incident. ``changed`` is called once the choice has changed."""

    def __init__(self, explorer: Explorer, changed: Callable[[], object]):
        self.explorer, self.changed = explorer, changed
        choice = explorer.choice
        days = choice.days
        self.period = w.SelectionRangeSlider(
            options=[(f"{d:%-d %b %Y}", d) for d in days],
            index=(days.index(choice.start), days.index(choice.end)),
            description="period",
            continuous_update=False,
            layout=WIDE,
        )
        self.service = w.Dropdown(
            options=[(EVERY, ""), *((s, s) for s in explorer.services)], value=choice.service, description="service"
        )
        self.incident = w.Dropdown(description="incident", layout=WIDE)
        self.said = Message()
        self.box = w.VBox([self.period, self.service, self.incident, self.said])
        self._offering = False
        self.offer()
        self.period.observe(lambda _: self._choose(), names="value")
        self.service.observe(lambda _: self._choose(), names="value")
        self.incident.observe(lambda _: self._pick(), names="value")

    def offer(self) -> None:
        """The incidents of the choice, and the chosen one where it is none of them."""
        choice = self.explorer.choice
        shown = [(f"{r.incident_id}  {r.title}"[:90], r.incident_id) for r in choice.incidents.itertuples()]
        if choice.outside:
            shown.insert(0, (f"{choice.incident_id}  (outside the period or service)", choice.incident_id))
        self._offering = True
        try:
            self.incident.options = shown or [("none", "")]
            self.incident.value = choice.incident_id
        finally:
            self._offering = False

    def _choose(self) -> None:
        start, end = self.period.value
        try:
            self.explorer.choice.choose(start=start, end=end, service=self.service.value)
        except UsageError as error:
            self.said.say(str(error))
            return
        self.said.say("")
        self.offer()
        self.changed()

    def _pick(self) -> None:
        if not self._offering:
            self.explorer.choice.pick(self.incident.value or "")
            self.changed()


class Views:
    """The views of the choice, one under the other, each drawn by a function of its own."""

    def __init__(self, views: Mapping[str, Callable[[], object]]):
        self.views = views
        self.busy, self.shown = Message(), w.Output()
        self.box = w.VBox([self.busy, self.shown])
        self.later = Later(self.draw)

    def ask(self) -> None:
        """Draw what is chosen when no further choice follows at once."""
        self.busy.say("Drawing …")
        self.later.ask()

    def draw(self) -> None:
        """Draw all now. They are shown together, so that no view shows another choice than the next."""
        self.shown.outputs = tuple(self._output(name, view) for name, view in self.views.items())
        self.busy.say("")

    def _output(self, name: str, view: Callable[[], object]) -> dict[str, object]:
        try:
            data = bundle(view())
        except Exception as error:  # whatever it is, the other views go on
            data = bundle(Prose(f"The view “{name}” cannot be shown: {type(error).__name__}: {error}", kind="warning"))
        return {"output_type": "display_data", "data": data, "metadata": {}}


def bundle(thing: Any) -> dict[str, object]:
    """What a kernel would send for a figure or a block."""
    if hasattr(thing, "_repr_mimebundle_"):
        return dict(thing._repr_mimebundle_())
    return {"text/html": thing._repr_html_(), "text/plain": repr(thing)}


class VerdictForm:
    """Decides on the incident that is shown: which change, in which role, why. Nothing is chosen beforehand, the button says
    what it will write, and what was written last can be taken back. ``changed`` is called after either."""

    def __init__(self, explorer: Explorer, changed: Callable[[], object]):
        self.explorer, self.changed = explorer, changed
        self.change = w.Dropdown(description="set off by", layout=WIDE)
        self.role = w.Text(description="role", placeholder="incident review, on-call lead, …", layout=WIDE)
        self.note = w.Textarea(description="why", layout=WIDE)
        self.button = w.Button(layout={"width": "auto", "max_width": "42rem"})
        self.undo = w.Button(layout={"width": "auto", "max_width": "42rem"})
        self.said = Message()
        self.button.on_click(lambda _: self.record())
        self.undo.on_click(lambda _: self.take_back())
        self.change.observe(lambda _: self._name(), names="value")
        buttons = w.HBox([self.button, self.undo])
        self.box = w.VBox([self.change, self.role, self.note, buttons, self.said])
        self.offer()

    def offer(self) -> None:
        """The suspects of the incident that is chosen now, and none of them chosen."""
        suspects = self.explorer.suspects_to_choose()
        self.change.options = suspects or [("no incident", None)]
        self.change.value = None
        self._name()

    def _name(self) -> None:
        """What each button would do now."""
        incident, last = self.explorer.incident_id, self.explorer.last_verdict
        self.button.disabled = not incident
        self.button.description = (
            f"Record: {incident} was set off by {self.change.value}"[:80]
            if incident and self.change.value
            else "Record a verdict"
        )
        self.undo.disabled = last is None
        self.undo.description = f"Undo: {last.incident_id} was set off by {last.change_id}"[:80] if last else "Undo"

    def record(self) -> None:
        """What the button does."""
        if not self.change.value:
            self.said.say("Nothing is recorded: choose what set the incident off.")
            return
        incident, change = self.explorer.incident_id, self.change.value
        if self._try(lambda: self.explorer.decide(incident, change, by=self.role.value, note=self.note.value)):
            self.note.value = ""

    def take_back(self) -> None:
        """What the undo button does."""
        self._try(self.explorer.undo)

    def _try(self, act: Callable[[], Any]) -> bool:
        """Do it, say what was done or what went wrong; whatever happens, the buttons work again."""
        self.said.say("Writing, and fitting again …")
        self.button.disabled = self.undo.disabled = True
        said: Sequence[str]
        done = False
        try:
            said = act().text.split("\n\n")
            done = True
        except AftershockError as error:
            said = [str(error)]
        except Exception as error:  # the analyst must not be left in front of a form that hangs
            said = [f"This failed, and it is a fault of Aftershock: {type(error).__name__}: {error}"]
        with contextlib.ExitStack() as finally_:
            finally_.callback(self.said.say, *said)
            if done:
                self.offer()
                self.changed()
            else:
                self._name()
        return done
