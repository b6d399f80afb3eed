"""The account of what was read, as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from aftershock.dataset.dataset import Dataset
from aftershock.dataset.record_account import Reason, by_reason, log_accounts, place_of
from aftershock.output.phrases import clock, plural
from aftershock.schema.tables import SCHEMAS

MOST_ROWS = 20  # of one reason: enough to see what they have in common; --json has more


def counted(dataset: Dataset) -> list[str]:
    """Lines that say how much was read and what became of it."""
    first, last = dataset.observed
    lines = [
        f"{dataset.name} ({dataset.key})" + (", simulated" if dataset.simulated else ""),
        f"  observed {clock(first, dataset.timezone)} to {clock(last, dataset.timezone)}, {plural(len(dataset.months), 'month')}",
    ]
    lines += records(dataset)
    repeats = len(dataset.incidents) - len(dataset.actual_incidents)
    if repeats:
        lines.append(f"  {plural(repeats, 'incident')} folded as duplicates")
    return lines


def records(dataset: Dataset, logs: Iterable[str] = tuple(SCHEMAS)) -> list[str]:
    """A line for each of the logs: what became of its records."""
    return [
        f"  {log.log}: {plural(log.records, 'record')} = {plural(log.used, 'row')} used + "
        f"{log.rejected} rejected + {log.folded} folded; {log.noted} noted"
        for log in log_accounts(dataset)
        if log.log in logs
    ]


def listed_problems(dataset: Dataset, most: int = MOST_ROWS) -> list[str]:
    """Every kind of row that was rejected, noted or folded, with its first rows."""
    lines = []
    for title, problems in (("rejected", dataset.rejected), ("noted", dataset.notes)):
        for reason in by_reason(problems):
            said = f"{title}: {plural(len(reason.rows), 'row')}, {reason.code}: {reason.words}"
            lines += _listed(said, reason, [_problem_line(row) for row in _first(reason, most)])
    for reason in by_reason(dataset.folded):
        said = f"folded: {plural(len(reason.rows), 'record')}, {reason.code}: {reason.words}"
        lines += _listed(said, reason, [f"{place_of(row)}: {row.into}" for row in _first(reason, most)])
    return lines


def _first(reason: Reason, most: int) -> list:
    return list(reason.rows.head(most).itertuples())


def _listed(said: str, reason: Reason, rows: list[str]) -> list[str]:
    left = len(reason.rows) - len(rows)
    return [said, *(f"  {row}" for row in rows), *([f"  … and {left} more"] if left else [])]


def _problem_line(row: pd.Series) -> str:
    column = f", column {row.column}" if row.column else ""
    return f"{place_of(row)}{column}: found {row.found}; expected {row.expected}. {row.remedy}"
