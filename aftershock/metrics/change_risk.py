"""What changes set off, and which of them are risky."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain

import numpy as np
import pandas as pd

from aftershock.metrics import asked_last
from aftershock.metrics.estimate import Estimate, unknown
from aftershock.metrics.incident_counts import counted_changes
from aftershock.metrics.protocols import AttributionLike, DatasetLike
from aftershock.model.intervals import gamma_interval, posterior_interval

INSIDE, BEYOND, FAR = "inside the limits", "outside 95 %", "outside 99.8 %"
RISK_COLUMNS = ["group", "changes", "set_off", "per_1000", "per_1000_low", "per_1000_high", "chance_per_1000"]


def change_share(found: AttributionLike, incident_ids: list[str]) -> Estimate:
    """Share of these incidents that changes set off, its 90 % interval over the posterior draws, and the chance level.

    0 means that all came by themselves, 1 that a change set off every one. The value is the mean of the incidents'
    probabilities, so a reader can add them up; the interval covers both what the model does not know and how the
    answers for single incidents may fall. Of one incident it is that of its own probability, as everywhere else: its
    answer can only fall to 0 or 1. The chance level is the mean of what the same incidents would be linked at if they
    were moved by whole weeks.
    """
    definition = (
        "share of the incidents that a recorded change set off; chance: the same incidents moved by whole weeks"
    )
    inside = found.shares["incident_id"].isin(list(incident_ids)).to_numpy()
    if not inside.any():
        return unknown(definition, "share")
    picked = found.shares[inside]
    draws = np.asarray(found.draws["incident_changes"])[:, inside].mean(axis=1)
    value = float(picked["change_probability"].mean())
    low, high = (float(q) for q in posterior_interval(draws))
    if len(picked) == 1:
        low, high = (float(picked[end].iloc[0]) for end in ("low", "high"))
    chance = float(picked["chance"].mean())
    return Estimate(value, min(low, value), max(high, value), "share", chance, int(inside.sum()), definition)


def outage_count(found: AttributionLike, incident_ids: list[str]) -> Estimate:
    """How many outages these incidents come to, with the 90 % interval over the posterior draws: an incident that is part of
    an earlier one's outage is not one of its own, whether or not the earlier one is among these."""
    definition = "outages that the incidents come to: those that are not part of an earlier incident's outage"
    outages = found.outages[found.outages["incident_id"].isin(list(incident_ids))]
    if outages.empty:
        return unknown(definition, "outages")
    inside = found.shares["incident_id"].isin(list(incident_ids)).to_numpy()
    value = float((1 - outages["probability"]).sum())
    low, high = posterior_interval((~found.draws["incident_linked"][:, inside]).sum(axis=1))
    return Estimate(
        value, min(float(low), value), max(float(high), value), "outages", n=len(outages), definition=definition
    )


def risk_by_kind(dataset: DatasetLike, found: AttributionLike) -> pd.DataFrame:
    """Expected incidents set off per 1,000 changes by kind of change: the rows of ``found.rates``, riskiest first.

    ``set_off`` is the sum of the probabilities that the incidents give to changes of the kind, so ``set_off`` of all kinds
    over ``changes`` of all kinds is the rate of all changes together, the same as that of :func:`risk_by_hours`. ``per_1000``
    is the model's, drawn to what is usual for the kind where there is little to go by.
    """
    _, hits, _ = _exposure(dataset, found, lambda changes: changes["kind"])
    set_off = found.rates["kind"].map(hits).fillna(0.0)
    table = found.rates.assign(set_off=set_off)
    for end, outer in (("set_off_low", np.minimum), ("set_off_high", np.maximum)):
        if end in table:
            table[end] = outer(table[end], set_off)
    return table.sort_values(["per_1000", "kind"], ascending=[False, True], ignore_index=True)


