"""The suspects of one incident, with their probabilities."""

from __future__ import annotations

from typing import Any, Protocol

import pandas as pd
import plotly.graph_objects as go

from aftershock.figures import drawing, frame, plot_text, theme
from aftershock.output.phrases import LIKELY, capital, interval_percent, is_probable, percent, plural

ROW = 60  # pixels for a suspect: its name, its details, its bar
LEAST = 0.01  # less is one of the others
CAPTION = (
    "How to read: each bar is the probability that this change set the incident off, the thin line its 90 % interval; "
    "all bars, with “no recorded change” and the others together, add up to 100 %. Limits: a suspect is not a verdict. "
    "A change that is in no log cannot appear, and changes that went out together share what timing alone cannot "
    "separate."
)
COLUMNS = ["rank", "change", "title", "kind", "relation", "probability", "low", "high", "delay", "reported cause"]


class Suspect(Protocol):
    """A row of ``found.suspects(incident_id)``, as ``itertuples`` gives it."""

    change_id: str
    title: str
    kind: str
    relation: str
    reported: bool
    probability: float
    probability_low: float
    probability_high: float
    delay_minutes: float
    delay_minutes_low: float
    delay_minutes_high: float
    matching_words: str


def suspect_bars(suspects: pd.DataFrame, *, top: int = 8) -> go.Figure:
    """Probability of each suspect of **one** incident with its 90 % interval, “no recorded change” in the same
    ranking.

    ``suspects`` is ``found.suspects(incident_id)``. Shown are the ``top`` most probable of at least 1 %, “no recorded
    change” wherever it ranks, and the rest as one bar. A reported cause is marked in words and always shown. It
    misleads when read as a verdict: a high bar says that this is the best of the *recorded* explanations.
    """
    if suspects.empty:
        words = "No recorded change in the time before this incident. Nothing can be suspected."
        return frame.empty(words, caption=CAPTION, columns=COLUMNS)
    ordered = suspects.sort_values(["rank", "change_id"]).reset_index(drop=True)
    likely = (ordered.index < top) & ((ordered["probability"] >= LEAST) | (ordered.index == 0))
    kept = likely | (ordered["change_id"] == "none") | ordered["reported"].astype(bool)
    shown, others = ordered[kept], ordered[~kept]
    fig = drawing.Sketch()
    _bars(fig, shown)
    texts = []
    for position, row in enumerate(shown.itertuples()):
        texts += _words(position, f"<b>{percent(row.probability)}</b>  {_name(row)}", _detail(row))
    n = len(shown)
    if len(others):
        share = float(others["probability"].sum())
        fig.add_bar(
            x=[round(share, 4)],
            y=[n + 0.3],
            width=0.22,
            orientation="h",
            marker={"color": theme.tint(theme.NEUTRAL, 0.35)},
            hoverinfo="skip",
        )
        texts += _words(
            n,
            f"<b>{percent(share)}</b>  {plural(len(others), 'other change')}{' together' if len(others) > 1 else ''}",
            "",
        )
        n += 1
    drawing.add(fig, texts)
    frame.base(fig, height=66 + ROW * n, measure="Probability that it set the incident off, with its 90 % interval")
    drawing.rows_axis(fig, n)
    fig.update_xaxes(range=[0, 1.03], tickvals=[0, 0.25, 0.5, 0.75, 1], ticktext=["0", "25", "50", "75", "100 %"])
    return frame.describe(
        fig,
        finding=_finding(ordered),
        alt=_alt(ordered, others),
        caption=CAPTION,
        columns=COLUMNS,
        rows=_rows(shown, others),
    )


def _together(others: pd.DataFrame) -> str:
    return " together" if len(others) > 1 else ""


def _bars(fig: drawing.Sketch, shown: pd.DataFrame) -> None:
    for none in (False, True):
        of = shown[(shown["change_id"] == "none") == none]
        colour = theme.NEUTRAL if none else theme.CHANGE
        at = [position + 0.3 for position, _ in enumerate(shown["change_id"]) if shown.index[position] in of.index]
        up = (of["probability_high"] - of["probability"]).clip(lower=0)
        down = (of["probability"] - of["probability_low"]).clip(lower=0)
        fig.add_bar(
            x=drawing.rounded(of["probability"]),
            y=at,
            width=0.22,
            orientation="h",
            marker={"color": theme.tint(colour, 0.55)},
            error_x={
                "type": "data",
                "array": drawing.rounded(up),
                "arrayminus": drawing.rounded(down),
                "symmetric": False,
                "thickness": 2,
                "width": 4,
                "color": colour,
            },
            hovertext=[_hover(row) for row in of.itertuples()],
            hoverinfo="text",
        )


