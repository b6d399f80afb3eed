"""``aftershock formats``: which exports can be read, and what each gives."""

from __future__ import annotations

from typing import Annotated

import typer

from aftershock.output.terminal import say
from aftershock.output.text_table import text_table
from aftershock.schema.errors import AftershockError, UsageError, nearest
from aftershock.sources import SECTIONS, Format
from aftershock.sources.registry import formats_of, names

SECTION_OF = {table: section for section, table in SECTIONS.items()}


def formats(
    name: Annotated[str, typer.Argument(help="One format; default a list of all.", show_default=False)] = "",
) -> None:
    """List the export formats that can be read, or show what one of them reads."""
    if name and name not in names():
        raise UsageError(f"no format {name!r}{nearest(name, names())}; known are {', '.join(names())}")
    say(*(_one(name) if name else _all()))


def _all() -> list[str]:
    return text_table(row for name in sorted(names()) for row in _rows(name))


def _rows(name: str) -> list[tuple[str, str]]:
    """A row for each export of this name; a package that cannot be loaded is said to be so."""
    try:
        return [(name, f"[{', '.join(_sections(f))}] {f.title}") for f in formats_of(name)]
    except AftershockError as error:
        return [(name, str(error))]


def _sections(format: Format) -> list[str]:
    return [SECTION_OF[table] for table in format.tables if table in SECTION_OF]


def _one(name: str) -> list[str]:
    lines = []
    for format in formats_of(name):
        lines += [f"{name}: {format.title}"]
        lines += [f"  [{SECTION_OF[t]}] {said}" for t, said in format.reads.items() if t in SECTION_OF]
        if format.suffixes:
            lines.append(f"  files of a folder that end in {', '.join(format.suffixes)}")
        if format.keys:
            lines.append(f"  keys of its own: {', '.join(format.keys)}")
        if format.documented:
            lines.append(f"  {format.documented}")
    return lines
