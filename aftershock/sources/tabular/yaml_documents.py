"""Files of several YAML documents, from sources that need not be trusted.

Every scalar but ``null`` is read as text, so no tag can make an object and no number or date can overflow. Merge keys
(``<<``) are not followed and aliases are references, not copies: neither can blow up a small file. A document that is nested
too deeply is refused before it is built, and one that is broken does not spoil the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import yaml

from aftershock.schema.errors import InputError, Problem
from aftershock.sources.raw_table import content

MOST_BYTES = 20_000_000  # a judgement: the catalogue of about 20,000 services
DEEPEST = 50  # levels: a judgement, far beyond what catalogues have


class _LOADER(getattr(yaml, "CBaseLoader", yaml.BaseLoader)):  # type: ignore[misc]
    """Reads every scalar as text, and ``null`` as nothing."""


_LOADER.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|Null|NULL)$"), list("~nN"))
_LOADER.add_constructor("tag:yaml.org,2002:null", lambda loader, node: None)
_BREAK = re.compile(r"^---(?=\s|$)", re.MULTILINE)


def documents(path: Path) -> Iterator[tuple[int, object | Problem]]:
    """(line of its beginning, document or what is wrong with it) of each document; empty ones are left out."""
    data = content(path)
    if len(data) > MOST_BYTES:
        found, expected = f"{len(data):,} bytes", f"at most {MOST_BYTES:,}"
        raise InputError.of(Problem(path.name, None, None, found, expected, "Split the file.", "too_large"))
    yield from of_text(path, data.decode("utf-8-sig", errors="replace"))


def records(path: Path) -> Iterator[tuple[int, object | Problem]]:
    """The same with the items of a document that is a list, each at the line of the document."""
    yield from each_record(documents(path))


def each_record(documents: Iterator[tuple[int, object]]) -> Iterator[tuple[int, object]]:
    """Documents, and in place of those that are lists, or a list of Kubernetes, their items."""
    for line, value in documents:
        if isinstance(value, dict) and ("apiVersion" in value or str(value.get("kind")).endswith("List")):
            value = value["items"] if isinstance(value.get("items"), list) else value
        yield from ((line, item) for item in value) if isinstance(value, list) else ((line, value),)


def of_text(path: Path, text: str) -> Iterator[tuple[int, object | Problem]]:
    """The same of the text of a file."""
    begins = [0, *(m.end() for m in _BREAK.finditer(text))]
    ends = [*(m.start() for m in _BREAK.finditer(text)), len(text)]
    for begin, end in zip(begins, ends, strict=True):
        body = text[begin:end]
        if all(line.strip() == "" or line.lstrip()[0] in "#%" for line in body.splitlines()):
            continue
        line = text.count("\n", 0, begin + len(body) - len(body.lstrip())) + 1
        yield line, _loaded(path, line, text.count("\n", 0, begin) + 1, body)


def _loaded(path: Path, line: int, first: int, body: str) -> object | Problem:
    """The document of a body whose text begins at ``line``; ``first`` is the line on which the body itself does."""
    try:
        if _depth(body) > DEEPEST:
            return _problem(path, line, f"a document nested more than {DEEPEST} deep", "a descriptor of an entity")
        return yaml.load(body, Loader=_LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        complaint = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error).splitlines()[0]
        return _problem(path, first + mark.line if mark else line, complaint, "YAML")
    except ValueError as error:
        return _problem(path, line, str(error), "YAML")


def _depth(body: str) -> int:
    depth = deepest = 0
    for event in yaml.parse(body, Loader=_LOADER):
        if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            depth += 1
            deepest = max(deepest, depth)
            if deepest > DEEPEST:
                break
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            depth -= 1
    return deepest


def _problem(path: Path, line: int, found: str, expected: str) -> Problem:
    remedy = "Fix the document; the others of the file were read."
    return Problem(path.name, line, None, found, expected, remedy, "unreadable_record")
