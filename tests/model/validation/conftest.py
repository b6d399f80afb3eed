"""A small company whose causes are known, answered once for all that measure answers."""

from __future__ import annotations

from pathlib import Path

import pytest
from labelled import CHANGES, INCIDENTS, TOML

from aftershock import attribute, load
from aftershock.model.validation.backtest import backtest, labels_of
from aftershock.simulation import Fleet, simulate
from aftershock.simulation import write as write_company


@pytest.fixture(scope="session")
def folder(tmp_path_factory) -> Path:
    """Four months of a small company."""
    fleet = Fleet(seed=3, months=4, services=12, changes=900, background_incidents=20, postmortems=0)
    return write_company(simulate(fleet), tmp_path_factory.mktemp("fleet") / "little")


@pytest.fixture(scope="session")
def little(folder):
    return load(folder)


@pytest.fixture(scope="session")
def found(little):
    return attribute(little, blind=True)


@pytest.fixture(scope="session")
def result(little, folder):
    return backtest(little, labels_of(little, folder / "truth.csv"), folds=2)


@pytest.fixture
def small(write):
    """Three incidents and four changes that can be read by eye."""
    return load(write(TOML, INCIDENTS, CHANGES))
