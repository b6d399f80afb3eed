"""Names of columns in other scripts, in the English words that the wizard knows."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import lru_cache
from pathlib import Path

UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ı": "i", "ł": "l", "ø": "o", "đ": "d"})
"""How letters are spelt out that have no plain letter under their accent, or are spelt so in German."""

_PIECES = {
    piece: english
    for words in tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")).values()
    for english, pieces in words.items()
    for piece in pieces.split()
}
_CUSTOM = re.compile(r"^custom ?field \((.+)\)$", re.IGNORECASE)  # as Jira marks the fields that a company made
_PLURAL = re.compile(r"(?<=\w)\((?:e?s|e?n|e|i|er)\)", re.IGNORECASE)  # service(s), Anwendung(en)
_CYRILLIC = re.compile("[а-яё]")
_ANY_PIECE = re.compile(
    "|".join(
        rf"(?<!\w){piece}(?!\w)" if _CYRILLIC.match(piece) else re.escape(piece)
        for piece in sorted(_PIECES, key=len, reverse=True)
    )
)


@lru_cache(maxsize=4096)
def in_english(name: str) -> str:
    """A name with every known piece of another script as an English word: ``障害発生日時`` is ``incident occurred
    datetime``; one in Latin letters as it is, without what marks it as a field of the company's own or a plural."""
    name = _PLURAL.sub("", _CUSTOM.sub(r"\1", name))
    if name.isascii():
        return name
    text = unicodedata.normalize("NFKC", name)
    translated = _ANY_PIECE.sub(lambda found: f" {_PIECES[found[0]]} ", text.lower())
    return translated.strip() if translated != text.lower() else text
