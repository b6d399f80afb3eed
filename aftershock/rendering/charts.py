"""Plotly figures of a notebook as ``<figure>`` elements and one compressed payload for the page.

A figure says in ``layout.meta`` what a reader who cannot see it gets: ``{"alt": sentence, "caption": str, "table":
{"columns": [...], "rows": [[...]]}}``, and optionally ``"dark": {colour: colour in the dark theme}``. The meta stays
out of the payload, and so does the template (6.5 kB in every figure), which the page's figures share.
"""

from __future__ import annotations

import base64
import gzip
import json
import math
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from aftershock import blocks

MIMETYPE = "application/vnd.plotly.v1+json"
DEFAULT_HEIGHT = 420


class Charts:
    """The figures of one page, numbered from 1 in their order."""

    def __init__(self) -> None:
        self._figures: list[dict[str, object]] = []
        self._templates: list[object] = []

    def __len__(self) -> int:
        return len(self._figures)

    @property
    def traces(self) -> set[str]:
        """The kinds of trace that these figures need plotly.js to draw."""
        return {str(trace.get("type") or "scatter") for figure in self._figures for trace in figure["data"]}

    def add(self, figure: Mapping[str, Any]) -> Markup:
        """The ``<figure>`` for one plotly mime bundle; its data join the page's payload."""
        layout = dict(figure.get("layout") or {})
        meta = layout.pop("meta", None)
        meta = meta if isinstance(meta, Mapping) else {}
        layout.pop("width", None)
        caption = meta.get("caption") or _take_title(layout)
        alt = meta.get("alt") or caption or "Chart without a description"
        height = layout.pop("height", None) or DEFAULT_HEIGHT
        entry = {
            "template": self._template_number(layout.pop("template", None)),
            "data": figure.get("data") or [],
            "layout": layout | {"height": height},
            "dark": meta.get("dark") or {},
        }
        self._figures.append(finite(entry))
        return _figure(len(self._figures), str(caption), str(alt), int(height), meta.get("table"))

    def payload(self) -> str:
        """All figures as base64 of gzipped JSON: no character in it can end the script element that holds it."""
        document = {"figures": self._figures, "templates": self._templates}
        return packed(json.dumps(document, separators=(",", ":"), sort_keys=True, allow_nan=False))

    def _template_number(self, template: object) -> int | None:
        if not template:
            return None
        template = finite(template)
        if template not in self._templates:
            self._templates.append(template)
        return self._templates.index(template)


def packed(text: str) -> str:
    """``text`` gzipped (without a time stamp, so that equal pages have equal bytes) and in base64."""
    return base64.b64encode(gzip.compress(text.encode(), compresslevel=9, mtime=0)).decode()


def finite(value: Any) -> Any:
    """``value`` with null in place of NaN and infinities, which JSON does not know."""
    if isinstance(value, Mapping):
        return {str(name): finite(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [finite(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _take_title(layout: dict[str, Any]) -> str:
    """The figure's own title, moved out of the drawing to serve as its caption."""
    title = layout.pop("title", None)
    text = title.get("text") if isinstance(title, Mapping) else title
    return str(text or "")


def _figure(number: int, caption: str, alt: str, height: int, table: Mapping[str, Any] | None) -> Markup:
    return Markup(
        '<figure class="as-figure" id="figure-{n}">'
        '<figcaption><span class="as-number">Figure {n}.</span> {caption}</figcaption>'
        '<div class="as-plot" role="img" aria-label="{alt}" data-figure="{i}" style="height:{height}px"></div>'
        "{data}</figure>"
    ).format(
        n=number,
        i=number - 1,
        caption=blocks.markup(caption),
        alt=blocks.clean(alt),
        height=height,
        data=_data(number, table),
    )


def _data(number: int, table: Mapping[str, Any] | None) -> Markup:
    """The table behind a figure. Open in the file and closed by the boot script: without scripts it stays open."""
    if not table or not table.get("rows"):
        return Markup("")
    heads = Markup("").join(Markup('<th scope="col">{}</th>').format(blocks.markup(name)) for name in table["columns"])
    rows = Markup("").join(
        Markup("<tr>{}</tr>").format(Markup("").join(map(_cell, finite(row)))) for row in table["rows"]
    )
    whole = blocks.scrolling_table(Markup(""), heads, rows, name=f"Data of figure {number}")
    return Markup('<details class="as-data" open><summary>Data of figure {}</summary>{}</details>').format(
        number, whole
    )


def _cell(value: object) -> Markup:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    place = Markup(' class="as-right"') if is_number else Markup("")
    return Markup("<td{}>{}</td>").format(place, blocks.markup(blocks.shown(value)))
