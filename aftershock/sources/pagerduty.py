"""PagerDuty incidents: ``GET /incidents`` of the REST API and ``POST /analytics/raw/incidents``.

https://developer.pagerduty.com/api-reference/9d0b4b12e36f9-list-incidents and
https://developer.pagerduty.com/api-reference/c2d493e995071-get-raw-data-multiple-incidents. A page is an object around
``incidents`` or, of the analytics, ``data``; the analytics write their stamps in the ``time_zone`` of the reply.
"""

from __future__ import annotations

from pathlib import Path

from aftershock.sources.formats import Format
from aftershock.sources.gathering import Gathering
from aftershock.sources.paths import text_at
from aftershock.sources.raw import Options, RawTable
from aftershock.sources.samples import Sample

FIELDS = {
    "incident_id": "id",
    "title": ("title", "summary", "description"),
    "started_at": "created_at",
    "resolved_at": "resolved_at",
    "status": "status",
    "severity": ("priority.summary", "priority_name"),
    "services": ("service.summary", "service_name"),
    "url": "html_url",
}
HIDDEN = ("self", "type", "first_trigger_log_entry", "pending_actions", "resolve_reason", "last_status_change_at")


def read(files: list[Path], options: Options) -> RawTable:
    gathered = Gathering(options, FIELDS, HIDDEN, updated="updated_at")
    for record in gathered.json(files, ("incidents", "data")):
        gathered.use(record, {"duplicate_of": text_at(record.value, "resolve_reason.incident.id")})
    return gathered.table()


def _recognises(sample: Sample, table: str) -> float:
    return max(
        0.98 * sample.share("incident_number", "html_url", "service", "urgency"),
        0.98 * sample.share("incident_number", "service_id", "seconds_to_resolve"),
    )


FORMAT = Format(
    name="pagerduty",
    title="PagerDuty incidents",
    reads={"incidents": "An incident of the REST API, or of the raw analytics, is an incident."},
    documented="https://developer.pagerduty.com/api-reference/9d0b4b12e36f9-list-incidents",
    suffixes=(".json", ".json.gz", ".jsonl"),
    read=read,
    recognises=_recognises,
)
