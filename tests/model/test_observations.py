"""What the model is shown of two logs."""

from __future__ import annotations

import pytest
from conftest import CHANGES

from aftershock import load
from aftershock.model.observations import HOUR_PSEUDO, ModelInput


def peoples_week(folder):
    """How changes fall on the hours of the week, (7 days, 24 hours) with mean 1."""
    return ModelInput(load(folder), verdicts=False, afterwards=False).seen.weeks[1].reshape(7, 24)


def test_a_change_of_which_only_the_day_is_known_makes_no_midnight_busy(write):
    """Ten changes on Wednesdays without a clock are spread over the hours of Wednesday."""
    days = [f"c{n},2024-01-{day:02d},config,search,Tidy" for n, day in enumerate([3, 10, 17, 24, 31] * 2)]
    week = peoples_week(write(changes="\n".join([CHANGES.splitlines()[0], *days]) + "\n"))
    assert week[2].max() < 1.01 * week[2].min()
    assert week[2].sum() / week.sum() == pytest.approx((10 + 24 * HOUR_PSEUDO) / (10 + 168 * HOUR_PSEUDO))


def test_an_hour_without_a_change_is_not_impossible_and_few_changes_make_no_spike(write):
    one = f"{CHANGES.splitlines()[0]}\nc1,2024-01-10T11:30:00Z,deploy,checkout,Raise the limit\n"
    week = peoples_week(write(changes=one))
    assert week.min() > 0.9
    assert 2 < week[2, 11] < 4
