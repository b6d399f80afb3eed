"""Figures of the explore page, drawn by plotly's script, which the browser takes in once for all of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from importlib import resources
from typing import Any

import anywidget
import plotly.graph_objects as go
import traitlets

from aftershock.figures.linked_timeline import Spec
from aftershock.reports.explore_widgets import Part


class Drawing(anywidget.AnyWidget):
    """A figure: ``slots`` lists of traces and a layout, as plotly's JSON has them. What is not as it was is sent, a slot alone.
    plotly's own widget checks each property again and reports each drawing back to the kernel, trace by trace. One drawing of
    a page brings the ``script`` along."""

    _esm = """
    const plotly = globalThis[Symbol.for('aftershock.plotly')] ??= {};
    plotly.promise ??= new Promise((resolve, reject) => Object.assign(plotly, {resolve, reject}));
    const CONFIG = {displaylogo: false};

    async function load(script) {
        const parts = ['const module = {exports: {}};', script, '\\nexport default module.exports;'];
        const file = new Blob(parts, {type: 'text/javascript'});
        return (await import(URL.createObjectURL(file))).default;
    }
    function initialize({model}) {
        const script = model.get('script');
        if (!script?.byteLength || plotly.begun) return;
        plotly.begun = true;
        load(script).then(plotly.resolve, plotly.reject);
    }
    function render({model, el}) {
        const plot = document.createElement('div');
        el.style.width = '100%';
        el.append(plot);
        let Plotly, width = 0;
        const draw = () => {
            const layout = structuredClone(model.get('figure_layout')); // plotly writes into it
            plot.style.minHeight = `${layout.height ?? 0}px`; // what is below stays where it is
            el.setAttribute('role', 'group');
            el.setAttribute('aria-label', layout.meta?.alt ?? layout.title?.text?.replace(/<[^>]*>/g, ' ') ?? '');
            if (!Plotly || !width) return;
            const slots = Array.from({length: model.get('slots')}, (_, n) => model.get(`slot_${n}`));
            Plotly.react(plot, slots.flat().map(trace => ({...trace})), layout, CONFIG);
        };
        const room = new ResizeObserver(([{contentRect}]) => {
            if (!contentRect.width || contentRect.width === width) return;
            width = contentRect.width;
            if (plot._fullLayout) Plotly.Plots.resize(plot);
            else draw();
        });
        room.observe(el);
        model.on('change', draw);
        draw();
        plotly.promise.then(found => {
            Plotly = found;
            draw();
        }, error => plot.append(`plotly's script cannot be loaded: ${error}`));
        return () => {
            room.disconnect();
            model.off('change', draw);
            Plotly?.purge(plot);
        };
    }
    export default {initialize, render};
    """
    slots = traitlets.Int(1).tag(sync=True)
    figure_layout = traitlets.Dict().tag(sync=True)
    script = traitlets.Bytes().tag(sync=True)

    def __init__(self, slots: int = 1, *, with_script: bool = False):
        self.add_traits(**{f"slot_{n}": traitlets.List().tag(sync=True) for n in range(slots)})
        script = (resources.files("plotly") / "package_data/plotly.min.js").read_bytes() if with_script else b""
        super().__init__(slots=slots, script=script)

    def draw(self, slots: Sequence[list[Spec]], layout: Spec) -> None:
        """Show these traces and this layout instead."""
        with self.hold_sync():
            for n, traces in enumerate(slots):
                self.set_trait(f"slot_{n}", traces)
            self.figure_layout = layout

    def draw_figure(self, figure: go.Figure) -> None:
        """Show this figure instead."""
        spec: dict[str, Any] = json.loads(figure.to_json())
        self.draw([spec["data"]], spec["layout"])


class FigureView(Part):
    """A part that shows the figure that a function gives."""

    def __init__(self, name: str, view: Callable[[], go.Figure]):
        self.view, self.drawing = view, Drawing()
        super().__init__(name, self.drawing)

    def follow(self) -> None:
        self.drawing.draw_figure(self.view())

    def draw(self) -> None:
        super().draw()
        self.drawing.layout.display = (
            "none" if self.failed.value else None
        )  # what it showed before is of another choice
