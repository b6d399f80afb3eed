"""Tokens: read from the environment, sent in one header, and shown to nobody."""

from __future__ import annotations

import base64
import json
import os
import urllib.parse
from collections.abc import Mapping, Sequence

from aftershock.schema.errors import UsageError

HIDDEN = "(the token)"
SHORTEST = 8


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

    def is_in(self, data: bytes) -> bool:
        """Whether the token is in these bytes, as it is or as URLs, JSON and base64 write it."""
        return any(form.encode() in data for form in self._forms())

    def hide(self, text: str) -> str:
        """``text`` with every form of the token replaced."""
        for form in sorted(self._forms(), key=len, reverse=True):
            text = text.replace(form, HIDDEN)
        return text


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
