"""What a cell displayed, as HTML. An output that cannot be shown stops the report instead of leaving a hole in it."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

from markupsafe import Markup

from aftershock.output import blocks, safe_html
from aftershock.output.terminal import without_colours
from aftershock.rendering import figure_payload, markdown_cells
from aftershock.schema.errors import AftershockError

WIDGET = "application/vnd.jupyter.widget-view+json"
SVG = "image/svg+xml"
# A page that runs nothing but its own two scripts and fetches nothing cannot show these; a reader would see a gap.
_ACTIVE = frozenset({"script", "iframe", "object", "embed", "link", "meta", "base", "form", "frame", "frameset"})


class UnshownOutput(AftershockError):
    """A cell displayed something that the page has no way to show.

    ``cell_number`` counts code cells from 1, as JupyterLab numbers them after "Restart and run all".
    """

    def __init__(self, cell_number: int, mimetypes: list[str], why: str = ""):
        kinds = ", ".join(mimetypes) or "nothing"
        super().__init__(
            f"code cell {cell_number} displayed {kinds}, which a report cannot show{why}; "
            "return a figure, a block of aftershock.output.blocks, an image, HTML without scripts, Markdown or text"
        )
        self.cell_number = cell_number
        self.mimetypes = mimetypes


def html_of(data: Mapping[str, Any], cell_number: int, figures: figure_payload.FigurePayload) -> Markup | None:
    """The best representation in a mime bundle; None when it is made of numbers for the JSON file only."""
    if figure_payload.MIMETYPE in data:
        return figures.add(data[figure_payload.MIMETYPE])
    if "text/html" in data:
        return _checked_html(_text(data["text/html"]), cell_number)
    if "text/markdown" in data:
        return markdown_cells.markdown(_text(data["text/markdown"]))
    for kind in ("image/png", "image/jpeg", SVG):
        if kind in data:
            return _image(kind, data)
    if blocks.NUMBERS_MIMETYPE in data:
        return None
    if WIDGET in data:
        return Markup('<p class="as-empty">Interactive control: open the notebook to use it.</p>')
    if "text/plain" in data:
        return plain_text(_text(data["text/plain"]))
    raise UnshownOutput(cell_number, sorted(data))


def plain_text(text: str) -> Markup:
    return Markup('<pre class="as-text" tabindex="0">{}</pre>').format(safe_html.clean(without_colours(text)))


def _text(value: object) -> str:
    return "".join(value) if isinstance(value, list) else str(value)


def _image(kind: str, data: Mapping[str, Any]) -> Markup:
    """An image as a data URI; an SVG inside an ``img`` can neither run scripts nor fetch anything."""
    content = _text(data[kind])
    encoded = base64.b64encode(content.encode()).decode() if kind == SVG else "".join(content.split())
    described = _text(data.get("text/plain", ""))
    alt = "Image without a description" if not described or described.startswith("<") else safe_html.clean(described)
    return Markup('<img class="as-image" src="data:{};base64,{}" alt="{}">').format(kind, encoded, alt)


class _ActiveTags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _ACTIVE:
            self.found.append(tag)


def _checked_html(html: str, cell_number: int) -> Markup:
    parser = _ActiveTags()
    parser.feed(html)
    parser.close()
    if parser.found:
        raise UnshownOutput(cell_number, ["text/html"], why=f" because it holds a <{parser.found[0]}> element")
    return Markup(html)
