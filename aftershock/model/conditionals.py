"""Full conditional draws for the Gibbs sampler: each part of the model, once every incident has an origin.

:mod:`aftershock.model.gibbs` alternates these with a draw of the origins (data augmentation: Tanner and Wong 1987). Most
parts are conjugate given a little more chance: which bump of its curve a delay fell on, which week of the sum an incident belongs
to, how long the change behind an incident had to wait (Caron and Doucet 2012), which of a grid a concentration is. Places and
widths of curves walk (Metropolis), and ratios of evidence are not a full probability model. How far a part may stray from what
it is shrunk to is drawn as well, so what the log shows to be well described by the prior is not made rough by drawing it.

``culprits`` are the pairs, by number, in which a change set off an incident inside the observed period; ``linked`` the links
in which an earlier incident did; ``free`` the incidents of that period that nothing recorded set off.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import gammaln

from aftershock.model import aftershocks, em
from aftershock.model.background import LEAST, SERVICE_WEIGHTS, service_likelihood, service_mixtures, week_prior
from aftershock.model.candidates import POSSIBLE, Pairs
from aftershock.model.delays import BUMP_WIDTH, DelayGrid, bumps
from aftershock.model.evidence import EVIDENCE
from aftershock.model.observations import Observations
from aftershock.model.parameters import (
    DELAY_MEDIAN_HOURS,
    KIND_SPREAD,
    OVERALL_SHAPE,
    SPREAD_PSEUDO,
    Parameters,
    prior_overall,
)
from aftershock.model.service_graph import UNKNOWN

CURVE_WIDTH = 1.0  # median of the prior of a drawn log-normal's own standard deviation; a judgement
CURVE_WIDTH_SPREAD = 0.6  # standard deviation of that one's natural logarithm: most between 0.4 and 2.7; a judgement
STIFFNESS = np.array([3.0, 6.0, 12.0, 25.0, 50.0, 100.0, 200.0])  # culprits that a kind's log-normal may count for
RESCALING = 0.5  # of the random walk of a feature's factors against the overall rate, in natural logarithms
STEPS = ((0.4, 0.2), (1.0, 0.4))  # of the random walk over the log-normals' medians and widths, in natural logarithms


@dataclass(frozen=True)
class Curves:
    """Delay curves of all kinds, and what they are shrunk to.

    ``weights`` (kinds, nodes): how much of each bump of :func:`aftershock.model.delays.bumps`, summing to 1; ``places`` and
    ``log_sigmas`` (kinds,): of each kind's log-normal, natural logarithms of hours; ``common``: where places lie, and
    ``between``: their variance about it; ``stiffness``: culprits that the log-normals count for, per kind.
    """

    grid: DelayGrid
    weights: np.ndarray
    expected: np.ndarray
    places: np.ndarray
    log_sigmas: np.ndarray
    common: float = float(np.log(DELAY_MEDIAN_HOURS))
    between: float = KIND_SPREAD**2
    stiffness: float = 12.0

    @property
    def masses(self) -> np.ndarray:
        """The curves as masses on the nodes of the grid, (kinds, nodes)."""
        return self.weights @ bumps(self.grid.size).T

    @property
    def expected_masses(self) -> np.ndarray:
        """The same for the ``expected`` weights."""
        return self.expected @ bumps(self.grid.size).T


def first_curves(grid: DelayGrid, masses: np.ndarray) -> Curves:
    """Where the chain begins: the fitted ``masses`` as weights, and every kind's log-normal at the prior."""
    kinds = len(masses)
    places = np.full(kinds, np.log(DELAY_MEDIAN_HOURS))
    return Curves(grid, masses, masses, places, np.full(kinds, np.log(CURVE_WIDTH)))


