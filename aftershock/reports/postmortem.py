"""The postmortem of one incident, section by section: what happened, what probably set it off, what people wrote."""

from __future__ import annotations

from functools import cached_property

import pandas as pd
import plotly.graph_objects as go

from aftershock import metrics
from aftershock.dataset.audience import DEFAULT
from aftershock.dataset.dataset import Dataset
from aftershock.model.attribution import Attribution, attribute
from aftershock.model.explanation import Explanation
from aftershock.output.blocks import Block, FactCards, NotebookStyle, Numbers, Prose, Stack
from aftershock.output.html_table import Table
from aftershock.output.json_values import json_rows
from aftershock.output.phrases import listed
from aftershock.output.safe_html import join
from aftershock.reports import (
    answer_section,
    brief_section,
    during_section,
    past_section,
    suspects_section,
    verdict_section,
    why,
    writeup_section,
)
from aftershock.reports.answer_section import LEAST_SHOWN, TIMES
from aftershock.reports.base import Report, report_numbers
from aftershock.reports.notebook_parameters import PostmortemParameters, check_in_notebook
from aftershock.schema.errors import InputError

EXPLAINED = 3  # suspects whose steps are shown: more than three paths cannot be told apart in one figure
MOST_SUSPECTS = 50  # in the JSON


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
    """One incident. What the notebook holds as a frame is handed to the method that puts it into words."""

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
        decided = not self.blind and self.id in {
            *self.dataset.decisions["incident_id"],
            *self.dataset.rejections["incident_id"],
        }
        return attribute(self.dataset.without_verdicts_on(self.id)) if decided else self.found

    @cached_property
    def verdict(self) -> pd.Series | None:
        """The verdict that settles this incident; None without any, or when verdicts are ignored."""
        rows = self.dataset.decisions
        rows = rows[rows["incident_id"] == self.id]
        return None if self.blind or rows.empty else rows.iloc[-1]

    @cached_property
    def share(self) -> pd.Series:
        """The incident's row of ``found.shares``."""
        shares = self.found.shares
        return shares[shares["incident_id"] == self.id].iloc[0]

    @cached_property
    def outage(self) -> pd.Series:
        """The incident's row of ``found.outages``."""
        outages = self.found.outages
        return outages[outages["incident_id"] == self.id].iloc[0]

    @property
    def unreached(self) -> bool:
        """Whether the incident lies where the change log holds nothing, so that no change could ever be its suspect."""
        first, last = self.dataset.observed
        outside = self.incident["started_at_before"] < first or self.incident["started_at"] >= last
        return len(self.suspects) == 1 and (outside or not self.dataset.overlapping)

    # the answer

    def summary(self) -> Stack:
        """What failed and for how long, what probably set it off, and what chance alone would give."""
        failed = answer_section.outage_sentence(self.dataset, self.incident)
        answer = Prose(join("", [failed, " ", *self._explanation]), self._chance(), kind="answer")
        return Stack(NotebookStyle(), answer, self.warnings())

    @cached_property
    def _explanation(self) -> list[object]:
        if self.unreached:
            return ["The change log does not reach this incident, so nothing can be said about changes."]
        same = answer_section.same_outage_sentence(self.found, self.id)
        said = answer_section.explanation_sentences(self.suspects, self.verdict, self.before, self.zone, self.share)
        taken_back = during_section.taken_back_sentence(self.during, self.suspects)
        return [*said, *(f" {sentence}" for sentence in (same, taken_back) if sentence)]

    def _chance(self) -> str:
        if self.unreached:
            return "A longer change log would let changes compete for it."
        return answer_section.chance_sentence(self.share)

    def facts(self) -> FactCards:
        """The timing strip: when it started, how long after that each moment came, and how exactly that is known."""
        return answer_section.moment_cards(self.dataset, self.incident)

    def decided_and_open(self) -> Stack:
        """What people decided, and what is still open: the end of what fits on one page."""
        unread, writeup = [], None
        try:
            writeup = writeup_section.writeup_of(self.dataset, self.id)
        except InputError as error:
            unread.append(Prose(str(error), kind="warning"))
        return Stack(
            brief_section.decided_and_open(self.dataset, self.incident, self.verdict, writeup),
            *unread,
        )

    def impact(self) -> Stack:
        """Symptoms, services and whatever else the log holds on this incident, addresses left out."""
        incident = self.incident
        extras = {k: v for k, v in incident["extras"].items() if str(v).strip() and "://" not in str(v)}
        table = pd.DataFrame(
            {"Field": [k.replace("_", " ") for k in extras], "Recorded": [str(v) for v in extras.values()]}
        )
        blocks: list[Block] = [Prose(incident["description"])] if incident["description"] else []
        blocks.append(Prose(f"Affected: {listed(incident['services'], most=12) or 'no service is named in the log'}."))
        return Stack(*blocks, *([Table(table, "Also recorded")] if extras else []))

    # the suspects

    def suspects_table(self, suspects: pd.DataFrame) -> Stack:
        """The ranking in words, and how to read it."""
        authors = self.dataset.changes.set_index("change_id")["author"] if self.parameters.show_authors else None
        return suspects_section.suspects_table(suspects, authors)

    @cached_property
    def explanations(self) -> list[Explanation]:
        """Of the strongest suspects, best first; where people decided, of the model before."""
        found = self.found if self.verdict is None else self.before
        return why.strongest(found, self.id, least=LEAST_SHOWN, most=EXPLAINED)

    def explanation_tables(self, explanations: list[Explanation]) -> Stack:
        """Their steps in words, a table per suspect."""
        return why.explanation_tables(explanations, before_verdict=self.verdict is not None)

    def reported_cause(self) -> Stack:
        """The reported cause and the verdict, next to the model's blind answer."""
        return verdict_section.reported_and_decided(self.incident, self.before, self.found)

    def delay_figure(self, suspects: pd.DataFrame, curves: pd.DataFrame, quantiles: pd.DataFrame) -> go.Figure:
        """The delay of the strongest change against what is usual for its kind."""
        return suspects_section.delay_figure(suspects, curves if self.learned else curves.iloc[:0], quantiles)

    def ruled_out(self, suspects: pd.DataFrame) -> Stack:
        """Changes near the incident that cannot have set it off, and why."""
        return suspects_section.ruled_out(self.dataset, self.incident, suspects)

    # while it lasted

    @cached_property
    def during(self) -> pd.DataFrame:
        """Changes that were made while the incident lasted."""
        return metrics.changes_during(self.dataset, self.id, self.suspects["change_id"].tolist())

    def changes_while_it_lasted(self, during: pd.DataFrame) -> Stack:
        """The revert, the fix, the roll-back, and how long before the end each came."""
        return during_section.during_table(during, self.suspects, self.zone)

    # around it

    def events(self, suspects: pd.DataFrame) -> Table:
        """The incident's moments and the changes worth a look, in order of time."""
        return suspects_section.events_table(self.dataset, self.incident, suspects, self.during)

    def changed_services(self, suspects: pd.DataFrame) -> list[str]:
        """The services that the strongest suspect changed."""
        return suspects_section.changed_services(suspects)

    def edges(self) -> Stack:
        """Where each edge between the services concerned is known from, when the log says so."""
        return suspects_section.edges_table(self.dataset.dependencies, list(self.incident["services"]))

    def comparison(self, compared: pd.DataFrame) -> Stack:
        """Where this incident's times are among those before it."""
        return past_section.percentiles_table(compared)

    def similar(self, similar: pd.DataFrame) -> Table:
        """Earlier incidents that resemble this one, and what probably set them off."""
        return past_section.similar_table(self.dataset, similar, self.found.suspects())

    # people and papers

    def written(self) -> Stack:
        """What people wrote, and what is still to be written."""
        return writeup_section.written(self.dataset, self.id)

    def footer(self) -> Stack:
        return self.made_from(self.parameters.model_dump())

    def numbers(self) -> Numbers:
        """The report's numbers, for the JSON next to it."""
        month = metrics.month_of(
            self.dataset.incidents[self.dataset.incidents["incident_id"] == self.id], self.zone
        ).iloc[0]
        shown = self.suspects.drop(columns=["incident_id"]).head(MOST_SUSPECTS)
        return report_numbers(
            self.dataset,
            month=month,
            started_at=self.incident["started_at"],
            updated_at=max(self.incident[c] for c, _ in TIMES if pd.notna(self.incident[c])),
            severity=self.incident["severity"],
            services=list(self.incident["services"]),
            summary="".join(map(str, self._explanation)),
            numbers={
                "suspects": json_rows(shown),
                "change_share": json_rows(self.share.to_frame().T)[0],
                "outage": json_rows(self.outage.to_frame().T)[0],
                "open": self.incident["status"] == "open",
                "during": json_rows(self.during),
                "reported_causes": list(self.incident["caused_by"]),
                "explanations": [{"change_id": e.change_id, "steps": json_rows(e.table)} for e in self.explanations],
                **verdict_section.verdict_numbers(self.id, self.before, self.found),
                "compared": json_rows(metrics.compare_incident(self.dataset, self.id)),
            },
        )
