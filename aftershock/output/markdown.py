"""People's own text, such as a write-up: Markdown without raw HTML."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml

from aftershock.output.safe_html import clean, is_safe_link, link

# No more than that: some chats show the backslash.
_MEANS_SOMETHING = re.compile(r"[\\`*_\[\]<>#|~@]|(?<=\])\(|^[+-]")


def escaped(text: str) -> str:
    """Text from a log as one line of Markdown that shows it as it is: no markup, no link, nobody mentioned."""
    return _MEANS_SOMETHING.sub(r"\\\g<0>", " ".join(clean(text).split()))


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


Hide = Callable[[str], list[tuple[int, int, str]]]
"""Gives (start, end, what stands there instead) of what a text must not show."""


class Markdown:
    """People's own text. Its headings are moved so that the largest is an h3, under the section that shows it.

    ``hide`` is asked about the text as readers see it: ``na**me**@host`` is one word to them.
    """

    _reader = markdown_reader()

    def __init__(self, text: str, hide: Hide | None = None):
        self.source = clean(text)
        self._hide = hide

    @property
    def text(self) -> str:
        return self.source.strip()

    def _repr_html_(self) -> str:
        tokens = self._reader.parse(self.source)
        if self._hide:
            _hide_seen(tokens, self._hide)
        headings = [token for token in tokens if token.type in ("heading_open", "heading_close")]
        top = min((int(token.tag[1]) for token in headings), default=3)
        for token in headings:
            token.tag = f"h{min(int(token.tag[1]) - top + 3, 6)}"
        return f'<div class="as-markdown">{self._reader.renderer.render(tokens, self._reader.options, {})}</div>'

    def __repr__(self) -> str:
        return self.text


def _hide_seen(tokens: Sequence[Any], hide: Hide) -> None:
    """Replaces what must not be shown in parsed Markdown, found in its texts one after the other as they are read."""
    leaves = list(_leaves(tokens))
    shown = "".join(text for _, text in leaves)
    cuts = hide(shown)
    at = 0
    for token, text in leaves:
        end = at + len(text)
        if token is not None:
            token.content = _cut(text, at, [cut for cut in cuts if cut[0] < end and at < cut[1]])
        at = end
    for token in _flat(tokens):
        for name, value in token.attrs.items():
            if not _is_inline_image(str(value)) and hide(str(value)):
                token.attrSet(name, "#" if name in ("href", "src") else "")
        if token.info and hide(token.info):
            token.info = ""


def _cut(text: str, at: int, cuts: list[tuple[int, int, str]]) -> str:
    """A text that begins at ``at`` with every cut made; what goes over its end is put where it begins."""
    made, begin = "", 0
    for start, end, instead in cuts:
        made += text[begin : max(start - at, 0)] + (instead if start >= at else "")
        begin = end - at
    return made + text[max(begin, 0) :]


def _leaves(tokens: Sequence[Any]) -> Iterator[tuple[Any, str]]:
    """(token, text) of all that is read, with what separates it: lines, and the bars between cells."""
    for token in tokens:
        if token.type in ("inline", "image"):
            yield from _leaves(token.children or [])
        elif token.type in ("text", "code_inline", "fence", "code_block"):
            yield token, token.content
        elif token.type in ("td_open", "th_open"):
            yield None, "| "
        elif token.type in ("td_close", "th_close"):
            yield None, " "
        elif token.type == "tr_close":
            yield None, "|\n"
        elif token.type.endswith("break") or (token.block and token.nesting < 0):
            yield None, "\n"


def _flat(tokens: Sequence[Any]) -> Iterator[Any]:
    for token in tokens:
        yield token
        yield from _flat(token.children or [])