def draw_curves(curves: Curves, kind: np.ndarray, fits: np.ndarray, rng: np.random.Generator) -> Curves:
    """Curves, their log-normals, what these have in common, and how stiff they are. ``kind`` (culprits,) of their changes;
    ``fits`` (culprits, nodes): how well each bump fits the delay of each."""
    counts = _bump_counts(curves, kind, fits, rng)
    hits = _Hits(counts)
    places, log_sigmas, shrunk_to = _walked(curves, hits, rng)
    common, between = _drawn_common(places, curves.between, rng)
    stiffness = float(STIFFNESS[_chosen(hits.likelihood(shrunk_to, STIFFNESS).sum(axis=1), rng)])
    concentration = np.maximum(counts + stiffness * shrunk_to, LEAST)
    weights = rng.standard_gamma(concentration)
    return Curves(
        curves.grid,
        weights / weights.sum(axis=1, keepdims=True),
        concentration / concentration.sum(axis=1, keepdims=True),
        places,
        log_sigmas,
        common,
        between,
        stiffness,
    )


def _bump_counts(curves: Curves, kind: np.ndarray, fits: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Each culprit's delay given to one bump of its kind's curve; counts, (kinds, nodes). A delay beyond the curves (of a
    change that a verdict names) is given to none."""
    parts = fits * curves.weights[kind]
    possible = parts.sum(axis=1) > 0
    counts = np.zeros_like(curves.weights)
    np.add.at(counts, (kind[possible], one_of_each(parts[possible], rng)), 1.0)
    return counts


class _Hits:
    """Counts on bumps, (kinds, nodes), of which most are 0 and say nothing."""

    def __init__(self, counts: np.ndarray):
        self.where = np.nonzero(counts)
        self.counts = counts[self.where]
        self.of_kind = (self.where[0][:, None] == np.arange(len(counts))).astype(float)
        self.total = counts.sum(axis=1)

    def likelihood(self, shrunk_to: np.ndarray, stiffness: np.ndarray) -> np.ndarray:
        """:func:`aftershock.model.background.polya` of each kind's counts, whose weights are shrunk to ``shrunk_to`` (kinds,
        nodes) as each ``stiffness`` says, (stiffnesses, kinds)."""
        prior = stiffness[:, None] * shrunk_to[self.where]
        of_each = gammaln(prior + self.counts) - gammaln(prior)
        return of_each @ self.of_kind + (gammaln(stiffness)[:, None] - gammaln(stiffness[:, None] + self.total))


def _walked(curves: Curves, hits: _Hits, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Places and widths after a few steps of Metropolis, each kind by itself, the weights integrated out, and the log-normals
    that these give: a short and a long step of a random walk, and a draw from what the kinds have in common, for those that
    the log says little of."""
    stiffness = np.array([curves.stiffness])

    def judged(places: np.ndarray, log_sigmas: np.ndarray) -> list[np.ndarray]:
        shrunk_to = _lognormals(curves.grid, places, log_sigmas)
        far = (places - curves.common) ** 2 / curves.between
        wide = ((log_sigmas - np.log(CURVE_WIDTH)) / CURVE_WIDTH_SPREAD) ** 2
        return [hits.likelihood(shrunk_to, stiffness)[0], (far + wide) / -2, places, log_sigmas, shrunk_to]

    now = judged(curves.places, curves.log_sigmas)
    normal = rng.standard_normal((len(STEPS) + 1, 2, len(curves.places)))
    chances = np.log(rng.uniform(size=(len(STEPS) + 1, len(curves.places))))
    for number in range(len(STEPS) + 1):
        if number < len(STEPS):
            place_step, width_step = STEPS[number]
            new = judged(now[2] + place_step * normal[number, 0], now[3] + width_step * normal[number, 1])
            gain = new[0] - now[0] + new[1] - now[1]
        else:
            places = curves.common + np.sqrt(curves.between) * normal[number, 0]
            new = judged(places, np.log(CURVE_WIDTH) + CURVE_WIDTH_SPREAD * normal[number, 1])
            gain = new[0] - now[0]
        taken = chances[number] < gain
        now = [
            np.where(taken if part.ndim == 1 else taken[:, None], part, old) for part, old in zip(new, now, strict=True)
        ]
    _, _, places, log_sigmas, shrunk_to = now
    return places, log_sigmas, shrunk_to


