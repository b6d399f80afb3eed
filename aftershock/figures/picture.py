"""A figure as a static picture (SVG), for where no script runs: an exported notebook, a mail, a viewer of repositories.

It draws what this family of figures uses (scatter, bars, heat maps, lines and boxes behind them, labels), and nothing on
hover. Any browser and image viewer shows it; plotly's own way to pictures needs a browser and seconds for each.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from typing import Any
from xml.etree import ElementTree

import plotly.graph_objects as go

from aftershock.figures import theme
from aftershock.figures.picture_axes import Axis, axis_of
from aftershock.figures.picture_text import text_lines
from aftershock.output.safe_html import clean

WIDTH = 760  # pixels: what fits JupyterLab's cells and a page of paper
LINE_HEIGHT = 1.25  # of the size of its text
CHARACTER = 0.56  # of the size of its text: how wide a character is, on average
DASHES = {"dot": "1.5,3", "dash": "6,4", "dashdot": "6,3,1.5,3"}
POLYGONS: dict[str, list[tuple[float, float]]] = {
    "diamond": [(0, -1.3), (1.3, 0), (0, 1.3), (-1.3, 0)],
    "square": [(-1, -1), (1, -1), (1, 1), (-1, 1)],
    "triangle-up": [(0, -1.2), (1.1, 0.8), (-1.1, 0.8)],
    "triangle-down": [(0, 1.2), (1.1, -0.8), (-1.1, -0.8)],
    "triangle-right": [(1.2, 0), (-0.8, 1.1), (-0.8, -1.1)],
    "triangle-left": [(-1.2, 0), (0.8, 1.1), (0.8, -1.1)],
    "cross": [
        *((0.4, -1.1), (0.4, -0.4), (1.1, -0.4), (1.1, 0.4), (0.4, 0.4), (0.4, 1.1)),
        *((-0.4, 1.1), (-0.4, 0.4), (-1.1, 0.4), (-1.1, -0.4), (-0.4, -0.4), (-0.4, -1.1)),
    ],
    "star": [
        (math.sin(k * math.pi / 5) * r, -math.cos(k * math.pi / 5) * r)
        for k in range(10)
        for r in ((1.3, 0.55)[k % 2],)
    ],
}
"""Marks by plotly's names, in halves of their size; what is not here is a circle."""
PARTS = {
    "layout",
    "template",
    "xaxis",
    "yaxis",
    "margin",
    "title",
    "pad",
    "font",
    "textfont",
    "marker",
    "line",
    "error_x",
}
"""Of plotly's objects, those that have parts and are read here."""


def svg(fig: go.Figure | dict[str, Any], width: int = WIDTH) -> str:
    """The figure, or its plotly's JSON, as one SVG element; its text alternative is the picture's title."""
    return _Picture(_Given(fig) if isinstance(fig, dict) else fig, width).drawn()


class _Given:
    """Plotly's JSON, read as plotly's objects are, which take longer to make than a picture: what is not given is None, or
    an empty part."""

    def __init__(self, values: dict[str, Any]):
        self._values = values

    def __getitem__(self, name: str) -> Any:
        value = self._values.get(name)
        if isinstance(value, dict) or (value is None and name.rstrip("0123456789") in PARTS):
            return _Given(value or {})
        if isinstance(value, list) and value and isinstance(value[0], dict):
            return [_Given(part) for part in value]
        return value

    __getattr__ = get = __getitem__

    def __bool__(self) -> bool:
        return bool(self._values)


