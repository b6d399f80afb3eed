"""Learning the model: rates, delays, background and the worth of evidence, from two logs without labels.

The rate of incidents on service v at time t is

    background(v, hour of week) + Σ_c rate(kind) · share(relation) · spread · f_kind(delay) · Π ratio(evidence),

a Hawkes-type process with exogenous triggers. Expectation–maximisation assigns each incident to its possible
origins in proportion to their terms (Ogata 1988; Zhuang, Ogata, Vere-Jones 2002; Marsan, Lengliné 2008), with the delay density
smoothed at each step (EMS: Silverman, Jones, Wilson, Nychka 1990). Priors, stated as pseudo-incidents, carry small logs.
Intervals come from Gibbs sampling of origins and all parameters, started at the fit (data augmentation: Tanner, Wong 1987).
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np

from aftershock.model.delays import DelayGrid, smooth
from aftershock.model.evidence import EVIDENCE
from aftershock.model.likelihood import background_rate, delay_density, responsibilities, terms
from aftershock.model.observations import Observations
from aftershock.model.parameters import (
    BROAD_SHARE,
    CHANGE_SHARE,
    DELAY_MEDIAN_HOURS,
    DELAY_PSEUDO,
    DELAY_SIGMA,
    EVIDENCE_PSEUDO,
    KIND_DELAY_PSEUDO,
    KIND_SPREAD,
    KIND_WIDTH_PSEUDO,
    MIXTURE_PSEUDO,
    PSEUDO_INCIDENTS,
    RELATION_PSEUDO,
    RELATION_SHARES,
    RHYTHM_PSEUDO,
    SPREAD_PSEUDO,
    Parameters,
    background_exposure,
    first_guess,
    kind_priors,
    service_shares,
)
from aftershock.model.priors import MOST_RATIO, in_order
from aftershock.model.service_graph import UNKNOWN

ITERATIONS = 200  # steps of expectation–maximisation, at most
TOLERANCE = 1e-5  # it stops when no probability moves by more


def fit(seen: Observations) -> Parameters:
    """Expectation–maximisation from the priors until no probability moves by more than TOLERANCE."""
    parameters = first_guess(seen)
    previous = np.zeros(seen.incidents)
    for _ in range(ITERATIONS):
        density = delay_density(seen, parameters.delays)
        probability, none = responsibilities(seen, terms(seen, parameters), background_rate(seen, parameters))
        weight = probability * seen.used[seen.pairs.incident]
        parameters = _maximised(seen, parameters, weight, none, density)
        if np.max(np.abs(none - previous), initial=0.0) < TOLERANCE:
            break
        previous = none
    return parameters


def _maximised(
    seen: Observations, old: Parameters, weight: np.ndarray, none: np.ndarray, density: np.ndarray
) -> Parameters:
    free = none * seen.used
    per_kind = np.bincount(seen.kind, weights=weight, minlength=len(seen.kinds))
    return replace(
        old,
        rates=updated_rates(seen, per_kind),
        relations=_updated_relations(seen, old.relations, weight),
        delays=updated_delays(seen, delay_counts(seen, old.delays, weight, density)),
        background=(free.sum() + (1 - CHANGE_SHARE) * PSEUDO_INCIDENTS) / background_exposure(seen),
        service_shares=service_shares(seen, none),
        rhythm=_rhythm(seen, free),
        ratios=tuple(_updated_ratio(seen, e, old, weight) for e in range(len(EVIDENCE))),
    )


def updated_rates(seen: Observations, per_kind: np.ndarray) -> np.ndarray:
    pseudo, pseudo_changes = kind_priors(seen)
    changes = np.bincount(seen.kind_of_change[seen.counted], minlength=len(seen.kinds))
    return (per_kind + pseudo) / (changes + pseudo_changes)


def delay_counts(seen: Observations, delays: np.ndarray, weight: np.ndarray, density: np.ndarray) -> np.ndarray:
    """Expected culprits per kind and delay node, (kinds, nodes)."""
    scaled = np.where(density > 0, weight / np.maximum(density, 1e-300), 0.0)
    counts = np.zeros_like(delays)
    for kind in range(len(seen.kinds)):
        counts[kind] = (seen.pairs.densities.T @ np.where(seen.kind == kind, scaled, 0.0)) * delays[kind]
    return counts


def updated_delays(seen: Observations, counts: np.ndarray) -> np.ndarray:
    """Smoothed counts, shrunk to a log-normal curve of each kind's own place and width; (kinds, nodes).

    A share of that curve is the prior itself, so that no delay is ever impossible.
    """
    curve = base_delays(seen, counts)
    delays = smooth(counts) + KIND_DELAY_PSEUDO * curve
    return delays / delays.sum(axis=1, keepdims=True)


def base_delays(seen: Observations, counts: np.ndarray) -> np.ndarray:
    """The log-normal curve that each kind's delays are shrunk to, (kinds, nodes)."""
    places, widths = places_and_widths(counts, seen.grid.logs)
    return with_broad(seen.grid, seen.grid.lognormal(np.exp(places), widths))


def with_broad(grid: DelayGrid, curves: np.ndarray) -> np.ndarray:
    """The curves with a little of the prior delay in each, so that no delay is impossible."""
    return (1 - BROAD_SHARE) * curves + BROAD_SHARE * _broad(grid)


@cache
def _broad(grid: DelayGrid) -> np.ndarray:
    return grid.lognormal(DELAY_MEDIAN_HOURS, DELAY_SIGMA)


