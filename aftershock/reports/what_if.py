"""What if: the answer on one incident were something in the logs or the settings otherwise. Nothing is written.

Both answers are those of the fit alone, without the draws around it: one fit is all that is made, a second on a year of logs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import pandas as pd
import plotly.graph_objects as go

from aftershock.dataset.dataset import Dataset
from aftershock.dataset.settings import AttributionSection
from aftershock.figures.before_after import before_after
from aftershock.model.attribution import Attribution, attribute
from aftershock.output.phrases import among, duration
from aftershock.quality.impact import probabilities
from aftershock.quality.variants import everywhere, moved
from aftershock.schema.errors import UsageError, nearest
from aftershock.schema.tables import NONE

Edge = tuple[str, str]
LONGEST_SHIFT = pd.Timedelta(days=2)
NOT_EFFECTIVE = "cancelled"  # the status of a change that cannot have set anything off


@dataclass(frozen=True)
class Supposed:
    """Something that is otherwise: in words that follow "what if", and how the dataset is made so."""

    words: str
    make: Callable[[Dataset], Dataset]


@dataclass(frozen=True)
class WhatIf:
    """The answer on an incident as it is and as it would be.

    ``table``: columns change_id (``none``: no recorded change), change_title, before, after (probabilities from 0 to 1, each
    column sums to 1; NaN: the change is no candidate) and moved (after − before, a change that is no candidate counting
    as 0), the most probable first. ``supposed``: what is otherwise; ``decided``: whether a verdict holds the answer in place.
    """

    incident_id: str
    table: pd.DataFrame
    supposed: str
    decided: bool

    @property
    def figure(self) -> go.Figure:
        """Both answers as bars."""
        return before_after(self.table, self.supposed + (" (a verdict holds the answer)" if self.decided else ""))

    def __repr__(self) -> str:
        return f"What if {self.supposed}: {self.incident_id}\n{self.table.head(8).to_string(index=False)}"

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, object]:
        return {**self.figure._repr_mimebundle_(), "text/plain": repr(self)}


def what_if(
    found: Attribution,
    incident_id: str,
    *,
    horizon: str = "",
    add_edge: Edge | None = None,
    remove_edge: Edge | None = None,
    without_change: str = "",
    without_kind: str = "",
    shift_changes: str = "",
) -> WhatIf:
    """The answer on an incident, were something otherwise; several may be supposed at once.

    ``horizon``: how far back a change can be a suspect, as "24h"; ``add_edge`` and ``remove_edge``: (service, the service that it
    depends on), in the service graph; ``without_change`` and ``without_kind``: a change, or every change of a kind, that cannot
    have set anything off; ``shift_changes``: by how much the clock of the change log is put on, as "30min" or "-1h". The model
    is fitted anew to the whole log. UsageError for what names nothing or changes nothing; nothing is written.
    """
    dataset = found.dataset
    ids = found.shown.incidents["incident_id"].tolist()
    if incident_id not in ids:
        incident = dataset.incident(incident_id)
        raise UsageError(f"incident {incident_id!r} repeats {incident['duplicate_of']!r}; ask for that one")
    all_of = [
        *([_horizon(dataset, horizon)] if horizon else []),
        *([_edge(dataset, add_edge, there=False)] if add_edge else []),
        *([_edge(dataset, remove_edge, there=True)] if remove_edge else []),
        *([_without_change(dataset, without_change)] if without_change else []),
        *([_without_kind(dataset, without_kind)] if without_kind else []),
        *([_shifted(shift_changes)] if shift_changes else []),
    ]
    if not all_of:
        known = "horizon, add_edge, remove_edge, without_change, without_kind and shift_changes"
        raise UsageError(f"nothing is supposed to be otherwise; expected at least one of {known}")
    other = dataset.as_read
    for supposed in all_of:
        other = supposed.make(other)
    row = ids.index(incident_id)
    return WhatIf(
        incident_id,
        _table(dataset, _of(found, row), _of(attribute(other), row)),
        ", ".join(supposed.words for supposed in all_of),
        bool(found.seen.decided[row]),
    )


def _of(found: Attribution, row: int) -> pd.Series:
    """The probability of each explanation of one incident, by the change's id as the log has it."""
    pairs = probabilities(found)
    of = pairs[pairs["incident"] == row]
    return pd.Series(of["probability"].to_numpy(), index=of["change"].to_numpy())


def _table(dataset: Dataset, before: pd.Series, after: pd.Series) -> pd.DataFrame:
    """Both answers in one table, in the ids and words that the dataset's readers see."""
    both = pd.DataFrame({"before": before, "after": after})
    both["moved"] = both["after"].fillna(0.0) - both["before"].fillna(0.0)
    own = dataset.as_read.changes["change_id"].to_numpy()
    shown = dataset.changes[["change_id", "title"]].set_axis(own).loc[[c for c in both.index if c != NONE]]
    ids, titles = shown["change_id"].to_dict(), shown["title"].to_dict()
    both.insert(0, "change_id", [ids.get(c, c) for c in both.index])
    both.insert(1, "change_title", [titles.get(c, "No recorded change") for c in both.index])
    both["most"] = both[["before", "after"]].max(axis=1)
    ordered = both.sort_values(["most", "change_id"], ascending=[False, True], kind="stable", ignore_index=True)
    return ordered.drop(columns="most")


