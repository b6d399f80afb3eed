"""Markdown with front matter as a log: a file is a row, its values are columns.

For a status page or a folder of postmortems that no tool's own format reads. Names such as those of Jekyll's posts,
``2024-01-10-title.md``, give the ``date`` where the front matter has none.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from aftershock.schema.errors import Problem
from aftershock.schema.tables import FoldedRecord
from aftershock.sources.file_head import FileHead, generic_confidence
from aftershock.sources.format import Format
from aftershock.sources.json_paths import Cell, flat
from aftershock.sources.raw_table import Options, RawTable
from aftershock.sources.tabular.front_matter import documents

_DATED = re.compile(r"(\d{4}-\d\d-\d\d)-")  # Jekyll's names of posts


def read(files: list[Path], options: Options) -> RawTable:
    """A row a file: the values of its front matter, ``body``, and ``file``, which is its name without the end. A file
    without front matter, such as a README, is folded."""
    rows: list[dict[str, Cell]] = []
    kept: list[tuple[str, int]] = []
    problems: list[Problem] = []
    folded: list[FoldedRecord] = []
    for path in files:
        for line, value in documents(path):
            if isinstance(value, Problem):
                problems.append(value)
            elif isinstance(value, dict) and value.keys() - {"body"}:
                stem = path.name.rpartition(".")[0]
                dated = _DATED.match(stem)
                rows.append({"file": stem, **({"date": dated[1]} if dated else {}), **dict(flat(value))})
                kept.append((path.name, line))
            else:
                folded.append(FoldedRecord(path.name, line, "other_thing", f"no row: {path.name} has no front matter"))
    columns = list(dict.fromkeys(name for row in rows for name in row))
    raw = RawTable.of(rows, kept, columns=columns, problems=problems, notes=[])
    return replace(raw, folded=folded, records=len(rows) + len(problems) + len(folded))


def _recognises(head: FileHead, table: str) -> float:
    if head.kind != "markdown" or not any(record.keys() - {"body"} for record in head.records):
        return 0.0
    return generic_confidence(head, table)


FORMAT = Format(
    name="markdown",
    title="Markdown with front matter, a record a file",
    reads={"incidents": "A file is an incident.", "changes": "A file is a change."},
    documented="",
    suffixes=(".md", ".markdown"),
    read=read,
    recognises=_recognises,
)
