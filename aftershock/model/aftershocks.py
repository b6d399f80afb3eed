"""Incidents that set off incidents: the alerts of one outage, flapping, bursts.

An earlier incident is a possible origin of a later one, next to changes and to nothing recorded: the epidemic-type aftershock
sequence (ETAS; Ogata 1988, doi:10.1080/01621459.1988.10478560). What an incident sets off shows soon, on its own
service or on one that depends on it. The *root* of an incident is what set off the first of its sequence: one change behind six
alerts set off one outage.
"""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise

import numpy as np
import pandas as pd

from aftershock.model.candidates import CandidateFinder, Pairs, ranges
from aftershock.model.delays import DelayGrid
from aftershock.model.service_graph import ServiceGraph

HORIZON_HOURS = 24.0  # a later incident is an outage of its own: a judgement
MOST_PARENTS = 20  # earlier incidents that compete for one, the nearest
MEDIAN_HOURS = 0.2  # median of the prior time to an aftershock, hours; a judgement
SIGMA = 1.3  # its standard deviation, in natural logarithms; a judgement
DELAY_PSEUDO = 6.0  # incidents that the prior delay counts for, against all kinds together; a judgement
SHARES = np.array([0.83, 0.12, 0.03, 0.02])  # where they show: same service, 1 hop, 2 hops, unrelated
SHARE_PSEUDO = np.array([6.0, 6.0, 6.0, 50.0])  # aftershocks that each of these shares counts for
LEAST_LINK = 1e-6  # a link less probable than this is not followed
PRODUCTIVITY = 0.1  # aftershocks per incident in the prior; a judgement
PRODUCTIVITY_SHAPE = 0.5  # aftershocks that it counts for; a judgement


class ParentFinder:
    """Finds the earlier incidents that may have set one off; made once per dataset."""

    def __init__(self, incidents: pd.DataFrame, graph: ServiceGraph):
        self.grid = DelayGrid(HORIZON_HOURS)
        sources = incidents[["started_at", "started_at_before", "services"]].assign(environment="", status="")
        self.finder = CandidateFinder(sources, graph, [], self.grid)

    def pairs(
        self,
        first: np.ndarray,
        last: np.ndarray,
        services: list[tuple[str, ...]],
        own: np.ndarray,
    ) -> Pairs:
        """Links of incidents at ``first`` to ``last``: ``change`` is the row of the parent. ``own`` (incidents,): the row that each
        is or repeats. It is no parent of it, and of two of one moment the one above in the table comes first."""
        pairs = self.finder.pairs(first, last, services)
        at, parent = first[pairs.incident], self.finder.first[pairs.change]
        earlier = (parent < at) | ((parent == at) & (pairs.change < own[pairs.incident]))
        kept = np.flatnonzero(earlier & (pairs.change != own[pairs.incident]))
        order = kept[np.lexsort((-parent[kept], pairs.incident[kept]))]
        place = np.arange(len(order)) - np.searchsorted(pairs.incident[order], pairs.incident[order])
        return pairs.subset(np.sort(order[place < MOST_PARENTS]), len(first))


class Roots:
    """Follows direct origins back to the roots: parents before their children.

    ``pairs``: the candidates of all incidents; ``links``: :meth:`ParentFinder.pairs` of the same; ``first``: when they began.
    What a change set off is followed through a link where it is a candidate of the later incident, too.
    """

    def __init__(self, pairs: Pairs, links: Pairs, first: np.ndarray):
        self.pairs, self.links = pairs, links
        rank = np.empty(len(first), dtype=np.int64)
        rank[np.lexsort((np.arange(len(first)), first))] = np.arange(len(first))
        self.order = np.argsort(rank[links.incident], kind="stable")

    def _matches(self, links: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
        """(pairs of the child, pairs of the parent) with the same change, for each of these links."""
        child, parent = self.links.incident[links], self.links.change[links]
        of_link, mine = ranges(self.pairs.starts[child], self.pairs.starts[child + 1])
        by_key, keys = self._by_change
        wanted = parent[of_link] * self._changes + self.pairs.change[mine]
        place = np.minimum(np.searchsorted(keys, wanted), max(len(keys) - 1, 0))
        same = keys[place] == wanted if len(keys) else np.zeros(0, dtype=bool)
        ends = np.searchsorted(of_link[same], np.arange(len(links) + 1))
        mine, theirs = mine[same], by_key[place[same]]
        return [(mine[a:b], theirs[a:b]) for a, b in pairwise(ends.tolist())]

    @cached_property
    def _changes(self) -> int:
        return int(self.pairs.change.max(initial=0)) + 1

    @cached_property
    def _by_change(self) -> tuple[np.ndarray, np.ndarray]:
        """The pairs in the order of incident and change, and what orders them."""
        keys = self.pairs.incident * self._changes + self.pairs.change
        order = np.argsort(keys, kind="stable")
        return order, keys[order]

    def rootless(self, none: np.ndarray, linked: np.ndarray) -> np.ndarray:
        """Probability that the root is none of the changes, (incidents,), from the direct probabilities of none (incidents,)
        and of each link (links,)."""
        free = none.tolist()
        for child, parent, share in self._followed(linked):
            free[child] += share * free[parent]
        return np.array(free)

    def descendants(self, linked: np.ndarray, per_child: float, per_incident: float) -> np.ndarray:
        """What an incident and all that it set off say of the kind of its root: ``per_incident`` for each of them, ``per_child``
        for each link; (incidents,), children before parents."""
        said = [per_incident] * (len(self.pairs.starts) - 1)
        for child, parent, share in reversed(self._followed(linked)):
            said[parent] += share * (per_child + said[child])
        return np.array(said)

    def _followed(self, linked: np.ndarray) -> list[tuple[int, int, float]]:
        """(child, parent, how far it holds) of the links that are followed, parents before children: lists, as Python reads them
        several times as fast as arrays."""
        links = self.order[linked[self.order] > LEAST_LINK]
        columns = (self.links.incident[links], self.links.change[links], linked[links])
        return list(zip(*(column.tolist() for column in columns), strict=True))

    def of(self, direct: np.ndarray, none: np.ndarray, linked: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(probability of each pair's change as the root, of "no recorded change" per incident) from direct probabilities of pairs,
        of none and of links. Any trailing axis, such as draws, is carried along."""
        root, free = direct.copy(), none.copy()
        strength = linked.max(axis=tuple(range(1, linked.ndim)))
        links = self.order[strength[self.order] > LEAST_LINK]
        for link, (mine, theirs) in zip(links, self._matches(links), strict=True):
            child, parent = self.links.incident[link], self.links.change[link]
            root[mine] += linked[link] * root[theirs]
            free[child] += linked[link] * free[parent]
        return root, free
