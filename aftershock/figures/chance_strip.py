"""How many incidents chance alone would link to a change."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from aftershock.figures import drawing, frame, theme
from aftershock.output.phrases import percent, plural

COLUMNS = ["moved by weeks", "linked to a change", "incidents", "share set off by changes"]
CAPTION = (
    "How to read: the incidents whose top suspect is given 50 % or more, in the log as it is (diamond) and after its incidents "
    "were moved by whole weeks against the changes and the model was fitted again (circles). Hours and weekdays stay, so what is "
    "linked in the moved logs is linked by chance. Limits: the moved logs overlap in their changes, so they differ less than fresh "
    "ones would; an incident moved onto a change that set off another may be linked to it for good reason."
)


def chance_strip(moved: pd.DataFrame) -> go.Figure:
    """Incidents linked to a change in the log as it is and in moved ones.

    ``moved``: ``weeks`` (0: as it is), ``linked``, ``incidents``, ``share``. It misleads when the distance between two numbers
    is read without the spread of the circles.
    """
    as_is, others = moved[moved["weeks"] == 0], moved[moved["weeks"] != 0]
    if others.empty:
        return frame.empty(
            "The period is too short to move the logs against each other by whole weeks.",
            caption=CAPTION,
            columns=COLUMNS,
        )
    fig = drawing.Sketch()
    _dots(fig, others, y=0.3, colour=theme.NEUTRAL, symbol="circle-open")
    _dots(fig, as_is, y=0.3, colour=theme.CHANGE, symbol="diamond")
    key = frame.key([(theme.CHANGE, "◆", "the log as it is"), (theme.NEUTRAL, "○", "moved by whole weeks: chance")])
    frame.base(
        fig,
        height=112,
        measure="Incidents linked to a change with 50 % or more",
        lines=key,
        x_title=f"of {plural(int(moved['incidents'].iloc[0]), 'incident')}",
    )
    fig.update_yaxes(range=[0, 0.6], visible=False, fixedrange=True)
    top = float(moved["linked"].max())
    fig.update_xaxes(range=[-0.04 * max(top, 5), max(top, 5) * 1.08], tickformat=",d", nticks=6)
    rows = moved[["weeks", "linked", "incidents", "share"]].to_numpy(dtype=object).tolist()
    return frame.describe(
        fig, finding=_finding(as_is, others), alt=_alt(as_is, others), caption=CAPTION, columns=COLUMNS, rows=rows
    )


def _dots(fig: drawing.Sketch, rows: pd.DataFrame, *, y: float, colour: str, symbol: str) -> None:
    fig.add_scatter(
        x=rows["linked"].tolist(),
        y=[y] * len(rows),
        mode="markers",
        marker={"symbol": symbol, "size": 12, "color": colour, "line": {"width": 2, "color": colour}},
        hovertext=[
            f"{'as it is' if not r.weeks else f'moved by {r.weeks} weeks'}: {r.linked} of {r.incidents} linked, "
            f"{percent(r.share)} set off by changes"
            for r in rows.itertuples()
        ],
        hoverinfo="text",
    )


def _finding(as_is: pd.DataFrame, others: pd.DataFrame) -> str:
    here, low, high = int(as_is["linked"].iloc[0]), int(others["linked"].min()), int(others["linked"].max())
    spread = f"{low}" if low == high else f"{low} to {high}"
    return f"{plural(here, 'incident')} linked to a change; by chance it would be {spread}"


def _alt(as_is: pd.DataFrame, others: pd.DataFrame) -> str:
    by_chance = ", ".join(f"{r.linked} when moved by {r.weeks} weeks" for r in others.itertuples())
    return f"{plural(int(as_is['linked'].iloc[0]), 'incident')} linked to a change as the log is; {by_chance}."
