"""The terms of the model: the rate at which each change, each earlier incident and the background would set each incident off.

The rate of incidents on service v at time t is

    background(v, hour of week) + Σ_c rate(features) · share(relation) · f_kind(delay) · Π ratio(evidence) / their mean
                                + Σ_j productivity · share(relation) · g(delay),

a Hawkes process with exogenous triggers (changes c) next to its own events (earlier incidents j). An incident's *direct*
origin is one of these terms; its *root* is what set off the first of its sequence (:mod:`aftershock.model.aftershocks`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aftershock.model.candidates import POSSIBLE, Pairs
from aftershock.model.evidence import EVIDENCE
from aftershock.model.null_rates import GROWING
from aftershock.model.observations import Observations
from aftershock.model.parameters import Parameters
from aftershock.model.service_graph import UNRELATED

RELATION = "relation"
DELAY = "delay"
USUAL = "usual"
IMPOSSIBLE = 1e-300  # in place of a rate of 0, whose logarithm is not finite
SETTLED = 6  # steps of the mean-field iteration; then probabilities move by thousandths


def evidence_logs(seen: Observations, ratios: tuple[np.ndarray, ...]) -> dict[str, np.ndarray]:
    """Log likelihood ratio of each pair, (pairs,) per piece of evidence, and last USUAL: what makes the product of all 1 on
    average over innocent pairs of a stratum."""
    logs = {}
    for e, (evidence, ratio) in enumerate(zip(EVIDENCE, ratios, strict=True)):
        if e in GROWING:
            logs[evidence.name] = seen.null.growing_logs(e, ratio)[seen.layers, seen.bins[e]]
        else:
            logs[evidence.name] = np.log(ratio)[seen.bins[e]]
    return logs | {USUAL: -np.log(seen.null.normaliser(ratios))[seen.strata]}


def relation_factor(pairs: Pairs, relations: np.ndarray, place: np.ndarray) -> np.ndarray:
    """Share of what a source sets off that falls on each pair's place, (pairs,): over the relations that the source can have,
    and at an unrelated or unknown place as the background falls on it; ``place`` (incidents,)."""
    of_all = np.maximum(POSSIBLE @ relations, 1e-12)
    table = np.append(relations / of_all[:, None], np.ones((len(of_all), 1)), axis=1)
    share = table[pairs.possible, pairs.relation]
    return share * np.where(pairs.relation >= UNRELATED, place[pairs.incident], pairs.spread)


def delay_density(seen: Observations, delays: np.ndarray) -> np.ndarray:
    """f_kind(delay) of each pair, per hour, (pairs,); ``delays`` (kinds, nodes)."""
    return seen.pairs.density(delays, seen.delay_cells)


def background_rate(seen: Observations, parameters: Parameters) -> np.ndarray:
    """Background rate at each incident's place and time, per hour, (incidents,)."""
    return parameters.background * parameters.service_shares[seen.service] * (seen.week_parts @ parameters.week)


def term_logs(
    seen: Observations, parameters: Parameters, evidence: dict[str, np.ndarray] | None = None
) -> dict[str, np.ndarray]:
    """The logarithm of each factor of each pair's term, (pairs,) per piece: the features of the change, the first with the
    overall rate; where it showed; when, per hour; and the ``evidence``, made anew unless it is given. Their sum is that of the
    rate per hour at which the change would have set the incident off."""
    logs = {}
    for feature, codes, factor in zip(seen.features, seen.cells.codes, parameters.factors, strict=True):
        logs[feature.name] = np.log(factor)[codes][seen.cell]
    logs[seen.features[0].name] = logs[seen.features[0].name] + np.log(parameters.overall)
    place = parameters.service_shares[seen.service]
    logs[RELATION] = logarithm(relation_factor(seen.pairs, parameters.relations, place))
    logs[DELAY] = logarithm(delay_density(seen, parameters.delays))
    return logs | (evidence_logs(seen, parameters.ratios) if evidence is None else evidence)


def logarithm(values: np.ndarray) -> np.ndarray:
    """Of rates and shares, finite where they are 0."""
    return np.log(np.maximum(values, IMPOSSIBLE))


def total(logs: dict[str, np.ndarray]) -> np.ndarray:
    """The rates per hour whose factors' logarithms these are, (pairs,)."""
    return np.exp(sum(logs.values()))


def terms(seen: Observations, parameters: Parameters) -> np.ndarray:
    """Rate per hour at which each pair's change would have set off its incident, (pairs,)."""
    return total(term_logs(seen, parameters))


def link_terms(seen: Observations, parameters: Parameters) -> np.ndarray:
    """Rate per hour at which each earlier incident would have set off the later one, were its productivity 1, (links,)."""
    place = parameters.service_shares[seen.service]
    where = relation_factor(seen.links, parameters.link_relations, place)
    return where * (seen.links.densities @ parameters.link_delays)


