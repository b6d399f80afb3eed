"""The column of what a log holds beyond the canonical columns: a dict per row, made when it is asked for.

A million dicts would take as much memory as the whole log, and few are ever looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
from pandas.api.extensions import ExtensionArray, ExtensionDtype
from pandas.api.indexers import check_array_indexer


class ExtrasDtype(ExtensionDtype):
    """The dtype of :class:`ExtrasArray`."""

    name = "extras"
    type = dict

    def __str__(self) -> str:
        return "object"  # what a Parquet file says of the column, so that reading it does not need Aftershock

    @classmethod
    def construct_array_type(cls):
        return ExtrasArray


class ExtrasArray(ExtensionArray):
    """A row of ``columns`` is a dict of its cells by column name; a row that is missing has empty cells."""

    def __init__(self, columns: pd.DataFrame):
        self.columns = columns.copy(deep=False)
        self.columns.index = pd.RangeIndex(len(columns))

    @property
    def dtype(self) -> ExtrasDtype:
        return ExtrasDtype()

    @property
    def nbytes(self) -> int:
        return int(self.columns.memory_usage().sum())

    def __len__(self) -> int:
        return len(self.columns)

    def __iter__(self) -> Iterator[dict[str, object]]:
        if self.columns.columns.empty:
            return iter([{} for _ in range(len(self))])
        names = list(self.columns)
        return (dict(zip(names, cells, strict=True)) for cells in zip(*map(self.columns.get, names), strict=True))

    def __getitem__(self, item: object) -> dict[str, object] | ExtrasArray:
        item = check_array_indexer(self, item)
        if isinstance(item, (int, np.integer)):
            return {name: self.columns[name].iat[item] for name in self.columns}
        return ExtrasArray(
            self.columns[item] if isinstance(item, np.ndarray) and item.dtype == bool else self.columns.iloc[item]
        )

    def __eq__(self, other: object) -> np.ndarray:  # type: ignore[override]  # pandas compares row by row
        if not isinstance(other, (ExtrasArray, Sequence, np.ndarray)):
            return np.array([row == other for row in self], dtype=bool)
        return np.array([one == another for one, another in zip(self, other, strict=True)], dtype=bool)

    def isna(self) -> np.ndarray:
        return np.zeros(len(self), dtype=bool)

    def take(self, indices: Sequence[int], *, allow_fill: bool = False, fill_value: object = None) -> ExtrasArray:
        places = np.asarray(indices, dtype=np.intp)
        if np.array_equal(places, np.arange(len(self))):
            return self.copy()
        if not allow_fill:
            return ExtrasArray(self.columns.take(places))
        if (places < -1).any():
            raise ValueError("a missing row is -1")
        if not len(self):
            return ExtrasArray(pd.DataFrame("", index=range(len(places)), columns=self.columns.columns))
        missing = places < 0
        taken = self.columns.take(np.where(missing, 0, places)).reset_index(drop=True)
        return ExtrasArray(taken.mask(pd.Series(missing), "") if missing.any() else taken)

    def view(self, dtype: object = None) -> ExtrasArray:
        """The same cells without looking at them; they cannot be set."""
        made = object.__new__(type(self))
        made.columns = self.columns
        return made

    def copy(self) -> ExtrasArray:
        return ExtrasArray(self.columns)  # nothing writes into it

    def __arrow_array__(self, type: pa.DataType | None = None) -> pa.Array:
        """A struct per row with its cells as text; nulls where the log has no further columns, as Parquet has no empty struct."""
        cells = {str(name): pa.array(map(str, self.columns[name]), pa.large_string()) for name in self.columns}
        made = pa.StructArray.from_arrays(list(cells.values()), list(cells)) if cells else pa.nulls(len(self))
        return made if type is None else made.cast(type)

    @classmethod
    def _from_sequence(cls, scalars: Sequence[object], *, dtype: object = None, copy: bool = False) -> ExtrasArray:
        rows = [row if isinstance(row, dict) else {} for row in scalars]
        return cls(pd.DataFrame(rows, index=range(len(rows)), dtype="object").fillna(""))

    @classmethod
    def _from_scalars(cls, scalars: Sequence[object], *, dtype: object) -> ExtrasArray:
        """Dicts only. What a function makes of each row, such as one of its cells, stays what it is."""
        if not all(isinstance(row, dict) for row in scalars):
            raise ValueError("a row of extras is a dict")
        return cls._from_sequence(scalars)

    @classmethod
    def _concat_same_type(cls, to_concat: Sequence[ExtrasArray]) -> ExtrasArray:
        return cls(pd.concat([e.columns for e in to_concat], ignore_index=True).fillna(""))
