"""How much better the words of a change explain those of an incident than chance does.

An incident's text is taken to be written word by word, mostly in the language of all logs and now and then (SHARE per field) with
a word of the change behind it. A word that both use then speaks for the change by
``log(1 + SHARE / (words in the field) / P(word))``, and the sum is the log likelihood ratio of a mixture language model (Ponte,
Croft 1998; Zhai, Lafferty 2004): rare words say much, common ones little, a word that stands in title, paths and description says
it once, and a change that mentions everything says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import scipy.sparse as sp

from aftershock.schema.words import PART

SHARE = 0.02  # share of an incident's words that each field of the change behind it gives; a judgement
VOCABULARY = 20_000  # words in use: what a small log has not shown yet is not impossible
_WORD = re.compile(PART)
_STOP = frozenset(
    """
    a an and are as at be been but by can did do does for from had has have if in into is it its no not of on
    or our out so some than that the their them then there these they this to too up was we were when which
    while will with about after all also any before day days first last later more most new now one only other
    over same second two until very via
    """.split()  # noqa: SIM905
)
_ENDINGS = ("ing", "ed", "es", "s")
_SHORTEST_STEM = 4


def words(text: str) -> list[str]:
    """Lower-case stems of words of two letters or more and numbers; camelCase, snake_case and paths are taken apart."""
    return [_stem(w) for w in (m.lower() for m in _WORD.findall(text)) if len(w) > 1 and w not in _STOP]


def written(text: str) -> set[str]:
    """The words of a text as they are written, in lower case."""
    return {m.lower() for m in _WORD.findall(text)}


def _stem(word: str) -> str:
    """The word without its commonest English endings, so that "restarts" and "restarted" meet."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word.removesuffix(ending)
    return word


class WordMatch:
    """The words of every change, weighted by what each would say for it if an incident used it too.

    ``fields``: per field one text per change; ``incidents``: the texts of all incidents, which teach how common each word is
    in them. ``weights``: nats, (changes, words).
    """

    def __init__(self, fields: dict[str, Sequence[str]], incidents: Sequence[str]):
        self.index: dict[str, int] = {}
        counted = {name: self._counts(texts, grow=True) for name, texts in fields.items()}
        size = len(self.index)
        self.fields = {name: _of_width(matrix, size) for name, matrix in counted.items()}
        changes = sum((m.sum(axis=0).A1 for m in self.fields.values()), np.zeros(size))
        common = (_frequency(changes) + _frequency(self._counts(incidents, grow=False).sum(axis=0).A1)) / 2
        shares = [sp.diags(SHARE / np.maximum(m.sum(axis=1).A1, 1)) @ m for m in self.fields.values()]
        rows = sum(shares, sp.csr_matrix((len(next(iter(fields.values()))), size)))
        self.weights = sp.csr_matrix(rows @ sp.diags(1 / common)).log1p() if size else rows

    def score(self, texts: Sequence[str], rows: np.ndarray, changes: np.ndarray, block: int = 200_000) -> np.ndarray:
        """Nats by which the words of ``texts[rows[p]]`` speak for change ``changes[p]``, (pairs,); NaN where either has none.

        In blocks, to bound memory.
        """
        numbers: dict[str, int] = {}  # copies of an incident have the same words
        rows = np.array([numbers.setdefault(t, len(numbers)) for t in texts], dtype=np.int64)[rows]
        texts = list(numbers)
        used = self._counts(texts, grow=False)
        result = np.zeros(len(rows))
        for start in range(0, len(rows), block):
            part = slice(start, start + block)
            result[part] = used[rows[part]].multiply(self.weights[changes[part]]).sum(axis=1).A1
        silent = np.array([not words(t) for t in texts], dtype=bool)
        wordless = np.diff(self.weights.indptr) == 0
        return np.where(silent[rows] | wordless[changes], np.nan, result)

    def shared(self, text: str, change: int, limit: int = 5) -> list[str]:
        """The words that ``text`` and the change have in common, as the incident writes them, most telling first."""
        row = self.weights[change]
        weight = dict(zip(row.indices.tolist(), row.data.tolist(), strict=True))
        found: dict[str, float] = {}
        for written in (m.lower() for m in _WORD.findall(text)):
            said = weight.get(self.index.get(_stem(written), -1), 0.0)
            if said and written not in _STOP:
                found.setdefault(written, said)
        return sorted(found, key=lambda w: (-found[w], w))[:limit]

    def shared_by_field(self, text: str, change: int) -> dict[str, list[str]]:
        """The words in common per field of the change, for fields that have any, most telling first."""
        shared = self.shared(text, change, limit=1000)
        places = {name: set(matrix[change].indices.tolist()) for name, matrix in self.fields.items()}
        found = {name: [w for w in shared if self.index[_stem(w)] in place] for name, place in places.items()}
        return {name: listed for name, listed in found.items() if listed}

    def _counts(self, texts: Sequence[str], grow: bool) -> sp.csr_matrix:
        indptr: list[int] = [0]
        indices: list[int] = []
        for text in texts:
            found = dict.fromkeys(words(text))
            if grow:
                indices.extend(self.index.setdefault(w, len(self.index)) for w in found)
            else:
                indices.extend(self.index[w] for w in found if w in self.index)
            indptr.append(len(indices))
        return sp.csr_matrix((np.ones(len(indices)), indices, indptr), shape=(len(texts), len(self.index)))


def _of_width(matrix: sp.csr_matrix, width: int) -> sp.csr_matrix:
    return sp.csr_matrix((matrix.data, matrix.indices, matrix.indptr), shape=(matrix.shape[0], width))


def _frequency(counts: np.ndarray) -> np.ndarray:
    """How probable each word is, smoothed as if every word of VOCABULARY had been seen half a time more."""
    return (counts + 0.5) / (counts.sum() + 0.5 * max(VOCABULARY, len(counts)))
