"""How pairs that are no culprits look: the denominator of every likelihood ratio.

The words of a configuration change resemble those of an incident on its service whether or not it set it off, because
both name the service. So what evidence is worth is measured among pairs alike in what is known already: the kind of change and its
relation to the incident, or its relation and delay.
"""

from __future__ import annotations

import numpy as np

from aftershock.candidates import Pairs
from aftershock.delays import DelayGrid
from aftershock.evidence import EVIDENCE, Evidence
from aftershock.services import RELATIONS
from aftershock.tables import KINDS

DELAY_CLASSES = 8
LEAN_ON_RELATION, LEAN_ON_ALL = 20.0, 5.0  # pseudo-pairs that a thin stratum borrows from a broader one


def stratum(evidence: Evidence, pairs: Pairs, kind: np.ndarray, grid: DelayGrid) -> np.ndarray:
    """The stratum of each pair for one piece of evidence; ``kind`` counts in KINDS."""
    relation = pairs.relation.astype(np.int64)
    if "kind" in evidence.strata:
        return relation * len(KINDS) + kind
    x = np.log1p(pairs.middle / grid.hours[1]) / np.log1p(grid.horizon / grid.hours[1])
    return relation * DELAY_CLASSES + np.minimum((x * DELAY_CLASSES).astype(np.int64), DELAY_CLASSES - 1)


def null_tables(pairs: Pairs, bins: np.ndarray, kind: np.ndarray, grid: DelayGrid) -> tuple[np.ndarray, ...]:
    """:func:`null_table` of every piece of evidence, from pairs that are no culprits; ``bins``: (evidence, pairs)."""
    return tuple(null_table(ev, stratum(ev, pairs, kind, grid), bins[e]) for e, ev in enumerate(EVIDENCE))


def null_table(evidence: Evidence, layer: np.ndarray, bins: np.ndarray) -> np.ndarray:
    """Share of each bin per stratum, (strata, bins); a thin stratum leans on its relation, and that on all pairs."""
    inner, count = len(KINDS) if "kind" in evidence.strata else DELAY_CLASSES, len(evidence.bins)
    shape = (len(RELATIONS), inner, count)
    table = np.bincount(layer * count + bins, minlength=np.prod(shape)).reshape(shape).astype(float)
    overall = table.sum(axis=(0, 1)) + 0.5
    by_relation = table.sum(axis=1) + LEAN_ON_ALL * overall / overall.sum()
    table += LEAN_ON_RELATION * (by_relation / by_relation.sum(axis=1, keepdims=True))[:, None, :]
    return (table / table.sum(axis=2, keepdims=True)).reshape(-1, count)
