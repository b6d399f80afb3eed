"""Services whose changes set off more incidents than their number explains."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from aftershock import metrics
from aftershock.figures import drawing, frame, plot_text, theme
from aftershock.metrics.change_risk import BEYOND, FAR, INSIDE
from aftershock.output.phrases import number, plural

COLUMNS = ["service", "changes", "incidents set off (expected)", "per 1,000 changes", "where"]
CAPTION = (
    "How to read: a dot is a service, further right with more changes, further up with more incidents per change. The "
    "dashed line is the mean service; between the inner lines lie 95 % and between the outer ones 99.8 % of the services "
    "when all are alike, wide on the left, where few changes say little. Limits: the limits take expected incidents for "
    "counts, so they are a little wide; services differ in what is logged; a change on two services counts with both and one "
    "on none with none, so the mean service is not the rate of all changes."
)
LOOKS = {
    INSIDE: (theme.CHANGE, "circle", "●"),
    BEYOND: (theme.ORANGE, "square", "■"),
    FAR: (theme.INCIDENT, "diamond", "◆"),
}
MAX_DOTS = 300  # what still fits into a page (rendering.figure_payload)
TICKS = [1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000]


def funnel(risk: pd.DataFrame, *, empty: str = "No changes in this period.", named: int = 6) -> go.Figure:
    """Incidents set off per 1,000 changes of each service against its number of changes, with the limits that chance
    keeps to when all services are alike (Spiegelhalter, Statistics in Medicine 2005, doi:10.1002/sim.1970).

    ``risk`` is :func:`aftershock.metrics.risk_by_service`: ``group, changes, set_off, raw_per_1000``. A rate far
    above the limits' reach is drawn at the upper edge as a triangle. It misleads when read as a ranking: only what lies
    outside a limit differs from the rest by more than chance.
    """
    known = risk[risk["changes"] > 0].sort_values(["changes", "group"], ascending=[False, True]).reset_index(drop=True)
    if known.empty:
        return frame.empty(empty, caption=CAPTION, columns=COLUMNS)
    overall = float(known["set_off"].sum()) / float(known["changes"].sum())
    known = known.assign(where=metrics.funnel_place(known))
    start, end = float(known["changes"].min()) / 1.3, float(known["changes"].max()) * 1.3
    top = _top(known, overall)
    fig = drawing.Sketch()
    _limits(fig, overall, (start, end), top)
    drawn = known[(known["where"] != INSIDE) | (known.index < MAX_DOTS)]  # the busiest first
    _dots(fig, drawn, top)
    _names(fig, known, named, top, (start, end))
    key = frame.key([(*LOOKS[name][::2], name) for name in LOOKS if (known["where"] == name).any()])
    measure, x_title = "Incidents set off per 1,000 changes, by service", "changes of the service, logarithmic"
    frame.base(fig, height=370, measure=measure, lines=key, x_title=x_title)
    ticks = [t for t in TICKS if start <= t <= end]
    span = [math.log10(start), math.log10(end)]
    fig.update_xaxes(type="log", range=span, tickvals=ticks, ticktext=[f"{t:,}" for t in ticks])
    fig.update_yaxes(range=[0, top], nticks=6, rangemode="nonnegative")
    fig.layout["margin"] |= {"r": 66}
    rows = known[["group", "changes", "set_off", "raw_per_1000", "where"]].to_numpy(dtype=object).tolist()
    cut = len(known) - len(drawn)
    left = f" Left out for legibility: {plural(cut, 'service')} with the fewest changes." if cut else ""
    return frame.describe(
        fig,
        finding=_finding(known),
        alt=_alt(known, overall) + left,
        caption=CAPTION + left,
        columns=COLUMNS,
        rows=rows,
    )


def _top(known: pd.DataFrame, overall: float) -> float:
    """The upper edge: all that is outside a limit fits, and so do four times the rate of all."""
    outside = known.loc[known["where"] != INSIDE, "raw_per_1000"]
    return max(4000 * overall, float(outside.max()) if len(outside) else 0.0, 0.01) * 1.12


def _limits(fig: drawing.Sketch, overall: float, span: tuple[float, float], top: float) -> None:
    exposure = np.geomspace(*span, 80)
    limits = metrics.funnel_limits(overall, exposure)
    x = drawing.rounded(exposure)
    for name, width in (("998", 1.0), ("95", theme.REFERENCE)):
        for side in ("low", "high"):
            y = limits[f"{side}_{name}"]
            style = {"color": theme.tint(theme.NEUTRAL, 0.8), "width": width}
            inside = [v if v is not None and v <= top * 1.2 else None for v in drawing.rounded(y)]
            fig.add_scatter(x=x, y=inside, mode="lines", line=style, hoverinfo="skip")
        high = float(limits[f"high_{name}"].iloc[-1])
        text = "99.8 %" if name == "998" else "95 %"
        drawing.end_label(fig, text, math.log10(span[1]), high, dy=4 if name == "998" else -4)
    style = {"color": theme.NEUTRAL, "width": theme.REFERENCE, "dash": "dash"}
    fig.add_scatter(x=x[:: len(x) - 1], y=[1000 * overall] * 2, mode="lines", line=style, hoverinfo="skip")
    drawing.end_label(fig, f"mean {number(1000 * overall)}", math.log10(span[1]), 1000 * overall)


def _dots(fig: drawing.Sketch, known: pd.DataFrame, top: float) -> None:
    for name, (colour, symbol, _) in LOOKS.items():
        of = known[known["where"] == name]
        if of.empty:
            continue
        fig.add_scatter(
            x=of["changes"].tolist(),
            y=drawing.rounded(of["raw_per_1000"].clip(upper=top * 0.98)),
            mode="markers",
            marker={
                "color": colour,
                "size": 9 if name == INSIDE else 11,
                "symbol": [symbol if rate <= top else "triangle-up" for rate in of["raw_per_1000"]],
                "opacity": 0.85,
            },
            hovertext=[
                f"{plot_text.label(r.group, 40)}<br>{number(r.raw_per_1000)} per 1,000: {number(r.set_off)} "
                f"expected incidents, {plural(r.changes, 'change')}<br>{r.where}"
                for r in of.itertuples()
            ],
            hoverinfo="text",
        )


def _names(fig: drawing.Sketch, known: pd.DataFrame, most: int, top: float, span: tuple[float, float]) -> None:
    """Names next to what is outside the limits, the furthest first and neighbours together; where nothing is outside,
    next to the busiest service."""
    outside = known[known["where"] != INSIDE].assign(far=lambda t: t["where"] == FAR)
    chosen = outside.sort_values(["far", "raw_per_1000"], ascending=False).head(most) if len(outside) else known.head(1)
    width = math.log(span[1] / span[0])
    labels: list[tuple[float, float, list[str]]] = []
    for row in chosen.itertuples():
        x, y = math.log(row.changes / span[0]) / width, min(row.raw_per_1000, top * 0.98)
        near = next((names for at, height, names in labels if abs(at - x) < 0.3 and abs(height - y) < 0.07 * top), None)
        if near is None:
            labels.append((x, y, [plot_text.label(row.group, 30)]))
        else:
            near.append(plot_text.label(row.group, 30))
    for x, y, names in labels:
        side, dx = ("right", -9) if x > 0.6 else ("left", 9)
        at = math.log10(span[0]) + x * width / math.log(10)
        drawing.note(
            fig,
            ", ".join(names),
            x=at,
            y=y,
            xref="x",
            yref="y",
            xanchor=side,
            yanchor="middle",
            size=theme.SMALL,
            halo=True,
            dx=dx,
        )


def _outside(known: pd.DataFrame) -> list[str]:
    rows = known[known["where"] != INSIDE].sort_values("raw_per_1000", ascending=False)
    return [f"{plot_text.plain(r.group, 40)} ({number(r.raw_per_1000)}, {r.where})" for r in rows.itertuples()]


def _finding(known: pd.DataFrame) -> str:
    far = known[known["where"] == FAR].sort_values("raw_per_1000", ascending=False)
    if far.empty:
        beyond = int((known["where"] == BEYOND).sum())
        also = f"; {beyond} of {len(known)} outside 95 %, {number(len(known) / 20)} expected" if beyond else ""
        return f"No service differs from the others by more than chance allows{also}"
    names = ", ".join(plot_text.plain(name, 40) for name in far["group"].head(3))
    more = f" and {len(far) - 3} more" if len(far) > 3 else ""
    return f"Different from the others by more than chance allows: {names}{more}"


def _alt(known: pd.DataFrame, overall: float) -> str:
    text = (
        f"{plural(len(known), 'service')} with {known['changes'].min():,} to {known['changes'].max():,} changes; "
        f"the mean service {number(1000 * overall)} incidents per 1,000 changes. "
    )
    outside = _outside(known)
    return text + (f"Outside a limit: {', '.join(outside)}." if outside else "No service is outside the limits.")
