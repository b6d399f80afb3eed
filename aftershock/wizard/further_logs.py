"""Which files of a folder belong to a table next to the first that was found, and which are something else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from aftershock.schema.tables import SCHEMAS
from aftershock.sources.raw_table import RawTable
from aftershock.wizard import kinds_and_states, other_log, row_questions, table_names, vocabulary
from aftershock.wizard.column_matching import Fit
from aftershock.wizard.interpretation import Input, Interpretation

MOST_COUNTED = 6  # digits of ids that may count the rows of any log: a judgement
COPIED = 10  # ids whose starts are all the same in both logs, from which on they are a copy: a judgement
FEW = 2  # files of a folder that are a log each: a judgement
DAY = 10  # characters of a stamp to its day
MINUTES = 16  # characters of a stamp to its minutes
PLANNED = "planned maintenance"  # what planned rows among incidents are called
_PLANNED = re.compile(
    r"planned|scheduled|geplant|maintenance|wartung", re.IGNORECASE
)  # columns that ask whether a row was
_SAME = 0.5  # share of rows with an id and a start of another log from which on it is the same log: a judgement


def telling(able: list[Interpretation]) -> list[Interpretation]:
    """What may be a log: where one file of a folder says of itself that it is one of a table, others that do not are something
    else, such as the orders and the customers that were hit. What the user named is what it can be, and so is the other one
    of two."""
    said = {(one.input, one.table) for one in able if one.score > 0 and says_so(one)}
    sure, several = {table for _, table in said}, len({one.input.paths for one in able}) > FEW
    others = {"incidents": "changes", "changes": "incidents"}

    def may_be(one: Interpretation) -> bool:
        if one.input.is_named or (one.input, one.table) in said or one.table not in others:
            return True
        return not (one.table in sure or (sure and several) or (one.input, others[one.table]) in said)

    return [one for one in able if may_be(one)]


def says_so(one: Interpretation) -> bool:
    """Whether a file says that its rows are those of a table: by its name, by those of its columns, or by its ids."""
    if one.fit is None or one.table == "dependencies" or table_names.is_called(one.input.called, one.table):
        return True
    if row_questions.PARTS.search(one.input.called):
        return False
    if one.fit.tells or one.fit.own_ids:
        return True
    id = one.fit.columns.get(SCHEMAS[one.table].id)
    if id and any(word in id.value.lower() for word in table_names.OWN_WORDS[one.table]):
        return True
    return one.table == "changes" and kinds_and_states.of_file(one.input.called, "") is not None


def found(able: list[Interpretation], chosen: dict[str, Interpretation], used: set[Input]) -> list[Interpretation]:
    """What else belongs to the tables: inputs that nothing is read from yet, each as what it is likeliest to be; and
    the changes among an export of incidents of the same format, such as its maintenance."""
    more: list[Interpretation] = []
    likeliest = {candidate.input: candidate for candidate in reversed(able)}
    for candidate in sorted(likeliest.values(), key=able.index):
        free = candidate.score > 0 and candidate.input not in used and not _is_made(candidate)
        logs = [one for one in (*chosen.values(), *more) if one.table == candidate.table]
        if free and logs and not repeats(candidate, logs[0]):
            more.append(candidate)
            used.add(candidate.input)
    read = {(r.input, r.format, r.table) for r in [*chosen.values(), *more]}
    for candidate in able:
        other = candidate.input, candidate.format, "incidents"
        wanted = candidate.table == "changes" and candidate.fit is None and candidate.score > 0
        if wanted and other in read and (candidate.input, candidate.format, "changes") not in read:
            more.append(candidate)
    return more


def told_twice(logs: list[Interpretation]) -> list[Interpretation]:
    """Logs of incidents, with the question at all but the first whether they tell of the same outages: alerts and write-ups of
    those days, in columns of their own. Pages of one log have the same columns."""
    seen: list[Interpretation] = []
    made = []
    for one in logs:
        if one.table == "incidents" and one.raw is not None:
            rival = next(
                (r for r in seen if r.raw is not None and {*r.raw.frame} != {*one.raw.frame} and _meet(one, r)), None
            )
            seen.append(one)
            if rival and one.fit is not None:
                asked = f"it is of the days of {rival.input.name}, and both are one log: an outage that both tell of counts twice"
                asked += "; leave one of them out if they tell of the same"
                one = replace(one, fit=replace(one.fit, questions=(*one.fit.questions, asked)))
        made.append(one)
    return made


def _meet(one: Interpretation, other: Interpretation) -> bool:
    """Whether some day of one log lies between the first and the last of the other."""
    own, theirs = _days(one), _days(other)
    return bool(own and theirs) and own[0] <= theirs[-1] and theirs[0] <= own[-1]


def _days(one: Interpretation) -> list[str]:
    """The days of a log in order, as far as they are written so that they can be put in order."""
    at = one.fit.columns["started_at"].value if one.fit and "started_at" in one.fit.columns else "started_at"
    cells = one.raw.frame[at].map(str) if one.raw is not None and at in one.raw.frame else pd.Series(dtype=str)
    return sorted(cells[cells.str.match(r"\d{4}-\d\d-\d\d")].str[:DAY])


def planned(logs: list[Interpretation]) -> Iterator[Interpretation]:
    """The changes among logs of incidents: rows of planned maintenance, by the column that says which rows are incidents."""
    for one in logs:
        if one.table != "incidents" or one.fit is None or one.raw is None:
            continue
        found = vocabulary.record_types(row_questions.columns_of(one.raw))
        if found is None or not found[1]:
            continue
        asked = bool(_PLANNED.search(found[0]))
        words = tuple(w for w in found[2] if vocabulary.UPKEEP.search(w) or (asked and w.lower() in vocabulary.YES))
        there = one.raw.frame[found[0]].isin(words) if words else pd.Series(dtype=bool)
        if not there.any():
            continue
        rows, files, lines = (
            cells[there].reset_index(drop=True) for cells in (one.raw.frame, one.raw.files, one.raw.lines)
        )
        named = [guess for guess in one.fit.columns.values() if guess.value != found[0]]
        columns = {_of_change(guess.what): replace(guess, what=_of_change(guess.what)) for guess in named}
        columns = {column: guess for column, guess in columns.items() if column in SCHEMAS["changes"].accepted}
        times = {_of_change(column): stamps for column, stamps in one.fit.times.items()}
        fit = Fit("changes", columns, {c: times[c] for c in columns if c in times}, id_from=one.fit.id_from)
        raw = RawTable(rows, files, lines, notes=one.raw.notes)
        yield replace(one, table="changes", raw=raw, fit=fit, only=(found[0], words))


def _of_change(column: str) -> str:
    """What a column of incidents is called of changes."""
    return "change_id" if column == "incident_id" else re.sub("^resolved_at", "finished_at", column)


def _is_made(one: Interpretation) -> bool:
    """Whether rows have no ids and the file does not say what they are: a guess too many next to a log that is sure."""
    told = table_names.is_called(one.input.called, one.table) or (
        one.table == "changes" and kinds_and_states.of_file(one.input.called, "") is not None
    )
    return one.fit is not None and bool(one.fit.id_from) and not told


def repeats(one: Interpretation, other: Interpretation) -> bool:
    """Whether most rows of one have ids that the other has: it is the same log once more, or says more of it."""
    ids = other_log.ids_of(one)
    return len(ids & other_log.ids_of(other)) > _SAME * len(ids) and not _clash(one, other)


def _clash(one: Interpretation, other: Interpretation) -> bool:
    """Whether ids that two logs share are of other rows: small numbers, as count the rows of any log, with other starts."""
    ids, known = other_log.ids_of(one), other_log.ids_of(other)
    named = any(word in _id_column(one).lower() for word in table_names.OWN_WORDS[other.table])
    if named and _id_column(one) == _id_column(other) and ids <= known:  # it names them
        return False
    shared = ids & known
    own, theirs = _starts(one), _starts(other)
    if len(shared) >= COPIED and all(own.get(id) == theirs.get(id) for id in shared):  # the days of a copy
        return False
    counted = bool(shared) and all(id.isdigit() and len(id) <= MOST_COUNTED for id in shared)
    least = 1 if one.table == other.table else MINUTES  # a change may be of the day of an incident
    same = sum(_same(own.get(id, ""), theirs.get(id, ""), least) for id in shared)
    return counted and same <= _SAME * len(shared)


def _same(start: str, other: str, least: int) -> bool:
    """Whether two starts are the same as far as both are written, to the minute, in ``least`` characters."""
    digits = min(len(start), len(other), MINUTES)
    return digits >= least and start[:digits] == other[:digits]


def _id_column(one: Interpretation) -> str:
    canonical = SCHEMAS[one.table].id
    return one.fit.columns[canonical].value if one.fit and canonical in one.fit.columns else ""


def _starts(one: Interpretation) -> dict[str, str]:
    """The start of each id, as written, with a space between day and time."""
    id, at = (
        (one.fit.columns[c].value if c in one.fit.columns else c) if one.fit else c
        for c in (SCHEMAS[one.table].id, "started_at")
    )
    if one.raw is None or id not in one.raw.frame or at not in one.raw.frame:
        return {}
    return dict(
        zip(one.raw.frame[id].map(str), one.raw.frame[at].map(lambda cell: str(cell).replace("T", " ")), strict=True)
    )


def with_own_ids(
    chosen: dict[str, Interpretation], more: list[Interpretation]
) -> tuple[dict[str, Interpretation], list[Interpretation]]:
    """The logs, of which those whose ids are those of other rows in another log of the table have ids made with the start;
    a column of the canonical name stays the id."""
    logs = sorted([*chosen.values(), *more], key=lambda one: not _is_literal(one))
    settled: dict[tuple[Input, str], Interpretation] = {}
    for number, one in enumerate(logs):
        rivals = (other for other in logs[:number] if other.table == one.table and _clash(one, other))
        settled[one.input, one.table] = (
            _made(one, rival) if (rival := next(rivals, None)) and not _is_literal(one) else one
        )
    known = {id(one): settled[one.input, one.table] for one in logs}
    return {table: known.get(id(one), one) for table, one in chosen.items()}, [known.get(id(one), one) for one in more]


def _is_literal(one: Interpretation) -> bool:
    canonical = SCHEMAS[one.table].id
    return one.fit is None or (canonical in one.fit.columns and one.fit.columns[canonical].value == canonical)


def _made(one: Interpretation, rival: Interpretation) -> Interpretation:
    canonical = SCHEMAS[one.table].id
    if one.fit is None or one.fit.history or not {canonical, "started_at"} <= one.fit.columns.keys():
        return one
    named = one.fit.columns[canonical].value
    said = f"{named!r} has ids that {rival.input.display_name} has for other rows"
    columns = {name: guess for name, guess in one.fit.columns.items() if name != canonical}
    made = (one.fit.columns["started_at"].value, named)
    return replace(
        one, fit=replace(one.fit, columns=columns, id_from=made, refused={**one.fit.refused, canonical: said})
    )
