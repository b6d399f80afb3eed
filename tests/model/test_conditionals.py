"""Draws of each part of the model given the origins: against closed forms, planted truth, and how often intervals hold."""

from __future__ import annotations

from dataclasses import fields, replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import toy
from scipy import stats

from aftershock.model import aftershocks, conditionals, em
from aftershock.model.background import polya
from aftershock.model.candidates import POSSIBLE, CandidateFinder
from aftershock.model.conditionals import (
    _Hits,
    draw_curves,
    draw_links,
    draw_rates,
    draw_ratios,
    draw_relations,
    draw_service_shares,
    draw_week,
    first_curves,
    one_of_each,
)
from aftershock.model.delays import DelayGrid, bumps, smooth
from aftershock.model.evidence import EVIDENCE
from aftershock.model.parameters import OVERALL_SHAPE, RELATION_PSEUDO, RELATION_SHARES, Parameters, prior_overall
from aftershock.model.risk import Cells, Feature
from aftershock.model.service_graph import UNKNOWN, ServiceGraph
from aftershock.model.weeks import weeks

GRID = DelayGrid(72.0)
BLANK = Parameters(*[None] * len(fields(Parameters)))
HALVES = np.full((1, GRID.size), 1 / GRID.size)


def fits_of(hours: np.ndarray) -> np.ndarray:
    """How well each bump fits each delay, which is what the draws of curves read of culprits."""
    hours = np.asarray(hours, dtype=float)
    return GRID.densities(hours, hours, np.zeros(len(hours))) @ bumps(GRID.size)


def drawn_masses(
    hours: np.ndarray, kinds: int, rng: np.random.Generator, draws: int = 150, kind: int | np.ndarray = 0
) -> np.ndarray:
    fits = fits_of(hours)
    curves, kept = first_curves(GRID, np.repeat(HALVES, kinds, axis=0)), []
    for step in range(40 + draws):
        curves = draw_curves(curves, np.broadcast_to(kind, len(fits)), fits, rng)
        if step >= 40:
            kept.append(curves.masses)
    return np.array(kept)


def test_one_column_of_each_row_is_as_likely_as_its_weight():
    rng = np.random.default_rng(1)
    chosen = one_of_each(np.tile([1.0, 0.0, 3.0], (8000, 1)), rng)
    assert np.bincount(chosen, minlength=3) / 8000 == pytest.approx([0.25, 0, 0.75], abs=0.02)


@pytest.mark.parametrize("sigma", [0.8, 1.4])
def test_ninety_percent_intervals_of_a_delay_curve_hold_the_truth_nine_times_in_ten(sigma):
    """The share of delays within an hour and within five, of 20 logs with 40 incidents each of log-normal delays."""
    rng, held = np.random.default_rng(7), []
    truth = stats.norm.cdf(np.log(np.array([1.0, 5.0]) / 2) / sigma)
    for _ in range(20):
        hours = 2 * np.exp(sigma * rng.standard_normal(40))
        masses = drawn_masses(hours[hours < 72], 1, rng)
        low, high = np.quantile(GRID.cumulative(masses[:, 0], np.array([1.0, 5.0])), [0.05, 0.95], axis=0)
        held += [*((low <= truth) & (truth <= high))]
    assert stats.binom(40, 0.9).ppf(0.0005) - 3 <= sum(held)  # the two of one log go together, so a little leeway


def test_counts_on_bumps_are_as_likely_as_those_of_a_dirichlet_multinomial():
    counts = np.array([[0, 2, 0, 1], [0, 0, 0, 0], [5, 0, 1, 0]], dtype=float)
    shrunk_to = np.array([[0.1, 0.2, 0.3, 0.4], [0.4, 0.3, 0.2, 0.1], [0.25, 0.25, 0.25, 0.25]])
    stiffness = np.array([2.0, 30.0])
    found = _Hits(counts).likelihood(shrunk_to, stiffness)
    assert found == pytest.approx(polya(counts, stiffness[:, None, None] * shrunk_to))


def test_a_drawn_curve_has_no_detail_finer_than_a_bump():
    rng = np.random.default_rng(3)
    masses = drawn_masses(rng.lognormal(0, 1, 60), 1, rng, draws=40)[:, 0]
    rough = np.diff(masses, 2)
    rougher = np.diff(np.random.default_rng(3).dirichlet(60 * masses.mean(axis=0) + 1e-6, size=40), 2)
    assert np.abs(rough).sum() < 0.4 * np.abs(rougher).sum()
    assert masses.sum(axis=1) == pytest.approx(1)


def test_a_kind_without_incidents_is_less_sure_of_its_delays_than_one_with_many():
    rng = np.random.default_rng(5)
    within = GRID.cumulative(drawn_masses(rng.lognormal(np.log(0.2), 0.8, 200), 2, rng), np.array([1.0]))[..., 0]
    known, unknown = np.ptp(np.quantile(within, [0.05, 0.95], axis=0), axis=0)
    assert unknown > 3 * known


