"""A dataset in memory: the canonical tables, what was read on the way, and what they say of incidents and changes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from aftershock.dataset.masking import AS_IT_IS, Mask
from aftershock.dataset.settings import Settings
from aftershock.dataset.shipped import FILE
from aftershock.schema.errors import InputError, UsageError, nearest
from aftershock.schema.handed_out import HandsOutCopies
from aftershock.schema.tables import REJECTED
from aftershock.sources.json_paths import writable

VERDICTS_FILE = "verdicts.csv"


@dataclass(frozen=True)
class Dataset(HandsOutCopies):
    """Two logs, the service graph and the verdicts, in canonical form. Its tables are the caller's own to change.

    ``incidents``, ``changes``, ``dependencies``, ``verdicts``: columns of :mod:`aftershock.schema.tables`; all times UTC, each
    an interval ``x`` to ``x_before``. ``rejected`` and ``notes``: rows that could not be used, and rows that were odd.
    ``folded``: records that are deliberately no row of their own, with :data:`aftershock.schema.tables.FOLDS` as reasons.
    Every record of a log is a row, rejected or folded.
    ``observed``: first and last moment that both logs cover; rates are learned inside it. ``hashes``: SHA-256 per file.
    ``unread``: part (a table, or a file) → why it cannot be read; only :func:`load_readable_parts` leaves anything there.
    ``audience``: for whom the texts are fit (:mod:`aftershock.dataset.audience`), ``mask`` what has been taken out of them and is
    to be taken out of texts read later, ``masked`` the places; ``raw_ids`` and ``raw_change_ids`` the ids of incidents and
    changes that a mask changed, as the log has them; ``as_read`` the dataset before anything was masked, row by row the same.
    """

    folder: Path
    settings: Settings
    incidents: pd.DataFrame
    changes: pd.DataFrame
    dependencies: pd.DataFrame
    verdicts: pd.DataFrame
    rejected: pd.DataFrame
    notes: pd.DataFrame
    folded: pd.DataFrame
    observed: tuple[pd.Timestamp, pd.Timestamp]
    hashes: dict[str, str]
    unread: dict[str, InputError] = field(default_factory=dict)
    audience: str = "private"
    mask: Mask = AS_IT_IS
    masked: pd.DataFrame | None = None
    raw_ids: Mapping[str, str] = field(default_factory=dict)
    raw_change_ids: Mapping[str, str] = field(default_factory=dict)
    # Not an argument, so that replace() drops it: tables that were replaced are no longer those of the dataset that was read.
    _unmasked: Dataset | None = field(default=None, init=False, repr=False, compare=False)

    def __repr__(self) -> str:
        from aftershock.dataset import card

        return card.line(self)

    def _repr_html_(self) -> str:
        from aftershock.dataset import card

        return card.card(self)._repr_html_()

    @property
    def reading(self) -> str:
        """What was read, as 16 digits: the same for two readings of the same files."""
        return hashlib.sha256("\n".join(self.hashes.values()).encode()).hexdigest()[:16]

    @property
    def as_read(self) -> Dataset:
        """The dataset as its logs have it, which is what is reckoned with; itself where nothing was masked."""
        return self if self._unmasked is None else self._unmasked

    def masking(self, dataset: Dataset) -> Dataset:
        """This dataset as the masked form of another one, whose tables have the same rows."""
        for name in ("incidents", "changes"):
            if len(getattr(self, name)) != len(getattr(dataset, name)):
                raise ValueError(f"the masked {name} are not those that were read")
        made = replace(self)
        object.__setattr__(made, "_unmasked", dataset.as_read)
        return made

    @property
    def key(self) -> str:
        """The folder's name: how the dataset is called in commands and file names."""
        return self.folder.name

    @property
    def name(self) -> str:
        return self.settings.name

    @property
    def given_name(self) -> str:
        """The name that dataset.toml gives; empty when that cannot be read."""
        return "" if FILE in self.unread else self.name

    @property
    def description(self) -> str:
        return self.settings.description

    @property
    def timezone(self) -> str:
        return self.settings.timezone

    @property
    def simulated(self) -> bool:
        return self.settings.simulated

    @property
    def reference(self) -> bool:
        """True for a table to compare with, whose rows share nothing: it has no suspects and no reports."""
        return self.settings.reference

    @property
    def overlapping(self) -> bool:
        """Whether the two logs share any time at all; without it nothing can be attributed."""
        if self.incidents.empty or self.changes.empty:
            return False
        first = max(t["started_at"].min() for t in (self.incidents, self.changes))
        last = min(t["started_at_before"].max() for t in (self.incidents, self.changes))
        return first - self.settings.attribution.horizon <= last

    @property
    def severities(self) -> list[str]:
        """Severities, worst first: those of dataset.toml, then others in the log by name."""
        listed = self.settings.severity
        return listed + sorted(set(self.incidents["severity"]) - set(listed) - {""})

    @property
    def months(self) -> list[str]:
        """``YYYY-MM`` of every month that the observed period touches, in the dataset's zone."""
        first, last = (t.tz_convert(self.timezone).tz_localize(None) for t in self.observed)
        return [str(p) for p in pd.period_range(first, last - pd.Timedelta(1, "ns"), freq="M")]

    @property
    def days(self) -> pd.DatetimeIndex:
        """Midnight of every day of the observed period, in the dataset's zone."""
        first, last = (t.tz_convert(self.timezone) for t in self.observed)
        return pd.date_range(first.normalize(), last, freq="D", inclusive="left")

    @property
    def actual_incidents(self) -> pd.DataFrame:
        """Incidents without the rows that repeat another one."""
        return self.incidents[self.incidents["duplicate_of"] == ""]

    def incident(self, incident_id: str | pd.Series) -> pd.Series:
        """One incident's row, by its id or a row that has it; UsageError with the nearest id when there is none."""
        incident_id = id_of("an incident", incident_id)
        if incident_id not in self._row_of_incident:
            known = self.incidents["incident_id"].tolist()
            some = ", ".join(known[:5]) + (", …" if len(known) > 5 else "")
            raise UsageError(
                f"no incident {incident_id!r} in {self.key}{nearest(incident_id, known)}"
                f" ({len(known)} incidents: {some})"
            )
        return self.incidents.iloc[self._row_of_incident[incident_id]]

    @cached_property
    def _row_of_incident(self) -> dict[str, int]:
        ids = self.incidents["incident_id"].tolist()
        return dict(zip(reversed(ids), range(len(ids) - 1, -1, -1), strict=True))  # the first of equal ids

    def change(self, change_id: str | pd.Series) -> pd.Series:
        """One change's row, by its id or a row that has it; UsageError with the nearest id when there is none."""
        change_id = id_of("a change", change_id)
        found = self.changes[self.changes["change_id"] == change_id]
        if found.empty:
            known = self.changes["change_id"].tolist()
            raise UsageError(
                f"no change {change_id!r} in {self.key}{nearest(change_id, known)} ({len(known):,} changes)"
            )
        return found.iloc[0]

    @cached_property
    def changes_without_service(self) -> int:
        return len(self.changes) - sum(map(bool, self.changes["services"]))

    def verdicts_on(self, incident_id: str) -> pd.DataFrame:
        """All verdicts on one incident, in order; :attr:`decisions` and :attr:`rejections` have those that count."""
        return self.verdicts_in_order[self.verdicts_in_order["incident_id"] == incident_id]

    @property
    def decisions(self) -> pd.DataFrame:
        """The verdict that counts on what set each incident off: the latest; among those without a time, the last row. None where
        its change was rejected later."""
        return self._standing[0]

    @property
    def rejections(self) -> pd.DataFrame:
        """The verdicts that count on what did not set an incident off: those whose change nobody accepted later."""
        return self._standing[1]

    @cached_property
    def _standing(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The verdicts that count: accepted and rejected ones."""
        ordered = self.verdicts_in_order
        accepted: dict[str, tuple[str, int]] = {}  # incident → change, number of the row
        rejected: dict[tuple[str, str], int] = {}
        for row, verdict in enumerate(ordered.itertuples()):
            pair = (verdict.incident_id, verdict.change_id)
            if verdict.decision == REJECTED:
                rejected[pair] = row
                if accepted.get(pair[0], ("",))[0] == pair[1]:
                    del accepted[pair[0]]
            else:
                rejected.pop(pair, None)
                accepted[pair[0]] = (pair[1], row)
        return ordered.iloc[sorted(row for _, row in accepted.values())], ordered.iloc[sorted(rejected.values())]

    @cached_property
    def verdicts_in_order(self) -> pd.DataFrame:
        """Verdicts by when they were decided; those without a time come first, as the file has them."""
        return self.verdicts.sort_values("decided_at", kind="stable", na_position="first")

    def raw_id(self, incident_id: str) -> str:
        """The id of an incident as its log has it."""
        return self.raw_ids.get(incident_id, incident_id)

    def raw_change_id(self, change_id: str) -> str:
        """The id of a change as its log has it."""
        return self.raw_change_ids.get(change_id, change_id)

    def masked_id(self, incident_id: str) -> str:
        """The id of an incident as reports show it, given either way."""
        return {own: shown for shown, own in self.raw_ids.items()}.get(incident_id, incident_id)

    def without_verdicts_on(self, incident_id: str) -> Dataset:
        """The same dataset before anybody decided on one incident; verdicts on others stay."""
        shown = replace(self, verdicts=self.verdicts[self.verdicts["incident_id"] != incident_id])
        return (
            shown if self.as_read is self else shown.masking(self.as_read.without_verdicts_on(self.raw_id(incident_id)))
        )


ID_COLUMNS = {"an incident": "incident_id", "a change": "change_id"}


def id_of(of: str, given: object) -> str:
    """The id of ``an incident`` or ``a change`` that somebody asks for, as text or in a row; UsageError for what is neither."""
    column = ID_COLUMNS[of]
    found = given.get(column) if isinstance(given, pd.Series) else given
    if not isinstance(found, str):
        raise UsageError(
            f"found {type(given).__name__} in place of the id of {of}; expected its text, such as 'INC-104', or a row with {column}"
        )
    return writable(found)  # an argument of the command line may hold half a character


def ids_of(of: str, given: object) -> list[str]:
    """The same of one or several: an id, a row, a table, or a list of ids; each once."""
    column = ID_COLUMNS[of]
    if isinstance(given, pd.DataFrame):
        if column not in given:
            names = ", ".join(map(str, given.columns[:6]))
            raise UsageError(
                f"found a table without the column {column} in place of the id of {of}; its columns are {names}"
            )
        given = given[column].tolist()
    elif isinstance(given, pd.Series) and column not in given.index and all(isinstance(one, str) for one in given):
        given = given.tolist()
    several = given if isinstance(given, list | tuple | set | pd.Index | np.ndarray) else [given]
    return list(dict.fromkeys(id_of(of, one) for one in several))
