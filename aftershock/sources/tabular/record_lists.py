"""What the lists inside a record of JSON say of the record itself: when each of its events was, values under their names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aftershock.schema.status_words import STATUS_WORDS, meaning, plain
from aftershock.sources.json_paths import Cell, cell, first_at, named, writable

_EVENT_KINDS = ("human_status", "type", "milestone", "status", "state", "event", "action", "name")
_EVENT_TIMES = (
    *(
        "occurred_at",
        "occurredAt",
        "timestamp",
        "at",
        "time",
        "display_at",
        "created_at",
        "createdAt",
        "date",
        "ts",
        "when",
    ),
    *("datetime", "changed_at", "changedAt", "happened_at", "event_time", "eventTime"),
)
_UPDATES = re.compile(
    r"(?:incident_?|status_?)?(?:updates?|timeline|messages)", re.IGNORECASE
)  # what pages of status tell
_STAMP = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d[\d:.]*\S*)?$")
_OF_IMPACTS = re.compile("impact|outage|disruption|downtime|periods?$", re.IGNORECASE)
_EDGES = re.compile("(?:start|began|begin|from|end|finish|until)", re.IGNORECASE)
_BEGUN = {
    "open",
    "opened",
    "reopened",
    "re opened",
    "investigating",
    "identified",
    "triggered",
    "started",
    "firing",
    "down",
}
_LINKS = re.compile("_?links", re.IGNORECASE)
ALIKE = 4  # letters that a link and what it leads through begin with, project and projects: a judgement
_TAGS = re.compile(r"tags|labels", re.IGNORECASE)
_TAG = re.compile(r"([a-z][a-z_]{1,19})(?:::|[:=])(?!//)([^\s:][^:]*)", re.IGNORECASE)  # env:prod, severity::1
_VALUES = ("text", "value", "Value")
MOST_LABEL_WORDS = 4  # of what a value is called: a judgement
MOST_KIND_WORDS = 2  # of a kind of event, more tell what happened: a judgement


def updates(record: dict) -> dict[str, str]:
    """``updates.started_at`` = when the first update was, of a record that has no time itself; and when the last update of each
    kind was, where they lie under their kinds."""
    if any(isinstance(value, str) and _STAMP.match(value) for value in record.values()):
        return {}
    found: dict[str, str] = {}
    for name, held in record.items():
        events = held if isinstance(held, list) else list(held.values()) if isinstance(held, dict) else []
        told = [str(first_at(event, *_EVENT_TIMES)) for event in events if isinstance(event, dict)]
        dated = [at for at in told if _STAMP.match(at)]
        if not _UPDATES.fullmatch(name) or 2 * len(dated) <= len(events):
            continue
        found[f"{name}.started_at"] = min(dated)
        if isinstance(held, dict) and len(told) == len(held):
            found |= {f"{name}.{writable(kind)}": at for kind, at in zip(held, told, strict=True)}
    return found


def moments(record: dict) -> dict[str, Cell]:
    """Of each list of events of a record, ``list.kind`` = when the last one of its kind was: ``milestones.resolved``, which is
    empty where it was opened again since; and when the first update was of a record that does not say itself when it began."""
    found: dict[str, Cell] = dict(updates(record))
    for name, events in record.items():
        kinds: dict[str, str] = {}
        for event in events if isinstance(events, list) else ():
            if isinstance(event, dict) and "title" in event and {"state", "status"} & event.keys():
                continue  # a thing of its own, with the state that it is in now and the time when it was made
            kind = first_at(event, *_EVENT_KINDS) if isinstance(event, dict) else None
            at = first_at(event, *_EVENT_TIMES) if isinstance(event, dict) else None
            if isinstance(kind, str) and len(kind.split()) <= MOST_KIND_WORDS and isinstance(at, (str, int, float)):
                kinds[kind] = max(kinds.get(kind, ""), writable(str(at)))
        again = max((at for kind, at in kinds.items() if plain(kind) in _BEGUN), default="")
        over = {kind for kind, at in kinds.items() if at < again and meaning(kind, STATUS_WORDS) == "resolved"}
        found |= {f"{name}.{writable(kind)}": "" if kind in over else at for kind, at in kinds.items()}
    return found


def values(record: dict, prefix: str = "") -> Iterator[tuple[str, Cell]]:
    """What lists say of the record itself: a value under its name, ``customFields.Severity`` or ``tags.env``, and when all its
    impacts together began and ended, ``impacts.startTime``."""
    for key, items in record.items():
        if isinstance(items, dict) and _LINKS.fullmatch(key):
            yield from _linked(f"{prefix}{writable(key)}", items)
        if isinstance(items, dict) and not prefix:
            yield from values(items, f"{writable(key)}.")
        if _TAGS.fullmatch(key) and isinstance(items, list) and items and all(isinstance(item, str) for item in items):
            yield from (
                (f"{prefix}{writable(key)}.{writable(said[1])}", said[2]) for t in items if (said := _TAG.fullmatch(t))
            )
        if not isinstance(items, list) or not items or not all(isinstance(item, dict) for item in items):
            continue
        if any(k in items[0] for k in _VALUES):
            yield from _under_names(f"{prefix}{writable(key)}", items)
        if _OF_IMPACTS.search(key):
            for edge in dict.fromkeys(k for item in items for k in item if _EDGES.match(k)):
                found = [str(item.get(edge) or "") for item in items]
                begins = bool(re.match("start|beg|from", edge, re.IGNORECASE))
                yield f"{prefix}{writable(key)}.{edge}", writable((min if begins else max)(found) if all(found) else "")


def _linked(name: str, links: dict) -> Iterator[tuple[str, Cell]]:
    """What links lead to, by their names: ``_links.project`` is shop where it leads to ``/api/projects/shop``."""
    for what, link in links.items():
        target = link.get("href") if isinstance(link, dict) else link
        parts = re.split(r"[?#]", target)[0].rstrip("/").split("/") if isinstance(target, str) else []
        if len(parts) > 2 and what[:ALIKE].lower() == parts[-2][:ALIKE].lower():
            yield f"{name}.{writable(what)}", writable(parts[-1])


def _under_names(name: str, items: list[dict]) -> Iterator[tuple[str, Cell]]:
    """The values of a list of named values, each under its name."""
    for item in items:
        label = first_at(item, "name", "Name", "key", "Key", "label", "field", "title", "column.title")
        value = next((item[k] for k in _VALUES if k in item), None)
        if isinstance(label, str) and len(label.split()) <= MOST_LABEL_WORDS and value not in (None, "", [], {}):
            inner = (
                first_at(value, "name", "value", "displayName", "label") if isinstance(value, dict) else named(value)
            )
            yield f"{name}.{writable(label)}", cell(inner)
