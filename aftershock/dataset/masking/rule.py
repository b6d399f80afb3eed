"""What a rule is: a pattern for something that a text must not give away, and which of several that overlap counts.

Each rule also has a ``screen``, a pattern without looking ahead or back, by which whole columns are searched first: most
texts hold nothing. The rules themselves (:mod:`aftershock.dataset.masking.secrets`) are read only where something is masked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

_COUNT = re.compile(r"\{(\d+)(?:,\d*)?\}\??")
_SIGNS = r"[^()\\\[]|\\.|\[(?:[^\]\\]|\\.)*\]"
_GROUP = rf"\((?:{_SIGNS}|\((?:{_SIGNS})*\))*\)"
_AROUND = re.compile(rf"\(\?<?[!=](?:{_SIGNS}|{_GROUP})*\)")

Place = Callable[["re.Match[str]", str], "tuple[int, int] | None"]


def _anything(_: str) -> bool:  # by name, as all checks: a mask can be sent to another process
    return True


@dataclass(frozen=True)
class MaskingRule:
    """``kind``: what is found (a key of :data:`aftershock.dataset.masking.KINDS`). Group ``it`` of the pattern is what is
    replaced, the whole match where there is none; ``check`` may refuse it. ``place`` is given match and text, and may say
    otherwise what is to be replaced; None for nothing. ``needs``: signs without which there is no match. ``in_small``: the
    pattern is in small letters, as the text that it is searched in will be (five times as fast as ignoring case)."""

    kind: str
    pattern: re.Pattern[str]
    check: Callable[[str], bool] = _anything
    screen: str = field(default="")
    place: Place | None = None
    needs: str = ""
    in_small: bool = False

    @property
    def screened(self) -> str:
        """The pattern by which columns are searched, in the syntax of RE2."""
        return self.screen or screen_of(self.pattern)

    def found(self, text: str) -> Iterable[tuple[int, int]]:
        if self.needs not in text:
            return
        searched, at = text.lower() if self.in_small else text, 0
        while match := self.pattern.search(searched, at):
            span = self._place(match, text)
            if span:
                yield span
            # What was refused may hold something else: "the token: password=x".
            at = max(match.end() if span else match.start() + 1, match.start() + 1)

    def _place(self, match: re.Match[str], text: str) -> tuple[int, int] | None:
        if self.place:
            return self.place(match, text)
        group = "it" if "it" in self.pattern.groupindex else 0
        return match.span(group) if match[group] and self.check(match[group]) else None


_WHOLE = frozenset({"password", "token"})


def _at_least(count: re.Match[str]) -> str:
    least = min(int(count[1]), 12)
    return f"{{{least},}}" if least > 1 else "*+"[least]


def screen_of(pattern: re.Pattern[str]) -> str:
    """A pattern without its lookarounds and names, and with simpler repetitions, so that it finds at least as much."""
    bare = _COUNT.sub(_at_least, _AROUND.sub("", pattern.pattern)).replace("(?P<it>", "(?:")
    flags = "i" * bool(pattern.flags & re.IGNORECASE) + "m" * bool(pattern.flags & re.MULTILINE)
    return f"(?{flags}:{bare})"


def spans(text: str, rules: Sequence[MaskingRule]) -> list[tuple[int, int, str]]:
    """(start, end, kind) of everything found, in order and apart: of two that overlap the earlier rule's counts. A secret
    is hidden to its end, whatever else is found in it, so the two are one."""
    taken: list[tuple[int, int, str]] = []
    for rule in rules:
        for start, end in rule.found(text):
            over = [t for t in taken if t[0] < end and start < t[1]]
            if over and rule.kind not in _WHOLE:
                continue
            whole = min([start, *(s for s, _, _ in over)]), max([end, *(e for _, e, _ in over)])
            taken = [t for t in taken if t not in over]
            taken.append((*whole, over[0][2] if over else rule.kind))
    return sorted(taken)
