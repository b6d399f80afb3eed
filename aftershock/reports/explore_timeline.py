"""The timeline of the explore page: a click on an incident chooses it, one on a change asks about it, and dragging over the
weeks chooses the period.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pandas as pd
import plotly.graph_objects as go

from aftershock.figures.linked_timeline import INCIDENTS, LAYERS, SUSPECTS, linked_timeline
from aftershock.reports.explore_widgets import LateScript, Page, Part, script_of

if TYPE_CHECKING:
    from aftershock.reports.explore import Explorer

CHANGES = LAYERS.index("changes")


class LiveFigure(LateScript, go.FigureWidget):
    """plotly's figure with its script of five megabytes."""

    _script = script_of("plotly", "package_data/widgetbundle.js")


class Timeline(Part):
    """``picked`` is called with an incident's id, ``asked`` with a change's, ``brushed`` with the first and the last day."""

    def __init__(
        self,
        explorer: Explorer,
        *,
        picked: Callable[[str], object],
        asked: Callable[[str], object],
        brushed: Callable[[pd.Timestamp, pd.Timestamp], object],
    ):
        self.explorer, self.picked, self.asked, self.brushed = explorer, picked, asked, brushed
        self.page = Page()
        self.spec = linked_timeline(explorer.linked())
        self.figure = LiveFigure(self.spec)
        self.figure._config = {**self.figure._config, "responsive": True, "displaylogo": False}
        super().__init__("timeline", self.figure, self.page)
        self.figure.layout.on_change(self._brush, "xaxis2.range")
        self.page.observe(lambda _: self.draw(), names="page")
        self.figure.observe(lambda _: self.draw(), names="_drawn")
        for layer, call in ((INCIDENTS, picked), (CHANGES, asked), (SUSPECTS, asked)):
            self.figure.data[layer].on_click(self._click(call))
        self._own = False

    def follow(self) -> None:
        if not self.figure._drawn:
            return
        old, new = self.spec, linked_timeline(self.explorer.linked(), self.page.page, self.explorer.choice.kept)
        self._own = True
        try:
            with self.figure.batch_update():
                for shown, before, after in zip(self.figure.data, old["data"], new["data"], strict=True):
                    _take_over(shown, before, after)
                _take_over(self.figure.layout, old["layout"], new["layout"])
        finally:
            self._own = False
        self.spec = new

    def _click(self, call: Callable[[str], object]) -> Callable[..., None]:
        def clicked(trace: Any, points: Any, _: object) -> None:
            ids = [trace.customdata[n] for n in points.point_inds]
            if ids and ids[0]:
                call(str(ids[0]))

        return clicked

    def _brush(self, _: object, span: tuple[str, str] | None) -> None:
        """The days that the weeks were zoomed to; then they show everything again."""
        if self._own or not span:
            return
        self._own = True
        try:
            self.figure.layout.xaxis2.range = self.spec["layout"]["xaxis2"]["range"]
        finally:
            self._own = False
        zone = self.explorer.zone
        start, end = sorted(pd.Timestamp(t).normalize().tz_localize(zone) for t in span)
        self.brushed(start, end)


def _take_over(shown: Any, before: dict[str, Any], after: dict[str, Any]) -> None:
    """Set what is not as it was."""
    for name in {**before, **after}:
        if before.get(name) is not after.get(name) and before.get(name) != after.get(name):
            shown[name] = after.get(name)
