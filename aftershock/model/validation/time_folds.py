"""Answers learned from earlier incidents only: the dataset as it was before each part of the labelled incidents.

The labelled incidents are cut by time into one part more than there are folds. The first part only teaches. Each other part
is answered by a model fitted to what both logs held when the part began: incidents and changes since then are there to be
answered and to be suspects, but nothing is learned from them, since they lie outside the observed period.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pandas as pd

from aftershock.dataset.dataset import Dataset
from aftershock.model.attribution import attribute
from aftershock.model.priors import Priors
from aftershock.model.validation.baselines import model_answer
from aftershock.model.validation.outcomes import outcomes

LEAST_LEARNED = 1  # incidents before a fold; without any the model is its priors


@dataclass(frozen=True)
class Fold:
    """One part: its first and last moment (UTC), the labelled incidents answered, the incidents learned from."""

    start: pd.Timestamp
    end: pd.Timestamp
    answered: int
    learned_from: int


def held_out(
    dataset: Dataset, labels: pd.DataFrame, *, folds: int, as_of_onset: bool, priors: Priors | None = None
) -> tuple[list[Fold], pd.DataFrame]:
    """The folds, and the outcomes of their incidents; fewer folds, or none, where there are too few incidents to cut."""
    starts = dataset.actual_incidents.set_index("incident_id")["started_at"]
    at = labels["incident_id"].map(starts).sort_values(kind="stable")
    bounds = _bounds(at, folds)
    folds_made: list[Fold] = []
    answered: list[pd.DataFrame] = []
    for start, end in pairwise(bounds):
        past = known_at(dataset, start, end)
        inside = labels[labels["incident_id"].map(starts).between(start, end, inclusive="left")]
        found = attribute(past, blind=True, as_of_onset=as_of_onset, priors=priors)
        learned_from = int(found.seen.used.sum())
        if learned_from >= LEAST_LEARNED:
            folds_made.append(Fold(start, inside["incident_id"].map(starts).max(), len(inside), learned_from))
            answered.append(outcomes(inside, model_answer(found)))
    return folds_made, pd.concat(answered, ignore_index=True) if answered else outcomes(labels.iloc[:0], _nothing())


def _nothing() -> pd.DataFrame:
    return pd.DataFrame({"incident_id": [], "change_id": [], "score": [], "probability": []})


def _bounds(at: pd.Series, folds: int) -> list[pd.Timestamp]:
    """Where each part after the first begins, and the end of the last; incidents of one moment stay together."""
    if folds < 1 or len(at) < 2:
        return []
    places = np.linspace(0, len(at), min(folds + 1, len(at)) + 1).astype(int)[1:-1]
    cuts = list(dict.fromkeys(at.iloc[places]))
    return [*(c for c in cuts if c > at.iloc[0]), at.iloc[-1] + pd.Timedelta(1, "us")]


def known_at(dataset: Dataset, moment: pd.Timestamp, until: pd.Timestamp) -> Dataset:
    """The dataset with nothing to learn from ``moment`` on, and nothing at all from ``until`` on.

    An incident or change of imprecise time belongs where it may have begun first. Verdicts are left out.
    """
    first, last = dataset.observed
    before = {name: getattr(dataset, name) for name in ("incidents", "changes")}
    cut = {name: table[table["started_at"] < until].reset_index(drop=True) for name, table in before.items()}
    observed = first, min(last, max(first, moment))
    made = replace(dataset, **cut, verdicts=dataset.verdicts.iloc[:0], observed=observed)
    return made if dataset.as_read is dataset else made.masking(known_at(dataset.as_read, moment, until))
