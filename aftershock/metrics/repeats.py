"""Which incidents resemble earlier ones."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pandas as pd

from aftershock.metrics.incident_counts import incidents_of
from aftershock.metrics.protocols import DatasetLike
from aftershock.schema.words import WORD

REPEAT_COLUMNS = ["incident_id", "earlier_id", "similarity", "shared_services", "started_at", "title"]
NEEDED = ["incident_id", "started_at", "services", "title"]
TEXTS = ["incident_id", "title", "description"]
SHORTEST = 3  # letters of a word; shorter ones and numbers say little about what failed
LEAST = (
    0.45  # similarity, and words in common, from which a person who reads both titles sees the likeness: judged on the
)
COMMON = 2  # logs of three public projects, where half of what is below was nothing alike


def repeats(dataset: DatasetLike, incident_ids: list[str], *, least: float = LEAST, most: int = 5) -> pd.DataFrame:
    """Earlier incidents that resemble the given ones, at most ``most`` each, the most alike first.

    ``similarity`` (0 nothing in common, 1 the same) is the cosine between the words of the titles, rare words weighing more
    (tf–idf over this log); of title and description where the title says less than two besides services. Names of services are
    left out of it: they count once, as two incidents that both name services resemble each other only if they share one. At
    least two words must be shared: a word and a service in common is not a repeat. Columns: ``incident_id, earlier_id,
    similarity, shared_services, started_at, title`` (of the earlier).
    """
    table = incidents_of(dataset)
    wanted = dataset.incidents[dataset.incidents["incident_id"].isin(list(incident_ids))]
    words = _words(
        pd.concat([table, wanted[~wanted["incident_id"].isin(table["incident_id"])]]), _service_words(dataset)
    )
    vectors = _vectors(words, table["incident_id"].tolist())
    others, rows = list(table[NEEDED].itertuples(index=False)), []
    for one in wanted[NEEDED].itertuples(index=False):
        scored = []
        for place in np.flatnonzero(table["started_at"] < one.started_at):
            other = others[place]
            shared = sorted(set(one.services) & set(other.services))
            if one.services and other.services and not shared:
                continue
            mine, theirs = vectors[one.incident_id], vectors[other.incident_id]
            similarity = _cosine(mine, theirs)
            if similarity >= least and len(mine.keys() & theirs.keys()) >= COMMON:
                scored.append([one.incident_id, other.incident_id, similarity, shared, other.started_at, other.title])
        rows += sorted(scored, key=lambda r: (-r[2], -r[4].timestamp(), r[1]))[:most]
    return pd.DataFrame(rows, columns=REPEAT_COLUMNS)


def _service_words(dataset: DatasetLike) -> set[str]:
    """The words of the names of all services of either log."""
    names = {s for table in (dataset.incidents, dataset.changes) for row in table["services"] for s in row}
    return {word for name in names for word in WORD.findall(name.lower())}


def _vectors(words: dict[str, list[str]], log: list[str]) -> dict[str, dict[str, float]]:
    """tf–idf vectors of unit length by incident; how common a word is, is counted over the incidents of ``log``."""
    seen = Counter(w for i in log for w in set(words[i]))
    vectors = {}
    for key, of in words.items():
        weights = {w: n * math.log((1 + len(log)) / (1 + seen[w])) for w, n in Counter(of).items()}
        length = math.sqrt(sum(v * v for v in weights.values()))
        vectors[key] = {w: v / length for w, v in weights.items()} if length > 0 else {}
    return vectors


def _words(table: pd.DataFrame, without: set[str]) -> dict[str, list[str]]:
    """The words of the title by incident, with those of the description where the title alone says too little: a likeness
    needs :data:`COMMON`."""

    def words(text: str) -> list[str]:
        found = WORD.findall(str(text).lower())
        return [w for w in found if w.isalpha() and len(w) >= SHORTEST and w not in without]

    titles = {r.incident_id: (words(r.title), r.description) for r in table[TEXTS].itertuples()}
    return {
        key: title if len(set(title)) >= COMMON else title + words(description)
        for key, (title, description) in titles.items()
    }


def _cosine(a: dict[str, float], b: dict[str, float]) -> float:
    small, large = (a, b) if len(a) < len(b) else (b, a)
    return min(1.0, sum(v * large.get(w, 0.0) for w, v in small.items()))
