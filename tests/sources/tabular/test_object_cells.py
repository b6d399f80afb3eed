"""Objects in the cells of a table, as JSON or as Python writes them."""

from __future__ import annotations

import pandas as pd
import pytest

from aftershock import sources
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
