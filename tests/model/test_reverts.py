"""What takes back what, by all the ways in which logs say it."""

from __future__ import annotations

import math

import pytest
import toy

from aftershock.model.reverts import taken_back, takes_back, temporary, unwrapped

HOUR = "2024-01-01 {:02d}:00"
NEVER = math.inf
SHA = "c0ffee0123456789abcdef0123456789abcdef01"


def log(*rows: dict):
    """Changes an hour apart, from midnight on."""
    return toy.changes(*({"change_id": f"c{n}", "started_at": HOUR.format(n), **row} for n, row in enumerate(rows)))


def hours_taken_back(*rows: dict) -> list[float]:
    """The hour of day at which each change was taken back."""
    return (taken_back(log(*rows)) - toy.utc(HOUR.format(0)).timestamp() / 3600).tolist()


@pytest.mark.parametrize(
    ("title", "revert"),
    [
        ("Raise the limit", 'Revert "Raise the limit"'),
        ("Raise the limit (#4042)", 'Revert "Raise the limit"'),
        ("Raise the limit (#4042)", 'Revert "Raise the limit" (#4050)'),
        ("Raise the limit", 'Revert "Raise the limit (#4042)"'),
        ("Raise the limit (!77)", 'Revert "Raise the limit"'),
        ("Raise the limit (#1) (#4042)", 'Revert "Raise the limit (#1)" (#4050)'),
        ("Raise the  Limit", "Rolled back “Raise the limit”"),
        ("Raise the limit", "Roll back Raise the limit"),
        ("Raise the limit (#4042)", "Rollback: Raise the limit"),
        ("Raise the limit (#4042)", "Revert PR #4042"),
        ("Raise the limit", "Revert c0: it broke the cart"),
        ('Say "yes" twice', 'Revert "Say "yes" twice"'),
    ],
)
def test_a_title_taken_back(title, revert):
    rows = {"title": title}, {"title": revert}
    assert hours_taken_back(*rows) == [1, NEVER]
    assert takes_back(log(*rows)).tolist() == [False, True]


@pytest.mark.parametrize(
    "other", ["Revert \"Raise the limits\"", "Reverted", "Rollback", "Revert PR #404", "Raise the limit", "Revert c00"]
)  # fmt: skip
def test_another_title_is_not(other):
    assert hours_taken_back({"title": "Raise the limit (#4042)"}, {"title": ""}, {"title": other})[:2] == [NEVER, NEVER]


def test_the_latest_earlier_change_of_a_title():
    raised = {"title": "Raise the limit (#1)"}, {"title": "Raise the limit (#2)"}
    assert hours_taken_back(*raised, {"title": 'Revert "Raise the limit"'}, raised[0]) == [NEVER, 2, NEVER, NEVER]


def test_what_is_put_into_force_again_is_not_taken_back_a_second_time():
    """The second revert takes back what put the change into force again, by whichever words."""
    for again in ('Revert "Revert "Raise the limit""', 'Reapply "Raise the limit"'):
        rows = [{"title": t} for t in ("Raise the limit (#1)", 'Revert "Raise the limit" (#2)', f"{again} (#3)")]
        assert hours_taken_back(*rows) == [1, 2, NEVER]
        assert takes_back(log(*rows)).tolist() == [False, True, False]
        assert hours_taken_back(*rows, {"title": 'Revert "Raise the limit"'}) == [1, 2, 3, NEVER]
        assert takes_back(log({"title": again, "reverts": ["c9"]})).tolist() == [False]


def test_a_title_is_sought_in_its_own_repository():
    rows = [{"title": "Bump", "repository": r} for r in ("shop", "search", "")]
    assert hours_taken_back(*rows, {"title": 'Revert "Bump"', "repository": "shop"})[:3] == [3, NEVER, NEVER]
    assert hours_taken_back(*rows, {"title": 'Revert "Bump"', "repository": "cart"})[:3] == [NEVER, NEVER, 3]
    assert hours_taken_back(*rows[:2], {"title": 'Revert "Bump"'})[:2] == [NEVER, 2]


@pytest.mark.parametrize("length", [7, 12, 40])
def test_a_commit_named_by_the_start_of_its_hash(length):
    rows = {"change_id": SHA}, {"title": "Undo", "description": f"Too slow.\n\nThis reverts commit {SHA[:length]}."}
    assert hours_taken_back(*rows) == [1, NEVER]
    assert takes_back(log(*rows)).tolist() == [False, True]
    assert hours_taken_back(rows[0], {"title": "Undo", "reverts": [SHA[:length]]}) == [1, NEVER]


def test_a_hash_that_two_commits_share_or_that_is_too_short_names_none():
    said = {"description": f"This reverts commit {SHA[:8]}."}
    assert hours_taken_back({"change_id": SHA}, {"change_id": SHA[:-1] + "2"}, said)[:2] == [NEVER, NEVER]
    assert hours_taken_back({"change_id": SHA}, {"reverts": [SHA[:6]]}) == [NEVER, NEVER]


def test_a_request_named_by_its_number():
    rows = {"title": "Raise (#12)", "repository": "shop"}, {"title": "Raise (#12)", "repository": "search"}
    undo = {"title": "Undo", "description": "Reverts us/shop#12", "repository": "shop"}
    assert hours_taken_back(*rows, undo) == [2, NEVER, NEVER]


def test_nothing_is_taken_back_before_it_was_made():
    assert (
        hours_taken_back({"title": 'Revert "Raise"'}, {"title": "Raise"}, {"reverts": ["c2", "c3"]}, {}) == [NEVER] * 4
    )


@pytest.mark.parametrize(
    ("title", "description", "expected"),
    [
        ("Temporarily route around Frankfurt", "", True),
        ("Temporary page for the sale", "", True),
        ("Enable maintenance mode", "", True),
        ("Double the workers for the next 2 hours", "", True),
        ("Double the workers", "Stays until 14:00 UTC.", True),
        ("Double the workers", "In place for the duration of the sale.", True),
        ("Double the workers", "Wait until the queue is empty.", False),
        ("Double the workers", "Writes a temporary file.", False),
        ("Move the template", "Deployed in the maintenance window.", False),
    ],
)
def test_changes_that_say_they_are_made_for_a_time(title, description, expected):
    assert temporary(log({"title": title, "description": description})).tolist() == [expected]


def test_titles_without_what_was_put_around_them():
    assert unwrapped('Revert "Reapply "Raise  it (#1)" (#2)" (#3)') == ("raise it", 3)
    assert unwrapped("Raise (it)") == ("raise (it)", 0)
