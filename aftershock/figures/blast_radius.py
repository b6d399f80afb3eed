"""Which services a change could reach, and which were affected."""

from __future__ import annotations

from collections import deque
from typing import Any

import networkx as nx
import pandas as pd
import plotly.graph_objects as go

from aftershock.figures import drawing, frame, plot_text, theme
from aftershock.output.phrases import plural

ROW = 26  # pixels for a service
HOPS = 2  # further away little is reached in practice: a judgement
COLUMNS = ["service", "state", "hops from the change", "depends on"]
CAPTION = (
    "How to read: beginning with the services that changed, each step to the right is one hop to the services that "
    "depend on them; a solid line leads to the service it was first reached through, dotted lines are further "
    "dependencies. Limits: the graph is what somebody wrote down or a tool inferred; failures also travel along paths "
    "it does not show."
)
STATES = {
    "changed and affected": (theme.INCIDENT, "star", "★"),
    "changed": (theme.ORANGE, "diamond", "◆"),
    "affected": (theme.INCIDENT, "square", "■"),
    "on the way": (theme.BLUE, "circle", "●"),
    "not affected": (theme.NEUTRAL, "circle-open", "○"),
}


def blast_radius(dependencies: pd.DataFrame, affected: list[str], changed: list[str], *, limit: int = 30) -> go.Figure:
    """The service graph from the changed services towards those that depend on them, one row for each service.

    ``dependencies`` has ``service, depends_on``. Indentation is the distance in hops; states have a symbol and a word.
    Kept are changed and affected services, those on a shortest path between, then the nearest within two hops,
    ``limit`` in all; the figure says how many are left out. Without a changed service it begins with the affected ones
    and follows what they depend on. It misleads when read as proof: that a service *can* be reached does not say that
    it was.
    """
    affected, changed = sorted(set(affected)), sorted(set(changed))
    graph = _graph(dependencies, [*affected, *changed], backwards=not changed)
    if not affected and not changed:
        return frame.empty("No affected and no changed service is known.", caption=CAPTION, columns=COLUMNS)
    roots = changed or affected
    hops = _distances(graph, roots)
    way = _on_the_way(graph, roots, affected)
    kept = _kept(hops, [*changed, *affected], way, limit)
    near = {s for s, h in hops.items() if h <= HOPS} | way | set(affected) | set(changed)
    order = _rows(graph, roots, kept, hops)
    state = {s: _state(s, affected, changed, way) for s, _, _ in order}
    fig = drawing.Sketch()
    _edges(fig, graph, order)
    _nodes(fig, order, state)
    first = "changed services" if changed else "affected services (no changed one is known)"
    present = [name for name in STATES if name in state.values()]
    key = frame.key([(STATES[s][0], STATES[s][2], s) for s in present], per_line=5)
    frame.base(fig, height=58 + ROW * len(order), measure=f"Services by hops from the {first}", lines=key)
    drawing.rows_axis(fig, len(order))
    depth = max(level for _, level, _ in order)
    fig.update_xaxes(visible=False, range=[-0.35, depth + 5], fixedrange=True)
    far, cut = graph.number_of_nodes() - len(near), len(near) - len(order)
    return _described(fig, order, state, graph, (affected, changed), (far, cut), hops)


def _graph(dependencies: pd.DataFrame, named: list[str], backwards: bool) -> nx.DiGraph:
    """Edges from what is depended on to its dependants (the way a failure travels), or ``backwards``."""
    graph = nx.DiGraph()
    graph.add_nodes_from(sorted(named))
    pairs = sorted(set(zip(dependencies["service"].astype(str), dependencies["depends_on"].astype(str), strict=True)))
    graph.add_edges_from((s, d) if backwards else (d, s) for s, d in pairs if s != d)
    return graph


def _distances(graph: nx.DiGraph, roots: list[str]) -> dict[str, int]:
    hops, queue = dict.fromkeys(roots, 0), deque(roots)
    while queue:
        at = queue.popleft()
        for nearby in sorted(graph.successors(at)):
            if nearby not in hops:
                hops[nearby] = hops[at] + 1
                queue.append(nearby)
    return hops


def _on_the_way(graph: nx.DiGraph, roots: list[str], affected: list[str]) -> set[str]:
    """Services on a shortest path from a root to an affected service, both ends excluded."""
    between: set[str] = set()
    for target in affected:
        paths = [nx.shortest_path(graph, root, target) for root in roots if nx.has_path(graph, root, target)]
        if paths:
            between.update(min(paths, key=lambda p: (len(p), p))[1:-1])
    return between - set(roots) - set(affected)


def _kept(hops: dict[str, int], named: list[str], way: set[str], limit: int) -> set[str]:
    near = sorted((s for s, h in hops.items() if h <= HOPS), key=lambda s: (hops[s], s))
    ranked = list(dict.fromkeys([*named, *sorted(way, key=lambda s: (hops[s], s)), *near]))
    return set(ranked[: max(limit, 1)])


def _rows(
    graph: nx.DiGraph, roots: list[str], kept: set[str], hops: dict[str, int]
) -> list[tuple[str, int, int | None]]:
    """Services as an indented tree, depth first: (service, level, row of the service it was reached through)."""
    order: list[tuple[str, int, int | None]] = []
    seen: set[str] = set()

    def place(root: str) -> None:
        stack: list[tuple[str, int, int | None]] = [(root, 0, None)]
        while stack:
            service, level, parent = stack.pop()
            if service in seen:
                continue
            seen.add(service)
            order.append((service, level, parent))
            row = len(order) - 1
            further = [
                s
                for s in graph.successors(service)
                if s in kept and s not in seen and hops.get(s, 0) == hops.get(service, 0) + 1
            ]
            stack.extend((s, level + 1, row) for s in sorted(further, reverse=True))

    for root in [*roots, *sorted(kept - set(roots), key=lambda s: (hops.get(s, 99), s))]:
        if root in kept and root not in seen:
            place(root)
    return order


