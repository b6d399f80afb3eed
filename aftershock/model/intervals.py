"""Exact and conjugate intervals, and those of posterior draws. All hold 90 % unless a level is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

LEVEL = 0.90  # of every interval in a report
DRAWS_TAIL = 0.04  # of draws beyond either end: of 150 that follow one another, the 5 % quantiles hold 87 of 100


def poisson_interval(count: float, level: float = LEVEL) -> tuple[float, float]:
    """Exact interval for the mean of a Poisson count (Garwood 1936, Biometrika 28:437)."""
    from scipy.special import gammaincinv

    tail = (1 - level) / 2
    low = float(gammaincinv(count, tail)) if count > 0 else 0.0
    return low, float(gammaincinv(count + 1, 1 - tail))


def binomial_interval(successes: float, trials: float, level: float = LEVEL) -> tuple[float, float]:
    """Exact interval for a share (Clopper & Pearson 1934, Biometrika 26:404); 0 to 1 without trials. Counts need not be whole."""
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


def posterior_interval(draws: np.ndarray, axis: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """(low, high) of posterior draws along ``axis``, each of the shape of one draw. ``DRAWS_TAIL`` allows for the Monte Carlo
    error of the ends themselves."""
    import numpy as np

    low, high = np.quantile(draws, [DRAWS_TAIL, 1 - DRAWS_TAIL], axis=axis)
    return low, high
