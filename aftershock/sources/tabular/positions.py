"""Tables whose columns are told by where they begin, as command lines print them: ``helm list``, ``gcloud builds list``,
``az pipelines runs list -o table``."""

from __future__ import annotations

import csv
import io
import re

from aftershock.sources.tabular.csv_header import DELIMITERS, MOST_RULED, without_rules

FEWEST = 3  # columns of such a table: two may be words with a gap between them
_NAME = re.compile(r"\S+(?: \S+)*")
_DASHES = re.compile(r"-{2,}(?: +-{2,})+ *")


def plain(text: str) -> str:
    """A table with a delimiter between its cells and without the lines that were drawn around it; other texts as they are."""
    lines = text[:MOST_RULED].splitlines()[: None if len(text) <= MOST_RULED else -1]
    starts = _starts([line for line in lines if line.strip()])
    if not starts:
        return without_rules(text)
    made = io.StringIO()
    writer = csv.writer(made, delimiter="\t", lineterminator="\n")
    ends = [*starts[1:], None]
    for line in text.splitlines():
        drawn = _DASHES.fullmatch(line)
        writer.writerow([] if drawn else [line[a:b].strip() for a, b in zip(starts, ends, strict=True)])
    return made.getvalue()


def _starts(lines: list[str]) -> list[int]:
    """Where the columns of a table begin, by its header in capitals or the dashes below it: where no line has a cell across
    the beginning of a column; empty for another text."""
    if len(lines) < 2 or any(sign in lines[0] for sign in DELIMITERS):
        return []
    ruled = _DASHES.fullmatch(lines[1])
    if not ruled and not (lines[0].isupper() and "  " in lines[0].strip()):
        return []
    starts = [found.start() for found in (re.finditer("-+", lines[1]) if ruled else _NAME.finditer(lines[0]))]
    starts = [0, *starts[1:]]
    rows = lines[2:] if ruled else lines[1:]
    whole = all(line[at - 1 : at] in ("", " ") for line in rows for at in starts[1:])
    return starts if whole and len(starts) >= FEWEST else []
