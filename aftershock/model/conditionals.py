"""What each part of the model may be once every incident has an origin: a draw of each.

:mod:`aftershock.model.gibbs` alternates these with a draw of the origins (data augmentation: Tanner and Wong 1987). Most
parts are conjugate given a little more chance: which bump of its curve a delay fell on, how long the change behind an
incident had to wait (Caron and Doucet 2012), which of a grid a concentration is. Places and widths of curves walk
(Metropolis), and ratios of evidence are no full probability model. How far a part may stray from what it is shrunk to is
drawn as well, so what the log shows to be well described by the prior is not made rough by drawing it.

``culprits`` are the pairs, by number, in which a change set off an incident inside the observed period; ``free`` the
incidents of that period that none set off.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy.special import gammaln

from aftershock.model import em
from aftershock.model.delays import BUMP_WIDTH, DelayGrid, bumps
from aftershock.model.observations import Observations
from aftershock.model.parameters import DELAY_MEDIAN_HOURS, KIND_SPREAD, RELATION_PSEUDO, RELATION_SHARES, SPREAD_PSEUDO
from aftershock.model.service_graph import UNKNOWN

CURVE_WIDTH = 1.3  # median of the prior of a drawn log-normal's own standard deviation; a judgement
CURVE_WIDTH_SPREAD = 0.35  # standard deviation of that one's natural logarithm; a judgement
STIFFNESS = np.array([3.0, 6.0, 12.0, 25.0, 50.0, 100.0, 200.0])  # culprits that a kind's log-normal may count for
PLACE_STEP = 0.4  # of the random walk over the log-normals' medians, in natural logarithms
WIDTH_STEP = 0.2  # of the random walk over their widths
CURVE_STEPS = 2  # steps of that walk per draw
SERVICE_WEIGHTS = np.geomspace(5, 5000, 13)  # background incidents that the services' prior shares may count for
SERVICE_MIXTURES = np.array([0.0, 0.1, 0.25, 0.5, 0.75, 0.9])  # how far these follow the changes; the rest is even
RHYTHM_WEIGHTS = np.geomspace(48, 3000, 7)  # background incidents that the mixed hour of week may count for
LEAST = 1e-9  # of a share: what is never drawn stays possible


@dataclass(frozen=True)
class Curves:
    """Delay curves of all kinds, and what they are shrunk to.

    ``weights`` (kinds, nodes): how much of each bump of :func:`aftershock.model.delays.bumps`, summing to 1; ``places`` and
    ``log_sigmas`` (kinds,): of each kind's log-normal, natural logarithms of hours; ``common``: where places lie, and
    ``between``: their variance about it; ``stiffness``: culprits that the log-normals count for, per kind.
    """

    grid: DelayGrid
    weights: np.ndarray
    places: np.ndarray
    log_sigmas: np.ndarray
    common: float = float(np.log(DELAY_MEDIAN_HOURS))
    between: float = KIND_SPREAD**2
    stiffness: float = 12.0

    @property
    def masses(self) -> np.ndarray:
        """The curves as masses on the nodes of the grid, (kinds, nodes)."""
        return self.weights @ bumps(self.grid.size).T

    @cached_property
    def shrunk_to(self) -> np.ndarray:
        """Weights of the bumps under each kind's log-normal alone, (kinds, nodes): narrower by the width of a bump."""
        step = self.grid.nodes[1] * BUMP_WIDTH
        sigma = np.sqrt(np.maximum(np.exp(2 * self.log_sigmas) - step**2, 0.05))
        return em.with_broad(self.grid, self.grid.lognormal(np.exp(self.places), sigma))


def first_curves(grid: DelayGrid, masses: np.ndarray) -> Curves:
    """Where the chain begins: the fitted ``masses`` as weights, and every kind's log-normal at the prior."""
    kinds = len(masses)
    places = np.full(kinds, np.log(DELAY_MEDIAN_HOURS))
    return Curves(grid, masses, places, np.full(kinds, np.log(CURVE_WIDTH)))


