"""Where and when incidents come that nothing recorded set off.

Services: shares between even and as people's changes fall, as far and as strictly as the log suggests. Hours of the week: a sum
of weeks (flat; when people make changes; when machines do; one hour of every day, or of the days on which people work), for
different causes add up: a nightly job and an office do not share a rhythm that could be multiplied.
"""

from __future__ import annotations

import numpy as np
from scipy.special import gammaln

from aftershock.model.observations import Observations

SERVICE_WEIGHTS = np.geomspace(10, 5000, 11)  # background incidents that the services' prior shares may count for
STRICTNESS = 0.5  # power of the strictness in its prior: a small log's own services must not explain themselves
SERVICE_MIXTURES = np.array([0.0, 0.1, 0.25, 0.5, 0.75, 0.9])  # how far these follow the changes; the rest is even
FLAT = 0.5  # background incidents that the flat week counts for beforehand; a judgement
PEOPLE = 4.0  # the same, of the hours at which people make changes
MACHINES = 0.5  # the same, of the hours at which machines do
ONE_HOUR = 0.01  # the same, of each single hour
LEAST = 1e-9  # of a share: what is never drawn stays possible


def polya(counts: np.ndarray, prior: np.ndarray, total: np.ndarray | None = None) -> np.ndarray:
    """Log probability of ``counts`` (…, n) when their shares are Dirichlet with ``prior`` (…, n), up to a constant.
    ``total``: the sum of all of ``prior``, where some without counts are left out."""
    total = prior.sum(axis=-1) if total is None else total
    of_each = (gammaln(prior + counts) - gammaln(prior)).sum(axis=-1)
    return of_each + gammaln(total) - gammaln(total + counts.sum(axis=-1))


def service_mixtures(seen: Observations) -> np.ndarray:
    """The shares per service that the background's may lie about, (mixtures, services)."""
    even = (1 - SERVICE_MIXTURES[:, None]) / seen.services
    return np.maximum(SERVICE_MIXTURES[:, None] * seen.change_shares + even, LEAST)


def service_likelihood(mixtures: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Log likelihood of each strictness and mixture, (weights, mixtures)."""
    hit = np.flatnonzero(counts > 0)  # the others add nothing
    prior = SERVICE_WEIGHTS[:, None, None] * mixtures[:, hit]
    likelihood = polya(counts[hit], prior, total=SERVICE_WEIGHTS[:, None])
    return likelihood + STRICTNESS * np.log(SERVICE_WEIGHTS)[:, None]


def background_services(seen: Observations, free: np.ndarray) -> np.ndarray:
    """The background's share per service, (services,): the mean over how far and how strictly it follows the changes.
    ``free`` (incidents,): how far each is without a change."""
    counts = np.bincount(seen.service, weights=free, minlength=seen.services)
    mixtures = service_mixtures(seen)
    likelihood = service_likelihood(mixtures, counts)
    weight = np.exp(likelihood - likelihood.max())
    weight /= weight.sum() * (SERVICE_WEIGHTS[:, None] + counts.sum())
    return weight.sum() * counts + (SERVICE_WEIGHTS @ weight) @ mixtures


def week_prior(parts: int) -> np.ndarray:
    """Background incidents that each week of :func:`weeks` counts for beforehand, (weeks,)."""
    return np.array([FLAT, PEOPLE, MACHINES][: parts - 48] + [ONE_HOUR] * 48)


def updated_week(seen: Observations, weights: np.ndarray, free: np.ndarray) -> np.ndarray:
    """The share of each week, (weeks,), after one step of expectation–maximisation; ``free`` (incidents,)."""
    parts = seen.week_parts * weights
    counts = (free / np.maximum(parts.sum(axis=1), 1e-300)) @ parts + week_prior(len(weights))
    return counts / counts.sum()
