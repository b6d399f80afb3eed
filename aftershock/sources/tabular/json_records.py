"""JSON (a list of objects, or an object that holds one) and JSON Lines (an object per line).

Nested objects become columns with dotted names (``times.start``); lists of plain values stay lists. ``line`` counts
records for JSON and lines for JSON Lines.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from aftershock.schema.errors import Problem
from aftershock.sources.file_head import FileHead, generic_confidence
from aftershock.sources.format import Format
from aftershock.sources.json_paths import Cell, flat
from aftershock.sources.raw_table import Options, RawTable, text, unreadable
from aftershock.sources.tabular.json_text import DECODER


def read(files: list[Path], options: Options) -> RawTable:
    records: list[object] = []
    places: list[tuple[str, int]] = []
    notes: list[Problem] = []
    for path in files:
        content, encoding = text(path)
        notes += encoding
        for number, record in enumerate(_list_in(path, _parsed(path, content)), start=1):
            records.append(record)
            places.append((path.name, number))
    return _table(records, places, [], notes)


def read_lines(files: list[Path], options: Options) -> RawTable:
    records: list[object] = []
    places: list[tuple[str, int]] = []
    problems: list[Problem] = []
    notes: list[Problem] = []
    for path in files:
        content, encoding = text(path)
        notes += encoding
        for number, line in enumerate(content.split("\n"), start=1):
            if not line.strip():
                continue
            try:
                records.append(DECODER.decode(line))
                places.append((path.name, number))
            except (ValueError, RecursionError) as error:
                problems.append(
                    Problem(
                        path.name,
                        number,
                        None,
                        f"{line.strip()[:60]!r} ({error})",
                        "one JSON object per line",
                        "Fix or remove the line.",
                        "unreadable_record",
                    )
                )
    return _table(records, places, problems, notes)


def _parsed(path: Path, content: str) -> object:
    try:
        return DECODER.decode(content)
    except json.JSONDecodeError as error:
        hint = ' For one object per line, use format = "jsonl".' if error.msg == "Extra data" else ""
        remedy = f"Export the file again; it may be cut off.{hint}"
        raise unreadable(path, error.msg, "JSON", remedy, line=error.lineno, column=str(error.colno)) from error
    except RecursionError as error:
        found = "objects nested too deeply to read"
        raise unreadable(path, found, "a list of objects", "Export a flat list of records.") from error


def _list_in(path: Path, parsed: object) -> list[object]:
    if isinstance(parsed, list):
        return parsed
    if isinstance(parsed, dict):
        lists = [v for v in parsed.values() if isinstance(v, list)]
        if len(lists) == 1:
            return lists[0]
    expected = "a list of objects, or an object that holds one list"
    raise unreadable(path, f"a JSON {type(parsed).__name__}", expected, "Export the records as a list.")


def _table(
    records: list[object], places: list[tuple[str, int]], problems: list[Problem], notes: list[Problem]
) -> RawTable:
    rows: list[dict[str, Cell]] = []
    kept: list[tuple[str, int]] = []
    columns: dict[str, None] = {}
    for record, (file, line) in zip(records, places, strict=True):
        if not isinstance(record, dict):
            problems.append(
                Problem(
                    file,
                    line,
                    None,
                    f"{json.dumps(record)[:60]}",
                    "an object with named values",
                    "Fix or remove the record.",
                    "unreadable_record",
                )
            )
            continue
        row = dict(flat(record))
        columns.update(dict.fromkeys(row))
        rows.append(row)
        kept.append((file, line))
    return RawTable.of(rows, kept, columns=list(columns), problems=problems, notes=notes)


def _recogniser(kind: str) -> Callable[[FileHead, str], float]:
    """Takes any table of this kind: surer the more of its columns have canonical names, less sure than a vendor's format."""

    def recognises(head: FileHead, table: str) -> float:
        if head.kind != "json" or (kind == "jsonl") != head.lines:
            return 0.0
        return generic_confidence(head, table)

    return recognises


_READS = {
    "incidents": "An object is an incident.",
    "changes": "An object is a change.",
    "dependencies": "An object is an edge of the service graph.",
}
FORMAT = Format(
    name="json",
    title="JSON: a list of objects, or an object that holds one list",
    reads=_READS,
    documented="",
    suffixes=(".json", ".json.gz"),
    read=read,
    recognises=_recogniser("json"),
)
LINES = Format(
    name="jsonl",
    title="JSON Lines: an object per line",
    reads=_READS,
    documented="",
    suffixes=(".jsonl", ".jsonl.gz", ".ndjson"),
    read=read_lines,
    recognises=_recogniser("jsonl"),
)
