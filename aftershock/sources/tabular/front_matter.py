"""Markdown with front matter, one record a file: values in YAML between ``---`` or in TOML between ``+++``, then the text.

https://gohugo.io/content-management/front-matter/ and https://jekyllrb.com/docs/front-matter/. The text is the value
``body``. A file without front matter is a record with a body alone, unless its first lines are ``Title: …`` and
``Date: …``, as Pelican has them, or a table of it has fields and values, or its first lines do, as postmortems begin
with them: then these are its values, and its first heading is the title.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path

from aftershock.schema.errors import Problem
from aftershock.sources.raw_table import text as text_of
from aftershock.sources.tabular import bold_fields, dated_headings, pipe_tables, yaml_documents

_FRONT = re.compile(r"\A\s*(---|\+\+\+)[ \t]*\r?\n(.*?)^\1[ \t]*\r?$", re.DOTALL | re.MULTILINE)
_BARE = re.compile(r"\A\s*((?:[A-Za-z][\w -]{0,30}:(?:[ \t]+\S.*|[ \t]*)\r?\n)+)\s*?(?:\n|\Z)")
_NAMED = re.compile(r"^(?:title|date):[ \t]*\S", re.MULTILINE | re.IGNORECASE)  # which a page begins with
HEADING = re.compile(r"^#\s+(.+?)\s*#*\s*$", re.MULTILINE)
LONGEST = 1_000_000  # characters of front matter: a judgement, far beyond what people write


def documents(path: Path) -> Iterator[tuple[int, object | Problem]]:
    """(line, record or what is wrong with it) of a file."""
    text, _ = text_of(path)
    yield from of_text(path, text)


def of_text(path: Path, text: str) -> Iterator[tuple[int, object | Problem]]:
    """The same of the text of a file."""
    found = _FRONT.match(text[:LONGEST])
    body = text[found.end() :].strip() if found else text.strip()
    written = found[2] if found else ""
    if found and found[1] == "+++":
        yield 1, _of_toml(path, written, body)
        return
    bare = _BARE.match(text[:LONGEST]) if not found else None
    if bare and len(_NAMED.findall(bare[1])) > 1:
        named = (line.partition(":") for line in bare[1].splitlines())
        said = {name.strip(): value.strip() for name, _, value in named}
        yield 1, {**{name: value for name, value in said.items() if value}, "body": text[bare.end() :].strip()}
        return
    if (
        not found
        and not dated_headings.tables(text)
        and (fields := pipe_tables.fields(text) or bold_fields.fields(text))
    ):
        heading = HEADING.search(text)
        yield 1, {**({"title": heading[1]} if heading else {}), **fields, "body": body}
        return
    parts = list(yaml_documents.of_text(path, "\n" + written)) if written.strip() else []
    for line, value in parts or [(1, {})]:
        yield line if isinstance(value, Problem) else 1, {**value, "body": body} if isinstance(value, dict) else value


def _of_toml(path: Path, written: str, body: str) -> object:
    try:
        return {**_plain(tomllib.loads(written)), "body": body}
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        remedy = "Fix the front matter of the file."
        return Problem(path.name, 1, None, str(error)[:200], "TOML between +++", remedy, "unreadable_record")


def _plain(value: dict) -> dict:
    """Dates as text, which is what the same values are in YAML."""
    return {key: _cell(one) for key, one in value.items()}


def _cell(value: object) -> object:
    if isinstance(value, dict):
        return _plain(value)
    if isinstance(value, list):
        return [_cell(one) for one in value]
    return value.isoformat() if isinstance(value, (date, datetime, time)) else value
