"""GitHub issues that record incidents: ``GET /repos/{owner}/{repo}/issues`` and ``gh issue list --json``.

https://docs.github.com/en/rest/issues/issues#list-repository-issues. The list holds pull requests too; they have a key
``pull_request``. ``label`` in dataset.toml says which issues are incidents. An id is ``repository#number``, since numbers
repeat between repositories. Severity and services are read from labels; without a label, the service is the repository.
It misleads about beginnings: an issue is opened when somebody found the time, not when the incident began.
"""

from __future__ import annotations

import re
from pathlib import Path

from aftershock.sources.file_head import FileHead
from aftershock.sources.format import Format
from aftershock.sources.issue_labels import bears_one, labels_of, services_in, severity_in
from aftershock.sources.json_paths import at, text_at
from aftershock.sources.raw_table import Options, RawTable
from aftershock.sources.row_builder import Fields, RowBuilder

FIELDS: Fields = {
    "incident_id": "number",
    "title": "title",
    "started_at": ("created_at", "createdAt"),
    "resolved_at": ("closed_at", "closedAt"),
    "status": "state",
    "severity": "labels",
    "description": "body",
    "url": ("html_url", "url"),
}
HIDDEN = (
    "id", "url", "repository_url", "repository", "labels_url", "comments_url", "events_url", "timeline_url",
    "performed_via_github_app", "reactions", "sub_issues_summary", "issue_dependencies_summary",
    "author_association",
)  # fmt: skip
_REPOSITORY = re.compile(r"/repos/[^/]+/([^/]+)|/([^/]+)/(?:issues|pull)/\d+$")


def read(files: list[Path], options: Options) -> RawTable:
    builder = RowBuilder(options, FIELDS, HIDDEN, updated="updated_at")
    for record in builder.json_records(files, ("items",)):
        value, labels = record.value, labels_of(record.value)
        name = _id(value)
        if at(value, "pull_request") is not None:
            builder.fold(record, "other_thing", f"no row: {name} is a pull request")
        elif not bears_one(labels, options.labels):
            builder.fold(record, "other_thing", f"no row: {name} has no label {' or '.join(options.labels)}")
        else:
            builder.add(record, _row(value, labels))
    return builder.table()


def _row(value: dict, labels: list[str]) -> dict[str, object]:
    repository = _repository(value)
    return {
        "incident_id": _id(value),
        "severity": severity_in(labels),
        "services": services_in(labels) or [repository],
        "status": text_at(value, "state").lower(),
        "labels": labels,
    }


def _id(value: dict) -> str:
    number, repository = text_at(value, "number"), _repository(value)
    return f"{repository}#{number}" if number and repository else number


def _repository(value: dict) -> str:
    found = _REPOSITORY.search(text_at(value, "repository_url", "html_url", "url"))
    return (found.group(1) or found.group(2)) if found else ""


def _recognises(head: FileHead, table: str) -> float:
    said = {"repository_url", "comments_url", "createdAt"} & head.columns
    return 0.9 * head.share("number", "title", "state", "labels") if said and head.kind == "json" else 0.0


FORMAT = Format(
    name="github-issues",
    title="GitHub issues by label",
    reads={"incidents": "An issue with one of the labels is an incident; pull requests and other issues are folded."},
    documented="https://docs.github.com/en/rest/issues/issues#list-repository-issues",
    suffixes=(".json", ".json.gz", ".jsonl"),
    read=read,
    recognises=_recognises,
    keys=("label",),
)
