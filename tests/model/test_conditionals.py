"""Draws of each part of the model given the origins: against closed forms, planted truth, and how often intervals hold."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import toy
from scipy import stats

from aftershock.model import conditionals
from aftershock.model.candidates import CandidateFinder
from aftershock.model.conditionals import draw_curves, draw_relations, draw_rhythm, draw_service_shares, first_curves
from aftershock.model.delays import DelayGrid, smooth
from aftershock.model.parameters import RELATION_PSEUDO, RELATION_SHARES
from aftershock.model.service_graph import UNKNOWN, ServiceGraph

GRID = DelayGrid(72.0)
HALVES = np.full((1, GRID.size), 1 / GRID.size)


def culprits_after(hours: np.ndarray, kind: int | np.ndarray = 0) -> SimpleNamespace:
    """What the draws of curves read: one culprit of a kind per delay."""
    hours = np.asarray(hours, dtype=float)
    return SimpleNamespace(
        kind=np.broadcast_to(kind, hours.shape),
        pairs=SimpleNamespace(densities=GRID.densities(hours, hours, np.zeros(len(hours)))),
    )


def drawn_masses(seen: SimpleNamespace, kinds: int, rng: np.random.Generator, draws: int = 150) -> np.ndarray:
    curves, kept = first_curves(GRID, np.repeat(HALVES, kinds, axis=0)), []
    for step in range(40 + draws):
        curves = draw_curves(seen, curves, np.arange(len(seen.kind)), rng)
        if step >= 40:
            kept.append(curves.masses)
    return np.array(kept)


def test_the_likelihood_of_counts_is_that_of_a_dirichlet_multinomial():
    """scipy.stats.dirichlet_multinomial has the number of orders besides, which is the same for every prior."""
    counts, priors = np.array([3, 0, 5]), np.array([[0.5, 1.0, 2.0], [4.0, 0.1, 1.0]])
    ours = conditionals._polya(counts, priors)
    theirs = [stats.dirichlet_multinomial(prior, 8).logpmf(counts) for prior in priors]
    assert ours[0] - ours[1] == pytest.approx(theirs[0] - theirs[1])
    hit = np.array([0, 2])
    assert conditionals._polya(counts[hit], priors[:, hit], total=priors.sum(axis=1)) == pytest.approx(ours)


def test_one_column_of_each_row_is_as_likely_as_its_weight():
    rng = np.random.default_rng(1)
    chosen = conditionals._one_of_each(np.tile([1.0, 0.0, 3.0], (8000, 1)), rng)
    assert np.bincount(chosen, minlength=3) / 8000 == pytest.approx([0.25, 0, 0.75], abs=0.02)


@pytest.mark.parametrize("sigma", [0.8, 1.4])
def test_ninety_percent_intervals_of_a_delay_curve_hold_the_truth_nine_times_in_ten(sigma):
    """The share of delays within an hour and within five, of 60 logs with 40 incidents each of log-normal delays."""
    rng, held = np.random.default_rng(7), []
    truth = stats.norm.cdf(np.log(np.array([1.0, 5.0]) / 2) / sigma)
    for _ in range(60):
        hours = 2 * np.exp(sigma * rng.standard_normal(40))
        masses = drawn_masses(culprits_after(hours[hours < 72]), 1, rng)
        low, high = np.quantile(GRID.cumulative(masses[:, 0], np.array([1.0, 5.0])), [0.05, 0.95], axis=0)
        held += [*((low <= truth) & (truth <= high))]
    assert stats.binom(120, 0.9).ppf(0.0005) - 3 <= sum(held)  # the two of one log go together, so a little leeway
    assert np.mean(held) < 1


def test_a_drawn_curve_has_no_detail_finer_than_a_bump():
    rng = np.random.default_rng(3)
    masses = drawn_masses(culprits_after(rng.lognormal(0, 1, 60)), 1, rng, draws=40)[:, 0]
    rough = np.diff(masses, 2)
    rougher = np.diff(np.random.default_rng(3).dirichlet(60 * masses.mean(axis=0) + 1e-6, size=40), 2)
    assert np.abs(rough).sum() < 0.4 * np.abs(rougher).sum()
    assert masses.sum(axis=1) == pytest.approx(1)


def test_a_kind_without_incidents_is_less_sure_of_its_delays_than_one_with_many():
    rng = np.random.default_rng(5)
    seen = culprits_after(rng.lognormal(np.log(0.2), 0.8, 200))
    within = GRID.cumulative(drawn_masses(seen, 2, rng), np.array([1.0]))[..., 0]
    known, unknown = np.ptp(np.quantile(within, [0.05, 0.95], axis=0), axis=0)
    assert unknown > 3 * known


def test_a_delay_beyond_the_curves_teaches_nothing():
    """A verdict may name a change from before the horizon, or one made after the incident began: neither is a delay."""
    finder = CandidateFinder(toy.changes(), ServiceGraph(pd.DataFrame(columns=["service", "depends_on"])), [], GRID)
    hours = np.array([0.5, 500.0, -3.0])
    pairs = SimpleNamespace(densities=finder._uniform(hours, hours))
    seen = SimpleNamespace(kind=np.zeros(3, dtype=int), pairs=pairs)
    counts = conditionals._bump_counts(seen, first_curves(GRID, HALVES), np.arange(3), np.random.default_rng(1))
    assert counts.sum() == 1


def test_relations_are_recovered_though_not_every_change_can_have_every_relation():
    rng, truth = np.random.default_rng(11), np.array([0.5, 0.3, 1e-9, 0.2])
    possible = np.zeros((3000, 5), dtype=bool)
    possible[:, [0, 2, 3]] = True
    possible[::2, 1] = True  # on every other change something depends
    shares = np.where(possible[:, :UNKNOWN], truth, 0)
    shares /= shares.sum(axis=1, keepdims=True)
    relation = (shares.cumsum(axis=1) < rng.uniform(size=(3000, 1))).sum(axis=1)
    seen = SimpleNamespace(possible=possible, pairs=SimpleNamespace(relation=relation, change=np.arange(3000)))
    relations, kept = RELATION_SHARES, []
    for _ in range(200):
        relations = draw_relations(seen, relations, np.arange(3000), rng)
        kept.append(relations)
    assert np.mean(kept[20:], axis=0) == pytest.approx(truth, abs=0.03)


def test_without_a_known_relation_the_prior_is_drawn():
    seen = SimpleNamespace(
        possible=np.ones((1, 5), dtype=bool), pairs=SimpleNamespace(relation=np.array([UNKNOWN]), change=np.array([0]))
    )
    rng = np.random.default_rng(2)
    drawn = np.array([draw_relations(seen, RELATION_SHARES, np.array([0]), rng) for _ in range(4000)])
    prior = stats.dirichlet(RELATION_PSEUDO * RELATION_SHARES)
    assert drawn.mean(axis=0) == pytest.approx(prior.mean(), abs=0.02)
    assert drawn.var(axis=0) == pytest.approx(prior.var(), rel=0.15)


def test_a_relation_that_no_culprit_could_have_stays_at_the_prior():
    """Twenty culprits whose changes can be the same service's or unrelated: of one hop they tell nothing, so its share keeps
    the prior's mean and spread."""
    possible = np.tile([True, False, False, True, False], (20, 1))
    pairs = SimpleNamespace(relation=np.repeat([0, 3], [16, 4]), change=np.arange(20))
    seen, rng = SimpleNamespace(possible=possible, pairs=pairs), np.random.default_rng(8)
    relations, kept = RELATION_SHARES, []
    for _ in range(12_000):
        relations = draw_relations(seen, relations, np.arange(20), rng)
        kept.append(relations[1])
    prior = stats.dirichlet(RELATION_PSEUDO * RELATION_SHARES)
    assert np.mean(kept) == pytest.approx(prior.mean()[1], abs=0.02)
    assert np.std(kept) == pytest.approx(np.sqrt(prior.var()[1]), abs=0.02)


