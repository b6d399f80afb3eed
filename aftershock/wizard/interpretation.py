"""A log to be, and what it is read as."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from aftershock import sources
from aftershock.output.phrases import plural
from aftershock.sources import workbook
from aftershock.sources.file_head import FileHead
from aftershock.wizard import table_names
from aftershock.wizard.column_matching import Fit

TABLES = ("incidents", "changes", "dependencies")
LISTS = frozenset(
    ("incidents", "issues", "alerts", "tickets", "problems", "outages", "changes", "deployments", "releases", "builds")
)
_OWN = {
    "id",
    "title",
    "name",
    "object_kind",
    "action",
}  # of a document that is a record or what a hook sends, whose lists are parts


@dataclass(frozen=True, eq=False)
class Input:
    """One log to be: a file, pages of one kind in a folder, or a git repository (``paths`` is then the one folder); of a
    workbook with several tables the ``sheets`` of one kind, of which the name of the file may speak (``named_by_file``).

    ``given``: what the user named. ``whole``: the pages are all of the folder ``given``, which can be named as it is.
    ``heads``: of the first few files.
    """

    paths: tuple[Path, ...]
    given: Path
    whole: bool = False
    repository: bool = False
    heads: tuple[FileHead, ...] = ()
    sheets: tuple[str, ...] = ()
    named_by_file: bool = False

    @property
    def name(self) -> str:
        if self.sheets:
            return workbook.label(self.paths[0].name, self.sheets[0])
        return self.given.name if self.is_folder or self.repository else self.paths[0].name

    @property
    def is_folder(self) -> bool:
        """Whether it is named as a folder: not of one file, next to which others may come to lie."""
        return self.whole and len(self.paths) > 1

    @property
    def is_named(self) -> bool:
        """Whether the user named it, and not a folder in which it lies among others."""
        return self.repository or self.whole or not self.given.is_dir()

    @property
    def called(self) -> str:
        """The name that may say which log it is: that of the only file of a folder, unless the folder's says more; of JSON
        called otherwise with those of its lists."""
        if self.sheets:
            return self.paths[0].name if self.named_by_file else " ".join(self.sheets)
        if self.is_folder or (called_after(self.name) and not table_names.is_of_tool(self.name)):
            return self.name
        pages = self.given.is_dir() and len(self.paths) > 1
        folder = self.given.name
        if (self.whole or pages) and called_after(folder) and not table_names.is_of_tool(folder):
            return folder
        around = self.heads[0].around if self.heads else {}
        inside = {k.lower() for k, v in around.items() if v is None}
        of_graph = {re.sub(r"\.(?:nodes|edges)$", "", k) for k in inside}  # as GraphQL calls what is in any list
        lists = {k.rpartition(".")[2] for k in of_graph if not _OWN & around.keys()}
        one = {f"{k}s" for k in inside} & LISTS  # a record of this kind, with its parts beside it
        named = folder if (self.whole or pages) and table_names.is_of_tool(folder) else self.name
        return " ".join([named, *sorted(one or lists & LISTS)])

    @property
    def display_name(self) -> str:
        """The name, with how many files belong to it."""
        more = max(len(self.paths), len(self.sheets)) - 1
        what = "sheet" if self.sheets else "file"
        return self.name if not more or self.is_folder else f"{self.name} and {plural(more, what)} like it"


@dataclass(frozen=True)
class Interpretation:
    """An input read as one table. ``sure``: how sure, from 0 to 1, that it has this format; ``score``: how well it fits the
    table, compared with other inputs; ``raw``: its rows as written; ``trouble``: why it has none. ``elsewhere``: the services
    that cells of the other log name alone. ``only``: the column and its words by which some rows of the input are these.
    ``every``: the rows are issues of every type, as none is of that of incidents.

    ``fit`` is None for a vendor's format, which names its columns itself.
    """

    input: Input
    table: str
    format: str
    sure: float
    score: float
    raw: sources.RawTable | None = None
    fit: Fit | None = None
    trouble: str = ""
    elsewhere: frozenset[str] = frozenset()
    only: tuple[str, tuple[str, ...]] | None = None
    every: bool = False


def called_after(file: str) -> set[str]:
    """The logs whose names a file has."""
    return {table for table in TABLES if table_names.is_called(file, table)}
