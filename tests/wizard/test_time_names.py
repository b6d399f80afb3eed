"""What names say of times: ends, plans and entries are no starts, and what differs only in that is a pair."""

from __future__ import annotations

import pytest

from aftershock.wizard import time_names


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("startsAt", "endsAt"),
        ("from", "to"),
        ("Outage Begin", "Outage Finish"),
        ("window_start_time", "window_stop_time"),
        ("von", "bis"),
        ("Began", "Over"),
        ("Happened", "Fixed"),
    ],
)
def test_names_that_differ_only_in_start_and_end_are_a_pair(start, end):
    pairs = time_names.pairs(["id", end, start, "updatedAt"], lambda name: True)
    assert [(p.start, p.end) for p in pairs] == [(start, end)]


def test_what_happened_comes_before_what_was_planned():
    pairs = time_names.pairs(["planned_start", "planned_end", "actual_start", "actual_end"], lambda name: True)
    assert [p.start for p in pairs] == ["actual_start", "planned_start"]
    assert pairs[1].sure < 0.7


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("endsAt", "is_end"), ("Closed", "is_end"), ("updatedAt", "is_entry"), ("last_modified", "is_entry"), ("due_date", "is_plan"),
        ("Geplanter Start", "is_plan"), ("Last Resolved Date", "is_end"), ("last_seen_closed_by_update", "is_entry"),
        ("date-ended.date", "is_end"), ("submissionTimestamp", "is_entry"), ("Atualizado", "is_entry"), ("Mis à jour", "is_entry"),
    ],
)  # fmt: skip
def test_a_name_says_what_its_time_is(name, said):
    assert getattr(time_names, said)(name)
    assert not getattr(time_names, said)("started_at")


@pytest.mark.parametrize(
    ("name", "took"),
    [
        ("resolution_time_hours", True),
        ("MinutesToMitigate", True),
        ("outage_minutes", True),
        ("duration", True),
        ("disposal_hours", False),
        ("overtime_hours", False),
        ("sla_hours", False),
        ("resolution_time_target", False),
    ],
)
def test_hours_of_anything_are_not_how_long_it_took(name, took):
    assert time_names.is_length(name) is took


def test_compounds_and_languages_of_the_north_and_the_east():
    pairs = [("Starttid", "Sluttid"), ("Začátek výpadku", "Konec výpadku"), ("Başlangıç Zamanı", "Bitiş Zamanı")]
    for start, end in pairs:
        assert [(p.start, p.end) for p in time_names.pairs([end, start], lambda name: True)] == [(start, end)]


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("Resolution_Days", True),
        ("days_open", True),
        ("tempo_resolucao", True),
        ("sla_days", False),
        ("time_to_triage_hours", False),
        ("time_to_first_response", False),
        ("active_days", False),
    ],
)
def test_days_and_what_a_resolution_took_are_lengths(name, is_one):
    assert time_names.is_length(name) == is_one


def test_when_power_was_actually_restored_is_an_end():
    assert time_names.is_over("actualTimeOfRestoration") and not time_names.is_over("estimatedTimeOfRestoration")


def test_how_long_a_queue_is_says_no_time():
    assert not time_names.is_length("queue_length") and time_names.is_length("outage_length")


def test_an_object_around_a_time_says_whether_it_was_planned():
    pairs = time_names.pairs(["planned.end", "planned.start", "actual.start", "actual.end"], lambda name: True)
    assert [(p.start, p.end) for p in pairs] == [("actual.start", "actual.end"), ("planned.start", "planned.end")]
    assert time_names.is_plan("planned.start") and not time_names.is_plan("actual.start")


def test_what_was_asked_for_is_no_start():
    assert time_names.is_of_holder("data.Filter.StartTime") and not time_names.is_of_holder("data.StartTime")
    assert not time_names.pairs(["data.Filter.StartTime", "data.Filter.EndTime"], lambda name: True)
