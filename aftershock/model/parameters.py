"""What the model learns, and the priors that it starts from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aftershock.model import aftershocks
from aftershock.model.background import week_prior
from aftershock.model.observations import Observations

RELATION_SHARES = np.array(
    [0.645, 0.275, 0.07, 0.01]
)  # where what a change sets off shows: same, 1 hop, 2 hops, unrelated
CHANGE_SHARE = 0.5  # of incidents set off by a logged change; published figures run from a third to two thirds
OVERALL_SHAPE = 2.0  # incidents set off by changes that CHANGE_SHARE counts for
BACKGROUND_SHAPE = 2.0  # incidents without a change that 1 - CHANGE_SHARE counts for
RELATION_PSEUDO = np.array([3.0, 3.0, 3.0, 20.0])  # culprits that each relation's share counts for
DELAY_MEDIAN_HOURS = 0.5  # median of the log-normal prior delay, hours; a judgement
DELAY_SIGMA = 1.8  # its standard deviation, in natural logarithms: 95 % within ten hours; a judgement
DELAY_PSEUDO = 10.0  # incidents that the prior delay counts for, against all kinds together; a judgement
KIND_SPREAD = 1.5  # standard deviation of the kinds' medians around the common one, in natural logarithms; a judgement
SPREAD_PSEUDO = 4.0  # kinds that KIND_SPREAD counts for; a judgement
KIND_WIDTH_PSEUDO = 8.0  # incidents that the common width counts for, per kind; a judgement
KIND_DELAY_PSEUDO = 40.0  # incidents that a kind's log-normal counts for, against its own curve; a judgement
BROAD_SHARE = 0.01  # share of the prior delay in that log-normal, so that no delay is impossible
LATE_SHARE = 0.25  # of the log-normal below a delay of 0, in logs that stamp their changes late: a judgement
EVIDENCE_PSEUDO = 12.0  # culprits that the prior of a piece of evidence counts for


@dataclass(frozen=True)
class Parameters:
    """What was learned.

    ``overall``: incidents set off per change; ``factors``: of each feature, that of each level; ``relations``: share per
    relation, (4,); ``delays``: masses, (kinds, nodes); ``background``: incidents per hour; ``service_shares``: its share per
    service; ``week``: the share of each of the weeks that its hours are a sum of; ``ratios``: per evidence, per bin;
    ``productivity`` (2,): aftershocks per incident whose root is a change, and whose root is none; ``link_relations`` (4,) and
    ``link_delays`` (nodes,): where and when they show.
    """

    overall: float
    factors: tuple[np.ndarray, ...]
    relations: np.ndarray
    delays: np.ndarray
    background: float
    service_shares: np.ndarray
    week: np.ndarray
    ratios: tuple[np.ndarray, ...]
    productivity: np.ndarray
    link_relations: np.ndarray
    link_delays: np.ndarray


def first_guess(seen: Observations) -> Parameters:
    """The priors alone, scaled to this log: what the model believes before it has read an incident."""
    incidents = max(float(seen.used.sum()), 1.0)
    delays = np.tile(seen.grid.lognormal(DELAY_MEDIAN_HOURS, DELAY_SIGMA), (len(seen.kinds), 1))
    even = (1 / seen.services + seen.change_shares) / 2
    return Parameters(
        prior_overall(seen),
        tuple(f.prior.astype(float) for f in seen.features),
        RELATION_SHARES.copy(),
        delays,
        (1 - CHANGE_SHARE) * incidents / seen.hours,
        even / even.sum(),
        week_prior(len(seen.weeks)) / week_prior(len(seen.weeks)).sum(),
        tuple(
            np.ones(len(r)) if name in seen.without else r
            for name, r in zip(evidence_names(), seen.priors.ratios, strict=True)
        ),
        np.full(2, aftershocks.PRODUCTIVITY),
        aftershocks.SHARES.copy(),
        seen.link_grid.lognormal(aftershocks.MEDIAN_HOURS, aftershocks.SIGMA),
    )


def evidence_names() -> list[str]:
    from aftershock.model.evidence import EVIDENCE

    return [e.name for e in EVIDENCE]


def prior_overall(seen: Observations) -> float:
    """Prior rate per change such that changes, as their features weigh, would set off CHANGE_SHARE of the incidents."""
    return min(CHANGE_SHARE * max(float(seen.used.sum()), 1.0) / max(seen.cells.due, 1e-9), 0.5)


def background_exposure(seen: Observations) -> float:
    """Hours observed, with those that the prior stands for."""
    incidents = max(float(seen.used.sum()), 1.0)
    return seen.hours * (1 + BACKGROUND_SHAPE / ((1 - CHANGE_SHARE) * incidents))
