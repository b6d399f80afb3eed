"""How sure the fit is: draws from the posterior by Gibbs sampling, started at the fit.

Each sweep assigns every incident to one of its possible origins at random in proportion to their terms, then draws all else
given the assignments: rates, relations, delays, the background's level, services and rhythm, and every few sweeps what evidence
is worth (:mod:`aftershock.model.conditionals`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from aftershock.model import likelihood
from aftershock.model.conditionals import (
    Curves,
    draw_curves,
    draw_ratios,
    draw_relations,
    draw_rhythm,
    draw_service_shares,
    first_curves,
)
from aftershock.model.observations import Observations
from aftershock.model.parameters import CHANGE_SHARE, PSEUDO_INCIDENTS, Parameters, background_exposure, kind_priors

SWEEPS = 240  # draws from the posterior
WARM_UP = 40  # sweeps thrown away before them
SEED = 20230306  # of the draws, so that the same logs give the same answer
THIN = 2  # sweeps per draw: neighbours are alike, and every draw holds a number per pair
EVIDENCE_EVERY = 4  # sweeps between draws of what evidence is worth: they cost most and move little
BACKGROUND_EVERY = 2  # sweeps between draws of the background's services and rhythm
KEPT = (
    "pair",
    "none",
    "set_off",
    "by_change",
    "rates",
    "relations",
    "delays",
    "background",
    "service_shares",
    "rhythm",
)


@dataclass(frozen=True)
class Draws:
    """Posterior draws. ``rates`` (draws, kinds), ``set_off`` (draws, kinds): incidents set off by each kind,
    ``delays`` (draws, kinds, nodes), ``pooled`` (draws, nodes): delays over all kinds as they occur,
    ``by_change`` (draws, incidents) bool: set off by a recorded change; ``background`` (draws,) per hour;
    ``relations`` (draws, 4), ``service_shares`` (draws, services), ``rhythm`` (draws, 168) as in :class:`Parameters`;
    ``pair_mean``, ``pair_low``, ``pair_high`` (pairs,) and ``none_mean``, ``none_low``, ``none_high`` (incidents,):
    probabilities averaged over the draws with their 90 % interval."""

    rates: np.ndarray
    set_off: np.ndarray
    delays: np.ndarray
    pooled: np.ndarray
    by_change: np.ndarray
    background: np.ndarray
    relations: np.ndarray
    service_shares: np.ndarray
    rhythm: np.ndarray
    pair_mean: np.ndarray
    pair_low: np.ndarray
    pair_high: np.ndarray
    none_mean: np.ndarray
    none_low: np.ndarray
    none_high: np.ndarray


def sample(seen: Observations, fitted: Parameters, sweeps: int = SWEEPS, seed: int = SEED) -> Draws:
    """Draw ``sweeps`` posterior samples after a warm-up, each after THIN sweeps; the same seed gives the same draws."""
    rng = np.random.default_rng(seed)
    state, curves = fitted, first_curves(seen.grid, fitted.delays)
    evidence = likelihood.evidence_factor(seen, state)
    kept: dict[str, list[np.ndarray]] = {k: [] for k in KEPT}
    for sweep in range(WARM_UP + THIN * sweeps):
        terms = (
            state.rates[seen.kind]
            * likelihood.relation_factor(seen, state.relations)
            * likelihood.delay_density(seen, state.delays)
            * evidence
        )
        probability, none = likelihood.responsibilities(seen, terms, likelihood.background_rate(seen, state))
        assigned = _assign(seen, probability, none, rng)
        culprits = assigned[seen.used[seen.pairs.incident[assigned]]]
        curves = draw_curves(seen, curves, culprits, rng)
        state, set_off = _redraw(seen, state, curves, culprits, rng)
        if sweep % BACKGROUND_EVERY == BACKGROUND_EVERY - 1:
            state = _redraw_background(seen, state, culprits, rng)
        if sweep % EVIDENCE_EVERY == EVIDENCE_EVERY - 1:
            state = replace(state, ratios=draw_ratios(seen, state.ratios, culprits, rng))
            evidence = likelihood.evidence_factor(seen, state)
        if sweep >= WARM_UP and (sweep - WARM_UP) % THIN == THIN - 1:
            by_change = np.zeros(seen.incidents, dtype=bool)
            by_change[seen.pairs.incident[assigned]] = True
            found = (probability.astype(np.float32), none, set_off, by_change)
            learned = (state.rates, state.relations, state.delays, state.background, state.service_shares, state.rhythm)
            for name, value in zip(KEPT, (*found, *learned), strict=True):
                kept[name].append(np.asarray(value))
    return _summarised(kept)


def _assign(seen: Observations, probability: np.ndarray, none: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The pair chosen for each incident that fell to a change, as indices of pairs."""
    starts = seen.pairs.starts
    total = np.concatenate([[0.0], np.cumsum(probability)])
    target = rng.uniform(size=seen.incidents)
    by_change = target < 1 - none
    chosen = np.searchsorted(total, total[starts[:-1]][by_change] + target[by_change], side="right") - 1
    return np.clip(chosen, starts[:-1][by_change], np.maximum(starts[1:][by_change] - 1, 0))


def _redraw(
    seen: Observations, state: Parameters, curves: Curves, culprits: np.ndarray, rng: np.random.Generator
) -> tuple[Parameters, np.ndarray]:
    """Rates, relations, delays and the background's level, drawn anew; and how many incidents each kind set off."""
    set_off = np.bincount(seen.kind[culprits], minlength=len(seen.kinds)).astype(float)
    pseudo, pseudo_changes = kind_priors(seen)
    changes = np.bincount(seen.kind_of_change[seen.counted], minlength=len(seen.kinds))
    free = seen.used.sum() - len(culprits)
    return replace(
        state,
        rates=rng.gamma(set_off + pseudo) / (changes + pseudo_changes),
        relations=draw_relations(seen, state.relations, culprits, rng),
        delays=curves.masses,
        background=rng.gamma(free + (1 - CHANGE_SHARE) * PSEUDO_INCIDENTS) / background_exposure(seen),
    ), set_off


def _redraw_background(
    seen: Observations, state: Parameters, culprits: np.ndarray, rng: np.random.Generator
) -> Parameters:
    """Where and when the background's incidents fall."""
    free = seen.used.copy()
    free[seen.pairs.incident[culprits]] = False
    return replace(
        state,
        service_shares=draw_service_shares(seen, np.flatnonzero(free), rng),
        rhythm=draw_rhythm(seen, state.rhythm, np.flatnonzero(free), rng),
    )


def _summarised(kept: dict[str, list[np.ndarray]]) -> Draws:
    arrays = {name: np.array(values) for name, values in kept.items()}
    pair, none = arrays.pop("pair"), arrays.pop("none")
    weights = arrays["set_off"] + 1e-9
    pooled = np.einsum("sk,skn->sn", weights / weights.sum(axis=1, keepdims=True), arrays["delays"])
    quantiles = np.quantile(pair, [0.05, 0.95], axis=0) if pair.shape[1] else np.zeros((2, 0))
    return Draws(
        **arrays,
        pooled=pooled,
        pair_mean=pair.mean(axis=0, dtype=float),
        pair_low=quantiles[0],
        pair_high=quantiles[1],
        none_mean=none.mean(axis=0),
        none_low=np.quantile(none, 0.05, axis=0),
        none_high=np.quantile(none, 0.95, axis=0),
    )