class _Picture:
    def __init__(self, fig: Any, width: int):
        self.fig, self.layout, self.width = fig, fig.layout, width
        self.height = int(self.layout.height or 400)
        self.base = self.layout.template.layout
        self.ink = self.base.font.color or "#1b1f24"
        self.root = ElementTree.Element(
            "svg",
            {
                "xmlns": "http://www.w3.org/2000/svg",
                "viewBox": f"0 0 {width} {self.height}",
                "width": str(width),
                "style": "max-width:100%;height:auto",
                "role": "img",
                "font-family": theme.FONT,
            },
        )
        meta = self.layout.meta or {}
        self._add("title").text = clean(str(meta.get("alt") or "Chart"))
        self._add("rect", width=width, height=self.height, fill=theme.PAGES["light"])
        self._lay_out()

    def _lay_out(self) -> None:
        """Where the axes lie: the margins, widened for the names of rows and ticks."""
        margin, axes = self.layout.margin, {}
        named = {"x", "y"} | {t.xaxis or "x" for t in self.fig.data} | {t.yaxis or "y" for t in self.fig.data}
        for name in sorted(named):
            axes[name] = axis_of(self.fig, name)
        vertical = [a for n, a in axes.items() if n[0] == "y" and a.visible]
        longest = max((len(line) for a in vertical for _, text in a.ticks for line in text.split("\n")), default=0)
        wide = longest * CHARACTER * theme.SMALL + 8 if longest else 0
        ends = [len(text) for n, a in axes.items() if n[0] == "x" for _, text in a.ticks[-1:]]
        left, right = (margin.l or 0) + wide, max(margin.r or 0, *(e * 3.5 for e in ends), 0)
        self.left, self.right = left, self.width - right
        across = [a for n, a in axes.items() if n[0] == "x" and a.visible and a.side != "top"]
        deep = max((text.count("\n") + 1 for a in across for _, text in a.ticks), default=0)
        titled = any(a.title for a in across)
        room = (deep + titled) * theme.SMALL * LINE_HEIGHT + 8
        self.top, self.bottom = margin.t or 0, self.height - max(margin.b or 0, room)
        for name, axis in axes.items():
            low, high = axis.domain
            if name[0] == "x":
                axis.begin = self.left + low * (self.right - self.left)
                axis.end = self.left + high * (self.right - self.left)
            else:
                axis.begin = self.bottom - low * (self.bottom - self.top)
                axis.end = self.bottom - high * (self.bottom - self.top)
        self.axes: dict[str, Axis] = axes

    def drawn(self) -> str:
        shapes = list(self.layout.shapes or ())
        for shape in shapes:
            if shape.layer == "below":
                self._shape(shape)
        for name, axis in self.axes.items():
            self._axis(name, axis)
        for trace in self.fig.data:
            getattr(self, f"_{trace.type}")(trace, self.axes[trace.xaxis or "x"], self.axes[trace.yaxis or "y"])
        for shape in shapes:
            if shape.layer != "below":
                self._shape(shape)
        for annotation in self.layout.annotations or ():
            self._annotation(annotation)
        self._title()
        return ElementTree.tostring(self.root, encoding="unicode")

    def _add(self, tag: str, parent: ElementTree.Element | None = None, /, **attributes: Any) -> ElementTree.Element:
        given = {
            name.replace("_", "-"): f"{value:.6g}" if isinstance(value, float) else clean(str(value))
            for name, value in attributes.items()
            if value is not None
        }
        return ElementTree.SubElement(self.root if parent is None else parent, tag, given)

    def _inside(self) -> ElementTree.Element:
        """Where lines and areas are drawn, which end at the drawing's edge; marks, as in plotly, are dropped beyond it. A nested
        picture needs no id, which would have to be unlike those of all other pictures of a page."""
        last = self.root[-1]
        if last.tag == "svg":
            return last
        box = (self.left, self.top, self.right - self.left, self.bottom - self.top)
        places = dict(zip(("x", "y", "width", "height"), box, strict=True))
        return self._add("svg", **places, viewBox=" ".join(f"{v:.6g}" for v in box))

    # text

    def _text(
        self,
        text: str,
        x: float,
        y: float,
        *,
        size: float = theme.SMALL,
        anchor: str = "start",
        vertical: str = "top",
        opacity: float | None = None,
        colour: str | None = None,
    ) -> None:
        """Lines of plotly's small HTML; ``y`` is their top, middle or bottom."""
        lines = text_lines(text)
        height = len(lines) * size * LINE_HEIGHT
        first = y + size - {"top": 0, "middle": height / 2, "bottom": height}[vertical]
        element = self._add("text", font_size=size, fill=colour or self.ink, text_anchor=anchor, opacity=opacity)
        for number, runs in enumerate(lines):
            place = {"x": x, "y": first + number * size * LINE_HEIGHT}
            for run in runs:
                span = self._add("tspan", element, **place, font_weight="600" if run.bold else None, fill=run.colour)
                span.text, place = clean(run.text), {}

    def _annotation(self, note: Any) -> None:
        x = self._at(note.xref, note.x, exponent=True) + (note.xshift or 0)
        y = self._at(note.yref, note.y, vertical=True, exponent=True) - (note.yshift or 0)
        anchor = {"center": "middle", "right": "end"}.get(note.xanchor, "start")
        vertical = note.yanchor if note.yanchor in ("top", "middle", "bottom") else "middle"
        size = (note.font and note.font.size) or theme.LABEL
        room = (self.right - x) / (CHARACTER * size)  # in characters
        text = _cut(note.text, room) if str(note.name or "").startswith("fit") else note.text
        self._text(text, x, y, size=size, anchor=anchor, vertical=vertical, opacity=note.opacity)

    def _title(self) -> None:
        title = self.layout.title
        if title and title.text:
            self._text(title.text, (title.pad.l or 4), 8.0, size=(title.font.size or 14))

    # frame

    def _at(self, ref: str | None, value: Any, *, vertical: bool = False, exponent: bool = False) -> float:
        """A place on the page of a value on an axis, or of a share of the drawing."""
        if ref in self.axes:
            return self.axes[ref].place(value, exponent=exponent)
        if vertical:
            return self.bottom - float(value) * (self.bottom - self.top)
        return self.left + float(value) * (self.right - self.left)

    def _shape(self, shape: Any) -> None:
        x0, x1 = (self._at(shape.xref or "x", v) for v in (shape.x0, shape.x1))
        y0, y1 = (self._at(shape.yref or "y", v, vertical=True) for v in (shape.y0, shape.y1))
        stroke = {
            "stroke": shape.line.color,
            "stroke_width": shape.line.width,
            "stroke_dasharray": DASHES.get(shape.line.dash or ""),
        }
        if shape.type == "line":
            self._add("line", self._inside(), x1=x0, y1=y0, x2=x1, y2=y1, **stroke)
            return
        box = {"x": min(x0, x1), "y": min(y0, y1), "width": abs(x1 - x0), "height": abs(y1 - y0)}
        self._add("rect", self._inside(), **box, fill=shape.fillcolor or "none", **stroke)

    def _axis(self, name: str, axis: Axis) -> None:
        if not axis.visible:
            return
        grid = self.base.xaxis.gridcolor or "#ddd"
        for value, text in axis.ticks:
            at = axis.place(value)
            if name[0] == "x":
                below = axis.side != "top"
                if axis.grid:
                    self._add("line", x1=at, x2=at, y1=self.top, y2=self.bottom, stroke=grid)
                y = self.bottom + 5 if below else self.top - 5
                self._text(text.replace("\n", "<br>"), at, y, anchor="middle", vertical="top" if below else "bottom")
            else:
                if axis.grid:
                    self._add("line", x1=self.left, x2=self.right, y1=at, y2=at, stroke=grid)
                self._text(text, self.left - 6, at, anchor="end", vertical="middle")
        if name[0] == "x" and axis.title:
            title = axis.title.removesuffix("; UTC on hover")  # nothing hovers here
            self._text(title, (self.left + self.right) / 2, self.height - 4.0, anchor="middle", vertical="bottom")

    # traces

    def _scatter(self, trace: Any, x: Axis, y: Axis) -> None:
        places = [(x.place(a), y.place(b)) for a, b in zip(_list(trace.x), _list(trace.y), strict=True)]
        mode = trace.mode or "lines"
        if trace.fill == "toself":
            for part in _parts(places):
                self._add("polygon", self._inside(), points=_points(part), fill=trace.fillcolor)
        if "lines" in mode and trace.line.width != 0:
            for part in _parts(places):
                self._add(
                    "polyline",
                    self._inside(),
                    points=_points(_steps(part) if trace.line.shape == "hv" else part),
                    fill="none",
                    stroke=trace.line.color or theme.BLUE,
                    stroke_width=trace.line.width or 2,
                    stroke_dasharray=DASHES.get(trace.line.dash or ""),
                    opacity=trace.opacity,
                )
        if "markers" in mode:
            self._markers(trace, places, x, y)
        if "text" in mode:
            for place, text in zip(places, _each(trace.text, len(places)), strict=True):
                if text and _known(place):
                    size = trace.textfont.size or theme.SMALL
                    self._text(str(text), *place, size=size, anchor="middle", vertical="middle")

    def _markers(self, trace: Any, places: list[tuple[float, float]], x: Axis, y: Axis) -> None:
        marker, n = trace.marker, len(places)
        looks = (_each(v, n) for v in (marker.symbol, marker.size, marker.color, marker.opacity))
        line, opacity_of_all = marker.line, trace.opacity
        width, edges = line.width, line.color if isinstance(line.color, str) else None  # each look into a figure costs
        for place, symbol, size, colour, opacity in zip(places, *looks, strict=True):
            if not _known(place) or not x.shows(place[0]) or not y.shows(place[1]):
                continue
            name, half = str(symbol or "circle"), float(size or 6) / 2
            hollow = name.endswith("-open")
            name, colour = name.removesuffix("-open"), colour or theme.BLUE
            style = {
                "fill": "none" if hollow else colour,
                "stroke": edges or colour if hollow or width else None,
                "stroke_width": (width or 1.5) if hollow or width else None,
                "opacity": opacity if opacity is not None else opacity_of_all,
            }
            self._mark(name, place, half, style)

    def _mark(self, name: str, place: tuple[float, float], half: float, style: dict[str, object]) -> None:
        x, y = place
        if name == "line-ns":
            self._add("line", x1=x, x2=x, y1=y - half * 1.4, y2=y + half * 1.4, **style)
        elif name in POLYGONS:
            self._add("polygon", points=_points([(x + a * half, y + b * half) for a, b in POLYGONS[name]]), **style)
        else:
            self._add("circle", cx=x, cy=y, r=half, **style)

    def _bar(self, trace: Any, x: Axis, y: Axis) -> None:
        flat = trace.orientation == "h"
        along, across = (y, x) if flat else (x, y)
        where, lengths = (_list(trace.y), _list(trace.x)) if flat else (_list(trace.x), _list(trace.y))
        looks = (_each(v, len(where)) for v in (trace.width, trace.marker.color, trace.base))
        for at, length, width, colour, base in zip(where, lengths, *looks, strict=True):
            if length is None:
                continue
            middle, width = along.number(at), 0.8 if width is None else float(width) / along.unit
            first = middle + (float(trace.offset) / along.unit if trace.offset is not None else -width / 2)
            start, end = along.scaled(first), along.scaled(first + width)
            low = across.place(base or 0) if across.kind != "log" else across.begin
            high = across.place(float(length) + float(base or 0))
            box = (min(start, end), min(low, high), abs(end - start), abs(high - low))
            left, top, w, h = box if not flat else (box[1], box[0], box[3], box[2])
            self._add("rect", self._inside(), x=left, y=top, width=w, height=h, fill=colour or theme.BLUE)
        if flat and trace.error_x.array is not None:
            self._errors(trace, x, y)

    def _errors(self, trace: Any, x: Axis, y: Axis) -> None:
        error = trace.error_x
        ends = (_each(error.array, len(trace.x)), _each(error.arrayminus, len(trace.x)))
        for value, at, up, down in zip(_list(trace.x), _list(trace.y), *ends, strict=True):
            low, high = x.place(value - (down or 0)), x.place(value + (up or 0))
            level, half = y.place(at), float(error.width or 4)
            style = {"stroke": error.color, "stroke_width": error.thickness or 2}
            self._add("line", x1=low, x2=high, y1=level, y2=level, **style)
            for end in (low, high):
                self._add("line", x1=end, x2=end, y1=level - half, y2=level + half, **style)

    def _heatmap(self, trace: Any, x: Axis, y: Axis) -> None:
        low, high = float(trace.zmin), float(trace.zmax)
        for at, row in zip(_list(trace.y), trace.z, strict=True):
            for over, value in zip(_list(trace.x), row, strict=True):
                if value is None or math.isnan(float(value)):
                    continue
                sides = [x.scaled(x.number(over) + s) for s in (-0.5, 0.5)]
                ends = [y.scaled(y.number(at) + s) for s in (-0.5, 0.5)]
                share = (float(value) - low) / (high - low) if high > low else 0.0
                box = {"x": min(sides), "y": min(ends), "width": abs(sides[1] - sides[0]) - 1.5}
                self._add("rect", **box, height=abs(ends[1] - ends[0]) - 1.5, fill=_shade(trace.colorscale, share))


