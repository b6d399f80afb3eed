"""One raw table → its canonical table: names, types, times as intervals, kinds and statuses in the canonical words."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cache, partial

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from aftershock.dataset import placeholders, spreadsheet_ids, timestamps, typed_columns
from aftershock.dataset.column_names import resolve_columns
from aftershock.dataset.extras import ExtrasArray
from aftershock.dataset.raw_rows import RawRows
from aftershock.dataset.rules import services_of
from aftershock.dataset.settings import Log
from aftershock.dataset.time_columns import TimeColumns
from aftershock.schema import status_words, tables
from aftershock.schema.change_kinds import KIND_WORDS, infer_kinds
from aftershock.schema.errors import nearest
from aftershock.schema.patterns import expression, is_regular
from aftershock.schema.status_words import NO_INCIDENT, STATUS_WORDS
from aftershock.schema.tables import TEXT, Schema
from aftershock.sources import RawTable

ID_DIGITS = 10  # of an id that is made of cells: of 100,000 rows two are alike once in 200 logs
TRUE_WORDS = {"true", "yes", "y", "1", "x", "emergency", "emergency change", "expedited", "urgent", "notfall"}


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
        return CanonicalTable(_no_rows(table).copy(), none, none, tables.fold_frame(table, []))
    return _TableBuilder(schema, raw, log, log.timezone or zone).make()


def _each_edge(schema: Schema, raw: RawTable, log: Log) -> RawTable:
    """A row for each of the services that a row's service needs, where a cell names several."""
    needed = resolve_columns(raw, log, schema).get("depends_on", "")
    if needed not in raw.frame:
        return raw
    cells = typed_columns.lists(raw.frame[needed], log.list_separator)
    if (cells.map(len) < 2).all():
        return raw
    frame = raw.frame.assign(**{needed: cells}).explode(needed)
    rows = frame.index
    frame = frame.assign(**{needed: frame[needed].fillna("")}).reset_index(drop=True)
    files, lines = (at[rows].reset_index(drop=True) for at in (raw.files, raw.lines))
    return RawTable(frame, files, lines, raw.problems, raw.notes, raw.folded)


