"""Text that a spreadsheet would run: kept as text on the way out, and as it was on the way back in.

Excel, LibreOffice and Sheets take a cell that begins like a formula for one, whoever wrote it (CWE-1236). An apostrophe
before it makes it text. What already looks so disguised gets one more, so nothing is lost there and back.
"""

from __future__ import annotations

import re

import pandas as pd

from aftershock.output.unseen_characters import UNSEEN

_STARTS = "=+\\-@\t\r\n＝＋－＠"  # the wide forms count as formulas where East Asian input is usual
_BEFORE = f"(?:\\s|{UNSEEN})*"  # what programs cut off before they look
_RISKY = re.compile(f"'*(?:[\t\r\n]|{_BEFORE}[{_STARTS}])")
_GUARDED = re.compile(f"'+(?:[\t\r\n]|{_BEFORE}[{_STARTS}])")


def guarded(text: str) -> str:
    """``text`` such that no spreadsheet runs it."""
    return f"'{text}" if _RISKY.match(text) else text


def unguarded(text: str) -> str:
    """What :func:`guarded` was given."""
    return text[1:] if _GUARDED.match(text) else text


def rows_csv(table: pd.DataFrame) -> str:
    """A frame as CSV of which no cell is a formula; several values in a cell are separated by ``; ``."""
    shown = table.copy()
    for column in shown.columns:
        shown[column] = shown[column].astype(object).map(_cell)
    return shown.to_csv(index=False, float_format="%.12g").encode("utf-8", "replace").decode()


def _cell(value: object) -> object:
    if isinstance(value, list | tuple):
        value = "; ".join(map(str, value))
    return guarded(value) if isinstance(value, str) else value