@dataclass(frozen=True)
class Rates:
    """All that competes for the incidents, per hour: ``pairs`` (pairs,), ``rest`` (incidents,): of changes that are no pairs here,
    ``links`` (links,) at a productivity of 1, ``background`` (incidents,); and ``productivity`` (2,) of incidents whose root is a
    change and of those whose root is none."""

    pairs: np.ndarray
    rest: np.ndarray
    links: np.ndarray
    background: np.ndarray
    productivity: np.ndarray


def rates_of(seen: Observations, parameters: Parameters, rest: np.ndarray | None = None) -> Rates:
    """All rates under these parameters; ``rest`` (incidents,): of all that is no pair here, unless it is as they make it."""
    return Rates(
        terms(seen, parameters),
        unlisted_rates(seen, parameters) if rest is None else rest,
        link_terms(seen, parameters),
        background_rate(seen, parameters),
        parameters.productivity,
    )


def unlisted_rates(seen: Observations, parameters: Parameters) -> np.ndarray:
    """Of the candidates that a large log does not list, all together, (incidents,)."""
    return seen.unlisted.rates(seen, parameters) if seen.unlisted else np.zeros(seen.incidents)


@dataclass(frozen=True)
class Origins:
    """Probabilities of the direct origins of incidents: ``pairs`` (pairs,), ``rest`` (incidents,), ``links`` (links,) and ``none``
    (incidents,); and ``rootless`` (incidents,): that no recorded change is the root."""

    pairs: np.ndarray
    rest: np.ndarray
    links: np.ndarray
    none: np.ndarray
    rootless: np.ndarray


def leaning(seen: Observations, linked: np.ndarray, productivity: np.ndarray) -> np.ndarray:
    """How far an incident's own aftershocks, and theirs, speak for a change as its root: log odds, (incidents,). ``linked``
    (links,): how far each link holds."""
    of_change, of_none = productivity
    return seen.roots.descendants(linked, float(np.log(of_change / of_none)), float(of_none - of_change))


def shares(
    seen: Observations, rates: Rates, leaning: np.ndarray, by_change: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Each direct origin's share of an incident's whole rate: of pairs, rest, links and none; verdicts are clamped.

    ``by_change`` (incidents,): how probably a change is the root of each possible parent.
    """
    toward_change, toward_none = np.exp(np.minimum(leaning, 0.0)), np.exp(np.minimum(-leaning, 0.0))
    incident, child, parent = seen.pairs.incident, seen.links.incident, seen.links.change
    of_change, of_none = rates.productivity
    pairs, rest, none = (
        rates.pairs * toward_change[incident],
        rates.rest * toward_change,
        rates.background * toward_none,
    )
    kin = by_change[parent]
    links = rates.links * (kin * of_change * toward_change[child] + (1 - kin) * of_none * toward_none[child])
    whole = (
        none
        + rest
        + np.bincount(incident, weights=pairs, minlength=seen.incidents)
        + np.bincount(child, weights=links, minlength=seen.incidents)
    )
    pairs, rest, links, none = pairs / whole[incident], rest / whole, links / whole[child], none / whole
    if not seen.decided.any():
        return pairs, rest, links, none
    chosen = np.bincount(incident, weights=seen.verdict, minlength=seen.incidents)
    return (
        np.where(seen.decided[incident], seen.verdict / np.maximum(chosen, 1)[incident], pairs),
        np.where(seen.decided, 0.0, rest),
        np.where(seen.decided[child], 0.0, links),
        np.where(seen.decided, (chosen == 0).astype(float), none),
    )


def step(seen: Observations, rates: Rates, before: Origins | None) -> Origins:
    """One step of the mean-field iteration: how many aftershocks an incident had speaks for the kind of root whose incidents
    have as many, and both are taken from the origins ``before``."""
    if before is None:
        found = shares(seen, rates, np.zeros(seen.incidents), np.full(seen.parents, 0.5))
    else:
        found = shares(seen, rates, leaning(seen, before.links, rates.productivity), 1 - before.rootless)
    pairs, rest, links, none = found
    return Origins(pairs, rest, links, none, seen.roots.rootless(none, links))


def settled(seen: Observations, rates: Rates) -> Origins:
    """The direct origins of all incidents under these rates."""
    found = step(seen, rates, None)
    for _ in range(SETTLED if len(seen.links) else 0):
        found = step(seen, rates, found)
    return found


def rooted(seen: Observations, found: Origins) -> tuple[np.ndarray, np.ndarray]:
    """(probability of each pair's change, of "no recorded change" per incident) as the root of the incident. A root that is no
    candidate of a later incident of its outage leaves its share there to those that are."""
    pairs, none = seen.roots.of(found.pairs, found.none, found.links)
    incident = seen.pairs.incident
    whole = none + found.rest + np.bincount(incident, weights=pairs, minlength=seen.incidents)
    return pairs / whole[incident], none / whole
