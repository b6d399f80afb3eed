"""The other columns that could be what one was chosen for, and those that could be what none was found for: named next to
the guess, or to what is missing, so that its reader sees the doubt."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pandas as pd

from aftershock.dataset import durations, timestamps
from aftershock.schema import status_words
from aftershock.schema.tables import SCHEMAS
from aftershock.sources.person_fields import names_people
from aftershock.wizard import kinds_and_states, service_matching, synonyms, time_formats, time_names, vocabulary
from aftershock.wizard.guess import LIKELY, Guess
from aftershock.wizard.table_names import OWN_WORDS
from aftershock.wizard.time_candidates import ENDS, Candidate
from aftershock.wizard.time_cells import TimeCells
from aftershock.wizard.time_formats import ENOUGH
from aftershock.wizard.time_matching import LEAST

LOOKED_AT = 100  # filled cells that tell whether a column holds moments: all of a large one would take seconds
SPARSE = 0.25  # share of rows that name a service below which a column says something else of some: a judgement
SEED = 7  # of the choice of these cells
MOST = 3  # that are named: what one takes in at a glance
_CHANGE_NOTHING = {"url", "description", "size", "paths"}  # canonical columns of which no answer depends on the choice
_ANSWERS = {"yes", "no", "true", "false", "ja", "nein", "oui", "non", "si", "sí", "sim", "não", "nao"}
_TAGGED = r"(?i)\b(?:service|app|application|component|system)\s?[:=]\s?\w"  # in tags
_VERSIONS = {"version", "versions", "warranty", "contract", "birth", "purchase", "purchased", "install", "installed"}
_STEP = re.compile(r"(?:sprint|iteration|release|week|phase|v|q)[ _-]?\d[\d.]*", re.IGNORECASE)  # of a project
_SAME = 0.98  # share of rows from which on two columns say the same: a judgement
_FILE = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
_OF_SOMEBODY, _TEAMS, _PLACES, _NO_SERVICE, _NO_TITLE, _NO_SEVERITY = (set(words.split()) for words in _FILE.values())


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
        able = [
            n for n in able if canonical != "started_at" or not (time_names.is_due(n) or time_names.is_of_holder(n))
        ]
        others = [n for n in dict.fromkeys(able) if n in free and not _say_the_same(cells.rows[n], own)]
        if canonical == SCHEMAS[table].id == chosen[canonical].value:
            others = [n for n in others if set(OWN_WORDS[table]) & set(_all_words(n))]
        if others:
            found[canonical] = tuple(cells.around + name for name in others[:MOST])
    return found


def of_missing(table: str, chosen: dict[str, Guess], cells: TimeCells) -> dict[str, tuple[str, ...]]:
    """Canonical column of which nothing was found → columns of the file that could be it by what they hold."""
    taken = {guess.value for guess in chosen.values()}
    free = {n: _first(cells, n) for n in cells.rows.columns if n not in taken and not _is_of_somebody(n)}
    free = {n: texts for n, texts in free.items() if texts.nunique() > 1}
    end = ENDS[table]
    found = {}
    if "started_at" in chosen and not any(name.startswith(end) for name in chosen):
        found[end] = [n for n in free if _may_end(n, free[n], chosen["started_at"].value, cells)]
    if table == "incidents" and "severity" not in chosen:
        able = [n for n in free if not _NO_SEVERITY & set(_all_words(n)) and not service_matching.is_in_hit(n)]
        tiers = [n for n in able if synonyms.bare(n) == "tier" and free[n].str.fullmatch(r"\D*[0-6]").all()]
        found["severity"] = [n for n in able if _are_grades(free[n]) or n in tiers]
    told = {name for names in found.values() for name in names}
    if not {"services", "repository"} & set(chosen):
        able = [n for n in free if n not in told and not (_PLACES | _NO_SERVICE) & set(_all_words(n))]
        able = [n for n in able if not cells.may_hold_times(n) and not time_names.is_length(n)]
        able = [n for n in able if (cells.rows[n] != "").mean() >= SPARSE]
        found["services"] = [n for n in able if _return(n, free[n]) or _is_called(table, "services", n, free[n])]
        found["services"] += [
            n for n in free if free[n].str.contains(_TAGGED).mean() > 0.5 and n not in found["services"]
        ]
    if "title" not in chosen:
        found["title"] = [
            n
            for n in free
            if n not in told
            and not (_PLACES | _TEAMS | _NO_TITLE) & set(_all_words(n))
            and free[n].str.contains(r"[^\W\d_]+\s+[^\W\d_]+").mean() > ENOUGH
        ]
    return {
        canonical: tuple(cells.around + name for name in names[:MOST]) for canonical, names in found.items() if names
    }


def _is_called(table: str, canonical: str, name: str, texts: pd.Series) -> bool:
    """Whether a column of words has the name of what is missing: phrases may be names."""
    return bool(texts.str.contains(r"[^\W\d_]{2}").all()) and synonyms.likeness(table, canonical, name) >= LEAST


def _say_the_same(cells: pd.Series, own: pd.Series) -> bool:
    """Whether nearly all cells of two columns are the same, or those of one the beginning of the other's: the day of a time."""
    pairs = [(a, b) for a, b in zip(cells, own, strict=True) if a and b]
    begun = sum(b.startswith(a) for a, b in pairs)
    return bool((cells == own).mean() >= _SAME) or (len(pairs) > 1 and begun >= _SAME * len(pairs))


