"""Is the measuring right? Every expected number here can be worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from aftershock import attribute, load
from aftershock.errors import InputError, UsageError
from aftershock.model.likelihood import evidence_logs
from aftershock.model.validation.backtest import outcomes_by_rule
from aftershock.model.validation.baselines import BASELINES, OURS, RECENT, SAME_SERVICE, WINDOW
from aftershock.model.validation.calibration import calibration, reliability_table
from aftershock.model.validation.known_causes import known_causes, read_labels
from aftershock.model.validation.outcomes import outcomes
from aftershock.model.validation.scores import gains, scores
from aftershock.schema.tables import NONE


def labels(*rows: tuple) -> pd.DataFrame:
    """Rows of (incident, cause, changes, also right)."""
    table = pd.DataFrame(rows, columns=["incident_id", "cause", "change_ids", "also_right"])
    return table.assign(confidence="", method="")


def answer(*rows: tuple) -> pd.DataFrame:
    """Rows of (incident, change, probability)."""
    table = pd.DataFrame(rows, columns=["incident_id", "change_id", "probability"])
    return table.assign(score=table["probability"])


LABELS = labels(
    ("i1", "change_in_log", ["a"], []),
    ("i2", "change_in_log", ["b"], ["c"]),
    ("i3", "change_in_log", ["far"], []),
    ("i4", "no_change", [], []),
    ("i5", "unknown", [], []),
)
ANSWER = answer(
    ("i1", "a", 0.6),
    ("i1", "x", 0.1),
    ("i1", NONE, 0.3),
    ("i2", "c", 0.4),
    ("i2", "b", 0.2),
    ("i2", "x", 0.2),
    ("i2", NONE, 0.2),
    ("i3", "x", 0.5),
    ("i3", NONE, 0.5),
    ("i4", "x", 0.7),
    ("i4", NONE, 0.3),
    ("i5", "x", 0.9),
    ("i5", NONE, 0.1),
)


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


def test_measures_of_four_incidents():
    table = scores(outcomes(LABELS, ANSWER)).set_index("measure")
    assert table.loc["top_1", ["value", "hits", "n"]].tolist() == pytest.approx([1 / 3, 1, 3])
    # exact binomial, 1 of 3: 1 − 0.975^(1/3), and R's binom.test(1, 3)
    assert table.loc["top_1", ["low", "high"]].tolist() == pytest.approx([0.008404, 0.905701], abs=1e-5)
    assert table.loc["also_1", "value"] == pytest.approx(2 / 3)
    assert table.loc["accused", ["value", "n"]].tolist() == [1, 1]
    assert table.loc["auc", "value"] == pytest.approx((0.5 + 1 + 0) / 3)  # 0.7, 0.8, 0.5 against 0.7
    assert table.loc["first_right", ["value", "n"]].tolist() == pytest.approx([1 / 4, 4])


def test_the_area_under_the_curve_of_all_pairs():
    rng = np.random.default_rng(5)
    caused, innocent = rng.integers(0, 10, 30) / 10, rng.integers(0, 10, 20) / 10
    table = labels(*[(f"i{k}", "change_in_log" if k < 30 else "no_change", ["a"] * (k < 30), []) for k in range(50)])
    shares = np.append(caused, innocent)
    found = answer(
        *[(f"i{k}", "a", p) for k, p in enumerate(shares)], *[(f"i{k}", NONE, 1 - p) for k, p in enumerate(shares)]
    )
    row = scores(outcomes(table, found)).set_index("measure").loc["auc"]
    wins = [(a > b) + (a == b) / 2 for a in caused for b in innocent]
    assert row["value"] == pytest.approx(np.mean(wins))
    # Hanley, McNeil 1982: standard error of about 0.08 here, so the interval is some 0.3 wide
    assert row["low"] < row["value"] < row["high"]
    assert 0.2 < row["high"] - row["low"] < 0.4


def test_a_gain_is_paired():
    table = labels(*[(f"i{k}", "change_in_log", ["a"], []) for k in range(40)])
    ours = outcomes(table, answer(*[(f"i{k}", c, p) for k in range(40) for c, p in (("a", 0.9), ("b", 0.1))]))
    theirs = outcomes(
        table, answer(*[(f"i{k}", c, p) for k in range(40) for c, p in (("a", 0.1 + 0.8 * (k % 2)), ("b", 0.5))])
    )
    gained = gains({"ours": ours, "theirs": theirs}, "ours").set_index("measure").loc["top_1"]
    assert gained["value"] == 0.5
    assert 0.3 < gained["low"] < 0.4 and 0.6 < gained["high"] < 0.7  # 0.5 ± 1.96·√(0.25/40)
    same = gains({"ours": ours, "again": ours[::-1]}, "ours").set_index("measure").loc["top_1"]
    assert same[["value", "low", "high"]].tolist() == [0, 0, 0]  # drawn together, whatever the rows' order


def test_calibration_beside_a_perfect_model():
    rng = np.random.default_rng(3)
    said = rng.uniform(size=400)
    right = rng.uniform(size=400) < said
    passed = [calibration(said, rng.uniform(size=400) < said).passes for _ in range(60)]
    assert 52 <= sum(passed) <= 60  # 95 % of perfect models pass: 57 of 60; P(fewer than 52) < 0.01
    good, bad = calibration(said, right), calibration(said, rng.uniform(size=400) < said**3)
    assert not bad.passes
    assert good.perfect_median < good.perfect_95 == bad.perfect_95
    table = reliability_table(said, right)
    assert table["incidents"].sum() == 400 and table["right"].sum() == right.sum()
    assert good.error == pytest.approx(np.average((table["share"] - table["said"]).abs(), weights=table["incidents"]))
    assert ((table["expected_low"] <= table["said"]) & (table["said"] <= table["expected_high"])).all()


def test_what_a_perfect_model_shows_is_the_binomial_range():
    table = reliability_table(np.full(20, 0.5), np.r_[np.ones(9), np.zeros(11)])
    # qbinom(c(.025, .975), 20, .5) = 6, 14; binom.test(9, 20): 0.231 to 0.685
    assert table[["from", "to", "incidents", "right"]].iloc[0].tolist() == [0.5, 0.6, 20, 9]
    assert table[["expected_low", "expected_high"]].iloc[0].tolist() == [0.3, 0.7]
    assert table[["low", "high"]].iloc[0].tolist() == pytest.approx([0.2306, 0.6847], abs=1e-4)


# the rules, on a log that can be read by eye

TOML = """name = "small"
timezone = "UTC"
[incidents]
path = "incidents.csv"
[changes]
path = "changes.csv"
"""
INCIDENTS = """incident_id,started_at,services,title,caused_by
i1,2024-01-10T12:00:00Z,checkout,Payments fail,c1
i2,2024-02-10T12:00:00Z,search,Search is empty,gone
i3,2024-03-10T12:00:00Z,search,Search is empty,
"""
CHANGES = """change_id,started_at,kind,services,title
c1,2024-01-10T09:30:00Z,deploy,checkout,Raise the payments limit
c2,2024-01-10T11:30:00Z,config,search,Tidy the index settings
c3,2024-01-08T11:30:00Z,deploy,checkout,Add a column
c4,2024-04-20T11:30:00Z,deploy,search,Add a column
"""


@pytest.fixture
def small(write):
    return load(write(TOML, INCIDENTS, CHANGES))


def test_every_rule_ranks_the_same_candidates(small):
    by_rule = outcomes_by_rule(attribute(small, blind=True), known_causes(small))
    assert list(by_rule) == [OURS, *BASELINES]
    ranks = {rule: table["rank"].item() for rule, table in by_rule.items()}
    assert ranks == {
        OURS: ranks[OURS],
        RECENT: 2,  # c2 came later
        SAME_SERVICE: 1,  # and c1 is the last on checkout
        WINDOW: 1.5,  # c1 and c2 in random order; c3 is too old
        "likest words": 1,  # payments
    }
    assert by_rule[WINDOW]["top_1"].item() == 0.5 and by_rule[WINDOW]["top_probability"].item() == 0.5
    assert by_rule[RECENT]["top_probability"].item() == 1


# labels


def test_causes_that_the_dataset_holds(write):
    verdicts = "incident_id,change_id,decided_by,decided_at\ni1,none,ops,2024-01-12\ni1,c2,ops,2024-01-11\n"
    found = known_causes(load(write(TOML, INCIDENTS, CHANGES, verdicts__csv=verdicts)))
    # the last verdict outranks the report; c is in no log, so nothing is known of i2
    assert found[["incident_id", "cause", "change_ids", "method"]].values.tolist() == [
        ["i1", "no_change", [], "verdict"]
    ]


def test_labels_from_a_file(small, tmp_path):
    path = tmp_path / "labels.csv"
    path.write_text("incident_id,cause,change_ids,also_right\ni1,change_in_log,c1;c2,c3\ni3,no_change,,\n")
    found = read_labels(path, small)
    assert found["change_ids"].tolist() == [["c1", "c2"], []]
    assert found["also_right"].tolist() == [["c3"], []]


def test_every_problem_of_a_file_of_labels_is_told(small, tmp_path):
    path = tmp_path / "labels.csv"
    path.write_text(
        "incident_id,cause,change_ids,also_right\n"
        "i9,no_change,,\ni1,change_in_lag,c1,\ni1,change_in_log,,\ni2,no_change,c1,\ni3,change_in_log,c1;c77,d\n"
    )
    with pytest.raises(InputError) as failed:
        read_labels(path, small)
    assert str(failed.value).splitlines() == [
        "labels.csv, line 2, column incident_id: found 'i9'; expected an incident of the dataset; the nearest is 'i3'. Fix or remove the row.",
        "labels.csv, line 3, column cause: found 'change_in_lag'; expected one of change_in_log, change_logged_later, change_not_logged, no_change, unknown; the nearest is 'change_in_log'. Fix the cell.",
        "labels.csv, line 4, column incident_id: found 'i1'; expected one row per incident. Remove all but one.",
        "labels.csv, line 4, column change_ids: found no change; expected the change, since the cause is change_in_log. Name it, or change the cause.",
        "labels.csv, line 5, column change_ids: found 'c1'; expected an empty cell, since the cause is no_change. Empty it, or change the cause.",
        "labels.csv, line 6, column change_ids: found 'c77'; expected a change of the dataset. Fix or remove the id.",
        "labels.csv, line 6, column also_right: found 'd'; expected a change of the dataset. Fix or remove the id.",
    ]


def test_a_file_of_labels_that_is_none(small, tmp_path):
    path = tmp_path / "labels.csv"
    with pytest.raises(UsageError) as failed:
        read_labels(path, small)
    assert str(failed.value) == f"no file of labels at {path}"
    path.write_text("incident,cause\ni1,no_change\n")
    with pytest.raises(InputError) as failed:
        read_labels(path, small)
    assert str(failed.value).splitlines() == [
        "labels.csv, line 1: found no column 'incident_id'; expected the columns incident_id, cause, change_ids; the nearest is 'incident'. The file has incident, cause.",
        "labels.csv, line 1: found no column 'change_ids'; expected the columns incident_id, cause, change_ids. The file has incident, cause.",
    ]


# evidence left out


def test_evidence_that_says_nothing_changes_nothing_but_itself(demo):
    without = attribute(demo, blind=True, without=("words",))
    logs = evidence_logs(without.seen, without.parameters)
    assert set(logs[0]) == {0.0}
    assert logs[1].std() > 0
    with pytest.raises(UsageError) as failed:
        attribute(demo, without=("word",))
    assert str(failed.value).startswith("no evidence 'word'; the nearest is 'words' (known are words, ")
