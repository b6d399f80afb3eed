"""The log as it would be without a flaw."""

from __future__ import annotations

import pandas as pd
import pytest

from aftershock import load
from aftershock.quality.variants import everywhere, moved, within, without_rows


@pytest.fixture
def small(write):
    return load(write())


def test_rows_are_left_out_by_their_id(small):
    variant = without_rows("changes", pd.Series(["c2"]), "the second left out")
    assert variant.how == "the second left out"
    assert variant.make(small).changes["change_id"].tolist() == ["c1", "c3"]
    assert len(small.changes) == 3


def test_moved_times_keep_their_precision_and_the_rows_their_order(small):
    by = pd.Timedelta(days=40)
    late = moved(small, "changes", by, lambda frame: frame["change_id"] == "c1")
    assert late.changes["change_id"].tolist() == ["c2", "c1", "c3"]
    all_late = moved(small, "changes", by, everywhere)
    for column in ("started_at", "started_at_before"):
        assert (all_late.changes[column] - small.changes[column]).unique().tolist() == [by]


def test_a_shorter_period_keeps_the_changes_of_the_horizon_before_it(small):
    first, last = pd.Timestamp("2024-01-10T11:45Z"), pd.Timestamp("2024-02-10T00:00Z")
    short = within(small, first, last)
    assert short.incidents["incident_id"].tolist() == ["i1"]
    assert short.changes["change_id"].tolist() == ["c1", "c2"]
    assert short.observed == (first, last)
