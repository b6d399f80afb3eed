"""ServiceNow change requests: the list exported as CSV, and JSON of the Table API with any ``sysparm_display_value``.

https://www.servicenow.com/docs/r/api-reference/rest-apis/c_TableAPI.html describes the API;
https://www.servicenow.com/docs/r/it-service-management/change-management/c_ChangeStateModel.html the states. The three
dialects are distinguished as for incidents, see :mod:`aftershock.sources.vendors.servicenow_cells`.

The times of the work (``work_start``, ``work_end``; *Actual start date*) count over those planned (``start_date``,
``end_date``; *Planned start date*). A change with planned times only may have begun at any other moment; one note says
how many there are. The two are never mixed: work that has no end has none. A change that has not begun is ``planned``
and one that was cancelled before ``cancelled``: rows that are not candidates, or folded when they were planned for no
time. One cancelled after its work began failed.
"""

from __future__ import annotations

from pathlib import Path

from aftershock.sources.file_head import FileHead
from aftershock.sources.format import Format
from aftershock.sources.raw_table import Options, RawTable
from aftershock.sources.row_builder import Record, RowBuilder
from aftershock.sources.vendors.servicenow_cells import as_shown, shown, stored, time

FIELDS: dict[str, tuple[str, ...]] = {
    "change_id": ("number", "Number"),
    "title": ("short_description", "Short description"),
    "started_at": (
        *("work_start", "Actual start date", "Actual start", "actual_start_date", "actual_start"),
        *("start_date", "Planned start date", "planned_start_date", "planned_start"),
    ),
    "finished_at": (
        *("work_end", "Actual end date", "Actual end", "actual_end_date", "actual_end"),
        *("end_date", "Planned end date", "planned_end_date", "planned_end"),
    ),
    "services": ("business_service", "Service", "Business service", "service", "affected_service"),
    "description": ("description", "Description"),
    "environment": ("u_environment", "environment", "Environment"),
    "emergency": ("type", "Type", "change_type"),
    "status": ("state", "State"),
}
WORKED, PLANNED = slice(0, 5), slice(5, None)  # of the names of both times
ITEM = ("cmdb_ci.name", "cmdb_ci", "Configuration item", "configuration_item", "affected_ci")
CODE, CATEGORY = ("close_code", "Close code"), ("category", "Category")
HIDDEN = (*ITEM, "comments", "work_notes", "comments_and_work_notes", "sys_tags", "sys_domain", "sys_mod_count")
STATES = {
    "-5": "New",
    "-4": "Assess",
    "-3": "Authorize",
    "-2": "Scheduled",
    "-1": "Implement",
    "0": "Review",
    "3": "Closed",
    "4": "Canceled",
    "7": "Closed",
}
STATUSES = dict.fromkeys(("New", "Assess", "Authorize", "Scheduled"), "planned") | {
    "Implement": "in progress",
    "Review": "done",
    "Closed": "done",
    "Canceled": "cancelled",
    "Cancelled": "cancelled",
}
BEGUN = dict.fromkeys(("New", "Assess", "Authorize", "Scheduled"), "in progress") | {"Canceled": "failed"}  # with work
UNTOUCHED = ("planned", "cancelled")
KINDS = {
    **dict.fromkeys(("hardware", "network", "telecom", "system software"), "infrastructure"),
    **dict.fromkeys(("software", "applications software", "application software", "devops"), "deploy"),
    "database": "database",
}


def read(files: list[Path], options: Options) -> RawTable:
    builder = RowBuilder(options, FIELDS, HIDDEN, updated="sys_updated_on")
    planned = []
    for record in builder.records(files, ("result", "records")):
        row = _row(record)
        if not row["started_at"] and row["status"] in UNTOUCHED:
            builder.fold(
                record, "other_thing", f"no row: {row['change_id'] or 'a change'} is {row['status']}, for no time"
            )
            continue
        if row["started_at"] and row["status"] not in UNTOUCHED and not _time(record, "started_at", WORKED):
            planned.append(record)
        builder.add(_readable(record), row)
    what, expected = "changes with planned times only", "the times of the work"
    builder.note_planned(planned, "work_start", what, expected, "Export work_start and work_end as well.")
    return builder.table()


def _row(record: Record) -> dict[str, object]:
    state = shown(record, *FIELDS["status"])
    state = STATES.get(state, state)
    worked = bool(_time(record, "started_at", WORKED))
    times = WORKED if worked else PLANNED
    status = (BEGUN if worked else {}).get(state) or STATUSES.get(state, state.lower())
    code = shown(record, *CODE).lower()
    services = (shown(record, *FIELDS["services"]), shown(record, *ITEM))
    return {
        "kind": KINDS.get(shown(record, *CATEGORY).lower(), ""),
        "change_id": shown(record, *FIELDS["change_id"]),
        "title": shown(record, *FIELDS["title"]),
        "started_at": _time(record, "started_at", times),
        "finished_at": _time(record, "finished_at", times),
        "services": [s for s in dict.fromkeys(services) if s],
        "description": shown(record, *FIELDS["description"]),
        "environment": shown(record, *FIELDS["environment"]),
        "emergency": "yes" if stored(record, *FIELDS["emergency"]).lower() == "emergency" else "",
        "status": "failed" if status == "done" and code.startswith("unsuccessful") else status,
    }


def _time(record: Record, column: str, names: slice) -> str:
    """One of the times; cells that are not objects hold what is stored where the state does."""
    return time(record, shown(record, *FIELDS["status"]) in STATES, *FIELDS[column][names])


def _readable(record: Record) -> Record:
    """The record with every field as people see it."""
    return Record(record.file, record.line, as_shown(record), record.held_in)


def _recognises(head: FileHead, table: str) -> float:
    times = ("work_start", "planned_start_date")
    return 0.96 * max(
        head.share("number", "short_description", "start_date"),
        *(
            head.share("number", "short_description", time, one)
            for time in times
            for one in ("sys_id", "close_code", "cmdb_ci")
        ),
        head.share("Number", "Short description", "Planned start date"),
        head.share("Number", "Short description", "Actual start date"),
    )


FORMAT = Format(
    name="servicenow",
    title="ServiceNow change requests",
    reads={"changes": "A record of the table change_request is a change, at the times of its work."},
    documented="https://www.servicenow.com/docs/r/api-reference/rest-apis/c_TableAPI.html",
    suffixes=(".json", ".json.gz", ".jsonl", ".csv", ".csv.gz"),
    read=read,
    recognises=_recognises,
)
