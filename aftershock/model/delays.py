"""The delay between a change and the outage it sets off, as a density that can be learned.

A delay of *d* hours is placed at ``x = log(1 + d/TAU)``: minutes and days get equal room, and zero stays finite. The
density over x is a mixture of hat functions on a regular grid, so a delay known only as
an interval has an exact expected density: the difference of the hats' integrals over its ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
import scipy.sparse as sp

TAU = 2 / 60  # hours; delays well below two minutes are not told apart
STEPS = 36  # steps of the delay grid between 0 and the horizon
BUMP_WIDTH = 1.5  # nodes: a delay curve has no detail finer than this
POINTS = 16  # midpoints that represent the narrower interval when change and outage are both imprecise


@dataclass(frozen=True)
class DelayGrid:
    """Nodes of the density up to ``horizon`` hours. A density is a vector of ``size`` masses that sum to 1. ``lead``: hours by
    which a change may be stamped after what it set off; delays below 0 are placed like those above."""

    horizon: float
    lead: float = 0.0

    @cached_property
    def nodes(self) -> np.ndarray:
        return self.step * np.arange(-self.zero, STEPS + 1)

    @cached_property
    def step(self) -> float:
        """How far apart nodes are."""
        return float(np.log1p(self.horizon / TAU)) / STEPS

    @cached_property
    def zero(self) -> int:
        """The node of the delay 0."""
        return int(np.ceil(np.log1p(self.lead / TAU) / self.step))

    @property
    def earliest(self) -> float:
        """The least delay, hours: 0, or below it with a lead."""
        return float(_hours(self.nodes[0]))

    @property
    def size(self) -> int:
        return self.zero + STEPS + 1

    @cached_property
    def hours(self) -> np.ndarray:
        """The delay at each node, in hours."""
        return _hours(self.nodes)

    @cached_property
    def logs(self) -> np.ndarray:
        """The logarithm of each node's delay in hours; finite at 0 as well."""
        return np.log(np.maximum(self.hours, TAU / 4))

    @cached_property
    def fine_hours(self) -> np.ndarray:
        """Delays between which a curve is straight enough to be drawn and read, in hours."""
        return TAU * np.expm1(np.linspace(0, self.nodes[-1], 4 * STEPS + 1))

    @cached_property
    def areas(self) -> np.ndarray:
        step = self.step
        areas = np.full(self.size, step)
        areas[[0, -1]] = step / 2
        return areas

    def densities(self, low: np.ndarray, high: np.ndarray, width: np.ndarray) -> sp.csr_matrix:
        """Rows such that ``row @ masses`` is the mean density (per hour) of a delay uniform on [low, high].

        ``low`` and ``high`` in hours, already cut to [earliest, horizon]; ``width`` is the full width before the cut, so what
        was cut off counts as density 0. Where width is 0 the density at ``low``. Shapes: (pairs,).
        """
        exact, wide = np.flatnonzero(width <= 0), np.flatnonzero((width > 0) & (high > low))
        if len(exact) == len(low):
            points = self.points(low)
            points.eliminate_zeros()
            return points
        mass = self.masses(low[wide], high[wide], width[wide])
        return interleaved([(exact, self.points(low[exact])), (wide, sp.csr_matrix(mass))], len(low))

    def masses(self, low: np.ndarray, high: np.ndarray, width: np.ndarray) -> np.ndarray:
        """:meth:`densities` where no width is 0, not sparse, (pairs, size)."""
        return (self._integrals(high) - self._integrals(low)) / width[:, None]

    def points(self, hours: np.ndarray) -> sp.csr_matrix:
        """Hat functions at exact delays, per hour."""
        x = (_places(hours) - self.nodes[0]) / self.step
        left = np.clip(x.astype(np.int32), 0, self.size - 2)
        share = x - left
        per_hour = 1 / (TAU + np.abs(hours))
        areas = self.areas
        data = np.stack([(1 - share) * per_hour / areas[left], share * per_hour / areas[left + 1]], axis=1)
        places = np.stack([left, left + 1], axis=1, dtype=np.int32)
        return sp.csr_matrix((data.ravel(), places.ravel(), 2 * np.arange(len(hours) + 1)), (len(hours), self.size))

    def _integrals(self, hours: np.ndarray) -> np.ndarray:
        """Integral of each hat function from 0 to each delay, shape (delays, size); at the horizon all are 1."""
        step = self.step
        u = (_places(np.asarray(hours))[:, None] - self.nodes[None, :]) / step
        rising = np.clip(u + 1, 0, 1) ** 2 / 2
        falling = np.where(u > 0, np.clip(u, 0, 1) - np.clip(u, 0, 1) ** 2 / 2, 0)
        integral = (rising + falling) * step
        integral[:, 0] -= step / 2  # the first hat has no left half
        return integral / self.areas

    def cumulative(self, masses: np.ndarray, hours: np.ndarray) -> np.ndarray:
        """Share of delays up to each of ``hours``; ``masses`` (..., size) → (..., hours)."""
        return masses @ self._integrals(np.minimum(hours, self.horizon)).T

    def quantile(self, masses: np.ndarray, share: float) -> np.ndarray:
        """The delay in hours within which ``share`` of the outages show; ``masses`` (..., size) → (...)."""
        fine = _hours(np.linspace(self.nodes[0], self.nodes[-1], 400))
        curve = self.cumulative(masses, fine)
        reached = np.clip((curve < share - 1e-12).sum(axis=-1), 1, len(fine) - 1)
        before = np.take_along_axis(curve, reached[..., None] - 1, -1)[..., 0]
        after = np.take_along_axis(curve, reached[..., None], -1)[..., 0]
        part = np.where(after > before, (share - before) / np.maximum(after - before, 1e-300), 1.0)
        return fine[reached - 1] + np.clip(part, 0, 1) * (fine[reached] - fine[reached - 1])

    def lognormal(self, median_hours: np.ndarray | float, sigma: np.ndarray | float) -> np.ndarray:
        """Masses of a log-normal delay, cut at the horizon; medians and sigmas (...) → (..., size)."""
        x = (self.logs - np.log(median_hours)[..., None]) / np.asarray(sigma)[..., None]
        squares = x * x
        nearest = squares.min(axis=-1, keepdims=True)  # of a median far outside, this node has all
        mass = np.exp((nearest - squares) / 2) * self._per_log_hour
        return mass / mass.sum(axis=-1, keepdims=True)

    @cached_property
    def _per_log_hour(self) -> np.ndarray:
        """What a density over the logarithm of hours is worth at each node as a mass on this grid, (size,)."""
        return (self.hours >= 0) * (self.hours + TAU) / np.maximum(self.hours, TAU / 4) * self.areas