class _TableBuilder:
    """The work on one table, column by column; ``out`` gathers the canonical ones."""

    def __init__(self, schema: Schema, raw: RawTable, log: Log, zone: str):
        raw = _each_edge(schema, raw, log) if schema.table == "dependencies" else raw
        self.schema, self.raw, self.log = schema, raw, log
        self.rows = RawRows(schema, raw, log)
        self.times = TimeColumns(self.rows, log, zone)
        self.index = raw.frame.index
        self.out: dict[str, pd.Series] = {}

    def make(self) -> CanonicalTable:
        for name, words in self.log.only.items():
            self._leave_out_others(name, words)
        for column in self.schema.columns:
            {"text": self._text, "list": self._list, "time": self._time, "number": self._number, "flag": self._flag}[
                column.type
            ](column.name)
        self._of_log()
        if self.schema.table == "incidents":
            self._grades()
            self._statuses()
            self._order_of_times()
        if self.schema.table == "changes":
            self._change_statuses()
            self._kinds()
        if self.schema.table == "dependencies":
            self._edges_only()
        if self.log.history:
            self._fold_states()
        self._extras()
        self.out["file"], self.out["line"] = self.raw.files, self.raw.lines
        self._reject_broken()
        self._arrange()
        folded = pd.concat(
            [tables.fold_frame(self.schema.table, self.raw.folded), *self.rows.folded], ignore_index=True
        )
        return CanonicalTable(
            _typed(self.schema, self.out), tables.joined(self.rows.rejected), tables.joined(self.rows.notes), folded
        )

    def _leave_out_others(self, name: str, words: list[str]) -> None:
        """Fold the rows that have another word in a column of the file than those that dataset.toml asks for."""
        cells = typed_columns.each_distinct(typed_columns.texts(self.rows.written(name)), str.strip)
        wanted = {status_words.plain(word) for word in words}
        other = ~typed_columns.each_distinct(cells, status_words.plain).isin(wanted)
        for pattern in (expression(word) for word in words if is_regular(word)):
            other &= ~cells.map(lambda cell, asked=pattern: bool(asked.search(cell)))
        self.rows.fold(other, "other_thing", lambda rows: f"no row: its {name} is " + cells[rows].map(repr))

    # types

    def _text(self, name: str) -> None:
        self.out[name] = typed_columns.texts(self.rows.cells(name))
        if name == self.schema.id:
            self.out[name] = self._made_ids(spreadsheet_ids.whole(self.out[name]))
            self.rows.note(
                spreadsheet_ids.altered(self.out[name]),
                name,
                None,
                "an id",
                "A spreadsheet has changed it; format the column as text and export again.",
                "shortened_number",
            )

    def _made_ids(self, ids: pd.Series) -> pd.Series:
        """For rows without an id a hash of the cells that dataset.toml names, so that a row keeps it wherever it is."""
        bare = ids == ""
        if not self.log.id_from or not bare.any():
            return ids
        cells = [typed_columns.texts(self.rows.written(name, "id_from")).str.strip() for name in self.log.id_from]
        joined = cells[0].str.cat(cells[1:], sep="\x1f") if len(cells) > 1 else cells[0]
        bare &= joined.str.strip("\x1f") != ""
        made = joined[bare].map(lambda text: f"row-{hashlib.sha256(text.encode()).hexdigest()[:ID_DIGITS]}")
        first = pd.Series(self.index == self.index[bare].min(), index=self.index)
        remedy = f"Made of {', '.join(self.log.id_from)}; it changes when they do."
        again = bare & self.raw.frame.astype(str).duplicated()
        self.rows.fold(again, "repeated_record", lambda rows: made[rows] + ", which an earlier row is in every cell")
        self.rows.note(first, self.schema.id, f"no id in {int(bare.sum())} rows", "an id", remedy, "made_id")
        return ids.mask(bare, made.reindex(self.index)).astype(TEXT)

    def _list(self, name: str) -> None:
        self.out[name] = typed_columns.lists(
            self.rows.cells(name), self.log.list_separator, placeholders.parts_for(name)
        )
        if name == "caused_by" and self.rows.has(name):
            parts = typed_columns.lists(self.rows.cells(name), self.log.list_separator)
            both = parts.map(lambda named: tables.NONE in [part.lower() for part in named]) & self.out[name].map(bool)
            expected, remedy = "changes, or none", "Read as caused by the changes that it names."
            self.rows.note(both.astype(bool), name, None, expected, remedy, "unknown_value")

    def _number(self, name: str) -> None:
        self.out[name] = self.rows.numbers(name)

    def _flag(self, name: str) -> None:
        self.out[name] = typed_columns.flags(self.rows.cells(name), TRUE_WORDS)

    def _time(self, name: str) -> None:
        interval = self.times.read(name, required=name == "started_at")
        self.out[name], self.out[f"{name}_before"] = interval["at"], interval["before"]

    def _order_of_times(self) -> None:
        for name in ("detected_at", "mitigated_at", "resolved_at"):
            self.rows.note(
                (self.out[f"{name}_before"] < self.out["started_at"]) & ~self.rows.bad,
                name,
                partial(_as_text, self.out[name]),
                lambda rows: "a time after the start " + self.out["started_at"][rows].astype(str),
                "Kept as written; left out of durations.",
                "time_order",
            )

    # what the section says of all rows

    def _of_log(self) -> None:
        log, out = self.log, self.out
        if log.prefix and self.schema.id:
            ids = out[self.schema.id]
            out[self.schema.id] = (log.prefix + ids).where(ids != "", "").astype(TEXT)
            if "reverts" in out:
                out["reverts"] = out["reverts"].map(lambda ids: [log.prefix + id for id in ids])
            if "duplicate_of" in out:
                original = out["duplicate_of"]
                out["duplicate_of"] = (log.prefix + original).where(original != "", "").astype(TEXT)
        if log.environment:
            out["environment"] = out["environment"].mask(out["environment"] == "", log.environment).astype(TEXT)
        if log.service:
            found = services_of(log.service, out)
            named = [given or has for given, has in zip(found, out["services"], strict=True)]
            out["services"] = pd.Series(named, index=self.index, dtype="object")

    # words

    def _grades(self) -> None:
        """A grade that differs from another in capitals and signs alone is that one, as dataset.toml spells it or most rows do."""
        grades = self.out["severity"]
        usual = status_words.spellings([*self.log.severity, *grades.value_counts().index])
        self.out["severity"] = typed_columns.each_distinct(grades, lambda grade: usual[status_words.spelling(grade)])

    def _statuses(self) -> None:
        words = typed_columns.each_distinct(self.out["status"], status_words.plain)
        meanings = {**STATUS_WORDS, **{status_words.plain(w): m for w, m in self.log.statuses.items()}}
        known = typed_columns.each_distinct(words, lambda word: status_words.meaning(word, meanings))
        allowed = (*tables.STATUSES, NO_INCIDENT)
        self._note_unknown_words("status", words, known, allowed, "Read as unknown; statuses can say what it means.")
        self.rows.fold(
            (known == NO_INCIDENT) & (self.out["duplicate_of"] == ""),
            "other_thing",
            lambda rows: "no row: " + self.out["incident_id"][rows].astype(str) + " is " + words[rows],
        )
        known = known.mask(known == NO_INCIDENT, "")
        self._reopened(words)
        self._ages(known)
        by_end = self.out["resolved_at"].notna().map({True: "resolved", False: "unknown"})
        status = known.where(known != "", by_end)
        ended = (status == "open") & self.out["resolved_at"].notna()
        self.rows.note(
            ended & ~self.rows.bad,
            "status",
            "open, with an end",
            "an open incident without one",
            "Read as resolved.",
            "ended_yet_open",
        )
        self.out["status"] = status.mask(ended, "resolved").astype(TEXT)

    def _ages(self, known: pd.Series) -> None:
        """How long an open incident has lasted is its age, not its end."""
        so_far = (known == "open") & self.out["resolved_at"].notna() & self.times.by_length["resolved_at"]
        for name in ("resolved_at", "resolved_at_before"):
            self.out[name] = self.out[name].mask(so_far)

    def _reopened(self, words: pd.Series) -> None:
        """An incident that was opened again has no end yet: the one it has is that of the first time."""
        again = words.str.startswith(tuple(status_words.REOPENED)) & self.out["resolved_at"].notna() & ~self.rows.bad
        expected, remedy = "an open incident without an end", "Reopened: read as open, without that end."
        self.rows.note(
            again, "resolved_at", partial(_as_text, self.out["resolved_at"]), expected, remedy, "ended_yet_open"
        )
        for name in ("resolved_at", "resolved_at_before"):
            self.out[name] = self.out[name].mask(again)

    def _change_statuses(self) -> None:
        """The states of changes stay as written, but for those that dataset.toml gives a meaning; unknown ones are noted."""
        meanings = {status_words.plain(w): m for w, m in self.log.statuses.items()}
        words = typed_columns.each_distinct(self.out["status"], status_words.plain)
        if meanings:
            self.out["status"] = self.out["status"].mask(words.isin(list(meanings)), words.map(meanings))
        known = typed_columns.each_distinct(
            words, lambda word: "known" if word in meanings or status_words.took_effect(word) is not None else ""
        )
        remedy = "Read as one that took effect; [changes] statuses can say what it means."
        self._note_unknown_words("status", words, known, tables.CHANGE_STATUSES, remedy)

    def _kinds(self) -> None:
        words = typed_columns.each_distinct(self.out["kind"], _plain_kind)
        meanings = {**KIND_WORDS, **{_plain_kind(w): m for w, m in self.log.kinds.items()}}
        known = typed_columns.each_distinct(words, lambda word: meanings.get(word, ""))
        self._note_unknown_words("kind", words, known, tables.KINDS, "Read as other or unknown.")
        kinds = known.mask(known == "", "other")
        bare = words == ""
        if bare.any():
            kinds[bare] = infer_kinds(pd.DataFrame({c: self.out[c][bare] for c in ("title", "paths")}))
        for rule in reversed(self.log.kind):  # the first that matches decides
            kinds[rule.holds(self.out)] = rule.kind
        self.out["kind"] = kinds.astype(TEXT)

    def _note_unknown_words(
        self, column: str, words: pd.Series, known: pd.Series, allowed: tuple[str, ...], remedy: str
    ) -> None:
        unknown = words[(words != "") & (known == "") & ~self.rows.bad]
        for word, rows in unknown.groupby(unknown):
            expected = "one of " + ", ".join(allowed) + nearest(word, list(allowed))
            self.rows.note_word(column, word, rows.index, expected, remedy)

    def _edges_only(self) -> None:
        """A service that needs none is no edge, and one that needs itself is a mistake."""
        alone = (self.out["depends_on"] == "") & (self.out["service"] != "")
        self.rows.fold(
            alone, "other_thing", lambda rows: "no row: " + self.out["service"][rows] + " needs no other service"
        )
        itself = (self.out["service"] == self.out["depends_on"]) & (self.out["service"] != "")
        self.rows.reject(itself, "depends_on", None, "another service", "Remove the row.", "self_dependency")

    # the end

    def _extras(self) -> None:
        if self.raw.extras is not None:
            self.out["extras"] = pd.Series(self.raw.extras, index=self.index, dtype="object")
            return
        used = {self.rows.named[c] for c in self.rows.named if c in self.schema.accepted}
        others = [c for c in self.raw.frame.columns if c not in used]
        self.out["extras"] = pd.Series(ExtrasArray(self.raw.frame[others]), index=self.index)

    def _fold_states(self) -> None:
        """Of the rows of an id, which are the states of one record, the newest counts; it began when the oldest says, a change
        when the oldest says in which it took effect."""
        ids = self.out[self.schema.id]
        used = ids[(ids != "") & ~self.rows.bad]
        if self.log.history == "first":
            used = used[::-1]
        newest, oldest = ~used.duplicated(keep="last"), ~used.duplicated(keep="first")
        kept, first = used.index[newest], pd.Series(used.index[oldest], index=used[oldest])
        ended = "resolved_at" if self.schema.table == "incidents" else "finished_at"
        is_over = self.out["status"] == "resolved"
        if self.schema.table == "changes":
            words = typed_columns.plain(self.out["status"])
            made = used[words[used.index].map(lambda word: status_words.took_effect(word) is not False)]
            made = made[~made.duplicated(keep="first")]
            first.update(pd.Series(made.index, index=made))
            is_over = words.map(status_words.is_over)
        begun = first[used[kept]].to_numpy()
        moved = kept != begun
        later = self.out["started_at"][kept].to_numpy() > self.out["started_at"][begun].to_numpy()
        over = self.out[ended][kept].isna() & is_over[kept] & moved & later
        for suffix in ("", "_before"):
            start = self.out[f"started_at{suffix}"].copy()
            self.out[f"{ended}{suffix}"] = self.out[f"{ended}{suffix}"].mask(
                over.reindex(self.index, fill_value=False), start
            )
            self.out[f"started_at{suffix}"] = start.mask(
                self.index.isin(kept), start.reindex(pd.Series(begun, kept)).set_axis(kept).reindex(self.index)
            )
        stale = pd.Series(self.index.isin(used.index) & ~self.index.isin(kept), index=self.index)
        self.rows.fold(stale, "part_of_row", lambda rows: "an earlier state of " + ids[rows].astype(str))

    def _reject_broken(self) -> None:
        for rule in tables.RULES[self.schema.table]:
            broken = rule.broken(self.out[rule.column])
            self.rows.reject(broken, rule.column, rule.found, rule.expected, rule.remedy, rule.reason)
        if self.schema.id:
            ids = self.out[self.schema.id]
            self.rows.reject(
                ids.mask(self.rows.bad, "").duplicated(keep="first") & (ids != ""),
                self.schema.id,
                None,
                "an id that no earlier row has",
                "Remove the repetition, or give it an id of its own.",
                "duplicate_id",
            )

    def _arrange(self) -> None:
        """Leave out the rejected rows and sort the others by start, then id, where the table has both. Columns are taken
        one by one, and the cells as written let go before: a large log is not held twice."""
        rows = np.flatnonzero(~self.rows.bad)
        keys = [c for c in ("started_at", self.schema.id) if c in self.out]
        if len(keys) == 2:
            keyed = pa.table({name: pa.array(self.out[name].take(rows)) for name in keys})
            rows = rows[pc.sort_indices(keyed, [(name, "ascending") for name in keys]).to_numpy()]
        if not np.array_equal(rows, np.arange(len(self.rows.bad))):  # most logs are in order
            self.raw.let_go()
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


@cache
def _no_rows(table: str) -> pd.DataFrame:
    schema = tables.SCHEMAS[table]
    return _typed(schema, pd.DataFrame(columns=schema.names))


def _as_text(times: pd.Series, rows: pd.Index) -> list[str]:
    return times[rows].astype(str).tolist()


def _plain_kind(text: str) -> str:
    return re.sub(r"[\s-]+", "_", text.lower())
