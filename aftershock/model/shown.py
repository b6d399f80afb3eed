"""What answers are shown with: mask what is shown, never what is read.

The model reads a dataset as its logs have it. What it found is told in the names, ids and words of the dataset as its readers
may see it, whose tables have the same rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import pandas as pd

from aftershock.dataset.dataset import Dataset
from aftershock.model.evidence import change_fields, incident_texts
from aftershock.model.observations import ModelInput
from aftershock.model.word_match import words, written

MOST_WORDS, MOST_OF_FIELD = 5, 3  # words in common that are shown of a pair, and of one field of its change


class Shown:
    """The names of what was read. ``dataset``: as its readers may see it; ``reading``: what the model read, of the same rows.

    ``incidents``: those that were attributed; ``services``: their main services; both in the order of the reading.
    """

    def __init__(self, dataset: Dataset, reading: ModelInput):
        self.dataset, self.reading = dataset, reading
        self.is_masked = dataset.as_read is not dataset

    @cached_property
    def incidents(self) -> pd.DataFrame:
        return self.dataset.actual_incidents.reset_index(drop=True) if self.is_masked else self.reading.incidents

    @property
    def changes(self) -> pd.DataFrame:
        return self.dataset.changes

    @cached_property
    def services(self) -> list[str]:
        return [self.dataset.mask.text(s) for s in self.reading.services]

    def words(self, incident: int, change: int) -> list[str]:
        """The most telling words that an incident and a change have in common, by their rows."""
        shared = self.reading.reader.wording.shared(self.reading.texts[incident], change, limit=1000)
        if self.is_masked and shared:
            there = {w for of_field in self._by_field(incident, change).values() for w in of_field}
            shared = [w for w in shared if w in there]
        return shared[:MOST_WORDS]

    def words_by_field(self, incident: int, change: int) -> str:
        """The same per field of the change: "title: api, token; paths: api"."""
        found = self._by_field(incident, change)
        return "; ".join(f"{field}: {', '.join(shared[:MOST_OF_FIELD])}" for field, shared in found.items())

    def _by_field(self, incident: int, change: int) -> dict[str, list[str]]:
        """The words in common per field, without those that a mask took from either text."""
        found = self.reading.reader.wording.shared_by_field(self.reading.texts[incident], change)
        if not self.is_masked:
            return found
        there = written(self._texts[incident])
        kept = {
            field: [w for w in shared if w in there and set(words(w)) & set(words(self._fields[field][change]))]
            for field, shared in found.items()
        }
        return {field: shared for field, shared in kept.items() if shared}

    @cached_property
    def _texts(self) -> list[str]:
        return incident_texts(self.incidents)

    @cached_property
    def _fields(self) -> dict[str, Sequence[str]]:
        return change_fields(self.changes)
