"""Measures as lines of text."""

from __future__ import annotations

import math

import numpy as np
import pytest
from labelled import ANSWER, LABELS

from aftershock.model.validation.baselines import OURS, RECENT
from aftershock.model.validation.calibration import Calibration, reliability_table
from aftershock.model.validation.known_causes import BY_COMPONENT
from aftershock.model.validation.outcomes import outcomes
from aftershock.model.validation.text_tables import (
    calibration_line,
    comparison,
    measurements,
    number,
    reliability_lines,
    sample_size,
    with_interval,
)


@pytest.fixture
def by_rule():
    """Two rules that answer alike."""
    return {rule: outcomes(LABELS, ANSWER) for rule in (OURS, RECENT)}


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        ((0.54, 0.456, 0.62), "0.540 [.46, .62]"),
        ((1.0, 0.025, 1.0), "1.000 [.03, 1.00]"),
        ((0.54, math.nan, math.nan), "0.540"),
        ((math.nan, math.nan, math.nan), "–"),
    ],
)
def test_a_value_with_its_interval(ends, said):
    assert with_interval(*ends) == said


def test_what_has_no_number_is_a_dash():
    assert [number(0.5), number(math.nan), number(None)] == ["0.500", "–", "–"]


def test_how_many_were_measured_on():
    assert sample_size(outcomes(LABELS, ANSWER)) == (
        "3 incidents set off by a logged change (1 of them beyond the horizon), 1 known to have none"
    )


@pytest.mark.parametrize(
    ("calibration", "said"),
    [
        (Calibration(0.05, 0.06, 0.1, 20), "0.050; a perfect model's: 0.060, in 95 % of cases at most 0.100 (within)"),
        (Calibration(0.2, 0.06, 0.1, 20), "0.200; a perfect model's: 0.060, in 95 % of cases at most 0.100 (beyond)"),
    ],
)
def test_a_calibration_error_is_put_next_to_a_perfect_models(calibration, said):
    assert calibration_line(calibration) == f"  calibration error of the top suspect: {said}"


def test_without_incidents_there_is_no_calibration():
    assert calibration_line(Calibration(math.nan, math.nan, math.nan, 0)) == "  no incident to measure calibration by"


def test_the_reliability_table_in_lines():
    table = reliability_table(np.full(20, 0.5), np.r_[np.ones(9), np.zeros(11)])
    head, row = reliability_lines(table)
    assert head.split() == "top suspect given incidents said came true a perfect model shows".split()  # noqa: SIM905
    assert row.split() == ["0.5", "to", "0.6", "20", "0.500", "0.450", "[.23,", ".68]", ".30", "to", ".70"]


def test_rules_that_answer_alike_gain_nothing(by_rule):
    lines = comparison(by_rule, OURS)
    ours, recent = (next(line for line in lines if line.startswith(f"  {rule} ")) for rule in (OURS, RECENT))
    assert ours.split("0.333", 1)[1] == recent.split("0.333", 1)[1]
    assert lines[-1] == "  gain in top-1 over most recent change, paired: +0.000 (+0.000 to +0.000)"


def test_rollouts_and_labels_of_two_methods_are_shown_apart(by_rule):
    said = "\n".join(measurements(by_rule, OURS))
    assert "a change of the same rollout counted as right:" in said, "i2 was pinned on c, of the same rollout"
    assert "labels matched by component" not in said
    matched = {
        rule: table.assign(method=np.where(table.index == 0, BY_COMPONENT, "")) for rule, table in by_rule.items()
    }
    lines = measurements(matched, OURS)
    place = lines.index("  labels matched by component")
    assert lines[place + 1] == "  1 incident set off by a logged change, 0 known to have none"
    assert "  other labels" in lines[place:]
