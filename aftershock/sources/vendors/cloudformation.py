"""Events of stacks of AWS CloudFormation: ``aws cloudformation describe-stack-events``.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackEvent.html. An operation on a stack is told by the
events of the stack itself, from ``CREATE_IN_PROGRESS`` or the like to the last one before the next operation; the events of
its resources, and of stacks inside it, are parts of it. Each stack has events of its own. What was rolled back has failed.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from aftershock.sources.epochs import moment
from aftershock.sources.format import Format
from aftershock.sources.json_paths import text_at
from aftershock.sources.raw_table import Options, RawTable
from aftershock.sources.row_builder import Fields, Record, RowBuilder

FIELDS: Fields = {
    "change_id": "EventId",
    "title": "LogicalResourceId",
    "started_at": "Timestamp",
    "services": "StackName",
    "status": "ResourceStatus",
}
HIDDEN = (
    "StackId",
    "PhysicalResourceId",
    "ResourceType",
    "ResourceProperties",
    "ClientRequestToken",
    "ResourceStatusReason",
)
LISTS = ("StackEvents", "stack_events", "StackSummaries", "stack_summaries", "Stacks", "stacks")
EXPORT = "its events, aws cloudformation describe-stack-events"
BEGINS = {"CREATE_IN_PROGRESS": "Create", "UPDATE_IN_PROGRESS": "Update", "DELETE_IN_PROGRESS": "Delete"}
BEGINS |= {"IMPORT_IN_PROGRESS": "Import resources into"}


def read(files: list[Path], options: Options) -> RawTable:
    builder = RowBuilder(options, FIELDS, HIDDEN)
    stacks: dict[str, list[Record]] = defaultdict(list)
    for written in builder.json_records(files, LISTS):
        record = _as_named(written)
        if not text_at(record.value, "EventId"):
            name = text_at(record.value, "StackName")
            builder.fold(record, "other_thing", f"no row: {name} is a stack as it is now: export {EXPORT}")
            continue
        stacks[text_at(record.value, "StackId")].append(record)
    for events in stacks.values():
        _add_operations(builder, sorted(events, key=lambda e: moment(text_at(e.value, "Timestamp"))))
    return builder.table()


def _as_named(record: Record) -> Record:
    """The record with the names of the API, which some libraries write as ``stack_name``."""
    named = {
        "".join(part[:1].upper() + part[1:] for part in key.split("_")): held for key, held in record.value.items()
    }
    return Record(record.file, record.line, named, record.held_in, record.page)


def _add_operations(builder: RowBuilder, events: list[Record]) -> None:
    """A row for each operation of one stack, at the place of the event with which it began."""
    operations: list[list[Record]] = []
    for event in events:
        if _status(event) in BEGINS and _is_of_stack(event):
            operations.append([event])
        elif operations:
            operations[-1].append(event)
        else:
            expected = "the event with which the operation on its stack began, in the same export"
            found = f"{_status(event)} of {text_at(event.value, 'LogicalResourceId')}"
            builder.reject(event, "ResourceStatus", found, expected, "Export the events before it as well.")
    for first, *others in operations:
        own = [e for e in others if _is_of_stack(e)]
        last = _status(own[-1]) if own else ""
        over = last.endswith(("_COMPLETE", "_FAILED"))
        broken = next((e for e in others if _status(e).endswith("_FAILED")), first)
        name = text_at(first.value, "StackName")
        row = {
            "kind": "infrastructure",
            "title": f"{BEGINS[_status(first)]} stack {name}",
            "description": text_at(broken.value, "ResourceStatusReason") if broken is not first else "",
            "finished_at": text_at(own[-1].value, "Timestamp") if over else "",
            "status": ("failed" if "ROLLBACK" in last or "FAILED" in last else "done") if over else "in progress",
        }
        builder.add(first, row)
        for event in others:
            builder.fold(event, "part_of_row", f"{text_at(first.value, 'EventId')}, a step of it")


def _status(event: Record) -> str:
    return text_at(event.value, "ResourceStatus")


def _is_of_stack(event: Record) -> bool:
    """Whether it tells of the stack itself, and not of a resource, which may be a stack too."""
    return text_at(event.value, "PhysicalResourceId") == text_at(event.value, "StackId")


FORMAT = Format(
    name="cloudformation",
    title="events of AWS CloudFormation",
    reads={
        "changes": "An operation on a stack is a change, as its events tell it; those of resources are parts of it."
    },
    documented="https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackEvent.html",
    suffixes=(".json", ".json.gz", ".jsonl"),
    read=read,
    recognises=lambda head, table: (
        0.97
        * max(
            head.share("StackId", "EventId", "ResourceStatus", "Timestamp"),
            head.share("stack_id", "event_id", "resource_status", "timestamp"),
            head.share("StackId", "StackName", "StackStatus", "CreationTime"),
        )
    ),
)
