"""Several logs of one table as one: their rows in order, each id once, with the account of all of them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from aftershock.dataset.canonical import CanonicalTable
from aftershock.schema import tables
from aftershock.schema.tables import Schema


def joined(made: list[CanonicalTable], schema: Schema) -> CanonicalTable:
    """The tables of one schema as one. Of rows with the same id the first counts: one that says the same is folded into
    it, one that says something else is rejected."""
    if len(made) == 1:
        return made[0]
    frames = [part.frame.assign(extras=pd.Series(list(part.frame["extras"]), dtype="object")) for part in made]
    frame = pd.concat([f for f in frames if len(f)] or frames[:1], ignore_index=True)
    rejected, folded = [part.rejected for part in made], [part.folded for part in made]
    if schema.id:
        frame, again, repeated = _without_repetitions(frame, schema)
        rejected.append(again)
        folded.append(repeated)
        frame = frame.sort_values(["started_at", schema.id], kind="stable", ignore_index=True)
    else:
        frame, repeated = _without_repeated_edges(frame, schema)
        folded.append(repeated)
    folds = [part for part in folded if len(part)]
    return CanonicalTable(
        frame,
        tables.joined(rejected),
        tables.joined([part.notes for part in made]),
        pd.concat(folds, ignore_index=True) if folds else tables.fold_frame(schema.table, []),
    )


def _without_repetitions(frame: pd.DataFrame, schema: Schema) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """(rows with an id of their own, problems, folds)."""
    repeated = frame[schema.id].duplicated(keep="first")
    if not repeated.any():
        return frame, tables.problem_frame(schema.table, []), tables.fold_frame(schema.table, [])
    compared = [column for column in frame.columns if column not in ("file", "line", "extras")]
    again = frame[repeated]
    first = frame[~repeated].set_index(schema.id, drop=False).loc[again[schema.id]]
    alike = (_filled(again[compared]) == _filled(first[compared])).all(axis=1)
    places = first["file"] + ", record " + first["line"].astype(str)
    same, other = again[alike], again[~alike]
    folds = [
        tables.FoldedRecord(row.file, row.line, "repeated_record", f"{getattr(row, schema.id)}, of {place}")
        for row, place in zip(same.itertuples(), places[alike], strict=True)
    ]
    problems = tables.problem_rows(
        schema.table,
        file=other["file"].tolist(),
        line=other["line"].tolist(),
        column=schema.id,
        found=[repr(id[:60]) for id in other[schema.id]],
        expected=[f"an id that no other log has; {place} has it" for place in places[~alike]],
        remedy='If the logs number alike, give one of their sections a prefix, such as prefix = "shop-".',
        reason="duplicate_id",
    )
    return frame[~repeated], problems, tables.fold_frame(schema.table, folds)


def _filled(rows: pd.DataFrame) -> np.ndarray:
    """Cells that can be compared: one that is missing is empty."""
    return rows.astype(object).where(rows.notna(), "").astype(str).to_numpy(dtype=object)


def _without_repeated_edges(frame: pd.DataFrame, schema: Schema) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(edges of a service graph that only one log has, or the first that does, folds)."""
    repeated = frame.duplicated(["service", "depends_on"], keep="first")
    folds = [
        tables.FoldedRecord(row.file, row.line, "repeated_record", f"{row.service} needs {row.depends_on}, seen before")
        for row in frame[repeated].itertuples()
    ]
    return frame[~repeated].reset_index(drop=True), tables.fold_frame(schema.table, folds)
