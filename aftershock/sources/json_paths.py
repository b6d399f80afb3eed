"""Dotted paths into nested records, and what lies at their end as a cell.

``service.summary`` leads through objects; through a list it leads into each of its items, so ``components.name`` is the
list of all names; a number picks one item (``updates.0.body``, ``updates.-1.body``), a condition those for which it holds
(``milestones[type=started].occurred_at``). A key that itself holds dots is found too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

from aftershock.sources.epochs import from_epoch
from aftershock.sources.person_fields import PERSON_KEYS, is_person_field
from aftershock.sources.pseudonyms import without_addresses

DEEPEST = 20  # levels of a record that are taken apart: a judgement, far beyond what exports have

_TICKS = re.compile(r"/Date\((-?\d+)(?:[+-]\d{4})?\)/")
_CONDITION = re.compile(r"([^\[\]]+)\[([^\[\]=]+)=([^\[\]]*)\](?:\.(.+))?")

# Addresses of pictures and of the API say nothing to a reader.
_FURNITURE = frozenset(("_links", "_expands", "avatarurls", "avatar_url", "expand", "iconurl", "self", "node_id"))


def at(value: object, path: str) -> object:
    """What lies at a path, ``None`` where there is nothing."""
    if not path:
        return value
    if isinstance(value, list):
        first, _, rest = path.partition(".")
        if re.fullmatch(r"-?\d{1,9}", first):
            return at(value[int(first)], rest) if -len(value) <= int(first) < len(value) else None
        found = [at(item, path) for item in value]
        return [x for f in found for x in (f if isinstance(f, list) else [f]) if x is not None] or None
    if not isinstance(value, dict):
        return None
    if path in value:
        return value[path]
    if "[" in path and (asked := _CONDITION.fullmatch(path)):
        return _picked(at(value, asked[1]), *asked.groups()[1:])
    parts = path.split(".")
    for cut in range(1, len(parts)):
        head = ".".join(parts[:cut])
        if head in value:
            return at(value[head], ".".join(parts[cut:]))
    return None


def _picked(items: object, key: str, word: str, rest: str | None) -> object:
    """What lies at the rest of a path in those of the items whose key has this word, of whatever case."""
    listed = items if isinstance(items, list) else [items]
    chosen = [x for x in listed if isinstance(x, dict) and str(cell(at(x, key))).lower() == word.lower()]
    return (at(chosen, rest) if rest else chosen) or None


Route = str | tuple[str, ...]  # one path, or several of which the first counts that leads somewhere
Cell = str | list[str]


def several(path: Route) -> tuple[str, ...]:
    return (path,) if isinstance(path, str) else path


def first_at(value: object, *paths: Route) -> object:
    """What lies at the first of these paths that leads to something that is not empty."""
    each = (one for path in paths for one in several(path))
    return next((found for path in each if (found := at(value, path)) not in (None, "", [])), None)


def text_at(value: object, *paths: Route) -> str:
    """The same as text; ``""`` where there is nothing, or something that is not a single value."""
    found = cell(first_at(value, *paths))
    return found if isinstance(found, str) else "; ".join(found)


def list_at(value: object, *paths: Route) -> list[str]:
    """The same as a list of text, each once."""
    found = cell(first_at(value, *paths))
    return list(dict.fromkeys(x for x in ([found] if isinstance(found, str) else found) if x))


def objects_at(value: object, path: str) -> list[dict]:
    """The objects of the list that lies at a path; anything else is left out."""
    found = at(value, path)
    return [x for x in found if isinstance(x, dict)] if isinstance(found, list) else []


def flat(
    record: Mapping, prefix: str = "", depth: int = 0, of: Callable[[object], object] = lambda value: value
) -> Iterator[tuple[str, Cell]]:
    """(dotted name, cell) of every value, of which ``of`` is taken; what is nested deeper than DEEPEST is kept as JSON
    text."""
    for key, held in record.items():
        name, value = f"{prefix}{writable(key)}", bare(held)
        if isinstance(value, dict) and value and depth < DEEPEST:
            yield from flat(value, f"{name}.", depth + 1, of)
        else:
            yield name, cell(of(value))


_TYPES = {"$date", "$oid", "$numberLong", "$numberInt", "$numberDouble", "$numberDecimal", "S", "N", "BOOL", "M"}
_SECONDS, _NANOS = {"seconds", "_seconds"}, {"nanos", "_nanos", "nanoseconds", "_nanoseconds"}


def bare(value: object) -> object:
    """The value in an object that says no more than its type, as MongoDB and DynamoDB export them, and the seconds of a moment
    of Protobuf and Firestore; every other value as it is."""
    while isinstance(value, dict) and len(value) == 1 and next(iter(value)) in _TYPES:
        (value,) = value.values()
    if isinstance(value, dict) and len(value) == 2 and set(value) <= _SECONDS | _NANOS and set(value) & _SECONDS:
        return next(held for name, held in value.items() if name in _SECONDS)
    return value


def cell(value: object) -> Cell:
    """A value of JSON as a cell: text, a list of text, or ``""`` for null."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and all(not isinstance(v, (dict, list)) for v in value):
        return [writable(str(v).strip()) for v in value if v is not None]
    if isinstance(value, (dict, list)):
        return writable(json.dumps(value, ensure_ascii=False, default=str))
    text = writable(str(value).strip())
    return _from_ticks(text) if text.startswith("/Date(") else text


