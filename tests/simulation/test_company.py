"""The services of a company and what they need."""

from __future__ import annotations

import networkx as nx

from aftershock.simulation.company import services


def test_the_service_graph_has_no_circle_and_knows_every_service(default):
    names = {s.name for s in services(40)}
    assert len(names) == 40 and {s for pair in default.dependencies.to_numpy() for s in pair} <= names
    assert nx.is_directed_acyclic_graph(nx.DiGraph(default.dependencies.to_numpy().tolist()))
    for row in default.incidents.itertuples():
        direct = set(default.dependencies.loc[default.dependencies["depends_on"].eq(row.services[0]), "service"])
        assert set(row.services[1:]) <= direct
