"""The incidents with a known cause that were answered most wrongly, and the evidence that misled the model."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from aftershock.model.attribution import Attribution
from aftershock.model.decomposition import DELAY, KIND, RELATION
from aftershock.model.evidence import EVIDENCE
from aftershock.output.html_table import Table
from aftershock.output.phrases import MISSING, delay_phrase, listed, percent, plural
from aftershock.schema.tables import NONE

EVIDENCE_WORDS = {KIND: "the kind of change", RELATION: "the relation", DELAY: "the delay"}
NOTABLE = 1.2  # by which odds differ between two explanations before it is worth naming (a judgement)
MOST_NAMED = 3
_LEAST_ODDS = 1e-300  # so that odds of nothing can be divided by
COLUMNS = ["Incident", "What did it", "Given", "Named first", "Given to it", "What spoke for the wrong one"]


def worst_table(found: Attribution, worst: pd.DataFrame, shown_ids: list[object]) -> Table:
    """A row per incident. ``worst``: incident_id, true_change and the probability it was given; ``shown_ids``: the incidents
    as the table is to show them, in the same order."""
    rows = [
        (shown, *_row(found, row["incident_id"], row["true_change"], row["given"]))
        for shown, row in zip(shown_ids, worst.to_dict("records"), strict=True)
    ]
    return Table(
        pd.DataFrame(rows, columns=COLUMNS),
        f"The {plural(len(worst), 'incident')} answered most wrongly",
        empty="Every incident with a known cause was answered rightly.",
        align={"Given": "right", "Given to it": "right"},
    )


def _row(found: Attribution, incident_id: str, true: str, given: float) -> tuple[str, ...]:
    suspects = found.suspects(incident_id)
    first = suspects.iloc[0]
    return (
        _described(suspects, true),
        percent(given) if (suspects["change_id"] == true).any() else MISSING,
        _described(suspects, first["change_id"]),
        percent(first["probability"]),
        what_misled(found, incident_id, true, first["change_id"]),
    )


def _described(suspects: pd.DataFrame, change_id: str) -> str:
    if change_id == NONE:
        return "no recorded change"
    rows = suspects[suspects["change_id"] == change_id]
    if rows.empty:
        return f"{change_id}, outside the horizon"
    suspect = rows.iloc[0]
    return f"{change_id}, {delay_phrase(suspect)}, {suspect['relation']}"


def what_misled(found: Attribution, incident_id: str, true: str, first: str) -> str:
    """The pieces of evidence by which the explanation named first beats the true one, the strongest first."""
    if true not in set(found.suspects(incident_id)["change_id"]):
        return "the true change is not a candidate"
    if NONE in (true, first):
        change = true if first == NONE else first
        odds = math.exp(_weights(found, incident_id, change).sum())
        if first == NONE:
            return f"such incidents come by themselves at {_times(1 / max(odds, _LEAST_ODDS))} the rate of this change"
        return f"this change alone has {_times(odds)} the rate of incidents that come by themselves"
    ratios = np.exp(_weights(found, incident_id, first) - _weights(found, incident_id, true))
    words = {name: EVIDENCE_WORDS.get(name, name) for name in ratios.index}
    strongest = sorted(((r, words[name]) for name, r in ratios.items() if r > NOTABLE), reverse=True)[:MOST_NAMED]
    return listed([f"{word} (× {_number(ratio)})" for ratio, word in strongest]) or "nothing stands out"


def _weights(found: Attribution, incident_id: str, change_id: str) -> pd.Series:
    """What each piece of evidence, and the start, adds to a candidate's log odds; by the name of the step."""
    steps = found.explanation(incident_id, change_id).table.set_index("name")["log_odds"]
    return steps.loc[: EVIDENCE[-1].name]


def _times(ratio: float) -> str:
    return "more than 1,000 times" if ratio > 1000 else f"{_number(ratio)} times"


def _number(value: float) -> str:
    return "> 1,000" if value > 1000 else f"{value:.3g}" if value < 10 else f"{value:.0f}"
