"""Incidents drawn from the fitted model on a dataset's own change log, so that every cause is known (posterior predictive).

Incidents without a change come at the fitted background's rate, rhythm and service shares. Each change sets off incidents at
the fitted rate of its kind, on a service that it can reach, after a delay of the fitted density. Where the model says that
some changes are likelier culprits (large ones, ones that are not reverts), those are kept more often; where it says that a
culprit's words resemble the incident's, or that people take it back, both are drawn from what it learned of culprits. All else
is the log's own: a drawn incident takes its words, its further services, its length and the width of its time from a real
incident on its service, so innocent changes look as they do to real incidents at other moments.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from aftershock.dataset.dataset import Dataset
from aftershock.model import likelihood
from aftershock.model.attribution import Attribution
from aftershock.model.candidates import POSSIBLE, possible_relations
from aftershock.model.delays import TAU, DelayGrid
from aftershock.model.evidence import ABSENT, EVIDENCE, WORDS
from aftershock.model.null_rates import GROWING
from aftershock.model.observations import ModelInput, Observations
from aftershock.model.parameters import Parameters
from aftershock.model.service_graph import UNKNOWN, UNRELATED
from aftershock.schema.tables import INCIDENTS

TAKEN_BACK = "taken back"  # drawn for culprits, as WORDS is; other evidence follows from change, places and times
MOST_GENERATIONS = 20  # of incidents that set off incidents
MOST_WEIGHT = 3.0  # up to which such other evidence makes a change likelier to be kept; a judgement
TIMES = [column + end for column in INCIDENTS.of_type("time") for end in ("", "_before")]


@dataclass(frozen=True)
class ResimulatedLog:
    """A dataset with drawn incidents, and the row of the change at the root of each (−1: none), in the incidents' order.
    ``direct`` (incidents,): the change or the background itself set it off, not an earlier incident."""

    dataset: Dataset
    culprit: np.ndarray
    direct: np.ndarray


def resimulate(found: Attribution, parameters: Parameters, rng: np.random.Generator) -> ResimulatedLog:
    """One log of drawn incidents inside the observed period; how many there are is left to chance (Poisson)."""
    return _Resimulation(found, parameters, rng).log()


class _Resimulation:
    """What one log is drawn from: the readings of the real one, and one set of parameters."""

    def __init__(self, found: Attribution, parameters: Parameters, rng: np.random.Generator):
        self.found, self.reading, self.seen = found, found.reading, found.seen
        self.parameters, self.rng = parameters, rng
        self.start, self.end = (t.timestamp() / 3600 for t in found.dataset.observed)
        self.donors: dict[str, list[int]] = {}
        for row, places in enumerate(self.reading.places):
            self.donors.setdefault(places[0] if places else "", []).append(row)

    def log(self) -> ResimulatedLog:
        at, service = self._background()
        moments, services, culprits = self._set_off()
        moments, services = np.concatenate([at, moments]), [*service, *services]
        culprits = np.concatenate([np.full(len(at), -1), culprits]).astype(np.int64)
        first = len(moments)
        moments, services, culprits = self._with_aftershocks(moments, services, culprits)
        order = np.argsort(moments, kind="stable")
        donor = np.array([self._donor(services[k]) for k in order], dtype=np.int64)
        table = self._incidents(moments[order], [services[k] for k in order], donor)
        dataset = self.reading.dataset
        dataset = replace(dataset, incidents=table, verdicts=dataset.verdicts.iloc[:0])
        return ResimulatedLog(dataset, culprits[order], order < first)

    # incidents without a change

    def _background(self) -> tuple[np.ndarray, list[str]]:
        count = self.rng.poisson(self.parameters.background * (self.end - self.start))
        hours = np.arange(np.floor(self.start), self.end)
        weight = self.reading.hours_of_week(hours + 0.5, hours + 0.5) @ (self.parameters.week @ self.seen.weeks)
        at = self.rng.choice(hours, size=count, p=weight / weight.sum()) + self.rng.uniform(size=count)
        places = self.rng.choice(len(self.reading.services), size=count, p=self.parameters.service_shares)
        inside = (at >= self.start) & (at < self.end)
        return at[inside], [self.reading.services[p] for p in places[inside]]

    # incidents set off by a change

    def _set_off(self) -> tuple[np.ndarray, list[str], np.ndarray]:
        """(moments, services, changes) of what changes set off, thinned by the evidence that is not drawn."""
        rows = np.flatnonzero(self.seen.counted)
        cells = self.seen.cells
        rates = cells.rates(self.parameters.overall, self.parameters.factors)[cells.cell[rows]] * MOST_WEIGHT
        rows = self.rng.permutation(np.repeat(rows, self.rng.poisson(rates)))
        placed = [(row, place) for row in rows.tolist() if (place := self._place(row)) is not None]
        rows = np.array([row for row, _ in placed], dtype=np.int64)
        places = [place for _, place in placed]
        finder = self.reading.finder
        made = finder.first[rows] + self.rng.uniform(size=len(rows)) * (finder.last[rows] - finder.first[rows])
        at = made + draw_delays(self.seen.grid, self.parameters.delays[self.seen.kind_of_change[rows]], self.rng)
        inside = np.flatnonzero((at >= self.start) & (at < self.end))
        at, rows, places = at[inside], rows[inside], [places[k] for k in inside]
        chosen = np.flatnonzero(self.rng.uniform(size=len(at)) * MOST_WEIGHT < self._weights(at, rows, places))
        return at[chosen], [places[k] for k in chosen], rows[chosen]

    # incidents set off by earlier ones

    def _with_aftershocks(
        self, moments: np.ndarray, services: list[str], culprits: np.ndarray
    ) -> tuple[np.ndarray, list[str], np.ndarray]:
        """The incidents and all that they set off, generation by generation."""
        at, where, behind = moments, services, culprits
        for _ in range(MOST_GENERATIONS):
            due = self.parameters.productivity[(behind < 0).astype(int)]
            parents = np.repeat(np.arange(len(at)), self.rng.poisson(due))
            later = at[parents] + draw_delays(
                self.seen.link_grid, np.tile(self.parameters.link_delays, (len(parents), 1)), self.rng
            )
            places = [self._place_of((where[p],) if where[p] else (), self.parameters.link_relations) for p in parents]
            kept = [k for k, place in enumerate(places) if place is not None and later[k] < self.end]
            if not kept:
                break
            at, where, behind = later[kept], [str(places[k]) for k in kept], behind[parents[kept]]
            moments, services = np.concatenate([moments, at]), [*services, *where]
            culprits = np.concatenate([culprits, behind])
        return moments, services, culprits

    # where incidents show

    def _place(self, row: int) -> str | None:
        """A service on which this change's incident shows, as likely as the model says; None for nowhere."""
        return self._place_of(self.reading.finder.services[row], self.parameters.relations)

    def _place_of(self, changed: tuple[str, ...], relations: np.ndarray) -> str | None:
        """A service on which shows what was set off on these; None for nowhere."""
        services = self.reading.services
        usual = services[self.rng.choice(len(services), p=self.parameters.service_shares)]
        if not changed:
            return usual
        shares = relations * POSSIBLE[possible_relations([changed], self.reading.graph)[0]]
        relation = self.rng.choice(UNKNOWN, p=shares / shares.sum())
        downstream: dict[str, int] = {}
        for service in changed:
            for reached, hops in self.reading.graph.downstream(service).items():
                downstream[reached] = min(hops, downstream.get(reached, hops))
        if relation == UNRELATED:
            return None if usual in downstream else usual
        return str(self.rng.choice(sorted(s for s, hops in downstream.items() if hops == relation)))

    def _weights(self, at: np.ndarray, rows: np.ndarray, places: list[str]) -> np.ndarray:
        """What the evidence that is not drawn says of each proposed culprit, (culprits,)."""
        donor = np.array([self._donor(p) for p in places], dtype=np.int64)
        pairs = self.reading.finder.pairs(at, at, [(p,) if p else () for p in places])
        texts = self.reading.told.moved(donor, at - self.reading.first[donor])
        proposed = replace(self.seen, pairs=pairs, bins=self.reading.reader.bins(pairs, texts))
        own = np.flatnonzero(rows[pairs.incident] == pairs.change)
        logs = likelihood.evidence_logs(proposed, self.parameters.ratios).items()
        total = sum((part for name, part in logs if name not in (WORDS, TAKEN_BACK)), np.zeros(len(pairs)))
        weights = np.zeros(len(rows))
        weights[pairs.incident[own]] = np.exp(total[own])
        return weights

    # the incidents as rows of a log

    def _donor(self, service: str) -> int:
        """A real incident on the service, or any where there is none."""
        rows = self.donors.get(service)
        return int(self.rng.choice(rows)) if rows else int(self.rng.integers(len(self.reading.places)))

    def _incidents(self, at: np.ndarray, services: list[str], donor: np.ndarray) -> pd.DataFrame:
        table = self.reading.incidents.iloc[donor].reset_index(drop=True)
        width = (self.reading.last - self.reading.first)[donor]
        first = at - self.rng.uniform(size=len(at)) * width
        by = pd.to_timedelta(np.round((first - self.reading.first[donor]) * 3600), unit="s")
        own = table["services"].tolist()
        places = [p if (p[0] if p else "") == s else [s] if s else [] for p, s in zip(own, services, strict=True)]
        return table.assign(
            incident_id=[f"drawn-{k:05d}" for k in range(len(at))],
            services=pd.Series(places, dtype="object"),
            caused_by=[[] for _ in at],
            **{column: table[column] + by for column in TIMES},
        )


