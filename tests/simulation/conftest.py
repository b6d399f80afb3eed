from __future__ import annotations

from dataclasses import replace

import pytest

from aftershock.simulation import DEFAULT_KINDS, Fleet, Simulated, simulate

SEEDS = (11, 12, 13)

PRONE = tuple(replace(plan, failure_probability=5 * plan.failure_probability) for plan in DEFAULT_KINDS)

BIG = Fleet(changes=5_000, kinds=PRONE, background_incidents=300, duplicates=0, imprecise=0.0)


@pytest.fixture(scope="package")
def default() -> Simulated:
    return simulate(Fleet())


@pytest.fixture(scope="package")
def years() -> list[Simulated]:
    return [simulate(replace(BIG, seed=seed)) for seed in SEEDS]
