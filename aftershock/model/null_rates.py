"""How pairs that are no culprits look: the denominator of every likelihood ratio.

The words of a configuration change resemble those of an incident on its service whether or not it set it off, because both name the
service; and what a machine changes every night comes with the same words every time. So what evidence is worth is measured
among pairs of the same relation and of the same group of changes (their kind, and whether they are routine), and *jointly*: the
product of all ratios has the mean 1 over innocent pairs of a group, however its factors go together. Evidence that grows
with time (the older a change, the likelier that its files were touched since) is measured among pairs of like delay besides.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from aftershock.model.candidates import Pairs
from aftershock.model.delays import TAU, DelayGrid
from aftershock.model.evidence import EVIDENCE, HARDLY_ANY, Evidence
from aftershock.model.service_graph import RELATIONS, UNRELATED

DELAY_CLASSES = 8  # classes of delay between which evidence that grows is told apart: a judgement
SUSPECTED = 0.01  # share of innocent candidates that are taken back by mistake, a judgement; moved copies have none
ENOUGH_PAIRS = 50.0  # different innocent pairs of a stratum of which half of their mean is believed: a judgement
LEAN_ON_RELATION = 20.0  # pairs that a stratum borrows from its relation; a judgement
LEAN_ON_ALL = 5.0  # pairs that a relation borrows from all; a judgement
PER_BIN = 0.5  # pairs per bin that what is known beforehand of its rarity counts for: Jeffreys' choice
GROWING = tuple(e for e, evidence in enumerate(EVIDENCE) if evidence.grows)
STEADY = tuple(e for e, evidence in enumerate(EVIDENCE) if not evidence.grows)


def delay_layers(pairs: Pairs, grid: DelayGrid) -> np.ndarray:
    """Stratum of each pair by relation and class of delay, (pairs,)."""
    place = np.log1p(np.maximum(pairs.middle, 0.0) / TAU) / grid.nodes[-1] * DELAY_CLASSES
    return pairs.relation.astype(np.int64) * DELAY_CLASSES + np.minimum(place.astype(np.int64), DELAY_CLASSES - 1)


def group_strata(pairs: Pairs, group: np.ndarray, groups: int) -> np.ndarray:
    """Stratum of each pair by relation and group of its change, (pairs,); ``group`` (changes,)."""
    return pairs.relation.astype(np.int64) * groups + group[pairs.change]


@dataclass(frozen=True)
class NullRates:
    """Innocent pairs, those that look alike counted once.

    ``strata`` (rows,): by relation and group; ``layers`` (rows,): by relation and delay; ``bins`` (evidence, rows); ``counts``
    (rows,); ``groups``: how many there are; ``distinct`` (strata,): different incidents and changes among the pairs of each
    stratum, which is what a mean over them rests on; ``tables``: per piece of evidence that grows, the share of each bin per layer.
    """

    strata: np.ndarray
    layers: np.ndarray
    bins: np.ndarray
    counts: np.ndarray
    groups: int
    distinct: np.ndarray
    tables: dict[int, np.ndarray]

    @classmethod
    def of(cls, strata: np.ndarray, layers: np.ndarray, bins: np.ndarray, groups: int, same: np.ndarray) -> NullRates:
        """``strata``, ``layers`` (pairs,), ``bins`` (evidence, pairs) of pairs that are no culprits; ``same`` (pairs,): a number
        that copies of one pair have in common."""
        one_of_each = np.unique(same, return_index=True)[1]
        distinct = np.bincount(strata[one_of_each], minlength=len(RELATIONS) * groups)
        tables = {e: null_table(EVIDENCE[e], layers, bins[e]) for e in GROWING}
        rows = [strata, layers, *bins]
        size = [int(row.max(initial=0)) + 1 for row in rows]
        code = np.zeros(len(strata), dtype=np.int64)
        for row, levels in zip(rows, size, strict=True):
            code = code * levels + row
        unique, counts = np.unique(code, return_counts=True)
        back = np.array(np.unravel_index(unique, tuple(size))).reshape(len(size), -1)
        return cls(back[0], back[1], back[2:], counts.astype(float), groups, distinct, tables)

    @classmethod
    def unknown(cls, groups: int) -> NullRates:
        """Before any innocent pair was looked at."""
        nothing = np.zeros(0, dtype=np.int64)
        return cls.of(nothing, nothing, np.zeros((len(EVIDENCE), 0), dtype=np.int64), groups, nothing)

    @cached_property
    def usual(self) -> list[np.ndarray]:
        """Share of each bin among innocent pairs, per piece of evidence: each stratum counts the same."""
        tables = (self.tables[e] if e in self.tables else self._leaned(e, self.counts) for e in range(len(EVIDENCE)))
        return [table.mean(axis=0) for table in tables]

    def growing_logs(self, e: int, ratio: np.ndarray) -> np.ndarray:
        """Log ratio of evidence ``e`` per (layer, bin), 1 on average within each layer."""
        return np.log(ratio)[None, :] - np.log(self.tables[e] @ ratio)[:, None]

    def products(self, ratios: tuple[np.ndarray, ...]) -> np.ndarray:
        """The product of the ratios of each row, before it is normalised. Not of what is taken back by mistake: copies never
        are, so that :func:`null_table` alone makes it 1 on average."""
        total = np.zeros(len(self.counts))
        for e, ratio in enumerate(ratios):
            if EVIDENCE[e].last_share:
                continue
            if e in self.tables:
                total += self.growing_logs(e, ratio)[self.layers, self.bins[e]]
            else:
                total += np.log(ratio)[self.bins[e]]
        return np.exp(total)

    def normaliser(self, ratios: tuple[np.ndarray, ...]) -> np.ndarray:
        """Mean of the product per stratum, (strata,); a thin stratum leans on its relation, and that on all. A mean over few
        different pairs is mostly chance, so it counts for as much of its logarithm as they are of ENOUGH_PAIRS more."""
        mean = self.expected(STEADY[0], ratios) @ ratios[STEADY[0]]
        return mean ** (self.distinct / (self.distinct + ENOUGH_PAIRS))

    def unlisted(self, ratios: tuple[np.ndarray, ...]) -> np.ndarray:
        """What all evidence comes to on average for innocent pairs that a large log does not list, (strata,): without a relation
        or a telling word, and not taken back meanwhile."""
        logs = np.zeros(len(self.counts))
        for e, ratio in enumerate(ratios):
            logs += (
                self.growing_logs(e, ratio)[self.layers, self.bins[e]]
                if e in self.tables
                else np.log(ratio)[self.bins[e]]
            )
        size = len(RELATIONS) * self.groups
        plain = (self.bins[0] <= HARDLY_ANY) & (self.strata >= UNRELATED * self.groups)
        weight = np.where(plain, self.counts, 0.0)
        value = np.exp(logs) / self.normaliser(ratios)[self.strata]
        usual = float(weight @ value) / weight.sum() if weight.any() else 1.0
        sums = np.bincount(self.strata, weights=weight * value, minlength=size) + LEAN_ON_ALL * usual
        return sums / (np.bincount(self.strata, weights=weight, minlength=size) + LEAN_ON_ALL)

    def _leaned(self, e: int, weights: np.ndarray) -> np.ndarray:
        """Share of each bin of evidence ``e`` per stratum with rows weighted, (strata, bins); thin ones borrow."""
        count, shape = len(EVIDENCE[e].bins), (len(RELATIONS), self.groups)
        cells = np.bincount(self.strata * count + self.bins[e], weights=weights, minlength=shape[0] * shape[1] * count)
        table = cells.reshape(*shape, count)
        usual_weight = weights.sum() / self.counts.sum() if len(weights) else 1.0
        overall = table.sum(axis=(0, 1)) + PER_BIN * count * usual_weight * EVIDENCE[e].rarity
        by_relation = table.sum(axis=1) + LEAN_ON_ALL * overall / (self.counts.sum() + PER_BIN * count)
        scale = np.bincount(self.strata, weights=self.counts, minlength=shape[0] * shape[1]).reshape(shape)
        per = by_relation / (scale.sum(axis=1) + LEAN_ON_ALL)[:, None]
        table = (table + LEAN_ON_RELATION * per[:, None, :]) / (scale + LEAN_ON_RELATION)[:, :, None]
        return table.reshape(-1, count)

    def expected(self, e: int, ratios: tuple[np.ndarray, ...]) -> np.ndarray:
        """What an innocent pair of each stratum would give per bin of steady evidence ``e``, weighed by what all other evidence
        says of it, (strata, bins): ``expected @ ratio`` is the normaliser."""
        product = self.products(ratios) / ratios[e][self.bins[e]]
        return self._leaned(e, product * self.counts)


def null_table(evidence: Evidence, layer: np.ndarray, bins: np.ndarray) -> np.ndarray:
    """Share of each bin per layer, (layers, bins); a thin layer leans on its relation, and that on all pairs."""
    count = len(evidence.bins)
    shape = (len(RELATIONS), DELAY_CLASSES, count)
    table = np.bincount(layer * count + bins, minlength=int(np.prod(shape))).reshape(shape).astype(float)
    overall = table.sum(axis=(0, 1)) + PER_BIN * count * evidence.rarity
    by_relation = table.sum(axis=1) + LEAN_ON_ALL * overall / overall.sum()
    table += LEAN_ON_RELATION * (by_relation / by_relation.sum(axis=1, keepdims=True))[:, None, :]
    table /= table.sum(axis=2, keepdims=True)
    if evidence.last_share:
        table[..., -1] += SUSPECTED
        table /= 1 + SUSPECTED
    return table.reshape(-1, count)
