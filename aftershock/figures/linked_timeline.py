"""The timeline that an analyst clicks on: weeks on top, then a row for each service.

It has the same traces in the same order whatever is drawn (:data:`LAYERS`), as plain dictionaries, so that a live figure
takes over what changed and keeps what listens to it. Few marks are drawn as SVG, many by WebGL: each such layer stands there
twice, once empty.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from aftershock.figures import drawing, frame, picture, plot_text, theme
from aftershock.figures import timeline_parts as parts
from aftershock.output.phrases import percent, plural

WEBGL = " by WebGL"
_TWICE = ("metric", "changes", "durations", "incidents")
LAYERS = ("changes a week", "incidents a week", *(n + by for n in _TWICE for by in ("", WEBGL)), "suspects")
MOST_SVG = (
    1_000  # marks of a layer that SVG draws sooner than WebGL, which takes 1 to 2 s to begin without a graphics card
)
MOST_SINGLE = 15_000  # marks of changes that stay fluid when zoomed (measured: 10,000 in 19–33 ms a frame)
BINS = 240  # slices of time above that
MOST_ROWS = 16  # services; more would not fit a screen
LEAST_SUSPICION = 0.01  # less has no ring
WEEKS, METRIC, GAP, TOP, BOTTOM = 64, 90, 44, 76, 34  # pixels
DAY = 86_400_000  # milliseconds
TICKS = [
    {"dtickrange": [None, DAY - 1], "value": "%H:%M\n%-d %b %Y"},
    {"dtickrange": [DAY, None], "value": "%-d %b\n%Y"},
]
SIZE = 8  # pixels of a change
ABOVE, BELOW = 0.08, 0.32  # where incidents and changes are in a row, below its middle: lanes of their own


@dataclass(frozen=True)
class Linked:
    """What the timeline shows: ``incidents`` and ``changes`` of the period; ``chosen``: the row of one incident;
    ``suspects`` of it, as ``found.suspects(id)`` has them; ``weeks``: columns week, changes, incidents, of the whole log;
    ``metric``: columns time and value, of what ``metric_name`` says."""

    incidents: pd.DataFrame
    changes: pd.DataFrame
    start: pd.Timestamp
    end: pd.Timestamp
    zone: str
    weeks: pd.DataFrame
    chosen: pd.Series | None = None
    suspects: pd.DataFrame = field(default_factory=pd.DataFrame)
    metric: pd.DataFrame | None = None
    metric_name: str = ""


Spec = dict[str, Any]
"""A part of a figure, as plotly's JSON has it."""


def linked_timeline(shown: Linked, page: str = "light", kept: dict[object, Any] | None = None) -> Spec:
    """``data`` and ``layout`` of the figure, for a ``light`` or ``dark`` page. ``customdata`` of the incidents are their ids,
    of changes and suspects those of changes.

    Above :data:`MOST_SINGLE` changes squares are sized by their number. Rows: the busiest services by incidents, then by
    changes; the chosen incident's is always among them. ``kept``: what was drawn before of the same incidents, changes and
    weeks, which is not drawn again. It misleads as :func:`aftershock.figures.timeline` does.
    """
    kept = {} if kept is None else kept
    bars, marks = _keep(
        kept, "drawn rows", lambda: [parts.by_service(t) for t in parts.narrowed(shown.incidents, shown.changes)]
    )
    rows, left_out = _rows(shown, bars, marks)
    if left_out:
        marks, bars = marks[marks["service"].isin(rows)], bars[bars["service"].isin(rows)]
    grouped = len(marks) > MOST_SINGLE
    kinds = [] if grouped else sorted(marks["kind"].unique(), key=lambda k: ([*theme.KINDS, k].index(k), k))
    layers = [
        *_keep(kept, "drawn weeks", lambda: _weeks(shown)),
        *_twice(_metric(shown)),
        *_twice(_keep(kept, (grouped, *rows), lambda: (_bins if grouped else _changes)(marks, rows, shown))),
        *(layer for both in _incidents(bars, rows, shown, page) for layer in _twice(both, len(bars))),
        _rings(rows, shown),
    ]
    data = [{"name": name, **layer} for name, layer in zip(LAYERS, layers, strict=True)]
    return {"data": data, "layout": _layout(rows, _head(kinds, grouped, left_out), shown, page)}


