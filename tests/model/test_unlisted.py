"""Sums over changes without a list, next to the sums over a list."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import CHANGES, INCIDENTS

from aftershock import load
from aftershock.model import em
from aftershock.model.observations import ModelInput
from aftershock.model.parameters import first_guess
from aftershock.model.unlisted import Unlisted


def sums(reading: ModelInput, listed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(rates of what is not listed, the same from the list of all pairs), (incidents,)."""
    seen, parameters = reading.seen, em.fit(reading.seen)
    named = np.array([bool(p) for p in reading.places])
    kind = seen.kind_of_change
    pairs = seen.pairs.subset(listed, seen.incidents)
    unlisted = Unlisted(reading.finder, reading.first, reading.last, named, pairs, kind)
    weights = unlisted.weights(seen, parameters)[named[seen.pairs.incident].astype(int), seen.pairs.change]
    each = weights * seen.pairs.density(parameters.delays, seen.delay_cells)
    each[listed] = 0
    place = parameters.service_shares[seen.service]
    return unlisted.rates(seen, parameters), place * np.bincount(
        seen.pairs.incident, weights=each, minlength=seen.incidents
    )


def test_sums_are_those_of_the_list():
    reading = ModelInput(load("demo").as_read, verdicts=False, afterwards=True)
    listed = np.flatnonzero(np.arange(len(reading.seen.pairs)) % 7 == 0)
    fast, slow = sums(reading, listed)
    assert slow.min() > 0
    assert fast.sum() == pytest.approx(slow.sum(), rel=0.02)
    assert np.quantile(np.abs(fast / slow - 1), 0.95) < 0.05  # one change at a fold of a curve may be further off


def test_changes_and_incidents_of_which_only_the_day_is_known_count_over_the_day(write):
    days = [f"c{n},2024-01-{n:02d},deploy,search,Tidy" for n in range(1, 29)]
    incidents = "\n".join([INCIDENTS.splitlines()[0], *(f"i{n},2024-01-{n:02d},checkout,Slow" for n in (10, 20))])
    reading = ModelInput(
        load(write(incidents=incidents + "\n", changes="\n".join([CHANGES.splitlines()[0], *days]) + "\n")),
        verdicts=False,
        afterwards=False,
    )
    fast, slow = sums(reading, np.zeros(0, dtype=np.int64))
    assert fast == pytest.approx(slow, rel=0.05)


def test_what_is_listed_is_not_counted_again():
    reading = ModelInput(load("demo").as_read, verdicts=False, afterwards=True)
    fast, slow = sums(reading, np.arange(len(reading.seen.pairs)))
    assert slow.max() == 0
    everything, _ = sums(reading, np.zeros(0, dtype=np.int64))
    assert (fast < 0.05 * everything).all()


def test_evidence_of_what_is_not_listed_counts_as_among_innocent_pairs_that_look_so():
    seen = ModelInput(load("demo").as_read, verdicts=False, afterwards=True).seen
    ratios = first_guess(seen).ratios
    mild = tuple(np.ones_like(ratio) for ratio in ratios)
    assert seen.null.unlisted(mild) == pytest.approx(1, abs=0.02)
    harsh = (np.where(np.arange(len(ratios[0])) <= 3, 0.5, 1.0), *mild[1:])
    assert (seen.null.unlisted(harsh) < seen.null.unlisted(mild)).all()
