"""incident.io incidents: ``GET /v2/incidents``, and what webhooks send.

https://api-docs.incident.io/tag/Incidents-V2. A page is an object around ``incidents``. Times are in
``incident_timestamp_values``, under names that an organisation chooses; :data:`TIMES` has the words that identify them. The
category of the status says what an incident is: declined, canceled and merged ones do not count, nor do tests, tutorials
and the streams of work inside an incident. It misleads where times were entered from memory, after the incident.
"""

from __future__ import annotations

import re
from pathlib import Path

from aftershock.sources.file_head import FileHead
from aftershock.sources.format import Format
from aftershock.sources.json_paths import list_at, objects_at, text_at
from aftershock.sources.raw_table import Options, RawTable
from aftershock.sources.row_builder import Fields, RowBuilder

FIELDS: Fields = {
    "incident_id": ("reference", "id"),
    "title": "name",
    "status": "incident_status.category",
    "severity": "severity.name",
    "description": "summary",
    "url": "permalink",
    "started_at": "created_at",
}
HIDDEN = ("incident_timestamp_values", "custom_field_entries", "duration_metrics", "incident_status", "severity")

# canonical column → what its timestamp may be called, the best first
TIMES = {
    "started_at": (r"(impact|incident|issue|outage).*(start|began|begin)", r"^started", r"report|declare"),
    "detected_at": (r"detect", r"report|declare"),
    "mitigated_at": (r"mitigat|stabili", r"impact.*end", r"fixed"),
    "resolved_at": (r"resolve", r"close"),
}
CATEGORIES = {"triage": "open", "live": "open", "paused": "open", "learning": "resolved", "closed": "resolved"}
_EVENTS = ("created_v2", "updated_v2", "status_updated_v2.incident")
LISTS = (
    "incidents",
    "incident",
    *(f"{kind}_incident.incident_{event}" for kind in ("public", "private") for event in _EVENTS),
)
"""Where records lie: in a page, and in what webhooks send."""
NO_INCIDENT = {"declined": "declined", "canceled": "canceled", "merged": "merged into another incident"}
NO_MODE = {"test": "a test", "tutorial": "a tutorial", "stream": "a stream of another incident"}
CUSTOM = {  # canonical column → what its custom field is called
    "services": re.compile(r"\b(services?|components?|systems?|products?)\b", re.IGNORECASE),
    "environment": re.compile(r"^environment", re.IGNORECASE),
}


def read(files: list[Path], options: Options) -> RawTable:
    builder = RowBuilder(options, FIELDS, HIDDEN, updated="updated_at")
    for record in builder.records(files, LISTS, objects=True):
        value = record.value
        no_row = NO_INCIDENT.get(text_at(value, FIELDS["status"])) or NO_MODE.get(text_at(value, "mode"))
        if no_row:
            builder.fold(record, "other_thing", f"no row: {text_at(value, FIELDS['incident_id'])} is {no_row}")
        else:
            builder.add(record, _row(value))
    return builder.table()


def _row(value: dict) -> dict[str, object]:
    category = text_at(value, FIELDS["status"])
    custom = _custom_fields(value)
    times = _times(value)
    named = {column: custom.pop(next(filter(pattern.search, custom), ""), []) for column, pattern in CUSTOM.items()}
    return {
        **times,
        "started_at": times["started_at"] or text_at(value, "created_at"),
        "status": CATEGORIES.get(category, category),
        **named,
        **{f"custom_fields.{name}": values for name, values in custom.items()},
    }


def _times(value: dict) -> dict[str, str]:
    named = {
        text_at(t, "incident_timestamp.name").lower(): text_at(t, "value.value")
        for t in objects_at(value, "incident_timestamp_values")
    }
    return {column: _first_named(named, patterns) for column, patterns in TIMES.items()}


def _first_named(named: dict[str, str], patterns: tuple[str, ...]) -> str:
    return next((t for p in patterns for name, t in named.items() if t and re.search(p, name)), "")


def _custom_fields(value: dict) -> dict[str, list[str]]:
    """Name of each custom field → its values as text."""
    kinds = ("value_catalog_entry.name", "value_option.value", "value_text", "value_numeric", "value_link")
    return {
        text_at(entry, "custom_field.name"): [t for v in objects_at(entry, "values") for t in list_at(v, *kinds)]
        for entry in objects_at(value, "custom_field_entries")
    }


def _recognises(head: FileHead, table: str) -> float:
    known = ("reference", "incident_status", "incident_timestamp_values")
    return 0.98 * max(h.share(*known) for h in (head, *map(head.within, LISTS)))


FORMAT = Format(
    name="incident-io",
    title="incident.io incidents",
    reads={
        "incidents": "An incident is an incident; tests, tutorials, streams, declined, canceled and merged ones are folded."
    },
    documented="https://api-docs.incident.io/tag/Incidents-V2",
    suffixes=(".json", ".json.gz", ".jsonl"),
    read=read,
    recognises=_recognises,
)