def risk_by_service(dataset: DatasetLike, found: AttributionLike) -> pd.DataFrame:
    """Expected incidents set off per 1,000 changes *on* each service, shrunk towards the mean of all; columns as in
    :func:`risk_per_1000`.

    Empirical Bayes, gamma–Poisson (Clayton & Kaldor 1987, Biometrics 43:671): the spread between services is estimated
    from the services themselves, so one with few changes is drawn to the mean. ``raw_per_1000`` is the unshrunk rate.
    Expected (fractional) incidents are used as counts, and the intervals do not carry the uncertainty of the spread
    itself: read them as a little too narrow. A change on two services counts with both, one on none with none, so the mean
    of the services is not the rate of all changes.
    """
    exposure, hits, chance = _exposure(dataset, found, _services)
    if exposure.empty:
        return pd.DataFrame(columns=[*RISK_COLUMNS, "raw_per_1000"])
    shape, rate = _gamma_prior(hits.to_numpy(), exposure.to_numpy(dtype=float))
    rows = []
    for service in exposure.index:
        n, y = int(exposure[service]), float(hits[service])
        low, high = gamma_interval(shape + y, rate + n)
        mean = (shape + y) / (rate + n)
        rows.append([service, n, y, 1000 * mean, 1000 * low, 1000 * high, 1000 * chance[service] / n, 1000 * y / n])
    frame = pd.DataFrame(rows, columns=[*RISK_COLUMNS, "raw_per_1000"])
    return frame.sort_values(["per_1000", "group"], ascending=[False, True], ignore_index=True)


def funnel_limits(rate: float, changes: np.ndarray) -> pd.DataFrame:
    """Between what rates per 1,000 changes a group with so many ``changes`` lies when its true rate is ``rate`` per
    change: columns ``low_95, high_95, low_998, high_998``, rows as in ``changes``.

    Poisson quantiles, made continuous by the incomplete gamma function so that they do not jump from count to count;
    after Spiegelhalter, Statistics in Medicine 2005, doi:10.1002/sim.1970. An upper limit is at least one incident:
    less than one is never too many.
    """
    from scipy.special import pdtrik

    exposure = np.asarray(changes, dtype=float)
    ends = {"low_95": 0.025, "high_95": 0.975, "low_998": 0.001, "high_998": 0.999}
    least = {name: float(name.startswith("high")) for name in ends}
    counts = {name: np.fmax(pdtrik(share, rate * exposure), least[name]) for name, share in ends.items()}
    return pd.DataFrame({name: 1000 * count / exposure for name, count in counts.items()})


def funnel_place(risk: pd.DataFrame) -> np.ndarray:
    """Where each service of :func:`risk_by_service` lies among the limits of :func:`funnel_limits` at the rate of all: one of
    :data:`INSIDE`, :data:`BEYOND` and :data:`FAR`, (services,)."""
    if risk.empty:
        return np.array([], dtype=object)
    limits = funnel_limits(
        float(risk["set_off"].sum()) / float(risk["changes"].sum()), risk["changes"].to_numpy(dtype=float)
    )
    rate = risk["raw_per_1000"].to_numpy(dtype=float)
    far = (rate > limits["high_998"]) | (rate < limits["low_998"])
    beyond = (rate > limits["high_95"]) | (rate < limits["low_95"])
    return np.select([far, beyond], [FAR, BEYOND], INSIDE)


def _exposure(
    dataset: DatasetLike, found: AttributionLike, groups: Callable[[pd.DataFrame], pd.Series]
) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Number of changes, expected incidents set off, and those that chance alone would link, per group; ``groups`` names the
    groups of the changes, with the changes' index, as often as they have one."""
    changes, numbers = _by_change(dataset, found)
    named = groups(changes)
    grouped = numbers.loc[named.index].groupby(named.to_numpy())
    return grouped.size(), grouped["y"].sum(), grouped["chance"].sum(min_count=1)


def _services(changes: pd.DataFrame) -> pd.Series:
    services = changes["services"].tolist()
    return pd.Series(
        list(chain.from_iterable(services)), index=changes.index.repeat([len(s) for s in services]), dtype="str"
    )


