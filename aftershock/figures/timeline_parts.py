"""What the timeline of a period and the time around one incident share: rows of services, marks, head and description."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import Any, Protocol

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from aftershock.figures import drawing, frame, plot_text, theme
from aftershock.output.phrases import percent, plural

NAMED = 0.01  # suspicion from which a change is drawn by itself among many
MAX_SINGLE, MAX_TABLE = (
    300,
    300,
)  # marks drawn singly, rows of the table: what still fits into a page (rendering.figure_payload)
ROW, MARK = 40, 0.24  # pixels for a service; where its marks are, in rows below its middle
MISSING = "service not given"
LATEST = ("resolved_at_before", "mitigated_at_before", "started_at_before")
COLUMNS = ["what", "id", "title", "kind or severity", "services", "from", "to", "probability"]
CAPTION = (
    "How to read: a row for each service, a bar for each incident, a symbol for each change; a thin horizontal line "
    "is what an imprecise time allows. Limits: what is close in time need not be related, and what is in no log is not "
    "here."
)


class ChangeRow(Protocol):
    """A row of the changes that are drawn, as ``itertuples`` gives it; ``p``: how strongly it is suspected."""

    change_id: str
    kind: str
    title: str
    started_at: pd.Timestamp
    started_at_before: pd.Timestamp
    p: float


class IncidentRow(Protocol):
    """A row of the incidents that are drawn, as ``itertuples`` gives it."""

    incident_id: str
    title: str
    started_at: pd.Timestamp
    severity: str
    status: str


@dataclass(frozen=True)
class Window:
    """The time that is drawn, and the zone in which."""

    start: pd.Timestamp
    end: pd.Timestamp
    zone: str


def keys(kinds: list[str], grouped: bool) -> list[list[frame.Mark]]:
    """The key: incidents, the kinds drawn singly, and the squares of those that are not."""
    many = [(theme.NEUTRAL, "■", "other changes, by number" if kinds else "changes, by number")] if grouped else []
    return frame.key([(theme.INCIDENT, "▬", "incident"), *map(_key, kinds), *many])


def draw_changes(
    fig: drawing.Sketch, marks: pd.DataFrame, rows: list[str], window: Window, suspicion: pd.Series, *, grouped: bool
) -> list[str]:
    """Each change as a symbol or, where they are ``grouped``, only those suspected; returns the kinds drawn singly."""
    if not grouped:
        return _change_marks(fig, marks, rows, window, suspicion)
    alone = marks["change_id"].map(suspicion).fillna(0.0) >= NAMED
    _slices(fig, marks[~alone], rows, window)
    return _change_marks(fig, marks[alone], rows, window, suspicion)


def _slices(fig: drawing.Sketch, marks: pd.DataFrame, rows: list[str], window: Window, n: int = 72) -> None:
    """Too many changes to draw singly: squares sized by the number of changes per row and slice of time."""
    width = (window.end - window.start) / n
    marks = marks[marks["service"].isin(rows)]
    at = ((marks["started_at"] - window.start) // width).rename("slice")
    counts = marks.groupby([marks["service"], at]).size().reset_index(name="n")
    times = pd.Series(window.start + (counts["slice"] + 0.5) * width)
    most = max(int(counts["n"].max()), 1) if len(counts) else 1
    fig.add_scatter(
        x=plot_text.wall(times, window.zone),
        y=[rows.index(s) + MARK for s in counts["service"]],
        mode="markers",
        marker={
            "symbol": "square",
            "color": theme.NEUTRAL,
            "opacity": 0.75,
            "size": drawing.rounded(2 + 7 * (counts["n"] / most) ** 0.5, 2),
            "line": {"width": 0},
        },
        hovertext=[
            f"{plural(n, 'change')}, {plot_text.label(s, 40)}"
            for n, s in zip(counts["n"], counts["service"], strict=True)
        ],
        hoverinfo="text",
    )


def narrowed(incidents: pd.DataFrame, changes: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The columns that are drawn: rows of many columns are slow to pick and to go through."""
    moments = [f"{c}{end}" for c in ("started_at", "mitigated_at", "resolved_at") for end in ("", "_before")]
    return (
        incidents[["incident_id", "title", "severity", "status", "services", "detected_at", *moments]],
        changes[["change_id", "title", "kind", "services", "started_at", "started_at_before"]],
    )


def by_service(table: pd.DataFrame) -> pd.DataFrame:
    """One row for each service of each row; an empty list becomes “service not given”."""
    services = [s or [MISSING] for s in table["services"]]
    rows = np.repeat(np.arange(len(table)), [len(s) for s in services])
    each = table.iloc[rows].reset_index(drop=True)
    return each.assign(service=pd.Series([name for s in services for name in s], dtype=object))


