"""The forms under which texts name somebody whose name is known: parts, logins made of them, transliterations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise

from anyascii import anyascii

from aftershock.dataset.masking.seen import seen
from aftershock.dataset.masking.word_lists import NAME_PARTICLES, ROLES
from aftershock.schema.words import WORD

_ADDRESSED = re.compile(r"^\s*(?P<name>[^<>]*?)\s*[<(]\s*(?P<mail>[^<>()\s]+@[^<>()\s]+)\s*[>)]\s*$")
_GERMAN = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ø": "oe", "Ø": "Oe", "å": "aa", "Å": "Aa"}
)
_PLAIN = str.maketrans("άέήίόύώ", "αεηιουω")
_DENSE = re.compile("[\u0e00-\u0eff\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\U00020000-\U0003ffff]")
"""Scripts that put no space between words: a name is found inside what is written without a break."""

LONGEST_NAME = 6
"""Words; what is longer stands in a column of people, but no text names somebody so."""


@cache
def ordinary_words() -> frozenset[str]:
    """Names that are also words: "will", "page", "mark". They name somebody only where the sentence shows it."""
    text = resources.files(__package__).joinpath("ordinary_names.txt").read_text(encoding="utf-8")
    return frozenset(w for line in text.splitlines() if not line.startswith("#") for w in line.split()) | ROLES


@dataclass(frozen=True)
class Alias:
    """Words one after the other, in small letters, that name a person. ``ordinary``: they may also mean something else;
    ``exact``: only with these signs between them; ``dense``: found inside a run of letters."""

    words: tuple[str, ...]
    ordinary: bool = False
    exact: str = ""
    dense: bool = False


def written_forms(name: str) -> list[str]:
    """A name as written and, where it holds a mail address, that and the name before it."""
    name = re.sub(r"^[\w -]{2,24}: +(?=\S)", "", name.removeprefix("@"))
    addressed = _ADDRESSED.match(name)
    mail = addressed["mail"] if addressed else name if re.fullmatch(r"\S+@\S+\.\w+", name) else ""
    local = mail.partition("@")[0]
    login = re.fullmatch(r"[\w.-]{2,}\\([\w.-]{2,})", name)
    parts = [name, addressed["name"].strip("\"' ") if addressed else "", mail, local if len(local) > 2 else ""]
    turned = re.fullmatch(r"((?:[a-z]{1,4} ){0,3}[^\W\d_][\w'’-]*), ([^\W\d_][\w .'’-]*)", name)
    parts += [f"{turned[2]} {turned[1]}" if turned else "", login[1] if login else ""]
    return list(dict.fromkeys(p for p in parts if p))


def aliases(form: str, ordinary: frozenset[str]) -> Iterator[Alias]:
    """How texts may write one form of a name, the longest first. ``ordinary``: more words that mean something else."""
    for spelling in dict.fromkeys(_spellings(form)):
        words = tuple(w.lower() for w in WORD.findall(spelling))
        if not words or len(words) > LONGEST_NAME:
            continue
        if re.fullmatch("[\uac00-\ud7af]{3}", form):  # a family name of one syllable before the given one
            yield Alias((seen(form[1:]),), dense=True)
        if re.fullmatch("[\u4e00-\u9fff]{4}", form):  # a Japanese one, of two signs
            yield Alias((seen(form[:2]),), dense=True)
        if "@" in spelling:
            yield Alias(words, exact=spelling.lower())
            continue
        yield from _of_words(words, ordinary, has_signs=re.search(r"[\d._-]", spelling) is not None)


def _spellings(form: str) -> Iterator[str]:
    yield seen(form)
    yield seen(form.translate(_GERMAN))
    yield seen(form.replace("å", "aa"))
    if not form.isascii():
        yield seen(anyascii(form))
        yield seen(anyascii(form.lower().translate(_PLAIN).replace("ου", "ou")))
    if _DENSE.search(form):
        family, *given = re.findall("[A-Z][a-z]+", anyascii(form)) or [""]
        yield f"{family} {''.join(given).capitalize()}" if given else family
    for with_e, without in (("ue", "u"), ("oe", "o"), ("ae", "a")):
        if re.search(rf"[^\W\d_]{with_e}[^\W\d_]{{2}}", form):
            yield seen(form.replace(with_e, without))


def _of_words(words: tuple[str, ...], ordinary: frozenset[str], *, has_signs: bool) -> Iterator[Alias]:
    known = ordinary_words() | ordinary

    def is_ordinary(word: str) -> bool:
        return word in known or len(word) < 3 or (word.endswith("s") and word[:-1] in known)

    names = [w for w in words if w not in NAME_PARTICLES and not w.isdigit()]
    whole = all(map(is_ordinary, words))
    if len("".join(words)) > 1:
        yield Alias(words, ordinary=whole and not (has_signs and len(words) > 1), dense=_is_dense("".join(words)))
    if len(words) < 2 or not names:
        for part in names:
            if re.fullmatch("[bcdfghjklmnpqrstvwxz]{2}[a-z]{3,}", part) and not is_ordinary(part):  # "tkowalski"
                yield Alias((part[1:],), ordinary=True)
            if _is_dense(part) and len(part) == 3:
                yield Alias((part[1:],), dense=True)
        return
    first = names[0]
    for last in dict.fromkeys(names[1:]):
        if first == last:
            continue
        yield Alias((last, first), ordinary=is_ordinary(first) and is_ordinary(last))
        joined = [
            first + last,
            last + first,
            first[0] + last,
            last + first[0],
            first + last[0],
            first[0] + last[0] + last[1:],
        ]
        for login in dict.fromkeys(joined):
            if len(login) >= 4 and login not in known:
                yield Alias((login,), dense=_is_dense(login))
        yield Alias((first[0], last), ordinary=is_ordinary(last))
    if len(words) > 2:  # "vandermeulen", "zvandermeulen", "zvdmeulen"
        at = next((n for n, w in enumerate(words) if n and w in NAME_PARTICLES), 1)
        family, initials = (
            "".join(w for w in words[at:] if w not in ("jr", "sr", "ii", "iii")),
            "".join(w[0] for w in words[:-1]),
        )
        pairs = [a + b for a, b in pairwise(names)]
        given = ["".join(w[0] for w in names[:n]) + name for n, name in enumerate(names) if n > 1]
        joined = [family, first[0] + family, first + family, initials[:at] + family, initials + words[-1]]
        for login in (*joined, *pairs, *given):
            if len(login) >= 6:
                yield Alias((login,), dense=_is_dense(login))
    for part in names:
        if not part.isascii() and len(part) > 5 and part.endswith(("а", "я")):  # in other cases
            yield Alias((part[:-1],))
        if len(part) > 6 and re.search("(?:ая|яя|[иыо][ий])$", part):  # the same, where a family's name is an adjective
            yield Alias((part[:-2],))
        if len(part) > 7 and part.endswith(("ska", "cka", "ova", "eva")):  # in other cases
            yield from (Alias((part[:-1] + ending,)) for ending in ("iej", "ej", "u", "e", "y", "ou", "ie"))
        if len(part) > 1:
            yield Alias((part,), ordinary=is_ordinary(part) and not _is_dense(part), dense=_is_dense(part))


def _is_dense(word: str) -> bool:
    return _DENSE.search(word) is not None


def screens(found: Iterable[Alias]) -> list[str]:
    """Patterns (RE2) of which a text must match one to hold any of these."""
    words = {max(alias.words, key=len) for alias in found}
    # What holds a shorter one is found by that.
    short = {w for w in words if len(w) < 4}
    long = sorted(w for w in words if len(w) >= 4)
    forms = [re.escape(w) for w in long] + [rf"(?:^|[^a-z]){re.escape(w)}(?:[^a-z]|$)" for w in sorted(short)]
    return [f"(?i:{'|'.join(forms[i : i + 400])})" for i in range(0, len(forms), 400)]
