"""States of incidents and of changes, as logs spell them."""

from __future__ import annotations

import pytest

from aftershock.schema.status_words import NO_INCIDENT, STATUS_WORDS, meaning, spellings, took_effect


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


def test_behind_the_name_of_a_step_its_result_counts():
    assert took_effect("approval_cancelled") is False and took_effect("gate skipped") is False


@pytest.mark.parametrize(
    "word",
    [
        "",
        "SUCCESS",
        "partiallySucceeded",
        "failed",
        "ABORTED",
        "timed_out",
        "superseded",
        "WORKING",
        "killed",
        "update_failed",
    ],
)
def test_a_change_of_such_a_state_took_effect_wholly_or_in_part(word):
    assert took_effect(word) is True


def test_what_follows_closed_counts_where_it_was_called_off():
    assert [took_effect(word) for word in ("Closed - Cancelled", "Closed - Successful")] == [False, True]
    assert meaning("Closed (False Positive)", STATUS_WORDS) == NO_INCIDENT
    assert meaning("Closed - no action", STATUS_WORDS) == "resolved"


def test_of_an_unknown_word_nothing_is_known():
    assert took_effect("flavoured") is None


def test_of_a_page_of_text_only_the_beginning_is_looked_at():
    assert took_effect("the till said nothing " * 100_000) is None  # each beginning of all of it would take minutes
    assert took_effect("failed " + "and nobody knows why " * 100_000) is True


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("Closed - Cancelled", NO_INCIDENT),
        ("Resolved (False Positive)", NO_INCIDENT),
        ("closed duplicate", NO_INCIDENT),
        ("Closed - test results pending", "resolved"),
        ("Geschlossen (Fehlalarm)", NO_INCIDENT),
    ],
)
def test_what_stands_behind_the_end_of_an_incident_says_that_it_was_none(word, state):
    assert meaning(word, STATUS_WORDS) == state


def test_what_stands_behind_the_end_of_a_change_says_that_it_never_was_made():
    assert [took_effect(word) for word in ("Closed Skipped", "closed - rejected", "Closed")] == [False, False, True]


def test_a_number_keeps_its_sign():
    assert spellings(["-1", "1", "High", "HIGH"]) == {"-1": "-1", "1": "1", "high": "High"}


def test_what_is_done_is_known_in_chinese():
    assert took_effect("完成") and took_effect("执行失败")
    assert meaning("完成", STATUS_WORDS) == "resolved"
