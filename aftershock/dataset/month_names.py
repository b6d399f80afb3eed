"""Months as German, French, Spanish, Italian, Portuguese and Dutch logs write them, for a parser that knows English."""

from __future__ import annotations

import re

import pandas as pd

from aftershock.schema.tables import TEXT

_MONTHS = {
    "jan": "januar jänner jaenner janvier janv enero ene gennaio gen janeiro januari",
    "feb": "februar feber février fevrier févr fevr fév febrero febbraio fevereiro fev februari",
    "mar": "märz maerz mär mrz mars marzo março marco maart mrt",
    "apr": "avril avr abril abr aprile",
    "may": "mai mayo maggio mag maio mei",
    "jun": "juni juin junio giugno giu junho",
    "jul": "juli juillet juil julio luglio lug julho",
    "aug": "août aout agosto ago augustus",
    "sep": "septembre septiembre settembre set setembro",
    "oct": "oktober okt octobre octubre ottobre ott outubro out",
    "nov": "novembre noviembre novembro",
    "dec": "dezember dez décembre decembre déc diciembre dic dicembre dezembro",
}
_ENGLISH = {name: english for english, names in _MONTHS.items() for name in names.split()}
_WORD = re.compile(r"[^\W\d_]+\.?")
_BETWEEN = re.compile(r"(?<=\d)\.(?=\s)|\b(?:de|del|à|um|a las|le)\b|\bUhr\b", re.IGNORECASE)


def in_english(texts: pd.Series) -> pd.Series:
    """Stamps that name a month of those languages, in English; all others as they are."""

    def translated(text: str) -> str:
        words = {w for w in _WORD.findall(text) if w.lower().rstrip(".") in _ENGLISH}
        if not words:
            return text
        named = _WORD.sub(lambda m: _ENGLISH[m[0].lower().rstrip(".")] if m[0] in words else m[0], text)
        return " ".join(_BETWEEN.sub(" ", named).split())

    return texts.map({text: translated(text) for text in texts.unique()}).astype(TEXT)
