"""The year of simulated_year.py, and an oracle that knows every parameter of it: nobody can do better.

simulated_year.py is in the benchmark's folder and is imported from there. The oracle reads its constants, the service graph
and the activity of the services as drawn, and gives each incident the exact shares of its possible origins:

    change c:    FAILS[kind] × where it shows (own service, or one of its dependents) × (delay ⊛ detection lag)(t − t_c)
    background:  BACKGROUND × (half by activity, half even) × (office hours ⊛ detection lag)(t)

Its candidates are those of everybody else. That a change sets off one incident at most is not used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from unittest import mock

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.signal import lfilter
from scipy.stats import norm

from aftershock.schema.tables import NONE

GENERATOR = "simulated_year"  # the module of the benchmark's folder that makes the year
LAG_HOURS = 5 / 60  # detection follows the onset by an exponential time of this mean (docstring of simulated_year.py)
HORIZON_HOURS = 72.0
STEP = 1 / 1800  # hours: two seconds


class _Recorded(np.random.Generator):
    """A generator that keeps what it drew from a Dirichlet distribution: the activity of the services."""

    activity: np.ndarray

    # the year asks for no other sort of size
    def dirichlet(  # type: ignore[override]
        self, alpha: ArrayLike, size: int | Sequence[int] | None = None
    ) -> np.ndarray:
        self.activity = super().dirichlet(np.asarray(alpha, float), size)
        return self.activity


@dataclass(frozen=True)
class Year:
    """One simulated year: the ``tables`` that the generator writes, by file name, and the ``activity`` of each service."""

    generator: ModuleType
    tables: dict[str, pd.DataFrame]
    activity: np.ndarray

    def write(self, folder: Path) -> Path:
        """The dataset folder, as the generator itself writes it."""
        folder.mkdir(parents=True)
        (folder / "dataset.toml").write_text(self.generator.TOML, encoding="utf-8")
        for name, table in self.tables.items():
            table.to_csv(folder / name, index=False)
        return folder


def simulated_year(module: ModuleType, seed: int) -> Year:
    """The tables of one seed, and the activity that the generator drew on the way and did not write."""
    drawing = _Recorded(np.random.PCG64(seed))
    with mock.patch.object(module.np.random, "default_rng", lambda _: drawing):
        tables = module.simulate(seed)
    return Year(module, tables, drawing.activity)


def oracle_answer(year: Year) -> pd.DataFrame:
    """The oracle's probabilities: incident_id, change_id (``none`` for the background), score, probability."""
    incidents, changes = year.tables["incidents.csv"], year.tables["changes.csv.gz"]
    seen, at = _hours(year, incidents["opened_at"]), _hours(year, changes["deployed_at"])
    order = np.argsort(at, kind="stable")
    begin, end = np.searchsorted(at[order], [seen - HORIZON_HOURS, seen], side="left")
    end = np.searchsorted(at[order], seen, side="right")
    incident = np.repeat(np.arange(len(seen)), end - begin)
    change = order[np.concatenate([np.arange(a, b) for a, b in zip(begin, end, strict=True)])]
    delay = seen[incident] - at[change]
    where, source = _number(incidents["services"])[incident], _number(changes["services"])[change]
    kind = changes["kind"].to_numpy()[change]
    rate = _shown(year)[source, where] * np.array([year.generator.FAILS[k] for k in kind]) * _density(year, kind, delay)
    background = _background(year, seen, _number(incidents["services"]))
    total = background + np.bincount(incident, weights=rate, minlength=len(seen))
    ids = incidents["incident_id"].to_numpy()
    named = pd.DataFrame(
        {
            "incident_id": ids[incident],
            "change_id": changes["change_id"].to_numpy()[change],
            "probability": rate / total[incident],
        }
    )
    none = pd.DataFrame({"incident_id": ids, "change_id": NONE, "probability": background / total})
    both = pd.concat([named, none], ignore_index=True)
    return both.assign(score=both["probability"])


def _hours(year: Year, stamps: pd.Series) -> np.ndarray:
    return ((pd.to_datetime(stamps, utc=True) - year.generator.START) / pd.Timedelta(hours=1)).to_numpy()


def _number(names: pd.Series) -> np.ndarray:
    return names.str.removeprefix("service-").astype(int).to_numpy()


def _shown(year: Year) -> np.ndarray:
    """Probability that what a change on the first service sets off shows on the second, (services, services)."""
    services, share = year.generator.SERVICES, year.generator.ON_DEPENDENT
    edges = year.tables["dependencies.csv"]
    dependents = np.zeros((services, services))
    dependents[_number(edges["depends_on"]), _number(edges["service"])] = 1.0
    count = dependents.sum(axis=1, keepdims=True)
    on_own = np.eye(services) * np.where(count > 0, 1 - share, 1.0)
    return on_own + share * dependents / np.maximum(count, 1)


def _density(year: Year, kind: np.ndarray, delay: np.ndarray) -> np.ndarray:
    """Density per hour of the time from change to detection: log-normal delay and exponential lag, convolved."""
    grid = np.arange(0, HORIZON_HOURS + 1, STEP)
    result = np.zeros(len(delay))
    for name in year.generator.FAILS:
        median, sigma = year.generator.MEDIAN_DELAY_HOURS[name], year.generator.DELAY_SIGMA[name]
        with np.errstate(divide="ignore"):
            reached = norm.cdf(np.log(grid / median) / sigma)
        density = _lagged(np.diff(reached, prepend=0.0))
        result[kind == name] = np.interp(delay[kind == name], grid, density)
    return result


def _lagged(mass: np.ndarray) -> np.ndarray:
    """Density at each step of a time with this mass per step, plus the detection lag."""
    kept = np.exp(-STEP / LAG_HOURS)
    return lfilter([np.sqrt(kept) / LAG_HOURS], [1.0, -kept], mass)


def _background(year: Year, seen: np.ndarray, service: np.ndarray) -> np.ndarray:
    """Rate per hour of incidents without a change, at each incident's moment and service."""
    module = year.generator
    share = 0.5 * year.activity + 0.5 / module.SERVICES
    hours = np.arange(0, 2 * 168, STEP) + STEP / 2
    weight = _office_hours(hours)
    later = _lagged(weight * STEP)[len(hours) // 2 :]  # the second week: the first fills the lag
    year_round = _office_hours(np.arange(0.5, 60 * module.DAYS * 24) / 60).sum() / 60
    return (
        module.BACKGROUND * share[service] * np.interp(seen % 168, hours[: len(later)] + STEP / 2, later) / year_round
    )


def _office_hours(t: np.ndarray) -> np.ndarray:
    """The weight by which office_hours() of the generator keeps a moment."""
    return np.where((t // 24) % 7 < 5, 1.0, 0.15) * (0.1 + np.exp(-((((t % 24) - 14) / 4) ** 2)))