def outline(symbol: str, size: float) -> str:
    """A mark by plotly's name as an SVG path that starts at its middle."""
    half = size / 2
    if symbol not in POLYGONS:
        arc = f"a{half:g},{half:g} 0 1,0"
        return f"m{-half:g},0{arc} {size:g},0{arc} {-size:g},0z"
    places = [(0.0, 0.0), *((x * half, y * half) for x, y in POLYGONS[symbol])]
    return "m" + " ".join(f"{b[0] - a[0]:.2f},{b[1] - a[1]:.2f}" for a, b in itertools.pairwise(places)) + "z"


def _list(values: Any) -> list[Any]:
    return [] if values is None else [None if v is None or v != v else v for v in list(values)]


def _each(value: Any, n: int) -> Sequence[Any]:
    """One value for all, or one each."""
    return [value] * n if value is None or isinstance(value, str | int | float) else list(value)


def _known(place: tuple[float, float]) -> bool:
    return math.isfinite(place[0]) and math.isfinite(place[1])


def _parts(places: Iterable[tuple[float, float]]) -> list[list[tuple[float, float]]]:
    """A line at its gaps."""
    parts: list[list[tuple[float, float]]] = [[]]
    for place in places:
        if _known(place):
            parts[-1].append(place)
        elif parts[-1]:
            parts.append([])
    return [part for part in parts if part]


