"""Pages of JSON as APIs send them and people save them: a list, an object around a list, objects one per line, or
several such documents one after the other in a file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from aftershock.schema.errors import InputError
from aftershock.sources.json_paths import at
from aftershock.sources.raw_table import unreadable
from aftershock.sources.tabular import json_tables
from aftershock.sources.tabular.json_text import DECODER, unpacked


def documents(path: Path, text: str) -> Iterator[object]:
    """Every JSON document of a text, in order. InputError where one is broken or cut off."""
    at = _next(text, 0)
    if at == len(text):
        raise _broken(path, text, at, "an empty file", "Export the file again.")
    while at < len(text):
        begin = at
        try:
            document, at = DECODER.raw_decode(text, begin)
        except json.JSONDecodeError as error:
            raise _broken(path, text, error.pos, error.msg, "Export the file again; it may be cut off.") from error
        except RecursionError as error:
            found = "objects nested too deeply to read"
            raise _broken(path, text, at, found, "Export the records as a flat list.") from error
        yield json_tables.opened(unpacked(document, text, begin, at), text, begin, at)
        at = _next(text, at)


def records(path: Path, text: str, lists: tuple[str, ...], objects: bool = False) -> Iterator[tuple[dict, str, object]]:
    """(page, list of the page, record) of every record of a file.

    A document is a page, which is an object that holds records in lists at the paths ``lists`` (or, with ``objects``, a
    single one there); or a list of pages or of records; or one record, also one with an id whose list is empty. Records
    without a page have an empty one; where a path leads through a list, the page is its item that holds them.
    """
    for document in documents(path, text):
        if isinstance(document, list):
            for item in document:
                name = next((n for n in lists if isinstance(item, dict) and _holds_objects(item.get(n))), "")
                yield from ((item, name, record) for record in item[name]) if name else (({}, "", item),)
            continue
        page = document if isinstance(document, dict) else {}
        held = [(around, name, found) for name in lists for around, found in _held(page, name)]
        alone = {name: found for name in lists if objects and isinstance(found := at(page, name), dict)}
        inmost = [name for name in alone if not any(other.startswith(f"{name}.") for other in alone)]
        held = held or [(page, name, [alone[name]]) for name in inmost]
        for around, name, found in held:
            yield from ((around, name, record) for record in found)
        if not held or ("id" in page and not any(found for _, _, found in held)):
            yield {}, "", document


def _held(page: dict, path: str) -> list[tuple[dict, list]]:
    """(object around a list, the list) of what lies at a path, which may lead through the items of another list."""
    found = at(page, path)
    before, _, last = path.rpartition(".")
    items = at(page, before) if before and isinstance(found, list) else None
    each = items if isinstance(items, list) else []
    inner = [(item, held) for item in each if isinstance(item, dict) and isinstance(held := at(item, last), list)]
    return inner or ([(page, found)] if isinstance(found, list) else [])


def _holds_objects(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


def _next(text: str, at: int) -> int:
    """The place of the next sign that is not white space."""
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def _broken(path: Path, text: str, at: int, found: str, remedy: str) -> InputError:
    line = text.count("\n", 0, at) + 1
    column = str(at - text.rfind("\n", 0, at))
    return unreadable(path, found, "JSON", remedy, line=line, column=column)
