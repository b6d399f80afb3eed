"""The other columns that could be what one was chosen for: named next to the guess, so that its reader sees the doubt."""

from __future__ import annotations

import pandas as pd

from aftershock.schema.tables import SCHEMAS
from aftershock.wizard import kinds_and_states, time_formats, time_names, vocabulary
from aftershock.wizard.guess import Guess
from aftershock.wizard.time_cells import TimeCells
from aftershock.wizard.time_matching import LEAST, Candidate

LOOKED_AT = 100  # filled cells that tell whether a column holds moments: all of a large one would take seconds
MOST = 3  # that are named: what one takes in at a glance
_CHANGE_NOTHING = {"url", "description", "size", "paths"}  # canonical columns of which no answer depends on the choice
_SAME = 0.98  # share of rows from which on two columns say the same: a judgement


def of(
    table: str, chosen: dict[str, Guess], candidates: list[Candidate], cells: TimeCells
) -> dict[str, tuple[str, ...]]:
    """Canonical column → columns of the file that were not taken and could be it too, the likeliest first."""
    taken = {guess.value for guess in chosen.values()}
    free = [n for n in cells.rows.columns if n not in taken and (cells.rows[n] != "").any()]
    found = {}
    for canonical in (c for c in chosen if c in SCHEMAS[table].accepted and c not in _CHANGE_NOTHING):
        fitting = sorted((one for one in candidates if one[2] == canonical and one[0] >= LEAST), reverse=True)
        able = [*(name for *_, name, _ in fitting), *_by_cells(table, canonical, free, cells)]
        own = cells.rows[chosen[canonical].value]
        others = [n for n in dict.fromkeys(able) if n in free and (cells.rows[n] == own).mean() < _SAME]
        if others:
            found[canonical] = tuple(cells.around + name for name in others[:MOST])
    return found


def _by_cells(table: str, canonical: str, free: list[str], cells: TimeCells) -> list[str]:
    """Columns that could be it by what they hold: moments that may be starts, words of states, ids of each row."""
    if canonical == "started_at":
        able = [n for n in free if time_names.may_begin(n) and "id" not in time_names.words(n)]
        return [n for n in able if time_formats.forms_of(_first(cells, n), cells.zone)]
    if canonical == SCHEMAS[table].id:
        named = [n for n in free if time_names.words(n)[-1:] == ["id"]]
        return [n for n in named if cells.rows[n].nunique() == len(cells.rows)]
    if canonical == "status" and table == "changes":
        named = [n for n in free if not {"id", "hash", "sha"} & set(time_names.words(n))]
        short = [n for n in named if cells.rows[n].str.len().max() <= vocabulary.LONGEST_NAME]
        return [n for n in short if kinds_and_states.are_states(cells.rows[n])]
    return []


def _first(cells: TimeCells, name: str) -> pd.Series:
    texts = cells.rows[name]
    return texts[texts != ""].head(LOOKED_AT)