def _lognormals(grid: DelayGrid, places: np.ndarray, log_sigmas: np.ndarray) -> np.ndarray:
    """Weights of the bumps under each kind's log-normal alone, (kinds, nodes): narrower by the width of a bump."""
    step = grid.step * BUMP_WIDTH
    sigma = np.sqrt(np.maximum(np.exp(2 * log_sigmas) - step**2, 0.05))
    return em.with_broad(grid, grid.lognormal(np.exp(places), sigma))


def _drawn_common(places: np.ndarray, between: float, rng: np.random.Generator) -> tuple[float, float]:
    """Where the kinds' places lie and how far apart (normal, and inverse gamma: Gelman et al. 2013, chapter 5). The common
    place lies about the prior's median as far as KIND_SPREAD."""
    kinds, middle, known = len(places), np.log(DELAY_MEDIAN_HOURS), 1 / KIND_SPREAD**2
    precision = kinds / between + known
    common = (places.sum() / between + middle * known) / precision
    common += rng.standard_normal() / np.sqrt(precision)
    apart = ((places - common) ** 2).sum() + SPREAD_PSEUDO * KIND_SPREAD**2
    return float(common), float(apart / 2 / rng.standard_gamma((kinds + SPREAD_PSEUDO) / 2))


def draw_rates(
    seen: Observations, factors: tuple[np.ndarray, ...], culprits: np.ndarray, rng: np.random.Generator
) -> tuple[float, tuple[np.ndarray, ...]]:
    """The overall rate and the factors of all features, each in turn given the others: gamma draws."""
    cells = seen.cells
    found = cells.codes[:, seen.cell[culprits]]
    exposure = cells.counts * cells.rates(1.0, factors)
    usual = OVERALL_SHAPE / prior_overall(seen)
    overall = rng.standard_gamma(len(culprits) + OVERALL_SHAPE) / (exposure.sum() + usual)
    drawn, exposure = list(factors), exposure * overall
    scalings, chances = RESCALING * rng.standard_normal(len(drawn)), np.log(rng.uniform(size=len(drawn)))
    counts = [np.bincount(of, minlength=len(f.levels)) + f.shape for of, f in zip(found, seen.features, strict=True)]
    gammas = np.maximum(rng.standard_gamma(np.concatenate(counts)), LEAST)  # one call costs as much as one number
    ends = np.cumsum([len(count) for count in counts])
    for m, feature in enumerate(seen.features):
        codes, size = cells.codes[m], len(feature.levels)
        due = np.bincount(codes, weights=exposure, minlength=size) / drawn[m] + feature.shape / feature.prior
        new = gammas[ends[m] - size : ends[m]] / due
        exposure *= (new / drawn[m])[codes]
        # all levels against the overall rate: the product is all that the log tells
        times = np.exp(scalings[m])
        pull = feature.shape * (scalings[m] * size + (new / feature.prior).sum() * (1 / times - 1))
        if chances[m] < OVERALL_SHAPE * scalings[m] - usual * overall * (times - 1) - pull:
            overall, new = overall * times, new / times
        drawn[m] = new
    return float(overall), tuple(drawn)


def draw_relations(
    pairs: Pairs,
    relations: np.ndarray,
    chosen: np.ndarray,
    prior: np.ndarray,
    pseudo: np.ndarray,
    rng: np.random.Generator,
) -> np.ndarray:
    """Share per relation, (4,), over the relations that each source can have: gamma draws given exponential waiting times
    (Caron and Doucet 2012, for Plackett–Luce models). ``chosen``: the pairs in which the source set the incident off."""
    relation = pairs.relation[chosen]
    known = relation != UNKNOWN
    reachable = POSSIBLE[pairs.possible[chosen[known]]]
    # shares do not tell the sum of what they are shares of, so it is drawn
    weight = float(pseudo @ prior)
    relations = relations * rng.standard_gamma(weight) / weight
    waited = rng.exponential(size=len(reachable)) / np.maximum(reachable @ relations, LEAST)
    counts = np.bincount(relation[known], minlength=UNKNOWN)
    drawn = rng.standard_gamma(counts + pseudo * prior) / (waited @ reachable + pseudo)
    return np.maximum(drawn / drawn.sum(), LEAST)


