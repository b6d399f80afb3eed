"""Reads the records of an export as its description says."""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite
from pathlib import Path

from aftershock.schema import tables
from aftershock.schema.patterns import expression
from aftershock.sources.described.description import Description, Recovery, TableDescription, paths_of
from aftershock.sources.described.recipes import Getter, Names, condition, getter, lookup, text
from aftershock.sources.epochs import from_epoch, in_zone, later, moment
from aftershock.sources.file_head import FileHead
from aftershock.sources.format import SECTIONS, Format
from aftershock.sources.git.messages import LONGEST_DESCRIPTION, reverted, title_and_description
from aftershock.sources.issue_labels import bears_one, services_in, severity_in
from aftershock.sources.json_paths import Cell, at, list_at, text_at
from aftershock.sources.pseudonyms import pseudonym, without_mentions
from aftershock.sources.raw_table import Options, RawTable
from aftershock.sources.row_builder import Record, RowBuilder

ENDS = ("resolved_at", "finished_at")  # of several times the last one counts, of other columns' the first
REFERENCES = ("duplicate_of", "caused_by", "reverts")  # columns whose ids are those of other records
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE]\+?\d+)?")
_LAST_NUMBER = re.compile(r"\d+$")  # of an id such as shop#12
_DIGITS = ((18, "ns"), (15, "us"), (12, "ms"), (0, "s"))  # of epochs, from 2001 on: the fewest of each unit
_KINDS = {".json": "json", ".csv": "csv", ".md": "markdown", ".yaml": "yaml", ".yml": "yaml", ".parquet": "parquet"}
_SECTION_OF = {table: section for section, table in SECTIONS.items()}


def formats_of(description: Description, name: str) -> tuple[Format, ...]:
    """The formats of a description, one for each table that it reads."""
    return tuple(
        _format(description, said, name, table)
        for table in ("incidents", "changes")
        if (said := getattr(description, table))
    )


def _format(description: Description, said: TableDescription, name: str, table: str) -> Format:
    reading = _Reading(said, table)
    kinds = {kind for suffix in description.suffixes for end, kind in _KINDS.items() if end in suffix} | {"json"}
    keys = (("label",) if said.labels else ()) + (("ref",) if said.branch else ())
    return Format(
        name=name,
        title=said.title or description.title,
        reads={table: said.reads},
        documented=description.documented,
        suffixes=tuple(description.suffixes),
        read=reading.read,
        recognises=_recogniser(said, table, kinds),
        keys=keys,
        default_kind=said.default_kind,
        severity=tuple(said.severity),
    )


def _recogniser(said: TableDescription, table: str, kinds: set[str]) -> Callable[[FileHead, str], float]:
    alternatives = [[field.partition("=") for field in fields] for fields in said.recognised_by]

    def has(record: dict, path: str, asked: str, word: str) -> bool:
        if asked:
            return any(map(expression(word).search, list_at(record, path)))
        return path in record or at(record, path) is not None

    def known(records: list[dict]) -> float:
        found = sum(any(all(has(r, *field) for field in fields) for fields in alternatives) for r in records)
        return found / max(len(records), 1)

    def recognises(head: FileHead, wanted: str) -> float:
        if wanted != table or head.kind not in kinds:
            return 0.0
        share = max(known(one.records) for one in (head, *map(head.within, said.records)))
        return said.sure * min(1.0, share / said.share)

    return recognises


@dataclass
class _Row:
    """A row in the making, with its record and the names beside it."""

    record: Record
    names: Names
    cells: dict[str, Cell]


@dataclass(frozen=True)
class _Recovery:
    """What makes a record a recovery, of what it and the rows are, and when it was."""

    holds: Callable[[dict, Names], bool]
    of: Getter
    named: Getter
    at: Getter

    @classmethod
    def made(cls, said: Recovery) -> _Recovery:
        return cls(condition(said), getter(said.of), getter(said.named or said.of), getter(said.at))


