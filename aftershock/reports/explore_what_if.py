"""The drawer of the explore page in which something is supposed to be otherwise."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import ipywidgets as w

from aftershock.figures.plot_text import kind_name
from aftershock.output.spreadsheets import rows_csv
from aftershock.reports.explore_drawing import Drawing
from aftershock.reports.explore_widgets import WIDE, Later, Message, Part, TakeAway
from aftershock.schema.errors import UsageError

if TYPE_CHECKING:
    from aftershock.reports.explore import Explorer

HINT = "Suppose something above. Nothing is written, and the rest of the page stays as it is."


CODE = """from aftershock.reports.explore import open_explore

explorer = open_explore(dataset={!a}, audience={!a}, incident_id={!a})
explorer.what_if({}).table
"""


class WhatIfDrawer(Part):
    """Both answers on the chosen incident. They are worked out a moment after the last change of a field, so that one that is
    superseded never is. ``ink`` gives that of the page; ``after``: as :class:`Later` has it."""

    def __init__(self, explorer: Explorer, ink: Callable[[], dict[str, Any]], after: Callable[..., Any] | None = None):
        self.explorer, self.ink = explorer, ink
        services = [("", ""), *((s, s) for s in _services(explorer))]
        kinds = [("", ""), *((kind_name(k), k) for k in sorted(set(explorer.dataset.changes["kind"])))]
        self.horizon = w.Text(description="horizon", placeholder="24h", continuous_update=False)
        self.kind = w.Dropdown(description="no kind", options=kinds)
        self.change = w.Text(description="no change", placeholder="id of a change", continuous_update=False)
        self.shift = w.Text(description="put on", placeholder="30min or -1h", continuous_update=False)
        self.service = w.Dropdown(description="edge from", options=services, layout=WIDE)
        self.depends_on = w.Dropdown(description="to", options=services, layout=WIDE)
        self.clear = w.Button(description="Suppose nothing")
        self.said, self.shown = Message(), Drawing()
        self.fields = (self.horizon, self.kind, self.change, self.shift, self.service, self.depends_on)
        self.away = TakeAway(self.code, self.rows, "what-if")
        self.inside = w.VBox([*self.fields, self.clear, self.said, self.shown, self.away.box])
        self.opened = w.ToggleButton(description="What if …")  # an accordion cannot be opened by keyboard
        self.later = Later(self.answer, after=after)
        super().__init__("what if", self.opened, self.inside)
        for field in self.fields:
            field.observe(lambda _: self.draw(), names="value")
        self.opened.observe(lambda _: self.draw(), names="value")
        self.clear.on_click(lambda _: self.suppose_nothing())
        self.draw()

    @property
    def supposed(self) -> dict[str, Any]:
        """What the fields say, as keywords of :meth:`Explorer.what_if`. An edge that is there is removed, any other added."""
        given: dict[str, Any] = {
            "horizon": self.horizon.value.strip(),
            "without_change": self.change.value.strip(),
            "without_kind": self.kind.value,
            "shift_changes": self.shift.value.strip(),
        }
        edge = (self.service.value, self.depends_on.value)
        if all(edge):
            graph = self.explorer.dataset.dependencies
            there = edge in set(zip(graph["service"], graph["depends_on"], strict=True))
            given["remove_edge" if there else "add_edge"] = edge
        return {name: value for name, value in given.items() if value}

    def code(self) -> str:
        """The calls that give what is shown."""
        explorer = self.explorer
        given = ", ".join(f"{name}={value!a}" for name, value in self.supposed.items())
        return CODE.format(str(explorer.dataset.folder), explorer.dataset.audience, explorer.incident_id, given)

    def rows(self) -> str:
        """Both answers as CSV; UsageError where nothing is supposed."""
        return rows_csv(self.explorer.what_if(**self.supposed).table)

    def suppose_nothing(self) -> None:
        """Empty every field."""
        for field in self.fields:
            field.value = ""

    def follow(self) -> None:
        """What it showed is of another choice; the answer comes later."""
        self.shown.layout.display = "none"
        self.away.clear()
        self.inside.layout.display = "flex" if self.opened.value else "none"
        if not self.supposed or not self.opened.value:
            self.said.say(HINT)
            return
        self.said.say("Fitting …")
        self.later.ask()

    def answer(self) -> None:
        """Show both answers for what the fields say now."""
        if not self.supposed:
            return
        try:
            answer = self.explorer.what_if(**self.supposed)
            self.shown.draw_figure(answer.figure, self.ink())
        except UsageError as error:
            self.said.say(str(error))
            return
        except Exception as error:  # whatever it is, the other parts go on
            self.said.say(f"This cannot be answered: {type(error).__name__}: {error}")
            return
        self.shown.layout.display = None
        held = "A verdict on this incident holds the answer." if answer.decided else ""
        self.said.say(f"What if {answer.supposed}: the answer on {answer.incident_id}.", held)


def _services(explorer: Explorer) -> list[str]:
    """Every service that the logs or the service graph name."""
    dataset = explorer.dataset
    logs = {s for t in (dataset.incidents, dataset.changes) for names in t["services"] for s in names}
    return sorted({*logs, *dataset.dependencies["service"], *dataset.dependencies["depends_on"]})
