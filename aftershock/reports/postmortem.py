"""The postmortem of one incident, section by section: what happened, what probably set it off, what people wrote."""

from __future__ import annotations

from functools import cached_property

import pandas as pd
import plotly.graph_objects as go

from aftershock import figures, metrics
from aftershock.dataset.audience import DEFAULT
from aftershock.dataset.dataset import Dataset
from aftershock.model.attribution import Attribution, attribute
from aftershock.model.exclusions import excluded_changes
from aftershock.model.explanation import Explanation
from aftershock.model.verdicts import who_and_when
from aftershock.output.blocks import FactCards, NotebookStyle, Numbers, Prose, Stack
from aftershock.output.html_table import Table
from aftershock.output.json_values import json_rows
from aftershock.output.phrases import (
    delay_phrase,
    duration,
    interval_percent,
    listed,
    percent,
    percent_range,
    plural,
    quoted,
    sentence,
    when,
)
from aftershock.output.safe_html import join, sortable, strong, title_with_id
from aftershock.reports.base import HOW_TO_READ, Report, report_numbers
from aftershock.reports.notebook_parameters import PostmortemParameters, check_in_notebook
from aftershock.reports.verdict_section import had_said, told, told_numbers
from aftershock.reports.why import explanation_tables, strongest
from aftershock.reports.writeup_section import written
from aftershock.schema.tables import NONE

LIKELY = 0.5
SHOWN, LEAST_SHOWN, EXPLAINED = 8, 0.01, 3
TIMES = (
    ("started_at", "Started"),
    ("detected_at", "Detected"),
    ("mitigated_at", "Mitigated"),
    ("resolved_at", "Resolved"),
)
MEASURE_NAMES = {"detect": "Time to detect", "mitigate": "Time to mitigate", "resolve": "Time to resolve"}


def open_postmortem(
    *,
    dataset: str,
    incident_id: str,
    audience: str = DEFAULT,
    blind: bool = False,
    show_authors: bool = False,
) -> PostmortemReport:
    """The report that a notebook's parameters ask for; UsageError when one is unknown, ill-typed or names nothing."""
    parameters, loaded = check_in_notebook(
        PostmortemParameters,
        dataset=dataset,
        incident_id=incident_id,
        audience=audience,
        blind=blind,
        show_authors=show_authors,
    )
    return PostmortemReport(loaded, parameters)