def test_a_delay_beyond_the_curves_teaches_nothing():
    """A verdict may name a change from before the horizon, or one made after the incident began: neither is a delay."""
    finder = CandidateFinder(toy.changes(), ServiceGraph(pd.DataFrame(columns=["service", "depends_on"])), [], GRID)
    hours = np.array([0.5, 500.0, -3.0])
    fits = finder._uniform(hours, hours) @ bumps(GRID.size)
    counts = conditionals._bump_counts(
        first_curves(GRID, HALVES), np.zeros(3, dtype=int), fits, np.random.default_rng(1)
    )
    assert counts.sum() == 1


def prior_draws(rng: np.random.Generator) -> np.ndarray:
    """Shares per relation before any culprit is known: independent gammas, of which each counts for its own pseudo-culprits."""
    drawn = rng.gamma(RELATION_PSEUDO * RELATION_SHARES, size=(20_000, UNKNOWN)) / RELATION_PSEUDO
    return drawn / drawn.sum(axis=1, keepdims=True)


def drawn_relations(pairs: SimpleNamespace, relations: np.ndarray, rng: np.random.Generator):
    chosen = np.arange(len(pairs.relation))
    return draw_relations(pairs, relations, chosen, RELATION_SHARES, RELATION_PSEUDO, rng)


def test_relations_are_recovered_though_not_every_change_can_have_every_relation():
    rng, truth = np.random.default_rng(11), np.array([0.5, 0.3, 1e-9, 0.2])
    possible = np.where(np.arange(3000) % 2, 0b1101, 0b1111)  # on every other change something depends
    shares = POSSIBLE[possible] * truth
    shares /= shares.sum(axis=1, keepdims=True)
    relation = (shares.cumsum(axis=1) < rng.uniform(size=(3000, 1))).sum(axis=1)
    pairs, relations, kept = SimpleNamespace(relation=relation, possible=possible), RELATION_SHARES, []
    for _ in range(200):
        relations = drawn_relations(pairs, relations, rng)
        kept.append(relations)
    assert np.mean(kept[20:], axis=0) == pytest.approx(truth, abs=0.03)


def test_without_a_known_relation_the_prior_is_drawn():
    pairs = SimpleNamespace(relation=np.array([UNKNOWN]), possible=np.array([0b1111]))
    rng = np.random.default_rng(2)
    drawn = np.array([drawn_relations(pairs, RELATION_SHARES, rng) for _ in range(4000)])
    prior = prior_draws(rng)
    assert drawn.mean(axis=0) == pytest.approx(prior.mean(axis=0), abs=0.02)
    assert drawn.var(axis=0) == pytest.approx(prior.var(axis=0), rel=0.15, abs=0.001)


def test_a_relation_that_no_culprit_could_have_stays_at_the_prior():
    """Twenty culprits whose changes can be the same service's or unrelated: of one hop they tell nothing, so its share keeps
    the prior's mean and spread."""
    pairs = SimpleNamespace(relation=np.repeat([0, 3], [16, 4]), possible=np.full(20, 0b1001))
    relations, kept, rng = RELATION_SHARES, [], np.random.default_rng(8)
    for _ in range(12_000):
        relations = drawn_relations(pairs, relations, rng)
        kept.append(relations[1])
    prior = prior_draws(rng)[:, 1]
    assert np.mean(kept) == pytest.approx(prior.mean(), abs=0.03)
    assert np.std(kept) == pytest.approx(prior.std(), abs=0.03)


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


def test_the_week_follows_the_hours_of_incidents_where_changes_do_not():
    """All incidents at three in the morning, all changes at three in the afternoon."""
    hour, working = np.zeros((200, 168)), np.zeros(168)
    hour[np.arange(200), 24 * (np.arange(200) % 7) + 3] = 1
    working[15::24] = 24.0
    possible = weeks(working, None)
    seen = SimpleNamespace(week_parts=hour @ possible.T)
    rng, week, kept = np.random.default_rng(6), np.full(len(possible), 1 / len(possible)), []
    for _ in range(60):
        week = draw_week(seen, week, np.arange(200), rng)
        kept.append(week @ possible)
    found = np.mean(kept[20:], axis=0)
    assert found.mean() == pytest.approx(1)
    assert found[3::24].mean() > 15 > 5 > found[15::24].mean()


def test_given_the_culprits_rates_are_gamma_draws():
    """Of 100 changes of one kind 30 set something off. Without a factor the overall rate is gamma with 30 + 2 culprits; the
    product of both, which is all that the log tells, lies about 0.3."""
    feature = Feature("kind", ("deploy",), np.ones(1), 1e9, np.zeros(100, dtype=np.int64))
    cells = Cells([feature], np.ones(100, dtype=bool))
    seen = SimpleNamespace(features=[feature], cells=cells, cell=cells.cell, used=np.ones(40, dtype=bool))
    assert prior_overall(seen) == 0.2
    rng = np.random.default_rng(9)
    drawn = np.array([draw_rates(seen, (np.ones(1),), np.arange(30), rng)[0] for _ in range(4000)])
    exact = stats.gamma(30 + OVERALL_SHAPE, scale=1 / (100 + OVERALL_SHAPE / 0.2))
    assert stats.kstest(drawn, exact.cdf).pvalue > 0.001


