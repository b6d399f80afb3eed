"""The weeks that the background may be a sum of."""

from __future__ import annotations

import numpy as np
import pytest

from aftershock.model.background import week_prior
from aftershock.model.weeks import weeks

OFFICE = np.zeros((7, 24))
OFFICE[:5, 9:17] = 168 / 40


def test_each_week_has_mean_one_and_a_prior():
    machines = np.ones(168)
    for found in (weeks(OFFICE.ravel(), None), weeks(OFFICE.ravel(), machines)):
        assert found.mean(axis=1) == pytest.approx(1)
        assert len(week_prior(len(found))) == len(found)
    assert len(weeks(OFFICE.ravel(), machines)) == len(weeks(OFFICE.ravel(), None)) + 1


def test_flat_and_peoples_come_first_then_clocks():
    """Then every day at each hour, and at each hour of the days on which people work."""
    found = weeks(OFFICE.ravel(), None)
    assert found[0] == pytest.approx(1) and found[1] == pytest.approx(OFFICE.ravel())
    at_three, working_at_three = found[2 + 3].reshape(7, 24), found[2 + 24 + 3].reshape(7, 24)
    assert at_three[:, 3] == pytest.approx(24) and at_three.sum() == pytest.approx(168)
    assert working_at_three[:5, 3] == pytest.approx(24 * 7 / 5) and working_at_three[5:].sum() == 0
