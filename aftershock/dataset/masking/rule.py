"""What a rule is: a pattern for something that a text must not give away, and which of several that overlap counts.

Each rule also has a ``screen``, a pattern without looking ahead or back, by which whole columns are searched first: most
texts hold nothing. The rules themselves (:mod:`aftershock.dataset.masking.secrets`) are read only where something is masked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

_COUNT = re.compile(r"\{(\d+)(?:,\d*)?\}\??")
_AROUND = re.compile(r"\(\?<?[!=](?:[^()\\\[]|\\.|\[(?:[^\]\\]|\\.)*\])*\)")


@dataclass(frozen=True)
class MaskingRule:
    """``kind``: what is found (a key of :data:`aftershock.dataset.masking.KINDS`). Group ``it`` of the pattern is what is
    replaced, the whole match where there is none; ``check`` may refuse a match."""

    kind: str
    pattern: re.Pattern[str]
    check: Callable[[str], bool] = lambda _: True
    screen: str = field(default="")

    @property
    def screened(self) -> str:
        """The pattern by which columns are searched, in the syntax of RE2."""
        return self.screen or screen_of(self.pattern)

    def found(self, text: str) -> Iterable[tuple[int, int]]:
        group = "it" if "it" in self.pattern.groupindex else 0
        for match in self.pattern.finditer(text):
            if match.end(group) > match.start(group) and self.check(match[group]):
                yield match.span(group)


def _at_least(count: re.Match[str]) -> str:
    least = min(int(count[1]), 12)
    return f"{{{least},}}" if least > 1 else "*+"[least]


def screen_of(pattern: re.Pattern[str]) -> str:
    """A pattern without its lookarounds and names, and with simpler repetitions, so that it finds at least as much."""
    bare = _COUNT.sub(_at_least, _AROUND.sub("", pattern.pattern)).replace("(?P<it>", "(?:")
    return f"(?i:{bare})" if pattern.flags & re.IGNORECASE else f"(?:{bare})"


def spans(text: str, rules: Sequence[MaskingRule]) -> list[tuple[int, int, str]]:
    """(start, end, kind) of everything found, in order and apart: of two that overlap the earlier rule's counts."""
    taken: list[tuple[int, int, str]] = []
    for rule in rules:
        for start, end in rule.found(text):
            if all(end <= s or e <= start for s, e, _ in taken):
                taken.append((start, end, rule.kind))
    return sorted(taken)
