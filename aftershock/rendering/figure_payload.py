"""Plotly figures of a notebook as ``<figure>`` elements and one compressed payload for the page.

A figure says in ``layout.meta`` what the page puts around it, and what a reader who cannot see it gets: ``{"finding":
headline, "head": {"measure": str, "lines": [...], "height": px, "top": px}, "alt": sentence, "caption": how to read it,
"table": {"columns": [...], "rows": [[...]]}}``, all optional, and ``"dark": {colour: colour in the dark theme}``. A line
of the head is text or a list of ``[colour, character, name]``. The meta stays out of the payload, and so does the
template (6.5 kB in every figure), which the page's figures share. A figure with a head gives up its own title and the
room for it. Without any data it is its words alone.
"""

from __future__ import annotations

import base64
import gzip
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from aftershock.output import html_table, safe_html
from aftershock.output.json_values import json_value
from aftershock.rendering import markdown_cells

MIMETYPE = "application/vnd.plotly.v1+json"
DEFAULT_HEIGHT = 420
BUDGET = 40_000  # characters of a page that a figure's data may take before a warning: a judgement, 20 of them are 1 MB
_LEFT, _RIGHT, _END = Markup("<td>"), Markup('<td class="as-right">'), Markup("</td>")
MAX_ROWS = 400  # of a figure's data table: a judgement, more is read by nobody and slows the page


class FigurePayload:
    """The figures of one page, numbered from 1 in their order."""

    def __init__(self) -> None:
        self._count = 0
        self._figures: list[dict[str, Any]] = []
        self._templates: list[object] = []
        self.heavy: list[str] = []

    def __len__(self) -> int:
        """How many are drawn; those without data are only words."""
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
        head = _Head.of(meta)
        layout.pop("width", None)
        layout["height"] = layout.pop("height", None) or DEFAULT_HEIGHT
        if head.measured:
            _give_up_title(layout, meta["head"])
        elif not head.finding:
            head.finding = _take_title(layout)
        self._count += 1
        alt = str(meta.get("alt") or head.finding or "Chart without a description")
        if not figure.get("data") and meta.get("alt"):
            head.finding = "" if head.finding == alt else head.finding
            return _frame(self._count, head, Markup('<p class="as-empty">{}</p>').format(safe_html.markup(alt)))
        return _frame(
            self._count, head, self._plot(figure, layout, meta, alt, head), _data(self._count, meta.get("table"))
        )

    def _plot(
        self, figure: Mapping[str, Any], layout: dict[str, Any], meta: Mapping[str, Any], alt: str, head: _Head
    ) -> Markup:
        entry = {
            "template": self._template_number(layout.pop("template", None)),
            "data": figure.get("data") or [],
            "layout": layout,
            "dark": meta.get("dark") or {},
            "said": head.as_data(),
        }
        self._figures.append(json_value(entry))
        self._weigh(self._figures[-1])
        plot = Markup('<div class="as-plot" role="img" aria-label="{}" data-figure="{}" style="height:{}px"></div>{}')
        caption = meta.get("caption")
        below = Markup('<p class="as-note">{}</p>').format(safe_html.markup(caption)) if caption else Markup("")
        return plot.format(safe_html.clean(alt), len(self._figures) - 1, int(layout["height"]), below)

    def _weigh(self, entry: Mapping[str, object]) -> None:
        text = _json(entry)
        size = len(text) if len(text) <= BUDGET / 2 else len(packed(text))  # packing makes no text that long larger
        if size > BUDGET:
            name = f"figure {self._count} takes {size / 1000:,.0f} kB of the page, more than {BUDGET / 1000:.0f}"
            self.heavy.append(f"{name}: aggregate or round what it draws")

    def payload(self) -> str:
        """All figures as base64 of gzipped JSON: no character in it can end the script element that holds it."""
        document = {"figures": self._figures, "templates": self._templates}
        return packed(_json(document))

    def _template_number(self, template: object) -> int | None:
        if not template:
            return None
        template = json_value(template)
        if template not in self._templates:
            self._templates.append(template)
        return self._templates.index(template)


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), sort_keys=True, allow_nan=False)


