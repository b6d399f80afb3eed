"""What the cells of a column say of its name's claim."""

from __future__ import annotations

import pandas as pd

from aftershock.schema.status_words import STATUS_WORDS, meaning, plain, took_effect
from aftershock.wizard import (
    environments,
    id_columns,
    kinds_and_states,
    service_matching,
    severity_scale,
    synonyms,
    time_names,
    vocabulary,
)

FEWEST = {"service": 0.5, "depends_on": 0.1}  # share of rows of a graph that have it: judgements, many need no other
LEAST_NAMES = 0.1  # share of services below which they are numbers of something: a judgement
HARDLY = 0.05  # share of rows below which a column of words is one of something rare: a judgement
MOST_CHANGED = 100_000  # files or lines of half of the changes: a judgement, more are bytes
FEWEST_STATES, LEAST_KNOWN = 8, 0.15  # distinct words, and share of them that is known, below which they are no states
LONGEST_NAME = 40  # characters of half of the names of services: a judgement
MOST_PLACES = 3  # environments of which none has a usual name: a judgement, more are something else
NEEDED = ("incident_id", "change_id", "started_at", "service", "depends_on")  # of no use when they are empty
# Distinct words that such a column may have, more are something else: judgements.
MOST_WORDS = {"status": kinds_and_states.MOST_STATES, "severity": 20, "kind": 60, "environment": 25}
PLACE = r"(?<![a-z])(?:prod|prd|production|live|staging|stg|preprod|uat|qa|dev|development)(?![a-z])"
OPAQUE = r"(?=.*\d)(?:[0-9a-f-]{16,}|(?=.*[a-z])(?=.*[A-Z])[0-9A-Za-z]{16,})"  # what a machine calls something
_BRANCH = r"(?:refs/|origin/).*|main|master|trunk|develop|HEAD|(?:feature|hotfix|bugfix|release)/.*"
LONGEST_GRADE = 4  # words: a judgement
_PLACES = {  # next to a state of a country
    *("city", "cidade", "ciudad", "ville", "stadt", "town", "bairro", "municipio", "municipality", "county", "zip"),
    *("postcode", "cep", "country", "pais", "pays", "street", "rua", "calle", "latitude", "lat", "longitude"),
}
_FILE = r"[A-Za-z]:\\.*|/(?:usr|bin|opt|home|var|etc|tmp)/.*|.*\.(?:exe|dll|sh|py|log)"
_OBJECT = r"\[?\{"
_FLAG = r"(?i:true|false|yes|no)"
_JOINS = r"(?:of|and|the|for|de|des|du|der|und|et|van|y)"
_TITLED = rf"[A-Z\d]\S*(?:\s+(?:[A-Z\d\W]\S*|{_JOINS}(?=\s)))*"  # how names are written
_NOBODY = rf"\d{{9,}}$|{service_matching.LINK}"


def _are_sentences(filled: pd.Series) -> bool:
    """Whether cells are sentences and no names of several words, which begin with capital letters: File Server North."""
    said = (filled.str.contains(id_columns.SENTENCE) & ~filled.str.fullmatch(_TITLED)).mean()
    long = said > 0 and filled.str.len().median() > LONGEST_NAME
    return bool((said > 0.5 or long) and filled.nunique() > len(filled) / 2)


def _are_phrases(filled: pd.Series) -> bool:
    """Whether cells are of more words than a grade has, and hardly one returns: how far an impact went."""
    return bool(filled.str.split().str.len().median() > LONGEST_GRADE and filled.nunique() > len(filled) / 2)


def _tell_of_impact(filled: pd.Series) -> bool:
    """Whether cells of an impact are words of their own each, and none is a grade: what it was, and not how bad."""
    named = "impact" in time_names.words(str(filled.name)) and filled.nunique() > len(filled) / 2
    return named and bool(filled.str.contains(r"\s").all()) and not any(map(severity_scale.is_grade, filled.unique()))


def _each(filled: pd.Series) -> pd.Series:
    """The names of all cells, those of lists one by one."""
    return filled.str.split("; ").explode()


def _ids(filled: pd.Series) -> bool:
    """Whether cells with numbers in them tell every row from the others."""
    return bool(len(filled) > 5 and filled.nunique() == len(filled) and filled.str.contains(r"\d").all())


