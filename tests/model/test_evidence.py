"""What speaks for or against a candidate, each piece worked out by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import toy

from aftershock import attribute, load
from aftershock.model.evidence import EVIDENCE, TAKEN_BACK_SHARE, Evidence, touched_again
from aftershock.model.priors import adapted_to_log, in_order, judged

HOUR = "2024-01-01 {:02d}:00"


def changes(*rows: dict):
    """Changes an hour apart, from midnight on."""
    return toy.changes(*({"change_id": f"c{n}", "started_at": HOUR.format(n), **row} for n, row in enumerate(rows)))


def hour(n: int) -> float:
    return toy.utc(HOUR.format(n)).timestamp() / 3600


def test_touched_again_is_the_next_touch_of_the_same_author_and_file():
    table = changes(
        {"author": "a", "paths": ["x", "y"]},
        {"author": "b", "paths": ["x"]},
        {"author": "a", "paths": ["y"]},
        {"author": "", "paths": ["x"]},
        {"author": "a", "paths": []},
    )
    assert touched_again(table).tolist()[:3] == [hour(2), math.inf, math.inf]
    assert np.isnan(touched_again(table)[3:]).all()


def test_a_repair_counts_only_where_the_log_may_be_read_after_the_fact(write):
    """The change to checkout is taken back half an hour after the outage began: as of the onset nobody could know."""
    ordinary = (
        "change_id,started_at,kind,services,title\nc1,2024-01-10T11:30Z,deploy,checkout,Raise the limit\n"
        "c2,2024-01-10T11:20Z,deploy,checkout,Move the cache\nc3,2024-01-10T12:30Z,deploy,checkout,{}\n"
        "c4,2024-02-20T11:30Z,deploy,search,Add a column\n"
    )
    plain = load(write(changes=ordinary.format("Polish")))
    repaired = load(write(changes=ordinary.format('"Revert ""Raise the limit"""')))

    def bins(dataset, **how):
        seen, back = attribute(dataset, **how).seen, [e.name for e in EVIDENCE].index("taken back")
        return seen.bins[back][seen.pairs.incident == 0].tolist()

    def of(dataset):
        return attribute(dataset).suspects("i1").set_index("change_id")["probability"]

    assert of(repaired)["c1"] > of(plain)["c1"] + 0.05
    assert bins(repaired) == [0, 2] and bins(plain) == bins(repaired, as_of_onset=True) == [0, 0]


def test_a_share_of_culprits_is_taken_back_however_rare_that_is_among_the_innocent():
    """Of 1,000 innocent pairs 30 are taken back during the incident: a quarter of culprits is 11 times as many, and among
    all pairs the ratios average to what they are relative to those not taken back."""
    e = [one.name for one in EVIDENCE].index("taken back")
    nulls = [np.full(len(one.bins), 1 / len(one.bins)) for one in EVIDENCE]
    nulls[e] = np.array([0.97, 0.0, 0.03])
    bins = np.zeros((len(EVIDENCE), 5), dtype=int)
    bins[e, 0] = 2
    ratio = adapted_to_log(judged(), nulls, bins).ratios[e]
    culprits = nulls[e] * ratio
    assert culprits / culprits.sum() == pytest.approx([1 - TAKEN_BACK_SHARE, 0, TAKEN_BACK_SHARE])
    assert adapted_to_log(judged(), nulls, np.zeros_like(bins)).ratios[e].tolist() == [1.0, 0.3, 1.0], (
        "nothing was: it is silent"
    )
    nulls[e] = np.array([0.5, 0.0, 0.5])
    assert adapted_to_log(judged(), nulls, bins).ratios[e][2] <= EVIDENCE[e].prior[2], (
        "where all is taken back it says little"
    )


# learning


def test_ratios_that_must_rise_are_pooled_where_they_fall():
    rising = Evidence("x", ("unknown", "little", "more", "most"), (1.0,) * 4, order=1)
    found = in_order(rising, np.array([5.0, 1.0, 4.0, 1.0]), np.array([1.0, 1.0, 1.0, 1.0]))
    assert found == pytest.approx([5, 1, 2, 2])
    free = replace(rising, order=0)
    assert in_order(free, np.array([5.0, 1.0, 4.0, 1.0]), np.ones(4)).tolist() == [5, 1, 4, 1]


def test_pooling_and_prior_shares_are_those_that_scipy_finds():
    from scipy.optimize import brentq, isotonic_regression

    rising = Evidence("x", ("unknown", "b", "c", "d", "e", "f"), (1.0,) * 6, order=1)
    draws = np.random.default_rng(7)
    for _ in range(50):
        ratio, weights = np.exp(draws.normal(size=6)), draws.exponential(size=6)
        expected = np.exp(isotonic_regression(np.log(ratio[1:]), weights=weights[1:]).x)
        assert in_order(rising, ratio, weights)[1:] == pytest.approx(expected, rel=1e-12)
    for evidence in (e for e in EVIDENCE if min(e.prior) < 1 < max(e.prior)):
        prior = np.array(evidence.prior)
        tilt = brentq(lambda t, p=prior: (p**-t / (p**-t).sum()) @ p - 1, -20, 20)
        assert evidence.rarity == pytest.approx(prior**-tilt / (prior**-tilt).sum(), rel=1e-9)


def test_bins_and_priors_of_every_piece_of_evidence_match():
    for one in EVIDENCE:
        assert len(one.bins) == len(one.prior), one.name
        assert not one.order or list(one.prior[1:]) == sorted(one.prior[1:]), one.name
