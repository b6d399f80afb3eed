"""What chance alone would give: the model's answer for incidents moved by whole weeks, away from their own changes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from aftershock.model import likelihood
from aftershock.model.observations import ModelInput
from aftershock.model.parameters import Parameters


def chance(reading: ModelInput, fitted: Parameters, observed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Per incident: the mean probability that its moved copies would be linked to a change, and the share of copies that
    reach ``observed``. NaN where no move stays inside the observed period."""
    rows = reading.copy_of
    count = np.bincount(rows, minlength=len(observed)).astype(float)
    count[count == 0] = np.nan
    moved = replace(reading.copies, nulls=reading.seen.nulls)
    _, none = likelihood.responsibilities(
        moved, likelihood.terms(moved, fitted), likelihood.background_rate(moved, fitted)
    )
    reached = (1 - none) >= observed[rows] - 1e-9
    return (
        np.bincount(rows, weights=1 - none, minlength=len(observed)) / count,
        np.bincount(rows, weights=reached, minlength=len(observed)) / count,
    )
