"""Objects whose tables an analyst may change without changing later answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from aftershock.schema.errors import nearest


class HandsOutCopies:
    """Base of what analysts hold: each table that an attribute gives is the caller's own. pandas copies on write, so handing
    out costs microseconds, whatever the table's size. Lists in cells are shared. A misspelt attribute is an error that names the
    nearest."""

    if not TYPE_CHECKING:  # a type checker would let every misspelt attribute pass

        def __getattribute__(self, name: str) -> object:
            value = super().__getattribute__(name)
            return value.copy(deep=False) if isinstance(value, pd.DataFrame | pd.Series) else value

        def __getattr__(self, name: str) -> object:
            if name.startswith("_") or hasattr(type(self), name):  # what a property lacks is its own error
                return super().__getattribute__(name)
            known = [n for n in dir(self) if not n.startswith("_")]
            raise AttributeError(f"{type(self).__name__} has no attribute {name!r}{nearest(name, known)}")
