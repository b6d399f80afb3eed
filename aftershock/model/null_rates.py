"""How pairs that are no culprits look: the denominator of every likelihood ratio.

The words of a configuration change resemble those of an incident on its service whether or not it set it off, because
both name the service. So what evidence is worth is measured among pairs of the same kind of change and the same relation;
and where evidence grows with time (the older a change, the likelier that its files were touched since), of the same delay.
"""

from __future__ import annotations

import numpy as np

from aftershock.model.candidates import Pairs
from aftershock.model.delays import TAU, DelayGrid
from aftershock.model.evidence import EVIDENCE, Evidence
from aftershock.model.service_graph import RELATIONS
from aftershock.schema.tables import KINDS

DELAY_CLASSES = 8  # classes of delay by which evidence that comes with time is stratified
SUSPECTED = 0.005  # share of innocent candidates that are taken back by mistake; moved copies have none
LEAN_ON_RELATION = 20.0  # pairs that a stratum borrows from its relation; a judgement
LEAN_ON_ALL = 5.0  # pairs that a relation borrows from all; a judgement


def layers(pairs: Pairs, kind: np.ndarray, grid: DelayGrid) -> list[np.ndarray]:
    """The stratum of each pair for each piece of evidence; ``kind`` counts in KINDS."""
    relation = pairs.relation.astype(np.int64)
    by_kind = relation * len(KINDS) + kind
    place = np.log1p(pairs.middle / TAU) / grid.nodes[-1] * DELAY_CLASSES
    by_delay = relation * DELAY_CLASSES + np.minimum(place.astype(np.int64), DELAY_CLASSES - 1)
    return [by_delay if evidence.grows else by_kind for evidence in EVIDENCE]


def null_tables(layers: list[np.ndarray], bins: np.ndarray) -> tuple[np.ndarray, ...]:
    """:func:`null_table` of every piece of evidence, from pairs that are no culprits; ``bins``: (evidence, pairs)."""
    return tuple(null_table(evidence, layers[e], bins[e]) for e, evidence in enumerate(EVIDENCE))


def null_table(evidence: Evidence, layer: np.ndarray, bins: np.ndarray) -> np.ndarray:
    """Share of each bin per stratum, (strata, bins); a thin stratum leans on its relation, and that on all pairs."""
    inner, count = DELAY_CLASSES if evidence.grows else len(KINDS), len(evidence.bins)
    shape = (len(RELATIONS), inner, count)
    table = np.bincount(layer * count + bins, minlength=np.prod(shape)).reshape(shape).astype(float)
    overall = table.sum(axis=(0, 1)) + 0.5
    by_relation = table.sum(axis=1) + LEAN_ON_ALL * overall / overall.sum()
    table += LEAN_ON_RELATION * (by_relation / by_relation.sum(axis=1, keepdims=True))[:, None, :]
    table /= table.sum(axis=2, keepdims=True)
    if evidence.last_share:
        table[..., -1] += SUSPECTED
        table /= 1 + SUSPECTED
    return table.reshape(-1, count)
