"""A dataset as the arrays that the model reads."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd

from aftershock.dataset.dataset import Dataset
from aftershock.model.aftershocks import ParentFinder, Roots
from aftershock.model.candidates import CandidateFinder, Pairs, eligible
from aftershock.model.delays import DelayGrid
from aftershock.model.evidence import REPAIR_HOURS, EvidenceReader, IncidentTexts, incident_texts, without_names
from aftershock.model.listing import LISTED_WHOLE, Listing
from aftershock.model.null_rates import NullRates, delay_layers, group_strata
from aftershock.model.priors import Priors, adapted_to_log, judged, shipped
from aftershock.model.risk import Cells, Feature, features_of, routine
from aftershock.model.service_graph import ServiceGraph
from aftershock.model.stamp_lag import lead_hours
from aftershock.model.times import hours
from aftershock.model.unlisted import Unlisted
from aftershock.model.weeks import weeks
from aftershock.model.word_match import words
from aftershock.schema.tables import NONE

HOUR_PSEUDO = 0.5  # changes that each hour of the week counts for beforehand: Jeffreys' choice
HOUR_SAMPLES = 24  # moments of an imprecise start at which the hour of the week is read
LEAST_COPIES = 2  # of an incident, however many pairs they make
MOST_COPIES = 26  # moved copies of an incident, at most
NULL_PAIRS = 500_000  # pairs of a large log's copies that are all read to see how innocent ones look: a judgement
MOST_PAIRS = 200_000  # pairs of copies and changes aimed at: more cost time and teach little
LEAST_NULL_PAIRS = 200  # pairs below which copies are too few to serve as null
WEEK = 168.0  # hours


@dataclass(frozen=True)
class Observations:
    """All that the fit reads, as arrays.

    ``pairs``: incidents and the changes that may have set them off; ``links``: incidents and the earlier ones that may have;
    ``bins`` (evidence, pairs); ``features`` of the changes, kinds first, and ``cells``, their like counted together;
    ``counted`` (changes,): inside the observed period; ``parents``: how many incidents links may lead to;
    ``group`` (changes,): kind and routine, by which evidence is measured, of ``groups``;
    ``service`` (incidents,): number of the main service; ``hour`` (incidents, 168): the share of each hour of the week in the
    incident's interval; ``used`` (incidents,): inside the observed period; ``verdict`` (pairs,) bool and ``decided`` (incidents,)
    bool: what people concluded; ``hours`` of observation; ``change_shares`` (services,): how changes fall on services;
    ``weeks`` (weeks, 168): what the background's hours of week may be a sum of; ``null``: how pairs that are no
    culprits look; ``unlisted``: the candidates of a large log that are no pairs;
    ``without``: evidence that says nothing; ``priors``: what the rest is worth at first.
    """

    pairs: Pairs
    links: Pairs
    bins: np.ndarray
    features: list[Feature]
    cells: Cells
    counted: np.ndarray
    parents: int
    group: np.ndarray
    groups: int
    service: np.ndarray
    services: int
    hour: np.ndarray
    first: np.ndarray
    used: np.ndarray
    verdict: np.ndarray
    decided: np.ndarray
    hours: float
    change_shares: np.ndarray
    weeks: np.ndarray
    grid: DelayGrid
    link_grid: DelayGrid
    null: NullRates
    unlisted: Unlisted | None = None
    without: frozenset[str] = frozenset()
    priors: Priors = field(default_factory=judged)

    @property
    def incidents(self) -> int:
        return len(self.service)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds that occur, in the order of ``kind_of_change``."""
        return self.features[0].levels

    @property
    def kind_of_change(self) -> np.ndarray:
        return self.features[0].codes

    @cached_property
    def kind(self) -> np.ndarray:
        """Kind of each pair's change, counted in ``kinds``."""
        return self.kind_of_change[self.pairs.change]

    @cached_property
    def delay_cells(self) -> np.ndarray:
        """Where each entry of the pairs' densities finds its mass in a table of delays, (kinds, nodes) as one row, (entries,)."""
        return self.pairs.delay_cells(self.kind)

    @cached_property
    def cell(self) -> np.ndarray:
        """Cell of each pair's change."""
        return self.cells.cell[self.pairs.change]

    @cached_property
    def layers(self) -> np.ndarray:
        """Stratum of each pair by relation and delay, for evidence that grows."""
        return delay_layers(self.pairs, self.grid)

    @cached_property
    def strata(self) -> np.ndarray:
        """Stratum of each pair by relation and group."""
        return group_strata(self.pairs, self.group, self.groups)

    @cached_property
    def week_parts(self) -> np.ndarray:
        """Each week of ``weeks`` at each incident's time, (incidents, weeks)."""
        return self.hour @ self.weeks.T

    def with_pairs(self, kept: np.ndarray) -> Observations:
        """The same with these pairs alone, by number."""
        pairs = self.pairs.subset(kept, self.incidents)
        return replace(self, pairs=pairs, bins=self.bins[:, kept], verdict=self.verdict[kept])

    def with_links(self, kept: np.ndarray) -> Observations:
        """The same with these links alone, by number."""
        return replace(self, links=self.links.subset(kept, self.incidents))

    @cached_property
    def roots(self) -> Roots:
        return Roots(self.pairs, self.links, self.first)