def _from_ticks(text: str) -> str:
    """A moment as ASP.NET writes it, ``/Date(1619793300000)/``; one of before 1970 stands for none."""
    found = _TICKS.fullmatch(text)
    return text if not found else "" if found[1].startswith("-") else from_epoch(found[1], "ms")


_TEXTS = ("__text__", "#text", "$t", "_text")  # what converters of XML call the text of an element
_NAMES = (
    "name",
    "display_name",
    "displayName",
    "summary",
    "title",
    "label",
    "full_name",
    "targetName",
    "value",
    "key",
    "slug",
    "component",
    "service",
    "filename",
    "new_path",
    "path",
    "id",
)


def named(value: object) -> object:
    """A list of objects as the names that they have; any other value as it is."""
    if not isinstance(value, list) or not value or not all(isinstance(v, dict) for v in value):
        return value
    objects = [next((v[w] for w in ("data", "attributes", "node") if isinstance(v.get(w), dict)), v) for v in value]
    objects = [o["attributes"] if isinstance(o.get("attributes"), dict) else o for o in objects]
    objects = [
        held[0] if len(held := [v for v in o.values() if isinstance(v, dict)]) == 1 == len(o) else o for o in objects
    ]
    key = next((k for k in _NAMES if all(isinstance(o.get(k), (str, int, float)) for o in objects)), "")
    if not key and (text := next((k for k in _TEXTS if all(isinstance(o.get(k), str) for o in objects)), "")):
        return value[0][text].strip() if len(value) == 1 else [o[text].strip() for o in objects]
    return [o[key] for o in objects] if key else value


def writable(text: str) -> str:
    """Half of a surrogate pair, which JSON can hold and no file can, becomes a question mark."""
    return text.encode("utf-8", "replace").decode()


def presentable(record: Mapping) -> dict[str, object]:
    """A record less people, mail addresses and what only machines read; empty when the record itself is a person."""
    found = _presentable(record, 0)
    return found if isinstance(found, dict) else {}


def _presentable(value: object, depth: int) -> object:
    if isinstance(value, dict) and PERSON_KEYS & value.keys():
        return ""
    if isinstance(value, dict) and depth < DEEPEST:
        return {k: _presentable(v, depth + 1) for k, v in value.items() if not _withheld(str(k))}
    if isinstance(value, list) and depth < DEEPEST:
        return [x for v in value if (x := _presentable(v, depth + 1)) not in ("", {})]
    return without_addresses(value) if isinstance(value, str) else value


@lru_cache(maxsize=10_000)
def _withheld(name: str) -> bool:
    return is_person_field(name) or name.lower() in _FURNITURE