def _words(position: int, name: str, detail: str) -> list[dict[str, Any]]:
    """Probability and name above the bar, its details under them; cut to the width of the page by its script."""
    common: dict[str, Any] = {"x": 0, "yref": "y", "yanchor": "top", "fit": 1}
    first = drawing.text_at(name, y=position - 0.46 if detail else position - 0.2, **common)
    if not detail:
        return [first]
    return [first, drawing.text_at(detail, y=position - 0.17, size=theme.SMALL, muted=True, **common)]


def _name(row: Suspect) -> str:
    return "no recorded change" if row.change_id == "none" else plot_text.label(row.title or row.change_id, 110)


def _detail(row: Suspect) -> str:
    if row.change_id == "none":
        return ("<b>reported</b> · " if row.reported else "") + "the background, or a change in no log"
    parts = [plot_text.kind_name(row.kind), _relation(row.relation), _delay(row)]
    mark = "<b>reported cause</b> · " if row.reported else ""
    return mark + plot_text.label(", ".join(p for p in parts if p), 110)


def _relation(relation: str) -> str:
    return {"unknown": "", "unrelated": "unrelated service"}.get(relation, relation)


def _delay(row: Suspect) -> str:
    low, high = row.delay_minutes_low, row.delay_minutes_high
    if pd.notna(low) and pd.notna(high) and high - low >= 2:
        if high - low > 0.1 * high:
            return f"{plot_text.span(low, high)} before"
        return f"{plot_text.minutes((low + high) / 2)} before"
    return f"{plot_text.minutes(row.delay_minutes)} before" if pd.notna(row.delay_minutes) else ""


def _hover(row: Suspect) -> str:
    interval = f"90 % interval {percent(row.probability_low)} to {percent(row.probability_high)}"
    if row.change_id == "none":
        return f"no recorded change: {percent(row.probability)}<br>{interval}"
    words = f"<br>same words: {plot_text.label(row.matching_words, 60)}" if row.matching_words else ""
    name = f"{plot_text.label(row.change_id, 40)}<br>{plot_text.label(row.title, 70)}"
    return f"{name}<br>{percent(row.probability)}, {interval}<br>{plot_text.label(_delay(row))}{words}"


def _finding(ordered: pd.DataFrame) -> str:
    """The most probable explanation, or that there is none."""
    first = ordered.iloc[0]
    if (ordered["change_id"] == "none").all():
        return "No recorded change competes for this incident"
    if first["probability"] >= LIKELY:
        sure = interval_percent(first["probability"], first["probability_low"], first["probability_high"])
        if not is_probable(first["probability"], first["probability_low"]):
            return f"The strongest explanation is {_named(first)} with {sure}, which leaves it open"
        if first["change_id"] == "none":
            return f"Probably no recorded change: {sure}"
        return f"{capital(_named(first))} probably set it off: {sure}"
    leading = [f"{_named(row)} {percent(row['probability'])}" for _, row in ordered.head(2).iterrows()]
    return f"No explanation stands out: {', '.join(leading)}"


def _named(row: pd.Series) -> str:
    return (
        "no recorded change" if row["change_id"] == "none" else f"“{plot_text.plain(row['title'] or row['change_id'])}”"
    )


def _alt(ordered: pd.DataFrame, others: pd.DataFrame) -> str:
    changes = ordered[ordered["change_id"] != "none"]
    none = float(ordered.loc[ordered["change_id"] == "none", "probability"].sum())
    text = f"Probabilities of {plural(len(changes), 'suspected change')}. "
    if len(changes):
        first = changes.iloc[0]
        text += (
            f"Highest: {plot_text.plain(first['title'] or first['change_id'])}, {percent(first['probability'])} (90 "
            f"% interval {percent(first['probability_low'])} to {percent(first['probability_high'])}). "
        )
    text += f"No recorded change: {percent(none)}."
    if len(others):
        text += f" {plural(len(others), 'other')}{_together(others)}: {percent(float(others['probability'].sum()))}."
    for row in ordered[ordered["reported"].astype(bool)].itertuples():
        name = "no recorded change" if row.change_id == "none" else plot_text.plain(row.title or row.change_id)
        text += f" Reported as the cause: {name}, rank {row.rank}."
    return text


def _rows(shown: pd.DataFrame, others: pd.DataFrame) -> list[list[object]]:
    rows = [
        [
            r.rank,
            r.change_id,
            "no recorded change" if r.change_id == "none" else r.title,
            r.kind,
            r.relation,
            r.probability,
            r.probability_low,
            r.probability_high,
            _delay(r),
            bool(r.reported),
        ]
        for r in shown.itertuples()
    ]
    if len(others):
        rows.append(
            [None, f"{len(others)} others", "", "", "", float(others["probability"].sum()), None, None, "", False]
        )
    return rows