def _twice(layer: Spec, marks: int | None = None) -> list[Spec]:
    """The layer as SVG and by WebGL: the one is drawn, the other is empty."""
    empty = {k: v for k, v in layer.items() if k not in ("x", "y", "customdata", "hovertext", "marker")}
    drawn, not_drawn = {**layer, "visible": True}, {**empty, "visible": False}
    many = (len(layer["x"]) if marks is None else marks) > MOST_SVG
    svg, webgl = (not_drawn, drawn) if many else (drawn, not_drawn)
    return [{**svg, "type": "scatter"}, {**webgl, "type": "scattergl"}]


def _keep(kept: dict[object, Any], key: object, make: Callable[[], Any]) -> Any:
    """What ``make`` gives, made once."""
    if key not in kept:
        kept[key] = make()
    return kept[key]


def _rows(shown: Linked, bars: pd.DataFrame, marks: pd.DataFrame) -> tuple[list[str], list[str]]:
    ranked = [bars["service"].value_counts(), marks["service"].value_counts()]
    rows, left_out = parts.choose_rows(ranked, MOST_ROWS)
    own = _own_services(shown)
    missing = [s for s in own[:1] if s not in rows]
    return (rows[: MOST_ROWS - len(missing)] + missing) or [parts.MISSING], left_out


def _own_services(shown: Linked) -> list[str]:
    return [] if shown.chosen is None else list(shown.chosen["services"]) or [parts.MISSING]


def _weeks(shown: Linked) -> list[Spec]:
    weeks = shown.weeks
    middle = plot_text.wall(weeks["week"] + pd.Timedelta(days=3.5), shown.zone)
    looks = (
        ("changes", theme.tint(theme.NEUTRAL, 0.5), "y2", 6.4),
        ("incidents", theme.INCIDENT, "y4", 2.6),
    )
    return [
        {
            "type": "bar",
            "x": middle,
            "y": weeks[column].tolist(),
            "width": width * DAY,
            "marker": {"color": colour, "line": {"width": 0}},
            "hovertemplate": f"%{{y}} {column} in the week around %{{x|%-d %b %Y}}<extra></extra>",
            "xaxis": "x2",
            "yaxis": axis,
        }
        for column, colour, axis, width in looks
    ]


def _metric(shown: Linked) -> Spec:
    metric = shown.metric
    return {
        "x": [] if metric is None else plot_text.wall(metric["time"], shown.zone),
        "y": [] if metric is None else metric["value"].astype(object).where(metric["value"].notna(), None).tolist(),
        "mode": "lines",
        "line": {"color": theme.CHANGE, "width": 1.5},
        "hovertemplate": "%{y}<br>%{x|%-d %b %Y %H:%M}<extra></extra>",
        "yaxis": "y3",
    }


def _changes(marks: pd.DataFrame, rows: list[str], shown: Linked) -> Spec:
    place = {s: n + BELOW for n, s in enumerate(rows)}
    looks = {kind: theme.kind_mark(kind) for kind in marks["kind"].unique()}
    return {
        "x": plot_text.wall(marks["started_at"], shown.zone),
        "y": marks["service"].map(place).tolist(),
        "mode": "markers",
        "marker": {
            "symbol": [looks[k][1] for k in marks["kind"]],
            "color": [looks[k][0] for k in marks["kind"]],
            "size": SIZE,
            "opacity": 0.8,
        },
        "meta": {"shapes": {symbol: picture.outline(symbol, SIZE) for _, symbol, _ in looks.values()}},
        "customdata": marks["change_id"].tolist(),
        "hovertext": [plot_text.label(t or i, 60) for t, i in zip(marks["title"], marks["change_id"], strict=True)],
        "hovertemplate": "%{hovertext}<br>%{x|%-d %b %Y %H:%M}<extra></extra>",
    }


