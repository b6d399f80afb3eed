"""Months as logs in other languages of Europe write them, for a parser that knows English."""

from __future__ import annotations

import re

import pandas as pd

from aftershock.schema.tables import TEXT

_MONTHS = {
    "jan": "januar jänner jaenner janvier janv enero ene gennaio gen janeiro januari stycznia sty января янв",
    "feb": "februar feber février fevrier févr fevr fév febrero febbraio fevereiro fev februari lutego lut февраля фев",
    "mar": "märz maerz mär mrz mars marzo março marco maart mrt marca марта мар",
    "apr": "avril avr abril abr aprile kwietnia kwi апреля апр",
    "may": "mai mayo maggio mag maio mei maja мая май",
    "jun": "juni juin junio giugno giu junho czerwca cze июня июн",
    "jul": "juli juillet juil julio luglio lug julho lipca lip июля июл",
    "aug": "août aout agosto ago augustus sierpnia sie августа авг",
    "sep": "septembre septiembre settembre set setembro września wrz сентября сен",
    "oct": "oktober okt octobre octubre ottobre ott outubro out października paź октября окт",
    "nov": "novembre noviembre novembro listopada lis ноября ноя",
    "dec": "dezember dez décembre decembre déc diciembre dic dicembre dezembro grudnia gru декабря дек",
}
_ENGLISH = {name: english for english, names in _MONTHS.items() for name in names.split()}
_WORD = re.compile(r"[^\W\d_]+\.?")
_BETWEEN = re.compile(r"(?<=\d)\.(?=\s)|\b(?:de|del|le)\b", re.IGNORECASE)


def in_english(texts: pd.Series) -> pd.Series:
    """Stamps that name a month of those languages, in English; all others as they are."""

    def translated(text: str) -> str:
        words = {w for w in _WORD.findall(text) if w.lower().rstrip(".") in _ENGLISH}
        if not words:
            return text
        named = _WORD.sub(lambda m: _ENGLISH[m[0].lower().rstrip(".")] if m[0] in words else m[0], text)
        return " ".join(_BETWEEN.sub(" ", named).split())

    return texts.map({text: translated(text) for text in texts.unique()}).astype(TEXT)
