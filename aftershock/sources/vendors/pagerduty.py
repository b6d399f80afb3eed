"""PagerDuty incidents: ``GET /incidents`` of the REST API, ``POST /analytics/raw/incidents``, and tables of either.

https://developer.pagerduty.com/api-reference/9d0b4b12e36f9-list-incidents and
https://developer.pagerduty.com/api-reference/c2d493e995071-get-raw-data-multiple-incidents; both are described in
https://github.com/PagerDuty/api-schema (``reference/REST/openapiv3.json``). A page is an object around ``incidents`` or,
of the analytics, ``data``. The analytics write stamps in the ``time_zone`` that the page names.

An incident that was merged into another is resolved with a ``merge_resolve_reason`` that names it. The time of creation
is when an alert arrived: the start that is known, not a time of detection.
"""

from __future__ import annotations

from pathlib import Path

from aftershock.sources.epochs import in_zone
from aftershock.sources.file_head import FileHead
from aftershock.sources.format import Format
from aftershock.sources.json_paths import text_at
from aftershock.sources.raw_table import Options, RawTable
from aftershock.sources.row_builder import Fields, Record, RowBuilder

FIELDS: Fields = {
    "incident_id": "id",
    "title": ("title", "description", "summary"),
    "started_at": ("created_at", "created_on"),
    "resolved_at": ("resolved_at", "resolved_on"),
    "status": "status",
    "severity": ("priority.summary", "priority.name", "priority_name", "urgency"),
    "services": ("service.summary", "service_name"),
    "description": "body.details",
    "url": "html_url",
    "duplicate_of": "resolve_reason.incident.id",
}
HIDDEN = ("type", "summary", "first_trigger_log_entry", "pending_actions", "resolve_reason", "service", "priority")


def read(files: list[Path], options: Options) -> RawTable:
    builder = RowBuilder(options, FIELDS, (*HIDDEN, "last_status_change_at"), updated="updated_at")
    for record in builder.records(files, ("incidents", "data")):
        builder.add(record, _times(record))
    return builder.table()


def _times(record: Record) -> dict[str, str]:
    """Both ends. An API of before 2023 knows no ``resolved_at``: the last change of a resolved incident was its end."""
    value, zone = record.value, text_at(record.page, "time_zone")
    ended = text_at(value, FIELDS["resolved_at"])
    if not ended and text_at(value, "status") == "resolved":
        ended = text_at(value, "last_status_change_at")
    return {"started_at": in_zone(text_at(value, FIELDS["started_at"]), zone), "resolved_at": in_zone(ended, zone)}


def _recognises(head: FileHead, table: str) -> float:
    return 0.98 * max(
        head.share("incident_number", "service", "urgency", "created_at"),
        head.share("incident_number", "service_id", "seconds_to_resolve"),
    )


FORMAT = Format(
    name="pagerduty",
    title="PagerDuty incidents",
    reads={"incidents": "An incident of the REST API, or of the raw analytics, is an incident."},
    documented="https://developer.pagerduty.com/api-reference/9d0b4b12e36f9-list-incidents",
    suffixes=(".json", ".json.gz", ".jsonl", ".csv"),
    read=read,
    recognises=_recognises,
)
