"""The priors alone: how many incidents they explain, and how they are spread."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from conftest import INCIDENTS

from aftershock import load
from aftershock.model.observations import ModelInput, Observations
from aftershock.model.parameters import (
    BACKGROUND_SHAPE,
    CHANGE_SHARE,
    DELAY_MEDIAN_HOURS,
    background_exposure,
    evidence_names,
    first_guess,
    prior_overall,
)


def observations(folder: Path) -> Observations:
    return ModelInput(load(folder), verdicts=False, afterwards=True).seen


def test_the_prior_rate_explains_as_much_as_changes_usually_do(write):
    seen = observations(write())
    rate = prior_overall(seen)
    assert rate < 0.5
    expected = seen.cells.rates(rate, tuple(f.prior for f in seen.features)) @ seen.cells.counts
    assert expected == pytest.approx(CHANGE_SHARE * seen.used.sum())


def test_no_change_sets_off_more_than_every_other_incident_beforehand(write):
    rows = "".join(f"x{n},2024-01-{n + 1:02d}T12:00Z,search,Search is empty\n" for n in range(20))
    assert prior_overall(observations(write(incidents=INCIDENTS + rows))) == 0.5


def test_a_log_without_incidents_is_scaled_as_one_with_one(write):
    none = observations(write(incidents="incident_id,started_at,services\n"))
    assert none.used.sum() == 0
    one = replace(none, used=np.ones(1, dtype=bool))
    assert prior_overall(none) == prior_overall(one) > 0
    assert background_exposure(none) == background_exposure(one)


def test_the_background_explains_the_rest_of_the_incidents(write):
    """Two incidents, and a prior that stands for two more which half the incidents' rate would take twice the log to see."""
    seen = observations(write())
    rate = first_guess(seen).background
    assert rate * seen.hours == pytest.approx((1 - CHANGE_SHARE) * seen.used.sum())
    assert rate * (background_exposure(seen) - seen.hours) == pytest.approx(BACKGROUND_SHAPE)


def test_every_share_of_the_first_guess_adds_up_to_one(write):
    seen = observations(write())
    guess = first_guess(seen)
    for shares in (guess.relations, guess.service_shares, guess.week, guess.link_relations, guess.link_delays):
        assert shares.sum() == pytest.approx(1) and (shares >= 0).all()
    assert guess.delays.sum(axis=1) == pytest.approx(np.ones(len(seen.kinds)))
    median = np.exp(guess.delays[0] @ seen.grid.logs)
    assert median == pytest.approx(DELAY_MEDIAN_HOURS, rel=0.25)


def test_incidents_without_a_change_fall_half_evenly_and_half_as_changes_do(write):
    """checkout has one change of three, search two; each service has half evenly."""
    seen = observations(write())
    assert first_guess(seen).service_shares == pytest.approx([(1 / 2 + 1 / 3) / 2, (1 / 2 + 2 / 3) / 2])


def test_evidence_that_is_left_out_says_nothing(write):
    seen, names = observations(write()), evidence_names()
    whole, without = first_guess(seen), first_guess(replace(seen, without=frozenset({names[1]})))
    assert not np.allclose(whole.ratios[1], 1)
    assert without.ratios[1] == pytest.approx(np.ones(len(whole.ratios[1])))
    assert all(np.array_equal(whole.ratios[n], without.ratios[n]) for n in range(len(names)) if n != 1)
