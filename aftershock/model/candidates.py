"""Which changes could have set off which incident: one row per pair within the horizon.

A pair stays when, within what the imprecise times allow, the change can have come before the incident and at most the
horizon earlier. Changes in other environments and changes that never took effect are no candidates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import scipy.sparse as sp

from aftershock.model.delays import POINTS, DelayGrid, interleaved
from aftershock.model.service_graph import SAME, UNKNOWN, UNRELATED, ServiceGraph
from aftershock.model.times import hours
from aftershock.schema.status_words import took_effect

ONE_SERVICE = 0  # the first bin of COVERAGE
_BLOCK = 500_000  # pairs whose densities are made at a time
_FEW = 2_000  # the same, where they are not sparse on the way
_MOST_COUNTED = 8  # entries per pair of a table of all sets of services with all others: a judgement
FIRST_NAMED = 0.6  # probability that an incident on several services began on the one named first; a judgement
COVERAGE = (
    "one service failed",
    "could have reached none of the failed services",
    "could have reached fewer than half of the failed services",
    "could have reached most of the failed services",
    "could have reached all of the failed services",
    "could have reached all of the failed services, which are many",
)
MANY = 4  # failed services of which a change that reaches all is told apart: by chance that is rare

POSSIBLE = np.array([[row >> relation & 1 for relation in range(UNKNOWN)] for row in range(2**UNKNOWN)], dtype=float)


@dataclass(frozen=True)
class Pairs:
    """Arrays of one length, sorted by incident: ``incident`` and ``change`` are row numbers of their tables.

    ``low``, ``high``: the delay's ends in hours, cut to [0, horizon]; ``relation``: index into RELATIONS; ``spread``:
    the share of what a change sets off at this relation that falls on this incident's services; ``coverage``: index into
    COVERAGE, how many of the incident's services the change could have reached; ``possible``: row of POSSIBLE, the relations
    that what the change sets off can have; ``densities``: rows of
    :meth:`DelayGrid.densities`; ``starts``: where each incident's pairs begin, (incidents + 1,). An incident on several
    services may have begun on any of them, and the background counts it once, on the first: so its spread counts each service at
    this relation for as much as it is probable that the incident began there.
    """

    incident: np.ndarray
    change: np.ndarray
    low: np.ndarray
    high: np.ndarray
    relation: np.ndarray
    spread: np.ndarray
    coverage: np.ndarray
    possible: np.ndarray
    densities: sp.csr_matrix
    starts: np.ndarray

    def __len__(self) -> int:
        return len(self.incident)

    def subset(self, kept: np.ndarray, incidents: int) -> Pairs:
        """The pairs of these numbers, in order; of so many incidents."""
        incident = self.incident[kept]
        return Pairs(
            incident,
            self.change[kept],
            self.low[kept],
            self.high[kept],
            self.relation[kept],
            self.spread[kept],
            self.coverage[kept],
            self.possible[kept],
            self.densities[kept],
            np.searchsorted(incident, np.arange(incidents + 1)),
        )

    @property
    def middle(self) -> np.ndarray:
        return (self.low + self.high) / 2

    def delay_cells(self, kind: np.ndarray) -> np.ndarray:
        """Where each entry of the densities finds its mass in a table of delays, (kinds, nodes) as one row, (entries,); ``kind``
        (pairs,) of their changes."""
        matrix = self.densities
        return np.repeat(kind * matrix.shape[1], np.diff(matrix.indptr)) + matrix.indices

    def density(self, delays: np.ndarray, cells: np.ndarray) -> np.ndarray:
        """Density of each pair's delay, per hour, (pairs,), by the curve ``delays`` (kinds, nodes) of its kind; ``cells``: its
        :meth:`delay_cells`."""
        matrix = self.densities
        values, found = matrix.data * delays.ravel()[cells], np.zeros(len(self))
        filled = np.flatnonzero(np.diff(matrix.indptr))
        if len(filled):
            found[filled] = np.add.reduceat(values, matrix.indptr[filled])
        return found


def why_not(change: pd.Series | Mapping[str, Any], environments: list[str]) -> str:
    """Why a change can be no candidate at all, in words; ``""`` when it can."""
    if environments and change["environment"].lower() not in _accepted(environments):
        return f"its environment is {change['environment']!r}, and only {', '.join(environments)} can set off an incident here"
    if took_effect(change["status"]) is False:
        return f"its status is {change['status']!r}: it never took effect"
    return ""


def _accepted(environments: list[str]) -> list[str]:
    return ["", *(e.lower() for e in environments)]


def eligible(changes: pd.DataFrame, environments: list[str]) -> np.ndarray:
    """True for each change that can set off an incident; an unnamed environment counts as the right one."""
    here = pd.Series(True, index=changes.index)
    if environments:
        here = changes["environment"].str.lower().isin(_accepted(environments))
    never = [status for status in changes["status"].unique() if took_effect(status) is False]
    return (here & ~changes["status"].isin(never)).to_numpy(dtype=bool)


class CandidateFinder:
    """Finds pairs for incidents at given times; made once per dataset, used for the incidents and their moved copies."""

    def __init__(self, changes: pd.DataFrame, graph: ServiceGraph, environments: list[str], grid: DelayGrid):
        self.grid, self.graph = grid, graph
        self.rows = np.flatnonzero(eligible(changes, environments))
        self.first = hours(changes["started_at"])
        self.last = hours(changes["started_at_before"])
        order = np.argsort(self.first[self.rows], kind="stable")
        self.rows = self.rows[order]
        self.longest = float(np.max(self.last[self.rows] - self.first[self.rows], initial=0.0))
        self.services = [tuple(s) for s in changes["services"]]
        self.possible = possible_relations(self.services, graph)
        self.changed = _numbered(self.services)
        self._sets_on: dict[str, list[int]] = {}
        for code, changed in enumerate(self.changed[0]):
            for service in dict.fromkeys(changed):
                self._sets_on.setdefault(service, []).append(code)
        self._near: dict[tuple[str, ...], np.ndarray] = {}
        self._known: dict[tuple[tuple[str, ...], tuple[str, ...]], tuple[int, float, int]] = {}

    def window(self, first: np.ndarray, last: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Where in ``rows`` the candidates of incidents that started between ``first`` and ``last`` begin and end, (incidents,)
        each; where changes have imprecise times, some before the horizon are among them."""
        times = self.first[self.rows]
        begin = np.searchsorted(times, first - self.grid.horizon - self.longest, side="left")
        return begin, np.maximum(begin, np.searchsorted(times, last - self.grid.earliest, side="right"))

    def count(self, first: float, last: float) -> int:
        """How many candidates an incident has that started between ``first`` and ``last``."""
        begin, end = self.window(np.array([first]), np.array([last]))
        return int((first - self.last[self.rows[begin[0] : end[0]]] <= self.grid.horizon).sum())

    def pairs(self, first: np.ndarray, last: np.ndarray, services: list[tuple[str, ...]]) -> Pairs:
        """All candidates of incidents that started between ``first`` and ``last`` (hours since 1970)."""
        incident, place = ranges(*self.window(first, last))
        return self.of(incident, self.rows[place], first, last, services)

    def of(
        self,
        incident: np.ndarray,
        change: np.ndarray,
        first: np.ndarray,
        last: np.ndarray,
        services: list[tuple[str, ...]],
        anyway: bool = False,
    ) -> Pairs:
        """These pairs of incidents and changes, those beyond the horizon only if ``anyway``."""
        shortest, longest = first[incident] - self.last[change], last[incident] - self.first[change]
        keep = anyway | (shortest <= self.grid.horizon)  # none began later than it may: the search above ended there
        if not keep.all():
            incident, change, shortest, longest = incident[keep], change[keep], shortest[keep], longest[keep]
        return Pairs(
            incident,
            change,
            np.clip(shortest, self.grid.earliest, self.grid.horizon, out=shortest),
            np.clip(longest, self.grid.earliest, self.grid.horizon, out=longest),
            *self.related(incident, change, services),
            self.possible[change],
            self._densities_of(incident, change, first, last),
            np.searchsorted(incident, np.arange(len(first) + 1)),
        )

    def _densities_of(
        self, incident: np.ndarray, change: np.ndarray, first: np.ndarray, last: np.ndarray
    ) -> sp.csr_matrix:
        """:meth:`densities` of pairs, in blocks, to bound memory."""
        blocks = [slice(start, start + _BLOCK) for start in range(0, max(len(incident), 1), _BLOCK)]
        parts = ((incident[part], change[part]) for part in blocks)
        found = [self.densities(first[i], last[i], self.first[c], self.last[c]) for i, c in parts]
        return found[0] if len(found) == 1 else sp.vstack(found, format="csr")

    def densities(self, a: np.ndarray, b: np.ndarray, c: np.ndarray, d: np.ndarray) -> sp.csr_matrix:
        """Mean delay density of each pair: incident uniform on [a, b], change uniform on [c, d]."""
        both = (b > a) & (d > c)
        if not both.any():
            return self._uniform(a - d, b - c)
        one, two = np.flatnonzero(~both), np.flatnonzero(both)
        alone, together = self._uniform((a - d)[one], (b - c)[one]), self._of_both(a[two], b[two], c[two], d[two])
        return interleaved([(one, alone), (two, together)], len(a))

    def _of_both(self, a: np.ndarray, b: np.ndarray, c: np.ndarray, d: np.ndarray) -> sp.csr_matrix:
        """The same where both intervals have a width: the mean over POINTS of the narrower one."""
        if len(a) > _FEW:
            halves = (slice(None, len(a) // 2), slice(len(a) // 2, None))
            return sp.vstack([self._of_both(a[h], b[h], c[h], d[h]) for h in halves], format="csr")
        narrow_incident, at = b - a <= d - c, (np.arange(POINTS)[:, None] + 0.5) / POINTS
        shift_incident, shift_change = a + at * (b - a), c + at * (d - c)
        low = np.where(narrow_incident, shift_incident - d, a - shift_change).ravel()
        high = np.where(narrow_incident, shift_incident - c, b - shift_change).ravel()
        masses = self.grid.masses(self._cut(low), self._cut(high), high - low)
        return sp.csr_matrix(masses.reshape(POINTS, len(a), -1).mean(axis=0))

    def _uniform(self, low: np.ndarray, high: np.ndarray) -> sp.csr_matrix:
        # a verdict may name a change that is no candidate
        possible = (high >= self.grid.earliest) & (low <= self.grid.horizon)
        if possible.all():
            return self.grid.densities(self._cut(low), self._cut(high), high - low)
        rows = np.flatnonzero(possible)
        return interleaved([(rows, self._uniform(low[rows], high[rows]))], len(low))

    def _cut(self, delays: np.ndarray) -> np.ndarray:
        return np.clip(delays, self.grid.earliest, self.grid.horizon)

    def related(
        self, incident: np.ndarray, change: np.ndarray, services: list[tuple[str, ...]]
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Relation, spread and coverage of each pair; all follow from the two sets of services, so each two sets are
        compared once, whichever copies ask."""
        failed, of_incident = _numbered(services)
        changed, of_change = self.changed
        codes = of_incident[incident] * len(changed) + of_change[change]
        places, inverse = codes_in_use(codes, len(failed) * len(changed))
        of_failed, of_changed = np.divmod(places, max(len(changed), 1))
        says = [np.array([len(services) > 0 for services in sets], dtype=bool) for sets in (failed, changed)]
        several = np.array([len(set(services)) > 1 for services in failed], dtype=bool)
        # of two sets that are not near each other
        relation = np.where(says[0][of_failed] & says[1][of_changed], UNRELATED, UNKNOWN).astype(np.int8)
        spread = np.ones(len(places))
        coverage = np.where(several[of_failed] & says[1][of_changed], 1, ONE_SERVICE).astype(np.int8)
        near = [n * len(changed) + self.sets_near(services) for n, services in enumerate(failed)]
        for row in np.flatnonzero(np.isin(places, np.concatenate([np.zeros(0, dtype=np.int64), *near]))).tolist():
            both = failed[of_failed[row]], changed[of_changed[row]]
            known = self._known.get(both) or self._known.setdefault(both, self._relate(*both))
            relation[row], spread[row], coverage[row] = known
        return relation[inverse], spread[inverse], coverage[inverse]

    def sets_near(self, failed: tuple[str, ...]) -> np.ndarray:
        """The sets of changed services, by number in ``changed``, of which the failed ones need any or are one."""
        if failed not in self._near:
            needed = {u for service in failed for u in self.graph.upstream(service)}
            sets = [c for u in needed for c in self._sets_on.get(u, ())]
            self._near[failed] = distinct(np.array(sets, dtype=np.int64))
        return self._near[failed]

    def _relate(self, failed: tuple[str, ...], changed: tuple[str, ...]) -> tuple[int, float, int]:
        """Relation, spread and coverage of two sets that are near each other."""
        failed = tuple(dict.fromkeys(failed))
        distances = self.graph.distances(failed, changed)
        relation = min(distances.values())
        nearest = [service for service, d in distances.items() if d == relation]
        share = len(distances) / len(failed)
        coverage = ONE_SERVICE if len(failed) < 2 else 2 + (share >= 0.5) + (share == 1) * (1 + (len(failed) >= MANY))
        began = sum(_began_on(failed, service) for service in nearest)
        return relation, min(began, began / self.graph.reach(changed)[relation]), coverage


def ranges(begin: np.ndarray, end: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(number of the range, place) of every place from each ``begin`` up to each ``end``, which is not counted."""
    counts = np.maximum(end - begin, 0)
    which = np.repeat(np.arange(len(counts)), counts)
    return which, np.arange(counts.sum()) + np.repeat(begin - np.cumsum(counts) + counts, counts)


def distinct(numbers: np.ndarray) -> np.ndarray:
    """Each number once, in order: by sorting, as numpy's own takes a hundred times as long for millions."""
    ordered = np.sort(numbers)
    return ordered[np.diff(ordered, prepend=ordered[:1] - 1) > 0]


def _numbered(sets: Sequence[tuple[str, ...]]) -> tuple[list[tuple[str, ...]], np.ndarray]:
    """The distinct sets of services, and the number of each row's."""
    numbers: dict[tuple[str, ...], int] = {}
    rows = np.array([numbers.setdefault(s, len(numbers)) for s in sets], dtype=np.int64)
    return list(numbers), rows


def codes_in_use(codes: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """The codes that occur, below ``size``, in order, and where in them each is: without sorting, where a table is smaller."""
    if size > _MOST_COUNTED * max(len(codes), 1):
        return np.unique(codes, return_inverse=True)
    place = np.zeros(size, dtype=np.int64)
    place[codes] = 1
    found = np.flatnonzero(place)
    place[found] = np.arange(len(found))
    return found, place[codes]


def _began_on(failed: tuple[str, ...], service: str) -> float:
    """How probably an incident on the ``failed`` services began on this one of them."""
    if len(failed) == 1:
        return 1.0
    return FIRST_NAMED if service == failed[0] else (1 - FIRST_NAMED) / (len(failed) - 1)


def possible_relations(services: list[tuple[str, ...]], graph: ServiceGraph) -> np.ndarray:
    """Which relations a change can have to an incident at all, as the row of POSSIBLE, (changes,): a service that nothing
    depends on has no hop to fail over."""
    known: dict[tuple[str, ...], int] = {}
    for changed in services:
        if changed not in known:
            can = [n > 0 for n in graph.reach(changed)] + [True]
            can[SAME] = True
            known[changed] = sum(2**relation for relation, possible in enumerate(can) if possible) if changed else 0
    return np.array([known[changed] for changed in services], dtype=np.int8)