def _hours(places: np.ndarray) -> np.ndarray:
    """Delays in hours at places of the grid; the ends of time are alike."""
    return np.sign(places) * TAU * np.expm1(np.abs(places))


def _places(hours: np.ndarray) -> np.ndarray:
    """Places on the grid of delays in hours."""
    return np.sign(hours) * np.log1p(np.abs(hours) / TAU)


def smooth(counts: np.ndarray, width: float = BUMP_WIDTH) -> np.ndarray:
    """Counts along the last axis smoothed by a Gaussian of ``width`` nodes; totals are kept at the edges too."""
    return counts @ bumps(counts.shape[-1], width).T


@cache
def bumps(size: int, width: float = BUMP_WIDTH) -> np.ndarray:
    """A Gaussian bump of ``width`` nodes round every node, (nodes, bumps); each sums to 1."""
    distance = np.subtract.outer(np.arange(size), np.arange(size))
    kernel = np.exp(-((distance / width) ** 2) / 2)
    return kernel / kernel.sum(axis=0, keepdims=True)


def interleaved(parts: list[tuple[np.ndarray, sp.csr_matrix]], count: int) -> sp.csr_matrix:
    """``count`` rows, those of each part at its places; the others are empty."""
    rows = np.concatenate([np.repeat(places, np.diff(block.indptr)) for places, block in parts])
    order = np.argsort(rows, kind="stable")
    starts = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=count))])
    data = np.concatenate([block.data for _, block in parts])[order]
    columns = np.concatenate([block.indices for _, block in parts])[order]
    return sp.csr_matrix((data, columns, starts), (count, parts[0][1].shape[1]))