def _steps(part: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """First along, then up."""
    corners = [((b[0], a[1]), b) for a, b in itertools.pairwise(part)]
    return [part[0], *(place for corner in corners for place in corner)]


def _points(places: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in places)


def _cut(text: str, room: float) -> str:
    """A label cut where the drawing ends, with an ellipsis; one whose text is split by markup is left as it is."""
    plain = text.replace("<b>", "").replace("</b>", "")
    over = len(plain) - int(room)
    return text if over <= 0 or "&" in text[-over - 8 :] else text[: -over - 1].rstrip() + "…"


def _shade(scale: Sequence[tuple[float, str]], share: float) -> str:
    """The colour of a share on a scale of colours as :func:`theme.tint` and the palette write them."""
    for (low, first), (high, second) in itertools.pairwise(scale):
        if share <= high:
            weight = (share - low) / (high - low) if high > low else 0.0
            mixed = [a + (b - a) * max(weight, 0.0) for a, b in zip(_rgba(first), _rgba(second), strict=True)]
            return f"rgba({mixed[0]:.0f},{mixed[1]:.0f},{mixed[2]:.0f},{mixed[3]:.2f})"
    return scale[-1][1]


def _rgba(colour: str) -> tuple[float, ...]:
    if colour.startswith("#"):
        return (*(int(colour[i : i + 2], 16) for i in (1, 3, 5)), 1.0)
    return tuple(float(part) for part in colour[colour.index("(") + 1 : -1].split(","))
