"""What speaks for or against a candidate besides its kind, place and delay.

Each piece of evidence puts every pair of incident and change into a bin. What it is worth is a likelihood ratio per
bin: how much more often culprits fall into it than candidates do. The ratios are learned with the rest of the model
and start from the priors below, which are judgements, not measurements, until a log teaches otherwise (docs/method.md).

Evidence is stratified by what is known already (the older a change, the more changes came after it, whoever is to blame),
so that it says only what that has not said; see :mod:`aftershock.model.null_rates`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import exp, inf

import numpy as np
import pandas as pd

from aftershock.model.candidates import COVERAGE, Pairs
from aftershock.model.reverts import taken_back, temporary
from aftershock.model.service_graph import UNKNOWN
from aftershock.model.times import hours
from aftershock.model.word_match import WordMatch, words

ABSENT = 0  # the first bin: nothing to compare
WORDS = "words"
WORDS_EDGES = (0.0, 0.3, 0.6, 0.9, 1.2, 1.6, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0, 5.75, 6.5, 7.5, 9.0, 11.0)  # nats
HARDLY_ANY = 3  # bin of the words up to which they speak against a change rather than for it
WORDS_FACTOR = (
    0.62  # factor of the prior ratio of words, so that common words alone count against a change; a judgement
)
WORDS_POWER = 0.8  # power that the ratio of the words is raised to in the prior: words do not speak independently
WORDS_NONE = 0.5  # prior ratio of a change that shares no word with the incident; a judgement
WORDS_MOST = 300.0  # the largest prior ratio of words; a judgement
_MIDDLES = [(low + high) / 2 for low, high in pairwise((*WORDS_EDGES, 14.0))]
WORDS_PRIOR = (1.0, WORDS_NONE, *(min(WORDS_FACTOR * exp(WORDS_POWER * m), WORDS_MOST) for m in _MIDDLES))
_STRENGTHS = ((0.6, "hardly any"), (1.2, "common"), (2.5, "some"), (4.5, "telling"), (7.5, "rare"), (inf, "many rare"))
WORDS_WORDS = (
    "no text to compare",
    "no words in common",
    *(next(f"{how} words in common" for most, how in _STRENGTHS if m < most) for m in _MIDDLES),
)
WORDS_PSEUDO = 1.0  # culprits that the prior ratio of every bin of words counts for: words teach much and quickly
MINOR_PSEUDO = 10.0  # the same, of every bin of other evidence, which teaches little and late; a judgement
COVERAGE_PRIOR = (1.0, 0.3, 0.4, 2.0, 6.0, 20.0)
TOUCHED_PRIOR = (1.0, 1.0, 1.0)
TOUCHED_WORDS = (
    "authors or files not known",
    "its files were left alone until the incident",
    "its author touched its files again before the incident",
)
TAKEN_BACK_PRIOR = (1.0, 0.3, 5.0)  # the last at least: see TAKEN_BACK_SHARE
TAKEN_BACK_SHARE = 0.25  # of culprits are taken back, where anything is: roughly what is mitigated so
TAKEN_BACK_WORDS = (
    "not taken back, or ended as planned",
    "taken back before the incident began",
    "taken back during the incident",
)
REPAIR_HOURS = 24.0  # after the onset of an incident without an end, within which taking a change back counts as repair


@dataclass(frozen=True)
class Evidence:
    """One piece of evidence.

    ``bins`` in words and the ``prior`` ratio of each. ``order``: 1 when ratios must rise over the bins after the first, which
    means "not known"; 0 when bins have no order. ``grows``: it comes with time, so it is measured among pairs of like delay
    rather than of like kind (:mod:`aftershock.model.null_rates`). ``pseudo``: culprits that the prior ratio of each bin counts for.
    ``last_share``: the share of culprits in the last bin, of which the prior knows this rather than a ratio: how rare it
    is among innocent changes each log must tell
    (:func:`aftershock.model.priors.adapted_to_log`). Where no candidate falls into it, it says nothing.
    """

    name: str
    bins: tuple[str, ...]
    prior: tuple[float, ...]
    order: int = 0
    grows: bool = False
    pseudo: float = MINOR_PSEUDO
    last_share: float = 0.0

    @cached_property
    def rarity(self) -> np.ndarray:
        """How innocent pairs fall into the bins before any was looked at, (bins,): a bin that is worth more is rarer, so far that
        the prior ratios have mean 1 as ratios must."""
        prior = np.array(self.prior)
        if prior.min() >= 1 or prior.max() <= 1:
            return np.full(len(prior), 1 / len(prior))
        shares = lambda tilt: prior**-tilt / (prior**-tilt).sum()  # noqa: E731
        low, high = -20.0, 20.0
        for _ in range(60):  # what is left then is below a float's resolution
            middle = (low + high) / 2  # the more tilted, the lower the mean
            low, high = (middle, high) if shares(middle) @ prior > 1 else (low, middle)
        return shares((low + high) / 2)


EVIDENCE = (
    Evidence(WORDS, WORDS_WORDS, WORDS_PRIOR, order=1, pseudo=WORDS_PSEUDO),
    Evidence("touched again", TOUCHED_WORDS, TOUCHED_PRIOR, grows=True),
    Evidence("taken back", TAKEN_BACK_WORDS, TAKEN_BACK_PRIOR, grows=True, last_share=TAKEN_BACK_SHARE),
    Evidence("reach", COVERAGE, COVERAGE_PRIOR, order=1),
)


@dataclass(frozen=True)
class IncidentTexts:
    """What incidents say of themselves: the words of their ``texts``, those without the names of their own services
    (``nameless``), and hours since 1970 of their ``start`` and of the moment ``until`` which the change log may be read (equal
    to ``start`` where nothing later counts); (incidents,) each."""

    texts: list[tuple[str, ...]]
    nameless: list[tuple[str, ...]]
    start: np.ndarray
    until: np.ndarray

    def moved(self, rows: np.ndarray, by: np.ndarray) -> IncidentTexts:
        """Copies of incidents ``rows``, moved ``by`` hours; the words stay those of the originals."""
        texts, nameless = ([said[r] for r in rows] for said in (self.texts, self.nameless))
        return IncidentTexts(texts, nameless, self.start[rows] + by, self.until[rows] + by)


class EvidenceReader:
    """Bins every pair for every piece of :data:`EVIDENCE`; made once per dataset. ``texts``: the words of every incident."""

    def __init__(self, changes: pd.DataFrame, texts: list[tuple[str, ...]]):
        self.wording = WordMatch(change_fields(changes), texts)
        self.touched_at = touched_again(changes)
        self.taken_back_at = taken_back(changes)
        self.temporary = temporary(changes)

    def bins(self, pairs: Pairs, told: IncidentTexts) -> np.ndarray:
        """Bin of each piece of evidence for each pair, (evidence, pairs)."""
        start, until = told.start[pairs.incident], told.until[pairs.incident]
        said = np.empty(len(pairs))
        known = pairs.relation != UNKNOWN  # what a service's name says there, the relation has said
        for which, texts in ((known, told.nameless), (~known, told.texts)):
            said[which] = self.wording.score(texts, pairs.incident[which], pairs.change[which])
        touched, back = self.touched_at[pairs.change], self.taken_back_at[pairs.change]
        repaired = (back >= start) & (back < until) & ~self.temporary[pairs.change]
        return np.array(
            [
                np.where(np.isnan(said), ABSENT, 1 + np.searchsorted(WORDS_EDGES, said, side="left")),
                np.where(np.isnan(touched), ABSENT, np.where(touched < start, 2, 1)),
                np.where(back < start, 1, np.where(repaired, 2, 0)),
                pairs.coverage,
            ],
            dtype=np.int8,
        )


def change_fields(changes: pd.DataFrame) -> dict[str, Sequence[str]]:
    """What each change says of itself, by field."""
    return {
        "title": changes["title"].tolist(),
        "description": _without_title(changes),
        "paths": [" ".join(p) for p in changes["paths"]],
    }


def incident_texts(incidents: pd.DataFrame, with_description: bool = True) -> list[str]:
    """What an incident says of itself: title, services and, unless only its onset may be read, the description."""
    texts = incidents["title"] + " " + incidents["services"].map(" ".join)
    return (texts + " " + incidents["description"] if with_description else texts).tolist()


def without_names(texts: list[tuple[str, ...]], services: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The words of each text without those that name its own services."""
    known: dict[tuple[str, ...], frozenset[str]] = {}
    found = []
    for text, names in zip(texts, services, strict=True):
        if names not in known:
            known[names] = frozenset(words(" ".join(names)))
        found.append(tuple(w for w in text if w not in known[names]))
    return found


def touched_again(changes: pd.DataFrame) -> np.ndarray:
    """When the author of each change next touched one of its files, in hours since 1970, (changes,); infinite when never,
    NaN where author or files are not known. Authors are told apart, not read: who it was counts for nothing."""
    at = hours(changes["started_at"])
    found = np.full(len(changes), np.nan)
    next_touch: dict[tuple[str, str], float] = {}
    authors, paths = changes["author"].tolist(), changes["paths"].tolist()
    for row in np.argsort(-at, kind="stable"):
        if not authors[row] or not paths[row]:
            continue
        keys = [(authors[row], path) for path in paths[row]]
        found[row] = min((next_touch.get(key, np.inf) for key in keys), default=np.inf)
        next_touch.update(dict.fromkeys(keys, at[row]))
    return found


def _without_title(changes: pd.DataFrame) -> list[str]:
    """Descriptions with the title they often repeat taken off, so that it does not count twice."""
    columns = (changes[c].tolist() for c in ("title", "description"))
    return [d.removeprefix(t) for t, d in zip(*columns, strict=True)]
