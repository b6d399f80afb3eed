"""Tests of counts: how improbable so few are, when counts vary as much as these do.

Counts of a log vary more than Poisson's: changes come in releases, incidents in storms. So the variance is the mean times
a dispersion, estimated from the log itself and at least 1, and the law is the negative binomial of that mean and variance
(the Poisson at dispersion 1).
"""

from __future__ import annotations

import numpy as np
from scipy import special

NEIGHBOURS = 6  # weeks on either side that a week is compared with
TRIMMED = 0.9  # share of the weeks, the quietest deviations, that the dispersion is read from
_TRIMMED_MEAN = 0.6229  # mean of a chi-square variable of 1 degree of freedom below its 0.9 quantile: F₃(2.706) / 0.9


def few(count: np.ndarray, mean: np.ndarray, dispersion: float) -> np.ndarray:
    """Probability of at most ``count`` when ``mean`` is expected."""
    mean = np.maximum(mean, 1e-12)
    if dispersion <= 1:
        return special.pdtr(count, mean)
    return special.betainc(mean / (dispersion - 1), count + 1.0, 1 / dispersion)


def none(mean: float, dispersion: float) -> float:
    """Probability that nothing happens where ``mean`` is expected, when rows come in bursts of geometric length: a
    dispersion of φ means (φ + 1) / 2 rows a burst, and bursts that come as Poisson's do."""
    return float(np.exp(-2 * mean / (dispersion + 1)))


def local_means(counts: np.ndarray) -> np.ndarray:
    """What to expect of each count: the median of its neighbours, or their mean where that is larger than a zero."""
    means = np.empty(len(counts))
    for n in range(len(counts)):
        around = np.delete(counts, n)[max(0, n - NEIGHBOURS) : n + NEIGHBOURS]
        means[n] = np.median(around) if len(around) else counts[n]
    return means


def dispersion(counts: np.ndarray) -> float:
    """Variance over mean, at least 1; the tenth of the deviations that is largest is left out, so that the gaps looked
    for do not hide themselves."""
    expected = np.maximum(local_means(counts), 0.5)
    squares = np.sort((counts - expected) ** 2 / expected)
    kept = squares[: max(1, int(len(squares) * TRIMMED))]
    return max(1.0, float(kept.mean()) / _TRIMMED_MEAN)


def step(counts: np.ndarray, shortest: int) -> tuple[int, float]:
    """Where a step in the rate fits best, and by how much it fits better than one rate and than a steady trend: the
    smaller of the two gains in log likelihood. (index of the first count after the step, gain); gain 0 without any."""
    totals, n = np.cumsum(counts), len(counts)
    places = np.arange(shortest, n - shortest + 1)
    if not len(places) or not totals[-1]:
        return 0, 0.0
    before, after = totals[places - 1], totals[-1] - totals[places - 1]
    gains = _poisson(before, places) + _poisson(after, n - places)
    best = int(np.argmax(gains))
    return int(places[best]), float(
        max(gains[best] - max(_poisson(totals[-1:], np.array([n]))[0], _trend(counts)), 0.0)
    )


def _poisson(total: np.ndarray, length: np.ndarray) -> np.ndarray:
    """Log likelihood of counts that share one rate, up to a constant."""
    return special.xlogy(total, total / length) - total


def _trend(counts: np.ndarray) -> float:
    """Log likelihood of a rate that grows or shrinks by the same share every week, by Newton's method."""
    time = np.linspace(-1, 1, len(counts))
    level, slope = np.log(max(counts.mean(), 1e-9)), 0.0
    for _ in range(30):
        rate = np.exp(np.clip(level + slope * time, -30, 30))
        gradient = np.array([(counts - rate).sum(), ((counts - rate) * time).sum()])
        second = np.array([[rate.sum(), (rate * time).sum()], [(rate * time).sum(), (rate * time**2).sum()]])
        change = np.linalg.solve(second + 1e-9 * np.eye(2), gradient)
        level, slope = level + change[0], slope + np.clip(change[1], -1, 1)
    rate = np.exp(np.clip(level + slope * time, -30, 30))
    return float((special.xlogy(counts, rate) - rate).sum())
