"""What stands above and below the records of a table is left out where it is looked at."""

from __future__ import annotations

import pandas as pd
import pytest

from aftershock.wizard import row_edges


@pytest.mark.parametrize(
    ("first", "last", "kept"), [("Units", "x", 2), ("x", "Total", 2), ("Einheiten:", "Summe", 1), ("a", "b", 3)]
)
def test_units_and_totals_are_no_records(first, last, kept):
    frame = pd.DataFrame({"what": [first, "", last], "number": ["h", "1", "2"]})
    assert len(row_edges.cut_off(frame)) == kept


def test_the_only_row_is_a_record():
    assert len(row_edges.cut_off(pd.DataFrame({"what": ["Units"]}))) == 1