def _state(service: str, affected: list[str], changed: list[str], way: set[str]) -> str:
    if service in changed:
        return "changed and affected" if service in affected else "changed"
    if service in affected:
        return "affected"
    return "on the way" if service in way else "not affected"


def _edges(fig: drawing.Sketch, graph: nx.DiGraph, order: list[tuple[str, int, int | None]]) -> None:
    """Solid elbows along the tree, dotted ones for every other dependency between the rows shown."""
    row = {service: i for i, (service, _, _) in enumerate(order)}
    level = {service: at for service, at, _ in order}
    tree = {(order[parent][0], service) for service, _, parent in order if parent is not None}
    solid: tuple[list, list] = ([], [])
    dotted: tuple[list, list] = ([], [])
    for a, b in sorted(graph.edges):
        if a not in row or b not in row:
            continue
        if (a, b) in tree:
            solid[0].extend([level[a], level[a], level[b], None])
            solid[1].extend([row[a], row[b], row[b], None])
        else:
            left = min(level[a], level[b]) - 0.22  # next to the names, not through them
            dotted[0].extend([level[a], left, left, level[b], None])
            dotted[1].extend([row[a], row[a], row[b], row[b], None])
    for (x, y), dash, opacity in ((solid, "solid", 0.8), (dotted, "dot", 0.55)):
        if x:
            fig.add_scatter(
                x=x,
                y=y,
                mode="lines",
                hoverinfo="skip",
                line={"color": theme.tint(theme.NEUTRAL, opacity), "width": 1.3, "dash": dash},
            )


def _nodes(fig: drawing.Sketch, order: list[tuple[str, int, int | None]], state: dict[str, str]) -> None:
    fig.add_scatter(
        x=[level for _, level, _ in order],
        y=list(range(len(order))),
        mode="markers",
        marker={
            "symbol": [STATES[state[s]][1] for s, _, _ in order],
            "color": [STATES[state[s]][0] for s, _, _ in order],
            "size": [9 if state[s] == "not affected" else 13 for s, _, _ in order],
            "line": {"width": 1.5, "color": [STATES[state[s]][0] for s, _, _ in order]},
            "opacity": 1,
        },
        hovertext=[f"{plot_text.label(s)}<br>{state[s]}" for s, _, _ in order],
        hoverinfo="text",
    )
    texts = []
    for i, (service, level, _) in enumerate(order):
        quiet = state[service] == "not affected"
        name = plot_text.label(service, 28)
        text = name if quiet else f"<b>{name}</b>  {state[service]}"
        place: dict[str, Any] = {"x": level, "y": i, "xref": "x", "yref": "y", "yanchor": "middle", "dx": 11}
        texts.append(drawing.text_at(text, muted=quiet, **place))
    drawing.add(fig, texts)


def _described(
    fig: drawing.Sketch,
    order: list[tuple[str, int, int | None]],
    state: dict[str, str],
    graph: nx.DiGraph,
    named: tuple[list[str], list[str]],
    left_out: tuple[int, int],
    hops: dict[str, int],
) -> go.Figure:
    (affected, changed), (far, cut) = named, left_out
    reached = [s for s in affected if s in hops]
    alt = f"Changed: {_listed(changed)}. Affected: {_listed(affected)}. "
    if changed and affected:
        alt += f"{len(reached)} of {plural(len(affected), 'affected service')} can be reached from a changed one. "
    missing = len(set(affected) - set(state))
    nearer = "nearer, for legibility" + (f" ({missing:,} of them affected)" if missing else "")
    reasons = [(far, "more than two hops away"), (cut, nearer)]
    left = [f"{plural(n, 'service')} {reason}" for n, reason in reasons if n]
    words = f"Left out: {' and '.join(left)}." if left else ""
    backwards = not changed
    rows = [
        [s, state[s], hops.get(s), sorted(graph.successors(s) if backwards else graph.predecessors(s))]
        for s, _, _ in order
    ]
    return frame.describe(
        fig,
        finding=_finding(affected, changed, reached, hops),
        alt=(alt + words).strip(),
        caption=f"{CAPTION} {words}".strip(),
        columns=COLUMNS,
        rows=rows,
    )


def _finding(affected: list[str], changed: list[str], reached: list[str], hops: dict[str, int]) -> str:
    if not affected:
        return "What was affected is not recorded"
    if not changed:
        return f"Which services changed is not known; {plural(len(affected), 'service')} affected"
    if not reached:
        return "No known path leads from what changed to what was affected"
    far = max(hops[s] for s in reached)
    all_of = "The affected service" if len(affected) == 1 else f"All {len(affected)} affected services"
    who = all_of if len(reached) == len(affected) else f"{len(reached)} of {len(affected)} affected services"
    verb = "lies" if len(reached) == 1 else "lie"
    return f"{who} {verb} within {plural(far, 'hop')} of what changed" if far else f"{who} changed"


def _listed(services: list[str], most: int = 6) -> str:
    if not services:
        return "none known"
    rest = f" and {len(services) - most} more" if len(services) > most else ""
    return ", ".join(plot_text.plain(s, 40) for s in services[:most]) + rest
