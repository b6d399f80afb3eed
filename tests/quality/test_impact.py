"""What a flaw does to the answers, against answers worked out apart."""

from __future__ import annotations

import pandas as pd
import pytest

from aftershock.quality import clocks, examination, impact
from aftershock.quality.variants import everywhere, moved


def test_a_flaw_taken_out_is_measured_against_the_log_as_it_is(demo):
    """Second opinion: the counts worked out again from the two sets of answers."""
    late = moved(demo, "incidents", pd.Timedelta(hours=-5), everywhere)
    (finding,) = examination.with_impacts(late, clocks.find_shifts(late))
    was, then = impact.answers(late), impact.answers(demo)
    assert finding.impact.moved == sum(was.first[i] != then.first[i] for i in was.first.index)
    assert finding.impact.share == pytest.approx(was.share.mean())
    assert finding.impact.share_without == pytest.approx(then.share.mean())
    assert finding.impact.size == pytest.approx(
        finding.impact.moved / len(was.first) + abs(then.share.mean() - was.share.mean())
    )


def test_answers_are_those_of_the_attribution(demo, demo_found):
    given = impact.answers(demo)
    best = demo_found.suspects().query("rank == 1").set_index("incident_id")
    assert (given.first.reindex(best.index) == best["change_id"]).mean() > 0.9  # without the averaging over draws
    shares = demo_found.shares.set_index("incident_id")["change_probability"]
    assert given.share.mean() == pytest.approx(shares.mean(), abs=0.08)


def test_of_a_large_log_the_latest_part_is_measured(demo, monkeypatch):
    monkeypatch.setattr(impact, "MOST_INCIDENTS", 50)
    part = impact.latest(demo)
    assert 45 <= len(part.incidents) <= 60
    assert part.observed[1] == demo.observed[1]
    assert part.incidents["incident_id"].iloc[-1] == demo.incidents["incident_id"].iloc[-1]
    assert part.changes["started_at"].min() >= part.observed[0] - demo.settings.attribution.horizon
