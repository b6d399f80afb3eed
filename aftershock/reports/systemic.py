"""Whether a row of outages is more than bad luck, section by section: how they are spread, since when, and what carries it."""

from __future__ import annotations

from functools import cached_property

import pandas as pd
import plotly.graph_objects as go

from aftershock import figures, metrics
from aftershock.dataset.audience import DEFAULT
from aftershock.dataset.dataset import Dataset
from aftershock.dataset.days import EXPORT
from aftershock.metrics import Comparison, Estimate
from aftershock.metrics.poisson_tests import LEAST, Changepoint, even_band
from aftershock.metrics.systemic import Carried, OutageSeries
from aftershock.output.blocks import FactCards, NotebookStyle, Numbers, Prose, Stack
from aftershock.output.json_values import json_rows
from aftershock.output.phrases import day_name, number, p_words, percent, percent_range
from aftershock.reports import systemic_section
from aftershock.reports.base import Report, by_chance, report_numbers
from aftershock.reports.notebook_parameters import SystemicParameters, check_in_notebook


def open_systemic(*, dataset: str, audience: str = DEFAULT, blind: bool = False) -> SystemicReport:
    """The report that a notebook's parameters ask for; UsageError when one is unknown, ill-typed or names nothing."""
    parameters, loaded = check_in_notebook(SystemicParameters, dataset=dataset, audience=audience, blind=blind)
    return SystemicReport(loaded, parameters)


