"""A mask: what is taken out of texts and what stands in its place, the same for the same thing throughout."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # imported where texts are searched: a mask that takes nothing out needs none of it
    from aftershock.dataset.masking.people import People
    from aftershock.dataset.masking.rule import MaskingRule

KINDS = {
    "person": ("person", "people"),
    "mail": ("mail address", "mail addresses"),
    "token": ("token", "tokens"),
    "key": ("private key", "private keys"),
    "password": ("password", "passwords"),
    "login": ("login in an address", "logins in addresses"),
    "home": ("home folder", "home folders"),
    "account": ("account of a domain", "accounts of a domain"),
    "phone": ("telephone number", "telephone numbers"),
    "card": ("card number", "card numbers"),
    "iban": ("bank account", "bank accounts"),
    "personal": ("personal number", "personal numbers"),
    "ip": ("IP address", "IP addresses"),
    "mac": ("MAC address", "MAC addresses"),
    "host": ("internal host", "internal hosts"),
}
"""What is masked, in words: one and several. The mask of the third IP address is ``[ip 3]``, that of a person a pseudonym."""

MASKED = re.compile(rf"\[(?:{'|'.join(KINDS)}) \d+\]")
# In Markdown, "[mail 1](x)" and "[mail 1]: x" would be a link and the definition of one.
_BEFORE_LINK = re.compile(rf"({MASKED.pattern})(?=[(\[:])")


@dataclass(frozen=True)
class _Place:
    """Where something is in a text as written, and what it looks like."""

    start: int
    end: int
    kind: str
    value: str
    person: str = ""


class Mask:
    """Takes out what ``rules`` find and whom ``people`` names. ``keep``: texts that are no secret, whatever they look
    like."""

    def __init__(self, rules: Sequence[MaskingRule] = (), people: People | None = None, keep: Iterable[str] = ()):
        self.rules, self.people = tuple(rules), people
        self._keep = frozenset(keep)
        self._numbers: dict[str, dict[str, int]] = {kind: {} for kind in KINDS}
        self._done: dict[str, str] = {}
        self._seen: dict[str, list[_Place]] = {}

    @cached_property
    def screens(self) -> list[list[str]]:
        """Patterns (RE2) of which a text must match one for anything to be masked in it: one of each rule, a dozen at a
        time, as most texts match none of a dozen, then those of names."""
        rules = [[r.screened for r in self.rules[i : i + 12]] for i in range(0, len(self.rules), 12)]
        return [*rules, *([names] for names in (self.people.screens if self.people else ()))]

    def text(self, text: str) -> str:
        """A text with a mask in every place that has to be hidden."""
        if text not in self._done:
            self._done[text] = self._masked(text)
        return self._done[text]

    def hides(self, text: str, matched: Sequence[int] | None = None) -> bool:
        """Whether anything in a text has to be hidden; gives it no number yet. ``matched``: which of the patterns of the
        screens its form matches, one after the other, where that is known."""
        return bool(self._places(text, matched))

    def markdown(self, text: str) -> str:
        """The same for Markdown, in which brackets mean something."""
        return _BEFORE_LINK.sub(r"\1 ", self.text(text))

    def person(self, name: str) -> str:
        """A cell that names a person: a pseudonym, or the role that it is."""
        return self.people.pseudonym(name) if self.people else name

    def whole(self, kind: str, value: str) -> str:
        """What stands in place of a cell that is hidden as a whole, by the name of its column."""
        if not self.rules:
            return value
        from aftershock.dataset.masking.seen import seen

        return self._number(_Place(0, len(value), kind, seen(value)))

    def found(self, text: str) -> list[tuple[str, str]]:
        """(kind, mask) of everything that is masked in a text, in its order."""
        return [(p.kind, p.person or self._number(p)) for p in self._places(text)]

    def replaced(self, text: str) -> list[tuple[int, int, str]]:
        """(start, end, mask) of everything that is hidden in a text, in its order."""
        return [(p.start, p.end, p.person or self._number(p)) for p in self._places(text)]

    def _masked(self, text: str) -> str:
        parts, end = [], 0
        for start, stop, mask in self.replaced(text):
            parts += [text[end:start], mask]
            end = stop
        return "".join([*parts, text[end:]]) if parts else text

    def _places(self, text: str, matched: Sequence[int] | None = None) -> list[_Place]:
        """What is to be hidden, found in what a text looks like, at its places in the text as written; a person's own
        address counts as the person."""
        if text not in self._seen:
            self._seen[text] = self._find(text, matched) if self.rules or self.people else []
        return self._seen[text]

    def _find(self, written: str, matched: Sequence[int] | None) -> list[_Place]:
        from aftershock.dataset.masking.rule import spans
        from aftershock.dataset.masking.seen import Seen

        text = Seen.of(written)
        form, rules, names = text.text, self.rules, self.people
        if matched is not None:
            rules = tuple(self.rules[n] for n in matched if n < len(self.rules))
            names = names if any(n >= len(self.rules) for n in matched) else None
        people = list(names.found(form)) if names else []
        masked = [m.span() for m in MASKED.finditer(form)] if "[" in form else []
        found = [
            (s, e, kind)
            for s, e, kind in spans(form, rules)
            if form[s:e] not in self._keep and not any(s < stop and start < e for start, stop in masked)
        ]
        whole = [p for p in people if not any(s < p[1] and p[0] < e and (s, e) != p[:2] for s, e, _ in found)]
        rest = [f for f in found if all(f[1] <= s or e <= f[0] for s, e, _ in whole)]
        places = [
            *(_Place(*text.written(s, e), "person", form[s:e], who) for s, e, who in whole),
            *(_Place(*text.written(s, e), kind, form[s:e]) for s, e, kind in rest),
        ]
        return sorted(places, key=lambda place: place.start)

    def _number(self, place: _Place) -> str:
        numbers = self._numbers[place.kind]
        key = place.value.strip("\"'`\\")
        key = re.sub(r"[ ./()-]", "", key) if place.kind in ("phone", "card", "iban") else key
        key = key.casefold() if place.kind in ("mail", "host", "ip", "mac", "iban", "account") else key
        return f"[{place.kind} {numbers.setdefault(key, len(numbers) + 1)}]"


AS_IT_IS = Mask()
"""Masks nothing."""
