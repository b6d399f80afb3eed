"""On which lines a guess rests."""

from __future__ import annotations

import numpy as np
import pandas as pd

from aftershock.sources import RawTable
from aftershock.wizard import line_evidence


def raw(*files: str) -> RawTable:
    return RawTable(pd.DataFrame({"a": ["", "x", "y"]}), pd.Series(files), pd.Series([2, 3, 5]))


def test_lines_are_named_with_their_file_where_there_are_several():
    one, two = raw("f", "f", "f"), raw("f", "g", "g")
    assert line_evidence.filled(one, one.frame["a"]) == "2 of 3 rows, the first in line 3"
    assert line_evidence.filled(two, pd.Series(["x"] * 3)) == "from f, line 2 on"
    assert line_evidence.filled(one, pd.Series([""] * 3)) == ""
    assert line_evidence.where(one, np.array([True, False, True])) == "line 2 and line 5"
