"""The days that both logs cover."""

from __future__ import annotations

import pytest
from conftest import TOML

from aftershock import load
from aftershock.schema.errors import InputError


def test_when_no_row_can_be_used_the_error_says_why(write):
    bad = "incident_id,started_at\ni1,03/04/2024\n"
    with pytest.raises(
        InputError,
        match=r"no row of either log can be used\.\nincidents.csv, line 2, column started_at: found '03/04/2024'",
    ):
        load(write(incidents=bad, changes="change_id,started_at\nc,soon\n"))


@pytest.mark.parametrize("line", ['observed = ["2025-13-01", "2025-12-31"]', 'observed = ["2025-12-31", "2025-01-01"]'])
def test_an_impossible_period_is_refused(write, line):
    with pytest.raises(InputError, match="expected two dates, first and last day"):
        load(write(TOML + f"[attribution]\n{line}\n"))


def days(dataset) -> list[str]:
    """First day, and the day after the last."""
    return [str(t)[:10] for t in dataset.observed]


def test_the_observed_period_is_whole_days_to_where_the_export_ends(write):
    dataset = load(write())
    assert days(dataset) == ["2024-01-10", "2024-02-21"]
    assert dataset.months == ["2024-01", "2024-02"]
    assert dataset.overlapping
    assert not load(write(changes="change_id,started_at\nc,2025-01-01\n")).overlapping


CHANGES = "change_id,started_at,status\n" + "".join(f"c{n},2024-0{n}-10T11:00:00Z,done\n" for n in range(1, 7))


def test_a_quiet_month_before_the_end_of_the_export_is_a_month(write):
    dataset = load(write(changes=CHANGES))
    assert days(dataset) == ["2024-01-10", "2024-06-11"]
    assert dataset.months[-2:] == ["2024-05", "2024-06"]


def test_changes_that_are_planned_do_not_prolong_it_and_an_incident_s_end_does(write):
    planned = CHANGES + "c9,2025-06-10T11:00:00Z,planned\n"
    assert days(load(write(changes=planned))) == ["2024-01-10", "2024-06-11"]
    ended = (
        "incident_id,started_at,resolved_at\ni1,2024-01-10T12:00:00Z,\ni2,2024-06-09T12:00:00Z,2024-06-20T12:00:00Z\n"
    )
    assert days(load(write(incidents=ended, changes=planned))) == ["2024-01-10", "2024-06-21"]


def test_a_change_log_that_stops_long_before_ends_the_period(write):
    later = "incident_id,started_at\ni1,2024-01-10T12:00:00Z\ni2,2024-09-10T12:00:00Z\n"
    assert days(load(write(incidents=later, changes=CHANGES))) == ["2024-01-10", "2024-06-11"]


def test_the_last_day_may_be_where_the_export_ends(write):
    stated = TOML + '[attribution]\nobserved = ["2024-01-01", "export"]\n'
    assert days(load(write(stated, changes=CHANGES))) == ["2024-01-01", "2024-06-11"]
    with pytest.raises(
        InputError, match=r"found observed = \['2025-01-01', 'export'\]; expected a first day before the export's"
    ):
        load(write(stated.replace("2024-01-01", "2025-01-01"), changes=CHANGES))
