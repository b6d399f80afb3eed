"""The timeline of the explore page: a click on an incident chooses it, one on a change asks about it, and dragging over the
weeks chooses the period.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import anywidget
import pandas as pd

from aftershock.figures.linked_timeline import LAYERS, WEBGL, linked_timeline
from aftershock.reports.explore_drawing import USUAL, Drawing
from aftershock.reports.explore_widgets import Page, Part

if TYPE_CHECKING:
    from aftershock.reports.explore import Explorer


class Pointer(anywidget.AnyWidget):
    """What the mouse does on the figure next to it; nothing to be seen but while the weeks are dragged over. The kernel hears
    where that began and ended, as shares of the width, and whose mark a click was on. plotly's own zoom would draw the whole
    figure twice more: zoomed, and zoomed back; it would lay a cover over the window, for which the whole page is styled anew when
    it comes and when it goes; and on a busy machine its click forgets between press and release what it was on."""

    _esm = """
    const NEAR = 20; // pixels beyond a mark's edge that still mean it, as plotly's hover has it
    const LONGEST = 3000; // milliseconds until a band goes that no drawing follows

    function markAt(plot, area, {clientX, clientY}) {
        const {left, top} = area.getBoundingClientRect(), {xaxis, yaxis} = plot._fullLayout;
        let found = null, least = NEAR;
        for (const {name, visible, x, y, customdata, marker} of plot._fullData) {
            if (visible !== true || !customdata?.length) continue;
            for (let n = 0; n < customdata.length; n++) {
                const size = Array.isArray(marker.size) || ArrayBuffer.isView(marker.size) ? marker.size[n] : marker.size;
                const off = Math.hypot(left + xaxis.d2p(x[n]) - clientX, top + yaxis.d2p(y[n]) - clientY);
                const beyond = Math.max(off - size / 2, 0);
                if (beyond < least || (beyond === least && name.startsWith('incidents'))) {
                    least = beyond;
                    found = {clicked: [name, customdata[n]]};
                }
            }
        }
        return found;
    }

    function render({model, el}) {
        const under = event => {
            const [at] = event.composedPath(); // the target itself, also where widgets are drawn in a shadow root
            const area = at.closest?.('[data-subplot]'), plot = area?.closest('.js-plotly-plot');
            const ours = plot && !event.button && el.parentElement?.contains(plot);
            return ours ? {area, plot, isWeeks: area.dataset.subplot === 'x2y2'} : {};
        };
        const keep = event => under(event).isWeeks && event.stopPropagation();
        const start = event => {
            const {area, plot, isWeeks} = under(event);
            if (!plot) return;
            const {left, top, width, height} = area.getBoundingClientRect();
            const share = moved => Math.min(Math.max((moved.clientX - left) / width, 0), 1);
            const from = share(event);
            const band = document.createElement('div');
            band.style.cssText = 'position:fixed;pointer-events:none;z-index:1000;background:currentColor;opacity:.25';
            const draw = moved => {
                const [a, b] = [from, share(moved)].sort((a, b) => a - b);
                Object.assign(band.style, {left: `${left + a * width}px`, top: `${top}px`, width: `${(b - a) * width}px`,
                    height: `${height}px`});
            };
            const end = moved => {
                document.removeEventListener('pointermove', draw, true);
                for (const name of ['pointerup', 'pointercancel']) document.removeEventListener(name, end, true);
                const far = Math.hypot(moved.clientX - event.clientX, moved.clientY - event.clientY) >= 4;
                const said = moved.type !== 'pointerup' ? null
                    : isWeeks ? far && {brushed: [from, share(moved)]} : !far && markAt(plot, area, event);
                if (said) model.send(said);
                if (!said?.brushed) return band.remove();
                plot.once('plotly_afterplot', () => band.remove()); // what was chosen is seen until it is drawn
                setTimeout(() => band.remove(), LONGEST);
            };
            if (isWeeks) {
                el.append(band);
                document.addEventListener('pointermove', draw, true);
            }
            for (const name of ['pointerup', 'pointercancel']) document.addEventListener(name, end, true);
        };
        document.addEventListener('pointerdown', start, true);
        document.addEventListener('mousedown', keep, true);
        return () => {
            document.removeEventListener('pointerdown', start, true);
            document.removeEventListener('mousedown', keep, true);
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
        self.page, self.pointer = Page(), Pointer()
        self.figure = Drawing(len(LAYERS), brings=USUAL)  # the browser takes it in while the model is fitted
        super().__init__("timeline", self.figure, self.page, self.pointer)
        self.pointer.on_msg(lambda _, content, __: self._hear(content))
        self.page.observe(lambda _: self.draw(), names="page")

    def follow(self) -> None:
        spec = linked_timeline(self.explorer.linked(), self.page.page, self.explorer.choice.kept)
        self.figure.draw([[trace] for trace in spec["data"]], spec["layout"])

    def _hear(self, content: dict[str, list[Any]]) -> None:
        if "brushed" in content:
            self._brush(content["brushed"])
            return
        layer, row_id = content["clicked"]
        if row_id:  # squares of many changes have none
            (self.picked if layer.removesuffix(WEBGL) == "incidents" else self.asked)(str(row_id))

    def _brush(self, shares: list[float]) -> None:
        """The days that were dragged over, of the weeks that are shown."""
        first, last = (pd.Timestamp(t) for t in self.figure.figure_layout["xaxis2"]["range"])
        zone = self.explorer.zone
        start, end = sorted((first + share * (last - first)).normalize().tz_localize(zone) for share in shares)
        self.brushed(start, end)
