"""What has an id and a time in each row and is no log: checks of a monitor, silences, objects of a cluster, write-ups."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd

from aftershock.schema import status_words
from aftershock.schema.tables import SCHEMAS
from aftershock.wizard import time_matching, time_names
from aftershock.wizard.guess import LIKELY, Guess
from aftershock.wizard.table_names import are_of_silences, is_called, tell_of_changes

WELL_THINGS = {
    "up",
    "ok",
    "green",
    "healthy",
    "online",
    "available",
    "operational",
}  # states of what is watched, of no incident
_ANALYSED = re.compile(  # headings of write-ups of incidents
    r"^#{1,6} .*(?:root cause|post-?mortem|lessons|contributing factor|five why|incident|outage|ursache)", re.I | re.M
)
_MEASURED = re.compile(
    r"responsetime|responsems|latency|httpstatus|statuscode|pingms|rtt"
)  # what checks of a monitor measure
REQUEST = re.compile(r"://\S+/(?:pull|merge_requests|pull-?requests)/\d+")
_MERGED = re.compile(r"merged?_?(?:at|on|date|time)", re.IGNORECASE)
_RAN = re.compile(  # kinds of objects that each were a run or a version
    r"ReplicaSet|ControllerRevision|Job|Event|Workflow|\w*(?:Run|Operation|Backup|Restore|Freight)"
)


def refuse(table: str, rows: pd.DataFrame, chosen: dict[str, Guess], found: time_matching.TimeMatch) -> None:
    """Take the start from what is no log of a table, and say why."""
    if not is_called(found.file, table):
        _guesses(table, chosen, found)
    if table != "changes" or not (is_called(found.file, table) or tell_of_changes(rows.columns)):
        _checks(rows, chosen, found)
    _silences(table, rows, chosen, found)
    _requests(table, rows, chosen, found)
    _steps(table, rows, chosen, found)
    if table == "changes" and are_writeups(rows):
        chosen.pop("started_at", None)
        found.refused["started_at"] = "its pages are write-ups of incidents, by their headings"


def _guesses(table: str, chosen: dict[str, Guess], found: time_matching.TimeMatch) -> None:
    """Leave alone what has an id and a start by its cells alone, and says nothing else of a log: messages of a chat, say."""
    named = set(chosen) - {SCHEMAS[table].id, "started_at", "url", "author"}
    start, id = chosen.get("started_at"), chosen.get(SCHEMAS[table].id)
    if start and id and start.sure < LIKELY and id.sure < LIKELY and not named:
        del chosen["started_at"]
        found.refused["started_at"] = (
            f"no name of a column says that it is a log; if it is one, call {start.value!r} started_at"
        )


def _steps(table: str, rows: pd.DataFrame, chosen: dict[str, Guess], found: time_matching.TimeMatch) -> None:
    """Leave alone as changes the steps of tickets from one state to the next, which say so in two columns; of incidents the
    newer one is the state."""
    said = {frozenset(time_names.words(name)): name for name in rows.columns}
    for before, after in (("from", "to"), ("old", "new"), ("previous", "new")):
        for what in ("status", "state"):
            old, new = said.get(frozenset((before, what))), said.get(frozenset((after, what)))
            if old and new and table == "incidents":
                chosen["status"] = Guess("status", new, 0.85, f"the state after each step, {old!r} that before")
            if old and new and table == "changes":
                chosen.pop("started_at", None)
                found.refused["started_at"] = (
                    f"its rows are steps of something from {old!r} to {new!r}: export the changes themselves"
                )


def _checks(rows: pd.DataFrame, chosen: dict[str, Guess], found: time_matching.TimeMatch) -> None:
    """Leave alone what a monitor looked at and found well each time."""
    state = chosen.get("status")
    words = {status_words.plain(word) for word in rows[state.value].unique() if word} if state else set()
    measured = any(_MEASURED.search("".join(time_names.words(name))) for name in rows.columns)
    if state and measured and words & WELL_THINGS and words - WELL_THINGS and "resolved_at" not in chosen:
        chosen.pop("started_at", None)
        found.refused["started_at"] = (
            f"its rows are checks of what is watched ({state.value!r} is {min(words & WELL_THINGS)!r} or "
            f"{min(words - WELL_THINGS)!r}, and how long each took is next to it): export the outages, each with a start and an end"
        )
    elif state and words and words <= WELL_THINGS and not {"resolved_at", "severity"} & set(chosen):
        chosen.pop("started_at", None)
        found.refused["started_at"] = (
            f"its rows are checks of what is watched ({state.value!r} is {min(words)!r} in every row), and no incident begins "
            "with one"
        )


def _requests(table: str, rows: pd.DataFrame, chosen: dict[str, Guess], found: time_matching.TimeMatch) -> None:
    """Leave alone as incidents what are requests to merge, by links or names, as changes those none of which was merged."""
    url, start = chosen.get("url"), chosen.get("started_at")
    linked = url and len(rows) and rows[url.value].str.contains(REQUEST).all()
    merged = next((str(n) for n in rows if _MERGED.fullmatch(str(n))), "")
    by = url.value if url and linked else "" if is_called(found.file, "incidents") else merged
    if table == "incidents" and by:
        chosen.pop("started_at", None)
        found.refused["started_at"] = f"its rows are requests to merge, by {by!r}, and no incidents"
    if table == "changes" and merged and start and time_names.is_entered(start.value) and (rows[merged] == "").all():
        del chosen["started_at"]
        found.refused["started_at"] = f"none of its requests was merged: {merged!r} is empty in every row"


def are_writeups(rows: pd.DataFrame) -> bool:
    """Whether most rows are pages with the headings of write-ups of incidents."""
    return "body" in rows and bool(rows["body"].str.contains(_ANALYSED).mean() > 0.5)


def _silences(table: str, rows: pd.DataFrame, chosen: dict[str, Guess], found: time_matching.TimeMatch) -> None:
    """Leave alone what says when nobody was to be alerted, and what there is in a cluster; windows of maintenance are no
    incidents, and may be changes."""
    windows = table == "incidents" and any(
        rows[n].isin(("maintenance_window", "maintenance-window")).all() for n in rows
    )
    if len(rows) and _are_of_objects(rows.columns, rows["kind"].unique() if "kind" in rows else ()):
        chosen.pop("started_at", None)
        found.refused["started_at"] = (
            "its rows are the objects of a cluster as they are now, and when each was made says of no change when it was: "
            "export the events, or what rolled them out"
        )
    elif len(rows) and (windows or are_of_silences(rows.columns)):
        chosen.pop("started_at", None)
        found.refused["started_at"] = (
            "its rows say when alerts were silenced, or maintenance was planned: no incident begins with one; "
            "export the alerts or incidents themselves"
        )


def _are_of_objects(columns: Iterable[str], kinds: Iterable[str]) -> bool:
    """Whether columns are those of Kubernetes objects as they are now, other than those that each were a run or a version."""
    return {"apiVersion", "kind", "metadata.creationTimestamp"} <= {*columns} and not all(map(_RAN.fullmatch, kinds))
