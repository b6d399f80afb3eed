"""Export formats: each module turns the files of one format into a :class:`RawTable`.

:mod:`aftershock.sources.registry` finds a format by the ``format`` of dataset.toml; :class:`Format` says what one is.
"""

from __future__ import annotations

from pathlib import Path

from aftershock.schema.errors import AftershockError
from aftershock.sources.format import SECTIONS, Format
from aftershock.sources.raw_table import Options, RawTable
from aftershock.sources.registry import DESCRIPTION, find, names, reads

__all__ = ["DESCRIPTION", "SECTIONS", "Format", "Options", "RawTable", "find", "names", "read", "reads"]


def read(files: list[Path], format: str | Format, options: Options) -> RawTable:
    """Read files of one format, in the order given, as one raw table.

    AftershockError when the format does not account for every record that it came upon.
    """
    known = find(format, options.table) if isinstance(format, str) else format
    raw = known.read(files, options)
    if raw.records != raw.accounted:
        raise AftershockError(
            f"the format {known.name!r} came upon {raw.records} records of {options.table} and accounts for "
            f"{raw.accounted}: {len(raw.frame)} rows, {len(raw.problems)} rejected, {len(raw.folded)} folded. "
            "This is a fault of the format, not of your files."
        )
    return known.with_kinds(raw)