def test_services_that_fail_as_they_are_changed_are_not_made_rough():
    """300 incidents on 60 services, as changes fall on them: the draws lie nearer to the truth than the counts do."""
    rng = np.random.default_rng(4)
    truth = rng.dirichlet(np.full(60, 0.5))
    service = rng.choice(60, p=truth, size=300)
    seen = SimpleNamespace(service=service, services=60, change_shares=truth)
    drawn = np.mean([draw_service_shares(seen, np.arange(300), rng) for _ in range(100)], axis=0)
    counted = np.bincount(service, minlength=60) / 300
    assert np.abs(drawn - truth).sum() < 0.5 * np.abs(counted - truth).sum()


def test_a_service_that_fails_without_changes_is_believed():
    seen = SimpleNamespace(service=np.repeat([0, 1], [80, 20]), services=4, change_shares=np.array([0, 0.2, 0.4, 0.4]))
    rng = np.random.default_rng(4)
    drawn = np.array([draw_service_shares(seen, np.arange(100), rng) for _ in range(200)])
    assert 0.65 < drawn[:, 0].mean() < 0.85
    assert drawn.sum(axis=1) == pytest.approx(1)


def test_the_rhythm_follows_the_hours_of_incidents_where_changes_do_not():
    """All incidents at three in the morning, all changes at three in the afternoon."""
    hour, working = np.zeros((200, 168)), np.zeros(168)
    hour[np.arange(200), 24 * (np.arange(200) % 7) + 3] = 1
    working[15::24] = 24.0
    seen = SimpleNamespace(hour=hour, rhythm_prior=working)
    rng, rhythm = np.random.default_rng(6), np.ones(168)
    for _ in range(20):
        rhythm = draw_rhythm(seen, rhythm, np.arange(200), rng)
    assert rhythm.mean() == pytest.approx(1)
    assert rhythm[3::24].mean() > 10 > 5 > rhythm[15::24].mean()


def test_smoothing_by_hand():
    """Bumps are what :func:`aftershock.model.delays.smooth` spreads a count over."""
    one = np.eye(GRID.size)[:1]
    curves = first_curves(GRID, one)
    assert curves.masses == pytest.approx(smooth(one))
