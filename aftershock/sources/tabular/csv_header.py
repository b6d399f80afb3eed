"""What both ways of reading a CSV share: its physical lines, its opening, and what is said of rows that do not fit."""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import dataclass, field

from aftershock.schema.errors import Problem

DELIMITERS = ",;\t|"
MOST_ABOVE = 30  # lines that may be above a header: a judgement
MOST_RULED = 20_000  # characters among which such a line is looked for
_RULE = re.compile(r"[+|]?(?:-{2,}|={2,})(?:[+|](?:-{2,}|={2,}))+[+|]?")
_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)?")


class Lines:
    """The physical lines of UTF-8 bytes, their breaks included, one by one.

    ``count``: how many were taken; ``end``: the byte after the last of them; ``over``: whether one more was asked for
    than there are, which :func:`csv.reader` does within a record only while a quote is open.
    """

    def __init__(self, data: bytes, start: int = 0):
        self._data, self.end, self.count, self.over = data, start, 0, False

    def __iter__(self) -> Lines:
        return self

    def __next__(self) -> str:
        if self.end == len(self._data):
            self.over = True
            raise StopIteration
        found = _LINE.match(self._data, self.end)
        line = found[0] if found else b""  # the pattern matches anywhere
        self.end, self.count = self.end + len(line), self.count + 1
        return line.decode("utf-8")


@dataclass(frozen=True)
class Opening:
    """How a file begins: its delimiter, the ``names`` of its header (``""`` for a column without one), the byte after
    the header and the number of lines before that. ``notes``: what is above the header."""

    delimiter: str
    names: list[str]
    end: int
    lines: int
    notes: list[Problem] = field(default_factory=list)


def without_rules(text: str) -> str:
    """A text with empty lines in place of those that clients of databases draw below a header and around a table."""
    drawn = next(
        (found for line in text[:MOST_RULED].split("\n")[:4] if (found := _RULE.fullmatch(line.strip()))), None
    )
    return re.sub(rf"(?m)^[ \t]*{re.escape(drawn[0])}[ \t]*(?=\r?$)", "", text) if drawn else text


def above_header(lines: list[str], delimiter: str | None) -> tuple[int, str]:
    """(how many of the first lines of a file are titles, comments or empty, the delimiter). The header is the first line
    with at least half as many filled cells as lines have; a comment begins with ``#`` and a space, or is shorter."""
    sign = delimiter or _likely(lines)
    cells = _filled(lines, sign)
    written = [n for n, line in enumerate(lines) if cells[n] and not line.lstrip('\ufeff"').startswith("# ")]
    if not written:
        return 0, sign
    typical = sorted(cells[n] for n in written)[len(written) // 2]
    wide = [n for n in written if cells[n] >= max(2, typical / 2)]
    first = wide[0] if wide else written[0]
    if len(wide) > 1 and re.match(r"#\s*\w", lines[first]) and cells[first] < cells[wide[1]]:
        first = wide[1]
    return first, sign


def _likely(lines: list[str]) -> str:
    """The delimiter that parts the first record and the next into equally many cells, or else the most records; of several,
    that which makes the most cells. Long cells hold many lines, and signs of all kinds."""
    found = DELIMITERS[0], (0, 0)
    parted = {sign: list(csv.reader(lines, delimiter=sign)) for sign in DELIMITERS}
    whole = {sign: {len(record) for record in records[: min(2, len(records) - 1)]} for sign, records in parted.items()}
    if able := {max(widths): sign for sign, widths in whole.items() if len(widths) == 1 and max(widths) > 2}:
        return able[max(able)]
    for sign, records in parted.items():
        widths = Counter(len(record) for record in records if len(record) > 1)
        if widths and (best := max((count, width) for width, count in widths.items())) > found[1]:
            found = sign, best
    return found[0]


def _filled(lines: list[str], delimiter: str) -> list[int]:
    """How many cells of each line are filled: those of a record of several lines on its first."""
    found, reader, first = [0] * len(lines), csv.reader(lines, delimiter=delimiter), 0
    for record in reader:
        found[first], first = sum(bool(cell.strip()) for cell in record), reader.line_num
    if sum(map(bool, found)) > 1:
        return found
    return [sum(bool(c.strip()) for c in next(csv.reader([line], delimiter=delimiter), [])) for line in lines]


def merged_header(header: list[str], below: list[str], data: list[str]) -> list[str]:
    """The names of a header of two lines, whose upper one has cells that span several columns; empty where it is one line."""
    width = max(len(header), len(below))
    upper = [cell.strip() for cell in [*header, *[""] * (width - len(header))]]
    lower = [cell.strip() for cell in [*below, *[""] * (width - len(below))]]
    spans = any(not name and lower[n] and n for n, name in enumerate(upper))
    labels = [cell for cell in lower if cell]
    if not spans or len(labels) < 2 or any(c.isdigit() for cell in labels for c in cell):
        return []
    if not any(c.isdigit() for cell in data for c in cell):
        return []
    group, names = "", []
    for above, name in zip(upper, lower, strict=True):
        group = above or (group if name else "")
        names.append(" ".join(part for part in (group, name) if part))
    return names


def skipped(file: str, line: int, text: str) -> Problem:
    remedy = "Left out: it is above the header."
    return Problem(file, line, None, repr(text.strip()[:60]), "the header", remedy, "above_header")


def repeated(file: str, line: int, name: str, count: int) -> Problem:
    remedy = f"Read as {name}, {name} (2) and so on; rename them if one of them means something else."
    return Problem(file, line, name, f"{count} columns of this name", "one column per name", remedy, "repeated_column")


def ragged(file: str, line: int, fields: int, names: list[str]) -> Problem:
    remedy = "Quote cells that hold the delimiter."
    return Problem(file, line, None, f"{fields} fields", f"{len(names)} as in the header", remedy, "ragged_row")


def short(file: str, line: int, fields: int, names: list[str]) -> Problem:
    remedy = "The missing cells were read as empty."
    return Problem(file, line, None, f"{fields} fields", f"{len(names)} as in the header", remedy, "short_row")


def unclosed(file: str, line: int, more: int) -> Problem:
    found = f"a quote that is never closed, with {more} more lines after it"
    remedy = "Close the quote; the rows after it were not read."
    return Problem(file, line, None, found, "a closing quote", remedy, "unclosed_quote")
