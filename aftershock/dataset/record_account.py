"""The account of a dataset's records: how many were used, rejected, folded or noted, and where the odd ones are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import pandas as pd

from aftershock.dataset.dataset import Dataset
from aftershock.schema.tables import FOLDS, REASONS, SCHEMAS


@dataclass(frozen=True)
class LogAccount:
    """What became of the records of one log. ``noted`` rows looked odd and are among the ``used`` ones."""

    log: str
    used: int
    rejected: int
    folded: int
    noted: int

    @property
    def records(self) -> int:
        """How many were read: each was used, rejected or folded."""
        return self.used + self.rejected + self.folded


def log_accounts(dataset: Dataset) -> list[LogAccount]:
    """The account of each log: incidents, changes, dependencies, verdicts."""
    parts = (dataset.rejected, dataset.folded, dataset.notes)
    return [
        LogAccount(log, len(getattr(dataset, log)), *(int((part["table"] == log).sum()) for part in parts))
        for log in SCHEMAS
    ]


class _Place(Protocol):
    @property
    def file(self) -> str: ...

    @property
    def line(self) -> float | None: ...


def place_of(row: _Place) -> str:
    """File and line of a row of a problem, fold or finding; the file alone where no line is known."""
    return f"{row.file}, line {row.line:.0f}" if row.file and pd.notna(row.line) else row.file


class Reason(NamedTuple):
    """Rows that were rejected, noted or folded for one reason; ``words`` says which reason that is."""

    code: str
    words: str
    rows: pd.DataFrame


def by_reason(rows: pd.DataFrame) -> Iterator[Reason]:
    """The rows of ``rejected``, ``notes`` or ``folded`` by their reason, in the order of its code."""
    for code, part in rows.groupby("reason", sort=True):
        yield Reason(str(code), (REASONS | FOLDS).get(str(code), str(code)), part)
