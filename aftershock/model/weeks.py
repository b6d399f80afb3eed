"""The weeks that the hours of incidents without a change may be a sum of."""

from __future__ import annotations

import numpy as np


def weeks(people: np.ndarray, machines: np.ndarray | None) -> np.ndarray:
    """The weeks that the background's may be a sum of, each with mean 1, (weeks, 168). ``people``, ``machines``: when they make
    changes, (168,); flat and people's first."""
    days = people.reshape(7, 24).sum(axis=1)
    hours = np.eye(24)
    every, working = np.ones(7), days / days.mean()
    clocks = [np.outer(day, hour).ravel() * 24 for day in (every, working) for hour in hours]
    whole = [np.ones(168), people] if machines is None else [np.ones(168), people, machines]
    return np.array([*whole, *clocks])
