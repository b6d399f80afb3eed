"""Action items in words: none, one, several, all."""

from __future__ import annotations

import pandas as pd
import pytest

from aftershock.metrics.action_items import AGAIN_COLUMNS, FollowUp
from aftershock.reports.action_items_section import (
    NOTHING_WRITTEN,
    action_items,
    again_sentence,
    left_sentence,
    moved_sentence,
)


def items(*states: str, raised: str = "2025-03-10", done: str | None = None) -> pd.DataFrame:
    rows = [
        {
            "incident_id": f"i{n}",
            "action": f"Do {n}",
            "owner": "sre",
            "due": pd.NaT,
            "done": pd.Timestamp(done) if done and state == "done" else pd.NaT,
            "raised": pd.Timestamp(raised),
            "age_days": 10 * (n + 1),
            "state": state,
        }
        for n, state in enumerate(states)
    ]
    return pd.DataFrame(rows)


@pytest.mark.parametrize(
    ("states", "said"),
    [
        (["done"], "At its end the only one is done."),
        (["done", "done"], "At its end all 2 are done."),
        (["open"], "At its end the only one is open, 10 days old."),
        (["overdue"], "At its end the only one is overdue, 10 days old."),
        (["done", "open"], "At its end 1 of 2 is not done, none overdue, 20 days old."),
        (["done", "overdue"], "At its end 1 of 2 is not done, and overdue, 20 days old."),
        (
            ["open", "overdue", "done"],
            "At its end 2 of 3 are not done, 1 of them overdue; their age is 15 days at the median, 20 days at most.",
        ),
        (
            ["overdue", "overdue"],
            "At its end none of 2 is done, all of them overdue; their age is 15 days at the median, 20 days at most.",
        ),
    ],
)
def test_what_is_left_of_every_number(states, said):
    assert left_sentence(items(*states)) == said


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (items("open", raised="2025-02-01"), "No action item was opened in the month and none closed."),
        (items("open"), "1 action item was opened in the month and none closed."),
        (items("done", "open", done="2025-03-12"), "2 action items were opened in the month and 1 closed."),
        (items("done", raised="2025-01-01", done="2025-03-01"), "No action item was opened in the month and 1 closed."),
    ],
)
def test_what_moved_in_the_month(table, said):
    assert moved_sentence(table, "2025-03") == said


@pytest.mark.parametrize(
    ("ids", "said"),
    [
        (["b"], "1 incident resembles an earlier one of which an action item was still open: b."),
        (["b", "b"], "1 incident resembles an earlier one of which action items were still open: b."),
        (["b", "c"], "2 incidents resemble an earlier one of which action items were still open: b and c."),
    ],
)
def test_repeats_before_something_was_done(ids, said):
    assert again_sentence(pd.DataFrame({"incident_id": ids})).startswith(said)


def test_the_section_with_and_without_repeats():
    none = pd.DataFrame(columns=AGAIN_COLUMNS)
    notes = pd.DataFrame([{"file": "postmortems/x.md", "found": "1 cell"}])
    assert action_items(FollowUp(items(), notes), none, "2025-03").text.startswith(NOTHING_WRITTEN)
    assert "postmortems/x.md: 1 cell" in action_items(FollowUp(items(), notes), none, "2025-03").text
    again = pd.DataFrame([["b", "i0", "Do 0", "sre", pd.NaT, 12]], columns=AGAIN_COLUMNS)
    text = action_items(FollowUp(items("open"), notes.iloc[:0]), again, "2025-03").text
    assert "12 days" in text and "still open: b." in text
    assert "resembles" not in action_items(FollowUp(items("open"), notes.iloc[:0]), none, "2025-03").text