def _all_words(name: str) -> list[str]:
    return time_names.words(name.replace(".", " "))


def _is_of_somebody(name: str) -> bool:
    """Whether a column, by its name, says who reported it, was hit or worked on it; not which team."""
    words = set(_all_words(name))
    return (names_people(re.sub(r"_?id$", "", name)) or bool(words & _OF_SOMEBODY)) and not words & _TEAMS


def _may_end(name: str, texts: pd.Series, start: str, cells: TimeCells) -> bool:
    """Whether a column holds moments after the start, or lengths with their units."""
    if time_names.is_entry(name) or time_names.is_plan(name) or "id" in time_names.words(name):
        return False
    if time_names.what_ended(name) != "resolved_at":  # when it was detected
        return False
    stamps = time_formats.forms_of(texts, cells.zone) if cells.may_hold_times(name) else None
    if stamps and (began := cells.read(start)) is not None:
        after = (timestamps.parse(texts, cells.zone, stamps.formats).at - began[texts.index]).dropna()
        return len(after) > 0 and (after >= pd.Timedelta(0)).mean() >= ENOUGH and (after > pd.Timedelta(0)).mean() > 0.5
    units = texts.str.contains(r"\d\s*[^\W\d_]|\d:\d\d").mean() >= ENOUGH
    return bool(units) and bool(durations.parse(texts, "minutes").notna().mean() >= ENOUGH)


def _are_grades(texts: pd.Series) -> bool:
    graded = vocabulary.severity_order(texts)
    return graded is not None and graded[1].sure >= LIKELY and not any(c.isdigit() for g in graded[0] for c in g)


def _return(name: str, texts: pd.Series) -> bool:
    """Whether cells are names that return from row to row, or ids that do by their name, and no states, grades, numbers or
    answers."""
    words = texts.drop_duplicates()
    if words.str.match(r"\[?\{").any():
        return False
    if time_names.words(name)[-1:] == ["id"]:
        return len(words) < len(texts)
    long = words[words.str.len() > vocabulary.LONGEST_NAME]
    if len(words) > len(texts) / 2 or long.str.contains(r"\s|/").any() or _are_grades(texts):
        return False
    known = words.map(
        lambda w: (
            bool(status_words.meaning(w, status_words.STATUS_WORDS))
            or (bool(status_words.plain(w)) and status_words.took_effect(w) is not None)
            or w.lower() in _ANSWERS
            or w.lower() in kinds_and_states.PLACES
            or bool(_STEP.fullmatch(w))
        )
    )
    return bool(words.str.contains(r"[^\W\d_]{2}").all()) and not known.any()


def _by_cells(table: str, canonical: str, free: list[str], cells: TimeCells) -> list[str]:
    """Columns that could be it by what they hold: moments that may be starts, words of states, ids of each row."""
    if canonical == "started_at":
        able = [n for n in free if time_names.may_begin(n) and "id" not in time_names.words(n)]
        able = [n for n in able if not _VERSIONS & set(_all_words(n))]
        able = [n for n in able if time_names.says_time(n) or not _first(cells, n).str.fullmatch(r"\d+").all()]
        return [n for n in able if cells.may_hold_times(n)]
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
    texts = texts[texts != ""]
    return texts.sample(
        min(len(texts), LOOKED_AT), random_state=SEED
    ).sort_index()  # steps would meet what returns in steps
