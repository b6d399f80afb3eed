"""What only the user knows of the times of a log, and what is said of those that were chosen."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aftershock.dataset import durations
from aftershock.output.phrases import plural
from aftershock.wizard import no_logs, synonyms, time_names
from aftershock.wizard.guess import Guess
from aftershock.wizard.time_candidates import ENDS
from aftershock.wizard.time_cells import TimeCells
from aftershock.wizard.time_formats import ENOUGH
from aftershock.wizard.time_matching import ALONE, LEAST, worth_by_name

_WRITTEN_UP = re.compile("postmortem|^posts?$|blog|article")  # what files and folders of write-ups are called
_OF_REQUESTS = {"approval", "approved", "approver", "approvers", "requester", "requested", "cab", "pr", "mr", "pull"}


def asked(table: str, chosen: dict[str, Guess], cells: TimeCells) -> Iterator[str]:
    """The questions on the columns of times that were chosen."""
    if "started_at" not in chosen:
        return
    start = chosen["started_at"]
    yield from _of_start(start, cells)
    yield from _of_change(start.value, cells) if table == "changes" else _of_incident(start.value, chosen, cells)
    yield from _of_clocks(table, chosen, cells)
    named = [n for n in cells.rows if worth_by_name(table, "started_at", n)[0] > max(start.sure, LEAST)]
    if idle := [n for n in named if n != start.value and (cells.rows[n] == "").all()]:
        yield f"{start.value!r} is read as the start, as {idle[0]!r} is empty in every row"


def _of_clocks(table: str, chosen: dict[str, Guess], cells: TimeCells) -> Iterator[str]:
    """What is said of times of day that belong to no day that is read, where starts or ends are days."""
    taken = {guess.value for guess in chosen.values()}
    bare = [c for c in ("started_at", ENDS[table]) if c in chosen and f"{c}_clock" not in chosen]
    days = [chosen[c].value for c in bare if cells.is_of_days(chosen[c].value)]
    for name in (n for n in cells.rows if days and n not in taken and not time_names.is_length(n)):
        if time_names.is_clock(name) and not time_names.is_plan(name) and cells.is_of_clocks(name):
            yield f"{name!r} holds times of day, of which nothing is read; if they are of {days[0]!r}, write both into one column"
            return


def _of_start(start: Guess, cells: TimeCells) -> Iterator[str]:
    alone = "of those" not in start.why and time_names.is_of_record_or_bare(start.value)  # and nothing else holds times
    asked_anyway = alone or time_names.is_entered(start.value)
    if start.why.startswith(ALONE) and not asked_anyway:
        yield (
            f"{start.value!r} is read as the start, as it is {start.why}; if it says when something else was, name the start as "
            "started_at"
        )
    if time_names.is_plan(start.value):
        yield f"{start.value!r} is when it was planned; no column says when it happened"


def _of_change(start: str, cells: TimeCells) -> Iterator[str]:
    of_request = time_names.is_entered(start) and any(_OF_REQUESTS & set(time_names.words(name)) for name in cells.rows)
    if not time_names.is_plan(start) and (time_names.is_asked(start) or time_names.is_agreed(start) or of_request):
        what = "agreed to" if time_names.is_agreed(start) else "asked for"
        yield f"{start!r} is when the change was {what}; no column says when it happened"


def _of_incident(start: str, chosen: dict[str, Guess], cells: TimeCells) -> Iterator[str]:
    if time_names.is_entered(start) or time_names.is_published(start):
        unread = [name for name in cells.rows if time_names.is_beginning(name) and _may_begin_unread(name, cells)]
        why = f"{unread[0]!r} holds {cells.why_not(unread[0])}" if unread else "no column says when one began"
        yield f"{start!r} is when an incident was entered; it is read as the start, as {why}"
    yield from _of_reopened(chosen, cells)
    hoped = [n for n in cells.rows if time_names.is_plan(n) and time_names.is_end(n) and cells.stamps(n)]
    if hoped and not any(column.startswith("resolved_at") for column in chosen):
        yield f"{hoped[0]!r} is when the end was expected, and is not read as the end"


def _may_begin_unread(name: str, cells: TimeCells) -> bool:
    """Whether a column that is called a start holds something with digits that is no time, link or length."""
    texts = cells.rows[name]
    if cells.stamps(name) or texts.str.contains("://").any() or durations.unit_in(time_names.words(name)):
        return False  # hoursSinceLogged
    return bool(texts[texts != ""].str.contains(r"\d").mean() > ENOUGH)


def _of_reopened(chosen: dict[str, Guess], cells: TimeCells) -> Iterator[str]:
    """What is said of incidents that were opened again after the end that is read."""
    end = chosen["resolved_at"].value if "resolved_at" in chosen else ""
    over = cells.read(end) if end and end not in cells.spans else None
    for name in (n for n in cells.rows.columns if re.search("re-?open", n, re.IGNORECASE)):
        again = cells.read(name)
        if over is not None and again is not None and (late := int((again >= over).sum())):
            rows = plural(late, "row")
            yield (
                f"{name!r} is after {end!r} in {rows}: these incidents were opened again, and the end that is read is not "
                "their last; empty it where they are open, else write their last one"
            )


def of_writeups(chosen: dict[str, Guess], cells: TimeCells, file: str) -> list[str]:
    """The question whether a bare date in a file of postmortems is that of the incident."""
    name = chosen["started_at"].value if "started_at" in chosen else ""
    bare = bool(name) and set(time_names.words(name)) <= time_names.FILLING | {"created", "published"}
    written_up = _WRITTEN_UP.search(synonyms.bare(file)) or no_logs.are_writeups(cells.rows)
    if not written_up or not bare or not cells.is_of_days(name):
        return []
    return [
        f"{name!r} may be the day of the write-up; if it is, name the column of the day of the incident as started_at"
    ]
