"""PagerDuty change events: ``GET /change_events``, those of a service, or those related to an incident.

https://developer.pagerduty.com/api-reference/ccf58193b29e5-list-change-events, described in
https://github.com/PagerDuty/api-schema (``reference/REST/openapiv3.json``, ``ChangeEvent``). A change event has no kind
and no end; what its senders add lies in ``custom_details`` and becomes extras. Its ``routing_key`` is a secret.
It misleads where a tool reports late: ``timestamp`` is when the event was generated, not when the change took effect.
"""

from __future__ import annotations

from pathlib import Path

from aftershock.sources.file_head import FileHead
from aftershock.sources.format import Format
from aftershock.sources.json_paths import list_at
from aftershock.sources.raw_table import Options, RawTable
from aftershock.sources.row_builder import Fields, RowBuilder

FIELDS: Fields = {
    "change_id": "id",
    "title": "summary",
    "started_at": "timestamp",
    "services": ("services.summary", "services.id"),
    "environment": ("custom_details.environment", "custom_details.env"),
    "repository": ("custom_details.repository", "custom_details.repo"),
    "url": ("links.0.href", "html_url"),
}
HIDDEN = ("services", "links", "images", "integration", "routing_key", "type", "html_url")


def read(files: list[Path], options: Options) -> RawTable:
    builder = RowBuilder(options, FIELDS, HIDDEN)
    for record in builder.json_records(files, ("change_events",)):
        builder.add(record, {"services": list_at(record.value, FIELDS["services"])})
    return builder.table()


def _recognises(head: FileHead, table: str) -> float:
    return 0.97 * head.share("summary", "timestamp", "services", "custom_details")


FORMAT = Format(
    name="pagerduty",
    title="PagerDuty change events",
    reads={"changes": "A change event is a change; its kind follows from its summary."},
    documented="https://developer.pagerduty.com/api-reference/ccf58193b29e5-list-change-events",
    suffixes=(".json", ".json.gz", ".jsonl"),
    read=read,
    recognises=_recognises,
)
