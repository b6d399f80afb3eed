"""The plotly.js that draws a page's figures: where it comes from and what it can draw."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from plotly.offline import get_plotlyjs, get_plotlyjs_version

VENDORED = Path(__file__).parent / "vendor" / "plotly-cartesian.min.js"
#: What the cartesian bundle of plotly.js draws; a figure with any other trace needs the full one, three times its size.
CARTESIAN = frozenset(
    {"bar", "box", "contour", "heatmap", "histogram", "histogram2d", "histogram2dcontour", "image", "pie", "scatter"}
    | {"scatterternary", "violin"}
)


def source(traces: Iterable[str]) -> str:
    """The smallest plotly.js at hand that draws these kinds of trace.

    The vendored one serves only while its version is that of the installed plotly package, whose figures it must read.
    """
    if set(traces) <= CARTESIAN and _vendored_version() == get_plotlyjs_version():
        return _vendored()
    return _full()


@cache
def _vendored() -> str:
    return VENDORED.read_text(encoding="utf-8")


@cache
def _full() -> str:
    return get_plotlyjs()


@cache
def _vendored_version() -> str | None:
    if not VENDORED.is_file():
        return None
    found = re.search(r"plotly\.js \(cartesian[^)]*\) v(\d+\.\d+\.\d+)", _vendored()[:500])
    return found.group(1) if found else None
