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
    """Minutes from start to ``measure`` for each incident: ``incident_id, minutes, open, imprecise, missing``.

    An imprecise time counts as the middle of its interval; a length that comes out below zero that way is zero. Only an
    incident whose status is open and whose time is not known is censored, at the end of the observed period; any other
    without the time, or with one that lies wholly before the start, is missing (detection is never censored: what is in
    the log was noticed).
    """
    column = MEASURES[measure]
    first, last = incidents[column], incidents[f"{column}_before"].fillna(incidents[column])
    known = first.notna() & ~(last < incidents["started_at"])
    still = ~known & (incidents["status"] == "open") & (measure != "detect")
    start = incidents["started_at"] + (incidents["started_at_before"] - incidents["started_at"]) / 2
    end = (first + (last - first) / 2).where(known, dataset.observed[1])
    minutes = ((end - start).dt.total_seconds() / 60).clip(lower=0.0)
    vague = (incidents["started_at_before"] > incidents["started_at"]) | (known & (last > first))
    return pd.DataFrame(
        {
            "incident_id": incidents["incident_id"],
            "minutes": minutes.where(known | still),
            "open": still,
            "imprecise": vague & (known | still),
            "missing": ~(known | still),
        }
    )


def durations(dataset: DatasetLike, incidents: pd.DataFrame) -> pd.DataFrame:
    """Median, 75th and 90th percentile of the three times in minutes, by Kaplan–Meier with open incidents censored.

    Columns: ``measure``; ``n`` (incidents with a known or open end), ``n_open`` (censored), ``n_missing``,
    ``n_imprecise`` (taken at the middle); ``median, p75, p90``, each with ``_low`` and ``_high``: where the pointwise
    90 % log-log band of the survival curve crosses the quantile (Brookmeyer & Crowley 1982, Biometrics 38:29). NaN:
    the curve does not come down that far. An infinite ``_high``: the data set no upper bound.
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
            row[f"{name}_low"] = _crossing(curve["minutes"], curve["share_high"], share, math.nan)
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

    Columns: ``measure``, ``minutes``, ``open`` (then ``minutes`` is its age and the percentile a lower bound),
    ``percentile`` (share of the earlier ones that were shorter, ties counted half: 0 fastest, 0.5 typical, 1
    slowest; NaN when its own time is missing or there are none), ``low, high`` (exact binomial 90 %), ``n`` (earlier
    incidents with a known end). Earlier ones still open are not compared, so the percentile of a long incident is a
    little too high.
    """
    table = dataset.incidents
    chosen = (table["incident_id"] == incident_id).to_numpy()
    rows = []
    for measure in MEASURES:
        if not chosen.any():
            break
        began = table["started_at"]
        earlier = (table["duplicate_of"].fillna("") == "") & (began < began[chosen].iloc[0]) & ~chosen
        every = lengths(dataset, table, measure)
        own, past = every[chosen].iloc[0], every[earlier.to_numpy()]
        past = past.loc[~past["missing"] & ~past["open"], "minutes"].to_numpy(dtype=float)
        percentile, low, high = math.nan, math.nan, math.nan
        if len(past) and not own["missing"]:
            below, ties = int((past < own["minutes"]).sum()), int((past == own["minutes"]).sum())
            percentile = (below + ties / 2) / len(past)
            low, high = binomial_interval(below, len(past))[0], binomial_interval(below + ties, len(past))[1]
        rows.append([measure, own["minutes"], bool(own["open"]), percentile, low, high, len(past)])
    return pd.DataFrame(rows, columns=["measure", "minutes", "open", "percentile", "low", "high", "n"])