def _horizon(dataset: Dataset, given: str) -> Supposed:
    try:
        length = AttributionSection.model_validate({"horizon": given}).horizon
    except ValueError:
        raise UsageError(f"horizon is {given!r}; expected a duration between 10min and 60d, such as '72h'") from None
    now = dataset.settings.attribution.horizon
    if length == now:
        raise UsageError(f"the horizon is {duration(now)} already; expected another one")

    def make(read: Dataset) -> Dataset:
        section = read.settings.attribution.model_copy(update={"horizon": length})
        return replace(read, settings=read.settings.model_copy(update={"attribution": section}))

    return Supposed(f"the horizon is {duration(length)} instead of {duration(now)}", make)


def _edge(dataset: Dataset, given: Sequence[str], *, there: bool) -> Supposed:
    """An edge removed (``there``) or added."""
    if isinstance(given, str) or len(given) != 2:
        raise UsageError(f"an edge is {given!r}; expected a pair: (service, the service that it depends on)")
    read = dataset.as_read
    logs = [name for table in (read.incidents, read.changes) for names in table["services"] for name in names]
    graph = read.dependencies
    own = {dataset.mask.text(s): s for s in {*logs, *graph["service"], *graph["depends_on"]}}
    own |= {s: s for s in own.values()}
    for name in given:
        if name not in own:
            raise UsageError(
                f"no service {name!r} in {dataset.key}{nearest(name, sorted(map(dataset.mask.text, own)))}"
            )
    edge = (own[given[0]], own[given[1]])
    words = f"{given[0]} → {given[1]}"
    is_edge = (graph["service"] == edge[0]) & (graph["depends_on"] == edge[1])
    if there and not is_edge.any():
        needed = sorted(map(dataset.mask.text, graph[graph["service"] == edge[0]]["depends_on"]))
        there_are = f"{given[0]} depends on {', '.join(needed) or 'nothing'}"
        raise UsageError(f"no edge {words} in the service graph{nearest(given[1], needed)} ({there_are})")
    if not there and (is_edge.any() or edge[0] == edge[1]):
        why = "is in the service graph already" if is_edge.any() else "leads from a service to itself"
        raise UsageError(f"the edge {words} {why}; expected another one")

    def make(read: Dataset) -> Dataset:
        old = read.dependencies
        if there:
            gone = (old["service"] == edge[0]) & (old["depends_on"] == edge[1])
            return replace(read, dependencies=old[~gone].reset_index(drop=True))
        added = pd.DataFrame([{**dict.fromkeys(old.columns, ""), "service": edge[0], "depends_on": edge[1]}])
        return replace(read, dependencies=pd.concat([old, added], ignore_index=True))

    return Supposed(f"{given[0]} does not depend on {given[1]}" if there else f"{given[0]} depends on {given[1]}", make)


def _without_change(dataset: Dataset, given: str) -> Supposed:
    own = dataset.raw_change_id(given)
    if own not in set(dataset.as_read.changes["change_id"]):
        dataset.change(given)  # says what is nearest
    return _innocent(f"{given} cannot have set anything off", lambda changes: changes["change_id"] == own)


def _without_kind(dataset: Dataset, given: str) -> Supposed:
    kinds = dataset.as_read.changes["kind"]
    if given not in set(kinds):
        raise UsageError(f"no change of kind {given!r} in {dataset.key}{nearest(given, sorted(set(kinds)))}")
    number = among(int((kinds == given).sum()), len(kinds), "change")
    return _innocent(f"no {given} can have set anything off ({number})", lambda changes: changes["kind"] == given)


def _innocent(words: str, which: Callable[[pd.DataFrame], pd.Series]) -> Supposed:
    """Some changes as no candidates; they stay in the log, so that rates by hour and batches are as they were."""

    def make(read: Dataset) -> Dataset:
        changes = read.changes
        return replace(read, changes=changes.assign(status=changes["status"].mask(which(changes), NOT_EFFECTIVE)))

    return Supposed(words, make)


def _shifted(given: str) -> Supposed:
    try:
        by = pd.Timedelta(re.sub(r"(?<=[\d ])d(?![a-z])", "D", given))  # pandas is about to take d for nothing
    except ValueError:
        by = pd.NaT
    if pd.isna(by) or not pd.Timedelta(0) < abs(by) <= LONGEST_SHIFT or given.strip("+- ").isdigit():
        raise UsageError(
            f"shift_changes is {given!r}; expected a duration up to 2 days either way, such as '30min' or '-1h'"
        )
    later = f"{duration(abs(by))} {'later' if by > pd.Timedelta(0) else 'earlier'}"
    return Supposed(f"every change was {later}", lambda read: moved(read, "changes", by, everywhere))
