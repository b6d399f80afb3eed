"""The log as it would be without a flaw: rows left out, times moved, a shorter period."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pandas as pd

from aftershock.dataset.dataset import Dataset
from aftershock.schema.tables import SCHEMAS


@dataclass(frozen=True)
class Without:
    """The log without a flaw: ``how`` it is made, in words that follow "with"; ``make`` makes it."""

    how: str
    make: Callable[[Dataset], Dataset]


def everywhere(frame: pd.DataFrame) -> pd.Series:
    """True for each row."""
    return pd.Series(True, index=frame.index)


def without_rows(table: str, gone: pd.Series, how: str) -> Without:
    """A log without some rows; ``gone`` is True for those, by their id."""
    ids = set(gone)
    column = SCHEMAS[table].id

    def make(dataset: Dataset) -> Dataset:
        frame = getattr(dataset, table)
        return changed(dataset, table, frame[~frame[column].isin(ids)])

    return Without(how, make)


def changed(dataset: Dataset, table: str, frame: pd.DataFrame) -> Dataset:
    """The dataset with another table, its rows in the usual order."""
    ordered = frame.sort_values(["started_at", SCHEMAS[table].id], kind="stable").reset_index(drop=True)
    return replace(dataset, **{table: ordered})


def moved(dataset: Dataset, table: str, by: pd.Timedelta, where: Callable[[pd.DataFrame], pd.Series]) -> Dataset:
    """The dataset with the times of some rows of a log moved."""
    frame = getattr(dataset, table)
    mask = where(frame)
    times = {
        c: frame[c].mask(mask, frame[c] + by)
        for name in SCHEMAS[table].of_type("time")
        for c in (name, f"{name}_before")
    }
    return changed(dataset, table, frame.assign(**times))


def within(dataset: Dataset, first: pd.Timestamp, last: pd.Timestamp) -> Dataset:
    """The dataset as if only this period had been observed; changes of the horizon before it stay candidates."""
    incidents, changes = dataset.incidents, dataset.changes
    horizon = dataset.settings.attribution.horizon
    return replace(
        dataset,
        incidents=incidents[incidents["started_at"].between(first, last, inclusive="left")].reset_index(drop=True),
        changes=changes[changes["started_at"].between(first - horizon, last, inclusive="left")].reset_index(drop=True),
        observed=(first, last),
    )
