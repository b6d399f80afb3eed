"""Incidents and changes on one clock, a row for each service."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go

from aftershock.figures import theme

MAX_ROWS = 20
ROOM = 0.4  # share of the figure's width that a name needs beside its mark
NAMED = 0.01  # suspicion from which a change is drawn by itself among many
MAX_SINGLE = 300
MAX_TABLE = 300
ROW, MARK = 40, 0.24  # pixels for a service; where its marks stand, in rows below its middle
HORIZON = pd.Timedelta("72h")
MISSING = "service not given"
COLUMNS = ["what", "id", "title", "kind or severity", "services", "from", "to", "probability"]
CAPTION = (
    "How to read: a row for each service, a bar for each incident, a symbol for each change; a thin horizontal line "
    "is what an imprecise time allows. Limits: what stands close together in time need not belong together, and what "
    "is in no log is not here."
)


@dataclass(frozen=True)
class _Window:
    start: pd.Timestamp
    end: pd.Timestamp
    zone: str


def timeline(
    incidents: pd.DataFrame,
    changes: pd.DataFrame,
    *,
    zone: str,
    incident: str | None = None,
    suspects: pd.DataFrame | None = None,
    horizon: pd.Timedelta = HORIZON,
    max_rows: int = MAX_ROWS,
) -> go.Figure:
    """Incidents as bars and changes as symbols by service, in the wall-clock time of ``zone``.

    Without ``incident``: everything given; above 300 changes they are drawn as squares sized by their number per slice
    of time. With ``incident`` (an id in ``incidents``): the time before it, as far back as 95 % of the suspicion in
    ``suspects`` reaches (24 hours without suspects, never beyond ``horizon``), its own phases, and the suspects
    enlarged by their probability. Rows: the incident's services first, then those of its suspects, then the busiest;
    at most ``max_rows``, and the figure says in words what is left out. It misleads because the eye takes nearness for
    cause; the probabilities weigh what the eye cannot.
    """
    if incidents.empty and changes.empty:
        return theme.empty("No incident and no change in this period.", caption=CAPTION, columns=COLUMNS)
    if incident is None:
        return _overview(incidents, changes, zone, max_rows)
    chosen = incidents[incidents["incident_id"] == incident]
    if chosen.empty:
        return theme.empty(
            f"The incident {theme.plain(incident)} is not in this table.", caption=CAPTION, columns=COLUMNS
        )
    return _before(chosen.iloc[0], incidents, changes, _suspicion(suspects, incident), zone, horizon, max_rows)


def _suspicion(suspects: pd.DataFrame | None, incident: str) -> pd.Series:
    """Probability by change id; empty without suspects."""
    if suspects is None or suspects.empty:
        return pd.Series(dtype=float)
    own = suspects[(suspects["incident_id"] == incident) & (suspects["change_id"] != "none")]
    return own.set_index("change_id")["probability"]


# --- everything in a period -------------------------------------------------------------------------------------------


def _overview(incidents: pd.DataFrame, changes: pd.DataFrame, zone: str, max_rows: int) -> go.Figure:
    moments = pd.concat(
        [incidents["started_at"], _ends(incidents), changes["started_at"], changes["started_at_before"]]
    ).dropna()
    pad = max((moments.max() - moments.min()) * 0.02, pd.Timedelta("30min"))
    window = _Window(moments.min() - pad, moments.max() + pad, zone)
    marks, bars = _by_service(changes), _by_service(incidents)
    rows, left_out = _choose_rows([bars["service"].value_counts(), marks["service"].value_counts()], max_rows)
    fig = go.Figure()
    grouped = len(changes) > MAX_SINGLE
    kinds = _draw_changes(fig, marks, rows, window, pd.Series(dtype=float), grouped=grouped)
    _incident_bars(fig, bars, rows, window)
    words = (
        f"{theme.counted(len(incidents), 'incident')} and {theme.counted(len(changes), 'change')} from "
        f"{theme.clock(window.start + pad, zone)} to {theme.clock(window.end - pad, zone)}, "
        f"{theme.counted(len(rows), 'service')} shown."
    )
    _finish(fig, rows, window, "Incidents and changes by service", _keys(kinds, grouped))
    told = (f"{theme.counted(len(incidents), 'incident')} and {theme.counted(len(changes), 'change')}", words)
    return _described(fig, told, left_out, incidents, changes, pd.Series(dtype=float), zone)


def _keys(kinds: list[str], grouped: bool) -> list[list[theme.Mark]]:
    many = [(theme.NEUTRAL, "■", "other changes, by number" if kinds else "changes, by number")] if grouped else []
    return theme.key([(theme.INCIDENT, "▬", "incident"), *map(_key, kinds), *many])


def _draw_changes(
    fig: go.Figure, marks: pd.DataFrame, rows: list[str], window: _Window, suspicion: pd.Series, *, grouped: bool
) -> list[str]:
    """Each change as a symbol or, where they are ``grouped``, only those suspected; returns the kinds drawn singly."""
    if not grouped:
        return _change_marks(fig, marks, rows, window, suspicion)
    alone = marks["change_id"].map(suspicion).fillna(0.0) >= NAMED
    _slices(fig, marks[~alone], rows, window)
    return _change_marks(fig, marks[alone], rows, window, suspicion)


def _slices(fig: go.Figure, marks: pd.DataFrame, rows: list[str], window: _Window, n: int = 72) -> None:
    """Too many changes to draw singly: squares sized by the number of changes per row and slice of time."""
    width = (window.end - window.start) / n
    marks = marks[marks["service"].isin(rows)]
    at = ((marks["started_at"] - window.start) // width).rename("slice")
    counts = marks.groupby([marks["service"], at]).size().reset_index(name="n")
    times = pd.Series(window.start + (counts["slice"] + 0.5) * width)
    most = max(int(counts["n"].max()), 1) if len(counts) else 1
    fig.add_scatter(
        x=theme.wall(times, window.zone),
        y=[rows.index(s) + MARK for s in counts["service"]],
        mode="markers",
        marker={
            "symbol": "square",
            "color": theme.NEUTRAL,
            "opacity": 0.75,
            "size": theme.rounded(2 + 7 * (counts["n"] / most) ** 0.5, 2),
            "line": {"width": 0},
        },
        hovertext=[
            f"{theme.counted(n, 'change')}, {theme.label(s, 40)}"
            for n, s in zip(counts["n"], counts["service"], strict=True)
        ],
        hoverinfo="text",
    )


# --- the time before one incident ------------------------------------------------------------------------------------


def _before(
    chosen: pd.Series,
    incidents: pd.DataFrame,
    changes: pd.DataFrame,
    suspicion: pd.Series,
    zone: str,
    horizon: pd.Timedelta,
    max_rows: int,
) -> go.Figure:
    window = _reach(chosen, changes, suspicion, zone, horizon)
    inside = changes[
        (changes["started_at_before"] >= window.start) & (changes["started_at"] <= chosen["started_at_before"])
    ]
    earlier = changes[
        (changes["started_at_before"] < window.start) & (changes["started_at"] >= chosen["started_at"] - horizon)
    ]
    others = incidents[(incidents["started_at"] <= window.end) & (_ends(incidents) >= window.start)]
    marks, bars = _by_service(inside), _by_service(others)
    weight = (
        marks.assign(p=marks["change_id"].map(suspicion).fillna(0))
        .groupby("service")["p"]
        .max()
        .sort_values(ascending=False)
    )
    own = pd.Series(1, index=list(chosen["services"]) or [MISSING])
    rows, left_out = _choose_rows([own, weight[weight > 0.01], marks["service"].value_counts()], max_rows)
    fig = go.Figure()
    _phases(fig, chosen, window)
    grouped = len(inside) > MAX_SINGLE
    kinds = _draw_changes(fig, marks, rows, window, suspicion, grouped=grouped)
    _incident_bars(fig, bars, rows, window)
    named = _name_suspects(fig, marks, rows, window, suspicion)
    measure = f"Changes and incidents by service; this incident {_when(chosen, zone)}"
    _finish(fig, rows, window, measure, _keys(kinds, grouped))
    top = "".join(f" {theme.plain(t)}: {theme.percent(p)}." for t, p in named)
    before = theme.duration((chosen["started_at"] - window.start).total_seconds() / 60)
    finding = f"{theme.counted(len(inside), 'change')} in the {before} before the incident"
    words = f"{finding}, which started {theme.clock(chosen['started_at'], zone)} ({zone}).{top}"
    strongest = f"; the strongest suspect: “{theme.plain(named[0][0])}”" if named else ""
    if len(earlier):
        left_out.append(
            f"{theme.counted(len(earlier), 'earlier change')} within {horizon / pd.Timedelta('1h'):.0f} h before it"
        )
    return _described(fig, (finding + strongest, words), left_out, others, inside, suspicion, zone)


def _reach(chosen: pd.Series, changes: pd.DataFrame, suspicion: pd.Series, zone: str, horizon: pd.Timedelta) -> _Window:
    """How far back to look: to where 95 % of the suspicion lies, at least two hours, at most the horizon."""
    start = chosen["started_at"]
    back = pd.Timedelta("24h")
    known = changes[changes["change_id"].isin(suspicion.index)]
    if len(known):
        delays = (start - known["started_at"]).clip(lower=pd.Timedelta(0))
        order = delays.sort_values().index
        share = known.loc[order, "change_id"].map(suspicion).cumsum()
        back = delays[share.index[share >= 0.95 * share.iloc[-1]][0]] * 1.25
    back = min(max(back, pd.Timedelta("2h")), horizon)
    end = (
        chosen["resolved_at_before"]
        if pd.notna(chosen["resolved_at_before"])
        else chosen["started_at_before"] + back * 0.3
    )
    end = min(end, chosen["started_at_before"] + back)
    return _Window(start - back, max(end, chosen["started_at_before"]) + back * 0.06, zone)


def _when(chosen: pd.Series, zone: str) -> str:
    """Start and end in words, for the head of the figure."""
    first, last = chosen["started_at"], chosen["started_at_before"]
    text = f"started {theme.clock(first, zone, '%-d %b %H:%M')}"
    if last > first:
        same_day = first.tz_convert(zone).date() == last.tz_convert(zone).date()
        text += f" to {theme.clock(last, zone, '%H:%M' if same_day else '%-d %b %H:%M')}"
    return text + (", shaded until resolved" if pd.notna(chosen["resolved_at"]) else ", its end is not known")


def _phases(fig: go.Figure, chosen: pd.Series, window: _Window) -> None:
    """The incident as a shaded stretch through all rows; its start a line, or a darker stretch when imprecise."""
    end = chosen["resolved_at_before"] if pd.notna(chosen["resolved_at_before"]) else window.end
    start, last, until = theme.wall(
        pd.Series([chosen["started_at"], chosen["started_at_before"], min(end, window.end)]), window.zone
    )
    common = {"type": "rect", "yref": "paper", "y0": 0, "y1": 1, "layer": "below", "line": {"width": 0}}
    fig.add_shape(x0=start, x1=until, fillcolor=theme.tint(theme.INCIDENT, 0.1), **common)
    if last != start:
        fig.add_shape(x0=start, x1=last, fillcolor=theme.tint(theme.INCIDENT, 0.22), **common)
    fig.add_shape(
        type="line", yref="paper", x0=start, x1=start, y0=0, y1=1, line={"color": theme.INCIDENT, "width": 1.5}
    )


def _name_suspects(
    fig: go.Figure, marks: pd.DataFrame, rows: list[str], window: _Window, suspicion: pd.Series, most: int = 3
) -> list[tuple[str, float]]:
    """Write probability and title beside the strongest suspects; returns (title, probability) of those named."""
    named = []
    for change, p in suspicion.sort_values(ascending=False).head(most).items():
        of = marks[(marks["change_id"] == change) & marks["service"].isin(rows)]
        if p < 0.05 or of.empty:
            continue
        row = of.iloc[0]
        title = str(row["title"] or change)
        text = f"<b>{theme.percent(p)}</b> {theme.label(title, 70)}"
        _name_mark(fig, text, rows.index(row["service"]), (row["started_at"], row["started_at_before"]), window)
        named.append((title, float(p)))
    return named


def _name_mark(fig: go.Figure, text: str, row: int, span: tuple[pd.Timestamp, pd.Timestamp], window: _Window) -> None:
    """A label on the side of a mark where there is more room, or above it when its time spans most of the figure."""
    first, last = (max(min(moment, window.end), window.start) for moment in span)
    middle, length = first + (last - first) / 2, window.end - window.start
    left, right = (first - window.start) / length, (window.end - last) / length
    on_the_left = left > right
    above = max(left, right) < ROOM
    at = middle if above else first if on_the_left else last
    theme.note(
        fig,
        text,
        x=theme.wall(pd.Series([at]), window.zone)[0],
        y=row + MARK,
        xref="x",
        yref="y",
        xanchor="right" if on_the_left else "left",
        yanchor="bottom" if above else "middle",
        size=theme.SMALL,
        halo=True,
        fit=((middle - window.start) if on_the_left else (window.end - middle)) / length if above else max(left, right),
        dx=0 if above else -14 if on_the_left else 14,
        dy=6 if above else 0,
    )


# --- marks common to both --------------------------------------------------------------------------------------------


def _by_service(table: pd.DataFrame) -> pd.DataFrame:
    """One row for each service of each row; an empty list becomes “service not given”."""
    named = table.assign(service=[list(s) or [MISSING] for s in table["services"]])
    return named.explode("service", ignore_index=True)


def _ends(incidents: pd.DataFrame) -> pd.Series:
    """The latest moment of each incident that is known: resolved, else mitigated, else its start."""
    return (
        incidents["resolved_at_before"].fillna(incidents["mitigated_at_before"]).fillna(incidents["started_at_before"])
    )


def _choose_rows(preferred: list[pd.Series], most: int) -> tuple[list[str], list[str]]:
    """Services in order of the given rankings, cut at ``most``; and what was cut, in words."""
    names = list(dict.fromkeys(name for ranking in preferred for name in ranking.index))
    cut = len(names) - most
    return names[:most], [theme.counted(cut, "service")] if cut > 0 else []


def _key(kind: str) -> tuple[str, str, str]:
    colour, _, mark = theme.kind_mark(kind)
    return colour, mark, theme.kind_name(kind)


def _incident_bars(fig: go.Figure, bars: pd.DataFrame, rows: list[str], window: _Window) -> None:
    """Each incident as a bar with a tick where it starts and, while it is open, an arrow where the log ends."""
    bars = bars[bars["service"].isin(rows)]
    if bars.empty:
        return
    ends = _ends(bars).where(bars["status"] != "open", window.end).clip(upper=window.end)
    starts = bars["started_at"].clip(lower=window.start)
    y = [rows.index(s) + MARK for s in bars["service"]]
    for (left, right), width in (((starts, bars["started_at_before"]), 3), ((bars["started_at_before"], ends), 9)):
        xs = zip(theme.wall(left, window.zone), theme.wall(right.clip(lower=left), window.zone), strict=True)
        fig.add_scatter(
            x=[t for a, b in xs for t in (a, b, None)],
            y=[v for h in y for v in (h, h, None)],
            mode="lines",
            line={"color": theme.INCIDENT, "width": width},
            hoverinfo="skip",
        )
    _ticks(fig, bars, theme.wall(starts, window.zone), y, window.zone)
    still = (bars["status"] == "open").to_numpy()
    if still.any():
        fig.add_scatter(
            x=theme.wall(ends[still], window.zone),
            y=[v for v, s in zip(y, still, strict=True) if s],
            mode="markers",
            hoverinfo="skip",
            marker={"symbol": "triangle-right", "color": theme.INCIDENT, "size": 13},
        )


def _ticks(fig: go.Figure, bars: pd.DataFrame, x: list[str | None], y: list[float], zone: str) -> None:
    """Where incidents start. Among very many, what each is would fill the page and could not be pointed at."""
    line = {"width": 3, "color": theme.INCIDENT}
    marker = {"symbol": "line-ns-open", "color": theme.INCIDENT, "size": 13, "line": line}
    many = len(bars) > MAX_SINGLE
    told = {"hoverinfo": "skip"} if many else {"hoverinfo": "text", "hovertext": _incident_hovers(bars, zone)}
    fig.add_scatter(x=x, y=y, mode="markers", marker=marker, **told)


def _incident_hovers(bars: pd.DataFrame, zone: str) -> list[str]:
    return [
        f"incident {theme.label(r.incident_id, 40)}<br>{theme.label(r.title, 60)}<br>{theme.moment(r.started_at, zone)}<br>"
        f"{theme.label(r.severity or 'severity not given', 20)}, {theme.label(r.status, 12)}"
        for r in bars.itertuples()
    ]


def _change_marks(
    fig: go.Figure, marks: pd.DataFrame, rows: list[str], window: _Window, suspicion: pd.Series
) -> list[str]:
    """A symbol for each change at the middle of what its time can be, one trace for each kind; returns the kinds
    drawn."""
    marks = marks[marks["service"].isin(rows)].copy()
    marks["p"] = marks["change_id"].map(suspicion).fillna(0.0)
    marks["middle"] = marks["started_at"] + (marks["started_at_before"] - marks["started_at"]) / 2
    inset = (window.end - window.start) * 0.008  # so that no symbol is cut in half
    marks["middle"] = marks["middle"].clip(lower=window.start + inset, upper=window.end - inset)
    _imprecise(fig, marks, rows, window)
    known = [k for k in theme.KINDS if k in set(marks["kind"])] + sorted(set(marks["kind"]) - set(theme.KINDS))
    for kind in known:
        of = marks[marks["kind"] == kind].sort_values("p")
        colour, symbol, _ = theme.kind_mark(kind)
        faded = 0.55 if len(suspicion) else 0.85
        fig.add_scatter(
            x=theme.wall(of["middle"], window.zone),
            y=[rows.index(s) + MARK for s in of["service"]],
            mode="markers",
            marker={
                "symbol": symbol,
                "color": colour,
                "size": theme.rounded(8 + 12 * of["p"] ** 0.5, 3),
                "line": {"width": 0},
                "opacity": [0.95 if p >= 0.05 else faded for p in of["p"]],
            },
            hovertext=[_change_hover(r, window.zone) for r in of.itertuples()],
            hoverinfo="text",
        )
    return known


def _imprecise(fig: go.Figure, marks: pd.DataFrame, rows: list[str], window: _Window) -> None:
    wide = marks[marks["started_at_before"] - marks["started_at"] > (window.end - window.start) * 0.005]
    for kind, of in wide.groupby("kind", sort=True):
        left = theme.wall(of["started_at"].clip(lower=window.start), window.zone)
        right = theme.wall(of["started_at_before"].clip(upper=window.end), window.zone)
        fig.add_scatter(
            x=[t for a, b in zip(left, right, strict=True) for t in (a, b, None)],
            y=[v for s in of["service"] for v in (rows.index(s) + MARK, rows.index(s) + MARK, None)],
            mode="lines",
            line={"color": theme.tint(theme.kind_mark(kind)[0], 0.6), "width": 3},
            hoverinfo="skip",
        )


def _change_hover(row: object, zone: str) -> str:
    when = theme.moment(row.started_at, zone)
    if row.started_at_before > row.started_at:
        when += f"<br>to {theme.moment(row.started_at_before, zone)}"
    suspect = f"<br><b>suspected: {theme.percent(row.p)}</b>" if row.p else ""
    head = f"{theme.label(row.change_id, 40)} ({theme.label(theme.kind_name(row.kind))})"
    return f"{head}<br>{theme.label(row.title, 60)}<br>{when}{suspect}"


def _finish(fig: go.Figure, rows: list[str], window: _Window, measure: str, lines: list[list[theme.Mark]]) -> None:
    theme.base(
        fig,
        height=74 + ROW * len(rows),
        measure=measure,
        lines=lines,
        x_title=f"time in {theme.label(window.zone, 40)}" + ("" if window.zone == "UTC" else "; UTC on hover"),
    )
    theme.rows_axis(fig, len(rows))
    start, end = theme.wall(pd.Series([window.start, window.end]), window.zone)
    days = (window.end - window.start) / pd.Timedelta("1D")
    pattern = "%H:%M\n%-d %b" if days < 4 else "%-d %b\n%Y"
    fig.update_xaxes(type="date", range=[start, end], tickformat=pattern)
    for i, name in enumerate(rows):
        theme.note(fig, theme.label(name, 44), x=0, y=i - 0.48, yref="y", yanchor="top", size=theme.SMALL, muted=True)
        fig.add_shape(
            type="line",
            xref="paper",
            x0=0,
            x1=1,
            y0=i + 0.5,
            y1=i + 0.5,
            layer="below",
            line={"color": theme.tint(theme.NEUTRAL, 0.25), "width": 1},
        )


def _described(
    fig: go.Figure,
    told: tuple[str, str],
    left_out: list[str],
    incidents: pd.DataFrame,
    changes: pd.DataFrame,
    suspicion: pd.Series,
    zone: str,
) -> go.Figure:
    finding, words = told
    cut = f" Left out for legibility: {' and '.join(left_out)}." if left_out else ""
    happened = [
        ["incident", r.incident_id, r.title, r.severity, r.services, r.started_at, end, None]
        for r, end in zip(incidents.itertuples(), _ends(incidents), strict=True)
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
        cut += f" The table leaves out the earliest {theme.counted(len(changes) - len(kept), 'change')}."
    rows = [[*row[:5], theme.clock(row[5], zone), theme.clock(row[6], zone), row[7]] for row in happened]
    alt, caption = words + cut, CAPTION + cut
    return theme.describe(fig, finding=finding, alt=alt, caption=caption, columns=COLUMNS, rows=rows)