def latest_moments(incidents: pd.DataFrame) -> pd.Series:
    """The latest moment of each incident that is known: resolved, else mitigated, else its start."""
    known = [
        incidents[name].to_numpy("datetime64[us]") for name in LATEST
    ]  # pandas' own fillna takes ten times as long
    ends = reduce(lambda first, second: np.where(np.isnat(first), second, first), known)
    return pd.Series(ends, incidents.index).dt.tz_localize("UTC")


def latest_moment(incident: pd.Series) -> pd.Timestamp:
    """The same of one incident."""
    return next(incident[name] for name in LATEST if not pd.isna(incident[name]))


def choose_rows(preferred: list[pd.Series], most: int) -> tuple[list[str], list[str]]:
    """Services in order of the given rankings, cut at ``most``; and what was cut, in words."""
    names = list(dict.fromkeys(name for ranking in preferred for name in ranking.index))
    cut = len(names) - most
    return names[:most], [plural(cut, "service")] if cut > 0 else []


def _key(kind: str) -> tuple[str, str, str]:
    colour, _, mark = theme.kind_mark(kind)
    return colour, mark, plot_text.kind_name(kind)


def draw_incidents(fig: drawing.Sketch, bars: pd.DataFrame, rows: list[str], window: Window) -> None:
    """Each incident as a bar with a tick where it starts and, while it is open, an arrow where the log ends."""
    bars = bars[bars["service"].isin(rows)]
    if bars.empty:
        return
    ends = latest_moments(bars).where(bars["status"] != "open", window.end).clip(upper=window.end)
    starts = bars["started_at"].clip(lower=window.start)
    y = [rows.index(s) + MARK for s in bars["service"]]
    for (left, right), width in (((starts, bars["started_at_before"]), 3), ((bars["started_at_before"], ends), 9)):
        xs = zip(plot_text.wall(left, window.zone), plot_text.wall(right.clip(lower=left), window.zone), strict=True)
        fig.add_scatter(
            x=[t for a, b in xs for t in (a, b, None)],
            y=[v for h in y for v in (h, h, None)],
            mode="lines",
            line={"color": theme.INCIDENT, "width": width},
            hoverinfo="skip",
        )
    _ticks(fig, bars, plot_text.wall(starts, window.zone), y, window.zone)
    still = (bars["status"] == "open").to_numpy()
    if still.any():
        fig.add_scatter(
            x=plot_text.wall(ends[still], window.zone),
            y=[v for v, s in zip(y, still, strict=True) if s],
            mode="markers",
            hoverinfo="skip",
            marker={"symbol": "triangle-right", "color": theme.INCIDENT, "size": 13},
        )


def _ticks(fig: drawing.Sketch, bars: pd.DataFrame, x: list[str | None], y: list[float], zone: str) -> None:
    """Where incidents start. Among very many, the text of each would fill the page, and none could be pointed at."""
    line = {"width": 3, "color": theme.INCIDENT}
    marker = {"symbol": "line-ns-open", "color": theme.INCIDENT, "size": 13, "line": line}
    many = len(bars) > MAX_SINGLE
    hover = (
        {"hoverinfo": "skip"}
        if many
        else {"hoverinfo": "text", "hovertext": [incident_hover(r, zone) for r in bars.itertuples()]}
    )
    fig.add_scatter(x=x, y=y, mode="markers", marker=marker, **hover)


def incident_hover(row: IncidentRow, zone: str) -> str:
    """What hovers over an incident: id, title, start, severity and status."""
    return (
        f"incident {plot_text.label(row.incident_id, 40)}<br>{plot_text.label(row.title, 60)}<br>"
        f"{plot_text.moment(row.started_at, zone)}<br>"
        f"{plot_text.label(row.severity or 'severity not given', 20)}, {plot_text.label(row.status, 12)}"
    )


def _change_marks(
    fig: drawing.Sketch, marks: pd.DataFrame, rows: list[str], window: Window, suspicion: pd.Series
) -> list[str]:
    """A symbol for each change at the middle of what its time can be, one trace for each kind; returns the kinds
    drawn."""
    # All at once, then shared out to the kinds: a frame for each kind would take longer than the marks.
    marks = marks[marks["service"].isin(rows)]
    marks = marks.assign(p=marks["change_id"].map(suspicion).fillna(0.0)).sort_values("p", kind="stable")
    _imprecise(fig, marks, rows, window)
    inset = (window.end - window.start) * 0.008  # so that no symbol is cut in half
    middle = marks["started_at"] + (marks["started_at_before"] - marks["started_at"]) / 2
    x = plot_text.wall(middle.clip(lower=window.start + inset, upper=window.end - inset), window.zone)
    place, kinds = {service: n + MARK for n, service in enumerate(rows)}, marks["kind"].tolist()
    y, p = [place[s] for s in marks["service"]], marks["p"].tolist()
    sizes = drawing.rounded((8 + 12 * share**0.5 for share in p), 3)
    texts = [_change_hover(row, window.zone) for row in marks.itertuples()]
    faded = 0.55 if len(suspicion) else 0.85
    known = [k for k in theme.KINDS if k in kinds] + sorted(set(kinds) - set(theme.KINDS))
    for kind in known:
        of = [n for n, k in enumerate(kinds) if k == kind]
        colour, symbol, _ = theme.kind_mark(kind)
        fig.add_scatter(
            x=[x[n] for n in of],
            y=[y[n] for n in of],
            mode="markers",
            marker={
                "symbol": symbol,
                "color": colour,
                "size": [sizes[n] for n in of],
                "line": {"width": 0},
                "opacity": [0.95 if p[n] >= 0.05 else faded for n in of],
            },
            hovertext=[texts[n] for n in of],
            hoverinfo="text",
        )
    return known


