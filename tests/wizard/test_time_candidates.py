"""Columns of times that are left out of those that could be a start or an end."""

from __future__ import annotations

import pandas as pd

from aftershock.schema.tables import TEXT
from aftershock.wizard import time_candidates
from aftershock.wizard.time_cells import TimeCells


def cells(**columns: list[str]) -> TimeCells:
    frame = pd.DataFrame({name.replace("__", "."): cells for name, cells in columns.items()}, dtype=TEXT)
    return TimeCells(frame, "UTC")


def starts(*names: str):
    return [(0.9, 0.9, "started_at", name, "holds times") for name in names]


def names(candidates) -> list[str]:
    return [name for *_, name, _ in candidates]


def test_a_start_that_hardly_a_row_has_gives_way_to_one_that_most_have():
    rows = cells(begun=["2024-03-05 10:00"] + [""] * 9, created=[f"2024-03-{n:02d} 10:00" for n in range(1, 11)])
    assert names(time_candidates.without_sparse_starts(starts("begun", "created"), rows)) == ["created"]


def test_one_moment_in_all_rows_is_that_of_a_load():
    rows = cells(made=["2024-03-05 10:00"] * 6, began=[f"2024-03-{n:02d} 10:00" for n in range(1, 7)])
    assert [time_candidates.is_of_loads(name, rows) for name in ("made", "began")] == [True, False]


def test_days_give_way_to_the_moments_of_those_days():
    rows = cells(day=["2024-03-05", "2024-03-06"], at=["2024-03-05 10:00", "2024-03-06 11:00"])
    assert names(time_candidates.without_vague(starts("day", "at"), rows)) == ["at"]


def test_the_end_of_a_part_with_an_id_is_none_of_the_record():
    rows = cells(began=["2024-03-05"], milestone__id=["1"], milestone__closed=["2024-03-09"])
    ends = [(0.9, 0.9, "resolved_at", "milestone.closed", "holds times")]
    assert time_candidates.without_ends_of_parts("incidents", [*starts("began"), *ends], rows) == starts("began")


def test_work_that_began_after_each_was_entered_is_no_start():
    rows = cells(created=["2024-03-05 10:00", "2024-03-06 10:00"], started=["2024-03-05 11:00", "2024-03-06 12:00"])
    assert names(time_candidates.without_starts_of_work(starts("created", "started"), rows)) == ["created"]


def test_when_the_record_was_made_comes_after_a_start_but_not_after_the_time_of_a_part():
    made, part = ((0.85, 0.85, "started_at", name, "") for name in ("Created", "Rollout.StartDate"))
    low = (0.84, 0.84, "started_at", "Change start date", "")
    assert max(time_candidates.with_named_starts([made, low]))[3] == "Change start date"
    assert time_candidates.with_named_starts([made, part]) == [made, part]


def test_when_a_part_of_some_records_began_comes_after_when_each_did():
    rows = cells(created_at=["2024-03-05 10:00", "2024-03-06 10:00", "2024-03-07 10:00"])
    rows.rows["pull.merged_at"] = ["2024-03-05 09:00", "", ""]
    found = time_candidates.without_sparse_starts(starts("created_at", "pull.merged_at"), rows)
    assert names(found) == ["created_at"]


def test_the_time_of_a_commit_comes_after_that_of_what_it_is_of():
    found = time_candidates.with_named_starts(
        [(0.87, 0.87, "started_at", "commit.committed_date", ""), (0.86, 0.86, "started_at", "created_at", "")]
    )
    assert max(found)[3] == "created_at"
    alone = [(0.87, 0.87, "started_at", "commit.committed_date", "")]
    assert time_candidates.with_named_starts(alone) == alone
