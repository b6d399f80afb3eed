"""What is to be decided first, and what a verdict taught."""

from __future__ import annotations

import numpy as np
import pytest

from aftershock import attribute
from aftershock.reports.explore import open_explore
from aftershock.reports.explore_queue import VerdictQueue, queue, taught


@pytest.fixture(scope="module")
def found(twitter):
    return attribute(twitter, blind=True)


def test_the_most_uncertain_and_most_severe_come_first(found):
    first = queue(found)
    suspects = found.suspects()
    for row in first.itertuples():
        p = suspects[suspects["incident_id"] == row.incident_id]["probability"].to_numpy()
        assert row.bits == pytest.approx(-(p[p > 0] * np.log2(p[p > 0])).sum())
    severity = found.incidents.set_index("incident_id")["incident_severity"].astype(object)
    weights = first.set_index("incident_id")["weight"].groupby(severity).first()
    worst_first = [w for s in found.dataset.severities if (w := weights.get(s)) is not None]
    assert worst_first == sorted(worst_first, reverse=True) and min(worst_first) >= 1
    assert first["priority"].is_monotonic_decreasing
    assert set(first["incident_id"]).isdisjoint(found.dataset.decisions["incident_id"])


def test_skipped_ones_come_last_and_each_once(found):
    work = VerdictQueue()
    first, second, *rest = work.order(found)
    work.skip(first)
    work.skip(second)
    work.skip(first)
    assert work.order(found) == [*rest, second, first]


def test_what_a_verdict_taught_is_said_with_its_largest_move(write):
    explorer = open_explore(dataset=str(write()), incident_id="i1")
    before = explorer.found
    assert taught(before, before, "i1").startswith("It moved the answer on 0 other incidents by 5 % or more")
    explorer.decide("i1", "c1", by="incident review")
    after = explorer.found
    said = taught(before, after, "i1")
    both = before.suspects("i2").merge(after.suspects("i2"), on="change_id")
    by = (both["probability_x"] - both["probability_y"]).abs()
    assert "most on i2: " in said and both["change_id"][by.idxmax()].replace("none", "no recorded change") in said
