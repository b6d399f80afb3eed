"""GitLab issues that record incidents: ``GET /projects/:id/issues`` and its siblings for groups and instances.

https://docs.gitlab.com/api/issues/. ``label`` in dataset.toml says which issues are incidents; without it those are whose
``issue_type`` is ``incident``, where the export has it. An id is the full reference, ``group/project#12``. An issue that
was moved lives on under another id, and one closed as a duplicate names its original by the address of the API. It
misleads about beginnings: an issue is opened when somebody found the time, not when the incident began.
"""

from __future__ import annotations

import re
from pathlib import Path

from aftershock.sources.file_head import FileHead
from aftershock.sources.format import Format
from aftershock.sources.issue_labels import bears_one, labels_of, services_in, severity_in
from aftershock.sources.json_paths import text_at
from aftershock.sources.raw_table import Options, RawTable
from aftershock.sources.row_builder import Fields, Record, RowBuilder

FIELDS: Fields = {
    "incident_id": ("references.full", "iid"),
    "title": "title",
    "started_at": "created_at",
    "resolved_at": "closed_at",
    "status": "state",
    "severity": "severity",
    "description": "description",
    "url": "web_url",
    "duplicate_of": "_links.closed_as_duplicate_of",
}
HIDDEN = (
    "references", "time_stats", "task_completion_status", "has_tasks", "task_status", "subscribed", "id", "labels",
)  # fmt: skip
_ADDRESS = re.compile(r"/projects/(\d+)/issues/(\d+)$")


def read(files: list[Path], options: Options) -> RawTable:
    builder = RowBuilder(options, FIELDS, HIDDEN, updated="updated_at")
    records = list(builder.json_records(files))
    references = {(text_at(r.value, "project_id"), text_at(r.value, "iid")): _id(r.value) for r in records}
    for record in records:
        no_row = _no_row(record, options.labels)
        if no_row:
            builder.fold(record, "other_thing", f"no row: {_id(record.value)} {no_row}")
        else:
            builder.add(record, _row(record.value, references))
    return builder.table()


def _no_row(record: Record, wanted: tuple[str, ...]) -> str:
    """Why an issue is not an incident; ``""`` when it is one."""
    value = record.value
    if text_at(value, "moved_to_id"):
        return "was moved to another project"
    kind = text_at(value, "issue_type", "type").lower()
    if not wanted and kind not in ("", "incident"):
        return f"is of the type {kind}"
    return "" if bears_one(labels_of(value), wanted) else f"has no label {' or '.join(wanted)}"


def _row(value: dict, references: dict[tuple[str, str], str]) -> dict[str, object]:
    labels, severity = labels_of(value), text_at(value, "severity").lower()
    original = _ADDRESS.search(text_at(value, "_links.closed_as_duplicate_of"))
    return {
        "incident_id": _id(value),
        "status": {"opened": "open"}.get(text_at(value, "state"), text_at(value, "state")),
        "severity": severity if severity not in ("", "unknown") else severity_in(labels),
        "services": services_in(labels) or [_project(value)],
        "duplicate_of": references.get((original[1], original[2]), original[2]) if original else "",
        "labels": labels,
    }


def _id(value: dict) -> str:
    number = text_at(value, "iid")
    return text_at(value, "references.full") or (f"{_project(value)}#{number}" if number else "")


def _project(value: dict) -> str:
    full = text_at(value, "references.full").rpartition("#")[0] or text_at(value, "web_url").partition("/-/")[0]
    return full.rpartition("/")[2]


def _recognises(head: FileHead, table: str) -> float:
    return 0.95 * head.share("iid", "project_id", "web_url", "labels", "confidential")


FORMAT = Format(
    name="gitlab-issues",
    title="GitLab issues and incidents",
    reads={
        "incidents": "An issue with one of the labels, else of the type incident, is an incident; other issues are folded."
    },
    documented="https://docs.gitlab.com/api/issues/",
    suffixes=(".json", ".json.gz", ".jsonl"),
    read=read,
    recognises=_recognises,
    keys=("label",),
)
