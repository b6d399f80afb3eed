"""In which environments a change can set off an incident: those where users are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

import pandas as pd

from aftershock.dataset import placeholders
from aftershock.output.phrases import plural, shortened
from aftershock.schema import status_words
from aftershock.schema.tables import TEXT
from aftershock.wizard import vocabulary
from aftershock.wizard.guess import Guess

_LIVE = re.compile(
    r"(?<![a-z])(?:prod|prd|production|produktion|producci[oó]n|produ[cç][aã]o|produzione|productie|produkcja|live)(?![a-z])"
    r"|本番|商用|生产|生產|线上|운영|продакшн|боев",
    re.IGNORECASE,
)
_NOT_LIVE = re.compile(
    r"(?<![a-z])(?:pre|non|not|no|test|staging|stage|dev)(?![a-z])|preprod|nonprod|[非準预]本番|[非預预]生[产產]",
    re.IGNORECASE,
)


_ENVIRONMENT = re.compile(
    r"(?:pre|non)?-?(?:prod|prd|production|live|staging|stg|stage|preprod|uat|qa|dev|development|test|sandbox|integration)",
    re.IGNORECASE,
)
LONGEST = 60  # characters of a title that are shown: a judgement
SEVERAL = "; "  # between the environments of one change, as lists are read as text


def is_live(name: str) -> bool:
    """Whether a name is that of an environment of users."""
    return bool(_LIVE.search(name)) and not _NOT_LIVE.search(name)


def suspected(
    table: str, frame: pd.DataFrame, named: str, services: str, title: str = ""
) -> tuple[Guess | None, list[str]]:
    """In which environments changes are suspects, by the column that is ``named`` so, or what is asked of their services."""
    if table != "changes" or named in frame:
        return _of_column(frame[named]) if table == "changes" else (None, [])
    asked = _of_names(frame[services]) if services in frame else []
    return None, asked or (_of_titles(frame[title]) if title in frame else [])


def _of_column(cells: pd.Series) -> tuple[Guess | None, list[str]]:
    """Which environments of changes are those of users, where others are in the log too; else what is to be asked. A column
    may ask with yes and no whether each was production; of a list, one that is counts."""
    texts = cells.map(lambda cell: SEVERAL.join(map(str, cell)) if isinstance(cell, list) else str(cell)).astype(TEXT)
    counts = Counter(vocabulary.filled(placeholders.blanked(texts, "environment", "text")))
    live = [name for name in counts if any(map(is_live, name.split(SEVERAL)))]
    if ask_for_production(cells):
        live = [name for name in counts if status_words.plain(name) in vocabulary.YES]
    others = [name for name in counts if name not in live]
    if not others or len(counts) < 2:
        return None, []
    if not live:
        named = ", ".join(map(repr, sorted(counts)[:6]))
        return None, [f"which of {named} is production? Say so as [attribution] environments; now all count alike"]
    why = f"changes in {', '.join(others[:6])} are not suspects"
    return Guess("environments", ", ".join(live), 0.85, why), []


def ask_for_production(cells: pd.Series) -> bool:
    """Whether a column says with yes and no whether each change was made where users are."""
    name = re.sub(r"[^a-z]", "", str(cells.name).rpartition(".")[2].lower())
    asks = re.fullmatch(r"(?:is|in)?(?:prod|production|live)(?:env|environment|flag)?", name)
    return bool(asks) and vocabulary.says_yes_or_no(cells)


_INTO = re.compile(
    r"(?:\b(?:to|on|in|into|for|auf|nach|vers|en|para)\s+|[@(\[>→|:]\s*)(?:the\s+)?([\w-]+)", re.IGNORECASE
)


def _of_titles(titles: pd.Series) -> list[str]:
    """The question what becomes of changes whose titles say that they were made where no users are, next to others."""
    into = {title: [*filter(_ENVIRONMENT.fullmatch, _INTO.findall(title))] for title in vocabulary.filled(titles)}
    others = [title for title, names in into.items() if names and not any(map(is_live, names))]
    live = [title for title, names in into.items() if any(map(is_live, names))]
    if not (others and live):
        return []
    rows = plural(int(titles.isin(others).sum()), "title says", "titles say")
    return [
        f"{rows} that a change was made where no users are, such as {shortened(others[0], LONGEST)!r}, and all changes count "
        "alike: leave these out under only"
    ]


def of_files(files: Iterable[str]) -> list[str]:
    """The question what becomes of changes in files that are called after environments, of which one is that of users."""
    named = {file: [*filter(_ENVIRONMENT.fullmatch, re.split(r"[^A-Za-z]+", file))] for file in files}
    live = [file for file, names in named.items() if any(map(is_live, names))]
    others = [file for file, names in named.items() if names and file not in live]
    if not (live and others):
        return []
    return [
        f"{others[0]!r} and {live[0]!r} are called after environments, and changes in both count alike: give each a section of "
        "its own, with its environment, or leave out what users did not see"
    ]


_WORD = re.compile(r"[\W_]+")


def _of_names(names: pd.Series) -> list[str]:
    """The question what becomes of services whose names say that some are those of users and others are not: ``shop-prod``
    and ``shop-staging``."""
    counts = Counter(vocabulary.filled(names[~names.map(lambda cell: isinstance(cell, list))]))
    live = [name for name in counts if is_live(name)]
    others = [name for name in counts if name not in live and _NOT_LIVE.search(name)]
    stems = {_WORD.sub("", _NOT_LIVE.sub("", name)): name for name in others}
    live = [
        name for name in live if _WORD.sub("", _LIVE.sub("", name)) in stems
    ]  # of one service, and no word of another
    if not live:
        return []
    others = [stems[_WORD.sub("", _LIVE.sub("", live[0]))]]
    return [
        f"{live[0]!r} and {others[0]!r} in {names.name!r} name environments, and changes in all of them count alike: leave "
        "out those that users did not see under only, and name the services as the incidents do under [aliases]"
    ]
