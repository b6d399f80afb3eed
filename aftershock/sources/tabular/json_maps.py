"""Records of JSON that lie under keys: under their ids or days, or in a list for each of several things."""

from __future__ import annotations

import re
from collections import Counter

DATE = "date"  # the column for what records lie under, where that is a date
RELEASE, RELEASED, PROJECT = "release", "released", "project"  # the columns of what only says when each release was
LIST = "list"  # the column that says in which of several lists a record is
MOST_RECORDS = 0.9  # share of what lies under the keys of an object that is records, next to what else a tool keeps
_OF_EXPORT = re.compile("generat|export|fetch|updat|snapshot|retriev|quer", re.IGNORECASE)
DAY = re.compile(r"\d{4}-\d{2}(?:-\d{2}(?:[T ][\d:.]+\S*)?)?|\d{1,2}[./-]\d{1,2}[./-]\d{4}")
VERSION = re.compile(r"(?:[A-Za-z][\w ]{0,20}[-_ /@])?v?\d{1,6}(?:\.\d+){1,3}(?:[-+._]?[A-Za-z][\w.+-]*|[-+]\d+)?")
_OF_RELEASES = {"time", "releases", "versions", "dates"}
_UPLOADED = re.compile("upload|publish|releas", re.IGNORECASE)
_WRITTEN = re.compile(r"(?:[A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2} \d{4}\b")  # as mail and HTTP write a day
_BASIC = re.compile(r"20\d{6}T\d{4}")
_DOTTED = re.compile(r"\d{4}[./]\d{1,2}[./]\d{1,2}(?!\d)")
_DATED = re.compile("time|date|start|begin|epoch", re.IGNORECASE)


def is_time(name: str, value: object) -> bool:
    """Whether a value is a moment, by its text or as a number by its name, and not that of the export."""
    moment = isinstance(value, str) and (
        DAY.match(value) or _BASIC.match(value) or (_DATED.search(name) and _DOTTED.match(value))
    )
    moment = moment or (isinstance(value, (int, float)) and value > 1e9 and _DATED.search(name))
    return bool(moment) and not _OF_EXPORT.search(name)


def are_records(held: dict) -> bool:
    """Whether what lies under the keys of an object is a record each, whatever lists it has."""
    return len(held) > 1 and all(map(is_plain, held.values()))


def is_plain(held: object) -> bool:
    """Whether something is an object of which most are plain values."""
    if not isinstance(held, dict):
        return False
    return sum(not isinstance(x, (list, dict)) for x in held.values()) > max(2, len(held) / 2)


def share_names(records: list[dict]) -> bool:
    """Whether most names of most records are those of most others."""
    names = Counter(name for record in records for name in record)
    usual = {name for name, held in names.items() if held > len(records) / 2}
    return sum(2 * len(usual & record.keys()) > len(record) for record in records) > len(records) / 2


def under_keys(held: dict[str, dict]) -> list[dict]:
    """The records under the keys of an object, which are their ids, or their days."""
    name = DATE if all(map(DAY.fullmatch, held)) else "id"
    return [{name: key, **record} for key, record in held.items()]


def releases(held: dict) -> list[dict] | None:
    """The releases of an object that says of each only when it was, ``{"1.2.0": "2024-03-05"}`` or the reverse, or when each of
    its files was, as PyPI does, or of one that holds such an object; None for every other."""
    inner = {k: v for k, v in held.items() if isinstance(v, dict)}
    named = [k for k in inner if str(k).lower() in _OF_RELEASES and releases(inner[k])]
    if len(inner) == 1 and not any(isinstance(v, list) for v in held.values()):
        named = list(inner)
    if len(named) == 1:
        about = held["info"] if isinstance(held.get("info"), dict) else held
        project = {PROJECT: about["name"]} if isinstance(about.get("name"), str) else {}
        return [project | one for one in found] if (found := releases(inner[named[0]])) else None
    if len(held) > 1 and all(VERSION.fullmatch(k) and isinstance(v, list) for k, v in held.items()):
        return _of_files(held)
    texts = {k: v for k, v in held.items() if isinstance(v, str)}
    made = {k: (k, v) for k, v in texts.items() if VERSION.fullmatch(k) and (DAY.match(v) or _WRITTEN.match(v))}
    made = made or {k: (v, k) for k, v in texts.items() if DAY.fullmatch(k) and VERSION.fullmatch(v)}
    if len(made) < 2 or len(made) <= len(held) / 2 or len(texts) < len(held):
        return None
    return [{RELEASE: name, RELEASED: at} for name, at in made.values()]


