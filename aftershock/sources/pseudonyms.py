"""People are not causes: who did something becomes a pseudonym, and mail addresses in texts are left out."""

from __future__ import annotations

import hashlib
import re

_ADDRESS = r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+"
_TRAILER = re.compile(rf"^[A-Za-z][A-Za-z-]{{1,30}}: [^\n]{{0,200}}<{_ADDRESS}>[ \t]*\n?", re.MULTILINE)
_LINK = re.compile(rf"\[[^\]\n]{{0,200}}\]\(mailto:{_ADDRESS}\)")
_MENTION = re.compile(r"(?<![\w/.@])@[A-Za-z0-9](?:[\w-]{0,38})(?![\w-]*/)")
_NAMED = re.compile(rf"<?{_ADDRESS}>?")


def pseudonym(person: str) -> str:
    """Ten hexadecimal digits for a person, the same in every log; ``""`` for nobody. Upper and lower case do not count."""
    known = person.strip().lower()
    return hashlib.sha256(known.encode("utf-8", "replace")).hexdigest()[:10] if known else ""


def without_addresses(text: str) -> str:
    """A text without the lines that sign for somebody (``Reviewed-by: …``), links that name a person by a mail address,
    and other mail addresses."""
    if "@" not in text:
        return text
    return _NAMED.sub("…", _LINK.sub("somebody", _TRAILER.sub("", text))).strip()


def without_mentions(text: str) -> str:
    """A text without the logins that it mentions (``@somebody``); packages such as ``@scope/name`` stay."""
    return _MENTION.sub("@…", text)
