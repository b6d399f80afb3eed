"""Cells of the three dialects: objects of both, what is stored, what is shown."""

from __future__ import annotations

import pytest

from aftershock.sources.row_builder import Record
from aftershock.sources.vendors.servicenow_cells import as_shown, shown, stored, time


def record(**cells: object) -> Record:
    return Record("x.json", 1, {name.replace("__", "."): cell for name, cell in cells.items()})


BOTH = {"value": "2024-01-10 12:00:00", "display_value": "10/01/2024 07:00"}


def test_an_object_has_both_and_either_stands_for_a_missing_one():
    made = record(a=BOTH, b={"value": "x", "display_value": ""}, c={"display_value": "y"})
    assert [shown(made, n) for n in "abc"] == [BOTH["display_value"], "x", "y"]
    assert [stored(made, n) for n in "abc"] == [BOTH["value"], "x", "y"]


def test_the_first_field_that_is_filled_counts():
    made = record(a="", b=None, c={}, d=" x ", cmdb_ci__name="db", other={"name": "web"})
    assert shown(made, "a", "b", "c", "nowhere", "d") == "x"
    assert shown(made, "cmdb_ci.name", "d") == "db" and shown(made, "other.name") == "web"
    assert shown(made, "a") == shown(record(a=["list"]), "a") == "" and shown(record(a=3), "a") == "3"


@pytest.mark.parametrize(
    ("cells", "codes", "written"),
    [
        ({"at": BOTH}, False, "2024-01-10 12:00:00Z"),
        ({"at": {"display_value": "2024-01-10 12:00:00"}}, True, "2024-01-10 12:00:00"),
        ({"at": "2024-01-10 12:00:00"}, True, "2024-01-10 12:00:00Z"),
        ({"at": "2024-01-10 12:00:00"}, False, "2024-01-10 12:00:00"),
        ({"at": "2024-01-10 12:00:00", "ref": {"link": "x", "value": "y"}}, False, "2024-01-10 12:00:00Z"),
        ({"at": "2024-01-10 12:00:00", "ref": {"link": "x", "display_value": "y"}}, True, "2024-01-10 12:00:00"),
        ({"at": "10/01/2024 12:00"}, True, "10/01/2024 12:00"),
        ({"at": ""}, True, ""),
    ],
)
def test_only_a_stored_stamp_is_in_utc_and_a_reference_tells_better_than_codes(cells, codes, written):
    assert time(record(**cells), codes, "at") == written


def test_a_record_as_shown_has_every_field():
    assert as_shown(record(a=BOTH, b="x", c=None)) == {"a": BOTH["display_value"], "b": "x", "c": ""}
