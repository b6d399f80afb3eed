"""The reported cause and the verdict, next to the model's blind answer."""

from __future__ import annotations

import pandas as pd

from aftershock.dataset.dataset import Dataset
from aftershock.model.attribution import Attribution
from aftershock.model.exclusions import who_and_when, why_no_candidate
from aftershock.model.verdicts import history_table
from aftershock.output.blocks import Block, Prose, Stack
from aftershock.output.html_table import Table
from aftershock.output.json_values import json_rows
from aftershock.output.phrases import interval, interval_percent, percent_range, plural, quoted
from aftershock.output.safe_html import join, strong, title_with_id
from aftershock.schema.tables import NONE, VERDICTS

BEST, MOST = 3, 50
BEFORE = ["change_id", "rank", "probability", "probability_low", "probability_high"]
NOBODY = "Nobody has reported a cause for this incident in the log; the ranking above is the model's alone."


def reported_and_decided(incident: pd.Series, before: Attribution, after: Attribution) -> Stack:
    """The verdict that counts, what the model said before it and says after it, what it taught, the history of verdicts,
    and the reported cause. ``before`` knows no verdict on this incident; ``after`` is the same object when there is none."""
    dataset, causes = after.dataset, list(incident["caused_by"])
    history = dataset.verdicts_on(incident["incident_id"]) if after is not before else dataset.verdicts.iloc[:0]
    blocks: list[Block] = []
    for _, verdict in history[history.index.isin(dataset.decisions.index)].iterrows():
        blocks += _decision(incident, verdict, before, after)
    blocks += [_rejected(dataset, v) for _, v in history[history.index.isin(dataset.rejections.index)].iterrows()]
    if len(history) > 1:
        blocks.append(history_table(dataset, history))
    if causes:
        blocks.append(_reported(incident, causes, before))
    return Stack(*blocks, Prose(_blind(before))) if blocks else Stack(Prose(NOBODY))


def _rejected(dataset: Dataset, verdict: pd.Series) -> Prose:
    """A change that people ruled out."""
    who, what = strong(who_and_when(verdict, dataset.timezone)), _named(dataset, verdict["change_id"])
    said = join("", ["Rejected by ", who, f": {what} did not set it off, and is no suspect any more."])
    return Prose(said, *_quoted_lines(verdict["note"]))


def _blind(before: Attribution) -> str:
    others = int(before.seen.decided.sum())
    known = f" It does know {plural(others, 'verdict')} on other incidents." if others else ""
    return (
        "The model's answer here is blind to this incident: it reads neither who reported what nor any verdict on it, and "
        f"its rates are learned as if nobody had decided on it.{known}"
    )


def _decision(incident: pd.Series, verdict: pd.Series, before: Attribution, after: Attribution) -> list[Block]:
    dataset = after.dataset
    who = strong(who_and_when(verdict, dataset.timezone))
    return [
        Prose(
            join("", ["Decided by ", who, f": {_what(dataset, verdict['change_id'])}.", had_said(before, verdict)]),
            *_quoted_lines(verdict["note"]),
            _learned_from(incident, verdict, before, after) + _why_not_weighed(incident, verdict, before),
        ),
        _before_and_after(incident["incident_id"], verdict, before, after),
    ]


def _quoted_lines(note: str) -> list[str]:
    """A note as paragraphs, in quotation marks."""
    return [line for line in f"“{note}”".splitlines() if line.strip()] if note else []


def _what(dataset: Dataset, change_id: str) -> str:
    if change_id == NONE:
        return "no recorded change set it off"
    return f"{_named(dataset, change_id)} set it off"


def _named(dataset: Dataset, change_id: str) -> str:
    title = dataset.change(change_id)["title"]
    return quoted(title) if title else change_id


def had_said(before: Attribution, verdict: pd.Series) -> str:
    """What the model had given to the explanation that people chose, as a sentence that follows another."""
    suspects = before.suspects(verdict["incident_id"])
    row = suspects[suspects["change_id"] == verdict["change_id"]]
    if row.empty:
        return " Before that, the model had not weighed it."
    chosen = row.iloc[0]
    sure = interval_percent(chosen["probability"], chosen["probability_low"], chosen["probability_high"])
    return f" Before that, the model had given it {sure}, rank {chosen['rank']} of {len(suspects)}."


def _why_not_weighed(incident: pd.Series, verdict: pd.Series, before: Attribution) -> str:
    if verdict["change_id"] in set(before.suspects(incident["incident_id"])["change_id"]):
        return ""
    return " " + why_no_candidate(before.dataset, incident, before.dataset.change(verdict["change_id"]))


def _learned_from(incident: pd.Series, verdict: pd.Series, before: Attribution, after: Attribution) -> str:
    """What the verdict moved in what is learned from all incidents."""
    if verdict["change_id"] == NONE:
        service = incident["services"][0] if incident["services"] else ""
        old, new = (
            a.background.set_index("service").loc[service, ["per_month", "low", "high"]] for a in (before, after)
        )
        what = f"incidents a month without a recorded change{f' on {service}' if service else ''}"
    else:
        kind = after.dataset.change(verdict["change_id"])["kind"]
        columns = ["per_1000", "per_1000_low", "per_1000_high"]
        old, new = (a.rates.set_index("kind").loc[kind, columns] for a in (before, after))
        what = f"incidents of 1,000 {'' if kind == 'other' else kind.replace('_', ' ') + ' '}changes"
    return f"With the verdict the model expects {interval(*new)} {what}, without it {interval(*old)}."


def _before_and_after(incident_id: str, verdict: pd.Series, before: Attribution, after: Attribution) -> Table:
    old = before.suspects(incident_id).set_index("change_id")
    new = after.suspects(incident_id).set_index("change_id")
    shown = list(dict.fromkeys([*old.index[:BEST], NONE, verdict["change_id"]]))
    titles = new["title"]
    rows = [
        {
            "Explanation": titles[c] if c == NONE else title_with_id(titles[c], c),
            "Before": float(old["probability"].get(c, float("nan"))),
            "90 % interval": percent_range(old["probability_low"][c], old["probability_high"][c])
            if c in old.index
            else "–",
            "After": float(new["probability"][c]),
        }
        for c in shown
    ]
    return Table(pd.DataFrame(rows), "The model before and after the verdict", bars=["Before", "After"])


def _reported(incident: pd.Series, causes: list[str], before: Attribution) -> Table:
    by_id = before.suspects(incident["incident_id"]).set_index("change_id")
    titles = before.dataset.changes.set_index("change_id")["title"]
    rows = [
        {
            "Reported cause": "No recorded change"
            if c == NONE
            else title_with_id(titles.get(c, "not in the change log"), c),
            "Reported by": incident["caused_by_source"] or "not said",
            "Rank by the model": int(by_id["rank"][c]) if c in by_id.index else None,
            "Probability": float(by_id["probability"][c]) if c in by_id.index else None,
        }
        for c in causes
    ]
    return Table(pd.DataFrame(rows), "The reported cause next to the model's blind answer", bars=["Probability"])


def verdict_numbers(incident_id: str, before: Attribution, after: Attribution) -> dict[str, object]:
    """For the JSON next to a report: the verdicts on the incident and, where they count, the answer before them."""
    history = after.dataset.verdicts_on(incident_id)
    earlier = before.suspects(incident_id)[BEFORE].head(MOST) if after is not before else pd.DataFrame()
    return {"verdicts": json_rows(history[VERDICTS.names]), "before_verdict": json_rows(earlier)}
