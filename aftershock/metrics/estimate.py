"""A number with its interval, and the intervals themselves. All hold 90 % unless a level is given."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass

LEVEL = 0.90


@dataclass(frozen=True)
class Estimate:
    """A number that does not travel alone.

    ``value`` with its 90 % interval ``low`` to ``high`` (NaN: not known); ``chance`` is what chance alone would give
    (None where no change is blamed); ``n`` the rows behind it; ``definition`` says in a sentence what was computed and
    how.
    """

    value: float
    low: float
    high: float
    unit: str = ""
    chance: float | None = None
    n: int | None = None
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


def poisson_interval(count: float, level: float = LEVEL) -> tuple[float, float]:
    """Exact interval for the mean of a Poisson count (Garwood 1936, Biometrika 28:437)."""
    from scipy.special import gammaincinv

    tail = (1 - level) / 2
    low = float(gammaincinv(count, tail)) if count > 0 else 0.0
    return low, float(gammaincinv(count + 1, 1 - tail))


def binomial_interval(successes: int, trials: int, level: float = LEVEL) -> tuple[float, float]:
    """Exact interval for a share (Clopper & Pearson 1934, Biometrika 26:404); 0 to 1 without trials."""
    from scipy.special import betaincinv

    tail = (1 - level) / 2
    low = float(betaincinv(successes, trials - successes + 1, tail)) if successes > 0 else 0.0
    high = float(betaincinv(successes + 1, trials - successes, 1 - tail)) if successes < trials else 1.0
    return low, high


def gamma_interval(shape: float, rate: float, level: float = LEVEL) -> tuple[float, float]:
    """Central interval of a gamma distribution given by shape and rate."""
    from scipy.special import gammaincinv

    tail = (1 - level) / 2
    return float(gammaincinv(shape, tail)) / rate, float(gammaincinv(shape, 1 - tail)) / rate
