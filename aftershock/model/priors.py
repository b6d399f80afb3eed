"""What evidence is worth before a log has taught anything, learned from logs with known causes.

``priors.json`` holds, per such log and piece of evidence, how culprits fall into the bins and how as many innocent pairs like them
would. The prior ratio of a bin is the judgement of :mod:`aftershock.model.evidence`, which counts for PSEUDO culprits,
sharpened by these counts. The file is made again by ``scripts/priors``; it holds counts, no row of any log.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
from scipy.optimize import isotonic_regression

from aftershock.errors import InputError, Problem
from aftershock.model.evidence import EVIDENCE, Evidence

SHIPPED = Path(__file__).with_name("priors.json")
MOST_RATIO = 1e3  # of a bin: what is rarer among innocent pairs than this can tell is no proof
PSEUDO = 4.0  # culprits per bin that the judgement counts for against counted ones
LEARNED = ("words", "nature", "size", "touched again")  # the rest needs what few logs with known causes have


@dataclass(frozen=True)
class Priors:
    """``ratios``: per piece of EVIDENCE the prior ratio of each bin; ``made_from``: names of the logs that taught them."""

    ratios: tuple[np.ndarray, ...]
    made_from: tuple[str, ...] = ()


def judged() -> Priors:
    """The judgements alone: no log has taught them."""
    return Priors(tuple(np.array(evidence.prior) for evidence in EVIDENCE))


@cache
def shipped(leaving_out: str = "") -> Priors:
    """The priors that come with the package, without what the log of that name taught them."""
    return read(SHIPPED, leaving_out=(leaving_out,))


def read(path: Path, leaving_out: Collection[str] = ()) -> Priors:
    """Priors from a file of counts; raises InputError where it is not one, or was made for other bins."""
    try:
        logs = json.loads(path.read_text(encoding="utf-8"))["made_from"]
        counted = {log["dataset"]: log["evidence"] for log in logs if log["dataset"] not in leaving_out}
        tables = {
            name: [_counts(log, name) for log in counted.values() if name in log] for name in (e.name for e in EVIDENCE)
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError.of(
            Problem(
                path.name,
                None,
                None,
                error.strerror if isinstance(error, OSError) and error.strerror else f"{type(error).__name__}: {error}",
                "a file of counts as scripts/priors makes it",
                "Make it again with scripts/priors, or give --priors none for the judgements alone.",
                "unreadable_record",
            )
        ) from error
    return Priors(tuple(_ratio(evidence, tables[evidence.name]) for evidence in EVIDENCE), tuple(counted))


def adapted_to_log(priors: Priors, nulls: Sequence[np.ndarray], bins: np.ndarray) -> Priors:
    """The priors with the ratios that follow from a share of culprits and from how rare a bin is in this log.

    ``nulls``: per evidence, shares of its bins among innocent pairs, (strata, bins); ``bins``: of all pairs, (evidence, pairs).
    """
    ratios = list(priors.ratios)
    for e, evidence in enumerate(EVIDENCE):
        last, usual = len(evidence.bins) - 1, nulls[e].mean(axis=0)
        if evidence.last_share:
            rest = usual[:last] @ ratios[e][:last]
            ratio = evidence.last_share / (1 - evidence.last_share) * rest / max(usual[last], 1e-12)
            told = (bins[e] == last).any()
            ratios[e] = np.append(ratios[e][:last], np.clip(ratio, evidence.prior[last], MOST_RATIO) if told else 1.0)
    return replace(priors, ratios=tuple(ratios))


def _counts(log: dict, name: str) -> np.ndarray:
    """(culprits, expected) per bin of one log's evidence, (2, bins); ValueError where they are not of these bins."""
    evidence = next(e for e in EVIDENCE if e.name == name)
    table = np.array([log[name]["culprits"], log[name]["expected"]], dtype=float)
    if table.shape != (2, len(evidence.bins)) or not (np.isfinite(table).all() and (table >= 0).all()):
        raise ValueError(f"{name!r} needs {len(evidence.bins)} counts per row, none negative")
    return table


def _ratio(evidence: Evidence, tables: list[np.ndarray]) -> np.ndarray:
    prior = np.array(evidence.prior)
    if not tables:
        return prior
    culprits, expected = np.sum(tables, axis=0)
    ratio = (culprits + PSEUDO) / (expected + PSEUDO / prior)
    return in_order(evidence, ratio, expected + PSEUDO / prior)


def in_order(evidence: Evidence, ratio: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The nearest ratios that rise where those of the evidence must: isotonic regression of their logarithms."""
    if not evidence.order:
        return ratio
    known = np.log(np.maximum(ratio[1:], 1e-12))
    rising = isotonic_regression(known, weights=np.maximum(weights[1:], 1e-12)).x
    return np.append(ratio[:1], np.exp(rising))
