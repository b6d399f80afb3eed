"""Where the change that did it stands."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from aftershock.figures import theme

COLUMNS = ["rank", "Aftershock", "most recent first"]
CAPTION = (
    "How to read: how many of the changes that set incidents off stand first, second and so on among all changes "
    "within the horizon; the open circles are the same when the most recent change is named first. Limits: where changes "
    "tie, their mean place counts; “missed” came before the horizon or is not in the log as a candidate."
)
DRAWN = (
    "How to read: how many of the changes that set drawn incidents off stand first, second and so on. Limits: drawn from the "
    "model itself, so the truth is not better than this."
)


def rank_histogram(counts: pd.DataFrame, *, drawn: bool = False) -> go.Figure:
    """How many true causes stand at each rank.

    ``counts``: ``rank`` (words, in order), ``ours``, and ``recent`` (NaN: not known). It misleads when the number of
    candidates is forgotten: rank 3 of 4 is no achievement.
    """
    caption = DRAWN if drawn else CAPTION
    counts = counts.reset_index(drop=True)
    total = int(counts["ours"].sum())
    if not total:
        return theme.empty(
            "No incident that a logged change is known to have set off.", caption=caption, columns=COLUMNS
        )
    fig = go.Figure()
    fig.add_bar(
        x=counts.index.tolist(),
        y=theme.rounded(counts["ours"]),
        width=0.7,
        marker={"color": theme.tint(theme.CHANGE, 0.55)},
        hovertext=[f"{r.rank}: {r.ours:g} of {total}" for r in counts.itertuples()],
        hoverinfo="text",
    )
    beside = counts["recent"].notna().any()
    if beside:
        _recent(fig, counts, total)
    for k, value in enumerate(counts["ours"]):
        if value:
            style = {"xref": "x", "yref": "y", "xanchor": "center", "dy": 2, "size": theme.SMALL}
            theme.note(fig, f"{value:g}", x=k, y=value, **style, halo=True)
    key = [(theme.CHANGE, "■", "Aftershock"), (theme.NEUTRAL, "○", "most recent change first")]
    theme.base(
        fig,
        height=270,
        measure="Incidents by the rank of the change that set them off",
        lines=theme.key(key) if beside else (),
        x_title="rank of the true change",
    )
    ticks = {"tickvals": counts.index.tolist(), "ticktext": counts["rank"].tolist()}
    fig.update_xaxes(**ticks, range=[-0.6, len(counts) - 0.4], showgrid=False, fixedrange=True)
    top = float(counts[["ours", "recent"]].max().max())
    fig.update_yaxes(range=[0, max(top, 1) * 1.15], tickformat=",d", nticks=5)
    rows = counts[["rank", "ours", "recent"]].to_numpy(dtype=object).tolist()
    told = {"finding": _finding(counts, total, beside), "alt": _alt(counts, total), "caption": caption}
    return theme.describe(fig, **told, columns=COLUMNS, rows=rows)


def _recent(fig: go.Figure, counts: pd.DataFrame, total: int) -> None:
    fig.add_scatter(
        x=counts.index.tolist(),
        y=theme.rounded(counts["recent"]),
        mode="markers",
        cliponaxis=False,
        marker={"symbol": "circle-open", "size": 10, "color": theme.NEUTRAL, "line": {"width": 2}},
        hovertext=[f"most recent first, {r.rank}: {r.recent:g} of {total}" for r in counts.itertuples()],
        hoverinfo="text",
    )


def _finding(counts: pd.DataFrame, total: int, beside: bool) -> str:
    first = f"{counts['ours'].iloc[0]:g} of {total} stand first"
    return first + (f"; naming the most recent change would get {counts['recent'].iloc[0]:g}" if beside else "")


def _alt(counts: pd.DataFrame, total: int) -> str:
    told = [f"{r.rank}: {r.ours:g}" for r in counts.itertuples() if r.ours]
    return f"Rank of the change that set the incident off, {total:,} incidents: {', '.join(told)}."
