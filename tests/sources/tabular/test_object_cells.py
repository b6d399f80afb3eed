"""Objects in the cells of a table, as JSON or as Python writes them."""

from __future__ import annotations

import pandas as pd
import pytest

from aftershock import sources
from aftershock.schema.tables import TEXT
from aftershock.sources.tabular import object_cells


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"id": "P1", "summary": "shop"}', {"id": "P1", "summary": "shop"}),
        ("{'id': 'P1', 'active': True, 'until': None}", {"id": "P1", "active": True, "until": None}),
        ("[{'name': 'shop'}]", [{"name": "shop"}]),
        ("{no object", "{no object"),
        ("{'a': open('x')}", "{'a': open('x')}"),
        ("", ""),
    ],
)
def test_a_cell_is_the_object_that_it_holds(text, value):
    frame = pd.DataFrame({"service": ["{}", text], "title": ["a", "{b}"]})
    opened = object_cells.opened(frame)
    assert opened.service.tolist() == [{}, value]
    assert opened.title.tolist() == ["a", "{b}"]


def test_an_answer_saved_as_csv_names_its_services(tmp_path):
    path = tmp_path / "incidents.csv"
    path.write_text(
        "id,incident_number,title,created_at,status,urgency,service\n"
        "P1,1,Shop down,2024-03-05T09:00:00Z,triggered,high,\"{'id': 'S1', 'summary': 'shop', 'self': 'https://x/S1'}\"\n"
    )
    raw = sources.read([path], "pagerduty", sources.Options(table="incidents"))
    assert raw.frame.services.tolist() in (["shop"], [["shop"]])


@pytest.mark.parametrize(
    ("cells", "parts"),
    [
        (['["shop", "web"]', "[]", ""], [["shop", "web"], [], ""]),
        (["['shop']", "['web']"], [["shop"], ["web"]]),
        (["[shop, web]", "[shop]"], [["shop", "web"], ["shop"]]),
        (["{shop,web}", "{}"], [["shop", "web"], []]),
        (["[{'id': 1, 'name': 'shop'}]", "[]"], [["shop"], []]),
    ],
)
def test_a_column_of_lists_is_read_as_lists(cells, parts):
    assert object_cells.listed(pd.DataFrame({"services": cells})).services.tolist() == parts


@pytest.mark.parametrize("cells", [["[shop]", "[web]"], ['["a"]', "plain"], ['{"id": 1}', '{"id": 2}'], ["[EXT] a, b"]])
def test_other_columns_stay_text(cells):
    assert object_cells.listed(pd.DataFrame({"title": cells})).title.tolist() == cells


def test_what_objects_say_has_columns_of_its_own():
    grades = ["{'id': 3, 'name': 'High', 'icon': {'url': 'x'}}", "", '{"id": 4, "name": "Low"}']
    periods = ["[{'begin': '2024-03-05', 'end': '2024-03-06'}, {'begin': '2024-03-08', 'end': '2024-03-09'}]", "[]", ""]
    text = ["a long text that says more than the objects beside it do, and goes on for a while"] * 3
    frame = object_cells.spread(pd.DataFrame({"priority": grades, "periods": periods, "text": text}, dtype=TEXT))
    assert frame["priority.name"].tolist() == ["High", "", "Low"] and frame["priority"].tolist() == grades
    assert frame["priority.icon.url"].tolist() == ["x", "", ""]
    assert (frame["periods.begin"].tolist(), frame["periods.end"].tolist()) == (
        ["2024-03-05", "", ""],
        ["2024-03-09", "", ""],
    )


def test_objects_that_are_most_of_a_table_or_of_many_fields_are_left_alone():
    alone = pd.DataFrame({"id": ["1"], "data": ['{"title": "Slow", "created_at": "2024-03-05"}']}, dtype=TEXT)
    assert object_cells.spread(alone).columns.tolist() == ["id", "data"]
    many = "{" + ", ".join(f"'f{n}': {n}" for n in range(object_cells.MOST_FIELDS + 1)) + "}"
    wide = pd.DataFrame({"text": ["x" * 2 * len(many)], "data": [many], "other": ["{not one"]}, dtype=TEXT)
    assert object_cells.spread(wide).columns.tolist() == ["text", "data", "other"]
