"""What was promised in write-ups, and what has become of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from aftershock.dataset.writeups import ACTION_COLUMNS, WRITEUPS, read_writeup
from aftershock.metrics.protocols import DatasetWithWriteups
from aftershock.schema.errors import InputError, Problem

NOTE_COLUMNS = ["table", "file", "line", "column", "found", "expected", "remedy", "reason"]


class FollowUp(NamedTuple):
    """``items``: the action items; ``notes``: what could not be read, in the columns of the dataset's notes."""

    items: pd.DataFrame
    notes: pd.DataFrame


def action_items(dataset: DatasetWithWriteups, as_of: pd.Timestamp, *, stem: Callable[[str], str] = str) -> FollowUp:
    """Action items from ``<folder>/postmortems/*.md``, with their state at ``as_of``.

    ``items``: ``incident_id, action, type, owner, due, done, ticket`` (dates without a time, NaT when not given) and
    ``state``: done (on or before ``as_of``), overdue (not done and due before that day), else open. An item done later
    than ``as_of`` counts as not yet done, and items of incidents that began after it do not exist yet. ``stem`` turns an
    incident's id into its file's name. A row or a file that cannot be read, and a file that belongs to no incident,
    become ``notes``.
    """
    folder = Path(dataset.folder)
    names = {stem(dataset.raw_id(i)): i for i in dataset.incidents["incident_id"]}
    began = dict(zip(dataset.incidents["incident_id"], dataset.incidents["started_at"], strict=True))
    frames, problems = [], []
    for path in sorted((folder / WRITEUPS).glob("*.md")):
        known = stem(names[path.stem]) if path.stem in names else dataset.mask.text(path.stem)
        shown = f"{WRITEUPS}/{known}.md"
        try:
            writeup = read_writeup(path, folder, dataset.mask, shown)
        except InputError as error:
            problems += error.problems
            continue
        if path.stem not in names:
            problems.append(
                Problem(
                    shown,
                    None,
                    None,
                    repr(known),
                    "the id of an incident",
                    "Rename the file after its incident.",
                    "unknown_incident",
                )
            )
        problems += writeup.notes
        if path.stem in names and began[names[path.stem]] > as_of:
            continue
        frames.append(writeup.actions.assign(incident_id=names.get(path.stem, known)))
    items = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=[*ACTION_COLUMNS, "incident_id"])
    items = items[["incident_id", *ACTION_COLUMNS]]
    today = as_of.tz_convert(dataset.timezone).tz_localize(None).normalize()
    items["state"] = [_state(due, done, today) for due, done in zip(items["due"], items["done"], strict=True)]
    notes = pd.DataFrame([{"table": "postmortems", **p.as_row()} for p in problems], columns=NOTE_COLUMNS)
    notes["line"] = notes["line"].astype("Int64")
    return FollowUp(items, notes)


def _state(due: pd.Timestamp, done: pd.Timestamp, today: pd.Timestamp) -> str:
    if pd.notna(done) and done <= today:
        return "done"
    return "overdue" if pd.notna(due) and due < today else "open"
