"""The words and signs that people and programs put around the numbers of a stamp, which say nothing that the numbers do
not: ``Do, 21.03.2024 um 14:30 Uhr``, ``21 de março de 2024 às 14h30``, ``2024/3/21(木) 午後3:05``, ``/Date(1711015200000)/``."""

from __future__ import annotations

import re

import pandas as pd
import pyarrow.compute as pc

from aftershock.schema.tables import TEXT, text_array

_WEEKDAYS = """
mon tue tues wed thu thur thurs fri sat sun monday tuesday wednesday thursday friday saturday sunday
mo di mi do fr sa so montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag
lun mar mer jeu ven sam dim lundi mardi mercredi jeudi vendredi samedi dimanche
mié mie jue vie sáb sab dom lunes martes miércoles miercoles jueves viernes sábado sabado domingo
seg ter qua qui sex segunda terça terca quarta quinta sexta
segunda-feira terça-feira quarta-feira quinta-feira sexta-feira
gio lunedì martedì mercoledì giovedì venerdì sabato domenica lunedi martedi mercoledi giovedi venerdi
ma wo vr za zo maandag dinsdag woensdag donderdag vrijdag zaterdag zondag
pon wt śr sr czw pt sob niedz ndz poniedziałek wtorek środa czwartek piątek sobota niedziela
"""
_ODD = (  # what cells have that are rewritten here: all others are left alone, unread
    "(?i)\\b[ap]\\.[ \u00a0\u202f\ufffd]?m\\b|^[\\['/\\\\]|^[^\\W\\d_]{2,13}(?:-feira)?[.,]*\\s+\\d|[上下午前後오周星(（]"
    "|\\d\\s*[時时点시]|\\b1er\\b|\\d\\s+г\\.|\\d-(?:\\?|xx$|00$)"
    "|\\d [+-]\\d{4} [a-z]{3,4}$|\\d\\s?[h]|uhr|uur|\\d{4}:\\d\\d:|\\d[ T]\\d{4}\\s?(?:Z|UTC|GMT)?$"
    "|\\d\\.?,?(?:\\s+г\\.)?,?\\s*(?:a las|às|as|à|um|om|ore|alle|godz|kl|klo|at|@|-|–|—|\\|)\\.?\\s+\\d"
)
_DAY = r"(?:[^:]*(?<!\d)(?:19|20)\d\d|\d{1,2}[./-]\d{1,2}[./-]\d\d(?:\d\d)?|\d{4}[./-]\d{1,2}[./-]\d{1,2})"
_BETWEEN = r"(?:a las|às|as|à|um|om|alle(?: ore)?|ore|godz|klo?|at|@|-|–|—|\|)"
_REWRITTEN = tuple(
    (re.compile(pattern, re.IGNORECASE), put)
    for pattern, put in (
        (r"^\[([^\[\]\",]+)\]$|^'(?=\d)(.+)$", r"\1\2"),  # as logs of programs, and Excel, mark it
        (r"^\\?/Date\((\d{12,13})(?:[+-]\d{4})?\)\\?/$", r"\1"),  # of .NET
        (r"^(\d\d)/([a-z]{3})/(\d{4}):(?=\d\d:)", r"\1 \2 \3 "),  # of web servers
        (r"^1er\b|(?<=\s)1er\b", "1"),
        (r"^((?:19|20)\d\d-(?:0[1-9]|1[0-2]))-(?:\?\??|xx|00)$", r"\1"),  # the day is not known
        (r"^(\d{4})[.년]\s*(\d{1,2})[.월]\s*(\d{1,2})[.일](?=\s|$)", r"\1-\2-\3"),
        (r"\s*[(（](?:[月火水木金土日]|[월화수목금토일]|周.|星期.)[)）]\s*|\s*(?:星期|周)[一二三四五六日天]\s*", " "),
        (r"(\d{1,2})\s*[時时点시]\s*(?:(\d{1,2})\s*[分분]\s*)(?:\d{1,2}\s*[秒초])?$", r"\1:\2"),
        (r"(?:上午|午前|오전)\s*(\d{1,2}:\d\d(?::\d\d)?)$", r" \1 AM"),
        (r"(?:下午|午後|오후)\s*(\d{1,2}:\d\d(?::\d\d)?)$", r" \1 PM"),
        ("\\b([ap])\\.[ \u00a0\u202f\ufffd]?m\\b\\.?", lambda found: f"{found[1].upper()}M"),
        (rf"^({_DAY})\.?(?:\s+г\.)?,?\s*{_BETWEEN}\.?\s+(?=\d{{1,2}}[:.h]\d\d)", r"\1 "),
        (rf"^({_DAY})[ T]([01]\d|2[0-3])([0-5]\d)(?=\s*(?:Z|UTC|GMT)?$)", r"\1 \2:\3"),
        (rf"^({_DAY}.*\s)(\d{{1,2}})\s?h\s?(\d\d)(?:\s?m(?:in)?)?$", r"\1\2:\3"),
        (r"(?<=\d[:.]\d\d)\s*(?:Uhr|uur|hrs?|hours|h)\b\.?", ""),
        (r"\s+г\.(?=\s|$)", ""),
        (r"(\d [+-]\d{4}) [A-Z]{3,4}$", r"\1"),  # as Go writes a time
    )
)
_WEEKDAY = re.compile(
    r"^([^\W\d_]{2,13}(?:-feira)?)[.,]*\s+(?=\d{1,2}[./-]\d{1,2}[./-]\d|\d{4}[./-]\d|\d{1,2}\.?\s+(?:de\s+)?[^\W\d_]{3})"
)


def plain(texts: pd.Series) -> pd.Series:
    """The texts without such words, halves of the day as ``PM``; the same object where none has any."""
    odd = pc.match_substring_regex(text_array(texts), _ODD)
    if not pc.any(odd).as_py():
        return texts
    rewritten = {text: _rewritten(text) for text in texts[odd.fill_null(False).to_numpy(zero_copy_only=False)].unique()}
    rewritten = {text: new for text, new in rewritten.items() if new != text}
    return texts.replace(rewritten).astype(TEXT) if rewritten else texts


def _rewritten(text: str) -> str:
    day = _WEEKDAY.match(text)
    if day and day[1].lower() in _WEEKDAYS.split():
        text = text[day.end() :]
    for pattern, put in _REWRITTEN:
        text = pattern.sub(put, text)
    return " ".join(text.split())
