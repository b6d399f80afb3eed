"""How the text of a table is written: its delimiter and its encoding."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from aftershock.schema.errors import InputError, Problem
from aftershock.schema.input_files import read_regular
from aftershock.sources import Options, workbook
from aftershock.sources.file_head import FileHead
from aftershock.sources.tabular.delimited import opening_of
from aftershock.wizard.guess import Guess

NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}


def written(head: FileHead) -> Guess:
    """The delimiter of a table, as its reader finds it; empty when the head has no header, or one name."""
    try:
        opening = opening_of(Path(head.name), head.text.encode("utf-8", "replace"), Options())
    except InputError:
        return Guess("delimiter", "", 0.0, "")
    count = len([name for name in opening.names if name])
    if count < 2:
        return Guess("delimiter", "", 0.0, "")
    name = NAMES.get(opening.delimiter, repr(opening.delimiter))
    return Guess("delimiter", opening.delimiter, 0.95, f"a {name} parts the header into {count} names")


def encoding(path: Path, notes: Iterable[Problem]) -> list[Guess]:
    """How the letters of a text file are written, where that is not plain UTF-8."""
    first = read_regular(path, 3)
    if first[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return [Guess("encoding", "UTF-16", 1.0, "it begins with a byte order mark")]
    strange = next((note for note in notes if note.reason == "encoding"), None)
    if strange is None:
        return []
    why = f"line {strange.line} has {strange.found}, which is not UTF-8; look at letters with accents"
    name = strange.remedy.removeprefix("Read as ").partition(";")[0]
    return [Guess("encoding", name, 0.75, why)]


def of_workbook(path: Path) -> bool:
    """Whether a table is the sheet of a workbook, which has no delimiter."""
    return read_regular(path, len(workbook.MAGIC)) == workbook.MAGIC