def draw_links(
    seen: Observations, state: Parameters, linked: np.ndarray, by_change: np.ndarray, rng: np.random.Generator
) -> Parameters:
    """Productivity, places and delays of aftershocks. ``by_change`` (incidents,): a change is the root."""
    shape, usual = aftershocks.PRODUCTIVITY_SHAPE, aftershocks.PRODUCTIVITY
    without = (~by_change).astype(np.int64)  # change first, as in Parameters
    children = np.bincount(without[seen.links.change[linked]], minlength=2)
    parents = np.bincount(without[seen.used], minlength=2)
    productivity = rng.standard_gamma(children + shape) / (parents + shape / usual)
    relations = draw_relations(
        seen.links, state.link_relations, linked, aftershocks.SHARES, aftershocks.SHARE_PSEUDO, rng
    )
    return replace(
        state,
        productivity=productivity,
        link_relations=relations,
        link_delays=_draw_link_delays(seen, state.link_delays, linked, rng),
    )


def _draw_link_delays(
    seen: Observations, masses: np.ndarray, linked: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """The log-normal curve of aftershocks: normal and inverse gamma given the delays."""
    grid, middle = seen.link_grid, np.log(aftershocks.MEDIAN_HOURS)
    x = np.zeros(0)
    if len(linked):
        parts = seen.links.densities[linked].toarray() * masses
        x = grid.logs[one_of_each(parts[parts.sum(axis=1) > 0], rng)]
    pseudo = aftershocks.DELAY_PSEUDO
    n = len(x) + pseudo
    place = (x.sum() + pseudo * middle) / n
    squares = ((x - place) ** 2).sum() + pseudo * (aftershocks.SIGMA**2 + (middle - place) ** 2)
    variance = squares / 2 / rng.standard_gamma(n / 2)
    place += np.sqrt(variance / n) * rng.standard_normal()
    return grid.lognormal(np.exp(place), np.sqrt(variance))


def draw_service_shares(seen: Observations, elsewhere: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The background's share per service, (services,): between even and as changes fall, as far and as strictly as the
    incidents suggest that it explains: ``elsewhere``, the free ones and those set off from an unrelated or unknown place."""
    counts = np.bincount(seen.service[elsewhere], minlength=seen.services).astype(float)
    mixtures = service_mixtures(seen)
    weight, mixture = divmod(_chosen(service_likelihood(mixtures, counts).ravel(), rng), len(mixtures))
    return _dirichlet(counts + SERVICE_WEIGHTS[weight] * mixtures[mixture], rng)


def draw_week(seen: Observations, week: np.ndarray, free: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The share of each week that the background's hours are a sum of, (weeks,)."""
    counts = np.bincount(one_of_each(seen.week_parts[free] * week, rng), minlength=len(week))
    return _dirichlet(counts + week_prior(len(week)), rng)


def draw_ratios(
    seen: Observations, ratios: tuple[np.ndarray, ...], culprits: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, ...]:
    """What each bin of each piece of evidence is worth."""
    drawn = list(ratios)
    for e, evidence in enumerate(EVIDENCE):
        if evidence.name not in seen.without:
            counts, expected = em.ratio_counts(seen, e, ratios, culprits, np.ones(len(culprits)))
            once = np.maximum(rng.standard_gamma(counts), LEAST) / np.maximum(expected, 1e-12)
            drawn[e] = em.normalised_ratio(seen, e, once, expected)
    return tuple(drawn)


def _dirichlet(concentration: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    drawn = np.maximum(rng.standard_gamma(concentration), LEAST)
    return drawn / drawn.sum()


def _chosen(log_weights: np.ndarray, rng: np.random.Generator) -> int:
    """One position, as likely as the exponential of its weight."""
    reached = np.exp(log_weights - log_weights.max()).cumsum()
    return int(np.searchsorted(reached / reached[-1], rng.uniform(), side="right"))


def one_of_each(weights: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """One column per row, as likely as its weight."""
    if not len(weights):
        return np.zeros(0, dtype=np.int64)
    reached = weights.cumsum(axis=1)
    target = rng.uniform(size=len(weights)) * reached[:, -1]
    return np.minimum((reached <= target[:, None]).sum(axis=1), weights.shape[1] - 1)
