"""The rows of a raw table on their way: what is rejected, what is only noted."""

from __future__ import annotations

import pandas as pd
import pytest

from aftershock.dataset.raw_rows import RawRows
from aftershock.dataset.settings import Log
from aftershock.schema.tables import CHANGES
from aftershock.sources import Options
from aftershock.sources.tabular import delimited


@pytest.fixture
def rows(put) -> RawRows:
    paths = put(log__csv="change_id,started_at,size\nc1,2024-01-10,12\nc2,2024-01-11,many\nc3,2024-01-12,\n")
    return RawRows(CHANGES, delimited.read(paths, Options()), Log(path="log.csv"))


def test_a_cell_that_is_no_number_is_noted_and_read_as_empty(rows):
    assert rows.numbers("size").fillna(-1).tolist() == [12, -1, -1]
    (note,) = [n for n in rows.notes if len(n)]
    assert note[["line", "column", "found", "reason"]].values.tolist() == [[3, "size", "'many'", "not_a_number"]]
    assert not rows.bad.any()


def test_a_column_that_the_file_has_not_is_empty(rows):
    assert not rows.has("author")
    assert rows.cells("author").tolist() == ["", "", ""]
    assert rows.numbers("author").isna().all()


def test_a_row_is_rejected_once(rows):
    first = pd.Series([True, False, False])
    for column in ("started_at", "size"):
        rows.reject(first, column, None, "another cell", "Fix it.", "unreadable_time")
    assert rows.bad.tolist() == [True, False, False]
    assert sum(len(table) for table in rows.rejected) == 1
