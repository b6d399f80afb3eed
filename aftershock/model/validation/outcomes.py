"""How each labelled incident was answered: one row of measures per incident and rule.

An *answer* is a table of explanations: incident_id, change_id (``none`` for "no recorded change"), score (what the
changes are ranked by, larger is better) and probability. Ranks are among changes. Changes with equal scores are in
random order, so every hit is the probability of one: 0.5 where two changes tie for the first place and one of them did
it. A culprit that is not a candidate is missed.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
import pandas as pd
from scipy.special import gammaln

from aftershock.model.validation.known_causes import IN_LOG, INNOCENT
from aftershock.schema.tables import NONE

TOP = (1, 3, 5)
ACCUSED_FROM = 0.5  # a change with this much is likelier than all other explanations together
LEAST_PROBABILITY = (
    1e-4  # a judgement: of what is given less, or nothing, the log score is that of this much and so finite
)
OUTCOME_COLUMNS = [
    "incident_id",
    "cause",
    "method",
    "rank",
    *[f"top_{k}" for k in TOP],
    "reciprocal_rank",
    *[f"also_{k}" for k in TOP],
    "change_probability",
    "top_probability",
    "top_right",
    "first_right",
    "accused",
    "brier",
    "log_score",
]


class Outcome(Protocol):
    """What is read of a row of :func:`outcomes`."""

    incident_id: str
    cause: str
    rank: float
    top_probability: float


def outcomes(labels: pd.DataFrame, answer: pd.DataFrame) -> pd.DataFrame:
    """Measures of one answer, a row per labelled incident, in the labels' order.

    Columns: incident_id, cause, method; of incidents that a logged change set off: rank (expected under ties, infinite
    when missed), top_1, top_3, top_5, reciprocal_rank, and also_1, also_3, also_5 (the same with ``also_right`` taken
    for right); of all: change_probability (1 − that of ``none``), top_probability (of the most probable change), top_right
    (whether that change did it), first_right (whether the most probable explanation, ``none`` included, is right),
    accused (a change has ACCUSED_FROM or more), brier (Brier 1950: 0 to 2, summed over the explanations) and log_score
    (natural logarithm of the true explanation's probability, at least that of LEAST_PROBABILITY). What has no meaning for an
    incident is NaN.
    """
    labels = labels.reset_index(drop=True)
    place = pd.Index(labels["incident_id"]).get_indexer(answer["incident_id"])
    answer, place = answer[place >= 0], place[place >= 0]
    named = (answer["change_id"] != NONE).to_numpy()
    changes, at = answer[named], place[named]
    true, also = (_marked(changes, at, labels, columns) for columns in (["change_ids"], ["change_ids", "also_right"]))
    ranked = _ranked(changes["score"].to_numpy(dtype=float), true, at, len(labels))
    with_rollout = _ranked(changes["score"].to_numpy(dtype=float), also, at, len(labels))
    table = labels[["incident_id", "cause", "method"]].assign(**ranked)
    table = table.assign(**{f"also_{k}": with_rollout[f"top_{k}"] for k in TOP})
    caused = (labels["cause"] == IN_LOG).to_numpy()
    ranks = ["rank", "reciprocal_rank", *[f"{word}_{k}" for word in ("top", "also") for k in TOP]]
    table.loc[~caused, ranks] = np.nan
    none = np.bincount(
        place[~named], weights=answer["probability"].to_numpy(dtype=float)[~named], minlength=len(labels)
    )
    sure = _probable(changes["probability"].to_numpy(dtype=float), true, at, none, labels["cause"])
    return table.assign(**sure)[OUTCOME_COLUMNS]


def _marked(changes: pd.DataFrame, at: np.ndarray, labels: pd.DataFrame, columns: list[str]) -> np.ndarray:
    right = {(i, c) for column in columns for i, row in enumerate(labels[column]) for c in row}
    return np.array([pair in right for pair in zip(at.tolist(), changes["change_id"], strict=True)], dtype=bool)


def _ranked(score: np.ndarray, true: np.ndarray, at: np.ndarray, count: int) -> dict[str, np.ndarray]:
    """Expected rank, hits and reciprocal rank of the best of the true changes, per incident."""
    best = np.full(count, -np.inf)
    np.maximum.at(best, at[true], score[true])
    above = np.bincount(at, weights=score > best[at], minlength=count)
    ties = np.bincount(at, weights=score == best[at], minlength=count)
    right = np.bincount(at, weights=(score == best[at]) & true, minlength=count)
    found = best > -np.inf
    hits = {f"top_{k}": np.where(found, _drawn(ties, right, k - above), 0.0) for k in TOP}
    reciprocal = np.zeros(count)
    for i in np.flatnonzero(found):
        reached = _drawn(ties[i], right[i], np.arange(0, ties[i] + 1))
        reciprocal[i] = np.sum(np.diff(reached) / (above[i] + 1 + np.arange(ties[i])))
    with np.errstate(divide="ignore"):
        rank = np.where(found, above + (ties + 1) / (right + 1), np.inf)
    return {"rank": rank, **hits, "reciprocal_rank": reciprocal}


def _drawn(ties: np.ndarray, right: np.ndarray, first: np.ndarray) -> np.ndarray:
    """Probability that the ``first`` of ``ties`` changes in random order hold at least one of the ``right`` ones."""
    first = np.clip(first, 0, ties)
    wrong = ties - right
    enough = first <= wrong
    kept = np.where(enough, wrong - first, 0)
    logs = gammaln(wrong + 1) - gammaln(kept + 1) - gammaln(ties + 1) + gammaln(ties - first + 1)
    return np.where(enough, -np.expm1(logs), 1.0)


def _probable(
    probability: np.ndarray, true: np.ndarray, at: np.ndarray, none: np.ndarray, cause: pd.Series
) -> dict[str, np.ndarray]:
    """What the probabilities say, per incident; an incident without a candidate has none = 1."""
    count = len(none)
    caused, innocent = (cause == IN_LOG).to_numpy(), cause.isin(INNOCENT).to_numpy()
    none = np.where(np.bincount(at, minlength=count) == 0, 1.0, none)
    top = np.zeros(count)
    np.maximum.at(top, at, probability)
    first = np.isclose(probability, top[at], rtol=1e-9) & (probability > 0)
    ties = np.maximum(np.bincount(at, weights=first, minlength=count), 1)
    top_right = np.bincount(at, weights=first & true, minlength=count) / ties
    given = np.where(caused, np.bincount(at, weights=probability * true, minlength=count), none)
    squares = np.bincount(at, weights=np.where(true & caused[at], 0.0, probability**2), minlength=count)
    squares = squares + np.where(caused, none**2, 0.0)
    scored = caused | innocent
    return {
        "change_probability": np.where(scored, 1 - none, np.nan),
        "top_probability": np.where(scored, top, np.nan),
        "top_right": np.where(scored, np.where(caused, top_right, 0.0), np.nan),
        "first_right": np.where(scored, np.where(caused, top_right * (top > none), none >= top), np.nan),
        "accused": np.where(scored, top >= ACCUSED_FROM, np.nan),
        "brier": np.where(scored, squares + (1 - given) ** 2, np.nan),
        "log_score": np.where(scored, np.log(np.maximum(given, LEAST_PROBABILITY)), np.nan),
    }
