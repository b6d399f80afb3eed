"""What people and programs write into a cell that is empty: ``-``, ``N/A``, ``null``, ``NaT``, ``TBD``."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from aftershock.schema.status_words import phrases
from aftershock.schema.tables import text_array

_OF_PROGRAMS = r"null (null) <null> nan nat <na> #n/a #ref! #value! #name? \n undefined nil"
_MIXED = ("None", "NaN", "NaT")
_OF_PEOPLE = """
- -- --- – — . … ? ?? ??? -/- n/a n/k na n.a. n.a n/v #nv k.a. none (none) unknown (unknown) tbd tba tbc
t.b.d. empty (empty) blank (blank) (leer) (vide) unset (unset) unassigned unspecified undisclosed [] {} unbekannt inconnu
desconocido desconocida keine kein aucun aucune néant ninguno ninguna nenhum nenhuma desconhecido desconhecida
nessuno nessuna sconosciuto sconosciuta geen onbekend n.v.t. nvt n/d n.d. s/d s/o s.o. brak nieznany nieznane － 不明
なし 該当なし 特になし 未設定 無し 未定 无 無 未知 暂无 нет неизвестно 없음 미정"""
_NOUNS = ("k.A.", "k. A.", "k. a.", "keine Angabe", "keine Angaben")
_OF_SEVERAL = """no components were affected by this update.,
not set, not applicable, not available, not known, not specified, not assigned, no data, to be determined,
to be confirmed, keine angabe, nicht bekannt, nicht zugewiesen, nicht zugeordnet, nicht verfügbar, sans objet,
non applicable, non renseigné, non affecté, non disponible, sin asignar, sin datos, sin información, no aplica, no disponible,
no especificado, não informado, não se aplica, não aplicável, não disponível, sem informação, não atribuído, non disponibile,
non assegnato, non noto, niet bekend, niet van toepassing, nie dotyczy"""
_GOES_ON = """ongoing, on-going, still ongoing, running, läuft, open, still open, in progress, present, now, current,
currently, pending, unresolved, active,
not resolved, not yet resolved, not yet, laufend, offen, noch offen, andauernd, aktuell, nicht behoben, en cours, non résolu,
ouvert, en curso, en proceso, abierto, em andamento, em aberto, aberto, in corso, aperto, lopend, nog open, w toku, 対応中, 継続中,
調査中, 未解決, 未復旧, 进行中, 未解决, 未恢复, 处理中, 진행중, 진행 중"""  # for the end of what is not over
_NO_DAYS = """0000-00-00 0001-01-01 1899-12-30 1899-12-31 1900-01-01 1970-01-01 2999-12-31 9999-12-31 01/01/0001 1/1/0001
01/01/1900 1/1/1900 01/01/1970 1/1/1970 31/12/9999 12/31/9999 01.01.0001 01.01.1900 01.01.1970 31.12.9999"""
_NO_CLOCKS = (
    "",
    " 00:00",
    *(
        f"{sign}{clock}{zone}"
        for sign in " T"
        for clock in ("00:00:00", "00:00:00.000", "23:59:59")
        for zone in ("", "Z", "+00:00", " UTC")
    ),
    " 12:00:00 AM",
    " 12:00 AM",
)
_TIMES = [
    "0",
    "-1",
    *(day + clock for day in _NO_DAYS.split() for clock in _NO_CLOCKS),
]  # of programs that have no empty time
FREE = ("title", "description", "url", "status", "kind", "note")  # columns in which a word of people may be meant


def _spellings(words: list[str]) -> pa.Array:
    return pa.array(sorted({s for w in words for s in (w, w.upper(), w.capitalize(), w.title())}), pa.large_string())


_PROGRAMS = _spellings([*_OF_PROGRAMS.split(), *_MIXED])
_ALL = _spellings([*_OF_PROGRAMS.split(), *_MIXED, *_OF_PEOPLE.split(), *_NOUNS, *phrases(_OF_SEVERAL)])
_OF_TIMES = pa.concat_arrays([_ALL, _spellings(phrases(_GOES_ON)), pa.array(_TIMES, pa.large_string())])
_PATHS = pa.array([], pa.large_string())
_NONE = pa.array(["none", "None", "NONE"], pa.large_string())


def _all_but(*kept: str) -> pa.Array:
    return _ALL.filter(pc.invert(pc.is_in(_ALL, pa.array(kept, pa.large_string()))))


# ``none`` is an id of ours, refused in logs with a reason, and the mildest grade of status pages
_IDS = _all_but("none", "None", "NONE")
_GRADES = pa.concat_arrays([_all_but("none"), pa.array(["-1"], pa.large_string())])


def words_for(column: str, kind: str) -> pa.Array:
    """The words that stand for an empty cell in a canonical column of a type."""
    if column in FREE:
        return _PROGRAMS.filter(pc.invert(pc.is_in(_PROGRAMS, _NONE))) if column in ("status", "kind") else _PROGRAMS
    if column in ("incident_id", "change_id"):
        return _IDS
    if column == "paths":
        return _PROGRAMS
    return _OF_TIMES if kind == "time" else _GRADES if column == "severity" else _ALL


def parts_for(column: str) -> pa.Array:
    """The words that stand for nothing among the parts of a list; a path is what it is, and there are millions."""
    return _PATHS if column == "paths" else words_for(column, "list")


def blanked(cells: pd.Series, column: str, kind: str) -> pd.Series:
    """A column of text or lists without what stands for nothing."""
    words = words_for(column, kind)
    if not isinstance(cells.dtype, pd.StringDtype):
        known = set(words.to_pylist())
        return cells.map(lambda v: [p for p in v if p not in known] if isinstance(v, list) else "" if v in known else v)
    found = pc.is_in(text_array(cells), value_set=words)
    if not pc.any(found).as_py():
        return cells
    return cells.mask(pd.Series(found.to_numpy(zero_copy_only=False), index=cells.index), "")
