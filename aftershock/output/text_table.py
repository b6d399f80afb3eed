"""Rows as lines of text whose columns stand under each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def text_table(rows: Iterable[Sequence[str]], indent: str = "") -> list[str]:
    """A line per row, every column as wide as its longest cell, two blanks between columns.

    A heading is a row like any other. The last column may be as long as it likes: lines carry no blanks at their end.
    """
    rows = list(rows)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        indent + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
