"""What a large log lists, next to a search through all pairs, and that the answer stays what it was."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from aftershock import load
from aftershock.dataset.dataset import Dataset
from aftershock.model import em, gibbs, likelihood, listing, observations, placebo
from aftershock.model.attribution import attribute
from aftershock.model.evidence import HARDLY_ANY, WORDS_EDGES
from aftershock.model.listing import Listing
from aftershock.model.observations import ModelInput
from aftershock.model.service_graph import UNRELATED
from aftershock.model.validation.expected_accuracy import expected_accuracy
from aftershock.reports.why import why


def reading(listed_whole: int, dataset: Dataset | None = None) -> ModelInput:
    """The demo, or another dataset, with a limit of pairs that are all listed and as many copies whatever it is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(observations, "LISTED_WHOLE", listed_whole)
        patch.setattr(observations, "MOST_COPIES", 8)
        return ModelInput((dataset or load("demo")).as_read, verdicts=False, afterwards=True)


@pytest.fixture(scope="module")
def whole() -> ModelInput:
    return reading(1_000_000)


@pytest.fixture(scope="module")
def large() -> ModelInput:
    """The demo read as a large log is."""
    return reading(0)


def test_listed_are_the_related_the_worded_the_recent_and_those_taken_back(whole, monkeypatch):
    monkeypatch.setattr(listing, "RECENT", 3)
    monkeypatch.setattr(listing, "_WINDOW", 150)
    pairs, bins = whole.seen.pairs, whole.seen.bins
    said = whole.reader.wording.score(whole.told.texts, pairs.incident, pairs.change)
    place = np.arange(len(pairs)) - pairs.starts[pairs.incident]
    reasons = {
        "related": pairs.relation < UNRELATED,
        "worded": np.nan_to_num(said) > WORDS_EDGES[HARDLY_ANY - 1],
        "recent": place >= np.diff(pairs.starts)[pairs.incident] - 3,
        "taken back": bins[2] == 2,
    }
    assert all(found.any() for found in reasons.values())
    expected = np.flatnonzero(np.any(list(reasons.values()), axis=0))
    incident, change = Listing(whole.finder, whole.reader).of(whole.first, whole.last, whole.places, whole.told)
    assert list(zip(incident, change, strict=True)) == list(
        zip(pairs.incident[expected], pairs.change[expected], strict=True)
    )
    assert len(expected) < 0.8 * len(pairs)


def test_a_change_taken_back_during_the_incident_is_listed_for_that_alone(whole, monkeypatch):
    """Nobody's services and no words, so that nothing else is a reason."""
    monkeypatch.setattr(listing, "RECENT", 0)
    pairs, count = whole.seen.pairs, whole.seen.incidents
    taken = whole.seen.bins[2] == 2
    assert taken.any()
    silent = replace(whole.told, texts=[()] * count)
    incident, change = Listing(whole.finder, whole.reader).of(whole.first, whole.last, [("nowhere",)] * count, silent)
    assert list(zip(incident, change, strict=True)) == list(
        zip(pairs.incident[taken], pairs.change[taken], strict=True)
    )


def answer(one: ModelInput) -> tuple[np.ndarray, dict[tuple[int, int], float]]:
    """(probability of none of the changes by incident, of each pair) by the fit."""
    found = likelihood.settled(one.seen, likelihood.rates_of(one.seen, em.fit(one.seen)))
    pairs, none = likelihood.rooted(one.seen, found)
    key = list(zip(one.seen.pairs.incident.tolist(), one.seen.pairs.change.tolist(), strict=True))
    return none, dict(zip(key, pairs.tolist(), strict=True))


def test_on_real_logs_the_answers_are_those_of_the_full_list(benchmark_folder):
    folders = sorted(path.parent for path in benchmark_folder.glob("*/dataset.toml"))
    assert folders
    for folder in folders:
        none, pairs = answer(reading(10**9, load(folder)))
        their_none, their_pairs = answer(reading(0, load(folder)))
        assert their_none == pytest.approx(none, abs=0.01), folder
        assert {key: pairs[key] for key in their_pairs} == pytest.approx(their_pairs, abs=0.02), folder
        assert all(p < 0.01 for key, p in pairs.items() if key not in their_pairs), folder


def test_the_fit_and_its_answers_are_those_of_the_full_list(whole, large):
    (none, pairs), (their_none, their_pairs) = answer(whole), answer(large)
    assert len(their_pairs) < len(pairs)
    assert their_none == pytest.approx(none, abs=0.01)
    assert {key: pairs[key] for key in their_pairs} == pytest.approx(their_pairs, abs=0.01)
    assert max(p for key, p in pairs.items() if key not in their_pairs) < 1e-3


def test_draws_and_chance_count_what_is_not_listed(large):
    fitted = em.fit(large.seen)
    drawn = gibbs.sample(large.seen, fitted, sweeps=10)
    listed = np.bincount(large.seen.pairs.incident, weights=drawn.pair_mean, minlength=large.seen.incidents)
    rest = 1 - listed - drawn.none_mean
    assert rest.min() > -1e-9
    fit = likelihood.settled(large.seen, likelihood.rates_of(large.seen, fitted))
    assert rest.sum() == pytest.approx(fit.rest.sum(), rel=0.5)
    assert rest.sum() > 1e-3
    chance = placebo.chance_level(large, fitted, drawn)
    assert chance.by_change.sum() == pytest.approx(np.nansum(chance.level))


def test_why_says_that_a_suspect_is_not_listed_and_what_all_such_have(large, whole, monkeypatch):
    monkeypatch.setattr(observations, "LISTED_WHOLE", 0)
    monkeypatch.setattr(gibbs, "SWEEPS", 10)
    found = attribute(load("demo"))
    listed = set(zip(found.seen.pairs.incident.tolist(), found.seen.pairs.change.tolist(), strict=True))
    pairs = zip(whole.seen.pairs.incident.tolist(), whole.seen.pairs.change.tolist(), strict=True)
    incident, change = next(pair for pair in pairs if pair not in listed)
    incident_id = found.reading.incidents["incident_id"][incident]
    count, together = found.unlisted(incident_id)
    own = np.diff(whole.seen.pairs.starts)[incident], np.diff(found.seen.pairs.starts)[incident]
    assert count == own[0] - own[1]
    assert found.suspects(incident_id)["probability"].sum() + together == pytest.approx(1)
    said = why(found, incident_id, found.dataset.changes["change_id"][change])
    assert f"there are {count}" in said[0]
    best = found.suspects(incident_id)["change_id"][0]
    assert found.explanation(incident_id, best).steps
    assert expected_accuracy(found, wait=False) is None  # such a log takes minutes
