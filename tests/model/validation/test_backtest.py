"""The backtest: what was learned from earlier incidents only, and the worst answers."""

from __future__ import annotations

import pytest

from aftershock.model.validation.backtest import EARLIER, OURS


def test_folds_follow_each_other_and_learn_from_more_and_more(result, little):
    first, second = result.folds
    assert first.end < second.start and first.learned_from < second.learned_from
    starts = little.actual_incidents["started_at"]
    inside = (starts >= little.observed[0]) & (starts < first.start)
    assert first.learned_from == inside.sum()
    assert len(result.later) == first.answered + second.answered
    assert list(result.held_out)[:2] == [EARLIER, OURS]
    assert all(len(table) == len(result.later) for table in result.held_out.values())


def test_the_incidents_answered_most_wrong(result):
    worst = result.worst(5)
    assert worst["given"].is_monotonic_increasing and (worst["given"] < 0.5).all()
    suspects = result.found.suspects().set_index(["incident_id", "change_id"])
    for row in worst.itertuples():
        assert suspects.loc[(row.incident_id, row.true_change), "probability"] == pytest.approx(row.given)
        assert suspects.loc[(row.incident_id, row.top_change), "probability"] == pytest.approx(row.top_probability)
