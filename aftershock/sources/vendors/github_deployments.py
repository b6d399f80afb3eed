"""GitHub deployments and their statuses: REST, GraphQL nodes, or the events of a webhook.

https://docs.github.com/en/rest/deployments/deployments and …/statuses; https://docs.github.com/en/graphql/reference/objects#deployment;
https://docs.github.com/en/webhooks/webhook-events-and-payloads#deployment_status. A deployment is a request; its statuses
say how it went. They are inside it (``statuses``, ``latestStatus``), next to it in the same export (with a
``deployment_url``), or around it (webhook).

The change takes effect at some moment between the first ``in_progress``, else the request, and the first ``success``, so
``started_at`` is that interval. Without a success it is the last moment known. ``inactive`` means that a later
deployment took its place. A deployment that only waited is ``pending``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from aftershock.sources.epochs import moment
from aftershock.sources.file_head import FileHead
from aftershock.sources.format import Format
from aftershock.sources.json_paths import at, objects_at, text_at
from aftershock.sources.pseudonyms import pseudonym
from aftershock.sources.raw_table import Options, RawTable
from aftershock.sources.row_builder import Fields, Record, RowBuilder
from aftershock.sources.vendors.github_names import repository_of, short

FIELDS: Fields = {
    "change_id": ("id", "databaseId"),
    "title": "description",
    "started_at": ("created_at", "createdAt"),
    "finished_at": "statuses",
    "environment": ("environment", "original_environment"),
    "repository": ("repository_url", "repository.nameWithOwner"),
    "status": "state",
}
CREATED = FIELDS["started_at"]
HIDDEN = ("url", "statuses_url", "repository", "statuses", "latestStatus", "creator", "performed_via_github_app")
LOG = ("log_url", "logUrl", "target_url", "environment_url")
WAITS = ("pending", "queued", "waiting")
STATUSES = {"success": "done", "inactive": "done", "active": "done", "failure": "failed", "error": "failed"}
STATUSES |= {"in_progress": "in progress", "abandoned": "cancelled", "destroyed": "done"} | dict.fromkeys(
    WAITS, "pending"
)


def read(files: list[Path], options: Options) -> RawTable:
    builder = RowBuilder(options, FIELDS, HIDDEN, updated="updated_at")
    deployments, statuses = _separated(builder.json_records(files, ("deployments", "statuses", "nodes")))
    asked: dict[str, Record] = {}
    for record in deployments:
        row = _row(record.value, [status for _, status in statuses.get(_id(record.value), [])])
        if not row["status"]:
            asked.setdefault(_id(record.value), record)
        builder.add(record, row)
    what, expected = "deployments without a status", "what became of them"
    builder.note_planned(list(asked.values()), "statuses", what, expected, "Export their statuses as well.")
    rows = {(record.file, record.line) for record in deployments}
    known = {_id(record.value) for record in deployments}
    for id, events in statuses.items():
        for record, status in events:
            if (record.file, record.line) not in rows:
                _settle(builder, record, status, id, id in known)
    return builder.table()


def _separated(records: Iterator[Record]) -> tuple[list[Record], dict[str, list[tuple[Record, dict]]]]:
    """Deployments; and id of a deployment → the records that hold a status of it, each with that status.

    Of the events of a webhook, which bring both, the first one counts as the deployment.
    """
    deployments: list[Record] = []
    statuses: dict[str, list[tuple[Record, dict]]] = defaultdict(list)
    brought: dict[str, Record] = {}
    for record in records:
        deployment, status = _parts(record)
        if status is None:
            deployments.append(replace(record, value=deployment))
            continue
        id = _id(deployment) or text_at(status, "deployment_url").rstrip("/").rpartition("/")[2]
        statuses[id].append((record, status))
        if deployment:
            brought.setdefault(id, replace(record, value=deployment))
    known = {_id(record.value) for record in deployments}
    return deployments + [record for id, record in brought.items() if id not in known], dict(statuses)


def _parts(record: Record) -> tuple[dict, dict | None]:
    """(deployment, status) that a record holds; the deployment of a status by itself is empty, that of one in a deployment which
    is a document of its own is the document."""
    value = record.value
    if record.held_in == "statuses" and _id(record.page):
        return {name: part for name, part in record.page.items() if name != "statuses"}, value
    deployment, status = at(value, "deployment"), at(value, "deployment_status")
    if isinstance(status, dict):
        return deployment if isinstance(deployment, dict) else {}, status
    if text_at(value, "deployment_url"):
        return {}, value
    return deployment if isinstance(deployment, dict) else value, None


def _settle(builder: RowBuilder, record: Record, status: dict, id: str, known: bool) -> None:
    """Account for a record that holds a status only."""
    if known:
        builder.fold(record, "part_of_row", f"{id}, its status {text_at(status, 'state').lower() or 'unknown'}")
    else:
        expected = "the deployment that it belongs to, in the same export"
        builder.reject(record, "deployment_url", f"a status of the deployment {id!r}", expected, "Export it as well.")


def _row(deployment: dict, statuses: list[dict]) -> dict[str, object]:
    inside = [s for path in ("statuses", "statuses.nodes") for s in objects_at(deployment, path)]
    latest = at(deployment, "latestStatus")
    inside += [latest] if isinstance(latest, dict) else []
    states = _in_order(statuses + inside)
    began, ended = _first(states, "in_progress"), _first(states, "success") or _first(states, "failure", "error")
    start = began or text_at(deployment, CREATED)
    last = next(reversed(states), None)
    state = last[1] if last else text_at(deployment, "state").lower()
    repository = repository_of(deployment)
    return {
        "kind": "database" if "migrat" in text_at(deployment, "task").lower() else "deploy",
        "title": text_at(deployment, "description") or _title(deployment),
        "started_at": start,
        "started_at_before": ended if moment(start) < moment(ended) else "",
        "finished_at": ended,
        "services": [short(repository)],
        "repository": repository,
        "author": pseudonym(text_at(deployment, "creator.login")),
        "url": next((u for s in sorted(states, key=lambda s: s[0] != ended) if (u := text_at(s[2], LOG))), ""),
        "status": STATUSES.get(state, state),
    }


def _in_order(statuses: list[dict]) -> list[tuple[str, str, dict]]:
    """(stamp, state, status) by time."""
    timed = [(text_at(s, CREATED), text_at(s, "state").lower(), s) for s in statuses]
    return sorted(timed, key=lambda s: moment(s[0]))


def _first(states: list[tuple[str, str, dict]], *wanted: str) -> str:
    return next((stamp for stamp, state, _ in states if state in wanted), "")


def _title(deployment: dict) -> str:
    """What was deployed and where to, when nobody described it."""
    ref, commit = text_at(deployment, "ref.name", "ref"), text_at(deployment, "sha", "commitOid")
    what = ref if ref and ref != commit else commit[:12]
    where = text_at(deployment, FIELDS["environment"])
    return f"Deploy {what} to {where}" if where else f"Deploy {what}"


def _id(deployment: dict) -> str:
    return text_at(deployment, FIELDS["change_id"])


def _recognises(head: FileHead, table: str) -> float:
    listed = max(one.share("statuses_url", "environment", "task") for one in (head, head.within("deployment")))
    nodes = head.share("environment", "createdAt", "latestStatus")
    return 0.97 * max(listed, nodes, head.share("deployment_url", "state"), head.share("deployment_status"))


FORMAT = Format(
    name="github-deployments",
    title="GitHub deployments with their statuses",
    reads={"changes": "A deployment is a change, made when it was in progress; its statuses are folded into it."},
    documented="https://docs.github.com/en/rest/deployments/deployments#list-deployments",
    suffixes=(".json", ".json.gz", ".jsonl"),
    read=read,
    recognises=_recognises,
)
