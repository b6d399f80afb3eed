"""What was changed while an incident lasted: the revert, the fix, the roll-back, and what else."""

from __future__ import annotations

import pandas as pd

from aftershock.metrics.protocols import DatasetLike
from aftershock.model.reverts import pairs_taken_back

COLUMNS = [
    "change_id",
    "title",
    "kind",
    "started_at",
    "started_at_before",
    "after_minutes",
    "takes_back",
    "on_failed_service",
    "before_end_minutes",
]
AFTERWARDS = pd.Timedelta(
    hours=1
)  # after the recorded end, as a fix is often recorded when it is finished: a judgement
UNENDED = pd.Timedelta(hours=24)  # after the start, where no end is recorded: a judgement
JUST_BEFORE = pd.Timedelta(days=3)  # so far back may what is taken back have begun, unless it is a suspect


def changes_during(dataset: DatasetLike, incident_id: str, suspected: list[str]) -> pd.DataFrame:
    """Changes that began after the start of an incident and up to an hour after its end (a day after its start where no end is
    recorded), in order of time: those that take back a change of ``suspected``, or any other of the three days before, those on a
    failed service, and emergencies.

    Columns: ``change_id, title, kind, started_at, started_at_before``; ``after_minutes``: since the latest moment at which the
    incident can have started; ``takes_back``: the id of the change that it takes back, else ""; ``on_failed_service``;
    ``before_end_minutes``: how long before mitigation, else resolution (negative: after it; NaN: no end recorded). That a change
    came shortly before the end does not say that it ended the incident.
    """
    incident = dataset.incidents[dataset.incidents["incident_id"] == incident_id].iloc[0]
    changes = dataset.changes.reset_index(drop=True)
    start, end = incident["started_at_before"], _end(incident)
    last = start + UNENDED if pd.isna(end) else max(end, start) + AFTERWARDS
    by_then = (changes["started_at"] <= last).to_numpy()
    inside = (changes["started_at"] >= start).to_numpy() & by_then
    near = (changes["started_at"] >= incident["started_at"] - JUST_BEFORE).to_numpy() & by_then
    taken: dict[str, str] = {}
    suspects = changes["change_id"].isin(suspected).to_numpy()
    rows = changes[near | suspects].reset_index(drop=True)
    ids = rows["change_id"].tolist()
    for by, of in pairs_taken_back(rows):
        taken.setdefault(ids[by], ids[of])
    failed = set(incident["services"])
    shown = changes[inside & ~suspects]
    found = pd.DataFrame(
        {
            **{c: shown[c] for c in COLUMNS[:5]},
            "after_minutes": (shown["started_at"] - start).dt.total_seconds() / 60,
            "takes_back": [taken.get(i, "") for i in shown["change_id"]],
            "on_failed_service": [bool(failed & set(services)) for services in shown["services"]],
            "before_end_minutes": (end - shown["started_at"]).dt.total_seconds() / 60
            if pd.notna(end)
            else float("nan"),
        },
        columns=COLUMNS,
    )
    told = (found["takes_back"] != "") | found["on_failed_service"] | shown["emergency"].fillna(False).astype(bool)
    return found[told].sort_values(["started_at", "change_id"], ignore_index=True)


def _end(incident: pd.Series) -> pd.Timestamp:
    """When users were no longer affected, else when it was over; NaT where neither is recorded."""
    for column in ("mitigated_at", "resolved_at"):
        if pd.notna(incident[column]) and incident[f"{column}_before"] >= incident["started_at"]:
            return incident[column] + (incident[f"{column}_before"] - incident[column]) / 2
    return pd.NaT