def packed(text: str) -> str:
    """``text`` gzipped (without a time stamp, so that equal pages have equal bytes) and in base64."""
    return base64.b64encode(gzip.compress(text.encode(), compresslevel=9, mtime=0)).decode()


@dataclass
class _Head:
    """What is written above a figure."""

    finding: str
    measured: bool
    measure: str
    lines: list[Any]

    @classmethod
    def of(cls, meta: Mapping[str, Any]) -> _Head:
        finding, head = str(meta.get("finding") or ""), meta.get("head")
        if not isinstance(head, Mapping) or not {"measure", "lines", "height", "top"} <= set(head):
            return cls(finding, False, "", [])
        return cls(finding, True, str(head["measure"]), list(head["lines"]))

    def as_data(self) -> dict[str, object]:
        """The same for whoever draws the figure without the page (:mod:`aftershock.rendering.page_picture`)."""
        marks = [mark for line in self.lines if not isinstance(line, str) for mark in line]
        return {"finding": self.finding, "measure": self.measure, "key": marks}

    def html(self) -> Markup:
        parts = [("as-finding", safe_html.markup(self.finding)), ("as-measure", safe_html.markup(self.measure))]
        parts += [("as-measure", safe_html.markup(line)) for line in self.lines if isinstance(line, str)]
        parts.append(("as-key", _key([mark for line in self.lines if not isinstance(line, str) for mark in line])))
        return Markup("").join(Markup('<p class="{}">{}</p>').format(kind, text) for kind, text in parts if text)


def _key(marks: Iterable[Sequence[object]]) -> Markup:
    """What the marks of a figure stand for: ``(colour, character, name)`` each."""
    mark = Markup('<span><span class="as-mark" style="color:{}" aria-hidden="true">{}</span> {}</span>')
    return Markup("").join(
        mark.format(_colour(c), safe_html.markup(sign), safe_html.markup(name)) for c, sign, name in marks
    )


def _colour(value: object) -> str:
    """A colour that a style may hold; the text's own where it is none."""
    return str(value) if re.fullmatch(r"#[0-9a-fA-F]{6}", str(value)) else "inherit"


def _give_up_title(layout: dict[str, Any], head: Mapping[str, Any]) -> None:
    """The page says measure and key; the drawing gets neither, nor the room they took."""
    layout.pop("title", None)
    layout["margin"] = {**(layout.get("margin") or {}), "t": head["top"]}
    layout["height"] -= head["height"]


def _take_title(layout: dict[str, Any]) -> str:
    """The figure's own title, moved out of the drawing to serve as its headline."""
    title = layout.pop("title", None)
    text = title.get("text") if isinstance(title, Mapping) else title
    return str(text or "")


def _frame(number: int, head: _Head, *content: Markup) -> Markup:
    name = f"Figure {number}"
    return Markup(
        '<figure class="as-figure" id="figure-{}"><figcaption><p class="as-number">{}{}</p>{}</figcaption>{}</figure>'
    ).format(number, name, markdown_cells.anchor(f"figure-{number}", name), head.html(), Markup("").join(content))


def _data(number: int, table: Mapping[str, Any] | None) -> Markup:
    """The table behind a figure. Open in the file and closed by the boot script: without scripts it stays open."""
    if not table or not table.get("rows"):
        return Markup("")
    heads = Markup("").join(
        Markup('<th scope="col">{}</th>').format(safe_html.markup(name)) for name in table["columns"]
    )
    rows = Markup("").join(
        Markup("<tr>{}</tr>").format(Markup("").join(map(_cell, json_value(row)))) for row in table["rows"][:MAX_ROWS]
    )
    whole = html_table.scrolling_table(Markup(""), heads, rows, name=f"Data of figure {number}")
    count = len(table["rows"])
    name = f"Data of figure {number}" + (f" (the first {MAX_ROWS} of {count:,} rows)" if count > MAX_ROWS else "")
    return Markup('<details class="as-data" open><summary>{}</summary>{}</details>').format(name, whole)


def _cell(value: object) -> Markup:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    start = _RIGHT if is_number else _LEFT  # put together: to format thousands of cells takes longer than all else here
    return start + safe_html.markup(html_table.shown(value)) + _END
