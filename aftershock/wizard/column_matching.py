"""Which column of a file holds what, by its name and its cells."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePath

import pandas as pd

from aftershock.dataset import timestamps as times
from aftershock.schema.tables import SCHEMAS
from aftershock.sources.json_paths import writable
from aftershock.wizard import synonyms, time_formats
from aftershock.wizard.guess import Guess
from aftershock.wizard.time_formats import Stamps

LEAST = 0.6  # a name that fits less is left alone: below all synonyms, above chance resemblances
MOST_ROWS = 50_000  # looked at, so that a log of millions takes seconds
LONGEST_ID = 80  # characters: a judgement, longer cells are texts
NEEDED = ("incident_id", "change_id", "started_at", "service", "depends_on")  # of no use when they are empty
# Distinct words that such a column may have, more are something else: judgements.
MOST_WORDS = {"status": 25, "severity": 15, "kind": 60, "environment": 25}
TYPICAL = {
    "incidents": ("severity", "detected_at", "mitigated_at", "resolved_at", "caused_by", "duplicate_of"),
    "changes": ("kind", "author", "paths", "repository", "size", "emergency", "reverts", "finished_at"),
    "dependencies": (),
}
FILE_NAMES = {
    "incidents": ("incident", "outage", "alert", "ticket", "vorfall", "stoerung", "störung", "panne", "postmortem"),
    "changes": ("change", "deploy", "release", "commit", "rollout", "aenderung", "änderung", "merge"),
    "dependencies": ("depend", "service", "edge", "graph", "catalog", "topolog"),
}


@dataclass(frozen=True)
class Fit:
    """How a file's columns fit a table: canonical name → (name in the file, sureness, why), and how it writes times."""

    table: str
    columns: dict[str, Guess] = field(default_factory=dict)
    times: dict[str, Stamps] = field(default_factory=dict)

    @property
    def lacking(self) -> list[str]:
        """Required columns without which no row can be used."""
        return [name for name in synonyms.required(self.table) if name not in self.columns]

    def score(self, file: str) -> float:
        """How well the file fits the table as a whole; 0 when a required column is lacking. The weights are judgements: a
        file's name counts as much as three typical columns, and less than the required ones."""
        if self.lacking:
            return 0.0
        required = [self.columns[name].sure for name in synonyms.required(self.table)]
        typical = sum(self.columns[name].sure for name in TYPICAL[self.table] if name in self.columns)
        named = any(word in PurePath(file).name.lower() for word in FILE_NAMES[self.table])
        return sum(required) / len(required) + 0.25 * typical + 0.8 * named


def fit(table: str, frame: pd.DataFrame) -> Fit:
    """Match the columns of raw rows to those of a table: the best pairs first, each column once; a column whose cells
    cannot be what its name says is not taken."""
    rows = frame.head(MOST_ROWS)
    timed: dict[str, Stamps | None] = {}
    pairs = []
    for column in SCHEMAS[table].columns:
        for name in (n for n in rows.columns if str(n) == writable(str(n))):
            by_name = synonyms.likeness(table, column.name, str(name))
            if by_name >= LEAST:
                worth, why = _by_cells(column.name, column.type, rows[name], str(name), timed)
                pairs.append((by_name * worth, by_name, column.name, str(name), why))
    chosen = _matching(pairs)
    if table != "dependencies":
        _rescue(table, rows, chosen, timed)
    times_of = SCHEMAS[table].of_type("time")
    of_time = {c: form for c, g in chosen.items() if c in times_of and (form := timed.get(g.value))}
    _drop_backwards(rows, chosen, of_time)
    return Fit(table, chosen, of_time)


def _matching(pairs: list[tuple[float, float, str, str, str]]) -> dict[str, Guess]:
    chosen: dict[str, Guess] = {}
    taken: set[str] = set()
    for sure, by_name, canonical, name, why in sorted(pairs, key=lambda p: (-p[0], p[2], p[3])):
        if sure >= LEAST and canonical not in chosen and name not in taken:
            chosen[canonical] = Guess(canonical, name, sure, _words(by_name, why))
            taken.add(name)
    return chosen


def _words(by_name: float, why: str) -> str:
    named = "its canonical name" if by_name == 1 else "its name" if by_name >= 0.85 else "a name like it"
    return f"{named}{', ' if why else ''}{why}"


def _by_cells(
    canonical: str, kind: str, cells: pd.Series, name: str, timed: dict[str, Stamps | None]
) -> tuple[float, str]:
    """What the cells say of the name's claim: a factor from 0 to 1, and why."""
    texts = cells.map(lambda v: "; ".join(v) if isinstance(v, list) else str(v)).str.strip()
    filled = texts[texts != ""]
    if filled.empty:
        return (0.0 if canonical in NEEDED else 0.75), "empty"
    if kind == "time":
        if name not in timed:
            timed[name] = time_formats.forms_of(texts)
        return (1.0, "holds times") if timed[name] else (0.0, "holds no times")
    if canonical in ("incident_id", "change_id"):
        distinct = filled.nunique() / len(texts)
        steps = ((0.98, 1.0, "distinct in every row"), (0.7, 0.8, "some repeat"), (-1.0, 0.0, ""))
        return next((worth, why) for least, worth, why in steps if distinct > least)
    if canonical in MOST_WORDS and filled.nunique() > MOST_WORDS[canonical]:
        return 0.5, f"{filled.nunique()} different words"
    if kind == "number":
        return (1.0, "holds numbers") if pd.to_numeric(filled, errors="coerce").notna().mean() > 0.9 else (0.0, "")
    return 1.0, ""


def _rescue(table: str, rows: pd.DataFrame, chosen: dict[str, Guess], timed: dict[str, Stamps | None]) -> None:
    """Find an id and a start by their cells alone, where no name gave them away."""
    identifier = SCHEMAS[table].id
    taken = {guess.value for guess in chosen.values()}
    free = [str(n) for n in rows.columns if str(n) not in taken and str(n) == writable(str(n))]
    if "started_at" not in chosen:
        for name in free:
            if name not in timed:
                timed[name] = time_formats.forms_of(rows[name].map(str))
        able = [name for name in free if timed.get(name)]
        if able:
            chosen["started_at"] = Guess("started_at", able[0], 0.6, "the first column that holds times")
    if identifier not in chosen:
        for name in free:
            texts = rows[name].map(str).str.strip()
            distinct = len(texts) and texts.nunique() == len(texts) and (texts != "").all()
            if distinct and not timed.get(name) and texts.str.len().max() <= LONGEST_ID:
                chosen[identifier] = Guess(identifier, name, 0.6, "short, and distinct in every row")
                return


def _drop_backwards(rows: pd.DataFrame, chosen: dict[str, Guess], of_time: dict[str, Stamps]) -> None:
    """Leave out a later time that mostly lies before the start: it is something else."""
    if "started_at" not in of_time:
        return
    start = _read(rows, chosen["started_at"].value, of_time["started_at"])
    for canonical in sorted(synonyms.LATER & set(of_time)):
        both = (_read(rows, chosen[canonical].value, of_time[canonical]) - start).dropna()
        if len(both) and (both < pd.Timedelta(0)).mean() > 0.5:
            del chosen[canonical], of_time[canonical]


def _read(rows: pd.DataFrame, name: str, written: Stamps) -> pd.Series:
    return times.parse(rows[name].map(str), "UTC", written.formats).at