def _are_no_states(filled: pd.Series) -> bool:
    """Whether of many words hardly one is a state: ``estado`` and ``state`` are also called what a country has."""
    return filled.nunique() >= FEWEST_STATES and _known_states(filled) < LEAST_KNOWN


def _known_states(filled: pd.Series) -> float:
    """The share of the words whose meaning as a state is known."""
    words = filled.unique()
    known = sum(bool(meaning(w, STATUS_WORDS)) or (bool(plain(w)) and took_effect(w) is not None) for w in words)
    return known / len(words)


def _are_places(filled: pd.Series, rows: pd.DataFrame) -> bool:
    """Whether none of the words is a state where a city or a country stands beside: ``estado`` is one of a country then."""
    if "status" in time_names.words(str(filled.name)):
        return False
    beside = any(_PLACES & set(time_names.words(str(name).replace(".", " "))) for name in rows.columns)
    return beside and not any(
        meaning(w, STATUS_WORDS) or took_effect(w) is not None for w in filled.unique() if plain(w)
    )


def weigh(canonical: str, kind: str, texts: pd.Series, rows: pd.DataFrame) -> tuple[float, str]:
    """What the cells say of the name's claim: a factor from 0 to 1, and why."""
    filled = texts[texts != ""]
    if filled.empty:
        return (0.0 if canonical in NEEDED else 0.75), "it is empty" if canonical in NEEDED else "empty"
    if canonical in ("incident_id", "change_id"):
        return id_columns.distinct(filled, texts, rows)
    return (
        _as_names(canonical, filled, texts, rows)
        or _as_texts(canonical, filled)
        or _as_filled(canonical, filled, texts)
        or _as_number(kind, filled)
    )


def _are_usual(filled: pd.Series) -> bool:
    """Whether some cell has a usual name of an environment in it."""
    return bool(filled.str.contains(PLACE, case=False).any()) or any(map(environments.is_live, filled.unique()))


def _as_names(canonical: str, filled: pd.Series, texts: pd.Series, rows: pd.DataFrame) -> tuple[float, str] | None:
    """The same of cells that may name a service, an environment or a state; None where nothing speaks against that."""
    if (
        canonical in ("services", "environment", "severity", "status", "kind")
        and filled.str.match(service_matching.LINK).mean() > 0.5
    ):
        return 0.0, "holds links"
    if (canonical in MOST_WORDS or canonical == "title") and filled.str.fullmatch(r"[0-9a-f-]{16,}").all():
        return 0.0, "holds ids"
    if canonical == "environment" and vocabulary.says_yes_or_no(filled):
        return (0.9, "yes or no") if environments.ask_for_production(filled) else (0.0, "says yes or no")
    if (
        canonical == "environment"
        and filled.nunique() > MOST_PLACES
        and not filled.str.contains(PLACE, case=False).any()
    ):
        return 0.0, "names no environment"
    if canonical == "environment" and filled.str.fullmatch(_BRANCH).mean() <= 0.5 and not _are_usual(filled):
        return 0.85, "none has a usual name"  # a cluster prod-eu says more than a namespace shop
    if canonical == "status" and filled.str.fullmatch(r"\d{1,4}(?:\.0)?").all():
        own = synonyms.bare(str(filled.name))
        if {f"{own}text", f"{own}name", f"{own}label"} & {synonyms.bare(str(n)) for n in rows.columns}:
            return 0.0, "numbers of words that stand beside"
        of_steps = {"stage", "phase"} & set(time_names.words(str(filled.name)))
        return (0.0 if of_steps else 0.85), "holds numbers only"
    if canonical == "status" and (_are_no_states(filled) or _are_places(filled, rows)):
        return 0.0, "names no states"
    if canonical == "environment" and filled.str.fullmatch(_BRANCH).mean() > 0.5:
        return 0.0, "names branches"
    if canonical == "services" and set(filled.str.lower()) <= kinds_and_states.PLACES:
        called = synonyms.bare(str(filled.name)) in ("service", "services")
        if called and not any(map(environments.is_live, filled.unique())):
            return 0.75, "its names are those of environments too"  # a service may be called Test
        return 0.0, "names environments"
    if canonical == "services" and filled.str.fullmatch(r"\d[\d.,]*").mean() > 1 - LEAST_NAMES:
        return 0.6, "holds numbers only"
    if canonical == "services" and filled.str.fullmatch(_FILE).mean() > 0.5:
        return 0.0, "holds files"
    if canonical == "services" and (filled.str.fullmatch(OPAQUE).all() or (_ids(filled) and len(filled) == len(texts))):
        return 0.7, "holds ids"
    if canonical == "services" and len(filled) < HARDLY * len(texts):
        return 0.7, "hardly a row has it"
    if canonical == "services" and len(filled) > 5 and filled.nunique() == 1:
        return 0.9, "the same in every row"
    return None


