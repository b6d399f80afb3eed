"""The background: a nightly spike and office hours told apart, and services that fail as they are changed or otherwise."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from scipy import stats

from aftershock.model.background import background_services, polya, updated_week, week_prior
from aftershock.model.weeks import weeks

OFFICE = np.zeros((7, 24))
OFFICE[:5, 9:17] = 168 / 40


def at_hours(hour: np.ndarray, all_weeks: np.ndarray) -> SimpleNamespace:
    """Incidents at exact hours of the week."""
    table = np.zeros((len(hour), 168))
    table[np.arange(len(hour)), hour] = 1
    return SimpleNamespace(week_parts=table @ all_weeks.T, weeks=all_weeks)


def fitted_week(hour: np.ndarray, free: np.ndarray, people: np.ndarray) -> np.ndarray:
    """How often incidents come in each hour of the week, relative to its mean, (168,)."""
    possible = weeks(people, None)
    seen, week = at_hours(hour, possible), week_prior(len(possible)) / week_prior(len(possible)).sum()
    for _ in range(200):
        week = updated_week(seen, week, free)
    return week @ possible


def test_a_nightly_spike_on_top_of_office_hours_is_recovered():
    """A hundred incidents evenly in office hours, a hundred at three in the morning, a hundred at any time: relative to the
    mean an hour of the night has 1/3 + 24/3, one of the office 1/3 + 4.2/3, all others 1/3."""
    rng = np.random.default_rng(2)
    office = rng.choice(168, 100, p=OFFICE.ravel() / 168)
    hour = np.concatenate([office, 24 * rng.integers(0, 7, 100) + 3, rng.integers(0, 168, 100)])
    found = fitted_week(hour, np.ones(300), OFFICE.ravel()).reshape(7, 24)
    assert found.mean() == pytest.approx(1)
    assert found[:, 3].mean() == pytest.approx(1 / 3 + 8, rel=0.15)
    assert found[:5, 9:17].mean() == pytest.approx(1 / 3 + 1.4, rel=0.25)
    assert found[5:, 9:].mean() == pytest.approx(1 / 3, rel=0.5)


def test_two_incidents_are_no_clock():
    """Both at three in the morning: an hour of the night gets not half of the 24 that all incidents there would give it."""
    assert 1 < fitted_week(np.array([3, 27]), np.ones(2), OFFICE.ravel())[3] < 12


def test_incidents_that_changes_set_off_do_not_count():
    hour = np.repeat([3, 100], 50)
    free = np.repeat([0.0, 1.0], 50)
    found = fitted_week(hour, free, np.ones(168))
    assert found[100] > 5 > 1.5 > found[3]


def services(counts: list[int], changes: list[float], free: float = 1.0) -> np.ndarray:
    service = np.repeat(np.arange(len(counts)), counts)
    seen = SimpleNamespace(service=service, services=len(counts), change_shares=np.array(changes))
    return background_services(seen, np.full(len(service), free))


def test_services_follow_the_changes_until_incidents_say_otherwise():
    few = services([2, 0, 0], [0.1, 0.6, 0.3])
    many = services([400, 0, 0], [0.1, 0.6, 0.3])
    assert few.sum() == pytest.approx(1) and many.sum() == pytest.approx(1)
    assert few[0] < 0.6 and few[1] > few[2] > 0.1
    assert many[0] > 0.9 and many[1] > 0


def test_services_that_fail_as_they_are_changed_keep_those_shares():
    """Incidents on 60 services as changes fall on them: the estimate lies much nearer to the truth than their counts do."""
    rng = np.random.default_rng(4)
    truth = rng.dirichlet(np.full(60, 0.5))
    counts = rng.multinomial(300, truth)
    found = services(counts.tolist(), truth.tolist())
    assert np.abs(found - truth).sum() < 0.6 * np.abs(counts / 300 - truth).sum()


def test_the_likelihood_of_counts_is_that_of_a_dirichlet_multinomial():
    """scipy.stats.dirichlet_multinomial has the number of orders besides, which is the same for every prior."""
    counts, priors = np.array([3, 0, 5]), np.array([[0.5, 1.0, 2.0], [4.0, 0.1, 1.0]])
    ours = polya(counts, priors)
    theirs = [stats.dirichlet_multinomial(prior, 8).logpmf(counts) for prior in priors]
    assert ours[0] - ours[1] == pytest.approx(theirs[0] - theirs[1])
    hit = np.array([0, 2])
    assert polya(counts[hit], priors[:, hit], total=priors.sum(axis=1)) == pytest.approx(ours)
