"""Cells of a ServiceNow export. ``sysparm_display_value=all`` makes each an object of ``value`` and ``display_value``;
``false`` gives what is stored; ``true``, like CSV, what is shown. What is stored of a time is UTC."""

from __future__ import annotations

import re

from aftershock.sources.json_paths import at
from aftershock.sources.row_builder import Record

_STAMP = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}")


def shown(record: Record, *names: str) -> str:
    """What people see of the first of these fields that is filled, else what is stored."""
    return _plain(_cell(record, *names), "display_value", "value")


def stored(record: Record, *names: str) -> str:
    """What is stored in the first of these fields that is filled, where the export has it."""
    return _plain(_cell(record, *names), "value", "display_value")


def time(record: Record, codes: bool, *names: str) -> str:
    """A time with its zone where the export says it. ``codes``: whether the record has codes where people would see
    words, which decides what its plain cells hold unless a reference does."""
    found = _cell(record, *names)
    if isinstance(found, dict):
        is_stored = bool(found.get("value"))
    else:
        references = [v for v in record.value.values() if isinstance(v, dict) and "link" in v]
        is_stored = "display_value" not in references[0] if references else codes
    written = stored(record, *names)
    return f"{written}Z" if is_stored and _STAMP.fullmatch(written) else written


def as_shown(record: Record) -> dict[str, str]:
    """Every field of a record as people see it."""
    return {name: shown(record, name) for name in record.value}


def _cell(record: Record, *names: str) -> object:
    value = record.value
    for name in names:
        found = value[name] if name in value else at(value, name) if "." in name else None
        if found not in (None, "", {}):
            return found
    return None


def _plain(cell: object, *parts: str) -> str:
    if isinstance(cell, dict):
        cell = next((cell[part] for part in parts if cell.get(part)), None)
    return str(cell).strip() if isinstance(cell, (str, int, float)) else ""
