"""How sure the fit is: draws from the posterior by Gibbs sampling, started at the fit.

Each sweep assigns every incident to one of its possible origins at random in proportion to their terms, then draws
rates, background and delays given the assignments, and every few sweeps what evidence is worth. The relations, the rhythm and
the services' shares of the background stay at the fit, so intervals are those given these.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from aftershock import fit as model
from aftershock.delays import smooth
from aftershock.evidence import EVIDENCE
from aftershock.fit import Observations, Parameters

SWEEPS, WARM_UP, SEED = 240, 40, 20230306
THIN = 2  # sweeps per draw: neighbours are alike, and every draw holds a number per pair
EVIDENCE_EVERY = 4  # sweeps between draws of what evidence is worth: they cost most and move little


@dataclass(frozen=True)
class Draws:
    """Posterior draws. ``rates`` (draws, kinds), ``set_off`` (draws, kinds): incidents set off by each kind,
    ``delays`` (draws, kinds, nodes), ``pooled`` (draws, nodes): delays over all kinds as they occur,
    ``by_change`` (draws, incidents) bool: set off by a recorded change; ``background`` (draws,) per hour;
    ``pair_mean``, ``pair_low``, ``pair_high`` (pairs,) and ``none_mean``, ``none_low``, ``none_high`` (incidents,):
    probabilities averaged over the draws with their 90 % interval."""

    rates: np.ndarray
    set_off: np.ndarray
    delays: np.ndarray
    pooled: np.ndarray
    by_change: np.ndarray
    background: np.ndarray
    pair_mean: np.ndarray
    pair_low: np.ndarray
    pair_high: np.ndarray
    none_mean: np.ndarray
    none_low: np.ndarray
    none_high: np.ndarray


def sample(seen: Observations, fitted: Parameters, sweeps: int = SWEEPS, seed: int = SEED) -> Draws:
    """Draw ``sweeps`` posterior samples after a warm-up, each after THIN sweeps; the same seed gives the same draws."""
    rng = np.random.default_rng(seed)
    state, fixed = fitted, np.zeros(0)
    relations = model.relation_factor(seen, fitted.relations)
    background = model.background_rate(seen, fitted) / fitted.background
    kept: dict[str, list[np.ndarray]] = {
        k: [] for k in ("rates", "set_off", "delays", "by_change", "background", "pair", "none")
    }
    for sweep in range(WARM_UP + THIN * sweeps):
        if sweep % EVIDENCE_EVERY == 0:
            fixed = relations * model.evidence_factor(seen, state)
        density = model.delay_density(seen, state.delays)
        probability, none = model.responsibilities(
            seen, state.rates[seen.kind] * fixed * density, background * state.background
        )
        assigned = _assign(seen, probability, none, rng)
        state, set_off = _redraw(seen, state, assigned, density, rng)
        if sweep % EVIDENCE_EVERY == EVIDENCE_EVERY - 1:
            state = _redraw_evidence(seen, state, assigned, rng)
        if sweep >= WARM_UP and (sweep - WARM_UP) % THIN == THIN - 1:
            by_change = np.zeros(seen.incidents, dtype=bool)
            by_change[seen.pairs.incident[assigned]] = True
            for name, value in (
                ("rates", state.rates),
                ("set_off", set_off),
                ("delays", state.delays),
                ("by_change", by_change),
                ("background", state.background),
                ("pair", probability.astype(np.float32)),
                ("none", none),
            ):
                kept[name].append(value)
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
    seen: Observations, state: Parameters, assigned: np.ndarray, density: np.ndarray, rng: np.random.Generator
) -> tuple[Parameters, np.ndarray]:
    counted = assigned[seen.used[seen.pairs.incident[assigned]]]
    set_off = np.bincount(seen.kind[counted], minlength=len(seen.kinds)).astype(float)
    pseudo, pseudo_changes = model.kind_priors(seen)
    changes = np.bincount(seen.kind_of_change[seen.counted], minlength=len(seen.kinds))
    weight = np.zeros(len(seen.pairs))
    weight[counted] = 1.0
    counts = model.delay_counts(seen, state.delays, weight, density)
    concentration = smooth(counts) + model.KIND_DELAY_PSEUDO * model.base_delays(seen, counts)
    delays = rng.gamma(np.maximum(concentration, 1e-3))
    free = seen.used.sum() - len(counted) + (1 - model.CHANGE_SHARE) * model.PSEUDO_INCIDENTS
    return replace(
        state,
        rates=rng.gamma(set_off + pseudo) / (changes + pseudo_changes),
        delays=delays / delays.sum(axis=1, keepdims=True),
        background=rng.gamma(free) / model.background_exposure(seen),
    ), set_off


def _redraw_evidence(
    seen: Observations, state: Parameters, assigned: np.ndarray, rng: np.random.Generator
) -> Parameters:
    weight = np.zeros(len(seen.pairs))
    weight[assigned] = seen.used[seen.pairs.incident[assigned]]
    return replace(state, ratios=tuple(_drawn_ratio(seen, e, state, weight, rng) for e in range(len(EVIDENCE))))


def _drawn_ratio(
    seen: Observations, e: int, state: Parameters, weight: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    counts, expected = model.ratio_counts(seen, e, state.ratios[e], weight)
    return model.normalised_ratio(seen, e, rng.gamma(counts) / np.maximum(expected, 1e-12), expected)


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
