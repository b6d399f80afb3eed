"""Which columns of times are left out of those that could be one of a table's, by their cells."""

from __future__ import annotations

import pandas as pd

from aftershock.wizard import time_names
from aftershock.wizard.time_cells import TimeCells
from aftershock.wizard.time_formats import ENOUGH

SPARSE = 0.25  # share of rows with a start below which another column is looked for: a judgement
MOSTLY = (
    0.9  # share of rows with a start of their own, next to which one of a part has to be in half as many: a judgement
)
MOST_AT_ONCE = 5  # rows that may have begun in one moment: a judgement
LOADED = 50  # rows to a moment from which on rows were loaded then, rather than began: a judgement
MADE = 0.05  # how much less sure when a record was made is as the start next to one that is named so: a judgement
PLAIN = 0.8  # how sure a time of the record itself is as the start, next to which that of its commit comes later: a judgement
_COMMITS = {"commit", "commits"}
BARE = 0.3  # how much less sure a bare ``time`` is as the start next to that of a release: a judgement
_MADE = {
    "release",
    "released",
    "deploy",
    "deployed",
    "deployment",
    "rollout",
    "published",
    "merged",
    "applied",
    "shipped",
}
ENDS = {"incidents": "resolved_at", "changes": "finished_at"}
Candidate = tuple[float, float, str, str, str]


def of_tasks(table: str, cells: TimeCells) -> set[str]:
    """The days on which work on tasks was to begin, next to those on which it was due: ``start_date`` and ``due_date``."""
    due = any({"due"} == set(time_names.words(n)) - time_names.FILLING for n in cells.rows) and table == "incidents"
    starts = [n for n in cells.rows if due and time_names.is_plain(n, time_names.START)]
    return {n for n in starts if time_names.is_beginning(n) and cells.stamps(n) and cells.is_of_days(n)}


def without_ends_of_parts(table: str, candidates: list[Candidate], cells: TimeCells) -> list[Candidate]:
    """Without ends of parts that are things of their own, by their ids, and do not hold the start: a milestone's."""
    start = max((one for one in candidates if one[2] == "started_at"), default=(0.0, 0.0, "", "", ""))[3]

    def is_of_part(name: str) -> bool:
        part = name.rpartition(".")[0]
        return bool(part) and f"{part}.id" in cells.rows and not start.startswith(f"{part}.")

    return [one for one in candidates if one[2] != ENDS[table] or not is_of_part(one[3])]


def without_sparse_starts(candidates: list[Candidate], cells: TimeCells) -> list[Candidate]:
    """Without starts that hardly a row has, where most have another: a due date of tasks, not when they began; and without
    what is of loads."""
    filled = {name: (cells.rows[name] != "").mean() for _, _, c, name, _ in candidates if c == "started_at"}
    most = max(filled.values(), default=0.0)
    sparse = {name for name, share in filled.items() if share < SPARSE <= most / 2 or is_of_loads(name, cells)}
    if any(
        share > MOSTLY and "." not in name for name, share in filled.items()
    ):  # of some rows alone, a part says when
        sparse |= {name for name, share in filled.items() if share < MOSTLY / 2 and "." in name}
    moments = {name: cells.rows[name].nunique() for name in filled}
    if max(moments.values(), default=0) > 1:  # of few rows, too, one began before another
        sparse |= {name for name, several in moments.items() if several == 1 and time_names.is_creation(name)}
    return [one for one in candidates if one[2] != "started_at" or one[3] not in sparse]


def is_of_loads(name: str, cells: TimeCells) -> bool:
    """Whether a column holds one moment in all rows, or a few in many: when the export was made or rows were loaded."""
    rows, moments = len(cells.rows), cells.rows[name].nunique()
    return rows > MOST_AT_ONCE and (moments == 1 or (rows > LOADED * moments > 0 and not cells.is_of_days(name)))


