from __future__ import annotations

import pandas as pd

from aftershock.model.service_graph import ServiceGraph

# shop → checkout → ledger → database, shop → search, and a cycle between a and b
EDGES = [
    ("shop", "checkout"),
    ("checkout", "ledger"),
    ("ledger", "database"),
    ("shop", "search"),
    ("a", "b"),
    ("b", "a"),
]
GRAPH = ServiceGraph(pd.DataFrame(EDGES, columns=["service", "depends_on"]))


def test_distance_is_counted_towards_what_a_service_needs():
    assert GRAPH.distances(["shop"], ["shop"]) == {"shop": 0}
    assert GRAPH.distances(["shop"], ["checkout"]) == {"shop": 1}
    assert GRAPH.distances(["shop"], ["ledger"]) == {"shop": 2}
    assert GRAPH.distances(["shop"], ["database"]) == {}
    assert GRAPH.distances(["checkout"], ["shop"]) == {}


def test_each_failed_service_has_its_nearest_distance():
    assert GRAPH.distances(["shop", "ledger", "elsewhere"], ["checkout", "ledger"]) == {"shop": 1, "ledger": 0}


def test_reach_counts_who_could_fail():
    assert GRAPH.reach(["ledger"]) == (1, 1, 1)
    assert GRAPH.reach(["checkout", "search"]) == (2, 1, 0)
    assert GRAPH.reach(["unheard-of"]) == (1, 0, 0)


def test_cycles_end():
    assert GRAPH.distances(["a"], ["b"]) == {"a": 1}
    assert GRAPH.reach(["a"]) == (1, 1, 0)
