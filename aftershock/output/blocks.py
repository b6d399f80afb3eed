"""What a notebook cell returns besides figures: prose, lists, tables, cards. Every text is escaped.

A block shows itself as HTML (in JupyterLab and in the rendered report, class names ``as-*``) and as plain text (in a
terminal and in tests). Whatever comes from a log is untrusted: any ``str`` is escaped, only what :func:`strong`,
:func:`code`, :func:`link`, :func:`keyed`, :func:`two_lines` and :func:`join` built passes through.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol
from urllib.parse import urlsplit

import pandas as pd
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markupsafe import Markup, escape

from aftershock.output.phrases import MISSING, duration, is_number, percent

NUMBERS_MIMETYPE = "application/vnd.aftershock.numbers+json"
KINDS = ("prose", "answer", "notice", "warning")
LABELS = {"notice": "Note", "warning": "Warning"}

# Control characters do nothing useful in a page; the bidirectional overrides let a title from a log reverse the text
# that stands around it. Lone surrogates cannot be written as UTF-8.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
# Some scripts need three marks on a letter; dozens draw over the lines above and below.
_MARKS = "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_PILED = re.compile(f"({_MARKS}{{4}}){_MARKS}+")
_UNIT = re.compile(r"(?<=\d) (?=%|(?:min|h|d|s)\b)|(?<=[<>]) (?=\d)")
_RANGE = re.compile(r"(?<=\d)–(?=\d)")
_SAFE_SCHEMES = ("http", "https", "mailto")


class Block(Protocol):
    """Anything that :class:`Stack` can hold."""

    @property
    def text(self) -> str: ...

    def _repr_html_(self) -> str: ...


def clean(text: str) -> str:
    """``text`` without control characters, bidirectional overrides, lone surrogates and piles of combining marks (not
    escaped)."""
    return _PILED.sub(r"\1", _UNSEEN.sub("", text))


class Rich:
    """Text with markup, built by :func:`strong`, :func:`code`, :func:`link` and :func:`join`.

    It is no ``str``: pandas would turn it into one inside a frame, and its markup would be escaped like any text.
    ``key`` is what a table sorts it by, where that is not the text (see :func:`keyed`).
    """

    __slots__ = ("_html", "key")

    def __init__(self, html: Markup, key: str = ""):
        self._html = html
        self.key = key

    def __html__(self) -> str:
        return str(self._html)

    def __str__(self) -> str:
        return self._html.striptags()

    def __repr__(self) -> str:
        return str(self)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Rich) and self._html == other._html

    def __hash__(self) -> int:
        return hash(self._html)


def markup(value: object) -> Markup:
    """``value`` as HTML: markup as it is, everything else cleaned and escaped; a number, its unit and the two ends of a
    range stay on one line."""
    if hasattr(value, "__html__"):
        return escape(value)
    return escape(_RANGE.sub("–\u2060", _UNIT.sub("\u00a0", clean(str(value)))))


def plain(value: object) -> str:
    """``value`` as plain text: tags of markup removed, entities resolved."""
    if not hasattr(value, "__html__"):
        return clean(str(value))
    return markup(value).striptags().replace("\u00a0", " ").replace("\u2060", "")


def strong(text: object) -> Rich:
    return Rich(Markup("<strong>{}</strong>").format(markup(text)))


def code(text: object) -> Rich:
    return Rich(Markup("<code>{}</code>").format(markup(text)))


def link(text: object, href: str) -> Rich:
    """A link when ``href`` is http, https, mailto or relative; else only the text (a log may say ``javascript:``)."""
    if not is_safe_link(href):
        return Rich(markup(text))
    return Rich(Markup('<a href="{}" rel="noopener noreferrer">{}</a>').format(href, markup(text)))


def keyed(text: object, key: object) -> Rich:
    """Text that a table sorts by something else: a moment in words by its time, a length of time by its minutes."""
    return Rich(markup(text), sort_key(key))


def two_lines(first: object, second: object) -> Rich:
    """What a cell says, and under it, smaller, what somebody may want to look up: a title and its id."""
    if not plain(second).strip():
        return Rich(markup(first))
    lines = Markup('<span class="as-two-lines"><span>{}</span> <small>{}</small></span>')
    return Rich(lines.format(markup(first), markup(second)))


def titled(title: object, identifier: object) -> Rich:
    """What people call an incident or a change, its id under it; the id alone where it has no title."""
    return two_lines(title, identifier) if plain(title).strip() else Rich(markup(identifier))


def sort_key(value: object) -> str:
    """What a table sorts a value by: times in ISO 8601, lengths in minutes, numbers as they are; else nothing."""
    if isinstance(value, Rich):
        return value.key
    if isinstance(value, str | list | tuple | set | frozenset) or value is None or pd.isna(value):
        return ""
    if isinstance(value, pd.Timestamp):
        return value.tz_convert("UTC").isoformat() if value.tzinfo else value.isoformat()
    if isinstance(value, pd.Timedelta):
        return f"{value / pd.Timedelta(minutes=1):.6g}"
    return f"{float(value):.6g}" if is_number(value) else ""


def join(separator: object, parts: Iterable[object]) -> Rich:
    """The parts with the separator between them, each escaped unless it is markup already."""
    return Rich(markup(separator).join(markup(part) for part in parts))


def is_safe_link(href: object) -> bool:
    """Whether ``href`` is http, https, mailto or a path relative to the page.

    Control characters, blanks and backslashes are refused (browsers drop or turn them before they look at the scheme),
    and so is ``//host``, which inherits its scheme from the page.
    """
    if not isinstance(href, str) or not href or re.search(r"[\x00-\x20\x7f-\x9f\\]", href):
        return False
    try:
        parts = urlsplit(href)
    except ValueError:
        return False
    if parts.scheme:
        return parts.scheme in _SAFE_SCHEMES and bool(parts.netloc or parts.scheme == "mailto")
    return not parts.netloc and not href.startswith("//") and ":" not in href.split("/")[0].split("?")[0].split("#")[0]


class Prose:
    """Paragraphs. ``kind``: "prose"; "answer" (large, opens a report); "notice" and "warning" (tinted and labelled)."""

    def __init__(self, *paragraphs: object, kind: str = "prose"):
        if kind not in KINDS:
            raise ValueError(f"kind is one of {', '.join(KINDS)}, not {kind!r}")
        self.kind = kind
        self.paragraphs = [markup(paragraph) for paragraph in paragraphs]

    @property
    def text(self) -> str:
        label = f"{LABELS[self.kind]}: " if self.kind in LABELS else ""
        return label + "\n\n".join(plain(paragraph) for paragraph in self.paragraphs)

    def _repr_html_(self) -> str:
        paragraphs = Markup("").join(Markup("<p>{}</p>").format(p) for p in self.paragraphs)
        if self.kind not in LABELS:
            return str(Markup('<div class="as-{}">{}</div>').format(self.kind, paragraphs))
        label = Markup('<p class="as-label"><strong>{}</strong></p>').format(LABELS[self.kind])
        return str(Markup('<div class="as-{0}" role="note">{1}{2}</div>').format(self.kind, label, paragraphs))

    def __repr__(self) -> str:
        return self.text


class NotebookStyle:
    """How blocks look in JupyterLab, whose own rules would set their tables right and their cards in columns. A rendered
    report has its own style sheet and none of the classes that these rules start from."""

    RULES = (
        "{0} .as-table table{{margin:0}}{0} .as-table "
        ":is(th,td){{text-align:left;vertical-align:top}}{0} .as-table .as-right{{text-align:right}}"
        "{0} .as-table caption{{text-align:left;font-weight:600;color:inherit}}{0} .as-answer{{font-size:1.25em;max-width:50rem}}"
        "{0} .as-prose{{max-width:50rem}}{0} "
        ":is(.as-notice,.as-warning){{border-left:4px solid #c2410c;padding:.3rem .9rem;max-width:48rem}}"
        "{0} "
        ".as-facts{{display:grid;grid-template-columns:repeat(auto-fit,minmax(11rem,1fr));gap:.8rem}}"
        "{0} .as-facts dt{{font-weight:normal;float:none;width:auto}}"
        "{0} .as-facts dd{{margin:0}}{0} .as-fact-value{{font-weight:600;font-size:1.15em}}"
        "{0} .as-two-lines>*{{display:block}}"
    )

    @property
    def text(self) -> str:
        return ""

    def _repr_html_(self) -> str:
        return "<style>" + self.RULES.format(".jp-RenderedHTMLCommon") + "</style>"

    def __repr__(self) -> str:
        return self.text


class Bullets:
    """A list, one point per item; nothing at all when there are no items."""

    def __init__(self, items: Iterable[object]):
        self.items = [markup(item) for item in items]

    @property
    def text(self) -> str:
        return "\n".join(f"- {plain(item)}" for item in self.items)

    def _repr_html_(self) -> str:
        if not self.items:
            return ""
        items = Markup("").join(Markup("<li>{}</li>").format(item) for item in self.items)
        return str(Markup('<ul class="as-bullets">{}</ul>').format(items))

    def __repr__(self) -> str:
        return self.text


class Table:
    """A frame as a table, its columns named as they are and its index left out.

    ``align`` gives "left", "right" or "center" per column; numbers and durations stand right by themselves. A column in
    ``bars`` holds shares from 0 to 1 and shows a percentage with a bar of that length behind it. A missing value is
    shown as an en dash, a list as its items with commas. ``empty`` is the sentence shown when there are no rows.
    """

    def __init__(
        self,
        frame: pd.DataFrame,
        caption: object = "",
        *,
        align: Mapping[str, str] | None = None,
        empty: object = "There are no rows.",
        bars: Sequence[str] = (),
    ):
        unknown = [column for column in [*(align or {}), *bars] if column not in frame.columns]
        if unknown:
            raise ValueError(f"no column {unknown[0]!r} in the table; it has {', '.join(map(str, frame.columns))}")
        wrong = sorted(set((align or {}).values()) - {"left", "right", "center"})
        if wrong:
            raise ValueError(f"align is left, right or center, not {wrong[0]!r}")
        self.frame = frame
        self.caption = markup(caption)
        self.align = {column: _natural_alignment(frame[column]) for column in frame.columns} | dict(align or {})
        self.empty = markup(empty)
        self.bars = tuple(bars)

    @property
    def text(self) -> str:
        if self.frame.empty:
            return plain(self.empty)
        names = [plain(column) for column in self.frame.columns]
        rows = [[plain(self._cell(c, v)) for c, v in zip(self.frame.columns, row, strict=True)] for row in self._rows()]
        widths = [max(len(row[i]) for row in [names, *rows]) for i in range(len(names))]
        lines = [
            "  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in [names, *rows]
        ]
        return "\n".join(([plain(self.caption)] if self.caption else []) + lines)

    def _rows(self) -> Iterable[tuple[Any, ...]]:
        return self.frame.itertuples(index=False, name=None)

    def _cell(self, column: object, value: object) -> object:
        return percent(value) if column in self.bars else shown(value)

    def _repr_html_(self) -> str:
        if self.frame.empty:
            return str(Markup('<p class="as-empty">{}</p>').format(self.empty))
        heads = Markup("").join(
            Markup('<th scope="col"{}>{}</th>').format(
                Markup("") if column in self.bars else self._class(column), markup(column)
            )
            for column in self.frame.columns
        )
        rows = Markup("").join(
            Markup("<tr>{}</tr>").format(
                Markup("").join(self._data_cell(c, v) for c, v in zip(self.frame.columns, row, strict=True))
            )
            for row in self._rows()
        )
        return str(scrolling_table(self.caption, heads, rows))

    def _class(self, column: object) -> Markup:
        place = self.align[column]
        return Markup("") if place == "left" else Markup(' class="as-{}"').format(place)

    def _data_cell(self, column: object, value: object) -> Markup:
        content = markup(self._cell(column, value))
        key = sort_key(value)
        data = Markup(' data-key="{}"').format(key) if key and key != content else Markup("")
        if column in self.bars and is_number(value):
            share = min(max(float(value), 0.0), 1.0)
            bar = Markup('<td class="as-bar"{}><span style="--share:{:.3f}"><span>{}</span></span></td>')
            return bar.format(data, share, content)
        return Markup("<td{}{}>{}</td>").format(self._class(column), data, content)

    def __repr__(self) -> str:
        return self.text


def scrolling_table(caption: Markup, heads: Markup, rows: Markup, name: str = "") -> Markup:
    """A table in a container that scrolls sideways by itself and can be reached by keyboard, so the page need not."""
    name = name or plain(caption) or "Table"
    head = Markup("<caption>{}</caption>").format(caption) if caption else Markup("")
    return Markup(
        '<div class="as-table" role="region" tabindex="0" aria-label="{}"><table>{}'
        "<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>"
    ).format(name, head, heads, rows)


def _natural_alignment(column: pd.Series) -> str:
    numeric = pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)
    return "right" if numeric or pd.api.types.is_timedelta64_dtype(column) else "left"


def shown(value: object) -> object:
    """How a table shows a value: times in UTC to the minute, durations in words, floats to three digits."""
    if isinstance(value, str) or hasattr(value, "__html__"):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return join(", ", sorted(value, key=str) if isinstance(value, set | frozenset) else value) if value else MISSING
    if value is None or pd.isna(value):
        return MISSING
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d %H:%M}" + (" UTC" if str(value.tzinfo) == "UTC" else "")
    if isinstance(value, pd.Timedelta):
        return duration(value)
    if pd.api.types.is_bool(value):
        return "yes" if value else "no"
    if pd.api.types.is_integer(value):
        return f"{value:,}"
    if pd.api.types.is_float(value):
        return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return str(value)


class Facts:
    """A strip of cards: ``(label, value, note)`` each, the note may be empty."""

    def __init__(self, facts: Iterable[tuple[object, object, object]]):
        self.facts = [(markup(label), markup(shown(value)), markup(note)) for label, value, note in facts]

    @property
    def text(self) -> str:
        lines = [(plain(label), plain(value), plain(note)) for label, value, note in self.facts]
        return "\n".join(f"{label}: {value}" + (f" ({note})" if note else "") for label, value, note in lines)

    def _repr_html_(self) -> str:
        if not self.facts:
            return ""
        return str(Markup('<dl class="as-facts">{}</dl>').format(Markup("").join(map(_card, self.facts))))

    def __repr__(self) -> str:
        return self.text


def _card(fact: tuple[Markup, Markup, Markup]) -> Markup:
    label, value, note = fact
    below = Markup('<dd class="as-fact-note">{}</dd>').format(note) if note else Markup("")
    return Markup('<div><dt>{}</dt><dd class="as-fact-value">{}</dd>{}</div>').format(label, value, below)


class Heading:
    """A heading inside a section."""

    def __init__(self, title: object):
        self.title = markup(title)

    @property
    def text(self) -> str:
        return plain(self.title)

    def _repr_html_(self) -> str:
        return str(Markup("<h3>{}</h3>").format(self.title))

    def __repr__(self) -> str:
        return self.text


class Listing:
    """Lines to copy as they are, such as settings."""

    def __init__(self, lines: str):
        self.lines = clean(lines)

    @property
    def text(self) -> str:
        return self.lines

    def _repr_html_(self) -> str:
        return str(Markup('<pre class="as-text" tabindex="0">{}</pre>').format(self.lines))

    def __repr__(self) -> str:
        return self.text


class Folded:
    """A block behind a summary line: closed in a page whose scripts run, open where they do not and in a notebook."""

    def __init__(self, summary: object, block: Block):
        self.summary, self.block = markup(summary), block

    @property
    def text(self) -> str:
        return f"{plain(self.summary)}\n\n{self.block.text}"

    def _repr_html_(self) -> str:
        opening = Markup('<details class="as-data" open><summary>{}</summary>').format(self.summary)
        return f"{opening}{self.block._repr_html_()}</details>"

    def __repr__(self) -> str:
        return self.text


class Stack:
    """Several blocks, one under the other, as one cell's result."""

    def __init__(self, *blocks: Block):
        strays = [block for block in blocks if not hasattr(block, "_repr_html_") or not hasattr(block, "text")]
        if strays:
            raise TypeError(f"Stack holds blocks, not {type(strays[0]).__name__}; wrap text in Prose")
        self.blocks = blocks

    @property
    def text(self) -> str:
        return "\n\n".join(block.text for block in self.blocks if block.text)

    def _repr_html_(self) -> str:
        return "\n".join(filter(None, (block._repr_html_() for block in self.blocks)))

    def __repr__(self) -> str:
        return self.text