def places_and_widths(counts: np.ndarray, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation of log delays per kind, as the next one's would be foretold.

    A random-effects model: kinds lie about a common place, and how far apart they lie is learned, so that kinds that
    differ share little and kinds that are alike share much (empirical Bayes by EM; Gelman et al. 2013, chapter 5).
    ``counts``: (kinds, nodes); ``x``: log hours of the nodes.
    """
    n, sums = counts.sum(axis=1), counts @ x
    own = np.where(n > 0, sums / np.maximum(n, 1e-12), np.log(DELAY_MEDIAN_HOURS))
    squares = _squares(counts, x, own)
    within = (squares.sum() + DELAY_PSEUDO * DELAY_SIGMA**2) / (n.sum() + DELAY_PSEUDO)
    common, between = np.log(DELAY_MEDIAN_HOURS), KIND_SPREAD**2
    for _ in range(8):  # then places move by hundredths
        spread = 1 / (n / within + 1 / between)
        places = (sums / within + common / between) * spread
        common = (places.sum() + np.log(DELAY_MEDIAN_HOURS)) / (len(places) + 1)
        apart = ((places - common) ** 2 + spread).sum()
        between = (apart + SPREAD_PSEUDO * KIND_SPREAD**2) / (len(places) + SPREAD_PSEUDO)
    variance = (_squares(counts, x, places) + KIND_WIDTH_PSEUDO * within) / (n + KIND_WIDTH_PSEUDO)
    return places, np.sqrt(variance + spread)


def _squares(counts: np.ndarray, x: np.ndarray, places: np.ndarray) -> np.ndarray:
    return (counts * (x - places[:, None]) ** 2).sum(axis=1)


def _updated_relations(seen: Observations, old: np.ndarray, weight: np.ndarray) -> np.ndarray:
    counts, pull = relation_counts(seen, old, weight)
    return counts / pull / (counts / pull).sum()


def relation_counts(seen: Observations, old: np.ndarray, weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(culprits, exposure) per relation with those of the prior; their ratio is the share when not every change can have
    every relation: the minorise–maximise step of a Plackett–Luce model (Hunter 2004)."""
    counts = np.bincount(seen.pairs.relation, weights=weight, minlength=5)[:UNKNOWN]
    reachable = seen.possible[:, :UNKNOWN]
    per_change = np.bincount(
        seen.pairs.change, weights=np.where(seen.pairs.relation == UNKNOWN, 0, weight), minlength=len(reachable)
    )
    pull = (per_change / np.maximum(reachable @ old, 1e-12)) @ reachable
    return counts + RELATION_PSEUDO * RELATION_SHARES, pull + RELATION_PSEUDO


def _rhythm(seen: Observations, free: np.ndarray) -> np.ndarray:
    """Hour of week as weekday × hour of day, smoothed round the clock and shrunk to a mixture of a flat week and the
    hours in which changes are made, mixed as fits the background best; mean 1."""
    seen_hours = free @ seen.hour
    working = seen.rhythm_prior
    mixture = _mixed(seen_hours, working)
    counts = (seen_hours + RHYTHM_PSEUDO * mixture / 168).reshape(7, 24)
    day = counts.sum(axis=1) / counts.sum() * 7
    clock = counts.sum(axis=0)
    kernel = np.exp(-((np.minimum(np.arange(24), 24 - np.arange(24)) / 1.5) ** 2) / 2)
    clock = np.real(np.fft.ifft(np.fft.fft(clock) * np.fft.fft(kernel / kernel.sum())))
    return np.outer(day, clock / clock.mean()).ravel()


def _mixed(counts: np.ndarray, working: np.ndarray) -> np.ndarray:
    """(1 - w) + w · working hours, mean 1, with the w that makes ``counts`` most probable; one half without counts."""
    mixtures, prior = rhythm_mixtures(working)
    return mixtures[np.argmax(np.log(mixtures) @ counts + prior)]


def rhythm_mixtures(working: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Hours of week between flat and ``working``, mean 1, (mixtures, 168); and the logarithm of each one's prior weight."""
    weight = np.linspace(0.05, 0.95, 19)
    return (1 - weight[:, None]) + weight[:, None] * working, -MIXTURE_PSEUDO * np.abs(weight - 0.5)


def _updated_ratio(seen: Observations, e: int, old: Parameters, weight: np.ndarray) -> np.ndarray:
    """Ratio per bin: culprits over what the candidates would give, each bin shrunk to its prior by pseudo-culprits."""
    counts, expected = ratio_counts(seen, e, old.ratios[e], weight)
    return normalised_ratio(seen, e, counts / np.maximum(expected, 1e-12), expected)


def normalised_ratio(seen: Observations, e: int, ratio: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Ratios in the order that the evidence demands, 1 on average over pairs that are no culprits."""
    ordered = in_order(EVIDENCE[e], ratio, weights)
    return np.clip(ordered / (seen.nulls[e].mean(axis=0) @ ordered), 1 / MOST_RATIO, MOST_RATIO)


def ratio_counts(seen: Observations, e: int, ratio: np.ndarray, weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """:func:`likely_counts` with those that the prior stands for."""
    culprits, expected = likely_counts(seen, e, ratio, weight)
    prior = seen.priors.ratios[e]
    usual = seen.nulls[e].mean(axis=0) * prior
    pseudo = EVIDENCE[e].pseudo + EVIDENCE_PSEUDO * usual / usual.sum()
    return culprits + pseudo, expected + pseudo / prior


def likely_counts(seen: Observations, e: int, ratio: np.ndarray, weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Per bin of one piece of evidence: culprits, and what as many innocent pairs of the same strata would give, in units
    in which ``ratio`` is their quotient. ``weight``: how far each pair is a culprit, (pairs,)."""
    null, layer = seen.nulls[e], seen.layers[e]
    culprits = np.bincount(seen.bins[e], weights=weight, minlength=len(ratio))
    per_layer = np.bincount(layer, weights=weight, minlength=len(null))
    return culprits, (per_layer / (null @ ratio)) @ null