def _of_files(held: dict[str, list]) -> list[dict] | None:
    """The releases under whose versions lie their files, each with a time of its own: the first is that of the release. One
    without files was taken back, and says not when it was."""
    made = []
    for version, files in held.items():
        told = [
            str(v)
            for one in files
            if isinstance(one, dict)
            for k, v in one.items()
            if _UPLOADED.search(k) and is_time(k, v)
        ]
        if files and not told:
            return None
        made.append({RELEASE: version, RELEASED: max((at for at in told if at[:19] == min(told)[:19]), default="")})
    return made if any(one[RELEASED] for one in made) else None


def are_releases(records: list[dict]) -> bool:
    """Whether most records have a version, and a time or a day."""
    named = [one for one in records if {"version", "tag", "tag_name", "release"} & {str(k).lower() for k in one}]
    return sum(any(is_time(k, v) for k, v in one.items()) for one in named) > len(records) / 2


def apart(lists: dict[str, list]) -> dict[str, list]:
    """The lists by what differs between their paths: ``shop`` of ``services.shop.checks``."""
    paths = [key.split(".") for key in lists]
    first = next((n for n, parts in enumerate(zip(*paths, strict=False)) if len(set(parts)) > 1), 0)
    last = next((n for n, parts in enumerate(zip(*(p[::-1] for p in paths), strict=False)) if len(set(parts)) > 1), 0)
    return {".".join(p[first : len(p) - last]): lists[key] for key, p in zip(lists, paths, strict=True)}


def are_alike(lists: dict[str, list]) -> bool:
    """Whether several lists hold records of one kind: all have most of their names in common, and none is called a list."""
    records = [record for held in lists.values() for record in held]
    if len(lists) < 2 or not records or not all(isinstance(record, dict) and LIST not in record for record in records):
        return False
    names = [{name for record in held for name in record} for held in lists.values() if held]
    return len(names) > 1 and len(set.intersection(*names)) > len(set.union(*names)) / 2


def of_keys(held: dict) -> tuple[list[dict], list[str]] | None:
    """The records of an object that holds none in a list of its own: under its keys, each with a time, or under those of one
    of its parts, or in a list for each, ``{"entries": {"till": [{…}], "shop": [{…}]}}``; and for each record of another part
    its name. None for every other object."""
    if any(isinstance(v, list) and any(isinstance(x, dict) for x in v) for v in held.values()):
        return None
    if (made := _under(held)) is not None:
        return made, []
    parts = {k: found for k, v in held.items() if isinstance(v, dict) and (found := _under(v))}
    if len(parts) != 1:
        return None
    others = [
        k for k, v in held.items() if k not in parts and isinstance(v, dict) for x in v.values() if isinstance(x, dict)
    ]
    return next(iter(parts.values())), others


def _under(held: dict) -> list[dict] | None:
    values = list(held.values())
    if len(values) > 1 and all(isinstance(v, dict) for v in values):
        timed = sum(any(is_time(k, x) for k, x in v.items()) for v in values)
        return under_keys(held) if timed > MOST_RECORDS * len(values) and share_names(values) else None
    if len(values) > 1 and all(isinstance(v, list) and v and all(isinstance(x, dict) for x in v) for v in values):
        records = [(key, record) for key, listed in held.items() for record in listed]
        timed = sum(any(is_time(k, x) for k, x in record.items()) for _, record in records)
        if timed > MOST_RECORDS * len(records) and share_names([record for _, record in records]):
            name = DATE if all(map(DAY.fullmatch, held)) else LIST
            return [{name: key, **record} for key, record in records]
    return None
