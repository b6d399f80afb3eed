"""The rows of a raw table on their way to the canonical one: cells under canonical names, and the account of bad rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

from aftershock.dataset import placeholders, typed_columns
from aftershock.dataset.column_names import resolve_columns
from aftershock.dataset.settings import Log
from aftershock.dataset.shipped import FILE
from aftershock.schema import tables
from aftershock.schema.errors import InputError, Problem, nearest
from aftershock.schema.tables import TEXT, Schema
from aftershock.sources import RawTable

Words = str | Sequence[str]
"""One text for all rows, or one for each."""
Message = str | Callable[[pd.Index], Words]
"""A text, or a function of the rows that gives one for each."""


class RawRows:
    """The rows of one table; ``rejected``, ``notes`` and ``folded`` gather what became of rows as it is read, ``bad``
    marks those that are none."""

    def __init__(self, schema: Schema, raw: RawTable, log: Log):
        self.schema, self.raw = schema, raw
        self.named = resolve_columns(raw, log, schema)
        self.index = raw.frame.index
        self._types = {column.name: column.type for column in schema.columns}
        self.bad = pd.Series(False, index=self.index)
        self.rejected = [tables.problem_frame(schema.table, raw.problems)]
        self.notes = [tables.problem_frame(schema.table, raw.notes)]
        self.folded: list[pd.DataFrame] = []

    def has(self, name: str) -> bool:
        """Whether the file has a column for a canonical one."""
        return self.named.get(name) in self.raw.frame

    def cells(self, name: str) -> pd.Series:
        """A column as written: text, or lists of text; empty where the file has none, or a word for nothing."""
        if self.has(name):
            cells = typed_columns.plain(self.raw.frame[self.named[name]])
            if self.schema.table == "verdicts":  # where none means no recorded change
                return cells
            return placeholders.blanked(cells, name, self._types.get(name, ""))
        return pd.Series("", index=self.index, dtype=TEXT)

    def has_filled(self, name: str) -> pd.Series:
        """Which rows have something in a column."""
        return typed_columns.texts(self.cells(name)) != ""

    def written(self, name: str, key: str = "only") -> pd.Series:
        """A column of the file, or a field of the records that no canonical column reads, as written; ``key``: which key
        of dataset.toml asks for it. InputError where there is none of that name."""
        extras = self.raw.extras or []
        fields = sorted({field for one in extras for field in one})
        if name in self.raw.frame and name not in fields:
            return typed_columns.plain(self.raw.frame[name])
        if name not in fields and len(self.index):
            there = fields if self.raw.origins is not None else list(self.raw.frame.columns)
            expected, listed = f"the column that {FILE} asks for under {key}", ", ".join(there)
            raise InputError.of(
                Problem(
                    self.raw.files.iloc[0],
                    1,
                    None,
                    f"no column {name!r}",
                    f"{expected}{nearest(name, there)}",
                    f"The file has {listed}.",
                    "unknown_value",
                )
            )
        return pd.Series([one.get(name, "") for one in extras], index=self.index, dtype="object")

    def numbers(self, name: str) -> pd.Series:
        """A column as numbers, NaN (and a note) where a cell is not one."""
        if not self.has(name):
            return pd.Series(float("nan"), index=self.index)
        written = self.cells(name)
        numbers = typed_columns.numbers(written)
        self.note(
            numbers.isna() & (typed_columns.texts(written) != ""),
            name,
            None,
            "a number",
            "Read as empty.",
            "not_a_number",
        )
        return numbers

    def _problems(
        self, rows: pd.Index, column: str, found: Message | None, expected: Message, remedy: Message, reason: str
    ) -> pd.DataFrame:
        """A problem for each of the rows; where ``found`` is None it is the cell as written."""

        def said(message: Message) -> Words:
            return message(rows) if callable(message) else message

        return tables.problem_rows(
            self.schema.table,
            file=self.raw.files[rows].tolist(),
            line=self.raw.lines[rows].tolist(),
            column=self._called(column, rows),
            found=said(found) if found is not None else [repr(str(v)[:60]) for v in self.cells(column)[rows]],
            expected=said(expected),
            remedy=said(remedy),
            reason=reason,
        )

    def _called(self, column: str, rows: pd.Index) -> Words:
        """What the file calls a canonical column: one name, or one for each of these rows."""
        called = (self.named if self.raw.origins is None else self.raw.origins).get(column, column)
        return called if isinstance(called, str) else [called[row] for row in rows]

    def note_word(self, column: str, word: str, rows: pd.Index, expected: str, remedy: str) -> None:
        """One note for a word that many rows have, at its first row: a log may have a thousand rows of it."""
        found = f"{word[:60]!r} in {len(rows)} rows"
        self.notes.append(self._problems(rows[:1], column, found, expected, remedy, "unknown_value"))

    def fold(self, where: pd.Series, reason: str, into: Callable[[pd.Index], pd.Series]) -> None:
        """Leave out the rows of a mask, which are deliberately none; ``into`` says what became of each."""
        rows = self.index[where & ~self.bad]
        if len(rows):
            self.bad[rows] = True
            self.folded.append(
                tables.fold_rows(
                    self.schema.table, self.raw.files[rows], self.raw.lines[rows], reason=reason, into=into(rows)
                )
            )

    def note(
        self, where: pd.Series, column: str, found: Message | None, expected: Message, remedy: Message, reason: str
    ) -> None:
        """Note the rows of a mask; ``found`` None stands for the cell as written."""
        rows = self.index[where]
        if len(rows):
            self.notes.append(self._problems(rows, column, found, expected, remedy, reason))

    def reject(
        self, where: pd.Series, column: str, found: Message | None, expected: Message, remedy: Message, reason: str
    ) -> None:
        """Reject the rows of a mask that are not rejected yet, with messages as for :meth:`note`."""
        rows = self.index[where & ~self.bad]
        if len(rows):
            self.bad[rows] = True
            self.rejected.append(self._problems(rows, column, found, expected, remedy, reason))
