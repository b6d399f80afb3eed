"""Small logs with one flaw each, and what the checks find in them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from aftershock.dataset.dataset import Dataset
from aftershock.quality import Finding, examine

TOML = 'name = "small"\n[incidents]\npath = "incidents.csv"\n{incidents}\n[changes]\npath = "changes.csv"\n{changes}\n{more}\n'


def toml(incidents: str = "", changes: str = "", more: str = "") -> str:
    return TOML.format(incidents=incidents, changes=changes, more=more)


def checks(dataset: Dataset) -> dict[str, Finding]:
    """What is found wrong with a dataset, by check."""
    return {finding.check: finding for finding in examine(dataset).findings}


SOUND = [{"rate": 1}, {"rate": 20}, {"rate": 20, "burst": 3.0}, {"rate": 60, "burst": 5.0}, {"rate": 40, "growth": 1.0}]
"""Logs without a gap: rows a week, how many come at once, how the rate grows (:func:`random_log`)."""

START = pd.Timestamp("2024-01-01", tz="UTC")


def random_log(
    rng: np.random.Generator, rate: float, *, weeks: int = 60, burst: float = 1.0, growth: float = 0.0
) -> pd.Series:
    """A log of so many rows a week, in office hours, in bursts of a mean length, growing as time to the ``growth``."""
    events = rng.poisson(rate * weeks / burst)
    week = np.floor(rng.random(events) ** (1 / (1 + growth)) * weeks)
    day = rng.choice(7, events, p=np.array([20, 20, 20, 20, 18, 1, 1]) / 100)
    hours = week * 168 + day * 24 + rng.normal(13, 2.5, events) % 24
    if burst > 1:
        hours = np.repeat(hours, rng.geometric(1 / burst, events))
    return pd.Series(START + pd.to_timedelta(np.sort(hours + rng.random(len(hours))), unit="h"))


def weeks_of(times: pd.Series) -> pd.Series:
    """Weeks since START, with fractions."""
    return (times - START) / pd.Timedelta(days=7)
