"""Which change probably set each incident off: the one public call, and what it found.

>>> found = attribute(load("twitter-2023"))              # doctest: +SKIP
>>> found.suspects("tw-2023-03-06")                      # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from aftershock.dataset.dataset import Dataset, id_of, ids_of
from aftershock.dataset.loading import load
from aftershock.model import card, gibbs, kept_model, placebo, ranking, tidy
from aftershock.model.decomposition import LogOddsDecomposition
from aftershock.model.evidence import EVIDENCE
from aftershock.model.explanation import Explainer, Explanation
from aftershock.model.intervals import posterior_interval
from aftershock.model.observations import ModelInput
from aftershock.model.parameters import Parameters
from aftershock.model.priors import Priors
from aftershock.model.service_graph import RELATIONS, UNKNOWN
from aftershock.model.shown import Shown
from aftershock.model.stamp_lag import LEAD_HOURS
from aftershock.output.phrases import among, capital, duration, interval_percent, number, percent, plural, verb
from aftershock.schema.errors import UsageError, nearest
from aftershock.schema.handed_out import HandsOutCopies

EVEN_EVIDENCE = (
    0.5,
    2.0,
)  # mean factor of all evidence over innocent candidates beyond which a report warns: a judgement
FEW_INCIDENTS = 20  # incidents below which every report warns
SHORT_OVERLAP_DAYS = 28  # days of overlap of the logs below which it warns
EVIDENCE_NAMES = [e.name for e in EVIDENCE]
QUANTILES = (0.5, 0.9, 0.95)


def attribute(
    dataset: Dataset | str | Path,
    *,
    blind: bool = False,
    as_of_onset: bool = False,
    without: Collection[str] = (),
    priors: Priors | None = None,
) -> Attribution:
    """Fit the model to a dataset and rank the suspects of every incident. Deterministic.

    ``dataset``: what :func:`aftershock.load` gave, or the name or folder that it takes. It is read as its logs have it
    (``dataset.as_read``), whoever may see it, and answered in its own ids and words.
    ``blind`` ignores verdicts; ``caused_by`` is never read by the model. ``as_of_onset`` lets nothing that happened
    after an incident's start count for its answer (its own verdict and description, what was taken back later; rates are still
    learned from the whole log). ``without`` names evidence that says nothing (to see what it is worth). ``priors`` are those
    that ship unless given. Raises UsageError for a reference dataset, whose rows share nothing, for evidence that does not
    exist, and for anything else than a dataset.
    """
    dataset = _dataset(dataset)
    if dataset.reference:
        raise UsageError(
            f"{dataset.key} is a reference to compare with: its rows come from many organisations and share no change "
            "log, so nothing in it can be suspected"
        )
    for name in without:
        if name not in EVIDENCE_NAMES:
            raise UsageError(
                f"no evidence {name!r}{nearest(name, EVIDENCE_NAMES)} (known are {', '.join(EVIDENCE_NAMES)})"
            )
    reading = ModelInput(
        dataset.as_read, verdicts=not (blind or as_of_onset), afterwards=not as_of_onset, priors=priors
    )
    reading.seen = replace(reading.seen, without=frozenset(without))
    return Attribution(dataset, reading, kept_model.fit(reading.seen))


def _dataset(given: Dataset | str | Path) -> Dataset:
    """The dataset itself; a name or a folder is loaded."""
    if isinstance(given, str | Path):
        return load(given)
    if not isinstance(given, Dataset):
        raise UsageError(
            f"attribute() got {type(given).__name__}; expected what aftershock.load() gives, the name of a dataset that ships "
            "or its folder: attribute(load('demo')) or attribute('demo')"
        )
    return given


class Attribution(HandsOutCopies):
    """What the model found. Every interval is the central 90 % of the posterior (see :mod:`aftershock.model.gibbs`).

    ``dataset``: as its readers may see it, ``shown`` its names and words; ``reading``: what the model read.
    """

    def __init__(self, dataset: Dataset, reading: ModelInput, parameters: Parameters):
        self.dataset, self.reading, self.parameters = dataset, reading, parameters
        self.seen, self.shown = reading.seen, Shown(dataset, reading)

    def __repr__(self) -> str:
        return card.line(self)

    def _repr_html_(self) -> str:
        return card.card(self)._repr_html_()

    @cached_property
    def incidents(self) -> pd.DataFrame:
        """The incidents attributed, a row each, duplicates left out; merges with :attr:`pairs` on incident_id.

        Columns: incident_id, incident_title, incident_severity (ordered category, worst first), incident_status,
        incident_services (the main one first), incident_team and incident_role where the log has them, incident_at and
        incident_until (the dataset's zone), minutes_to_mitigate and minutes_to_resolve (from the start; NaN: not known),
        by_changes with _low and _high (probability that a recorded change set it off, 90 %), by_chance (what chance alone
        would give), best_change_id, best_change_title and best_probability (its most probable explanation; the id is ``none``
        for no recorded change), part_of and part_of_probability (the earlier incident of the same outage, as in :attr:`outages`).
        """
        return tidy.incidents(self.dataset, self.shown.incidents, self._all_suspects, self.shares, self.outages)

    @cached_property
    def pairs(self) -> pd.DataFrame:
        """Every explanation of every incident, a row each, best first; merges with :attr:`incidents` on incident_id.

        Columns: incident_id, change_id (``none``: no recorded change), change_title, change_kind, change_services,
        change_author, change_team and change_role where the log has them, change_at (the dataset's zone), rank, probability
        with _low, _high and _error (sums to 1 per incident, and over a change to the incidents it probably set off),
        relation, delay_minutes with _low and _high, matching_words, reported, as in :meth:`suspects`.
        """
        return tidy.pairs(self.dataset, self._all_suspects)

    @cached_property
    def fingerprint(self) -> str:
        """16 digits of the SHA-256 of all that the answer follows from: what is read of the logs, the fit, the sampler's settings,
        the code and the versions of what it computes with. Equal digits, equal numbers."""
        return kept_model.fingerprint(self.seen, self.parameters)[:16]

    @cached_property
    def _drawn(self) -> gibbs.Draws:
        return kept_model.draws(self.seen, self.parameters)

    @cached_property
    def _chance(self) -> placebo.Chance:
        return placebo.chance_level(self.reading, self.parameters, self._drawn)

    @cached_property
    def warnings(self) -> list[str]:
        """What a reader must know before trusting any number: few incidents, short overlap, a share that chance would reach
        too, evidence that does not even out where no change is to blame."""
        used, days = int(self.seen.used.sum()), self.seen.hours / 24
        dataset = self.dataset
        if not dataset.overlapping:
            spans = [
                f"{name} run from {t['started_at'].min():%-d %b %Y} to {t['started_at_before'].max():%-d %b %Y}"
                if len(t)
                else f"there are no {name}"
                for name, t in (("incidents", dataset.incidents), ("changes", dataset.changes))
            ]
            return [
                f"The two logs share no time: {' and '.join(spans)}. Nothing can be attributed; every incident is left to "
                "“no recorded change” for want of changes, and no share or rate below means anything."
            ]
        said = []
        if used < FEW_INCIDENTS:
            said.append(
                f"{'Only ' * (used > 0)}{plural(used, 'incident')} to learn from: the answers lean on general priors more than "
                "on this log. They illustrate the method and validate nothing."
            )
        if days < SHORT_OVERLAP_DAYS:
            few = plural(max(round(days), 1), "day")
            said.append(f"The two logs overlap for {few} only; rates learned from so short a time are rough.")
        if self.seen.grid.zero:
            late = duration(pd.Timedelta(hours=LEAD_HOURS))
            said.append(
                "Changes of this log seem to be recorded after they take effect (at the end of a rollout, or by a clock that is "
                f"ahead): a change recorded up to {late} after an incident began may have set it off."
            )
        outside = len(self.reading.incidents) - used
        if outside:
            said.append(
                f"{capital(among(outside, len(self.reading.incidents), 'incident'))} {verb(outside, 'lies', 'lie')} outside "
                "the period that both logs cover: ranked, but nothing is learned from it."
            )
        return said + self._doubts()

    def _doubts(self) -> list[str]:
        """What speaks against the answers as a whole."""
        said = []
        known = self._chance.copies > 0
        if known.any():
            share = float(1 - self._drawn.none_mean[known].mean())
            low, high = map(float, posterior_interval(self._drawn.by_change[:, known].mean(axis=1)))
            chance = float(self._chance.level[known].mean())
            if chance >= min(low, share):
                more = "no more" if share <= chance else "not clearly more"
                said.append(
                    f"Changes explain {more} of these incidents than chance would: "
                    f"{interval_percent(share, min(low, share), max(high, share))}, and by chance {percent(chance)}. "
                    "A suspect means something only where hardly any moved copy of its incident reaches as much."
                )
        mean = placebo.joint_mean(self.reading, self.parameters)
        if mean < EVEN_EVIDENCE[0] or mean > EVEN_EVIDENCE[1]:
            said.append(
                f"The evidence does not even out here: where no change is to blame, it multiplies the odds of a change by "
                f"{number(mean)} on average instead of 1, so changes are blamed too {'often' if mean > 1 else 'rarely'}."
            )
        return said

    def suspects(self, incident_id: str | pd.Series | pd.DataFrame | Sequence[str] | None = None) -> pd.DataFrame:
        """Suspects of one incident, of several (a table with the column incident_id, a row of it, or a list of ids) or of all;
        incidents by start, the suspects of each best first. ``none`` stands for "no recorded change".

        Columns: incident_id, rank (from 1), change_id, probability (sums to 1 per incident, but for :meth:`unlisted` candidates of
        large logs), probability_low and _high (90 %), probability_error (Monte Carlo standard error: how far another seed of the
        draws would move it), kind, relation, delay_minutes with _low and _high (the ends that imprecise times allow),
        matching_words, reported (somebody named this change as the cause), title, services, change_at.
        """
        if incident_id is None:
            return self._all_suspects
        rows = sorted(self._row(one) for one in ids_of("an incident", incident_id))
        return self._suspects_of(np.array(rows, dtype=np.int64))

    @cached_property
    def _all_suspects(self) -> pd.DataFrame:
        return self._suspects_of(np.arange(len(self.reading.incidents)))

    def _suspects_of(self, rows: np.ndarray) -> pd.DataFrame:
        if len(rows) == 1 and "_all_suspects" in vars(self):  # a slice of what is there costs a tenth
            (row,), starts = rows, self.seen.pairs.starts
            every = self._all_suspects.iloc[
                starts[row] + row : starts[row + 1] + row + 1
            ]  # an incident's pairs and NONE
            return every.reset_index(drop=True)
        return ranking.ranked(self.shown, self._drawn, rows)

    def _suspects_of_row(self, row: int) -> pd.DataFrame:
        return self._suspects_of(np.array([row]))

    def unlisted(self, incident_id: str) -> tuple[int, float]:
        """(how many candidates of an incident a large log does not list, their probability together); none elsewhere. See
        :mod:`aftershock.model.listing`."""
        row, pairs = self._row(incident_id), self.seen.pairs
        if self.seen.unlisted is None:
            return 0, 0.0
        own = slice(*pairs.starts[row : row + 2])
        count = self.reading.finder.count(self.reading.first[row], self.reading.last[row]) - (own.stop - own.start)
        return count, max(1.0 - float(self._drawn.pair_mean[own].sum() + self._drawn.none_mean[row]), 0.0)

    def explanation(self, incident_id: str | pd.Series, change_id: str | pd.Series) -> Explanation:
        """The steps by which one suspect, or ``none``, came by its probability; they add up to it in log odds. Both by their ids or
        rows that have them.

        UsageError when the incident or the change does not exist, or the change is not a candidate.
        """
        incident_id, change_id = id_of("an incident", incident_id), id_of("a change", change_id)
        row = self._row(incident_id)
        if change_id not in self._explainer.suspects_of(row):
            self.dataset.change(change_id)
            raise UsageError(f"{change_id} is not a candidate for {incident_id}; aftershock why gives the reason")
        return self._explainer.explain(row, change_id)

    @cached_property
    def _decomposition(self) -> LogOddsDecomposition:
        return LogOddsDecomposition(self.seen, self.parameters, self._drawn)

    @cached_property
    def _explainer(self) -> Explainer:
        return Explainer(self.shown, self._decomposition, self._suspects_of_row)

    @cached_property
    def shares(self) -> pd.DataFrame:
        """Per incident how probably a recorded change set it off, and what chance alone would give.

        Columns: incident_id, started_at, change_probability, low, high, chance (mean of the same number for copies of the
        incident moved by whole weeks), chance_p (share of the copies that reach at least this number; NaN without copies),
        copies (how many there are).
        """
        drawn, incidents, chance = self._drawn, self.shown.incidents, self._chance
        return pd.DataFrame(
            {
                "incident_id": incidents["incident_id"],
                "started_at": incidents["started_at"],
                "change_probability": 1 - drawn.none_mean,
                "low": 1 - drawn.none_high,
                "high": 1 - drawn.none_low,
                "chance": chance.level,
                "chance_p": chance.reached,
                "copies": chance.copies,
            }
        )

    @cached_property
    def chance_by_change(self) -> pd.Series:
        """How many incidents chance alone would link to each change, by change_id; NaN where the log is too short for copies.
        They add up to the sum of ``shares["chance"]``."""
        ids = self.dataset.changes["change_id"].to_numpy(dtype=object)
        linked = self._chance.by_change if self._chance.copies.any() else np.full(len(ids), np.nan)
        return pd.Series(linked, index=ids, name="chance")

    @cached_property
    def outages(self) -> pd.DataFrame:
        """Which incidents are probably part of an earlier one's outage: incident_id, earlier (the most probable earlier incident
        of the same outage, "" without any), probability (that it is part of one). The sum of 1 - probability is the number of
        outages that the incidents come to."""
        links, found = self.seen.links, self._drawn.answer.origins
        ids = self.shown.incidents["incident_id"].to_numpy(dtype=object)
        earlier = np.full(len(ids), "", dtype=object)
        order = np.argsort(found.links, kind="stable")
        earlier[links.incident[order]] = ids[links.change[order]]
        # numpy counts in integers where there are no links
        together = np.bincount(links.incident, weights=found.links, minlength=len(ids)).astype(float)
        return pd.DataFrame({"incident_id": ids, "earlier": earlier, "probability": together})

    @property
    def draws(self) -> dict[str, np.ndarray]:
        """draws × incidents, in the order of ``shares``. ``incident_changes``: whether a recorded change set it off;
        ``incident_linked``: whether it is part of an earlier incident's outage."""
        return {"incident_changes": self._drawn.by_change, "incident_linked": self._drawn.linked}

    @cached_property
    def rates(self) -> pd.DataFrame:
        """Per kind: changes, set_off (expected incidents) and per_1000 changes, each with _low and _high; chance_per_1000:
        incidents that chance alone would link to 1,000 of them (NaN where that is not known)."""
        drawn, kinds, inside = self._drawn, self.seen.kinds, self.seen.counted
        changes = np.bincount(self.seen.kind_of_change[inside], minlength=len(kinds))
        chance = self.chance_by_change.to_numpy(dtype=float)[inside]
        linked = np.bincount(self.seen.kind_of_change[inside], weights=chance, minlength=len(kinds))
        return pd.DataFrame(
            {
                "kind": kinds,
                "changes": changes,
                "set_off": drawn.set_off.mean(axis=0),
                **_ends("set_off", drawn.set_off),
                "per_1000": 1000 * drawn.rates.mean(axis=0),
                **_ends("per_1000", 1000 * drawn.rates),
                "chance_per_1000": 1000 * linked / np.where(changes > 0, changes, np.nan),
            }
        )

    @cached_property
    def relations(self) -> pd.DataFrame:
        """Where what a change sets off shows: relation, share (of those relations that a change can have) with _low and _high."""
        drawn = self._drawn.of("relations")
        return pd.DataFrame({"relation": RELATIONS[:UNKNOWN], "share": drawn.mean(axis=0), **_ends("share", drawn)})

    @cached_property
    def delay_curves(self) -> pd.DataFrame:
        """Per kind and for all: minutes, density (share since the row before), cumulative with _low and _high."""
        return pd.concat([self._curve(name, masses) for name, masses in self._delays()], ignore_index=True)

    def _curve(self, name: str, masses: np.ndarray) -> pd.DataFrame:
        grid = self.seen.grid
        cumulative = grid.cumulative(masses, grid.fine_hours)
        mean = cumulative.mean(axis=0)
        return pd.DataFrame(
            {
                "kind": name,
                "minutes": grid.fine_hours * 60,
                "density": np.diff(mean, prepend=0.0),
                "cumulative": mean,
                **_ends("cumulative", cumulative),
            }
        )

    @cached_property
    def delay_quantiles(self) -> pd.DataFrame:
        """Per kind and for all: the minutes within which a share (quantile) of the outages show, with _low and _high."""
        rows = []
        for name, masses in self._delays():
            for share in QUANTILES:
                minutes = 60 * self.seen.grid.quantile(masses, share)
                rows.append(
                    {
                        "kind": name,
                        "quantile": share,
                        "minutes": 60 * float(self.seen.grid.quantile(masses.mean(axis=0), share)),
                        **_ends("minutes", minutes),
                    }
                )
        return pd.DataFrame(rows)

    def _delays(self) -> list[tuple[str, np.ndarray]]:
        return [("all", self._drawn.pooled)] + [
            (k, self._drawn.of("delays")[:, n]) for n, k in enumerate(self.seen.kinds)
        ]

    @cached_property
    def background(self) -> pd.DataFrame:
        """Per service: incidents per month (30.44 days) that no recorded change set off, with low and high."""
        services, number = np.unique(np.array(self.shown.services, dtype=object), return_inverse=True)
        monthly = self._drawn.of("background") * 24 * 30.44
        by_service = np.zeros((len(monthly), len(services)))
        np.add.at(by_service.T, number, (monthly[:, None] * self._drawn.of("service_shares")).T)  # masks may be equal
        low, high = posterior_interval(by_service)
        return pd.DataFrame({"service": services, "per_month": by_service.mean(axis=0), "low": low, "high": high})

    @cached_property
    def rhythm(self) -> pd.DataFrame:
        """The background's hour of week in the dataset's zone: weekday (0 Monday), hour, relative (mean 1) with _low and _high."""
        hour, drawn = np.arange(168), self._drawn.of("week") @ self.seen.weeks
        return pd.DataFrame(
            {"weekday": hour // 24, "hour": hour % 24, "relative": drawn.mean(axis=0), **_ends("relative", drawn)}
        )

    def _row(self, incident_id: str) -> int:
        ids = self.shown.incidents["incident_id"].tolist()
        if incident_id not in ids:
            incident = self.dataset.incident(incident_id)
            raise UsageError(
                f"incident {incident_id!r} repeats {incident['duplicate_of']!r} and has no suspects of its own"
            )
        return ids.index(incident_id)


def _ends(name: str, draws: np.ndarray) -> dict[str, np.ndarray]:
    low, high = posterior_interval(draws)
    return {f"{name}_low": low, f"{name}_high": high}
