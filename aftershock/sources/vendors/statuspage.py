"""Atlassian Statuspage: ``incidents.json`` and ``scheduled-maintenances.json`` of a status page, or of its API.

https://developer.statuspage.io/#tag/incidents; the public pages are described at ``/api`` of each status page, such as
https://metastatuspage.com/api. A page is an object around ``incidents`` or ``scheduled_maintenances``. Maintenance
is listed among the incidents too (``scheduled_for``, impact ``maintenance``): it is a change, whose times are those of its
updates where there are any, else the planned ones. An incident that is over ended with the last update that says so, since
it may have been reopened in between; one whose status is none of an end is open, whatever ``resolved_at`` says. One that was
typed in afterwards began when it says that it was made. Stamps carry the offset of the page's zone.
It misleads about beginnings: an incident is often published some minutes after users noticed it.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from aftershock.sources.epochs import moment
from aftershock.sources.file_head import FileHead
from aftershock.sources.format import Format
from aftershock.sources.json_paths import list_at, objects_at, text_at
from aftershock.sources.raw_table import Options, RawTable
from aftershock.sources.row_builder import Fields, RowBuilder

INCIDENT: Fields = {
    "incident_id": "id",
    "title": "name",
    "started_at": ("started_at", "created_at"),
    "mitigated_at": "monitoring_at",
    "resolved_at": "resolved_at",
    "status": "status",
    "severity": ("impact_override", "impact"),
    "services": ("components.name", "incident_updates.affected_components.name"),
    "url": "shortlink",
}
CHANGE: Fields = {
    "change_id": "id",
    "title": "name",
    "started_at": ("scheduled_for", "created_at"),
    "finished_at": ("resolved_at", "scheduled_until"),
    "services": INCIDENT["services"],
    "url": "shortlink",
    "status": "status",
}
HIDDEN = ("components", "incident_updates", "page_id", "reminder_intervals", "postmortem_body", "started_at", "impact")
WHERE = "the page has its incidents at /api/v2/incidents.json"
OVER = ("resolved", "postmortem", "completed")


def read(files: list[Path], options: Options) -> RawTable:
    wanted = options.table == "changes"
    builder = RowBuilder(options, CHANGE if wanted else INCIDENT, HIDDEN, updated="updated_at")
    for record in builder.json_records(files, ("incidents", "scheduled_maintenances")):
        if "components" in record.value and not text_at(record.value, "id"):
            builder.fold(record, "other_thing", f"no row: it lists components as they are now; {WHERE}")
            continue
        maintenance = _is_maintenance(record.value) or record.held_in == "scheduled_maintenances"
        if maintenance != wanted:
            what, section = ("maintenance", "changes") if maintenance else ("an incident", "incidents")
            into = f"{text_at(record.value, 'id') or 'it'} is {what}: a row under [{section}], if that reads this file"
            builder.fold(record, "other_table", into)
        else:
            builder.add(record, _change(record.value) if wanted else _incident(record.value))
    return builder.table()


def _is_component(value: dict) -> bool:
    return {"status", "position"} < value.keys() and bool({"only_show_if_degraded", "group_id"} & value.keys())


def _is_maintenance(value: dict) -> bool:
    return bool(text_at(value, "scheduled_for")) or text_at(value, "impact") == "maintenance"


def _incident(value: dict) -> dict[str, object]:
    over = text_at(value, "status") in OVER
    resolutions = [text_at(u, "display_at", "created_at") for u in _updates(value) if u.get("status") == "resolved"]
    stated = text_at(value, "resolved_at") if len(resolutions) < 2 else ""  # the first of several
    ended = stated or (resolutions[-1] if resolutions else "") or text_at(value, "updated_at")
    return {
        "started_at": _began(value, ended if over else ""),
        "resolved_at": ended if over else "",
        "services": list_at(value, INCIDENT["services"]),
        "description": text_at(_updates(value)[0], "body") if _updates(value) else "",
    }


def _began(value: dict, ended: str) -> str:
    """When it began; one that was typed in after it was over began when it was said to have been made, which is earlier."""
    started, created = text_at(value, "started_at"), text_at(value, "created_at")
    late = started and ended and moment(created) <= moment(ended) < moment(started)
    return created if late else started or created


def _change(value: dict) -> dict[str, object]:
    status = text_at(value, "status")
    return {
        "kind": "infrastructure",
        "started_at": _first_update(value, "in_progress") or text_at(value, CHANGE["started_at"]),
        "finished_at": _first_update(value, "completed") or text_at(value, CHANGE["finished_at"]),
        "services": list_at(value, CHANGE["services"]),
        "status": "done" if status in OVER else status,
        "description": text_at(_updates(value)[0], "body") if _updates(value) else "",
    }


def _updates(value: dict) -> list[dict]:
    """Updates, the oldest first; the API lists the newest first."""
    return sorted(objects_at(value, "incident_updates"), key=lambda u: moment(text_at(u, "display_at", "created_at")))


def _first_update(value: dict, status: str) -> str:
    return next((text_at(u, "display_at", "created_at") for u in _updates(value) if u.get("status") == status), "")


def _recognises(head: FileHead, table: str) -> float:
    others = [record for record in head.records if not _is_component(record)]
    if head.records and not others:
        return 0.95
    head = replace(head, records=others)
    maintenance = sum(map(_is_maintenance, head.records)) / max(len(head.records), 1)
    kept = min(1.0, 0.5 + (maintenance if table == "changes" else 1 - maintenance))
    return 0.97 * kept * head.share("shortlink", "incident_updates", "impact")


FORMAT = Format(
    name="statuspage",
    title="Atlassian Statuspage: incidents and scheduled maintenance",
    reads={
        "incidents": "An incident of the status page is an incident; scheduled maintenance is folded: it is a change.",
        "changes": "Scheduled maintenance is a change of kind infrastructure; incidents are folded.",
    },
    documented="https://developer.statuspage.io/#tag/incidents",
    suffixes=(".json", ".json.gz", ".jsonl"),
    read=read,
    recognises=_recognises,
)
