"""A number with its interval and the chance level."""

from __future__ import annotations

import pytest

from aftershock.metrics.estimate import Estimate, unknown


@pytest.mark.parametrize(
    ("low", "chance", "above"), [(0.3, 0.2, True), (0.2, 0.2, False), (0.1, 0.2, False), (0.3, None, None)]
)
def test_above_chance_is_the_whole_interval(low, chance, above):
    assert Estimate(0.4, low, 0.6, "share", chance).above_chance is above


def test_an_unknown_number_is_neither_known_nor_above_chance():
    nothing = unknown("share of nothing", "share")
    assert not nothing.known and nothing.above_chance is None
    assert nothing.as_row()["n"] == 0 and nothing.as_row()["definition"] == "share of nothing"
