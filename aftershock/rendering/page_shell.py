"""What every page of Aftershock has in common: the template environment, the style sheet and the content policy."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

TEMPLATES = Path(__file__).parent / "templates"
FOLDER = TEMPLATES / "aftershock"
SCRIPTS = ("theme", "places", "figures", "tables")


class Link(NamedTuple):
    """A link above a page. ``rel``: prev or next, empty for others; ``said``: what a screen reader says instead."""

    text: str
    href: str
    rel: str = ""
    said: str = ""


@cache
def style() -> Markup:
    return Markup((FOLDER / "page.css").read_text(encoding="utf-8").strip())


@cache
def boot() -> Markup:
    """The one script of every page, put together from those in ``scripts/``; the theme first, before anything shows."""
    parts = [(FOLDER / "scripts" / f"{name}.js").read_text(encoding="utf-8").strip() for name in SCRIPTS]
    return Markup("\n".join(parts))


@cache
def digest(script: str) -> str:
    """The SHA-256 of a script, in hexadecimal digits."""
    return hashlib.sha256(script.encode()).hexdigest()


def policy(digests: Iterable[str]) -> str:
    """A Content-Security-Policy that lets only scripts with these SHA-256 (hexadecimal) run, and nothing be fetched.

    Styles may be inline: plotly.js sets them, and so do the bars of tables. A style cannot send anything either.
    """
    sources = " ".join(f"'sha256-{base64.b64encode(bytes.fromhex(digest)).decode()}'" for digest in digests)
    return (
        f"default-src 'none'; script-src {sources}; style-src 'unsafe-inline'; img-src data: blob:; "
        "font-src data:; base-uri 'none'; form-action 'none'"
    )


def css_string(text: str, width: int = 90) -> str:
    """``text``, shortened, as a quoted CSS string in which no character but letters and digits stands for itself."""
    kept = text if len(text) <= width else text[: width - 1].rstrip() + "…"
    return '"' + "".join(c if c.isascii() and c.isalnum() else f"\\{ord(c):x} " for c in kept) + '"'


def _running_head(title: str) -> Markup:
    """The title on top of every printed page but the first, which has it in large letters."""
    box = f"@top-left {{ content: {css_string(title)}; font: 8.5pt sans-serif; color: #5d5a54; }}"
    return Markup(f"@media print {{ @page {{ {box} }} @page :first {{ @top-left {{ content: none; }} }} }}")


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def shell(title: str, language: str = "en", scripts: Iterable[str] = (), *, body: str = "") -> dict[str, object]:
    """What the head of a page needs: title, language, policy, style and the boot script.

    ``scripts``: SHA-256, in hexadecimal digits, of what may run besides it; ``body``: the class of the page's body.
    """
    return {
        "title": title,
        "language": language,
        "policy": policy([digest(boot()), *scripts]),
        "style": style(),
        "running": _running_head(title),
        "boot": boot(),
        "body": body,
    }


def render(template: str, values: dict[str, object]) -> str:
    """A page that does not come from a notebook: the index, or the page of a failed report."""
    return _environment().get_template(template).render(values)
