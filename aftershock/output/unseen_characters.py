"""The one list of invisible characters that change how the text around them is shown."""

from __future__ import annotations

import re

_UNSEEN = re.compile(
    "["
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # control characters but tab and line ends; they do nothing useful in a text
    "\u2028\u2029"  # line and paragraph separators: line ends that only some programs obey
    "\u202a-\u202e\u2066-\u2069"  # bidirectional overrides let a title from a log reverse the text around it
    "\ufeff"  # byte order mark
    "\ud800-\udfff"  # lone surrogates, which cannot be written as UTF-8
    "]"
)


def without_unseen(text: str) -> str:
    """``text`` without control characters (tab and line ends stay), bidirectional overrides and lone surrogates."""
    return _UNSEEN.sub("", text)
