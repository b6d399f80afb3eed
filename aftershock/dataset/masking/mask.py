"""A mask: what is taken out of texts and what stands in its place, the same for the same thing throughout."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property

from aftershock.dataset.masking.people import People
from aftershock.dataset.masking.rule import MaskingRule, spans

KINDS = {
    "person": ("person", "people"),
    "mail": ("mail address", "mail addresses"),
    "token": ("token", "tokens"),
    "key": ("private key", "private keys"),
    "password": ("password", "passwords"),
    "login": ("login in an address", "logins in addresses"),
    "home": ("home folder", "home folders"),
    "ip": ("IP address", "IP addresses"),
    "host": ("internal host", "internal hosts"),
}
"""What is masked, in words: one and several. The mask of the third IP address is ``[ip 3]``, that of a person a pseudonym."""

MASKED = re.compile(rf"\[(?:{'|'.join(KINDS)}) \d+\]")
# In Markdown, "[mail 1](x)" and "[mail 1]: x" would be a link and the definition of one.
_BEFORE_LINK = re.compile(rf"({MASKED.pattern})(?=[(\[:])")


class Mask:
    """Takes out what ``rules`` find and whom ``people`` names. ``keep``: texts that are no secret, whatever they look
    like."""

    def __init__(self, rules: Sequence[MaskingRule] = (), people: People | None = None, keep: Iterable[str] = ()):
        self.rules, self.people = tuple(rules), people
        self._keep = frozenset(keep)
        self._numbers: dict[str, dict[str, int]] = {kind: {} for kind in KINDS}
        self._done: dict[str, str] = {}
        self._seen: dict[str, list[tuple[int, int, str, str]]] = {}

    @cached_property
    def screens(self) -> list[str]:
        """Patterns (RE2) of which a text must match one for anything to be masked in it; a dozen rules in each, as one
        pattern of all of them grows too large to be fast."""
        words = [re.escape(w) for w in self.people.words] if self.people else []
        return [
            *("|".join(r.screened for r in self.rules[i : i + 12]) for i in range(0, len(self.rules), 12)),
            *(f"(?i:{'|'.join(words[i : i + 400])})" for i in range(0, len(words), 400)),
        ]

    def text(self, text: str) -> str:
        """A text with a mask in every place that has to be hidden."""
        if text not in self._done:
            self._done[text] = self._masked(text)
        return self._done[text]

    def hides(self, text: str) -> bool:
        """Whether anything in a text has to be hidden; gives it no number yet."""
        if text not in self._done and text not in self._seen:
            self._seen[text] = self._places(text)
        return self._done[text] != text if text in self._done else bool(self._seen[text])

    def markdown(self, text: str) -> str:
        """The same for Markdown, in which brackets mean something."""
        return _BEFORE_LINK.sub(r"\1 ", self.text(text))

    def person(self, name: str) -> str:
        """A cell that names a person: a pseudonym, or the role that it is."""
        return self.people.pseudonym(name) if self.people else name

    def found(self, text: str) -> list[tuple[str, str]]:
        """(kind, mask) of everything that is masked in a text, in its order."""
        return [(kind, who or self._number(kind, text[s:e])) for s, e, kind, who in self._places(text)]

    def _masked(self, text: str) -> str:
        parts, end = [], 0
        places = self._seen.pop(text, None)
        for start, stop, kind, who in self._places(text) if places is None else places:
            parts += [text[end:start], who or self._number(kind, text[start:stop])]
            end = stop
        return "".join([*parts, text[end:]]) if parts else text

    def _places(self, text: str) -> list[tuple[int, int, str, str]]:
        """(start, end, kind, pseudonym) of what is to be hidden; a person's own address counts as the person."""
        people = [(s, e, "person", who) for s, e, who in self.people.found(text)] if self.people else []
        found = [(s, e, k, "") for s, e, k in spans(text, self.rules) if text[s:e] not in self._keep]
        whole = [p for p in people if not any(s < p[1] and p[0] < e and (s, e) != p[:2] for s, e, _, _ in found)]
        return sorted([*whole, *(f for f in found if all(f[1] <= s or e <= f[0] for s, e, _, _ in whole))])

    def _number(self, kind: str, value: str) -> str:
        numbers = self._numbers[kind]
        key = value.casefold() if kind in ("mail", "host", "ip") else value
        return f"[{kind} {numbers.setdefault(key, len(numbers) + 1)}]"


AS_IT_IS = Mask()
"""Masks nothing."""
