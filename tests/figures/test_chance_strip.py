"""Incidents linked in the log as it is and in moved ones."""

from __future__ import annotations

from toy_figures import moved

from aftershock import figures


def test_linked_against_chance():
    fig = figures.chance_strip(moved())
    chance, here = fig.data
    assert list(chance.x) == [7, 12] and list(here.x) == [15]
    assert fig.layout.meta["finding"] == "15 incidents linked to a change; by chance it would be 7 to 12"
