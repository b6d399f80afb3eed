"""Histogram of the true change's rank."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from aftershock.figures import drawing, frame, theme
from aftershock.output.phrases import plural

COLUMNS = ["rank", "Aftershock", "most recent first"]
CAPTION = (
    "How to read: how many of the changes that set incidents off are ranked first, second and so on among all changes "
    "within the horizon; the open circles show the same for a ranking by recency. Limits: where changes tie, their mean "
    "rank counts; “missed” came before the horizon or is not a candidate in the log."
)
DRAWN = (
    "How to read: how many of the changes that set simulated incidents off are ranked first, second and so on. Limits: the "
    "incidents are drawn from the model itself, so on a real log it does no better than this."
)


def rank_histogram(counts: pd.DataFrame, *, drawn: bool = False) -> go.Figure:
    """How many true changes are at each rank.

    ``counts``: ``rank`` (words, in order), ``ours``, and ``recent`` (NaN: not known). It misleads when the number of
    candidates is forgotten: rank 3 of 4 is not an achievement.
    """
    caption = DRAWN if drawn else CAPTION
    counts = counts.reset_index(drop=True)
    total = int(counts["ours"].sum())
    if not total:
        return frame.empty(
            "No incident that a logged change is known to have set off.", caption=caption, columns=COLUMNS
        )
    fig = drawing.Sketch()
    fig.add_bar(
        x=counts.index.tolist(),
        y=drawing.rounded(counts["ours"]),
        width=0.7,
        marker={"color": theme.tint(theme.CHANGE, 0.55)},
        hovertext=[f"{r.rank}: {r.ours:g} of {total}" for r in counts.itertuples()],
        hoverinfo="text",
    )
    compared = counts["recent"].notna().any()
    if compared:
        _recent(fig, counts, total)
    _values(fig, counts)
    key = [(theme.CHANGE, "■", "Aftershock"), (theme.NEUTRAL, "○", "most recent change first")]
    frame.base(
        fig,
        height=270,
        measure=f"{'Drawn incidents' if drawn else 'Incidents'} by the rank of the change that set them off",
        lines=frame.key(key) if compared else (),
        x_title="rank of the true change",
    )
    ticks = {"tickvals": counts.index.tolist(), "ticktext": counts["rank"].tolist()}
    fig.update_xaxes(**ticks, range=[-0.6, len(counts) - 0.4], showgrid=False, fixedrange=True)
    top = float(counts[["ours", "recent"]].max().max())
    fig.update_yaxes(range=[0, max(top, 1) * 1.15], tickformat=",d", nticks=5)
    rows = counts[["rank", "ours", "recent"]].to_numpy(dtype=object).tolist()
    return frame.describe(
        fig,
        finding=_finding(counts, total, compared, drawn=drawn),
        alt=_alt(counts, total, drawn=drawn),
        caption=caption,
        columns=COLUMNS,
        rows=rows,
    )


def _values(fig: drawing.Sketch, counts: pd.DataFrame) -> None:
    """The height of each bar in figures, above it."""
    for k, value in enumerate(counts["ours"]):
        if value:
            drawing.note(
                fig,
                f"{value:g}",
                x=k,
                y=value,
                xref="x",
                yref="y",
                xanchor="center",
                dy=2,
                size=theme.SMALL,
                halo=True,
            )


def _recent(fig: drawing.Sketch, counts: pd.DataFrame, total: int) -> None:
    fig.add_scatter(
        x=counts.index.tolist(),
        y=drawing.rounded(counts["recent"]),
        mode="markers",
        cliponaxis=False,
        marker={"symbol": "circle-open", "size": 10, "color": theme.NEUTRAL, "line": {"width": 2}},
        hovertext=[f"most recent first, {r.rank}: {r.recent:g} of {total}" for r in counts.itertuples()],
        hoverinfo="text",
    )


def _finding(counts: pd.DataFrame, total: int, compared: bool, *, drawn: bool) -> str:
    ours = counts["ours"].iloc[0]
    whose = " incidents drawn from the model" if drawn else ""
    first = f"{ours:g} of {total}{whose} {'is' if ours == 1 else 'are'} ranked first"
    return first + (f"; ranking by recency would get {counts['recent'].iloc[0]:g}" if compared else "")


def _alt(counts: pd.DataFrame, total: int, *, drawn: bool) -> str:
    ranks = [f"{r.rank}: {r.ours:g}" for r in counts.itertuples() if r.ours]
    what = plural(total, "drawn incident" if drawn else "incident")
    return f"Rank of the change that set the incident off, {what}: {', '.join(ranks)}."
