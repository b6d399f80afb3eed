"""How one incident was answered. Every expected number here can be worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from labelled import ANSWER, LABELS, answer, labels

from aftershock.model.validation.outcomes import outcomes
from aftershock.schema.tables import NONE


def test_outcomes_of_one_answer():
    found = outcomes(LABELS, ANSWER).set_index("incident_id")
    assert found["rank"].tolist()[:3] == [1, 2.5, math.inf]  # b ties with x behind c
    assert found["top_1"].tolist()[:3] == [1, 0, 0]
    assert found["top_3"].tolist()[:3] == [1, 1, 0]
    assert found["reciprocal_rank"].tolist()[:3] == pytest.approx([1, (1 / 2 + 1 / 3) / 2, 0])
    assert found["also_1"].tolist()[:3] == [1, 1, 0]
    assert found.loc["i4", ["rank", "top_1", "also_1", "reciprocal_rank"]].isna().all()
    assert found.loc[["i1", "i2", "i3", "i4"], "brier"].tolist() == pytest.approx(
        [0.1**2 + 0.3**2 + 0.4**2, 0.4**2 + 0.2**2 + 0.2**2 + 0.8**2, 1 + 0.5**2 + 0.5**2, 0.7**2 + 0.7**2]
    )
    assert found["log_score"].tolist()[:4] == pytest.approx(np.log([0.6, 0.2, 1e-4, 0.3]).tolist())
    assert found["accused"].tolist()[:4] == [1, 0, 1, 1]
    assert found["first_right"].tolist()[:4] == [1, 0, 0, 0]
    assert found["change_probability"].tolist()[:4] == pytest.approx([0.7, 0.8, 0.5, 0.7])
    assert found.loc["i5"].drop(["cause", "method"]).isna().all()  # an unknown cause is measured by nothing


def test_two_true_changes_among_four_that_tie():
    found = outcomes(
        labels(("i1", "change_in_log", ["a", "b"], [])), answer(*[("i1", c, 0.25) for c in "abxy"], ("i1", NONE, 0.0))
    )
    # the first of two among four places: 1 with 3/6, 2 with 2/6, 3 with 1/6
    assert found["top_1"].item() == pytest.approx(1 / 2)
    assert found["top_3"].item() == pytest.approx(1)
    assert found["rank"].item() == pytest.approx(5 / 3)
    assert found["reciprocal_rank"].item() == pytest.approx(3 / 6 + 2 / 6 / 2 + 1 / 6 / 3)
    assert found["brier"].item() == pytest.approx(2 * 0.25**2 + 0.5**2)


def test_an_incident_without_candidates():
    found = outcomes(labels(("i1", "no_change", [], []), ("i2", "change_in_log", ["a"], [])), answer().iloc[:0])
    assert found["change_probability"].tolist() == [0, 0]
    assert found["first_right"].tolist() == [1, 0]
    assert found["brier"].tolist() == [0, 2]
    assert found["rank"].tolist()[1] == math.inf
