"""The time around one incident: what changed before and while it lasted, on which service, and how strongly it is suspected."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from aftershock.figures import drawing, plot_text, theme
from aftershock.figures import timeline_parts as parts
from aftershock.output.phrases import percent, plural

MEASURE = "Changes and incidents by service"  # how the measure begins, by which this figure is known on a page
ROOM = 0.4  # share of the figure's width that a name needs next to its mark
HORIZON = pd.Timedelta("72h")  # that of the model, unless dataset.toml says otherwise
LONGEST = 1.5  # how long an incident is drawn at most, in times of what is drawn before it: a judgement
APART = 0.18  # share of the width from which two moments have a word each: "mitigated" on a phone
MOMENTS = {"detected_at": "detected", "mitigated_at": "mitigated", "resolved_at": "resolved"}


def suspicion_of(suspects: pd.DataFrame | None, incident: str) -> pd.Series:
    """Probability by change id; empty without suspects."""
    if suspects is None or suspects.empty:
        return pd.Series(dtype=float)
    own = suspects[(suspects["incident_id"] == incident) & (suspects["change_id"] != "none")]
    return own.set_index("change_id")["probability"]


def time_around(
    chosen: pd.Series,
    incidents: pd.DataFrame,
    changes: pd.DataFrame,
    suspicion: pd.Series,
    zone: str,
    horizon: pd.Timedelta,
    max_rows: int,
    during: pd.DataFrame | None = None,
) -> go.Figure:
    """The figure; ``chosen`` is the incident's row, ``suspicion`` the probability by change id, ``during`` of
    ``metrics.changes_during``: those of it that take a change back are named."""
    window = _reach(chosen, changes, suspicion, zone, horizon, during)
    inside = changes[(changes["started_at_before"] >= window.start) & (changes["started_at"] <= window.end)]
    earlier = changes[
        (changes["started_at_before"] < window.start) & (changes["started_at"] >= chosen["started_at"] - horizon)
    ]
    others = incidents[(incidents["started_at"] <= window.end) & (parts.latest_moments(incidents) >= window.start)]
    marks, bars = parts.by_service(inside), parts.by_service(others)
    weight = (
        marks.assign(p=marks["change_id"].map(suspicion).fillna(0))
        .groupby("service")["p"]
        .max()
        .sort_values(ascending=False)
    )
    own = pd.Series(1, index=list(chosen["services"]) or [parts.MISSING])
    rows, left_out = parts.choose_rows([own, weight[weight > 0.01], marks["service"].value_counts()], max_rows)
    fig = drawing.Sketch()
    _phases(fig, chosen, window)
    grouped = len(inside) > parts.MAX_SINGLE
    parts.draw_incidents(fig, bars, rows, window)
    kinds = parts.draw_changes(fig, marks, rows, window, suspicion, grouped=grouped)
    named = _name_suspects(fig, marks, rows, window, suspicion)
    _name_taken_back(fig, marks, rows, window, during)
    measure = f"{MEASURE}; this incident {_when(chosen, window)}"
    parts.finish(fig, rows, window, measure, parts.keys(kinds, grouped))
    _moments(fig, chosen, window)
    top = "".join(f" {plot_text.plain(t)}: {percent(p)}." for t, p in named)
    hours = (chosen["started_at"] - window.start) / pd.Timedelta("1h")
    before = f"{hours:.0f} h" if 23.5 <= hours < 48 else plot_text.minutes(60 * hours)
    after = int((inside["started_at"] > chosen["started_at_before"]).sum())
    finding = f"{plural(len(inside) - after, 'change') if len(inside) > after else 'No change'} in the {before} before the incident"
    start = plot_text.local_time(chosen["started_at"], zone)
    words = f"{finding}, which started {start} ({zone}); {after or 'none'} after its start.{top}"
    strongest = f"; the strongest suspect: “{plot_text.plain(named[0][0])}”" if named else ""
    if len(earlier):
        left_out.append(
            f"{plural(len(earlier), 'earlier change')} within {horizon / pd.Timedelta('1h'):.0f} h before it"
        )
    return parts.described(fig, (finding + strongest, words), left_out, others, inside, suspicion, zone)


def _reach(
    chosen: pd.Series,
    changes: pd.DataFrame,
    suspicion: pd.Series,
    zone: str,
    horizon: pd.Timedelta,
    during: pd.DataFrame | None,
) -> parts.Window:
    """How far back to look: to where 95 % of the suspicion lies, at least two hours, at most the horizon; and forward to the
    incident's end and to what took a change back."""
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
    if during is not None and len(during):
        end = max([end, *during.loc[during["takes_back"] != "", "started_at"]])
    end = min(end, chosen["started_at_before"] + back * LONGEST)
    return parts.Window(start - back, max(end, chosen["started_at_before"]) + back * 0.06, zone)


