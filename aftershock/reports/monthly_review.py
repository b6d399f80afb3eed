"""The review of one month, section by section: how much, how bad, how much of it from changes, what to do about it."""

from __future__ import annotations

import math
from functools import cached_property

import pandas as pd
import plotly.graph_objects as go

from aftershock import figures, metrics
from aftershock.dataset.audience import DEFAULT
from aftershock.dataset.dataset import Dataset
from aftershock.dataset.famous_outages import famous_delays
from aftershock.metrics import Estimate
from aftershock.output.blocks import FactCards, NotebookStyle, Numbers, Prose, Stack
from aftershock.output.file_names import file_name
from aftershock.output.html_table import Table
from aftershock.output.json_values import json_rows
from aftershock.output.phrases import (
    duration,
    interval,
    interval_percent,
    month_name,
    percent,
    percent_range,
    plural,
    when,
)
from aftershock.output.safe_html import Rich, join, link, sortable, strong, title_with_id
from aftershock.reports.base import Report, report_numbers
from aftershock.reports.notebook_parameters import MonthlyReviewParameters, check_in_notebook
from aftershock.schema.tables import NONE

MEASURE_NAMES = {"detect": "Time to detect", "mitigate": "Time to mitigate", "resolve": "Time to resolve"}
ENOUGH = 3.0  # outages set off by changes, below which rates and delays are the priors' and are not shown as findings
TOO_LITTLE = "Too few outages were set off by changes in this log to learn this from it."
ODDS_WORDS = (
    'Changes and chance: a number beside "by chance" is what the same incidents would give if they were moved to other weeks. '
    "What does not exceed it is no finding."
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
    """One month. Every method is one section's block or figure."""

    def __init__(self, dataset: Dataset, parameters: MonthlyReviewParameters):
        super().__init__(dataset, blind=parameters.blind)
        self.parameters, self.month = parameters, parameters.month

    @cached_property
    def incidents(self) -> pd.DataFrame:
        return metrics.incidents_of(self.dataset, self.month)

    @cached_property
    def counts(self) -> pd.DataFrame:
        return metrics.month_counts(self.dataset)

    @property
    def previous(self) -> str | None:
        months = self.dataset.months
        place = months.index(self.month)
        return months[place - 1] if place else None

    @cached_property
    def comparison(self) -> metrics.Comparison | None:
        if self.previous is None:
            return None
        this, last = (int(self.counts.set_index("month")["incidents"][m]) for m in (self.month, self.previous))
        days = tuple(metrics.days_observed(self.dataset, m)[0] for m in (self.month, self.previous))
        return metrics.compare_months(this, last, days)

    @cached_property
    def change_share(self) -> Estimate:
        return metrics.change_share(self.found, self.incidents["incident_id"].tolist())

    # the answer

    def summary(self) -> Stack:
        """How many incidents, whether that is more than noise, and how many of them changes probably set off."""
        return Stack(NotebookStyle(), Prose(*self.answer(), kind="answer"), self.warnings())

    def answer(self) -> list[object]:
        count = len(self.incidents)
        name = month_name(self.month)
        if not count:
            return [
                join(
                    "",
                    [
                        strong(f"No incident is recorded for {name}."),
                        " An empty month may mean that nothing happened, or that nobody wrote it down.",
                    ],
                )
            ]
        first = [strong(f"{plural(count, 'incident')} in {name}."), " ", self._against_last_month()]
        share = self.change_share
        if not share.known:
            return [join("", first), "The log is too short to say how many of them changes set off."]
        set_off = interval_percent(share.value, share.low, share.high)
        known_chance = share.chance is not None and not math.isnan(share.chance)
        beside = "what chance alone would give is not known"
        if known_chance:
            beside = f"by chance alone it would be {percent(share.chance)}"
        second = f"Changes probably set off {set_off} of them; {beside}."
        if count == 1:
            second = f"The probability that a change set it off is {set_off}; {beside}."
        return [join("", first), second]

    @cached_property
    def learned(self) -> bool:
        """Whether changes set off enough outages here, and more than chance would, to say anything of their delays and
        risk; else such numbers would be the priors'."""
        shares = self.found.shares
        everywhere = metrics.change_share(self.found, shares["incident_id"].tolist())
        beyond_chance = everywhere.known and not everywhere.high < (everywhere.chance or 0)
        return float(self.found.rates["set_off"].sum()) >= ENOUGH and beyond_chance

    def _against_last_month(self) -> str:
        found = self.comparison
        if found is None:
            return "It is the first month covered, so there is nothing to compare it with."
        partial = self.counts.set_index("month")["partial"]
        note = (
            " One of the two months is covered in part only; rates are per day covered."
            if partial[self.month] or partial[self.previous]
            else ""
        )
        return f"{found.sentence}{note}"

    def facts(self) -> FactCards:
        """The month's four numbers."""
        row = self.counts.set_index("month").loc[self.month]
        worst = self.dataset.severities[0] if self.dataset.severities else ""
        count_worst = int((self.incidents["severity"] == worst).sum())
        share, watch = self.change_share, metrics.watch_time(self.found)
        still_open = int((self.incidents["status"] == "open").sum())
        cards = [
            (
                "Incidents",
                len(self.incidents),
                f"90 % interval of the rate {row['low']:.0f}–{row['high']:.0f}; usual {row['expected']:.1f}"
                + (f"; {still_open} open so far" if still_open else ""),
            )
        ]
        if worst:
            cards.append((f"Worst severity ({worst})", count_worst, f"of {plural(len(self.incidents), 'incident')}"))
        if share.known and len(self.incidents):
            cards.append(
                (
                    "Set off by changes",
                    percent(share.value),
                    f"{percent_range(share.low, share.high)}; by chance {percent(share.chance)}",
                )
            )
        if watch.known and self.learned:
            cards.append(
                (
                    "Watch a change for",
                    duration(watch.value),
                    f"95 % of outages show by then ({duration(watch.low)} to {duration(watch.high)})",
                )
            )
        return FactCards(cards)

    # how much

    def control_figure(self) -> go.Figure:
        return figures.control_chart(self.counts)

    def calendar_figure(self) -> go.Figure:
        return figures.calendar(self.incidents, self.found.shares, zone=self.zone)

    def groups(self) -> Stack:
        """Incidents by severity and by service, with intervals and what is usual."""
        return Stack(
            *[
                self._group(column, title)
                for column, title in (("severity", "By severity, worst first"), ("services", "By service"))
            ]
        )

    def _group(self, column: str, title: str) -> Table:
        table = metrics.by_group(self.dataset, self.month, column).head(12)
        rows = pd.DataFrame(
            {
                title.split(",")[0].removeprefix("By ").capitalize(): table["group"],
                "Incidents": table["incidents"],
                "90 % interval": [f"{a:.1f}–{b:.1f}" for a, b in zip(table["low"], table["high"], strict=True)],
                "Usual per month": [_number(u) for u in table["usual"]],
            }
        )
        return Table(rows, title, align={"Usual per month": "right"}, empty="No incidents in this month.")

    # changes

    def incidents_table(self) -> Stack:
        """Each incident with its most probable explanation and the chance level."""
        top = self.found.suspects()
        top = top[top["rank"] == 1].set_index("incident_id")
        shares = self.found.shares.set_index("incident_id")
        rows = pd.DataFrame(
            [
                {
                    "Incident": self._incident(r.incident_id, r.title),
                    "Started": sortable(
                        when(r.started_at, r.started_at_before, self.zone).replace(f" {self.month[:4]}", ""),
                        r.started_at,
                    ),
                    "Severity": r.severity,
                    "Most probable explanation": top["title"][r.incident_id],
                    "Probability": top["probability"][r.incident_id],
                    "All changes together": sortable(
                        interval_percent(*shares.loc[r.incident_id, ["change_probability", "low", "high"]]),
                        shares["change_probability"][r.incident_id],
                    ),
                    "By chance": percent(shares["chance"][r.incident_id]),
                }
                for r in self.incidents.itertuples()
            ]
        )
        if rows.empty:
            return Stack(Prose("No incidents in this month."))
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

    def rates_figure(self) -> go.Figure:
        risk = metrics.risk_per_1000(self.found)
        return figures.rates_forest(
            self.found.rates, chance_per_1000=float(risk["chance_per_1000"].iloc[0]) if len(risk) else None
        )

    def services_figure(self) -> go.Figure:
        """Each service's rate against its number of changes, with the limits of chance."""
        risk = metrics.risk_by_service(self.dataset, self.found)
        return figures.funnel(risk if self.learned else risk.iloc[:0], empty=TOO_LITTLE)

    def risk_tables(self) -> Stack:
        """Which services and which hours carry risk per 1,000 changes, shrunk towards the mean of all."""
        if not self.learned:
            return Stack(Prose(TOO_LITTLE))
        by_service, by_hours = (
            metrics.risk_by_service(self.dataset, self.found).head(8),
            metrics.risk_by_hours(self.dataset, self.found),
        )
        return Stack(
            self._risk(by_service, "Service", "The riskiest services to change, over the whole period"),
            self._risk(by_hours, "Hours", "When changes are made, over the whole period"),
        )

    def _risk(self, table: pd.DataFrame, name: str, title: str) -> Table:
        rows = pd.DataFrame(
            {
                name: table["group"],
                "Changes": table["changes"],
                "Incidents per 1,000 changes": [
                    interval(v, a, b)
                    for v, a, b in zip(table["per_1000"], table["per_1000_low"], table["per_1000_high"], strict=True)
                ],
                "By chance": [_number(c) for c in table["chance_per_1000"]],
            }
        )
        return Table(
            rows,
            title,
            align={"Incidents per 1,000 changes": "right", "By chance": "right"},
            empty="No changes to learn from.",
        )

    def watch(self) -> Prose:
        """How long to watch a change, in a sentence."""
        found = metrics.watch_time(self.found)
        if not found.known or not self.learned:
            return Prose(TOO_LITTLE)
        return Prose(
            f"95 % of the outages that changes set off show within {duration(found.value)} (90 % interval {duration(found.low)} to "
            f"{duration(found.high)}): watch a change for that long before the next one."
        )

    def delay_figure(self) -> go.Figure:
        return figures.delay_curve(self.found.delay_curves, kind="all", quantiles=self.found.delay_quantiles)

    def famous_figure(self) -> go.Figure:
        return figures.delay_comparison(self.found.delay_curves, famous_delays(), quantiles=self.found.delay_quantiles)

    def rhythm_figure(self) -> go.Figure:
        return figures.rhythm_heatmap(self.found.rhythm, zone=self.zone)

    # how long

    def durations_figure(self) -> go.Figure:
        return figures.time_to(metrics.duration_curves(self.dataset, self.incidents))

    def durations_table(self) -> Stack:
        """Median, 75th and 90th percentile with intervals; never a mean alone."""
        table = metrics.durations(self.dataset, self.incidents)

        def quantile(row: object, name: str) -> str:
            value, low, high = (getattr(row, f"{name}{end}") for end in ("", "_low", "_high"))
            if math.isnan(value):
                return "not reached"
            return f"{duration(value)} ({_bound(low)} to {_bound(high)})"

        rows = pd.DataFrame(
            [
                {
                    "Measure": MEASURE_NAMES[r.measure],
                    "Incidents": r.n,
                    "Open so far": r.n_open,
                    "Not recorded": r.n_missing,
                    "Imprecise": r.n_imprecise,
                    "Median": quantile(r, "median"),
                    "75th percentile": quantile(r, "p75"),
                    "90th percentile": quantile(r, "p90"),
                }
                for r in table.itertuples()
            ]
        )
        return Stack(
            Table(rows, "Durations, with 90 % intervals"),
            Prose(
                "Open incidents count as lasting at least until the log ends (Kaplan–Meier); "
                "imprecise times stand at the middle of what they can be. "
                + metrics.detectable_change(len(self.incidents)).sentence
            ),
        )

    def dora_table(self) -> Table:
        """The DORA keys, each with its definition, interval and chance level; no grades."""
        table = metrics.dora(self.dataset, self.found, self.month)
        rows = pd.DataFrame(
            [
                {
                    "Measure": r.measure.capitalize(),
                    "Value": _with_unit(r.value, r.unit),
                    "90 % interval": f"{_with_unit(r.low, r.unit)} to {_with_unit(r.high, r.unit)}"
                    if not math.isnan(r.value)
                    else "–",
                    "By chance": _with_unit(r.chance, r.unit),
                    "n": r.n,
                    "Definition": r.definition,
                }
                for r in table.itertuples()
            ]
        )
        return Table(rows, "The DORA keys of this month")

    # what next

    def repeats(self) -> Table:
        """Incidents of the month that resemble earlier ones."""
        table = metrics.repeats(self.dataset, self.incidents["incident_id"].tolist(), most=2)
        titles = self.incidents.set_index("incident_id")["title"]
        rows = pd.DataFrame(
            {
                "Incident": [title_with_id(titles[i], i) for i in table["incident_id"]],
                "Resembles": [title_with_id(t, i) for t, i in zip(table["title"], table["earlier_id"], strict=True)],
                "When": [self._when_of(i) for i in table["earlier_id"]],
                "Alike": [percent(s) for s in table["similarity"]],
            }
        )
        return Table(
            rows,
            "Incidents that resemble earlier ones",
            align={"Alike": "right"},
            empty="No incident of this month resembles an earlier one.",
        )

    @property
    def _end(self) -> pd.Timestamp:
        """When the month was over, in UTC."""
        return (pd.Timestamp(f"{self.month}-01", tz=self.zone) + pd.offsets.MonthBegin(1)).tz_convert("UTC")

    def action_items(self) -> Stack:
        """Action items that people wrote into postmortems/: how many are done, open and overdue at the end of the month."""
        end = min(self._end, self.dataset.observed[1])
        found = metrics.action_items(self.dataset, end, stem=file_name)
        items = found.items
        if items.empty:
            return Stack(Prose("No action items are written down in the dataset's postmortems/ folder."))
        counts = items["state"].value_counts()
        open_items = items[items["state"] != "done"].sort_values("due", kind="stable")
        rows = pd.DataFrame(
            {
                "Action": open_items["action"],
                "Incident": open_items["incident_id"],
                "Owner": open_items["owner"],
                "Due": [sortable(d.strftime("%-d %b %Y"), d) if pd.notna(d) else "" for d in open_items["due"]],
                "State": open_items["state"],
            }
        )
        said = (
            f"At the end of the month {counts.get('done', 0)} were done, {counts.get('open', 0)} open and "
            f"{counts.get('overdue', 0)} overdue."
        )
        notes = [f"{r.file}: {r.found}" for r in found.notes.itertuples()]
        return Stack(
            Prose(said),
            Table(rows.reset_index(drop=True), "Open and overdue action items"),
            *([Prose("Not all could be read: " + "; ".join(notes), kind="notice")] if notes else []),
        )

    def footer(self) -> Stack:
        return self.made_from(self.parameters.model_dump())

    def numbers(self) -> Numbers:
        """The report's numbers, for the JSON beside it."""
        ids = self.incidents["incident_id"]
        shares = self.found.shares
        top = self.found.suspects()
        return report_numbers(
            self.dataset,
            month=self.month,
            started_at=None,
            updated_at=min(self._end, self.dataset.observed[1]),
            severity="",
            services=[],
            summary=" ".join(map(str, self.answer())),
            numbers={
                "counts": json_rows(self.counts),
                "change_share": json_rows(pd.DataFrame([self.change_share.as_row()]))[0],
                "incidents": json_rows(shares[shares["incident_id"].isin(ids)]),
                "top_suspects": json_rows(
                    top[(top["rank"] == 1) & top["incident_id"].isin(ids)].drop(columns=["services"])
                ),
                "rates": json_rows(self.found.rates),
                "delay_quantiles": json_rows(self.found.delay_quantiles),
                "durations": json_rows(metrics.durations(self.dataset, self.incidents)),
                "dora": json_rows(metrics.dora(self.dataset, self.found, self.month)),
                "accused": int(((top["rank"] == 1) & top["incident_id"].isin(ids) & (top["change_id"] != NONE)).sum()),
            },
        )


def _number(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.1f}"


def _bound(minutes: float) -> str:
    if math.isnan(minutes):
        return "unknown"
    return "no bound" if math.isinf(minutes) else duration(minutes)


def _with_unit(value: float | None, unit: str) -> str:
    """A DORA value in its unit: shares as per cent with a decimal, minutes in words."""
    if value is None or math.isnan(value):
        return "–"
    if unit == "minutes":
        return _bound(value)
    if unit == "share":
        return "< 0.01 %" if 0 < value < 1e-4 else f"{100 * value:.2g} %"
    return f"{value:.1f} {unit}"
