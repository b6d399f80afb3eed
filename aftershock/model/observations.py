"""A dataset as the arrays that the model reads."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd

from aftershock.dataset.dataset import Dataset
from aftershock.model.candidates import CandidateFinder, Pairs, hours, possible_relations
from aftershock.model.delays import DelayGrid
from aftershock.model.evidence import REPAIR_HOURS, EvidenceReader, IncidentTexts, incident_texts
from aftershock.model.null_rates import layers, null_tables
from aftershock.model.priors import Priors, adapted_to_log, judged, shipped
from aftershock.model.service_graph import ServiceGraph
from aftershock.schema.tables import KINDS, NONE

HOUR_SAMPLES = 24  # moments of an imprecise onset at which the rhythm is read, at most
MOST_COPIES = 26  # moved copies of an incident, at most
MOST_PAIRS = 200_000  # pairs of copies and changes aimed at: more cost time and teach little
LEAST_NULL_PAIRS = 200  # pairs below which copies are too few to serve as null
WEEK = 168.0  # hours
TRUSTED_FROM = 32  # incidents from which odds are taken at face value; a judgement
LEAST_TRUST = 0.33  # the lowest power that odds are raised to; a judgement


@dataclass(frozen=True)
class Observations:
    """All that the fit reads, as arrays.

    ``kind_of_change`` (changes,), ``counted`` (changes,): changes within reach of the observed period; ``possible``
    (changes, 5): relations that a change can have; ``service`` (incidents,): number of the main service; ``hour``
    (incidents, 168): the share of each hour of the week in the incident's interval; ``used`` (incidents,): inside the
    observed period; ``verdict`` (pairs,) bool and ``decided`` (incidents,) bool: what people concluded; ``bins``
    (evidence, pairs); ``hours`` of observation; ``learned_from``: how many incidents are used; ``change_shares``
    (services,): how changes fall on services; ``rhythm_prior`` (168,): on hours of the week, with mean 1; ``nulls``: per
    evidence, how pairs that are no culprits fall into its bins, (strata, bins); ``without``: evidence that says nothing;
    ``priors``: what the rest is worth at first.
    """

    pairs: Pairs
    bins: np.ndarray
    kinds: list[str]
    kind_of_change: np.ndarray
    counted: np.ndarray
    possible: np.ndarray
    service: np.ndarray
    services: int
    hour: np.ndarray
    used: np.ndarray
    verdict: np.ndarray
    decided: np.ndarray
    hours: float
    learned_from: int
    change_shares: np.ndarray
    rhythm_prior: np.ndarray
    grid: DelayGrid
    nulls: tuple[np.ndarray, ...] = ()
    without: frozenset[str] = frozenset()
    priors: Priors = field(default_factory=judged)

    @property
    def incidents(self) -> int:
        return len(self.service)

    @property
    def trust(self) -> float:
        """The power that odds are raised to: 1 from TRUSTED_FROM incidents on, less below."""
        return float(np.clip(self.learned_from / TRUSTED_FROM, LEAST_TRUST, 1.0))

    @cached_property
    def kind(self) -> np.ndarray:
        """Kind of each pair's change, counted in ``kinds``."""
        return self.kind_of_change[self.pairs.change]

    @cached_property
    def layers(self) -> list[np.ndarray]:
        """Stratum of each pair, per piece of evidence."""
        return layers(self.pairs, np.array([KINDS.index(k) for k in self.kinds])[self.kind], self.grid)


