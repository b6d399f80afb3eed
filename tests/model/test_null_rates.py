"""How innocent pairs look: the product of all ratios is 1 on average among them, however its factors go together."""

from __future__ import annotations

import numpy as np
import pytest

from aftershock.model.evidence import EVIDENCE
from aftershock.model.null_rates import DELAY_CLASSES, ENOUGH_PAIRS, GROWING, STEADY, SUSPECTED, NullRates, null_table
from aftershock.model.service_graph import RELATIONS

GROUPS = 2
RNG = np.random.default_rng(5)
RATIOS = tuple(np.exp(RNG.normal(0, 1, len(e.bins))) for e in EVIDENCE)


def innocent(pairs: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(strata, layers, bins): two groups, of which in the second two pieces of evidence always go together."""
    relation, group = rng.integers(0, len(RELATIONS), pairs), rng.integers(0, GROUPS, pairs)
    bins = np.array([rng.integers(0, len(e.bins), pairs) for e in EVIDENCE])
    first, second = STEADY[:2]
    together = group == 1
    bins[second, together] = bins[first, together] % len(EVIDENCE[second].bins)
    return relation * GROUPS + group, relation * DELAY_CLASSES + rng.integers(0, DELAY_CLASSES, pairs), bins


def test_the_product_of_innocent_pairs_is_one_on_average_per_stratum():
    strata, layers, bins = innocent(60_000, np.random.default_rng(1))
    null = NullRates.of(strata, layers, bins, GROUPS, np.arange(len(strata)))
    product = np.ones(len(strata))
    for e, ratio in enumerate(RATIOS):
        if EVIDENCE[e].last_share:
            continue  # each table holds its average at 1
        product *= np.exp(null.growing_logs(e, ratio))[layers, bins[e]] if e in GROWING else ratio[bins[e]]
    counts = np.bincount(strata, minlength=len(RELATIONS) * GROUPS)
    before = np.bincount(strata, weights=product) / counts
    after = np.bincount(strata, weights=product / null.normaliser(RATIOS)[strata]) / counts
    assert np.abs(np.log(before)).max() > 0.2, "there is something to normalise"
    assert after == pytest.approx(1, abs=0.05)


def test_a_change_that_was_not_taken_back_is_a_weaker_suspect():
    """Copies are never taken back, so what they show of it must not be made 1 again: it would take away what its being left
    in place says."""
    strata, layers, bins = innocent(5000, np.random.default_rng(6))
    e = next(k for k, one in enumerate(EVIDENCE) if one.last_share)
    bins[e] = 0
    null = NullRates.of(strata, layers, bins, GROUPS, np.arange(len(strata)))
    telling = tuple(np.array([0.75, 0.3, 25.0]) if k == e else r for k, r in enumerate(RATIOS))
    silent = tuple(np.ones(3) if k == e else r for k, r in enumerate(RATIOS))
    assert np.exp(null.growing_logs(e, telling[e]))[layers, bins[e]] == pytest.approx(0.76, abs=0.03)
    assert null.normaliser(telling) == pytest.approx(null.normaliser(silent))


def test_evidence_that_grows_is_one_on_average_per_layer():
    strata, layers, bins = innocent(60_000, np.random.default_rng(2))
    null = NullRates.of(strata, layers, bins, GROUPS, np.arange(len(strata)))
    for e in GROWING:
        ratio = np.exp(null.growing_logs(e, RATIOS[e]))
        assert (null.tables[e] * ratio).sum(axis=1) == pytest.approx(1)


def test_pairs_that_look_alike_are_counted_once():
    strata, layers, bins = innocent(40, np.random.default_rng(3))
    twice = NullRates.of(np.tile(strata, 2), np.tile(layers, 2), np.tile(bins, 2), GROUPS, np.tile(np.arange(40), 2))
    assert twice.counts.sum() == 80
    assert len(twice.counts) <= 40
    rows = np.vstack([twice.strata, twice.layers, twice.bins])
    assert len(np.unique(rows, axis=1).T) == len(twice.counts)


def test_copies_of_one_pair_are_one_witness():
    """Eighty pairs of one stratum, which are 26 copies each of four: a mean over them rests on four."""
    strata, layers, bins = innocent(80, np.random.default_rng(4))
    strata = np.zeros_like(strata)
    few, many = (NullRates.of(strata, layers, bins, GROUPS, same) for same in (np.arange(80) % 4, np.arange(80)))
    assert few.distinct[0] == 4 and many.distinct[0] == 80
    assert few.distinct[1:].sum() == 0
    whole = np.log(many.normaliser(RATIOS)[0]) * (80 + ENOUGH_PAIRS) / 80
    assert np.log(few.normaliser(RATIOS)[0]) == pytest.approx(whole * 4 / (4 + ENOUGH_PAIRS))


def test_a_stratum_without_pairs_says_nothing_and_a_thin_one_little():
    nothing = NullRates.unknown(GROUPS)
    assert nothing.normaliser(RATIOS) == pytest.approx(1)
    strata, layers, bins = innocent(2000, np.random.default_rng(6))
    kept = (strata != 3) | (np.arange(len(strata)) == np.flatnonzero(strata == 3)[0])
    null = NullRates.of(strata[kept], layers[kept], bins[:, kept], GROUPS, np.arange(kept.sum()))
    logs = np.log(null.normaliser(RATIOS))
    assert null.distinct[3] == 1 and abs(logs[3]) < 0.1
    assert np.isfinite(logs).all()


def test_what_is_usual_is_a_share_of_bins():
    strata, layers, bins = innocent(5000, np.random.default_rng(7))
    for usual in NullRates.of(strata, layers, bins, GROUPS, np.arange(5000)).usual:
        assert usual.sum() == pytest.approx(1, abs=0.01)
        assert (usual > 0).all()


def test_innocent_changes_are_suspected_more_often_than_moved_copies_show():
    """Nothing was ever taken back during a copy: the null still holds a share of changes that people take back by mistake."""
    e = next(one for one in EVIDENCE if one.name == "taken back")
    null = null_table(e, np.zeros(100_000, dtype=int), np.zeros(100_000, dtype=int))
    assert null[:, 2] == pytest.approx(SUSPECTED, rel=0.05)
    assert null.sum(axis=1) == pytest.approx(1)


def test_before_any_innocent_pair_was_looked_at_no_evidence_tells_on_average():
    """Bins are as rare as their prior ratios say, so what a candidate without telling words loses stays small: with every bin
    as frequent as the others, the ratio of 300 for many rare words would cost it a factor of fifty."""
    unknown = NullRates.unknown(4)
    priors = tuple(np.array(e.prior) for e in EVIDENCE)
    for evidence, usual, prior in zip(EVIDENCE, unknown.usual, priors, strict=True):
        assert (usual > 0).all() and usual.sum() == pytest.approx(1)
        assert usual @ prior == pytest.approx(1, rel=0.05)
        assert usual == pytest.approx(evidence.rarity, abs=0.02)
    assert unknown.normaliser(priors) == pytest.approx(1)


def test_a_bin_that_is_worth_more_is_rarer():
    for evidence in EVIDENCE:
        order = np.argsort(evidence.prior, kind="stable")
        assert (np.diff(evidence.rarity[order]) <= 1e-12).all()
