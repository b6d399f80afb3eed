"""A fleet's plan made up into logs, postmortems and the truth about them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import pandas as pd

from aftershock.simulation.events import (
    BLAST_RADIUS,
    HOUR,
    World,
    add_duplicates,
    draw_changes,
    draw_courses,
    draw_follow_ups,
    draw_onsets,
)
from aftershock.simulation.plan import Fleet
from aftershock.simulation.postmortems import Course, postmortem
from aftershock.simulation.texts import ChangeText, change_text, fix_text, part_of, symptom


@dataclass(frozen=True)
class Simulated:
    """What :func:`simulate` made: frames with the dataset's canonical columns, times in UTC, lists as lists.

    ``truth``: incident_id, cause (change_in_log, change_not_logged, no_change), change_ids, also_right, confidence,
    method; one row per incident, in the order of ``incidents``. ``postmortems``: Markdown by incident id.
    """

    fleet: Fleet
    incidents: pd.DataFrame
    changes: pd.DataFrame
    dependencies: pd.DataFrame
    truth: pd.DataFrame
    postmortems: dict[str, str]


def simulate(fleet: Fleet) -> Simulated:
    """Make a company's year up: the same fleet gives the same frames, to the last byte.

    Changes come first; each fails by its kind's probability after a log-normal delay, on its service or a dependent;
    incidents without a change follow the same office hours, so that time of day alone must not pass for a cause.
    """
    world = World(fleet)
    changes = draw_changes(world)
    incidents = draw_courses(world, draw_onsets(world, changes))
    incidents = add_duplicates(world, incidents)
    changes = pd.concat([changes, draw_follow_ups(world, incidents, changes)]).sort_values("at", kind="stable")
    texts = _change_texts(world, changes)
    changes["change_id"] = [f"chg-{n:05d}" if n else "" for n in (changes["logged"].cumsum() * changes["logged"])]
    incidents = incidents.sort_values("at", kind="stable")
    local_years = world.moment(incidents["at"]).dt.tz_convert(fleet.timezone).dt.year
    incidents["incident_id"] = [f"inc-{year}-{n:03d}" for n, year in enumerate(local_years, start=1)]
    return Simulated(
        fleet,
        _incident_frame(world, incidents, changes, texts),
        _change_frame(world, changes, texts),
        pd.DataFrame(
            [(s.name, d) for s in world.services for d in s.depends_on], columns=["service", "depends_on"], dtype="str"
        ),
        _truth_frame(incidents, changes),
        _postmortems(world, incidents, changes, texts),
    )


def _change_texts(world: World, changes: pd.DataFrame) -> dict[int, ChangeText]:
    rng = world.random["change_text"]
    days = world.moment(changes["at"]).dt.strftime("%Y-%m-%d")
    texts: dict[int, ChangeText] = {}
    for row, day in zip(changes.itertuples(), days, strict=True):
        service = world.services[row.service]
        if row.role == "revert":
            undone = texts[row.reverts]
            texts[row.Index] = ChangeText(f'Revert "{undone.title}"', "", undone.paths, undone.repository, undone.part)
        elif row.role == "hotfix":
            texts[row.Index] = fix_text(rng, service)
        else:
            texts[row.Index] = change_text(rng, kind=row.kind, service=service, day=day, docs=row.docs, bot=row.bot)
    return texts


def _change_frame(world: World, changes: pd.DataFrame, texts: dict[int, ChangeText]) -> pd.DataFrame:
    rng = world.random["change_text"]
    logged = changes[changes["logged"]]
    said = [texts[index] for index in logged.index]
    names = [
        [world.services[k].name for k in (first, second) if k >= 0 and not nameless]
        for first, second, nameless in zip(logged["service"], logged["second"], logged["nameless"], strict=True)
    ]
    started = world.moment(logged["at"])
    lines = np.ceil(rng.lognormal(np.log(25), 1.3, size=len(logged)))
    people = rng.integers(1, 7, size=len(logged))
    authors = [
        "update-bot" if bot else f"team-{world.services[k].team}-{n}"
        for bot, k, n in zip(logged["bot"], logged["service"], people, strict=True)
    ]
    frame = pd.DataFrame(
        {
            "change_id": logged["change_id"],
            "kind": logged["kind"],
            "started_at": started,
            "finished_at": started + pd.to_timedelta(logged["took_seconds"], unit="s"),
            "services": names,
            "title": [t.title for t in said],
            "description": [t.description for t in said],
            "author": authors,
            "paths": [list(t.paths) for t in said],
            "repository": [t.repository for t in said],
            "size": np.where(logged["bot"], 2, lines),
            "emergency": logged["emergency"],
            "environment": np.where(logged["production"], "production", "staging"),
            "reverts": [[changes.at[k, "change_id"]] if k >= 0 else [] for k in logged["reverts"]],
        }
    )
    return frame.reset_index(drop=True)


def _incident_frame(
    world: World, incidents: pd.DataFrame, changes: pd.DataFrame, texts: dict[int, ChangeText]
) -> pd.DataFrame:
    rng = world.random["symptoms"]
    said = [_symptom(world, rng, row, changes, texts) for row in incidents.itertuples()]
    shown = incidents["at"].where(~incidents["imprecise"], (incidents["at"] + HOUR // 2) // HOUR * HOUR)
    frame = pd.DataFrame(
        {
            "incident_id": incidents["incident_id"],
            "title": [title for title, _ in said],
            "started_at": world.moment(shown),
            "started_at_precision": np.where(incidents["imprecise"], "hour", ""),
            "detected_at": world.moment(incidents["detected"]),
            "mitigated_at": world.moment(incidents["mitigated"]),
            "resolved_at": world.moment(incidents["resolved"]),
            "status": incidents["status"],
            "severity": incidents["severity"],
            "services": [_blast_radius(world, rng, row.service, row.severity) for row in incidents.itertuples()],
            "description": [text for _, text in said],
            "url": [f"https://incidents.kestrel-parcels.example/{name}" for name in incidents["incident_id"]],
            "environment": "production",
            "duplicate_of": [incidents.at[k, "incident_id"] if k >= 0 else "" for k in incidents["original"]],
        }
    )
    return frame.reset_index(drop=True)


class IncidentRow(Protocol):
    """What a symptom is made up from: places in the tables of services, changes (-1: none) and themes."""

    service: int
    change: int
    theme: int


def _symptom(
    world: World, rng: np.random.Generator, row: IncidentRow, changes: pd.DataFrame, texts: dict[int, ChangeText]
) -> tuple[str, str]:
    named, by_chance = rng.uniform(size=2) < (world.fleet.mention, world.fleet.mention_by_chance)
    service = world.services[row.service]
    if row.change >= 0 and named:
        changed = world.services[changes.at[row.change, "service"]]
        return symptom(rng, service, part=texts[row.change].part, upstream="" if changed is service else changed.name)
    return symptom(rng, service, part=part_of(rng, service) if by_chance else "", theme=row.theme)


def _blast_radius(world: World, rng: np.random.Generator, service: int, severity: str) -> list[str]:
    """The affected service first, then the dependents that the incident dragged along."""
    near = world.dependents[service]
    size = min(len(near), int(rng.integers(0, BLAST_RADIUS[severity] + 1)))
    dragged = sorted(int(k) for k in rng.choice(near, size=size, replace=False)) if size else []
    return [world.services[k].name for k in (service, *dragged)]


def _cause(change: int, changes: pd.DataFrame) -> str:
    if change < 0:
        return "no_change"
    return "change_in_log" if changes.at[change, "logged"] else "change_not_logged"


def _truth_frame(incidents: pd.DataFrame, changes: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "incident_id": incidents["incident_id"].to_numpy(),
            "cause": [_cause(k, changes) for k in incidents["change"]],
            "change_ids": [
                [changes.at[k, "change_id"]] if _cause(k, changes) == "change_in_log" else []
                for k in incidents["change"]
            ],
            "also_right": [[] for _ in range(len(incidents))],
            "confidence": "high",
            "method": "simulated",
        }
    )


def _postmortems(
    world: World, incidents: pd.DataFrame, changes: pd.DataFrame, texts: dict[int, ChangeText]
) -> dict[str, str]:
    rng = world.random["postmortems"]
    recent = incidents["at"] >= (world.end - pd.DateOffset(months=3) - world.start).total_seconds()
    grave = (
        incidents["status"].eq("resolved")
        & incidents["original"].eq(-1)
        & incidents["severity"].ne("sev4")
        & ~incidents["imprecise"]
    )
    candidates = incidents.index[recent & grave]
    chosen = set(rng.choice(candidates, size=min(world.fleet.postmortems, len(candidates)), replace=False).tolist())
    written = {}
    for number, row in enumerate(r for r in incidents.itertuples() if r.Index in chosen):
        moments = [world.moment([getattr(row, name)])[0] for name in ("at", "detected", "mitigated", "resolved")]
        cause = _cause(row.change, changes)
        started, detected, mitigated, resolved = moments
        course = Course(
            number, world.services[row.service], started, detected, mitigated, resolved, cause, theme=row.theme
        )
        if cause == "change_in_log":
            culprit = changes.loc[row.change]
            course = replace(
                course,
                kind=culprit["kind"],
                part=texts[row.change].part,
                delay_minutes=(row.at - culprit["at"]) / 60,
                changed=world.services[culprit["service"]].name,
            )
        written[row.incident_id] = postmortem(rng, course, world.end)
    return written