def draw_curves(seen: Observations, curves: Curves, culprits: np.ndarray, rng: np.random.Generator) -> Curves:
    """Curves, their log-normals, what these have in common, and how stiff they are."""
    counts = _bump_counts(seen, curves, culprits, rng)
    curves = _walked(curves, counts, rng)
    curves = _with_drawn_common(curves, rng)
    likelihood = _polya(counts, STIFFNESS[:, None, None] * curves.shrunk_to).sum(axis=1)
    stiffness = float(STIFFNESS[_chosen(likelihood, rng)])
    weights = rng.gamma(np.maximum(counts + stiffness * curves.shrunk_to, LEAST))
    return replace(curves, stiffness=stiffness, weights=weights / weights.sum(axis=1, keepdims=True))


def _bump_counts(seen: Observations, curves: Curves, culprits: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Each culprit's delay given to one bump of its kind's curve; counts, (kinds, nodes). A delay beyond the curves (of a
    change that a verdict names) is given to none."""
    kind = seen.kind[culprits]
    parts = (seen.pairs.densities[culprits] @ bumps(curves.grid.size)) * curves.weights[kind]
    possible = parts.sum(axis=1) > 0
    counts = np.zeros_like(curves.weights)
    np.add.at(counts, (kind[possible], _one_of_each(parts[possible], rng)), 1.0)
    return counts


def _walked(curves: Curves, counts: np.ndarray, rng: np.random.Generator) -> Curves:
    """Places and widths after a few steps of Metropolis's random walk, each kind by itself, the weights integrated out."""
    likelihood = _curve_likelihood(curves, counts)
    for _ in range(CURVE_STEPS):
        shape = curves.places.shape
        proposed = replace(
            curves,
            places=curves.places + PLACE_STEP * rng.standard_normal(shape),
            log_sigmas=curves.log_sigmas + WIDTH_STEP * rng.standard_normal(shape),
        )
        theirs = _curve_likelihood(proposed, counts)
        taken = np.log(rng.uniform(size=shape)) < theirs - likelihood
        likelihood = np.where(taken, theirs, likelihood)
        curves = replace(
            curves,
            places=np.where(taken, proposed.places, curves.places),
            log_sigmas=np.where(taken, proposed.log_sigmas, curves.log_sigmas),
        )
    return curves


def _curve_likelihood(curves: Curves, counts: np.ndarray) -> np.ndarray:
    """Log posterior of each kind's place and width given the counts of its bumps, up to a constant, (kinds,)."""
    far = (curves.places - curves.common) ** 2 / curves.between
    wide = ((curves.log_sigmas - np.log(CURVE_WIDTH)) / CURVE_WIDTH_SPREAD) ** 2
    return _polya(counts, curves.stiffness * curves.shrunk_to) - (far + wide) / 2


def _with_drawn_common(curves: Curves, rng: np.random.Generator) -> Curves:
    """Where the kinds' places lie and how far apart (normal, and inverse gamma: Gelman et al. 2013, chapter 5). The common
    place lies about the prior's median as far as KIND_SPREAD."""
    kinds, middle, known = len(curves.places), np.log(DELAY_MEDIAN_HOURS), 1 / KIND_SPREAD**2
    precision = kinds / curves.between + known
    common = (curves.places.sum() / curves.between + middle * known) / precision + rng.standard_normal() / np.sqrt(
        precision
    )
    apart = ((curves.places - common) ** 2).sum() + SPREAD_PSEUDO * KIND_SPREAD**2
    between = apart / 2 / rng.gamma((kinds + SPREAD_PSEUDO) / 2)
    return replace(curves, common=float(common), between=float(between))


def draw_relations(
    seen: Observations, relations: np.ndarray, culprits: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Share per relation, (4,), over the relations that each change can have: gamma draws given exponential waiting times
    (Caron and Doucet 2012, for Plackett–Luce models)."""
    relation = seen.pairs.relation[culprits]
    known = relation != UNKNOWN
    reachable = seen.possible[seen.pairs.change[culprits[known]], :UNKNOWN].astype(float)
    # shares do not tell the sum of what they are shares of, so it is drawn
    relations = relations * rng.gamma(RELATION_PSEUDO) / RELATION_PSEUDO
    waited = rng.exponential(size=len(reachable)) / np.maximum(reachable @ relations, LEAST)
    counts = np.bincount(relation[known], minlength=UNKNOWN)
    prior = RELATION_PSEUDO * RELATION_SHARES
    drawn = rng.gamma(counts + prior) / (waited @ reachable + RELATION_PSEUDO)
    return np.maximum(drawn / drawn.sum(), LEAST)


def draw_service_shares(seen: Observations, free: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The background's share per service, (services,): between even and as changes fall, as far and as strictly as the
    background incidents suggest."""
    counts = np.bincount(seen.service[free], minlength=seen.services)
    mixtures = SERVICE_MIXTURES[:, None] * seen.change_shares + (1 - SERVICE_MIXTURES[:, None]) / seen.services
    hit = np.flatnonzero(counts)  # the others add nothing
    prior = SERVICE_WEIGHTS[:, None, None] * np.maximum(mixtures, LEAST)
    likelihood = _polya(counts[hit], prior[..., hit], total=SERVICE_WEIGHTS[:, None])
    weight, mixture = divmod(_chosen(likelihood.ravel(), rng), len(mixtures))
    return _dirichlet(counts + prior[weight, mixture], rng)


def draw_rhythm(seen: Observations, rhythm: np.ndarray, free: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The background's hour of week, mean 1, (168,): weekday × hour of day, about a mixture of a flat week and the hours in
    which changes are made; both the mixture and how strictly it holds are drawn."""
    hour = _one_of_each(seen.hour[free] * rhythm, rng)
    mixtures, prior = em.rhythm_mixtures(seen.rhythm_prior)
    table = np.maximum(mixtures, LEAST).reshape(-1, 7, 24) / 168
    counts = np.bincount(hour, minlength=168).reshape(7, 24)
    sides = [(counts.sum(axis=axis), table.sum(axis=1 + axis)) for axis in (1, 0)]
    weights = RHYTHM_WEIGHTS[:, None, None]
    likelihood = prior + sum(_polya(n, weights * shares) for n, shares in sides)
    weight, mixture = divmod(_chosen(likelihood.ravel(), rng), len(mixtures))
    day, clock = (_dirichlet(n + RHYTHM_WEIGHTS[weight] * shares[mixture], rng) for n, shares in sides)
    return np.outer(day, clock).ravel() * 168


def draw_ratios(
    seen: Observations, ratios: tuple[np.ndarray, ...], culprits: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, ...]:
    """What each bin of each piece of evidence is worth."""
    weight = np.zeros(len(seen.pairs))
    weight[culprits] = 1.0
    drawn = []
    for e, ratio in enumerate(ratios):
        counts, expected = em.ratio_counts(seen, e, ratio, weight)
        once = rng.gamma(counts) / np.maximum(expected, 1e-12)
        drawn.append(em.normalised_ratio(seen, e, once, expected))
    return tuple(drawn)


def _polya(counts: np.ndarray, prior: np.ndarray, total: np.ndarray | None = None) -> np.ndarray:
    """Log probability of ``counts`` (…, n) when their shares are Dirichlet with ``prior`` (…, n), up to a constant.
    ``total``: the sum of all of ``prior``, where some without counts are left out."""
    total = prior.sum(axis=-1) if total is None else total
    of_each = (gammaln(prior + counts) - gammaln(prior)).sum(axis=-1)
    return of_each + gammaln(total) - gammaln(total + counts.sum(axis=-1))


def _dirichlet(concentration: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    drawn = np.maximum(rng.gamma(concentration), LEAST)
    return drawn / drawn.sum()


def _chosen(log_weights: np.ndarray, rng: np.random.Generator) -> int:
    """One position, as likely as the exponential of its weight."""
    weights = np.exp(log_weights - log_weights.max())
    return int(rng.choice(len(weights), p=weights / weights.sum()))


def _one_of_each(weights: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """One column per row, as likely as its weight."""
    reached = weights.cumsum(axis=1)
    target = rng.uniform(size=len(weights)) * reached[:, -1]
    return np.minimum((reached <= target[:, None]).sum(axis=1), weights.shape[1] - 1)
