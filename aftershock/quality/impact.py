"""What a flaw does to the attribution: the model is fitted to the log as it is and to the log without the flaw.

Deterministic, and cheap: one fit per flaw, without the draws around it. Of a large log only the latest part is fitted.
Verdicts are left out of both fits, since they would hold the answers in place.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from aftershock.dataset.dataset import Dataset
from aftershock.model import likelihood
from aftershock.model.attribution import Attribution, attribute
from aftershock.quality.variants import Without, within
from aftershock.schema.tables import NONE

MOST_INCIDENTS, MOST_CHANGES, MOST_PAIRS = 500, 50_000, 300_000  # so that a fit takes seconds
LEAST_INCIDENTS = 20  # fewer show no share that could move


@dataclass(frozen=True)
class Impact:
    """What a flaw does to the attribution: the answers of the log as it is against those without the flaw.

    ``incidents``: answered in both; ``moved``: those whose first explanation is another one without the flaw; ``share``
    and ``share_without``: the mean probability that a recorded change set an incident off, over the same incidents;
    ``how``: what was done to the log for it.
    """

    incidents: int
    moved: int
    share: float
    share_without: float
    how: str

    @property
    def size(self) -> float:
        """From 0 (nothing changes) up: the share of first explanations that move, plus how far the share of incidents
        that changes set off moves."""
        return self.moved / max(self.incidents, 1) + abs(self.share_without - self.share)


@dataclass(frozen=True)
class Answers:
    """Of each incident the first explanation and the probability that a recorded change set it off, by its id."""

    first: pd.Series
    share: pd.Series


def probabilities(found: Attribution) -> pd.DataFrame:
    """What the fit alone says of every pair, without draws: incident (its row in the reading), change (its id as the log has it,
    or ``none``) and probability."""
    seen = found.seen
    probability, none = likelihood.rooted(seen, likelihood.settled(seen, likelihood.rates_of(seen, found.parameters)))
    ids = found.reading.dataset.changes["change_id"].to_numpy()
    return pd.DataFrame(
        {
            "incident": np.append(seen.pairs.incident, np.arange(len(none))),
            "change": np.append(ids[seen.pairs.change], [NONE] * len(none)),
            "probability": np.append(probability, none),
        }
    )


def answers(dataset: Dataset) -> Answers:
    """What the fitted model says, without intervals."""
    found = attribute(dataset, blind=True)
    pairs = probabilities(found)
    pairs = pairs.sort_values(["incident", "probability", "change"], ascending=[True, False, True], kind="stable")
    first = pairs.drop_duplicates("incident")["change"].to_numpy()
    ids = found.reading.incidents["incident_id"].to_numpy()
    none = pairs[pairs["change"] == NONE]["probability"].to_numpy()
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


def impact_of(as_it_is: Answers, part: Dataset, without: Without) -> Impact | None:
    """What a flaw does to the answers of a log; None where nothing is left to compare."""
    other = without.make(part)
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
        how=without.how,
    )
