"""The sections of a Markdown file whose headings are dated as records: changelogs, and logs kept as a page.

``## [1.2.3] - 2024-01-05`` of https://keepachangelog.com, ``## v1.2.3 (January 5, 2024)``, ``## 2024-01-05: Search failed``.
"""

from __future__ import annotations

import re
from collections import Counter

from aftershock.sources.tabular import bold_fields, pipe_tables

COLUMNS = ("release", "released", "body")
OF_DAYS = ("date", "title", "body")
MOSTLY = 0.8  # share of the headings of a level that are dated, or versions: a judgement, others are explanations
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
_NTH = r"\d\d?(?:st|nd|rd|th)?"
_DATED = re.compile(
    rf"(?<![\w.])(?:20\d\d[-/.]\d\d?[-/.]\d\d?|\d\d?[./-]\d\d?[./-]20\d\d|{_MONTH} {_NTH},? 20\d\d|{_NTH}[ -]{_MONTH}[ -]20\d\d)"
    r"(?:[T ,]+\d\d?:\d\d(?::\d\d)?(?:\s?(?:UTC|GMT|Z|[+-]\d\d:?\d\d))?)?(?![\d.])",
    re.IGNORECASE,
)
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b")
_VERSION = re.compile(r"(?<![\w.])v?\d+\.\d+(?:\.\d+)*(?:[-+.]?[A-Za-z][\w.+-]*)?(?![\w.])")
_OF_RELEASE = re.compile(r"\W*(?:release |version )?v?\d+\.\d", re.IGNORECASE)
_NOT_YET = re.compile(r"^\W*(?:unreleased|upcoming|next|future)\b", re.IGNORECASE)
_ID = re.compile(r"\W*([A-Z][A-Za-z]{1,9}[-_ #]{0,2}\d{1,6}(?:-\d{1,6})*)\s*[:.|–—-]+\s*(\S.*)")
_OF_LOGS = re.compile(
    r"inciden|outage|post-?mortem|disruption|downtime|st(?:ö|oe)rung|changelog|release", re.IGNORECASE
)
_AROUND = re.compile(r"^[\s:,|–—-]+|[\s:,|–—-]+$|\(\s*\)|\[\s*\]")


def records(text: str) -> list[pipe_tables.Table]:
    """The tables of a page, or the one of its dated sections, or of those with fields, where that has more rows than any."""
    found, dated = pipe_tables.tables(text), tables(text)
    made = [_with_ids(*table) for table in bold_fields.with_fields(dated) or bold_fields.tables(text)]
    first = dated[0][1][0][0] if dated else 0
    found = [table for table in found if not (first and _is_part(table[1], first))]
    return made if made and len(made[0][1]) > max((len(rows) for _, rows in found), default=0) else found


def _is_part(rows: list[tuple[int, dict[str, str]]], first: int) -> bool:
    """Whether a table stands inside dated sections, which begin at line ``first``, and says no days itself."""
    return all(line > first and not any(map(_DATED.search, row.values())) for line, row in rows)


def _with_ids(names: tuple[str, ...], rows: list[tuple[int, dict[str, str]]]) -> pipe_tables.Table:
    """The table with the ids that all of its titles begin with as a column: ``INC-001: Search failed``."""
    found = [_ID.match(row.get("title", "")) for _, row in rows]
    if "id" in names or not all(found) or len({match[1] for match in found if match}) < len(rows):
        return names, rows
    told = [(line, row | {"id": m[1], "title": m[2]}) for (line, row), m in zip(rows, found, strict=True) if m]
    return ("id", *names), told


def tables(text: str) -> list[pipe_tables.Table]:
    """As ``pipe_tables.tables``: one table of the sections under dated headings, with the versions that they are of; empty
    where few headings are dated, and where those are no versions and several others stand above them. What is
    not released yet is left out, and other sections of that level have no date."""
    headings = [one for one in pipe_tables.headings(text) if not _NOT_YET.search(one[3])]
    dated = {line: found for line, _, _, said in headings if (found := _DATED.search(said))}
    named = headings[:1] if headings and headings[0][0] not in dated else []  # what the page is called
    counts = Counter(one[1] for one in headings if one not in named)
    levels = Counter(level for line, level, _, _ in headings if line in dated)
    whole = {level for level, several in levels.items() if several >= MOSTLY * counts[level]}
    held = [one for one in headings if one not in named and (one[1] in whole or _OF_RELEASE.match(one[3]))]
    fewest = 1 if named and _OF_LOGS.search(named[0][3]) else 2  # of a page that is called a log one is enough
    if not max(fewest, len(held) / 2) <= sum(one[0] in dated for one in held):
        return []
    parts = [_parts(said, dated.get(line)) for line, _, _, said in held]
    released = sum(bool(version) for version, _, _ in parts) >= MOSTLY * len(parts)
    if not released and any(several > 1 for level, several in counts.items() if level < min(levels)):
        return []
    lines = text.splitlines()
    ends = [*(line - 1 for line, *_ in held[1:]), len(lines)]
    bodies = ["\n".join(lines[begin:end]).strip() for (_, _, begin, _), end in zip(held, ends, strict=True)]
    cells = [(version or rest, at) if released else (at, rest) for version, at, rest in parts]
    names = COLUMNS if released else OF_DAYS
    rows = [dict(zip(names, (*two, body), strict=True)) for two, body in zip(cells, bodies, strict=True)]
    return [(names, [(one[0], row) for one, row in zip(held, rows, strict=True)])]


def _parts(heading: str, date: re.Match[str] | None) -> tuple[str, str, str]:
    """(version, date, what else it says) of a heading."""
    said = heading.replace(date[0], " ") if date else heading
    version = _VERSION.search(said)
    return (
        version[0] if version else "",
        _ORDINAL.sub("", date[0]) if date else "",
        _AROUND.sub("", _AROUND.sub("", said)).strip(),
    )
