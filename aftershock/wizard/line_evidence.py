"""On which lines of a file a guess rests, in words."""

from __future__ import annotations

import numpy as np
import pandas as pd

from aftershock.output.phrases import listed
from aftershock.sources import RawTable

MOST_LINES = 3  # that are named: a judgement, enough to look them up


def filled(raw: RawTable, cells: pd.Series) -> str:
    """In how many rows a column is filled, and on which line first."""
    held = cells.map(lambda v: v not in ("", [])).to_numpy(dtype=bool)
    if not held.any():
        return ""
    where = place(raw, int(np.argmax(held)))
    return f"from {where} on" if held.all() else f"{held.sum()} of {len(held)} rows, the first in {where}"


def where(raw: RawTable, rows: np.ndarray) -> str:
    """The lines of the rows of a mask, the first few; ``""`` for none."""
    return listed([place(raw, int(row)) for row in np.flatnonzero(rows)], MOST_LINES)


def place(raw: RawTable, row: int) -> str:
    """The line of a row, with its file where there are several."""
    line = f"line {raw.lines.iloc[row]}"
    return line if raw.files.nunique() == 1 else f"{raw.files.iloc[row]}, {line}"