class SystemicReport(Report):
    """The whole of a dataset's outages, as one row in time."""

    def __init__(self, dataset: Dataset, parameters: SystemicParameters):
        super().__init__(dataset, blind=parameters.blind)
        self.parameters = parameters

    @cached_property
    def series(self) -> OutageSeries:
        return metrics.outage_series(self.dataset, self.found)

    @cached_property
    def change(self) -> Changepoint:
        return metrics.changepoint(self.series.days, self.series.length)

    @cached_property
    def tests(self) -> pd.DataFrame:
        counts, days = metrics.outages_by_month(self.dataset, self.series)
        return metrics.poisson_tests(self.series.days, self.series.length, counts, days, self.change)

    @cached_property
    def carried(self) -> Carried:
        """Before and after the change of the rate; before and after the middle where the row is even."""
        return metrics.carried_by_changes(self.found, self.series, self._moment)

    @property
    def _moment(self) -> float:
        is_uneven = systemic_section.is_uneven(self.tests)
        return self.change.day if is_uneven else self.series.length / 2

    @cached_property
    def baseline(self) -> Comparison | None:
        return metrics.baseline(self.dataset, self.series)

    # the answer

    def summary(self) -> Stack:
        """How many outages, whether they are more unevenly spread than bad luck explains, and how few they are."""
        return Stack(NotebookStyle(), Prose(*self.answer(), kind="answer"), self.caveats(), self.warnings())

    def answer(self) -> list[object]:
        return systemic_section.answer(self.series, self.tests, self.change, self.zone)

    def caveats(self) -> Stack:
        collected = self.dataset.mask.text(self.dataset.settings.collected)
        return systemic_section.caveats(self.series, collected, uneven=systemic_section.is_uneven(self.tests))

    def facts(self) -> FactCards:
        """The row's four numbers."""
        share, found = self.change_share, self.baseline
        (value, low, high), unit = systemic_section.rate_in_words(self.series)
        cards: list[tuple[str, object, str]] = [
            ("Outages", len(self.series), systemic_section.period(self.series, self.zone)),
            (f"A {unit}", value, f"90 % interval {low}–{high}"),
        ]
        if len(self.series) >= LEAST:
            best = p_words(self.tests["p_value"].min())
            cards.append(("Strongest of five tests", best, "p below 0.01 is called more than bad luck"))
        if share.known:
            cards.append(
                (
                    "Set off by changes",
                    percent(share.value),
                    f"{percent_range(share.low, share.high)}{by_chance(share)}",
                )
            )
        if found is not None and found.ratio == found.ratio:
            cards.append(
                (
                    "Against the baseline",
                    f"{number(found.ratio)} times",
                    f"{number(found.low)}–{number(found.high)}, {found.verdict}",
                )
            )
        return FactCards(cards)

    @cached_property
    def change_share(self) -> Estimate:
        return self.share_of(list(self.series.incident_ids))

    # the row

    @cached_property
    def outages(self) -> pd.DataFrame:
        """The outages that are counted, in order of time: ``incident_id, at``."""
        moments = [self.series.at(day) for day in self.series.days]
        return pd.DataFrame({"incident_id": list(self.series.incident_ids), "at": moments})

    def row_figure(self, outages: pd.DataFrame) -> go.Figure:
        """The outages counted up, against a steady rate; where the row is uneven, with the change of the rate."""
        at, change = self.series.at, self.change
        marked = (at(change.day), at(change.low), at(change.high)) if systemic_section.is_uneven(self.tests) else None
        last = at(self.series.length)
        return figures.cumulative_outages(
            outages, first=self.series.first, last=last, zone=self.zone, band=even_band(len(outages)), change=marked
        )

    def tests_table(self, tests: pd.DataFrame) -> Stack:
        """Five tests of evenness."""
        return systemic_section.tests_table(tests)

    def changed(self, change: Changepoint) -> Prose:
        """Where one change of the rate fits best."""
        return Prose(systemic_section.changed(self.series, change, self.zone))

    def against_baseline(self, found: Comparison | None) -> Prose:
        """The rate against an earlier period or an outside count."""
        given = self.dataset.settings.baseline
        if given is None:
            return systemic_section.against_baseline(None, "", ("", ""), "")
        here = "from {} to {}".format(*map(_last_day, given.against)) if given.against else "in the days covered here"
        return systemic_section.against_baseline(
            found, self.dataset.mask.text(given.source), (given.start, given.end), here
        )

    def independent(self) -> Prose:
        """How many outages the incidents come to."""
        ids = metrics.incidents_of(self.dataset)["incident_id"].tolist()
        count = metrics.outage_count(self.found, ids)
        if not count.known:
            return Prose("No incident is recorded.")
        return Prose(systemic_section.independent_sentence(len(ids), count, len(self.series)))

    def carried_by_changes(self, carried: Carried) -> Prose:
        """Whether changes set off another share of the outages before and after the rate changed."""
        if not len(self.series):
            return Prose("No outage to ask about.")
        if not self.dataset.overlapping:
            return Prose("The two logs share no time, so nothing can be said about changes.")
        is_uneven = systemic_section.is_uneven(self.tests)
        return systemic_section.carried_by_changes(
            carried, self.series.at(self._moment), self.zone, is_uneven=is_uneven
        )

    def footer(self) -> Stack:
        return self.made_from(self.parameters.model_dump())

    def numbers(self) -> Numbers:
        """The report's numbers, for the JSON next to it."""
        change, found = self.change, self.baseline
        at = [self.series.at(day).isoformat() if day == day else None for day in (change.day, change.low, change.high)]
        return report_numbers(
            self.dataset,
            month="",
            started_at=None,
            updated_at=self.dataset.observed[1],
            severity="",
            services=[],
            summary=" ".join(map(str, self.answer())),
            numbers={
                "rate": json_rows(pd.DataFrame([self.series.rate.as_row()]))[0],
                "tests": json_rows(self.tests),
                "changepoint": {
                    "at": at[0],
                    "low": at[1],
                    "high": at[2],
                    "before": change.after,
                    "after": change.later,
                },
                "baseline": None if found is None else json_rows(pd.DataFrame([vars(found)]))[0],
                "carried": {
                    name: json_rows(pd.DataFrame([getattr(self.carried, name).as_row()]))[0]
                    for name in ("before", "after", "difference")
                },
                "outages": json_rows(self.outages),
            },
        )


def _last_day(text: str) -> str:
    return "the end of the export" if text == EXPORT else day_name(text)