def with_named_starts(candidates: list[Candidate]) -> list[Candidate]:
    """Starts, of which that of when the record was made comes after one that is named a start, ``Change start date``, and a
    bare ``time`` after that of a release."""

    own = any(c == "started_at" and "." not in name and sure >= PLAIN for sure, _, c, name, _ in candidates)
    candidates = [
        (sure - MADE, by - MADE, c, name, why)
        if own
        and c == "started_at"
        and _COMMITS & {word for part in name.split(".")[:-1] for word in time_names.words(part)}
        else (sure, by, c, name, why)
        for sure, by, c, name, why in candidates
    ]
    made = any(c == "started_at" and _MADE & set(time_names.words(name)) for _, _, c, name, _ in candidates)
    candidates = [
        (sure - BARE, by - BARE, c, name, why)
        if made and c == "started_at" and set(time_names.words(name)) <= time_names.FILLING
        else (sure, by, c, name, why)
        for sure, by, c, name, why in candidates
    ]

    def is_named(name: str) -> bool:
        return "." not in name and bool(time_names.START & set(time_names.words(name))) and not time_names.is_plan(name)

    if not any(c == "started_at" and is_named(name) for _, _, c, name, _ in candidates):
        return candidates
    return [
        (sure - MADE, by - MADE, c, name, why)
        if c == "started_at" and time_names.is_creation(name)
        else (sure, by, c, name, why)
        for sure, by, c, name, why in candidates
    ]


def of_clocks(candidates: list[Candidate], cells: TimeCells) -> list[Candidate]:
    """Without other starts than the days of a column next to one of times of day that is called a start: first seen, say."""

    def begins(name: str) -> bool:
        said = time_names.START & set(time_names.words(name)) and not time_names.is_plan(name)
        return bool(said) and not time_names.is_end(name) and cells.is_of_clocks(name)

    days = {one[3] for one in candidates if one[2] == "started_at" and cells.is_of_days(one[3])}
    days = {name for name in days if not (time_names.is_entry(name) or time_names.is_creation(name) or "." in name)}
    if len(days) != 1 or not any(map(begins, cells.rows)):
        return candidates
    return [one for one in candidates if one[2] != "started_at" or one[3] in days]


def without_vague(candidates: list[Candidate], cells: TimeCells) -> list[Candidate]:
    """Without starts of days where another has the time of those same days: the day on which a task begins is that on which
    it was created, unless somebody said otherwise; and without those of no zone where another has the same with one."""
    starts = {name: cells.read(name) for _, _, c, name, _ in candidates if c == "started_at"}
    days = {name for name in starts if cells.is_of_days(name)}
    vague = {
        day
        for day in days
        for name, at in starts.items()
        if name not in days and at is not None and _share_of_same_days(starts[day], at) >= ENOUGH
    }
    zoned = {name: (s := cells.stamps(name)) is not None and s.offsets >= ENOUGH for name in starts}
    vague |= {
        bare
        for bare in starts
        for name in starts
        if zoned[name] > zoned[bare] and _are_same(starts[bare], starts[name])
    }
    return [one for one in candidates if one[2] != "started_at" or one[3] not in vague]


def _are_same(bare: pd.Series | None, zoned: pd.Series | None) -> bool:
    """Whether two columns hold the same moments, one on the clocks of some zone, to the minute."""
    if bare is None or zoned is None or len(apart := (bare.dt.floor("min") - zoned.dt.floor("min")).dropna()) < 2:
        return False
    quarters = bool((apart.dt.total_seconds() % 900 == 0).all())
    return quarters and apart.nunique() <= 2 and bool((apart.abs() <= pd.Timedelta(hours=14)).all())  # of two seasons


def _share_of_same_days(days: pd.Series | None, at: pd.Series) -> float:
    return float((at.dropna().dt.normalize() == days[at.notna()]).mean()) if days is not None else 0.0


def without_starts_of_work(candidates: list[Candidate], cells: TimeCells) -> list[Candidate]:
    """Without a ``started`` that no row has before it was created: then work on it began, not the incident."""
    starts = [name for _, _, c, name, _ in candidates if c == "started_at"]
    created = next((name for name in starts if time_names.is_creation(name)), None)
    at = cells.read(created) if created else None
    late = set()
    for name in starts if at is not None else ():
        own = cells.read(name)
        if time_names.is_plain(name, time_names.START) and not time_names.is_of_record(name) and own is not None:
            after = (own - at).dropna()
            if len(after) and (after >= pd.Timedelta(0)).all() and (after > pd.Timedelta(0)).mean() > 0.5:
                late.add(name)
    return [one for one in candidates if one[2] != "started_at" or one[3] not in late]
