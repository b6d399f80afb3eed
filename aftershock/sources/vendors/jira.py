"""Jira and Jira Service Management: issues of a search, as JSON of the API or as CSV of the issue navigator.

https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-search/ (with ``expand=changelog`` where the
end must be read from the history) and
https://support.atlassian.com/jira-software-cloud/docs/export-search-results-to-microsoft-excel/. Which issues are
incidents is the search's business; a webhook has one issue and what happened to it. JSON carries offsets (``+0000``,
without a colon). CSV writes times in the reader's zone, as ``17/Jan/21 12:34 PM``, and repeats a column for each further
value: ``Labels``, ``Labels``.

A link *duplicates* leads to the original. A link *is caused by* is a reported cause where it leads to an issue whose type
is a change: links to problems and bugs have the same words.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import Any

from aftershock.sources.epochs import in_form, moment
from aftershock.sources.file_head import FileHead
from aftershock.sources.format import Format
from aftershock.sources.json_paths import at, list_at, objects_at, text_at
from aftershock.sources.raw_table import Options, RawTable
from aftershock.sources.row_builder import Fields, Record, RowBuilder
from aftershock.sources.vendors.jira_text import plain

# canonical column → the field of the API and the heads of the table
FIELDS: Fields = {
    "incident_id": ("key", "Issue key", "Key"),
    "title": ("fields.summary", "Summary"),
    "started_at": ("fields.created", "Created"),
    "resolved_at": ("fields.resolutiondate", "Resolved"),
    "status": ("fields.status.statusCategory.key", "Status Category", "fields.status.name", "Status"),
    "severity": ("Custom field (Severity)", "fields.priority.name", "Priority"),
    "services": ("fields.components.name", "Components", "Component/s"),
    "description": ("fields.description", "Description"),
    "environment": ("fields.environment", "Environment"),
    "duplicate_of": "Outward issue link (Duplicate)",
}
HIDDEN = (
    "changelog", "id", "renderedFields", "operations", "editmeta", "fields.comment", "fields.worklog",
    "fields.progress", "fields.attachment", "fields.issuelinks", "fields.subtasks", "fields.votes",
    "fields.watches", "fields.project", "fields.aggregateprogress", "fields.status", "fields.priority",
    "fields.timetracking", "fields.lastViewed", "fields.statuscategorychangedate", "Issue id", "Project lead",
    "Project url", "Project description", "Comment", "Attachment", "Log Work", "Watchers Id", "Assignee Id",
    "Reporter Id", "Creator Id", "Last Viewed", "Status", "Project lead id",
)  # fmt: skip
CATEGORIES = {"new": "open", "to do": "open", "indeterminate": "open", "in progress": "open", "done": "resolved"}
FORMS = ("%d/%b/%y %I:%M %p", "%d/%b/%Y %I:%M %p", "%d/%b/%y %H:%M", "%d/%b/%Y %H:%M")  # of a table's times
_EVENT = "(?:incident|outage|impact|disruption)"
_TIME = r"(?: (?:at|on|time|date|date/time|datetime))*"
_OWN = {  # heads of fields that a company made for what Jira has no field for; when an issue was made is not when it began
    column: re.compile(rf"(?:Custom field \((?:actual )?)?(?:{words})\)?", re.IGNORECASE)
    for column, words in {
        "started_at": rf"{_EVENT} (?:start|started|began|begin){_TIME}|start{_TIME} of (?:the )?{_EVENT}",
        "resolved_at": rf"{_EVENT} (?:end|ended|resolved){_TIME}|end{_TIME} of (?:the )?{_EVENT}",
        "services": "(?:affected|impacted) (?:services?|systems?|components?|products?|applications?)",
    }.items()
}
_ADDRESS = re.compile(r"(https?://[^/]+(?:/[^/]+)*?)/rest/api/")
_REPEATED = re.compile(r" \(\d+\)$")


def read(files: list[Path], options: Options) -> RawTable:
    builder = RowBuilder(options, FIELDS, HIDDEN, updated="fields.updated")
    for record in builder.records(files, ("issues", "values", "issue"), objects=True):
        record = replace(record, value=_gathered_columns(record.value))
        builder.add(record, _row(record))
    builder.notes = [
        note for note in builder.notes if note.reason != "repeated_column"
    ]  # every export has such columns
    return builder.table()


def _gathered_columns(value: dict) -> dict:
    """A row of the table with columns that were repeated made into lists; an issue of the API stays as it is."""
    if isinstance(value.get("fields"), dict):
        return value
    lists = defaultdict(list)
    for name, cell_ in value.items():
        lists[_REPEATED.sub("", name)].append(cell_)
    return {name: [c for c in cells if c] if len(cells) > 1 else cells[0] for name, cells in lists.items()}


def _row(record: Record) -> dict[str, object]:
    value = record.value
    ended = in_form(_own(value, "resolved_at") or text_at(value, FIELDS["resolved_at"]), *FORMS)
    status = CATEGORIES.get(text_at(value, FIELDS["status"]).lower())
    if status == "resolved" and not ended:
        ended = text_at(value, "fields.statuscategorychangedate") or _last_transition(value)
    causes = _linked(value, "is caused by", "change")
    return {
        "started_at": in_form(_own(value, "started_at") or text_at(value, FIELDS["started_at"]), *FORMS),
        "resolved_at": ended,
        "status": status or ("resolved" if ended else text_at(value, FIELDS["status"])),
        "services": list_at(value, FIELDS["services"]) or _own(value, "services"),
        "description": plain(at(value, "fields.description")) or text_at(value, "Description"),
        "environment": plain(at(value, "fields.environment")) or text_at(value, "Environment"),
        "url": _url(value),
        "duplicate_of": next(iter([*_linked(value, "duplicates"), *list_at(value, FIELDS["duplicate_of"])]), ""),
        "caused_by": causes,
        "caused_by_source": "a link in Jira" if causes else "",
    }


def _own(value: dict, column: str) -> Any:
    """What a row says in a field that the company made for this column, or Jira Service Management has for it, which may be
    a list of services; ``""`` for one without."""
    of = (str, list) if column == "services" else str
    names = (name for name, held in value.items() if held and isinstance(held, of) and _OWN[column].fullmatch(name))
    return next((value[name] for name in names), "")


def _last_transition(value: dict) -> str:
    """When an issue came to the status that it has, from its history."""
    now = text_at(value, "fields.status.name")
    reached = [
        text_at(history, "created")
        for history in objects_at(value, "changelog.histories")
        for item in objects_at(history, "items")
        if item.get("field") == "status" and item.get("toString") == now
    ]
    return max(reached, key=moment, default="")


def _linked(value: dict, words: str, kind: str = "") -> list[str]:
    """Keys of the issues that this one has such a link to, of a type whose name has this word."""
    found = []
    for link in objects_at(value, "fields.issuelinks"):
        for side, issue in (("outward", "outwardIssue"), ("inward", "inwardIssue")):
            if text_at(link, f"type.{side}").lower() == words and text_at(link, f"{issue}.key"):
                type_name = text_at(link, f"{issue}.fields.issuetype.name").lower()
                found += [text_at(link, f"{issue}.key")] if kind in type_name else []
    return found


def _url(value: dict) -> str:
    """The page that people open, from the address of the API."""
    found = _ADDRESS.match(text_at(value, "self"))
    return f"{found.group(1)}/browse/{text_at(value, 'key')}" if found else ""


def _recognises(head: FileHead, table: str) -> float:
    issues = (head, head.within("issue"))
    return 0.95 * max(*(one.share("key", "fields") for one in issues), head.share("Issue key", "Summary", "Created"))


FORMAT = Format(
    name="jira",
    title="Jira and Jira Service Management issues",
    reads={"incidents": "An issue of the search is an incident."},
    documented="https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-search/",
    suffixes=(".json", ".json.gz", ".jsonl", ".csv", ".csv.gz"),
    read=read,
    recognises=_recognises,
)
