"""What chance alone would give: the model's answer for incidents moved by whole weeks, away from their own changes."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from aftershock.model import likelihood
from aftershock.model.gibbs import Draws
from aftershock.model.observations import LEAST_NULL_PAIRS, ModelInput
from aftershock.model.parameters import Parameters


@dataclass(frozen=True)
class Chance:
    """What chance alone would give; NaN where no move stays inside the observed period.

    ``level`` (incidents,): the mean probability with which moved copies of an incident would be linked to a change;
    ``reached`` (incidents,): the share of copies that reach its own; ``copies`` (incidents,): how many there are;
    ``by_change`` (changes,): incidents that would be linked to each change, which add up to the sum of ``level``.
    """

    level: np.ndarray
    reached: np.ndarray
    copies: np.ndarray
    by_change: np.ndarray


def chance_level(reading: ModelInput, fitted: Parameters, drawn: Draws) -> Chance:
    """The moved copies answered with the fitted parameters.

    A copy competes for the earlier incidents of its new place, whose roots are known; it has no aftershocks of its own.
    """
    moved, rows, size = replace(reading.copies, null=reading.seen.null), reading.copy_of, len(reading.incidents)
    rates = likelihood.rates_of(moved, fitted)
    pairs, rest, links, none = likelihood.shares(moved, rates, np.zeros(moved.incidents), 1 - drawn.none_mean)
    child, parent = moved.links.incident, moved.links.change
    free = none + np.bincount(child, weights=links * drawn.none_mean[parent], minlength=moved.incidents)
    copies = np.bincount(rows, minlength=size)
    count = np.where(copies > 0, copies, np.nan)
    each = 1 / count[rows]
    through = np.bincount(parent, weights=links * each[child], minlength=size)
    own, changes = reading.seen.pairs, len(reading.dataset.changes)
    by_change = np.bincount(moved.pairs.change, weights=pairs * each[moved.pairs.incident], minlength=changes)
    by_change = by_change + np.bincount(own.change, weights=drawn.pair_mean * through[own.incident], minlength=changes)
    if moved.unlisted:
        weights = moved.unlisted.weights(moved, fitted).sum(axis=0)
        by_change = by_change + (rest @ each) * weights / weights.sum()
    reached = 1 - free >= (1 - drawn.none_mean)[rows] - 1e-9
    return Chance(
        np.bincount(rows, weights=1 - free, minlength=size) / count,
        np.bincount(rows, weights=reached, minlength=size) / count,
        copies,
        by_change,
    )


def joint_mean(reading: ModelInput, fitted: Parameters) -> float:
    """What all evidence together multiplies the odds of an innocent candidate by, on average over the moved copies: 1 where it
    is worth what it should be. NaN where there are too few copies to tell."""
    null = reading.seen.null
    if len(reading.copies.pairs) < LEAST_NULL_PAIRS:
        return math.nan
    products = null.products(fitted.ratios) / null.normaliser(fitted.ratios)[null.strata]
    return float(np.average(products, weights=null.counts))
