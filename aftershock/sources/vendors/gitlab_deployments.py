"""GitLab deployments: ``GET /projects/:id/deployments``.

https://docs.gitlab.com/api/deployments/#list-project-deployments. The job that deploys is ``deployable``; it is null where
another system deployed. The change takes effect at some moment of the job, so ``started_at`` is the interval from its
start (which may be null), else the deployment's creation, to its end. Only the addresses of pages name the project.
"""

from __future__ import annotations

import re
from pathlib import Path

from aftershock.sources.epochs import moment
from aftershock.sources.file_head import FileHead
from aftershock.sources.format import Format
from aftershock.sources.git.messages import title_and_description
from aftershock.sources.json_paths import text_at
from aftershock.sources.pseudonyms import pseudonym
from aftershock.sources.raw_table import Options, RawTable
from aftershock.sources.row_builder import Fields, RowBuilder

FIELDS: Fields = {
    "change_id": "id",
    "title": "deployable.commit.title",
    "started_at": ("deployable.started_at", "created_at"),
    "finished_at": ("deployable.finished_at", "finished_at"),
    "environment": "environment.name",
    "url": ("deployable.web_url", "deployable.pipeline.web_url"),
    "status": "status",
}
HIDDEN = ("deployable", "environment", "iid", "created_at", "approvals", "approval_summary", "pending_approval_count")
WAITS = ("created", "blocked", "skipped")
STATUSES = {"success": "done", "running": "in progress", "canceled": "cancelled"} | dict.fromkeys(WAITS, "pending")
_PROJECT = re.compile(r"https?://[^/]+/(.+?)/(?:-/)?(?:pipelines|jobs|builds|commit)/")


def read(files: list[Path], options: Options) -> RawTable:
    builder = RowBuilder(options, FIELDS, HIDDEN, updated="updated_at")
    for record in builder.json_records(files, ("deployments",)):
        builder.add(record, _row(record.value))
    return builder.table()


def _row(value: dict) -> dict[str, object]:
    title, description = title_and_description(text_at(value, "deployable.commit.message", FIELDS["title"]))
    start, end = text_at(value, FIELDS["started_at"]), text_at(value, FIELDS["finished_at"])
    found = _PROJECT.match(text_at(value, FIELDS["url"]))
    project = found.group(1) if found else ""
    status = text_at(value, "status")
    return {
        "kind": "deploy",
        "title": title or f"Deploy {text_at(value, 'ref')} to {text_at(value, FIELDS['environment'])}",
        "description": description,
        "started_at_before": end if moment(start) < moment(end) else "",
        "services": [project.rpartition("/")[2]],
        "repository": project,
        "author": pseudonym(text_at(value, "user.username", "deployable.user.username")),
        "status": STATUSES.get(status, status),
    }


def _recognises(head: FileHead, table: str) -> float:
    return 0.97 * head.share("iid", "ref", "sha", "deployable", "environment")


FORMAT = Format(
    name="gitlab-deployments",
    title="GitLab deployments",
    reads={"changes": "A deployment is a change, made while its job ran."},
    documented="https://docs.gitlab.com/api/deployments/#list-project-deployments",
    suffixes=(".json", ".json.gz", ".jsonl"),
    read=read,
    recognises=_recognises,
)
