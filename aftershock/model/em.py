"""Learning the model: rates, delays, background and the worth of evidence, from two logs without labels.

Expectation–maximisation assigns each incident to its possible origins in proportion to their terms (Ogata 1988; Zhuang,
Ogata, Vere-Jones 2002; Marsan, Lengliné 2008), with the delay density smoothed at each step (EMS: Silverman, Jones, Wilson, Nychka
1990). Priors, stated as pseudo-incidents, carry small logs.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np

from aftershock.model import aftershocks
from aftershock.model.background import background_services, updated_week
from aftershock.model.candidates import POSSIBLE, Pairs
from aftershock.model.delays import DelayGrid, smooth
from aftershock.model.evidence import EVIDENCE
from aftershock.model.likelihood import (
    Origins,
    delay_density,
    rates_of,
    step,
    unlisted_rates,
)
from aftershock.model.null_rates import GROWING
from aftershock.model.observations import Observations
from aftershock.model.parameters import (
    BACKGROUND_SHAPE,
    BROAD_SHARE,
    DELAY_MEDIAN_HOURS,
    DELAY_PSEUDO,
    DELAY_SIGMA,
    EVIDENCE_PSEUDO,
    KIND_DELAY_PSEUDO,
    KIND_SPREAD,
    KIND_WIDTH_PSEUDO,
    LATE_SHARE,
    OVERALL_SHAPE,
    RELATION_PSEUDO,
    RELATION_SHARES,
    SPREAD_PSEUDO,
    Parameters,
    background_exposure,
    first_guess,
    prior_overall,
)
from aftershock.model.priors import MOST_RATIO, in_order
from aftershock.model.service_graph import UNKNOWN, UNRELATED

ITERATIONS = 200  # steps of expectation–maximisation, at most
TOLERANCE = 1e-3  # it stops when no probability moves by more: draws go on from there
ALL_PAIRS = 5  # steps after which pairs that hardly matter stay as they are
UNLISTED_EVERY = 10  # steps between sums of what a large log does not list: it hardly matters and takes half of a step
LEAST_ACTIVE = 1e-4  # probability below which a pair hardly matters
LEAST_LINK = aftershocks.LEAST_LINK / 100  # a link less probable after as many steps is left out: rates still grow
LEAST_WEIGHT = 1e-7  # of a culprit: less does not move a ratio


def fit(seen: Observations) -> Parameters:
    """Expectation–maximisation from the priors until no probability moves by more than TOLERANCE."""
    parameters, before = first_guess(seen), None
    nothing: np.ndarray = np.zeros(seen.incidents)
    left_out = unlisted = nothing
    for number in range(ITERATIONS):
        if number <= ALL_PAIRS or number % UNLISTED_EVERY == 0:
            unlisted = unlisted_rates(seen, parameters)
        rates = rates_of(seen, parameters, unlisted + left_out)
        found = step(seen, rates, before)
        parameters = maximised(seen, parameters, found)
        if number == ALL_PAIRS:
            left = np.flatnonzero(found.pairs < LEAST_ACTIVE)
            left_out = np.bincount(seen.pairs.incident[left], weights=rates.pairs[left], minlength=seen.incidents)
            kept, links = np.flatnonzero(found.pairs >= LEAST_ACTIVE), np.flatnonzero(found.links >= LEAST_LINK)
            seen = seen.with_pairs(kept).with_links(links)
            found = replace(found, pairs=found.pairs[kept], links=found.links[links])
        if before is not None and np.max(np.abs(found.none - before.none), initial=0.0) < TOLERANCE:
            break
        before = found
    return parameters


def maximised(seen: Observations, old: Parameters, found: Origins) -> Parameters:
    """The parameters that the expected origins make most probable, with what the priors count for."""
    weight = found.pairs * seen.used[seen.pairs.incident]
    linked = found.links * seen.used[seen.links.incident]
    free = found.none * seen.used
    overall, factors = updated_rates(seen, old, weight)
    density = delay_density(seen, old.delays)
    return replace(
        old,
        overall=overall,
        factors=factors,
        relations=updated_relations(seen.pairs, old.relations, weight, RELATION_SHARES, RELATION_PSEUDO),
        delays=updated_delays(seen, delay_counts(seen, old.delays, weight, density)),
        background=float((free.sum() + BACKGROUND_SHAPE) / background_exposure(seen)),
        service_shares=background_services(seen, free + elsewhere(seen, weight, linked)),
        week=updated_week(seen, old.week, free),
        ratios=updated_ratios(seen, old.ratios, weight),
        productivity=updated_productivity(seen, found, linked),
        link_relations=updated_relations(
            seen.links, old.link_relations, linked, aftershocks.SHARES, aftershocks.SHARE_PSEUDO
        ),
        link_delays=updated_link_delays(seen, old.link_delays, linked),
    )


def updated_productivity(seen: Observations, found: Origins, linked: np.ndarray) -> np.ndarray:
    """Aftershocks per incident whose root is a change, and whose root is none, (2,)."""
    by_change = 1 - found.rootless
    children = np.array([linked @ by_change[seen.links.change], linked @ found.rootless[seen.links.change]])
    parents = np.array([by_change[seen.used].sum(), found.rootless[seen.used].sum()])
    shape = aftershocks.PRODUCTIVITY_SHAPE
    return (children + shape) / (parents + shape / aftershocks.PRODUCTIVITY)


def elsewhere(seen: Observations, weight: np.ndarray, linked: np.ndarray) -> np.ndarray:
    """How far each incident was set off by a source at an unrelated or unknown place, (incidents,)."""
    total = np.zeros(seen.incidents)
    for pairs, share in ((seen.pairs, weight), (seen.links, linked)):
        far = pairs.relation >= UNRELATED
        total += np.bincount(pairs.incident[far], weights=share[far], minlength=seen.incidents)
    return total


def updated_rates(seen: Observations, old: Parameters, weight: np.ndarray) -> tuple[float, tuple[np.ndarray, ...]]:
    """Overall rate and factors of the features, each in turn given the others: gamma posteriors' means."""
    cells = seen.cells
    culprits = np.bincount(seen.cell, weights=weight, minlength=len(cells.counts))
    exposure = cells.counts * cells.rates(1.0, old.factors)
    prior = prior_overall(seen)
    overall = (culprits.sum() + OVERALL_SHAPE) / (exposure.sum() + OVERALL_SHAPE / prior)
    factors = list(old.factors)
    for m, feature in enumerate(seen.features):
        expected = cells.counts * cells.rates(overall, tuple(factors)) / factors[m][cells.codes[m]]
        size = len(feature.levels)
        found = np.bincount(cells.codes[m], weights=culprits, minlength=size)
        due = np.bincount(cells.codes[m], weights=expected, minlength=size)
        factors[m] = (found + feature.shape) / (due + feature.shape / feature.prior)
    return float(overall), tuple(factors)


