"""People's own text, such as a write-up: Markdown without raw HTML."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml

from aftershock.output.safe_html import clean, is_safe_link, link

_MEANS_SOMETHING = re.compile(r"([\\`*_{}\[\]<>()#+|~@!-])")


def escaped(text: str) -> str:
    """Text from a log as one line of Markdown that shows it as it is: no markup, no link, nobody mentioned."""
    return _MEANS_SOMETHING.sub(r"\\\1", " ".join(clean(text).split()))


class _CheckedLinks(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # the library's name
        return is_safe_link(url) or url.startswith("#") or _is_inline_image(url)


def markdown_reader() -> MarkdownIt:
    """Markdown without raw HTML, links checked by :func:`is_safe_link`, remote images shown as links.

    A remote image would be a request to somebody's server when the report is opened.
    """
    reader = _CheckedLinks("commonmark", {"html": False}).enable(["table", "strikethrough"])
    reader.add_render_rule("image", _render_image)
    reader.add_render_rule("link_open", _render_link)
    opening = '<div class="as-table" role="region" tabindex="0" aria-label="Table"><table>'
    reader.add_render_rule("table_open", lambda *_: opening)
    reader.add_render_rule("table_close", lambda *_: "</table></div>")
    return reader


def _is_inline_image(url: str) -> bool:
    return re.match(r"data:image/(png|jpeg|gif|webp);base64,", url) is not None


def _render_link(renderer: Any, tokens: Sequence[Any], index: int, options: Any, env: Any) -> str:
    href = str(tokens[index].attrGet("href") or "")
    if _is_inline_image(href):
        tokens[index].attrSet("href", "#")
    tokens[index].attrSet("rel", "noopener noreferrer")
    return renderer.renderToken(tokens, index, options, env)


def _render_image(renderer: Any, tokens: Sequence[Any], index: int, options: Any, env: Any) -> str:
    source = str(tokens[index].attrGet("src") or "")
    alt = renderer.renderInlineAsText(tokens[index].children or [], options, env)
    if _is_inline_image(source):
        return f'<img src="{escapeHtml(source)}" alt="{escapeHtml(alt)}">'
    return link(alt or source, source).__html__()


class Markdown:
    """People's own text. Its headings are moved so that the largest is an h3, under the section that shows it."""

    _reader = markdown_reader()

    def __init__(self, text: str):
        self.source = clean(text)

    @property
    def text(self) -> str:
        return self.source.strip()

    def _repr_html_(self) -> str:
        tokens = self._reader.parse(self.source)
        headings = [token for token in tokens if token.type in ("heading_open", "heading_close")]
        top = min((int(token.tag[1]) for token in headings), default=3)
        for token in headings:
            token.tag = f"h{min(int(token.tag[1]) - top + 3, 6)}"
        return f'<div class="as-markdown">{self._reader.renderer.render(tokens, self._reader.options, {})}</div>'

    def __repr__(self) -> str:
        return self.text
