"""How likely a change is to set an incident off, from what it is, before anything is known of the incident.

The rate of a change is a product: an overall rate times one factor per feature (its kind, what it does, its size, whether it
came alone or in a batch, its author's experience, the machine account and the wording that it shares with many others, its
repository). Each factor has a gamma prior about 1, or about a judgement, and is learned without labels like everything else: a
multiplicative Poisson model with conjugate updates (Bühlmann and Straub's credibility, in actuaries' words). So ten thousand
harmless version bumps get a rate of their own instead of passing for deployments.

All of this follows from the change alone. It moves how many incidents changes are expected to set off, so no ratio needs a
normalisation. Nobody is judged: an account is a level of its own only where a machine has it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from aftershock.model.candidates import codes_in_use
from aftershock.model.evidence import Evidence
from aftershock.model.reverts import takes_back
from aftershock.model.times import hours
from aftershock.schema.tables import KINDS

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
KIND_SHAPE = 1.0  # incidents that the weight of a kind counts for
LEARNED_SHAPE = 10.0  # of features whose prior was counted on logs with known causes
MACHINE_SHAPE = 1.0  # of a machine's account: machines differ by orders of magnitude
WORDING_SHAPE = 8.0  # of an opening word; like the next two a judgement: they say little but of routine
BATCH_SHAPE = 12.0  # of coming alone or in a batch
REPOSITORY_SHAPE = 4.0  # of a repository
OWN_LEVEL = 50  # changes from which a wording, a machine account or a repository is a level of its own
MOST_COMBINED = 2**62  # combinations of codes that one number can tell apart
MOST_LEVELS = 200  # of one feature; the rest shares a level

NATURE = Evidence(
    "nature",
    (
        "an ordinary change",
        "takes back another change",
        "touches documentation or tests alone",
        "made by a bot",
        "an emergency change",
    ),
    (1.0, 0.5, 0.2, 0.7, 1.3),
)
SIZE = Evidence(
    "size",
    ("size not known", "smaller than most", "larger than half of the changes", "among the largest tenth"),
    (1.0, 0.85, 1.0, 1.3),
    order=1,
)
BATCH_WORDS = ("came alone", "one of a few within a minute", "one of ten or more within a minute")
BATCH_PRIOR = (1.0, 0.8, 0.4)
BATCH_EDGES = (2, 10)
EXPERIENCE_WORDS = (
    "author or files not known",
    "its author's first change there",
    "its author had changed it before",
    "its author changes it often",
)
EXPERIENCE_EDGES = (1, 5)  # changes before this one from which the next words hold
EXPERIENCE_PRIOR = (1.0, 1.15, 1.0, 0.95)

_BOT = re.compile(
    r"\[bot\]|^(?:dependabot|renovate|snyk|greenkeeper|pre-commit-ci)\b|(?:^|[-_ ])bot\b|\bbot$", re.IGNORECASE
)
_BUMP = re.compile(r"^\s*(?:\w+(?:\([^)]*\))?:\s*)?(?:bump|update dependency)\s.+\bfrom\s.+\bto\s", re.IGNORECASE)
_IDLE_PATH = re.compile(
    r"(?:^|/)(?:docs?|tests?|spec|\.github)/|\.(?:md|rst|txt|adoc)$|(?:^|/)(?:README|LICENSE|CHANGELOG)", re.IGNORECASE
)


@dataclass(frozen=True)
class Feature:
    """One feature of changes. ``levels`` in words; ``prior`` mean of each level's factor and ``shape``, the culprits that it
    counts for, per level; ``codes`` (changes,): the level of each change."""

    name: str
    levels: tuple[str, ...]
    prior: np.ndarray
    shape: float
    codes: np.ndarray


def features_of(changes: pd.DataFrame, factors: dict[str, np.ndarray]) -> list[Feature]:
    """The features of each change that this log tells apart; kinds first. ``factors``: priors of
    nature and size."""
    kinds = [k for k in KINDS if (changes["kind"] == k).any()] or ["other"]
    number = {k: n for n, k in enumerate(kinds)}
    weights = np.array([KIND_WEIGHTS[k] for k in kinds])
    found = [
        Feature(
            "kind", tuple(kinds), weights, KIND_SHAPE, changes["kind"].map(number).fillna(0).to_numpy(dtype=np.int64)
        ),
        Feature("nature", NATURE.bins, factors["nature"], LEARNED_SHAPE, nature(changes)),
        Feature("size", SIZE.bins, factors["size"], LEARNED_SHAPE, sizes(changes["size"])),
        Feature("batch", BATCH_WORDS, np.array(BATCH_PRIOR), BATCH_SHAPE, batches(changes["started_at"])),
        Feature("experience", EXPERIENCE_WORDS, np.array(EXPERIENCE_PRIOR), LEARNED_SHAPE, experience(changes)),
        _named("account", machine_accounts(changes), MACHINE_SHAPE),
        _named("opening", openings(changes["title"]), WORDING_SHAPE),
        _named("repository", changes["repository"].to_numpy(dtype=object), REPOSITORY_SHAPE),
    ]
    return [f for f in found if f.name == "kind" or (len(f.codes) and (f.codes != f.codes[0]).any())]


def _named(name: str, labels: np.ndarray, shape: float) -> Feature:
    """A feature whose levels are what many changes share; level 0 is all else."""
    values, codes = np.unique(labels.astype(str), return_inverse=True)
    counts = np.bincount(codes, minlength=len(values))
    counts[values == ""] = 0
    own = np.argsort(-counts, kind="stable")[:MOST_LEVELS]
    own = own[counts[own] >= OWN_LEVEL]
    level = np.zeros(len(values), dtype=np.int64)
    level[own] = np.arange(1, len(own) + 1)
    words = (f"no {name} that many share", *values[own].tolist())
    return Feature(name, words, np.ones(len(words)), shape, level[codes])


def nature(changes: pd.DataFrame) -> np.ndarray:
    """Index into the levels of NATURE of each change; where several hold, the first of: takes back, idle, emergency, bot."""
    idle = changes["paths"].map(lambda paths: bool(paths) and all(map(_idle, paths)))
    account, names = pd.factorize(changes["author"])
    bot = np.array([bool(_BOT.search(name)) for name in names], dtype=bool)[account]
    bumps = changes["title"].str.contains("(?i)bump|update dependency").to_numpy(dtype=bool)
    bot[bumps] |= changes["title"][bumps].str.contains(_BUMP).to_numpy(dtype=bool)
    emergency = changes["emergency"].fillna(False)
    conditions = [takes_back(changes), *(c.to_numpy(dtype=bool) for c in (idle, emergency))]
    conditions.append(bot)
    return np.select(conditions, [1, 2, 4, 3], 0).astype(np.int64)


@lru_cache(maxsize=100_000)
def _idle(path: str) -> bool:
    return bool(_IDLE_PATH.search(path))


def sizes(size: pd.Series) -> np.ndarray:
    """Index into the levels of SIZE of each change, by its rank among the sizes of this log."""
    rank = size.rank(pct=True).to_numpy(dtype=float)
    return np.where(np.isnan(rank), 0, np.where(rank > 0.9, 3, np.where(rank > 0.5, 2, 1))).astype(np.int64)


def batches(started: pd.Series) -> np.ndarray:
    """Index into BATCH_WORDS of each change: how many began within the minute about it."""
    at = hours(started)
    order = np.sort(at)
    near = np.searchsorted(order, at + 1 / 60, side="right") - np.searchsorted(order, at - 1 / 60, side="left")
    return np.searchsorted(BATCH_EDGES, near, side="right").astype(np.int64)


def experience(changes: pd.DataFrame) -> np.ndarray:
    """Index into EXPERIENCE_WORDS of each change: how often its author had changed these services before."""
    codes = np.zeros(len(changes), dtype=np.int64)
    seen: dict[tuple[str, str], int] = {}
    authors, places = changes["author"].tolist(), changes["services"].tolist()
    for row in np.argsort(hours(changes["started_at"]), kind="stable"):
        if not authors[row] or not places[row]:
            continue
        keys = [(authors[row], place) for place in places[row]]
        before = min(seen.get(key, 0) for key in keys)
        codes[row] = 1 + sum(before >= edge for edge in EXPERIENCE_EDGES)
        for key in keys:
            seen[key] = seen.get(key, 0) + 1
    return codes


def machine_accounts(changes: pd.DataFrame) -> np.ndarray:
    """The account of each change that a machine made, "" for people: by its name, or as it makes far more than people do."""
    author = changes["author"].to_numpy(dtype=object)
    names, codes = np.unique(author.astype(str), return_inverse=True)
    counts = np.bincount(codes, minlength=len(names))
    usual = np.median(counts[counts > 0]) if len(counts) else 0.0
    machine = np.array([bool(_BOT.search(n)) for n in names], dtype=bool) | (
        (counts > 20 * usual) & (counts > 0.05 * len(author))
    )
    machine &= names != ""
    return np.where(machine[codes], names[codes], "")


def openings(titles: pd.Series) -> np.ndarray:
    """The first word of each title in small letters, "" where there is none."""
    first = titles.str.extract(r"([^\W\d_]{2,})", expand=False)
    return first.fillna("").str.lower().to_numpy(dtype=object)


def routine(features: list[Feature]) -> np.ndarray:
    """True for changes that a machine makes or that come in batches: their words and times are alike, (changes,)."""
    found = np.zeros(len(features[0].codes), dtype=bool)
    for feature in features:
        if feature.name == "nature":
            found |= feature.codes == 3
        elif feature.name == "account":
            found |= feature.codes > 0
        elif feature.name == "batch":
            found |= feature.codes == 2
    return found


def _alike(codes: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """(a row of each combination of codes, in the order of the codes; the number of each row's combination)."""
    number, size = np.zeros(len(codes[0]), dtype=np.int64), 1
    for code in codes:
        levels = int(code.max(initial=0)) + 1
        if size * levels > MOST_COMBINED:
            found, number = codes_in_use(number, size)
            size = len(found)
        number, size = number * levels + code, size * levels
    found, number = codes_in_use(number, size)
    first = np.zeros(len(found), dtype=np.int64)
    first[number[::-1]] = np.arange(len(number))[::-1]
    return first, number


class Cells:
    """Changes of like features counted once. ``codes`` (features, cells); ``counts`` (cells,): changes inside the observed
    period; ``cell`` (changes,): where each change is; ``due``: what all would set off by the priors, at an overall rate of 1."""

    def __init__(self, features: list[Feature], counted: np.ndarray):
        first, self.cell = _alike([f.codes for f in features])
        self.codes = np.stack([f.codes[first] for f in features])
        self.counts = np.bincount(self.cell[counted], minlength=self.codes.shape[1]).astype(float)
        self.due = float(self.counts @ self.rates(1.0, tuple(f.prior for f in features)))

    def rates(self, overall: float, factors: tuple[np.ndarray, ...]) -> np.ndarray:
        """The rate of each cell: the product of its factors, (cells,)."""
        rate = np.full(self.codes.shape[1], overall)
        for codes, factor in zip(self.codes, factors, strict=True):
            rate = rate * factor[codes]
        return rate
