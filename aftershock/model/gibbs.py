"""How sure the fit is: draws from the posterior by Gibbs sampling, started at the fit.

Each sweep assigns every incident to one of its possible origins at random in proportion to their rates, then draws all else
given the assignments (:mod:`aftershock.model.conditionals`).

The answer is the geometric mean over the draws: each factor's logarithm is averaged, and origins compete with these means
(a logarithmic pool; Genest and Zidek 1986). So the steps of an explanation are the averages themselves and lead exactly
to the number shown; the intervals are those of the draws. Candidates that the fit holds for all but impossible are drawn
together, with their sum at the fit: what is kept of a draw does not grow with the number of all pairs. Earlier incidents that
are no origin at the fit are none in a draw.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from aftershock.model import likelihood
from aftershock.model.aftershocks import LEAST_LINK
from aftershock.model.conditionals import (
    draw_curves,
    draw_links,
    draw_rates,
    draw_ratios,
    draw_relations,
    draw_service_shares,
    draw_week,
    first_curves,
)
from aftershock.model.delays import bumps
from aftershock.model.intervals import posterior_interval
from aftershock.model.likelihood import Origins, Rates
from aftershock.model.observations import Observations
from aftershock.model.parameters import (
    BACKGROUND_SHAPE,
    RELATION_PSEUDO,
    RELATION_SHARES,
    Parameters,
    background_exposure,
)
from aftershock.model.service_graph import UNRELATED

SWEEPS = 150  # draws from the posterior
WARM_UP = 25  # sweeps thrown away before them
BATCHES = 5  # of draws, whose answers' spread is the Monte Carlo error
SEED = 20230306  # of the draws, so that the same logs give the same answer
EVIDENCE_EVERY = 4  # sweeps between draws of what evidence is worth: they cost most and move little
LEAST_KEPT = 5e-4  # probability at the fit, as direct origin or as root, below which candidates are drawn together


@dataclass(frozen=True)
class Answer:
    """The geometric mean of the draws. ``logs``: of the factors of the terms that were drawn one by one, (kept,) per piece, and
    all ``rates``, averaged, of the other pairs as at the fit; ``origins`` that these give."""

    logs: dict[str, np.ndarray]
    rates: Rates
    origins: Origins


@dataclass(frozen=True)
class Draws:
    """Posterior draws, each a row, and what they come to.

    ``states``: the parameters of each; ``rates`` (draws, kinds): incidents set off per change of a kind; ``set_off`` (draws,
    kinds): incidents that each kind set off, each outage once; ``pooled`` (draws, nodes): delays over all kinds as they occur;
    ``by_change`` (draws, incidents) bool: a recorded change is the root; ``linked`` (draws, incidents) bool: an earlier incident is
    the direct origin, so it is no outage of its own. ``pair_mean``, ``pair_low``, ``pair_high`` (pairs,) and
    ``none_mean``, ``none_low``, ``none_high`` (incidents,): the answer, and the 5 % and 95 % quantiles of the draws, widened to
    hold it. ``pair_error``, ``none_error``: Monte Carlo standard errors of the answer, how far other draws would move it, by the
    spread of batches of draws (Flegal, Haran and Jones 2008). ``kept``: the pairs that were drawn one by one; ``answer``: how it
    came about.
    """

    states: list[Parameters]
    rates: np.ndarray
    set_off: np.ndarray
    pooled: np.ndarray
    by_change: np.ndarray
    linked: np.ndarray
    pair_mean: np.ndarray
    pair_low: np.ndarray
    pair_high: np.ndarray
    none_mean: np.ndarray
    none_low: np.ndarray
    none_high: np.ndarray
    pair_error: np.ndarray
    none_error: np.ndarray
    kept: np.ndarray
    answer: Answer

    def of(self, name: str) -> np.ndarray:
        """One field of :class:`Parameters`, (draws, …)."""
        return np.array([getattr(state, name) for state in self.states])


class Sampler:
    """One chain: the present state, and what was last assigned."""

    def __init__(self, seen: Observations, fitted: Parameters, seed: int):
        self.seen, self.state, self.rng = seen, fitted, np.random.default_rng(seed)
        self.curves = first_curves(seen.grid, fitted.delays)
        rates = likelihood.rates_of(seen, fitted)
        found = likelihood.settled(seen, rates)
        root, _ = likelihood.rooted(seen, found)
        one_by_one = (np.maximum(found.pairs, root) >= LEAST_KEPT) | seen.verdict
        self.kept, self.others = np.flatnonzero(one_by_one), np.flatnonzero(~one_by_one)
        self.followed = np.flatnonzero(found.links >= LEAST_LINK)
        self.few = seen.with_pairs(self.kept).with_links(self.followed)
        self.fits = self.few.pairs.densities @ bumps(seen.grid.size)
        self.other_rates, self.link_rates = rates.pairs[self.others], rates.links
        self.other_reached = _reached(self.other_rates)
        self.unlisted = rates.rest
        self.together = np.bincount(
            seen.pairs.incident[self.others], weights=self.other_rates, minlength=seen.incidents
        )
        self.rest = self.together + self.unlisted
        self.other_starts = np.searchsorted(seen.pairs.incident[self.others], np.arange(seen.incidents + 1))
        self.linked = np.zeros(len(self.followed))
        self.by_change = found.rootless < 0.5
        self.evidence = likelihood.evidence_logs(self.few, fitted.ratios)

    def sweep(self, number: int) -> tuple[dict[str, np.ndarray], Rates, tuple[np.ndarray, ...], np.ndarray]:
        """(logs and rates under the state before, the probabilities of all origins, culprits inside the observed period)."""
        seen, rng = self.seen, self.rng
        logs = likelihood.term_logs(self.few, self.state, self.evidence)
        rates = Rates(
            likelihood.total(logs),
            self.rest,
            likelihood.link_terms(self.few, self.state),
            likelihood.background_rate(seen, self.state),
            self.state.productivity,
        )
        delay = likelihood.delay_density(self.few, self.curves.expected_masses)
        leaning = likelihood.leaning(self.few, self.linked, self.state.productivity)
        found = likelihood.shares(self.few, rates, leaning, self.by_change.astype(float))
        culprits, linked, free = self._assigned(*found)
        culprits = culprits[seen.used[seen.pairs.incident[culprits]]]
        linked, free = linked[seen.used[self.few.links.incident[linked]]], free[seen.used[free]]
        self._redraw(culprits, linked, free)
        if number % EVIDENCE_EVERY == EVIDENCE_EVERY - 1:
            self.state = replace(self.state, ratios=draw_ratios(seen, self.state.ratios, culprits, rng))
            self.evidence = likelihood.evidence_logs(self.few, self.state.ratios)
        return logs | {likelihood.DELAY: likelihood.logarithm(delay)}, rates, found, culprits

    def _redraw(self, culprits: np.ndarray, linked: np.ndarray, free: np.ndarray) -> None:
        """All but what evidence is worth, given the origins."""
        seen, rng = self.seen, self.rng
        self.curves = draw_curves(self.curves, seen.kind[culprits], self._fits(culprits), rng)
        overall, factors = draw_rates(seen, self.state.factors, culprits, rng)
        pairs, links = seen.pairs, self.few.links
        elsewhere = (
            free,
            pairs.incident[culprits[pairs.relation[culprits] >= UNRELATED]],
            links.incident[linked[links.relation[linked] >= UNRELATED]],
        )
        self.state = replace(
            self.state,
            overall=overall,
            factors=factors,
            relations=draw_relations(pairs, self.state.relations, culprits, RELATION_SHARES, RELATION_PSEUDO, rng),
            delays=self.curves.masses,
            background=rng.standard_gamma(len(free) + BACKGROUND_SHAPE) / background_exposure(seen),
            service_shares=draw_service_shares(seen, np.concatenate(elsewhere), rng),
            week=draw_week(seen, self.state.week, free, rng),
        )
        self.state = draw_links(self.few, self.state, linked, self.by_change, rng)

    def _assigned(
        self, pairs: np.ndarray, rest: np.ndarray, links: np.ndarray, none: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(culprits as numbers of all pairs, links that are followed, incidents without either): one direct origin per incident."""
        seen, few, target = self.seen, self.few, self.rng.uniform(size=self.seen.incidents)
        by_pair = np.bincount(few.pairs.incident, weights=pairs, minlength=seen.incidents)
        chosen = self.kept[_picked(_reached(pairs), few.pairs.starts, target, target < by_pair)]
        target = target - by_pair
        lesser = (target >= 0) & (target < rest)
        scale = self.rest / np.maximum(rest, likelihood.IMPOSSIBLE)
        lesser_listed = lesser & (target * scale < self.together)
        others = self.others[_picked(self.other_reached, self.other_starts, target * scale, lesser_listed)]
        target = target - rest
        by_link = np.bincount(few.links.incident, weights=links, minlength=seen.incidents)
        linked = _picked(_reached(links), few.links.starts, target, (target >= 0) & (target < by_link))
        culprits = np.concatenate([chosen, others])
        free = np.ones(seen.incidents, dtype=bool)
        free[seen.pairs.incident[culprits]] = False
        free[lesser] = False
        self._follow(~free, linked)
        free[few.links.incident[linked]] = False
        return culprits, linked, np.flatnonzero(free)

    def _fits(self, culprits: np.ndarray) -> np.ndarray:
        """How well each bump of the delay curves fits each culprit's delay, (culprits, nodes)."""
        place = np.minimum(np.searchsorted(self.kept, culprits), len(self.kept) - 1)
        known = self.kept[place] == culprits if len(self.kept) else np.zeros(len(culprits), dtype=bool)
        if known.all():
            return self.fits[place]
        fits = np.empty((len(culprits), self.seen.grid.size))
        fits[known] = self.fits[place[known]]
        fits[~known] = self.seen.pairs.densities[culprits[~known]] @ bumps(self.seen.grid.size)
        return fits

    def _follow(self, changed: np.ndarray, linked: np.ndarray) -> None:
        """Which incidents have a change as their root, parents before children; ``changed`` (incidents,):
        as their direct origin."""
        few = self.few
        self.by_change = changed.copy()
        self.linked = np.zeros(len(few.links))
        self.linked[linked] = 1.0
        for link in few.roots.order[self.linked[few.roots.order] > 0]:
            self.by_change[few.links.incident[link]] = self.by_change[few.links.change[link]]