class PostmortemReport(Report):
    """One incident. Every method is one section's block or figure."""

    def __init__(self, dataset: Dataset, parameters: PostmortemParameters):
        super().__init__(dataset, blind=parameters.blind)
        self.parameters = parameters
        self.incident = dataset.incident(parameters.incident_id)
        self.id = parameters.incident_id

    @cached_property
    def suspects(self) -> pd.DataFrame:
        return self.found.suspects(self.id)

    @cached_property
    def before(self) -> Attribution:
        """The model before anybody decided on this incident: fitted again without its verdicts, with all others. The same
        object where there are none."""
        return self.found if self.verdict is None else attribute(self.dataset.without_verdicts_on(self.id))

    @cached_property
    def share(self) -> pd.Series:
        shares = self.found.shares
        return shares[shares["incident_id"] == self.id].iloc[0]

    @property
    def is_open(self) -> bool:
        return self.incident["status"] == "open"

    # the answer

    def summary(self) -> Stack:
        """What failed and for how long, what probably set it off, and what chance alone would give."""
        return Stack(
            NotebookStyle(), Prose(join("", self.answer()), self.chance_sentence(), kind="answer"), self.warnings()
        )

    def answer(self) -> list[object]:
        """Two sentences: the outage, and the most probable explanation with its probability and interval."""
        return [self._what_failed(), " ", *self._what_set_it_off()]

    def _what_failed(self) -> str:
        incident = self.incident
        services = listed(incident["services"], most=4)
        where = f" ({services})" if services else ""
        return (
            f"{sentence(incident['title'] or self.id)}{where}; it began {self._moment('started_at')}{self._how_long()}."
        )

    def _moment(self, column: str) -> str:
        text = when(self.incident[column], self.incident[f"{column}_before"], self.zone)
        return text if text.startswith("between") else f"on {text}"

    def _how_long(self) -> str:
        length = self.length("resolved_at")
        if length is None and pd.notna(self.incident["resolved_at"]):
            return "; its recorded end lies before its start"
        if length is not None:
            return f" and was over after {length}"
        if self.is_open:
            last = self.dataset.observed[1] - self.incident["started_at"]
            return f" and has lasted {duration(last)} so far (the log ends there)"
        return "; when it ended is not recorded"

    def length(self, column: str) -> str | None:
        """From start to a later moment, with the range that imprecise times allow; None when unknown or before the start."""
        incident = self.incident
        if pd.isna(incident[column]) or incident[f"{column}_before"] < incident["started_at"]:
            return None
        low = max(incident[column] - incident["started_at_before"], pd.Timedelta(0))
        high = max(incident[f"{column}_before"] - incident["started_at"], pd.Timedelta(0))
        return duration(low) if high - low < pd.Timedelta(minutes=1) else f"{duration(low)} to {duration(high)}"

    def _what_set_it_off(self) -> list[object]:
        if self.unreached:
            return ["The change log does not reach this incident, so nothing can be said about changes."]
        best, *others = self.suspects.head(2).itertuples()
        probability = interval_percent(best.probability, best.probability_low, best.probability_high)
        name = [strong("no recorded change")] if best.change_id == NONE else self._named(best)
        if self.verdict is not None:
            said = [
                f"People decided ({who_and_when(self.verdict, self.zone)}): ",
                *name,
                f" set it off.{had_said(self.before, self.verdict)}",
            ]
        elif round(best.probability, 2) < LIKELY:
            said = ["No single explanation stands out; the strongest is ", *name, f" with {probability}."]
        elif best.change_id == NONE:
            said = ["Most probably ", *name, f" set it off: {probability}."]
        else:
            said = [*name, f" probably set it off: {probability}."]
            said[0] = str(said[0]).replace("the ", "The ", 1)
        for second in others:
            if second.probability >= LEAST_SHOWN:
                rival = ['"no recorded change"'] if second.change_id == NONE else self._named(second)
                chance = interval_percent(second.probability, second.probability_low, second.probability_high)
                said += [" Next comes ", *rival, f" with {chance}."]
        return said

    @property
    def unreached(self) -> bool:
        """Whether the incident lies where the change log holds nothing, so that no change could ever be its suspect."""
        first, last = self.dataset.observed
        outside = self.incident["started_at_before"] < first or self.incident["started_at"] >= last
        return len(self.suspects) == 1 and (outside or not self.dataset.overlapping)

    @cached_property
    def verdict(self) -> pd.Series | None:
        """The verdict that settles this incident: the latest one; None without any, or when verdicts are ignored."""
        rows = self.dataset.verdicts_on(self.id)
        return None if self.blind or rows.empty else rows.iloc[-1]

    @staticmethod
    def _named(suspect: object) -> list[object]:
        return [
            f"the {'' if suspect.kind == 'other' else suspect.kind.replace('_', ' ') + ' '}change ",
            strong(quoted(suspect.title) if suspect.title else suspect.change_id),
            f" ({delay_phrase(suspect._asdict())})",
        ]

    def chance_sentence(self) -> str:
        """The level that chance alone would give, beside the share given to changes."""
        share = self.share
        if self.unreached:
            return "A longer change log would let changes compete for it."
        together = interval_percent(share["change_probability"], share["low"], share["high"])
        if pd.isna(share["chance"]):
            return (
                f"All recorded changes together: {together}. The log is too short to say what chance alone would give."
            )
        return (
            f"All recorded changes together have {together}. Chance alone would give "
            f"{percent(share['chance'])}: that is the mean for the same "
            f"incident moved to other weeks, and {percent(share['chance_p'])} of those reach this level."
        )

    def facts(self) -> FactCards:
        """The timing strip: when it started, how long after that each moment came, and how exactly that is known."""
        cards = [self._moment_card(column, label) for column, label in TIMES]
        cards.append(("Severity", self.incident["severity"] or "not given", self._severity_note()))
        return FactCards(cards)

    def _moment_card(self, column: str, label: str) -> tuple[str, str, str]:
        at, before = self.incident[column], self.incident[f"{column}_before"]
        if pd.isna(at):
            return label, "open so far" if column == "resolved_at" and self.is_open else "unknown", ""
        text = when(at, before, self.zone)
        precise = "exact" if before - at < pd.Timedelta(minutes=1) else f"known within {duration(before - at)}"
        after = self.length(column)
        if column == "started_at" or after is None:
            return label, text, precise
        return label, f"after {after}", f"{text}; {precise}"

    def _severity_note(self) -> str:
        order = self.dataset.severities
        return (
            f"{order.index(self.incident['severity']) + 1} of {len(order)}, 1 is worst"
            if self.incident["severity"] in order
            else ""
        )

    def impact(self) -> Stack:
        """Symptoms, services and whatever else the log holds on this incident, addresses left out."""
        incident = self.incident
        extras = {k: v for k, v in incident["extras"].items() if str(v).strip() and "://" not in str(v)}
        table = pd.DataFrame(
            {"Field": [k.replace("_", " ") for k in extras], "Recorded": [str(v) for v in extras.values()]}
        )
        blocks = [Prose(incident["description"])] if incident["description"] else []
        blocks.append(Prose(f"Affected: {listed(incident['services'], most=12) or 'no service is named in the log'}."))
        return Stack(*blocks, *([Table(table, "Also recorded")] if extras else []))

    # the suspects

    def suspects_figure(self) -> go.Figure:
        return figures.suspect_bars(self.suspects, top=SHOWN)

    def suspects_table(self) -> Stack:
        """The ranking in words, and how to read it."""
        shown = self.suspects[
            (self.suspects["rank"] <= SHOWN)
            & (
                (self.suspects["probability"] >= LEAST_SHOWN)
                | (self.suspects["change_id"] == NONE)
                | self.suspects["reported"]
            )
        ]
        table = pd.DataFrame(
            {
                "Rank": shown["rank"],
                "Explanation": [
                    r.title if r.change_id == NONE else title_with_id(r.title, r.change_id) for r in shown.itertuples()
                ],
                "Probability": shown["probability"],
                "90 % interval": [
                    sortable(percent_range(r.probability_low, r.probability_high), r.probability_low)
                    for r in shown.itertuples()
                ],
                "Kind": shown["kind"].str.replace("_", " "),
                "Relation": shown["relation"],
                "Delay": [sortable(delay_phrase(r._asdict()), r.delay_minutes) for r in shown.itertuples()],
                "Words in common": shown["matching_words"],
            }
        )
        if self.parameters.show_authors:
            table["Author"] = shown["change_id"].map(self.dataset.changes.set_index("change_id")["author"]).fillna("")
        rest = self.suspects[~self.suspects["rank"].isin(shown["rank"])]
        left = (
            f"{plural(len(rest), 'other explanation')} together: {percent(rest['probability'].sum())}."
            if len(rest)
            else ""
        )
        return Stack(
            Table(table.reset_index(drop=True), "Suspects, most probable first", bars=["Probability"]),
            Prose(f"{HOW_TO_READ} {left}"),
        )

    @cached_property
    def explanations(self) -> list[Explanation]:
        """Of the strongest suspects, best first; where people decided, of the model before."""
        return strongest(self.before, self.id, least=LEAST_SHOWN, most=EXPLAINED)

    def explanation_figure(self) -> go.Figure:
        """How the strongest suspects came by their probabilities, a path each."""
        return figures.explanation_paths(self.explanations)

    def explanation_tables(self) -> Stack:
        """The same steps in words, a table per suspect."""
        return explanation_tables(self.explanations, before_verdict=self.verdict is not None)

    def reported_cause(self) -> Stack:
        """What people reported and decided, beside the model's answer before it was told."""
        return told(self.incident, self.before, self.found)

    def ruled_out(self) -> Stack:
        """Changes near the incident that cannot have set it off, and why; how many were weighed and found wanting."""
        weak = self.suspects[(self.suspects["probability"] < LEAST_SHOWN) & (self.suspects["change_id"] != NONE)]
        rows = excluded_changes(self.dataset, self.incident, set(self.suspects["change_id"]))
        said = (
            f"{plural(len(weak), 'change')} in the horizon {'has less than 1 %' if len(weak) == 1 else 'have less than 1 % each'}. "
            if len(weak)
            else ""
        )
        said += (
            f"{plural(len(rows), 'change')} near the incident {'is' if len(rows) == 1 else 'are'} no candidate:"
            if rows
            else ""
        )
        shown = [
            {"Change": title_with_id(row["What"], row["Change"]), "When": row["When"], "Why not": row["Why not"]}
            for row in rows[:10]
        ]
        return Stack(
            Prose(said or "No change near the incident was ruled out."),
            *([Table(pd.DataFrame(shown), "Ruled out, nearest first")] if shown else []),
        )

    def delay_figure(self) -> go.Figure:
        """The delay of the strongest change against what is usual for its kind."""
        changes = self.suspects[self.suspects["change_id"] != NONE]
        if changes.empty:
            return figures.delay_curve(self.found.delay_curves, kind="all", quantiles=self.found.delay_quantiles)
        best = changes.iloc[0]
        exact = best["delay_minutes_high"] - best["delay_minutes_low"] < 1
        return figures.delay_curve(
            self.found.delay_curves,
            kind=best["kind"],
            quantiles=self.found.delay_quantiles,
            delay_minutes=best["delay_minutes"],
            low=None if exact else best["delay_minutes_low"],
            high=None if exact else best["delay_minutes_high"],
        )

    # around it

    def timeline_figure(self) -> go.Figure:
        return figures.timeline(
            self.dataset.incidents,
            self.dataset.changes,
            zone=self.zone,
            incident=self.id,
            suspects=self.suspects,
            horizon=self.dataset.settings.attribution.horizon,
        )

    def events(self) -> Table:
        """The incident's moments and the changes worth a look, in order."""
        rows = [
            (self.incident[c], self.incident[f"{c}_before"], label, "")
            for c, label in TIMES
            if pd.notna(self.incident[c])
        ]
        changes = self.dataset.changes.set_index("change_id")
        for suspect in self.suspects[
            (self.suspects["rank"] <= SHOWN) & (self.suspects["change_id"] != NONE)
        ].itertuples():
            change = changes.loc[suspect.change_id]
            rows.append(
                (
                    change["started_at"],
                    change["started_at_before"],
                    sentence(change["title"] or suspect.change_id),
                    percent(suspect.probability),
                )
            )
        rows.sort(key=lambda row: (row[0], row[1]))
        return Table(
            pd.DataFrame(
                [{"When": sortable(when(a, b, self.zone), a), "What": what, "Probability": p} for a, b, what, p in rows]
            ),
            "In order of time",
            align={"Probability": "right"},
        )

    def blast_figure(self) -> go.Figure:
        """How the strongest suspect could have reached the services that failed."""
        changes = self.suspects[(self.suspects["change_id"] != NONE) & (self.suspects["probability"] >= LEAST_SHOWN)]
        changed = list(changes.iloc[0]["services"]) if len(changes) else []
        return figures.blast_radius(self.dataset.dependencies, list(self.incident["services"]), changed)

    def edges(self) -> Stack:
        """Where each edge between the services concerned is known from, when the log says so."""
        graph = self.dataset.dependencies
        near = set(self.incident["services"])
        used = graph[(graph["service"].isin(near)) & (graph["source"] != "")]
        if used.empty:
            return Stack()
        table = pd.DataFrame(
            {"Service": used["service"], "depends on": used["depends_on"], "Known from": used["source"]}
        ).reset_index(drop=True)
        return Stack(Table(table, "The edges of the failed services and where they are known from"))

    def comparison(self) -> Stack:
        """Where this incident's times stand among those before it."""
        table = metrics.compare_incident(self.dataset, self.id)
        rows = pd.DataFrame(
            {
                "Measure": table["measure"].map(MEASURE_NAMES),
                "This incident": [
                    duration(m) + (" so far" if o else "") for m, o in zip(table["minutes"], table["open"], strict=True)
                ],
                "Percentile": [percent(p) for p in table["percentile"]],
                "90 % interval": [
                    "–" if pd.isna(p) else percent_range(a, b)
                    for p, a, b in zip(table["percentile"], table["low"], table["high"], strict=True)
                ],
                "Earlier incidents": table["n"],
            }
        )
        return Stack(
            Table(rows, "Among earlier incidents", align={"Percentile": "right"}),
            Prose(
                "The percentile is the share of earlier incidents that took less long: 0 % the fastest, 100 % the slowest."
            ),
        )

    def similar(self) -> Table:
        """Earlier incidents that resemble this one, and what probably set them off."""
        table = metrics.repeats(self.dataset, [self.id])
        top = self.found.suspects()
        top = top[top["rank"] == 1].set_index("incident_id")
        causes = [f"{top['title'][i]} ({percent(top['probability'][i])})" for i in table["earlier_id"]]
        rows = pd.DataFrame(
            {
                "Incident": [title_with_id(t, i) for t, i in zip(table["title"], table["earlier_id"], strict=True)],
                "When": [self._when_of(i) for i in table["earlier_id"]],
                "Alike": [percent(s) for s in table["similarity"]],
                "Shared services": table["shared_services"],
                "Most probable cause": causes,
            }
        )
        return Table(
            rows,
            "Earlier incidents that resemble this one",
            align={"Alike": "right"},
            empty="No earlier incident resembles this one.",
        )

    # people and papers

    def written(self) -> Stack:
        """What people wrote, and what is still to be written."""
        return written(self.dataset, self.id)

    def footer(self) -> Stack:
        return self.made_from(self.parameters.model_dump())

    def numbers(self) -> Numbers:
        """The report's numbers, for the JSON beside it."""
        month = metrics.month_of(
            self.dataset.incidents[self.dataset.incidents["incident_id"] == self.id], self.zone
        ).iloc[0]
        shown = self.suspects.drop(columns=["incident_id"]).head(50)
        return report_numbers(
            self.dataset,
            month=month,
            started_at=self.incident["started_at"],
            updated_at=max(self.incident[c] for c, _ in TIMES if pd.notna(self.incident[c])),
            severity=self.incident["severity"],
            services=list(self.incident["services"]),
            summary="".join(map(str, self._what_set_it_off())),
            numbers={
                "suspects": json_rows(shown),
                "change_share": json_rows(self.share.to_frame().T)[0],
                "open": self.is_open,
                "reported_causes": list(self.incident["caused_by"]),
                "explanations": [{"change_id": e.change_id, "steps": json_rows(e.table)} for e in self.explanations],
                **told_numbers(self.id, self.before, self.found),
                "compared": json_rows(metrics.compare_incident(self.dataset, self.id)),
            },
        )
