"""What several figures draw: direct labels, bands between two curves, axes of minutes, shares and rows."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from aftershock.figures.theme import HALO, LABEL, MUTED, SMALL, tint

TICKS = {0.5: "<1 min", 2: "2 min", 10: "10 min", 60: "1 h", 360: "6 h", 1440: "1 day", 4320: "3 days"}
WIDE_TICKS = {0.5: "<1 min", 10: "10 min", 60: "1 h", 480: "8 h", 4320: "3 days", 43200: "1 month", 525600: "1 year"}


def note(fig: go.Figure, text: str, **place: Any) -> None:
    """One :func:`text_at` on a figure."""
    add(fig, [text_at(text, **place)])


def add(fig: go.Figure, texts: Sequence[dict[str, Any]] = (), shapes: Sequence[dict[str, Any]] = ()) -> None:
    """Texts and shapes after those that are there, all at once: for each addition plotly checks again all that it has."""
    if texts:
        fig.layout.annotations = (*fig.layout.annotations, *texts)
    if shapes:
        fig.layout.shapes = (*fig.layout.shapes, *shapes)


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


def set_all(parts: Iterable[Any], values: Mapping[str, object]) -> None:
    """Sets each of a figure's parts one by one, which is many times faster than plotly's ``update_…``: these check every path
    to a value twice. A value that has parts itself is replaced."""
    for part in parts:
        for name, value in values.items():
            part[name] = value


def end_label(fig: go.Figure, text: str, x: float, y: float, dy: int = 0) -> None:
    """What a curve is called, small and muted, behind its right end; on a log axis ``x`` is the logarithm."""
    note(fig, text, x=x, y=y, xref="x", yref="y", yanchor="middle", size=SMALL, muted=True, dx=4, dy=dy)


def minutes_axis(fig: go.Figure, low: float, high: float) -> None:
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


def share_axis(fig: go.Figure) -> None:
    """The vertical axis of a share, 0 to 100 %."""
    fig.update_yaxes(range=[0, 1.02], tickvals=[0, 0.25, 0.5, 0.75, 1], ticktext=["0", "25", "50", "75", "100 %"])


def rows_axis(fig: go.Figure, n: int) -> None:
    """Rows 0 to n−1 from top to bottom whose names are above their marks, so that a phone needs no left margin."""
    fig.update_yaxes(range=[n - 0.5, -0.5], visible=False, fixedrange=True)


def band(
    fig: go.Figure,
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
