"""Hand-made logs for the tests of figures and numbers: every row is written out, so every expected value can be
checked by eye."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from aftershock.dataset.masking import AS_IT_IS, Mask
from aftershock.dataset.settings import Settings
from aftershock.model.decomposition import DELAY
from aftershock.model.explanation import COMPETITION, OUTAGE, START, Explanation, Step, logistic
from aftershock.model.ranking import SUSPECT_COLUMNS

SETTINGS = Settings.model_validate({"name": "toy", "incidents": {"path": "i.csv"}, "changes": {"path": "c.csv"}})
INCIDENT_TIMES = ["started_at", "detected_at", "mitigated_at", "resolved_at"]


def utc(text: object) -> pd.Timestamp:
    return pd.NaT if text is None or text is pd.NaT else pd.Timestamp(text, tz="UTC")


def incidents(*rows: dict) -> pd.DataFrame:
    """Canonical incidents; a time ``x`` is exact unless the row also gives ``x_before``."""
    blank = {
        "title": "",
        "status": "resolved",
        "severity": "",
        "services": [],
        "description": "",
        "url": "",
        "environment": "",
        "duplicate_of": "",
        "caused_by": [],
        "caused_by_source": "",
        "extras": {},
    }
    table = []
    for row in rows:
        times = {}
        for name in INCIDENT_TIMES:
            times[name] = utc(row.get(name))
            times[f"{name}_before"] = utc(row.get(f"{name}_before", row.get(name)))
        table.append({**blank, **row, **times})
    columns = ["incident_id", *blank, *(c for n in INCIDENT_TIMES for c in (n, f"{n}_before"))]
    frame = pd.DataFrame(table, columns=columns)
    for name in INCIDENT_TIMES:
        for column in (name, f"{name}_before"):
            frame[column] = pd.to_datetime(frame[column], utc=True)
    return frame


def changes(*rows: dict) -> pd.DataFrame:
    """Canonical changes; ``started_at`` is exact unless ``started_at_before`` is given."""
    blank = {
        "kind": "deploy",
        "services": [],
        "title": "",
        "description": "",
        "author": "",
        "paths": [],
        "repository": "",
        "size": float("nan"),
        "url": "",
        "emergency": False,
        "environment": "",
        "reverts": [],
        "status": "",
        "extras": {},
    }
    table = []
    for row in rows:
        before = utc(row.get("started_at_before", row["started_at"]))
        table.append({**blank, **row, "started_at": utc(row["started_at"]), "started_at_before": before})
    frame = pd.DataFrame(table, columns=["change_id", *blank, "started_at", "started_at_before"])
    for column in ("started_at", "started_at_before"):
        frame[column] = pd.to_datetime(frame[column], utc=True)
    return frame


@dataclass
class ToyDataset:
    """A dataset as the numbers of the month need it (:class:`aftershock.metrics.protocols.DatasetWithWriteups`)."""

    incidents: pd.DataFrame
    changes: pd.DataFrame = field(default_factory=changes)
    timezone: str = "UTC"
    observed: tuple[pd.Timestamp, pd.Timestamp] = (utc("2025-01-01"), utc("2025-04-01"))
    months: list[str] = field(default_factory=lambda: ["2025-01", "2025-02", "2025-03"])
    folder: Path = Path()
    settings: Settings = SETTINGS
    severities: list[str] = field(default_factory=lambda: ["SEV1", "SEV2", "SEV3"])
    mask: Mask = AS_IT_IS

    @staticmethod
    def raw_id(incident_id: str) -> str:
        return incident_id


def suspects(*rows: tuple) -> pd.DataFrame:
    """Rows of (incident, rank, change, probability, kind, delay in minutes, reported, title)."""
    table = []
    for incident, rank, change, p, kind, delay, reported, title in rows:
        table.append(
            [
                incident,
                rank,
                change,
                p,
                max(p - 0.1, 0),
                min(p + 0.1, 1),
                0.01,
                kind,
                "same service" if kind else "",
                delay,
                delay,
                delay,
                "",
                reported,
                title,
                ["api"] if kind else [],
                pd.NaT,
            ]
        )
    return pd.DataFrame(table, columns=SUSPECT_COLUMNS)


class ToyFound:
    """What :func:`aftershock.attribute` gives, from tables; ``draws`` are (draws, incidents), 1 where a change set it off;
    ``linked`` (draws, incidents), where it is part of an earlier outage; ``chance``: change → what chance would link to it."""

    def __init__(
        self,
        table: pd.DataFrame,
        *,
        shares: pd.DataFrame,
        draws: np.ndarray | None = None,
        rates: pd.DataFrame | None = None,
        delay_quantiles: pd.DataFrame | None = None,
        linked: np.ndarray | None = None,
        chance: dict[str, float] | None = None,
    ):
        self.table, self.shares = table, shares
        self.draws = {
            "incident_changes": np.zeros((10, len(shares))) if draws is None else draws,
            "incident_linked": np.zeros((10, len(shares)), dtype=bool) if linked is None else linked,
        }
        together = self.draws["incident_linked"].mean(axis=0)
        self.outages = pd.DataFrame({"incident_id": shares["incident_id"], "earlier": "", "probability": together})
        self.chance_by_change = pd.Series(chance or {}, dtype=float)
        self.rates = pd.DataFrame() if rates is None else rates
        self.delay_quantiles = pd.DataFrame() if delay_quantiles is None else delay_quantiles

    def suspects(self, incident_id: str | None = None) -> pd.DataFrame:
        return self.table if incident_id is None else self.table[self.table["incident_id"] == incident_id]


def shares(*rows: tuple) -> pd.DataFrame:
    """Rows of (incident, probability that a change set it off, chance level)."""
    frame = pd.DataFrame(rows, columns=["incident_id", "change_probability", "chance"])
    return frame.assign(low=frame["change_probability"], high=frame["change_probability"], chance_p=0.5, copies=26)


def curves(kinds: tuple = ("all", "deploy"), *, scale: float = 30.0) -> pd.DataFrame:
    """Log-logistic delay curves on a grid from 1 minute to 72 hours: half are visible after ``scale`` minutes."""
    minutes = np.geomspace(1, 4320, 80)
    share = minutes / (minutes + scale)
    frames = [
        pd.DataFrame(
            {
                "kind": k,
                "minutes": minutes,
                "density": np.gradient(share),
                "cumulative": share,
                "cumulative_low": share * 0.85,
                "cumulative_high": np.minimum(share * 1.15, 1),
            }
        )
        for k in kinds
    ]
    return pd.concat(frames, ignore_index=True)


def chain(*weights: float, title: str = "Raise the limit", change: str = "c1") -> Explanation:
    """An explanation of five steps that have these weights in log odds; a step's words are its own name."""
    steps, reached = [], 0.0
    for name, value in zip([START, DELAY, title, COMPETITION, OUTAGE], weights, strict=True):
        reached += value
        steps.append(Step(name, name, value, logistic(reached), 0.5))
    return Explanation("i1", change, title, 1, logistic(reached), tuple(steps))


