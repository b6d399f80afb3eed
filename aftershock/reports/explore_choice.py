"""What is chosen on the explore page: one period, one service, one incident, which every view shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from aftershock.dataset.dataset import Dataset
from aftershock.schema.errors import UsageError

SHOWN_DAYS = 31
SHOWN_AFTER = 7  # days after an incident that is looked at without a period
LASTING = ("covered", "actual", "weeks", "drawn weeks")
"""What is kept while only the period changes: it follows from the dataset and the service."""


@dataclass
class Choice:
    """``start`` and ``end``: days in the dataset's zone, both in it; ``service``: ``""`` for every one; ``incident_id``: ``""``
    for none. ``picked``: somebody chose the incident; one that nobody chose follows period and service. ``severity``, ``kind``
    and ``role`` (of the most probable change and of its author) and ``undecided`` (nobody has decided) narrow the list of
    incidents, "" and False do not. ``asked``: the change that is asked about, "" for none. ``earlier``: nobody chose the period,
    and the last month of the logs has no incident.
    """

    dataset: Dataset
    start: pd.Timestamp
    end: pd.Timestamp
    service: str = ""
    incident_id: str = ""
    picked: bool = False
    severity: str = ""
    kind: str = ""
    role: str = ""
    undecided: bool = False
    asked: str = ""
    earlier: bool = False
    _kept_dataset: Dataset | None = None
    _kept_of: tuple[Any, ...] = ()
    _kept: dict[object, Any] = field(default_factory=dict)

    @classmethod
    def of(
        cls, dataset: Dataset, *, start: str = "", end: str = "", service: str = "", incident_id: str = ""
    ) -> Choice:
        """The choice that parameters ask for: without a period the last month covered, the days around the incident, or, where that
        month has none, those around the last one. UsageError for a period that runs backwards or holds no day of the logs."""
        first, last = covered_days(dataset)
        till = _day(dataset, end) if end else last
        began = dataset.incident(incident_id)["started_at"] if incident_id else pd.NaT
        if not start and not end and not incident_id:
            until = cls(dataset, first, last, service).incidents["started_at"].max()
            began = until if until < last - pd.Timedelta(days=SHOWN_DAYS) else began
        if not start and not end and not pd.isna(began):
            till = min(last, began.tz_convert(dataset.timezone).normalize() + pd.Timedelta(days=SHOWN_AFTER))
        since = _day(dataset, start) if start else max(first, till - pd.Timedelta(days=SHOWN_DAYS))
        made = cls(dataset, since, till)
        made.choose(start=since, end=till, service=service)
        made.earlier = till < last and not (start or end or incident_id)
        made.pick(incident_id) if incident_id else made.follow()
        return made

    def choose(self, *, start: pd.Timestamp, end: pd.Timestamp, service: str) -> None:
        """Another period or service. An incident that was picked stays; UsageError, and nothing changes, for no period."""
        first, last = self.covered
        if end < first or start > last:
            raise UsageError(
                f"the logs hold no day of {start:%Y-%m-%d} to {end:%Y-%m-%d}: they run from {first:%Y-%m-%d} to {last:%Y-%m-%d}"
            )
        if start > end:
            raise UsageError(
                f"the period ends before it begins: {start:%Y-%m-%d} to {end:%Y-%m-%d}; exchange start and end"
            )
        self.start, self.end, self.service, self.earlier = start, end, service, False
        if not self.picked:
            self.follow()

    def pick(self, incident_id: str) -> None:
        """Another incident, inside the period and service or not."""
        self.incident_id, self.picked, self.asked = incident_id, bool(incident_id), ""

    def follow(self) -> None:
        """The worst incident of the choice, the last one where several are; none where there is none."""
        incidents = self.incidents
        self.picked, self.asked = False, ""
        if incidents.empty:
            self.incident_id = ""
            return
        order = {s: n for n, s in enumerate(self.dataset.severities)}
        rank = incidents["severity"].map(lambda s: order.get(s, len(order)))
        self.incident_id = incidents[rank == rank.min()]["incident_id"].iloc[-1]

    @property
    def outside(self) -> bool:
        """Whether the incident is none of the period and service chosen."""
        return bool(self.incident_id) and self.incident_id not in set(self.incidents["incident_id"])

    @property
    def covered(self) -> tuple[pd.Timestamp, pd.Timestamp]:
        """:func:`covered_days` of the dataset."""
        if "covered" not in self.kept:
            self.kept["covered"] = covered_days(self.dataset)
        return self.kept["covered"]

    @property
    def incidents(self) -> pd.DataFrame:
        """Incidents of the period and service, by start."""
        return self.keep("incidents", lambda: self._chosen(self._actual))

    @property
    def _actual(self) -> pd.DataFrame:
        return self.keep("actual", lambda: self.dataset.actual_incidents)

    @property
    def changes(self) -> pd.DataFrame:
        """Changes of the period and service."""
        return self.keep("changes", lambda: self._chosen(self.dataset.changes))

    @property
    def kept(self) -> dict[object, Any]:
        """What was made of the rows of this period and service; empty once either or the dataset is another, but for what lasts."""
        of = (self.service, self.start, self.end)
        if self._kept_dataset is not self.dataset or self._kept_of != of:
            lasts = self._kept_dataset is self.dataset and self._kept_of[:1] == of[:1]
            kept: dict[object, Any] = {n: self._kept[n] for n in LASTING if n in self._kept} if lasts else {}
            self._kept_dataset, self._kept_of, self._kept = self.dataset, of, kept
        return self._kept

    def keep(self, name: str, make: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        """What ``make`` gives, made once for what it is kept for; the caller's own, as pandas copies on write."""
        if name not in self.kept:
            self.kept[name] = make()
        return self.kept[name].copy(deep=False)

    def _chosen(self, table: pd.DataFrame) -> pd.DataFrame:
        end = self.end + pd.DateOffset(days=1)  # a day may have 23 or 25 hours
        rows = table[(table["started_at_before"] >= self.start) & (table["started_at"] < end)]
        return self._of_service(rows)

    @property
    def weeks(self) -> pd.DataFrame:
        """Per week of the logs, from Monday in the dataset's zone, how many changes and incidents of the service began: columns
        week, changes, incidents; a row for each week."""
        return self.keep("weeks", self._weeks)

    def _weeks(self) -> pd.DataFrame:
        first, last = self.covered
        monday = first - pd.Timedelta(days=first.weekday())
        starts = pd.date_range(monday, last, freq="7D")
        tables = {"changes": self.dataset.changes, "incidents": self._actual}
        counts = {name: self._of_service(table)["started_at"] for name, table in tables.items()}
        numbers = {n: starts.searchsorted(times, side="right") - 1 for n, times in counts.items()}
        return pd.DataFrame(
            {"week": starts, **{n: np.bincount(at, minlength=len(starts))[: len(starts)] for n, at in numbers.items()}}
        )

    def _of_service(self, table: pd.DataFrame) -> pd.DataFrame:
        return table[table["services"].map(lambda s: self.service in s)] if self.service else table

    @property
    def days(self) -> list[pd.Timestamp]:
        """Every day that can be chosen."""
        first, last = self.covered
        return list(pd.date_range(min(first, self.start), max(last, self.end), freq="D"))


def covered_days(dataset: Dataset) -> tuple[pd.Timestamp, pd.Timestamp]:
    """The first and the last day of the logs, in the dataset's zone: observed, or with a row."""
    moments = [*dataset.observed]
    for table in (dataset.incidents, dataset.changes):
        moments += [table["started_at"].min(), table["started_at"].max()] if len(table) else []
    days = [m.tz_convert(dataset.timezone).normalize() for m in moments]
    return min(days), max(days)


def _day(dataset: Dataset, day: str) -> pd.Timestamp:
    return pd.Timestamp(day, tz=dataset.timezone)
