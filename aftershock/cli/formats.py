"""``aftershock formats``: which exports can be read, and what each gives."""

from __future__ import annotations

from typing import Annotated

import typer

from aftershock.errors import AftershockError, UsageError, nearest
from aftershock.output.terminal import say
from aftershock.sources import SECTIONS, Format
from aftershock.sources.registry import formats_of, names

SECTION_OF = {table: section for section, table in SECTIONS.items()}


def formats(
    name: Annotated[str, typer.Argument(help="One format; default a list of all.", show_default=False)] = "",
) -> None:
    """List the export formats that can be read, or tell what one of them reads."""
    if name and name not in names():
        raise UsageError(f"no format {name!r}{nearest(name, names())}; known are {', '.join(names())}")
    say(*(_one(name) if name else _all()))


def _all() -> list[str]:
    width = max(map(len, names()))
    return [line for name in sorted(names()) for line in _lines(name, width)]


def _lines(name: str, width: int) -> list[str]:
    """A line for each export of this name; a package that cannot be loaded is said to be so."""
    try:
        return [f"{name:<{width}}  [{', '.join(_sections(f))}] {f.title}" for f in formats_of(name)]
    except AftershockError as error:
        return [f"{name:<{width}}  {error}"]


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