def markdown_reader() -> MarkdownIt:
    """Markdown without raw HTML, links checked by :func:`is_safe_link`, remote images shown as links.

    A remote image would be a request to somebody's server when the report is opened.
    """
    reader = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    reader.validateLink = lambda url: is_safe_link(url) or url.startswith("#") or _is_inline_image(url)
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


class Numbers:
    """Named numbers for the JSON file beside a report; the page itself does not show them.

    Values are what JSON knows, and Timestamps and Timedeltas (written as ISO 8601 and as seconds); a missing or
    infinite number becomes null.
    """

    def __init__(self, numbers: Mapping[str, object]):
        self.numbers = {str(name): _as_json(value) for name, value in numbers.items()}

    @property
    def text(self) -> str:
        return f"{len(self.numbers)} numbers for the file beside the report"

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, object]:
        return {NUMBERS_MIMETYPE: self.numbers, "text/plain": self.text}

    def __repr__(self) -> str:
        return self.text


def _as_json(value: Any) -> object:
    if isinstance(value, Mapping):
        return {str(name): _as_json(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_as_json(inner) for inner in value]
    if hasattr(value, "__html__"):
        return plain(value)
    if value is None or isinstance(value, str):
        return value
    if hasattr(value, "tolist"):  # a numpy scalar or array
        return _as_json(value.tolist()) if not isinstance(value.tolist(), type(value)) else str(value)
    if pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.isoformat()
    if isinstance(value, pd.Timedelta):
        return value.total_seconds()
    if isinstance(value, bool | int | float):
        return value if not isinstance(value, float) or math.isfinite(value) else None
    raise TypeError(f"a number for the JSON file is text, a number, a time or a list or dict of these, not {value!r}")
