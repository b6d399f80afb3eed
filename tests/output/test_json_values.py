from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from aftershock.output.json_values import json_rows, json_text, json_value
from aftershock.output.safe_html import strong


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        (pd.NaT, None),
        (pd.NA, None),
        (float("inf"), None),
        (np.float64("nan"), None),
        (np.int64(3), 3),
        (np.bool_(True), True),
        (np.array([1.5, np.nan]), [1.5, None]),
        (pd.Timestamp("2025-01-01T10:00Z"), "2025-01-01T10:00:00+00:00"),
        (pd.Timedelta("90s"), 90.0),
        (strong("a & b"), "a & b"),
        ({1: ("x", [pd.NaT])}, {"1": ["x", [None]]}),
    ],
)
def test_each_kind_of_value(value, expected):
    found = json_value(value)
    assert (found, type(found)) == (expected, type(expected))


def test_what_json_cannot_hold_is_refused():
    with pytest.raises(
        TypeError, match="a number for the JSON file is text, a number, a time or a list or dict of these"
    ):
        json_value({"a": {1, 2}})


def test_rows_of_a_table_keep_order_and_gaps():
    frame = pd.DataFrame({"n": pd.array([2, None], "Int64"), "at": [pd.Timestamp("2025-01-01", tz="UTC"), pd.NaT]})
    assert json_rows(frame) == [{"n": 2, "at": "2025-01-01T00:00:00+00:00"}, {"n": None, "at": None}]
    assert json_rows(frame.iloc[:0]) == []


def test_a_file_can_be_compared_line_by_line():
    text = json_text({"b": "é", "a": [float("nan")]}, sort_keys=True)
    assert text == '{\n "a": [\n  null\n ],\n "b": "é"\n}\n'
    assert json.loads(text) == {"a": [None], "b": "é"}
