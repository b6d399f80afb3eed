"""Why a change is not a candidate, in words."""

from __future__ import annotations

import pytest

from aftershock import load
from aftershock.model.exclusions import excluded_changes, why_no_candidate

CHANGES = """change_id,started_at,kind,services,environment,status,title
near,2024-01-10T11:30:00Z,deploy,checkout,,,Raise the limit
failed,2024-01-10T11:40:00Z,deploy,checkout,,cancelled,Raise it again
after,2024-01-10T13:00:00Z,deploy,checkout,,,Lower the limit
old,2024-01-06T12:00:00Z,deploy,checkout,,,Add a column
far,2023-11-01T12:00:00Z,deploy,checkout,,,Add a table
"""


@pytest.fixture
def dataset(write):
    return load(write(changes=CHANGES))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("near", ""),
        ("failed", "failed is not a suspect of i1: its status is 'cancelled': it never took effect."),
        (
            "after",
            "after is not a suspect of i1: it began at 10 Jan 2024, 13:00 UTC, 1 h after the latest moment at which the "
            "incident can have started.",
        ),
        (
            "old",
            "old is not a suspect of i1: it came at least 4 d before the incident, which is longer than the horizon of 3 d "
            "(dataset.toml, [attribution] horizon).",
        ),
    ],
)
def test_the_rule_that_leaves_a_change_out_is_named(dataset, change, why):
    assert why_no_candidate(dataset, dataset.incident("i1"), dataset.change(change)) == why


def test_changes_nearby_that_are_not_candidates_come_nearest_first(dataset):
    incident = dataset.incident("i1")
    count, rows = excluded_changes(dataset, incident, {"near"}, most=9)
    assert (count, excluded_changes(dataset, incident, {"near"}, most=1)) == (3, (3, rows[:1]))
    assert [(row["Change"], row["Why not"]) for row in rows] == [
        ("failed", "its status is 'cancelled': it never took effect"),
        ("after", "began after the incident"),
        ("old", "came more than 3 d before"),
    ]