def draw_delays(grid: DelayGrid, masses: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """One delay in hours from each row of ``masses`` (draws, nodes): a node, then a place under its hat."""
    target = rng.uniform(size=(len(masses), 1)) * masses.sum(axis=1, keepdims=True)
    node = np.minimum((np.cumsum(masses, axis=1) < target).sum(axis=1), grid.size - 1)
    x = grid.nodes[node] + grid.step * (rng.uniform(size=len(node)) + rng.uniform(size=len(node)) - 1)
    first, last = grid.nodes[0], grid.nodes[-1]
    x = np.where(x > last, 2 * last - x, np.where(x < first, 2 * first - x, x))
    return np.sign(x) * TAU * np.expm1(np.abs(x))


def read_again(found: Attribution, dataset: Dataset) -> ModelInput:
    """Other incidents on the same change log, read as the first were, without verdicts."""
    afterwards = not np.array_equal(found.reading.told.until, found.reading.first)
    reading = ModelInput(dataset, verdicts=False, afterwards=afterwards, priors=found.seen.priors, like=found.reading)
    reading.seen = replace(reading.seen, without=found.seen.without)
    return reading


def read_resimulated(
    found: Attribution, drawn: ResimulatedLog, parameters: Parameters, rng: np.random.Generator
) -> ModelInput:
    """The drawn log as the model reads it; each culprit's words in common, and whether people took it back, are drawn from
    what was learned of culprits."""
    reading = read_again(found, drawn.dataset)
    seen = reading.seen
    own = np.flatnonzero((drawn.culprit[seen.pairs.incident] == seen.pairs.change) & drawn.direct[seen.pairs.incident])
    bins = seen.bins.copy()
    for e, evidence in enumerate(EVIDENCE):
        count = len(evidence.bins)
        if evidence.name == WORDS:
            known = own[bins[e, own] != ABSENT]  # where there is no text there is still none
            bins[e, known] = _culprit_bins(seen, parameters, e, known, rng, possible=np.arange(count) != ABSENT)
        elif evidence.name == TAKEN_BACK:
            ever = np.bincount(bins[e], minlength=count) > 0
            bins[e, own] = _culprit_bins(seen, parameters, e, own, rng, possible=ever)
    reading.seen = replace(seen, bins=bins)
    return reading


def _culprit_bins(
    seen: Observations,
    parameters: Parameters,
    e: int,
    own: np.ndarray,
    rng: np.random.Generator,
    *,
    possible: np.ndarray,
) -> np.ndarray:
    """Bins as culprits fall into them, in proportion to null × ratio, among those that are ``possible`` here."""
    null = seen.null.tables[e] if e in GROWING else seen.null.expected(e, parameters.ratios)
    null = null[(seen.layers if e in GROWING else seen.strata)[own]]
    weight = np.cumsum(null * parameters.ratios[e] * possible, axis=1)
    target = rng.uniform(size=(len(own), 1)) * weight[:, -1:]
    return np.minimum((weight < target).sum(axis=1), len(possible) - 1)