def _when(chosen: pd.Series, window: parts.Window) -> str:
    """Start and end in words, for the head of the figure."""
    first, last, zone = chosen["started_at"], chosen["started_at_before"], window.zone
    text = f"started {plot_text.local_time(first, zone, '%-d %b %H:%M')}"
    if last > first:
        same_day = first.tz_convert(zone).date() == last.tz_convert(zone).date()
        text += f" to {plot_text.local_time(last, zone, '%H:%M' if same_day else '%-d %b %H:%M')}"
    if pd.isna(chosen["resolved_at"]):
        return text + ", its end is not known"
    if chosen["resolved_at"] <= window.end:
        return text + ", shaded until resolved"
    return text + f", resolved {plot_text.local_time(chosen['resolved_at'], zone, '%-d %b %H:%M')}"


def _phases(fig: drawing.Sketch, chosen: pd.Series, window: parts.Window) -> None:
    """The incident as a shaded stretch through all rows; its start a line, or a darker stretch when imprecise."""
    end = chosen["resolved_at_before"] if pd.notna(chosen["resolved_at_before"]) else window.end
    start, last, until = plot_text.wall(
        pd.Series([chosen["started_at"], chosen["started_at_before"], min(end, window.end)]), window.zone
    )
    common = {"type": "rect", "yref": "paper", "y0": 0, "y1": 1, "layer": "below", "line": {"width": 0}}
    shapes = [{"x0": start, "x1": until, "fillcolor": theme.tint(theme.INCIDENT, 0.1), **common}]
    if last != start:
        shapes.append({"x0": start, "x1": last, "fillcolor": theme.tint(theme.INCIDENT, 0.22), **common})
    line = {"color": theme.INCIDENT, "width": 1.5}
    shapes.append({"type": "line", "yref": "paper", "x0": start, "x1": start, "y0": 0, "y1": 1, "line": line})
    drawing.add(fig, shapes=shapes)


def _moments(fig: drawing.Sketch, chosen: pd.Series, window: parts.Window) -> None:
    """When it was detected, mitigated and resolved: dotted lines, their words above the drawing; moments that are close
    together share theirs."""
    known = [(chosen[column], word) for column, word in MOMENTS.items() if pd.notna(chosen.get(column))]
    shown = sorted(pair for pair in known if window.start <= pair[0] <= window.end)
    length = window.end - window.start
    for number, (at, word) in enumerate(shown):
        x = plot_text.wall_time(at, window.zone)
        line = {"color": theme.NEUTRAL, "width": theme.REFERENCE, "dash": "dot"}
        fig.add_shape(type="line", yref="paper", x0=x, x1=x, y0=0, y1=1, line=line, layer="below")
        if number + 1 < len(shown) and (shown[number + 1][0] - at) / length < APART:
            shown[number + 1] = (shown[number + 1][0], f"{word}, {shown[number + 1][1]}")
            continue
        drawing.note(fig, word, x=x, y=1, xref="x", xanchor="right", size=theme.SMALL, muted=True)


def _name_suspects(
    fig: drawing.Sketch,
    marks: pd.DataFrame,
    rows: list[str],
    window: parts.Window,
    suspicion: pd.Series,
    most: int = 3,
) -> list[tuple[str, float]]:
    """Write probability and title next to the strongest suspects; returns (title, probability) of those named."""
    named = []
    for change, p in suspicion.sort_values(ascending=False).head(most).items():
        of = marks[(marks["change_id"] == change) & marks["service"].isin(rows)]
        if p < 0.05 or of.empty:
            continue
        row = of.iloc[0]
        title = str(row["title"] or change)
        text = f"<b>{percent(p)}</b> {plot_text.label(title, 70)}"
        _name_mark(fig, text, rows.index(row["service"]), (row["started_at"], row["started_at_before"]), window)
        named.append((title, float(p)))
    return named


def _name_taken_back(
    fig: drawing.Sketch,
    marks: pd.DataFrame,
    rows: list[str],
    window: parts.Window,
    during: pd.DataFrame | None,
    most: int = 2,
) -> None:
    """Say above the changes that took another back that they did."""
    if during is None:
        return
    for change in during.loc[during["takes_back"] != "", "change_id"].head(most):
        of = marks[(marks["change_id"] == change) & marks["service"].isin(rows)]
        if of.empty:
            continue
        row = of.iloc[0]
        drawing.note(
            fig,
            "<b>taken back</b>",
            x=plot_text.wall_time(row["started_at"], window.zone),
            y=rows.index(row["service"]) + parts.MARK,
            xref="x",
            yref="y",
            xanchor="right" if window.end - row["started_at"] < APART * (window.end - window.start) else "center",
            size=theme.SMALL,
            halo=True,
            dy=6,
        )


def _name_mark(
    fig: drawing.Sketch, text: str, row: int, span: tuple[pd.Timestamp, pd.Timestamp], window: parts.Window
) -> None:
    """A label on the side of a mark where there is more room, or above it, clear of the row's name, when its time spans most of
    the figure."""
    first, last = (max(min(moment, window.end), window.start) for moment in span)
    middle, length = first + (last - first) / 2, window.end - window.start
    left, right = (first - window.start) / length, (window.end - last) / length
    above = max(left, right) < ROOM
    on_the_left = left > right and not above
    at = middle if above else first if on_the_left else last
    drawing.note(
        fig,
        text,
        x=plot_text.wall_time(at, window.zone),
        y=row + parts.MARK,
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
