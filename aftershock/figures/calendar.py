"""Every day of the period, with its incidents."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from aftershock.figures import drawing, frame, plot_text, theme
from aftershock.output.phrases import is_probable, percent, plural

MAX_MONTHS = 24  # rows that fit a screen
ROW, WEEK = 30, 46  # pixels for a month, for a week
DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
COLUMNS = ["day", "incidents", "probability that a change set them off"]
CAPTION = (
    "How to read: a mark for each day with incidents; its colour and shape say whether changes set them off (mean over the "
    "day's incidents). It is “probably” where the whole 90 % interval lies on one side of one half. Limits: a day without a "
    "mark is one without a recorded incident; days follow the dataset's time zone."
)
CHANGE, EITHER, NONE, UNKNOWN = "probably a change", "could be either", "probably none", "not estimated"
LOOKS = {
    CHANGE: (theme.CHANGE, "circle", "●"),
    EITHER: (theme.PURPLE, "diamond", "◆"),
    NONE: (theme.NEUTRAL, "circle-open", "○"),
    UNKNOWN: (theme.NEUTRAL, "x-thin-open", "×"),
}


def calendar(incidents: pd.DataFrame, shares: pd.DataFrame, *, zone: str) -> go.Figure:
    """Days with incidents in ``zone``: size is their number, colour and symbol the probability of a change. A single
    month is drawn as weeks, several as a row for each.

    ``incidents`` needs ``incident_id, started_at``; ``shares`` is ``found.shares``. The latest 24 months are shown. It
    misleads where logging began late or lapsed: gaps look like quiet.
    """
    if incidents.empty:
        return frame.empty("No incident in this period.", caption=CAPTION, columns=COLUMNS)
    days = _days(incidents, shares, zone)
    months = list(pd.period_range(days["day"].min(), days["day"].max(), freq="M"))
    cut = max(len(months) - MAX_MONTHS, 0)
    months = months[cut:]
    shown = days[days["day"] >= months[0].start_time]
    fig = drawing.Sketch()
    height = _month_grid(fig, shown, months[0]) if len(months) == 1 else _rows_of_months(fig, shown, months)
    lines = frame.key([(*LOOKS[name][::2], name) for name in LOOKS if (shown["class"] == name).any()])
    zoned = plot_text.label(zone, 40)
    frame.base(
        fig, height=height, measure=f"Days with incidents, in {zoned}; a larger mark is more of them", lines=lines
    )
    left = f" {plural(cut, 'earlier month')} {'is' if cut == 1 else 'are'} not drawn." if cut else ""
    rows = [[f"{d.day:%Y-%m-%d}", d.incidents, d.probability] for d in days.itertuples()]
    return frame.describe(
        fig,
        finding=_finding(days, len(incidents)),
        alt=_alt(days, len(incidents)) + left,
        caption=CAPTION + left,
        columns=COLUMNS,
        rows=rows,
    )


def _finding(days: pd.DataFrame, incidents: int) -> str:
    on = f"{plural(incidents, 'incident')} on {plural(len(days), 'day')}"
    probable = int((days["class"] == CHANGE).sum())
    if (days["class"] == UNKNOWN).all():
        return on
    if len(days) == 1:
        return f"{on}, probably set off by a change" if probable else on
    share = "all" if probable == len(days) else probable or "none"
    return f"{on}; on {share} of them probably set off by a change"


def _alt(days: pd.DataFrame, incidents: int) -> str:
    busiest = days.loc[days["incidents"].idxmax()]
    return (
        f"{plural(incidents, 'incident')} on {plural(len(days), 'day')} between "
        f"{days['day'].min():%-d %B %Y} and {days['day'].max():%-d %B %Y}; the busiest day was "
        f"{busiest['day']:%-d %B %Y} with {busiest['incidents']}."
    )


def _rows_of_months(fig: drawing.Sketch, shown: pd.DataFrame, months: list[pd.Period]) -> int:
    """A row for each month, a column for each day of the month; returns the figure's height."""
    row = pd.Series(range(len(months)), index=months)
    _outline(fig, months)
    _marks(fig, shown, shown["day"].dt.day, shown["day"].dt.to_period("M").map(row))
    names = [m.strftime("%b %y") for m in months]
    _axes(fig, rows=len(months), tickvals=list(range(len(months))), ticktext=names)
    fig.update_xaxes(range=[0.3, 31.7], tickvals=[1, 5, 10, 15, 20, 25, 31])
    return 66 + ROW * len(months)


