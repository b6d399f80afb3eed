"""One raw table → its canonical table: names, types, times as intervals, kinds and statuses in the canonical words."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from aftershock import tables, times
from aftershock.errors import InputError, Problem, nearest
from aftershock.kinds import KIND_WORDS, infer_kinds
from aftershock.settings import FILE, Log
from aftershock.sources import RawTable
from aftershock.tables import Fold, Schema

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


@dataclass(frozen=True)
class Made:
    """A canonical table and the account of what did not become a row of it, or did so oddly."""

    frame: pd.DataFrame
    rejected: list[Problem]
    notes: list[Problem]
    folded: list[Fold] = field(default_factory=list)


def canonical_table(table: str, raw: RawTable | None, log: Log, zone: str) -> Made:
    """Bring a raw table into canonical form; ``zone`` is that of stamps without one unless the section names another."""
    schema = tables.SCHEMAS[table]
    if raw is None:
        return Made(_typed(schema, pd.DataFrame(columns=schema.names)), [], [])
    return _Making(schema, raw, log, log.timezone or zone).make()


class _Making:
    """The work on one table; ``rejected`` and ``notes`` gather as it goes."""

    def __init__(self, schema: Schema, raw: RawTable, log: Log, zone: str):
        self.schema, self.raw, self.log, self.zone = schema, raw, log, zone
        self.rejected, self.notes = list(raw.problems), list(raw.notes)
        self.named = self._resolve_names()
        self.out = pd.DataFrame(index=raw.frame.index)
        self.bad = pd.Series(False, index=raw.frame.index)

    def make(self) -> Made:
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
        frame = self.out[~self.bad]
        order = [c for c in ("started_at", self.schema.id) if c in frame]
        if len(order) == 2:
            frame = frame.sort_values(order, kind="stable")
        return Made(_typed(self.schema, frame.reset_index(drop=True)), self.rejected, self.notes, self.raw.folded)

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

    def _cells(self, name: str) -> pd.Series:
        if self.named.get(name) in self.raw.frame:
            return self.raw.frame[self.named[name]]
        return pd.Series("", index=self.raw.frame.index, dtype="object")

    # problems

    def _problem(self, index: int, column: str, found: str, expected: str, remedy: str, reason: str) -> Problem:
        return Problem(
            self.raw.files[index],
            int(self.raw.lines[index]),
            self._called(column),
            found,
            expected,
            remedy,
            reason,
        )

    def _called(self, column: str) -> str:
        """What the file calls a canonical column."""
        return (self.named if self.raw.origins is None else self.raw.origins).get(column, column)

    def _reject(self, index: int, problem: Problem) -> None:
        if not self.bad[index]:
            self.bad[index] = True
            self.rejected.append(problem)

    # types

    def _text(self, name: str) -> None:
        self.out[name] = self._cells(name).map(lambda v: "; ".join(v) if isinstance(v, list) else v)

    def _list(self, name: str) -> None:
        separator = self.log.list_separator

        def as_list(value: object) -> list[str]:
            parts = value if isinstance(value, list) else str(value).split(separator)
            return [p.strip() for p in parts if p.strip()]

        self.out[name] = self._cells(name).map(as_list)

    def _number(self, name: str) -> None:
        self.out[name] = self._numbers(name)

    def _numbers(self, name: str) -> pd.Series:
        cells = self._cells(name).astype(str)
        numbers = pd.to_numeric(cells.where(cells != "", None), errors="coerce")
        for index in cells.index[(cells != "") & numbers.isna()]:
            self.notes.append(
                self._problem(index, name, repr(cells[index][:60]), "a number", "Read as empty.", "not_a_number")
            )
        return numbers.astype("float64")

    def _flag(self, name: str) -> None:
        self.out[name] = self._cells(name).map(lambda v: str(v).lower() in TRUE_WORDS)

    # times

    def _time(self, name: str) -> None:
        required = name == "started_at"
        parsed = times.parse(self._cells(name), self.zone, self.log.time_format)
        bound = None
        if f"{name}_before" in self.named:
            bound = times.parse(self._cells(f"{name}_before"), self.zone, self.log.time_format)
            whole = times.widen(bound, _no_text(bound.at), _no_number(bound.at), None, self.zone)
            bound = times.Parsed(whole["at"], whole["before"], bound.implied, bound.trouble, bound.oddity)
            self._time_troubles(f"{name}_before", bound, required=False)
        uncertainty = self._numbers(f"{name}_uncertainty_minutes").abs()
        interval = times.widen(parsed, self._precision(name), uncertainty, bound, self.zone)
        self._time_troubles(name, parsed, required)
        wrong = interval["before"] < interval["at"]
        for index in wrong.index[wrong]:
            problem = self._problem(
                index,
                f"{name}_before",
                str(interval["before"][index]),
                f"a time at or after {interval['at'][index]}",
                "Mend the bound." if required else "Read as empty.",
                "time_order",
            )
            self._reject(index, problem) if required else self.notes.append(problem)
        self.out[name] = interval["at"].mask(wrong)
        self.out[f"{name}_before"] = interval["before"].mask(wrong)

    def _precision(self, name: str) -> pd.Series:
        cells = self._cells(f"{name}_precision").astype(str).str.lower()
        unknown = ~cells.isin(times.PRECISIONS) & (cells != "")
        for index in cells.index[unknown]:
            self.notes.append(
                self._problem(
                    index,
                    f"{name}_precision",
                    repr(cells[index][:60]),
                    "one of " + ", ".join(times.PRECISIONS),
                    "Read as exact.",
                    "unknown_value",
                )
            )
        return cells.mask(unknown, "exact")

    def _time_troubles(self, name: str, parsed: times.Parsed, required: bool) -> None:
        cells = self._cells(name)
        for index in parsed.trouble.index[parsed.trouble != ""]:
            reason = parsed.trouble[index]
            remedy = (
                'Say how to read it: time_format = "%d/%m/%Y %H:%M".'
                if reason != "time_out_of_range"
                else "Mend the year."
            )
            problem = self._problem(
                index,
                name,
                repr(str(cells[index])[:60]),
                "a time such as 2023-03-06T17:19:00Z",
                remedy if required else f"{remedy} Read as empty.",
                reason,
            )
            self._reject(index, problem) if required else self.notes.append(problem)
        if required:
            for index in parsed.at.index[parsed.at.isna() & (parsed.trouble == "")]:
                self._reject(
                    index,
                    self._problem(
                        index,
                        name,
                        "an empty cell",
                        "a time such as 2023-03-06T17:19:00Z",
                        "Fill in when it started; a day will do.",
                        "missing_time",
                    ),
                )
        for index in parsed.oddity.index[parsed.oddity != ""]:
            self.notes.append(
                self._problem(
                    index,
                    name,
                    repr(str(cells[index])[:60]),
                    "a time with its offset from UTC",
                    f"Read as {parsed.at[index]}: {tables.REASONS[parsed.oddity[index]]}.",
                    parsed.oddity[index],
                )
            )

    def _order_of_times(self) -> None:
        for name in ("detected_at", "mitigated_at", "resolved_at"):
            early = self.out[f"{name}_before"] < self.out["started_at"]
            for index in early.index[early & ~self.bad]:
                self.notes.append(
                    self._problem(
                        index,
                        name,
                        str(self.out[name][index]),
                        f"a time after the start {self.out['started_at'][index]}",
                        "Kept as written; left out of durations.",
                        "time_order",
                    )
                )

    # words

    def _statuses(self) -> None:
        words = self.out["status"].str.lower().str.replace(r"[-_]", " ", regex=True)
        known = words.map(STATUS_WORDS)
        by_end = self.out["resolved_at"].notna().map({True: "resolved", False: "unknown"})
        self._note_unknown_words("status", words, known, tuple(STATUS_WORDS))
        self.out["status"] = known.where(known.notna(), by_end)
        ended = (self.out["status"] == "open") & self.out["resolved_at"].notna()
        for index in ended.index[ended & ~self.bad]:
            self.notes.append(
                self._problem(
                    index,
                    "status",
                    "open, with an end",
                    "an open incident without one",
                    "Read as resolved.",
                    "time_order",
                )
            )
        self.out.loc[ended, "status"] = "resolved"

    def _kinds(self) -> None:
        words = self.out["kind"].str.lower().str.replace(r"[\s-]+", "_", regex=True)
        known = words.map(KIND_WORDS)
        self._note_unknown_words("kind", words, known, tables.KINDS)
        inferred = infer_kinds(self.out)
        self.out["kind"] = known.where(known.notna(), inferred.where(words == "", "other"))

    def _note_unknown_words(self, column: str, words: pd.Series, known: pd.Series, allowed: tuple[str, ...]) -> None:
        """One note for each unknown word, at its first row: a log may have a thousand rows of it."""
        unknown = words[(words != "") & known.isna()]
        for word, rows in unknown.groupby(unknown):
            self.notes.append(
                self._problem(
                    rows.index[0],
                    column,
                    f"{word[:60]!r} in {len(rows)} rows",
                    "one of " + ", ".join(allowed) + nearest(word, list(allowed)),
                    "Read as other or unknown.",
                    "unknown_value",
                )
            )

    def _self_dependencies(self) -> None:
        for index in self.out.index[self.out["service"] == self.out["depends_on"]]:
            if self.out["service"][index]:
                self._reject(
                    index,
                    self._problem(
                        index,
                        "depends_on",
                        repr(self.out["service"][index]),
                        "another service",
                        "Remove the row.",
                        "self_dependency",
                    ),
                )

    # the end

    def _extras(self) -> None:
        used = {self.named[c] for c in self.named if c in self.schema.accepted}
        others = [c for c in self.raw.frame.columns if c not in used]
        self.out["extras"] = self.raw.frame[others].to_dict("records") if others else [{} for _ in range(len(self.out))]

    def _reject_broken(self) -> None:
        expected = {
            "missing_id": ("an empty cell", "an id", "Give the row an id."),
            "reserved_id": ("the word none", "an id", "Rename it: none stands for no recorded change."),
            "unknown_value": ("an unknown word", "a known one", "Mend the word."),
        }
        for case in tables.broken_rules(self.schema.table, self.out).itertuples():
            found, wanted, remedy = expected[case.reason]
            self._reject(
                int(case.index), self._problem(int(case.index), case.column, found, wanted, remedy, case.reason)
            )
        repeated = tables.repeated_ids(
            self.schema,
            self.out.assign(**{self.schema.id: self.out[self.schema.id].mask(self.bad, "")})
            if self.schema.id
            else self.out,
        )
        for index in repeated.index[repeated]:
            value = self.out[self.schema.id][index]
            self._reject(
                index,
                self._problem(
                    index,
                    self.schema.id,
                    repr(value[:60]),
                    "an id that no earlier row has",
                    "Remove the repetition, or give it an id of its own.",
                    "duplicate_id",
                ),
            )


def _typed(schema: Schema, frame: pd.DataFrame) -> pd.DataFrame:
    """Columns in canonical order with their dtypes, also for an empty table."""
    made = pd.DataFrame(index=frame.index)
    for column in schema.columns:
        cells = frame[column.name] if column.name in frame else pd.Series(dtype="object")
        if column.type == "time":
            made[column.name] = cells.astype(times.UTC)
            before = frame.get(f"{column.name}_before", cells)
            made[f"{column.name}_before"] = before.astype(times.UTC)
        elif column.type in ("number", "flag"):
            made[column.name] = cells.astype("float64" if column.type == "number" else bool)
        else:
            made[column.name] = cells.astype("object")
    made["extras"] = frame["extras"] if "extras" in frame else pd.Series(dtype="object")
    made["file"] = frame["file"] if "file" in frame else pd.Series(dtype="object")
    made["line"] = (frame["line"] if "line" in frame else pd.Series(dtype="int64")).astype("int64")
    return made


def _no_text(like: pd.Series) -> pd.Series:
    return pd.Series("", index=like.index, dtype="object")


def _no_number(like: pd.Series) -> pd.Series:
    return pd.Series(float("nan"), index=like.index)
