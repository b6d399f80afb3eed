"""What was promised in write-ups, and what has become of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from aftershock.dataset.writeups import ACTION_COLUMNS, WRITEUPS, read_writeup
from aftershock.metrics.protocols import DatasetWithWriteups
from aftershock.schema.errors import InputError, Problem

AGAIN_COLUMNS = ["incident_id", "earlier_id", "action", "owner", "due", "days_open"]
NOTE_COLUMNS = ["table", "file", "line", "column", "found", "expected", "remedy", "reason"]


class FollowUp(NamedTuple):
    """``items``: the action items; ``notes``: what could not be read, in the columns of the dataset's notes."""

    items: pd.DataFrame
    notes: pd.DataFrame


def action_items(dataset: DatasetWithWriteups, as_of: pd.Timestamp, *, stem: Callable[[str], str] = str) -> FollowUp:
    """Action items from ``<folder>/postmortems/*.md``, with their state at ``as_of``.

    ``items``: ``incident_id, action, type, owner, due, done, ticket`` (dates without a time, NaT when not given), ``raised`` (the
    day of the incident, in the dataset's zone, as items have no date of their own; NaT for no incident), ``age_days`` (from
    then until it was done, or ``as_of``) and ``state``: done (on or before ``as_of``), overdue (not done and due before that
    day), else open. An item done later
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
    today = _day(as_of, dataset.timezone)
    days = {i: _day(at, dataset.timezone) for i, at in began.items()}
    items["raised"] = pd.to_datetime(items["incident_id"].map(days))
    done = pd.to_datetime(items["done"])
    until = done.where(done <= today, today)
    items["age_days"] = (until - items["raised"]).dt.days
    items["state"] = [state_of(due, done, today) for due, done in zip(items["due"], items["done"], strict=True)]
    notes = pd.DataFrame([{"table": "postmortems", **p.as_row()} for p in problems], columns=NOTE_COLUMNS)
    notes["line"] = notes["line"].astype("Int64")
    return FollowUp(items, notes)


def _day(at: pd.Timestamp, zone: str) -> pd.Timestamp:
    return at.tz_convert(zone).tz_localize(None).normalize()


def repeats_with_open_items(repeats: pd.DataFrame, items: pd.DataFrame, dataset: DatasetWithWriteups) -> pd.DataFrame:
    """Incidents that resemble an earlier one of which an action item was not done when they began: what would perhaps have
    spared them.

    ``repeats``: of :func:`aftershock.metrics.repeats`; ``items``: of :func:`action_items`. Columns: ``incident_id, earlier_id,
    action, owner, due, days_open`` (from the earlier incident to the later). What was done
    on the day of the later incident counts as done.
    """
    began = dict(zip(dataset.incidents["incident_id"], dataset.incidents["started_at"], strict=True))
    joined = repeats[["incident_id", "earlier_id"]].merge(
        items.rename(columns={"incident_id": "earlier_id"}), on="earlier_id", how="inner"
    )
    again = pd.to_datetime(pd.Series([_day(began[i], dataset.timezone) for i in joined["incident_id"]], dtype=object))
    left = joined["done"].isna() | (joined["done"] > again)
    joined["days_open"] = (again - joined["raised"]).dt.days
    return joined.loc[left, AGAIN_COLUMNS].reset_index(drop=True)


def state_of(due: pd.Timestamp, done: pd.Timestamp, today: pd.Timestamp) -> str:
    """What an item is on a day: done, overdue, or open."""
    if pd.notna(done) and done <= today:
        return "done"
    return "overdue" if pd.notna(due) and due < today else "open"
