"""What is prepared for a dataset: used for that very reading alone, and never for a blind answer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from aftershock import load
from aftershock.dataset.dataset import Dataset
from aftershock.model.validation.expected_accuracy import ExpectedAccuracy
from aftershock.reports import prepared


@pytest.fixture
def dataset(write) -> Iterator[Dataset]:
    made = load(write(verdicts__csv="incident_id,change_id\ni1,c1\n"))
    yield made
    prepared.drop(made.folder, made.audience)


def test_what_is_not_prepared_is_worked_out(dataset):
    assert prepared.dataset(dataset.folder, dataset.audience) is None
    assert prepared.attribution(dataset) is not prepared.attribution(dataset)


def test_what_is_prepared_is_handed_out_until_it_is_dropped(dataset):
    prepared.put(dataset, expect=False)
    assert prepared.dataset(dataset.folder, dataset.audience) is dataset
    assert prepared.dataset(dataset.folder, "public") is None
    found = prepared.attribution(dataset)
    assert prepared.attribution(dataset) is found
    assert {"shares", "rates", "delay_curves"} <= set(vars(found)), "worked out before it is asked for"
    prepared.drop(dataset.folder, dataset.audience)
    prepared.drop(dataset.folder, dataset.audience)
    assert prepared.attribution(dataset) is not found


def test_a_blind_answer_is_never_the_prepared_one(dataset):
    prepared.put(dataset, expect=False)
    seen, blind = prepared.attribution(dataset), prepared.attribution(dataset, blind=True)
    assert seen.seen.decided.any() and not blind.seen.decided.any()


def test_the_same_folder_read_again_is_another_dataset(dataset):
    prepared.put(dataset, expect=False)
    assert prepared.attribution(load(dataset.folder)) is not prepared.attribution(dataset)


def test_a_dataset_may_be_kept_without_a_fit(dataset):
    prepared.put(dataset, fit=False)
    assert prepared.dataset(dataset.folder, dataset.audience) is dataset
    assert prepared.attribution(dataset) is not prepared.attribution(dataset)


def test_what_is_expected_of_the_answers_is_kept_for_the_same_fit(write):
    """Of logs that share no time, of which nothing can be expected, so that nothing takes long."""
    dataset = load(write(changes="change_id,started_at\nc,2025-01-01\n"))
    prepared.put(dataset)
    found = prepared.attribution(dataset)
    known = ExpectedAccuracy.model_construct()
    prepared._of(dataset).expected[:] = [known]
    assert prepared.accuracy(found) is known
    assert prepared.accuracy(prepared.attribution(dataset, blind=True)) is not known
    prepared.drop(dataset.folder, dataset.audience)


def test_a_reference_is_kept_and_never_fitted():
    dataset = load("famous-outages")
    prepared.put(dataset)
    assert prepared.dataset(dataset.folder, dataset.audience) is dataset
    assert prepared._of(dataset).fit is None
    prepared.drop(dataset.folder, dataset.audience)
