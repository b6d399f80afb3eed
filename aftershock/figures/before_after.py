"""The explanations of one incident before and after something was supposed to be otherwise."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from aftershock.figures import drawing, frame, plot_text, theme
from aftershock.output.phrases import percent

ROW = 62  # pixels for an explanation: its name and two bars
LEAST = 0.01  # in either answer; less is not drawn
CAPTION = (
    "How to read: two bars for each explanation, as the logs have it and as it is supposed. Limits: both are the fit alone, "
    "without the draws that give the other figures their intervals, so that they may differ from these by a few points; and "
    "a supposition that gives a better answer is not true for that."
)
COLUMNS = ["change", "title", "before", "after", "moved"]


def before_after(table: pd.DataFrame, supposed: str, *, top: int = 8) -> go.Figure:
    """Probability of each explanation of **one** incident, before and after.

    ``table``: columns change_id (``none``: no recorded change), change_title, before and after (probabilities from 0 to 1; NaN
    where the change is no candidate) and moved, the most probable first; ``supposed``: what is otherwise, in words. Shown are
    the ``top`` first that have 1 % in either, and "no recorded change".
    """
    likely = (table.index < top) & (table[["before", "after"]].max(axis=1) >= LEAST)
    shown = table[likely | (table["change_id"] == "none")].reset_index(drop=True)
    fig = drawing.Sketch()
    texts = []
    for name, up, colour in (("before", 0.12, theme.NEUTRAL), ("after", 0.34, theme.CHANGE)):
        fig.add_bar(
            x=drawing.rounded(shown[name].fillna(0.0)),
            y=[n + up for n in range(len(shown))],
            width=0.2,
            orientation="h",
            marker={"color": theme.tint(colour, 0.55)},
            hovertext=[f"{_name(row)}<br>{name}: {_percent(getattr(row, name))}" for row in shown.itertuples()],
            hoverinfo="text",
        )
    for n, row in enumerate(shown.itertuples()):
        words = f"<b>{_percent(row.before)} → {_percent(row.after)}</b>  {_name(row)}"
        texts.append(drawing.text_at(words, x=0, y=n - 0.02, yref="y", yanchor="bottom", fit=1))
    drawing.add(fig, texts)
    marks = [(theme.NEUTRAL, "■", "before"), (theme.CHANGE, "■", "after")]
    frame.base(
        fig,
        height=66 + ROW * len(shown),
        measure="Probability that it set the incident off",
        lines=[f"What if {plot_text.label(supposed, 100)}", *frame.key(marks)],
    )
    fig.layout["barmode"] = "overlay"
    drawing.rows_axis(fig, len(shown))
    fig.update_xaxes(range=[0, 1.03], tickvals=[0, 0.25, 0.5, 0.75, 1], ticktext=["0", "25", "50", "75", "100 %"])
    rows = [[r.change_id, r.change_title, r.before, r.after, r.moved] for r in table.itertuples()]
    alt = "; ".join(
        f"{_name(r, plain=True)} from {_percent(r.before)} to {_percent(r.after)}" for r in shown.itertuples()
    )
    finding = f"What if {supposed}: {_finding(table)}"
    return frame.describe(fig, finding=finding, alt=f"{alt}.", caption=CAPTION, columns=COLUMNS, rows=rows)


def _percent(value: float) -> str:
    return "no candidate" if pd.isna(value) else percent(value)


def _name(row: object, *, plain: bool = False) -> str:
    text = str(getattr(row, "change_title", "") or getattr(row, "change_id", ""))
    return plot_text.plain(text) if plain else plot_text.label(text, 90)


def _finding(table: pd.DataFrame) -> str:
    """What is most probable before and after, and its probability."""
    first, then = (table.loc[table[name].fillna(0.0).idxmax()] for name in ("before", "after"))
    if first["change_id"] == then["change_id"]:
        name = plot_text.plain(first["change_title"] or first["change_id"])
        return f"{name} stays first, {_percent(first['before'])} → {_percent(first['after'])}"
    names = [plot_text.plain(row["change_title"] or row["change_id"]) for row in (first, then)]
    return f"{names[1]} is first with {_percent(then['after'])}, not {names[0]} with {_percent(first['before'])}"
