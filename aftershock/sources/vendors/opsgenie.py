"""Opsgenie incidents and alerts, as the API lists them.

https://docs.opsgenie.com/docs/incident-api and https://docs.opsgenie.com/docs/alert-api. A page is an object around
``data``. An incident has an impact with a start and an end where somebody has filled it in; else its creation, and its
last update once it is closed. An alert reports after how many milliseconds it was closed. Webhooks and old exports write
times as epochs, ``createdAt`` in milliseconds and ``updatedAt`` in nanoseconds. It misleads about ends: a
note that is added after the closing moves the last update.
"""

from __future__ import annotations

from pathlib import Path

from aftershock.sources.epochs import from_epoch, later
from aftershock.sources.file_head import FileHead
from aftershock.sources.format import Format
from aftershock.sources.json_paths import first_at, list_at, text_at
from aftershock.sources.raw_table import Options, RawTable
from aftershock.sources.row_builder import Fields, RowBuilder

FIELDS: Fields = {
    "incident_id": ("tinyId", "id"),
    "title": "message",
    "started_at": ("impactStartDate", "createdAt"),
    "detected_at": "impactDetectDate",
    "resolved_at": "impactEndDate",
    "status": "status",
    "severity": "priority",
    "services": ("impactedServices", "entity"),
    "description": "description",
    "url": "links.web",
}
HIDDEN = ("actions", "isSeen", "integration", "report", "links", "seen", "teams")


def read(files: list[Path], options: Options) -> RawTable:
    builder = RowBuilder(options, FIELDS, HIDDEN)
    for record in builder.json_records(files, ("data",)):
        builder.add(record, _row(record.value))
    return builder.table()


def _row(value: dict) -> dict[str, object]:
    started = _moment(first_at(value, FIELDS["started_at"]))
    ended = _moment(first_at(value, FIELDS["resolved_at"]))
    if not ended and text_at(value, "status").lower() in ("closed", "resolved"):
        ended = later(_moment(value.get("createdAt")), text_at(value, "report.closeTime"))
        ended = ended or _moment(value.get("updatedAt"))
    return {"started_at": started, "resolved_at": ended, "services": list_at(value, FIELDS["services"])}


def _moment(value: object) -> str:
    """A time of the API, or an epoch, whose unit follows from its size: nanoseconds have 19 digits today."""
    if isinstance(value, int):
        return from_epoch(value, "ns" if value > 10**16 else "ms")
    return str(value or "").strip()


def _recognises(head: FileHead, table: str) -> float:
    return 0.95 * head.share("tinyId", "message", "createdAt")


FORMAT = Format(
    name="opsgenie",
    title="Opsgenie incidents and alerts",
    reads={"incidents": "An incident, or an alert, is an incident."},
    documented="https://docs.opsgenie.com/docs/incident-api",
    suffixes=(".json", ".json.gz", ".jsonl"),
    read=read,
    recognises=_recognises,
)
