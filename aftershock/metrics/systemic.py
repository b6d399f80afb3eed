"""Whether a row of outages is more than bad luck: which outages they are, their rate against a baseline, and whether changes
carry them. How they are spread over time is tested in :mod:`aftershock.metrics.poisson_tests`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from aftershock.metrics.change_risk import change_share
from aftershock.metrics.estimate import Estimate, unknown
from aftershock.metrics.incident_counts import incidents_of, middle_of_start
from aftershock.metrics.month_comparison import Comparison, compare_rates
from aftershock.metrics.poisson_tests import DAYS_PER_MONTH
from aftershock.metrics.protocols import AttributionLike, DatasetLike
from aftershock.model.intervals import LEVEL, poisson_interval

JOINED = 0.5  # probability of being part of an earlier outage from which an incident is not counted as one of its own
_TAIL = (1 - LEVEL) / 2


@dataclass(frozen=True)
class OutageSeries:
    """When outages began: ``days`` after ``first``, sorted, within ``length`` days. ``joined``: incidents left out because they
    are probably part of an earlier one's outage; ``outside``: those that began outside the period."""

    incident_ids: tuple[str, ...]
    days: np.ndarray
    length: float
    first: pd.Timestamp
    joined: int
    outside: int

    def __len__(self) -> int:
        return len(self.days)

    def at(self, day: float) -> pd.Timestamp:
        """The moment that lies ``day`` days after the first."""
        return self.first + pd.Timedelta(days=day)

    @property
    def rate(self) -> Estimate:
        """Outages a month of 30.44 days, with the exact Poisson interval."""
        months = self.length / DAYS_PER_MONTH
        definition = f"outages a month ({len(self)} in {self.length:.0f} days); exact Poisson interval"
        if months <= 0:
            return unknown(definition, "per month")
        low, high = poisson_interval(len(self))
        return Estimate(
            len(self) / months, low / months, high / months, "per month", n=len(self), definition=definition
        )


def outage_series(dataset: DatasetLike, found: AttributionLike, until: pd.Timestamp | None = None) -> OutageSeries:
    """The outages of the observed period up to ``until`` (default: its end), each by the middle of when it may have begun.

    An incident that is part of an earlier one's outage with a probability of one half or more is not counted: six alerts of
    one outage are one outage, and would pass for a cluster.
    """
    first, last = dataset.observed
    last = min(last, until) if until is not None else last
    table = incidents_of(dataset)
    table = table.assign(at=middle_of_start(table)).sort_values("at", kind="stable")
    inside = (table["at"] >= first) & (table["at"] < last)
    linked = found.outages.set_index("incident_id")["probability"].reindex(table["incident_id"]).fillna(0.0).to_numpy()
    own = inside & (linked < JOINED)
    kept = table[own]
    day = pd.Timedelta(days=1)
    outside = (~inside & (table["at"] < (until if until is not None else table["at"].max() + day))).sum()
    return OutageSeries(
        tuple(kept["incident_id"]),
        ((kept["at"] - first) / day).to_numpy(dtype=float),
        max((last - first) / day, 0.0),
        first,
        int((inside & ~own).sum()),
        int(outside),
    )


def baseline(dataset: DatasetLike, series: OutageSeries) -> Comparison | None:
    """The row against ``[baseline]`` of dataset.toml: a count from outside, or an earlier part of the same log; None without
    one. Rates per day, exact as in :func:`aftershock.metrics.compare_rates`."""
    told = dataset.settings.baseline
    if told is None:
        return None
    begin, end = _days(told.start, told.end, dataset.timezone)
    count = told.incidents if told.incidents is not None else _count(dataset, begin, end)
    since, until = _days(*told.against, dataset.timezone) if told.against else (None, None)
    first = series.first if since is None else max(since, series.first)
    last = series.at(series.length) if until is None else min(until, series.at(series.length))
    if told.incidents is None and since is None:
        first = max(first, min(end, last))  # the log is not compared with itself
    moments = [series.at(day) for day in series.days]
    this = sum(first <= moment < last for moment in moments)
    day = pd.Timedelta(days=1)
    return compare_rates(this, count, (max((last - first) / day, 0.0), (end - begin) / day))


def _days(first: str, last: str, zone: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    """From the beginning of the first day to the end of the last."""
    return (
        pd.Timestamp(first, tz=zone).tz_convert("UTC"),
        (pd.Timestamp(last) + pd.Timedelta(days=1)).tz_localize(zone).tz_convert("UTC"),
    )


def _count(dataset: DatasetLike, begin: pd.Timestamp, end: pd.Timestamp) -> int:
    at = middle_of_start(incidents_of(dataset))
    return int(((at >= begin) & (at < end)).sum())


def outages_by_month(dataset: DatasetLike, series: OutageSeries) -> tuple[np.ndarray, np.ndarray]:
    """Outages of each month that the row touches, and how many of the month's days belong to it."""
    moments = pd.DatetimeIndex([series.at(day) for day in series.days], tz="UTC").tz_convert(dataset.timezone)
    last = series.at(series.length)
    months = [m for m in dataset.months if pd.Timestamp(f"{m}-01", tz=dataset.timezone) < last]
    counts = moments.strftime("%Y-%m").value_counts().reindex(months).fillna(0).to_numpy(dtype=int)
    starts = [pd.Timestamp(f"{m}-01", tz=dataset.timezone) for m in months]
    day = pd.Timedelta(days=1)
    days = [(min(s + pd.offsets.MonthBegin(1), last) - max(s, series.first)) / day for s in starts]
    return counts, np.array(days)


@dataclass(frozen=True)
class Carried:
    """The share that changes set off before and after a moment, and by how much the later one is higher (90 %, over the
    posterior draws)."""

    before: Estimate
    after: Estimate
    difference: Estimate


def carried_by_changes(found: AttributionLike, series: OutageSeries, day: float) -> Carried:
    """Whether the share of outages that changes set off differs before and after ``day`` days into the row."""
    earlier = [i for i, at in zip(series.incident_ids, series.days, strict=True) if at <= day]
    later = [i for i in series.incident_ids if i not in set(earlier)]
    before, after = change_share(found, earlier), change_share(found, later)
    definition = "share that changes set off after the moment minus the share before it, over the posterior draws"
    if not (before.known and after.known):
        return Carried(before, after, unknown(definition, "share"))
    ids = found.shares["incident_id"]
    draws = np.asarray(found.draws["incident_changes"], dtype=float)
    gap = draws[:, ids.isin(later).to_numpy()].mean(axis=1) - draws[:, ids.isin(earlier).to_numpy()].mean(axis=1)
    low, high = (float(q) for q in np.quantile(gap, [_TAIL, 1 - _TAIL]))
    value = after.value - before.value
    return Carried(
        before, after, Estimate(value, min(low, value), max(high, value), "share", n=len(ids), definition=definition)
    )
