"""Figures of the explore page, drawn by plotly's script, which the browser takes in once for all of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import anywidget
import plotly.graph_objects as go
import plotly.io as pio
import traitlets

from aftershock.figures import plotlyjs
from aftershock.figures.frame import Figure
from aftershock.figures.linked_timeline import Spec
from aftershock.reports.explore_widgets import Part

USUAL = ("bar", "scatter")
"""The traces of the explore page's figures, unless there are too many marks."""


class Drawing(anywidget.AnyWidget):
    """A figure: ``slots`` lists of traces and a layout, as plotly's JSON has them. What is not as it was is sent, a slot alone.
    plotly's own widget checks each property again and reports each drawing back to the kernel, trace by trace. One drawing of
    a page ``brings`` the smallest script along that draws such traces, for all that draw nothing but :data:`USUAL` ones; a
    drawing of others brings its own script, when it first has one."""

    _esm = """
    const known = globalThis[Symbol.for('aftershock.plotly')] ??= {scripts: new Map(), news: new EventTarget()};
    const SVG = 'http://www.w3.org/2000/svg', MARKS = 'aftershock-marks';
    async function load(script) {
        const parts = ['const module = {exports: {}};', script, '\\nexport default module.exports;'];
        const file = new Blob(parts, {type: 'text/javascript'});
        return (await import(URL.createObjectURL(file))).default;
    }
    function take(model) {
        const script = model.get('script'), draws = model.get('script_draws');
        if (!script?.byteLength || known.scripts.has(`${draws}`)) return;
        const one = {draws};
        known.scripts.set(`${draws}`, one);
        load(script).then(found => one.found = found, error => one.error = error)
            .then(() => known.news.dispatchEvent(new Event('change')));
    }
    const initialize = ({model}) => take(model);

    // Marks whose trace brings their shapes are one path for all that look alike: plotly would draw and style each by itself.
    const isStamped = ({type, visible, meta}) => type === 'scatter' && visible === true && meta?.shapes;
    function stamp(plot) {
        const {xaxis, yaxis} = plot._fullLayout;
        plot.querySelector(`.${MARKS}`)?.remove();
        for (const {uid, x, y, marker, meta} of plot._fullData.filter(isStamped)) {
            const paths = new Map(), marks = document.createElementNS(SVG, 'g');
            for (let n = 0; n < x?.length; n++) {
                const look = `${marker.color[n]} ${marker.symbol[n]}`;
                const one = `M${xaxis.d2p(x[n]).toFixed(1)},${yaxis.d2p(y[n]).toFixed(1)}${meta.shapes[marker.symbol[n]]}`;
                paths.set(look, (paths.get(look) ?? '') + one);
            }
            for (const [look, all] of paths) {
                const path = document.createElementNS(SVG, 'path');
                for (const [name, value] of Object.entries({d: all, fill: look.split(' ')[0], opacity: marker.opacity}))
                    path.setAttribute(name, value);
                marks.append(path);
            }
            marks.setAttribute('class', MARKS);
            plot.querySelector(`.trace${uid}`)?.append(marks);
        }
    }

    function render({model, el}) {
        const plot = document.createElement('div'), failed = document.createElement('div');
        el.style.width = '100%';
        el.append(plot, failed);
        let Plotly, shown, waiting = true, width = 0;
        const save = () => { // as plotly's own button, which knows nothing of marks that are stamped
            const {width, height} = plot._fullLayout;
            Plotly.downloadImage(shown, {format: 'png', filename: 'aftershock', width, height});
        };
        const config = {displaylogo: false, modeBarButtonsToRemove: ['toImage'],
            modeBarButtonsToAdd: [{name: 'save', title: 'Download plot as a PNG', click: save}]}; // another one draws all anew
        const scriptFor = traces => {
            const kinds = traces.filter(({visible}) => visible !== false).map(({type}) => type ?? 'scatter');
            const fit = [...known.scripts.values()].filter(({draws}) => !draws.length || kinds.every(k => draws.includes(k)));
            const found = fit.map(one => one.found).filter(Boolean);
            failed.textContent = !found.length && fit[0]?.error ? `plotly's script cannot be loaded: ${fit[0].error}` : '';
            return found.includes(Plotly) ? Plotly : found[0];
        };
        const draw = () => {
            take(model);
            const layout = structuredClone(model.get('figure_layout')); // plotly writes into it
            plot.style.minHeight = `${layout.height ?? 0}px`; // what is below stays where it is
            el.setAttribute('role', 'group');
            el.setAttribute('aria-label', layout.meta?.alt ?? layout.title?.text?.replace(/<[^>]*>/g, ' ') ?? '');
            const traces = Array.from({length: model.get('slots')}, (_, n) => model.get(`slot_${n}`)).flat();
            const script = scriptFor(traces);
            waiting = !script;
            plot.style.opacity = waiting ? '.4' : ''; // what it shows is of before
            if (waiting || !width) return;
            const isFirst = script !== Plotly;
            if (isFirst) Plotly?.purge(plot);
            Plotly = script;
            if (isFirst) config.modeBarButtonsToAdd[0].icon = Plotly.Icons.camera;
            const empty = ({name}) => ({name, visible: false}); // of a kind that this script may not draw
            const all = traces.map(trace => trace.visible === false ? empty(trace) : {...trace});
            const one = trace => isStamped(trace) ? {...trace, marker: {...trace.marker, maxdisplayed: 1}} : trace;
            shown = {data: all, layout};
            Plotly.react(plot, all.map(one), layout, config);
            if (!isFirst) return;
            for (const name of ['plotly_afterplot', 'plotly_relayout']) plot.on(name, () => stamp(plot));
            stamp(plot);
        };
        const heard = () => waiting && draw();
        const room = new ResizeObserver(([{contentRect}]) => {
            if (!contentRect.width || contentRect.width === width) return;
            width = contentRect.width;
            if (plot._fullLayout) Plotly.Plots.resize(plot);
            else draw();
        });
        room.observe(el);
        model.on('change', draw);
        known.news.addEventListener('change', heard);
        draw();
        return () => {
            room.disconnect();
            model.off('change', draw);
            known.news.removeEventListener('change', heard);
            Plotly?.purge(plot);
        };
    }
    export default {initialize, render};
    """
    slots = traitlets.Int(1).tag(sync=True)
    figure_layout = traitlets.Dict().tag(sync=True)
    script = traitlets.Bytes().tag(sync=True)
    script_draws: Any = traitlets.List().tag(sync=True)

    def __init__(self, slots: int = 1, *, brings: Iterable[str] = ()):
        self.add_traits(**{f"slot_{n}": traitlets.List().tag(sync=True) for n in range(slots)})
        script, draws = plotlyjs.script(brings) if brings else (b"", [])
        super().__init__(slots=slots, script=script, script_draws=draws)

    def draw(self, slots: Sequence[list[Spec]], layout: Spec) -> None:
        """Show these traces and this layout instead."""
        drawn = {t.get("type", "scatter") for traces in slots for t in traces if t.get("visible") is not False}
        with self.hold_sync():
            if not (drawn <= set(USUAL) or self._brought(drawn)):
                self.script, self.script_draws = plotlyjs.script(drawn)
            for n, traces in enumerate(slots):
                self.set_trait(f"slot_{n}", traces)
            self.figure_layout = layout

    def _brought(self, drawn: set[str]) -> bool:
        return bool(self.script) and (not self.script_draws or drawn <= set(self.script_draws))

    def draw_figure(self, figure: go.Figure, template: Spec | None = None) -> None:
        """Show this figure instead, in the ink of a template."""
        drawn = figure.as_json() if isinstance(figure, Figure) else figure.to_dict()
        spec: dict[str, Any] = json.loads(pio.to_json(drawn, validate=False))
        self.draw([spec["data"]], {**spec["layout"], **({"template": template} if template else {})})


class FigureView(Part):
    """A part that shows the figure that a function gives, in the ink that another gives."""

    def __init__(self, name: str, view: Callable[[], go.Figure], ink: Callable[[], Spec]):
        self.view, self.ink, self.drawing = view, ink, Drawing()
        super().__init__(name, self.drawing)

    def follow(self) -> None:
        self.drawing.draw_figure(self.view(), self.ink())

    def draw(self) -> None:
        super().draw()
        self.drawing.layout.display = (
            "none" if self.failed.value else None
        )  # what it showed before is of another choice
