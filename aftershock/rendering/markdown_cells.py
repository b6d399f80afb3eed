"""The Markdown cells of a notebook as HTML, and the table of contents that their headings make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from aftershock.output import file_names, safe_html
from aftershock.output.markdown import Markdown, markdown_reader


def _heading_open(renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    return f'<div class="as-heading">{renderer.renderToken(tokens, index, options, env)}'


def _heading_close(renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    """The heading's end, and a link to it that the page's script copies."""
    closing = renderer.renderToken(tokens, index, options, env).rstrip("\n")
    return f"{closing}{anchor(**tokens[index].meta)}</div>\n"


def anchor(identifier: str, name: str) -> Markup:
    """A small link to a place of the page, to be copied and sent."""
    return Markup('<a class="as-anchor" href="#{}" aria-label="Copy the link to {}">#</a>').format(identifier, name)


def _reader() -> MarkdownIt:
    reader = markdown_reader()
    reader.add_render_rule("heading_open", _heading_open)
    reader.add_render_rule("heading_close", _heading_close)
    return reader


_READER = _reader()
# Ids that the page itself uses; a heading must not take them.
_OWN_IDS = ("main", "contents")
_OWN_PREFIXES = ("figure-", "as-")


@dataclass(frozen=True)
class OutlineEntry:
    """An entry of the table of contents; ``level`` is 2 or 3."""

    level: int
    text: str
    id: str


@dataclass
class MarkdownCells:
    """Renders Markdown cells in order. The page's own title is its only h1, so headings are moved to fit under it."""

    headings: list[OutlineEntry] = field(default_factory=list)
    _ids: set[str] = field(default_factory=lambda: set(_OWN_IDS))
    _last_level: int = 1
    _saw_title: bool = False

    def html(self, source: str) -> Markup:
        """One cell. The notebook's first h1 is left out (the page shows its own title); raw HTML stays text."""
        tokens = self._without_title(_READER.parse(safe_html.clean(source)))
        for opening, inline, closing in zip(tokens, tokens[1:], tokens[2:], strict=False):
            if opening.type == "heading_open":
                self._place(opening, inline, closing)
        return Markup(_READER.renderer.render(tokens, _READER.options, {}))

    def _without_title(self, tokens: list[Token]) -> list[Token]:
        if self._saw_title or not tokens or tokens[0].type != "heading_open" or tokens[0].tag != "h1":
            return tokens
        self._saw_title = True
        return tokens[3:]

    def _place(self, opening: Token, inline: Token, closing: Token) -> None:
        """Gives a heading its id and a level that skips none: never more than one below the heading before it."""
        level = min(max(int(opening.tag[1]), 2), self._last_level + 1)
        self._last_level = level
        text = "".join(child.content for child in inline.children or [] if child.type in ("text", "code_inline"))
        opening.tag = closing.tag = f"h{level}"
        identifier = self._unique(file_names.slug(text) or "section")
        opening.attrSet("id", identifier)
        closing.meta = {"identifier": identifier, "name": text or "this section"}
        if level <= 3:
            self.headings.append(OutlineEntry(level, text, identifier))

    def _unique(self, wanted: str) -> str:
        base = f"section-{wanted}" if wanted.startswith(_OWN_PREFIXES) else wanted
        identifier, count = base, 1
        while identifier in self._ids:
            count += 1
            identifier = f"{base}-{count}"
        self._ids.add(identifier)
        return identifier


def markdown(source: str) -> Markup:
    """Markdown that a cell displayed; its headings are not part of the page's outline."""
    return Markup(Markdown(source)._repr_html_())
