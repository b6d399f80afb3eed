"""How many incidents there were, by month and by group."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from aftershock.metrics.protocols import DatasetLike
from aftershock.model.candidates import eligible
from aftershock.model.intervals import poisson_interval

LIMIT_TAIL = 0.00135
"""Each tail outside the control limits: what three standard deviations leave in a normal distribution (Shewhart)."""


YEAR = 12
"""Months before a month that are its usual: each season once, and not too long ago."""


def incidents_of(dataset: DatasetLike, month: str | None = None) -> pd.DataFrame:
    """The incidents counted for ``month`` ("YYYY-MM" in the dataset's zone; None: all), duplicates folded into their
    original.

    An imprecise start belongs to the month in which the middle of its interval lies.
    """
    table = dataset.incidents
    table = table[table["duplicate_of"].fillna("") == ""]
    return table if month is None else table[month_of(table, dataset.timezone) == month]


def counted_changes(dataset: DatasetLike) -> pd.DataFrame:
    """The changes that rates are divided by: those of the observed period that can be suspects (environment, status)."""
    changes = dataset.changes
    inside = (changes["started_at"] >= dataset.observed[0]) & (changes["started_at"] < dataset.observed[1])
    return changes[inside & eligible(changes, dataset.settings.attribution.environments)]


def month_of(table: pd.DataFrame, zone: str) -> pd.Series:
    """ "YYYY-MM" of each row's start in ``zone``."""
    return middle_of_start(table).dt.tz_convert(zone).dt.strftime("%Y-%m")


def middle_of_start(table: pd.DataFrame) -> pd.Series:
    """The middle of when each row may have begun."""
    return table["started_at"] + (table["started_at_before"] - table["started_at"]) / 2


def days_observed(dataset: DatasetLike, month: str) -> tuple[float, float]:
    """Days of ``month`` that the logs cover, and days that it has; clock changes make neither a whole number."""
    start = pd.Timestamp(f"{month}-01", tz=dataset.timezone)
    end = start + pd.offsets.MonthBegin(1)
    seen = min(end, dataset.observed[1]) - max(start, dataset.observed[0])
    day = pd.Timedelta("1D")
    return max(seen / day, 0.0), (end - start) / day


def dispersion_of(counts: np.ndarray, days: np.ndarray) -> float:
    """How many times as much these counts vary as independent incidents at one rate would, at least 1: Pearson's χ² over its
    degrees of freedom (McCullagh & Nelder 1989, *Generalized Linear Models*, 6.2); 1 where there are too few to say."""
    counts, days = np.asarray(counts, dtype=float), np.asarray(days, dtype=float)
    counts, days = counts[days > 0], days[days > 0]
    if len(counts) < 2 or counts.sum() <= 0:
        return 1.0
    expected = counts.sum() * days / days.sum()
    return max(1.0, float(((counts - expected) ** 2 / expected).sum() / (len(counts) - 1)))


def month_counts(dataset: DatasetLike) -> pd.DataFrame:
    """Incidents per month with the exact 90 % interval and control limits for the days that the logs cover.

    Columns: ``month``; ``incidents`` (duplicates folded); ``low, high`` (exact Poisson interval of the mean, Garwood
    1936); ``days`` observed; ``partial`` (more than an hour of the month is not covered); ``expected`` at the overall
    rate; ``dispersion``: how many times as much the *other* months vary as independent incidents would, at least 1;
    ``limit_low, limit_high``: 0.135 % and 99.865 % quantiles of a negative binomial count with mean ``expected`` and
    variance ``dispersion`` × ``expected``, of Poisson where that is 1. Outages that come in clusters widen the limits, and a
    month out of the ordinary does not widen its own.
    """
    found = month_of(incidents_of(dataset), dataset.timezone).value_counts()
    months = list(dataset.months)
    counts = np.array([int(found.get(m, 0)) for m in months], dtype=int)
    spans = [days_observed(dataset, m) for m in months]
    days = np.array([seen for seen, _ in spans])
    rate = counts.sum() / days.sum() if days.sum() else 0.0
    expected = rate * days
    others = np.arange(len(months))
    dispersion = [dispersion_of(counts[others != m], days[others != m]) for m in others]
    intervals = [poisson_interval(int(c)) for c in counts]
    return pd.DataFrame(
        {
            "month": months,
            "incidents": counts,
            "low": [low for low, _ in intervals],
            "high": [high for _, high in intervals],
            "days": days,
            "partial": [seen < whole - 1 / 24 for seen, whole in spans],
            "expected": expected,
            "dispersion": dispersion,
            "limit_low": [_quantile(e, d, LIMIT_TAIL) for e, d in zip(expected, dispersion, strict=True)],
            "limit_high": [_quantile(e, d, 1 - LIMIT_TAIL) for e, d in zip(expected, dispersion, strict=True)],
        }
    )


def _quantile(mean: float, dispersion: float, p: float) -> int:
    """Smallest k with P(N ≤ k) ≥ p for a count of this mean and of variance ``dispersion`` × mean."""
    from scipy.special import betainc, gammaincc

    k = np.arange(int(mean + 14 * math.sqrt(dispersion * mean + dispersion)) + 14 * math.ceil(dispersion))
    is_poisson = dispersion <= 1 or mean <= 0
    below = gammaincc(k + 1, mean) if is_poisson else betainc(mean / (dispersion - 1), k + 1, 1 / dispersion)
    return int(k[min(int(np.searchsorted(below, p)), len(k) - 1)])


def by_group(dataset: DatasetLike, month: str, column: str) -> pd.DataFrame:
    """The month's incidents by ``severity`` or ``services``, with exact intervals and the usual number.

    Columns: ``group`` ("not given" when empty), ``incidents``, ``low, high`` (exact Poisson 90 %), ``usual`` (the
    group's incidents of the twelve months before, for as many days; NaN for the first month). An incident on two services
    counts with both, so services add up to more than the month; a service named twice counts once. Severities come worst
    first, services by number.
    """
    table = incidents_of(dataset)
    values = (
        table[column]
        .astype(object)
        .map(
            lambda v: (
                list(dict.fromkeys(v)) or [""] if isinstance(v, list | tuple) else [v if isinstance(v, str) else ""]
            )
        )
    )
    pairs = pd.DataFrame({"group": values, "month": month_of(table, dataset.timezone)}).explode(
        "group", ignore_index=True
    )
    pairs["group"] = pairs["group"].replace("", "not given")
    here = pairs.loc[pairs["month"] == month, "group"].value_counts()
    covered = {m: days_observed(dataset, m)[0] for m in dataset.months}
    before = [m for m in covered if m < month][-YEAR:]
    other_days = sum(covered[m] for m in before)
    others = pairs.loc[pairs["month"].isin(before), "group"].value_counts()
    scale = covered.get(month, 0.0) / other_days if other_days else math.nan
    rows = []
    for group in sorted(set(here.index) | (set(others.index) if column == "severity" else set())):
        count = int(here.get(group, 0))
        low, high = poisson_interval(count)
        rows.append(
            {"group": group, "incidents": count, "low": low, "high": high, "usual": float(others.get(group, 0)) * scale}
        )
    frame = pd.DataFrame(rows, columns=["group", "incidents", "low", "high", "usual"])
    order = {s: i for i, s in enumerate(dataset.severities)} if column == "severity" else {}
    frame["order"] = [order.get(g, len(order)) for g in frame["group"]]
    return frame.sort_values(["order", "incidents", "group"], ascending=[True, False, True], ignore_index=True).drop(
        columns="order"
    )
