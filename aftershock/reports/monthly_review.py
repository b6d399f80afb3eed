"""The review of one month, section by section: how much, how bad, how much of it from changes, what to do about it."""

from __future__ import annotations

import math
from functools import cached_property

import pandas as pd
import plotly.graph_objects as go

from aftershock import figures, metrics
from aftershock.dataset.audience import DEFAULT
from aftershock.dataset.dataset import Dataset
from aftershock.metrics import Estimate
from aftershock.metrics.action_items import FollowUp
from aftershock.metrics.error_budget import ErrorBudgets
from aftershock.metrics.poisson_tests import Changepoint
from aftershock.metrics.systemic import OutageSeries
from aftershock.model.intervals import poisson_interval
from aftershock.output.blocks import FactCards, NotebookStyle, Numbers, Prose, Stack
from aftershock.output.file_names import file_name
from aftershock.output.html_table import Table
from aftershock.output.json_values import json_rows
from aftershock.output.phrases import (
    capital,
    interval_percent,
    month_name,
    number,
    percent,
    percent_range,
    plural,
    rough_duration,
    when,
)
from aftershock.output.safe_html import Rich, join, link, sortable, strong, title_with_id
from aftershock.reports import (
    action_items_section,
    durations_section,
    error_budget_section,
    past_section,
    risk_section,
    systemic_section,
)
from aftershock.reports.base import Report, by_chance, one_decimal, report_numbers
from aftershock.reports.notebook_parameters import MonthlyReviewParameters, check_in_notebook
from aftershock.reports.risk_section import NO_SERVICE, TOO_LITTLE
from aftershock.schema.tables import NONE

MOST_GROUPS = 12
TELLING_OUTAGES = 0.5  # fewer outages than incidents from which the difference is said: a judgement
ODDS_WORDS = (
    "Changes and chance: a number under “by chance” is what the same incidents would give if they were moved to other weeks. "
    "What does not exceed it is not a finding."
)


def open_monthly_review(
    *,
    dataset: str,
    audience: str = DEFAULT,
    month: str = "",
    blind: bool = False,
    link_incidents: bool = False,
) -> MonthlyReviewReport:
    """The report that a notebook's parameters ask for; UsageError when one is unknown, ill-typed or names nothing."""
    parameters, loaded = check_in_notebook(
        MonthlyReviewParameters,
        dataset=dataset,
        audience=audience,
        month=month,
        blind=blind,
        link_incidents=link_incidents,
    )
    return MonthlyReviewReport(loaded, parameters)


