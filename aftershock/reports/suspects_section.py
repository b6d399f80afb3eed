"""The ranking of one incident's suspects in words, what was ruled out, and the strongest change's delay and services.

``suspects`` is the table of :meth:`aftershock.model.attribution.Attribution.suspects` throughout.
"""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from aftershock import figures
from aftershock.dataset.dataset import Dataset
from aftershock.model.exclusions import excluded_changes
from aftershock.output.blocks import Prose, Stack
from aftershock.output.html_table import Table
from aftershock.output.phrases import delay_phrase, percent, percent_range, plural, sentence, when
from aftershock.output.safe_html import sortable, title_with_id
from aftershock.reports.answer_section import LEAST_SHOWN, TIMES
from aftershock.reports.base import HOW_TO_READ
from aftershock.schema.tables import NONE

SHOWN = 8  # ranks that a table or a list shows: as many as the figure draws
MOST_RULED_OUT = 10


def suspects_table(suspects: pd.DataFrame, authors: pd.Series | None = None) -> Stack:
    """The ranking in words, and how to read it. ``authors``: by change id, when they are to be named."""
    is_notable = (suspects["probability"] >= LEAST_SHOWN) | (suspects["change_id"] == NONE) | suspects["reported"]
    shown = suspects[(suspects["rank"] <= SHOWN) & is_notable]
    rows = [row for _, row in shown.iterrows()]
    table = pd.DataFrame(
        {
            "Rank": shown["rank"],
            "Explanation": [
                r["title"] if r["change_id"] == NONE else title_with_id(r["title"], r["change_id"]) for r in rows
            ],
            "Probability": shown["probability"],
            "90 % interval": [
                sortable(percent_range(r["probability_low"], r["probability_high"]), r["probability_low"]) for r in rows
            ],
            "Kind": shown["kind"].str.replace("_", " "),
            "Relation": shown["relation"],
            "Delay": [sortable(delay_phrase(r), r["delay_minutes"]) for r in rows],
            "Words in common": shown["matching_words"],
        }
    )
    if authors is not None:
        table["Author"] = shown["change_id"].map(authors).fillna("")
    rest = suspects[~suspects["rank"].isin(shown["rank"])]
    left = f" {plural(len(rest), 'other explanation')}{' together' if len(rest) > 1 else ''}: {percent(rest['probability'].sum())}."
    return Stack(
        Table(table.reset_index(drop=True), "Suspects, most probable first", bars=["Probability"]),
        Prose(HOW_TO_READ + (left if len(rest) else "")),
    )


def ruled_out(dataset: Dataset, incident: pd.Series, suspects: pd.DataFrame) -> Stack:
    """Changes near the incident that cannot have set it off, and why; how many were weighed and found wanting."""
    weak = suspects[(suspects["probability"] < LEAST_SHOWN) & (suspects["change_id"] != NONE)]
    count, rows = excluded_changes(dataset, incident, set(suspects["change_id"]), most=MOST_RULED_OUT)
    said = []
    if len(weak):
        said.append(
            f"{plural(len(weak), 'change')} in the horizon "
            f"{'has less than 1 %' if len(weak) == 1 else 'have less than 1 % each'}."
        )
    if rows:
        said.append(
            f"{plural(count, 'change')} near the incident cannot be {'a ' * (count == 1)}suspect{'s' * (count > 1)}:"
        )
    shown = [
        {"Change": title_with_id(row["What"], row["Change"]), "When": row["When"], "Why not": row["Why not"]}
        for row in rows
    ]
    return Stack(
        Prose(" ".join(said) or "No change near the incident was ruled out."),
        *([Table(pd.DataFrame(shown), "Ruled out, nearest first")] if shown else []),
    )


def delay_figure(suspects: pd.DataFrame, curves: pd.DataFrame, quantiles: pd.DataFrame) -> go.Figure:
    """The delay of the strongest change against what is usual for its kind; the curve of all kinds where no change has a per
    cent."""
    changes = suspects[(suspects["change_id"] != NONE) & (suspects["probability"] >= LEAST_SHOWN)]
    if changes.empty:
        return figures.delay_curve(curves, kind="all", quantiles=quantiles)
    best = changes.iloc[0]
    exact = best["delay_minutes_high"] - best["delay_minutes_low"] < 1
    return figures.delay_curve(
        curves,
        kind=best["kind"],
        quantiles=quantiles,
        delay_minutes=best["delay_minutes"],
        low=None if exact else best["delay_minutes_low"],
        high=None if exact else best["delay_minutes_high"],
    )


def changed_services(suspects: pd.DataFrame) -> list[str]:
    """The services that the strongest change touched; none when no change has a per cent."""
    changes = suspects[(suspects["change_id"] != NONE) & (suspects["probability"] >= LEAST_SHOWN)]
    return list(changes.iloc[0]["services"]) if len(changes) else []


def events_table(dataset: Dataset, incident: pd.Series, suspects: pd.DataFrame, during: pd.DataFrame) -> Table:
    """The incident's moments, its first suspects and what took a change back while it lasted, in order of time."""
    zone, changes = dataset.timezone, dataset.changes
    moments = [(incident[c], incident[f"{c}_before"], label, "") for c, label in TIMES if pd.notna(incident[c])]
    shown = suspects[(suspects["rank"] <= SHOWN) & (suspects["change_id"] != NONE)]
    changes = changes[changes["change_id"].isin(shown["change_id"])].set_index("change_id")
    for change_id, probability in zip(shown["change_id"], shown["probability"], strict=True):
        change = changes.loc[change_id]
        title = sentence(change["title"] or change_id)
        moments.append((change["started_at"], change["started_at_before"], title, percent(probability)))
    for change in during[during["takes_back"] != ""].to_dict("records"):
        title = f"{sentence(change['title'] or change['change_id'])} (takes back {change['takes_back']})"
        moments.append((change["started_at"], change["started_at_before"], title, ""))
    moments.sort(key=lambda row: (row[0], row[1]))
    rows = [{"When": sortable(when(a, b, zone), a), "What": what, "Probability": p} for a, b, what, p in moments]
    return Table(pd.DataFrame(rows), "In order of time", align={"Probability": "right"})


def edges_table(dependencies: pd.DataFrame, services: list[str]) -> Stack:
    """Where each edge from these services is known from, when the log says so; nothing where it does not."""
    used = dependencies[dependencies["service"].isin(services) & (dependencies["source"] != "")]
    if used.empty:
        return Stack()
    names = {"service": "Service", "depends_on": "depends on", "source": "Known from"}
    table = used[list(names)].rename(columns=names).reset_index(drop=True)
    return Stack(Table(table, "The edges of the failed services and where they are known from"))
