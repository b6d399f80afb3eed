"""The live explore page: its parts, which all follow one choice, wherever in the notebook each is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from aftershock.figures import theme
from aftershock.output.blocks import Stack
from aftershock.reports.explore_drawing import FigureView
from aftershock.reports.explore_grid import Controls, Grid, Table
from aftershock.reports.explore_timeline import Timeline
from aftershock.reports.explore_verdicts import Queue, Suspects, Verdicts
from aftershock.reports.explore_what_if import WhatIfDrawer
from aftershock.reports.explore_widgets import Later, Part, Shown, TakeAway, View

if TYPE_CHECKING:
    from aftershock.reports.explore import Explorer

LIVE_ONLY = ("queue", "what if")
"""Parts that a printed page has nothing of."""
FIRST = ("suspects", "choice", "incident")
"""What is looked at after a click, and soon drawn. Then the timeline and the grid, then the rest."""
SECOND = ("timeline", "incidents")
BRUSHED = ("choice", "timeline")
"""What is looked at once the weeks were dragged over."""
FRAME = 0.02  # seconds: the browser shows what came first before it is busy, and another click that waits comes before the rest


def is_live() -> bool:
    """Whether the window that runs this cell draws widgets: JupyterLab and VS Code name the cell that they run; papermill and
    nbconvert, which print, do not."""
    from IPython import get_ipython

    kernel = getattr(get_ipython(), "kernel", None)
    parent = kernel.get_parent() if kernel is not None else None
    return bool((parent or {}).get("metadata", {}).get("cellId"))


class ExplorePage:
    """The parts by name. A part that fails says so; the others go on. ``after``: as :class:`Later` has it."""

    def __init__(self, explorer: Explorer, after: Callable[..., Any] | None = None):
        self.explorer = explorer
        self.controls = Controls(explorer, self.follow)
        self.timeline = Timeline(
            explorer, picked=self.pick, asked=lambda change: self.suspects.ask(change), brushed=self.brush
        )
        table = Table()  # the browser takes its script in, too, while the model is fitted
        self.parts = _Parts(
            {
                "choice": lambda: [self.controls, View("choice", lambda: explorer.summary(wait=False))],
                "timeline": lambda: [self.timeline],
                "incidents": lambda: [Grid(explorer, self.pick, table)],
                "incident": lambda: [self._view("incident")],
                "suspects": lambda: [self.suspects],
                "suspects in words": lambda: [self._view("suspects in words")],
                "steps": lambda: [FigureView("steps", lambda: explorer.views["steps"].printed(), self._ink)],
                "steps in words": lambda: [self._view("steps in words")],
                "queue": lambda: [Queue(explorer, self.suspects, self.pick)],
                "what if": lambda: [WhatIfDrawer(explorer, self._ink)],
            }
        )
        self._boxes: dict[str, Shown] = {}
        self._late: list[str] = []
        self.second, self.rest = Later(self._draw_second, FRAME, after), Later(self._draw_rest, FRAME, after)
        self.fitted = Later(lambda: self._draw(BRUSHED), FRAME, after)
        self.timeline.page.observe(lambda _: self.follow(), names="page")
        self._away: list[TakeAway] = []

    @cached_property
    def suspects(self) -> Suspects:
        return Suspects(self.explorer, Verdicts(self.explorer, self.follow))

    def _view(self, name: str) -> View:
        return View(name, lambda: self.explorer.views[name].printed())

    def _ink(self) -> dict[str, Any]:
        """The ink of the page, light or dark, as a template of plotly's."""
        return theme.look(self.timeline.page.page)

    def pick(self, incident_id: str) -> None:
        """Choose an incident; every part shows it."""
        self.explorer.choice.pick(incident_id)
        self.follow()

    def brush(self, start: pd.Timestamp, end: pd.Timestamp) -> None:
        """Choose a period; every part shows it."""
        if self.controls.brush(start, end):
            self.follow(BRUSHED)

    def follow(self, first: tuple[str, ...] = FIRST) -> None:
        """Bring every part to the choice: those that are on the page, these ``first``."""
        for away in self._away:
            away.clear()
        self._draw(first)
        self._late = [name for name in FIRST + SECOND if name not in first]
        self.second.ask()

    def _draw_second(self) -> None:
        self._draw(self._late)
        self.rest.ask()

    def _draw_rest(self) -> None:
        self._draw(name for name in self._boxes if name not in FIRST + SECOND)

    def _draw(self, names: Iterable[str]) -> None:
        for name in names:
            for part in self.parts[name] if name in self._boxes else ():
                part.draw()

    def shown(self, name: str) -> Shown:
        """A part for a cell, drawn; with its code and rows where there are any. The first that needs the model fits it; then
        the choice gets its warnings and the timeline its suspects."""
        import ipywidgets as w

        fitted = self.explorer.is_fitted
        if name not in self._boxes:
            boxes = [part.box for part in self.parts[name]]
            explorer = self.explorer
            if name in explorer.views:
                away = TakeAway(partial(explorer.code, name), partial(explorer.csv, name), name.replace(" ", "-"))
                boxes.append(away.box)
                self._away.append(away)
            self._boxes[name] = Shown(w.VBox(boxes, layout={"width": "100%"}), partial(self._printed, name))
        for part in self.parts[name]:
            part.draw()
        if self.explorer.is_fitted and not fitted:
            self.fitted.ask()
        return self._boxes[name]

    def _printed(self, name: str) -> object:
        """What an export shows in place of a part; the warnings with the first that needs the model."""
        if name not in self.explorer.views:
            return Stack()
        if name == "choice":
            return self.explorer.summary(wait=False)
        view = self.explorer.views[name].printed()
        return Stack(self.explorer.warnings(), view) if name == "incidents" else view  # type: ignore[arg-type]  # a table


class _Parts(dict[str, list[Part]]):
    """The parts of a page, each made when it is first asked for: what needs no fit of the model is seen before there is one."""

    def __init__(self, make: dict[str, Callable[[], list[Part]]]):
        self.make = make

    def __missing__(self, name: str) -> list[Part]:
        made = self[name] = self.make[name]()
        return made
