"""The one list of invisible characters that change how the text around them is shown."""

from __future__ import annotations

import re

# Joiners and variation selectors shape letters of these scripts and signs; anywhere else they only hide in a text.
_SHAPED = (
    "\u0590-\u109f\u1780-\u18af\ua840-\ua87f\ua8e0-\uabff\u2190-\u2bff\u3030-\u303d\u3297\u3299\U0001f000-\U0001faff"
)
UNSEEN = (
    "["
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # control characters but tab and line ends; they do nothing useful in a text
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0"  # soft hyphens, fillers and the like
    "\u200b\u200e\u200f\u2060-\u206f"  # zero width, direction, invisible operators
    "\u2028\u2029"  # line and paragraph separators: line ends that only some programs obey
    "\u202a-\u202e"  # bidirectional overrides let a title from a log reverse the text around it
    "\ufeff\ufff9-\ufffb"  # byte order mark, marks of annotations
    "\ud800-\udfff"  # lone surrogates, which cannot be written as UTF-8
    "\U000e0000-\U000e0fff\U0001d173-\U0001d17a"  # tags and selectors, formats of music
    "]"
    f"|(?<![{_SHAPED}\u200c\u200d\ufe0e\ufe0f0-9#*])[\u200c\u200d\ufe00-\ufe0f]"
    f"|(?<![{_SHAPED}])[\u200c\u200d\ufe00-\ufe0f](?=[\x20-\x7e])"
)
"""A pattern of one such character."""
_UNSEEN = re.compile(f"(?:{UNSEEN})+")


def without_unseen(text: str) -> str:
    """``text`` without control characters (tab and line ends stay), characters without width, bidirectional overrides and
    lone surrogates."""
    return text if text.isascii() and text.isprintable() else _UNSEEN.sub("", text)
