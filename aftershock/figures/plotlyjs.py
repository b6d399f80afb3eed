"""The plotly.js that draws a page's figures: the smallest at hand that has what they need.

``vendor/`` holds two bundles of plotly.js, compressed, with a manifest of their versions, hashes and the traces they
draw; ``scripts/vendor`` fetches and verifies them. plotly.py ships only the full one, three times as large.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from plotly.offline import get_plotlyjs, get_plotlyjs_version

VENDORED = Path(__file__).parent / "vendor"


@dataclass(frozen=True)
class Bundle:
    """A script for a page. ``packed``: base64 of the gzipped script; ``sha256``: of the script, in hexadecimal digits."""

    name: str
    packed: str
    sha256: str


def bundle(traces: Iterable[str]) -> Bundle:
    """The smallest plotly.js that draws these kinds of trace; the full one where no vendored one does.

    A vendored one serves only while its version is that of the installed plotly package, whose figures it must read.
    """
    file = _smallest(traces)
    return _vendored(file) if file else _full()


def script(traces: Iterable[str]) -> tuple[bytes, list[str]]:
    """The same as it is, and the kinds of trace that it draws: ``[]`` for the full one, which draws every kind."""
    file = _smallest(traces)
    if not file:
        return get_plotlyjs().encode(), []
    return gzip.decompress((VENDORED / f"{file}.gz").read_bytes()), manifest()[file]["traces"]


def _smallest(traces: Iterable[str]) -> str:
    """The smallest vendored bundle that draws these kinds; "" for none."""
    needed = set(traces)
    return next((file for file, drawn in _fitting() if needed <= drawn), "")


def _fitting() -> Iterator[tuple[str, frozenset[str]]]:
    """Name and traces of the vendored bundles of the installed plotly's version, the smallest first."""
    version = get_plotlyjs_version()
    for file, entry in sorted(manifest().items(), key=lambda item: item[1]["bytes"]):
        if entry["version"] == version:
            yield file, frozenset(entry["traces"])


@cache
def manifest() -> dict[str, dict]:
    """What ``scripts/vendor`` wrote down of each bundle."""
    return json.loads((VENDORED / "manifest.json").read_text(encoding="utf-8"))


@cache
def _vendored(file: str) -> Bundle:
    packed = base64.b64encode((VENDORED / f"{file}.gz").read_bytes()).decode()
    return Bundle(file, packed, manifest()[file]["sha256"])


@cache
def _full() -> Bundle:
    script = get_plotlyjs().encode()
    packed = base64.b64encode(gzip.compress(script, 9, mtime=0)).decode()
    return Bundle("plotly.min.js", packed, hashlib.sha256(script).hexdigest())
