"""What speaks for or against a candidate besides its kind, place and delay.

Each piece of evidence puts every pair of incident and change into a bin. What it is worth is a likelihood ratio per
bin: how much more often culprits fall into it than candidates do. The ratios are learned with the rest of the model
and start from the priors below, which are judgements, not measurements, until a log teaches otherwise (docs/method.md).

Evidence is stratified by what is known already (the older a change, the more changes came after it, whoever is to blame),
so that it says only what that has not said; see :mod:`aftershock.model.null_rates`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from math import exp, inf

import numpy as np
import pandas as pd

from aftershock.model.candidates import COVERAGE, Pairs, hours
from aftershock.model.word_match import WordMatch

ABSENT = 0  # the first bin of every piece of evidence: not known
WORDS = "words"
WORDS_EDGES = (0.0, 0.3, 0.6, 0.9, 1.2, 1.6, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0, 5.75, 6.5, 7.5, 9.0, 11.0)  # nats
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
NATURE_PRIOR = (1.0, 0.5, 0.2, 0.7, 1.3)
NATURE_WORDS = (
    "an ordinary change",
    "takes back another change",
    "touches documentation or tests alone",
    "made by a bot",
    "an emergency change",
)
COVERAGE_PRIOR = (1.0, 0.3, 0.4, 2.0, 6.0, 20.0)
SIZE_PRIOR = (1.0, 0.85, 1.0, 1.3)
SIZE_WORDS = ("size not known", "smaller than most", "larger than half of the changes", "among the largest tenth")
TOUCHED_PRIOR = (1.0, 1.0, 1.0)
TOUCHED_WORDS = (
    "authors or files not known",
    "its files were left alone until the incident",
    "its author touched its files again before the incident",
)
TAKEN_BACK_PRIOR = (1.0, 0.3, 5.0)  # the last at least: see TAKEN_BACK_SHARE
TAKEN_BACK_SHARE = 0.25  # share of culprits taken back during the incident, where any change is; a judgement
TAKEN_BACK_WORDS = ("not taken back", "taken back before the incident began", "taken back during the incident")
REPAIR_HOURS = 24.0  # hours after the onset in which a revert is repair, where no end is known; a judgement

_REVERT = re.compile(r"^\s*\[?revert|^\s*roll(?:ed|ing)?[ -]?back", re.IGNORECASE)
_QUOTED = re.compile(r"""^\s*\[?(?:revert|roll(?:ed|ing)?[ -]?back)\b[^"'“]*["'“](.+)["'”]""", re.IGNORECASE)
_BOT = re.compile(r"\[bot\]|^(?:dependabot|renovate|snyk|greenkeeper|pre-commit-ci)\b|[-_ ]bot$", re.IGNORECASE)
_BUMP = re.compile(r"^\s*(?:\w+(?:\([^)]*\))?:\s*)?(?:bump|update dependency)\s.+\bfrom\s.+\bto\s", re.IGNORECASE)
_IDLE_PATH = re.compile(
    r"(?:^|/)(?:docs?|tests?|spec|\.github)/|\.(?:md|rst|txt|adoc)$|(?:^|/)(?:README|LICENSE|CHANGELOG)", re.IGNORECASE
)


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


EVIDENCE = (
    Evidence(WORDS, WORDS_WORDS, WORDS_PRIOR, order=1, pseudo=WORDS_PSEUDO),
    Evidence("nature", NATURE_WORDS, NATURE_PRIOR),
    Evidence("size", SIZE_WORDS, SIZE_PRIOR, order=1),
    Evidence("touched again", TOUCHED_WORDS, TOUCHED_PRIOR, grows=True),
    Evidence("taken back", TAKEN_BACK_WORDS, TAKEN_BACK_PRIOR, grows=True, last_share=TAKEN_BACK_SHARE),
    Evidence("reach", COVERAGE, COVERAGE_PRIOR, order=1),
)


@dataclass(frozen=True)
class IncidentTexts:
    """What incidents say of themselves: their ``texts``, and hours since 1970 of their ``start`` and of the moment
    ``until`` which the change log may be read (equal to ``start`` where nothing later counts); (incidents,) each."""

    texts: list[str]
    start: np.ndarray
    until: np.ndarray

    def moved(self, rows: np.ndarray, by: np.ndarray) -> IncidentTexts:
        """Copies of incidents ``rows``, moved ``by`` hours; the words stay those of the originals."""
        return IncidentTexts([self.texts[r] for r in rows], self.start[rows] + by, self.until[rows] + by)


class EvidenceReader:
    """Bins every pair for every piece of :data:`EVIDENCE`; made once per dataset."""

    def __init__(self, changes: pd.DataFrame, texts: list[str]):
        fields = {
            "title": changes["title"].tolist(),
            "description": _without_title(changes),
            "paths": [" ".join(p) for p in changes["paths"]],
        }
        self.wording = WordMatch(fields, texts)
        self.nature = nature(changes)
        self.size = size_classes(changes["size"])
        self.touched_at = touched_again(changes)
        self.taken_back_at = taken_back(changes)

    def bins(self, pairs: Pairs, told: IncidentTexts) -> np.ndarray:
        """Bin of each piece of evidence for each pair, (evidence, pairs)."""
        start, until = told.start[pairs.incident], told.until[pairs.incident]
        said = self.wording.score(told.texts, pairs.incident, pairs.change)
        touched, back = self.touched_at[pairs.change], self.taken_back_at[pairs.change]
        return np.array(
            [
                np.where(np.isnan(said), ABSENT, 1 + np.searchsorted(WORDS_EDGES, said, side="left")),
                self.nature[pairs.change],
                self.size[pairs.change],
                np.where(np.isnan(touched), ABSENT, np.where(touched < start, 2, 1)),
                np.where(back < start, 1, np.where((back >= start) & (back < until), 2, 0)),
                pairs.coverage,
            ],
            dtype=np.int8,
        )

    def shared_words(self, text: str, change: int) -> list[str]:
        """The telling words that an incident and a change have in common."""
        return self.wording.shared(text, change)

    def words_by_field(self, name: str, text: str, change: int, most: int = 3) -> str:
        """What one piece of evidence found in common, per field: "title: api, token; paths: api"; "" where it reads no text."""
        found = self.wording.shared_by_field(text, change) if name == WORDS else {}
        return "; ".join(f"{field}: {', '.join(words[:most])}" for field, words in found.items())


def incident_texts(incidents: pd.DataFrame, with_description: bool = True) -> list[str]:
    """What an incident says of itself: title, services and, unless only its onset may be read, the description."""
    texts = incidents["title"] + " " + incidents["services"].map(" ".join)
    return (texts + " " + incidents["description"] if with_description else texts).tolist()


def nature(changes: pd.DataFrame) -> np.ndarray:
    """Index into NATURE_WORDS of each change; where several hold, the first of: takes back, idle, emergency, bot."""
    reverting = changes["title"].str.contains(_REVERT) | changes["reverts"].map(bool)
    idle = changes["paths"].map(lambda paths: bool(paths) and all(_IDLE_PATH.search(p) for p in paths))
    bot = changes["author"].str.contains(_BOT) | changes["title"].str.contains(_BUMP)
    emergency = changes["emergency"].fillna(False)
    conditions = [c.to_numpy(dtype=bool) for c in (reverting, idle, emergency, bot)]
    return np.select(conditions, [1, 2, 4, 3], 0).astype(np.int8)


def size_classes(size: pd.Series) -> np.ndarray:
    """Index into SIZE_WORDS of each change, by its rank among the sizes of this log."""
    rank = size.rank(pct=True).to_numpy(dtype=float)
    return np.where(np.isnan(rank), ABSENT, np.where(rank > 0.9, 3, np.where(rank > 0.5, 2, 1))).astype(np.int8)


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


def taken_back(changes: pd.DataFrame) -> np.ndarray:
    """When each change was first taken back, in hours since 1970, (changes,); infinite when never.

    By the ids that a later change says it reverts, else by the title that it quotes: the latest earlier change of that title.
    """
    at, titles, ids = hours(changes["started_at"]), changes["title"].tolist(), changes["change_id"].tolist()
    reverts = changes["reverts"].tolist()
    row_of = {change: row for row, change in enumerate(ids)}
    found = np.full(len(changes), np.inf)
    latest: dict[str, int] = {}
    for row in np.argsort(at, kind="stable"):
        named = [row_of[c] for c in reverts[row] if c in row_of]
        quoted = _QUOTED.search(titles[row])
        if not named and quoted and quoted[1].strip() in latest:
            named = [latest[quoted[1].strip()]]
        for change in named:
            if at[change] <= at[row] and change != row:
                found[change] = min(found[change], at[row])
        latest[titles[row].strip()] = row
    return found


def _without_title(changes: pd.DataFrame) -> list[str]:
    """Descriptions with the title they often repeat taken off, so that it does not count twice."""
    return [d.removeprefix(t) for t, d in zip(changes["title"], changes["description"], strict=True)]
