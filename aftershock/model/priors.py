"""What evidence is worth before a log has taught anything, learned from logs with known causes.

``priors.json`` holds the bins of each piece of evidence and, per such log, how culprits fall into them and how as many innocent
pairs like them would. The prior ratio of a bin is the judgement of :mod:`aftershock.model.evidence`, which counts for PSEUDO
culprits, sharpened by these counts. A file that was counted in other bins is refused.

Whoever has logs with known causes can make the file again: ``scripts/priors FOLDER…`` reads dataset folders that hold a
``labels.csv`` (:mod:`aftershock.model.validation.known_causes`) and writes counts, no row of any log.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import zip_longest
from pathlib import Path

import numpy as np

from aftershock.model.evidence import EVIDENCE, WORDS, WORDS_EDGES, Evidence
from aftershock.model.risk import NATURE, SIZE
from aftershock.schema.errors import InputError, Problem

SHIPPED = Path(__file__).with_name("priors.json")
MOST_RATIO = (
    1e3  # of a bin; a judgement: how much rarer than this a bin is among innocent pairs, no log is large enough to tell
)
PSEUDO = 4.0  # culprits per bin that the judgement counts for against counted ones; itself a judgement
LEARNED = ("words", "nature", "size", "touched again")  # the others need what few logs with known causes record
MOST_SHARE = 0.5  # of culprits in a bin whose ratio is above 1, before a log has taught anything: a judgement
COUNTABLE = (*EVIDENCE, NATURE, SIZE)
REMEDY = "Make it again with scripts/priors, or give --priors none for the judgements alone."


@dataclass(frozen=True)
class Priors:
    """``ratios``: per piece of EVIDENCE the prior ratio of each bin; ``factors``: by name, the prior factor of each level of the
    features NATURE and SIZE; ``made_from``: names of the logs that taught them."""

    ratios: tuple[np.ndarray, ...]
    factors: dict[str, np.ndarray]
    made_from: tuple[str, ...] = ()


def _priors(ratios: dict[str, np.ndarray], made_from: tuple[str, ...] = ()) -> Priors:
    return Priors(tuple(ratios[e.name] for e in EVIDENCE), {e.name: ratios[e.name] for e in (NATURE, SIZE)}, made_from)


def judged() -> Priors:
    """The judgements alone: no log has taught them."""
    return _priors({e.name: np.array(e.prior) for e in COUNTABLE})


@cache
def shipped(leaving_out: str = "") -> Priors:
    """The priors that come with the package, without what the log of that name taught them."""
    return read(SHIPPED, leaving_out=(leaving_out,))


def read(path: Path, leaving_out: Collection[str] = ()) -> Priors:
    """Priors from a file of counts, without the logs named; InputError where it is not one, or was counted in other bins."""
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        logs = {log["dataset"]: log["evidence"] for log in held["made_from"] if log["dataset"] not in leaving_out}
        names = [e.name for e in COUNTABLE if any(e.name in log for log in logs.values())]
        other = _other_bins(held.get("bins", {}), names)
        tables = {} if other else {name: [_counts(log, name) for log in logs.values() if name in log] for name in names}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else f"{type(error).__name__}: {error}"
        raise _refused(path, why, "a file of counts as scripts/priors makes it") from error
    if other:
        raise _refused(path, *other)
    return _priors({e.name: _ratio(e, tables.get(e.name, [])) for e in COUNTABLE}, tuple(logs))


def _refused(path: Path, found: str, expected: str) -> InputError:
    return InputError.of(Problem(path.name, None, None, found, expected, REMEDY, "unreadable_record"))


def bins_of(evidence: Evidence) -> list[float] | list[str]:
    """What the counts of a piece of evidence are counted in: the edges of words in nats, of all else the bins' names."""
    return list(WORDS_EDGES) if evidence.name == WORDS else list(evidence.bins)


def _other_bins(held: dict[str, list], names: Sequence[str]) -> tuple[str, str] | None:
    """(found, expected) of the first piece of evidence that was counted in other bins than this version's; None for none."""
    for evidence in COUNTABLE:
        mine, theirs = bins_of(evidence), list(held.get(evidence.name, ()))
        if evidence.name not in names or mine == theirs:
            continue
        if not theirs:
            return f"no bins for {evidence.name!r}", "the bins that its counts are of, as scripts/priors writes them"
        pairs = enumerate(zip_longest(theirs, mine, fillvalue="nothing"), start=1)
        place, (there, here) = next((n, pair) for n, pair in pairs if pair[0] != pair[1])
        return (
            f"{evidence.name!r} counted in other bins: {there!r} at place {place}",
            f"{here!r}, as this version counts",
        )
    return None


def adapted_to_log(priors: Priors, usual: Sequence[np.ndarray], bins: np.ndarray) -> Priors:
    """The priors with the ratios that follow from a known share of culprits and from how rare a bin is in this log.

    ``usual``: per evidence, shares of its bins among innocent pairs; ``bins``: of all pairs, (evidence, pairs).
    """
    ratios = list(priors.ratios)
    for e, evidence in enumerate(EVIDENCE):
        last = len(evidence.bins) - 1
        if evidence.last_share:
            rest = usual[e][:last] @ ratios[e][:last]
            ratio = evidence.last_share / (1 - evidence.last_share) * rest / max(usual[e][last], 1e-12)
            ever = (bins[e] == last).any()
            ratios[e] = np.append(ratios[e][:last], max(ratio, evidence.prior[last]) if ever else 1.0)
        # what many innocent pairs show cannot be far more frequent among culprits
        ratios[e] = np.minimum(ratios[e], np.maximum(1.0, MOST_SHARE / np.maximum(usual[e], 1e-12)))
    return replace(priors, ratios=tuple(ratios))


def _counts(log: dict, name: str) -> np.ndarray:
    """(culprits, expected) per bin of one log's evidence, (2, bins); ValueError where they are not of these bins."""
    evidence = next(e for e in COUNTABLE if e.name == name)
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
    return np.append(ratio[:1], np.exp(_rising(known, np.maximum(weights[1:], 1e-12))))


def _rising(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The nearest values that never fall: neighbours that do share their mean. scipy's takes a tenth of a second to import."""
    pools: list[tuple[float, float, int]] = []
    for value, weight in zip(values, weights, strict=True):
        pool = (value, weight, 1)
        while pools and pools[-1][0] >= pool[0]:
            (a, m, i), (b, n, j) = pools.pop(), pool
            pool = ((a * m + b * n) / (m + n), m + n, i + j)
        pools.append(pool)
    return np.repeat([p[0] for p in pools], [p[2] for p in pools])
