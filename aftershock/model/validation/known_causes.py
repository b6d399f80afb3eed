"""Known causes as one table: from ``caused_by``, from verdicts, or from a file of labels.

Labels are for measuring an answer that was given without them; nothing here reaches the model. The table has the columns of
:class:`Label`, one row per incident, duplicates left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple, Protocol

import pandas as pd

from aftershock import sources
from aftershock.dataset.dataset import Dataset
from aftershock.schema.errors import InputError, Problem, UsageError, nearest
from aftershock.schema.tables import NONE
from aftershock.sources import Options

IN_LOG = "change_in_log"
CAUSES = (IN_LOG, "change_logged_later", "change_not_logged", "no_change", "unknown")
INNOCENT = ("change_not_logged", "no_change")  # no logged change did it: naming one is a false accusation
BY_COMPONENT = "matched_by_component"  # the change was picked by component and rough time, which flatters recency


class Label(NamedTuple):
    """``cause``: one of :data:`CAUSES`; ``change_ids``: the changes that set it off, none unless ``cause`` is change_in_log;
    ``also_right``: changes of the same rollout; ``method``: how the label was found."""

    incident_id: str
    cause: str
    change_ids: list[str]
    also_right: list[str]
    confidence: str
    method: str


COLUMNS = list(Label._fields)
REQUIRED = COLUMNS[:3]


def known_causes(dataset: Dataset) -> pd.DataFrame:
    """The causes that the dataset itself holds: verdicts, and ``caused_by`` where nobody decided.

    The last verdict on an incident counts. ``caused_by`` that names no logged change is left out: whether the change was
    never logged or the id is misspelt cannot be told.
    """
    decided = _verdicts(dataset)
    reported = _reported(dataset)
    rows = decided + [r for r in reported if r.incident_id not in {d.incident_id for d in decided}]
    return pd.DataFrame(rows, columns=COLUMNS).sort_values("incident_id", ignore_index=True)


def _verdicts(dataset: Dataset) -> list[Label]:
    actual = set(dataset.actual_incidents["incident_id"])
    return [
        _label(v.incident_id, [] if v.change_id == NONE else [v.change_id], "verdict")
        for v in dataset.decisions.itertuples()
        if v.incident_id in actual
    ]


def _reported(dataset: Dataset) -> list[Label]:
    logged = set(dataset.changes["change_id"])
    named = [(r.incident_id, [c for c in r.caused_by if c in logged]) for r in dataset.actual_incidents.itertuples()]
    return [_label(incident_id, changes, "reported") for incident_id, changes in named if changes]


def _label(incident_id: str, changes: list[str], method: str) -> Label:
    return Label(incident_id, IN_LOG if changes else "no_change", changes, [], "", method)


def read_labels(path: Path, dataset: Dataset) -> pd.DataFrame:
    """Labels from a CSV file with at least incident_id, cause and change_ids; lists are separated by ``;``.

    Raises UsageError when there is no such file; InputError, with every problem found, for a missing column, an unknown
    incident, change or cause, an incident labelled twice, and a cause that does not fit its change_ids. Rows of
    incidents that repeat another one are left out.
    """
    path = Path(path)
    if not path.is_file():
        raise UsageError(f"no file of labels at {path}")
    raw = _masked(sources.read([path], "csv", Options()), dataset)
    missing = [c for c in REQUIRED if c not in raw.frame.columns]
    if missing:
        raise InputError.of(*[_no_column(path, c, list(raw.frame.columns)) for c in missing])
    problems = list(raw.problems) + _LabelChecks(dataset).problems(raw)
    if problems:
        raise InputError.of(*sorted(problems, key=lambda p: p.line or 0))
    frame = raw.frame.reindex(columns=COLUMNS, fill_value="")
    for column in ("change_ids", "also_right"):
        frame[column] = frame[column].map(_ids)
    actual = frame["incident_id"].isin(dataset.actual_incidents["incident_id"])
    return frame[actual].reset_index(drop=True)


def _masked(raw: sources.RawTable, dataset: Dataset) -> sources.RawTable:
    """The file masked as the dataset is, so that ids which hold a secret are still those of the dataset."""
    return replace(raw, frame=raw.frame.map(dataset.mask.text))


def _ids(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]


def _no_column(path: Path, column: str, there: list[str]) -> Problem:
    return Problem(
        path.name,
        1,
        None,
        f"no column {column!r}",
        f"the columns {', '.join(REQUIRED)}" + nearest(column, there),
        f"The file has {', '.join(there) or 'none'}.",
        "unknown_value",
    )


class _Cells(Protocol):
    """A row of a file of labels as it was written; lists are separated by ``;``."""

    incident_id: str
    cause: str
    change_ids: str
    also_right: str


class _LabelChecks:
    """Compares a table of labels with the ids of a dataset."""

    def __init__(self, dataset: Dataset):
        self.incidents = dataset.incidents["incident_id"].tolist()
        self.changes = dataset.changes["change_id"].tolist()
        self.known = set(self.incidents), set(self.changes)
        self.seen: set[str] = set()

    def problems(self, raw: sources.RawTable) -> list[Problem]:
        cells = raw.frame.reindex(columns=COLUMNS, fill_value="")
        return [
            Problem(file, line, column, found, expected, remedy, reason)
            for row, file, line in zip(cells.itertuples(), raw.files, raw.lines, strict=True)
            for column, found, expected, remedy, reason in self._row(row)
        ]

    def _row(self, row: _Cells) -> Iterable[tuple[str, str, str, str, str]]:
        incident, cause = row.incident_id, row.cause
        if incident not in self.known[0]:
            expected = "an incident of the dataset" + nearest(incident, self.incidents)
            yield "incident_id", repr(incident), expected, "Fix or remove the row.", "unknown_incident"
        elif incident in self.seen:
            yield "incident_id", repr(incident), "one row per incident", "Remove all but one.", "duplicate_id"
        self.seen.add(incident)
        if cause not in CAUSES:
            expected = f"one of {', '.join(CAUSES)}" + nearest(cause, list(CAUSES))
            yield "cause", repr(cause), expected, "Fix the cell.", "unknown_value"
        yield from self._changes(row)

    def _changes(self, row: _Cells) -> Iterable[tuple[str, str, str, str, str]]:
        for column in ("change_ids", "also_right"):
            for change in _ids(getattr(row, column)):
                if change not in self.known[1]:
                    expected = "a change of the dataset" + nearest(change, self.changes)
                    yield column, repr(change), expected, "Fix or remove the id.", "unknown_change"
        named = bool(_ids(row.change_ids))
        if row.cause == IN_LOG and not named:
            yield (
                "change_ids",
                "no change",
                f"the change, since the cause is {IN_LOG}",
                "Name it, or change the cause.",
                "unknown_change",
            )
        elif row.cause in INNOCENT and named:
            expected = f"an empty cell, since the cause is {row.cause}"
            yield "change_ids", repr(row.change_ids), expected, "Empty it, or change the cause.", "unknown_value"
