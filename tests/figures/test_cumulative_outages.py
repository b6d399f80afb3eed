"""Outages counted up: steps, the steady line, and what is said of them."""

from __future__ import annotations

import pandas as pd

from aftershock import figures

FIRST, LAST = pd.Timestamp("2025-01-01", tz="UTC"), pd.Timestamp("2025-01-11", tz="UTC")


def drawn(days: list[float], **more: object):
    outages = pd.DataFrame({"incident_id": [f"i{d}" for d in days], "at": [FIRST + pd.Timedelta(days=d) for d in days]})
    return figures.cumulative_outages(outages, first=FIRST, last=LAST, **more)


def test_each_outage_is_a_step_and_the_table_knows_what_a_steady_rate_expects():
    fig = drawn([1, 2, 9])
    assert fig.data[-2].y == (0, 1, 2, 3, 3) and fig.data[-2].line.shape == "hv"
    assert [row[2:] for row in fig.layout.meta["table"]["rows"]] == [[1, 0.3], [2, 0.6], [3, 2.7]]
    assert "By 3 Jan 2025, 00:00 UTC 2 had come where a steady rate expects 0.6." in fig.layout.meta["alt"]
    assert fig.layout.meta["finding"] == "3 outages: too few to tell a row from bad luck"
    assert drawn([1, 2, 5, 7, 9]).layout.meta["finding"] == "5 outages, no more unevenly spread than chance allows"


def test_a_change_of_the_rate_is_the_finding():
    change = tuple(FIRST + pd.Timedelta(days=d) for d in (2, 1, 5))
    assert drawn([1, 2, 9], change=change).layout.meta["finding"] == "2 of 3 outages by 3 January 2025, 1 after it"


def test_no_outage_is_said_in_words():
    assert drawn([]).layout.meta["finding"] == "No outage in the period."
