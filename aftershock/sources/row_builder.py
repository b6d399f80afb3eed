"""How a reader of a vendor's format makes its rows: it takes records one by one and says what became of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from math import inf
from pathlib import Path

from aftershock.schema.errors import InputError, Problem, nearest
from aftershock.schema.tables import SCHEMAS, FoldedRecord
from aftershock.sources.epochs import moment
from aftershock.sources.json_paths import Cell, Route, at, cell, first_at, flat, presentable, several
from aftershock.sources.pseudonyms import without_addresses
from aftershock.sources.raw_table import Options, RawTable, is_json, text
from aftershock.sources.tabular import delimited, front_matter, json_pages, object_cells, yaml_documents

Fields = Mapping[str, Route]
MOST_NAMED = 40  # fields that a message lists: a judgement, about what a terminal shows at once


@dataclass(frozen=True)
class Record:
    """One record of an export: its place (``line`` counts records, in a table lines) and what it says.

    ``page``: the object around the list that holds it, and ``held_in`` the name of that list; both are empty when the
    list is the whole document.
    """

    file: str
    line: int
    value: dict
    held_in: str = ""
    page: dict = field(default_factory=dict, repr=False, compare=False)


@dataclass
class RowBuilder:
    """Rows of one canonical table in the making, and the account of every record that became none.

    ``fields``: canonical column → the dotted path of the vendor's field, or several of which the first filled one
    counts. ``hidden``: fields that are neither rows nor extras, such as long histories. ``updated``: the path of the
    stamp by which the newer of two versions of a record is known. Fields of the vendor that are not read become extras.
    """

    options: Options
    fields: Fields
    hidden: tuple[str, ...] = ()
    updated: Route = ()
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    folded: list[FoldedRecord] = field(default_factory=list)
    _rows: list[tuple[Record, dict[str, Cell]]] = field(default_factory=list)
    _by_id: dict[str, int] = field(default_factory=dict)
    _records: int = 0

    def __post_init__(self) -> None:
        schema = SCHEMAS[self.options.table]
        self._id = schema.id
        self._names = set(schema.accepted)
        self._read = {p.partition("[")[0] for paths in self.fields.values() for p in several(paths)}
        self._left = (*self._read, *self.hidden)
        self._known: dict[str, bool] = {}
        self._mapped_paths: set[str] = set()

    # what the files hold

    def records(self, files: list[Path], lists: tuple[str, ...] = (), *, objects: bool = False) -> Iterator[Record]:
        """Every record of these files, each of which may be JSON, YAML, Markdown or a table. ``objects``: a path of
        ``lists`` may lead to a single record."""
        for path in files:
            if path.name.lower().endswith((".md", ".mdx", ".markdown", ".yaml", ".yml")):
                yield from self.yaml_records(path)
            else:
                yield from self.json_records([path], lists, objects) if is_json(path) else self.table_rows([path])

    def yaml_records(self, path: Path) -> Iterator[Record]:
        """The documents of a file of YAML, the items of those that are lists; or the front matter of a file of Markdown, with
        its text as ``body``."""
        read = (
            front_matter.documents
            if path.name.lower().endswith((".md", ".mdx", ".markdown"))
            else yaml_documents.records
        )
        for line, value in read(path):
            self._records += 1
            if isinstance(value, Problem):
                self.problems.append(value)
                continue
            record = Record(path.name, line, value if isinstance(value, dict) else {})
            if isinstance(value, dict):
                yield record
            else:
                found = str(cell(value))[:60]
                self.reject(record, None, found, "named values", "Fix or remove the document.")

    def json_records(self, files: list[Path], lists: tuple[str, ...] = (), objects: bool = False) -> Iterator[Record]:
        """Every record of these files of JSON; what is not an object is rejected on the way."""
        for path in files:
            content, encoding = text(path)
            self.notes += encoding
            found_there = json_pages.records(path, content, lists, objects)
            for number, (page, held_in, value) in enumerate(found_there, start=1):
                self._records += 1
                record = Record(path.name, number, value if isinstance(value, dict) else {}, held_in, page)
                if isinstance(value, dict):
                    yield record
                else:
                    found = str(cell(value))[:60]
                    self.reject(record, None, found, "an object with named values", "Fix or remove the record.")

    def table_rows(self, files: list[Path]) -> Iterator[Record]:
        """Every row of these tables (CSV), as column → cell."""
        raw = delimited.read(files, self.options)
        self.problems += raw.problems
        self.notes += raw.notes
        self.folded += raw.folded
        self._records += raw.records
        rows = object_cells.opened(raw.frame).to_dict("records")
        for row, file, line in zip(rows, raw.files, raw.lines, strict=True):
            yield Record(file, int(line), row)

    def new_record(self, file: str, line: int, value: dict) -> Record:
        """A record that neither JSON nor a table holds, such as a commit."""
        self._records += 1
        return Record(file, line, value)

    # what they become

    def add(self, record: Record, row: Mapping[str, object] | None = None) -> None:
        """Make a row: what ``fields`` read, then what ``row`` says, then what dataset.toml maps."""
        made = {name: cell(first_at(record.value, paths)) for name, paths in self.fields.items()}
        made |= {name: cell(value) for name, value in (row or {}).items()}
        description = made.get("description")
        if isinstance(description, str):
            made["description"] = without_addresses(description)
        made |= self._mapped(record)
        known = self._by_id.get(str(made.get(self._id, "")))
        if known is not None and self._settled(known, record, made):
            return
        if made.get(self._id):
            self._by_id.setdefault(str(made[self._id]), len(self._rows))
        self._rows.append((record, made))

    def reject(
        self,
        record: Record,
        column: str | None,
        found: str,
        expected: str,
        remedy: str,
        reason: str = "unreadable_record",
    ) -> None:
        """Account for a record that cannot be a row."""
        self.problems.append(Problem(record.file, record.line, column, found, expected, remedy, reason))

    def fold(self, record: Record, reason: str, into: str) -> None:
        """Account for a record that is deliberately no row; ``into`` says what became of it."""
        self.folded.append(FoldedRecord(record.file, record.line, reason, into))

    def note(self, record: Record, column: str | None, found: str, expected: str, remedy: str, reason: str) -> None:
        """Say what is odd about a record that is used."""
        self.notes.append(Problem(record.file, record.line, column, found, expected, remedy, reason))

    def note_planned(self, records: list[Record], column: str, what: str, expected: str, remedy: str) -> None:
        """One note, at the first of these records, that all of them only say when it was planned or asked for."""
        if records:
            self.note(records[0], column, f"{what}: {len(records)}", expected, remedy, "planned_time")

    def table(self) -> RawTable:
        """The rows so far with their extras. InputError when dataset.toml maps a field that no record has."""
        self._check_mapping()
        rows = [{name: value for name, value in made.items() if name in self._names} for _, made in self._rows]
        columns = dict.fromkeys([*self.fields, *self.options.columns, *(name for row in rows for name in row)])
        places = [(record.file, record.line) for record, _ in self._rows]
        raw = RawTable.of(rows, places, columns=list(columns), problems=self.problems, notes=self.notes)
        origins = {name: self._origins(several(paths)) for name, paths in self.fields.items()} | self.options.columns
        extras = [self._extras(record, made) for record, made in self._rows]
        return replace(raw, folded=self.folded, records=self._records, origins=origins, extras=extras)

    def _origins(self, paths: tuple[str, ...]) -> list[str]:
        """For each row, the first of these paths that leads to something, else the first of all."""
        filled = ((p for p in paths if at(record.value, p) not in (None, "", [])) for record, _ in self._rows)
        return [next(found, paths[0]) for found in filled]

    def _mapped(self, record: Record) -> dict[str, Cell]:
        found = {name: at(record.value, path) for name, path in self.options.columns.items()}
        self._mapped_paths.update(self.options.columns[name] for name, value in found.items() if value is not None)
        return {name: cell(value) for name, value in found.items()}

    def _settled(self, known: int, record: Record, made: dict[str, Cell]) -> bool:
        """Whether a second record of one id is settled: the same again, or an older or newer version of the first."""
        earlier, _ = self._rows[known]
        id = made[self._id]
        if earlier.value == record.value:
            self.fold(record, "repeated_record", f"{id}, of {earlier.file}, record {earlier.line}")
            return True
        moments = [moment(first_at(r.value, self.updated)) for r in (earlier, record)] if self.updated else [0.0, 0.0]
        if moments[0] == moments[1] or inf in moments:
            return False
        if moments[1] > moments[0]:
            self._rows[known] = (record, made)
            earlier, record = record, earlier
        self.fold(record, "older_version", f"{id}, as {earlier.file}, record {earlier.line}, has it")
        return True

    def _extras(self, record: Record, made: dict[str, Cell]) -> dict[str, Cell]:
        """The fields that are not read, people left out, and what the reader made besides canonical columns."""
        unread = {name: value for name, value in flat(presentable(record.value)) if not self._is_read(name)}
        unread |= {name: value for name, value in made.items() if name not in self._names}
        return {name: value for name, value in unread.items() if value not in ("", [], "{}", "[]")}

    def _is_read(self, name: str) -> bool:
        """Whether a field, or the list that it is, was read or is hidden."""
        if name not in self._known:
            of_lists = any(path.startswith(f"{name}.") for path in self._read)
            self._known[name] = of_lists or any(name == p or name.startswith(f"{p}.") for p in self._left)
        return self._known[name]

    def _check_mapping(self) -> None:
        missing = {c: p for c, p in self.options.columns.items() if p not in self._mapped_paths}
        if not missing or not self._rows:
            return
        there = sorted({name for record, _ in self._rows for name, _ in flat(record.value)})
        file = self._rows[0][0].file
        listed = ", ".join(there[:MOST_NAMED]) + (", …" if len(there) > MOST_NAMED else "")
        raise InputError.of(
            *[
                Problem(
                    file,
                    None,
                    None,
                    f"no field {path!r}",
                    f"the field that dataset.toml maps {name} to{nearest(path, there)}",
                    f"The records have {listed}.",
                    "unknown_value",
                )
                for name, path in missing.items()
            ]
        )