def exported_year(rng: np.random.Generator, zone: str) -> tuple[str, str]:
    """Two logs as they were exported: changes in UTC, incidents on the wall clock of a zone; half of the incidents follow a
    change of their service by minutes."""
    day = pd.Timestamp("2024-01-01", tz="UTC")
    at = day + pd.to_timedelta(np.sort(rng.integers(0, 364 * 1440, 1500)), unit="min")
    services = rng.choice(list("abcdefgh"), len(at))
    changes = [
        f"c{n},{t:%Y-%m-%dT%H:%M:%SZ},{s},deploy,Release {n}" for n, (t, s) in enumerate(zip(at, services, strict=True))
    ]
    rows = rng.choice(len(at), 80, replace=False)
    hit = [(at[n] + pd.Timedelta(minutes=int(rng.integers(3, 25))), services[n]) for n in rows]
    hit += [
        (day + pd.Timedelta(minutes=int(rng.integers(0, 364 * 1440))), rng.choice(list("abcdefgh"))) for _ in range(60)
    ]
    incidents = [
        f"i{n},{t.tz_convert(zone):%Y-%m-%d %H:%M:%S},{s},Errors in {s} case {n}" for n, (t, s) in enumerate(hit)
    ]
    return "\n".join(["incident_id,started_at,services,title", *incidents]), "\n".join(
        ["change_id,started_at,services,kind,title", *changes]
    )


