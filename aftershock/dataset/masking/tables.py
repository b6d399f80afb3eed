"""Secrets in tables, where only the head says what a column is: Markdown, CSV, aligned text, ``INSERT INTO … VALUES``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from aftershock.dataset.masking.rule import MaskingRule
from aftershock.dataset.masking.secret_values import is_mixed, is_secret, kind_of_name
from aftershock.dataset.masking.word_lists import NOT_THE_SECRET, SENTENCE_WORDS

_NAMES = (
    r"(?:pass|pw|psk|secret|token|key|cred|kennwort|mdp|senha|clave|contrasen|parola|haslo|heslo|wachtwoord|cookie|session"
    r"|\bpin\b)"
)
_SEPARATORS = ("|", "\t", ";", ",", "  ")
_RULE = re.compile(r"[\s|+=:-]*[-=]{2,}[\s|+=:-]*")
_INSERT = re.compile(
    r"insert\s+into\s+\S{1,80}?\s*\((?P<names>[^()]{3,400})\)\s*values\s*(?P<rows>\([^()]{2,600}\)(?:\s*,\s*\([^()]{2,600}\)){0,40})",
    re.IGNORECASE,
)
_CELL = re.compile(r"\s*(?P<it>'(?:[^'\\]|\\.|'')*'|\"[^\"]*\"|[^,]*?)\s*(?:,|$)")
_MOST_ROWS = 200

Cell = tuple[int, int, str]
"""Start, end, what stands there."""


def _cells(line: str, at: int, separator: str) -> list[Cell]:
    pattern = r"(?:(?!\s{2})[^\n])+" if separator == "  " else rf"[^\n{re.escape(separator)}]+"
    found = [(m.start() + at, m.end() + at, m[0]) for m in re.finditer(pattern, line) if m[0].strip()]
    return [(s + len(t) - len(t.lstrip()), e - len(t) + len(t.rstrip()), t.strip()) for s, e, t in found]


def _kind(name: str) -> str:
    """Of a column; a head has no sentences, and a column of counts or states is no column of secrets."""
    bare = name.strip("*_`\"' ").lower()
    if len(bare) > 30 or len(bare.split()) > 3 or re.search(r"[.:=?!]$|\d$", bare):
        return ""
    kind = kind_of_name(bare) or ("password" if bare == "pin" else "")
    return kind if kind in ("password", "secret", "key") else ""


def _is_secret_cell(kind: str, value: str) -> bool:
    value = value.strip("*_`\"'")
    words = set(value.lower().split())
    if not is_secret(value) or len(value) < 3 or not words.isdisjoint(SENTENCE_WORDS | NOT_THE_SECRET):
        return False
    if value.isdigit():
        return kind == "password" and len(value) >= 4
    return is_mixed(value) if len(words) > 1 or kind != "password" else True


def _of_line(head: list[Cell], cells: list[Cell], column: int) -> Cell | None:
    """The cell of a row below a column: by its number, or by its place where rows have gaps."""
    if len(cells) == len(head):
        return cells[column]
    begins = [start for start, _, _ in head]
    return next((c for c in cells if begins[column] == c[0]), None)


@dataclass(frozen=True)
class TableRule(MaskingRule):
    """What stands in the columns whose head names a secret."""

    def found(self, text: str) -> Iterable[tuple[int, int]]:
        lines, at = [], 0
        for line in text.split("\n"):
            lines.append((line, at))
            at += len(line) + 1
        for n, (line, start) in enumerate(lines[:-1]):
            if len(line) <= 400 and re.search(_NAMES, line, re.IGNORECASE):
                yield from self._below(lines[n + 1 : n + 1 + _MOST_ROWS], line, start)
        for match in _INSERT.finditer(text):
            yield from _inserted(match)

    def _below(self, rows: list[tuple[str, int]], line: str, start: int) -> Iterator[tuple[int, int]]:
        for separator in _SEPARATORS:
            head = _cells(line, 0, separator)
            kinds = {n: kind for n, (_, _, name) in enumerate(head) if (kind := _kind(name))}
            if len(head) < 2 or not kinds or not all(len(name) <= 30 for _, _, name in head):
                continue
            is_sentence = separator in ",;" and f"{separator} " in line
            for n, (row, at) in enumerate(rows):
                cells = _cells(row, 0, separator)
                if _RULE.fullmatch(row) or not (n or row.strip()):  # as Markdown is read, a blank line ends the head
                    continue
                if not cells or (len(cells) != len(head) and separator != "  "):
                    break
                for column, kind in kinds.items():
                    cell = _of_line(head, cells, column)
                    if cell and _is_secret_cell(kind, cell[2]) and (is_mixed(cell[2]) or not is_sentence):
                        yield at + cell[0], at + cell[1]
            return


def _inserted(match: re.Match[str]) -> Iterator[tuple[int, int]]:
    kinds = [_kind(name) for name in match["names"].split(",")]
    for row in re.finditer(r"\(([^()]*)\)", match["rows"]):
        values = [m for m in _CELL.finditer(row[1]) if m["it"]]
        for kind, value in zip(kinds, values, strict=False):
            if kind and _is_secret_cell(kind, value["it"]):
                at = match.start("rows") + row.start(1)
                yield at + value.start("it"), at + value.end("it")


TABLES = (TableRule("password", _INSERT, screen=rf"(?i){_NAMES}[^\n]*\n|insert\s+into\s[^()]*\([^()]*{_NAMES}"),)
