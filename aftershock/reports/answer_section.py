"""The first sentences of a postmortem: what failed and for how long, what probably set it off, what chance would give."""

from __future__ import annotations

import re

import pandas as pd

from aftershock.dataset.dataset import Dataset
from aftershock.model.attribution import Attribution
from aftershock.model.exclusions import who_and_when
from aftershock.output.blocks import FactCards
from aftershock.output.phrases import (
    LIKELY,
    among,
    delay_phrase,
    duration,
    interval_percent,
    is_probable,
    listed,
    percent,
    quoted,
    sentence,
    shortened,
    span,
    verb,
    when,
)
from aftershock.output.safe_html import strong
from aftershock.reports.verdict_section import had_said
from aftershock.schema.tables import NONE

CHANCE_REACHES = 0.1  # share of the moved copies that reach as much, above which nothing was found: a judgement
LONGEST_TITLE, LONGEST_NAME = 200, 60  # characters shown of a title and a service: the first page holds both
LEAST_SHOWN = 0.01  # below one per cent an explanation is not worth a row (a judgement)
TIMES = (
    ("started_at", "Started"),
    ("detected_at", "Detected"),
    ("mitigated_at", "Mitigated"),
    ("resolved_at", "Resolved"),
)
_PRECISE = pd.Timedelta(minutes=1)  # times are shown to the minute, so what is known to less is exact


def outage_sentence(dataset: Dataset, incident: pd.Series) -> str:
    """What failed, when it began and how long it lasted, as exactly as the log knows."""
    unsaid = [s for s in incident["services"] if not _is_named(s, incident["title"])]
    services = listed([shortened(s, LONGEST_NAME) for s in incident["services"]], most=4)
    where = f" ({services})" if unsaid else ""
    began = when(incident["started_at"], incident["started_at_before"], dataset.timezone)
    began = began if began.startswith("between") else f"on {began}"
    title = sentence(shortened(incident["title"], LONGEST_TITLE) or incident["incident_id"])
    return f"{title}{where}; it began {began}{_how_long(dataset, incident)}."


def _is_named(service: str, title: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(service)}(?!\w)", title, re.IGNORECASE) is not None


def _how_long(dataset: Dataset, incident: pd.Series) -> str:
    length = time_to(incident, "resolved_at")
    if length is not None:
        return f" and was over after {length}"
    if pd.notna(incident["resolved_at"]):
        return "; its recorded end lies before its start"
    if incident["status"] == "open":
        last = dataset.observed[1] - incident["started_at"]
        return f" and has lasted {duration(last)} so far (the log ends there)"
    return "; when it ended is not recorded"


def time_to(incident: pd.Series, column: str) -> str | None:
    """From start to a later moment, with the range that imprecise times allow; None when unknown or before the start."""
    if pd.isna(incident[column]) or incident[f"{column}_before"] < incident["started_at"]:
        return None
    low = max(incident[column] - incident["started_at_before"], pd.Timedelta(0))
    high = max(incident[f"{column}_before"] - incident["started_at"], pd.Timedelta(0))
    return span(low, high)


def explanation_sentences(
    suspects: pd.DataFrame, verdict: pd.Series | None, before: Attribution, zone: str, share: pd.Series
) -> list[object]:
    """The most probable explanation, and the next one where it has a per cent. With a verdict: the verdict, and what the
    model ``before`` it had given to it. ``share``: the incident's row of ``found.shares``; what chance reaches too often is
    not said to be probable, nor what is less likely than not at the lower end of its interval."""
    best, others = suspects.iloc[0], suspects.iloc[1:2]
    probability = interval_percent(best["probability"], best["probability_low"], best["probability_high"])
    nothing = best["change_id"] == NONE
    name: list[object] = [strong("no recorded change")] if nothing else named(best)
    if verdict is not None:
        who = shortened(who_and_when(verdict, zone), LONGEST_TITLE)
        said = [f"People decided ({who}): ", *name, " set it off.", had_said(before, verdict)]
        said += _other_favourite(before, verdict)
    elif round(best["probability"], 2) < LIKELY:
        said = ["No single explanation stands out; the strongest is ", *name, f" with {probability}."]
    elif not nothing and chance_reaches(share):
        said = [
            "Chance reaches as much too often for a finding; the strongest explanation is ",
            *name,
            f" with {probability}.",
        ]
    elif not is_probable(best["probability"], best["probability_low"]):
        said = ["The strongest explanation is ", *name, f" with {probability}, which leaves it open."]
    elif nothing:
        said = ["Probably ", *name, f": {probability}."]
    else:
        said = [*name, f" probably set it off: {probability}."]
        said[0] = str(said[0]).replace("the ", "The ", 1)
    for _, second in others[others["probability"] >= LEAST_SHOWN].iterrows():
        rival = ["“no recorded change”"] if second["change_id"] == NONE else named(second)
        chance = interval_percent(second["probability"], second["probability_low"], second["probability_high"])
        said += [" Next comes ", *rival, f" with {chance}."]
    return said


