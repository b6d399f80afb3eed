"""JSON from sources that need not be trusted: no number in it can overflow or take long to read."""

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
    """NaN is not JSON, but some programs write it for a missing value."""
    return None if name == "NaN" else name


DECODER = json.JSONDecoder(parse_int=_whole, parse_float=_real, parse_constant=_constant)
