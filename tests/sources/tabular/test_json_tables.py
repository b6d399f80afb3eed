"""Tables in JSON that are no lists of objects are read as the same rows; what only looks like one is left alone."""

from __future__ import annotations

import json

import pytest

from aftershock.sources.tabular import json_tables
from aftershock.wizard.create import create_dataset

ROWS = [["i1", "2024-03-05T10:00:00Z", "till"], ["i2", "2024-03-06T10:00:00Z", "shop"]]
NAMES = ["id", "started_at", "service"]
RECORDS = [dict(zip(NAMES, row, strict=True)) for row in ROWS]


def opened(document: object) -> object:
    return json_tables.opened(document, json.dumps(document))


@pytest.mark.parametrize(
    "document",
    [
        [NAMES, *ROWS],
        {name: {str(n): row[c] for n, row in enumerate(ROWS)} for c, name in enumerate(NAMES)},
        {name: [row[c] for row in ROWS] for c, name in enumerate(NAMES)},
    ],
    ids=["rows below their names", "columns of numbered cells", "columns as lists"],
)
def test_a_table_is_a_list_of_objects(document):
    assert opened(document) == RECORDS


@pytest.mark.parametrize("names", [NAMES, [{"name": name, "type": "text"} for name in NAMES]])
def test_a_table_inside_an_object_keeps_what_is_around_it(names):
    around = {"took": 3, "result": {"columns": names, "rows": ROWS, "more": False}}
    assert opened(around) == {"took": 3, "result": {"rows": RECORDS, "more": False}}


@pytest.mark.parametrize(
    "document",
    [
        {"columns": ["id", "title"], "rows": [["i1"]]},
        {"labels": ["a", "b"], "assignees": ["c", "d"]},
        {"i1": {"title": "x"}, "i2": {"title": "y"}},
        [{"id": "i1", "at": [["a", "b"], ["c", "d"]]}],
        [["a", "a"], ["c", "d"]],
    ],
)
def test_what_only_looks_like_a_table_is_left_alone(document):
    assert opened(document) == document


def test_such_a_table_is_a_log(tmp_path, put):
    incidents = create_dataset(tmp_path / "m", put(incidents__json=json.dumps([NAMES, *ROWS]))).dataset.incidents
    assert incidents[["incident_id", "services"]].to_numpy().tolist() == [["i1", ["till"]], ["i2", ["shop"]]]


def test_a_list_as_powershell_saves_it_is_that_list():
    assert opened({"value": [{"a": 1}], "Count": 1}) == [{"a": 1}]
    assert opened({"value": [{"a": 1}], "count": 1}) == {"value": [{"a": 1}], "count": 1}


def test_objects_under_their_own_ids_are_a_list_of_them():
    runs = {"7": {"id": 7, "at": "2024-03-05"}, "8": {"id": 8, "at": "2024-03-06"}}
    assert json_tables.opened(runs, json.dumps(runs)) == [*runs.values()]
    others = {**runs, "next": {"id": 9}}
    assert json_tables.opened(others, json.dumps(others)) == others


def test_pages_in_a_list_are_one_list_of_their_records():
    pages = [[{"id": 1}, {"id": 2}], [], [{"id": 3}]]
    assert json_tables.opened(pages, json.dumps(pages)) == [{"id": 1}, {"id": 2}, {"id": 3}]
    table = [["id", "at"], [1, "2024-03-05"]]
    assert json_tables.opened(table, json.dumps(table)) == [{"id": 1, "at": "2024-03-05"}]
