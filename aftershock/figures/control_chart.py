"""Incidents per month, and which months are out of the ordinary."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from aftershock.figures import drawing, frame, theme
from aftershock.output.phrases import plural

COLUMNS = ["month", "incidents", "low", "high", "lower limit", "upper limit", "partial"]
CAPTION = (
    "How to read: the dashed line is the number to expect at the period's overall rate, the shaded area holds 99.7 % "
    "of months when nothing changes. It is wider where the other months vary more than independent incidents would. Limits: a "
    "dozen months say little of how much they vary; a partial month (open circle) is compared with limits for the days it covers."
)

APART = 0.09  # share of the height that one of two words next to each other needs: 12 of some 150 px
MONTHS_AFTER = 6  # drawn after the month that is looked at, where there are more than fit


def control_chart(counts: pd.DataFrame, *, last: int = 36, named: str = "") -> go.Figure:
    """Incidents per month against control limits: of Poisson counts, wider where the other months vary more than these.

    ``counts`` is :func:`aftershock.metrics.month_counts`: ``month, incidents, low, high, expected, limit_low,
    limit_high, partial``; ``last`` months are drawn, those up to half a year after the month ``named``, else the latest. A
    month outside is a diamond and named, and so is the month ``named``, else the last one. It misleads when reporting
    became more diligent.
    """
    if counts.empty:
        return frame.empty("No month to show.", caption=CAPTION, columns=COLUMNS)
    place = next(iter(np.flatnonzero(counts["month"] == named)), len(counts) - 1)
    until = max(place + MONTHS_AFTER + 1, last)
    shown = counts.iloc[:until].tail(last).reset_index(drop=True)
    fig = drawing.Sketch()
    _limits(fig, shown)
    outside = (shown["incidents"] < shown["limit_low"]) | (shown["incidents"] > shown["limit_high"])
    _points(fig, shown, outside)
    names = pd.PeriodIndex(shown["month"], freq="M")
    for i in shown.index[outside][-4:]:
        words = f"<b>{shown['incidents'][i]}</b> {names[i]:%b}"
        drawing.note(fig, words, x=i, y=shown["incidents"][i], xref="x", yref="y", xanchor="center", dy=7, halo=True)
    end = next(iter(shown.index[shown["month"] == named]), len(shown) - 1)
    which = f" {names[end]:%b}" if end < len(shown) - 1 else ""
    words = f"<b>{shown['incidents'][end]}</b>{which}" + (" so far" if shown["partial"][end] else "")
    if not outside[end]:
        drawing.note(
            fig, words, x=end, y=shown["incidents"][end], xref="x", yref="y", xanchor="center", dy=8, halo=True
        )
    frame.base(fig, height=270, measure="Incidents per month; shaded: where 99.7 % of months fall by chance")
    _name_limits(fig, shown)
    step = max(1, -(-len(shown) // 6))
    ticks = list(range(len(shown) - 1, -1, -step))[::-1]
    fig.update_xaxes(
        tickvals=ticks,
        ticktext=[f"{names[i]:%b}<br>{names[i]:%Y}" for i in ticks],
        range=[-0.6, len(shown) - 0.4],
        showgrid=False,
        fixedrange=True,
    )
    fig.update_yaxes(range=[0, _top(shown) * 1.15], tickformat=",d", nticks=5)
    fig.layout["margin"] |= {"b": 44, "r": 92}
    rows = (
        counts[["month", "incidents", "low", "high", "limit_low", "limit_high", "partial"]]
        .to_numpy(dtype=object)
        .tolist()
    )
    return frame.describe(
        fig,
        finding=_finding(shown, outside, names),
        alt=_alt(shown, outside, names),
        caption=CAPTION,
        columns=COLUMNS,
        rows=rows,
    )


def _top(shown: pd.DataFrame) -> float:
    return float(max(shown["incidents"].max(), shown["limit_high"].max(), 1))


def _finding(shown: pd.DataFrame, outside: pd.Series, names: pd.PeriodIndex) -> str:
    beyond = [f"{names[i]:%B %Y} ({shown['incidents'][i]})" for i in shown.index[outside]]
    if len(shown) == 1:
        return f"{plural(shown['incidents'][0], 'incident')} in the only month, which nothing can be compared with"
    if not beyond:
        return "No month is outside the limits, which 99.7 % of months keep by chance"
    if len(beyond) > 3:
        return f"{len(beyond)} of {len(shown)} months are outside what chance allows"
    return f"Outside what chance allows: {', '.join(beyond)}"


def _name_limits(fig: drawing.Sketch, shown: pd.DataFrame) -> None:
    """The last month's limits and expected number as words where the shaded area ends; a limit that has no room next to the
    number has no word."""
    row, end = shown.iloc[-1], len(shown) - 0.5
    words = {"limit_high": "limit {:.0f}", "expected": "expected {:.1f}", "limit_low": "limit {:.0f}"}
    for column, text in words.items():
        apart = abs(row[column] - row["expected"]) >= APART * _top(shown)
        if row[column] > 0 and (apart or column == "expected"):
            drawing.end_label(fig, text.format(row[column]), end, float(row[column]))


def _limits(fig: drawing.Sketch, shown: pd.DataFrame) -> None:
    x = [v for i in range(len(shown)) for v in (i - 0.5, i + 0.5)]

    def step(column: str) -> list[float | None]:
        return [v for value in drawing.rounded(shown[column]) for v in (value, value)]

    drawing.band(fig, x, step("limit_low"), step("limit_high"), theme.NEUTRAL)
    fig.add_scatter(
        x=x,
        y=step("expected"),
        mode="lines",
        line={"color": theme.NEUTRAL, "dash": "dash", "width": theme.REFERENCE},
        hoverinfo="skip",
    )


def _points(fig: drawing.Sketch, shown: pd.DataFrame, outside: pd.Series) -> None:
    partial = shown["partial"].astype(bool)
    symbols = ["diamond" if o else "circle-open" if p else "circle" for o, p in zip(outside, partial, strict=True)]
    colours = [theme.INCIDENT if o else theme.CHANGE for o in outside]
    fig.add_scatter(
        x=list(range(len(shown))),
        y=shown["incidents"].tolist(),
        mode="lines+markers",
        line={"color": theme.tint(theme.CHANGE, 0.45), "width": 1.5},
        marker={
            "symbol": symbols,
            "color": colours,
            "size": 9,
            "line": {"width": 1.5, "color": colours},
            "opacity": 1,
        },
        hovertext=[
            f"{r.month}{' (partial)' if r.partial else ''}: {plural(r.incidents, 'incident')}<br>90 % interval "
            f"of the rate {r.low:.1f} to {r.high:.1f}<br>limits {r.limit_low:.0f} to {r.limit_high:.0f}"
            for r in shown.itertuples()
        ],
        hoverinfo="text",
    )


def _alt(shown: pd.DataFrame, outside: pd.Series, names: pd.PeriodIndex) -> str:
    last = shown.iloc[-1]
    text = (
        f"{plural(len(shown), 'month')}, {plural(int(shown['incidents'].sum()), 'incident')}. "
        f"{names[-1]:%B %Y}: {last['incidents']}{' so far' if last['partial'] else ''}, limits "
        f"{last['limit_low']:.0f} to {last['limit_high']:.0f}. "
    )
    beyond = [f"{names[i]:%B %Y} ({shown['incidents'][i]})" for i in shown.index[outside]]
    return text + (f"Outside the limits: {', '.join(beyond)}." if beyond else "No month is outside its limits.")
