"""The canonical tables: their columns, what each means, the rules a row must keep, and what happens to one that does not.

A row that breaks a rule is moved to ``rejected`` with file, line, column, what was found, what was expected and a reason
code. A row that is odd but usable stays, and a row of ``notes`` of the same shape says what was odd.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache

import pandas as pd
import pyarrow as pa

from aftershock.schema.errors import Problem

TEXT = pd.StringDtype(na_value=float("nan"))  # pandas' own text, held by Arrow

NONE = "none"  # the change id that stands for "no recorded change"
ACCEPTED, REJECTED = "accepted", "rejected"  # what a verdict says of its change

KINDS = ("deploy", "config", "feature_flag", "database", "infrastructure", "data", "policy", "staffing", "other")
STATUSES = ("open", "resolved", "unknown")
UNITS = {
    "milliseconds": 0.001,
    "seconds": 1,
    "minutes": 60,
    "hours": 3600,
    "days": 86_400,
}  # of lengths of time, in seconds
CHANGE_STATUSES = ("done", "failed", "in progress", "planned", "cancelled")

REASONS = {
    "missing_id": "the row has no id",
    "made_id": "rows without an id have one made of their cells",
    "duplicate_id": "an earlier row has the same id",
    "reserved_id": "the id is a word that Aftershock uses itself",
    "missing_time": "the row has no start",
    "unreadable_time": "the time is in no known form",
    "too_coarse": "a year, a quarter or a week is too long for a time; it takes a month, or better a day",
    "ambiguous_date": "day and month cannot be told apart",
    "unknown_zone": "the abbreviation of a zone means several offsets",
    "shortened_number": "a spreadsheet has shortened the number",
    "time_out_of_range": "the time lies outside 1971 to 2199",
    "time_order": "an end lies before its start",
    "ended_yet_open": "the state is one of an open incident, and there is an end",
    "skipped_hour": "the clocks skip this hour; moved forward",
    "repeated_hour": "the clocks repeat this hour; both are kept as an interval",
    "day_above": "a cell without a day, next to a time of day, is of the day above it",
    "excel_day_number": "a number was read as Excel's day count",
    "ragged_row": "the row has more fields than the header",
    "short_row": "the row has fewer fields than the header",
    "unreadable_record": "the record cannot be read",
    "unknown_value": "the value is none of those allowed",
    "not_a_number": "the cell is not a number",
    "unknown_change": "the change id is in no log",
    "unknown_incident": "the incident id is in no log",
    "unclosed_quote": "a quoted cell never ends",
    "duplicate_loop": "the incident repeats itself, or in a circle",
    "encoding": "the file is not UTF-8",
    "repeated_column": "several columns have one name; the second is read as name (2)",
    "other_sheets": "the workbook has more sheets; one is read",
    "above_header": "a title or a comment above the header",
    "self_dependency": "a service that depends on itself",
    "outside_folder": "the file leads out of the dataset",
    "missing_file": "the file is not there",
    "too_large": "the file, or a table in it, is larger than is read",
    "bad_encoding": "the file is not UTF-8",
    "unknown_column": "the table has a column that is not known",
    "malformed_row": "the row does not fit the table's head",
    "missing_value": "a cell that must be filled is empty",
    "planned_time": "the time is that of the plan or the request; when it happened is not said",
    "unreadable_repository": "the git repository cannot be read",
    "shallow_clone": "the clone holds the end of the history only",
    "too_many_paths": "the change touches more files than are kept",
    "bad_time": "the date is not of the form 2023-03-06",
}

FOLDS = {
    "other_table": "the record belongs to another table, such as maintenance, which is a change",
    "other_list": "the record is in another list of the file than those that are read",
    "other_thing": "the record is something else, such as a pull request among issues, or an exercise",
    "part_of_row": "the record is a part of a row: one of its events, states or steps",
    "repeated_record": "the export holds the same record twice",
    "older_version": "the export holds a newer version of the record",
}

PROBLEM_COLUMNS = ["table", "file", "line", "column", "found", "expected", "remedy", "reason"]
FOLD_COLUMNS = ["table", "file", "line", "reason", "into"]


@dataclass(frozen=True)
class FoldedRecord:
    """A record of an export that is deliberately no row of its own.

    ``reason`` is a code of :data:`FOLDS`; ``into`` says, in words, where what it held is now.
    """

    file: str
    line: int | None
    reason: str
    into: str


@dataclass(frozen=True)
class Column:
    """One canonical column: its type (text, list, time, number, flag) and what it means."""

    name: str
    type: str
    meaning: str
    required: bool = False


@dataclass(frozen=True)
class Schema:
    """One canonical table: its name, its columns and which of them is its id (``""`` where rows have none)."""

    table: str
    columns: tuple[Column, ...]
    id: str = ""
    names: list[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", [c.name for c in self.columns])

    def of_type(self, *types: str) -> list[str]:
        return [c.name for c in self.columns if c.type in types]

    @property
    def accepted(self) -> list[str]:
        """Every name a file may use: the columns and, for times, the companions that make them imprecise or complete them."""
        times = self.of_type("time")
        companions = [t + s for t in times for s in ("_before", "_uncertainty_minutes", "_precision", "_clock")]
        lengths = [f"{t}_duration_{unit}" for t in times if t != "started_at" for unit in UNITS]
        return self.names + companions + lengths + (["timezone"] if times else [])


INCIDENTS = Schema(
    "incidents",
    (
        Column("incident_id", "text", "the id that people use for it", required=True),
        Column("title", "text", "what failed, in a line"),
        Column("started_at", "time", "when users began to be affected", required=True),
        Column("detected_at", "time", "when somebody or something noticed"),
        Column("mitigated_at", "time", "when users were no longer affected"),
        Column("resolved_at", "time", "when it was over"),
        Column("status", "text", "open, resolved or unknown; only an open one is counted as still running"),
        Column("severity", "text", "a grade; its order is in dataset.toml, worst first"),
        Column("services", "list", "services affected, the main one first"),
        Column("description", "text", "symptoms, in sentences"),
        Column("url", "text", "where people keep it"),
        Column("environment", "text", "production, staging and the like"),
        Column("duplicate_of", "text", "the incident that this row repeats"),
        Column("caused_by", "list", "changes that somebody reported as the cause; never fed to the model"),
        Column("caused_by_source", "text", "who reported it"),
    ),
    id="incident_id",
)

CHANGES = Schema(
    "changes",
    (
        Column("change_id", "text", "the id that people use for it", required=True),
        Column("kind", "text", "one of " + ", ".join(KINDS)),
        Column("started_at", "time", "when it began to take effect", required=True),
        Column("finished_at", "time", "when it was rolled out everywhere"),
        Column("services", "list", "services changed"),
        Column("title", "text", "what it does, in a line"),
        Column("description", "text", "what it does, in sentences"),
        Column("author", "text", "a role or a pseudonym"),
        Column("paths", "list", "files touched"),
        Column("repository", "text", "where its source is"),
        Column("size", "number", "files or lines touched"),
        Column("url", "text", "where people keep it"),
        Column("emergency", "flag", "went round the usual process"),
        Column("environment", "text", "production, staging and the like"),
        Column("reverts", "list", "changes that it takes back"),
        Column("status", "text", "done, failed, planned, cancelled and the like"),
    ),
    id="change_id",
)

DEPENDENCIES = Schema(
    "dependencies",
    (
        Column("service", "text", "the service that needs the other", required=True),
        Column("depends_on", "text", "the service that it needs", required=True),
        Column("source", "text", "where this is known from"),
    ),
)

VERDICTS = Schema(
    "verdicts",
    (
        Column("incident_id", "text", "the incident decided on", required=True),
        Column(
            "change_id", "text", "the change that set it off or, where it is rejected, did not; or none", required=True
        ),
        Column("decision", "text", "accepted, also where nothing stands; or rejected"),
        Column("decided_by", "text", "in which role"),
        Column("decided_at", "time", "when"),
        Column("note", "text", "why"),
    ),
)

SCHEMAS = {s.table: s for s in (INCIDENTS, CHANGES, DEPENDENCIES, VERDICTS)}


def text_array(texts: Iterable[str]) -> pa.LargeStringArray:
    """Texts as one Arrow array: of a column of dtype :data:`TEXT`, without copying it where it is one already."""
    array = pa.array(texts, pa.large_string())
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def problem_frame(table: str, problems: list[Problem]) -> pd.DataFrame:
    """Problems as rows: the same shape for ``rejected`` and ``notes``."""
    if not problems:
        return _no_rows(*PROBLEM_COLUMNS).copy()
    rows = [{"table": table, **p.as_row()} for p in problems]
    return typed(pd.DataFrame(rows, columns=PROBLEM_COLUMNS).fillna({"column": ""}), PROBLEM_COLUMNS)


def fold_frame(table: str, folded: list[FoldedRecord]) -> pd.DataFrame:
    """Folded records as rows."""
    if not folded:
        return _no_rows(*FOLD_COLUMNS).copy()
    rows = [{"table": table, **asdict(f)} for f in folded]
    return typed(pd.DataFrame(rows, columns=FOLD_COLUMNS), FOLD_COLUMNS)


def fold_rows(table: str, files: pd.Series, lines: pd.Series, *, reason: str, into: pd.Series) -> pd.DataFrame:
    """Rows that are folded for one reason, shaped as by :func:`fold_frame`."""
    cells = {"file": files.tolist(), "line": lines.tolist(), "into": into.tolist()}
    return typed(pd.DataFrame({"table": table, "reason": reason, **cells}), FOLD_COLUMNS)


def problem_rows(
    table: str,
    *,
    file: Sequence[str],
    line: Sequence[int],
    column: str | Sequence[str],
    found: str | Sequence[str],
    expected: str | Sequence[str],
    remedy: str | Sequence[str],
    reason: str,
) -> pd.DataFrame:
    """Problems of one reason in many rows, shaped as by :func:`problem_frame`; a text that is alike in all is given once."""
    given = {"column": column, "found": found, "expected": expected, "remedy": remedy, "reason": reason}
    cells = {k: v if isinstance(v, str) else list(v) for k, v in given.items()}
    return typed(pd.DataFrame({"table": table, "file": file, "line": line, **cells}), PROBLEM_COLUMNS)


def problems(frame: pd.DataFrame) -> list[Problem]:
    """The rows of a problem table as problems."""
    rows = frame.drop(columns="table").astype("object").where(frame.notna(), None).to_dict("records")
    return [Problem(**{**row, "column": row["column"] or None}) for row in rows]


def joined(problems: list[pd.DataFrame]) -> pd.DataFrame:
    """Several problem tables as one."""
    filled = [p for p in problems if len(p)]
    return pd.concat(filled, ignore_index=True) if filled else problem_frame("", [])


@cache
def _no_rows(*columns: str) -> pd.DataFrame:
    return typed(pd.DataFrame(columns=list(columns)), list(columns))


def typed(account: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """These columns of a table of problems or folds, with their dtypes."""
    return account[columns].astype({name: "Int64" if name == "line" else TEXT for name in columns})


@dataclass(frozen=True)
class RowRule:
    """A rule that a row of a canonical table must keep: which cells of a column break it, and what is said of them."""

    column: str
    broken: Callable[[pd.Series], pd.Series]
    found: str
    expected: str
    remedy: str
    reason: str


def _filled(column: str) -> RowRule:
    return RowRule(column, lambda cells: cells == "", "an empty cell", "an id", "Give the row an id.", "missing_id")


def _free(column: str) -> RowRule:
    remedy = "Rename it: none stands for no recorded change."
    return RowRule(column, lambda cells: cells.str.lower() == NONE, "the word none", "an id", remedy, "reserved_id")


RULES = {
    "incidents": (_filled("incident_id"),),
    "changes": (_filled("change_id"), _free("change_id")),
    "dependencies": (_filled("service"), _filled("depends_on")),
    "verdicts": (_filled("incident_id"), _filled("change_id")),
}
