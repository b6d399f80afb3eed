"""The plan of a simulated company's year: how much happens, what fails, how soon, and how much of it the logs show."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, fields
from datetime import date
from zoneinfo import ZoneInfo

import pandas as pd

from aftershock.schema.errors import UsageError, nearest

KINDS = ("deploy", "config", "feature_flag", "database", "infrastructure", "data", "policy")


@dataclass(frozen=True)
class KindPlan:
    """What one kind of change does.

    ``share`` of all changes (0..1); ``failure_probability`` that one in production sets off an incident (0..1;
    documentation never does); ``median_delay_minutes`` from the change to the incident's start; ``delay_log_sd``: the
    standard deviation of that delay's natural log.
    """

    kind: str
    share: float
    failure_probability: float
    median_delay_minutes: float
    delay_log_sd: float


DEFAULT_KINDS = (
    KindPlan("deploy", 0.50, 0.0074, 20, 1.0),
    KindPlan("config", 0.20, 0.016, 6, 1.0),
    KindPlan("feature_flag", 0.14, 0.006, 12, 1.2),
    KindPlan("database", 0.05, 0.024, 100, 1.2),
    KindPlan("infrastructure", 0.06, 0.020, 300, 1.0),
    KindPlan("data", 0.04, 0.012, 180, 1.2),
    KindPlan("policy", 0.01, 0.004, 60, 1.0),
)


@dataclass(frozen=True)
class Fleet:
    """The plan of a simulation. Counts are expected over the whole period; shares run from 0 to 1.

    - ``seed`` of the only random generator; ``start``, ``months``, ``timezone``: the period begins at midnight there.
    - ``services``: how many run; 40 fill the catalogue. ``kinds``: a plan per kind of change, shares adding up to 1.
    - ``changes`` in the log, without reverts and hotfixes; ``background_incidents`` that no change set off.
    - ``on_dependent``: share of failures that appear on a service that depends on the changed one, where there is any;
      ``second_hop``: share of those that are two hops away, where there is any.
    - ``mention``: share of symptom texts that name what the change touched; ``mention_by_chance``: share of all others
      that name some part of the service.
    - ``unlogged``: share of changes that happen, and fail like any, without being in the log.
    - ``staging``: share of changes outside production, where nothing fails. ``emergencies``: share flagged so.
    - ``docs_only``, ``bots``: shares of deploys that only touch documentation, that only bump a dependency.
    - ``two_services``, ``without_service``: shares of changes with a second service, with none in the log.
    - ``detection_minutes``: mean from start to detection (exponential). ``imprecise``: share of incidents whose start
      is known to the hour only.
    - ``mitigation_minutes``, ``repair_minutes``: medians from detection to mitigation, and from there to resolution;
      log-normal, ``mitigation_log_sd`` and ``repair_log_sd`` of the natural log.
    - ``repeats``: share of background incidents that come back as an earlier one did.
    - ``reverted``: share of incidents after which people take a change back: six times in seven the one that set it
      off (none if none did), else the last other one on the service.
    - ``fixed``: share of incidents with a hotfix. ``quiet_reverts``: reverts for other reasons.
    - ``duplicates``: incidents logged twice. ``open_at_end``: how many of the last two weeks' incidents are still open.
    - ``month_log_sd``: how much months differ (natural log). ``postmortems``: written about the last three months.
    """

    seed: int = 20250
    start: date = date(2025, 1, 1)
    months: int = 12
    timezone: str = "Europe/Berlin"
    services: int = 40
    changes: float = 8000
    background_incidents: float = 70
    kinds: tuple[KindPlan, ...] = DEFAULT_KINDS
    on_dependent: float = 0.35
    second_hop: float = 0.25
    mention: float = 0.45
    mention_by_chance: float = 0.15
    unlogged: float = 0.08
    staging: float = 0.12
    docs_only: float = 0.05
    bots: float = 0.12
    emergencies: float = 0.01
    two_services: float = 0.03
    without_service: float = 0.01
    detection_minutes: float = 7
    imprecise: float = 0.04
    mitigation_minutes: float = 40
    mitigation_log_sd: float = 0.9
    repair_minutes: float = 60
    repair_log_sd: float = 1.1
    repeats: float = 0.15
    reverted: float = 0.30
    fixed: float = 0.15
    quiet_reverts: float = 15
    duplicates: int = 4
    open_at_end: int = 2
    month_log_sd: float = 0.20
    postmortems: int = 6

    def __post_init__(self) -> None:
        problems = [*_number_problems(self), *_kind_problems(self.kinds)]
        if problems:
            raise UsageError("this fleet cannot be simulated: " + "; ".join(problems))

    @property
    def period(self) -> tuple[pd.Timestamp, pd.Timestamp]:
        """(start, end) in UTC; the end is the first moment no longer in it."""
        first = pd.Timestamp(self.start)
        ends = (first, first + pd.DateOffset(months=self.months))
        begin, end = (
            moment.tz_localize(self.timezone, ambiguous=True, nonexistent="shift_forward").tz_convert("UTC")
            for moment in ends
        )
        return begin, end


def _number_problems(fleet: Fleet) -> list[str]:
    shares = {
        "on_dependent",
        "second_hop",
        "mention",
        "mention_by_chance",
        "staging",
        "docs_only",
        "bots",
        "emergencies",
        "two_services",
        "without_service",
        "imprecise",
        "repeats",
        "reverted",
        "fixed",
    }
    problems = []
    for name in (f.name for f in fields(fleet) if f.name not in ("seed", "start", "timezone", "kinds")):
        value = getattr(fleet, name)
        if not (math.isfinite(value) and value >= 0):
            problems.append(f"{name} is {value}, expected a number of 0 or more")
        elif name in shares and value > 1:
            problems.append(f"{name} is {value}, expected a share from 0 to 1")
    if fleet.unlogged >= 1:
        problems.append(f"unlogged is {fleet.unlogged}, expected a share below 1")
    problems += [
        f"{name} is {getattr(fleet, name)}, expected 1 or more"
        for name in ("services", "months")
        if getattr(fleet, name) == 0
    ]
    try:
        ZoneInfo(fleet.timezone)
    except (KeyError, ValueError, OSError):
        problems.append(f"timezone is {fleet.timezone!r}, expected an IANA name such as 'Europe/Berlin'")
    return problems


def _kind_problems(kinds: tuple[KindPlan, ...]) -> list[str]:
    known = list(KINDS)
    problems = [
        f"kind {p.kind!r} is unknown, expected one of {', '.join(known)}{nearest(p.kind, known)}"
        for p in kinds
        if p.kind not in known
    ]
    problems += [
        f"kind {kind!r} is planned {n} times, expected once"
        for kind, n in Counter(p.kind for p in kinds).items()
        if n > 1
    ]
    problems += [
        f"kind {p.kind!r} has share {p.share}, failure_probability {p.failure_probability}, expected both from 0 to 1"
        for p in kinds
        if not (0 <= p.share <= 1 and 0 <= p.failure_probability <= 1)
    ]
    problems += [
        f"kind {p.kind!r} has median_delay_minutes {p.median_delay_minutes}, delay_log_sd {p.delay_log_sd}, "
        "expected more than 0, and 0 or more"
        for p in kinds
        if not (p.median_delay_minutes > 0 and p.delay_log_sd >= 0)
    ]
    total = sum(p.share for p in kinds)
    return (
        problems if abs(total - 1) < 1e-6 else [*problems, f"the shares of the kinds add up to {total:g}, expected 1"]
    )


def planted(fleet: Fleet) -> pd.DataFrame:
    """What a perfect model would find: kind, per_1000, median_delay_minutes; one row per planned kind.

    ``per_1000``: expected incidents set off by 1,000 logged changes of the kind in production, wherever they appear,
    with those that would start after the period's end, without duplicates. Reverts and hotfixes (about 1 % of the log)
    never set anything off and are not counted in the thousand.
    """
    rows = [
        (
            p.kind,
            1000 * p.failure_probability * (1 - fleet.docs_only * (p.kind == "deploy")),
            float(p.median_delay_minutes),
        )
        for p in fleet.kinds
    ]
    return pd.DataFrame(rows, columns=["kind", "per_1000", "median_delay_minutes"])
