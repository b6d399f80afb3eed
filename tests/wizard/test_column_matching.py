"""A column is matched by its name and by its cells."""

from __future__ import annotations

import pandas as pd

from aftershock.wizard import column_matching


def test_a_column_is_taken_for_what_its_cells_are():
    frame = pd.DataFrame({"id": ["a", "b", "c"], "start": ["soon", "late", "now"], "when it broke": ["2024-03-05"] * 3})
    found = column_matching.fit("incidents", column_matching.cells_of(frame)).columns
    assert {c: g.value for c, g in found.items()} == {"incident_id": "id", "started_at": "when it broke"}
    assert found["started_at"].why == "the first column that holds times"


def test_an_end_before_the_start_is_something_else():
    frame = pd.DataFrame({"id": ["a", "b"], "start": ["2024-03-05", "2024-03-06"], "end": ["2024-01-01", "2024-01-01"]})
    assert "resolved_at" not in column_matching.fit("incidents", column_matching.cells_of(frame)).columns