def delay_counts(seen: Observations, delays: np.ndarray, weight: np.ndarray, density: np.ndarray) -> np.ndarray:
    """Expected culprits per kind and delay node, (kinds, nodes)."""
    scaled = np.where(density > 0, weight / np.maximum(density, 1e-300), 0.0)
    matrix = seen.pairs.densities
    entries = matrix.data * np.repeat(scaled, np.diff(matrix.indptr))
    flat = np.bincount(seen.delay_cells, weights=entries, minlength=delays.size)
    return flat.reshape(delays.shape) * delays


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
    always = _always(grid)
    return (1 - always.sum()) * curves + always


@cache
def _always(grid: DelayGrid) -> np.ndarray:
    """The part that every curve has, (nodes,): of the prior delay, and in logs whose changes are stamped late, evenly, of the
    delays below 0."""
    late = (np.arange(grid.size) < grid.zero).astype(float)
    broad: np.ndarray = BROAD_SHARE * grid.lognormal(DELAY_MEDIAN_HOURS, DELAY_SIGMA)
    return broad + LATE_SHARE * late / max(late.sum(), 1.0)


def updated_link_delays(seen: Observations, old: np.ndarray, linked: np.ndarray) -> np.ndarray:
    """The log-normal curve of aftershocks, (nodes,)."""
    grid, matrix = seen.link_grid, seen.links.densities
    density = matrix @ old
    counts = (matrix.T @ np.where(density > 0, linked / np.maximum(density, 1e-300), 0.0)) * old
    pseudo, middle = aftershocks.DELAY_PSEUDO, np.log(aftershocks.MEDIAN_HOURS)
    n, x = counts.sum(), grid.logs
    place = (counts @ x + pseudo * middle) / (n + pseudo)
    variance = (counts @ (x - place) ** 2 + pseudo * (aftershocks.SIGMA**2 + (middle - place) ** 2)) / (n + pseudo)
    return grid.lognormal(np.exp(place), np.sqrt(variance))


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


