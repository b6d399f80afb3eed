"""What a notebook cell returns besides figures and tables: prose, lists, cards.

A block shows itself as HTML (in JupyterLab and in the rendered report, class names ``as-*``) and as plain text (in a
terminal and in tests). Every text in it is escaped (see :mod:`aftershock.output.safe_html`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from markupsafe import Markup

from aftershock.output.html_table import shown
from aftershock.output.json_values import json_value
from aftershock.output.safe_html import clean, markup, plain

PAGE = "AFTERSHOCK_PAGE"  # a variable set where a notebook is run for a page, which draws figures with its own script
NUMBERS_MIMETYPE = "application/vnd.aftershock.numbers+json"
KINDS = ("prose", "answer", "notice", "warning")
LABELS = {"notice": "Note", "warning": "Warning"}


class Block(Protocol):
    """Anything that :class:`Stack` can hold."""

    @property
    def text(self) -> str: ...

    def _repr_html_(self) -> str: ...


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

    OUTPUT = "jp-RenderedHTMLCommon"  # JupyterLab's class of what a cell prints as HTML
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
        return "<style>" + self.RULES.format(f".{self.OUTPUT}") + "</style>"

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


class FactCards:
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


class CodeBlock:
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


class Details:
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


class Numbers:
    """Named numbers for the JSON file next to a report; the page itself does not show them.

    Values are what :func:`~aftershock.output.json_values.json_value` knows.
    """

    def __init__(self, numbers: Mapping[str, object]):
        self.numbers = {str(name): json_value(value) for name, value in numbers.items()}

    @property
    def text(self) -> str:
        return f"{len(self.numbers)} numbers for the file next to the report"

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, object]:
        return {NUMBERS_MIMETYPE: self.numbers, "text/plain": self.text}

    def __repr__(self) -> str:
        return self.text