def _reached(weights: np.ndarray) -> np.ndarray:
    """The sum of all weights before each, and of all, (weights + 1,)."""
    return np.concatenate([[0.0], np.cumsum(weights)])


def _picked(reached: np.ndarray, starts: np.ndarray, target: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """For each incident that is ``wanted`` the number of the weight that its target falls on."""
    first, last = starts[:-1][wanted], starts[1:][wanted]
    chosen = np.searchsorted(reached, reached[first] + target[wanted], side="right") - 1
    return np.clip(chosen, first, np.maximum(last - 1, 0))


def sample(seen: Observations, fitted: Parameters, sweeps: int = SWEEPS, seed: int = SEED) -> Draws:
    """``sweeps`` posterior draws after a warm-up; the same seed gives the same draws."""
    chain = Sampler(seen, fitted, seed)
    for number in range(WARM_UP):
        chain.sweep(number)
    few, batches = chain.few, [_Mean() for _ in range(min(BATCHES, sweeps))]
    states, set_off, by_change, linked, found = [], [], [], [], []
    for number in range(WARM_UP, WARM_UP + sweeps):
        logs, rates, origins, culprits = chain.sweep(number)
        batches[(number - WARM_UP) * len(batches) // sweeps].add(logs, rates)
        states.append(chain.state)
        set_off.append(np.bincount(seen.kind[culprits], minlength=len(seen.kinds)).astype(float))
        by_change.append(chain.by_change)
        linked.append(np.bincount(few.links.incident, weights=chain.linked, minlength=seen.incidents) > 0)
        found.append((origins[0], origins[3], origins[2]))
    answer = _Mean.of(batches).answer(chain)
    pair_error, none_error = _errors([batch.of_kept(chain) for batch in batches])
    pair, none = likelihood.rooted(seen, answer.origins)
    one_by_one, together = pair[chain.kept], pair[chain.others]
    drawn_pair, drawn_none = few.roots.of(*(np.array(part).T for part in zip(*found, strict=True)))
    weights = np.array(set_off) + 1e-9
    delays = np.array([state.delays for state in states])
    ends = np.stack(posterior_interval(drawn_pair, axis=1)) if len(one_by_one) else np.zeros((2, 0))
    low, high = posterior_interval(drawn_none, axis=1)
    return Draws(
        states=states,
        rates=np.array([kind_rates(seen, state) for state in states]),
        set_off=np.array(set_off),
        pooled=np.einsum("sk,skn->sn", weights / weights.sum(axis=1, keepdims=True), delays),
        by_change=np.array(by_change),
        linked=np.array(linked),
        pair_mean=pair,
        pair_low=chain_order(chain, np.minimum(ends[0], one_by_one), together),
        pair_high=chain_order(chain, np.maximum(ends[1], one_by_one), together),
        none_mean=none,
        none_low=np.minimum(low, none),
        none_high=np.maximum(high, none),
        pair_error=chain_order(chain, pair_error, np.zeros(len(chain.others))),
        none_error=none_error,
        kept=chain.kept,
        answer=answer,
    )


class _Mean:
    """Means of logarithms over the draws."""

    def __init__(self) -> None:
        self.count, self.logs, self.rates = 0, dict[str, np.ndarray](), list[np.ndarray]()

    def add(self, logs: dict[str, np.ndarray], rates: Rates) -> None:
        new = [likelihood.logarithm(r) for r in (rates.links, rates.background, rates.productivity)]
        self.count += 1
        if not self.rates:
            self.logs, self.rates = {name: log.copy() for name, log in logs.items()}, new
            return
        for name, log in logs.items():
            self.logs[name] += log
        for mean, log in zip(self.rates, new, strict=True):
            mean += log

    @classmethod
    def of(cls, parts: list[_Mean]) -> _Mean:
        """The mean over all draws of several."""
        mean = cls()
        mean.count = sum(part.count for part in parts)
        mean.logs = {name: np.sum([part.logs[name] for part in parts], axis=0) for name in parts[0].logs}
        mean.rates = [np.sum(logs, axis=0) for logs in zip(*(part.rates for part in parts), strict=True)]
        return mean

    def _averaged(self) -> tuple[dict[str, np.ndarray], list[np.ndarray]]:
        logs = {name: log / self.count for name, log in self.logs.items()}
        return logs, [np.exp(log / self.count) for log in self.rates]

    def of_kept(self, chain: Sampler) -> tuple[np.ndarray, np.ndarray]:
        """The answer by these draws for the pairs drawn one by one, (kept,), and for none, (incidents,)."""
        logs, others = self._averaged()
        rates = Rates(likelihood.total(logs), chain.rest, *others)
        return likelihood.rooted(chain.few, likelihood.settled(chain.few, rates))

    def answer(self, chain: Sampler) -> Answer:
        logs, (followed, background, productivity) = self._averaged()
        pairs, links = chain_order(chain, likelihood.total(logs), chain.other_rates), chain.link_rates.copy()
        links[chain.followed] = followed
        rates = Rates(pairs, chain.unlisted, links, background, productivity)
        return Answer(logs, rates, likelihood.settled(chain.seen, rates))


def _errors(answers: list[tuple[np.ndarray, np.ndarray]]) -> tuple[np.ndarray, np.ndarray]:
    """Standard error of the mean over batches, of pairs and of none."""
    pair, none = (np.std(np.array(part), axis=0, ddof=1) / np.sqrt(len(answers)) for part in zip(*answers, strict=True))
    return pair, none


def chain_order(chain: Sampler, kept: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Values of the pairs drawn one by one and of the others, in the order of all pairs."""
    values = np.empty(len(chain.seen.pairs))
    values[chain.kept], values[chain.others] = kept, others
    return values


def kind_rates(seen: Observations, state: Parameters) -> np.ndarray:
    """Incidents that a change of each kind sets off, on average over the kind's changes, (kinds,)."""
    cells, size = seen.cells, len(seen.kinds)
    rates, kind = cells.rates(state.overall, state.factors), cells.codes[0]
    counts = np.bincount(kind, weights=cells.counts, minlength=size)
    due = np.bincount(kind, weights=cells.counts * rates, minlength=size)
    alone = np.bincount(kind, weights=rates, minlength=size) / np.maximum(np.bincount(kind, minlength=size), 1)
    return np.where(counts > 0, due / np.maximum(counts, 1e-300), alone)
