"""Parquet, as data warehouses export it; lists stay lists, times keep their zone."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from aftershock.errors import InputError, Problem
from aftershock.sources.formats import Format
from aftershock.sources.paths import cell
from aftershock.sources.raw import Options, RawTable
from aftershock.sources.samples import Sample, generic_sureness


def read(files: list[Path], options: Options) -> RawTable:
    rows, places, columns = [], [], {}
    for path in files:
        frame = _frame(path)
        columns.update(dict.fromkeys(map(str, frame.columns)))
        for number, record in enumerate(frame.to_dict("records"), start=1):
            rows.append({str(k): _cell(v) for k, v in record.items()})
            places.append((path.name, number))
    return RawTable.of(rows, places, columns=list(columns), problems=[], notes=[])


def _frame(path: Path) -> pd.DataFrame:
    import pyarrow as pa

    try:
        return pd.read_parquet(path, dtype_backend="numpy_nullable")  # whole numbers stay whole beside empty cells
    except (pa.ArrowException, OSError, ValueError) as error:
        raise InputError.of(
            Problem(
                path.name,
                None,
                None,
                str(error).splitlines()[0],
                "a Parquet file",
                "Check that the file was copied whole.",
                "unreadable_record",
            )
        ) from error


def _cell(value: object) -> object:
    if hasattr(value, "tolist") and not isinstance(value, pd.Timestamp):
        value = value.tolist()
    if isinstance(value, (list, dict)):
        return cell(value)
    if value is None or pd.isna(value):
        return ""
    if isinstance(value, pd.Timestamp):
        return value.isoformat()
    return cell(value)


def _recognises(sample: Sample, table: str) -> float:
    return generic_sureness(sample, table) if sample.kind == "parquet" else 0.0


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
