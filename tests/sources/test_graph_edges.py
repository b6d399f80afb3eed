"""Edges of a service graph: each once, none from a service to itself, and every record accounted for."""

from __future__ import annotations

from aftershock.sources import Options
from aftershock.sources.graph_edges import Edges
from aftershock.sources.row_builder import RowBuilder


def test_repeated_edges_and_loops_are_folded(put):
    builder = RowBuilder(Options(table="dependencies"), {})
    (path,) = put(traces__json="[{}, {}, {}, {}]")
    edges = Edges(builder)
    pairs = (("web", "db"), ("web", "db"), ("db", "db"), ("db", "web"))
    for record, (service, needed) in zip(builder.json_records([path], ()), pairs, strict=True):
        edges.add(record, service, needed, "traces")
    table = builder.table()
    assert table.frame[["service", "depends_on"]].values.tolist() == [["web", "db"], ["db", "web"]]
    assert [(fold.line, fold.reason, fold.into) for fold in table.folded] == [
        (2, "repeated_record", "web needs db, seen before"),
        (3, "other_thing", "no row: db needs itself"),
    ]
    assert table.records == table.accounted == 4
