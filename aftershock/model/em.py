"""Learning the model: rates, delays, background and the worth of evidence, from two logs without labels.

The rate of incidents on service v at time t is

    background(v, hour of week) + Σ_c rate(kind) · share(relation) · spread · f_kind(delay) · Π ratio(evidence),

a Hawkes-type process with exogenous triggers. Expectation–maximisation assigns each incident to its possible
origins in proportion to their terms (Ogata 1988; Zhuang, Ogata, Vere-Jones 2002; Marsan, Lengliné 2008), with the delay density
smoothed at each step (EMS: Silverman, Jones, Wilson, Nychka 1990). Priors, stated as pseudo-incidents, carry small logs.
Intervals come from Gibbs sampling of origins and all parameters, started at the fit (data augmentation: Tanner, Wong 1987).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache, cached_property

import numpy as np

from aftershock.model.candidates import Pairs
from aftershock.model.delays import DelayGrid, smooth
from aftershock.model.evidence import EVIDENCE
from aftershock.model.null_rates import layers
from aftershock.model.priors import MOST_RATIO, Priors, in_order, judged
from aftershock.model.service_graph import UNKNOWN
from aftershock.schema.tables import KINDS

KIND_WEIGHTS = {  # how likely a change of a kind is to set off an incident, relative to a deploy: judgements
    "deploy": 1.0,
    "config": 1.5,
    "feature_flag": 0.8,
    "database": 1.5,
    "infrastructure": 1.2,
    "data": 1.5,
    "policy": 0.25,
    "staffing": 0.15,
    "other": 0.8,
}
RELATION_SHARES = np.array(
    [0.60, 0.26, 0.06, 0.08]
)  # where what a change sets off shows: same, 1 hop, 2 hops, unrelated
CHANGE_SHARE = 0.5  # of incidents set off by a logged change; published figures run from a third to two thirds
PSEUDO_INCIDENTS = 8.0  # weight of CHANGE_SHARE
KIND_PSEUDO = 1.0  # weight of a kind's rate
RELATION_PSEUDO = 3.0
DELAY_MEDIAN_HOURS, DELAY_SIGMA, DELAY_PSEUDO = 0.5, 1.8, 10.0
KIND_SPREAD, SPREAD_PSEUDO = 1.0, 4.0
KIND_WIDTH_PSEUDO, KIND_DELAY_PSEUDO, BROAD_SHARE = 8.0, 40.0, 0.01
EVIDENCE_PSEUDO = 12.0
RHYTHM_PSEUDO = 48.0
MIXTURE_PSEUDO = 2.0
SERVICE_PSEUDO = 1.5
TRUSTED_FROM, LEAST_TRUST = 32, 0.33
ITERATIONS, TOLERANCE = 200, 1e-5


@dataclass(frozen=True)
class Observations:
    """All that the fit reads, as arrays.

    ``kind_of_change`` (changes,), ``counted`` (changes,): changes within reach of the observed period; ``possible``
    (changes, 5): relations that a change can have; ``service`` (incidents,): number of the main service; ``hour``
    (incidents, 168): the share of each hour of the week in the incident's interval; ``used`` (incidents,): inside the
    observed period; ``verdict`` (pairs,) bool and ``decided`` (incidents,) bool: what people concluded; ``bins``
    (evidence, pairs); ``hours`` of observation; ``learned_from``: how many incidents are used; ``change_shares``
    (services,): how changes fall on services; ``rhythm_prior`` (168,): on hours of the week, with mean 1; ``nulls``: per
    evidence, how pairs that are no culprits fall into its bins, (strata, bins); ``without``: evidence that says nothing;
    ``priors``: what the rest is worth at first.
    """

    pairs: Pairs
    bins: np.ndarray
    kinds: list[str]
    kind_of_change: np.ndarray
    counted: np.ndarray
    possible: np.ndarray
    service: np.ndarray
    services: int
    hour: np.ndarray
    used: np.ndarray
    verdict: np.ndarray
    decided: np.ndarray
    hours: float
    learned_from: int
    change_shares: np.ndarray
    rhythm_prior: np.ndarray
    grid: DelayGrid
    nulls: tuple[np.ndarray, ...] = ()
    without: frozenset[str] = frozenset()
    priors: Priors = field(default_factory=judged)

    @property
    def incidents(self) -> int:
        return len(self.service)

    @property
    def trust(self) -> float:
        """The power that odds are raised to: 1 from TRUSTED_FROM incidents on, less below."""
        return float(np.clip(self.learned_from / TRUSTED_FROM, LEAST_TRUST, 1.0))

    @cached_property
    def kind(self) -> np.ndarray:
        """Kind of each pair's change, counted in ``kinds``."""
        return self.kind_of_change[self.pairs.change]

    @cached_property
    def layers(self) -> list[np.ndarray]:
        """Stratum of each pair, per piece of evidence."""
        return layers(self.pairs, np.array([KINDS.index(k) for k in self.kinds])[self.kind], self.grid)


@dataclass(frozen=True)
class Parameters:
    """What was learned. ``rates``: incidents set off per change, (kinds,); ``relations``: share per relation, (4,);
    ``delays``: masses, (kinds, nodes); ``background``: incidents per hour; ``service_shares``: its share per service;
    ``rhythm``: hour of week, mean 1, (168,); ``ratios``: per evidence, per bin."""

    rates: np.ndarray
    relations: np.ndarray
    delays: np.ndarray
    background: float
    service_shares: np.ndarray
    rhythm: np.ndarray
    ratios: tuple[np.ndarray, ...]


