"""The rules that other tools use, answering the same incidents from the same candidates.

A rule that names one change is read as what it is used as: certain of it. That is what its probabilities say.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from aftershock.model.attribution import Attribution
from aftershock.model.service_graph import RELATIONS, SAME, UNKNOWN
from aftershock.model.validation.tfidf import cosines
from aftershock.schema.tables import NONE

OURS = "Aftershock"
RECENT, SAME_SERVICE = "most recent change", "most recent, same service"
WINDOW_HOURS = 4.0  # a judgement: what on-call people look through first
WINDOW = f"changes within {WINDOW_HOURS:g} hours"
TEXT = "likest words"


def model_answer(found: Attribution) -> pd.DataFrame:
    """The model's probabilities as an answer (see :mod:`aftershock.model.validation.outcomes`)."""
    suspects = found.suspects()[["incident_id", "change_id", "probability"]]
    return suspects.assign(score=suspects["probability"])


def baseline_answers(found: Attribution) -> dict[str, pd.DataFrame]:
    """Rule → answer.

    *Most recent change*: by delay. *Most recent, same service*: those on it by delay, then the others; it names
    nothing when no candidate is on it, and is the first rule where a log has no services. *Changes within N hours*:
    all the same, in random order; older ones are not ranked. *Likest words*: by the cosine of the incident's words and the
    change's (title, description and paths together); names nothing when none has a word in common.
    """
    candidates = _candidates(found)
    delay, relation = candidates["delay"], candidates["relation"]
    near = relation.isin([RELATIONS[SAME], RELATIONS[UNKNOWN]])
    window = delay <= WINDOW_HOURS
    cosine = pd.Series(_cosines(found), index=candidates.index)
    ids = found.shown.incidents["incident_id"]
    return {
        RECENT: _naming_one(candidates.assign(score=-delay), ids),
        SAME_SERVICE: _naming_one(candidates.assign(score=-delay - 1e6 * ~near), ids, allowed=near),
        WINDOW: _with_none(_equal(candidates[window].assign(score=1.0)), ids),
        TEXT: _naming_one(candidates.assign(score=cosine), ids, allowed=cosine > 0),
    }


def _candidates(found: Attribution) -> pd.DataFrame:
    pairs = found.seen.pairs
    return pd.DataFrame(
        {
            "incident_id": found.shown.incidents["incident_id"].to_numpy()[pairs.incident],
            "change_id": found.dataset.changes["change_id"].to_numpy()[pairs.change],
            "delay": pairs.middle,
            "relation": np.array(RELATIONS)[pairs.relation],
        }
    )


def _cosines(found: Attribution) -> np.ndarray:
    changes, pairs = found.reading.dataset.changes, found.seen.pairs
    rows, column = np.unique(pairs.change, return_inverse=True)
    changes = changes.iloc[rows]
    texts = (changes["title"] + " " + changes["description"] + " " + changes["paths"].map(" ".join)).tolist()
    return cosines(found.reading.texts, texts, pairs.incident, column)


def _naming_one(answer: pd.DataFrame, ids: pd.Series, allowed: pd.Series | None = None) -> pd.DataFrame:
    """All of the probability to the best of the allowed changes; ties share it."""
    open_to = answer["score"] if allowed is None else answer["score"].where(allowed, -np.inf)
    best = open_to.groupby(answer["incident_id"]).transform("max")
    named = (open_to == best) & (best > -np.inf)
    share = named / named.groupby(answer["incident_id"]).transform("sum").clip(lower=1)
    return _with_none(answer.assign(probability=share), ids)


def _equal(answer: pd.DataFrame) -> pd.DataFrame:
    return answer.assign(probability=1 / answer.groupby("incident_id")["change_id"].transform("size"))


def _with_none(answer: pd.DataFrame, ids: pd.Series) -> pd.DataFrame:
    given = answer.groupby("incident_id")["probability"].sum().reindex(ids).fillna(0.0)
    none = pd.DataFrame(
        {"incident_id": ids.to_numpy(), "change_id": NONE, "score": -np.inf, "probability": 1 - given.to_numpy()}
    )
    columns = ["incident_id", "change_id", "score", "probability"]
    return pd.concat([answer[columns], none], ignore_index=True)
