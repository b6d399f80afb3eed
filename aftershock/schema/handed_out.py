"""Objects whose tables an analyst may change without changing later answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd


class HandsOutCopies:
    """Base of what analysts hold: each table that an attribute gives is the caller's own. pandas copies on write, so handing
    out costs microseconds, whatever the table's size. Lists in cells are shared."""

    if not TYPE_CHECKING:  # a type checker would let every misspelt attribute pass

        def __getattribute__(self, name: str) -> object:
            value = super().__getattribute__(name)
            return value.copy(deep=False) if isinstance(value, pd.DataFrame | pd.Series) else value
