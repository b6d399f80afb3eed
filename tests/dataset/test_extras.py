"""The column of what a log holds beyond its canonical columns."""

from __future__ import annotations

import pandas as pd
import pytest

from aftershock.dataset.extras import ExtrasArray


@pytest.fixture
def column() -> pd.Series:
    return pd.Series(ExtrasArray(pd.DataFrame({"team": ["web", "db", ""], "cost": ["1", "", "3"]})))


def test_a_row_is_a_dict_of_its_cells(column):
    assert column[1] == {"team": "db", "cost": ""}
    assert column.tolist() == [column[0], column[1], column[2]]
    assert pd.Series(ExtrasArray(pd.DataFrame(index=range(2)))).tolist() == [{}, {}]


def test_rows_are_chosen_by_mask_slice_and_order(column):
    assert column[[True, False, True]].map(lambda row: row["cost"]).tolist() == ["1", "3"]
    assert column[1:].tolist() == column.tolist()[1:]
    assert column.iloc[[2, 0]].map(lambda row: row["cost"]).tolist() == ["3", "1"]


def test_a_missing_row_has_empty_cells(column):
    assert column.array.take([0, -1], allow_fill=True)[1] == {"team": "", "cost": ""}
    with pytest.raises(ValueError, match="a missing row is -1"):
        column.array.take([-2], allow_fill=True)


def test_columns_of_two_logs_are_joined_by_name(column):
    other = pd.Series(ExtrasArray(pd.DataFrame({"team": ["ops"], "site": ["north"]})))
    both = pd.concat([column, other], ignore_index=True)
    assert both[3] == {"team": "ops", "cost": "", "site": "north"}
    assert both[0] == {"team": "web", "cost": "1", "site": ""}
