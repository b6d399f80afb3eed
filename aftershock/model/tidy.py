"""What was found as tidy frames, made to be grouped, merged and pivoted.

A column is called after what it is of: ``incident_…``, ``change_…``; what belongs to a pair has a name of its own. So the
frames merge on their ids without suffixes. Times are in the dataset's zone, severities an ordered category, worst first.
"""

from __future__ import annotations

import pandas as pd

from aftershock.dataset.dataset import Dataset
from aftershock.dataset.extras import ExtrasArray
from aftershock.model.ranking import SUSPECT_COLUMNS
from aftershock.schema.tables import NONE

GROUPS = ("team", "role")  # columns of a log beyond the canonical ones that every tidy frame brings along
_OF_CHANGE = ("incident_id", "change_id", "kind", "title", "services", "change_at")  # as the logs have them
_OF_PAIR = [c for c in SUSPECT_COLUMNS if c not in _OF_CHANGE]


def severity(dataset: Dataset, grades: pd.Series) -> pd.Series:
    """Grades as an ordered category, worst first, so that ``<= "sev2"`` is sev2 or worse; missing where none was given."""
    return grades.where(grades != "").astype(pd.CategoricalDtype(dataset.severities, ordered=True))


def pairs(dataset: Dataset, suspects: pd.DataFrame) -> pd.DataFrame:
    """A row per incident and explanation, with what the log has on the change (:attr:`Attribution.pairs`)."""
    table = dataset.changes
    change = pd.DataFrame(
        {
            "change_id": table["change_id"],
            "change_title": table["title"],
            "change_kind": table["kind"],
            "change_services": table["services"],
            "change_author": table["author"],
            **groups("change", table),
            "change_at": table["started_at"].dt.tz_convert(dataset.timezone),
        }
    )
    made = suspects[["incident_id", "change_id", *_OF_PAIR]].merge(change, on="change_id", how="left")
    none = made["change_id"] == NONE
    made["change_title"] = made["change_title"].where(~none, "No recorded change")
    made["change_services"] = [s if isinstance(s, list) else [] for s in made["change_services"]]
    texts = [c for c in change if c not in ("change_id", "change_services", "change_at")]
    made[texts] = made[texts].fillna("")
    return made[["incident_id", *change, *_OF_PAIR]]


def incidents(
    dataset: Dataset, rows: pd.DataFrame, suspects: pd.DataFrame, shares: pd.DataFrame, outages: pd.DataFrame
) -> pd.DataFrame:
    """A row per incident, with its most probable explanation (:attr:`Attribution.incidents`)."""
    best = suspects[suspects["rank"] == 1].set_index("incident_id").loc[rows["incident_id"]]
    zone = dataset.timezone
    return pd.DataFrame(
        {
            "incident_id": rows["incident_id"],
            "incident_title": rows["title"],
            "incident_severity": severity(dataset, rows["severity"]),
            "incident_status": rows["status"],
            "incident_services": rows["services"],
            **groups("incident", rows),
            "incident_at": rows["started_at"].dt.tz_convert(zone),
            "incident_until": rows["resolved_at"].dt.tz_convert(zone),
            "minutes_to_mitigate": _minutes(rows, "mitigated_at"),
            "minutes_to_resolve": _minutes(rows, "resolved_at"),
            "by_changes": shares["change_probability"],
            "by_changes_low": shares["low"],
            "by_changes_high": shares["high"],
            "by_chance": shares["chance"],
            "best_change_id": best["change_id"].to_numpy(),
            "best_change_title": best["title"].to_numpy(),
            "best_probability": best["probability"].to_numpy(),
            "part_of": outages["earlier"],
            "part_of_probability": outages["probability"],
        }
    )


def _minutes(rows: pd.DataFrame, time: str) -> pd.Series:
    """Minutes from the start, both at the middle of what they can be; missing where the log does not say or says otherwise."""
    start = rows["started_at"] + (rows["started_at_before"] - rows["started_at"]) / 2
    end = rows[time] + (rows[f"{time}_before"].fillna(rows[time]) - rows[time]) / 2
    minutes = (end - start).dt.total_seconds() / 60
    return minutes.where(rows[f"{time}_before"].fillna(rows[time]) >= rows["started_at"]).clip(lower=0.0)


def groups(prefix: str, table: pd.DataFrame) -> dict[str, pd.Series]:
    """Team and role of each row, as ``prefix_team`` and ``prefix_role``, where the log has a column of that name."""
    extras = table["extras"].array if "extras" in table else None
    if not isinstance(extras, ExtrasArray):
        return {}
    named = {str(column).strip().lower(): column for column in extras.columns}
    return {
        f"{prefix}_{group}": pd.Series(extras.columns[named[group]].to_numpy(), index=table.index)
        for group in GROUPS
        if group in named
    }
