"""Atlassian Document Format, in which Jira keeps texts, as plain text.

https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/
"""

from __future__ import annotations

from collections.abc import Iterator

from aftershock.sources.json_paths import DEEPEST

_BLOCKS = frozenset(("blockquote", "codeBlock", "heading", "listItem", "mediaGroup", "panel", "paragraph", "tableRow"))


def plain(document: object) -> str:
    """The text of a document, a line per block; a string is its own text. Mentions of people are left out."""
    if isinstance(document, str):
        return document.strip()
    lines = "".join(_pieces(document, 0)).split("\n")
    return "\n".join(line.strip() for line in lines if line.strip())


def _pieces(node: object, depth: int) -> Iterator[str]:
    if not isinstance(node, dict) or depth > DEEPEST:
        return
    kind = str(node.get("type"))
    if kind == "text":
        yield str(node.get("text") or "")
    elif kind == "hardBreak":
        yield "\n"
    children = node.get("content")
    for child in children if isinstance(children, list) else ():
        yield from _pieces(child, depth + 1)
    if kind in _BLOCKS:
        yield "\n"