class ModelInput:
    """The arrays of one dataset and what is needed to read moved copies of its incidents in the same way.

    ``incidents``: the rows attributed, duplicates left out, in the order of the arrays; ``services``: main services by
    number; ``texts``: each incident's words; ``like``: a reading of other incidents beside the same changes, to share what was
    read of these; ``seen``: what the model is fitted to; ``copies``: the incidents moved by
    whole weeks, and ``copy_of`` the row of the incident that each repeats.
    """

    def __init__(
        self,
        dataset: Dataset,
        *,
        verdicts: bool,
        afterwards: bool,
        priors: Priors | None = None,
        like: ModelInput | None = None,
    ):
        self.dataset = dataset
        self.incidents = dataset.actual_incidents.reset_index(drop=True)
        self.grid = DelayGrid(dataset.settings.attribution.horizon / pd.Timedelta(hours=1))
        environments = dataset.settings.attribution.environments
        self.graph: ServiceGraph = like.graph if like else ServiceGraph(dataset.dependencies)
        self.finder: CandidateFinder = (
            like.finder if like else CandidateFinder(dataset.changes, self.graph, environments, self.grid)
        )
        self.texts = incident_texts(self.incidents, with_description=afterwards)
        self.reader: EvidenceReader = like.reader if like else EvidenceReader(dataset.changes, self.texts)
        self.places = [tuple(s) for s in self.incidents["services"]]
        mains = [p[0] if p else "" for p in self.places]
        self.services = sorted(set(mains)) or [""]
        self.service = np.array([self.services.index(m) for m in mains], dtype=np.int64)
        self.popularity = _popularity(mains, self.services)
        self.first, self.last = hours(self.incidents["started_at"]), hours(self.incidents["started_at_before"])
        self.told = IncidentTexts(self.texts, self.first, self._until() if afterwards else self.first)
        self.seen = replace(self._observations(), priors=priors or shipped())
        self.copies = self._copies()
        null = self.copies if len(self.copies.pairs) >= LEAST_NULL_PAIRS else self.seen
        nulls = null_tables(null.layers, null.bins)
        self.seen = replace(self.seen, nulls=nulls, priors=adapted_to_log(self.seen.priors, nulls, self.seen.bins))
        if verdicts and len(dataset.verdicts):
            self.seen = self._with_verdicts(self.seen)

    def _until(self) -> np.ndarray:
        """The end of each incident, or REPAIR_HOURS after its start where none is known, in hours since 1970."""
        end = hours(self.incidents["resolved_at_before"])
        return np.where(np.isnan(end), self.first + REPAIR_HOURS, np.maximum(end, self.first))

    def _observations(self) -> Observations:
        changes = self.dataset.changes
        start, end = (t.timestamp() / 3600 for t in self.dataset.observed)
        pairs = self.finder.pairs(self.first, self.last, self.places, self.popularity)
        kinds = [k for k in KINDS if (changes["kind"] == k).any()] or ["other"]
        at = hours(changes["started_at"])
        used = (self.first >= start) & (self.first < end)
        able = np.zeros(len(changes), dtype=bool)
        able[self.finder.rows] = True
        return Observations(
            pairs=pairs,
            bins=self.reader.bins(pairs, self.told),
            kinds=kinds,
            kind_of_change=np.array([kinds.index(k) for k in changes["kind"]], dtype=np.int64),
            counted=able & (at >= start) & (at < end),
            possible=possible_relations(self.finder.services, self.graph),
            service=self.service,
            services=len(self.services),
            hour=self.hours_of_week(self.first, self.last),
            used=used,
            learned_from=int(used.sum()),
            verdict=np.zeros(len(pairs), dtype=bool),
            decided=np.zeros(len(self.incidents), dtype=bool),
            hours=max(end - start, 1.0),
            change_shares=self._change_shares(),
            rhythm_prior=self._rhythm_prior(at),
            grid=self.grid,
        )

    def _copies(self) -> Observations:
        """Copies of the incidents moved by whole weeks, read in the same way: hour, weekday, service and words stay, and
        only the coincidence with changes goes. They show how candidates look that are no culprits."""
        self.copy_of, weeks = self._moves()
        return self._moved(self.copy_of, weeks)

    def _moves(self) -> tuple[np.ndarray, np.ndarray]:
        """(row of the incident, weeks moved) of every copy: evenly chosen among the moves that stay in the observed period
        and land outside the horizon of the incident itself, so many that about MOST_PAIRS pairs arise."""
        start, end = (t.timestamp() / 3600 for t in self.dataset.observed)
        incidents = max(len(self.first), 1)
        most = int(np.clip(MOST_PAIRS / max(len(self.seen.pairs), incidents), 4, MOST_COPIES))
        away = int(np.ceil(self.grid.horizon / WEEK))
        rows, weeks = [], []
        for row, (first, last) in enumerate(zip(self.first, self.last, strict=True)):
            earliest, latest = int(np.ceil((start - first) / WEEK)), int(np.floor((end - last) / WEEK))
            moves = np.array([w for w in range(earliest, latest + 1) if abs(w) >= away], dtype=int)
            if len(moves) > most:
                moves = moves[np.linspace(0, len(moves) - 1, most).astype(int)]
            rows += [row] * len(moves)
            weeks += moves.tolist()
        return np.array(rows, dtype=np.int64), np.array(weeks, dtype=np.int64)

    def _moved(self, incident: np.ndarray, weeks: np.ndarray) -> Observations:
        first, last = self.first[incident] + WEEK * weeks, self.last[incident] + WEEK * weeks
        pairs = self.finder.pairs(first, last, [self.places[i] for i in incident], self.popularity)
        bins = self.reader.bins(pairs, self.told.moved(incident, WEEK * weeks))
        return replace(
            self.seen,
            pairs=pairs,
            bins=bins,
            service=self.service[incident],
            hour=self.hours_of_week(first, last),
            used=np.zeros(len(incident), dtype=bool),
            verdict=np.zeros(len(pairs), dtype=bool),
            decided=np.zeros(len(incident), dtype=bool),
        )

    def hours_of_week(self, first: np.ndarray, last: np.ndarray) -> np.ndarray:
        """The share of each hour of the week in each interval, (times, 168), in the dataset's zone."""
        table = np.zeros((len(first), 168))
        samples = np.where(last - first < 0.5, 1, HOUR_SAMPLES)
        row = np.repeat(np.arange(len(first)), samples)
        within = np.arange(samples.sum()) - np.repeat(np.cumsum(samples) - samples, samples)
        at = first[row] + (within + 0.5) / samples[row] * (last - first)[row]
        local = pd.to_datetime(at, unit="h", utc=True).tz_convert(self.dataset.timezone)
        np.add.at(table, (row, local.day_of_week.to_numpy() * 24 + local.hour.to_numpy()), 1 / samples[row])
        return table

    def _change_shares(self) -> np.ndarray:
        """How changes fall on the incidents' services: where much is changed much is going on; sums to 1, even without any."""
        number = {s: n for n, s in enumerate(self.services)}
        changed = [number[s] for services in self.finder.services for s in services if s in number]
        if not changed:
            return np.full(len(self.services), 1 / len(self.services))
        return np.bincount(changed, minlength=len(self.services)) / len(changed)

    def _rhythm_prior(self, at: np.ndarray) -> np.ndarray:
        """The hours in which changes are made, relative to their mean, (168,): people cause and notice incidents when they
        work, and without this a small log would take office hours for causes."""
        if not len(at):
            return np.ones(168)
        week = self.hours_of_week(at, at).sum(axis=0)
        return week / week.mean()

    def _with_verdicts(self, seen: Observations) -> Observations:
        """Clamp incidents that people decided on. A chosen change that is no candidate (too old, after the start) is
        added as one."""
        last = self.dataset.decisions.set_index("incident_id")["change_id"]
        decided = self.incidents["incident_id"].isin(last.index).to_numpy()
        chosen = self.incidents["incident_id"].map(last).to_numpy()
        change_ids = self.dataset.changes["change_id"].to_numpy()
        verdict = chosen[seen.pairs.incident] == change_ids[seen.pairs.change]
        hit = np.bincount(seen.pairs.incident[verdict], minlength=len(decided)) > 0
        missing = [i for i in np.flatnonzero(decided & ~hit) if chosen[i] != NONE]
        if missing:
            rows = {change: row for row, change in enumerate(change_ids)}
            extra = np.array([rows[chosen[i]] for i in missing])
            pairs = self._with_pairs(seen.pairs, np.array(missing), extra)
            seen = replace(seen, pairs=pairs, bins=self.reader.bins(pairs, self.told))
            verdict = chosen[pairs.incident] == change_ids[pairs.change]
        return replace(seen, verdict=verdict, decided=decided)

    def _with_pairs(self, pairs: Pairs, incident: np.ndarray, change: np.ndarray) -> Pairs:
        """The pairs and some more, which the horizon or the order of times had left out."""
        both_i, both_c = np.append(pairs.incident, incident), np.append(pairs.change, change)
        order = np.lexsort((both_c, both_i))
        both_i, both_c = both_i[order], both_c[order]
        low, high = self.first[both_i] - self.finder.last[both_c], self.last[both_i] - self.finder.first[both_c]
        limit = self.grid.horizon
        relation, spread, coverage = self.finder.related(both_i, both_c, self.places, self.popularity)
        return Pairs(
            both_i,
            both_c,
            np.clip(low, 0, limit),
            np.clip(high, 0, limit),
            relation,
            spread,
            coverage,
            self.finder.densities(
                self.first[both_i], self.last[both_i], self.finder.first[both_c], self.finder.last[both_c]
            ),
            np.searchsorted(both_i, np.arange(len(self.incidents) + 1)),
        )


def _popularity(mains: list[str], services: list[str]) -> dict[str, float]:
    """Share of incidents per main service, smoothed as the background's shares are."""
    counts = np.array([mains.count(s) for s in services], dtype=float) + 0.5
    return dict(zip(services, counts / counts.sum(), strict=True))
