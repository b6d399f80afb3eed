"""One raw table → its canonical table: names, types, times as intervals, kinds and statuses in the canonical words."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from aftershock.dataset import timestamps, typed_columns
from aftershock.dataset.extras import ExtrasArray
from aftershock.dataset.settings import FILE, Log
from aftershock.errors import InputError, Problem, nearest
from aftershock.schema import tables
from aftershock.schema.change_kinds import KIND_WORDS, infer_kinds
from aftershock.schema.tables import TEXT, Schema
from aftershock.sources import RawTable

STATUS_WORDS = {
    "open": "open",
    "investigating": "open",
    "identified": "open",
    "monitoring": "open",
    "triggered": "open",
    "acknowledged": "open",
    "active": "open",
    "in progress": "open",
    "new": "open",
    "resolved": "resolved",
    "closed": "resolved",
    "fixed": "resolved",
    "done": "resolved",
    "completed": "resolved",
    "postmortem": "resolved",
    "unknown": "unknown",
}
TRUE_WORDS = {"true", "yes", "y", "1", "x", "emergency"}
TIME = "a time such as 2023-03-06T17:19:00Z"

Words = str | Sequence[str]
Told = str | Callable[[pd.Index], Words]


@dataclass(frozen=True)
class CanonicalTable:
    """A canonical table and, as problem tables, what did not become a row of it and what did so oddly."""

    frame: pd.DataFrame
    rejected: pd.DataFrame
    notes: pd.DataFrame
    folded: pd.DataFrame


def canonical_table(table: str, raw: RawTable | None, log: Log, zone: str) -> CanonicalTable:
    """Bring a raw table into canonical form, which uses up its cells; ``zone`` is that of stamps without one unless the
    section names another."""
    schema = tables.SCHEMAS[table]
    if raw is None:
        none = tables.problem_frame(table, [])
        return CanonicalTable(
            _typed(schema, pd.DataFrame(columns=schema.names)), none, none, tables.fold_frame(table, [])
        )
    return _TableBuilder(schema, raw, log, log.timezone or zone).make()


class _TableBuilder:
    """The work on one table, column by column; ``rejected`` and ``notes`` gather problem tables as it goes."""

    def __init__(self, schema: Schema, raw: RawTable, log: Log, zone: str):
        self.schema, self.raw, self.log, self.zone = schema, raw, log, zone
        self.rejected = [tables.problem_frame(schema.table, raw.problems)]
        self.notes = [tables.problem_frame(schema.table, raw.notes)]
        self.named = self._resolve_names()
        self.index = raw.frame.index
        self.out: dict[str, pd.Series] = {}
        self.bad = pd.Series(False, index=self.index)

    def make(self) -> CanonicalTable:
        for column in self.schema.columns:
            {"text": self._text, "list": self._list, "time": self._time, "number": self._number, "flag": self._flag}[
                column.type
            ](column.name)
        if self.schema.table == "incidents":
            self._statuses()
            self._order_of_times()
        if self.schema.table == "changes":
            self._kinds()
        if self.schema.table == "dependencies":
            self._self_dependencies()
        self._extras()
        self.out["file"], self.out["line"] = self.raw.files, self.raw.lines
        self._reject_broken()
        self._arrange()
        folded = tables.fold_frame(self.schema.table, self.raw.folded)
        return CanonicalTable(
            _typed(self.schema, self.out), tables.joined(self.rejected), tables.joined(self.notes), folded
        )

    # names

    def _resolve_names(self) -> dict[str, str]:
        """canonical name → the file's column: as mapped in dataset.toml, else the column of the same name."""
        there = list(self.raw.frame.columns)
        if self.raw.origins is not None:
            return {c: c for c in there if c in self.schema.accepted}
        file = self.raw.files.iloc[0] if len(self.raw.files) else self.log.path
        missing = [(c, n) for c, n in self.log.columns.items() if n not in there]
        if missing and there:
            raise InputError.of(
                *[
                    Problem(
                        file,
                        1,
                        None,
                        f"no column {name!r}",
                        f"the column that {FILE} maps {canonical} to" + nearest(name, there),
                        f"The file has {', '.join(there)}.",
                        "unknown_value",
                    )
                    for canonical, name in missing
                ]
            )
        same = {c: n for n in there for c in self.schema.accepted if n.strip().lower() == c}
        named = {**same, **self.log.columns}
        absent = [c.name for c in self.schema.columns if c.required and c.name not in named]
        if absent and there:
            raise InputError.of(
                *[
                    Problem(
                        file,
                        1,
                        None,
                        f"no column {name!r}",
                        f"a column for {name}{nearest(name, there)}",
                        f'Map it in {FILE}: columns = {{ {name} = "…" }}. The file has {", ".join(there)}.',
                        "unknown_value",
                    )
                    for name in absent
                ]
            )
        return named

    def _given(self, name: str) -> bool:
        return self.named.get(name) in self.raw.frame

    def _cells(self, name: str) -> pd.Series:
        if self._given(name):
            return typed_columns.plain(self.raw.frame[self.named[name]])
        return pd.Series("", index=self.index, dtype=TEXT)

    # problems

    def _problems(
        self, rows: pd.Index, column: str, found: Words | None, expected: Words, remedy: Words, reason: Words
    ) -> pd.DataFrame:
        """A problem for each of the rows; where ``found`` is None it is the cell as written."""
        if found is None:
            found = [repr(str(v)[:60]) for v in self._cells(column)[rows]]
        return tables.problem_rows(
            self.schema.table,
            file=self.raw.files[rows].to_numpy(),
            line=self.raw.lines[rows].to_numpy(),
            column=self._called(column, rows),
            found=found,
            expected=expected,
            remedy=remedy,
            reason=reason,
        )

    def _called(self, column: str, rows: pd.Index) -> Words:
        """What the file calls a canonical column: one name, or one for each of these rows."""
        called = (self.named if self.raw.origins is None else self.raw.origins).get(column, column)
        return called if isinstance(called, str) else [called[row] for row in rows]

    def _note(
        self, where: pd.Series, column: str, found: Told | None, expected: Told, remedy: Told, reason: str
    ) -> None:
        """Note the rows of a mask; what is told of them is a text, or a function of the rows that gives one for each."""
        rows = self.index[where]
        if len(rows):
            told = [t(rows) if callable(t) else t for t in (found, expected, remedy)]
            self.notes.append(self._problems(rows, column, *told, reason))

    def _reject(
        self, where: pd.Series, column: str, found: Told | None, expected: Told, remedy: Told, reason: str
    ) -> None:
        """Reject the rows of a mask that are not rejected yet, told of as :meth:`_note` does."""
        rows = self.index[where & ~self.bad]
        if len(rows):
            self.bad[rows] = True
            told = [t(rows) if callable(t) else t for t in (found, expected, remedy)]
            self.rejected.append(self._problems(rows, column, *told, reason))

    # types

    def _text(self, name: str) -> None:
        self.out[name] = typed_columns.texts(self._cells(name))

    def _list(self, name: str) -> None:
        self.out[name] = typed_columns.lists(self._cells(name), self.log.list_separator)

    def _number(self, name: str) -> None:
        self.out[name] = self._numbers(name)

    def _numbers(self, name: str) -> pd.Series:
        if not self._given(name):
            return pd.Series(float("nan"), index=self.index)
        written = self._cells(name)
        numbers = typed_columns.numbers(written)
        self._note(
            numbers.isna() & (typed_columns.texts(written) != ""),
            name,
            None,
            "a number",
            "Read as empty.",
            "not_a_number",
        )
        return numbers

    def _flag(self, name: str) -> None:
        self.out[name] = typed_columns.flags(self._cells(name), TRUE_WORDS)

    # times

    def _time(self, name: str) -> None:
        required = name == "started_at"
        parsed = self._parsed(name)
        bound = self._bound(f"{name}_before") if self._given(f"{name}_before") else None
        precision = self._precision(name, parsed)
        interval = timestamps.widen(parsed, precision, self._uncertainty(name), bound, self.zone)
        self._time_troubles(name, parsed, required)
        wrong = interval["before"] < interval["at"]
        (self._reject if required else self._note)(
            wrong,
            f"{name}_before",
            lambda rows: interval["before"][rows].astype(str),
            lambda rows: "a time at or after " + interval["at"][rows].astype(str),
            "Mend the bound." if required else "Read as empty.",
            "time_order",
        )
        self.out[name] = interval["at"].mask(wrong)
        self.out[f"{name}_before"] = interval["before"].mask(wrong)

    def _parsed(self, name: str) -> timestamps.ParsedTimes:
        if not self._given(name):
            return timestamps.nothing(self.index)
        return timestamps.parse(self._cells(name), self.zone, self.log.time_format)

    def _bound(self, name: str) -> timestamps.ParsedTimes:
        bound = self._parsed(name)
        whole = timestamps.widen(bound, None, None, None, self.zone)
        bound = timestamps.ParsedTimes(whole["at"], whole["before"], bound.implied, bound.trouble, bound.oddity)
        self._time_troubles(name, bound, required=False)
        return bound

    def _uncertainty(self, name: str) -> pd.Series | None:
        column = f"{name}_uncertainty_minutes"
        return self._numbers(column).abs() if self._given(column) else None

    def _precision(self, name: str, parsed: timestamps.ParsedTimes) -> pd.Series | None:
        """What the log states of each time; where it states nothing, what the settings say of rounded ones."""
        stated = self._stated_precision(f"{name}_precision")
        if not self.log.rounded:
            return stated
        stated = pd.Series("", index=self.index) if stated is None else stated
        return stated.mask((stated == "") & timestamps.rounded(parsed, self.log.rounded, self.zone), self.log.rounded)

    def _stated_precision(self, column: str) -> pd.Series | None:
        if not self._given(column):
            return None
        written = typed_columns.texts(self._cells(column)).str.lower()
        unknown = ~written.isin(timestamps.PRECISIONS) & (written != "")
        self._note(
            unknown, column, None, "one of " + ", ".join(timestamps.PRECISIONS), "Read as exact.", "unknown_value"
        )
        return written.mask(unknown, "exact")

    def _time_troubles(self, name: str, parsed: timestamps.ParsedTimes, required: bool) -> None:
        for reason in parsed.trouble[parsed.trouble != ""].unique():
            remedy = (
                'Say how to read it: time_format = "%d/%m/%Y %H:%M".'
                if reason != "time_out_of_range"
                else "Mend the year."
            )
            (self._reject if required else self._note)(
                parsed.trouble == reason, name, None, TIME, remedy if required else f"{remedy} Read as empty.", reason
            )
        if required:
            self._reject(
                parsed.at.isna() & (parsed.trouble == ""),
                name,
                "an empty cell",
                TIME,
                "Fill in when it started; a day will do.",
                "missing_time",
            )
        for reason in parsed.oddity[parsed.oddity != ""].unique():
            self._note(
                parsed.oddity == reason,
                name,
                None,
                "a time with its offset from UTC",
                lambda rows, reason=reason: "Read as " + parsed.at[rows].astype(str) + f": {tables.REASONS[reason]}.",
                reason,
            )

    def _order_of_times(self) -> None:
        for name in ("detected_at", "mitigated_at", "resolved_at"):
            self._note(
                (self.out[f"{name}_before"] < self.out["started_at"]) & ~self.bad,
                name,
                lambda rows, name=name: self.out[name][rows].astype(str),
                lambda rows: "a time after the start " + self.out["started_at"][rows].astype(str),
                "Kept as written; left out of durations.",
                "time_order",
            )

    # words

    def _statuses(self) -> None:
        words = typed_columns.each_distinct(self.out["status"], _plain_status)
        meanings = {**STATUS_WORDS, **{_plain_status(w): m for w, m in self.log.statuses.items()}}
        known = typed_columns.each_distinct(words, lambda word: meanings.get(word, ""))
        self._note_unknown_words("status", words, known, tuple(STATUS_WORDS))
        by_end = self.out["resolved_at"].notna().map({True: "resolved", False: "unknown"})
        status = known.where(known != "", by_end)
        ended = (status == "open") & self.out["resolved_at"].notna()
        self._note(
            ended & ~self.bad,
            "status",
            "open, with an end",
            "an open incident without one",
            "Read as resolved.",
            "time_order",
        )
        self.out["status"] = status.mask(ended, "resolved").astype(TEXT)

    def _kinds(self) -> None:
        words = typed_columns.each_distinct(self.out["kind"], _plain_kind)
        meanings = {**KIND_WORDS, **{_plain_kind(w): m for w, m in self.log.kinds.items()}}
        known = typed_columns.each_distinct(words, lambda word: meanings.get(word, ""))
        self._note_unknown_words("kind", words, known, tables.KINDS)
        kinds = known.mask(known == "", "other")
        bare = words == ""
        if bare.any():
            kinds[bare] = infer_kinds(pd.DataFrame({c: self.out[c][bare] for c in ("title", "paths")}))
        self.out["kind"] = kinds.astype(TEXT)

    def _note_unknown_words(self, column: str, words: pd.Series, known: pd.Series, allowed: tuple[str, ...]) -> None:
        """One note for each unknown word, at its first row: a log may have a thousand rows of it."""
        unknown = words[(words != "") & (known == "")]
        for word, rows in unknown.groupby(unknown):
            self.notes.append(
                self._problems(
                    rows.index[:1],
                    column,
                    f"{word[:60]!r} in {len(rows)} rows",
                    "one of " + ", ".join(allowed) + nearest(word, list(allowed)),
                    "Read as other or unknown.",
                    "unknown_value",
                )
            )

    def _self_dependencies(self) -> None:
        itself = (self.out["service"] == self.out["depends_on"]) & (self.out["service"] != "")
        self._reject(itself, "depends_on", None, "another service", "Remove the row.", "self_dependency")

    # the end

    def _extras(self) -> None:
        if self.raw.extras is not None:
            self.out["extras"] = pd.Series(self.raw.extras, index=self.index, dtype="object")
            return
        used = {self.named[c] for c in self.named if c in self.schema.accepted}
        others = [c for c in self.raw.frame.columns if c not in used]
        self.out["extras"] = pd.Series(ExtrasArray(self.raw.frame[others]), index=self.index)

    def _reject_broken(self) -> None:
        for rule in tables.RULES[self.schema.table]:
            broken = rule.broken(self.out[rule.column])
            self._reject(broken, rule.column, rule.found, rule.expected, rule.remedy, rule.reason)
        if self.schema.id:
            ids = self.out[self.schema.id]
            self._reject(
                ids.mask(self.bad, "").duplicated(keep="first") & (ids != ""),
                self.schema.id,
                None,
                "an id that no earlier row has",
                "Remove the repetition, or give it an id of its own.",
                "duplicate_id",
            )

    def _arrange(self) -> None:
        """Leave out the rejected rows and sort the others by start, then id, where the table has both. Columns are taken
        one by one, and the cells as written let go before: a large log is not held twice."""
        rows = np.flatnonzero(~self.bad)
        keys = [c for c in ("started_at", self.schema.id) if c in self.out]
        if len(keys) == 2:
            keyed = pa.table({name: pa.array(self.out[name].take(rows)) for name in keys})
            rows = rows[pc.sort_indices(keyed, [(name, "ascending") for name in keys]).to_numpy()]
        if not np.array_equal(rows, np.arange(len(self.bad))):  # most logs are in order
            for name in list(self.raw.frame):
                del self.raw.frame[name]
            for name in self.out:
                self.out[name] = self.out[name].take(rows).reset_index(drop=True)


def _typed(schema: Schema, frame: pd.DataFrame | dict[str, pd.Series]) -> pd.DataFrame:
    """Columns in canonical order with their dtypes, also for an empty table."""
    dtypes = {"number": "float64", "flag": bool, "text": TEXT, "list": "object"}
    made = {}
    for column in schema.columns:
        written = frame[column.name] if column.name in frame else pd.Series(dtype="object")
        if column.type == "time":
            made[column.name] = written.astype(timestamps.UTC)
            made[f"{column.name}_before"] = frame.get(f"{column.name}_before", written).astype(timestamps.UTC)
        else:
            made[column.name] = written.astype(dtypes[column.type])
    made["extras"] = frame["extras"] if "extras" in frame else pd.Series(ExtrasArray(pd.DataFrame()))
    made["file"] = (frame["file"] if "file" in frame else pd.Series(dtype="object")).astype(TEXT)
    made["line"] = (frame["line"] if "line" in frame else pd.Series(dtype="int64")).astype("int64")
    return pd.DataFrame(made)


def _plain_status(text: str) -> str:
    return re.sub(r"[-_]", " ", text.lower())


def _plain_kind(text: str) -> str:
    return re.sub(r"[\s-]+", "_", text.lower())
