"""Which incidents resemble earlier ones."""

from __future__ import annotations

import math
from collections import Counter

import pandas as pd

from aftershock.metrics.incident_counts import incidents_of
from aftershock.metrics.protocols import DatasetLike
from aftershock.schema.words import WORD

REPEAT_COLUMNS = ["incident_id", "earlier_id", "similarity", "shared_services", "started_at", "title"]
SHORTEST = 3  # letters of a word; shorter ones and numbers say little about what failed
SHARED = 0.5  # how far shared services close the gap to 1; a judgement, as is the least similarity that counts


def repeats(dataset: DatasetLike, incident_ids: list[str], *, least: float = 0.25, most: int = 5) -> pd.DataFrame:
    """Earlier incidents that resemble the given ones, at most ``most`` each, the most alike first.

    ``similarity`` (0 nothing in common, 1 the same) is the cosine between the words of title and description, rare
    words weighing more (tf–idf over this log), raised half-way to 1 by shared services: ``cosine + (1 − cosine) × ½ ×
    Jaccard(services)``. Without a single shared word it is zero: a service that fails twice is not a repeat. Columns:
    ``incident_id, earlier_id, similarity, shared_services, started_at, title`` (of the earlier).
    """
    table = incidents_of(dataset)
    vectors = _vectors(table)
    wanted = dataset.incidents[dataset.incidents["incident_id"].isin(list(incident_ids))]
    vectors |= {k: v for k, v in _vectors(wanted, table).items() if k not in vectors}
    rows = []
    for one in wanted.itertuples():
        scored = []
        for other in table[(table["started_at"] < one.started_at)].itertuples():
            shared = sorted(set(one.services) & set(other.services))
            cosine = _cosine(vectors[one.incident_id], vectors[other.incident_id])
            union = len(set(one.services) | set(other.services))
            similarity = cosine + (1 - cosine) * SHARED * (len(shared) / union if union else 0.0) if cosine > 0 else 0.0
            if similarity >= least:
                scored.append([one.incident_id, other.incident_id, similarity, shared, other.started_at, other.title])
        rows += sorted(scored, key=lambda r: (-r[2], -r[4].timestamp(), r[1]))[:most]
    return pd.DataFrame(rows, columns=REPEAT_COLUMNS)


def _vectors(table: pd.DataFrame, background: pd.DataFrame | None = None) -> dict[str, dict[str, float]]:
    """tf–idf vectors of unit length by incident; document frequencies from ``background`` (default: the table)."""
    texts = _words(table)
    source = texts if background is None else _words(background)
    seen = Counter(w for words in source.values() for w in set(words))
    vectors = {}
    for key, words in texts.items():
        weights = {w: n * math.log((1 + len(source)) / (1 + seen[w])) for w, n in Counter(words).items()}
        length = math.sqrt(sum(v * v for v in weights.values()))
        vectors[key] = {w: v / length for w, v in weights.items()} if length > 0 else {}
    return vectors


def _words(table: pd.DataFrame) -> dict[str, list[str]]:
    """The words of title and description by incident."""
    texts = {r.incident_id: f"{r.title} {r.description}".lower() for r in table.itertuples()}
    return {key: [w for w in WORD.findall(text) if w.isalpha() and len(w) >= SHORTEST] for key, text in texts.items()}


def _cosine(a: dict[str, float], b: dict[str, float]) -> float:
    small, large = (a, b) if len(a) < len(b) else (b, a)
    return min(1.0, sum(v * large.get(w, 0.0) for w, v in small.items()))
