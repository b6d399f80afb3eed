"""Outages counted up over the period, against a steady rate."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from aftershock.figures import drawing, frame, plot_text, theme
from aftershock.metrics.poisson_tests import LEAST
from aftershock.output.phrases import clock, plural

COLUMNS = ["outage", "began", "number so far", "expected so far"]
CAPTION = (
    "How to read: each step is an outage; the dashed line is a steady rate, and 90 % of rows that come by chance alone stay within "
    "the shaded area from beginning to end. Steep stretches are rows, flat ones are quiet. The dotted line is where one change of "
    "the rate fits best, the area around it holds 90 % of where it may be. Limits: the first and the last step are pinned, so a "
    "row at either end shows less."
)


def cumulative_outages(
    outages: pd.DataFrame,
    *,
    first: pd.Timestamp,
    last: pd.Timestamp,
    zone: str = "UTC",
    band: float = 0.0,
    change: tuple[pd.Timestamp, pd.Timestamp, pd.Timestamp] | None = None,
) -> go.Figure:
    """Outages so far over time, next to what a steady rate would give.

    ``outages``: ``incident_id, at`` in order of time, all between ``first`` and ``last``; ``band``: how far, as a share of all
    outages, 90 % of even rows stay from the steady line; ``change``: where the rate changed, and between what moments that may
    have been. It misleads where outages were recorded more diligently from some day on.
    """
    if outages.empty or last <= first:
        return frame.empty("No outage in the period.", caption=CAPTION, columns=COLUMNS)
    count = len(outages)
    at = pd.to_datetime(outages["at"])
    fig = drawing.Sketch()
    _steady(fig, first, last, count, band, zone)
    if change:
        _mark_change(fig, change, count, zone)
    _steps(fig, outages, first, last, zone)
    frame.base(fig, height=300, measure="Outages so far; shaded: where 90 % of rows stay that come by chance")
    fig.update_xaxes(range=[_day(first, zone), _day(last, zone)], showgrid=False, fixedrange=True)
    fig.update_yaxes(range=[0, count * 1.08 + 0.5], tickformat=",d", nticks=6, fixedrange=True)
    expected = ((at - first) / (last - first) * count).to_numpy(dtype=float)
    rows = [
        [i, clock(a, zone), n, e]
        for n, (i, a, e) in enumerate(zip(outages["incident_id"], at, expected, strict=True), start=1)
    ]
    apart = np.abs(np.arange(1, count + 1) - expected)
    worst = int(np.argmax(apart))
    return frame.describe(
        fig,
        finding=_finding(count, change, at, zone),
        alt=(
            f"{plural(count, 'outage')} from {clock(first, zone)} to {clock(last, zone)}. By {clock(at.iloc[worst], zone)} "
            f"{worst + 1} had come where a steady rate expects {expected[worst]:.1f}."
        ),
        caption=CAPTION,
        columns=COLUMNS,
        rows=rows,
    )


def _day(moment: pd.Timestamp, zone: str) -> str:
    return f"{moment.tz_convert(zone):%Y-%m-%d %H:%M}"


def _finding(count: int, change: tuple | None, at: pd.Series, zone: str) -> str:
    if change is None and count < LEAST:
        return f"{plural(count, 'outage')}: too few to tell a row from bad luck"
    if change is None:
        return f"{plural(count, 'outage')}, no more unevenly spread than chance allows"
    moment = change[0]
    before = int((at <= moment).sum())
    local = moment.tz_convert(zone)
    return f"{before} of {plural(count, 'outage')} by {local.day} {local:%B %Y}, {count - before} after it"


def _steady(fig: drawing.Sketch, first: pd.Timestamp, last: pd.Timestamp, count: int, band: float, zone: str) -> None:
    moments = [first + (last - first) * share for share in np.linspace(0, 1, 41)]
    x = [_day(moment, zone) for moment in moments]
    line = np.linspace(0, count, 41)
    if band > 0:
        low, high = np.clip(line - band * count, 0, count), np.clip(line + band * count, 0, count)
        drawing.band(fig, x, drawing.rounded(low), drawing.rounded(high), theme.NEUTRAL)
    fig.add_scatter(
        x=[x[0], x[-1]],
        y=[0, count],
        mode="lines",
        line={"color": theme.NEUTRAL, "dash": "dash", "width": theme.REFERENCE},
        hoverinfo="skip",
    )


def _mark_change(fig: drawing.Sketch, change: tuple[pd.Timestamp, ...], count: int, zone: str) -> None:
    moment, low, high = (_day(m, zone) for m in change)
    top = count * 1.08 + 0.5
    drawing.band(fig, [low, high], [0, 0], [top, top], theme.ORANGE)
    fig.add_scatter(
        x=[moment, moment],
        y=[0, top],
        mode="lines",
        line={"color": theme.ORANGE, "dash": "dot", "width": theme.REFERENCE},
        hoverinfo="skip",
    )


def _steps(fig: drawing.Sketch, outages: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp, zone: str) -> None:
    at = pd.to_datetime(outages["at"])
    x = [_day(first, zone), *(_day(a, zone) for a in at), _day(last, zone)]
    y = [0, *range(1, len(at) + 1), len(at)]
    fig.add_scatter(
        x=x, y=y, mode="lines", line={"color": theme.INCIDENT, "width": theme.DATA, "shape": "hv"}, hoverinfo="skip"
    )
    fig.add_scatter(
        x=x[1:-1],
        y=y[1:-1],
        mode="markers",
        marker={"color": theme.INCIDENT, "size": 6 if len(at) <= 60 else 3},
        hovertext=[
            f"{plot_text.label(i, 40)}<br>{clock(a, zone)}: number {n}"
            for n, (i, a) in enumerate(zip(outages["incident_id"], at, strict=True), start=1)
        ],
        hoverinfo="text",
    )
