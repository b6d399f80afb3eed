"""The names that logs give to what the canonical columns hold."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from difflib import SequenceMatcher
from pathlib import Path

from aftershock.schema.tables import SCHEMAS

ALIKE = 0.86  # share of letters that two names must have in common: a judgement, one typing error in eight letters

# table → canonical column → bare names, best first
SYNONYMS: dict[str, dict[str, tuple[str, ...]]] = {
    table: {column: tuple(words.split()) for column, words in columns.items()}
    for table, columns in tomllib.loads(Path(__file__).with_name("synonyms.toml").read_text(encoding="utf-8")).items()
}
_UMLAUTS = str.maketrans({ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue", ord("ß"): "ss"})
LATER = {"detected_at", "mitigated_at", "resolved_at", "finished_at"}


def bare(name: str) -> str:
    """A name without case, accents and punctuation, umlauts spelt out: ``Start-Zeit`` and ``start_zeit`` are
    ``startzeit``."""
    text = name.strip().lower().translate(_UMLAUTS)
    text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]", "", text)


def likeness(table: str, canonical: str, name: str) -> float:
    """From 0 to 1 how well a file's column name fits a canonical column. The canonical name itself gives 1, a synonym
    0.94 (the first) to 0.8 (the last), one that resembles it a little less, and so does the last part of a dotted path:
    ``fields.created`` is ``created``."""
    own = bare(name)
    if own == bare(canonical):
        return 1.0
    best = 0.0
    synonyms = SYNONYMS[table].get(canonical, ())
    for place, synonym in enumerate(synonyms):
        worth = 0.94 - 0.14 * place / max(len(synonyms) - 1, 1)
        for candidate in dict.fromkeys((own, bare(name.rsplit(".", 1)[-1]), _without_unit(own))):
            if candidate == synonym:
                best = max(best, worth if candidate == own else worth - 0.03)
            elif len(synonym) > 4 and _alike(candidate, synonym) >= ALIKE:
                best = max(best, worth - 0.08)
    return best


def _without_unit(name: str) -> str:
    """``startedatutc`` → ``startedat``."""
    return re.sub(r"(?:utc|gmt|local|ts|ms|epoch)$", "", name)


def _alike(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= ALIKE else 0.0


def required(table: str) -> list[str]:
    return [c.name for c in SCHEMAS[table].columns if c.required]
