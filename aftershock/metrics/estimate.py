"""A number with its interval, the chance level and what it means."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Estimate:
    """A number that does not travel alone.

    ``value`` with its 90 % interval ``low`` to ``high`` (NaN: not known); ``chance`` is what chance alone would give
    (None where no change is blamed); ``n`` the rows behind it, or how many are expected; ``definition`` says in a
    sentence what was computed and how.
    """

    value: float
    low: float
    high: float
    unit: str = ""
    chance: float | None = None
    n: float | None = None
    definition: str = ""

    @property
    def known(self) -> bool:
        return not math.isnan(self.value)

    @property
    def above_chance(self) -> bool | None:
        """Whether the whole interval lies above the chance level; None where there is none."""
        return None if self.chance is None or not self.known else bool(self.low > self.chance)

    def as_row(self) -> dict[str, object]:
        return asdict(self)


def unknown(definition: str, unit: str = "") -> Estimate:
    """An estimate for which the logs hold nothing."""
    return Estimate(math.nan, math.nan, math.nan, unit=unit, n=0, definition=definition)