def _other_favourite(before: Attribution, verdict: pd.Series) -> list[object]:
    """What the model had thought most probable where people decided otherwise."""
    first = before.suspects(verdict["incident_id"]).iloc[0]
    if first["change_id"] == verdict["change_id"]:
        return []
    name = ["“no recorded change”"] if first["change_id"] == NONE else named(first)
    chance = interval_percent(first["probability"], first["probability_low"], first["probability_high"])
    return [" Its own first had been ", *name, f" with {chance}."]


def named(suspect: pd.Series) -> list[object]:
    """A recorded change as a suspect: its kind, its title or id, and its delay."""
    kind = "" if suspect["kind"] == "other" else suspect["kind"].replace("_", " ") + " "
    title = quoted(shortened(suspect["title"], LONGEST_TITLE)) if suspect["title"].strip() else suspect["change_id"]
    return [f"the {kind}change ", strong(title), f" ({delay_phrase(suspect)})"]


def chance_sentence(share: pd.Series) -> str:
    """The share given to all changes together, next to what chance alone would give."""
    together = interval_percent(share["change_probability"], share["low"], share["high"])
    if pd.isna(share["chance"]):
        return f"All recorded changes together: {together}. The log is too short to say what chance alone would give."
    too_many = ": too many for a finding" if chance_reaches(share) else ""
    return (
        f"All recorded changes together have {together}. Chance alone would give {percent(share['chance'])}: that is the "
        f"mean for the same incident moved to other weeks, and {_copies_reached(share)}{too_many}."
    )


def chance_reaches(share: pd.Series) -> bool:
    """Whether so many moved copies reach what changes have together that it is not a finding; next to nothing is none anyway."""
    return bool(share["chance_p"] > CHANCE_REACHES and share["change_probability"] >= LEAST_SHOWN)


def _copies_reached(share: pd.Series) -> str:
    copies, reached = int(share["copies"]), round(share["chance_p"] * share["copies"])
    if copies == 1:
        return f"{'its' if reached else 'not even its'} only moved copy reaches this"
    return f"{among(reached, copies, 'moved copy', 'moved copies')} {verb(reached, 'reaches', 'reach')} this"


def same_outage_sentence(found: Attribution, incident_id: str) -> str:
    """How probable it is that the incident is part of an earlier one's outage; empty below one half. That number has no interval,
    so no word weighs it."""
    outage = found.outages.set_index("incident_id").loc[incident_id]
    if outage["probability"] < LIKELY:
        return ""
    return f"With {percent(outage['probability'])} it is part of the same outage as {outage['earlier']}."


def moment_cards(dataset: Dataset, incident: pd.Series) -> FactCards:
    """When it started, how long after that each moment came, how exactly that is known; and how severe it was."""
    cards = [_moment_card(incident, column, label, dataset.timezone) for column, label in TIMES]
    severity, order = incident["severity"], dataset.severities
    rank = f"{order.index(severity) + 1} of {len(order)}, 1 is worst" if severity in order and len(order) > 1 else ""
    return FactCards([*cards, ("Severity", severity or "not given", rank)])


def _moment_card(incident: pd.Series, column: str, label: str, zone: str) -> tuple[str, str, str]:
    at, before = incident[column], incident[f"{column}_before"]
    if pd.isna(at):
        is_open = column == "resolved_at" and incident["status"] == "open"
        return label, "open so far" if is_open else "unknown", ""
    text = when(at, before, zone)
    precise = "exact" if before - at < _PRECISE else f"known within {duration(before - at)}"
    after = time_to(incident, column)
    if column == "started_at" or after is None:
        return label, text, precise
    return label, f"after {after}", f"{text}; {precise}"
