"""Rows of a log by hour of the week."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from aftershock.figures import drawing, frame, plot_text, theme
from aftershock.figures.rhythm_heatmap import DAYS, PALE
from aftershock.output.phrases import capital, percent, plural

COLUMNS = ["weekday", "hour", "rows"]
OFFICE = 9  # hours of a working day, with the break
LEAST = 30  # rows that can show a working day: a judgement
CAPTION = (
    "How to read: how many rows of the log fall into each hour of the week; a stronger colour means more. People change things "
    "in their working day, so a block of nine busy hours on five days is a working day: where it lies at night, the zone is "
    "wrong, or machines do the work. Limits: incidents come at any hour, so their picture proves less."
)


def clock_heatmap(hours: pd.DataFrame, *, log: str, zone: str) -> go.Figure:
    """Rows per hour of the week. ``hours``: ``weekday`` (0 = Monday), ``hour``, ``rows``; ``log``: changes or incidents.

    The finding names the nine hours of working days that hold most rows, where there are enough of them. It misleads
    where machines do most of the work.
    """
    if not hours["rows"].sum():
        return frame.empty(f"The {log} have no exact times.", caption=CAPTION, columns=COLUMNS)
    grid = hours.pivot_table(index="weekday", columns="hour", values="rows", aggfunc="sum", fill_value=0)
    grid = grid.reindex(index=range(7), columns=range(24), fill_value=0)
    fig = drawing.Sketch()
    fig.add_heatmap(
        x=list(range(24)),
        y=list(range(7)),
        z=grid.to_numpy().tolist(),
        xgap=1.5,
        ygap=1.5,
        showscale=False,
        zmin=0,
        zmax=max(1, int(grid.to_numpy().max())),
        colorscale=[[0, theme.tint(theme.NEUTRAL, 0.1)], [0.5, theme.tint(theme.BLUE, 0.5)], [1, theme.BLUE]],
        hovertext=[[f"{DAYS[d]} {h:02d}–{h + 1:02d} h: {grid.loc[d, h]:,} {log}" for h in range(24)] for d in range(7)],
        hoverinfo="text",
    )
    least, most = int(grid.to_numpy().min()), int(grid.to_numpy().max())
    lines = frame.key([(PALE, "■", f"{least:,} an hour of the week"), (theme.BLUE, "■", f"{most:,}")])
    measure = f"{capital(log)} by hour of the week"
    frame.base(fig, height=290, measure=measure, lines=lines, x_title=f"hour of day, {plot_text.label(zone, 40)}")
    fig.update_xaxes(
        tickvals=[0, 6, 12, 18, 23], ticktext=["0", "6", "12", "18", "23"], showgrid=False, fixedrange=True
    )
    fig.update_yaxes(tickvals=list(range(7)), ticktext=DAYS, range=[6.5, -0.5], showgrid=False, fixedrange=True)
    rows = [[DAYS[d], h, int(grid.loc[d, h])] for d in range(7) for h in range(24)]
    return frame.describe(
        fig, finding=_finding(grid, log), alt=_alt(grid, log), caption=CAPTION, columns=COLUMNS, rows=rows
    )


def _office(grid: pd.DataFrame) -> tuple[int, float]:
    """When the nine busiest hours of working days begin, and their share of the rows of working days."""
    working = grid.loc[range(5)].sum().to_numpy()
    inside = [np.roll(working, -begins)[:OFFICE].sum() for begins in range(24)]
    begins = int(np.argmax(inside))
    return begins, float(inside[begins] / max(working.sum(), 1))


def _finding(grid: pd.DataFrame, log: str) -> str:
    count = int(grid.loc[range(5)].to_numpy().sum())
    if count < LEAST:
        return f"Too few to show a working day: {plural(count, log.removesuffix('s'))} with an exact time"
    begins, share = _office(grid)
    until = (begins + OFFICE) % 24
    return f"{percent(share)} of the {log} of working days fall between {begins}:00 and {until}:00"


def _alt(grid: pd.DataFrame, log: str) -> str:
    day, hour = np.unravel_index(int(grid.to_numpy().argmax()), (7, 24))
    weekend = float(grid.loc[[5, 6]].to_numpy().sum() / grid.to_numpy().sum())
    return (
        f"{_finding(grid, log)}. Busiest hour of the week: {DAYS[int(day)]} {hour} h with {int(grid.to_numpy().max()):,}; "
        f"{percent(weekend)} are on Saturday or Sunday."
    )
