"""The lines of a Markdown file that name what they say, ``**Severity:** SEV2``, as write-ups of incidents begin with them, also
without marks."""

from __future__ import annotations

import re

from aftershock.sources.tabular import pipe_tables

FEWEST, FEWEST_OF_PART = 3, 2  # such lines that a page, or a section of one, begins with: judgements
_NAME = r"(?:\*\*([^*\n:]{2,40}?)[ \t]*:[ \t]*\*\*|\*\*([^*\n:]{2,40}?)\*\*[ \t]*:)"
_NEXT = r"[ \t|·•,;]*\*\*[^*\n:]{2,40}(?::[ \t]*\*\*|\*\*[ \t]*:)"  # on the same line
_FIELD = re.compile(
    rf"(?:^[ \t]*(?:[-*+][ \t]+)?|(?<=[ \t|·•,;])){_NAME}[ \t]*(\S.*?)(?={_NEXT}|[ \t\\]*$)", re.MULTILINE
)
_PLAIN_LINE = re.compile(r"^ {0,3}(?:[-*+][ \t]+)?([A-Z][\w /()-]{1,30}):[ \t]+(\S[^\n]*)$", re.MULTILINE)
_PLAIN = re.compile(
    rf"\A(?:\s*#[^\n]*\n)*\s*?(?:{_PLAIN_LINE.pattern}\n?){{2,}}", re.MULTILINE
)  # with nothing above but headings
_HEADING = re.compile(r"^#{1,6}[ \t]", re.MULTILINE)
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_MARKS = re.compile(r"\*\*|__|`")


def _said(text: str) -> dict[str, str]:
    """Name → what is said, of each such line; the first of a name counts. Without any, that of the first plain lines one below
    the other, ``Severity: SEV2``."""
    found: dict[str, str] = {}
    for line in _FIELD.finditer(text):
        found.setdefault((line[1] or line[2]).strip(), _MARKS.sub("", line[3]).rstrip(".").strip())
    if not found and (plain := _PLAIN.search(text)):
        for line in _PLAIN_LINE.finditer(plain[0]):
            found.setdefault(line[1].strip(), _MARKS.sub("", line[2]).rstrip(".").strip())
    return found


def fields(text: str) -> dict[str, str]:
    """What the first lines of a page say of the one thing that it is about; empty where they are few, none has a year, or
    their names return further below, where other things are told of."""
    first = _FIELD.search(text[: pipe_tables.LONGEST]) or _PLAIN.search(text[: pipe_tables.LONGEST])
    end = _HEADING.search(text, first.end()) if first else None
    head, rest = (text[: end.start()], text[end.start() :]) if end else (text, "")
    found = _said(head)
    again = found.keys() & _said(rest).keys()
    return found if len(found) >= FEWEST and not again and any(map(_YEAR.search, found.values())) else {}


def tables(text: str) -> list[pipe_tables.Table]:
    """One table of the sections of a page that begin with such lines of the same names; empty where fewer than two do."""
    if not (_FIELD.search(text) or _PLAIN_LINE.search(text)):
        return []
    headings, lines = list(pipe_tables.headings(text)), text.splitlines()
    sections = []
    for number, (line, level, begin, said) in enumerate(headings):
        end = next((one[0] - 1 for one in headings[number + 1 :] if one[1] <= level), len(lines))
        sections.append((level, line, {"title": said, "body": "\n".join(lines[begin:end]).strip()}))
    for level in sorted({level for level, *_ in sections}):
        rows = [(line, row) for own, line, row in sections if own == level]
        made = with_fields([(("title", "body"), rows)])
        if made and len(made[0][0]) > len(("title", "body")):
            held = [(line, row) for line, row in made[0][1] if any(row[name] for name in made[0][0][2:])]
            if len(held) > 1:
                return [(made[0][0], held)]
    return []


def with_fields(found: list[pipe_tables.Table]) -> list[pipe_tables.Table]:
    """The tables with such lines of the bodies of their rows as columns, where most of the rows have some of the same name."""
    made = []
    for names, rows in found:
        said = [_said(row.get("body", "")) for _, row in rows]
        told = [name for one in said if len(one) >= FEWEST_OF_PART for name in one if name.lower() not in names]
        more = tuple(name for name in dict.fromkeys(told) if told.count(name) > 1 and 2 * told.count(name) >= len(rows))
        whole = [
            (line, row | {name: one.get(name, "") for name in more})
            for (line, row), one in zip(rows, said, strict=True)
        ]
        made.append(((*names, *more), whole))
    return made
