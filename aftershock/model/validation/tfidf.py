"""Plain similarity of texts, for the rule "likest words": cosine of words weighted by rarity (TF-IDF).

It reads words as they are, without the model's stems and weights, so that the rule stays the same when the model changes.
"""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from aftershock.schema.words import WORD


def cosines(first: list[str], second: list[str], row: np.ndarray, column: np.ndarray) -> np.ndarray:
    """Cosine, 0 to 1, of ``first[row]`` and ``second[column]``, pair by pair. A word's weight is its inverse document
    frequency in ``second`` (Spärck Jones 1972); a word that none of them has weighs nothing."""
    numbers: dict[str, int] = {}
    for text in second:
        for word in _words(text):
            numbers.setdefault(word, len(numbers))
    there = _counted(second, numbers)
    rarity = np.log((1 + len(second)) / (1 + np.bincount(there.indices, minlength=len(numbers))))
    left, right = (_weighted(table, rarity) for table in (_counted(first, numbers), there))
    values = np.zeros(len(row))
    for start in range(0, len(row), 50_000):
        part = slice(start, start + 50_000)
        values[part] = np.asarray(left[row[part]].multiply(right[column[part]]).sum(axis=1)).ravel()
    return values


def _words(text: str) -> set[str]:
    return set(WORD.findall(text.lower()))


def _counted(texts: list[str], numbers: dict[str, int]) -> sp.csr_matrix:
    found = [sorted({numbers[w] for w in _words(t) if w in numbers}) for t in texts]
    starts = np.cumsum([0, *map(len, found)])
    indices = np.array([n for row in found for n in row], dtype=np.int64)
    return sp.csr_matrix((np.ones(len(indices)), indices, starts), shape=(len(texts), len(numbers)))


def _weighted(table: sp.csr_matrix, rarity: np.ndarray) -> sp.csr_matrix:
    table = table @ sp.diags(rarity) if len(rarity) else table
    length = np.sqrt(np.asarray(table.multiply(table).sum(axis=1)).ravel())
    return (sp.diags(1 / np.where(length > 0, length, 1.0)) @ table).tocsr()
