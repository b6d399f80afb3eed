"""Which pairs of a large log are listed one by one: those that a relation, words or time make worth a look.

Nearly all changes within the horizon of an incident are on other services, share no telling word with it and are hours old.
In a large log only the others are listed: changes on the incident's services or those that they need, changes with words in
common, changes taken back during the incident, and the last ones before it. They are found from indices of services, words and
times, never by going through all pairs; what is not listed is summed (:mod:`aftershock.model.unlisted`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from aftershock.model.candidates import CandidateFinder, distinct, ranges
from aftershock.model.evidence import HARDLY_ANY, WORDS_EDGES, EvidenceReader, IncidentTexts

LISTED_WHOLE = 1_000_000  # pairs up to which all are listed: some 100 MB
RECENT = 64  # last changes before an incident that are always listed: minutes old, they need no other reason
_WINDOW = 30_000  # changes whose words are compared at a time with those of incidents that lie near each other


class Listing:
    """Made once per dataset, used for the incidents and their moved copies."""

    def __init__(self, finder: CandidateFinder, reader: EvidenceReader):
        self.finder, self.reader = finder, reader
        self.times = finder.first[finder.rows]
        self._began = float(self.times[0]) if len(self.times) else 0.0
        self._span = float(self.times[-1] - self._began) + 1.0 if len(self.times) else 1.0
        codes = finder.changed[1][finder.rows]
        self._by_set = np.lexsort((self.times, codes))
        self._keys = codes[self._by_set] * self._span + (self.times[self._by_set] - self._began)
        back = reader.taken_back_at[finder.rows]
        taken = np.flatnonzero(np.isfinite(back) & ~reader.temporary[finder.rows])
        self._taken = taken[np.argsort(back[taken], kind="stable")]
        self._taken_at = back[self._taken]

    def of(
        self, first: np.ndarray, last: np.ndarray, services: list[tuple[str, ...]], told: IncidentTexts
    ) -> tuple[np.ndarray, np.ndarray]:
        """(incident, change) of every listed pair of incidents that started between ``first`` and ``last`` (hours since 1970), in
        the order of :meth:`CandidateFinder.pairs`."""
        begin, end = self.finder.window(first, last)
        parts = [
            self._related(first, last, services),
            ranges(np.maximum(begin, end - RECENT), end),
            *self._worded(begin, end, told.texts),
            self._taken_back(told),
        ]
        incident, place = (np.concatenate(part) for part in zip(*parts, strict=True))
        inside = (place >= begin[incident]) & (place < end[incident])
        key = distinct(incident[inside] * max(len(self.times), 1) + place[inside])
        return key // max(len(self.times), 1), self.finder.rows[key % max(len(self.times), 1)]

    def _related(
        self, first: np.ndarray, last: np.ndarray, services: list[tuple[str, ...]]
    ) -> tuple[np.ndarray, np.ndarray]:
        """Changes on a service that one of the incident's needs, or on that itself."""
        near = [self.finder.sets_near(failed) for failed in services]
        incident = np.repeat(np.arange(len(near)), [len(codes) for codes in near])
        code = np.concatenate([np.zeros(0, dtype=np.int64), *near])
        grid, base = self.finder.grid, code * self._span
        low = first[incident] - grid.horizon - self.finder.longest - self._began
        high = last[incident] - grid.earliest - self._began
        begin = np.searchsorted(self._keys, base + np.clip(low, 0, self._span), side="left")
        end = np.searchsorted(self._keys, base + np.clip(high, -1e-6, self._span - 1e-6), side="right")
        which, place = ranges(begin, np.maximum(begin, end))
        return incident[which], self._by_set[place]

    def _worded(
        self, begin: np.ndarray, end: np.ndarray, texts: list[tuple[str, ...]]
    ) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Changes whose words say more than hardly anything; incidents that lie near each other together."""
        wording, least = self.reader.wording, WORDS_EDGES[HARDLY_ANY - 1]
        for block in _blocks(begin, end):
            low, high = int(begin[block].min()), int(end[block].max())
            text, change = wording.telling([texts[i] for i in block], self.finder.rows[low:high], least)
            yield block[text], low + change

    def _taken_back(self, told: IncidentTexts) -> tuple[np.ndarray, np.ndarray]:
        """Changes that were taken back while the incident went on."""
        begin = np.searchsorted(self._taken_at, told.start, side="left")
        end = np.searchsorted(self._taken_at, told.until, side="left")
        incident, place = ranges(begin, np.maximum(begin, end))
        return incident, self._taken[place]


def _blocks(begin: np.ndarray, end: np.ndarray) -> Iterable[np.ndarray]:
    """Incidents, by number, such that those of a block lie within _WINDOW changes of each other or are alone."""
    block: list[int] = []
    for incident in np.argsort(begin, kind="stable").tolist():
        if end[incident] <= begin[incident]:
            continue
        if block and end[incident] - begin[block[0]] > _WINDOW:
            yield np.array(block)
            block = []
        block.append(incident)
    if block:
        yield np.array(block)
