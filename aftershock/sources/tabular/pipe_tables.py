"""The tables of a Markdown file as records: https://github.github.com/gfm/#tables-extension-."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it.token import Token

LONGEST = 5_000_000  # characters of a file: a judgement, a table of some 30,000 rows

_FIELDS = {"field", "key", "attribute", "property", "item", "feld", "champ", "campo", "attribut", "项目"}
_VALUES = {"value", "values", "detail", "details", "wert", "valeur", "valor", "内容"}
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")


Table = tuple[tuple[str, ...], list[tuple[int, dict[str, str]]]]


def tables(text: str) -> list[Table]:
    """(names of its columns, (line, column → text) of each row) of every table, the one with the most rows first. Tables of
    the same columns, such as one a month, are one. Cells are without markup; columns without a name are left out."""
    if "|" not in text or len(text) > LONGEST:
        return []
    found: dict[tuple[str, ...], list[tuple[int, dict[str, str]]]] = {}
    names: tuple[str, ...] = ()
    for line, is_head, cells in _rows(text):
        if is_head:
            names = _numbered(cells)
            found.setdefault(names, [])
        else:
            row = {name: cell for name, cell in zip(names, cells, strict=False) if name}
            if any(row.values()):
                found[names].append((line, row))
    return sorted(found.items(), key=lambda table: -len(table[1]))


def headings(text: str) -> Iterator[tuple[int, int, int, str]]:
    """(line, level, number of lines above what follows, text without markup) of every heading."""
    from markdown_it import MarkdownIt

    level, at = 0, (0, 0)
    for token in MarkdownIt("commonmark").parse(text) if len(text) <= LONGEST else ():
        if token.type == "heading_open" and token.map:
            level, at = int(token.tag[1:]), (token.map[0], token.map[1])
        elif token.type == "inline" and level:
            yield at[0] + 1, level, at[1], _said(token)
            level = 0


def _said(token: Token) -> str:
    """The text of a part of a page, without markup."""
    kept = (c.content if c.type in ("text", "code_inline") else " " for c in token.children or [])
    return " ".join("".join(kept).split())


def fields(text: str) -> dict[str, str]:
    """What the first table of a file says of the one thing that the file is about, where it has two columns such as ``Field``
    and ``Value`` and some value has a year; one that explains the columns of another table has none."""
    first = min((table for table in tables(text) if table[1]), key=lambda table: table[1][0][0], default=((), []))
    names = [name.lower() for name in first[0]]
    if len(names) != 2 or names[0] not in _FIELDS or names[1] not in _VALUES:
        return {}
    said: dict[str, str] = {}
    for name, value in (list(row.values()) for _, row in first[1] if len(row) == 2):
        said.setdefault(name.strip(" :"), value)
    return said if any(map(_YEAR.search, said.values())) else {}


def _rows(text: str) -> Iterator[tuple[int, bool, list[str]]]:
    """(line, whether it is a head, cells) of every row of every table."""
    from markdown_it import MarkdownIt

    line, head, cells = 0, False, list[str]()
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        if token.type in ("thead_open", "thead_close"):
            head = token.type == "thead_open"
        elif token.type == "tr_open":
            line, cells = (token.map[0] + 1 if token.map else line + 1), []
        elif token.type == "inline" and token.level and token.children is not None:
            cells.append(_said(token))
        elif token.type == "tr_close":
            yield line, head, cells


def _numbered(names: list[str]) -> tuple[str, ...]:
    """Names as they are, but for those that a table has several times."""
    met: Counter[str] = Counter()
    made = []
    for name in names:
        met[name] += 1
        made.append(f"{name} ({met[name]})" if name and met[name] > 1 else name)
    return tuple(made)