def _bins(marks: pd.DataFrame, rows: list[str], shown: Linked) -> Spec:
    width = (shown.end - shown.start + pd.Timedelta(days=1)) / BINS
    at = ((marks["started_at"] - shown.start) // width).rename("slice")
    counts = marks.groupby([marks["service"], at]).size().reset_index(name="n")
    times = pd.Series(shown.start + (counts["slice"] + 0.5) * width)
    return {
        "x": plot_text.wall(times, shown.zone),
        "y": [rows.index(s) + BELOW for s in counts["service"]],
        "mode": "markers",
        "marker": {
            "symbol": "square",
            "color": theme.NEUTRAL,
            "size": drawing.rounded(2 + 8 * (counts["n"] / counts["n"].max()) ** 0.5, 2),
            "opacity": 0.8,
        },
        "customdata": [""] * len(counts),
        "hovertext": [plural(n, "change") for n in counts["n"]],
        "hovertemplate": "%{hovertext} around %{x|%-d %b %Y}<extra></extra>",
    }


def _incidents(bars: pd.DataFrame, rows: list[str], shown: Linked, page: str) -> list[Spec]:
    """How long each lasted, and where it began: what a click hits."""
    ends = parts.latest_moments(bars).where(bars["status"] != "open", _after(shown))
    y = [rows.index(s) + ABOVE for s in bars["service"]]
    starts = plot_text.wall(bars["started_at"], shown.zone)
    own = "" if shown.chosen is None else shown.chosen["incident_id"]
    chosen = (bars["incident_id"] == own).tolist()
    lasted = {
        "x": [t for pair in zip(starts, plot_text.wall(ends, shown.zone), strict=True) for t in (*pair, None)],
        "y": [v for h in y for v in (h, h, None)],
        "mode": "lines",
        "line": {"color": theme.INCIDENT, "width": 5},
        "hoverinfo": "skip",
    }
    began = {
        "x": starts,
        "y": y,
        "mode": "markers",
        "marker": {
            "symbol": "square",
            "color": theme.INCIDENT,
            "size": [19 if c else 12 for c in chosen],
            "opacity": 1.0,  # marks of several sizes are see-through otherwise
            "line": {"width": 1.5, "color": theme.PAGES[page]},
        },
        "customdata": bars["incident_id"].tolist(),
        "hovertext": [parts.incident_hover(r, shown.zone) for r in bars.itertuples()],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }
    return [lasted, began]


def _rings(rows: list[str], shown: Linked) -> Spec:
    suspects = shown.suspects
    if len(suspects):
        suspects = suspects[["change_id", "title", "probability", "services", "change_at"]]
        suspects = suspects[(suspects["change_id"] != "none") & (suspects["probability"] >= LEAST_SUSPICION)]
        suspects = parts.by_service(suspects)
        suspects = suspects[suspects["service"].isin(rows)]
    some = len(suspects) > 0
    return {
        "type": "scatter",
        "x": plot_text.wall(suspects["change_at"], shown.zone) if some else [],
        "y": [rows.index(s) + BELOW for s in suspects["service"]] if some else [],
        "mode": "markers",
        "marker": {
            "symbol": "circle-open",
            "color": theme.INCIDENT,
            "size": drawing.rounded(13 + 27 * suspects["probability"] ** 0.5, 3) if some else [],
            "opacity": 1.0,
            "line": {"width": 2.5},
        },
        "customdata": suspects["change_id"].tolist() if some else [],
        "hovertext": [
            f"<b>suspected: {percent(r.probability)}</b><br>{plot_text.label(r.title or r.change_id, 60)}"
            for r in suspects.itertuples()
        ],
        "hovertemplate": "%{hovertext}<br>%{x|%-d %b %Y %H:%M}<extra></extra>",
    }


def _after(shown: Linked) -> pd.Timestamp:
    """Where the period ends: with its last day."""
    return shown.end + pd.DateOffset(days=1)


def _head(kinds: list[str], grouped: bool, left_out: list[str]) -> list[str]:
    """What is drawn, and the key, a line each."""
    cut = f"; {' and '.join(left_out)} not shown" if left_out else ""
    ring = [[frame.Mark(theme.INCIDENT, "○", "suspect, the larger the more probable")]]
    lines = [*parts.keys(kinds, grouped), *ring]
    return [
        f"<b>Incidents and changes by service{cut}</b>",
        *("   ".join(mark.as_title() for mark in line) for line in lines),
    ]


def _layout(rows: list[str], head: list[str], shown: Linked, page: str) -> Spec:
    """Head, axes and bands."""
    metric = METRIC + GAP if shown.metric is not None else 0
    main = parts.ROW * len(rows)
    drawn = main + metric + GAP + WEEKS
    above = TOP + frame.LINE * len(head)
    metric_share = (
        ((main + GAP) / drawn, (main + GAP + METRIC) / drawn) if metric else (main / drawn, (main + 1) / drawn)
    )
    notes = [_note(_of_weeks(shown), 1)]
    if metric:
        notes.append(_note(plot_text.label(shown.metric_name, 60), metric_share[1]))
    return {
        "template": theme.look(page),
        "height": above + drawn + BOTTOM,
        "autosize": True,
        "margin": {"l": 4, "r": 14, "t": above, "b": BOTTOM},
        "title": {
            "text": "<br>".join(head),
            "x": 0,
            "y": 1,
            "xref": "container",
            "yref": "container",
            "xanchor": "left",
            "yanchor": "top",
            "font": {"size": 14},
            "pad": {"l": 4, "t": 16},
        },
        "showlegend": False,
        "hovermode": "closest",
        "dragmode": "zoom",
        "uirevision": str((shown.start, shown.end)),  # a zoom lasts until the period is another
        "barmode": "overlay",
        "modebar": {"remove": ["select2d", "lasso2d", "autoScale2d", "zoomIn2d", "zoomOut2d"]},
        "shapes": _bands(shown, main / drawn),
        "annotations": notes,
        **_axes(rows, (main / drawn, 1 - WEEKS / drawn), metric_share, shown, page),
    }


def _note(text: str, y: float) -> Spec:
    at = {"x": 0, "xref": "paper", "xanchor": "left", "y": y, "yref": "paper", "yanchor": "bottom"}
    return {
        "text": text,
        "align": "left",
        "showarrow": False,
        "font": {"size": theme.SMALL},
        "opacity": theme.MUTED,
        **at,
    }


def _of_weeks(shown: Linked) -> str:
    most = {c: int(shown.weeks[c].max()) for c in ("changes", "incidents")}
    return (
        f"Drag over the weeks to choose a period.<br>A week has up to {plural(most['changes'], 'change')} (grey) and "
        f"{plural(most['incidents'], 'incident')} (red)."
    )


def _axes(rows: list[str], edges: tuple[float, float], metric: tuple[float, float], shown: Linked, page: str) -> Spec:
    """``edges``: where the rows end and the weeks begin, as shares of the height; ``metric``: where it begins and ends. The name of
    a row is the label of the line above it, which plotly draws sooner than a note."""
    weeks = shown.weeks["week"].iloc[[0, -1]] + pd.to_timedelta([0, 7], unit="D")
    quiet: Spec = {"visible": False, "fixedrange": True}
    ink = theme.look(page)["layout"]["font"]["color"]
    lines: Spec = {
        "tickvals": [n - 0.5 for n in range(len(rows))],
        "ticktext": [plot_text.label(name, 44) for name in rows],
        "ticklabelposition": "inside bottom",
        "ticklabeloverflow": "allow",
        "tickfont": {"color": theme.tint(ink, theme.MUTED)},
        "fixedrange": True,
    }
    period = [plot_text.wall_time(t, shown.zone) for t in (shown.start, _after(shown))]
    over: Spec = {"type": "date", "range": plot_text.wall(weeks, shown.zone), "anchor": "y2", "fixedrange": True}
    return {
        "xaxis": {
            "type": "date",
            "range": period,
            "title": {"text": f"time in {plot_text.label(shown.zone, 40)}"},
            "tickformatstops": TICKS,
        },
        "xaxis2": {**over, "tickformat": "%-d %b\n%Y", "nticks": 9},
        "yaxis": {"domain": [0, edges[0]], "range": [len(rows) - 0.5, -0.5], **lines},
        "yaxis2": {"domain": [edges[1], 1], "anchor": "x2", "rangemode": "tozero", **quiet},
        "yaxis3": {"domain": list(metric), "fixedrange": True, "visible": shown.metric is not None, "nticks": 4},
        "yaxis4": {"overlaying": "y2", "anchor": "x2", "rangemode": "tozero", **quiet},
    }


def _bands(shown: Linked, top: float) -> list[Spec]:
    """The period among the weeks, and the chosen incident through all rows, which end at ``top``."""
    after = _after(shown)
    plain: Spec = {"type": "rect", "layer": "below", "line": {"width": 0}, "y0": 0, "y1": 1}
    start, end = (plot_text.wall_time(t, shown.zone) for t in (shown.start, after))
    over: Spec = {"xref": "x2", "yref": "y2 domain"}
    period = {**plain, **over, "x0": start, "x1": end, "fillcolor": theme.tint(theme.CHANGE, 0.25)}
    if shown.chosen is None:
        return [period]
    first = shown.chosen["started_at"]
    least = first + (after - shown.start) * 0.002  # a minute of a month would not be seen
    until = after if shown.chosen["status"] == "open" else parts.latest_moment(shown.chosen)
    x0, x1 = (plot_text.wall_time(t, shown.zone) for t in (first, max(until, least)))
    band = {**plain, "xref": "x", "yref": "paper", "x0": x0, "x1": x1, "y1": top}
    line: Spec = {"color": theme.INCIDENT, "width": 1.5}
    return [
        period,
        {**band, "fillcolor": theme.tint(theme.INCIDENT, 0.25)},
        {"type": "line", **over, "x0": x0, "x1": x0, "y0": 0, "y1": 1, "line": line},
    ]
