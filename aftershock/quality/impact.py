"""How far a flaw bends the attribution: the model is fitted to the log as it is and to the log without the flaw.

Deterministic, and cheap: one fit per flaw, without the draws around it. Of a large log only the latest part is fitted.
Verdicts are left out of both fits, since they would hold the answers in place.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from aftershock.dataset.dataset import Dataset
from aftershock.model import likelihood
from aftershock.model.attribution import attribute
from aftershock.quality.finding import Finding, Impact
from aftershock.schema.tables import NONE

MOST_INCIDENTS, MOST_CHANGES, MOST_PAIRS = 500, 50_000, 300_000
LEAST_INCIDENTS = 20
MOST_FITS = 16


@dataclass(frozen=True)
class Answers:
    """Of each incident the first explanation and the probability that a recorded change set it off, by its id."""

    first: pd.Series
    share: pd.Series


def answers(dataset: Dataset) -> Answers:
    """What the fitted model says, without intervals."""
    found = attribute(dataset, blind=True)
    seen, fitted = found.seen, found.parameters
    probability, none = likelihood.responsibilities(
        seen, likelihood.terms(seen, fitted), likelihood.background_rate(seen, fitted)
    )
    ids = found.reading.incidents["incident_id"].to_numpy()
    pairs = pd.DataFrame(
        {
            "incident": np.append(seen.pairs.incident, np.arange(len(ids))),
            "change": np.append(dataset.changes["change_id"].to_numpy()[seen.pairs.change], [NONE] * len(ids)),
            "probability": np.append(probability, none),
        }
    )
    pairs = pairs.sort_values(["incident", "probability", "change"], ascending=[True, False, True], kind="stable")
    first = pairs.drop_duplicates("incident")["change"].to_numpy()
    return Answers(pd.Series(first, index=ids), pd.Series(1 - none, index=ids))


def latest(dataset: Dataset) -> Dataset:
    """The dataset, or of a large one its latest part: as many whole days as hold at most MOST_INCIDENTS incidents,
    MOST_CHANGES changes and about MOST_PAIRS pairs of them."""
    first, last = dataset.observed
    each = len(dataset.changes) * (dataset.settings.attribution.horizon / max(last - first, pd.Timedelta(days=1)))
    incidents = int(np.clip(MOST_PAIRS / max(each, 1.0), LEAST_INCIDENTS, MOST_INCIDENTS))
    for table, most in ((dataset.incidents, incidents), (dataset.changes, MOST_CHANGES)):
        if len(table) > most:
            first = max(first, table["started_at"].iloc[len(table) - most].floor("D"))
    if first == dataset.observed[0] or first >= dataset.observed[1]:
        return dataset
    return within(dataset, first, dataset.observed[1])


def within(dataset: Dataset, first: pd.Timestamp, last: pd.Timestamp) -> Dataset:
    """The dataset as if only this period had been observed; changes of the horizon before it stay candidates."""
    incidents, changes = dataset.incidents, dataset.changes
    horizon = dataset.settings.attribution.horizon
    return replace(
        dataset,
        incidents=incidents[incidents["started_at"].between(first, last, inclusive="left")].reset_index(drop=True),
        changes=changes[changes["started_at"].between(first - horizon, last, inclusive="left")].reset_index(drop=True),
        observed=(first, last),
    )


def measured(dataset: Dataset, findings: list[Finding]) -> list[Finding]:
    """The findings with their bend where a log without the flaw could be made; at most MOST_FITS, those with most rows
    first."""
    able = [n for n, f in enumerate(findings) if f.without is not None]
    if not able or not dataset.overlapping or dataset.reference or not len(dataset.actual_incidents):
        return findings
    part = latest(dataset)
    as_it_is = answers(part)
    chosen = sorted(able, key=lambda n: -len(findings[n].rows))[:MOST_FITS]
    return [replace(f, impact=_impact(as_it_is, part, f)) if n in chosen else f for n, f in enumerate(findings)]


def _impact(as_it_is: Answers, part: Dataset, finding: Finding) -> Impact | None:
    """None where nothing is left to compare."""
    other = finding.without.make(part)
    if not len(other.actual_incidents) or not len(other.changes):
        return None
    then = answers(other)
    both = as_it_is.first.index.intersection(then.first.index)
    if both.empty:
        return None
    return Impact(
        incidents=len(both),
        moved=int((as_it_is.first[both] != then.first[both]).sum()),
        share=float(as_it_is.share[both].mean()),
        share_without=float(then.share[both].mean()),
        how=finding.without.how,
    )
