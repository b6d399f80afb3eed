"""How much better the words of a change explain those of an incident than chance does.

An incident's text is taken to be written word by word, mostly in the language of all logs and now and then (SHARE per field) with
a word of the change behind it. A word that both use then speaks for the change by
``log(1 + SHARE / (words in the field) / P(word))``, and the sum is the log likelihood ratio of a mixture language model (Ponte,
Croft 1998; Zhai, Lafferty 2004): rare words say much, common ones little, a word that stands in title, paths and description says
it once, and a change that mentions everything says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain

import numpy as np
import pyarrow as pa
import scipy.sparse as sp

from aftershock.schema.words import PART

SHARE = 0.02  # share of an incident's words that each field of the change behind it gives; a judgement
VOCABULARY = 20_000  # words in use: what a small log has not shown yet is not impossible
EVERYWHERE = 1 / 3  # share of the incidents with a word from which it is a template's; a judgement
ENOUGH_TEXTS = 10  # incidents below which no word is held for one
_RUN = re.compile(r"[A-Za-z0-9]+")
_OF_RUNS = np.array([_RUN.fullmatch(chr(byte)) is not None for byte in range(256)])
_TEXTS_AT_ONCE = 50_000  # that are split together, to bound memory
_PART = re.compile(PART)
_STOP = frozenset(
    """
    a an and are as at be been but by can did do does for from had has have if in into is it its no not of on
    or our out so some than that the their them then there these they this to too up was we were when which
    while will with about after all also any before day days first last later more most new now one only other
    over same second two until very via
    january february march april may june july august september october november december
    jan feb mar apr jun jul aug sep sept oct nov dec
    monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun
    utc gmt am pm www com
    """.split()  # noqa: SIM905
)
_ENDINGS = ("ing", "ed", "es", "s")
_SHORTEST_STEM = 4

_ADDRESS = re.compile(
    r"\b[a-z][a-z+]+://[^\s/\"'<>)\]]*([^\s?#\"'<>)\]]*)[^\s\"'<>)\]]*", re.IGNORECASE
)  # its path is group 1
_ASIDE = re.compile(  # who signed, and fractions of a second
    r"^[ \t]*(?:(?:signed-off|co-authored|reviewed|acked|tested|reported|suggested|approved)-by|change-id|cc):.*$|(?<=:\d\d)\.\d+",
    re.IGNORECASE | re.MULTILINE,
)
_UNTOLD = re.compile(  # a run of letters and digits that tells nothing
    r"""
    v?\d{1,3}(?:st|nd|rd|th|m?s|m|h|d|x|xx|[kmgt]i?b?)?     # counts, sizes, times, days, and parts of versions
    | (?:19[7-9]|20[0-4])\d(?:[01]\d[0-3]\d)?(?:t\d+)?z?   # years and dates
    | \d\dt\d\d | \d+z                                    # what is between the signs of a date and a time
    | (?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{7,64}               # hashes
    """,
    re.IGNORECASE | re.VERBOSE,
)


def words(text: str) -> list[str]:
    """Lower-case stems of the words of two letters or more and of the numbers large enough to name something; camelCase,
    snake_case and paths are taken apart. Hosts of addresses, dates, times, counts, versions, hashes and signatures name
    nothing that went wrong."""
    return [stem for run in _runs(text) for _, stem in _parts(run)]


def _runs(text: str) -> list[str]:
    return _RUN.findall(_told(text))


def _told(text: str) -> str:
    """The text without hosts of addresses, signatures and fractions of seconds."""
    if "://" in text:
        text = _ADDRESS.sub(r" \1 ", text)
    return _ASIDE.sub("", text) if ":" in text else text


@lru_cache(maxsize=200_000)
def _parts(run: str) -> tuple[tuple[str, str], ...]:
    """The parts of a run of letters and digits that tell something: each in small letters, and its stem."""
    if _UNTOLD.fullmatch(run):
        return ()
    return tuple((w, _stem(w)) for w in map(str.lower, _PART.findall(run)) if len(w) > 1 and w not in _STOP)


@lru_cache(maxsize=1_000)
def _parts_of(text: str) -> tuple[tuple[str, str], ...]:
    """The parts of a text; kept, as an incident's is compared with change after change."""
    return tuple(part for run in _runs(text) for part in _parts(run))


def written(text: str) -> set[str]:
    """The words of a text as they are written, in lower case."""
    return {m.lower() for m in _PART.findall(text)}


def _stem(word: str) -> str:
    """The word without its commonest English endings, so that "restarts" and "restarted" meet."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word.removesuffix(ending)
    return word


class WordMatch:
    """The words of every change, weighted by what each would say for it if an incident used it too.

    ``fields``: per field one text per change; ``incidents``: the words of each incident, which teach how common each word is
    in them. A word that more than a third of ENOUGH_TEXTS incidents or more use is their template's and says nothing.
    ``weights``: nats, (changes, words).
    """

    def __init__(self, fields: Mapping[str, Sequence[str]], incidents: Sequence[Sequence[str]]):
        self.index: dict[str, int] = {}
        numbers = _NumbersOfRuns(self.index)
        counted = {name: numbers.counts(texts) for name, texts in fields.items()}
        size = len(self.index)
        self.fields = {name: _of_width(matrix, size) for name, matrix in counted.items()}
        changes = sum((m.sum(axis=0).A1 for m in self.fields.values()), np.zeros(size))
        used = self._counts(incidents).sum(axis=0).A1
        common = (_frequency(changes) + _frequency(used)) / 2
        everywhere = (used > EVERYWHERE * len(incidents)) & (len(incidents) >= ENOUGH_TEXTS)
        shares = [sp.diags(SHARE / np.maximum(m.sum(axis=1).A1, 1)) @ m for m in self.fields.values()]
        rows = sum(shares, sp.csr_matrix((len(next(iter(fields.values()))), size)))
        self.weights = sp.csr_matrix(rows @ sp.diags(np.where(everywhere, 0, 1 / common))).log1p() if size else rows
        self.weights.eliminate_zeros()

    def score(
        self, texts: Sequence[Sequence[str]], rows: np.ndarray, changes: np.ndarray, block: int = 200_000
    ) -> np.ndarray:
        """Nats by which ``texts[rows[p]]``, words of an incident, speak for change ``changes[p]``, (pairs,); NaN where either has
        none.

        In blocks, to bound memory.
        """
        numbers: dict[tuple[str, ...], int] = {}  # copies of an incident have the same words
        rows = np.array([numbers.setdefault(tuple(t), len(numbers)) for t in texts], dtype=np.int64)[rows]
        used = self._counts(numbers)
        result = np.zeros(len(rows))
        for start in range(0, len(rows), block):
            part = slice(start, start + block)
            result[part] = used[rows[part]].multiply(self.weights[changes[part]]).sum(axis=1).A1
        silent = np.array([not text for text in numbers], dtype=bool)
        wordless = np.diff(self.weights.indptr) == 0
        return np.where(silent[rows] | wordless[changes], np.nan, result)

    def telling(
        self, texts: Sequence[Sequence[str]], changes: np.ndarray, least: float
    ) -> tuple[np.ndarray, np.ndarray]:
        """(place among ``texts``, place among ``changes``) of all that :meth:`score` gives more than ``least`` nats, found
        without going through all pairs."""
        scores = (self.weights[changes] @ self._counts(texts).T).tocoo()
        found = scores.data > least
        return scores.col[found].astype(np.int64), scores.row[found].astype(np.int64)

    def shared(self, text: str, change: int, limit: int = 5) -> list[str]:
        """The words that ``text`` and the change have in common, as the incident writes them, most telling first."""
        row = slice(
            *self.weights.indptr[change : change + 2]
        )  # scipy's own slice of a row takes as long as all of the rest
        weight = dict(zip(self.weights.indices[row].tolist(), self.weights.data[row].tolist(), strict=True))
        found: dict[str, float] = {}
        for written, stem in _parts_of(text):
            if said := weight.get(self.index.get(stem, -1), 0.0):
                found.setdefault(written, said)
        return sorted(found, key=lambda w: (-found[w], w))[:limit]

    def shared_by_field(self, text: str, change: int) -> dict[str, list[str]]:
        """The words in common per field of the change, for fields that have any, most telling first."""
        shared = self.shared(text, change, limit=1000)
        if not shared:
            return {}
        ends = {name: matrix.indptr[change : change + 2] for name, matrix in self.fields.items()}
        places = {name: set(matrix.indices[slice(*ends[name])].tolist()) for name, matrix in self.fields.items()}
        found = {name: [w for w in shared if self.index[_stem(w)] in place] for name, place in places.items()}
        return {name: listed for name, listed in found.items() if listed}

    def _counts(self, texts: Iterable[Sequence[str]]) -> sp.csr_matrix:
        """1 where a text, given as its words, has one that a change has, (texts, words)."""
        return _once([[self.index[w] for w in text if w in self.index] for text in texts], len(self.index))


class _NumbersOfRuns(dict[str, tuple[int, ...]]):
    """The numbers of the words in each run of letters and digits; new words are added to ``index``."""

    def __init__(self, index: dict[str, int]):
        super().__init__()
        self.index = index

    def __missing__(self, run: str) -> tuple[int, ...]:
        found = tuple(self.index.setdefault(stem, len(self.index)) for _, stem in _parts(run))
        self[run] = found
        return found

    def counts(self, texts: Sequence[str]) -> sp.csr_matrix:
        """1 where a text has a word, (texts, words so far)."""
        found = [
            self._words(texts[start : start + _TEXTS_AT_ONCE]) for start in range(0, max(len(texts), 1), _TEXTS_AT_ONCE)
        ]
        lengths, indices = map(np.concatenate, zip(*found, strict=True))
        return _at(indices, lengths, len(self.index))

    def _words(self, texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """(how many words each text has, their numbers in the order of the texts)."""
        text, distinct, run = _distinct_runs([_told(t) for t in texts])
        numbers = [self[r] for r in distinct]
        size = np.array([len(n) for n in numbers], dtype=np.int64)
        flat = np.fromiter(chain.from_iterable(numbers), dtype=np.int32, count=int(size.sum()))
        per_run = size[run]
        starts = np.cumsum(size)[run] - per_run
        within = np.arange(per_run.sum()) - np.repeat(np.cumsum(per_run) - per_run, per_run)
        lengths = np.bincount(text, weights=per_run, minlength=len(texts)).astype(np.int32)
        return lengths, flat[np.repeat(starts, per_run) + within]


def _distinct_runs(texts: Sequence[str]) -> tuple[np.ndarray, list[str], np.ndarray]:
    """The runs of ASCII letters and digits of all texts, one after another: (the text of each, (runs,); the different ones;
    which of them each is, (runs,)). As :data:`_RUN` finds them, in arrays, for that is most of the time of a large log."""
    encoded = [text.encode(errors="surrogatepass") for text in texts]
    letters = np.frombuffer(b"\n".join(encoded), dtype=np.uint8)
    ends = np.cumsum(np.fromiter(map(len, encoded), dtype=np.int64, count=len(encoded)) + 1)
    inside = _OF_RUNS[letters]
    edges = np.flatnonzero(np.diff(inside, prepend=False, append=False))
    began, ended = edges[::2], edges[1::2]
    offsets = np.concatenate([[0], np.cumsum(ended - began)]).astype(np.int64)
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(letters[inside])]
    runs = pa.Array.from_buffers(pa.large_string(), len(began), buffers).dictionary_encode()
    return np.searchsorted(ends, began, side="right"), runs.dictionary.to_pylist(), runs.indices.to_numpy()


def _once(rows: Sequence[Sequence[int]], width: int) -> sp.csr_matrix:
    """1 at the columns that each row names, however often."""
    lengths = np.array([len(row) for row in rows], dtype=np.int64)
    return _at(np.fromiter(chain.from_iterable(rows), dtype=np.int32, count=int(lengths.sum())), lengths, width)


def _at(indices: np.ndarray, lengths: np.ndarray, width: int) -> sp.csr_matrix:
    """1 at each row's columns, however often named; ``lengths`` (rows,): how many of the ``indices`` are each row's."""
    indptr = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
    matrix = sp.csr_matrix((np.ones(len(indices)), indices, indptr), shape=(len(lengths), width))
    matrix.sum_duplicates()
    matrix.data[:] = 1.0
    return matrix


def _of_width(matrix: sp.csr_matrix, width: int) -> sp.csr_matrix:
    return sp.csr_matrix((matrix.data, matrix.indices, matrix.indptr), shape=(matrix.shape[0], width))


def _frequency(counts: np.ndarray) -> np.ndarray:
    """How probable each word is, smoothed as if every word of VOCABULARY had been seen half a time more."""
    return (counts + 0.5) / (counts.sum() + 0.5 * max(VOCABULARY, len(counts)))
