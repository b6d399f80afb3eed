"""The five keys of DORA (DevOps Research and Assessment) as its reports of 2024 and 2025 define them, each with its definition,
interval and, where changes are blamed, the chance level: throughput is deployment frequency, change lead time and failed
deployment recovery time, instability is change failure rate and deployment rework rate."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd

from aftershock.dataset import timestamps
from aftershock.metrics.durations import lengths
from aftershock.metrics.estimate import Estimate, unknown
from aftershock.metrics.incident_counts import counted_changes, days_observed, incidents_of, month_of
from aftershock.metrics.protocols import AttributionLike, DatasetLike
from aftershock.model.intervals import LEVEL, binomial_interval, poisson_interval
from aftershock.model.reverts import takes_back
from aftershock.output.phrases import number
from aftershock.schema.tables import TEXT

LEAST_FAILURES = 3  # expected failures below which a recovery time is that of one or two incidents: a judgement
RANKED = (
    8  # expected failures from which ranks make the interval: with fewer it would go from the shortest to the longest
)
NOT_LEARNED = "Not shown, as changes set off too few outages in this log, or not clearly more than chance would"
UNSURE = 0.05  # weight up to which an incident that is still open does not leave the interval without an upper end
SHORTEST = 0.5  # minutes that a recovery counts at least: times are written to the minute, and zero has no logarithm
COMMITTED = (  # fields of change logs that say when the commit of a change was made, the first counts
    "committed_at",
    "commit_time",
    "commit_date",
    "commit_timestamp",
    "first_commit_at",
    "commit.committed_date",
    "commit.created_at",
    "head_commit.timestamp",
)
COLUMNS = ["measure", "value", "low", "high", "unit", "chance", "n", "definition"]


def dora(
    dataset: DatasetLike,
    found: AttributionLike,
    month: str,
    *,
    kinds: tuple[str, ...] | None = None,
    learned: bool = True,
) -> pd.DataFrame:
    """Deployment frequency, change failure rate, rework rate and failed deployment recovery time of ``month``, and what is
    not measurable.

    ``kinds`` are the kinds of change that count as a deployment; by default those that dataset.toml names under
    ``deployments``, else ``deploy`` where the log has any, else every kind. Columns: ``measure, value, low, high`` (90 %),
    ``unit``, ``chance``, ``n``, ``definition``, which names these kinds; NaN where the logs hold nothing. Without ``learned``
    (too few outages to say which changes set them off) the two that rest on blame are not shown. No grades: DORA's
    clusters are not benchmarks.
    """
    changes = counted_changes(dataset)
    if kinds is None and dataset.settings.deployments:
        kinds = tuple(dataset.settings.deployments)
    if kinds is None:
        kinds = ("deploy",) if (changes["kind"] == "deploy").any() else tuple(sorted(set(changes["kind"])))
    deployed = changes[changes["kind"].isin(kinds)]
    deployed = deployed[month_of(deployed, dataset.timezone) == month]
    suspicions = _suspicions(found, set(deployed["change_id"]))
    what = "Deployments are changes of " + (
        f"kind {', '.join(k.replace('_', ' ') for k in kinds)}" if kinds else "any kind"
    )
    keys = {
        "deployment frequency": _frequency(dataset, month, len(deployed), what),
        "change failure rate": _failure_rate(found, deployed["change_id"], suspicions, what),
        "deployment rework rate": _rework_rate(deployed, what),
        "failed deployment recovery time": _recovery(dataset, suspicions),
        "change lead time": _lead_time(dataset, deployed, what),
    }
    if not learned:
        for name in ("change failure rate", "failed deployment recovery time"):
            hidden = f"{keys[name].definition.split('. Not shown')[0]}. {NOT_LEARNED}"
            keys[name] = replace(unknown(hidden, keys[name].unit), n=keys[name].n)
    return pd.DataFrame([{"measure": name, **key.as_row()} for name, key in keys.items()], columns=COLUMNS)


def _suspicions(found: AttributionLike, deployed: set[str]) -> pd.DataFrame:
    """How strongly the month's deployments are suspected: ``incident_id, change_id, probability``."""
    suspects = found.suspects()
    return suspects.loc[suspects["change_id"].isin(deployed), ["incident_id", "change_id", "probability"]]


def _frequency(dataset: DatasetLike, month: str, n: int, what: str) -> Estimate:
    days = days_observed(dataset, month)[0]
    definition = f"deployments per day that the logs cover ({number(days)} days). {what}. Exact Poisson interval"
    if days <= 0:
        return unknown(definition, "per day")
    low, high = poisson_interval(n)
    return Estimate(n / days, low / days, high / days, "per day", n=n, definition=definition)


