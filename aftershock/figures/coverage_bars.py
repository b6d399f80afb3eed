"""Rows of each log per week, and where there are too few."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd
import plotly.graph_objects as go

from aftershock.figures import drawing, frame, theme
from aftershock.output.phrases import capital, number, plural

LOGS = ("changes", "incidents")
PANEL = 120  # pixels
GAP = 0.16  # of the drawing, between the two logs
COLOURS = {"changes": theme.CHANGE, "incidents": theme.GREEN}
COLUMNS = ["log", "week of", "rows", "silent or thin"]
CAPTION = (
    "How to read: a bar is a week from Monday to Sunday; a triangle over a tinted stretch marks a time with fewer rows than "
    "expected from the weeks around it. Limits: the first and the last week of a log, which may be cut off, are not drawn; a "
    "freeze and a holiday look like a gap in the export; a gap that is as old as the log cannot be seen."
)


def coverage_bars(weeks: pd.DataFrame, stretches: pd.DataFrame, *, tested: Collection[str] = LOGS) -> go.Figure:
    """Rows per week of both logs, one above the other on one axis of time.

    ``weeks``: ``log`` (changes or incidents), ``week`` (its Monday, local, without zone), ``rows``; ``stretches``:
    ``log, first, last`` (local, without zone), ``rows, expected``: times with too few; ``tested``: the logs in which
    these were looked for, as one of few rows cannot show any. It misleads when a log is thin throughout.
    """
    if weeks.empty:
        return frame.empty("Neither log spans three whole weeks.", caption=CAPTION, columns=COLUMNS)
    fig = drawing.Sketch()
    for place, log in enumerate(LOGS):
        _panel(fig, place, log, weeks[weeks["log"] == log], stretches[stretches["log"] == log])
    entries = [(COLOURS[log], "■", log) for log in LOGS]
    if len(stretches):
        entries.append((theme.INCIDENT, "▼", "silent or thin"))
    frame.base(fig, height=2 * PANEL + 90, measure="Rows per week", lines=frame.key(entries))
    fig.update_xaxes(showgrid=False, fixedrange=True, anchor="y2")
    dated = weeks.sort_values(["log", "week"])
    rows = [[r.log, f"{r.week:%Y-%m-%d}", int(r.rows), _is_in(r.week, r.log, stretches)] for r in dated.itertuples()]
    return frame.describe(
        fig,
        finding=_finding(weeks, stretches, tested),
        alt=_alt(weeks, stretches, tested),
        caption=CAPTION,
        columns=COLUMNS,
        rows=rows,
    )


def _panel(fig: drawing.Sketch, place: int, log: str, weeks: pd.DataFrame, stretches: pd.DataFrame) -> None:
    axis = "y" if place == 0 else "y2"
    top = max(float(weeks["rows"].max()) if len(weeks) else 0.0, 1.0) * 1.25
    fig.add_bar(
        x=[f"{w:%Y-%m-%d}" for w in weeks["week"]],
        y=weeks["rows"].tolist(),
        width=6 * 86_400_000,
        offset=0,
        yaxis=axis,
        marker={"color": COLOURS[log], "line": {"width": 0}},
        hovertext=[f"week of {r.week:%-d %b %Y}: {r.rows:,} {log}" for r in weeks.itertuples()],
        hoverinfo="text",
    )
    _mark(fig, axis, top, log, stretches)
    height = (1 - GAP) / 2
    low = (1 - place) * (height + GAP)
    axes = {"domain": [low, low + height], "range": [0, top], "tickformat": ",d", "nticks": 4, "fixedrange": True}
    axes |= {"dtick": 1} if top < 4 else {}  # no halves of a row
    fig.layout["yaxis" if place == 0 else "yaxis2"] = {**axes, "anchor": "x"}


def _mark(fig: drawing.Sketch, axis: str, top: float, log: str, stretches: pd.DataFrame) -> None:
    for stretch in stretches.itertuples():
        fig.add_shape(
            type="rect",
            x0=f"{stretch.first:%Y-%m-%d %H:%M}",
            x1=f"{stretch.last:%Y-%m-%d %H:%M}",
            y0=0,
            y1=top,
            yref=axis,
            line={"width": 0},
            fillcolor=theme.tint(theme.INCIDENT, 0.16),
            layer="below",
        )
    fig.add_scatter(
        x=[f"{s.first + (s.last - s.first) / 2:%Y-%m-%d %H:%M}" for s in stretches.itertuples()],
        y=[top * 0.93] * len(stretches),
        yaxis=axis,
        mode="markers",
        marker={"symbol": "triangle-down", "size": 9, "color": theme.INCIDENT},
        hovertext=[
            f"{s.first:%-d %b %Y} to {s.last:%-d %b %Y}: {s.rows:,} {log}, about {s.expected:,.0f} expected"
            for s in stretches.itertuples()
        ],
        hoverinfo="text",
    )


def _is_in(week: pd.Timestamp, log: str, stretches: pd.DataFrame) -> bool:
    own = stretches[stretches["log"] == log]
    return bool(((own["first"] < week + pd.Timedelta(days=7)) & (own["last"] > week)).any())


def _finding(weeks: pd.DataFrame, stretches: pd.DataFrame, tested: Collection[str]) -> str:
    length = plural(weeks["week"].nunique(), "week")
    if not tested:
        return f"Too few rows in {length} to see a gap"
    if stretches.empty:
        return f"No gap stands out in {length}" + (f" of {next(iter(tested))}" if len(tested) < len(LOGS) else "")
    count = stretches["log"].value_counts()
    said = " and ".join(f"the {log} {_times(int(count[log]))}" for log in LOGS if log in count)
    return f"Silent or nearly so: {said}"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _alt(weeks: pd.DataFrame, stretches: pd.DataFrame, tested: Collection[str]) -> str:
    parts = []
    for log in LOGS:
        own = weeks[weeks["log"] == log]
        if own.empty:
            parts.append(f"The {log} do not span three whole weeks.")
            continue
        span = f"{own['week'].min():%-d %B %Y} to {own['week'].max() + pd.Timedelta(days=6):%-d %B %Y}"
        parts.append(f"{capital(log)}: {span}, {number(float(own['rows'].median()))} a week at the median.")
    parts += [f"Too few {log} to look for gaps." for log in LOGS if log not in tested]
    if stretches.empty:
        return " ".join([*parts, "No week has too few."] if tested else parts)
    worst = stretches.loc[(stretches["expected"] - stretches["rows"]).idxmax()]
    parts.append(
        f"Too few in {plural(len(stretches), 'stretch', 'stretches')}; the worst {worst['first']:%-d %B %Y} to "
        f"{worst['last']:%-d %B %Y}, {worst['rows']:,} {worst['log']} where about {worst['expected']:,.0f} are expected."
    )
    return " ".join(parts)
