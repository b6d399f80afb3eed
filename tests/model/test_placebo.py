"""Chance: what moved copies of the incidents are linked to, per incident and per change."""

from __future__ import annotations

import numpy as np
import pytest

from aftershock.model import placebo


def test_what_chance_links_to_changes_adds_up_to_what_it_links(demo_found):
    assert demo_found.chance_by_change.sum() == pytest.approx(demo_found.shares["chance"].sum(), rel=1e-4)
    assert (demo_found.chance_by_change >= 0).all()
    rates = demo_found.rates
    inside = demo_found.seen.counted
    linked = (rates["chance_per_1000"] * rates["changes"]).sum() / 1000
    assert linked == pytest.approx(demo_found.chance_by_change.to_numpy()[inside].sum())
    assert rates["chance_per_1000"].nunique() > 1


def test_copies_are_counted_and_reach_in_whole_numbers(demo_found):
    shares = demo_found.shares
    reached = (shares["chance_p"] * shares["copies"]).to_numpy()
    assert (shares["copies"] > 0).all() and reached == pytest.approx(np.round(reached))
    assert shares["copies"].sum() == len(demo_found.reading.copy_of)


def test_the_evidence_evens_out_over_moved_copies(demo_found):
    assert placebo.joint_mean(demo_found.reading, demo_found.parameters) == pytest.approx(1, abs=0.1)


def test_evidence_that_does_not_even_out_is_warned_of(demo_found, monkeypatch):
    for mean, word in ((3.0, "too often"), (0.3, "too rarely")):
        monkeypatch.setattr(placebo, "joint_mean", lambda *_, mean=mean: mean)
        assert [w for w in demo_found._doubts() if word in w]
    monkeypatch.setattr(placebo, "joint_mean", lambda *_: 1.9)
    assert not [w for w in demo_found._doubts() if "even out" in w]
    monkeypatch.setattr(placebo, "joint_mean", lambda *_: float("nan"))
    assert not [w for w in demo_found._doubts() if "even out" in w]
