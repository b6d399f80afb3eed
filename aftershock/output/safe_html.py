"""Text from a log made safe for a page: escaped, and cleaned of invisible characters.

Whatever comes from a log is untrusted: any ``str`` is escaped. Only what the functions here built (:class:`Rich`)
passes through :func:`markup` as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

import pandas as pd
from markupsafe import Markup, escape

from aftershock.output.phrases import is_number
from aftershock.output.unseen_characters import without_unseen

# Some scripts need three marks on a letter; dozens draw over the lines above and below.
_MARKS = "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_PILED = re.compile(f"({_MARKS}{{4}}){_MARKS}+")
_UNIT = re.compile(r"(?<=\d) (?=%|(?:min|h|d|s)\b)|(?<=[<>]) (?=\d)")
_RANGE = re.compile(r"(?<=\d)–(?=\d)")
_SAFE_SCHEMES = ("http", "https", "mailto")


def clean(text: str) -> str:
    """``text`` without control characters, bidirectional overrides, lone surrogates and piles of combining marks (not
    escaped)."""
    text = without_unseen(text)
    return text if text.isascii() else _PILED.sub(r"\1", text)


class Rich:
    """Text with markup, built by :func:`strong`, :func:`code`, :func:`link` and :func:`join`.

    It is not a ``str``: pandas would turn it into one inside a frame, and its markup would be escaped like any text.
    ``key`` is what a table sorts it by, where that is not the text (see :func:`sortable`).
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
    text = clean(str(value))
    if " " in text:
        text = _UNIT.sub("\u00a0", text)
    return escape(_RANGE.sub("–\u2060", text) if "–" in text else text)


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


def sortable(text: object, key: object) -> Rich:
    """Text that a table sorts by something else: a moment in words by its time, a length of time by its minutes."""
    return Rich(markup(text), sort_key(key))


def two_lines(first: object, second: object) -> Rich:
    """What a cell says, and under it, smaller, what somebody may want to look up: a title and its id."""
    if not plain(second).strip():
        return Rich(markup(first))
    lines = Markup('<span class="as-two-lines"><span>{}</span> <small>{}</small></span>')
    return Rich(lines.format(markup(first), markup(second)))


def title_with_id(title: object, identifier: object) -> Rich:
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
    lone surrogates, which no file can hold, and so is ``//host``, which inherits its scheme from the page.
    """
    if not isinstance(href, str) or not href or re.search("[\x00-\x20\x7f-\x9f\\\\\ud800-\udfff]", href):
        return False
    try:
        parts = urlsplit(href)
    except ValueError:
        return False
    if parts.scheme:
        return parts.scheme in _SAFE_SCHEMES and bool(parts.netloc or parts.scheme == "mailto")
    return not parts.netloc and not href.startswith("//") and ":" not in href.split("/")[0].split("?")[0].split("#")[0]