class MonthlyReviewReport(Report):
    """One month. What the notebook holds as a frame is handed to the method that puts it into words."""

    def __init__(self, dataset: Dataset, parameters: MonthlyReviewParameters):
        super().__init__(dataset, blind=parameters.blind)
        self.parameters, self.month = parameters, parameters.month

    @cached_property
    def incidents(self) -> pd.DataFrame:
        return metrics.incidents_of(self.dataset, self.month)

    @cached_property
    def counts(self) -> pd.DataFrame:
        return metrics.month_counts(self.dataset)

    @cached_property
    def usual(self) -> metrics.Usual:
        """What the twelve months before had."""
        return metrics.usual_before(self.dataset, self.month)

    @cached_property
    def change_share(self) -> Estimate:
        return self.share_of(self.incidents["incident_id"].tolist())

    # the answer

    def summary(self) -> Stack:
        """How many incidents, whether that is more than noise, and how many of them changes probably set off."""
        return Stack(NotebookStyle(), Prose(*self.answer(), kind="answer"), self.warnings())

    def answer(self) -> list[object]:
        count = len(self.incidents)
        name = month_name(self.month)
        if not count:
            nothing = strong(f"No incident is recorded for {name}.")
            written = "An empty month may mean that nothing happened, or that nobody wrote it down."
            return [join(" ", [nothing, self._against_usual(), written]), *self._overspent()]
        against = [self._against_usual(), self._against_last_month()]
        first = join(
            " ", [strong(f"{plural(count, 'incident')}{self._outages(count)} in {name}."), *filter(None, against)]
        )
        return [first, self._set_off(count), *self._overspent()]

    def _overspent(self) -> list[str]:
        said = error_budget_section.overspent_sentence(self.budgets)
        return [said] if said else []

    def _outages(self, count: int) -> str:
        """How many outages the incidents come to, where that is a different number."""
        found = self.outage_count
        if count - found.value <= TELLING_OUTAGES:
            return ""
        return f", about {plural(max(round(found.value), 1), 'outage')} ({found.low:.0f}–{found.high:.0f}),"

    def _set_off(self, count: int) -> str:
        """How many of the month's incidents changes explain, next to what chance alone would."""
        share = self.change_share
        if not self.dataset.overlapping:
            return "The two logs share no time, so nothing can be said about changes."
        if not share.known:
            return "They began outside the days that both logs cover, so nothing can be said about changes."
        explained = interval_percent(share.value, share.low, share.high)
        said, would = f"Changes explain {explained} of them", "would explain"
        if count == 1:
            said, would = f"The probability that a change set it off is {explained}", "would give"
        if share.chance is None or math.isnan(share.chance):
            return f"{said}; what chance alone would give is not known."
        if not share.above_chance:
            clearly = "no" if share.value <= share.chance else "not clearly"
            return f"{said}, {clearly} more than chance {would.removesuffix(' explain')} ({percent(share.chance)})."
        return f"{said}; chance alone {would} {percent(share.chance)}."

    @cached_property
    def outage_count(self) -> Estimate:
        """How many outages the month's incidents come to."""
        return metrics.outage_count(self.found, self.incidents["incident_id"].tolist())

    def _against_usual(self) -> str:
        """The month against the year before it: what is usual, and how probable so many are in a usual month."""
        usual, found = self.usual, metrics.compare_with_usual(self.dataset, self.month)
        if not usual.months:
            return "It is the first month covered, so there is nothing to compare it with."
        days = metrics.days_observed(self.dataset, self.month)[0]
        span = "the month before it" if usual.months == 1 else f"the {usual.months} months before it"
        expected = usual.expected(days)
        if not usual.incidents + found.this:
            return f"{capital(span)} had none either."
        said = f"At the rate of {span}, {one_decimal(expected) if expected else 'none'} would come in as many days"
        many = found.this >= expected
        chance = found.as_many if many else found.as_few
        tail = f"{found.this} or {'more' if many else 'fewer'} come" if found.this else "none at all comes"
        if found.verdict == "nothing to compare":
            return f"{said}."
        clusters = ", clusters allowed for" if usual.dispersion > 1 else ""
        return f"{said}; {tail} by chance in {percent(chance)} of such months{clusters}: {found.verdict}."

    def _against_last_month(self) -> str:
        """The change since last month, second to the year, as one month is a small sample."""
        found = metrics.compare_with_last_month(self.dataset, self.month)
        if found is None:
            return ""
        partial = self.counts.set_index("month")["partial"]
        months = self.dataset.months
        note = " so far" if partial[self.month] else ""
        before = f"The month before had {found.other or 'none'}"
        if partial[months[months.index(self.month) - 1]]:
            before += " in the days that are covered"
        if not found.this + found.other:
            return f"{before}."
        return f"{before}: {found.ratio_words}{note}."

    def facts(self) -> FactCards:
        """The month's four numbers."""
        row = self.counts.set_index("month").loc[self.month]
        worst = self.dataset.severities[0] if self.dataset.severities else ""
        count_worst = int((self.incidents["severity"] == worst).sum())
        share, watch = self.change_share, metrics.watch_time(self.found)
        spread = self.usual.dispersion
        low, high = (spread * end for end in poisson_interval(len(self.incidents) / spread))
        still_open = int((self.incidents["status"] == "open").sum())
        cards: list[tuple[str, object, str]] = [
            (
                "Incidents",
                len(self.incidents),
                f"90 % interval of the rate {low:.0f}–{high:.0f}{self._usual_words(row['days'])}"
                + (f"; {still_open} open so far" if still_open else ""),
            )
        ]
        if worst and len(self.incidents):
            cards.append((f"Worst severity ({worst})", count_worst, f"of {plural(len(self.incidents), 'incident')}"))
        if share.known and len(self.incidents):
            cards.append(
                (
                    "Set off by changes",
                    percent(share.value),
                    f"{percent_range(share.low, share.high)}{by_chance(share)}",
                )
            )
        if watch.known and self.learned:
            cards.append(
                (
                    "Watch a change for",
                    f"about {rough_duration(watch.value)}",
                    f"95 % of outages show by then ({rough_duration(watch.low)} to {rough_duration(watch.high)})",
                )
            )
        return FactCards(cards)

    def _usual_words(self, days: float) -> str:
        expected = self.usual.expected(days)
        return "" if math.isnan(expected) else f"; usual {one_decimal(expected)}"

    # how much

    def groups(self, by_severity: pd.DataFrame, by_service: pd.DataFrame) -> Stack:
        """Incidents by severity and by service, with intervals and what is usual."""
        return Stack(
            _group(by_severity, "Severity", "By severity, worst first"),
            _group(by_service, "Service", "By service"),
            Prose(
                f"{_services_words(len(by_service))}{self._clusters_words()}"
                f"{metrics.detectable_change(len(self.incidents), dispersion=self.usual.dispersion).sentence}"
            ),
        )

    def _clusters_words(self) -> str:
        """By how much the comparisons allow for incidents that come in clusters."""
        usual = self.usual
        if usual.dispersion <= 1 or not usual.months:
            return ""
        return (
            f"The {plural(usual.months, 'month')} before vary {number(usual.dispersion)} times as much as independent incidents "
            "would; the numbers on top and the next sentence allow for it, the intervals in these tables do not. "
        )

    # the row

    @cached_property
    def series(self) -> OutageSeries:
        """All outages up to the end of the month."""
        return metrics.outage_series(self.dataset, self.found, self._end)

    @cached_property
    def change_of_rate(self) -> Changepoint:
        return metrics.changepoint(self.series.days, self.series.length)

    @cached_property
    def spread(self) -> pd.DataFrame:
        """Five tests of how evenly they are spread."""
        counts, days = metrics.outages_by_month(self.dataset, self.series)
        return metrics.poisson_tests(self.series.days, self.series.length, counts, days, self.change_of_rate)

    def systemic(self, spread: pd.DataFrame) -> Stack:
        """Whether the outages so far are more than bad luck, with the tests and what limits them."""
        collected = self.dataset.mask.text(self.dataset.settings.collected)
        return Stack(
            Prose(*systemic_section.answer(self.series, spread, self.change_of_rate, self.zone)),
            systemic_section.tests_table(spread),
            systemic_section.caveats(self.series, collected, uneven=systemic_section.is_uneven(spread)),
        )

    # changes

    def incidents_table(self, incidents: pd.DataFrame, suspects: pd.DataFrame) -> Stack:
        """Each incident with its most probable explanation and the chance level; ``suspects``: of every incident."""
        ids = incidents["incident_id"]
        top = suspects[suspects["rank"] == 1].set_index("incident_id").loc[ids]
        shares = self.found.shares.set_index("incident_id").loc[ids]
        rows = pd.DataFrame(
            [
                {
                    "Incident": self._incident(r.incident_id, r.title),
                    "Started": sortable(
                        when(r.started_at, r.started_at_before, self.zone).replace(f" {self.month[:4]}", ""),
                        r.started_at,
                    ),
                    "Severity": r.severity,
                    "Most probable explanation": best.title,
                    "Probability": best.probability,
                    "All changes together": sortable(
                        interval_percent(share.change_probability, share.low, share.high), share.change_probability
                    ),
                    "By chance": percent(share.chance),
                }
                for r, best, share in zip(incidents.itertuples(), top.itertuples(), shares.itertuples(), strict=True)
            ]
        )
        if rows.empty:
            return Stack(Prose("No incidents in this month."))
        if not self.dataset.overlapping:
            return Stack(Table(rows[["Incident", "Started", "Severity"]], f"Incidents of {month_name(self.month)}"))
        return Stack(
            Table(rows, f"Incidents of {month_name(self.month)}", align={"By chance": "right"}, bars=["Probability"]),
            Prose(ODDS_WORDS),
        )

    def _incident(self, incident_id: str, title: str) -> Rich:
        """An incident's title over its id, linked to its postmortem where that is rendered."""
        if not self.parameters.link_incidents:
            return title_with_id(title, incident_id)
        address = f"../incidents/{file_name(incident_id)}.html"
        return title_with_id(link(title, address), incident_id) if title else link(incident_id, address)

    def rates_figure(self, rates: pd.DataFrame) -> go.Figure:
        """Incidents per 1,000 changes of each kind, next to what chance alone would link."""
        return figures.rates_forest(rates if self.learned else rates.iloc[:0], empty=TOO_LITTLE)

    def services_figure(self, risk: pd.DataFrame) -> go.Figure:
        """Each service's rate against its number of changes, with the limits of chance."""
        return figures.funnel(risk if self.learned else risk.iloc[:0], empty=NO_SERVICE if self.learned else TOO_LITTLE)

    def risk_tables(self, by_service: pd.DataFrame, by_hours: pd.DataFrame) -> Stack:
        """Which services and which hours carry risk."""
        return risk_section.risk_tables(by_service, by_hours) if self.learned else Stack(Prose(TOO_LITTLE))

    def rhythm_figure(self, rhythm: pd.DataFrame) -> go.Figure:
        """When incidents come that no change set off."""
        shares = self.found.shares
        outages = metrics.outage_count(self.found, shares["incident_id"].tolist()).value
        # alerts of one outage tell of one hour
        alone = float((1 - shares["change_probability"]).mean()) * outages if len(shares) else 0.0
        return figures.rhythm_heatmap(rhythm, zone=self.zone, incidents=alone)

    def delay_figure(self, curves: pd.DataFrame, quantiles: pd.DataFrame) -> go.Figure:
        """How long after a change its outage shows, where that was learned here."""
        return figures.delay_curve(curves if self.learned else curves.iloc[:0], kind="all", quantiles=quantiles)

    def famous_figure(self, curves: pd.DataFrame, famous: pd.DataFrame, quantiles: pd.DataFrame) -> go.Figure:
        """The delays of well-known outages, next to those of this log where they were learned here."""
        return figures.delay_comparison(curves if self.learned else curves.iloc[:0], famous, quantiles=quantiles)

    def watch(self, watch: Estimate) -> Prose:
        """How long to watch a change, in a sentence."""
        return Prose(risk_section.watch_sentence(watch) if watch.known and self.learned else TOO_LITTLE)

    # how long

    def durations_table(self, durations: pd.DataFrame) -> Stack:
        """Median, 75th and 90th percentile with intervals; never a mean alone."""
        if self.incidents.empty:
            return Stack(Prose("No incidents in this month."))
        return durations_section.durations_table(durations)

    def dora_table(self, dora: pd.DataFrame) -> Table:
        """The DORA keys, each with its definition, interval and chance level; no grades."""
        return durations_section.dora_table(dora)

    @cached_property
    def budgets(self) -> ErrorBudgets:
        """The error budgets of the services that [slo] gives targets for."""
        return metrics.error_budgets(self.dataset, self.month)

    def error_budgets(self, budgets: ErrorBudgets) -> Stack:
        """How much of each budget was spent and left, and by which incidents."""
        slo = self.dataset.settings.slo
        return error_budget_section.error_budgets(budgets, slo.partial if slo else {})

    # what next

    def repeats(self, repeats: pd.DataFrame) -> Table:
        """Incidents of the month that resemble earlier ones."""
        return past_section.repeats_table(self.dataset, repeats)

    @property
    def _end(self) -> pd.Timestamp:
        """When the month was over, in UTC; where the log ends before that, its end."""
        over = (pd.Timestamp(f"{self.month}-01", tz=self.zone) + pd.offsets.MonthBegin(1)).tz_convert("UTC")
        return min(over, self.dataset.observed[1])

    @cached_property
    def follow_up(self) -> FollowUp:
        """Action items of the dataset's postmortems/ as they were at the end of the month."""
        return metrics.action_items(self.dataset, self._end, stem=file_name)

    def action_items(self, follow_up: FollowUp, repeats: pd.DataFrame) -> Stack:
        """What was opened, closed and left of the action items, and repeats that came before theirs was done."""
        again = metrics.repeats_with_open_items(repeats, follow_up.items, self.dataset)
        return action_items_section.action_items(follow_up, again, self.month)

    def footer(self) -> Stack:
        return self.made_from(self.parameters.model_dump())

    def numbers(self) -> Numbers:
        """The report's numbers, for the JSON next to it."""
        ids = self.incidents["incident_id"]
        shares = self.found.shares
        top = self.found.suspects()
        return report_numbers(
            self.dataset,
            month=self.month,
            updated_at=self._end,
            summary=" ".join(map(str, self.answer())),
            numbers={
                "counts": json_rows(self.counts),
                "change_share": json_rows(pd.DataFrame([self.change_share.as_row()]))[0],
                "outages": json_rows(pd.DataFrame([self.outage_count.as_row()]))[0],
                "incidents": json_rows(shares[shares["incident_id"].isin(ids)]),
                "top_suspects": json_rows(
                    top[(top["rank"] == 1) & top["incident_id"].isin(ids)].drop(columns=["services"])
                ),
                "rates": json_rows(metrics.risk_by_kind(self.dataset, self.found)),
                "delay_quantiles": json_rows(self.found.delay_quantiles),
                "durations": json_rows(metrics.durations(self.dataset, self.incidents)),
                "error_budgets": json_rows(self.budgets.budgets),
                "error_budget_spent": json_rows(self.budgets.spent),
                "dora": json_rows(metrics.dora(self.dataset, self.found, self.month, learned=self.learned)),
                "accused": int(((top["rank"] == 1) & top["incident_id"].isin(ids) & (top["change_id"] != NONE)).sum()),
            },
        )


def _services_words(services: int) -> str:
    """How the table by service counts, and what it leaves out."""
    said = "An incident counts with each of its services" if services > 1 else ""
    rest = services - MOST_GROUPS
    if rest > 0:
        said += f"; {plural(rest, 'service')} with the fewest {'is' if rest == 1 else 'are'} left out"
    return f"{said}. " if said else ""


def _group(table: pd.DataFrame, head: str, title: str) -> Table:
    """The groups with most incidents; ``table``: of ``metrics.by_group``."""
    shown = table.head(MOST_GROUPS)
    rows = pd.DataFrame(
        {
            head: shown["group"],
            "Incidents": shown["incidents"],
            "90 % interval": [f"{a:.1f}–{b:.1f}" for a, b in zip(shown["low"], shown["high"], strict=True)],
            "Usual per month": [one_decimal(u) for u in shown["usual"]],
        }
    )
    return Table(rows, title, align={"Usual per month": "right"}, empty="No incidents in this month.")
