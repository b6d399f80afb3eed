"""How much of each service's error budget the month's incidents spent, where dataset.toml gives targets ([slo])."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from aftershock.metrics.incident_counts import incidents_of
from aftershock.metrics.protocols import DatasetLike, DatasetWithWriteups

MINUTE = pd.Timedelta("1min")
COLUMNS = [
    "service", "target", "days", "covered_days", "budget_minutes", "lost_minutes", "lost_low", "lost_high", "left_minutes",
    "spent_share", "n", "n_open", "n_unended", "known",
]  # fmt: skip
SPENT_COLUMNS = ["service", "incident_id", "title", "severity", "weight", "minutes", "state"]


@dataclass(frozen=True)
class ErrorBudgets:
    """``budgets``: a row per service with a target, in the order of dataset.toml; ``spent``: a row per service and incident that
    touches its window. Times are in minutes; columns as in :func:`error_budgets`."""

    budgets: pd.DataFrame
    spent: pd.DataFrame


@dataclass(frozen=True)
class _Outage:
    """An incident inside the window: ``start`` and ``end`` as (earliest, middle, latest) in minutes since its beginning."""

    row: int
    weight: float
    start: tuple[float, float, float]
    end: tuple[float, float, float]
    state: str

    def span(self, longest: bool | None) -> tuple[float, float]:
        """As long as its times allow (True), as short (False), or from middle to middle (None)."""
        first, last = {True: (0, 2), False: (2, 0), None: (1, 1)}[longest]
        return self.start[first], max(self.end[last], self.start[first])


def error_budgets(dataset: DatasetWithWriteups, month: str) -> ErrorBudgets:
    """The error budget of each service of [slo], and the incidents that spent it.

    ``budgets``: ``service, target`` (a share); ``days`` of the window, ``covered_days`` that both logs cover;
    ``budget_minutes``: (1 − target) of the whole window; ``lost_minutes``: the union of the incidents that name the service, from
    start to mitigation, else resolution, each moment with the greatest weight of those that cover it ([slo] ``partial``; 1 for
    others); ``lost_low, lost_high``: as short and as long as imprecise times allow; ``left_minutes`` (negative: overspent) and
    ``spent_share``; ``n`` incidents, ``n_open`` of them open (counted up to the end of what is covered, so the loss is at least
    this), ``n_unended`` without a recorded end (not counted, likewise); ``known``: whether the logs name the service at all.

    ``spent``: ``minutes`` add up to ``lost_minutes``: each is put down to the incident with the greatest weight at that
    moment, of equal ones to that which began first; ``state``: "", "open" or "end not recorded". It misleads where an incident
    was felt by few, unless its severity says so.
    """
    slo = dataset.settings.slo
    if slo is None:
        return ErrorBudgets(pd.DataFrame(columns=COLUMNS), pd.DataFrame(columns=SPENT_COLUMNS))
    start, end = _window(dataset, month)
    covered = max(start, dataset.observed[0]), min(end, dataset.observed[1])
    incidents = incidents_of(dataset)
    names = {s for table in (incidents, dataset.changes) for cell in table["services"] for s in cell}
    days, seen = (end - start) / pd.Timedelta("1D"), max((covered[1] - covered[0]) / pd.Timedelta("1D"), 0.0)
    rows, spent = [], []
    for given, target in slo.targets.items():
        service = dataset.mask.text(dataset.settings.aliases.get(given, given))
        own = incidents[[service in cell for cell in incidents["services"]]]
        outages = _inside(own, covered, slo.partial) if seen > 0 else []
        lost, by_row = _union(outages, None)
        low, high = (_union(outages, longest)[0] for longest in (False, True))
        budget = (1 - target) * (end - start) / MINUTE
        states = [o.state for o in outages]
        of_states = len(outages), states.count("open"), states.count("end not recorded")
        times = budget, lost, min(low, lost), max(high, lost), budget - lost
        rows.append([service, target, days, seen, *times, lost / budget, *of_states, service in names])
        for o in outages:
            r = own.iloc[o.row]
            minutes = by_row.get(o.row, 0.0)
            spent.append([service, r["incident_id"], r["title"], r["severity"], o.weight, minutes, o.state])
    return ErrorBudgets(pd.DataFrame(rows, columns=COLUMNS), pd.DataFrame(spent, columns=SPENT_COLUMNS))


def _window(dataset: DatasetLike, month: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    """The calendar month in the dataset's zone, or the days before its end that [slo] names."""
    slo = dataset.settings.slo
    first = pd.Timestamp(f"{month}-01", tz=dataset.timezone)
    end = first + pd.offsets.MonthBegin(1)
    if slo is not None and slo.days is not None:
        end = min(end, dataset.observed[1].tz_convert(dataset.timezone))
        first = end - pd.Timedelta(days=slo.days)
    return first, end


def _inside(
    incidents: pd.DataFrame, covered: tuple[pd.Timestamp, pd.Timestamp], partial: dict[str, float]
) -> list[_Outage]:
    """The incidents that touch the covered part of the window, cut to it."""
    begin, until = covered
    length = (until - begin) / MINUTE

    def place(moment: pd.Timestamp) -> float:
        return min(max((moment - begin) / MINUTE, 0.0), length)

    found = []
    for number, r in enumerate(incidents.to_dict("records")):
        first, last = r["started_at"], r["started_at_before"]
        ended = next((c for c in ("mitigated_at", "resolved_at") if pd.notna(r[c])), None)
        if ended:
            ends, state = (r[ended], r[f"{ended}_before"]), ""
        elif r["status"] == "open":
            ends, state = (until, until), "open"
        else:
            ends, state = (first, last), "end not recorded"
        if first >= until or max(ends[1], last) < begin or (ended and ends[1] <= begin):
            continue
        start, end = (tuple(map(place, (a, a + (b - a) / 2, b))) for a, b in ((first, last), ends))
        found.append(_Outage(number, partial.get(str(r["severity"]), 1.0), start, end, state))  # type: ignore[arg-type]
    return found


def _union(outages: Sequence[_Outage], longest: bool | None) -> tuple[float, dict[int, float]]:
    """Weighted minutes of the union, and those of each incident's row."""
    spans = [(o, *o.span(longest)) for o in outages if o.state != "end not recorded"]
    edges = np.unique([edge for _, start, end in spans for edge in (start, end)])
    minutes: dict[int, float] = {}
    for left, right in itertools.pairwise(edges):
        over = [(o.weight, -start, -o.row, o) for o, start, end in spans if start <= left and end >= right]
        if over:
            weight, _, _, first = max(over, key=lambda item: item[:3])
            minutes[first.row] = minutes.get(first.row, 0.0) + weight * float(right - left)
    return sum(minutes.values()), minutes
