"""Time to detect, mitigate and resolve: whole distributions, open incidents censored, never a mean."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pandas as pd

from aftershock.metrics.protocols import DatasetLike
from aftershock.model.intervals import LEVEL, binomial_interval

MEASURES = {"detect": "detected_at", "mitigate": "mitigated_at", "resolve": "resolved_at"}
QUANTILES = {"median": 0.5, "p75": 0.75, "p90": 0.9}
CURVE_COLUMNS = ["measure", "minutes", "share", "share_low", "share_high", "censored", "n", "missing"]


def lengths(dataset: DatasetLike, incidents: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Minutes from start to ``measure`` for each incident: ``incident_id, minutes, low, high, open, imprecise, missing``.

    An imprecise time counts as the middle of its interval, ``low`` and ``high`` are what it may be; a length that comes out
    below zero that way is zero. Only an incident whose status is open and whose time is not known is censored, at the end of the
    observed period; any other without the time, or with one that lies wholly before the start, is missing (detection is
    never censored: what is in the log was noticed).
    """
    # in numpy: a report asks this of all incidents, where each step of pandas would cost more than the sums
    column = MEASURES[measure]
    first, last = _moments(incidents, column)
    began, began_last = _moments(incidents, "started_at")
    known = ~np.isnat(first) & ~(last < began)
    still = ~known & (incidents["status"] == "open").to_numpy() & (measure != "detect")
    now, minute = dataset.observed[1].tz_convert(None).to_datetime64(), np.timedelta64(1, "m")
    ends = {
        "minutes": np.where(known, first + (last - first) // 2, now) - (began + (began_last - began) // 2),
        "low": np.where(known, first, now) - began_last,
        "high": np.where(known, last, now) - began,
    }
    vague = (began_last > began) | (known & (last > first))
    return pd.DataFrame(
        {
            "incident_id": incidents["incident_id"],
            **{name: np.where(known | still, np.maximum(v / minute, 0.0), np.nan) for name, v in ends.items()},
            "open": still,
            "imprecise": vague & (known | still),
            "missing": ~(known | still),
        }
    )


def _moments(incidents: pd.DataFrame, column: str) -> tuple[np.ndarray, np.ndarray]:
    """The two ends of what each time of a column can be (UTC, microseconds); one that is precise has one end alone."""
    first, last = (incidents[name].to_numpy(dtype="datetime64[us]") for name in (column, f"{column}_before"))
    return first, np.where(np.isnat(last), first, last)


def durations(dataset: DatasetLike, incidents: pd.DataFrame) -> pd.DataFrame:
    """Median, 75th and 90th percentile of the three times in minutes, by Kaplan–Meier with open incidents censored.

    Columns: ``measure``; ``n`` (incidents with a known or open end), ``n_open`` (censored), ``n_missing``,
    ``n_imprecise`` (taken at the middle); ``median, p75, p90``, each with ``_low`` and ``_high``: where the pointwise
    90 % log-log band of the survival curve crosses the quantile (Brookmeyer & Crowley 1982, Biometrics 38:29). NaN:
    the curve does not come down that far. An infinite ``_high``: the data set no upper bound; a ``_low`` of NaN: so few
    incidents that all of them may be longer, with more than half of what the interval leaves out (four for a median).
    """
    rows = []
    for measure in MEASURES:
        table = lengths(dataset, incidents, measure)
        used = table[~table["missing"]]
        row: dict[str, object] = {
            "measure": measure,
            "n": len(used),
            "n_open": int(used["open"].sum()),
            "n_missing": int(table["missing"].sum()),
            "n_imprecise": int(used["imprecise"].sum()),
        }
        curve = _kaplan_meier(used["minutes"].to_numpy(dtype=float), used["open"].to_numpy(dtype=bool))
        for name, share in QUANTILES.items():
            row[name] = _crossing(curve["minutes"], curve["share"], share, math.nan)
            may_be_longer = (1 - share) ** len(used) > (1 - LEVEL) / 2
            low = math.nan if may_be_longer else _crossing(curve["minutes"], curve["share_high"], share, math.nan)
            row[f"{name}_low"] = low
            row[f"{name}_high"] = (
                _crossing(curve["minutes"], curve["share_low"], share, math.inf) if len(used) else math.nan
            )
        rows.append(row)
    return pd.DataFrame(rows)


def duration_curves(dataset: DatasetLike, incidents: pd.DataFrame) -> pd.DataFrame:
    """The whole distributions, for :func:`aftershock.figures.time_to`.

    Columns: ``measure, minutes, share`` (done by then), ``share_low, share_high`` (90 %, log-log; NaN where not
    defined), ``censored`` (number of incidents still open at that age), ``n`` (incidents behind the curve), ``missing``
    (those without the time). Measures without a single known time are left out.
    """
    frames = []
    for measure in MEASURES:
        table = lengths(dataset, incidents, measure)
        used = table[~table["missing"]]
        if used.empty or used["open"].all():
            continue
        curve = _kaplan_meier(used["minutes"].to_numpy(dtype=float), used["open"].to_numpy(dtype=bool))
        counts = {"n": len(used), "missing": int(table["missing"].sum())}
        frames.append(pd.DataFrame({"measure": measure, **curve, **counts}))
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=CURVE_COLUMNS)


