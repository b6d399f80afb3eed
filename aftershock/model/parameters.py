"""What the model learns, and the priors that it starts from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aftershock.model.observations import Observations

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
CHANGE_SHARE = 0.5  # share of incidents set off by a logged change; published figures run from a third to two thirds
PSEUDO_INCIDENTS = 8.0  # incidents that CHANGE_SHARE counts for; a judgement
KIND_PSEUDO = 1.0  # incidents that each kind's own prior rate counts for, besides; a judgement
RELATION_PSEUDO = 3.0  # incidents that RELATION_SHARES counts for; a judgement
DELAY_MEDIAN_HOURS = 0.5  # median of the log-normal prior delay, hours; a judgement
DELAY_SIGMA = 1.8  # its standard deviation, in natural logarithms: 95 % within ten hours; a judgement
DELAY_PSEUDO = 10.0  # incidents that the prior delay counts for, against all kinds together; a judgement
KIND_SPREAD = 1.0  # standard deviation of the kinds' medians around the common one, in natural logarithms; a judgement
SPREAD_PSEUDO = 4.0  # kinds that KIND_SPREAD counts for; a judgement
KIND_WIDTH_PSEUDO = 8.0  # incidents that the common width counts for, per kind; a judgement
KIND_DELAY_PSEUDO = 40.0  # incidents that a kind's log-normal counts for, against its own curve; a judgement
BROAD_SHARE = 0.01  # share of the prior delay in that log-normal, so that no delay is impossible
EVIDENCE_PSEUDO = 12.0  # culprits that the prior ratios count for besides, spread as they fall; a judgement
RHYTHM_PSEUDO = 48.0  # incidents that the mixed hour of week counts for; a judgement
MIXTURE_PSEUDO = 2.0  # log likelihood that it costs to mix all or nothing of the hours of changes; a judgement
SERVICE_PSEUDO = 1.5  # background incidents that the prior counts for, per service; a judgement


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
        service_shares(seen, np.full(seen.incidents, 0.5)),
        (1 + seen.rhythm_prior) / 2,
        seen.priors.ratios,
    )


def prior_rates(seen: Observations) -> np.ndarray:
    """Prior rate per change of each kind, such that changes would set off CHANGE_SHARE of the incidents."""
    weights = np.array([KIND_WEIGHTS[k] for k in seen.kinds])
    changes = np.bincount(seen.kind_of_change[seen.counted], minlength=len(seen.kinds))
    expected = max(float(weights @ changes), 1e-9)
    return weights * min(CHANGE_SHARE * max(float(seen.used.sum()), 1.0) / expected, 0.5)


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


def service_shares(seen: Observations, none: np.ndarray) -> np.ndarray:
    counts = service_counts(seen, none)
    return counts / counts.sum()


def service_counts(seen: Observations, none: np.ndarray) -> np.ndarray:
    """Background incidents per service, with those of the prior: half even, half as changes fall on services."""
    counts = np.bincount(seen.service, weights=none * seen.used, minlength=seen.services)
    return counts + SERVICE_PSEUDO * seen.services * (1 / seen.services + seen.change_shares) / 2
