"""What looks drawn at random: anywhere where it is long and mixed, behind a vendor's prefix, and near a word for a secret.

A commit, a trace and an image have digests of the same form, so of hexadecimal digits and UUIDs the words before decide.
"""

from __future__ import annotations

import math
import re
from collections import Counter

from aftershock.dataset.masking.rule import MaskingRule
from aftershock.dataset.masking.secret_values import kind_of_name
from aftershock.dataset.masking.word_lists import IDENTIFIES

_SIGNS = "A-Za-z0-9_-"
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_RESOURCE = re.compile(
    r"(?:[a-z]{1,6}-[0-9a-f]{8,17}|(?:sha|git|rev|build|v|g|main|master)[-_]?[0-9a-f]{7,64}|v?\d+\..*)"
)
_LONG = re.compile(r"(?<![\w/+.=~-])(?<!sha256:)(?P<it>[A-Za-z0-9_-]{32,200}={0,2})(?![\w/+.])")
# Somewhere in a run of letters and digits a large letter and a digit follow each other, with small ones between.
_TURN = "(?:[A-Z][a-z]*[0-9]|[0-9][a-z]*[A-Z])"
_LONG_SCREEN = (
    f"{_TURN}[A-Za-z0-9]{{5}}|[A-Za-z0-9]{{5}}{_TURN}|[A-Z][a-z]{{6,}}[0-9]|[0-9][a-z]{{6,}}[A-Z]|[a-z0-9]{{32}}"
)
_PREFIXED = re.compile(
    r"(?<![\w/.-])(?!(?:[sS][hH][aA]|md5|img|git|main|rev|tag|app|prod|dev|test|file|uuid|id|js|css|trace|span|req|build|bundle|cache)_)"
    r"(?:[a-z]{2,5}|[A-Z]{2,8})_(?:[A-Za-z0-9]{20,24}_)?[0-9a-f]{32,64}(?![\w.-])|(?<![\w/.-])sdk-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
)
_NEAR = re.compile(r"(?<![\w/+.=~@-])(?P<it>[A-Za-z0-9][A-Za-z0-9_.~+/=-]{14,254})(?![\w/+~@-])")
# What ``_is_drawn`` asks for: digits and letters that change three times without a break, or the middle of a UUID.
_NEAR_SCREEN = (
    r"[A-Za-z][0-9]+[A-Za-z]+[0-9]|[0-9][A-Za-z]+[0-9]+[A-Za-z]|[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-"
)
_WORDS_BEFORE = 4


def is_random(value: str) -> bool:
    """Whether a long word looks drawn at random: letters of both cases and digits without a break, few repetitions
    (4.2 bits a sign). Names of branches, whose words stand between hyphens, and of classes, which are made of words, do
    not."""
    run = max(re.split(r"[-_=]", value), key=len)
    if len(run) >= 32 and run.islower() and re.search("[g-z]", run):
        return _turns(run) >= len(run) / 4
    if len(run) < 12 or len(re.findall(r"\d", run)) < 2 or not (re.search("[a-z]", run) and re.search("[A-Z]", run)):
        return False
    if sum(map(len, re.findall("[A-Z]?[a-z]{3,}", run))) > len(run) / 2:
        return False
    counts = Counter(value)
    return -sum(n / len(value) * math.log2(n / len(value)) for n in counts.values()) >= 4.2


def _turns(run: str) -> int:
    return len(re.findall(r"(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])", run))


def _is_drawn(value: str) -> bool:
    """Whether a word near one for a secret may be it: digits among its letters, and not as in a version or a name."""
    if _UUID.fullmatch(value):
        return True
    run = max(re.split(r"[-_.~/=]", value), key=len)
    return not _RESOURCE.fullmatch(value) and len(run) >= 12 and _turns(run) >= 3 and len(set(run)) > 6


def _near(match: re.Match[str], text: str) -> tuple[int, int] | None:
    """What looks drawn, where one of the words before it names a secret, and none between them something else."""
    value = match["it"].rstrip(".")
    if not _is_drawn(value):
        return None
    before = text[max(match.start() - 60, 0) : match.start()]
    words = re.findall(r"[A-Za-z0-9_'-]+", re.split(r"[\n;]|[.!?] ", before)[-1])
    is_hash = re.fullmatch(r"[0-9a-f]{40}|[0-9a-f]{64}", value) is not None
    for n, word in enumerate(reversed(words[-_WORDS_BEFORE:])):
        if not IDENTIFIES.isdisjoint(re.split(r"[_-]", word.lower())):
            return None
        named = f"{words[-n - 2]}_{word}" if word.lower() in ("key", "keys") and len(words) > n + 1 else word
        if kind_of_name(named) in ("password", "secret", "key", "session") or word in ("PAT", "JWT"):
            return (match.start("it"), match.start("it") + len(value))
        if is_hash or (n > 1 and _UUID.fullmatch(value)):
            return None
    return None


DRAWN = (
    MaskingRule("token", _LONG, is_random, screen=_LONG_SCREEN),
    MaskingRule("token", _PREFIXED, screen=r"_[0-9a-f]{32}|sdk-[0-9a-f]{8}-"),
    MaskingRule("token", _NEAR, place=_near, screen=_NEAR_SCREEN),
)