def first_guess(seen: Observations) -> Parameters:
    """The priors alone, scaled to this log: what the model believes before it has read an incident."""
    incidents = max(float(seen.used.sum()), 1.0)
    delays = np.tile(seen.grid.lognormal(DELAY_MEDIAN_HOURS, DELAY_SIGMA), (len(seen.kinds), 1))
    return Parameters(
        prior_rates(seen),
        RELATION_SHARES.copy(),
        delays,
        (1 - CHANGE_SHARE) * incidents / seen.hours,
        _service_shares(seen, np.full(seen.incidents, 0.5)),
        (1 + seen.rhythm_prior) / 2,
        seen.priors.ratios,
    )


def prior_rates(seen: Observations) -> np.ndarray:
    """Prior rate per change of each kind, such that changes would set off CHANGE_SHARE of the incidents."""
    weights = np.array([KIND_WEIGHTS[k] for k in seen.kinds])
    changes = np.bincount(seen.kind_of_change[seen.counted], minlength=len(seen.kinds))
    expected = max(float(weights @ changes), 1e-9)
    return weights * min(CHANGE_SHARE * max(float(seen.used.sum()), 1.0) / expected, 0.5)


def evidence_factor(seen: Observations, parameters: Parameters) -> np.ndarray:
    """The product of all likelihood ratios of each pair."""
    total = np.zeros(len(seen.pairs))
    for part in evidence_logs(seen, parameters):
        total += part
    return np.exp(total)


def evidence_logs(seen: Observations, parameters: Parameters) -> list[np.ndarray]:
    """Log likelihood ratio of each pair, per piece of evidence, normalised within each stratum."""
    logs = []
    for e, (ratio, null) in enumerate(zip(parameters.ratios, seen.nulls, strict=True)):
        if EVIDENCE[e].name in seen.without:
            logs.append(np.zeros(len(seen.pairs)))
            continue
        table = np.log(ratio)[None, :] - np.log(null @ ratio)[:, None]
        logs.append(table[seen.layers[e], seen.bins[e]])
    return logs


def relation_factor(seen: Observations, relations: np.ndarray) -> np.ndarray:
    """Share of a change's incidents that fall on each pair's relation: over the relations that the change can have."""
    reachable = seen.possible[:, :UNKNOWN] @ relations
    relation = seen.pairs.relation
    share = np.append(relations, 1.0)[relation] / np.where(
        relation == UNKNOWN, 1.0, np.maximum(reachable[seen.pairs.change], 1e-12)
    )
    return share * seen.pairs.spread


def delay_density(seen: Observations, delays: np.ndarray) -> np.ndarray:
    """f_kind(delay) of each pair, per hour."""
    by_kind = seen.pairs.densities @ delays.T
    return by_kind[np.arange(len(seen.pairs)), seen.kind]


def background_rate(seen: Observations, parameters: Parameters) -> np.ndarray:
    """Background rate at each incident's place and time, per hour."""
    return parameters.background * parameters.service_shares[seen.service] * (seen.hour @ parameters.rhythm)


def terms(seen: Observations, parameters: Parameters) -> np.ndarray:
    """Rate at which each pair's change would have set off its incident, per hour."""
    return (
        parameters.rates[seen.kind]
        * relation_factor(seen, parameters.relations)
        * delay_density(seen, parameters.delays)
        * evidence_factor(seen, parameters)
    )


def responsibilities(seen: Observations, rates: np.ndarray, background: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(probability of each pair, probability of "no recorded change" of each incident); verdicts are clamped.

    In a log of fewer than TRUSTED_FROM incidents rates and ratios are mostly guesses, so each odds against the background is
    raised to a power below 1: a coarsened posterior (Miller, Dunson 2019), less sure of itself and otherwise the same.
    """
    odds = (rates / background[seen.pairs.incident]) ** seen.trust
    total = 1 + np.bincount(seen.pairs.incident, weights=odds, minlength=seen.incidents)
    probability = odds / total[seen.pairs.incident]
    none = 1 / total
    clamped = seen.decided[seen.pairs.incident]
    chosen = np.bincount(seen.pairs.incident, weights=seen.verdict, minlength=seen.incidents)
    probability = np.where(clamped, seen.verdict / np.maximum(chosen, 1)[seen.pairs.incident], probability)
    return probability, np.where(seen.decided, (chosen == 0).astype(float), none)


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
        service_shares=_service_shares(seen, none),
        rhythm=_rhythm(seen, free),
        ratios=tuple(_updated_ratio(seen, e, old, weight) for e in range(len(EVIDENCE))),
    )


def kind_priors(seen: Observations) -> tuple[np.ndarray, np.ndarray]:
    """Gamma prior of each kind's rate: (pseudo-incidents, pseudo-changes)."""
    prior = prior_rates(seen)
    changes = np.bincount(seen.kind_of_change[seen.counted], minlength=len(seen.kinds))
    share = prior * changes / max(float(prior @ changes), 1e-12)
    pseudo = KIND_PSEUDO + CHANGE_SHARE * PSEUDO_INCIDENTS * share
    return pseudo, pseudo / prior


def background_exposure(seen: Observations) -> float:
    """Hours observed, with those that the prior stands for."""
    incidents = max(float(seen.used.sum()), 1.0)
    return seen.hours * (1 + PSEUDO_INCIDENTS / incidents)


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


def _service_shares(seen: Observations, none: np.ndarray) -> np.ndarray:
    counts = service_counts(seen, none)
    return counts / counts.sum()


def service_counts(seen: Observations, none: np.ndarray) -> np.ndarray:
    """Background incidents per service, with those of the prior: half even, half as changes fall on services."""
    counts = np.bincount(seen.service, weights=none * seen.used, minlength=seen.services)
    return counts + SERVICE_PSEUDO * seen.services * (1 / seen.services + seen.change_shares) / 2


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
