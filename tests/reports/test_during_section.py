"""What was changed while an incident lasted, in words that do not take a coincidence for a cure."""

from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd
import pytest
from toy import changes, fought, suspects

from aftershock import metrics
from aftershock.reports.during_section import MOST, NOTHING, during_table, taken_back_sentence

RANKED = suspects(("i", 1, "c1", 0.7, "deploy", 10.0, False, "Raise the limit"))


def test_the_revert_is_said_with_its_rank_and_the_time_to_the_end():
    during = metrics.changes_during(fought(), "i", ["c1"])
    said = "“Raise the limit” (rank 1) was taken back 48 min into the incident, 12 min before it ended."
    assert taken_back_sentence(during, RANKED) == said
    text = during_table(during, RANKED, "UTC").text
    assert said in text and "takes back c1, rank 1" in text and "30 min after it" in text
    assert "does not say that it ended the incident" in text
    open_end = during.assign(before_end_minutes=math.nan)
    assert taken_back_sentence(open_end, RANKED).endswith("into the incident; when that ended is not recorded.")
    assert taken_back_sentence(during[during["takes_back"] == ""], RANKED) == ""


def test_no_change_and_many_are_said_too():
    quiet = replace(fought(), changes=changes())
    assert during_table(metrics.changes_during(quiet, "i", []), RANKED, "UTC").text == NOTHING
    during = metrics.changes_during(fought(), "i", ["c1"])
    many = pd.concat(
        [during[during["change_id"] == "fix"]] * 11 + [during[during["change_id"] == "undo"]], ignore_index=True
    )
    text = during_table(many, RANKED, "UTC").text
    assert "takes back c1" in text and "2 other changes on failed services are left out." in text


@pytest.mark.parametrize(
    ("minutes", "end"),
    [
        (0.5, ", as it ended."),
        (-0.5, ", as it ended."),
        (30, ", 30 min before it ended."),
        (-30, ", 30 min after it had ended."),
    ],
)
def test_how_long_before_the_end_it_was_taken_back(minutes, end):
    during = metrics.changes_during(fought(), "i", ["c1"]).assign(before_end_minutes=minutes)
    assert taken_back_sentence(during, RANKED).endswith(f"into the incident{end}")


def test_the_most_probable_of_several_that_were_taken_back_is_named():
    during = metrics.changes_during(fought(), "i", ["c1"])
    (undo,) = during[during["takes_back"] == "c1"].to_dict("records")
    earlier = {
        **undo,
        "change_id": "first",
        "takes_back": "c9",
        "started_at": undo["started_at"] - pd.Timedelta("20min"),
    }
    both = pd.DataFrame([earlier, undo])
    ranked = pd.concat([RANKED, RANKED.assign(change_id="c9", rank=2, title="")], ignore_index=True)
    assert taken_back_sentence(both, ranked).startswith("“Raise the limit” (rank 1) was taken back ")
    swapped = ranked.assign(rank=[2, 1])
    assert taken_back_sentence(both, swapped).startswith("c9 (rank 1) was taken back "), "an id where it has no title"
    assert taken_back_sentence(both, ranked.assign(change_id="other")) == "", "what was taken back is no suspect"


def test_each_row_says_why_it_is_there():
    table = during_table(metrics.changes_during(fought(), "i", ["c1"]), RANKED.assign(change_id="c2"), "UTC").blocks[0]
    why = [(str(row["Change"]).split()[-1], row["Why it is here"]) for row in table.frame.to_dict("records")]
    assert why == [
        ("rush", "an emergency"),
        ("fix", "on a failed service"),
        ("undo", "takes back c1"),
        ("late", "on a failed service"),
    ]


def test_as_many_as_the_table_holds_leave_none_out():
    during = metrics.changes_during(fought(), "i", ["c1"])
    fix = during[during["change_id"] == "fix"]
    full = during_table(pd.concat([fix] * MOST, ignore_index=True), RANKED, "UTC").text
    assert "left out" not in full
    one = during_table(pd.concat([fix] * (MOST + 1), ignore_index=True), RANKED, "UTC").text
    assert "1 other change on failed services is left out." in one
