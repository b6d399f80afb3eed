from __future__ import annotations

from dataclasses import replace

import pytest
from prone_company import BIG, SEEDS

from aftershock.simulation import Fleet, Simulated, simulate


@pytest.fixture(scope="package")
def default() -> Simulated:
    return simulate(Fleet())


@pytest.fixture(scope="package")
def years() -> list[Simulated]:
    return [simulate(replace(BIG, seed=seed)) for seed in SEEDS]
