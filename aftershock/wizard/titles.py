"""Which column of a log is its title, where names and descriptions may be."""

from __future__ import annotations

import re

import pandas as pd

from aftershock.wizard import id_columns, synonyms
from aftershock.wizard.guess import Guess

_TROUBLE = re.compile(  # an incident or a fault in nine languages, as :func:`synonyms.bare` writes it
    r"incidents?|incidencias?|incidentes?|problem[ae]?s?|issues?|failures?|outages?|disruptions?|stoerung|vorfall|fehler|ausfall|"
    r"averias?|avarias?|fall[oa]s?|panne|defauts?|defaillance|guasto|anomalia|awaria|usterka|ocorrencia|defeito"
)

_HASH = r"[0-9a-f]{16,}"  # what stands for a text that was not to be shown


def settle(chosen: dict[str, Guess], rows: pd.DataFrame) -> None:
    """Choose the title among names, summaries and descriptions, with ``rows`` as text."""
    _no_title_that_is_the_id(chosen, rows)
    _title_of_trouble(chosen, rows)
    _title_from_description(chosen, rows)
    _name_before_summary(chosen, rows)


def _no_title_that_is_the_id(chosen: dict[str, Guess], rows: pd.DataFrame) -> None:
    """A name that is the id in every row is no title."""
    title, id = chosen.get("title"), chosen.get("change_id", chosen.get("incident_id"))
    if title and id and title.value != id.value and (rows[title.value] == rows[id.value]).all():
        del chosen["title"]


def are_words(texts: pd.Series) -> bool:
    """Whether most cells that hold something are of several words."""
    return bool(texts[texts != ""].str.contains(r"[^\W\d_][\s_]+[^\W\d_]").mean() > 0.5)


def _name_before_summary(chosen: dict[str, Guess], rows: pd.DataFrame) -> None:
    """Where records have names that tell them apart and longer summaries, the names are the titles."""
    title = chosen.get("title")
    name = next((n for n in rows.columns if synonyms.bare(n) == "name"), "")
    if title is None or synonyms.bare(title.value) != "summary" or not name or not are_words(rows[name]):
        return
    named, said = rows[name][rows[name] != ""], rows[title.value]
    if named.nunique() > len(rows) / 2 and named.str.len().median() < said[said != ""].str.len().median():
        chosen["title"] = Guess("title", name, 0.9, "its name; the summaries are longer")
        chosen.setdefault("description", Guess("description", title.value, 0.85, "its name"))


def _title_of_trouble(chosen: dict[str, Guess], rows: pd.DataFrame) -> None:
    """Where nothing is called a title, a column called like what its rows are, an incident or a fault, whose cells are words."""
    taken = {guess.value for guess in chosen.values()}
    for name in rows.columns if "title" not in chosen else ():
        if name not in taken and _TROUBLE.fullmatch(synonyms.bare(name)) and are_words(rows[name]):
            chosen["title"] = Guess("title", name, 0.8, "called like what a row is, and its cells are words")
            return


def _title_from_description(chosen: dict[str, Guess], rows: pd.DataFrame) -> None:
    """Where nothing else is the title, descriptions of a line are."""
    said = chosen.get("description")
    if "title" in chosen or said is None:
        return
    texts = rows[said.value][rows[said.value] != ""]
    told = len(texts) > id_columns.MOST_EMPTY * len(rows)
    lines = texts.str.len().median() <= id_columns.LONGEST_ID and not texts.str.contains("\n").any()
    if told and lines and not texts.str.fullmatch(_HASH).any():
        chosen["title"] = Guess("title", said.value, 0.7, "lines of text; no column is called a title")
        del chosen["description"]
