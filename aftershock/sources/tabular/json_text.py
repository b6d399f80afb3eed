"""JSON from sources that need not be trusted: no number in it can overflow or take long to read."""

from __future__ import annotations

import json
import math
import re
import sys

DEEPEST = 8  # objects around a text that is an object: a judgement
_INSIDE = re.compile(r'"\{(?:\s|\\n)*\\"')  # where a text begins that is an object
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


_CARRIED = {  # the key under which tools that copy records put each, and the keys beside it that tell
    "data": ({"backend_name", "origin"}, {"stream", "emitted_at"}, {"namespace", "emitted_at"}),  # Perceval, Airbyte
    "_airbyte_data": ({"_airbyte_emitted_at"}, {"_airbyte_extracted_at"}),
    "record": ({"type", "stream"},),  # Singer
    **dict.fromkeys(
        ("release", "pull_request", "issue", "workflow_run"), ({"action", "repository", "sender"},)
    ),  # GitHub's hooks
}
_ON_THEM = {"comment", "review"}  # beside what they were written on


def unpacked(document: object, text: str, begin: int = 0, end: int = sys.maxsize) -> object:
    """What was read of a part of a ``text``, of which texts that are themselves objects of JSON, as queues and hooks pass them
    on, are these objects, and records that a tool copied are without what it put around them."""
    document = _unpacked(document, 0) if _INSIDE.search(text, begin, end) else document
    return [carried(one) for one in document] if isinstance(document, list) else carried(document)


def carried(record: object) -> object:
    """A record without what a tool that copied it put around it, but for the stream that it is of."""
    if isinstance(record, dict) and record.get("type") == "RECORD" and "stream" not in record:  # Airbyte's messages
        record = record.get("record", record)
    for key, besides in _CARRIED.items() if isinstance(record, dict) else ():
        held = record.get(key) if isinstance(record, dict) else None
        if isinstance(held, dict) and isinstance(record, dict) and any(names <= record.keys() for names in besides):
            stream = {"stream": record["stream"]} if isinstance(record.get("stream"), str) else {}
            return record if _ON_THEM & record.keys() else {**stream, **held}
    return record


def _unpacked(held: object, depth: int) -> object:
    if depth > DEEPEST:
        return held
    if isinstance(held, dict):
        return {name: _unpacked(value, depth + 1) for name, value in held.items()}
    if isinstance(held, list):
        return [_unpacked(value, depth + 1) for value in held]
    if not isinstance(held, str) or not held.startswith("{"):
        return held
    try:
        found = DECODER.decode(held)
    except (ValueError, RecursionError):
        return held
    return _unpacked(found, depth + 1) if isinstance(found, dict) and len(found) > 1 else held
