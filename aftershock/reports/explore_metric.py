"""A measure over time, such as requests, errors or latency, to be drawn over the explore page's timeline."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from aftershock.dataset import timestamps
from aftershock.schema.errors import InputError, Problem

COLUMNS = ["time", "value"]
EXPECTED = "a CSV or Parquet file with the columns time and value"


def read_metric(path: str | Path, zone: str) -> pd.DataFrame:
    """Columns time (UTC) and value (float, NaN for an empty cell: a gap), by time. Times without an offset are those of
    ``zone``. InputError, with the file, the first line and the column, for what cannot be read as such."""
    path = Path(path)
    table = _read(path)
    table.columns = [str(c).strip().lower() for c in table.columns]
    for name in COLUMNS:
        if list(table.columns).count(name) != 1:
            found = ", ".join(map(repr, table.columns)) or "no column"
            raise _unfit(path, None, None, found, EXPECTED, "Rename the columns, each once.")
    texts = table["time"].fillna("").astype(str)
    parsed = timestamps.parse(texts, zone)
    _check(path, "time", texts, parsed.at.isna(), "a moment such as 2025-03-01T10:00:00Z")
    values = table["value"].fillna("").astype(str).str.strip()
    numbers = pd.to_numeric(values.where(values != ""), errors="coerce")
    _check(path, "value", values, numbers.isna() & (values != ""), "a number such as 12.5, or nothing for a gap")
    return pd.DataFrame({"time": parsed.at, "value": numbers.astype(float)}).sort_values("time", ignore_index=True)


def _read(path: Path) -> pd.DataFrame:
    try:
        if path.suffix.lower() == ".parquet":
            return pd.read_parquet(path)
        return pd.read_csv(path, dtype=str, keep_default_na=False, skip_blank_lines=False)
    except (OSError, ValueError) as error:
        found = " ".join(str(error).split())[:120] or type(error).__name__
        raise _unfit(path, None, None, found, EXPECTED, "Give the path of such a file.") from error


def _check(path: Path, column: str, texts: pd.Series, wrong: pd.Series, expected: str) -> None:
    if wrong.any():
        row = int(wrong.to_numpy().argmax())
        line = row + (1 if path.suffix.lower() == ".parquet" else 2)  # a CSV has a line of names
        raise _unfit(path, line, column, repr(texts.iloc[row]), expected, "Write it so.")


def _unfit(path: Path, line: int | None, column: str | None, found: str, expected: str, remedy: str) -> InputError:
    return InputError.of(Problem(path.name, line, column, found, expected, remedy, "unreadable_record"))
