"""What the command line writes: the suspects as CSV, and the account of what was read."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import pandas as pd

from aftershock.attribution import SUSPECT_COLUMNS, Attribution
from aftershock.dataset import Dataset
from aftershock.errors import AftershockError
from aftershock.phrases import clock, plural
from aftershock.spreadsheets import guarded
from aftershock.tables import FOLDS, REASONS

WRITTEN_COLUMNS = [c for c in SUSPECT_COLUMNS if c not in ("services", "change_at")]
MOST_PROBLEMS = 20


def write_suspects(found: Attribution, output: Path, top: int | None) -> None:
    """Suspects as CSV, by incident then rank; whole or not at all. ``-`` writes to standard output."""
    table = found.suspects()
    if top is not None:
        table = table[table["rank"] <= top]
    table = table[WRITTEN_COLUMNS].sort_values(["incident_id", "rank"], kind="stable")
    for column in ("title", "matching_words"):
        table[column] = table[column].map(guarded)
    text = table.to_csv(index=False, float_format="%.12g")
    if str(output) == "-":
        sys.stdout.write(text)
    else:
        write_whole(output, text)


def write_whole(path: Path, text: str) -> None:
    """Write a file beside its place and rename it, so that nobody ever sees half of it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
                file.write(text)
            Path(name).chmod(0o644)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise AftershockError(
            f"cannot write {path}: {error.strerror}. Choose a folder that you may write to."
        ) from error


def account(dataset: Dataset) -> list[str]:
    """Lines that say what was read, rejected and noted."""
    first, last = dataset.observed
    lines = [
        f"{dataset.name} ({dataset.key})" + (", simulated" if dataset.simulated else ""),
        f"  observed {clock(first, dataset.timezone)} to {clock(last, dataset.timezone)}, {plural(len(dataset.months), 'month')}",
    ]
    for name in ("incidents", "changes", "dependencies", "verdicts"):
        table = getattr(dataset, name)
        rejected, folded, noted = (
            int((t["table"] == name).sum()) for t in (dataset.rejected, dataset.folded, dataset.notes)
        )
        lines.append(
            f"  {name}: {plural(len(table) + rejected + folded, 'record')} = {plural(len(table), 'row')} used + "
            f"{rejected} rejected + {folded} folded; {noted} noted"
        )
    repeats = len(dataset.incidents) - len(dataset.actual_incidents)
    if repeats:
        lines.append(f"  {plural(repeats, 'incident')} folded as duplicates")
    bare = int((~dataset.changes["services"].map(bool)).sum())
    if bare:
        lines.append(f"  {plural(bare, 'change')} without a service: their relation to incidents is unknown")
    for title, problems in (("rejected", dataset.rejected), ("noted", dataset.notes)):
        lines += _problems(title, problems)
    return lines + _folded(dataset.folded)


def _folded(folded: pd.DataFrame) -> list[str]:
    lines = []
    for reason, rows in folded.groupby("reason", sort=True):
        lines.append(f"folded: {plural(len(rows), 'record')}, {reason}: {FOLDS[str(reason)]}")
        lines += [
            f"  {r.file}" + (f", line {r.line}" if pd.notna(r.line) else "") + f": {r.into}"
            for r in rows.head(MOST_PROBLEMS).itertuples()
        ]
        if len(rows) > MOST_PROBLEMS:
            lines.append(f"  … and {len(rows) - MOST_PROBLEMS} more")
    return lines


def _problems(title: str, problems: pd.DataFrame) -> list[str]:
    lines = []
    for reason, rows in problems.groupby("reason", sort=True):
        lines.append(f"{title}: {plural(len(rows), 'row')}, {reason}: {REASONS.get(str(reason), '')}")
        for row in rows.head(MOST_PROBLEMS).itertuples():
            place = (
                f"{row.file}"
                + (f", line {row.line}" if pd.notna(row.line) else "")
                + (f", column {row.column}" if row.column else "")
            )
            lines.append(f"  {place}: found {row.found}; expected {row.expected}. {row.remedy}")
        if len(rows) > MOST_PROBLEMS:
            lines.append(f"  … and {len(rows) - MOST_PROBLEMS} more")
    return lines
