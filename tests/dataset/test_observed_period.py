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


def test_the_observed_period_is_whole_days_on_which_both_logs_overlap(write):
    dataset = load(write())
    assert [str(t) for t in dataset.observed] == ["2024-01-10 00:00:00+00:00", "2024-02-11 00:00:00+00:00"]
    assert dataset.overlapping
    assert not load(write(changes="change_id,started_at\nc,2025-01-01\n")).overlapping
