"""CDEvents incident events: ``incident.detected``, ``incident.reported`` and ``incident.resolved``, paired into rows.

https://github.com/cdevents/spec/blob/main/continuous-operations.md; the envelope is that of ``spec.md``: ``context`` and
``subject``, alone or as the ``data`` of a CloudEvent. A subject's id is unique within its source, which defaults to the
event's. An end that comes from another source (a ticket system, say) joins the one incident of its id that is known.

The first event is the start that is known; no event says when users began to be affected. An incident that is detected
again after its end is open again.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from aftershock.sources.epochs import moment
from aftershock.sources.file_head import FileHead
from aftershock.sources.format import Format
from aftershock.sources.json_paths import at, text_at
from aftershock.sources.raw_table import Options, RawTable
from aftershock.sources.row_builder import Fields, Record, RowBuilder

FIELDS: Fields = {
    "incident_id": "subject.id",
    "title": "subject.content.description",
    "started_at": "context.timestamp",
    "services": "subject.content.service.id",
    "environment": "subject.content.environment.id",
    "url": "subject.content.ticketURI",
}
HIDDEN = ("context", "subject", "specversion", "id", "source", "type", "time", "datacontenttype", "data")
_TYPE = re.compile(r"dev\.cdevents\.(\w+)\.(\w+)\.\d")
OPENS, ENDS = ("detected", "reported"), ("resolved",)
MERGED = {name: FIELDS[name] for name in ("services", "environment", "url")}  # which any of the events may have


def read(files: list[Path], options: Options) -> RawTable:
    builder = RowBuilder(options, FIELDS, HIDDEN)
    groups = _grouped(list(events(builder, files, "incident", (*OPENS, *ENDS))))
    sources = Counter(id for _, id in groups)
    for (source, id), of_one in groups.items():
        _add(builder, f"{source}/{id}" if sources[id] > 1 else id, of_one)
    return builder.table()


def events(builder: RowBuilder, files: list[Path], subject: str, predicates: tuple[str, ...]) -> Iterator[Record]:
    """The events of a subject that have one of these predicates, with the CDEvent as value; others are accounted for."""
    for record in builder.json_records(files, ("events",)):
        inner = at(record.value, "data")
        value = inner if isinstance(inner, dict) and "context" in inner else record.value
        found = _TYPE.match(text_at(value, "context.type"))
        if found and found.group(1) == subject and found.group(2) in predicates:
            yield Record(record.file, record.line, value)
        elif found:
            builder.fold(record, "other_thing", f"no row: an event {found.group(1)}.{found.group(2)}")
        else:
            kind = repr(text_at(value, "context.type", "type")[:60])
            expected = f"a type such as dev.cdevents.{subject}.{predicates[0]}.0.3.0"
            builder.reject(record, "context.type", kind, expected, "Fix or remove the event.")


def predicate(event: Record) -> str:
    """What happened to the subject of an event, such as ``resolved``; ``""`` when its type is none of CDEvents."""
    found = _TYPE.match(text_at(event.value, "context.type"))
    return found[2] if found else ""


def _grouped(events: list[Record]) -> dict[tuple[str, str], list[Record]]:
    """(source, id) of each incident → its events in order of time."""
    openers: dict[str, set[str]] = defaultdict(set)
    for event in events:
        if predicate(event) in OPENS:
            openers[text_at(event.value, "subject.id")].add(_source(event))
    groups: dict[tuple[str, str], list[Record]] = defaultdict(list)
    for event in events:
        id, source = text_at(event.value, "subject.id"), _source(event)
        known = openers[id]
        groups[(source if source in known or len(known) != 1 else next(iter(known)), id)].append(event)
    return {key: sorted(of_one, key=lambda e: moment(_stamp(e))) for key, of_one in groups.items()}


def _source(event: Record) -> str:
    return text_at(event.value, "subject.source", "context.source")


def _stamp(event: Record) -> str:
    return text_at(event.value, FIELDS["started_at"])


def _add(builder: RowBuilder, id: str, events: list[Record]) -> None:
    """One row of the events of one incident, at the place of the first; the others are folded into it."""
    opening = [e for e in events if predicate(e) in OPENS]
    first, last = (opening or events)[0], events[-1]
    over = predicate(last) in ENDS
    merged = [(name, next((t for e in events if (t := text_at(e.value, path))), "")) for name, path in MERGED.items()]
    row = {
        **dict(merged),
        "incident_id": id,
        "title": text_at(first.value, FIELDS["title"]),
        "started_at": _stamp(first) if opening else "",
        "resolved_at": _stamp(last) if over else "",
        "status": "resolved" if over else "open",
        "artifact": next((a for e in events if (a := text_at(e.value, "subject.content.artifactId"))), ""),
    }
    builder.add(first, row)
    for event in events:
        if event is not first:
            builder.fold(event, "part_of_row", f"{id}: it was {predicate(event)}")


def _recognises(head: FileHead, table: str) -> float:
    events = [r.get("data") if isinstance(r.get("data"), dict) else r for r in head.records]
    known = sum(text_at(e, "context.type").startswith("dev.cdevents.incident.") for e in events)
    return 0.98 * min(1.0, 2 * known / len(events)) if events else 0.0


FORMAT = Format(
    name="cdevents",
    title="CDEvents of incidents",
    reads={"incidents": "The events detected, reported and resolved of one incident are an incident."},
    documented="https://github.com/cdevents/spec/blob/main/continuous-operations.md",
    suffixes=(".json", ".json.gz", ".jsonl", ".ndjson"),
    read=read,
    recognises=_recognises,
)
