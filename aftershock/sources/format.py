"""What a format is: its name, the tables that it reads, and the functions that read them.

A format belongs to one or more canonical tables. Two formats may share a name when their tables differ: ``pagerduty``
under [incidents] and ``pagerduty`` under [changes] read different exports.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from aftershock.schema.change_kinds import infer_kinds
from aftershock.sources.file_head import FileHead
from aftershock.sources.raw_table import Options, RawTable

SECTIONS = {"incidents": "incidents", "changes": "changes", "services": "dependencies"}  # of dataset.toml → its table


@dataclass(frozen=True)
class Format:
    """One format of export.

    ``name``: its name in dataset.toml. ``title``: the vendor's name of the export. ``reads``: canonical table →
    a sentence that says which record becomes a row. ``documented``: the page of the vendor that describes the export,
    ``""`` when there is no vendor. ``suffixes``: the file names of a folder that are read.

    ``read(files, options)`` reads the files, in this order, as one raw table for ``options.table``. A reader of a vendor's
    format names its columns canonically and leaves types, zones and rules to the canonical table: cells are text, lists
    of text or ``""``; times are ISO 8601, with their offset where the export knows it; epochs are turned into ISO 8601,
    since only the reader knows their unit. Every record that it comes upon becomes one row, one problem (a rejected
    record) or one fold (a record that is deliberately not a row).

    ``recognises(head, table)`` says how sure it is, from 0 to 1, that a file is of this format and holds that table: the
    share of its records that have the vendor's fields, times a factor of 0.9 to 0.98 that is a judgement: the more
    peculiar the fields are to this vendor, the higher.
    ``keys``: the keys of a section, besides those of every format, that the reader uses: ``label``, ``repository``.

    ``severity``: the grades that every export of the format has, worst first; empty where companies choose their own.
    ``default_kind``: the kind of a change whose log says none and whose title and paths suggest none.

    What ``read`` returns follows from the files and options alone, and, where a format reads something else, from what
    ``state(options)`` gives hashes of: tables that were read before are used again while these are the same.
    """

    name: str
    title: str
    reads: Mapping[str, str]
    documented: str
    suffixes: tuple[str, ...]
    read: Callable[[list[Path], Options], RawTable]
    recognises: Callable[[FileHead, str], float]
    keys: tuple[str, ...] = ()
    state: Callable[[Options], Mapping[str, str]] | None = None
    default_kind: str = ""
    severity: tuple[str, ...] = ()

    @property
    def tables(self) -> tuple[str, ...]:
        return tuple(self.reads)

    @property
    def reads_repository(self) -> bool:
        """True where ``repository`` names the input, and no file does."""
        return "repository" in self.keys

    def with_kinds(self, raw: RawTable) -> RawTable:
        """The table with a kind in every row that has none: what its title and paths suggest, else ``default_kind``."""
        if not self.default_kind or raw.frame.empty:
            return raw
        frame = raw.frame.assign(**{name: "" for name in ("kind", "title", "paths") if name not in raw.frame})
        listed = frame["paths"].map(lambda paths: paths if isinstance(paths, list) else [paths])
        kinds = infer_kinds(frame.assign(paths=listed)).replace("other", self.default_kind)
        return replace(raw, frame=frame.assign(kind=frame["kind"].mask(frame["kind"] == "", kinds)))
