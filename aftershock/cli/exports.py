"""What the command line writes: the suspects as CSV, a backtest as JSON, and the account of what was read."""

from __future__ import annotations

import json
import math
import os
import sys
import tempfile
from pathlib import Path

import pandas as pd

from aftershock.dataset.dataset import Dataset
from aftershock.errors import AftershockError
from aftershock.model.attribution import SUSPECT_COLUMNS, Attribution
from aftershock.model.validation.backtest import Backtest
from aftershock.model.validation.calibration import reliability_table
from aftershock.model.validation.scores import calibration_of, gains, score_table
from aftershock.output.phrases import clock, plural
from aftershock.output.spreadsheets import guarded
from aftershock.output.terminal import plain
from aftershock.schema.tables import FOLDS, REASONS

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
        sys.stdout.write(plain(text) if sys.stdout.isatty() else text)
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


def backtest_json(found: Backtest) -> str:
    """A backtest as JSON: how it was made, measures of each rule, gains, calibration, folds, and every incident's outcome."""
    parts = {"in_sample": found.by_rule, "held_out": found.held_out}
    told = {
        "dataset": found.found.dataset.key,
        "as_of": "onset" if found.as_of_onset else "now",
        "labels": found.labels["method"].value_counts().to_dict(),
        **{name: _measured(by_rule) for name, by_rule in parts.items() if by_rule},
        "folds": [vars(fold) for fold in found.folds],
        "incidents": _outcomes(found),
    }
    return json.dumps(told, indent=1, ensure_ascii=False, default=_plain) + "\n"


def _measured(by_rule: dict[str, pd.DataFrame]) -> dict[str, object]:
    ours = next(iter(by_rule))
    table = by_rule[ours][by_rule[ours]["top_probability"].notna()]
    reached = reliability_table(table["top_probability"].to_numpy(), table["top_right"].to_numpy())
    return {
        "scores": _records(score_table(by_rule)),
        "gains": _records(gains(by_rule, ours)),
        "calibration": {k: _plain(v) for k, v in vars(calibration_of(table)).items()},
        "reliability": _records(reached),
    }


def _outcomes(found: Backtest) -> list[dict[str, object]]:
    labels = found.labels[["incident_id", "change_ids"]]
    return _records(found.ours.merge(labels, on="incident_id", how="left"))


def _records(table: pd.DataFrame) -> list[dict[str, object]]:
    return [{k: _plain(v) for k, v in row.items()} for row in table.to_dict("records")]


def _plain(value: object) -> object:
    """What JSON can hold: ISO 8601 for times, nothing for what is missing or infinite."""
    if isinstance(value, pd.Timestamp):
        return value.isoformat()
    value = value.item() if hasattr(value, "item") else value
    return None if isinstance(value, float) and not math.isfinite(value) else value


def account(dataset: Dataset) -> list[str]:
    """Lines that say what was read, rejected and noted."""
    return counted(dataset) + listed_problems(dataset)


def counted(dataset: Dataset) -> list[str]:
    """Lines that say how much was read and what became of it."""
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
    return lines


def listed_problems(dataset: Dataset) -> list[str]:
    """Every kind of row that was rejected, noted or folded, with its first rows."""
    lines = []
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
