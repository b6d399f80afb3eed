"""Measures of many incidents with their 95 % intervals: exact binomial ones for shares, else bootstrap over incidents.

Every rule is measured on the same incidents, and drawn with the same incidents, so that gains are paired.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from aftershock.model.intervals import binomial_interval
from aftershock.model.validation.calibration import Calibration, calibration
from aftershock.model.validation.known_causes import IN_LOG, INNOCENT

LEVEL = 0.95
RESAMPLES, SEED = 2000, 20230306  # as many as ends with two digits need
AT_ONCE = 1_000_000  # numbers drawn at a time, to bound memory
SHARES = ("top_1", "top_3", "top_5", "also_1", "also_3", "also_5")  # of the incidents that a logged change set off
MEASURES = (*SHARES, "mrr", "first_right", "accused", "auc", "brier", "log_score")


class Score(NamedTuple):
    """``value`` with its 95 % interval; ``hits``: incidents, NaN unless it is a share; ``n``: incidents measured."""

    measure: str
    value: float
    low: float
    high: float
    hits: float
    n: int


SCORE_COLUMNS = list(Score._fields)


def scores(table: pd.DataFrame) -> pd.DataFrame:
    """Measures of one rule from its outcomes, with the columns of :class:`Score`.

    top_k and mrr: incidents that a logged change set off; also_k: the same with changes of the same rollout taken for
    right; accused: the share of incidents without a logged change that are pinned on a change with 0.5 or more; auc: the
    probability that an incident with a logged change got a higher share for changes than one without (0.5 is chance);
    first_right, brier, log_score: all of these. Measures without incidents are NaN with n = 0.
    """
    parts = _by_measure(table)
    rows = [_share(name, parts[name]) for name in SHARES]
    rows.append(_mean("mrr", parts["mrr"]))
    rows += [_share(name, parts[name]) for name in ("first_right", "accused")]
    rows.append(_auc(*_change_probabilities(table)))
    rows += [_mean(name, parts[name]) for name in ("brier", "log_score")]
    return pd.DataFrame(rows, columns=SCORE_COLUMNS)


def score_values(table: pd.DataFrame) -> dict[str, float]:
    """Measure → value of :func:`scores`, without the intervals, which take time; NaN without incidents."""
    means = {name: float(part.sum()) / len(part) if len(part) else np.nan for name, part in _by_measure(table).items()}
    caused, innocent = _change_probabilities(table)
    values, place = np.unique(np.concatenate([caused, innocent]), return_inverse=True)
    both = len(caused) and len(innocent)
    return {**means, "auc": _area(place[: len(caused)], place[len(caused) :], len(values)) if both else np.nan}


def _by_measure(table: pd.DataFrame) -> dict[str, pd.Series]:
    """Per measure but auc what it is the mean of, an item per incident that it is measured on."""
    caused, innocent = table[table["cause"] == IN_LOG], table[table["cause"].isin(INNOCENT)]
    both = table[table["cause"].isin([IN_LOG, *INNOCENT])]
    return {
        **{name: caused[name] for name in SHARES},
        "mrr": caused["reciprocal_rank"],
        "first_right": both["first_right"],
        "accused": innocent["accused"],
        "brier": both["brier"],
        "log_score": both["log_score"],
    }


def _change_probabilities(table: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """What changes got together, of incidents that a logged change set off and of those that none did."""
    given, cause = table["change_probability"].to_numpy(), table["cause"]
    return given[cause == IN_LOG], given[cause.isin(INNOCENT)]


def score_table(by_rule: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """:func:`scores` of every rule in one table, with the column rule first."""
    parts = [scores(table).assign(rule=rule) for rule, table in by_rule.items()]
    return pd.concat(parts, ignore_index=True)[["rule", *SCORE_COLUMNS]]


def gains(by_rule: Mapping[str, pd.DataFrame], ours: str) -> pd.DataFrame:
    """How much more often ``ours`` is right than each other rule, on the same incidents: rule, measure (top_1, top_3, top_5,
    mrr), value, low, high (paired bootstrap over incidents, 95 %), n."""
    columns = {**{k: k for k in ("top_1", "top_3", "top_5")}, "mrr": "reciprocal_rank"}
    first = _caused(by_rule[ours])
    rows = []
    for rule, table in by_rule.items():
        if rule == ours:
            continue
        other = _caused(table)
        for measure, column in columns.items():
            difference = first[column].to_numpy() - other[column].to_numpy()
            low, high = bootstrap(difference)
            value = float(difference.mean()) if len(difference) else np.nan
            rows.append((rule, measure, value, low, high, len(difference)))
    return pd.DataFrame(rows, columns=["rule", "measure", "value", "low", "high", "n"])


def _caused(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["cause"] == IN_LOG].sort_values("incident_id", kind="stable")


def calibration_of(table: pd.DataFrame) -> Calibration:
    """:class:`Calibration` of the top suspect over the incidents whose cause is known."""
    known = table[table["top_probability"].notna()]
    return calibration(known["top_probability"].to_numpy(), known["top_right"].to_numpy())


def bootstrap(values: np.ndarray) -> tuple[float, float]:
    """Percentile interval of the mean of ``values``, incidents drawn with replacement (Efron 1979)."""
    values = np.asarray(values, dtype=float)
    count = len(values)
    if not count:
        return np.nan, np.nan
    rng, rows = np.random.default_rng(SEED), max(1, AT_ONCE // count)
    sizes = [(min(rows, RESAMPLES - start), count) for start in range(0, RESAMPLES, rows)]
    return _ends(np.concatenate([values[rng.integers(0, count, size=size)].mean(axis=1) for size in sizes]))


def _ends(drawn: np.ndarray) -> tuple[float, float]:
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


def _share(name: str, values: pd.Series) -> Score:
    """A share; where ties make hits fractions, its interval is a bootstrap one."""
    if not len(values):
        return Score(name, np.nan, np.nan, np.nan, np.nan, 0)
    hits = float(values.sum())
    whole = bool(np.isclose(values, values.round()).all())
    low, high = binomial_interval(round(hits), len(values), LEVEL) if whole else bootstrap(values.to_numpy())
    return Score(name, hits / len(values), low, high, hits, len(values))


def _mean(name: str, values: pd.Series) -> Score:
    value = float(values.mean()) if len(values) else np.nan
    return Score(name, value, *bootstrap(values.to_numpy()), np.nan, len(values))


def _auc(caused: np.ndarray, innocent: np.ndarray) -> Score:
    first, second = len(caused), len(innocent)
    if not first or not second:
        return Score("auc", np.nan, np.nan, np.nan, np.nan, 0)
    values, place = np.unique(np.concatenate([caused, innocent]), return_inverse=True)
    above, below, rng = place[:first], place[first:], np.random.default_rng(SEED)
    drawn = [
        _area(above[rng.integers(0, first, size=first)], below[rng.integers(0, second, size=second)], len(values))
        for _ in range(RESAMPLES)
    ]
    return Score("auc", _area(above, below, len(values)), *_ends(np.array(drawn)), np.nan, first + second)


def _area(caused: np.ndarray, innocent: np.ndarray, places: int) -> float:
    """Area under the curve (Mann, Whitney 1947) of values given as their places in the order of all; ties count half."""
    wins = np.bincount(caused, minlength=places) / len(caused)
    beaten = np.bincount(innocent, minlength=places) / len(innocent)
    return float(wins @ (np.cumsum(beaten) - beaten / 2))
