"""Which incidents resemble earlier ones."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pandas as pd
import scipy.sparse as sp

from aftershock.metrics import asked_last
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
    log = _log_of(dataset)
    rows = []
    for one in dataset.incidents[dataset.incidents["incident_id"].isin(list(incident_ids))][NEEDED].itertuples():
        place, similarity = log.alike(one.incident_id, one.started_at, least)
        for at, how in list(zip(place, similarity, strict=True))[:most]:
            other = log.incidents.iloc[at]
            shared = sorted(set(one.services) & set(other["services"]))
            rows.append([one.incident_id, other["incident_id"], how, shared, other["started_at"], other["title"]])
    return pd.DataFrame(rows, columns=REPEAT_COLUMNS)


class _Log:
    """The words of all incidents of a dataset, as they are compared.

    ``incidents``: without repeated rows; ``_words``: tf–idf of unit length, ``_has``: whether a word is in it at all,
    ``_services``: likewise; (rows, words or services), those of ``incidents`` first.
    """

    def __init__(self, dataset: DatasetLike):
        self.incidents = incidents_of(dataset)
        every = dataset.incidents
        self._every = pd.concat([self.incidents, every[~every["incident_id"].isin(self.incidents["incident_id"])]])
        self._row = {i: row for row, i in enumerate(self._every["incident_id"])}
        words = _words(self._every, _service_words(dataset))
        vectors = list(_vectors(words, self.incidents["incident_id"].tolist()).values())
        self._words, self._services = (
            _matrix(vectors),
            _matrix([dict.fromkeys(s, 1.0) for s in self._every["services"]]),
        )
        self._has = self._words.copy()
        self._has.data[:] = 1.0
        self._unnamed = np.array([len(s) == 0 for s in self._every["services"]], dtype=bool)
        self._at = self.incidents["started_at"].dt.tz_convert(None).to_numpy()

    def alike(self, incident_id: str, started_at: pd.Timestamp, least: float) -> tuple[np.ndarray, np.ndarray]:
        """(rows of ``incidents`` that began earlier and resemble this one, how much), the most alike first, then the latest."""
        row, size = self._row[incident_id], len(self.incidents)
        similarity = np.minimum(np.round(_products(self._words, row), 12), 1.0)[:size]
        place = (_products(self._services, row) > 0) | self._unnamed | self._unnamed[row]
        near = (similarity >= least) & (_products(self._has, row)[:size] >= COMMON) & place[:size]
        found = np.flatnonzero(near & (self._at < started_at.tz_convert(None).to_datetime64()))
        ids = self.incidents["incident_id"].to_numpy(dtype=object)[found]
        order = np.lexsort((ids, -self._at[found].astype(np.int64), -similarity[found]))
        return found[order], similarity[found[order]]


_log_of = asked_last.kept(_Log)


def _matrix(rows: list[dict[str, float]]) -> sp.csr_matrix:
    """Of sparse rows, each by name, (rows, names)."""
    names = {name: n for n, name in enumerate(dict.fromkeys(name for row in rows for name in row))}
    place = np.cumsum([0, *map(len, rows)])
    values = np.array([value for row in rows for value in row.values()], dtype=float)
    columns = np.array([names[name] for row in rows for name in row], dtype=np.int64)
    return sp.csr_matrix((values, columns, place), shape=(len(rows), len(names)))


def _products(matrix: sp.csr_matrix, row: int) -> np.ndarray:
    """Of one row with all, (rows,)."""
    return np.asarray(matrix @ matrix[row].toarray()[0])


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