def _failure_rate(found: AttributionLike, deployed: pd.Series, suspicions: pd.DataFrame, what: str) -> Estimate:
    """Expected share of deployments that set off at least one incident; ``deployed``: their ids.

    The interval mixes Jeffreys' beta intervals over the posterior draws: it holds both who is to blame and how many
    would fail in another such month. The chance level is that of these deployments alone.
    """
    definition = (
        f"expected share of the month's deployments that set off at least one incident. {what}. By chance: incidents that "
        "chance alone would link to one of them, per deployment"
    )
    n = len(deployed)
    if n == 0:
        return unknown(definition, "share")
    survives = (1 - suspicions["probability"].clip(0, 1)).groupby(suspicions["change_id"]).prod()
    failed = float((1 - survives).sum())
    low, high = _mixed_interval(_drawn_failures(found, suspicions, failed), n)
    chance = float(deployed.map(found.chance_by_change).sum(min_count=1)) / n
    return Estimate(failed / n, min(low, failed / n), max(high, failed / n), "share", min(chance, 1.0), n, definition)


def _rework_rate(deployed: pd.DataFrame, what: str) -> Estimate:
    """Share of deployments that repair another one, as far as the log says: emergencies, and those that take a change back."""
    definition = (
        f"share of the month's deployments that were emergencies or took a change back. {what}. Exact binomial interval. Fixes "
        "that the log calls neither are not seen"
    )
    n = len(deployed)
    if n == 0:
        return unknown(definition, "share")
    rework = int((deployed["emergency"].fillna(False).astype(bool).to_numpy() | takes_back(deployed)).sum())
    low, high = binomial_interval(rework, n)
    return Estimate(rework / n, low, high, "share", n=n, definition=definition)


def _drawn_failures(found: AttributionLike, suspicions: pd.DataFrame, failed: float) -> np.ndarray:
    """Failed deployments in each posterior draw: incidents drawn as set off by a change × the deployments' part in
    that."""
    part = suspicions.groupby("incident_id")["probability"].sum()
    expected = float(part.sum())
    draws = np.asarray(found.draws["incident_changes"], dtype=np.float64)
    if expected <= 0 or not draws.size:
        return np.array([failed])
    total = found.shares["change_probability"].to_numpy(dtype=float)
    own = found.shares["incident_id"].map(part).fillna(0.0).to_numpy(dtype=float)
    weights = np.divide(own, total, out=np.zeros_like(own), where=total > 0)
    # Two incidents of one deployment are one failure: scale from incidents to deployments.
    return draws @ np.clip(weights, 0, 1) * (failed / expected)


def _mixed_interval(failures: np.ndarray, n: int) -> tuple[float, float]:
    """5 % and 95 % points of the mixture of Beta(k + ½, n − k + ½) over the drawn ``failures``, by bisection."""
    from scipy.special import betainc

    k, weights = np.unique(np.round(np.clip(failures, 0, n), 3), return_counts=True)

    def below(x: float) -> float:
        return float(np.average(betainc(k + 0.5, n - k + 0.5, x), weights=weights))

    def point(share: float) -> float:
        low, high = 0.0, 1.0
        for _ in range(50):
            middle = (low + high) / 2
            low, high = (middle, high) if below(middle) < share else (low, middle)
        return (low + high) / 2

    return point(0.05), point(0.95)


def _recovery(dataset: DatasetLike, suspicions: pd.DataFrame) -> Estimate:
    """Median time to resolve, incidents weighted by the probability that one of the month's deployments set them off; ``n``: the
    failures expected behind it. Hidden below :data:`LEAST_FAILURES`."""
    definition = (
        "median time from start to resolved of the incidents that the month's deployments set off. Each weighs as much as "
        "that is probable; an open one counts as longer than so far (Kaplan–Meier). The interval is for as many failures as "
        "are expected: sign test, below eight Student's t of the logarithms. It has no upper end while one is open"
    )
    part = suspicions.groupby("incident_id")["probability"].sum().clip(upper=1.0)
    table = lengths(dataset, incidents_of(dataset), "resolve")
    table = table[~table["missing"] & table["incident_id"].isin(part.index)]
    weights = table["incident_id"].map(part).to_numpy(dtype=float)
    minutes, still = table["minutes"].to_numpy(dtype=float), table["open"].to_numpy(dtype=bool)
    expected = round(float(weights.sum()), 1)
    if expected < LEAST_FAILURES:
        hidden = f"{definition}. Not shown, as the expected failures come to {number(expected)} and {LEAST_FAILURES} are needed"
        return replace(unknown(hidden, "minutes"), n=expected)
    value = weighted_median(minutes, still, weights)
    low, high = recovery_interval(minutes, weights)
    if (weights[still] > UNSURE).any():
        high = math.inf
    known = value if not math.isnan(value) else math.inf
    return Estimate(value, min(low, known), max(high, known), "minutes", n=expected, definition=definition)


