"""Background outages by hour of the week."""

from __future__ import annotations

import math

import pandas as pd
import plotly.graph_objects as go

from aftershock.figures import drawing, frame, plot_text, theme
from aftershock.output import phrases

DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
PALE = "#8FA3B3"  # how a quiet hour looks, strong enough for a key
FEW = 20  # background outages below which their hours are mostly those of changes: a judgement
COLUMNS = ["weekday", "hour", "times the average hour", "from", "to (90 %)"]
CAPTION = (
    "How to read: how often background outages (those no recorded change set off) come in each hour of the week, as a "
    "multiple of the average hour; a stronger colour means more. The figure 1 would be an average hour. Limits: few "
    "incidents, so drawn towards the hours in which changes are made; nights look quiet also where nobody is awake to "
    "record an outage."
)


def rhythm_heatmap(rhythm: pd.DataFrame, *, zone: str = "", incidents: float = math.inf) -> go.Figure:
    """The background's hour-of-week rhythm: ``rhythm`` is ``found.rhythm`` (``weekday`` 0 = Monday, ``hour``,
    ``relative`` with mean 1, its 90 % interval ``relative_low`` and ``relative_high``).

    The busiest and the quietest hour carry their number. ``incidents``: how many outages the background is expected to have
    had; with fewer than :data:`FEW` the figure names no peak, as it shows little more than when changes are made. It
    misleads when incidents are recorded in office hours only.
    """
    if rhythm.empty:
        return frame.empty("No rhythm: there are too few incidents.", caption=CAPTION, columns=COLUMNS)
    grid = rhythm.pivot(index="weekday", columns="hour", values="relative").reindex(index=range(7), columns=range(24))
    fig = drawing.Sketch()
    fig.add_heatmap(
        x=list(range(24)),
        y=list(range(7)),
        z=[drawing.rounded(row, 3) for row in grid.to_numpy()],
        xgap=1.5,
        ygap=1.5,
        showscale=False,
        zmin=0,
        zmax=max(2.0, float(grid.max().max())),
        colorscale=[[0, theme.tint(theme.NEUTRAL, 0.1)], [0.5, theme.tint(theme.BLUE, 0.5)], [1, theme.BLUE]],
        hovertext=[
            [f"{DAYS[r.weekday]} {r.hour:02d}–{r.hour + 1:02d} h: {_times(r)} × average" for r in day.itertuples()]
            for _, day in rhythm.sort_values(["weekday", "hour"]).groupby("weekday")
        ],
        hoverinfo="text",
    )
    most, least = rhythm.loc[rhythm["relative"].idxmax()], rhythm.loc[rhythm["relative"].idxmin()]
    measure = "Background outages by hour of the week, as a multiple of the average hour"
    ends = [f"{_times(row)} times, {_hour(row)}" for row in (least, most)]
    lines = frame.key([(PALE, "■", ends[0]), (theme.BLUE, "■", ends[1])])
    hours = "hour of day" + (f", {plot_text.label(zone, 40)}" if zone else "")
    frame.base(fig, height=290, measure=measure, lines=lines, x_title=hours)
    fig.update_xaxes(
        tickvals=[0, 6, 12, 18, 23], ticktext=["0", "6", "12", "18", "23"], showgrid=False, fixedrange=True
    )
    fig.update_yaxes(tickvals=list(range(7)), ticktext=DAYS, range=[6.5, -0.5], showgrid=False, fixedrange=True)
    alt = (
        f"Busiest hour of the week: {_hour(most)}, {_times(most)} times the average; quietest: {_hour(least)}, "
        f"{_times(least)} times."
    )
    rows = [
        [DAYS[int(r.weekday)], int(r.hour), r.relative, r.relative_low, r.relative_high]
        for r in rhythm.sort_values(["weekday", "hour"]).itertuples()
    ]
    finding = f"Background outages peak on {_hour(most)}: {_times(most)} times the average hour"
    if incidents < FEW:
        finding = "Too few incidents to know their hours: what is drawn is mostly when changes are made"
    return frame.describe(fig, finding=finding, alt=alt, caption=CAPTION, columns=COLUMNS, rows=rows)


def _times(row: pd.Series) -> str:
    return phrases.interval(row.relative, row.relative_low, row.relative_high)


def _hour(row: pd.Series) -> str:
    return f"{DAYS[int(row['weekday'])]} {int(row['hour'])} h"
