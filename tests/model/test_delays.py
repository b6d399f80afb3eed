from __future__ import annotations

import numpy as np
import pytest

from aftershock.model.delays import DelayGrid, smooth

GRID = DelayGrid(72.0)


def arrays(*values: float) -> list[np.ndarray]:
    return [np.array([v]) for v in values]


def test_a_density_integrates_to_one():
    masses = GRID.lognormal(0.5, 1.8)
    hours = np.concatenate([[0], np.geomspace(1e-4, 72, 200_000)])
    density = GRID.densities(hours, hours, np.zeros_like(hours)) @ masses
    assert np.trapezoid(density, hours) == pytest.approx(1, abs=1e-3)


def test_an_interval_has_the_mean_density_of_its_points():
    masses = GRID.lognormal(2.0, 1.0)
    points = np.linspace(1, 9, 100_001)
    mean = (GRID.densities(points, points, np.zeros_like(points)) @ masses).mean()
    assert (GRID.densities(*arrays(1, 9, 8)) @ masses)[0] == pytest.approx(mean, rel=1e-4)


def test_what_an_interval_has_before_the_change_counts_as_nothing():
    masses = GRID.lognormal(2.0, 1.0)
    whole = (GRID.densities(*arrays(0, 4, 4)) @ masses)[0]
    half_before = (GRID.densities(*arrays(0, 4, 8)) @ masses)[0]  # from 4 hours before the change to 4 after it
    assert half_before == pytest.approx(whole / 2)


def test_quantiles_and_cumulative_agree_with_the_log_normal():
    masses = GRID.lognormal(1.0, 0.8)
    assert GRID.quantile(masses, 0.5) == pytest.approx(1.0, rel=0.05)
    assert GRID.quantile(masses, 0.9) == pytest.approx(np.exp(0.8 * 1.2816), rel=0.06)
    assert GRID.cumulative(masses, np.array([0.0, 72.0])) == pytest.approx([0, 1], abs=1e-9)


def test_smoothing_keeps_totals():
    counts = np.zeros((2, GRID.size))
    counts[0, 0], counts[1, 20] = 3, 5
    assert smooth(counts).sum(axis=1) == pytest.approx([3, 5])