def _as_texts(canonical: str, filled: pd.Series) -> tuple[float, str] | None:
    """The same of what cells hold in place of what they should: sentences, objects, links, numbers, answers."""
    if canonical in ("caused_by", "duplicate_of", "reverts") and filled.str.contains(r"\w\s+\w+\s+\w").mean() > 0.5:
        return 0.0, "holds sentences"
    if canonical in ("severity", "services", "status") and _are_sentences(_each(filled)):
        return 0.0, "holds sentences"
    if canonical == "severity" and (_are_phrases(filled) or _tell_of_impact(filled)):
        return 0.0, "holds phrases"
    if canonical == "url" and not filled.str.contains("/").any():
        return 0.0, "holds no links"
    if canonical != "description" and filled.str.match(_OBJECT).mean() > 0.5:
        return 0.0, "holds objects"
    if canonical == "author" and filled.str.match(_NOBODY).mean() > 0.5:
        return 0.0, "holds numbers or links"
    if canonical == "author" and filled.str.fullmatch(r"v?\d+(?:\.\w+)+").mean() > 0.5:
        return 0.0, "holds versions"
    if canonical in ("author", "repository") and filled.str.fullmatch(r"\d+").all():
        return (0.8 if canonical == "author" else 0.0), "holds numbers only"
    if canonical in ("author", "services", "title") and filled.str.fullmatch(_FLAG).all():
        return 0.0, "holds yes and no"
    return None


def _as_filled(canonical: str, filled: pd.Series, texts: pd.Series) -> tuple[float, str] | None:
    """The same of how many cells hold something, how much they differ, and what titles, words and paths are."""
    if len(filled) < FEWEST.get(canonical, 0.0) * len(texts):
        return 0.0, "hardly a row has it"
    if canonical == "title" and len(filled) < id_columns.MOST_EMPTY * len(texts):
        return 0.85, f"it is empty in {len(texts) - len(filled)} of {len(texts)} rows"
    if canonical == "title" and filled.str.fullmatch(kinds_and_states.VERSION).all():
        return 0.8, "holds versions"
    if canonical == "title" and len(filled) > 5 and filled.nunique() == 1:
        return 0.8, "the same in every row"
    if canonical in ("title", "description") and not filled.str.contains(r"[^\W\d_]").any():
        return 0.0, "holds no words"
    if canonical in ("title", "description") and filled.str.fullmatch(service_matching.LINK + r"\S*").mean() > 0.5:
        return 0.0, "holds links"
    if canonical in MOST_WORDS and len(filled) < HARDLY * len(texts):
        return 0.0, "hardly a row has it"
    if canonical == "status" and filled.nunique() > MOST_WORDS["status"] and _known_states(filled) > 0.5:
        return None
    if canonical in MOST_WORDS and (words := filled.str.lower().nunique()) > MOST_WORDS[canonical]:
        return 0.5, f"{words} different words"
    if canonical == "paths" and filled.str.fullmatch(r"\d+").all():
        return 0.0, "holds numbers only"
    if canonical == "paths" and filled.str.match(service_matching.LINK).mean() > 0.5:
        return 0.0, "holds links"
    if canonical == "size" and pd.to_numeric(filled, errors="coerce").median() > MOST_CHANGED:
        return 0.0, "holds sizes of files"
    return None


def _as_number(kind: str, filled: pd.Series) -> tuple[float, str]:
    """The same of a column of numbers; any other is what it says."""
    if kind == "number":
        return (1.0, "holds numbers") if pd.to_numeric(filled, errors="coerce").notna().mean() > 0.9 else (0.0, "")
    return 1.0, ""
