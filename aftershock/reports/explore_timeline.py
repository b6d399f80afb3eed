"""The timeline of the explore page: a click on an incident chooses it, one on a change asks about it, and dragging over the
weeks chooses the period.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import anywidget
import pandas as pd
import plotly.graph_objects as go

from aftershock.figures.linked_timeline import WEBGL, linked_timeline
from aftershock.reports.explore_widgets import LateScript, Page, Part, script_of

if TYPE_CHECKING:
    from aftershock.reports.explore import Explorer


class LiveFigure(LateScript, go.FigureWidget):
    """plotly's figure with its script of five megabytes."""

    _script = script_of("plotly", "package_data/widgetbundle.js")


class Brush(anywidget.AnyWidget):
    """Dragging over the weeks of the figure next to it; nothing to be seen but while it lasts. The kernel hears where it began
    and ended, as shares of the width. plotly's own zoom would draw the whole figure twice more: zoomed, and zoomed back. Nor
    need the kernel hear of each mark that the mouse passes: a click would wait behind those."""

    _esm = """
    function render({model, el}) {
        const ours = plot => plot && el.parentElement?.contains(plot);
        const quiet = event => {
            const plot = event.target.closest?.('.js-plotly-plot');
            if (ours(plot)) for (const name of ['plotly_hover', 'plotly_unhover']) plot.removeAllListeners?.(name);
        };
        const start = event => {
            const weeks = event.target.closest?.('[data-subplot="x2y2"]');
            if (event.button || !ours(weeks)) return;
            const {left, top, width, height} = weeks.getBoundingClientRect();
            const at = moved => Math.min(Math.max((moved.clientX - left) / width, 0), 1);
            const from = at(event);
            const band = document.createElement('div');
            band.style.cssText = 'position:fixed;pointer-events:none;z-index:1000;background:currentColor;opacity:.25';
            const draw = moved => {
                const [a, b] = [from, at(moved)].sort((a, b) => a - b);
                Object.assign(band.style, {left: `${left + a * width}px`, top: `${top}px`, width: `${(b - a) * width}px`,
                    height: `${height}px`});
            };
            const end = moved => {
                band.remove();
                document.removeEventListener('pointermove', draw, true);
                for (const name of ['pointerup', 'pointercancel']) document.removeEventListener(name, end, true);
                if (moved.type === 'pointerup' && Math.abs(at(moved) - from) * width >= 4) model.send({brushed: [from, at(moved)]});
            };
            el.append(band);
            document.addEventListener('pointermove', draw, true);
            for (const name of ['pointerup', 'pointercancel']) document.addEventListener(name, end, true);
        };
        document.addEventListener('pointerover', quiet, true);
        document.addEventListener('pointerdown', start, true);
        return () => {
            document.removeEventListener('pointerover', quiet, true);
            document.removeEventListener('pointerdown', start, true);
        };
    }
    export default {render};
    """


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
        self.page, self.brush = Page(), Brush()
        self.spec = linked_timeline(explorer.linked(fitted=False))  # the browser takes its script in meanwhile
        self.figure = LiveFigure(self.spec)
        self.figure._config = {**self.figure._config, "responsive": True, "displaylogo": False}
        super().__init__("timeline", self.figure, self.page, self.brush)
        self.brush.on_msg(lambda _, content, __: self._brush(content["brushed"]))
        self.page.observe(lambda _: self.draw(), names="page")
        self.figure.observe(lambda _: self.draw(), names="_drawn")
        calls = {"incidents": picked, "changes": asked, "suspects": asked}
        for layer in self.figure.data:
            if call := calls.get(layer.name.removesuffix(WEBGL)):
                layer.on_click(self._click(call))

    def follow(self) -> None:
        if not self.figure._drawn:
            return
        old, new = self.spec, linked_timeline(self.explorer.linked(), self.page.page, self.explorer.choice.kept)
        with self.figure.batch_update():
            for shown, before, after in zip(self.figure.data, old["data"], new["data"], strict=True):
                _take_over(shown, before, after)
            _take_over(self.figure.layout, old["layout"], new["layout"])
        self.spec = new

    def _click(self, call: Callable[[str], object]) -> Callable[..., None]:
        def clicked(trace: Any, points: Any, _: object) -> None:
            ids = [trace.customdata[n] for n in points.point_inds]
            if ids and ids[0]:
                call(str(ids[0]))

        return clicked

    def _brush(self, shares: list[float]) -> None:
        """The days that were dragged over, of the weeks that are shown."""
        first, last = (pd.Timestamp(t) for t in self.spec["layout"]["xaxis2"]["range"])
        zone = self.explorer.zone
        start, end = sorted((first + share * (last - first)).normalize().tz_localize(zone) for share in shares)
        self.brushed(start, end)


def _take_over(shown: Any, before: dict[str, Any], after: dict[str, Any]) -> None:
    """Set what is not as it was."""
    for name in {**before, **after}:
        if before.get(name) is not after.get(name) and before.get(name) != after.get(name):
            shown[name] = after.get(name)
