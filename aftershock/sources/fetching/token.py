"""Tokens: read from the environment, sent in one header, and shown to nobody."""

from __future__ import annotations

import base64
import html
import json
import os
import re
import urllib.parse
from collections.abc import Iterator, Mapping, Sequence

from aftershock.schema.errors import UsageError

HIDDEN = "(the token)"
SHORTEST = 8
NESTED = 3  # escapes one inside another that are undone; a judgement
_ESCAPE = re.compile(r"\\\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([^ux]))".replace("\\\\\\\\", "\\\\"))


class Token:
    """A token that does not show itself: not in ``repr``, not in a traceback, not in what :meth:`hide` lets through."""

    __slots__ = ("_text",)

    def __init__(self, text: str):
        self._text = text

    def __repr__(self) -> str:
        return "Token()"

    def __reduce__(self) -> tuple:
        raise TypeError("a token is not written anywhere")

    def header(self, prefix: str) -> str:
        """The value of the header ``Authorization``: the one place where the token is spelt out."""
        return prefix + self._text

    def _forms(self) -> set[str]:
        encoded = base64.b64encode(self._text.encode()).decode().rstrip("=")
        quoted = urllib.parse.quote(self._text, safe="")
        return {self._text, quoted, urllib.parse.quote_plus(self._text), json.dumps(self._text)[1:-1], encoded}

    def _pieces(self) -> set[str]:
        """What gives the token away: any half of it, and all of it in base64 and hexadecimal digits."""
        size = max(SHORTEST, -(-len(self._text) // 2))
        pieces = {self._text[at : at + size] for at in range(len(self._text) - size + 1)}
        data = self._text.encode()
        for before in range(3):  # base64 is written in threes, so what precedes the token shifts it
            encoded = base64.b64encode(b"\0" * before + data).decode()
            sure = (before + len(data)) // 3 * 4  # what follows the token changes the signs after these
            whole = encoded[(0, 2, 3)[before] : sure]
            pieces |= {whole, whole.replace("+", "-").replace("/", "_")}
        return {piece.lower() for piece in (*pieces, data.hex())}

    def is_in(self, data: bytes) -> bool:
        """Whether the token, or half of it, is in these bytes: as it is, or as addresses, JSON, HTML, base64 and
        hexadecimal digits write it, in letters of either case, even one inside another."""
        pieces = self._pieces()
        return any(piece in view for view in _views(data) for piece in pieces)

    def hide(self, text: str) -> str:
        """``text`` with every form of the token replaced, or none of it where the token is in it in another form."""
        for form in sorted(self._forms(), key=len, reverse=True):
            text = text.replace(form, HIDDEN)
        return HIDDEN if self.is_in(text.encode("utf-8", "replace")) else text


def _views(data: bytes) -> Iterator[str]:
    """Bytes as text in small letters, and what it says once escapes are undone; without the NULs of UTF-16."""
    text = data.replace(b"\0", b"").decode("utf-8", "replace")
    for _ in range(NESTED):
        yield text.lower()
        text = html.unescape(urllib.parse.unquote(_ESCAPE.sub(_unescaped, text)))
    yield "".join(text.lower().split())  # base64 may be broken into lines


def _unescaped(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    return chr(int(code, 16)) if code else found[3]


def from_environment(names: Sequence[str], environment: Mapping[str, str] = os.environ) -> Token | None:
    """The first of these variables that is set, as a token; None when none is.

    A token with a blank, a line break or a letter beyond ASCII could not be sent, and the library that tries would quote
    it in its error; so it is refused here, by the variable's name.
    """
    for name in names:
        text = environment.get(name, "").strip()
        if not text:
            continue
        if len(text) < SHORTEST or not text.isascii() or not text.isprintable() or " " in text:
            raise UsageError(
                f"what {name} holds is not a token: expected one word of at least {SHORTEST} ASCII characters"
            )
        return Token(text)
    return None
