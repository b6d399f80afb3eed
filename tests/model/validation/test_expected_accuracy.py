"""What to expect without labels, as numbers and as the line at the foot of reports."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from aftershock.model.validation import expected_accuracy, self_check, time_shift
from aftershock.model.validation.expected_accuracy import ExpectedAccuracy, RightShare, accuracy_sentence
from aftershock.model.validation.time_shift import ShiftedLog


def suspects(said: np.ndarray, right: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame({"top_probability": said, "top_right": right, "log": np.arange(len(said)) % 8})


def test_how_right_a_suspect_given_80_percent_is():
    rng = np.random.default_rng(6)
    said = rng.uniform(0.02, 0.98, 2500)
    fair = expected_accuracy.right_at(suspects(said, rng.uniform(size=2500) < said), 0.8)
    assert fair.low < 0.8 < fair.high and fair.high - fair.low < 0.1
    odds = (said / (1 - said)) ** 2 / 16  # too bold: odds of 4 become 1
    bold = expected_accuracy.right_at(suspects(said, rng.uniform(size=2500) < odds / (1 + odds)), 0.8)
    assert bold.share == pytest.approx(0.5, abs=0.04) and bold.low < bold.share < bold.high


def test_classes_that_can_be_separated_still_give_a_number():
    said = np.linspace(0.05, 0.95, 40)
    assert 0.5 < expected_accuracy.right_at(suspects(said, said > 0.5), 0.8).share < 1


def example(**changed: object) -> ExpectedAccuracy:
    moved = [ShiftedLog(weeks=w, share=0.3, linked=n, incidents=24) for w, n in ((3, 7), (9, 12), (15, 8))]
    values = {
        "incidents": 24,
        "linked": 15,
        "logs": 30,
        "drawn": 700,
        "near": 120,
        "right": RightShare(given=0.8, share=0.81, low=0.77, high=0.84),
        "expected": [],
        "reached": [],
        "ranks": [],
        "chance": moved,
    }
    return ExpectedAccuracy(**{**values, **changed})


@pytest.mark.parametrize(
    ("expected", "said"),
    [
        (
            example(),
            "On logs like these, and if the model holds, a suspect given 80 % is right 77–84 % of the time. A change has 50 % or "
            "more in 15 of 24 incidents; with the logs moved against each other and the model fitted anew, in 9 (7 to 12 in 3 trials).",
        ),
        (
            example(right=None, near=3, chance=[ShiftedLog(weeks=3, share=0.1, linked=0, incidents=24)]),
            "On logs like these hardly any suspect is given 80 % or more. A change has 50 % or more in 15 of 24 incidents; with the "
            "logs moved against each other and the model fitted anew, in none.",
        ),
        (
            example(chance=[]),
            "On logs like these, and if the model holds, a suspect given 80 % is right 77–84 % of the time. A change has 50 % or "
            "more in 15 of 24 incidents; in how many by chance alone is not known from 120 days.",
        ),
        (
            None,
            "What a suspect given 80 % is worth on logs of this size takes minutes to work out; aftershock report check does, and the "
            "reports made after it say so here.",
        ),
    ],
)
def test_the_line_at_the_foot(found, expected, said):
    assert accuracy_sentence(found, expected) == said


def test_eleven_incidents_get_a_line(twitter_found, monkeypatch):
    """Of the suspects of four so small logs fewer are given much than it takes to say what such a number is worth."""
    monkeypatch.setattr(self_check, "MOST_LOGS", 4)
    monkeypatch.setattr(time_shift, "MOST_SHIFTS", 1)
    expected = expected_accuracy.expected_accuracy(twitter_found)
    assert expected.near < expected_accuracy.FEWEST_NEAR and expected.right is None
    said = accuracy_sentence(twitter_found, expected)
    assert said.startswith("On logs like these hardly any suspect is given 80 % or more. ")
    assert "of 11 incidents; with the logs moved against each other and the model fitted anew, in " in said
