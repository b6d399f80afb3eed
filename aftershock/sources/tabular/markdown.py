"""Markdown as a log: with front matter a file is a row, whose values are columns; else the rows of its tables are, or the
sections under its dated headings.

For a status page or a folder of postmortems that no tool's own format reads. Names such as those of Jekyll's posts,
``2024-01-10-title.md``, give the ``date`` where the front matter has none.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

from aftershock.schema.errors import Problem
from aftershock.schema.tables import FoldedRecord
from aftershock.sources.file_head import FileHead, generic_confidence
from aftershock.sources.format import Format
from aftershock.sources.json_paths import Cell, flat
from aftershock.sources.raw_table import Options, RawTable
from aftershock.sources.raw_table import text as text_of
from aftershock.sources.tabular import dated_headings
from aftershock.sources.tabular.front_matter import HEADING, documents

LONGEST_NAMES = 120  # characters of a list of columns: what fits on a line
_DATED = re.compile(r"(\d{4}-\d\d-\d\d)-")  # Jekyll's names of posts


def read(files: list[Path], options: Options) -> RawTable:
    """A row a file: the values of its front matter, ``body``, and ``file``, which is its name without the end; a heading
    that the text begins with is the ``title`` where the front matter has none. A file
    without front matter, such as a README, is folded. Where no file has any, the rows of their tables."""
    rows: list[dict[str, Cell]] = []
    spelt: dict[str, str] = {}  # people write Date of incident and Date of Incident
    kept: list[tuple[str, int]] = []
    problems: list[Problem] = []
    folded: list[FoldedRecord] = []
    pages = [(path, list(documents(path))) for path in files]
    if not any(isinstance(v, Problem) or _is_record(v) for _, found in pages for _, v in found):
        return _of_tables(pages)
    for path, found in pages:
        for line, value in found:
            if isinstance(value, Problem):
                problems.append(value)
            elif isinstance(value, dict) and _is_record(value):
                stem = path.name.rpartition(".")[0]
                dated = _DATED.match(stem)
                headed = HEADING.match(str(value.get("body", "")))
                more = {"date": dated and dated[1], "title": headed and headed[1]}
                own = {spelt.setdefault(name.lower(), name): cell for name, cell in flat(value)}
                rows.append({"file": stem, **{name: one for name, one in more.items() if one}, **own})
                kept.append((path.name, line))
            else:
                folded.append(FoldedRecord(path.name, line, "other_thing", f"no row: {path.name} has no front matter"))
    columns = list(dict.fromkeys(name for row in rows for name in row))
    raw = RawTable.of(rows, kept, columns=columns, problems=problems, notes=[])
    return replace(raw, folded=folded, records=len(rows) + len(problems) + len(folded))


def _is_record(value: object) -> bool:
    return isinstance(value, dict) and bool(value.keys() - {"body"})


def _of_tables(pages: list[tuple[Path, list[tuple[int, object | Problem]]]]) -> RawTable:
    """The rows of the tables that have the columns of the longest of all; those of other tables are folded."""
    places: list[tuple[tuple[str, ...], str, int, dict[str, str]]] = []
    folded: list[FoldedRecord] = []
    for path, _ in pages:
        text, _ = text_of(path)
        found = [(names, path.name, line, row) for names, rows in dated_headings.records(text) for line, row in rows]
        places += sorted(found, key=lambda place: place[2])
        if not found:
            folded.append(FoldedRecord(path.name, 1, "other_thing", f"no row: {path.name} has no front matter"))
    sizes = Counter(names for names, *_ in places)
    columns = max(sizes, key=lambda names: sizes[names], default=())
    for names, file, line, _ in places:
        if names != columns:
            of = ", ".join(filter(None, names))[:LONGEST_NAMES]
            folded.append(FoldedRecord(file, line, "other_thing", f"no row: of another table, with the columns {of}"))
    rows = [(row, (file, line)) for names, file, line, row in places if names == columns]
    named = [name for name in columns if name]
    raw = RawTable.of([r for r, _ in rows], [p for _, p in rows], columns=named, problems=[], notes=[])
    return replace(raw, folded=folded, records=len(rows) + len(folded))


def _recognises(head: FileHead, table: str) -> float:
    if head.kind != "markdown" or not any(record.keys() - {"body"} for record in head.records):
        return 0.0
    return generic_confidence(head, table)


FORMAT = Format(
    name="markdown",
    title="Markdown: a file with front matter is a record, else a row of its tables, or a dated section, is",
    reads={
        "incidents": "A file with front matter is an incident, or a row of a table, or a section under a dated heading.",
        "changes": "A file with front matter is a change, or a row of a table, or a section under a dated heading.",
    },
    documented="",
    suffixes=(".md", ".mdx", ".markdown"),
    read=read,
    recognises=_recognises,
)