def two_incidents_found() -> ToyFound:
    """Incident a: c1 0.5, c2 0.3, none 0.2. Incident b: c1 0.5, none 0.5. Draws: both, a, a, none set off;
    b part of a's outage in three of four. Chance links 0.4 to c1 and 0.2 to c2."""
    table = suspects(
        ("a", 1, "c1", 0.5, "deploy", 10.0, False, ""),
        ("a", 2, "c2", 0.3, "config", 90.0, False, ""),
        ("a", 3, "none", 0.2, "", float("nan"), False, ""),
        ("b", 1, "c1", 0.5, "deploy", 30.0, False, ""),
        ("b", 2, "none", 0.5, "", float("nan"), False, ""),
    )
    return ToyFound(
        table,
        shares=shares(("a", 0.8, 0.4), ("b", 0.5, 0.2)),
        draws=np.array([[1, 1], [1, 0], [1, 0], [0, 0]]),
        rates=pd.DataFrame(
            {
                "kind": ["deploy", "config"],
                "changes": [40, 20],
                "set_off": [1.0, 0.3],
                "per_1000": [25.0, 15.0],
                "per_1000_low": [9.0, 2.0],
                "per_1000_high": [60.0, 50.0],
                "chance_per_1000": [10.0, 10.0],
            }
        ),
        linked=np.array([[0, 1], [0, 1], [0, 1], [0, 0]], dtype=bool),
        chance={"c1": 0.4, "c2": 0.2} | {f"q{n}": 0.0 for n in range(8)},
        delay_quantiles=pd.DataFrame(
            {"kind": ["all"], "quantile": [0.95], "minutes": [120.0], "minutes_low": [60.0], "minutes_high": [300.0]}
        ),
    )


def fought(**more: object) -> ToyDataset:
    """An hour without api: c1 comes before, undo takes it back, fix and late are on api too, rush is an emergency."""
    row = {"incident_id": "i", "started_at": "2025-01-06 10:00", "services": ["api"], "resolved_at": "2025-01-06 11:00"}
    return ToyDataset(
        incidents({**row, **more}),
        changes(
            {"change_id": "c1", "started_at": "2025-01-06 09:50", "services": ["api"], "title": "Raise the limit"},
            {"change_id": "far", "started_at": "2025-01-06 10:10", "services": ["web"], "title": "Tidy the page"},
            {
                "change_id": "undo",
                "started_at": "2025-01-06 10:48",
                "services": ["web"],
                "title": 'Revert "Raise the limit"',
            },
            {"change_id": "fix", "started_at": "2025-01-06 10:30", "services": ["api"], "title": "Add a node"},
            {"change_id": "late", "started_at": "2025-01-06 11:30", "services": ["api"], "title": "Write the alert"},
            {"change_id": "next", "started_at": "2025-01-06 12:30", "services": ["api"], "title": "Next release"},
            {
                "change_id": "rush",
                "started_at": "2025-01-06 10:20",
                "services": ["web"],
                "emergency": True,
                "title": "Stop",
            },
        ),
    )


def fleet() -> ToyDataset:
    """Two incidents within half an hour after c1 on api, two days after c2 on web and api; eight changes the night after."""
    rows = [{"change_id": "c1", "started_at": "2025-01-06 10:00", "services": ["api"]}]
    rows += [{"change_id": "c2", "started_at": "2025-01-04 10:00", "kind": "config", "services": ["web", "api"]}]
    rows += [{"change_id": f"q{i}", "started_at": "2025-01-07 22:00", "services": ["web"]} for i in range(8)]
    table = incidents(
        {"incident_id": "a", "started_at": "2025-01-06 10:10", "resolved_at": "2025-01-06 11:10"},
        {"incident_id": "b", "started_at": "2025-01-06 10:30", "resolved_at": "2025-01-06 14:30"},
    )
    return ToyDataset(table, changes(*rows))


REMISSIONS = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
STILL_IN_REMISSION = [0, 0, 0, 1, 0, 1, 0, 1, 1, 0, 0, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1]
"""Weeks in remission and whether they lasted until the end, Freireich et al. (1963), 6-MP arm."""


def trial() -> ToyDataset:
    """The same trial as incidents: weeks become minutes; a censored one is still open when the observation ends."""
    end = utc("2025-03-01")
    rows = []
    for i, (minutes, still) in enumerate(zip(REMISSIONS, STILL_IN_REMISSION, strict=True)):
        start = end - pd.Timedelta(minutes=minutes)
        times = {"started_at": start.tz_localize(None), "resolved_at": None if still else end.tz_localize(None)}
        rows.append({"incident_id": str(i), "status": "open" if still else "resolved", **times})
    return ToyDataset(incidents(*rows), observed=(utc("2025-01-01"), end))
