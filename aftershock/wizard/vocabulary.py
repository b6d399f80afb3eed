"""The words of a log: the order of its grades, its states, its kinds of change, what separates several in a cell."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

import pandas as pd

from aftershock.dataset.canonical import STATUS_WORDS
from aftershock.schema.change_kinds import KIND_WORDS
from aftershock.wizard.guess import Guess

MOST_GRADES = 12  # of severity: a judgement, more are not a ladder
LADDERS = (
    ("blocker", "critical", "major", "minor", "trivial"),
    ("critical", "high", "moderate", "low", "planning"),
    (
        "critical",
        "severe",
        "high",
        "major",
        "medium",
        "moderate",
        "normal",
        "low",
        "minor",
        "info",
        "informational",
        "none",
    ),
    ("outage", "disruption", "information"),
    ("red", "orange", "yellow", "green"),
    ("kritisch", "hoch", "mittel", "niedrig", "gering"),
    ("critique", "majeure", "haute", "moyenne", "mineure", "basse", "faible"),
    ("critica", "alta", "media", "baja"),
)
STATES = {
    "open": "offen, neu, in bearbeitung, zugewiesen, wartend, pausiert, ouvert, nouveau, en cours, abierto, nuevo, en curso, "
    "pending, on hold, assigned, work in progress, wip, reopened, awaiting",
    "resolved": "geschlossen, erledigt, behoben, gelöst, geloest, abgeschlossen, beendet, fermé, ferme, résolu, resolu, clos, "
    "terminé, termine, cerrado, resuelto, finalizado, complete, finished, cancelled, canceled, recovered, mitigated, restored",
}
_STATES = {word: state for state, words in STATES.items() for word in words.split(", ")}
KINDS = {
    "deploy": "hotfix patch upgrade update ship shipping rollforward canary bugfix einspielung livegang mise_en_production "
    "despliegue",
    "config": "configuration_change config_change konfiguration parameter parametrage configuracion",
    "infrastructure": "scaling provisioning hardware_change os_patch firmware kubernetes k8s cloud netzwerk reseau",
    "database": "ddl sql data_migration schema_change datenbank base_de_donnees",
    "feature_flag": "feature_toggle flag_change launch kill_switch",
}
_KINDS = {word: kind for kind, words in KINDS.items() for word in words.split()}
SEPARATORS = (";", ",", "|", "\n", "/")


def severity_order(cells: pd.Series) -> tuple[list[str], Guess] | None:
    """The grades of a log, worst first; None when there are none or too many."""
    grades = [g for g, _ in Counter(filled(cells)).most_common()]
    if not 1 < len(grades) <= MOST_GRADES:
        return None
    numbers = {grade: int(found[0]) for grade in grades if (found := re.search(r"\d+", grade))}
    if len(numbers) == len(grades):
        ordered = sorted(grades, key=lambda g: (numbers[g], g))
        return ordered, Guess(
            "severity", " > ".join(ordered), 0.85, "numbers: the smallest is the worst, as nearly everywhere"
        )
    for ladder in LADDERS:
        places = {g: place for g in grades if (place := _place(g, ladder)) is not None}
        if len(places) == len(grades):
            ordered = sorted(grades, key=lambda g: (places[g], g))
            return ordered, Guess("severity", " > ".join(ordered), 0.9, "usual words")
    ordered = sorted(grades)
    return ordered, Guess("severity", " > ".join(ordered), 0.3, "by name only: put the worst first")


def _place(grade: str, ladder: tuple[str, ...]) -> int | None:
    words = re.findall(r"[a-zäöüéèíáó]+", grade.lower())
    return next((n for n, rung in enumerate(ladder) if rung in words), None)


def filled(cells: pd.Series) -> list[str]:
    texts = cells.map(lambda v: "; ".join(v) if isinstance(v, list) else str(v)).str.strip()
    return texts[texts != ""].tolist()


def states(cells: pd.Series) -> tuple[dict[str, str], list[str]]:
    """(word of the log → state, words whose meaning is not known) of the words that are not known already."""
    return _meanings(cells, lambda w: re.sub(r"[-_]", " ", w.lower()), STATUS_WORDS, _STATES)


def kinds(cells: pd.Series) -> tuple[dict[str, str], list[str]]:
    """The same for kinds of change."""
    return _meanings(cells, lambda w: re.sub(r"[\s-]+", "_", w.lower()), KIND_WORDS, _KINDS)


def _meanings(
    cells: pd.Series, plain: Callable[[str], str], known: dict[str, str], more: dict[str, str]
) -> tuple[dict[str, str], list[str]]:
    strange = [w for w, _ in Counter(filled(cells)).most_common() if plain(w) not in known]
    likely = {w: more[plain(w)] for w in strange if plain(w) in more}
    return likely, [w for w in strange if w not in likely]


def separator(cells: pd.Series) -> Guess | None:
    """What separates several names in one cell, where that is not a semicolon: the sign at which cells fall into
    parts that are cells of their own elsewhere, or that return."""
    texts = filled(cells)
    alone = set(texts)
    best, most = None, 0
    for sign in SEPARATORS:
        joined = [t for t in texts if sign in t]
        parts = Counter(p.strip() for t in joined for p in t.split(sign) if p.strip())
        known = sum(n for p, n in parts.items() if p in alone or n > 1)
        if joined and parts and known / sum(parts.values()) > 0.6 and len(joined) > most:
            best, most = sign, len(joined)
    if best is None or best == ";":
        return None
    return Guess("list_separator", best, 0.85, f"{most} cells fall into names that are cells of their own elsewhere")
