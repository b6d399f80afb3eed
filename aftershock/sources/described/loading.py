"""A description's file → the formats that it describes; what is wrong with it names file, line and key."""

from __future__ import annotations

from pathlib import Path

from aftershock.schema import toml_file
from aftershock.schema.errors import InputError, Problem
from aftershock.sources.described.description import Description, unknown_names
from aftershock.sources.described.reader import formats_of
from aftershock.sources.format import Format

_ADD = "Add it; docs/formats.md shows a whole description."


def load(path: Path, name: str) -> tuple[Format, ...]:
    """The formats of a description, which are called ``name``. InputError with every problem of the file."""
    text = toml_file.read(path)
    content = toml_file.parsed(text, path.name)
    description = toml_file.validated(Description, content, text, path.name, _ADD)
    unknown = [
        Problem(path.name, toml_file.line_of(place, text), None, found, expected, "Fix the line.", "unknown_value")
        for place, found, expected in unknown_names(description)
    ]
    if unknown:
        raise InputError.of(*unknown)
    return formats_of(description, name)