class _Reading:
    """A description made ready to read one table."""

    def __init__(self, said: TableDescription, table: str):
        self.said, self.table, self.schema = said, table, tables.SCHEMAS[table]
        self.lists, self.times = set(self.schema.of_type("list")), set(self.schema.of_type("time"))
        self.times |= {f"{time}_before" for time in self.times}
        self.lets = {name: getter(recipes) for name, recipes in said.let.items()}
        self.columns = {name: getter(recipes) for name, recipes in (said.columns | said.extras).items()}
        self.when = [(condition(w), {c: getter(r) for c, r in w.columns.items()}) for w in said.when]
        self.words = {c: {w.lower(): m for w, m in meant.items()} for c, meant in said.words.items()}
        self.recovery = _Recovery.made(said.recovery) if said.recovery else None
        self.folds = [(condition(f), f, getter((f.because,)) if "{" in f.because else None) for f in said.fold]
        self.rejects = [(condition(r), r) for r in said.reject]
        self.named = getter(said.named) if said.named else None
        plain = {
            name: [r for r in recipes if not isinstance(r, str) or "{" not in r]
            for name, recipes in said.columns.items()
        }
        read = {name: [p for p in paths_of(tuple(recipes)) if p[:1] != "@"] for name, recipes in plain.items()}
        self.fields = {name: tuple(paths) for name, paths in read.items() if paths}
        used = [p for recipes in said.let.values() for p in paths_of(recipes)]
        used += [p for lasting in said.lasting.values() for p in (*lasting.begins, *lasting.lasts)]
        used += [*said.message, *said.labels, *(said.branch.at if said.branch else ())]
        self.hidden = tuple(p.partition("[")[0] for p in (*used, *said.hidden) if not p.startswith("@"))

    def read(self, files: list[Path], options: Options) -> RawTable:
        builder = RowBuilder(options, self.fields, self.hidden, updated=self.said.updated)
        rows: list[_Row] = []
        over: list[_Row] = []
        for record in builder.records(files, tuple(self.said.records), objects=True):
            names = self._names(record)
            cells = self._cells(record, names)
            if self.recovery and self.recovery.holds(record.value, names):
                over.append(_Row(record, names, cells))
            elif self._is_row(builder, record, names, cells):
                rows.append(_Row(record, names, cells))
        self._resolve(rows)
        self._recover(builder, rows, over)
        for row in rows:
            builder.add(row.record, row.cells)
        return builder.table()

    def _names(self, record: Record) -> dict[str, object]:
        stem = record.file.removesuffix(".gz").rpartition(".")[0]
        names: dict[str, object] = {"file": stem, "page": record.page, "list": record.held_in}
        for name, get in self.lets.items():
            names[name] = get(record.value, names)
        return names

    def _cells(self, record: Record, names: Names) -> dict[str, Cell]:
        value = record.value
        cells = {column: self._cell(column, get, value, names) for column, get in self.columns.items()}
        otherwise: set[str] = set()
        for holds, columns in self.when:
            if holds(value, names):
                cells |= {column: self._cell(column, get, value, names) for column, get in columns.items()}
                otherwise |= columns.keys()
        for column, lasting in self.said.lasting.items():
            if column in otherwise:
                continue
            begins = self._time(text_at(value, *lasting.begins), value, names)
            lasts = text_at(value, *lasting.lasts)
            if not cells.get(column) and begins and _NUMBER.fullmatch(lasts) and float(lasts) > 0:
                per_unit = {"s": 1e3, "ms": 1.0, "us": 1e-3, "ns": 1e-6}[lasting.unit]
                cells[column] = later(begins, float(lasts) * per_unit)
        if self.said.message and (message := text_at(value, *self.said.message)):
            title, description = title_and_description(message)
            cells |= {"title": title or cells.get("title", ""), "description": description}
        elif "description" in cells:
            cells["description"] = without_mentions(text(cells["description"]))[:LONGEST_DESCRIPTION]
        if self.said.reverts_in:
            numbers = [number for _, number in reverted(text_at(value, *self.said.reverts_in)) if number]
            cells["reverts"] = [_LAST_NUMBER.sub(number, text(cells[self.schema.id])) for number in numbers]
        if self.said.labels:
            self._read_labels(cells, list_at(value, *self.said.labels))
        if cells.get("author"):
            cells["author"] = pseudonym(text(cells["author"]))
        for time in self.schema.of_type("time"):
            if before := cells.get(f"{time}_before"):
                cells[f"{time}_before"] = before if moment(cells.get(time)) < moment(before) else ""
        return cells

    def _cell(self, column: str, get: Getter, value: dict, names: Names) -> Cell:
        found = get(value, names)
        if column in self.times:
            listed = [found] if isinstance(found, str) else found
            times = [t for one in listed if (t := self._time(one, value, names))]
            return max(times, key=moment, default="") if column in ENDS else min(times, key=moment, default="")
        meant = self.words.get(column)
        if column in self.lists:
            listed = list(dict.fromkeys([found] if isinstance(found, str) and found else found or ()))
            return [_meaning(word, meant) for word in listed] if meant else listed
        if column not in self.schema.accepted:
            return found if isinstance(found, str) else list(dict.fromkeys(found))
        word = text(found)
        return _meaning(word, meant) if meant else word

    def _time(self, written: str, value: dict, names: Names) -> str:
        if not written or written in self.said.empty:
            return ""
        if self.said.epochs and _NUMBER.fullmatch(written):
            return from_epoch(written, self._unit(written)) if float(written) else ""
        if not self.said.zone:
            return written
        stated = lookup(value, names, self.said.zone)
        return in_zone(written, stated if isinstance(stated, str) and stated else self.said.zone)

    def _unit(self, written: str) -> str:
        if self.said.epochs != "size":
            return self.said.epochs
        number = abs(float(written))
        digits = len(str(int(number))) if math.isfinite(number) else len(written)
        return next(unit for fewest, unit in _DIGITS if digits > fewest)

    def _read_labels(self, cells: dict[str, Cell], labels: list[str]) -> None:
        """Services that labels name, and a severity where the record has none."""
        if services := services_in(labels):
            cells["services"] = services
        if self.table == "incidents" and not cells.get("severity"):
            cells["severity"] = severity_in(labels)

    def _is_row(self, builder: RowBuilder, record: Record, names: Names, cells: dict[str, Cell]) -> bool:
        """Whether a record is a row; else it is accounted for."""
        value, said, options = record.value, self.said, builder.options
        id = text(cells.get(self.schema.id, "")) or "a record without an id"
        for holds, fold, because in self.folds:
            if not (fold.without_label and options.labels) and holds(value, names):
                what = text(because(value, names)) or fold.because if because else fold.because
                self._fold(builder, record, f"{id} {what}", fold.table)
                return False
        if said.labels and not bears_one(list_at(value, *said.labels), options.labels):
            self._fold(builder, record, f"{id} has no label {' or '.join(options.labels)}")
            return False
        branch = text_at(value, *said.branch.at) if said.branch and options.ref else ""
        if said.branch and branch and branch != options.ref:
            self._fold(builder, record, f"{id} {said.branch.because} {branch}, not {options.ref}")
            return False
        for holds, reject in self.rejects:
            if holds(value, names):
                found = repr(text_at(value, reject.column)[:60]) if reject.column else id
                builder.reject(record, reject.column or None, found, reject.expected, reject.remedy)
                return False
        return True

    def _fold(self, builder: RowBuilder, record: Record, what: str, table: str = "") -> None:
        if table and table != self.table:
            into = f"{what}: a row under [{_SECTION_OF[table]}], if that reads this file"
            builder.fold(record, "other_table", into)
        else:
            builder.fold(record, "other_thing", f"no row: {what}")

    def _recover(self, builder: RowBuilder, rows: list[_Row], over: list[_Row]) -> None:
        """Give rows without an end that of the first recovery after their start, and account for each recovery."""
        if not self.recovery:
            return
        ends: dict[str, list[tuple[float, str, _Row]]] = {}
        for one in over:
            at = self._time(text(self.recovery.at(one.record.value, one.names)), one.record.value, one.names)
            key = text(self.recovery.named(one.record.value, one.names))
            if isfinite(moment(at)):
                ends.setdefault(key, []).append((moment(at), at, one))
        for told in ends.values():
            told.sort(key=lambda end: end[0])
        ended: dict[int, str] = {}
        column = next(name for name in ENDS if name in self.schema.accepted)
        for row in rows:
            told = ends.get(text(self.recovery.of(row.record.value, row.names)), [])
            place = bisect_left(told, moment(row.cells.get("started_at")), key=lambda end: end[0])
            if place < len(told) and not row.cells.get(column):
                _, row.cells[column], last = told[place]
                row.cells["status"] = (
                    "resolved" if self.table == "incidents" else row.cells.get("status") or last.cells.get("status", "")
                )
                ended[id(last)] = text(row.cells.get(self.schema.id, ""))
        for one in over:
            if id(one) in ended:
                builder.fold(one.record, "part_of_row", f"the end of {ended[id(one)]}")
            else:
                over_is = "a recovery" if self.table == "incidents" else "the end of what began before the export"
                self._fold(builder, one.record, f"{text(one.cells.get(self.schema.id, ''))} is {over_is}")

    def _resolve(self, rows: list[_Row]) -> None:
        """Put the ids of other records in place of what they are called by."""
        if not self.named:
            return
        ids = {text(self.named(row.record.value, row.names)): text(row.cells.get(self.schema.id, "")) for row in rows}
        ids.pop("", None)
        for row in rows:
            for column in REFERENCES:
                found = row.cells.get(column)
                if found:
                    row.cells[column] = (
                        ids.get(found, found) if isinstance(found, str) else [ids.get(f, f) for f in found]
                    )


def _meaning(word: str, meant: dict[str, str]) -> str:
    """What a word of the format is called here; ``*`` stands for every other word."""
    return meant.get(word.lower(), meant.get("*", word) if word else meant.get("", ""))