def updated_relations(
    pairs: Pairs, old: np.ndarray, weight: np.ndarray, prior: np.ndarray, pseudo: np.ndarray
) -> np.ndarray:
    """Share per relation, (4,), when not every source can have every relation: the minorise–maximise step of a
    Plackett–Luce model (Hunter 2004). ``prior``: sources that count beforehand, per relation."""
    counts = np.bincount(pairs.relation, weights=weight, minlength=5)[:UNKNOWN] + pseudo * prior
    known = np.where(pairs.relation == UNKNOWN, 0, weight)
    alike = np.bincount(pairs.possible, weights=known, minlength=len(POSSIBLE))
    pull = (alike / np.maximum(POSSIBLE @ old, 1e-12)) @ POSSIBLE + pseudo
    return counts / pull / (counts / pull).sum()


def updated_ratios(seen: Observations, old: tuple[np.ndarray, ...], weight: np.ndarray) -> tuple[np.ndarray, ...]:
    """Ratio per bin: culprits over what innocent pairs would give, each bin shrunk to its prior by pseudo-culprits."""
    found = []
    rows = np.flatnonzero(weight > LEAST_WEIGHT)
    for e, evidence in enumerate(EVIDENCE):
        if evidence.name in seen.without:
            found.append(old[e])
            continue
        counts, expected = ratio_counts(seen, e, old, rows, weight[rows])
        found.append(normalised_ratio(seen, e, counts / np.maximum(expected, 1e-12), expected))
    return tuple(found)


def normalised_ratio(seen: Observations, e: int, ratio: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Ratios in the order that the evidence demands, 1 on average over pairs that are no culprits."""
    ordered = in_order(EVIDENCE[e], ratio, weights)
    return np.clip(ordered / (seen.null.usual[e] @ ordered), 1 / MOST_RATIO, MOST_RATIO)


def ratio_counts(
    seen: Observations, e: int, ratios: tuple[np.ndarray, ...], rows: np.ndarray, weight: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """:func:`likely_counts` with those that the prior stands for."""
    culprits, expected = likely_counts(seen, e, ratios, rows, weight)
    prior = seen.priors.ratios[e]
    usual = seen.null.usual[e] * prior
    pseudo = EVIDENCE[e].pseudo + EVIDENCE_PSEUDO * usual / usual.sum()
    return culprits + pseudo, expected + pseudo / prior


def likely_counts(
    seen: Observations, e: int, ratios: tuple[np.ndarray, ...], rows: np.ndarray, weight: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Per bin of one piece of evidence: culprits, and what as many innocent pairs of the same strata would give, in units
    in which its ratio is their quotient. ``rows``: pairs, and ``weight`` how far each of them is a culprit."""
    ratio = ratios[e]
    layer = (seen.layers if e in GROWING else seen.strata)[rows]
    null = seen.null.tables[e] if e in GROWING else seen.null.expected(e, ratios)
    culprits = np.bincount(seen.bins[e, rows], weights=weight, minlength=len(ratio))
    per_layer = np.bincount(layer, weights=weight, minlength=len(null))
    return culprits, (per_layer / (null @ ratio)) @ null