def test_each_feature_learns_from_its_own_levels():
    """Of 600 changes those of the second level of one feature and of the third of another set something off."""
    codes = np.arange(600) % 2, np.arange(600) // 2 % 3
    features = [Feature(f"f{n}", tuple("abc"[: n + 2]), np.ones(n + 2), 2.0, of) for n, of in enumerate(codes)]
    cells = Cells(features, np.ones(600, dtype=bool))
    culprits = np.flatnonzero((codes[0] == 1) & (codes[1] == 2))
    seen = SimpleNamespace(features=features, cells=cells, cell=cells.cell, used=np.ones(200, dtype=bool))
    rng, factors, kept = np.random.default_rng(12), (np.ones(2), np.ones(3)), []
    for _ in range(300):
        _, factors = draw_rates(seen, factors, culprits, rng)
        kept.append(np.log(np.concatenate([factors[0] / factors[0][0], factors[1] / factors[1][0]])))
    of_two, of_three = np.split(np.mean(kept[50:], axis=0), [2])
    assert of_two[1] > 2 and of_three[2] > 2 and abs(of_three[1]) < 1


def test_a_level_without_a_culprit_is_drawn_from_its_prior_as_far_as_it_has_no_changes():
    """A level that no counted change has keeps the prior: gamma with the feature's shape and the level's mean."""
    feature = Feature("kind", ("deploy", "policy"), np.array([1.0, 0.25]), 3.0, np.zeros(50, dtype=np.int64))
    cells = Cells([feature], np.ones(50, dtype=bool))
    seen = SimpleNamespace(features=[feature], cells=cells, cell=cells.cell, used=np.ones(10, dtype=bool))
    rng = np.random.default_rng(10)
    drawn = np.array([draw_rates(seen, (np.ones(2),), np.arange(5), rng)[1][0][1] for _ in range(4000)])
    assert stats.kstest(drawn, stats.gamma(3, scale=0.25 / 3).cdf).pvalue > 0.001


def test_productivity_is_a_gamma_draw_and_link_delays_are_recovered():
    """Three hundred of a thousand incidents whose root is a change had an aftershock, after a median of 6 minutes; none of the
    500 others."""
    rng = np.random.default_rng(12)
    grid = DelayGrid(aftershocks.HORIZON_HOURS)
    hours = rng.lognormal(np.log(0.1), 0.5, 300)
    links = SimpleNamespace(
        change=np.arange(300),
        relation=np.zeros(300, dtype=int),
        possible=np.full(300, 0b1111),
        densities=grid.densities(hours, hours, np.zeros(300)),
    )
    seen = SimpleNamespace(links=links, used=np.ones(1500, dtype=bool), link_grid=grid)
    by_change, kept = np.arange(1500) < 1000, []
    state = replace(
        BLANK,
        link_relations=aftershocks.SHARES,
        link_delays=grid.lognormal(aftershocks.MEDIAN_HOURS, aftershocks.SIGMA),
    )
    for _ in range(80):
        state = draw_links(seen, state, np.arange(300), by_change, rng)
        kept.append((*state.productivity, state.link_relations[0], grid.quantile(state.link_delays, 0.5)))
    of_change, of_none, same, median = np.mean(kept[20:], axis=0)
    assert of_change == pytest.approx(300.5 / 1005, rel=0.05)
    assert of_none == pytest.approx(0.5 / 505, abs=0.002)
    assert same > 0.9 and median == pytest.approx(0.1, rel=0.15)


def test_ratios_are_drawn_about_the_fit(demo_found):
    """The culprits of the fit's best suspects: draws lie about what learning makes of the same culprits."""
    seen, fitted, rng = demo_found.seen, demo_found.parameters, np.random.default_rng(13)
    culprits = np.flatnonzero(demo_found._drawn.pair_mean > 0.5)
    weight = np.zeros(len(seen.pairs))
    weight[culprits] = 1
    learned = em.updated_ratios(seen, fitted.ratios, weight)
    drawn = [draw_ratios(seen, fitted.ratios, culprits, rng) for _ in range(60)]
    back = next(e for e, one in enumerate(EVIDENCE) if one.name == "taken back")
    ratios = np.array([d[back] for d in drawn])
    low, high = np.quantile(ratios, [0.02, 0.98], axis=0)
    assert ((low < learned[back]) & (learned[back] < high)).all()
    assert (ratios.std(axis=0) > 0).all()
    silent = replace(seen, without=frozenset(["words"]))
    assert draw_ratios(silent, fitted.ratios, culprits, rng)[0] is fitted.ratios[0]


def test_smoothing_by_hand():
    """Bumps are what :func:`aftershock.model.delays.smooth` spreads a count over."""
    one = np.eye(GRID.size)[:1]
    curves = first_curves(GRID, one)
    assert curves.masses == pytest.approx(smooth(one))
