"""The terms of the model: the rate at which each change, and the background, would have set each incident off.

The rate of incidents on service v at time t is

    background(v, hour of week) + Σ_c rate(kind) · share(relation) · spread · f_kind(delay) · Π ratio(evidence),

a Hawkes-type process with exogenous triggers.
"""

from __future__ import annotations

import numpy as np

from aftershock.model.evidence import EVIDENCE
from aftershock.model.observations import Observations
from aftershock.model.parameters import Parameters
from aftershock.model.service_graph import UNKNOWN


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
