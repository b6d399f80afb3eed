"""People become pseudonyms, roles stay: who is one, and where a name stands in a text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from aftershock.dataset.masking.word_lists import ROLES, TEAMS
from aftershock.schema.words import PART, WORD

_PART = re.compile(rf"{PART}|[^\W\dA-Za-z_]+")
_ADDRESSED = re.compile(r"^\s*(?P<name>[^<>]*?)\s*<\s*(?P<mail>[^<>\s]+@[^<>\s]+)\s*>\s*$")
_NAME_PART = r"[\w.'’-]{0,39}"
_CAPITAL = rf"[^\W\d_a-z]{_NAME_PART}"
_BEFORE_ADDRESS = re.compile(rf"(?<!\w)(?P<name>{_CAPITAL}(?: {_CAPITAL}){{1,3}}) ?<[\w.+%'-]{{1,64}}@[\w.-]{{1,200}}>")
# The trailers of git and GitHub; "Caused-by:" and "Detected-by:" name no people.
_SIGNED = re.compile(
    r"^[ \t>*-]{0,8}(?:Signed-off|Co-authored|Co-developed|Authored|Reviewed|Acked|Approved|Tested|Reported|Requested|"
    rf"Suggested|Helped)-by: *@?(?P<name>[^\W\d_]{_NAME_PART}(?: [^\W_]{_NAME_PART}){{0,3}})",
    re.MULTILINE | re.IGNORECASE,
)
_MENTIONED = re.compile(r"(?<![\w/.@+-])@(?P<name>[A-Za-z0-9](?:[A-Za-z0-9._-]{0,37}[A-Za-z0-9])?)(?![\w/@-]|\.\w)")
_CALLING = re.compile(
    r"\b(?:by|cc|from|thanks(?: to)?|thank you|ask(?:ed)?|ping(?:ed)?|for|and)[:,]? $|^\s*$", re.IGNORECASE
)
MENTIONS = r"@|(?i:-by: )"
"""What a text must match to name anybody so, in the syntax of RE2."""
TO_EVERYBODY = frozenset({"all", "channel", "everyone", "group", "here", "team"})

LONGEST_NAME = 6
"""Words; what is longer stands in a column of people, but no text names somebody so."""


def is_role(name: str, more: frozenset[str] = frozenset()) -> bool:
    """Whether a name is that of a team, or made of words of roles, of which there is one, of numbers and of ``more`` (small
    words of services)."""
    words = [w for part in WORD.findall(name) for w in _parts(part)]
    said = [w for w in words if not w.isdigit()]
    if not said:
        return False
    is_team = len(said) > 1 and (said[0] in TEAMS or said[-1] in TEAMS) and "@" not in name
    return is_team or (all(w in ROLES or w in more for w in said) and not ROLES.isdisjoint(said))


def _parts(word: str) -> list[str]:
    """``TeamPlatform3`` → team, platform, 3."""
    return [w.lower() for w in _PART.findall(word)]


@dataclass(frozen=True)
class _Alias:
    """A form under which a person is named. ``strict``: only as written; ``called``: only after @ or "by"."""

    form: str
    person: str
    strict: bool = False
    called: bool = False

    @cached_property
    def key(self) -> re.Match[str]:
        """The longest word of the form: that by which texts are searched for it."""
        return max(WORD.finditer(self.form), key=lambda word: len(word[0]))


_OURS = re.compile(r"person (\d+)", re.IGNORECASE)
_CALLED = re.compile(r"(?:@|\b(?:by|from|cc|thanks|thanks to|ask|asked|with|and)[: ]+@?)$", re.IGNORECASE)


class People:
    """The people of a dataset, each with a pseudonym: ``person 1``, ``person 2`` … in the order in which they are met.

    ``all_words``: also names that might be ordinary words, and the first and last names of full ones (a public report);
    else only what is unmistakably a name, and none inside ``snake_case``. ``ordinary``: small words that the texts use,
    which are a name only as it is written.
    """

    def __init__(
        self,
        *,
        roles: Iterable[str] = (),
        services: Iterable[str] = (),
        all_words: bool = False,
        ordinary: frozenset[str] = frozenset(),
    ):
        self._roles = frozenset(r.strip().casefold() for r in roles)
        services = frozenset(s.casefold() for s in services)
        self._roles |= services
        self._more = frozenset(w for s in services for word in WORD.findall(s) for w in _parts(word))
        self._all_words, self._ordinary = all_words, ordinary
        self._known: dict[str, str] = {}
        self._aliases: dict[str, list[_Alias]] = {}
        self._count = 0

    def is_role(self, name: str) -> bool:
        """Whether a name may stay: a role, or a pseudonym such as ours."""
        name = name.strip()
        return name.casefold() in self._roles or _OURS.fullmatch(name) is not None or is_role(name, self._more)

    def meet_all(self, names: Iterable[str]) -> None:
        """Remember these people in their order; numbers that pseudonyms among them have already are not given again."""
        names = list(names)
        self._count = max([self._count, *(int(m[1]) for n in names if (m := _OURS.fullmatch(n.strip())))])
        for name in names:
            self.meet(name)

    def meet(self, name: str) -> None:
        """Remember a person; nobody and roles are passed over."""
        name = name.strip()
        if not name or self.is_role(name) or name.casefold() in self._known:
            return
        forms = _forms(name)
        person = next((self._known[f] for f in map(str.casefold, forms) if f in self._known), "")
        if not person:
            self._count += 1
            person = f"person {self._count}"
        for form in forms:
            self._known.setdefault(form.casefold(), person)
            if len(WORD.findall(form)) <= LONGEST_NAME:
                self._add(form, person)

    def pseudonym(self, name: str) -> str:
        """What stands in place of a name in a column of people; a role stays."""
        if not name.strip() or self.is_role(name):
            return name
        self.meet(name)
        return self._known[name.strip().casefold()]

    def _add(self, form: str, person: str) -> None:
        words = WORD.findall(form)
        if not words or len(form) < 2:
            return
        is_word = len(words) == 1 and form.isalpha()
        has_case = form != form.lower()
        called = is_word and not has_case and not self._all_words
        strict = is_word and (form.lower() in self._ordinary or not self._all_words)
        self._index(_Alias(form, person, strict=strict, called=called))
        if len(words) > 1 and self._all_words and "@" not in form:
            for part in re.findall(r"[^\W\d_]{3,}", form):
                if part.lower() not in ROLES | self._more:
                    self._index(_Alias(part, person, strict=part.lower() in self._ordinary))

    def _index(self, alias: _Alias) -> None:
        known = self._aliases.setdefault(alias.key[0].casefold(), [])
        if all(a.form.casefold() != alias.form.casefold() for a in known):
            known.append(alias)

    @property
    def words(self) -> list[str]:
        """A word of each name: a text without any of them names nobody."""
        return sorted(self._aliases)

    def found(self, text: str) -> Iterator[tuple[int, int, str]]:
        """(start, end, pseudonym) of every name in a text; of two that overlap the longer."""
        there = [
            (*span, alias.person)
            for word in WORD.finditer(text)
            for alias in self._aliases.get(word[0].casefold(), ())
            if (span := _place(alias, text, word.start(), joined="" if self._all_words else "_"))
        ]
        end = 0
        for start, stop, person in sorted(there, key=lambda t: (t[0], -t[1])):
            if start >= end:
                end = stop
                yield start, stop, person


def _place(alias: _Alias, text: str, at: int, joined: str) -> tuple[int, int] | None:
    """Where an alias stands whose key begins at ``at``; None when something else stands there. ``joined``: signs that,
    like letters, make a longer word of it."""
    start = at - alias.key.start()
    end = start + len(alias.form)
    there = text[max(start, 0) : end]
    if start < 0 or (there != alias.form if alias.strict else there.casefold() != alias.form.casefold()):
        return None
    before, after = text[max(start - 1, 0) : start], text[end : end + 1]
    if any(c.isalnum() or (c and c in joined) for c in (before, after)):
        return None
    if alias.called and not _CALLED.search(text[:start]):
        return None
    return (start - 1 if start and text[start - 1] == "@" and "@" not in alias.form else start), end


def _forms(name: str) -> list[str]:
    """A name as written and, where it holds a mail address, that and the name before it."""
    addressed = _ADDRESSED.match(name)
    mail = addressed["mail"] if addressed else name if re.fullmatch(r"\S+@\S+\.\w+", name) else ""
    local = mail.partition("@")[0]
    parts = [name, addressed["name"].strip("\"' ") if addressed else "", mail, local if len(local) > 2 else ""]
    turned = re.fullmatch(r"([^\W\d_]+), ([^\W\d_]+)", name)
    parts.append(f"{turned[2]} {turned[1]}" if turned else "")
    return list(dict.fromkeys(p for p in parts if p))


def mentioned(text: str, *, all_handles: bool) -> Iterator[str]:
    """Names, and logins with their @ left out, in the order of their forms. ``all_handles``: every word after an @, else only
    those that are spoken to or of (*by @ada*, *cc @ada*): ``@Override`` and ``@daily`` are no people."""
    for form in (_BEFORE_ADDRESS, _SIGNED):
        yield from (match["name"] for match in form.finditer(text))
    for match in _MENTIONED.finditer(text):
        is_called = all_handles or _CALLING.search(text[max(match.start() - 20, 0) : match.start()])
        if is_called and match["name"].lower() not in TO_EVERYBODY:
            yield match["name"]
