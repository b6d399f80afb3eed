"""LaunchDarkly's audit log: ``GET /api/v2/auditlog``.

https://launchdarkly.com/docs/api/audit-log/get-audit-log-entries. ``date`` is an epoch in milliseconds, as a number or as
text. ``accesses`` says what an entry is about, in resources such as ``proj/shop:env/production:flag/new-basket``;
entries on members, roles, tokens and the like (no ``proj/``) change nothing that users see and are folded. ``title`` and
``target`` quote people with their addresses, so the title is made from ``titleVerb`` and ``name``.

The export does not name the service of a flag: map it with ``columns``, or leave it to title and description.
"""

from __future__ import annotations

import re
from pathlib import Path

from aftershock.sources.epochs import from_epoch
from aftershock.sources.file_head import FileHead
from aftershock.sources.format import Format
from aftershock.sources.json_paths import list_at, text_at
from aftershock.sources.pseudonyms import pseudonym
from aftershock.sources.raw_table import Options, RawTable
from aftershock.sources.row_builder import Fields, RowBuilder

FIELDS: Fields = {
    "change_id": "_id",
    "kind": "kind",
    "title": "name",
    "started_at": "date",
    "description": ("description", "shortDescription", "comment"),
    "environment": "accesses.resource",
}
HIDDEN = (
    "_accountId", "accesses", "title", "titleVerb", "target", "subject", "token", "app", "parent", "delta",
    "previousVersion", "currentVersion", "triggerBody", "merge", "subentries", "shortDescription",
)  # fmt: skip
_ENVIRONMENT = re.compile(r":env/([^:;]+)")


def read(files: list[Path], options: Options) -> RawTable:
    builder = RowBuilder(options, FIELDS, HIDDEN)
    for record in builder.json_records(files, ("items",)):
        resources = list_at(record.value, "accesses.resource")
        if resources and not any(r.startswith("proj/") for r in resources):
            what = text_at(record.value, "kind") or resources[0].partition("/")[0]
            builder.fold(record, "other_thing", f"no row: {text_at(record.value, '_id')} is about a {what}")
        else:
            builder.add(record, _row(record.value, resources))
    return builder.table()


def _row(value: dict, resources: list[str]) -> dict[str, object]:
    environments = list(dict.fromkeys(e for r in resources for e in _ENVIRONMENT.findall(r) if e != "*"))
    verb, name = text_at(value, "titleVerb"), text_at(value, "name")
    return {
        "kind": "feature_flag" if text_at(value, "kind") in ("flag", "segment") else "config",
        "title": f"{verb[:1].upper()}{verb[1:]}: {name}" if verb and name else verb or name,
        "started_at": from_epoch(value.get("date"), "ms"),
        "environment": environments[0] if len(environments) == 1 else "",
        "author": pseudonym(text_at(value, "member.email", "member._id", "token._id", "app._id")),
        "resources": resources,
        "actions": list_at(value, "accesses.action"),
    }


def _recognises(head: FileHead, table: str) -> float:
    return 0.98 * head.share("_id", "date", "kind", "accesses")


FORMAT = Format(
    name="launchdarkly",
    title="LaunchDarkly audit log",
    reads={"changes": "An entry on a flag, a segment or another part of a project is a change; others are folded."},
    documented="https://launchdarkly.com/docs/api/audit-log/get-audit-log-entries",
    suffixes=(".json", ".json.gz", ".jsonl"),
    read=read,
    recognises=_recognises,
)
