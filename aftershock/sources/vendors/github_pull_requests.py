"""GitHub pull requests that were merged: ``GET /repos/{owner}/{repo}/pulls``, the search of issues, ``gh pr list --json``.

https://docs.github.com/en/rest/pulls/pulls#list-pull-requests and https://cli.github.com/manual/gh_pr_list. ``ref`` in
dataset.toml says into which branch they have to be merged. Paths and sizes are there when the export asked for them
(``gh pr list --json files,changedFiles,…``); services are read from labels, else the service is the repository.
It misleads where a merge is not deployed at once: where deployments are recorded, read those instead.
"""

from __future__ import annotations

from pathlib import Path

from aftershock.sources.file_head import FileHead
from aftershock.sources.format import Format
from aftershock.sources.git.messages import LONGEST_DESCRIPTION, reverted
from aftershock.sources.issue_labels import labels_of, services_in
from aftershock.sources.json_paths import text_at
from aftershock.sources.pseudonyms import pseudonym, without_mentions
from aftershock.sources.raw_table import Options, RawTable
from aftershock.sources.row_builder import Fields, RowBuilder
from aftershock.sources.vendors.github_names import numbered, repository_of, short

FIELDS: Fields = {
    "change_id": "number",
    "title": "title",
    "started_at": ("merged_at", "mergedAt", "pull_request.merged_at"),
    "description": "body",
    "paths": ("files.filename", "files.path"),
    "size": ("changed_files", "changedFiles"),
    "url": ("html_url", "url"),
    "reverts": "body",
}
BRANCH = ("base.ref", "baseRefName")
HIDDEN = (
    "id", "base", "head", "headRefName", "labels", "files", "state", "pull_request", "milestone", "auto_merge",
    "draft", "requested_teams", "issue_url", "diff_url", "patch_url", "commits_url", "comments_url", "statuses_url",
    "review_comments_url", "review_comment_url", "repository_url", "events_url", "labels_url", "timeline_url",
    "reactions", "mergeCommit", "locked", "baseRefName", "author_association", "created_at", "createdAt",
    "closed_at", "closedAt", "mergedBy",
)  # fmt: skip


def read(files: list[Path], options: Options) -> RawTable:
    builder = RowBuilder(options, FIELDS, HIDDEN, updated="updated_at")
    for record in builder.json_records(files, ("items", "pulls")):
        row, no_change = _row(record.value), _no_change(record.value, options.ref)
        if no_change:
            builder.fold(record, "other_thing", f"no row: {row['change_id']} {no_change}")
        else:
            builder.add(record, row)
    return builder.table()


def _no_change(value: dict, wanted: str) -> str:
    """Why a pull request changed nothing; ``""`` when it did."""
    if not text_at(value, FIELDS["started_at"]):
        return "was not merged"
    branch = text_at(value, BRANCH)
    return f"was merged into {branch}, not {wanted}" if wanted and branch and branch != wanted else ""


def _row(value: dict) -> dict[str, object]:
    repository = repository_of(value)
    body = text_at(value, FIELDS["description"])
    return {
        "change_id": numbered(repository, text_at(value, FIELDS["change_id"])),
        "kind": "",
        "description": without_mentions(body)[:LONGEST_DESCRIPTION],
        "services": services_in(labels_of(value)) or [short(repository)],
        "repository": repository,
        "author": pseudonym(text_at(value, "user.login", "author.login")),
        "reverts": [numbered(repository, number) for _, number in reverted(body) if number],
        "branch": text_at(value, BRANCH),
    }


def _recognises(head: FileHead, table: str) -> float:
    if table != "changes":
        return 0.0
    listed = head.share("merged_at", "base", "head")
    return 0.97 * max(listed, head.share("number", "mergedAt"), head.share("pull_request", "number"))


FORMAT = Format(
    name="github-pull-requests",
    title="GitHub pull requests",
    reads={"changes": "A merged pull request is a change, made when it was merged; others are folded."},
    documented="https://docs.github.com/en/rest/pulls/pulls#list-pull-requests",
    suffixes=(".json", ".json.gz", ".jsonl"),
    read=read,
    recognises=_recognises,
    keys=("ref",),
    default_kind="deploy",
)
