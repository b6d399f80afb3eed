"""JSON as text that one need not trust: no number in it may overflow or take long to read."""

from __future__ import annotations

import json
import math

LONGEST_NUMBER = 300  # digits; reading more takes time that grows with their square


def _whole(digits: str) -> int | str:
    return int(digits) if len(digits) <= LONGEST_NUMBER else digits


def _real(digits: str) -> float | str:
    number = float(digits)
    return digits if math.isinf(number) else number


def _constant(name: str) -> str | None:
    """NaN, which is no JSON, is what some programs write for nothing."""
    return None if name == "NaN" else name


DECODER = json.JSONDecoder(parse_int=_whole, parse_float=_real, parse_constant=_constant)
