"""Which services the changes of a log concern, where no column is called so: their repositories, names that return, links."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from aftershock.schema import status_words
from aftershock.sources.tabular.json_maps import LIST
from aftershock.wizard import severity_scale, time_names
from aftershock.wizard.guess import Guess

MOST_EMPTY = 0.5  # share of rows in which what names a service has to be filled: a judgement
ENOUGH = 0.8  # share of names that look like those of people: a judgement
_LIKE_PEOPLE = r"[A-Z][\w'’.-]*(?: [\w'’.-]+){0,2},? [A-Z][\w'’-]+"
LINK = r"^(?:https?://|/\w)"
_MADE = (
    "actions",
    "commit",
    "commits",
    "compare",
    "deployments",
    "pull",
    "pulls",
)  # what links to GitHub go to below a repository
_LINKED = {  # patterns of rules on services, and the links of pipelines, runs and commits that they are for
    "*/{name}/-/*": r"https?://[^/]+/.+/-/(?:pipelines|jobs|deployments|commit|merge_requests)/",
    **{
        f"*/repos/*/{{name}}/{what}/*": rf"https?://[^/]+/(?:api/v3/)?repos/[^/]+/[^/]+/{what}/"
        for what in (*_MADE, "pages")
    },
    **{f"*://*/*/{{name}}/{what}/*": rf"https?://[^/]+/(?!repos/)[^/]+/[^/]+/{what}/" for what in _MADE},
}
_REPOSITORY = (
    "*://*/*/{name}",
    r"https?://[^/]+/[^/]+/[^/]+/?$",
)  # the same of links to a repository, by a column's name


_PARTS = {"job", "step", "stage", "task"}  # of a run, whose names are not those of what it deployed
_OF_OTHERS = {  # whose names are not those of services
    *(
        "version",
        "release",
        "tag",
        "branch",
        "agent",
        "runner",
        "node",
        "user",
        "author",
        "environment",
        "stage",
        "step",
    ),
    *("state", "status", "workflow"),
}

_OF_SERVICES = (
    "services",
    "apps",
    "microservices",
    "charts",
    "deployments",
    "packages",
)  # what folders of services are called
_IN_PATHS = (*_OF_SERVICES, "packages")  # of a repository they may be libraries


_HIT = {
    "affected",
    "impacted",
    "services",
    "components",
    "systems",
}  # what objects are called that hold a state of each
OFTEN = 5  # rows to a name from which on names of several words may be those of services: a judgement


def of_repositories(table: str, rows: pd.DataFrame, chosen: dict[str, Guess]) -> None:
    """Where nothing else names what a change concerns, its repository does; so it does where few changes have more."""
    if table != "changes" or "repository" not in chosen:
        return
    if "services" not in chosen and "paths" in chosen and folders_in(rows[chosen["paths"].value]):
        return  # the paths say more
    if "services" in chosen:
        filled = [(rows[chosen[c].value] != "").mean() for c in ("services", "repository")]
        of_a_part = bool(_PARTS & set(time_names.words(chosen["services"].value.rpartition(".")[2])))
        if not (of_a_part and filled[1]) and (filled[0] > MOST_EMPTY or filled[1] <= filled[0]):
            return
    named = chosen["repository"].value.rpartition(".")[0] + ".name"
    name = named if named in rows.columns else chosen["repository"].value
    if not rows[name].str.match(LINK).any() and not rows[name].str.fullmatch(r"\d*").all():
        chosen["services"] = Guess("services", name, 0.7, "the repository: nothing else names what was changed")


def of_lists(rows: pd.DataFrame, chosen: dict[str, Guess]) -> list[str]:
    """What several lists of a document are called is the state of their records, or may be their service."""
    if LIST not in rows.columns or LIST in {guess.value for guess in chosen.values()}:
        return []
    words = rows[LIST].unique()
    if all(status_words.meaning(word, status_words.STATUS_WORDS) for word in words):
        chosen.setdefault("status", Guess("status", LIST, 0.8, "the lists are called after states"))
        return []
    if "services" in chosen or sum(status_words.took_effect(word) is not None for word in words) > len(words) / 2:
        return []  # success, failure and others
    chosen["services"] = Guess("services", LIST, 0.6, "what the list of each is called")
    return [
        f"the lists are read as one for each service, {words[0]!r} and so on; if they are not, remove services = {LIST!r}"
    ]


def of_keys(rows: pd.DataFrame, chosen: dict[str, Guess]) -> list[str]:
    """The question what objects hold that have the state of each service by its name, where no column lists services."""
    parts: dict[str, list[str]] = {}
    for name in filter(is_in_hit, rows.columns if "services" not in chosen else ()):
        around, _, last = name.rpartition(".")
        parts.setdefault(around, []).append(last)
    for around, names in parts.items():
        if len(names) > 1 and all(_tell_states(rows[f"{around}.{name}"]) for name in names):
            return [
                f"the keys of {around!r}, such as {names[0]!r}, may be the services and what they hold the state of each, and are "
                "not read: write the names of those that were hit into a list"
            ]
    return []


def is_in_hit(name: str) -> bool:
    """Whether a column is a part of an object of what was hit."""
    return bool(_HIT & set(time_names.words(name.rpartition(".")[0])))


def _tell_states(cells: pd.Series) -> bool:
    """Whether every word is a state or a grade."""
    words = cells[cells != ""].unique()
    known = status_words.STATUS_WORDS
    return len(words) > 0 and all(status_words.meaning(w, known) or severity_scale.is_grade(w) for w in words)


def of_names(table: str, rows: pd.DataFrame, chosen: dict[str, Guess]) -> list[str]:
    """Names that return from row to row, each a word, are those of services and not titles: for changes, where nothing else
    names what was changed; for incidents they may be those of alerts, so that is asked."""
    if {"services", "repository"} & set(chosen):
        return []
    title = chosen["title"].value if "title" in chosen else ""
    able = [title, *(n for n in rows.columns if n.rpartition(".")[2].lower() == "name" and n.count(".") < 2)]
    able = [n for n in able if not set(time_names.words(n.replace(".", " "))) & _OF_OTHERS]
    name = next((n for n in able if n.lower().endswith("name") and _return(rows[n])), "")
    if not name and title.lower().endswith("name") and table == "incidents" and _return(rows[title], OFTEN):
        name = title
    if name and table == "changes":
        if name == title:
            del chosen["title"]
        chosen["services"] = Guess("services", name, 0.7, "names that return; nothing else names what was changed")
    if not name or table == "changes" or name != title:
        return []
    example = rows[name][rows[name] != ""].iloc[0]
    return [f"{name!r} is read as the title; if names such as {example!r} are services, write services = {name!r}"]


def of_resources(rows: pd.DataFrame, chosen: dict[str, Guess]) -> list[str]:
    """Resources are machines in some logs and people in others: where they are called like people, that is asked."""
    name = chosen["services"].value if "services" in chosen else ""
    if not {"resource", "resources", "ressource"} & set(time_names.words(name.replace(".", " "))):
        return []
    called = rows[name][rows[name] != ""].drop_duplicates()
    if called.empty or called.str.fullmatch(_LIKE_PEOPLE).mean() < ENOUGH:
        return []
    return [
        f"{name!r} is read as the services; if names such as {called.iloc[0]!r} are those of people, remove services = {name!r}"
    ]


def _return(cells: pd.Series, often: int = 0) -> bool:
    """Whether names return from row to row, each a word, or ``often`` where they may be of several."""
    names = cells[cells != ""]
    return 1 < names.nunique() <= len(names) / (often or 2) and bool(often or not names.str.contains(r"\s").any())


def rule_of(table: str, rows: pd.DataFrame, chosen: dict[str, Guess]) -> Guess | None:
    """The pattern that finds the repository in links to a pipeline or a run, where nothing else names what was changed."""
    if table != "changes" or {"services", "repository"} & set(chosen):
        return None
    for name in rows.columns:
        links = rows[name][rows[name] != ""]
        named = {"repo", "repository"} & set(time_names.words(name))
        for pattern, expression in (*_LINKED.items(), *([_REPOSITORY] if named else [])):
            if len(links) > MOST_EMPTY * len(rows) and links.str.match(expression).all():
                chosen["repository"] = Guess("repository", name, 0.7, "links to what ran in a repository")
                return Guess(
                    "services", pattern, 0.7, f"the repository in {name!r}: nothing else names what was changed"
                )
    return None


def folders_in(paths: pd.Series) -> list[str]:
    """Folders of services, by their names, in the paths that changes touched, which are lists or texts with semicolons."""
    parts = paths.map(lambda cell: cell if isinstance(cell, list) else str(cell).split(";")).explode()
    found = parts.astype(str).str.strip().str.extract(rf"^({'|'.join(_IN_PATHS)})/([^/.][^/]*)/").dropna()
    inside = found.groupby(0)[1].nunique()
    return [folder for folder in _IN_PATHS if inside.get(folder, 0) > 1]


def folders(repository: Path) -> list[str]:
    """Folders of a repository whose folders are services, by their names: ``services`` with at least two in it."""
    try:
        there = [folder for name in _OF_SERVICES if (folder := repository / name).is_dir()]
        return [f.name for f in there if sum(p.is_dir() and not p.name.startswith(".") for p in f.iterdir()) > 1]
    except OSError:
        return []
