"""What happens in a simulated year, in numbers: changes, failures, incidents, duplicates, reverts.

Times are seconds since the start of the period, services are positions in ``World.services``; words come later.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from aftershock.simulation.company import TIERS, Service, services
from aftershock.simulation.plan import Fleet
from aftershock.simulation.texts import THEMES, pick

SEVERITIES = {"sev1": 0.06, "sev2": 0.20, "sev3": 0.50, "sev4": 0.24}
BLAST_RADIUS = {"sev1": 4, "sev2": 2, "sev3": 1, "sev4": 0}  # dependents that an incident drags along at most
LEANINGS = {  # by tier (edge, product, platform, store): how much more often the kind falls there than activity says
    "deploy": (1.0, 1.3, 1.0, 0.2),
    "config": (1.0, 1.0, 1.0, 1.0),
    "feature_flag": (1.2, 1.2, 0.4, 0.0),
    "database": (0.0, 1.0, 0.8, 2.5),
    "infrastructure": (1.0, 0.6, 1.2, 2.5),
    "data": (0.1, 1.0, 0.3, 0.1),
    "policy": (1.0, 1.0, 1.0, 1.0),
}
HOUR = 3600
OPEN_WITHIN_DAYS = 14


class World:
    """The still scenery of a simulation: period, services, graph, activity, rhythm, and one random stream per question.

    Separate streams keep the times as they are when only the wording changes.
    """

    def __init__(self, fleet: Fleet):
        names = (
            "scenery",
            "changes",
            "failures",
            "background",
            "course",
            "duplicates",
            "follow_ups",
            "change_text",
            "symptoms",
            "postmortems",
        )
        self.fleet = fleet
        self.random = dict(zip(names, np.random.default_rng(fleet.seed).spawn(len(names)), strict=True))
        self.start, self.end = fleet.period
        self.seconds = int((self.end - self.start).total_seconds())
        self.services: tuple[Service, ...] = services(fleet.services)
        self.position = {service.name: k for k, service in enumerate(self.services)}
        depends_on = [[self.position[d] for d in s.depends_on] for s in self.services]
        self.dependents = [[k for k, needs in enumerate(depends_on) if v in needs] for v in range(len(self.services))]
        ranks = self.random["scenery"].permutation(len(self.services)) + 1
        self.activity = ranks**-0.9 / np.sum(ranks**-0.9)  # Zipf-like: a few services see most of the work

    def two_hops(self, service: int) -> list[int]:
        near = {service, *self.dependents[service]}
        return sorted({far for one in self.dependents[service] for far in self.dependents[one]} - near)

    def activity_of(self, kind: str) -> np.ndarray:
        lean = np.array([LEANINGS[kind][TIERS.index(s.tier)] for s in self.services]) * self.activity
        return lean / lean.sum() if lean.sum() > 0 else self.activity

    def times(self, rng: np.random.Generator, expected: float) -> np.ndarray:
        """Sorted seconds since the start: a Poisson number, by office hours in the fleet's zone and uneven months."""
        hours = pd.date_range(self.start, periods=self.seconds // HOUR, freq="h").tz_convert(self.fleet.timezone)
        weekday, hour = hours.day_of_week.to_numpy(), hours.hour.to_numpy()
        weight = np.where(weekday < 5, 1.0, np.where(weekday == 5, 0.25, 0.15)) * (
            0.1 + np.exp(-(((hour - 13) / 4) ** 2))
        )
        month = (hours.year * 12 + hours.month).to_numpy()
        weight = weight * np.exp(self.fleet.month_log_sd * rng.standard_normal(self.fleet.months + 1))[month - month[0]]
        slots = rng.choice(len(hours), size=rng.poisson(expected), p=weight / weight.sum())
        return np.sort(slots * HOUR + rng.integers(0, HOUR, size=len(slots)))

    def moment(self, seconds: np.ndarray | pd.Series) -> pd.Series:
        """UTC times of seconds since the start; NaN becomes NaT."""
        return self.start + pd.to_timedelta(pd.Series(seconds, dtype="float64"), unit="s").dt.round("s")


def draw_changes(world: World) -> pd.DataFrame:
    """All changes that happen, logged or not: at (seconds), kind, service and second (positions), flags as booleans."""
    fleet, rng = world.fleet, world.random["changes"]
    at = world.times(rng, fleet.changes / (1 - fleet.unlogged))
    shares = np.array([p.share for p in fleet.kinds])
    kind = rng.choice(np.array([p.kind for p in fleet.kinds], dtype=object), size=len(at), p=shares / shares.sum())
    service = np.zeros(len(at), dtype=int)
    for name in dict.fromkeys(kind):
        service[kind == name] = rng.choice(
            len(world.services), size=int((kind == name).sum()), p=world.activity_of(name)
        )
    draws = {
        name: rng.uniform(size=len(at)) < getattr(fleet, name)
        for name in ("staging", "docs_only", "bots", "emergencies", "two_services", "without_service", "unlogged")
    }
    second = [
        pick(rng, world.dependents[v]) if twice and world.dependents[v] else -1
        for v, twice in zip(service, draws["two_services"], strict=True)
    ]
    deploy = kind == "deploy"
    return pd.DataFrame(
        {
            "at": at,
            "kind": kind,
            "service": service,
            "second": np.array(second, dtype=int),
            "production": ~draws["staging"],
            "docs": deploy & draws["docs_only"],
            "bot": deploy & draws["bots"] & ~draws["docs_only"],
            "emergency": draws["emergencies"] & ~draws["docs_only"],
            "nameless": draws["without_service"],
            "logged": ~draws["unlogged"],
            "reverts": -1,
            "role": "planned",
            "took_seconds": np.round(rng.lognormal(np.log(240), 0.8, size=len(at))),
        }
    )


def draw_onsets(world: World, changes: pd.DataFrame) -> pd.DataFrame:
    """When and where incidents begin: at, service, change (index of ``changes``, -1 for none), theme (-1 for none)."""
    set_off, background = _set_off(world, changes), _background(world)
    return pd.DataFrame([*set_off, *background], columns=["at", "service", "change", "theme"], dtype=int).sort_values(
        "at", kind="stable", ignore_index=True
    )


def _set_off(world: World, changes: pd.DataFrame) -> list[tuple[int, int, int, int]]:
    fleet, rng = world.fleet, world.random["failures"]
    plan = {p.kind: p for p in fleet.kinds}
    probability = changes["kind"].map({p.kind: p.failure_probability for p in fleet.kinds}).to_numpy(dtype=float)
    fails = (
        (rng.uniform(size=len(changes)) < probability) & changes["production"].to_numpy() & ~changes["docs"].to_numpy()
    )
    onsets = []
    for index, change in changes[fails].iterrows():
        kind = plan[change["kind"]]
        minutes = kind.median_delay_minutes * math.exp(kind.delay_log_sd * rng.standard_normal())
        onsets.append(
            (int(change["at"]) + max(1, round(60 * minutes)), _appears_on(world, rng, change["service"]), index, -1)
        )
    return [onset for onset in onsets if onset[0] < world.seconds]


def _appears_on(world: World, rng: np.random.Generator, service: int) -> int:
    on_dependent, second_hop = rng.uniform(size=2) < (world.fleet.on_dependent, world.fleet.second_hop)
    if not (on_dependent and world.dependents[service]):
        return service
    far = world.two_hops(service)
    return pick(rng, far if second_hop and far else world.dependents[service])


def _background(world: World) -> list[tuple[int, int, int, int]]:
    """Incidents that no change set off: capacity, hardware, certificates, third parties; some come back."""
    rng, count = world.random["background"], len(world.services)
    onsets: list[tuple[int, int, int, int]] = []
    for at in world.times(rng, world.fleet.background_incidents):
        if onsets and rng.uniform() < world.fleet.repeats:
            _, service, _, theme = pick(rng, onsets)
        else:
            service = int(rng.choice(count, p=0.5 * world.activity + 0.5 / count))
            theme = int(rng.integers(len(THEMES))) if rng.uniform() < 0.5 else -1
        onsets.append((int(at), service, -1, theme))
    return onsets


def draw_courses(world: World, onsets: pd.DataFrame) -> pd.DataFrame:
    """Add severity, detected, mitigated and resolved (seconds, NaN when not by the end), status and imprecise."""
    fleet, rng, n = world.fleet, world.random["course"], len(onsets)
    table = onsets.assign(original=-1, imprecise=rng.uniform(size=n) < fleet.imprecise)
    table["severity"] = rng.choice(np.array(list(SEVERITIES), dtype=object), size=n, p=list(SEVERITIES.values()))
    table["detected"] = table["at"] + np.ceil(60 * rng.exponential(fleet.detection_minutes, size=n))
    to_mitigate = fleet.mitigation_minutes * np.exp(fleet.mitigation_log_sd * rng.standard_normal(n))
    to_repair = fleet.repair_minutes * np.exp(fleet.repair_log_sd * rng.standard_normal(n))
    table["mitigated"] = table["detected"] + np.ceil(60 * to_mitigate)
    table["resolved"] = table["mitigated"] + np.ceil(60 * to_repair)
    table = table[table["detected"] < world.seconds].reset_index(drop=True)  # what nobody has seen yet is in no log
    late = table.index[table["at"] >= world.seconds - OPEN_WITHIN_DAYS * 24 * HOUR][::-1][: fleet.open_at_end]
    still_open = table.index.isin(late) | (table["resolved"] >= world.seconds)
    table.loc[late[:1], "mitigated"] = np.nan  # the very last one is not even mitigated
    table["status"] = np.where(still_open, "open", "resolved")
    table.loc[still_open, "resolved"] = np.nan
    table.loc[table["mitigated"] >= world.seconds, "mitigated"] = np.nan
    return table


def add_duplicates(world: World, incidents: pd.DataFrame) -> pd.DataFrame:
    """Log some incidents a second time, minutes later, as seen on a dependent; ``original`` is the first's index."""
    rng = world.random["duplicates"]
    resolved = incidents.index[incidents["status"].eq("resolved")]
    chosen = rng.choice(resolved, size=min(world.fleet.duplicates, len(resolved)), replace=False)
    copies = []
    for index in sorted(int(k) for k in chosen):
        first = incidents.loc[index].to_dict()
        span = first["mitigated"] - first["at"]
        at = int(first["at"] + 1 + rng.uniform(0.1, 0.6) * (span - 1))
        detected = at + math.ceil(rng.uniform() * (first["mitigated"] - at))
        service = pick(rng, world.dependents[first["service"]] or [first["service"]])
        copies.append(
            {
                **first,
                "at": at,
                "detected": detected,
                "service": service,
                "original": index,
                "severity": "sev4",
                "imprecise": False,
            }
        )
    added = pd.DataFrame(copies, columns=incidents.columns, index=range(len(incidents), len(incidents) + len(copies)))
    return pd.concat([incidents, added.astype(incidents.dtypes)])


def draw_follow_ups(world: World, incidents: pd.DataFrame, changes: pd.DataFrame) -> pd.DataFrame:
    """Reverts and hotfixes that people make while incidents run, and reverts for other reasons; none of them fails."""
    fleet, rng = world.fleet, world.random["follow_ups"]
    rows = []
    for _, incident in incidents[incidents["original"].eq(-1)].iterrows():
        until = incident["mitigated"] if np.isfinite(incident["mitigated"]) else world.seconds
        moments = np.sort(rng.uniform(incident["detected"], max(incident["detected"], until), size=2))
        reverted, fixed, wrong, urgent = rng.uniform(size=4) < (fleet.reverted, fleet.fixed, 1 / 7, 0.6)
        target = _undone(changes, incident, wrong) if reverted else -1
        if target >= 0:
            rows.append(_follow_up(changes.loc[target], at=moments[0], reverts=target, emergency=urgent))
        if fixed:
            rows.append({**_follow_up(None, at=moments[1], reverts=-1, emergency=True), "service": incident["service"]})
    planned = changes.index[changes["logged"] & changes["production"]]
    for target in rng.choice(planned, size=rng.poisson(fleet.quiet_reverts)) if len(planned) else ():
        at = changes.at[target, "at"] + HOUR * rng.lognormal(np.log(5), 1.0)
        rows.append(_follow_up(changes.loc[target], at=at, reverts=int(target), emergency=False))
    kept = [row for row in rows if row["at"] < world.seconds]
    added = pd.DataFrame(kept, columns=changes.columns, index=range(len(changes), len(changes) + len(kept)))
    return added.astype(changes.dtypes)


def _undone(changes: pd.DataFrame, incident: pd.Series, wrong: bool) -> int:
    """The change taken back: what set the incident off, or by mistake the last other on the service; -1 for none."""
    culprit = int(incident["change"])
    if culprit >= 0 and not wrong:
        return culprit if changes.at[culprit, "logged"] else -1
    if not wrong:
        return -1
    others = (
        (changes["at"] < incident["at"])
        & changes["service"].eq(incident["service"])
        & changes["logged"]
        & changes["production"]
    )
    earlier = changes.index[others & (changes.index != culprit) & (changes["at"] > incident["at"] - 24 * HOUR)]
    return int(earlier[-1]) if len(earlier) else -1


def _follow_up(undone: pd.Series | None, *, at: float, reverts: int, emergency: bool) -> dict[str, Any]:
    base = (
        {"kind": "config", "service": 0, "second": -1, "nameless": False}
        if undone is None
        else {name: undone[name] for name in ("kind", "service", "second", "nameless")}
    )
    return {
        **base,
        "at": math.ceil(at),
        "production": True,
        "docs": False,
        "bot": False,
        "emergency": bool(emergency),
        "logged": True,
        "reverts": reverts,
        "role": "hotfix" if undone is None else "revert",
        "took_seconds": 120.0,
    }
