"""People whom a text names in a form of its own: before their mail address, in the line that signs for them, after an @."""

from __future__ import annotations

import re
from collections.abc import Iterator

_WORD = r"[\w.'’-]{0,39}"
_CAPITAL = rf"[^\W\d_a-z]{_WORD}"
_BEFORE_ADDRESS = re.compile(rf"(?<!\w)(?P<name>{_CAPITAL}(?: {_CAPITAL}){{1,3}}) ?<[\w.+%'-]{{1,64}}@[\w.-]{{1,200}}>")
# The trailers of git and GitHub; "Caused-by:" and "Detected-by:" name no people.
_SIGNED = re.compile(
    r"^[ \t>*-]{0,8}(?:Signed-off|Co-authored|Co-developed|Authored|Reviewed|Acked|Approved|Tested|Reported|Requested|"
    rf"Suggested|Helped)-by: *@?(?P<name>[^\W\d_]{_WORD}(?: [^\W_]{_WORD}){{0,3}})",
    re.MULTILINE | re.IGNORECASE,
)
_MENTIONED = re.compile(r"(?<![\w/.@+-])@(?P<name>[A-Za-z0-9](?:[A-Za-z0-9._-]{0,37}[A-Za-z0-9])?)(?![\w/@-]|\.\w)")
_CALLING = re.compile(
    r"\b(?:by|cc|from|thanks(?: to)?|thank you|ask(?:ed)?|ping(?:ed)?|for|and)[:,]? $|^\s*$", re.IGNORECASE
)
SCREEN = r"@|(?i:-by: )"
"""What a text must match to name anybody so, in the syntax of RE2."""
TO_EVERYBODY = frozenset({"all", "channel", "everyone", "group", "here", "team"})


def mentioned(text: str, *, all_handles: bool) -> Iterator[str]:
    """Names, and logins with their @ left out, in the order of their forms. ``all_handles``: every word after an @, else only
    those that are spoken to or of (*by @ada*, *cc @ada*): ``@Override`` and ``@daily`` are no people."""
    for form in (_BEFORE_ADDRESS, _SIGNED):
        yield from (match["name"] for match in form.finditer(text))
    for match in _MENTIONED.finditer(text):
        is_called = all_handles or _CALLING.search(text[max(match.start() - 20, 0) : match.start()])
        if is_called and match["name"].lower() not in TO_EVERYBODY:
            yield match["name"]
