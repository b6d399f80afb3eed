"""A candidate's odds, factor by factor: what each piece of evidence multiplies them by, and what the answer is without it.

Odds are those of a candidate against "no recorded change": its term over the background rate. They are the product of
one factor per piece, each relative to a candidate of which nothing is known: an average change of this log, on services
that nobody named, at any time of the horizon. :class:`LogOddsDecomposition`
knows nothing of words; see :mod:`aftershock.model.explanation`.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

import numpy as np

from aftershock.model import likelihood
from aftershock.model.evidence import EVIDENCE
from aftershock.model.observations import Observations
from aftershock.model.parameters import Parameters

KIND, RELATION, DELAY = "kind", "relation", "delay"


class LogOddsDecomposition:
    """All pairs of a fit at once. Verdicts clamp nothing here: this is what the model says of each incident.

    ``common``: for each incident the share of all incidents that fall on its main service, which is where a change that
    names no service is expected to show.
    """

    def __init__(self, seen: Observations, fitted: Parameters, common: np.ndarray):
        undecided = np.zeros_like(seen.decided)
        self.seen = replace(seen, verdict=np.zeros_like(seen.verdict), decided=undecided)
        self.fitted, self.common = fitted, common
        self._answers: dict[str, tuple[np.ndarray, np.ndarray]] = {}

    @cached_property
    def background(self) -> np.ndarray:
        """Rate of incidents without a recorded change at each incident's place and hour, per hour, (incidents,)."""
        return likelihood.background_rate(self.seen, self.fitted)

    @cached_property
    def average_rate(self) -> float:
        """Incidents set off per change, over all changes of the log."""
        counts = np.bincount(self.seen.kind_of_change[self.seen.counted], minlength=len(self.seen.kinds))
        return float(np.average(self.fitted.rates, weights=counts if counts.any() else None))

    @cached_property
    def start(self) -> np.ndarray:
        """Log odds of a candidate of which nothing is known, (incidents,)."""
        return np.log(self.average_rate * self.common / (self.seen.grid.horizon * self.background))

    @cached_property
    def logs(self) -> dict[str, np.ndarray]:
        """Log factor per piece, (pairs,) each: kind, relation, delay, then :data:`EVIDENCE`. With :attr:`start` they add up
        to the log of term over background."""
        seen, pairs = self.seen, self.seen.pairs
        with np.errstate(divide="ignore"):  # a delay may be impossible
            delay = np.log(likelihood.delay_density(seen, self.fitted.delays) * seen.grid.horizon)
        relation = likelihood.relation_factor(seen, self.fitted.relations) / self.common[pairs.incident]
        base = {
            KIND: np.log(self.fitted.rates[seen.kind] / self.average_rate),
            RELATION: np.log(relation),
            DELAY: delay,
        }
        evidence = likelihood.evidence_logs(seen, self.fitted)
        return base | {e.name: logs for e, logs in zip(EVIDENCE, evidence, strict=True)}

    @cached_property
    def log_odds(self) -> np.ndarray:
        """Log of term over background, (pairs,)."""
        return self.start[self.seen.pairs.incident] + sum(self.logs.values())

    def pairs_of(self, incident: int) -> slice:
        """The rows of an incident's pairs."""
        return slice(*self.seen.pairs.starts[incident : incident + 2])

    def answers(self, without: str = "") -> tuple[np.ndarray, np.ndarray]:
        """The fit's (probability of each pair, probability of "no recorded change" per incident) when one piece says nothing
        of any candidate: its factor is taken out for all of them, and the incident is shared out anew."""
        if without not in self._answers:
            kept = sum(logs for name, logs in self.logs.items() if name != without)
            start = self.start[self.seen.pairs.incident]
            rates = np.exp(start + kept) * self.background[self.seen.pairs.incident]
            self._answers[without] = likelihood.responsibilities(self.seen, rates, self.background)
        return self._answers[without]

    def alone(self, pair: int) -> float:
        """Probability of a candidate if there were no other change."""
        rates = np.zeros(len(self.seen.pairs))
        incident = self.seen.pairs.incident[pair]
        rates[pair] = np.exp(self.log_odds[pair]) * self.background[incident]
        return float(likelihood.responsibilities(self.seen, rates, self.background)[0][pair])
