"""Edges that tracing has seen."""

from __future__ import annotations


def test_a_call_is_an_edge_wherever_it_was_seen(read):
    jaeger = {"parent": "web", "child": "api", "callCount": 3}
    metric = {"metric": {"client": "api", "server": "db"}, "value": [0, "1"]}
    raw = read("service-graph", jaeger, metric, table="dependencies")
    assert raw.frame[["service", "depends_on"]].values.tolist() == [["web", "api"], ["api", "db"]]
    assert set(raw.frame["source"]) == {"traces"}


def test_an_end_that_was_not_traced_is_no_service(read):
    metrics = [{"metric": {"client": c, "server": s}} for c, s in (("user", "web"), ("web", "unknown"), ("web", ""))]
    raw = read("service-graph", *metrics, table="dependencies")
    assert raw.frame.empty and {one.into for one in raw.folded} == {"no row: one end of the call was not traced"}
    named = read("service-graph", {"parent": "user", "child": "web"}, table="dependencies")
    assert named.frame["service"].tolist() == ["user"], "which Jaeger says of a service of that name"
