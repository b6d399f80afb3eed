"""Logs in which a record has several rows, one per state that it was in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from aftershock.output.phrases import plural
from aftershock.schema import status_words
from aftershock.wizard import time_names
from aftershock.wizard.guess import Guess
from aftershock.wizard.time_cells import TimeCells

MOSTLY_OWN = 0.9  # share of rows with a version that no other has: a judgement
MOST_EVENTS = 12  # kinds of what can happen to an incident: a judgement
MOSTLY = 0.5  # share of the repeated ids within which a column of states varies: a judgement
_STATES = {"state", "status", "phase", "milestone", "stage", "action", "event", "zustand", "statut", "etat", "estado"}
_BEFORE = {"from", "old", "previous", "prior", "before"}  # what a state was until then
_PLANNED = r"(?i:scheduled|planned|maintenance|under maintenance|geplant|planifi\w+|programad[oa])"
_CHANGED = {
    "updated",
    "update",
    "modified",
    "mod",
    "changed",
    "sequence",
    "seq",
    "version",
    "valid",
    "geaendert",
    "aktualisiert",
    "modifie",
}


def varying(rows: pd.DataFrame, ids: pd.Series) -> list[str]:
    """The columns of states or of last changes that differ within most of the ids that have several rows."""
    repeated = ids[(ids != "") & ids.duplicated(keep=False)]
    if repeated.empty:
        return []
    found = []
    for name in rows.columns:
        if (
            (set(time_names.words(name)) & (_STATES | _CHANGED) or _are_events(name, rows[name]))
            and _varies(rows[name], repeated)
            and not _are_own(rows[name])
        ):
            found.append(name)
    return found


def _are_events(name: str, cells: pd.Series) -> bool:
    """Whether a column of types says what happened to each record: that an incident was opened, or resolved."""
    words = [word for word in cells.unique() if word] if "type" in time_names.words(name) else []
    return 1 < len(words) <= MOST_EVENTS and {"open", "resolved"} <= {
        status_words.meaning(word, status_words.STATUS_WORDS) for word in words
    }


def _are_own(cells: pd.Series) -> bool:
    """Whether each row has a version of its own, such as 10.0.17763.1: then it is another, and no state of one."""
    return cells.nunique() > MOSTLY_OWN * len(cells) and bool(cells.str.fullmatch(r"v?\d+(?:\.\d+){1,}\S*").all())


def _varies(cells: pd.Series, repeated: pd.Series) -> bool:
    """Whether cells differ within most of the ids that have several rows."""
    return bool((cells[repeated.index].groupby(repeated.to_numpy()).nunique() > 1).mean() > MOSTLY)


def start(rows: pd.DataFrame, ids: pd.Series, states: list[str], cells: TimeCells) -> Guess | None:
    """The only column of times that differ between the states of records, whatever its name says: when a row was changed is
    when its state began, and of the first that is the start. None where no column holds states besides, or the first has one
    before it."""
    repeated = ids[(ids != "") & ids.duplicated(keep=False)]
    timed = [n for n in rows.columns if cells.stamps(n)]
    able = [n for n in timed if not (time_names.is_plan(n) or time_names.is_end(n)) and _varies(rows[n], repeated)]
    if len(able) != 1 or not set(states) - set(timed):
        return None
    at = cells.read(able[0])
    first = at.groupby(ids.to_numpy()).idxmin().dropna() if at is not None else pd.Series(dtype=int)
    before = [n for n in rows.columns if set(time_names.words(n)) & _BEFORE and set(time_names.words(n)) & _STATES]
    if any((rows[n][first] != "").mean() > MOSTLY for n in before):
        return None
    return Guess("started_at", able[0], 0.7, "when each state began, of which the first is the start")


def find_start(
    rows: pd.DataFrame, chosen: dict[str, Guess], refused: dict[str, str], states: list[str], cells: TimeCells
) -> None:
    """Take the start of records from their states where no column says it; ``refused``: why none does. Steps of tickets stay
    no changes."""
    id = next((chosen[c] for c in ("incident_id", "change_id") if c in chosen), None)
    tickets = (
        id is not None and id.what == "change_id" and refused.get("started_at", "").startswith("its rows are steps")
    )
    if not (id and states) or tickets or "started_at" in chosen:
        return
    if begun := start(rows, rows[id.value], states, cells):
        chosen["started_at"] = begun
        refused.pop("started_at", None)


def of(rows: pd.DataFrame, id: Guess | None, cells: TimeCells) -> Guess | None:
    """Which row of each id is the newest, ``last`` or ``first``; None for a log with one row each."""
    if id is None:
        return None
    ids = rows[id.value]
    columns = varying(rows, ids)
    if not columns:
        return None
    repeated = ids[(ids != "") & ids.duplicated(keep=False)]
    why = f"{repeated.nunique()} of {ids.nunique()} ids have several rows, which differ in {columns[0]!r}"
    of_times = [n for n in rows.columns if n not in columns and cells.stamps(n) and _varies(rows[n], repeated)]
    for name in [*columns, *of_times]:
        at = cells.read(name)
        if (
            at is not None
            and (steps := at[repeated.index].groupby(repeated.to_numpy()).diff().dropna()).ne(pd.Timedelta(0)).any()
        ):
            newest = "first" if (steps < pd.Timedelta(0)).sum() > (steps > pd.Timedelta(0)).sum() else "last"
            return Guess("history", newest, 0.9, f"{why}; {name!r} says which is the newest")
    return Guess("history", "last", 0.75, f"{why}; the last row of each counts")


def question(rows: pd.DataFrame, id: Guess) -> list[str]:
    """What is asked of a log whose rows have ids of their own besides those that return: they may be parts of its records."""
    ids, what = rows[id.value], id.what.removesuffix("_id")
    for name in rows.columns:
        words = time_names.words(name)
        own = (
            words[-1:] == ["id"] and words != ["id"] and rows[name].nunique() == len(rows) and (rows[name] != "").all()
        )
        if own and ids.duplicated().any():
            return [
                f"{name!r} tells all rows apart and {id.value!r} returns: they are read as the states of each {what}; if they "
                f"are updates or reports, give the {what}s themselves"
            ]
    return []


def planned(rows: pd.DataFrame, chosen: Mapping[str, Guess], id: Guess) -> Iterator[str]:
    """The question whether records are planned work whose states say that they were scheduled."""
    if id.what != "incident_id" or "status" not in chosen:
        return
    states = rows[chosen["status"].value]
    such = states[states.str.fullmatch(_PLANNED)]
    if not such.empty:
        ids = plural(rows[id.value][such.index].nunique(), "incident")
        yield f"{ids} had the state {such.iloc[0]!r}: if that is planned work, take the rows of such ids out of the file"


def mixed(rows: pd.DataFrame, chosen: Mapping[str, Guess], id: Guess) -> Iterator[str]:
    """The question whether rows of one id are records of their own, where they are of several things: one release to many
    places."""
    ids = rows[id.value]
    repeated = ids[(ids != "") & ids.duplicated(keep=False)]
    named = {chosen[column].value for column in ("services", "environment", "repository") if column in chosen}
    for name in rows.columns if not repeated.empty else ():
        of_things = name in named or time_names.words(name)[-1:] == ["id"]
        if of_things and name != id.value and rows[name].nunique() < len(rows) and _varies(rows[name], repeated):
            yield (
                f"of the rows of each {id.value!r} one is read, and they differ in {name!r}: if each was one of its own, "
                "give each an id"
            )
            return
