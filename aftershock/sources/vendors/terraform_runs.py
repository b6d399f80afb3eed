"""Runs of HCP Terraform (Terraform Cloud) and Terraform Enterprise: ``GET /workspaces/:id/runs`` or ``/organizations/…/runs``.

https://developer.hashicorp.com/terraform/cloud-docs/api-docs/run#list-runs-in-a-workspace; the stamps of
``status-timestamps`` are listed in https://github.com/hashicorp/go-tfe (``run.go``, ``RunStatusTimestamps``). A run changes
something from ``applying-at`` on; runs that planned only, were discarded, found nothing to change or only refreshed the
state are folded. One that failed or was cancelled while applying has changed a part. The workspace, which is the service,
has its name in ``included`` when the export asked for ``include=workspace``, else its id is taken; likewise the size
comes with ``include=plan``.
"""

from __future__ import annotations

from pathlib import Path

from aftershock.sources.file_head import FileHead
from aftershock.sources.format import Format
from aftershock.sources.git.messages import title_and_description
from aftershock.sources.json_paths import at, objects_at, text_at
from aftershock.sources.pseudonyms import pseudonym
from aftershock.sources.raw_table import Options, RawTable
from aftershock.sources.row_builder import Fields, Record, RowBuilder

STAMPS = "attributes.status-timestamps"
FIELDS: Fields = {
    "change_id": "id",
    "title": "attributes.message",
    "started_at": (f"{STAMPS}.applying-at", f"{STAMPS}.applied-at"),
    "finished_at": f"{STAMPS}.applied-at",
    "services": ("relationships.workspace.data.id",),
    "author": "relationships.created-by.data.id",
    "status": "attributes.status",
}
HIDDEN = (
    "type", "links", "relationships", "attributes.actions", "attributes.permissions", "attributes.variables",
    STAMPS, "attributes.created-at", "attributes.canceled-at", "attributes.has-changes", "attributes.plan-only",
    "attributes.refresh-only", "attributes.auto-apply",
)  # fmt: skip
STATUSES = {
    "applied": "done",
    "applying": "in progress",
    "errored": "failed",
    "canceled": "failed",
    "force_canceled": "failed",
}


def read(files: list[Path], options: Options) -> RawTable:
    builder = RowBuilder(options, FIELDS, HIDDEN)
    for record in builder.json_records(files, ("data",)):
        run, included = _run(record)
        no_change = _no_change(run.value)
        if no_change:
            builder.fold(run, "other_thing", f"no row: {text_at(run.value, 'id')} {no_change}")
        else:
            builder.add(run, _row(run.value, included))
    return builder.table()


def _run(record: Record) -> tuple[Record, dict[str, dict]]:
    """The run of a record, which may be a page of a single one, and what its page includes by id."""
    inner = at(record.value, "data")
    page = record.value if isinstance(inner, dict) else record.page
    run = Record(record.file, record.line, inner) if isinstance(inner, dict) else record
    return run, {text_at(thing, "id"): thing for thing in objects_at(page, "included")}


def _no_change(run: dict) -> str:
    """Why a run changed nothing; ``""`` when it did, or may have."""
    if at(run, "attributes.plan-only") is True:
        return "only planned"
    if at(run, "attributes.refresh-only") is True:
        return "only refreshed the state"
    if not text_at(run, FIELDS["started_at"]):
        return f"was not applied: its status is {text_at(run, 'attributes.status') or 'unknown'}"
    return "found nothing to change" if at(run, "attributes.has-changes") is False else ""


def _row(run: dict, included: dict[str, dict]) -> dict[str, object]:
    title, description = title_and_description(text_at(run, FIELDS["title"]))
    workspace, plan = text_at(run, FIELDS["services"]), text_at(run, "relationships.plan.data.id")
    name = text_at(included.get(workspace, {}), "attributes.name") or workspace
    status = text_at(run, "attributes.status")
    ended = text_at(
        run, FIELDS["finished_at"], *(f"{STAMPS}.{s}-at" for s in ("errored", "canceled", "force-canceled"))
    )
    return {
        "kind": "infrastructure",
        "title": title or f"Apply {name}",
        "description": description,
        "finished_at": ended,
        "services": [name],
        "author": pseudonym(text_at(run, FIELDS["author"])),
        "size": _size(included.get(plan, {})),
        "status": STATUSES.get(status, status),
    }


def _size(plan: dict) -> str:
    """How many resources a plan adds, changes and destroys."""
    parts = [text_at(plan, f"attributes.resource-{what}") for what in ("additions", "changes", "destructions")]
    return str(sum(map(int, parts))) if all(p.isdigit() for p in parts) else ""


def _recognises(head: FileHead, table: str) -> float:
    runs = sum(r.get("type") == "runs" or at(r, "data.type") == "runs" for r in head.records)
    return 0.98 * runs / max(len(head.records), 1)


FORMAT = Format(
    name="terraform-runs",
    title="HCP Terraform runs",
    reads={"changes": "A run that was applied is a change; others are folded."},
    documented="https://developer.hashicorp.com/terraform/cloud-docs/api-docs/run#list-runs-in-a-workspace",
    suffixes=(".json", ".json.gz"),
    read=read,
    recognises=_recognises,
)
