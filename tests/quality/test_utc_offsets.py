"""Zones by their offsets from UTC."""

from __future__ import annotations

import pandas as pd
import pytest

from aftershock.quality.utc_offsets import ZONES, in_summer, offsets


@pytest.mark.parametrize(("ahead", "zone"), ZONES.items(), ids=ZONES.values())
def test_each_zone_has_the_offsets_under_which_it_is_listed(ahead, zone):
    assert offsets(zone) == ahead


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("Europe/Berlin", [False, True]),
        ("Australia/Sydney", [True, False]),
        ("UTC", [False, True]),  # it has none: Berlin's is taken
    ],
)
def test_daylight_saving_is_that_of_the_zone(zone, expected):
    times = pd.Series(pd.to_datetime(["2024-01-15T12:00Z", "2024-07-15T12:00Z"]))
    assert in_summer(times, zone).tolist() == expected
