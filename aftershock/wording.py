"""How alike the words of an incident and of a change are.

Tokens are weighted by how rare they are in the change log (inverse document frequency, Spärck Jones 1972), and two texts
are compared by the cosine of their weighted tokens: 0 when they share none, 1 when they are the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import scipy.sparse as sp

_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
_STOP = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "been",
        "but",
        "by",
        "can",
        "did",
        "do",
        "does",
        "for",
        "from",
        "had",
        "has",
        "have",
        "if",
        "in",
        "into",
        "is",
        "it",
        "its",
        "no",
        "not",
        "of",
        "on",
        "or",
        "our",
        "out",
        "so",
        "some",
        "than",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "these",
        "they",
        "this",
        "to",
        "too",
        "up",
        "was",
        "we",
        "were",
        "when",
        "which",
        "while",
        "will",
        "with",
        "about",
        "after",
        "all",
        "also",
        "any",
        "before",
        "day",
        "days",
        "first",
        "last",
        "later",
        "more",
        "most",
        "new",
        "now",
        "one",
        "only",
        "other",
        "over",
        "same",
        "second",
        "some",
        "two",
        "until",
        "very",
        "via",
    ]
)


def words(text: str) -> list[str]:
    """Lower-case words of two letters or more and numbers; camelCase, snake_case and paths are taken apart."""
    return [w for w in (m.lower() for m in _WORD.findall(text)) if len(w) > 1 and w not in _STOP]


class Vocabulary:
    """Words of one field of the change log, weighted by rarity, with a row per change."""

    def __init__(self, texts: Sequence[str]):
        self.index: dict[str, int] = {}
        self.changes = self._normalised(self._counts(texts, grow=True))
        appearances = np.diff(self.changes.tocsc().indptr)
        self.rarity = np.log((1 + len(texts)) / (1 + appearances)) if len(self.index) else np.zeros(0)
        self.changes = self._weighted(self.changes)

    def vectors(self, texts: Sequence[str]) -> sp.csr_matrix:
        """Weighted rows for other texts; words that the change log never uses count in the length alone."""
        return self._weighted(self._counts(texts, grow=False))

    def shared(self, text: str, change: int, limit: int = 4) -> list[str]:
        """The rarest words that ``text`` and the change have in common."""
        row = self.changes[change]
        own = set(row.indices)
        common = {w for w in words(text) if self.index.get(w) in own}
        return sorted(common, key=lambda w: (-self.rarity[self.index[w]], w))[:limit]

    def _counts(self, texts: Sequence[str], grow: bool) -> sp.csr_matrix:
        indptr, indices = [0], []
        for text in texts:
            found = dict.fromkeys(words(text))
            if grow:
                indices.extend(self.index.setdefault(w, len(self.index)) for w in found)
            else:
                indices.extend(self.index[w] for w in found if w in self.index)
            indptr.append(len(indices))
        return sp.csr_matrix((np.ones(len(indices)), indices, indptr), shape=(len(texts), len(self.index)))

    @staticmethod
    def _normalised(matrix: sp.csr_matrix) -> sp.csr_matrix:
        length = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
        return sp.csr_matrix(sp.diags(1 / np.maximum(length, 1e-12)) @ matrix)

    def _weighted(self, matrix: sp.csr_matrix) -> sp.csr_matrix:
        ones = matrix.copy()
        ones.data = np.ones_like(ones.data)
        return self._normalised(sp.csr_matrix(ones @ sp.diags(self.rarity))) if len(self.rarity) else matrix


def similarity(
    left: sp.csr_matrix, right: sp.csr_matrix, rows: np.ndarray, columns: np.ndarray, block: int = 200_000
) -> np.ndarray:
    """Cosine of ``left[rows[p]]`` and ``right[columns[p]]`` for every pair p, in blocks to bound memory."""
    result = np.zeros(len(rows))
    for start in range(0, len(rows), block):
        part = slice(start, start + block)
        product = left[rows[part]].multiply(right[columns[part]])
        result[part] = np.asarray(product.sum(axis=1)).ravel()
    return result