def _imprecise(fig: drawing.Sketch, marks: pd.DataFrame, rows: list[str], window: Window) -> None:
    wide = marks[marks["started_at_before"] - marks["started_at"] > (window.end - window.start) * 0.005]
    for kind, of in wide.groupby("kind", sort=True) if len(wide) else ():
        left = plot_text.wall(of["started_at"].clip(lower=window.start), window.zone)
        right = plot_text.wall(of["started_at_before"].clip(upper=window.end), window.zone)
        fig.add_scatter(
            x=[t for a, b in zip(left, right, strict=True) for t in (a, b, None)],
            y=[v for s in of["service"] for v in (rows.index(s) + MARK, rows.index(s) + MARK, None)],
            mode="lines",
            line={"color": theme.tint(theme.kind_mark(kind)[0], 0.6), "width": 3},
            hoverinfo="skip",
        )


def _change_hover(row: ChangeRow, zone: str) -> str:
    when = plot_text.moment(row.started_at, zone)
    if row.started_at_before > row.started_at:
        when += f"<br>to {plot_text.moment(row.started_at_before, zone)}"
    suspect = f"<br><b>suspected: {percent(row.p)}</b>" if row.p else ""
    head = f"{plot_text.label(row.change_id, 40)} ({plot_text.label(plot_text.kind_name(row.kind))})"
    return f"{head}<br>{plot_text.label(row.title, 60)}<br>{when}{suspect}"


def finish(fig: drawing.Sketch, rows: list[str], window: Window, measure: str, lines: list[list[frame.Mark]]) -> None:
    """Head, axes, and a name over each row."""
    frame.base(
        fig,
        height=74 + ROW * len(rows),
        measure=measure,
        lines=lines,
        x_title=f"time in {plot_text.label(window.zone, 40)}" + ("" if window.zone == "UTC" else "; UTC on hover"),
    )
    drawing.rows_axis(fig, len(rows))
    start, end = plot_text.wall(pd.Series([window.start, window.end]), window.zone)
    days = (window.end - window.start) / pd.Timedelta("1D")
    pattern = "%H:%M\n%-d %b" if days < 4 else "%-d %b\n%Y"
    fig.update_xaxes(type="date", range=[start, end], tickformat=pattern)
    name_at: dict[str, Any] = {"x": 0, "yref": "y", "yanchor": "top", "size": theme.SMALL, "muted": True}
    line = {"color": theme.tint(theme.NEUTRAL, 0.25), "width": 1}
    under = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "layer": "below", "line": line}
    drawing.add(
        fig,
        [drawing.text_at(plot_text.label(name, 44), y=i - 0.48, **name_at) for i, name in enumerate(rows)],
        [{**under, "y0": i + 0.5, "y1": i + 0.5} for i in range(len(rows))],
    )


def described(
    fig: drawing.Sketch,
    said: tuple[str, str],
    left_out: list[str],
    incidents: pd.DataFrame,
    changes: pd.DataFrame,
    suspicion: pd.Series,
    zone: str,
) -> go.Figure:
    """The figure with its finding and its text (``said``), what was left out, and the table of all that is drawn."""
    finding, words = said
    cut = f" Left out for legibility: {' and '.join(left_out)}." if left_out else ""
    happened = [
        ["incident", r.incident_id, r.title, r.severity, r.services, r.started_at, end, None]
        for r, end in zip(incidents.itertuples(), latest_moments(incidents), strict=True)
    ]
    kept = changes.sort_values("started_at").tail(max(MAX_TABLE - len(happened), 0))
    happened += [
        [
            "change",
            r.change_id,
            r.title,
            r.kind,
            r.services,
            r.started_at,
            r.started_at_before,
            suspicion.get(r.change_id),
        ]
        for r in kept.itertuples()
    ]
    happened.sort(key=lambda row: row[5])
    if len(kept) < len(changes):
        cut += f" The table leaves out the earliest {plural(len(changes) - len(kept), 'change')}."
    rows = [
        [*row[:5], plot_text.local_time(row[5], zone), plot_text.local_time(row[6], zone), row[7]] for row in happened
    ]
    alt, caption = words + cut, CAPTION + cut
    return frame.describe(fig, finding=finding, alt=alt, caption=caption, columns=COLUMNS, rows=rows)
