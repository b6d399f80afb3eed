"""The services a change can reach."""

from __future__ import annotations

from toy_figures import graph

from aftershock import figures


def test_blast_radius_layers_states_and_left_out():
    """db ← pay ← shop ← page ← tab: shop is affected; pay is on the way, page and tab lie further than two hops."""
    table = graph(("pay", "db"), ("shop", "pay"), ("page", "shop"), ("tab", "page"), ("alone", "other"))
    fig = figures.blast_radius(table, ["shop"], ["db"])
    rows = fig.layout.meta["table"]["rows"]
    assert [r[:3] for r in rows] == [["db", "changed", 0], ["pay", "on the way", 1], ["shop", "affected", 2]]
    nodes = next(t for t in fig.data if t.mode == "markers")
    assert list(nodes.x) == [0, 1, 2] and list(nodes.marker.symbol) == ["diamond", "circle", "square"]
    assert "4 services more than two hops away" in fig.layout.meta["alt"]
    assert "1 of 1 affected service can be reached" in fig.layout.meta["alt"]


def test_blast_radius_copes_with_cycles_and_disconnected_services():
    table = graph(("a", "b"), ("b", "a"), ("a", "a"), ("c", "b"))
    fig = figures.blast_radius(table, ["c", "lonely"], ["b"])
    assert [r[0] for r in fig.layout.meta["table"]["rows"]] == ["b", "a", "c", "lonely"]
    dotted = [t for t in fig.data if t.mode == "lines" and t.line.dash == "dot"]
    assert len(dotted) == 1 and len(dotted[0].x) == 5  # one elbow: back from a to b, none from a to itself
    assert "1 of 2 affected services can be reached" in fig.layout.meta["alt"]


def test_blast_radius_is_limited_but_keeps_what_matters():
    table = graph(*((f"s{i:03d}", "hub") for i in range(200)), ("hit", "s199"))
    fig = figures.blast_radius(table, ["hit"], ["hub"], limit=10)
    shown = [r[0] for r in fig.layout.meta["table"]["rows"]]
    assert len(shown) == 10 and {"hub", "s199", "hit"} <= set(shown)
    assert "192 services nearer, for legibility" in fig.layout.meta["caption"]


def test_blast_radius_says_when_affected_services_are_left_out():
    names = [f"s{i:02d}" for i in range(20)]
    fig = figures.blast_radius(graph(*((s, "hub") for s in names)), names, ["hub"], limit=5)
    assert "Left out: 16 services nearer, for legibility (16 of them affected)." in fig.layout.meta["alt"]


def test_blast_radius_without_a_changed_service_follows_dependencies():
    fig = figures.blast_radius(graph(("shop", "pay"), ("page", "shop")), ["shop"], [])
    assert [r[0] for r in fig.layout.meta["table"]["rows"]] == ["shop", "pay"]