class ModelInput:
    """The arrays of one dataset and what is needed to read moved copies of its incidents in the same way.

    ``incidents``: the rows attributed, duplicates left out, in the order of the arrays; ``services``: by number, all that
    either log or the graph names, as an incident may be on any; ``texts``: each incident's words; ``like``: a reading of other
    incidents next to the same changes, to share what was read of these; ``seen``: what the model is fitted to; ``copies``: the
    incidents moved by whole weeks, and ``copy_of`` the row of the incident that each repeats.
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
        environments = dataset.settings.attribution.environments
        self.grid: DelayGrid = like.grid if like else self._grid(environments)
        self.graph: ServiceGraph = like.graph if like else ServiceGraph(dataset.dependencies)
        self.finder: CandidateFinder = (
            like.finder if like else CandidateFinder(dataset.changes, self.graph, environments, self.grid)
        )
        self.texts = incident_texts(self.incidents, with_description=afterwards)
        said = [tuple(words(text)) for text in self.texts]
        self.reader: EvidenceReader = like.reader if like else EvidenceReader(dataset.changes, said)
        self.places = [tuple(s) for s in self.incidents["services"]]
        mains = [p[0] if p else "" for p in self.places]
        self.services = sorted({*mains, *self.graph.services, *(s for own in self.finder.services for s in own)}) or [
            ""
        ]
        number = {s: n for n, s in enumerate(self.services)}
        self.service = np.array([number[m] for m in mains], dtype=np.int64)
        self.first, self.last = hours(self.incidents["started_at"]), hours(self.incidents["started_at_before"])
        self.told = IncidentTexts(
            said, without_names(said, self.places), self.first, self._until() if afterwards else self.first
        )
        self.parents = ParentFinder(self.incidents, self.graph)
        begin, end = self.finder.window(self.first, self.last)
        self.listing = Listing(self.finder, self.reader) if (end - begin).sum() > LISTED_WHOLE else None
        self.seen: Observations = self._observations(priors or shipped(), like.seen if like else None)
        self.copies = self._copies()
        innocent, row = self._innocent()
        same = row[innocent.pairs.incident] * len(dataset.changes) + innocent.pairs.change
        null = NullRates.of(innocent.strata, innocent.layers, innocent.bins, self.seen.groups, same)
        self.seen = replace(self.seen, null=null, priors=adapted_to_log(self.seen.priors, null.usual, self.seen.bins))
        if verdicts and len(dataset.verdicts):
            self.seen = self._with_verdicts(self.seen)

    def _grid(self, environments: list[str]) -> DelayGrid:
        """Delays up to the horizon, and below 0 where the log stamps its changes late."""
        changes = self.dataset.changes
        lead = lead_hours(changes, eligible(changes, environments), self.incidents)
        return DelayGrid(self.dataset.settings.attribution.horizon / pd.Timedelta(hours=1), lead)

    def _until(self) -> np.ndarray:
        """The end of each incident, or REPAIR_HOURS after its start where none is known, in hours since 1970."""
        end = hours(self.incidents["resolved_at_before"])
        return np.where(np.isnan(end), self.first + REPAIR_HOURS, np.maximum(end, self.first))

    def _observations(self, priors: Priors, like: Observations | None) -> Observations:
        """The arrays; what follows from the changes alone is taken from those ``like`` these, if any."""
        changes = self.dataset.changes
        start, end = (t.timestamp() / 3600 for t in self.dataset.observed)
        pairs = self._pairs(self.first, self.last, self.places, self.told)
        own = np.arange(len(self.incidents))
        links = self.parents.pairs(self.first, self.last, self.places, own)
        features = like.features if like else features_of(changes, priors.factors)
        at = hours(changes["started_at"])
        used = (self.first >= start) & (self.first < end)
        able = np.zeros(len(changes), dtype=bool)
        able[self.finder.rows] = True
        machines = routine(features)
        by_people = ~machines if not machines.all() else machines
        counted = able & (at >= start) & (at < end)
        return Observations(
            pairs=pairs,
            links=links,
            bins=self.reader.bins(pairs, self.told),
            features=features,
            cells=like.cells if like and np.array_equal(counted, like.counted) else Cells(features, counted),
            counted=counted,
            parents=len(self.incidents),
            group=features[0].codes * 2 + machines,
            groups=2 * len(features[0].levels),
            service=self.service,
            services=len(self.services),
            hour=self.hours_of_week(self.first, self.last),
            first=self.first,
            used=used,
            verdict=np.zeros(len(pairs), dtype=bool),
            decided=np.zeros(len(self.incidents), dtype=bool),
            hours=max(end - start, 1.0),
            change_shares=self._change_shares(by_people),
            weeks=like.weeks if like else self._weeks(by_people),
            grid=self.grid,
            link_grid=self.parents.grid,
            null=NullRates.unknown(2 * len(features[0].levels)),
            unlisted=self._unlisted(self.first, self.last, self.places, pairs, features[0].codes),
            priors=priors,
        )

    def _pairs(self, first: np.ndarray, last: np.ndarray, places: list[tuple[str, ...]], told: IncidentTexts) -> Pairs:
        """All candidates, or those of them that a large log lists."""
        if self.listing is None:
            return self.finder.pairs(first, last, places)
        return self.finder.of(*self.listing.of(first, last, places, told), first, last, places)

    def _unlisted(
        self, first: np.ndarray, last: np.ndarray, places: list[tuple[str, ...]], listed: Pairs, kind: np.ndarray
    ) -> Unlisted | None:
        if self.listing is None:
            return None
        return Unlisted(self.finder, first, last, np.array([bool(p) for p in places], dtype=bool), listed, kind)

    def _innocent(self) -> tuple[Observations, np.ndarray]:
        """What shows how pairs look that are no culprits: the moved copies, of a large log some with all their pairs; where there
        are hardly any, the incidents themselves. And the incident that each repeats."""
        innocent, row = self.copies, self.copy_of
        if self.listing is not None:
            begin, end = self.finder.window(innocent.first, innocent.first)
            share = max(int(np.ceil((end - begin).sum() / NULL_PAIRS)), 1)
            chosen = np.arange(0, len(row), share)
            innocent, row = self._moved(row[chosen], self.weeks_moved[chosen], whole=True), row[chosen]
        return (
            (innocent, row) if len(innocent.pairs) >= LEAST_NULL_PAIRS else (self.seen, np.arange(len(self.incidents)))
        )

    def _copies(self) -> Observations:
        """Copies of the incidents moved by whole weeks, read in the same way: hour, weekday, service and words stay, and
        only the coincidence with changes goes. They show how candidates look that are no culprits."""
        self.copy_of, self.weeks_moved = self._moves()
        return self._moved(self.copy_of, self.weeks_moved)

    def _moves(self) -> tuple[np.ndarray, np.ndarray]:
        """(row of the incident, weeks moved) of every copy: evenly chosen among the moves that stay in the observed period
        and land outside the horizon of the incident itself, so many that about MOST_PAIRS pairs arise."""
        start, end = (t.timestamp() / 3600 for t in self.dataset.observed)
        incidents = max(len(self.first), 1)
        most = int(np.clip(MOST_PAIRS / max(len(self.seen.pairs), incidents), LEAST_COPIES, MOST_COPIES))
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

    def _moved(self, incident: np.ndarray, weeks: np.ndarray, whole: bool = False) -> Observations:
        """Copies of these incidents; ``whole``: all their candidates are listed, however many."""
        first, last = self.first[incident] + WEEK * weeks, self.last[incident] + WEEK * weeks
        places = [self.places[i] for i in incident]
        told = self.told.moved(incident, WEEK * weeks)
        pairs = self.finder.pairs(first, last, places) if whole else self._pairs(first, last, places, told)
        links = self.parents.pairs(first, last, places, incident)
        kinds = self.seen.kind_of_change
        return replace(
            self.seen,
            pairs=pairs,
            unlisted=None if whole else self._unlisted(first, last, places, pairs, kinds),
            links=links,
            bins=self.reader.bins(pairs, told),
            first=first,
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
        np.add.at(table, (row, self._hour_of_week(at)), 1 / samples[row])
        return table

    def _hour_of_week(self, at: np.ndarray) -> np.ndarray:
        """Which hour of the week each moment is in, 0 to 167 from Monday, in the dataset's zone."""
        local = pd.to_datetime(at, unit="h", utc=True).tz_convert(self.dataset.timezone)
        return local.day_of_week.to_numpy() * 24 + local.hour.to_numpy()

    def _change_shares(self, by_people: np.ndarray) -> np.ndarray:
        """How people's changes fall on the incidents' services: where much is changed much is going on; sums to 1."""
        number = {s: n for n, s in enumerate(self.services)}
        rows = np.flatnonzero(by_people)
        changed = [number[s] for row in rows for s in self.finder.services[row] if s in number]
        if not changed:
            return np.full(len(self.services), 1 / len(self.services))
        return np.bincount(changed, minlength=len(self.services)) / len(changed)

    def _weeks(self, by_people: np.ndarray) -> np.ndarray:
        """The weeks that the background's may be a sum of: people cause and notice incidents when they work, and without
        this a small log would take office hours for causes."""
        people, machines = (self._week(np.flatnonzero(who)) for who in (by_people, ~by_people))
        return weeks(people, machines if (~by_people).any() else None)

    def _week(self, changes: np.ndarray) -> np.ndarray:
        """How often changes, by number, come in each hour of the week, with mean 1. One of which only the day is known counts in
        parts for the hours of that day: at its midnight it would make nights busy."""
        first, last = self.finder.first[changes], self.finder.last[changes]
        exact = last - first < 0.5
        week = HOUR_PSEUDO + np.bincount(self._hour_of_week(first[exact]), minlength=168)
        for sample in range(HOUR_SAMPLES) if not exact.all() else ():
            at = (first + (sample + 0.5) / HOUR_SAMPLES * (last - first))[~exact]
            week += np.bincount(self._hour_of_week(at), minlength=168) / HOUR_SAMPLES
        return week / week.mean()

    def _with_verdicts(self, seen: Observations) -> Observations:
        """Clamp incidents that people decided on. A chosen change that is no candidate (too old, after the start) is
        added as one; one that was rejected is a candidate no more."""
        if len(rejected := self.dataset.rejections):
            seen = seen.with_pairs(np.flatnonzero(~self._among(seen.pairs, rejected)))
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

    def _among(self, pairs: Pairs, verdicts: pd.DataFrame) -> np.ndarray:
        """Which pairs these verdicts name, (pairs,) bool."""
        changes = self.dataset.changes["change_id"]
        incident = pd.Index(self.incidents["incident_id"]).get_indexer(verdicts["incident_id"])
        change = pd.Index(changes).get_indexer(verdicts["change_id"])
        named = (incident * len(changes) + change)[(incident >= 0) & (change >= 0)]
        return np.isin(pairs.incident * len(changes) + pairs.change, named)

    def _with_pairs(self, pairs: Pairs, incident: np.ndarray, change: np.ndarray) -> Pairs:
        """The pairs and some more, which the horizon or the order of times had left out."""
        both_i, both_c = np.append(pairs.incident, incident), np.append(pairs.change, change)
        order = np.lexsort((both_c, both_i))
        both_i, both_c = both_i[order], both_c[order]
        return self.finder.of(both_i, both_c, self.first, self.last, self.places, anyway=True)
