"""The service graph: how near a change was to the service that failed.

A failure travels from a service to those that depend on it, so what matters for an incident on *v* is how many steps
along ``depends_on`` lead from *v* to the service that was changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import networkx as nx
import pandas as pd

RELATIONS = ("same service", "1 hop upstream", "2 hops upstream", "unrelated", "unknown")
SAME, ONE_HOP, TWO_HOPS, UNRELATED, UNKNOWN = range(5)
FARTHEST = 2  # hops beyond which services count as unrelated


class ServiceGraph:
    """Distances between services, from a table of dependencies (``service``, ``depends_on``)."""

    def __init__(self, dependencies: pd.DataFrame):
        self.graph = nx.DiGraph()
        self.graph.add_edges_from(zip(dependencies["service"], dependencies["depends_on"], strict=True))
        self._upstream: dict[str, dict[str, int]] = {}
        self._downstream: dict[str, dict[str, int]] = {}
        self._reach: dict[tuple[str, ...], tuple[int, int, int]] = {}

    @property
    def services(self) -> list[str]:
        """All that depend on another or are depended on."""
        return list(self.graph)

    def upstream(self, service: str) -> dict[str, int]:
        """Services that ``service`` needs, within two hops, with their distance; itself at 0."""
        if service not in self._upstream:
            self._upstream[service] = self._within(self.graph, service)
        return self._upstream[service]

    def downstream(self, service: str) -> dict[str, int]:
        """Services that need ``service``, within two hops, with their distance; itself at 0."""
        if service not in self._downstream:
            self._downstream[service] = self._within(self.graph.reverse(copy=False), service)
        return self._downstream[service]

    @staticmethod
    def _within(graph: nx.DiGraph, service: str) -> dict[str, int]:
        if service not in graph:
            return {service: 0}
        return nx.single_source_shortest_path_length(graph, service, cutoff=FARTHEST)

    def distances(self, failed: Iterable[str], changed: Iterable[str]) -> dict[str, int]:
        """Hops from each failed service to the nearest changed one that it needs; services out of reach are left out."""
        changed = set(changed)
        hops = {v: [d for u, d in self.upstream(v).items() if u in changed] for v in failed}
        return {v: min(found) for v, found in hops.items() if found}

    def reach(self, changed: Iterable[str]) -> tuple[int, int, int]:
        """How many services are 0, 1 and 2 hops downstream of the changed ones: where their failure could show."""
        key = tuple(changed)
        if key not in self._reach:
            nearest: dict[str, int] = {}
            for u in key:
                for v, distance in self.downstream(u).items():
                    nearest[v] = min(distance, nearest.get(v, distance))
            counts = Counter(nearest.values())
            self._reach[key] = counts[0], counts[1], counts[2]
        return self._reach[key]
