"""The names that logs give to what the canonical columns hold."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from difflib import SequenceMatcher
from functools import lru_cache
from pathlib import Path

from aftershock.schema.tables import SCHEMAS
from aftershock.wizard import time_names
from aftershock.wizard.translations import UMLAUTS, in_english

LESS = 0.05  # how much less sure than the whole a part of a name is, from which on no typing errors are looked for
ALIKE = 0.86  # share of letters that two names must have in common: a judgement, one typing error in eight letters

# table → canonical column → bare names, best first
_FILE = tomllib.loads(Path(__file__).with_name("synonyms.toml").read_text(encoding="utf-8"))
SYNONYMS: dict[str, dict[str, tuple[str, ...]]] = {
    table: {column: tuple(words.split()) for column, words in _FILE[table].items()}
    for table in SCHEMAS
    if table in _FILE
}
# Words that leave what a column holds as it is: of the table's records, of what was hit, and those that only join.
_QUALIFIERS = {what: frozenset(words.split()) for what, words in _FILE["qualifiers"].items()}
_QUALIFIERS["time"] = time_names.FILLING
_KINDS_OF_WORDS = {
    "services": "hit",
    "environment": "hit",
    **{c.name: "time" for schema in SCHEMAS.values() for c in schema.columns if c.type == "time"},
}
EXACT = {
    "incident_id",
    "change_id",
    "caused_by",
    "duplicate_of",
    "reverts",
    "emergency",
}  # no likeness of names is enough
_WRAPPERS = {
    "attributes",
    "data",
    "fields",
    "field",
    "node",
    "nodes",
    "edges",
    "_source",
    "source",
    "result",
    "properties",
    "payload",
    "spec",
}
_NAMING = {  # last parts of a path that only say that it is a name, and how much less sure the part before is
    **dict.fromkeys(
        ("name", "displayname", "display_name", "displayvalue", "display_value", "login", "username"), 0.02
    ),
    **dict.fromkeys(("value", "title", "label", "summary", "full_name"), 0.03),
    **dict.fromkeys(("iso8601", "string", "raw", "epochmillis"), 0.04),  # how a moment is written
    "human": 0.02,  # next to a number of it
    "key": 0.05,
    "slug": 0.05,
    "identifier": 0.06,
    "id": 0.07,
}
_OF_A_PART = 0.1  # how much less sure the title of a part of a record is than its own: a judgement
LATER = {"detected_at", "mitigated_at", "resolved_at", "finished_at"}


def bare(name: str) -> str:
    """A name without case, accents and punctuation, umlauts spelt out: ``Start-Zeit`` and ``start_zeit`` are
    ``startzeit``."""
    text = in_english(name).strip().lower().translate(UMLAUTS)
    text = _UNKNOWN.sub("?", unicodedata.normalize("NFKD", text)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9?]", "", text)


_UNKNOWN = re.compile("[Ͱ-ԯ]{4,}")  # a word of Greek or Cyrillic that has no translation: it says something else
_MARK = re.compile(r"\s*(?:\([^()]*\)|\[[^\[\]]*\])\s*$")
_ID = re.compile(r"(?:^|[_.\s-])ids?$|[a-z]I[dD]s?$")


@lru_cache(maxsize=16_384)
def likeness(table: str, canonical: str, name: str) -> float:
    """From 0 to 1 how well a file's column name fits a canonical column. The canonical name itself gives 1, a synonym
    0.94 (the first) to 0.8 (the last), one that resembles it a little less, and so does the last part of a dotted path:
    ``fields.created`` is ``created``, and ``severity.data.attributes.name`` is ``severity``."""
    own = bare(name)
    if own == bare(canonical):
        return 1.0 if name.isascii() else 0.96
    if canonical in ("title", "description") and _ID.search(name):
        return 0.0
    candidates = _candidates(name) | _unqualified(table, name, canonical)
    if canonical == "title" and (last := bare(name.rpartition(".")[2])) in ("title", "summary"):
        candidates = {last: _OF_A_PART} | candidates  # that of a part, unless it is called what the part is
    if canonical == "services" and own.endswith("code") and own != "code":
        candidates = {own.removesuffix("code"): LESS} | candidates  # of a line: N11
    best = max((0.97 - less for text, less in candidates.items() if text == bare(canonical)), default=0.0)
    synonyms = SYNONYMS[table].get(canonical, ())
    of_tool = canonical == "services" and not _QUALIFIERS["tools"].isdisjoint(time_names.words(name))  # source.name
    for place, synonym in enumerate(synonyms):
        worth = 0.94 - 0.14 * place / max(len(synonyms) - 1, 1)
        for candidate, less in candidates.items():
            if candidate == synonym:
                best = max(best, worth - less)
            elif of_tool or len(synonym) <= 5 or less >= LESS or canonical in EXACT:
                continue
            elif _alike(candidate, synonym) >= ALIKE:
                best = max(best, worth - 0.08 - less)
    return best


@lru_cache(maxsize=4096)
def _candidates(name: str) -> dict[str, float]:
    """The bare names that a column may go by, and how much less sure each is than the whole: a path by its last part, or,
    where that only says that it is a name, by the part before."""
    own = bare(name)
    found = {own: 0.0}
    if unmarked := bare(_MARK.sub("", name)):  # Service [list]
        found.setdefault(unmarked, 0.02)
    if len(without := _without_unit(own)) > 3:
        found.setdefault(without, 0.03)
    part, less = _own_part(name)
    last = bare(part)
    found.setdefault(last, less)
    if (stem := last.removesuffix("datetime")) not in ("", last):
        found.setdefault(f"{stem}date", less + 0.02)
    for ending in ("name", "names", "id", "ids", "identifier", "identifiers", "key"):  # projectId is the project's
        if last.endswith(ending) and len(last) > len(ending) + 1:
            found.setdefault(last.removesuffix(ending), 0.04 if ending.startswith("name") else 0.08)
    return found


def _own_part(name: str) -> tuple[str, float]:
    """The part of a path that says what it holds, and how much less sure it is than the whole: of ``service.name`` the
    first, as the last only says that it is a name."""
    parts = [part for part in name.split(".") if part.lower() not in _WRAPPERS and not part.isdigit()] or [name]
    less = 0.0
    while len(parts) > 1 and parts[-1].lower() in _NAMING:
        less = max(less, _NAMING[parts.pop().lower()])
    return parts[-1], less if len(parts) == 1 else 0.02 * len(
        parts
    ) - 0.01 + less  # the deeper, the less it is the record's


@lru_cache(maxsize=4096)
def _unqualified(table: str, name: str, canonical: str) -> dict[str, float]:
    """The bare name without the words that only qualify it, and a German compound without its first part:
    ``Description of the incident`` and ``Störungsbeschreibung``; ``Betroffenes System`` where services are looked for, and
    ``Fecha y hora de apertura`` where times are."""
    records = _QUALIFIERS.get(table, frozenset())
    idle = records | _QUALIFIERS["joining"] | _QUALIFIERS.get(_KINDS_OF_WORDS.get(canonical, ""), frozenset())
    part, less = _own_part(name)
    said = [bare(word) for word in re.findall(r"[^\W\d_]+", _parted(part))]
    kept = [word for word in said if word not in idle]
    found = {"".join(kept): 0.05 + less} if kept and len(kept) < len(said) else {}
    if (
        canonical == "services"
        and len(said) > 1
        and said[-1] in _QUALIFIERS["places"]
        and not _QUALIFIERS["tools"] & set(said)
    ):
        found.setdefault(said[-1], 0.25 + less)  # aws_service, whatever stands before
    own = bare(part)
    for record in records:
        rest = own.removeprefix(record)
        if rest != own:
            found |= {part: 0.05 for part in (rest, rest.removeprefix("s")) if len(part) > 2}
    return found


def _parted(name: str) -> str:
    """A name taken apart at capitals."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", in_english(name))


def _without_unit(name: str) -> str:
    """``startedatutc`` → ``startedat``, ``starttimemillis`` → ``starttime``."""
    return re.sub(r"(?:utc|gmt|local|ts|(?:epoch|unix)?(?:ms|millis|milliseconds)|epoch|unix|timestamp)$", "", name)


def _alike(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= ALIKE else 0.0


def required(table: str) -> list[str]:
    return [c.name for c in SCHEMAS[table].columns if c.required]
