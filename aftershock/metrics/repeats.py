"""What came back, and what was promised."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from aftershock.dataset.writeups import ACTION_COLUMNS, WRITEUPS, read_writeup
from aftershock.errors import InputError, Problem
from aftershock.metrics.incident_counts import incidents_of

REPEAT_COLUMNS = ["incident_id", "earlier_id", "similarity", "shared_services", "started_at", "title"]
NOTE_COLUMNS = ["table", "file", "line", "column", "found", "expected", "remedy", "reason"]
WORD = re.compile(r"[^\W\d_]{3,}")


def repeats(dataset: object, incident_ids: list[str], *, least: float = 0.25, most: int = 5) -> pd.DataFrame:
    """Earlier incidents that resemble the given ones, at most ``most`` each, the most alike first.

    ``similarity`` (0 nothing in common, 1 the same) is the cosine between the words of title and description, rare
    words weighing more (tf–idf over this log), raised half-way to 1 by shared services: ``cosine + (1 − cosine) × ½ ×
    Jaccard(services)``. Without a single shared word it is zero: a service that fails twice is no repeat. Columns:
    ``incident_id, earlier_id, similarity, shared_services, started_at, title`` (of the earlier).
    """
    table = incidents_of(dataset)
    vectors = _vectors(table)
    wanted = dataset.incidents[dataset.incidents["incident_id"].isin(list(incident_ids))]
    vectors |= {k: v for k, v in _vectors(wanted, table).items() if k not in vectors}
    rows = []
    for one in wanted.itertuples():
        scored = []
        for other in table[(table["started_at"] < one.started_at)].itertuples():
            shared = sorted(set(one.services) & set(other.services))
            cosine = _cosine(vectors[one.incident_id], vectors[other.incident_id])
            union = len(set(one.services) | set(other.services))
            similarity = cosine + (1 - cosine) * 0.5 * (len(shared) / union if union else 0.0) if cosine > 0 else 0.0
            if similarity >= least:
                scored.append([one.incident_id, other.incident_id, similarity, shared, other.started_at, other.title])
        rows += sorted(scored, key=lambda r: (-r[2], -r[4].timestamp(), r[1]))[:most]
    return pd.DataFrame(rows, columns=REPEAT_COLUMNS)


def _vectors(table: pd.DataFrame, background: pd.DataFrame | None = None) -> dict[str, dict[str, float]]:
    """tf–idf vectors of unit length by incident; document frequencies from ``background`` (default: the table)."""
    texts = {r.incident_id: WORD.findall(f"{r.title} {r.description}".lower()) for r in table.itertuples()}
    source = table if background is None else background
    seen = Counter(w for r in source.itertuples() for w in set(WORD.findall(f"{r.title} {r.description}".lower())))
    vectors = {}
    for key, words in texts.items():
        weights = {w: n * math.log((1 + len(source)) / (1 + seen[w])) for w, n in Counter(words).items()}
        length = math.sqrt(sum(v * v for v in weights.values()))
        vectors[key] = {w: v / length for w, v in weights.items()} if length > 0 else {}
    return vectors


def _cosine(a: dict[str, float], b: dict[str, float]) -> float:
    small, large = (a, b) if len(a) < len(b) else (b, a)
    return min(1.0, sum(v * large.get(w, 0.0) for w, v in small.items()))


class FollowUp(NamedTuple):
    """``items``: the action items; ``notes``: what could not be read, in the columns of the dataset's notes."""

    items: pd.DataFrame
    notes: pd.DataFrame


def action_items(dataset: object, as_of: pd.Timestamp, *, stem: Callable[[str], str] = str) -> FollowUp:
    """Action items from ``<folder>/postmortems/*.md``, with their state at ``as_of``.

    ``items``: ``incident_id, action, type, owner, due, done, ticket`` (dates without a time, NaT when not given) and
    ``state``: done (on or before ``as_of``), overdue (not done and due before that day), else open; an item done later
    than ``as_of`` is judged as not yet done, and items of
    incidents that began after it do not exist yet. ``stem`` turns an incident's id into its file's name. A row or a file
    that cannot be read, and a file that belongs to no incident, become ``notes``.
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
