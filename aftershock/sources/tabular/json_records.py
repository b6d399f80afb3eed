"""JSON (a list of objects, or an object that holds one), JSON Lines (an object per line) and YAML.

Nested objects become columns with dotted names (``times.start``); lists of plain values stay lists. ``line`` counts
records for JSON and lines for JSON Lines.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from aftershock.output.phrases import listed
from aftershock.schema.errors import InputError, Problem
from aftershock.schema.tables import FoldedRecord
from aftershock.sources.file_head import FileHead, generic_confidence
from aftershock.sources.format import Format
from aftershock.sources.json_paths import Cell, first_at, flat, named, objects_at
from aftershock.sources.raw_table import Options, RawTable, check_width, text, unreadable
from aftershock.sources.tabular import json_maps, json_pages, record_lists, yaml_documents
from aftershock.sources.tabular.json_text import DECODER, carried, unpacked

_Held = tuple[Sequence[object], list[str]]  # records, and for each record of another list the name of that
_SEVERAL, _BESIDE = "several lists", "no row: it is in the list {}"
MOST_WRAPPED = 8  # objects around the list of records: a judgement
_RECORDS = {
    *("data", "items", "results", "records", "values", "value", "entries", "incidents", "issues", "alerts"),
    *("events", "tickets", "requests", "problems", "outages", "changes", "deployments", "releases", "builds", "runs"),
    *("workflow_runs", "pipelines", "hits", "nodes", "edges", "rows", "result", "response", "payload", "features"),
    *("maintenances", "maintenance", "scheduled_maintenances", "executions"),
}
_OF_TABLES = {  # of several lists of records, those that belong to each table
    "incidents": {"incidents", "issues", "alerts", "tickets", "problems", "outages"},
    "changes": {
        "changes",
        "deployments",
        "releases",
        "builds",
        "pipelines",
        "maintenances",
        "scheduled_maintenances",
        "maintenance",
    },
}
_OF_ALL = {
    *("service", "service_name", "application", "app", "component", "system", "project", "product", "pipeline"),
    *("repository", "repo", "environment", "env", "timezone", "time_zone"),
}
_AROUND_HOOKS = {"repository", "organization", "sender", "installation", "enterprise"}
_ONE = {"incident", "alert", "issue", "ticket", "outage", "problem", "change", "deployment", "release", "build"}
_OF_RECORDS = _RECORDS - {  # the others may be parts of one
    *("alerts", "events", "requests", "changes", "deployments", "releases", "builds"),
}
_NAMES_IT = re.compile(
    r"(?:^|[_ .]|(?i:incident|ticket|case|issue|outage|event|alert|problem|host))"
    r"(?i:id|key|number|ref|uuid|title|name|summary|subject)$"
    r"|(?<=[a-z])(?:I[dD]|Key|Number|Title)$"
)
_IS_ONE = re.compile(  # what a record says of itself, and an object around records does not
    r"severity|priority|impact|urgency|^status$|^state$|start|began|occurred|detected|resolved|ended|end_?(?:time|date|at)|duration"
    r"|^services?$|affected|root_?cause|^components?$|scheduled",
    re.IGNORECASE,
)
_ITSELF = re.compile(rf"(?:^|_)id$|{_IS_ONE.pattern}", re.IGNORECASE)  # what a group of records has not
MOST_KEYS = 6  # of an object, that are named where it is no record


def read(files: list[Path], options: Options) -> RawTable:
    records: list[object] = []
    places: list[tuple[str, int]] = []
    notes: list[Problem] = []
    others: list[FoldedRecord] = []
    for path in files:
        content, encoding = text(path)
        notes += encoding
        held, beside = _list_in(path, list(json_pages.documents(path, content)), options.table)
        records += held
        places += [(path.name, number) for number in range(1, len(held) + 1)]
        others += [FoldedRecord(path.name, None, "other_list", _BESIDE.format(name)) for name in beside]
    return replace(_table(records, places, [], notes), folded=others, records=-1)


def read_lines(files: list[Path], options: Options) -> RawTable:
    records: list[object] = []
    places: list[tuple[str, int]] = []
    problems: list[Problem] = []
    notes: list[Problem] = []
    for path in files:
        content, encoding = text(path)
        notes += encoding
        for number, line in enumerate(content.split("\n"), start=1):
            if not line.strip():
                continue
            try:
                records.append(unpacked(DECODER.decode(line), line))
                places.append((path.name, number))
            except (ValueError, RecursionError) as error:
                problems.append(
                    Problem(
                        path.name,
                        number,
                        None,
                        f"{line.strip()[:60]!r} ({error})",
                        "one JSON object per line",
                        "Fix or remove the line.",
                        "unreadable_record",
                    )
                )
    return _table(records, places, problems, notes)


def read_yaml(files: list[Path], options: Options) -> RawTable:
    """The items of documents that are lists or hold one, else the documents; ``line`` is where the document begins."""
    records: list[object] = []
    places: list[tuple[str, int]] = []
    problems: list[Problem] = []
    others: list[FoldedRecord] = []
    for path in files:
        for line, value in yaml_documents.documents(path):
            if isinstance(value, Problem):
                problems.append(value)
                continue
            try:
                held, beside = _list_in(path, [value], options.table)
            except InputError as error:
                only_parts = isinstance(value, dict) and all(isinstance(v, (list, dict)) for v in value.values())
                if only_parts or _SEVERAL in str(error):
                    raise
                held, beside = [value], []  # a document that is none of these is a record
            records += held
            places += [(path.name, line)] * len(held)
            others += [FoldedRecord(path.name, line, "other_list", _BESIDE.format(name)) for name in beside]
    return replace(_table(records, places, problems, []), folded=others, records=-1)


def _list_in(path: Path, documents: list[object], table: str) -> _Held:
    """The records of a file: a list; the one list of objects that an object holds, however deep, or of several the one that
    is called after the table, or all, with their names, where they are alike, such as one for each service; objects under
    their ids or days; one record; or several such documents, one after the other. And for each record of another list its
    name."""
    if len(documents) > 1:
        parts = [_list_in(path, [document], table) for document in documents]
        return [record for held, _ in parts for record in held], [name for _, beside in parts for name in beside]
    parsed = documents[0]
    if isinstance(parsed, list):
        return _unnested(parsed), []
    held = _in_object(path, parsed, table) if isinstance(parsed, dict) else None
    if held is not None:
        return held
    expected = "a list of objects, or an object that holds one list"
    found = (
        f"one object, of {listed(list(map(repr, parsed)), MOST_KEYS)}"
        if isinstance(parsed, dict) and parsed
        else "no list"
    )
    raise unreadable(path, found, expected, "Export the records as a list.")


def _in_object(path: Path, parsed: dict, table: str) -> _Held | None:
    """The records that an object is or holds, as :func:`_list_in` gives them; None where it holds none."""
    if (one := _single(parsed)) is not None:
        return [one], []
    if {"apiVersion", "kind", "metadata"} <= parsed.keys() and "items" not in parsed:  # of a cluster
        return [parsed], []
    if (releases := json_maps.releases(parsed)) is not None:
        return releases, []
    records = {k: v for k, v in parsed.items() if json_maps.is_plain(v)}
    mostly = len(records) > 1 and len(records) > json_maps.MOST_RECORDS * len(parsed)
    if mostly and json_maps.share_names(list(records.values())):
        return json_maps.under_keys(records), [k for k in parsed if k not in records]
    if (keyed := json_maps.of_keys(parsed)) is not None:
        return keyed
    lists = _lists(parsed, 0)
    of_words = lists and not lists.keys() & _RECORDS and not any(isinstance(x, dict) for v in lists.values() for x in v)
    if of_words and _is_known_and_timed(parsed):
        return [parsed], []  # with its tags
    if (held := _in_part(path, parsed, table, lists) or _in_lists(parsed, table, lists)) is not None:
        return held
    of_ids = len(parsed) > 1 or any(sign.isdigit() for key in parsed for sign in key)
    objects = of_ids and all(isinstance(v, dict) and len(v) > 1 for v in parsed.values())
    if objects and json_maps.share_names([*parsed.values()]):
        return json_maps.under_keys(parsed), []
    inside = next(iter(parsed.values()), None)
    if len(parsed) == 1 and isinstance(inside, dict) and _is_known_and_timed(inside):
        return [inside], []  # the answer to who asks for one: {"pullRequest": {...}}
    if len(_of_records(lists)) > 1:
        found, expected = (
            f"{_SEVERAL}: {', '.join(_of_records(lists))}",
            "a list of objects, or an object that holds one",
        )
        raise unreadable(path, found, expected, "Save the list of the records alone, as JSON.")
    return None


def _in_part(path: Path, parsed: dict, table: str, lists: dict[str, list]) -> _Held | None:
    """The records in the one part of an object that is called after them, or that holds all of its ``lists`` in records."""
    parts = {k: v for k, v in parsed.items() if isinstance(v, dict) and v}
    under = [k for k in parts if str(k).lower() in _RECORDS and not lists]
    if not under and not json_maps.are_records(parsed):
        able = [k for k, v in parts.items() if json_maps.are_records(v)]
        under = [k for k in able if all(name.startswith(f"{k}.") for name in lists)]
        under = under * (len(under) == 1)
    if not under:
        return None
    others = [k for k, v in parts.items() if k != under[0] for record in v.values() if isinstance(record, dict)]
    held, beside = _list_in(path, [parsed[under[0]]], table)
    return held, [*beside, *others]


def _of_records(lists: dict[str, list]) -> dict[str, list]:
    """Of several lists those called as lists of records are: others hold what belongs to them."""
    called = {
        k: v
        for k, v in lists.items()
        if k.rsplit(".", 1)[-1].lower() in _RECORDS or any(_is_called(k, t) for t in _OF_TABLES)
    }
    return called if called and len(lists) > 1 else lists


def _in_lists(parsed: dict, table: str, there: dict[str, list]) -> _Held | None:
    """The records of the one list of an object, or of the one that is called after the table, or of all that are alike."""
    lists = _of_records(there)
    own = [k for k in lists if _is_called(k, table)]
    if len(lists) == 1 or len(own) == 1:
        name = own[0] if own else next(iter(lists))
        beside = [k for k, v in there.items() if k != name for _ in v]
        parts = {k: v for k, v in parsed.items() if isinstance(v, dict) and v}
        beside += [k for k, v in parts.items() if not name.startswith(f"{k}.") and _is_alike(v, lists[name])]
        said = _said_of_all(parsed, name)
        inner = [_inner(record) for record in lists[name]]
        return _unnested([{**said, **one} if isinstance(one, dict) else one for one in inner]), beside
    if json_maps.are_alike(lists) and not json_maps.are_records(parsed):
        name = json_maps.DATE if all(map(json_maps.DAY.fullmatch, lists)) else json_maps.LIST
        return [{name: key, **record} for key, held in json_maps.apart(lists).items() for record in held], []
    return None


def _is_called(path: str, table: str) -> bool:
    """Whether a list is called after a table: ``incidents``, ``recentIncidents``, ``past_incidents``."""
    name = path.rsplit(".", 1)[-1]
    return bool({name.lower(), re.split(r"_|(?<=[a-z])(?=[A-Z])", name)[-1].lower()} & _OF_TABLES.get(table, set()))


def _said_of_all(held: dict, path: str) -> dict[str, str]:
    """What the objects around a list say of all of its records: ``environment``, or the ``name`` of their ``repository``."""
    said: dict[str, str] = {}
    for key in path.split("."):
        own = {k: v for k, v in held.items() if k != key and str(k).lower() in _OF_ALL}
        said |= {k: name for k, v in own.items() if isinstance(name := _name(v), str)}
        held = held[key] if isinstance(held.get(key), dict) else {}
        if key.lower() in _OF_ALL and isinstance(name := _name(held), str):
            said[key] = name
    return said


def _name(held: object) -> object:
    """What something is called, which may be an object with its name."""
    return first_at(held, "nameWithOwner", "full_name", "name") if isinstance(held, dict) else held


def _unnested(listed: list[object]) -> list[object]:
    """The records, where a list holds groups of them, such as the services of a status page with the events of each: what a
    group says of itself is said of each of its records."""
    groups = [group for group in listed if isinstance(group, dict)]
    if len(groups) != len(listed) or any(map(_has_time_and_more, groups[:1])):
        return listed
    lists = {k: v for group in groups for k, v in _lists(group, 0).items() if v}
    within = [k for k, v in lists.items() if all(isinstance(x, dict) for x in v)]
    if len(within) != 1:
        return listed
    name, made = within[0], []
    called = name.rpartition(".")[2].lower()
    of_records = called in _OF_TABLES["incidents"] | _OF_TABLES["changes"]
    for group in groups:
        own = {k: v for k, v in group.items() if k != name and not isinstance(v, (list, dict))}
        if _has_time_and_more(group) or (not of_records and any(map(_ITSELF.search, own))):
            return listed
        days = any(json_maps.is_time(k, v) for k, v in own.items())  # of records that say themselves when each was
        own = {} if days else own
        timed = [any(json_maps.is_time(k, v) for k, v in one.items()) for one in objects_at(group, name)]
        if days and not (of_records and all(timed)):
            return listed
        for record in objects_at(group, name):
            made.append({f"{json_maps.LIST}.{k}" if k in record else k: v for k, v in own.items()} | record)
    able = all(map(_is_record, made)) or (called in _RECORDS and all("id" in record for record in made))
    able = able or (of_records and any(map(_is_of_a_day, groups))) or json_maps.are_releases(made)
    return [*made] if able else listed


def _is_of_a_day(group: dict) -> bool:
    """Whether all that a group says of itself is a time."""
    own = [(k, v) for k, v in group.items() if not isinstance(v, (list, dict))]
    return bool(own) and all(json_maps.is_time(k, v) for k, v in own)


def _has_time_and_more(group: dict) -> bool:
    """Whether what a group says of itself has a time and something else: then it is a record."""
    return any(json_maps.is_time(k, v) for k, v in group.items()) and not _is_of_a_day(group)


def _single(document: dict) -> dict | None:
    """The one record that a document is, or holds next to its parts under the name of what it is, also of what a hook of
    GitHub says that somebody did something with: ``{"action": …, "check_run": {…}, "sender": {…}}``."""
    inside = document.get("data")
    about = inside.get("attributes") if isinstance(inside, dict) else None
    if isinstance(inside, dict) and {"id", "type"} < inside.keys() and isinstance(about, dict):
        return inside if _is_record({"id": inside["id"], **about}) else None  # as JSON:API answers who asks for one
    if isinstance(document.get("action"), str) and "sender" in document:
        of = next((k for k, v in document.items() if isinstance(v, dict) and "id" in v and k not in _AROUND_HOOKS), "")
        return {**{k: v for k, v in document.items() if k != of}, **document[of]} if of else None
    for name, held in document.items():
        if str(name).lower() in _ONE and isinstance(held, dict) and _is_record(held):
            return {**{k: v for k, v in document.items() if k != name}, **held}
    return document if _is_record(document) else None


def _is_record(held: dict) -> bool:
    """Whether an object is a record and its lists are parts: it has a name or an id, a time, and something that only a
    record has, and no list that is called after records."""
    itself = held.get("id") and held.get("status") and (held.get("title") or held.get("summary"))
    began = any(json_maps.is_time(k, held[k]) for k in ("started_at", "startedAt", "start_time") if k in held)
    of_records = any(str(k).lower() in _OF_RECORDS and isinstance(v, (list, dict)) for k, v in held.items())
    if of_records and not (
        itself and began
    ):  # with all of these it has others beside it, such as the alert's incidents
        return False
    lists = [v for v in held.values() if isinstance(v, list) and any(isinstance(x, dict) for x in v)]
    said = list(held) if lists else [k.rpartition(".")[2] for k, c in flat(held) if isinstance(c, str) and c]
    return _is_known_and_timed(held) and any(map(_IS_ONE.search, map(str, said)))


def _is_known_and_timed(held: dict) -> bool:
    """Whether an object has a name or an id, or nothing in it but what is said of one thing, and a time."""
    plain = {k: str(c) for k, c in flat(held) if isinstance(c, str) and c}
    timed = any(json_maps.is_time(name, text) for name, text in plain.items())
    timed = timed or any(json_maps.is_time(k, v) for k, v in held.items()) or bool(record_lists.updates(held))
    own = [str(k) for k, v in held.items() if v and not isinstance(v, (list, dict))]
    return timed and (any(map(_NAMES_IT.search, own)) or len(own) == len(held))


def _is_alike(one: dict, records: list) -> bool:
    """Whether an object next to a list has most of the names that the first of its records has, and so is one itself."""
    first = next((record for record in records if isinstance(record, dict)), {})
    return 2 * len(one.keys() & first.keys()) > max(len(one), len(first), 2)


def _lists(held: dict, depth: int) -> dict[str, list]:
    """The lists inside an object by their paths: those of objects, and where there are none all."""
    found = {k: v for k, v in held.items() if isinstance(v, list)}
    of_objects = {k: v for k, v in found.items() if any(isinstance(x, dict) for x in v)}
    if not of_objects and depth < MOST_WRAPPED:
        inner = {f"{k}.{n}": v for k, o in held.items() if isinstance(o, dict) for n, v in _lists(o, depth + 1).items()}
        of_objects = {k: v for k, v in inner.items() if any(isinstance(x, dict) for x in v)}
    return of_objects or (
        {k: v for k, v in found.items() if k.lower() in _RECORDS or len(found) == 1} if depth < 2 else {}
    )


def _inner(record: object) -> object:
    """The record itself, without what a search or a connection of GraphQL puts around it."""
    for key in ("_source", "node"):
        if isinstance(record, dict) and isinstance(record.get(key), dict):
            return carried(record[key])
    return record


def _table(
    records: list[object], places: list[tuple[str, int]], problems: list[Problem], notes: list[Problem]
) -> RawTable:
    rows: list[dict[str, Cell]] = []
    kept: list[tuple[str, int]] = []
    columns: dict[str, None] = {}
    for record, (file, line) in zip(records, places, strict=True):
        if not isinstance(record, dict):
            problems.append(
                Problem(
                    file,
                    line,
                    None,
                    f"{json.dumps(record)[:60]}",
                    "an object with named values",
                    "Fix or remove the record.",
                    "unreadable_record",
                )
            )
            continue
        row = dict(flat(record, of=named)) | record_lists.moments(record) | dict(record_lists.values(record))
        columns.update(dict.fromkeys(row))
        check_width(Path(file), len(columns))
        rows.append(row)
        kept.append((file, line))
    return RawTable.of(rows, kept, columns=list(columns), problems=problems, notes=notes)


def _recogniser(kind: str) -> Callable[[FileHead, str], float]:
    """Takes any table of this kind: surer the more of its columns have canonical names, less sure than a vendor's format."""

    def recognises(head: FileHead, table: str) -> float:
        if head.kind != ("yaml" if kind == "yaml" else "json") or (kind == "jsonl") != head.lines:
            return 0.0
        return generic_confidence(head, table)

    return recognises


_READS = {
    "incidents": "An object is an incident.",
    "changes": "An object is a change.",
    "dependencies": "An object is an edge of the service graph.",
}
FORMAT = Format(
    name="json",
    title="JSON: a list of objects, or an object that holds one list",
    reads=_READS,
    documented="",
    suffixes=(".json", ".json.gz"),
    read=read,
    recognises=_recogniser("json"),
)
LINES = Format(
    name="jsonl",
    title="JSON Lines: an object per line",
    reads=_READS,
    documented="",
    suffixes=(".jsonl", ".jsonl.gz", ".ndjson"),
    read=read_lines,
    recognises=_recogniser("jsonl"),
)
YAML = Format(
    name="yaml",
    title="YAML: a list of objects, or a document each",
    reads=_READS,
    documented="https://yaml.org/spec/1.2.2/",
    suffixes=(".yaml", ".yml"),
    read=read_yaml,
    recognises=_recogniser("yaml"),
)
