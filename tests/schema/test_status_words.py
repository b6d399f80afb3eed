"""States of incidents and of changes, as logs spell them."""

from __future__ import annotations

import time

import pytest

from aftershock.schema.status_words import NO_INCIDENT, STATUS_WORDS, meaning, took_effect


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("firing", "open"), ("opened", "open"), ("Re-Opened", "open"), ("pending reminder", "open"), ("On Hold", "open"),
        ("Closed - no action", "resolved"), ("closed successful", "resolved"), ("geschlossen", "resolved"),
        ("Canceled by user", NO_INCIDENT), ("merged", NO_INCIDENT), ("false_positive", NO_INCIDENT), ("flapping", ""),
        ("En proceso", "open"), ("в работе", "open"), ("Закрыт", "resolved"), ("解決済み", "resolved"), ("처리 중", "open"), ("已取消", NO_INCIDENT),
        ("serviceRestored", "resolved"), ("secondLine", "open"),
    ],
)  # fmt: skip
def test_a_state_of_an_incident_counts_by_what_it_begins_with(word, state):
    assert meaning(word, STATUS_WORDS) == state


@pytest.mark.parametrize(
    "word",
    [
        "DECLINED",
        "NOT_BUILT",
        "notStarted",
        "Waiting for approval",
        "Undeployed",
        "on-hold",
        "geplant",
        "abgesagt",
        "Запланировано",
        "予定",
    ],
)
def test_a_change_of_such_a_state_never_took_effect(word):
    assert took_effect(word) is False


@pytest.mark.parametrize(
    "word", ["", "SUCCESS", "partiallySucceeded", "failed", "ABORTED", "timed_out", "superseded", "WORKING", "killed"]
)
def test_a_change_of_such_a_state_took_effect_wholly_or_in_part(word):
    assert took_effect(word) is True


def test_of_an_unknown_word_nothing_is_known():
    assert took_effect("flavoured") is None


def test_a_page_of_text_is_no_state_and_takes_no_time():
    page = "the till said nothing " * 20_000
    begun = time.perf_counter()
    assert took_effect(page) is None
    assert time.perf_counter() - begun < 1
