"""``aftershock formats``: which exports can be read, and what each gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from aftershock.output.terminal import say
from aftershock.output.text_table import text_table
from aftershock.schema.errors import AftershockError, UsageError, nearest

if TYPE_CHECKING:
    from aftershock.sources import Format


def formats(
    name: Annotated[str, typer.Argument(help="One format; default a list of all.", show_default=False)] = "",
) -> None:
    """List the export formats that can be read, or show what one of them reads."""
    from aftershock.sources.registry import names

    if name and name not in names():
        raise UsageError(f"no format {name!r}{nearest(name, names())}; known are {', '.join(names())}")
    say(*(_one(name) if name else text_table(row for name in sorted(names()) for row in _rows(name))))


def _rows(name: str) -> list[tuple[str, str]]:
    """A row for each export of this name; a package that cannot be loaded is said to be so."""
    from aftershock.sources.registry import formats_of

    try:
        return [(name, f"[{', '.join(_sections(f))}] {f.title}") for f in formats_of(name)]
    except AftershockError as error:
        return [(name, str(error))]


def _sections(format: Format) -> list[str]:
    return [section for table in format.tables if (section := _section_of(table))]


def _section_of(table: str) -> str:
    """The section of dataset.toml that is about a table; empty for a table without one."""
    from aftershock.sources import SECTIONS

    return next((section for section, of in SECTIONS.items() if of == table), "")


def _one(name: str) -> list[str]:
    from aftershock.sources.registry import formats_of

    lines = []
    for format in formats_of(name):
        lines += [f"{name}: {format.title}"]
        lines += [f"  [{section}] {said}" for t, said in format.reads.items() if (section := _section_of(t))]
        if format.suffixes:
            lines.append(f"  files of a folder that end in {', '.join(format.suffixes)}")
        if format.keys:
            lines.append(f"  keys of its own: {', '.join(format.keys)}")
        if format.documented:
            lines.append(f"  {format.documented}")
    return lines
