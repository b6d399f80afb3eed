"""Do the probabilities come true? The top suspect's, in bins, next to what a perfectly calibrated model would show."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from aftershock.model.intervals import binomial_interval

BINS = 10  # of equal width, as reliability diagrams are usually drawn
SIMULATIONS, SEED = 2000, 20230306  # enough for a 95th percentile that moves by less than a hundredth of its value


@dataclass(frozen=True)
class Calibration:
    """``error``: expected calibration error, the mean distance between what was said and what came true over ten bins of
    equal width, weighted by incidents. A perfect model would not show 0 either: ``perfect_median`` and ``perfect_95`` are the
    median and the 95th percentile of what it would show with the same probabilities (:data:`SIMULATIONS` drawn outcomes,
    seed :data:`SEED`). ``n``: incidents."""

    error: float
    perfect_median: float
    perfect_95: float
    n: int

    @property
    def passes(self) -> bool:
        return self.n == 0 or self.error <= self.perfect_95


def bins_of(probability: np.ndarray) -> np.ndarray:
    """Bin of each probability: 0 up to 0.1, … 9 from 0.9 on."""
    return np.minimum((np.asarray(probability) * BINS).astype(int), BINS - 1)


def calibration(probability: np.ndarray, right: np.ndarray) -> Calibration:
    """Of the probabilities given to the top suspects and whether (0 to 1) they were right."""
    probability, right = np.asarray(probability, dtype=float), np.asarray(right, dtype=float)
    if not len(probability):
        return Calibration(np.nan, np.nan, np.nan, 0)
    rng = np.random.default_rng(SEED)
    drawn = rng.uniform(size=(SIMULATIONS, len(probability))) < probability
    perfect = _errors(probability, drawn)
    error = _errors(probability, right[None, :])[0]
    return Calibration(float(error), float(np.median(perfect)), float(np.quantile(perfect, 0.95)), len(probability))


def _errors(probability: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Calibration error of each row of outcomes, (rows,)."""
    member = np.eye(BINS)[bins_of(probability)]
    return np.abs((right - probability) @ member).sum(axis=1) / len(probability)


def reliability_table(probability: np.ndarray, right: np.ndarray, level: float = 0.95) -> pd.DataFrame:
    """Per bin that holds any incident: from, to, incidents, said (mean probability), right (incidents in which the top
    suspect was right), share, low, high (exact binomial), expected_low and expected_high (where a perfect model's share
    lies with that probability ``level``)."""
    probability, right = np.asarray(probability, dtype=float), np.asarray(right, dtype=float)
    rows = []
    for k in np.unique(bins_of(probability)) if len(probability) else []:
        inside = bins_of(probability) == k
        n, said, hits = int(inside.sum()), float(probability[inside].mean()), float(right[inside].sum())
        low, high = binomial_interval(round(hits), n, level)
        expected = _perfect_range(probability[inside], level)
        rows.append((k / BINS, (k + 1) / BINS, n, said, hits, hits / n, low, high, *expected))
    names = ["from", "to", "incidents", "said", "right", "share", "low", "high", "expected_low", "expected_high"]
    return pd.DataFrame(rows, columns=names)


def _perfect_range(probability: np.ndarray, level: float) -> tuple[float, float]:
    """Central range of the share right when each comes true with its own probability (Poisson binomial, exact)."""
    mass = np.ones(1)
    for p in probability:
        mass = np.convolve(mass, [1 - p, p])
    below, tail = np.cumsum(mass), (1 - level) / 2
    low, high = np.searchsorted(below, [tail, 1 - tail - 1e-12])
    return low / len(probability), high / len(probability)
