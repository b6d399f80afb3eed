"""Incidents drawn from the fitted model: as many, where and when the model says."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from aftershock.model.gibbs import kind_rates
from aftershock.model.observations import ModelInput
from aftershock.model.validation import resimulate, self_check


@pytest.fixture(scope="module")
def drawn(found):
    rng = np.random.default_rng(1)
    return [resimulate.resimulate(found, found.parameters, rng) for _ in range(20)]


def test_drawn_incidents_come_in_the_numbers_of_the_fit(found, drawn):
    background = [int((d.direct & (d.culprit < 0)).sum()) for d in drawn]
    expected = found.parameters.background * found.seen.hours
    assert np.mean(background) == pytest.approx(expected, abs=3 * np.sqrt(expected / 20))
    changes = np.bincount(found.seen.kind_of_change[found.seen.counted], minlength=len(found.seen.kinds))
    set_off = [int((d.direct & (d.culprit >= 0)).sum()) for d in drawn]
    expected = float(kind_rates(found.seen, found.parameters) @ changes)
    # evidence moves culprits between changes and keeps their number, as far as its null says how innocent changes look
    assert np.mean(set_off) == pytest.approx(expected, rel=0.35)


def test_drawn_incidents_follow_their_changes_within_the_horizon(found, drawn):
    changes = found.dataset.changes
    for d in drawn[:5]:
        incidents = d.dataset.incidents
        own = d.direct & (d.culprit >= 0)
        by_change = incidents[own]
        since = by_change["started_at_before"].reset_index(drop=True) - changes["started_at"].iloc[
            d.culprit[own]
        ].reset_index(drop=True)
        assert since.between(pd.Timedelta(0), pd.Timedelta(hours=73)).all()
        start, end = found.dataset.observed
        assert incidents["started_at_before"].between(start, end + pd.Timedelta(hours=1)).all()
        assert found.seen.counted[d.culprit[d.culprit >= 0]].all()
        assert incidents["caused_by"].map(len).sum() == 0


def test_drawn_incidents_show_where_their_changes_reach(found, drawn):
    graph = found.reading.graph
    near = total = 0
    for d in drawn:
        for places, c in zip(d.dataset.incidents["services"][d.direct], d.culprit[d.direct], strict=True):
            changed = found.reading.finder.services[c] if c >= 0 else ()
            if changed:
                total += 1
                near += bool(graph.distances(places[:1], changed))
    expected = 1 - found.parameters.relations[3]  # all but the unrelated
    assert near / total == pytest.approx(expected, abs=0.06)


def test_drawn_delays_have_the_fitted_distribution(found):
    grid, rng = found.seen.grid, np.random.default_rng(2)
    masses = found.parameters.delays[0]
    hours = resimulate.draw_delays(grid, np.tile(masses, (20_000, 1)), rng)
    assert hours.min() >= 0 and hours.max() <= grid.horizon
    for share in (0.1, 0.5, 0.9):
        assert np.mean(hours <= grid.quantile(masses, share)) == pytest.approx(share, abs=0.02)


def test_a_culprits_words_resemble_the_incident_and_an_innocent_changes_do_not(found):
    rng = np.random.default_rng(3)
    means = []
    for _ in range(6):
        d = resimulate.resimulate(found, found.parameters, rng)
        reading = resimulate.read_resimulated(found, d, found.parameters, rng)
        incident = reading.seen.pairs.incident
        own = (d.culprit[incident] == reading.seen.pairs.change) & d.direct[incident]
        bins = reading.seen.bins[0]
        known = bins > 0
        means.append((bins[own & known].mean(), bins[~own & known].mean()))
    culprits, innocent = np.mean(means, axis=0)
    assert culprits > innocent + 0.3


def test_every_incident_has_its_own_place_in_the_answer(found):
    rng = np.random.default_rng(4)
    d = resimulate.resimulate(found, found.parameters, rng)
    answer = self_check.refitted_answer(resimulate.read_resimulated(found, d, found.parameters, rng))
    sums = answer.groupby("incident_id")["probability"].sum()
    assert len(sums) == len(d.culprit) and np.allclose(sums, 1)


def test_what_is_read_next_to_an_earlier_reading_is_what_is_read_alone(found, drawn):
    """What follows from the changes alone is shared, and equals what this log would have given."""
    again = resimulate.read_again(found, drawn[0].dataset).seen
    alone = ModelInput(drawn[0].dataset, verdicts=False, afterwards=True, priors=found.seen.priors).seen
    assert np.array_equal(again.weeks, alone.weeks) and np.array_equal(again.cells.counts, alone.cells.counts)
    assert len(again.features) == len(alone.features)
    for one, other in zip(again.features, alone.features, strict=True):
        assert one.name == other.name and np.array_equal(one.codes, other.codes)
