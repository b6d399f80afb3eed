"""GitHub releases: ``GET /repos/{owner}/{repo}/releases`` and ``gh release list --json``.

https://docs.github.com/en/rest/releases/releases#list-releases. The time is that of publication: ``created_at`` is the
date of the commit. A draft was never published and is not a change. The id is ``repository@tag``, which people use.
"""

from __future__ import annotations

from pathlib import Path

from aftershock.sources.file_head import FileHead
from aftershock.sources.format import Format
from aftershock.sources.git.messages import LONGEST_DESCRIPTION
from aftershock.sources.json_paths import at, text_at
from aftershock.sources.pseudonyms import pseudonym, without_mentions
from aftershock.sources.raw_table import Options, RawTable
from aftershock.sources.row_builder import Fields, RowBuilder
from aftershock.sources.vendors.github_names import repository_of, short

FIELDS: Fields = {
    "change_id": ("tag_name", "tagName", "id"),
    "title": ("name", "tag_name", "tagName"),
    "started_at": ("published_at", "publishedAt"),
    "description": "body",
    "url": ("html_url", "url"),
}
HIDDEN = (
    "id", "url", "assets", "assets_url", "upload_url", "tarball_url", "zipball_url", "reactions", "draft",
    "isDraft",
)  # fmt: skip


def read(files: list[Path], options: Options) -> RawTable:
    builder = RowBuilder(options, FIELDS, HIDDEN, updated="updated_at")
    for record in builder.json_records(files, ("releases",)):
        row = _row(record.value)
        if at(record.value, "draft") is True or at(record.value, "isDraft") is True:
            builder.fold(record, "other_thing", f"no row: {row['change_id']} is a draft, not published")
        else:
            builder.add(record, row)
    return builder.table()


def _row(value: dict) -> dict[str, object]:
    repository, tag = repository_of(value), text_at(value, FIELDS["change_id"])
    return {
        "change_id": f"{short(repository)}@{tag}" if repository and tag else tag,
        "kind": "deploy",
        "services": [short(repository)],
        "repository": repository,
        "author": pseudonym(text_at(value, "author.login")),
        "description": without_mentions(text_at(value, FIELDS["description"]))[:LONGEST_DESCRIPTION],
    }


def _recognises(head: FileHead, table: str) -> float:
    return 0.97 * max(head.share("tag_name", "published_at"), head.share("tagName", "publishedAt"))


FORMAT = Format(
    name="github-releases",
    title="GitHub releases",
    reads={"changes": "A published release is a change; drafts are folded."},
    documented="https://docs.github.com/en/rest/releases/releases#list-releases",
    suffixes=(".json", ".json.gz", ".jsonl"),
    read=read,
    recognises=_recognises,
)
