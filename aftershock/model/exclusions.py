"""Why a change is not a candidate for an incident: which rule of :mod:`aftershock.model.candidates` leaves it out, in words."""

from __future__ import annotations

import pandas as pd

from aftershock.dataset.dataset import Dataset
from aftershock.model.candidates import why_not
from aftershock.output.phrases import clock, duration, when
from aftershock.output.safe_html import sortable


def why_no_candidate(dataset: Dataset, incident: pd.Series, change: pd.Series) -> str:
    """Which rule of :mod:`aftershock.model.candidates` keeps a change from being a suspect of an incident; "" when none does."""
    name = f"{change['change_id']} is not a suspect of {incident['incident_id']}"
    horizon = dataset.settings.attribution.horizon
    if said := rejections(dataset, incident["incident_id"]).get(change["change_id"]):
        return f"{name}: {said}."
    excluded = why_not(change, dataset.settings.attribution.environments)
    if excluded:
        return f"{name}: {excluded}."
    if change["started_at"] > incident["started_at_before"]:
        late = change["started_at"] - incident["started_at_before"]
        return (
            f"{name}: it began at {clock(change['started_at'], dataset.timezone)}, {duration(late)} after the latest "
            "moment at which the incident can have started."
        )
    early = incident["started_at"] - change["started_at_before"]
    if early <= horizon:
        return ""
    return (
        f"{name}: it came at least {duration(early)} before the incident, which is longer than the horizon of "
        f"{duration(horizon)} (dataset.toml, [attribution] horizon)."
    )


def rejections(dataset: Dataset, incident_id: str) -> dict[str, str]:
    """The changes that people ruled out for an incident, and who did, in words."""
    rejected = dataset.rejections
    return {
        row["change_id"]: f"people rejected it ({who_and_when(row, dataset.timezone)})"
        for _, row in rejected[rejected["incident_id"] == incident_id].iterrows()
    }


def who_and_when(verdict: pd.Series, zone: str) -> str:
    """Who decided in which role, and when: "incident review, 20 Jan 2024, 10:00 UTC"."""
    role = verdict["decided_by"] or "role not given"
    return role if pd.isna(verdict["decided_at"]) else f"{role}, {decided_at(verdict, zone)}"


def decided_at(verdict: pd.Series, zone: str) -> str:
    """When it was decided, in words; "" where that is not known."""
    if pd.isna(verdict["decided_at"]):
        return ""
    return when(verdict["decided_at"], verdict["decided_at_before"], zone).removesuffix(", hour unknown")


def excluded_changes(
    dataset: Dataset, incident: pd.Series, suspected: set[str], *, most: int
) -> tuple[int, list[dict[str, object]]]:
    """How many changes near an incident are not candidates, and the ``most`` nearest of them, nearest first: rows of Change, What,
    When, Why not."""
    horizon, environments = dataset.settings.attribution.horizon, dataset.settings.attribution.environments
    changes, start, latest = dataset.changes, incident["started_at"], incident["started_at_before"]
    near = changes[
        (changes["started_at"] >= start - 1.5 * horizon) & (changes["started_at"] <= latest + pd.Timedelta(hours=6))
    ]
    near = near[~near["change_id"].isin(list(suspected))]
    people = rejections(dataset, incident["incident_id"])
    nearest = near.iloc[(near["started_at"] - start).abs().argsort(kind="stable").iloc[:most]]
    return len(near), [
        {
            "Change": r.change_id,
            "What": r.title,
            "When": sortable(when(r.started_at, r.started_at_before, dataset.timezone), r.started_at),
            "Why not": people.get(r.change_id)
            or why_not(r._asdict(), environments)
            or ("began after the incident" if r.started_at > latest else f"came more than {duration(horizon)} before"),
        }
        for r in nearest.itertuples()
    ]
