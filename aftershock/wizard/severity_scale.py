"""The order of a log's severities, worst first: by what their words mean, then by their numbers, else not at all."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from itertools import pairwise
from pathlib import Path

from aftershock.wizard.guess import NOT_KNOWN, Guess

MOST_GRADES = 15  # of severity: a judgement, more are not a ladder
CLOSE = 2  # places on the scale that are less far apart are not told apart for certain: a judgement
FEWEST_NUMBERED = 4  # grades with numbers that outdo the words of two of them: a judgement
MILD = 10.0  # on the scale: below it are no grades, so nothing depends on their order
MIDDLE = (36.0, 74.0)  # on the scale: below it a grade is one of the mildest, above it one of the worst
UNGRADED = 1.5  # above what is in order, as Nagios has it, and below every grade
_FILE = tomllib.loads(Path(__file__).with_name("severities.toml").read_text(encoding="utf-8"))


_SPELT_OUT = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "æ": "ae"})


def _all_words(text: str) -> list[str]:
    """The words of a text in small letters without accents, taken apart at capitals inside them."""
    text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text).lower().translate(_SPELT_OUT)
    text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return re.findall(r"[^\W\d_]+", unicodedata.normalize("NFC", text))


def _phrases(text: str) -> list[str]:
    return [" ".join(_all_words(phrase)) for phrase in text.split(",")]


SCALE = {phrase: float(place) for place, text in _FILE["scale"].items() for phrase in _phrases(text)}
SCALE |= dict.fromkeys(_phrases(_FILE["words"]["unknown"]), UNGRADED)
_UNGRADED = set(_phrases(_FILE["words"]["unknown"]))
_VERY, _IDLE = {w for t in _FILE["words"]["very"].split() for w in _all_words(t)}, set(_FILE["words"]["idle"].split())
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5}
_IN_CHINESE = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5}
_AMOUNT = re.compile(r"[%<>≤≥+]|\d\s?[-–]\s?\d")  # of users, of time: of these the largest may be the worst
# Before numbers of which the smallest is the worst in some schemes and the mildest in others.
_EITHER_WAY = {
    "",
    "level",
    "lvl",
    "l",
    "stufe",
    "stage",
    "tier",
    "t",
    "category",
    "cat",
    "grade",
    "phase",
    "niveau",
    "级",
    "級",
}
_LADDERS = [
    tuple([word.replace("_", " ") for word in part.split()] for part in text.split("|"))
    for text in _FILE["ladders"].values()
]
_LONGEST = max(len(phrase.split()) for phrase in SCALE)


def ordered(grades: list[str]) -> tuple[list[str], Guess]:
    """The grades worst first, and how sure that is; below 0.5 nothing tells their order."""
    words = {grade: _words(grade) for grade in grades}
    numbers = {grade: _number(grade) for grade in grades}
    meant = {grade: found for grade in grades if (found := _place(words[grade])) is not None}
    for needed, ladder in _LADDERS:
        said = {grade: " ".join(words[grade]) for grade in grades}
        if set(said.values()) <= set(ladder) and set(needed) <= set(said.values()):
            return _guess(sorted(grades, key=lambda g: ladder.index(said[g])), 0.9, "the default order of a known tool")
    graded = [g for g in grades if meant.get(g) != UNGRADED or " ".join(words[g]) not in _UNGRADED]
    if all(g in meant for g in grades) and (graded or len(grades) == 1):
        return _by_words(grades, meant, numbers)
    numbered = [g for g in graded if meant.get(g, MILD) >= MILD]
    if numbered and all(g not in meant and numbers[g] is not None for g in numbered):
        mild = sorted(set(grades) - set(numbered), key=lambda g: (-meant.get(g, UNGRADED), g))
        listed = sorted(numbered, key=lambda g: (numbers[g], g)) + mild
        prefixes = {re.sub(r"[\W\d_一二三四五]+", "", g.lower()) for g in numbered}
        if prefixes <= _EITHER_WAY or any(map(_AMOUNT.search, numbered)):
            return _guess(listed, 0.5, f"{NOT_KNOWN} whether the smallest number is the worst, as it mostly is")
        return _guess(listed, 0.85, "numbers: the smallest is the worst, as nearly everywhere")
    if (worst_last := _counted_up(graded, meant, numbers)) is not None:
        listed = sorted(graded, key=lambda g: numbers[g] or 0, reverse=worst_last)
        return _guess(
            [*listed, *sorted(set(grades) - set(graded))], 0.85, "numbers, in the order of those that have words"
        )
    known = sorted(meant, key=lambda g: -meant[g])
    return _guess([*known, *(g for g in sorted(grades) if g not in meant)], 0.3, f"{NOT_KNOWN}: put the worst first")


def _counted_up(graded: list[str], meant: dict[str, float], numbers: dict[str, int | None]) -> bool | None:
    """Whether the largest number is the worst, where every grade has one and some have words that say so; None where they do
    not."""
    counted = {n: meant.get(g) for g in graded if (n := numbers[g]) is not None}
    said = [place for n in sorted(counted) if (place := counted[n]) is not None]
    if len(counted) < len(graded) or not said:
        return None
    if len(said) > 1:
        rising = [a < b for a, b in pairwise(said)]
        return rising[0] if len(set(rising)) == 1 and len(set(said)) == len(said) else None
    ends = [counted[min(counted)] is not None, counted[max(counted)] is not None]
    if not any(ends) or MIDDLE[0] < said[0] < MIDDLE[1]:
        return None
    return ends[1] == (said[0] >= MIDDLE[1])


def is_grade(word: str) -> bool:
    """Whether a word by itself is a grade: ``major``, and not ``open``."""
    return " ".join(_all_words(word)) in SCALE


def is_ungraded(grade: str) -> bool:
    """Whether a grade says that nobody has graded it."""
    return " ".join(_all_words(grade)) in _UNGRADED


def _by_words(grades: list[str], meant: dict[str, float], numbers: dict[str, int | None]) -> tuple[list[str], Guess]:
    found = sorted(grades, key=lambda g: (-meant[g], numbers[g] or 0, g))
    close = [
        (a, b)
        for a, b in pairwise(found)
        if meant[a] - meant[b] < CLOSE and meant[a] > MILD and numbers[a] == numbers[b]
    ]
    if close:
        return _guess(found, 0.5, f"usual words; {NOT_KNOWN} whether {close[0][0]!r} is worse than {close[0][1]!r}")
    counted = [n for g in found if (n := numbers[g]) is not None]
    swapped = [(a, b) for a, b in pairwise(found) if (numbers[a] or 0) > (numbers[b] or 0)]
    if len(swapped) == 1 and len(set(counted)) == len(found) >= FEWEST_NUMBERED:
        by_numbers = sorted(found, key=lambda g: numbers[g] or 0)
        if abs(found.index(swapped[0][0]) - by_numbers.index(swapped[0][0])) == 1:
            return _guess(
                by_numbers, 0.7, f"their numbers; by its word {swapped[0][0]!r} would be worse than {swapped[0][1]!r}"
            )
    against = len(counted) > 1 and counted == sorted(counted, reverse=True)
    return _guess(found, 0.9, f"usual words{', against their numbers' if against else ''}")


def _guess(found: list[str], sure: float, why: str) -> tuple[list[str], Guess]:
    return found, Guess("severity", " > ".join(found), sure, why)


def _words(grade: str) -> list[str]:
    """The words of a grade; what only says that it is a grade is left out."""
    found = _all_words(grade)
    if " ".join(found) in SCALE or " ".join(found) in _UNGRADED:
        return found
    return [word for word in found if word not in _IDLE] or found


def _number(grade: str) -> int | None:
    if found := re.search(r"\d{1,4}", grade):
        return int(found[0])
    if (found := re.search("[一二三四五](?=[级級]$)", grade)) is not None:
        return _IN_CHINESE[found[0]]
    words = re.findall(r"[a-z]+", grade.lower())
    return _ROMAN.get(words[-1]) if words else None


def _place(words: list[str]) -> float | None:
    """Where a grade is on the scale: by the whole phrase, else by the first phrase in it that is known."""
    if not words:
        return None
    whole = SCALE.get(" ".join(words))
    if whole is not None:
        return whole
    if words[0] in _VERY and (inner := _place(words[1:])) is not None:
        return inner + (6 if inner > 50 else -6)
    if len(words) == 2 and all(30 <= SCALE.get(w, 0) <= 75 for w in words):  # medium high
        return (SCALE[words[0]] + SCALE[words[1]]) / 2
    for first in range(len(words)):
        for last in range(min(len(words), first + _LONGEST), first, -1):
            if (found := SCALE.get(" ".join(words[first:last]))) is not None:
                return found
    return None