@asked_last.kept
def _by_change(dataset: DatasetLike, found: AttributionLike) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The changes counted, and of each the expected incidents set off (``y``) and those that chance alone would link
    (``chance``)."""
    suspects = found.suspects()
    hits = suspects[suspects["change_id"] != "none"].groupby("change_id")["probability"].sum()
    changes = counted_changes(dataset)
    ids = changes["change_id"]
    return changes, pd.DataFrame({"y": ids.map(hits).fillna(0.0), "chance": ids.map(found.chance_by_change)})


def _gamma_prior(hits: np.ndarray, exposure: np.ndarray) -> tuple[float, float]:
    """Shape and rate of the gamma distribution of risks between groups, by marginal (negative binomial) likelihood.

    The mean is the pooled rate (half an incident is added, so that it is never zero); the shape is searched on a grid
    from 0.05 (very unlike) to 200 (practically equal). A weak preference for shape 1 (log-normal, a factor of e² wide:
    a judgement) decides when a handful of groups cannot.
    """
    from scipy.special import gammaln

    mean = (hits.sum() + 0.5) / exposure.sum()
    shapes = np.geomspace(0.05, 200.0, 121)
    a, b = shapes[:, None], shapes[:, None] / mean
    y, n = hits[None, :], exposure[None, :]
    likelihood = gammaln(a + y) - gammaln(a) + a * np.log(b / (b + n)) + y * np.log(n / (b + n))
    score = likelihood.sum(axis=1) - 0.5 * (np.log(shapes) / 2.0) ** 2
    best = float(shapes[int(np.argmax(score))])
    return best, best / mean


def risk_by_hours(dataset: DatasetLike, found: AttributionLike) -> pd.DataFrame:
    """Expected incidents set off per 1,000 changes started in office hours (Mon–Fri 9–17), weekday evenings and
    nights, weekends, and at an hour that is not known: where an imprecise time spans more than one of these.

    Hours are those of the dataset's zone; columns as in :func:`risk_per_1000`. Intervals: gamma with Jeffreys' prior
    (half an incident). It misleads when another kind of work is done at night: compare kinds first.
    """
    buckets = ["office hours", "evenings and nights", "weekends", "hour unknown"]

    def part(at: pd.Series) -> np.ndarray:
        local = at.dt.tz_convert(dataset.timezone)
        weekend, office = local.dt.day_of_week >= 5, local.dt.hour.between(9, 16)
        return np.select([weekend, office], [buckets[2], buckets[0]], buckets[1])

    def bucket(changes: pd.DataFrame) -> pd.Series:
        first, before = changes["started_at"], changes["started_at_before"]
        last = (before - pd.Timedelta(seconds=1)).where(before > first, first)
        one, span = part(first), before - first
        # Two ends in like parts of different days have other parts between them.
        near = span < pd.Timedelta(hours=16)
        near |= (one == buckets[2]) & (span <= pd.Timedelta(days=2))
        return pd.Series(np.where((one == part(last)) & near, one, buckets[3]), index=changes.index)

    exposure, hits, chance = _exposure(dataset, found, bucket)
    rows = []
    for name in (b for b in buckets if b in exposure.index):
        n, y = int(exposure[name]), float(hits[name])
        low, high = gamma_interval(y + 0.5, float(n))
        rows.append([name, n, y, 1000 * y / n, min(1000 * low, 1000 * y / n), 1000 * high, 1000 * chance[name] / n])
    return pd.DataFrame(rows, columns=RISK_COLUMNS)


def watch_time(found: AttributionLike, *, kind: str = "all", quantile: float = 0.95) -> Estimate:
    """Minutes within which ``quantile`` of change-triggered outages show: how long to watch a change of this kind.

    Falls back to all kinds where the kind has no quantile of its own. Only delays up to the horizon can be learned, so
    slower failures make the true time longer.
    """
    table = found.delay_quantiles[np.isclose(found.delay_quantiles["quantile"].astype(float), quantile)]
    used = kind if (table["kind"] == kind).any() else "all"
    definition = f"{100 * quantile:.0f} % of the outages that changes ({used}) set off show within so many minutes"
    rows = table[table["kind"] == used]
    if rows.empty:
        return unknown(definition, "minutes")
    row = rows.iloc[0]
    return Estimate(
        float(row["minutes"]), float(row["minutes_low"]), float(row["minutes_high"]), "minutes", definition=definition
    )
