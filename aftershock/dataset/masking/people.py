"""People become pseudonyms, roles stay: who is one, and where a name stands in a text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from aftershock.dataset.masking.name_forms import Alias, aliases, screens, written_forms
from aftershock.dataset.masking.seen import seen
from aftershock.dataset.masking.word_lists import ANNOTATIONS, JOINED_WORDS, ROLES, TEAMS
from aftershock.schema.words import PART, WORD

_PART = re.compile(rf"{PART}|[^\W\dA-Za-z_]+")
_NAME_PART = r"[\w.'’-]{0,39}"
_CAPITAL = rf"[^\W\d_a-z]{_NAME_PART}"
_BEFORE_ADDRESS = re.compile(
    rf"(?<!\w)(?P<name>{_CAPITAL}(?: {_CAPITAL}){{1,3}})[\"']? ?<[\w.+%'-]{{1,64}}@[\w.-]{{1,200}}>"
)
# The trailers of git and GitHub; "Caused-by:" and "Detected-by:" name no people.
_SIGNED = re.compile(
    r"^[ \t>*-]{0,8}(?:Signed-off|Co-authored|Co-developed|Authored|Reviewed|Acked|Approved|Tested|Reported|Requested|"
    rf"Suggested|Helped)-by: *@?(?P<name>[^\W\d_]{_NAME_PART}(?: [^\W_]{_NAME_PART}){{0,3}})",
    re.MULTILINE | re.IGNORECASE,
)
_MENTIONED = re.compile(
    r"(?<![\w/.@+-])(?<!\w[\"'])@(?P<name>(?=[\w.-]*[A-Za-z])[A-Za-z0-9](?:[A-Za-z0-9._-]{0,37}[A-Za-z0-9])?)(?![\w/@(-]|\.\w)"
)
_CALLING = re.compile(
    r"\b(?:by|cc|from|thanks(?: to)?|thank you|ask(?:ed)?|ping(?:ed)?|for|and)[:,]? $|^\s*$", re.IGNORECASE
)
MENTIONS = r"@|(?i:-by: )"
"""What a text must match to name anybody so, in the syntax of RE2."""
TO_EVERYBODY = frozenset({"all", "channel", "everyone", "group", "here", "team"})


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


_OURS = re.compile(r"person (\d+)", re.IGNORECASE)
_GAP = re.compile(r"(?: ?[,.'’-]? ?|[_./+]|, )")
_ACTS = (
    r"reviewed|rolled|reverted|deployed|merged|approved|fixed|restarted|wrote|said|says|asked|noticed|"
    r"found|saw|confirmed|reported|"
    r"joined|suggested|decided|acknowledged|acked|pushed|ran|told|escalated|declared|investigated|"
    r"pinged|called|verified|applied|"
    r"disabled|enabled|switched|identified|opened|closed|thinks|thought|was paged|got paged|was on call|signed|committed|"
    r"agreed|replied|answered|commented|is on call"
)
_ACTING = re.compile(rf"(?:['’]s?\b|,? (?:{_ACTS})\b)", re.IGNORECASE)
_AFTER_NAME = re.compile(r"(?:['’]s\b| and [A-Z]|, [A-Z]|\s*[(<]| [A-Z][a-z])")
_CALLED = re.compile(
    r"(?:(?<![\w.])@|\b(?:cc|thanks|thanks to|thank you|ask|asked|ping|pinged|paged|told|called|hi|"
    r"hello|dear|with|assigned to|owner|author|"
    r"(?:approved|authored|reviewed|deployed|reverted|merged|rolled back|fixed|done|requested|"
    r"reported|made|owned|signed off|written|"
    r"restarted|paged|created|submitted|started|executed|performed|changed|found|noticed|"
    r"applied)[ -](?:by|from))[: ]+@?)$|-by: @?$",
    re.IGNORECASE,
)
_BY_NAME = re.compile(r"\b(?:by|from)[: ]+@?$", re.IGNORECASE)
_BY_ALONE = re.compile(r"(?<!ed )(?<!red )\bby $", re.IGNORECASE)
_BRANCH = re.compile(
    r"/(?:fix|feat|hot|bug|patch|chore|revert|wip|test|dev|refactor|docs|release|deploy|login|add|remove|update|tmp|try)"
)
_OWNED = re.compile(r"(?:^|[\s/(])(?:users?|people|authors?|assignees?|owners?)[/:=]$", re.IGNORECASE)
_FULL_NAME = re.compile(r"[^\W\d_a-z][\w'’-]*(?:,? [\w'’.-]+){0,3},? [^\W\d_a-z][\w'’-]+")
_STARTS = re.compile(r"(?:^|[.!?:;•|]\s+|\n\s*|[-*>#] |[\"'(\[{]|\d[.)] )$")


class Handle(str):
    """A login after an @ in a text. Where no column has it, it counts only where the text shows that it is somebody."""


class People:
    """The people of a dataset, each with a pseudonym: ``person 1``, ``person 2`` … in the order in which they are met.

    They are found under their names and what is made of them, in any case and inside identifiers
    (:mod:`aftershock.dataset.masking.name_forms`). A name that is also a word counts where the sentence shows it.
    """

    def __init__(self, *, roles: Iterable[str] = (), services: Iterable[str] = ()):
        self._roles = frozenset(r.strip().casefold() for r in roles)
        services = frozenset(s.casefold() for s in services)
        self._services = services
        self._handles: set[str] = set()
        self._single: dict[str, str] = {}
        self._lengths: list[int] = []  # of these, the longest first
        self._roles |= services
        self._more = frozenset(w for s in services for word in WORD.findall(s) for w in _parts(word))
        self._known: dict[str, str] = {}
        self._aliases: dict[str, dict[tuple[str, ...], tuple[Alias, str]]] = {}
        self._dense: dict[str, str] = {}
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
        is_handle = isinstance(name, Handle)
        name = name.strip()
        words = frozenset(w for word in WORD.findall(seen(name)) for w in _parts(word))
        is_known = _key(name) in self._known and (is_handle or _key(name) not in self._handles)
        if not name or is_known or self.is_role(name) or (is_handle and words <= self._more | ROLES):
            return
        ordinary = self._more
        if is_handle and name.isalpha():
            self._handles.add(_key(name))
            ordinary |= {name.lower()}
        elif _FULL_NAME.fullmatch(name):  # of "Ada Nowak" and the service nowak-api
            ordinary = ordinary - {w.lower() for w in WORD.findall(seen(name))} | (ordinary & self._services)
        forms = written_forms(name)
        person = next((self._known[f] for f in map(_key, forms) if f in self._known), "")
        if not person:
            self._count += 1
            person = f"person {self._count}"
        self._known.setdefault(_key(name), person)  # no form holds it where it is made of signs alone
        for form in forms:
            self._known.setdefault(_key(form), person)
            for alias in aliases(form, ordinary):
                self._add(alias, person)

    def _add(self, alias: Alias, person: str) -> None:
        if alias.dense:
            self._dense.setdefault("".join(alias.words), person)
            return
        known = self._aliases.setdefault(alias.words[0], {})
        if alias.words not in known or (known[alias.words][0].ordinary and not alias.ordinary):
            known[alias.words] = (alias, known[alias.words][1] if alias.words in known else person)
        if len(alias.words) == 1 and len(alias.words[0]) > 3 and not alias.ordinary and not alias.exact:
            self._single.setdefault(alias.words[0], known[alias.words][1])
            if len(alias.words[0]) not in self._lengths:
                self._lengths = sorted([*self._lengths, len(alias.words[0])], reverse=True)

    def pseudonym(self, name: str) -> str:
        """What stands in place of a name in a column of people; a role stays."""
        if not name.strip() or self.is_role(name):
            return name
        self.meet(name)
        return self._known[_key(name.strip())]

    @property
    def screens(self) -> list[str]:
        """Patterns (RE2) of which a text must match one to name anybody."""
        return screens(
            [a for known in self._aliases.values() for a, _ in known.values()] + [Alias((w,)) for w in self._dense]
        )

    def found(self, text: str) -> Iterator[tuple[int, int, str]]:
        """(start, end, pseudonym) of every name in a text, which is in the form of :func:`seen`; of two that overlap the
        longer."""
        words = [(w.start(), w.end(), w[0].lower()) for w in WORD.finditer(text)]
        there = [span for at in range(len(words)) for span in self._at(text, words, at)]
        for name, person in self._dense.items():
            there += [(m.start(), m.end(), person) for m in re.finditer(re.escape(name), text, re.IGNORECASE)]
        end = 0
        for start, stop, person in sorted(there, key=lambda t: (t[0], -t[1])):
            if start >= end:
                end = stop
                yield start, stop, person

    def _at(self, text: str, words: list[tuple[int, int, str]], at: int) -> Iterator[tuple[int, int, str]]:
        start, end, word = words[at]
        known = self._aliases.get(word)
        if known:
            for alias, person in known.values():
                last = at + len(alias.words) - 1
                if last < len(words) and _is_alias(alias, text, words[at : last + 1]):
                    called = (
                        start and text[start - 1] == "@" and not alias.exact and not text[max(start - 2, 0)].isalnum()
                    )
                    yield start - bool(called), words[last][1], person
        elif len(word) > 3:
            yield from self._inside(text, start, end, word)

    def _inside(self, text: str, start: int, end: int, word: str) -> Iterator[tuple[int, int, str]]:
        """Names in a word of several: ``fixMillerLogin``, ``miller2``, ``Millers``."""
        if word.isascii() and word.isalpha() and (text[start + 1 : end].islower() or text[start:end].isupper()):
            if word.endswith("s") and (person := self._single.get(word[:-1])):
                yield start, end - 1, person
            else:
                yield from self._joined(start, word)
            return
        parts = [(m.start(), m.end()) for m in _PART.finditer(text, start, end)]
        if word.endswith("s") and len(parts) == 1:
            parts.append((start, end - 1))
        if not word.isascii():  # endings of cases
            parts += [(start, end - n) for n in (1, 2, 3) if end - n - start > 3]
        runs = [(parts[i][0], parts[j][1]) for i in range(len(parts)) for j in range(i, min(i + 3, len(parts)))]
        for s, e in runs:
            alias, person = self._aliases.get(text[s:e].lower(), {}).get((text[s:e].lower(),), (None, ""))
            if alias and e - s > 3 and not alias.ordinary:
                yield s, e, person

    def _joined(self, start: int, word: str) -> Iterator[tuple[int, int, str]]:
        """A name in small letters before or behind others: ``millerfix``, ``testmiller``, ``okonkwowi``."""
        for n in self._lengths:
            if n >= len(word):
                continue
            for name, rest, at in ((word[:n], word[n:], 0), (word[-n:], word[:-n], len(word) - n)):
                if name in self._single and (n >= 7 or rest in JOINED_WORDS):
                    yield start + at, start + at + n, self._single[name]
                    return


def _key(name: str) -> str:
    return seen(name).removeprefix("@").casefold()


def _is_alias(alias: Alias, text: str, words: list[tuple[int, int, str]]) -> bool:
    """Whether these words of a text are an alias, and mean the person."""
    if tuple(w for *_, w in words) != alias.words:
        return False
    start, end = words[0][0], words[-1][1]
    if alias.exact:
        return text[start:end].lower() == alias.exact
    gaps = [text[a[1] : b[0]] for a, b in pairwise(words)]
    if not all(_GAP.fullmatch(g) for g in gaps):
        return False
    if any(g in "._-" for g in gaps):
        return True
    return not alias.ordinary or _is_meant(text, start, end, len(words))


def _is_meant(text: str, start: int, end: int, count: int) -> bool:
    """Whether a word that is also a name is one here: by who speaks to or of it, by what it does, by its capital where
    nothing else asks for one."""
    before, after, word = text[max(start - 24, 0) : start], text[end : end + 24], text[start:end]
    if _CALLED.search(before) or (
        _ACTING.match(after)
        and not re.search(r"\b(?:the|a|an|this|that|each|every|per|no)(?: \w+)? $|['’]s $", before, re.IGNORECASE)
    ):
        return True
    if _OWNED.search(before) or (_BRANCH.match(after) and not re.search(r"[\w/.-]$", before)):
        return True
    if _BY_ALONE.search(before) and re.match(r"\s*(?:$|[.,;:)\n])", after):
        return True
    if count > 1:
        return all(w[0].isupper() for w in WORD.findall(word)) and not (
            word.isupper() and text.isupper() and len(text) > len(word)
        )
    if not word[0].isupper() or (word.isupper() and len(word) > 2):
        return False
    if _BY_NAME.search(before):
        return True
    if (
        _STARTS.search(text[max(start - 3, 0) : start])
        or _is_headline(text)
        or re.search(r"[A-Z][\w-]* $", before)
        or re.match(r" [A-Z]|[-_/]", after)
    ):
        return _AFTER_NAME.match(after) is not None and re.match(r"['’]s|\s*[(<]$", after) is not None
    return True


def _is_headline(text: str) -> bool:
    """Whether most longer words have a capital, as in a title."""
    words = re.findall(r"[^\W\d_]{4,}", text[:400])
    return len(words) > 2 and sum(w[0].isupper() for w in words) > len(words) / 2


def mentioned(text: str, *, all_handles: bool) -> Iterator[str]:
    """Names, and logins with their @ left out, in the order of their forms. ``all_handles``: every word after an @, else only
    those that are spoken to or of (*by @ada*, *cc @ada*): ``@Override`` and ``@daily`` are no people."""
    text = seen(text)
    for form in (_BEFORE_ADDRESS, _SIGNED):
        yield from (match["name"] for match in form.finditer(text))
    for match in _MENTIONED.finditer(text):
        is_called = all_handles or _CALLING.search(text[max(match.start() - 20, 0) : match.start()])
        if is_called and match["name"].lower() not in TO_EVERYBODY | ANNOTATIONS:
            yield Handle(match["name"])
