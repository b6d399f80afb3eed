"""Timestamps that only the reader of an export can place."""

from __future__ import annotations

import pytest

from aftershock.sources import epochs


@pytest.mark.parametrize(
    ("value", "unit", "stamp"),
    [
        (1709640000, "s", "2024-03-05T12:00:00Z"),
        ("1709640000.5", "s", "2024-03-05T12:00:00.500000Z"),
        (1709640000123, "ms", "2024-03-05T12:00:00.123000Z"),
        (1709640000000000000, "ns", "2024-03-05T12:00:00Z"),
        ("2024-03-05", "ms", "2024-03-05"),
        (10**30, "s", str(10**30)),
        (float("nan"), "s", "nan"),
        (None, "s", ""),
    ],
)
def test_an_epoch_of_a_known_unit(value, unit, stamp):
    assert epochs.from_epoch(value, unit) == stamp


@pytest.mark.parametrize(
    ("stamp", "zone", "placed"),
    [
        ("2024-03-05T12:00:00", "America/New_York", "2024-03-05T12:00:00-05:00"),
        ("2024-07-05 12:00", "Europe/Berlin", "2024-07-05T12:00:00+02:00"),
        ("2024-03-05T12:00:00Z", "Europe/Berlin", "2024-03-05T12:00:00Z"),
        ("2024-03-05T12:00:00", "Mars/Olympus", "2024-03-05T12:00:00"),
        ("2024-13-05T12:00:00", "Europe/Berlin", "2024-13-05T12:00:00"),
        ("soon", "Europe/Berlin", "soon"),
        ("", "", ""),
    ],
)
def test_a_stamp_in_the_zone_of_its_page(stamp, zone, placed):
    assert epochs.in_zone(stamp, zone) == placed


def test_moments_of_stamps_and_of_epochs_of_any_unit_are_ordered():
    assert (
        epochs.moment("2024-03-05T10:00:00Z")
        == epochs.moment("2024-03-05 10:00:00 UTC")
        == epochs.moment("1709632800")
        == epochs.moment(1709632800000)
        == epochs.moment("1709632800000000000")
    )
    assert epochs.moment("soon") == epochs.moment("12") == float("inf")
