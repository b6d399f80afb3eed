"""Export formats: each module turns files into a :class:`RawTable`, whose cells are still as written.

A reader is a function ``read(files, options) -> RawTable``; :data:`READERS` finds it by the ``format`` of dataset.toml.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from aftershock.errors import UsageError, nearest
from aftershock.sources import delimited, json_records, parquet
from aftershock.sources.raw import Options, RawTable

READERS: dict[str, Callable[[list[Path], Options], RawTable]] = {
    "csv": delimited.read,
    "json": json_records.read,
    "jsonl": json_records.read_lines,
    "parquet": parquet.read,
}

SUFFIXES = {
    "csv": (".csv", ".csv.gz", ".tsv", ".tsv.gz", ".txt"),
    "json": (".json", ".json.gz"),
    "jsonl": (".jsonl", ".jsonl.gz", ".ndjson"),
    "parquet": (".parquet",),
}


def read(files: list[Path], format: str, options: Options) -> RawTable:
    """Read files of one format, in the order given, as one raw table."""
    if format not in READERS:
        raise UsageError(f"unknown format {format!r}; known are {', '.join(READERS)}{nearest(format, list(READERS))}")
    return READERS[format](files, options)
