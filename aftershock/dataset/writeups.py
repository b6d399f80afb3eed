"""What people wrote about an incident: Markdown files in the dataset's ``postmortems`` folder.

A file holds sections under headings of level two, such as ``## Summary`` or ``## Action items``; the text before the
first heading is the section ``""``, and comments (``<!-- … -->``) are left out. Every table whose head has a column
``action`` is a list of action items. The text is passed on as written and is untrusted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from aftershock.dataset.masking import AS_IT_IS, Mask, kind_of_cell, names_people
from aftershock.schema.errors import InputError, Problem
from aftershock.schema.input_files import read_regular, resolved

WRITEUPS = "postmortems"
LARGEST = 1_000_000
"""Bytes; a longer file is an error, as no one wrote it by hand: a judgement."""

ACTION_COLUMNS = ["action", "type", "owner", "due", "done", "ticket"]
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
"""What is for the writer alone; its lines stay, so that notes name the right one."""
HEADING = re.compile(r"^##\s+(.+?)\s*#*\s*$")
FENCE = re.compile(r"^\s{0,3}(`{3,}|~{3,})")
RULE = re.compile(r"^:?-+:?$")
CELL = re.compile(r"(?<!\\)\|")
NOTHING = {"", "-", "–", "—", "n/a", "none"}


@dataclass(frozen=True)
class Writeup:
    """One file: ``sections`` by heading in lower case (Markdown as written, tables of action items included),
    ``actions`` with the columns ``action, type, owner, due, done, ticket`` (dates as Timestamps without zone, NaT when
    not given), and ``notes`` on what could not be read."""

    sections: dict[str, str]
    actions: pd.DataFrame
    notes: list[Problem]


def read_writeup(path: Path, folder: Path, mask: Mask = AS_IT_IS, name: str = "") -> Writeup:
    """Read one write-up. The file must lie inside ``folder`` (links followed), hold UTF-8 and be no larger than 1 MB.

    ``mask``: what is taken out of its text; ``name``: what the file is called in notes. Raises :class:`InputError` when
    the file as a whole cannot be used; a row that cannot be used becomes a note.
    """
    name = name or f"{Path(path).parent.name}/{Path(path).name}"
    lines = _lines(path, folder, mask, name)
    actions, notes = _actions(_visible(lines), name)
    return Writeup(_sections(lines), actions, notes)


def prose_lines(path: Path, folder: Path, mask: Mask = AS_IT_IS) -> list[str]:
    """The lines of a write-up, those of comments and fenced code empty; raises :class:`InputError` as :func:`read_writeup` does."""
    return _visible(_lines(path, folder, mask, f"{path.parent.name}/{path.name}"))


def _lines(path: Path, folder: Path, mask: Mask, name: str) -> list[str]:
    text = COMMENT.sub(lambda found: "\n" * found[0].count("\n"), read_text(Path(path), Path(folder), name))
    if mask is not AS_IT_IS:
        text = mask.markdown("\n".join(_with_masked_cells(text.splitlines(), mask)))
    return text.splitlines()


def _with_masked_cells(lines: list[str], mask: Mask) -> list[str]:
    """The lines with every cell masked whose column says what it is: ``owner`` holds people, ``password`` secrets."""
    heads: list[str] = []
    made = []
    for line, visible in zip(lines, _visible(lines), strict=True):
        cells = _raw_cells(visible) if "|" in visible else []
        if cells and heads and not all(RULE.match(c.strip()) for c in cells):
            shown = [_masked_cell(head, cell, mask) for head, cell in zip(heads, cells, strict=False)]
            if shown != cells[: len(shown)]:
                line = f"|{'|'.join([*shown, *cells[len(shown) :]])}|"
        heads = (heads or [c.strip() for c in cells]) if cells else []
        made.append(line)
    return made


def _masked_cell(head: str, cell: str, mask: Mask) -> str:
    text = cell.strip()
    if names_people(head):
        return f" {mask.person(text)} "
    kind = kind_of_cell(head, text)
    return f" {mask.whole(kind, text)} " if kind in ("password", "phone") else cell


def read_text(path: Path, folder: Path, name: str = "") -> str:
    """The text of a write-up as it was written; raises :class:`InputError` as :func:`read_writeup` does."""
    name = name or f"{path.parent.name}/{path.name}"
    real = resolved(path)
    if not real.is_relative_to(resolved(folder)):
        raise InputError.of(
            _whole(
                name,
                "a path that leads out of the dataset",
                "a file inside it",
                "Copy the file there.",
                "outside_folder",
            )
        )
    if not real.is_file():
        raise InputError.of(_whole(name, "no such file", "a Markdown file", "Check the name.", "missing_file"))
    size = real.stat().st_size
    if size > LARGEST:
        remedy = "Move attachments out of the file."
        raise InputError.of(_whole(name, f"{size:,} bytes", f"at most {LARGEST:,} bytes", remedy, "too_large"))
    try:
        return read_regular(real, LARGEST).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        found = f"byte {error.object[error.start]:#04x} at position {error.start:,}"
        raise InputError.of(_whole(name, found, "UTF-8 text", "Save the file as UTF-8.", "bad_encoding")) from error


def _whole(file: str, found: str, expected: str, remedy: str, reason: str) -> Problem:
    return Problem(file, None, None, found, expected, remedy, reason)


def _visible(lines: list[str]) -> list[str]:
    """The lines with the inside of fenced code blanked, so that an example is not read as a table or a heading."""
    shown, fence = [], ""
    for line in lines:
        mark = FENCE.match(line)
        inside = bool(fence)
        if mark and not fence:
            fence = mark[1]
        elif mark and mark[1].startswith(fence):
            fence = ""
        shown.append("" if inside or mark else line)
    return shown


def _sections(lines: list[str]) -> dict[str, str]:
    sections: dict[str, list[str]] = {"": []}
    at = ""
    for line, visible in zip(lines, _visible(lines), strict=True):
        heading = HEADING.match(visible)
        if heading:
            at = heading[1].lower()
            sections.setdefault(at, [])
        else:
            sections[at].append(line)
    return {name: "\n".join(body).strip() for name, body in sections.items() if name or any(b.strip() for b in body)}


def _raw_cells(line: str) -> list[str]:
    return CELL.split(line.strip().removeprefix("|").removesuffix("|"))


def _cells(line: str) -> list[str]:
    return [cell.replace("\\|", "|").strip() for cell in _raw_cells(line)]


def _actions(lines: list[str], name: str) -> tuple[pd.DataFrame, list[Problem]]:
    """Rows of every table with a column ``action``; a table ends with the first line that has no ``|``."""
    rows, notes = [], []
    head: list[str] = []
    for number, line in enumerate(lines, start=1):
        if "|" not in line:
            head = []
            continue
        cells = _cells(line)
        if not head:
            following = lines[number] if number < len(lines) else ""
            ruled = "|" in following and all(RULE.match(c) for c in _cells(following))
            head = [c.lower() for c in cells] if ruled else []
            if "action" in head:
                notes += _unknown_columns(head, name, number)
            continue
        if "action" not in head or all(RULE.match(c) for c in cells):
            continue
        row, problems = _action(head, cells, name, number)
        rows += [row] if row else []
        notes += problems
    frame = pd.DataFrame(rows, columns=ACTION_COLUMNS)
    for column in ("due", "done"):
        frame[column] = pd.to_datetime(frame[column])
    return frame, notes


def _unknown_columns(head: list[str], name: str, line: int) -> list[Problem]:
    expected = ", ".join(ACTION_COLUMNS)
    return [
        Problem(
            name,
            line,
            column,
            f"a column {column!r}",
            f"one of {expected}",
            "Rename or remove it; it is not read.",
            "unknown_column",
        )
        for column in head
        if column not in ACTION_COLUMNS
    ]


def _action(head: list[str], cells: list[str], name: str, line: int) -> tuple[dict[str, object] | None, list[Problem]]:
    """One row as an action item, or None and a note when it has no action or another number of cells than the head."""
    if len(cells) != len(head):
        found, expected = f"{len(cells)} cells", f"{len(head)}, as in the table's head"
        return None, [
            Problem(name, line, None, found, expected, "Add or remove |; write \\| inside a cell.", "malformed_row")
        ]
    given = dict(zip(head, cells, strict=True))
    if given["action"] in NOTHING:
        if all(c in NOTHING for c in cells):
            return None, []
        return None, [
            Problem(name, line, "action", "nothing", "what is to be done", "Fill in the cell.", "missing_value")
        ]
    row: dict[str, object] = {
        c: "" if given.get(c, "").lower() in NOTHING else given[c] for c in ("action", "type", "owner", "ticket")
    }
    notes = []
    for column in ("due", "done"):
        row[column], problem = _date(given.get(column, ""), name, line, column)
        notes += [problem] if problem else []
    return row, notes


def _date(text: str, name: str, line: int, column: str) -> tuple[pd.Timestamp, Problem | None]:
    if text.lower() in NOTHING or (column == "done" and text.lower() == "no"):
        return pd.NaT, None
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            raise ValueError(text)
        return pd.Timestamp(text), None
    except ValueError:
        remedy = "Write the day as in 2025-03-31; the item counts as without one."
        return pd.NaT, Problem(name, line, column, repr(text), "a day as YYYY-MM-DD", remedy, "bad_time")
