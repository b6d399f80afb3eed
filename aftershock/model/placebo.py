"""What chance alone would give: the model's answer for incidents moved by whole weeks, away from their own changes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from aftershock.model import likelihood
from aftershock.model.gibbs import Draws
from aftershock.model.observations import ModelInput
from aftershock.model.parameters import Parameters


def chance_level(reading: ModelInput, fitted: Parameters, drawn: Draws) -> tuple[np.ndarray, np.ndarray]:
    """Per incident: the mean probability with which its moved copies would be linked to a change, and the share of copies that
    reach its own. NaN where no move stays inside the observed period.

    A copy competes for the earlier incidents of its new place, whose roots are known; it has no aftershocks of its own.
    """
    linked = 1 - moved_none(reading, fitted, drawn)
    rows, size = reading.copy_of, len(reading.incidents)
    count = np.bincount(rows, minlength=size).astype(float)
    count[count == 0] = np.nan
    reached = linked >= (1 - drawn.none_mean)[rows] - 1e-9
    return (
        np.bincount(rows, weights=linked, minlength=size) / count,
        np.bincount(rows, weights=reached, minlength=size) / count,
    )


def moved_none(reading: ModelInput, fitted: Parameters, drawn: Draws) -> np.ndarray:
    """Probability of each moved copy that no recorded change is its root, (copies,)."""
    moved = replace(reading.copies, null=reading.seen.null)
    rates = likelihood.rates_of(moved, fitted)
    _, _, links, none = likelihood.shares(moved, rates, np.zeros(moved.incidents), 1 - drawn.none_mean)
    return none + np.bincount(
        moved.links.incident, weights=links * drawn.none_mean[moved.links.change], minlength=moved.incidents
    )