def _month_grid(fig: drawing.Sketch, shown: pd.DataFrame, month: pd.Period) -> int:
    """A row for each week, a column for each weekday; returns the figure's height."""
    all_days = pd.Series(pd.date_range(month.start_time, periods=month.days_in_month))
    first = month.start_time.day_of_week

    def week(days: pd.Series) -> pd.Series:
        return (days.dt.day + first - 1) // 7

    fig.add_scatter(
        x=(all_days.dt.day_of_week - 0.42).tolist(),
        y=(week(all_days) - 0.25).tolist(),
        mode="text",
        text=all_days.dt.day.astype(str).tolist(),
        textposition="middle right",
        textfont={"size": theme.SMALL},
        opacity=theme.MUTED,
        hoverinfo="skip",
    )
    _marks(fig, shown, shown["day"].dt.day_of_week, week(shown["day"]))
    weeks = int(week(all_days).max()) + 1
    style = {"color": theme.tint(theme.NEUTRAL, 0.3), "width": 1}
    under = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "layer": "below", "line": style}
    drawing.add(fig, shapes=[{**under, "y0": line - 0.5, "y1": line - 0.5} for line in range(weeks + 1)])
    _axes(fig, rows=weeks, visible=False)
    fig.update_xaxes(range=[-0.5, 6.5], tickvals=list(range(7)), ticktext=DAYS, side="top")
    return 74 + WEEK * weeks


def _axes(fig: drawing.Sketch, *, rows: int, **vertical: object) -> None:
    fig.update_yaxes(range=[rows - 0.5, -0.5], showgrid=False, fixedrange=True, **vertical)
    fig.update_xaxes(showgrid=False, fixedrange=True)


def _days(incidents: pd.DataFrame, shares: pd.DataFrame, zone: str) -> pd.DataFrame:
    columns = {"probability": "change_probability", "low": "low", "high": "high"}
    known = shares.set_index("incident_id").reindex(incidents["incident_id"])
    local = incidents["started_at"].dt.tz_convert(zone).dt.tz_localize(None).dt.normalize()
    table = pd.DataFrame(
        {"day": local} | {name: known[column].astype(float).to_numpy() for name, column in columns.items()}
    )
    grouped = table.groupby("day")
    days = grouped[list(columns)].mean().assign(incidents=grouped.size()).reset_index()
    return days.assign(**{"class": [_class(d.probability, d.low, d.high) for d in days.itertuples()]})


def _class(probability: float, low: float, high: float) -> str:
    """The class of a day; ``low`` and ``high``: means of its incidents' ends, which hold no less than the mean's own."""
    if pd.isna(probability):
        return UNKNOWN
    if is_probable(probability, low):
        return CHANGE
    return NONE if is_probable(1 - probability, 1 - high) else EITHER


def _marks(fig: drawing.Sketch, shown: pd.DataFrame, x: pd.Series, y: pd.Series) -> None:
    """The days with incidents, a trace for each class."""
    for name, of in shown.groupby("class", sort=True):
        colour, symbol, _ = LOOKS[name]
        fig.add_scatter(
            x=x[of.index].tolist(),
            y=y[of.index].tolist(),
            mode="markers",
            marker={
                "symbol": symbol,
                "color": colour,
                "size": drawing.rounded(9 * of["incidents"].clip(upper=5) ** 0.5, 3),
                "line": {"width": 2, "color": colour},
                "opacity": 1,
            },
            hovertext=[
                f"{d.day:%a %-d %b %Y}<br>{plural(d.incidents, 'incident')}<br>{_probability(d.probability)}"
                for d in of.itertuples()
            ],
            hoverinfo="text",
        )


def _probability(probability: float) -> str:
    return UNKNOWN if pd.isna(probability) else f"set off by a change: {percent(probability)}"


def _outline(fig: drawing.Sketch, months: list[pd.Period]) -> None:
    """A faint dot for every day that exists, so that the end of a month and a quiet day look different."""
    fig.add_scatter(
        x=[d for m in months for d in range(1, m.days_in_month + 1)],
        y=[i for i, m in enumerate(months) for _ in range(m.days_in_month)],
        mode="markers",
        marker={"size": 2.5, "color": theme.tint(theme.NEUTRAL, 0.6)},
        hoverinfo="skip",
    )
