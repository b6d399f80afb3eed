"""Parquet, as data warehouses export it: lists stay lists, objects become columns with dotted names, times keep their
zone."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from aftershock.schema import input_files
from aftershock.schema.errors import InputError
from aftershock.schema.tables import TEXT
from aftershock.sources.file_head import FileHead, generic_confidence
from aftershock.sources.format import Format
from aftershock.sources.raw_table import LARGEST, Options, RawTable, check_width, unreadable
from aftershock.sources.tabular.parquet_cells import cells, taken_apart

MOST_ROWS = 50_000_000  # a judgement: beyond it the rows alone do not fit into memory


def read(pages: list[Path], options: Options) -> RawTable:
    return RawTable.joined([_page(path) for path in pages])


def _page(path: Path) -> RawTable:
    try:
        table = _table(path)
        columns = {name: cells(column) for name, column in zip(table.column_names, table.columns, strict=True)}
    except (pa.ArrowException, OSError, ValueError) as error:
        raise _refused(path, str(error).split("\n")[0], "Check that the file was copied whole.") from error
    frame = pd.DataFrame(columns, index=range(table.num_rows))
    names = pd.Series(path.name, index=frame.index, dtype=TEXT)
    return RawTable(frame, names, pd.Series(range(1, len(frame) + 1), index=frame.index, dtype="int64"))


def _table(path: Path) -> pa.Table:
    """The rows of a file; objects are taken apart into columns. InputError when there are too many, or names repeat."""
    with input_files.open_regular(path) as opened, pq.ParquetFile(opened) as file:
        about = file.metadata
        size = sum(about.row_group(n).total_byte_size for n in range(about.num_row_groups))
        check_width(path, about.num_columns)
        if about.num_rows > MOST_ROWS or size > LARGEST:
            found = f"{about.num_rows:,} rows, {size:,} bytes when unpacked"
            raise _refused(path, found, f"Split it: {MOST_ROWS:,} rows and {LARGEST:,} bytes are the most.")
        table = file.read()
    table = taken_apart(table)
    check_width(path, table.num_columns)
    twice = next((n for n, count in Counter(table.column_names).items() if count > 1), None)
    if twice is not None:
        raise _refused(path, f"several columns {twice!r}", "Rename or remove one of them.")
    return table


def _refused(path: Path, found: str, remedy: str) -> InputError:
    return unreadable(path, found, "a Parquet file", remedy)


def _recognises(head: FileHead, table: str) -> float:
    return generic_confidence(head, table) if head.kind == "parquet" else 0.0


FORMAT = Format(
    name="parquet",
    title="Parquet, as data warehouses export it",
    reads={
        "incidents": "A row is an incident.",
        "changes": "A row is a change.",
        "dependencies": "A row is an edge of the service graph.",
    },
    documented="https://parquet.apache.org/docs/file-format/",
    suffixes=(".parquet",),
    read=read,
    recognises=_recognises,
)