def _lead_time(dataset: DatasetLike, deployed: pd.DataFrame, what: str) -> Estimate:
    """Median time from commit to deployment where the records say when the commit was made, hidden below
    :data:`LEAST_FAILURES` of them; ``n``: how many do. A commit that is as old as its deployment says nothing: a squashed
    merge has the date of the merge."""
    minutes = lead_minutes(deployed, dataset.timezone)
    definition = (
        "median time from commit to deployment, of the month's deployments whose record says when the commit was made "
        f"({len(minutes)} of {len(deployed)}). {what}. Interval of the median: sign test, below eight Student's t of the "
        "logarithms"
    )
    if len(minutes) < LEAST_FAILURES:
        hidden = f"{definition}. Not shown, as {LEAST_FAILURES} are needed"
        return replace(unknown(hidden, "minutes"), n=len(minutes))
    low, high = recovery_interval(minutes, np.ones(len(minutes)))
    value = float(np.median(minutes))
    return Estimate(value, min(low, value), max(high, value), "minutes", n=len(minutes), definition=definition)


def lead_minutes(deployed: pd.DataFrame, zone: str) -> np.ndarray:
    """Minutes from commit to deployment of the changes that say so, in one of the fields :data:`COMMITTED` beyond the
    canonical columns; ``zone``: of stamps that name none."""
    if "extras" not in deployed:
        return np.array([])
    written = [next((str(e[n]) for n in COMMITTED if e.get(n)), "") for e in deployed["extras"]]
    committed = timestamps.parse(pd.Series(written, index=deployed.index, dtype=TEXT), zone).at
    minutes = (deployed["started_at"] - committed).dt.total_seconds() / 60
    return minutes[minutes > 0].to_numpy(dtype=float)


def recovery_interval(minutes: np.ndarray, weights: np.ndarray) -> tuple[float, float]:
    """90 % interval of the median of weighted times, with as many observations as the weights add up to (at least three).

    From :data:`RANKED` on the times between which the sign test leaves the median, whatever their distribution (Conover 1999,
    *Practical Nonparametric Statistics*, 3.2); below, where those would be the shortest and the longest and hold too rarely,
    Student's t of the logarithms, exact for log-normal times. Resampling a handful of times, as a bootstrap does, never goes
    beyond those seen and holds three times in four.
    """
    from scipy.special import bdtr, stdtrit

    n, tail = float(weights.sum()), (1 - LEVEL) / 2
    if n >= RANKED:
        k = np.arange(1, int(n / 2) + 1)
        rank = float(k[bdtr(k - 1, int(n), 0.5) <= tail].max())
        order = np.argsort(minutes, kind="stable")
        at, so_far = minutes[order], weights[order].cumsum()
        low = at[min(int(np.searchsorted(so_far, rank - 1e-9)), len(at) - 1)]
        high = at[min(int(np.searchsorted(so_far, n - rank + 1 - 1e-9)), len(at) - 1)]
        return float(low), float(high)
    logs = np.log(np.maximum(minutes, SHORTEST))
    mean = float(np.average(logs, weights=weights))
    spread = math.sqrt(float(np.average((logs - mean) ** 2, weights=weights)) / (n - 1))
    reach = float(stdtrit(n - 1, 1 - tail)) * spread
    return math.exp(mean - reach), math.exp(mean + reach)


def weighted_median(minutes: np.ndarray, still: np.ndarray, weights: np.ndarray) -> float:
    """Kaplan–Meier median of weighted, partly censored times; NaN when the curve stays above one half.

    With equal weights it equals the median of :func:`scipy.stats.ecdf`'s survival function.
    """
    order = np.lexsort((still, minutes))
    at, censored, w = minutes[order], still[order], weights[order]
    risk = w[::-1].cumsum()[::-1]
    step = np.where(censored | (risk <= 0), 1.0, 1 - np.divide(w, risk, out=np.zeros_like(w), where=risk > 0))
    below = np.flatnonzero(np.cumprod(step) <= 0.5 + 1e-12)
    return float(at[below[0]]) if len(below) else math.nan
