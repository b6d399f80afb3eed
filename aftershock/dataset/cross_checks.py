"""Rows of one table that refer to another: verdicts, reported causes, and incidents that repeat others."""

from __future__ import annotations

import pandas as pd

from aftershock.dataset.spreadsheet_ids import KnownIds
from aftershock.output.spreadsheets import unguarded
from aftershock.schema import tables
from aftershock.schema.errors import InputError, Problem, nearest


def check_verdicts(verdicts: pd.DataFrame, incidents: pd.DataFrame, changes: pd.DataFrame) -> pd.DataFrame:
    """The verdicts, if each is on an incident and a change that exist, and accepts or rejects; else InputError."""
    problems = []
    decisions = ("", tables.ACCEPTED, tables.REJECTED)
    for row in verdicts[~verdicts["decision"].isin(decisions)].itertuples():
        expected = f"{tables.ACCEPTED} or {tables.REJECTED}{nearest(row.decision, list(decisions[1:]))}"
        problems.append(
            Problem(row.file, row.line, "decision", repr(row.decision), expected, "Fix the cell.", "unknown_value")
        )
    for row in verdicts[
        (verdicts["decision"] == tables.REJECTED) & (verdicts["change_id"] == tables.NONE)
    ].itertuples():
        remedy = "Write the change that did set it off, accepted."
        problems.append(
            Problem(row.file, row.line, "change_id", "'none', rejected", "the id of a change", remedy, "unknown_change")
        )
    for column, ids, more, reason in (
        ("incident_id", incidents["incident_id"], [], "unknown_incident"),
        ("change_id", changes["change_id"], [tables.NONE], "unknown_change"),
    ):
        known = _among(ids, set(verdicts[column])) | set(more)
        for row in verdicts[~verdicts[column].isin(known)].itertuples():
            value = getattr(row, column)
            expected = "an id of the dataset" + nearest(value, sorted([*ids, *more]))
            problems.append(
                Problem(row.file, row.line, column, repr(value), expected, "Fix or remove the row.", reason)
            )
    if problems:
        raise InputError.of(*problems)
    return verdicts


def _among(ids: pd.Series, wanted: set[str]) -> set[str]:
    """Those of the wanted ids that a log has."""
    return set(ids[ids.isin(list(wanted))]) if wanted else set()


def without_spreadsheet_guards(verdicts: pd.DataFrame) -> pd.DataFrame:
    """Verdicts without the apostrophes that keep spreadsheets from running a cell."""
    columns = tables.VERDICTS.of_type("text")
    return verdicts.assign(**{c: verdicts[c].map(unguarded).astype(verdicts[c].dtype) for c in columns})


def verdicts_on_originals(verdicts: pd.DataFrame, incidents: pd.DataFrame) -> pd.DataFrame:
    """A verdict on a row that repeats another incident counts for that one."""
    original = dict(zip(incidents["incident_id"], incidents["duplicate_of"], strict=True))
    return verdicts.assign(incident_id=[original[i] or i for i in verdicts["incident_id"]])


def with_found_ids(incidents: pd.DataFrame, changes: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Both logs; what names a row of them names it by its own id, whatever a spreadsheet made of the name."""
    for table, column, ids in (
        (incidents, "caused_by", changes["change_id"]),
        (incidents, "duplicate_of", incidents["incident_id"]),
        (changes, "reverts", changes["change_id"]),
    ):
        named = table[column][table[column].map(bool).astype(bool)]
        listed = {one for cell in named for one in (cell if isinstance(cell, list) else [cell])}
        if not listed or not (listed - _among(ids, listed)):
            continue
        known = KnownIds(ids)
        found = {one: known.find(one) for one in listed}
        table.loc[named.index, column] = pd.Series(
            [[found[i] for i in cell] if isinstance(cell, list) else found[cell] for cell in named],
            index=named.index,
            dtype="object",
        )
    return incidents, changes


def unknown_causes(incidents: pd.DataFrame, changes: pd.DataFrame) -> list[Problem]:
    """Notes on incidents that name a change as their cause which no log has."""
    named = incidents[incidents["caused_by"].map(bool).astype(bool)]
    known = _among(changes["change_id"], {change for causes in named["caused_by"] for change in causes})
    return [
        Problem(
            row.file,
            row.line,
            "caused_by",
            repr(change),
            "a change of the change log",
            f"{row.incident_id}: the reported cause cannot be ranked.",
            "unknown_change",
        )
        for row in named.itertuples()
        for change in row.caused_by
        if change not in known
    ]


def settle_duplicates(incidents: pd.DataFrame) -> tuple[pd.DataFrame, list[Problem]]:
    """``duplicate_of`` leads to the incident at the end of its chain. A row that repeats itself, an unknown incident or
    one that repeats it is an incident of its own, with a note: nothing may vanish because two rows point at each other."""
    if (incidents["duplicate_of"] == "").all():
        return incidents, []
    of = dict(zip(incidents["incident_id"], incidents["duplicate_of"], strict=True))
    roots, notes = [], []
    for row in incidents.itertuples():
        seen, root = {row.incident_id}, row.duplicate_of
        while root and of.get(root) and root not in seen:
            seen.add(root)
            root = of[root]
        if root and (root in seen or root not in of):
            reason = "duplicate_loop" if root in of else "unknown_incident"
            remedy = f"{row.incident_id} counts as an incident of its own."
            notes.append(
                Problem(
                    row.file,
                    row.line,
                    "duplicate_of",
                    repr(row.duplicate_of),
                    "another incident of the log",
                    remedy,
                    reason,
                )
            )
            root = ""
        roots.append(root)
    return incidents.assign(duplicate_of=pd.Series(roots, index=incidents.index, dtype="object")), notes
