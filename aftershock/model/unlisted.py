"""The changes of a large log that are listed for no incident: what they come to together, without a list.

An unlisted pair has no service and no telling word in common with its incident, so all that its rate depends on is the change
itself and the delay. The sum over all changes of a kind within a small step of delay is then the difference of two
cumulative sums over the changes in order of time: as many look-ups as there are steps, however many changes. Steps are
a quarter of those of the delay grid, within which a curve hardly changes. Evidence counts as it does on average for innocent
pairs that look as these do (:meth:`aftershock.model.null_rates.NullRates.unlisted`). Pairs that are listed are subtracted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aftershock.model.candidates import POSSIBLE, CandidateFinder, Pairs
from aftershock.model.delays import POINTS, TAU
from aftershock.model.service_graph import UNKNOWN, UNRELATED

if TYPE_CHECKING:
    from aftershock.model.observations import Observations
    from aftershock.model.parameters import Parameters

FINER = 4  # steps of delay per step of the grid
EXACT = 0.5  # hours: what is known better than that counts at one moment


class Unlisted:
    """Of incidents that started between ``first`` and ``last`` (hours since 1970), with ``named``: whether their services are
    known; all (incidents,). ``listed``: the pairs that are not among these; ``kind`` (changes,)."""

    def __init__(
        self,
        finder: CandidateFinder,
        first: np.ndarray,
        last: np.ndarray,
        named: np.ndarray,
        listed: Pairs,
        kind: np.ndarray,
    ):
        grid = finder.grid
        places = np.linspace(grid.nodes[0], grid.nodes[-1], FINER * (grid.size - 1) + 1)
        edges, middles = (np.sign(p) * TAU * np.expm1(np.abs(p)) for p in (places, (places[1:] + places[:-1]) / 2))
        self.per_step = grid.points(middles)
        self.named, self.listed, self.kind = named, listed, kind
        self.named_change = np.array([len(services) > 0 for services in finder.services], dtype=bool)
        self.possible = finder.possible
        self.incident, at, self.part = _moments(first, last)
        until = at[:, None] - edges
        of_kind = [finder.rows[kind[finder.rows] == k] for k in range(int(kind.max(initial=0)) + 1)]
        self._made_by = [_Made(rows, finder.first[rows], finder.last[rows], until) for rows in of_kind]

    def rates(self, seen: Observations, parameters: Parameters) -> np.ndarray:
        """Rate per hour at which all changes that are not listed would have set off each incident, (incidents,)."""
        weights = self.weights(seen, parameters)
        curves = self.per_step @ parameters.delays.T
        by_edge = np.diff(
            curves, axis=0, prepend=0, append=0
        )  # what is summed up to an edge ends one step and begins the next
        named, total = self.named[self.incident], np.zeros(len(self.incident))
        for k, made_by in enumerate(self._made_by):
            for known in (True, False):
                mine = np.flatnonzero(named == known)
                if len(mine):
                    summed = made_by.summed(weights[int(known)], mine)
                    total[mine] += summed @ by_edge[:, k]
        found = np.bincount(self.incident, weights=total * self.part, minlength=len(self.named))
        found = np.maximum(found - self._listed(weights, parameters.delays), 0.0)
        return found * parameters.service_shares[seen.service]

    def _listed(self, weights: np.ndarray, delays: np.ndarray) -> np.ndarray:
        """What the listed pairs would add to the sums, (incidents,)."""
        pairs = self.listed
        density = pairs.density(delays, pairs.delay_cells(self.kind[pairs.change]))
        weight = weights[self.named[pairs.incident].astype(np.int8), pairs.change]
        return np.bincount(pairs.incident, weights=weight * density, minlength=len(self.named))

    def weights(self, seen: Observations, parameters: Parameters) -> np.ndarray:
        """What each change counts for but for delay and place, for incidents without and with known services, (2, changes)."""
        rates = seen.cells.rates(parameters.overall, parameters.factors)[seen.cells.cell]
        mean = seen.null.unlisted(parameters.ratios)
        unknown = rates * mean[UNKNOWN * seen.groups + seen.group]
        share = parameters.relations[UNRELATED] / np.maximum(POSSIBLE @ parameters.relations, 1e-12)
        elsewhere = rates * mean[UNRELATED * seen.groups + seen.group] * share[self.possible]
        return np.stack([unknown, np.where(self.named_change, elsewhere, unknown)])


class _Made:
    """Changes of one kind, to be summed up to moments ``until`` (moments, steps) again and again. Of one that is known as an
    interval, what had passed of it by then counts."""

    def __init__(self, rows: np.ndarray, first: np.ndarray, last: np.ndarray, until: np.ndarray):
        wide = last - first > EXACT
        self.exact, self._reached = _order_and_place(rows[~wide], first[~wide], until)
        self._ramps = []
        if wide.any():
            self._origin = float(first.min())
            self._until = until - self._origin
            for ends, sign in ((first, 1.0), (last, -1.0)):
                order, reached = _order_and_place(np.flatnonzero(wide), ends[wide], until)
                self._ramps.append((rows[order], sign / (last - first)[order], ends[order] - self._origin, reached))

    def summed(self, weights: np.ndarray, moments: np.ndarray) -> np.ndarray:
        """Sum of the ``weights`` (changes,) of what had been made by then, (moments, steps)."""
        found = _before(weights[self.exact])[self._reached[moments]]
        for rows, per_hour, ends, reached in self._ramps:
            each, place = weights[rows] * per_hour, reached[moments]
            found = found + self._until[moments] * _before(each)[place] - _before(each * ends)[place]
        return found


def _order_and_place(rows: np.ndarray, at: np.ndarray, until: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(the rows in order of time, how many of them had come by each moment)."""
    order = np.argsort(at, kind="stable")
    return rows[order], np.searchsorted(at[order], until, side="right").astype(np.int32)


def _before(values: np.ndarray) -> np.ndarray:
    """The sum of all before each, and of all."""
    return np.concatenate([[0.0], np.cumsum(values)])


def _moments(first: np.ndarray, last: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(row, moment, share) of times known as intervals: a wide one counts in equal parts at several moments, (moments,) each."""
    count = np.where(last - first <= EXACT, 1, POINTS)
    row = np.repeat(np.arange(len(first)), count)
    within = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    at = first[row] + (within + 0.5) / count[row] * (last - first)[row]
    return row, at, 1 / count[row]
