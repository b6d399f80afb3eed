"""The canonical tables: names that a file may use, problems and folds as rows and back, the rules of a row."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from aftershock.schema import tables
from aftershock.schema.errors import Problem
from aftershock.schema.tables import CHANGES, DEPENDENCIES, INCIDENTS, RULES, SCHEMAS, VERDICTS, FoldedRecord

WHOLE = Problem("a.csv", None, None, "nothing", "a file", "Put it there.", "missing_file")
CELL = Problem("a.csv", 3, "kind", "'x'", "a kind", "Fix it.", "unknown_value")


def test_a_file_may_name_the_companions_of_its_times_and_how_long_they_lasted():
    assert {"resolved_at_duration_minutes", "resolved_at_before", "resolved_at_clock", "timezone"} <= {
        *INCIDENTS.accepted
    }
    assert "started_at_duration_minutes" not in INCIDENTS.accepted, "a start lasts for no time"
    assert "decided_at_precision" in VERDICTS.accepted
    assert DEPENDENCIES.accepted == ["service", "depends_on", "source"], "which has no times"
    for schema in SCHEMAS.values():
        assert len(set(schema.accepted)) == len(schema.accepted)


def test_problems_are_rows_and_come_back_as_they_were():
    frame = tables.problem_frame("changes", [WHOLE, CELL])
    assert frame.columns.tolist() == tables.PROBLEM_COLUMNS
    assert frame["line"].isna().tolist() == [True, False] and frame["column"].tolist() == ["", "kind"]
    back = tables.problems(frame)
    assert back == [WHOLE, CELL]
    assert back[0].line is None and not isinstance(back[1].line, float)


@pytest.mark.parametrize(
    ("empty", "one"),
    [
        (tables.problem_frame("x", []), tables.problem_frame("x", [CELL])),
        (tables.fold_frame("x", []), tables.fold_frame("x", [FoldedRecord("a.csv", None, "other_thing", "no row")])),
        (
            tables.fold_frame("x", []),
            tables.fold_rows(
                "x", pd.Series(["a.csv"]), pd.Series([2]), reason="other_thing", into=pd.Series(["no row"])
            ),
        ),
        (
            tables.joined([tables.problem_frame("x", [])]),
            tables.joined([tables.problem_frame("x", []), tables.problem_frame("x", [CELL])]),
        ),
    ],
    ids=["problems", "folds", "folds of one reason", "joined"],
)
def test_a_table_of_nothing_has_the_shape_of_one_with_rows(empty, one):
    assert (len(empty), len(one)) == (0, 1)
    assert empty.dtypes.to_dict() == one.dtypes.to_dict()


def test_a_table_of_nothing_is_the_caller_s_own():
    mine = tables.problem_frame("x", [])
    mine.loc[0] = ["x", "a.csv", 1, "", "", "", "", ""]
    assert tables.problem_frame("x", []).empty


def test_problems_of_one_reason_take_a_text_for_all_or_one_for_each():
    found = tables.problem_rows(
        "changes",
        file=["a.csv", "b.csv"],
        line=[3, 4],
        column="kind",
        found=["'x'", "'y'"],
        expected="a kind",
        remedy="Fix it.",
        reason="unknown_value",
    )
    other = replace(CELL, file="b.csv", line=4, found="'y'")
    pd.testing.assert_frame_equal(found, tables.problem_frame("changes", [CELL, other]))


def test_joined_tables_count_their_rows_anew():
    both = tables.joined([tables.problem_frame("incidents", [CELL]), tables.problem_frame("changes", [WHOLE])])
    assert both.index.tolist() == [0, 1] and both["table"].tolist() == ["incidents", "changes"]


def test_texts_are_one_array_however_they_are_held():
    parts = pd.concat([pd.Series(["a"], dtype=tables.TEXT), pd.Series(["b"], dtype=tables.TEXT)], ignore_index=True)
    for texts in (parts, ["a", "b"], np.array(["a", "b"], dtype=object)):
        array = tables.text_array(texts)
        assert (array.to_pylist(), str(array.type)) == (["a", "b"], "large_string")
        assert isinstance(array, pa.Array), "in one piece"


@pytest.mark.parametrize(
    ("table", "column", "broken"),
    [
        ("incidents", "incident_id", ["missing_id"]),
        ("changes", "change_id", ["missing_id", "reserved_id", "reserved_id"]),
        ("verdicts", "change_id", ["missing_id"]),
    ],
)
def test_ids_are_filled_and_no_change_is_called_none(table, column, broken):
    cells = pd.Series(["", "none", "NONE", "c1"])
    found = [r.reason for r in RULES[table] if r.column == column for _ in range(int(r.broken(cells).sum()))]
    assert found == broken


def test_every_rule_is_about_a_required_column_and_has_a_reason():
    for table, rules in RULES.items():
        required = {c.name for c in SCHEMAS[table].columns if c.required}
        assert {r.column for r in rules} <= required and {r.reason for r in rules} <= set(tables.REASONS)


def test_columns_are_found_by_their_type():
    assert CHANGES.of_type("number", "flag") == ["size", "emergency"]
    assert VERDICTS.of_type("time") == ["decided_at"]
