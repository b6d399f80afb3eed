"""The answer taken apart: what each piece of evidence multiplies a candidate's odds by, and what the answer is without it.

Odds are those of a candidate against "no recorded change": its rate over the background's. They are the product of one
factor per piece, each relative to a candidate of which nothing is known: an average change of this log, at an unknown
place, at any time of the horizon. Factors are those of the answer itself, averaged over the draws, so they lead exactly to the
probability shown. :class:`LogOddsDecomposition` knows nothing of words; see :mod:`aftershock.model.explanation`.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

import numpy as np

from aftershock.model import likelihood
from aftershock.model.gibbs import Draws
from aftershock.model.likelihood import DELAY, RELATION, Origins, Rates
from aftershock.model.observations import Observations
from aftershock.model.parameters import Parameters

KIND = "kind"


class LogOddsDecomposition:
    """All pairs at once. Verdicts clamp nothing here: this is what the model says of each incident."""

    def __init__(self, seen: Observations, fitted: Parameters, drawn: Draws):
        self.decided = seen.decided
        self.seen = replace(seen, verdict=np.zeros_like(seen.verdict), decided=np.zeros_like(seen.decided))
        self.fitted, self.drawn = fitted, drawn
        self.place = fitted.service_shares[seen.service]
        self._without: dict[str, tuple[np.ndarray, np.ndarray]] = {}

    @cached_property
    def average_rate(self) -> float:
        """Incidents set off per change, over all changes of the log."""
        cells = self.seen.cells
        rates = cells.rates(self.fitted.overall, self.fitted.factors)
        return float(np.average(rates, weights=cells.counts if cells.counts.any() else None))

    @property
    def background(self) -> np.ndarray:
        """Rate of incidents without a recorded change at each incident's place and hour, per hour, (incidents,)."""
        return self.drawn.answer.rates.background

    @cached_property
    def start(self) -> np.ndarray:
        """Log odds of a candidate of which nothing is known, (incidents,)."""
        return np.log(self.average_rate * self.place / (self.seen.grid.horizon * self.background))

    @cached_property
    def logs(self) -> dict[str, np.ndarray]:
        """Log factor per piece, (pairs,) each. With :attr:`start` they add up to the log of rate over background."""
        logs = likelihood.term_logs(self.seen, self.fitted)
        for name, drawn in self.drawn.answer.logs.items():
            logs[name][self.drawn.kept] = drawn
        logs[KIND] = logs[KIND] - np.log(self.average_rate)
        logs[RELATION] = logs[RELATION] - np.log(self.place)[self.seen.pairs.incident]
        logs[DELAY] = logs[DELAY] + np.log(self.seen.grid.horizon)
        return logs

    @cached_property
    def log_odds(self) -> np.ndarray:
        """Of each pair: log of rate over background, (pairs,)."""
        return self.start[self.seen.pairs.incident] + sum(self.logs.values())

    def pairs_of(self, incident: int) -> slice:
        """The pairs of one incident."""
        return slice(*self.seen.pairs.starts[incident : incident + 2])

    def _rates(self, log_odds: np.ndarray) -> Rates:
        averaged = self.drawn.answer.rates
        pairs = np.exp(log_odds) * self.background[self.seen.pairs.incident]
        return replace(averaged, pairs=pairs)

    @cached_property
    def origins(self) -> Origins:
        """The direct origins of all incidents."""
        return likelihood.settled(self.seen, self._rates(self.log_odds))

    @cached_property
    def leaning(self) -> np.ndarray:
        """What each incident's own aftershocks say for a change as its root: log odds, (incidents,)."""
        return likelihood.leaning(self.seen, self.origins.links, self.drawn.answer.rates.productivity)

    @cached_property
    def roots(self) -> tuple[np.ndarray, np.ndarray]:
        """(probability of each pair, of "no recorded change" per incident): the answer without verdicts."""
        return likelihood.rooted(self.seen, self.origins)

    @cached_property
    def unlisted(self) -> np.ndarray:
        """What :attr:`roots` leave to candidates that are not listed, (incidents,)."""
        pairs, none = self.roots
        listed = np.bincount(self.seen.pairs.incident, weights=pairs, minlength=self.seen.incidents)
        return np.maximum(1 - none - listed, 0.0) if self.seen.unlisted else np.zeros(self.seen.incidents)

    def without(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        """:attr:`roots` when one piece says nothing of any candidate: its factor taken out for all of them, and the rest shared
        out anew."""
        if name not in self._without:
            found = likelihood.settled(self.seen, self._rates(self.log_odds - self.logs[name]))
            self._without[name] = likelihood.rooted(self.seen, found)
        return self._without[name]

    def alone(self, pair: int) -> float:
        """Probability of a candidate if neither another change nor an earlier incident competed with it."""
        odds = np.exp(self.log_odds[pair] + self.leaning[self.seen.pairs.incident[pair]])
        return float(odds / (1 + odds))