def _kaplan_meier(minutes: np.ndarray, still: np.ndarray) -> dict[str, np.ndarray]:
    """Share done at each distinct time with the log-log interval of Kaplan–Meier (scipy.stats.ecdf)."""
    if not len(minutes):
        return {name: np.array([]) for name in CURVE_COLUMNS[1:6]}
    from scipy.stats import CensoredData, ecdf

    survival = ecdf(CensoredData.right_censored(minutes, still)).sf
    with np.errstate(divide="ignore", invalid="ignore"), warnings.catch_warnings():
        # The interval is not defined where the curve is 0 or 1: NaN is meant.
        warnings.simplefilter("ignore", RuntimeWarning)
        interval = survival.confidence_interval(confidence_level=LEVEL, method="log-log")
    at = survival.quantiles
    return {
        "minutes": at,
        "share": 1 - survival.probabilities,
        "share_low": 1 - interval.high.probabilities,
        "share_high": 1 - interval.low.probabilities,
        "censored": np.array([int(still[minutes == t].sum()) for t in at]),
    }


def _crossing(minutes: np.ndarray, share: np.ndarray, level: float, otherwise: float) -> float:
    """First time at which ``share`` reaches ``level``; a share that is not defined does not."""
    reached = np.flatnonzero(np.nan_to_num(share, nan=-1.0) >= level - 1e-12)
    return float(minutes[reached[0]]) if len(reached) else otherwise


def compare_incident(dataset: DatasetLike, incident_id: str) -> pd.DataFrame:
    """Where one incident's times rank among those of earlier incidents.

    Columns: ``measure``, ``minutes``, ``minutes_low, minutes_high`` (what imprecise times allow), ``open`` (then
    ``minutes`` is its age and the percentile a lower bound), ``percentile`` (share of the earlier ones that were shorter,
    ties counted half: 0 fastest, 0.5 typical, 1 slowest; NaN when its own time is missing or there are none), ``low, high``
    (exact binomial 90 %), ``n`` (earlier incidents with a known end). Earlier ones still open are not compared, so the
    percentile of a long incident is a little too high.
    """
    table = dataset.incidents
    place = np.flatnonzero((table["incident_id"] == incident_id).to_numpy())[:1]
    began = table["started_at"].to_numpy(dtype="datetime64[us]")
    earlier = (table["duplicate_of"].fillna("") == "").to_numpy()
    rows = []
    for measure in MEASURES if len(place) else ():
        every = lengths(dataset, table, measure)
        minutes, still, missing = (every[name].to_numpy() for name in ("minutes", "open", "missing"))
        own, past = minutes[place[0]], minutes[earlier & (began < began[place[0]]) & ~missing & ~still]
        percentile, low, high = math.nan, math.nan, math.nan
        if len(past) and not missing[place[0]]:
            below, ties = int((past < own).sum()), int((past == own).sum())
            percentile = (below + ties / 2) / len(past)
            low, high = binomial_interval(below, len(past))[0], binomial_interval(below + ties, len(past))[1]
        ends = every.iloc[place[0]][["low", "high"]]
        rows.append([measure, own, *ends, bool(still[place[0]]), percentile, low, high, len(past)])
    columns = ["measure", "minutes", "minutes_low", "minutes_high", "open", "percentile", "low", "high", "n"]
    return pd.DataFrame(rows, columns=columns)
