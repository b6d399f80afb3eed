"""What misled the model: by how much each piece of evidence spoke for the wrong explanation, worked by hand."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from toy import ToyFound, shares, suspects

from aftershock.model.decomposition import DELAY, KIND, RELATION
from aftershock.model.evidence import EVIDENCE
from aftershock.model.explanation import COMPETITION, OUTAGE, START, Explanation, Step
from aftershock.reports.misled_section import what_misled, worst_table

NAMES = [START, KIND, RELATION, DELAY, *(e.name for e in EVIDENCE)]
TABLE = suspects(
    ("a", 1, "wrong", 0.7, "deploy", 10.0, False, "Raise the limit"),
    ("a", 2, "right", 0.2, "config", 90.0, False, "Tidy"),
    ("a", 3, "none", 0.1, "", math.nan, False, ""),
)


class Explained(ToyFound):
    """``factors``: change → what its steps multiply its odds by; 1 where nothing is said. What comes after the evidence is
    of the others, and speaks for or against nobody."""

    def __init__(self, factors: dict[str, dict[str, float]]):
        super().__init__(TABLE, shares=shares(("a", 0.9, 0.3)))
        self.factors = factors

    def explanation(self, incident_id: str, change_id: str) -> Explanation:
        of_it = self.factors.get(change_id, {})
        steps = [Step(n, n, math.log(of_it.get(n, 1.0)), 0.5, 0.5) for n in NAMES]
        steps += [Step(n, n, math.log(1e-3 if change_id == "right" else 1e3), 0.5, 0.5) for n in (COMPETITION, OUTAGE)]
        return Explanation(incident_id, change_id, "", 1, 0.5, tuple(steps))


WORDS, *_ = (e.name for e in EVIDENCE)


def test_the_strongest_three_are_named_each_with_its_ratio():
    found = Explained(
        {"wrong": {KIND: 3.0, RELATION: 1.4, DELAY: 40.0, WORDS: 2.0}, "right": {WORDS: 0.001, KIND: 2.0}}
    )
    said = what_misled(found, "a", "right", "wrong")
    assert said == f"{WORDS} (× > 1,000), the delay (× 40) and the kind of change (× 1.5)"


def test_what_speaks_for_the_right_one_or_hardly_for_the_wrong_one_is_not_named():
    found = Explained({"wrong": {KIND: 1.19, DELAY: 0.1}})
    assert what_misled(found, "a", "right", "wrong") == "nothing stands out"
    found = Explained({"wrong": {KIND: 1.21, DELAY: 0.1}})
    assert what_misled(found, "a", "right", "wrong") == "the kind of change (× 1.21)"


@pytest.mark.parametrize(
    ("true", "first", "odds", "said"),
    [
        ("right", "none", 0.25, "such incidents come by themselves at 4 times the rate of this change"),
        ("none", "wrong", 12.4, "this change alone has 12 times the rate of incidents that come by themselves"),
        (
            "none",
            "wrong",
            5000.0,
            "this change alone has more than 1,000 times the rate of incidents that come by themselves",
        ),
    ],
)
def test_next_to_no_recorded_change_the_whole_rate_is_what_counts(true, first, odds, said):
    change = true if first == "none" else first
    assert what_misled(Explained({change: {START: odds}}), "a", true, first) == said


def test_a_rate_of_nothing_is_more_than_a_thousand_times_smaller():
    found = Explained({"right": {START: 1e-300, KIND: 1e-300}})
    said = "such incidents come by themselves at more than 1,000 times the rate of this change"
    assert what_misled(found, "a", "right", "none") == said


def test_a_true_change_outside_the_horizon_was_no_candidate():
    assert what_misled(Explained({}), "a", "far", "wrong") == "the true change is not a candidate"


def test_a_row_says_what_did_it_and_what_was_named():
    worst = pd.DataFrame(
        [("a", "right", 0.2), ("a", "far", 0.0), ("a", "none", 0.1)], columns=["incident_id", "true_change", "given"]
    )
    table = worst_table(Explained({"wrong": {KIND: 2.0}}), worst, ["a, shown", "b", "c"])
    assert table.caption == "The 3 incidents answered most wrongly"
    rows = table.frame
    assert rows["Incident"].tolist() == ["a, shown", "b", "c"]
    assert rows["What did it"].tolist() == [
        "right, 1 h 30 min before, same service",
        "far, outside the horizon",
        "no recorded change",
    ]
    assert rows["Given"].tolist() == ["20 %", "–", "10 %"]
    assert set(rows["Named first"]) == {"wrong, 10 min before, same service"} and set(rows["Given to it"]) == {"70 %"}


def test_where_all_were_right_that_is_said():
    none = pd.DataFrame(columns=["incident_id", "true_change", "given"])
    assert worst_table(Explained({}), none, []).text == "Every incident with a known cause was answered rightly."
