"""What to expect without a single label: incidents resimulated from the fitted model, and the model fitted to them.

Each resimulated log uses one draw of the parameters' posterior, so that their uncertainty counts. The answer assumes the model:
where the real world differs from it, accuracy is worse than what is expected here (docs/accuracy.md).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from aftershock.model import em, gibbs
from aftershock.model.attribution import Attribution
from aftershock.model.observations import ModelInput
from aftershock.model.parameters import Parameters
from aftershock.model.validation.known_causes import COLUMNS, IN_LOG, Label
from aftershock.model.validation.outcomes import OUTCOME_COLUMNS, outcomes
from aftershock.model.validation.resimulate import ResimulatedLog, read_resimulated, resimulate
from aftershock.schema.tables import NONE

SEED = 20230306
SWEEPS = 30  # draws per refit: enough for a mean; intervals are not read here
ENOUGH_INCIDENTS, FEWEST_LOGS, MOST_LOGS = 700, 5, 30  # a judgement: shares within ± 4 points, in a minute or two
APART = 5  # sweeps between two draws of the parameters, so that they differ; a judgement


def logs_to_draw(found: Attribution) -> int:
    """How many logs to resimulate: more where each holds few incidents, so that a small log gets an answer too."""
    each = max(int(found.seen.used.sum()), 1)
    return int(np.clip(np.ceil(ENOUGH_INCIDENTS / each), FEWEST_LOGS, MOST_LOGS))


def self_check(found: Attribution, logs: int | None = None) -> pd.DataFrame:
    """Outcomes (:mod:`aftershock.model.validation.outcomes`) of the incidents of all resimulated logs, with column log; the same
    input gives the same output. No rows where nothing can be drawn: no incident to learn from, or no shared time."""
    if not found.dataset.overlapping or not found.seen.used.any() or not found.seen.counted.any():
        return pd.DataFrame(columns=["log", *OUTCOME_COLUMNS])
    logs = logs or logs_to_draw(found)
    states = drawn_parameters(found, logs)
    generators = [np.random.default_rng(seed) for seed in np.random.SeedSequence(SEED).spawn(logs)]
    parts = [_one(found, p, rng).assign(log=k) for k, (p, rng) in enumerate(zip(states, generators, strict=True))]
    return pd.concat(parts, ignore_index=True)


def drawn_parameters(found: Attribution, count: int) -> list[Parameters]:
    """Posterior draws of all parameters but the ratios of the evidence, which stay as fitted."""
    draws = gibbs.sample(found.seen, found.parameters, APART * count)
    return [replace(draws.states[k], ratios=found.parameters.ratios) for k in range(0, APART * count, APART)]


def _one(found: Attribution, parameters: Parameters, rng: np.random.Generator) -> pd.DataFrame:
    drawn = resimulate(found, parameters, rng)
    if not len(drawn.culprit):
        return outcomes(_labels(drawn), pd.DataFrame(columns=["incident_id", "change_id", "score", "probability"]))
    reading = read_resimulated(found, drawn, parameters, rng)
    return outcomes(_labels(drawn), refitted_answer(reading))


def _labels(drawn: ResimulatedLog) -> pd.DataFrame:
    changes = drawn.dataset.changes["change_id"].to_numpy()
    rows = [
        Label(i, IN_LOG if c >= 0 else "no_change", [changes[c]] if c >= 0 else [], [], "", "drawn")
        for i, c in zip(drawn.dataset.incidents["incident_id"], drawn.culprit, strict=True)
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def refitted_answer(reading: ModelInput) -> pd.DataFrame:
    """What the model, fitted to this reading alone, answers: incident_id, change_id, score, probability."""
    seen = reading.seen
    draws = gibbs.sample(seen, em.fit(seen), SWEEPS)
    ids = reading.incidents["incident_id"].to_numpy()
    changes = reading.dataset.changes["change_id"].to_numpy()
    return pd.DataFrame(
        {
            "incident_id": np.concatenate([ids[seen.pairs.incident], ids]),
            "change_id": np.concatenate([changes[seen.pairs.change], np.full(len(ids), NONE)]),
            "score": np.concatenate([draws.pair_mean, np.full(len(ids), -np.inf)]),
            "probability": np.concatenate([draws.pair_mean, draws.none_mean]),
        }
    )
