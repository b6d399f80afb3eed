"""Every day of the period, with its incidents."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from aftershock.figures import theme

MAX_MONTHS = 24
ROW = 30
COLUMNS = ["day", "incidents", "probability that a change set them off"]
CAPTION = (
    "How to read: a row for each month, a mark for each day with incidents, larger for more. Its colour and shape say "
    "how probable it is that changes set them off (mean over the day's incidents). Limits: a day without a mark is "
    "one without a recorded incident; days follow the dataset's time zone."
)
CLASSES = [
    (2 / 3, "probably a change", theme.CHANGE, "circle", "●"),
    (1 / 3, "could be either", theme.PURPLE, "diamond", "◆"),
    (0.0, "probably none", theme.NEUTRAL, "circle-open", "○"),
]
UNKNOWN = ("not estimated", theme.NEUTRAL, "x-thin-open", "×")


def calendar(incidents: pd.DataFrame, shares: pd.DataFrame, *, zone: str) -> go.Figure:
    """Days with incidents as a month-by-day grid in ``zone``: size is their number, colour and symbol the probability
    of a change.

    ``incidents`` needs ``incident_id, started_at``; ``shares`` is ``found.shares``. The latest 24 months are shown. It
    misleads where logging began late or lapsed: gaps look like quiet.
    """
    if incidents.empty:
        return theme.empty("No incident in this period.", caption=CAPTION, columns=COLUMNS)
    days = _days(incidents, shares, zone)
    months = list(pd.period_range(days["day"].min(), days["day"].max(), freq="M"))
    cut = max(len(months) - MAX_MONTHS, 0)
    months = months[cut:]
    days["row"] = [months.index(m) if m in months else -1 for m in days["day"].dt.to_period("M")]
    shown = days[days["row"] >= 0]
    fig = go.Figure()
    _outline(fig, months)
    entries = [_marks(fig, shown, name) for name in dict.fromkeys(shown["class"])]
    order = [c[1] for c in CLASSES] + [UNKNOWN[0]]
    lines = theme.key(sorted(entries, key=lambda e: order.index(e[2])), per_line=3)
    theme.base(fig, height=66 + ROW * len(months), measure="Days with incidents", lines=lines)
    fig.update_yaxes(
        range=[len(months) - 0.5, -0.5],
        tickvals=list(range(len(months))),
        ticktext=[m.strftime("%b %y") for m in months],
        showgrid=False,
        fixedrange=True,
    )
    fig.update_xaxes(range=[0.3, 31.7], tickvals=[1, 5, 10, 15, 20, 25, 31], showgrid=False, fixedrange=True)
    busiest = days.loc[days["incidents"].idxmax()]
    left = f" The {theme.counted(cut, 'earlier month')} are not drawn." if cut else ""
    alt = (
        f"{theme.counted(len(incidents), 'incident')} on {theme.counted(len(days), 'day')} between "
        f"{days['day'].min():%-d %B %Y} and {days['day'].max():%-d %B %Y}; the busiest day was "
        f"{busiest['day']:%-d %B %Y} with {busiest['incidents']}.{left}"
    )
    rows = [[f"{d.day:%Y-%m-%d}", d.incidents, d.probability] for d in days.itertuples()]
    return theme.describe(fig, alt=alt, caption=CAPTION + left, columns=COLUMNS, rows=rows)


def _days(incidents: pd.DataFrame, shares: pd.DataFrame, zone: str) -> pd.DataFrame:
    chance = shares.set_index("incident_id")["change_probability"] if len(shares) else pd.Series(dtype=float)
    local = incidents["started_at"].dt.tz_convert(zone).dt.tz_localize(None).dt.normalize()
    table = pd.DataFrame({"day": local, "probability": incidents["incident_id"].map(chance).astype(float)})
    days = table.groupby("day").agg(incidents=("day", "size"), probability=("probability", "mean")).reset_index()
    return days.assign(**{"class": [_class(p) for p in days["probability"]]})


def _class(probability: float) -> str:
    if pd.isna(probability):
        return UNKNOWN[0]
    return next(name for least, name, *_ in CLASSES if probability >= least)


def _marks(fig: go.Figure, shown: pd.DataFrame, name: str) -> tuple[str, str, str]:
    """Draw one class of days; returns its entry of the key."""
    of = shown[shown["class"] == name]
    colour, symbol, character = next((c[2:] for c in CLASSES if c[1] == name), UNKNOWN[1:])
    fig.add_scatter(
        x=of["day"].dt.day.tolist(),
        y=of["row"].tolist(),
        mode="markers",
        marker={
            "symbol": symbol,
            "color": colour,
            "size": theme.rounded(8 * of["incidents"].clip(upper=5) ** 0.5, 3),
            "line": {"width": 2, "color": colour},
            "opacity": 1,
        },
        hovertext=[
            f"{d.day:%a %-d %b %Y}<br>{theme.counted(d.incidents, 'incident')}<br>set off by a change: "
            f"{theme.percent(d.probability)}"
            for d in of.itertuples()
        ],
        hoverinfo="text",
    )
    return colour, character, name


def _outline(fig: go.Figure, months: list[pd.Period]) -> None:
    """A faint dot for every day that exists, so that the end of a month and a quiet day look different."""
    fig.add_scatter(
        x=[d for m in months for d in range(1, m.days_in_month + 1)],
        y=[i for i, m in enumerate(months) for _ in range(m.days_in_month)],
        mode="markers",
        marker={"size": 2.5, "color": theme.tint(theme.NEUTRAL, 0.6)},
        hoverinfo="skip",
    )
