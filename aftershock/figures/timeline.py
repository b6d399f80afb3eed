"""Incidents and changes on one time axis, a row for each service."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from aftershock.figures import drawing, frame, plot_text, timeline_of_one
from aftershock.figures import timeline_parts as parts
from aftershock.output.phrases import plural

MAX_ROWS = 20  # services; more would not fit a screen


def timeline(
    incidents: pd.DataFrame,
    changes: pd.DataFrame,
    *,
    zone: str,
    incident: str | None = None,
    suspects: pd.DataFrame | None = None,
    horizon: pd.Timedelta = timeline_of_one.HORIZON,
    max_rows: int = MAX_ROWS,
    during: pd.DataFrame | None = None,
) -> go.Figure:
    """Incidents as bars and changes as symbols by service, in the wall-clock time of ``zone``.

    Without ``incident``: everything given; above 300 changes they are drawn as squares sized by their number per slice
    of time. With ``incident`` (an id in ``incidents``): the time before it, as far back as 95 % of the suspicion in
    ``suspects`` reaches (24 hours without suspects, never beyond ``horizon``), its own phases with what changed while it
    lasted, and the suspects enlarged by their probability; of ``during`` (``metrics.changes_during``) those that took a change
    back are named. Rows: the incident's services first, then those of its suspects, then the busiest;
    at most ``max_rows``, and the figure says in words what is left out. It misleads because the eye takes nearness for
    cause; the probabilities weigh what the eye cannot.
    """
    if incidents.empty and changes.empty:
        return frame.empty("No incident and no change in this period.", caption=parts.CAPTION, columns=parts.COLUMNS)
    incidents, changes = parts.narrowed(incidents, changes)
    if incident is None:
        return _overview(incidents, changes, zone, max_rows)
    chosen = incidents[incidents["incident_id"] == incident]
    if chosen.empty:
        return frame.empty(
            f"The incident {plot_text.plain(incident)} is not in this table.",
            caption=parts.CAPTION,
            columns=parts.COLUMNS,
        )
    return timeline_of_one.time_around(
        chosen.iloc[0],
        incidents,
        changes,
        timeline_of_one.suspicion_of(suspects, incident),
        zone,
        horizon,
        max_rows,
        during,
    )


def _overview(incidents: pd.DataFrame, changes: pd.DataFrame, zone: str, max_rows: int) -> go.Figure:
    moments = pd.concat(
        [incidents["started_at"], parts.latest_moments(incidents), changes["started_at"], changes["started_at_before"]]
    ).dropna()
    pad = max((moments.max() - moments.min()) * 0.02, pd.Timedelta("30min"))
    window = parts.Window(moments.min() - pad, moments.max() + pad, zone)
    marks, bars = parts.by_service(changes), parts.by_service(incidents)
    rows, left_out = parts.choose_rows([bars["service"].value_counts(), marks["service"].value_counts()], max_rows)
    fig = drawing.Sketch()
    grouped = len(changes) > parts.MAX_SINGLE
    kinds = parts.draw_changes(fig, marks, rows, window, pd.Series(dtype=float), grouped=grouped)
    parts.draw_incidents(fig, bars, rows, window)
    words = (
        f"{plural(len(incidents), 'incident')} and {plural(len(changes), 'change')} from "
        f"{plot_text.local_time(window.start + pad, zone)} to {plot_text.local_time(window.end - pad, zone)}, "
        f"{plural(len(rows), 'service')} shown."
    )
    parts.finish(fig, rows, window, "Incidents and changes by service", parts.keys(kinds, grouped))
    said = (f"{plural(len(incidents), 'incident')} and {plural(len(changes), 'change')}", words)
    return parts.described(fig, said, left_out, incidents, changes, pd.Series(dtype=float), zone)
