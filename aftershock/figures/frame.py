"""What every figure has around its drawing: measure and key above it, and in its ``meta`` the finding, the text
alternative, the caption and the table of its data."""

from __future__ import annotations

from aftershock.output import fast_imports  # noqa: F401  # isort: skip  (before plotly's renderers import nbformat)

import contextlib
import html
import math
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import plotly.io as pio

from aftershock.figures import picture
from aftershock.figures.drawing import Sketch, note
from aftershock.figures.plot_text import label, plain
from aftershock.figures.theme import HALO, PAGES, look
from aftershock.output.blocks import PAGE

TOP = 14  # pixels above the drawing where the page says measure and key
PLOTLY = "plotly_mimetype"  # plotly's name for the form that JupyterLab and VS Code draw
LINE = 18  # pixels for a line of the key


class Figure(go.Figure):
    """A figure that a notebook gets in two forms: for plotly, and as a static picture for wherever that does not run.

    Of a :class:`Sketch` plotly makes its objects, which takes longer than drawing it, when somebody first asks for one; a
    page only shows it.
    """

    def __init__(self, data: object = None, *args: Any, **kwargs: Any):
        if isinstance(data, Sketch):
            self.__dict__["_sketch"] = data
        else:
            super().__init__(data, *args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        sketch = None if name.startswith(("__", "_ipython", "_repr")) else self.__dict__.pop("_sketch", None)
        if sketch is None:
            raise AttributeError(f"a figure has no {name}")
        super().__init__(sketch.as_json())
        return getattr(self, name)

    # plotly's own would send scripts, which an export prefers to the picture and fetches from elsewhere
    _ipython_display_ = None
    _repr_html_ = None

    def _repr_mimebundle_(self, include: object = None, exclude: object = None, **options: Any) -> dict[str, object]:
        chosen = pio.renderers.default or PLOTLY
        if PLOTLY not in chosen.split("+"):  # somebody wants figures otherwise
            return super()._repr_mimebundle_(include, exclude, **options)
        drawn = self.as_json() if PAGE in os.environ else _on_ground(self.as_json())
        return {**pio.renderers[PLOTLY].to_mimebundle(drawn), **self.printed()}

    def as_json(self) -> dict[str, Any]:
        """Its ``data`` and ``layout`` as plotly's JSON."""
        return self._sketch.as_json() if "_sketch" in self.__dict__ else self.to_dict()

    def printed(self) -> dict[str, object]:
        """The forms in which it is read where plotly does not run, by their media types."""
        sketch = self.__dict__.get("_sketch")
        drawn = sketch.as_json() if sketch else self
        meta = (drawn["layout"].get("meta") if sketch else self.layout.meta) or {}
        forms: dict[str, object] = {"text/plain": str(meta.get("alt") or "Chart")}
        if PAGE not in os.environ:
            with contextlib.suppress(Exception):  # whoever changed the figure may have put anything into it
                forms["image/svg+xml"] = picture.svg(drawn)
        return forms


def _on_ground(drawn: dict[str, Any]) -> dict[str, Any]:
    """The figure with the ground of the page in whose ink it is drawn: a notebook's window may be dark, and does not say so."""
    layout = drawn["layout"]
    ink = layout.get("template", {}).get("layout", {}).get("font", {}).get("color")
    ground = next((PAGES[page] for page in PAGES if look(page)["layout"]["font"]["color"] == ink), None)
    if ground is None or "paper_bgcolor" in layout:
        return drawn
    return {**drawn, "layout": {**layout, "paper_bgcolor": ground}}


@dataclass(frozen=True)
class Mark:
    """An entry of a key: the character that looks like the mark, in its colour, and what it means."""

    colour: str
    character: str
    name: str

    def as_title(self) -> str:
        return f'<span style="color:{self.colour}">{self.character}</span> {label(self.name, 40)}'


def key(entries: Iterable[tuple[str, str, str]], per_line: int = 4) -> list[list[Mark]]:
    """Lines of a key: ``(colour, character, name)`` each, few enough per line for a phone."""
    items = [Mark(*entry) for entry in entries]
    return [items[i : i + per_line] for i in range(0, len(items), per_line)]


Line = str | list[Mark]
"""A line of the head: text, or entries of a key."""


def _as_title(line: Line) -> str:
    return line if isinstance(line, str) else "   ".join(mark.as_title() for mark in line)


def _as_text(line: Line) -> str | list[list[str]]:
    """A line of the head for the page: plain text, or a list of ``[colour, character, name]``."""
    if isinstance(line, str):
        return html.unescape(re.sub(r"<[^>]*>", "", line))
    return [[mark.colour, mark.character, plain(mark.name, 40)] for mark in line]


def base(
    fig: Sketch, *, height: int, measure: str, lines: Sequence[Line] = (), x_title: str = "", bottom: int = 46
) -> Sketch:
    """Set theme, size and head: ``measure`` says what is drawn and in which unit (in place of a turned axis title),
    ``lines`` are its key. ``height`` leaves room for one line of head; the key's lines add to it."""
    top = 38 + LINE * len(lines) + (8 if lines else 0)
    head = {"measure": _as_text(measure), "lines": [_as_text(line) for line in lines], "height": top - TOP, "top": TOP}
    fig.layout |= {
        "template": look("light"),
        "height": height + LINE * len(lines),
        "margin": {"l": 4, "r": 14, "t": top, "b": bottom if x_title else bottom - 18, "autoexpand": True},
        "showlegend": False,
        "hovermode": "closest",
        "bargap": 0,
        "title": _title("<br>".join([f"<b>{measure}</b>", *map(_as_title, lines)]), bool(lines)),
        "modebar": {"remove": ["select2d", "lasso2d", "autoScale2d", "zoomIn2d", "zoomOut2d"]},
        "meta": {"head": head, "dark": {HALO["light"]: HALO["dark"]}},
    }
    across = {"title": {"text": x_title, "standoff": 8}, "automargin": True, "tickangle": 0, "ticklabelstandoff": 4}
    fig.update_xaxes(**across, ticklabeloverflow="allow")
    fig.update_yaxes(automargin=True, ticklabelstandoff=4)
    return fig


def _title(text: str, several: bool) -> dict[str, object]:
    return {
        "text": text,
        "font": {"size": 14},
        "x": 0,
        "xref": "container",
        "xanchor": "left",
        "y": 1,
        "yref": "container",
        "yanchor": "top",
        "pad": {"l": 4, "t": 16 if several else 8},  # plotly lifts a title of several lines
    }


def describe(
    fig: Sketch,
    *,
    alt: str,
    caption: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    finding: str = "",
) -> go.Figure:
    """The figure, with what a reader gets next to the picture or in its place; all plain text, to be escaped by the page.

    ``finding``: what the figure shows, a sentence with its numbers; ``alt``: the text alternative; ``caption``: how to
    read it and its limits; ``columns`` and ``rows``: its data.
    """
    table = {"columns": list(columns), "rows": [[_cell(v) for v in row] for row in rows]}
    meta = {"finding": finding, "alt": alt, "caption": caption, "table": table}
    fig.layout["meta"] = {**fig.layout.get("meta", {}), **meta}
    return Figure(fig)


def _cell(value: object) -> object:
    if isinstance(value, list | tuple):
        return plain(", ".join(map(str, value)), 200)
    if value is None or pd.isna(value):
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if hasattr(value, "item"):
        return _cell(value.item())
    if isinstance(value, float):
        return float(f"{value:.4g}") if math.isfinite(value) else None
    return value if isinstance(value, int) else plain(value, 200)


def empty(words: str, *, caption: str, columns: Sequence[str] = ()) -> go.Figure:
    """A figure for no data: the reason in words where the marks would be; ``words`` are its finding too."""
    fig = base(Sketch(), height=120, measure="")
    fig.update_xaxes(visible=False, fixedrange=True)
    fig.update_yaxes(visible=False, fixedrange=True)
    note(fig, label(words, 200).replace(". ", ".<br>"), x=0.5, y=0.5, xanchor="center", yanchor="middle")
    return describe(fig, finding=words, alt=words, caption=caption, columns=columns, rows=[])
