"""Learning without labels: each update against closed forms, and what the fit settles at."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from aftershock import attribute, load
from aftershock.model import aftershocks, em, likelihood
from aftershock.model.delays import DelayGrid
from aftershock.model.em import base_delays, places_and_widths, updated_productivity, updated_rates, updated_relations
from aftershock.model.evidence import EVIDENCE
from aftershock.model.parameters import (
    BACKGROUND_SHAPE,
    OVERALL_SHAPE,
    RELATION_PSEUDO,
    RELATION_SHARES,
    background_exposure,
    first_guess,
    prior_overall,
)
from aftershock.model.risk import Cells, Feature

GRID = DelayGrid(72.0)


def test_rates_are_gamma_posteriors_means_by_hand():
    """Ten changes of one kind, of which two are culprits; the kind's factor has prior 1.5 worth 3 culprits.

    The prior rate expects half of 4 incidents of 10 changes of weight 1.5: 2 / 15. So overall is
    (2 + 2) / (10 · 1 + 2 · 15 / 2) = 4 / 25, and the factor (2 + 3) / (10 · 4 / 25 + 3 / 1.5).
    """
    assert OVERALL_SHAPE == 2.0
    feature = Feature("kind", ("config",), np.array([1.5]), 3.0, np.zeros(10, dtype=np.int64))
    cells = Cells([feature], np.ones(10, dtype=bool))
    seen = SimpleNamespace(features=[feature], cells=cells, cell=cells.cell[:2], used=np.ones(4, dtype=bool))
    assert prior_overall(seen) == pytest.approx(2 / 15)
    old = SimpleNamespace(overall=1.0, factors=(np.ones(1),))
    overall, (factor,) = updated_rates(seen, old, np.ones(2))
    assert overall == pytest.approx(4 / 25)
    assert factor == pytest.approx([5 / (1.6 + 2)])


def test_productivity_by_hand():
    """Two incidents by changes had three aftershocks, two of the background none; the prior is 0.5 aftershocks of 5 incidents."""
    assert (aftershocks.PRODUCTIVITY, aftershocks.PRODUCTIVITY_SHAPE) == (0.1, 0.5)
    seen = SimpleNamespace(used=np.ones(4, dtype=bool), links=SimpleNamespace(change=np.array([0, 0, 1])))
    found = SimpleNamespace(rootless=np.array([0.0, 0.0, 1.0, 1.0]))
    assert updated_productivity(seen, found, np.ones(3)) == pytest.approx([3.5 / 7, 0.5 / 7])


def test_relations_without_a_culprit_are_the_prior_and_with_many_what_they_show():
    def found(relation: np.ndarray) -> np.ndarray:
        pairs = SimpleNamespace(relation=relation, possible=np.full(len(relation), 0b1111))
        share = RELATION_SHARES
        for _ in range(200):
            share = updated_relations(pairs, share, np.ones(len(relation)), RELATION_SHARES, RELATION_PSEUDO)
        return share

    assert found(np.zeros(0, dtype=int)) == pytest.approx(RELATION_SHARES, abs=0.01)
    many = found(np.repeat([0, 1], [200, 200]))
    assert many[:2] == pytest.approx([0.5, 0.5], abs=0.05) and many.sum() == pytest.approx(1)


def test_each_kind_is_shrunk_to_a_curve_of_its_own():
    """Ten thousand quick deploys and as many slow configuration changes: each base curve has the moments of its kind."""
    x = GRID.logs
    quick, slow = (np.exp(-(((x - np.log(h)) / 0.7) ** 2) / 2) for h in (0.1, 10))
    curves = base_delays(SimpleNamespace(grid=GRID), 1e4 * np.array([quick / quick.sum(), slow / slow.sum()]))
    assert np.exp(curves @ x) == pytest.approx([0.1, 10], rel=0.2)
    assert curves.sum(axis=1) == pytest.approx([1, 1])


def test_kinds_share_as_much_as_they_are_alike():
    """Five incidents of a thin kind next to four well-known ones: where those agree it is drawn to them, where they lie far
    apart it keeps its own place; and a thin kind is foretold with a wider curve."""
    x = np.linspace(-5, 5, 201)

    def place_of_the_thin(*others: float) -> tuple[float, float, float]:
        at, n = np.array([2.0, *others]), np.array([5.0, *[200.0] * len(others)])
        bells = np.exp(-((x - at[:, None]) ** 2) / 2)
        places, widths = places_and_widths(n[:, None] * bells / bells.sum(axis=1, keepdims=True), x)
        assert places[1:] == pytest.approx(others, abs=0.1)
        return places[0], widths[0], widths[1]

    alike, wide, known = place_of_the_thin(-1.0, -1.1, -0.9, -1.0)
    apart, *_ = place_of_the_thin(-3.0, -1.0, 0.5, 3.0)
    assert -1 < alike < apart < 2 and apart - alike > 0.1
    assert wide > known * 1.05


def test_without_an_incident_a_kind_is_where_the_prior_is():
    places, widths = places_and_widths(np.zeros((2, 5)), np.linspace(-3, 3, 5))
    assert np.exp(places) == pytest.approx([0.5, 0.5])
    assert (widths > 1.8).all()


def test_the_fit_is_a_fixed_point(demo_found):
    """One more step of expectation and maximisation moves next to nothing, and the background is its gamma posterior's mean."""
    seen, fitted = demo_found.seen, demo_found.parameters
    found = likelihood.settled(seen, likelihood.rates_of(seen, fitted))
    again = em.maximised(seen, fitted, found)
    assert again.overall == pytest.approx(fitted.overall, rel=0.02)
    assert again.relations == pytest.approx(fitted.relations, abs=0.005)
    assert again.delays == pytest.approx(fitted.delays, abs=0.005)
    free = (found.none * seen.used).sum()
    assert again.background == pytest.approx((free + BACKGROUND_SHAPE) / background_exposure(seen))


def test_all_shares_are_shares(demo_found):
    fitted = demo_found.parameters
    for name in ("relations", "service_shares", "week", "link_relations", "link_delays"):
        share = getattr(fitted, name)
        assert share.sum() == pytest.approx(1) and (share >= 0).all(), name
    assert fitted.delays.sum(axis=1) == pytest.approx(1)
    for e, ratio in enumerate(fitted.ratios):
        assert demo_found.seen.null.usual[e] @ ratio == pytest.approx(1, rel=0.05), EVIDENCE[e].name


def test_without_a_candidate_places_and_delays_stay_at_the_prior(write):
    found = attribute(load(write(changes="change_id,started_at,kind,services\nc1,2023-01-10T11:30Z,deploy,checkout\n")))
    assert not len(found.seen.pairs)
    guess = first_guess(found.seen)
    assert found.parameters.relations == pytest.approx(guess.relations, abs=0.01)
    medians = [found.seen.grid.quantile(p.delays, 0.5)[0] for p in (found.parameters, guess)]
    assert medians[0] == pytest.approx(medians[1], rel=0.5)


def test_evidence_that_is_left_out_keeps_its_ratios(demo_found):
    seen = replace(demo_found.seen, without=frozenset(["words"]))
    weight = np.full(len(seen.pairs), 0.1)
    found = em.updated_ratios(seen, demo_found.parameters.ratios, weight)
    assert found[0] is demo_found.parameters.ratios[0]
    assert not np.allclose(found[1], demo_found.parameters.ratios[1])
