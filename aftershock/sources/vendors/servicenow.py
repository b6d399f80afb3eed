"""ServiceNow incidents: the list exported as CSV, and JSON of the Table API with any ``sysparm_display_value``.

https://www.servicenow.com/docs/r/api-reference/rest-apis/c_TableAPI.html describes the API, and
https://www.servicenow.com/docs/r/it-service-management/incident-management/c_IncidentManagement.html the table. Three
dialects are distinguished cell by cell. ``all``: every field is an object of ``value`` and ``display_value``. ``false``:
fields hold what is stored, such as priority ``1``. ``true`` and CSV: fields hold what is shown, ``1 - Critical``.

Stored times are UTC; shown times are in the zone and form of whoever exported them and name neither, so the section's
``timezone`` and ``time_format`` hold. *Caused by Change* (``caused_by``) is a reported cause; *Change Request* (``rfc``)
is the change that fixes the incident, not its cause.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from aftershock.sources.epochs import later
from aftershock.sources.file_head import FileHead
from aftershock.sources.format import Format
from aftershock.sources.raw_table import Options, RawTable
from aftershock.sources.row_builder import Record, RowBuilder
from aftershock.sources.vendors.servicenow_cells import as_shown, shown, stored, time

STATES = {"1": "New", "2": "In Progress", "3": "On Hold", "6": "Resolved", "7": "Closed", "8": "Canceled"}
OVER = ("Resolved", "Closed")
PRIORITIES = {"1": "1 - Critical", "2": "2 - High", "3": "3 - Moderate", "4": "4 - Low", "5": "5 - Planning"}

# canonical column → its fields, each with the label that it has in an export of the list
FIELDS: dict[str, tuple[str, ...]] = {
    "incident_id": ("number", "Number"),
    "title": ("short_description", "Short description"),
    "started_at": ("opened_at", "Opened", "sys_created_on", "Created"),
    "resolved_at": ("resolved_at", "Resolved"),
    "status": ("state", "State", "incident_state", "Incident state"),
    "severity": ("priority", "Priority"),
    "services": ("business_service", "Service", "Business service"),
    "description": ("description", "Description"),
    "duplicate_of": ("parent_incident", "Parent Incident"),
    "caused_by": ("caused_by", "Caused by Change"),
}
ITEM = ("cmdb_ci.name", "cmdb_ci", "Configuration item")
CLOSED = ("closed_at", "Closed")
LASTED = ("calendar_duration", "Duration")  # in seconds, where it is a number
ACTIVE = ("active", "Active")
_STRANGE = re.compile(r"(?:SIR|SIT|VIT|PRB|PTASK|CHG|CTASK|REQ|RITM|SCTASK|TASK|CS|HRC)\d+")  # numbers of other tables
HIDDEN = (
    *ITEM, *CLOSED, *LASTED, *ACTIVE, "comments", "work_notes", "comments_and_work_notes", "sys_tags", "sys_domain",
    "sys_mod_count",
)  # fmt: skip


def read(files: list[Path], options: Options) -> RawTable:
    builder = RowBuilder(options, FIELDS, HIDDEN, updated="sys_updated_on")
    records = list(builder.records(files, ("result", "records")))
    numbers = {stored(r, "sys_id"): shown(r, *FIELDS["incident_id"]) for r in records if stored(r, "sys_id")}
    for record in records:
        row = _row(record, numbers)
        if str(row["status"]).lower() in ("canceled", "cancelled"):
            builder.fold(record, "other_thing", f"no row: {row['incident_id'] or 'an incident'} was canceled")
        else:
            builder.add(replace(record, value=as_shown(record)), row)
    return builder.table()


def _row(record: Record, numbers: dict[str, str]) -> dict[str, object]:
    """The canonical cells. ``numbers``: stored ids of incidents → the numbers that people use."""
    status = _status(record)
    priority, parent = shown(record, *FIELDS["severity"]), shown(record, *FIELDS["duplicate_of"])
    ended = _time(record, *FIELDS["resolved_at"])
    closed = _time(record, *CLOSED)
    if not ended and status in OVER:
        ended = closed or _lasting(record)
    cause = shown(record, *FIELDS["caused_by"])
    services = (shown(record, *FIELDS["services"]), shown(record, *ITEM))
    return {
        "incident_id": shown(record, *FIELDS["incident_id"]),
        "title": shown(record, *FIELDS["title"]),
        "started_at": _time(record, *FIELDS["started_at"]),
        "resolved_at": ended,
        "status": "open" if status == "On Hold" else status,
        "severity": PRIORITIES.get(priority, priority),
        "services": [s for s in dict.fromkeys(services) if s],
        "description": shown(record, *FIELDS["description"]),
        "duplicate_of": numbers.get(parent, parent),
        "caused_by": cause,
        "caused_by_source": "Caused by Change, in ServiceNow" if cause else "",
        "closed_at": "" if ended else closed,  # an end that is not read is named
    }


def is_of_another_table(number: str) -> bool:
    """Whether a number says that its record is none of the table incident: a security incident, a problem, a request."""
    return bool(_STRANGE.fullmatch(number))


def _status(record: Record) -> str:
    """The state in words. Numbers mean something else in every table, so what says whether the record is closed comes first."""
    said = shown(record, *FIELDS["status"])
    active = stored(record, *ACTIVE).lower()
    strange = is_of_another_table(shown(record, *FIELDS["incident_id"]))
    known = said if strange else STATES.get(said, said)
    if not said.lstrip("-").isdecimal() or known in (*OVER, "Canceled"):
        return known
    ended = _time(record, *FIELDS["resolved_at"]) or _time(record, *CLOSED)
    if active in ("false", "0") or (ended and active not in ("true", "1")):
        return "Closed"
    return "open" if strange and active in ("true", "1") else known


def _time(record: Record, *names: str) -> str:
    """A time; cells that are not objects hold what is stored where the status or the priority does."""
    by_number = shown(record, *FIELDS["status"]) in STATES or shown(record, *FIELDS["severity"]) in PRIORITIES
    return time(record, by_number, *names)


def _lasting(record: Record) -> str:
    """The end that a number of seconds gives; ``""`` where the record has none."""
    seconds = stored(record, *LASTED)
    return later(_time(record, *FIELDS["started_at"]), f"{seconds}000") if seconds.isdecimal() and int(seconds) else ""


def _recognises(head: FileHead, table: str) -> float:
    """By three of its fields and one more: others call their own columns so, too."""
    stored_names = ("state", "incident_state", "priority", "caller_id", "sys_id")
    shown_names = ("State", "Priority", "Caller", "Sys ID")
    return 0.95 * max(
        *(head.share("number", "opened_at", "short_description", one) for one in stored_names),
        *(head.share("Number", "Opened", "Short description", one) for one in shown_names),
    )


FORMAT = Format(
    name="servicenow",
    title="ServiceNow incidents",
    reads={"incidents": "A record of the table incident is an incident; canceled ones are folded."},
    documented="https://www.servicenow.com/docs/r/api-reference/rest-apis/c_TableAPI.html",
    suffixes=(".json", ".json.gz", ".jsonl", ".csv", ".csv.gz"),
    read=read,
    recognises=_recognises,
)
