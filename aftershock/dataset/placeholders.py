"""What people and programs write into a cell that is empty: ``-``, ``N/A``, ``null``, ``NaT``, ``TBD``."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from aftershock.schema.status_words import phrases
from aftershock.schema.tables import text_array

_OF_PROGRAMS = r"null (null) <null> nan nat <na> #n/a #ref! #value! #name? \n undefined nil"
_MIXED = ("None", "NaN", "NaT")
_OF_PEOPLE = """- -- --- – — . ? ?? ??? n/a na n.a. n.a n/v k.a. none (none) unknown (unknown) tbd tba tbc t.b.d. empty (empty)
blank (blank) unset (unset) unassigned unspecified unbekannt inconnu desconocido keine aucun aucune ninguno ninguna"""
_OF_SEVERAL = (
    """not set, not applicable, not available, not known, not assigned, not specified, keine angabe, sans objet"""
)
_GOES_ON = """ongoing, on-going, still ongoing, open, still open, in progress, pending, present, current, never, running, active,
unresolved, not resolved, not yet, offen, laufend, läuft, andauernd, en cours, en curso, abierto, aberto, in corso, lopend,
w toku"""  # where an end is not there yet
_TIMES = [
    "0",
    "-1",
    "0000-00-00",
    "0000-00-00 00:00:00",
    "0001-01-01T00:00:00Z",
    "0001-01-01T00:00:00",
    "0001-01-01 00:00:00",
]
FREE = ("title", "description", "url", "status", "kind", "note")  # columns in which a word of people may be meant


def _spellings(words: list[str]) -> pa.Array:
    return pa.array(sorted({s for w in words for s in (w, w.upper(), w.capitalize(), w.title())}), pa.large_string())


_PROGRAMS = _spellings([*_OF_PROGRAMS.split(), *_MIXED])
_ALL = _spellings([*_OF_PROGRAMS.split(), *_MIXED, *_OF_PEOPLE.split(), *phrases(_OF_SEVERAL)])
_OF_TIMES = pa.concat_arrays([_ALL, _spellings(phrases(_GOES_ON)), pa.array(_TIMES, pa.large_string())])
_PATHS = pa.array([], pa.large_string())
_NONE = pa.array(["none", "None", "NONE"], pa.large_string())


def _all_but(*kept: str) -> pa.Array:
    return _ALL.filter(pc.invert(pc.is_in(_ALL, pa.array(kept, pa.large_string()))))


# ``none`` is an id of ours, refused in logs with a reason, and the mildest grade of status pages
_IDS, _GRADES = _all_but("none", "None", "NONE"), _all_but("none")


def words_for(column: str, kind: str) -> pa.Array:
    """The words that stand for an empty cell in a canonical column of a type."""
    if column in FREE:
        return _PROGRAMS.filter(pc.invert(pc.is_in(_PROGRAMS, _NONE))) if column in ("status", "kind") else _PROGRAMS
    if column in ("incident_id", "change_id"):
        return _IDS
    if column == "paths":
        return _PROGRAMS
    return _OF_TIMES if kind == "time" else _GRADES if column == "severity" else _ALL


def parts_for(column: str) -> pa.Array:
    """The words that stand for nothing among the parts of a list; a path is what it is, and there are millions."""
    return _PATHS if column == "paths" else words_for(column, "list")


def blanked(cells: pd.Series, column: str, kind: str) -> pd.Series:
    """A column of text or lists without what stands for nothing."""
    words = words_for(column, kind)
    if not isinstance(cells.dtype, pd.StringDtype):
        known = set(words.to_pylist())
        return cells.map(lambda v: [p for p in v if p not in known] if isinstance(v, list) else "" if v in known else v)
    found = pc.is_in(text_array(cells), value_set=words)
    if not pc.any(found).as_py():
        return cells
    return cells.mask(pd.Series(found.to_numpy(zero_copy_only=False), index=cells.index), "")
