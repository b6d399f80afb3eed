"""What to expect of the answers here, in one line that stands at the foot of every report."""

from __future__ import annotations

from aftershock.model.attribution import Attribution
from aftershock.model.validation.expected_accuracy import GIVEN, Promise
from aftershock.output.phrases import percent, percent_range, plural


def expectation(found: Attribution, promised: Promise | None) -> str:
    """How often a suspect given 80 % is right on logs like these, and how many incidents chance alone would link; why not,
    where that cannot be told."""
    if promised is None:
        return (
            "What a suspect given 80 % is worth on logs of this size takes minutes to work out; aftershock report check "
            "does, and the reports made after it say so here."
        )
    if not promised.drawn:
        return f"What a suspect given {percent(GIVEN)} is worth cannot be told: {_why_not(found)}."
    return f"{_right(promised)}; {_chance(found, promised)}."


def _why_not(found: Attribution) -> str:
    if not found.dataset.overlapping:
        return "the two logs share no time"
    if not found.seen.used.any():
        return "no incident lies in the period that both logs cover"
    return "no change lies in the period that both logs cover"


def _right(promised: Promise) -> str:
    if promised.right is None:
        return f"On logs like these hardly any suspect is given {percent(GIVEN)} or more"
    share = percent_range(promised.right.low, promised.right.high)
    return f"On logs like these, and if the model holds, a suspect given {percent(GIVEN)} is right {share} of the time"


def _chance(found: Attribution, promised: Promise) -> str:
    """How many incidents chance alone would link, beside how many are."""
    count = plural(promised.incidents, "incident")
    if promised.linked_by_chance is None:
        days = found.seen.hours / 24
        return f"how many of your {count} chance alone would link to a change cannot be told from {days:.0f} days"
    mean, least, most = promised.linked_by_chance
    many = "none" if most == 0 else "fewer than 1" if round(mean) == 0 else f"{mean:.0f}"
    spread = f", {least} to {most} in {len(promised.chance)} trials" if least != most else ""
    return f"{many} of your {count} would be linked to a change by chance ({promised.linked} are{spread})"
