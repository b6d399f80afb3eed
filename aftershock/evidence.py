"""What speaks for or against a candidate besides its kind, place and delay.

Each piece of evidence puts every pair of incident and change into a bin. What it is worth is a likelihood ratio per
bin: how much more often culprits fall into it than candidates do. The ratios are learned with the rest of the model
and start from the priors below, which are judgements, not measurements, until a log teaches otherwise (docs/method.md).

Evidence is stratified by what is known already (the older a change, the more changes came after it, whoever is to blame),
so that it says only what that has not said; see :mod:`aftershock.strata`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from aftershock.candidates import COVERAGE, Pairs
from aftershock.wording import Vocabulary, similarity

ABSENT = 0
SIMILARITY_EDGES = (0.0, 0.05, 0.1, 0.2, 0.35)
SIMILARITY_PRIOR = (1.0, 0.6, 0.9, 1.5, 3.0, 6.0, 12.0)
SIMILARITY_WORDS = (
    "no text to compare",
    "no words in common",
    "hardly any words in common",
    "a few common words in common",
    "some words in common",
    "telling words in common",
    "nearly the same words",
)
LATER_EDGES = (0, 1, 3, 7, 15, 31)
LATER_PRIOR = (1.6, 1.35, 1.15, 1.0, 0.85, 0.75, 0.7)
LATER_WORDS = (
    "no later change stands between",
    "one later change stands between",
    "2–3 later changes stand between",
    "4–7 later changes stand between",
    "8–15 later changes stand between",
    "16–31 later changes stand between",
    "32 or more later changes stand between",
)
NATURE_PRIOR = (1.0, 0.5, 0.1)
NATURE_WORDS = ("an ordinary change", "takes back another change", "touches documentation or tests alone")
COVERAGE_PRIOR = (1.0, 0.5, 0.6, 1.4, 2.5)
TEMPER = 0.7  # the texts of one change are not independent witnesses; their joint weight is raised to this power

_REVERT = re.compile(r"^\s*\[?revert|^\s*roll(?:ed|ing)?[ -]?back", re.IGNORECASE)
_IDLE_PATH = re.compile(
    r"(?:^|/)(?:docs?|tests?|spec|\.github)/|\.(?:md|rst|txt|adoc)$|(?:^|/)(?:README|LICENSE|CHANGELOG)", re.IGNORECASE
)


@dataclass(frozen=True)
class Evidence:
    """One piece of evidence: its ``bins`` in words, the ``prior`` ratio of each, whether it is text (tempered) and
    by what it is stratified (:mod:`aftershock.strata`)."""

    name: str
    bins: tuple[str, ...]
    prior: tuple[float, ...]
    text: bool = False
    strata: tuple[str, str] = ("relation", "kind")

    @property
    def power(self) -> float:
        return TEMPER if self.text else 1.0


LATER = Evidence("later changes", LATER_WORDS, LATER_PRIOR, strata=("relation", "delay"))
EVIDENCE = (
    Evidence("title", SIMILARITY_WORDS, SIMILARITY_PRIOR, text=True),
    Evidence("description", SIMILARITY_WORDS, SIMILARITY_PRIOR, text=True),
    Evidence("paths", SIMILARITY_WORDS, SIMILARITY_PRIOR, text=True),
    Evidence("nature", NATURE_WORDS, NATURE_PRIOR),
    Evidence("reach", COVERAGE, COVERAGE_PRIOR),
    LATER,
)


class EvidenceReader:
    """Bins every pair for every piece of :data:`EVIDENCE`; made once per dataset."""

    def __init__(self, changes: pd.DataFrame):
        self.fields = {
            "title": Vocabulary(changes["title"].tolist()),
            "description": Vocabulary(_without_title(changes)),
            "paths": Vocabulary([" ".join(p) for p in changes["paths"]]),
        }
        self.nature = nature(changes)

    def bins(self, pairs: Pairs, texts: list[str], text_of: np.ndarray | None = None) -> np.ndarray:
        """Bin of each piece of evidence for each pair, (evidence, pairs). ``texts`` holds each incident's words; for copies
        of incidents ``text_of`` says whose words each copy has."""
        who = pairs.incident if text_of is None else text_of[pairs.incident]
        rows = [self._similarity_bins(field, pairs, texts, who) for field in self.fields]
        return np.array([*rows, self.nature[pairs.change], pairs.coverage, later_changes(pairs)], dtype=np.int8)

    def _similarity_bins(self, field: str, pairs: Pairs, texts: list[str], who: np.ndarray) -> np.ndarray:
        vocabulary = self.fields[field]
        incidents = vocabulary.vectors(texts)
        value = similarity(incidents, vocabulary.changes, who, pairs.change)
        bins = 1 + np.searchsorted(SIMILARITY_EDGES, np.minimum(value, 1.0), side="left")
        silent = (np.diff(incidents.indptr) == 0)[who] | (np.diff(vocabulary.changes.indptr) == 0)[pairs.change]
        return np.where(silent, ABSENT, bins)

    def shared_words(self, text: str, change: int) -> list[str]:
        """The telling words that an incident and a change have in common, over all fields."""
        found = dict.fromkeys(w for field in self.fields.values() for w in field.shared(text, change))
        return list(found)[:5]


def incident_texts(incidents: pd.DataFrame, with_description: bool = True) -> list[str]:
    """What an incident says of itself: title, services and, unless only its onset may be read, the description."""
    texts = incidents["title"] + " " + incidents["services"].map(" ".join)
    return (texts + " " + incidents["description"] if with_description else texts).tolist()


def nature(changes: pd.DataFrame) -> np.ndarray:
    """0 an ordinary change, 1 one that takes back another, 2 one that touches documentation or tests alone."""
    reverting = changes["title"].str.contains(_REVERT) | changes["reverts"].map(bool)
    idle = changes["paths"].map(lambda paths: bool(paths) and all(_IDLE_PATH.search(p) for p in paths))
    return np.where(reverting, 1, np.where(idle, 2, 0)).astype(np.int8)


def later_changes(pairs: Pairs) -> np.ndarray:
    """Bin of how many candidates of the same incident, at least as near in the service graph, came later."""
    counts = np.zeros(len(pairs))
    order = np.lexsort((pairs.middle, pairs.incident))
    nearest_first = np.zeros((len(pairs), 5))
    nearest_first[np.arange(len(pairs)), pairs.relation[order]] = 1
    running = np.cumsum(nearest_first, axis=0)
    before_incident = np.vstack([np.zeros(5), running])[pairs.starts[pairs.incident[order]]]
    later = np.cumsum(running - before_incident - nearest_first, axis=1)
    counts[order] = later[np.arange(len(pairs)), pairs.relation[order]]
    return np.searchsorted(LATER_EDGES, counts, side="left")


def _without_title(changes: pd.DataFrame) -> list[str]:
    """Descriptions with the title they often repeat taken off, so that it does not count twice."""
    return [d.removeprefix(t) for t, d in zip(changes["title"], changes["description"], strict=True)]
