"""A figure while it is drawn, and what several draw: direct labels, bands between two curves, axes of minutes, shares and rows."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from aftershock.figures.theme import HALO, LABEL, MUTED, SMALL, tint

TICKS = {0.5: "<1 min", 2: "2 min", 10: "10 min", 60: "1 h", 360: "6 h", 1440: "1 day", 4320: "3 days"}
WIDE_TICKS = {0.5: "<1 min", 10: "10 min", 60: "1 h", 480: "8 h", 4320: "3 days", 43200: "1 month", 525600: "1 year"}


class Sketch:
    """A figure while it is drawn: plotly's JSON, with plotly's words. Its objects would check all that is there again at
    each addition; :class:`aftershock.figures.frame.Figure` has plotly check the whole, once."""

    def __init__(self) -> None:
        self.data: list[dict[str, Any]] = []
        self.layout: dict[str, Any] = {"xaxis": {}, "yaxis": {}}

    def add_scatter(self, **trace: Any) -> None:
        self.data.append({"type": "scatter", **trace})

    def add_bar(self, **trace: Any) -> None:
        self.data.append({"type": "bar", **trace})

    def add_heatmap(self, **trace: Any) -> None:
        self.data.append({"type": "heatmap", **trace})

    def add_shape(self, **shape: Any) -> None:
        add(self, shapes=[shape])

    def axes(self, letter: str) -> list[dict[str, Any]]:
        """The axes ``x`` or ``y``, to write into."""
        return [value for name, value in self.layout.items() if name.startswith(f"{letter}axis")]

    def update_xaxes(self, **values: Any) -> None:
        for axis in self.axes("x"):
            axis |= values

    def update_yaxes(self, **values: Any) -> None:
        for axis in self.axes("y"):
            axis |= values

    def as_json(self) -> dict[str, Any]:
        """``{"data": [...], "layout": {...}}`` without what was given as None, as plotly has it."""
        return {"data": [_given(trace) for trace in self.data], "layout": _given(self.layout)}


def _given(values: dict[str, Any]) -> dict[str, Any]:
    return {name: _parts_given(value) for name, value in values.items() if value is not None}


def _parts_given(value: Any) -> Any:
    if isinstance(value, dict):
        return _given(value)
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [_given(part) for part in value]
    return value


def note(fig: Sketch, text: str, **place: Any) -> None:
    """One :func:`text_at` on a figure."""
    add(fig, [text_at(text, **place)])


def add(fig: Sketch, texts: Sequence[dict[str, Any]] = (), shapes: Sequence[dict[str, Any]] = ()) -> None:
    """Texts and shapes after those that are there."""
    for name, parts in (("annotations", texts), ("shapes", shapes)):
        if parts:
            fig.layout.setdefault(name, []).extend(parts)


def text_at(
    text: str,
    *,
    x: float | str,
    y: float,
    xref: str = "paper",
    yref: str = "paper",
    xanchor: str = "left",
    yanchor: str = "bottom",
    size: int = LABEL,
    muted: bool = False,
    halo: bool = False,
    fit: float = 0,
    dx: int = 0,
    dy: int = 0,
) -> dict[str, Any]:
    """A direct label in the page's ink; ``halo`` sets it on the page's own ground where it crosses lines, ``fit`` is the
    share of the drawing's width to which the page's script may cut it. On a log axis ``x`` is the logarithm, as plotly wants it for
    annotations."""
    return {
        "text": text,
        "x": x,
        "y": y,
        "xref": xref,
        "yref": yref,
        "xanchor": xanchor,
        "yanchor": yanchor,
        "showarrow": False,
        "align": {"right": "right", "center": "center"}.get(xanchor, "left"),
        "font": {"size": size},
        "opacity": MUTED if muted else 1,
        "bgcolor": HALO["light"] if halo else None,
        "borderpad": 1 if halo else 0,
        "name": f"fit {fit:.3g}" if fit else None,
        "xshift": dx - 2 if x == 0 and xref == "paper" else dx,  # plotly sets text two pixels into its box
        "yshift": dy,
    }


def end_label(fig: Sketch, text: str, x: float, y: float, dy: int = 0) -> None:
    """What a curve is called, small and muted, behind its right end; on a log axis ``x`` is the logarithm."""
    note(fig, text, x=x, y=y, xref="x", yref="y", yanchor="middle", size=SMALL, muted=True, dx=4, dy=dy)


def minutes_axis(fig: Sketch, low: float, high: float) -> None:
    """A logarithmic axis of minutes that speaks in minutes, hours and days; ``low`` 0.5 means less than one."""
    ticks = TICKS if high <= 6000 else WIDE_TICKS
    shown = {m: word for m, word in ticks.items() if low <= m <= high}
    fig.update_xaxes(
        type="log",
        range=[math.log10(low), math.log10(high)],
        tickvals=list(shown),
        ticktext=list(shown.values()),
        minor={"ticks": "", "showgrid": False},
    )


def share_axis(fig: Sketch) -> None:
    """The vertical axis of a share, 0 to 100 %."""
    fig.update_yaxes(range=[0, 1.02], tickvals=[0, 0.25, 0.5, 0.75, 1], ticktext=["0", "25", "50", "75", "100 %"])


def rows_axis(fig: Sketch, n: int) -> None:
    """Rows 0 to n−1 from top to bottom whose names are above their marks, so that a phone needs no left margin."""
    fig.update_yaxes(range=[n - 0.5, -0.5], visible=False, fixedrange=True)


def band(
    fig: Sketch,
    x: Sequence[float | str | None],
    low: Sequence[float | None],
    high: Sequence[float | None],
    colour: str,
) -> None:
    """The area between two curves, as one closed shape."""
    fig.add_scatter(
        x=[*x, *list(x)[::-1]],
        y=[*high, *list(low)[::-1]],
        mode="lines",
        fill="toself",
        line={"width": 0},
        fillcolor=tint(colour, 0.18),
        hoverinfo="skip",
    )


def rounded(values: Iterable[float], digits: int = 4) -> list[float | None]:
    """Plain rounded numbers: they compress far better than full precision does."""
    return [None if v is None or not math.isfinite(v) else float(f"{v:.{digits}g}") for v in values]
