"""Looking around in a dataset: a period, a service, an incident, and what came before it.

The same choice can be made with widgets (in JupyterLab) or with parameters (without any), so the notebook renders
either way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pandas as pd

from aftershock import figures
from aftershock.dataset.audience import DEFAULT, for_audience
from aftershock.dataset.dataset import VERDICTS_FILE, Dataset
from aftershock.dataset.loading import load
from aftershock.model import verdicts
from aftershock.model.explanation import Explanation
from aftershock.output.blocks import NotebookStyle, Prose, Stack
from aftershock.output.html_table import Table
from aftershock.output.phrases import clock, interval_percent, percent, plural, when
from aftershock.reports.base import Report
from aftershock.reports.explore_choice import Choice
from aftershock.reports.notebook_parameters import ExploreParameters, PostmortemParameters, check_in_notebook
from aftershock.reports.postmortem import PostmortemReport
from aftershock.schema.errors import UsageError
from aftershock.schema.tables import NONE

MOST_ROWS = 40
MOST_CHOICES = 12


def open_explore(
    *,
    dataset: str,
    audience: str = DEFAULT,
    start: str = "",
    end: str = "",
    service: str = "",
    incident_id: str = "",
) -> Explorer:
    """The explorer that a notebook's parameters ask for; UsageError when one is unknown, ill-typed or names nothing."""
    parameters, loaded = check_in_notebook(
        ExploreParameters,
        dataset=dataset,
        audience=audience,
        start=start,
        end=end,
        service=service,
        incident_id=incident_id,
    )
    return Explorer(loaded, parameters)


class Explorer(Report):
    """A dataset and a choice within it, which every view shows."""

    def __init__(self, dataset: Dataset, chosen: ExploreParameters):
        super().__init__(dataset)
        self.choice = Choice.of(
            dataset, start=chosen.start, end=chosen.end, service=chosen.service, incident_id=chosen.incident_id
        )
        self._recorded: verdicts.RecordedVerdict | None = None
        self._report: PostmortemReport | None = None

    @property
    def incident_id(self) -> str:
        """The chosen incident; "" for none."""
        return self.choice.incident_id

    @property
    def services(self) -> list[str]:
        return sorted({s for services in self.dataset.incidents["services"] for s in services})

    @property
    def incidents(self) -> pd.DataFrame:
        """Incidents of the chosen period and service."""
        return self.choice.incidents

    @property
    def changes(self) -> pd.DataFrame:
        """Changes of the chosen period and service."""
        return self.choice.changes

    # what is shown

    def summary(self) -> Stack:
        """What the choice holds."""
        choice, where = self.choice, self.choice.service or "every service"
        text = (
            f"{plural(len(self.incidents), 'incident')} and {plural(len(self.changes), 'change')} "
            f"from {choice.start:%-d %b %Y} to {choice.end:%-d %b %Y} "
            f"on {where}."
        )
        return Stack(NotebookStyle(), Prose(text, kind="answer"), self.warnings())

    def incidents_table(self, incidents: pd.DataFrame) -> Table:
        """The incidents of the choice with their most probable explanation."""
        top = self.found.suspects()
        top = top[top["rank"] == 1].set_index("incident_id")
        shares = self.found.shares.set_index("incident_id")
        shown = incidents.tail(MOST_ROWS)
        rows = pd.DataFrame(
            [
                {
                    "Incident": r.incident_id,
                    "Started": when(r.started_at, r.started_at_before, self.zone),
                    "What": r.title,
                    "Severity": r.severity,
                    "Most probable explanation": top["title"][r.incident_id],
                    "Probability": interval_percent(
                        *top.loc[r.incident_id, ["probability", "probability_low", "probability_high"]]
                    ),
                    "Changes by chance": percent(shares["chance"][r.incident_id]),
                }
                for r in shown.itertuples()
            ]
        )
        return Table(
            rows,
            f"The last {len(shown)} of {plural(len(incidents), 'incident')}",
            empty="No incidents in this choice.",
        )

    @property
    def suspects(self) -> pd.DataFrame:
        """Suspects of the chosen incident, best first; no row without an incident."""
        return self.found.suspects(self.incident_id) if self.incident_id else self.found.suspects().iloc[:0]

    @property
    def explanations(self) -> list[Explanation]:
        """How the strongest suspects of the chosen incident came by their probabilities."""
        return self.postmortem.explanations if self.incident_id else []

    def suspects_table(self, suspects: pd.DataFrame) -> Stack:
        """The ranking in words, and how to read it."""
        if suspects.empty:
            return Stack(Prose("There is no incident to show suspects of."))
        return self.postmortem.suspects_table(suspects)

    def incident_title(self) -> Prose:
        """Which incident is shown below."""
        if not self.incident_id:
            return Prose("No incident in this choice.")
        incident = self.dataset.incident(self.incident_id)
        said = f"{self.incident_id}, {clock(incident['started_at'], self.zone)}: {incident['title']}"
        outside = "It is outside the period or service chosen above." if self.choice.outside else ""
        return Prose(*filter(None, [said, outside]))

    def explanation_tables(self, explanations: list[Explanation]) -> Stack:
        """Their steps in words, a table per suspect."""
        return self.postmortem.explanation_tables(explanations) if explanations else Stack()

    @property
    def postmortem(self) -> PostmortemReport:
        """The same incident as a postmortem; it shares what was fitted, and is kept until the choice changes."""
        if self._report is None or self._report.id != self.incident_id:
            folder, audience = str(self.dataset.folder), self.dataset.audience
            chosen = PostmortemParameters(dataset=folder, audience=audience, incident_id=self.incident_id)
            self._report = PostmortemReport(self.dataset, chosen)
            self._report.__dict__["found"] = self.found
        return self._report

    # verdicts

    def decide(self, incident_id: str, change_id: str, *, by: str, note: str = "") -> Prose:
        """Record what people decided set an incident off (``none``: no recorded change), ``by`` a role, and read the dataset
        again: what is shown from now on knows it. The file gets ids as the log has them. Errors as
        :func:`aftershock.model.verdicts.decide`."""
        shown, log = self.dataset, load(self.dataset.folder)
        recorded = verdicts.decide(log, shown.raw_id(incident_id), shown.raw_change_id(change_id), by=by, note=note)
        said = Prose(*map(shown.mask.text, [*verdicts.confirmation(log, recorded), *recorded.remarks]))
        self._recorded = recorded
        self._read_again()
        return said

    @property
    def last_verdict(self) -> verdicts.Verdict | None:
        """What :meth:`undo` would take back, its ids as they are shown."""
        if self._recorded is None:
            return None
        verdict, mask = self._recorded.verdict, self.dataset.mask
        return replace(verdict, incident_id=mask.text(verdict.incident_id), change_id=mask.text(verdict.change_id))

    def undo(self) -> Prose:
        """Take the verdict back that was recorded last, and read the dataset again. UsageError when there is none;
        AftershockError when others have decided since."""
        last = self.last_verdict
        if self._recorded is None or last is None:
            raise UsageError("nothing was recorded here that could be taken back")
        verdicts.undo(self.dataset, self._recorded)
        self._recorded = None
        self._read_again()
        return Prose(
            f"Taken back: that {last.change_id} set {last.incident_id} off. Its row in {VERDICTS_FILE} is removed."
        )

    def _read_again(self) -> None:
        self.dataset, self._report = for_audience(load(self.dataset.folder), self.dataset.audience), None
        self.choice.dataset = self.dataset
        self.__dict__.pop("found", None)

    def suspects_to_choose(self) -> list[tuple[str, str]]:
        """The chosen incident's suspects as (label, change id), best first, "no recorded change" always among them."""
        if not self.incident_id:
            return []
        suspects = self.found.suspects(self.incident_id)
        shown = suspects[(suspects["rank"] <= MOST_CHOICES) | (suspects["change_id"] == NONE)]
        return [(f"{percent(r.probability)}  {r.title or r.change_id}"[:90], r.change_id) for r in shown.itertuples()]

    def views(self) -> dict[str, Callable[[], object]]:
        """What is shown of the choice, by name, in order."""
        return {
            "the choice": self.summary,
            "timeline": lambda: figures.timeline(self.incidents, self.changes, zone=self.zone),
            "the incident": self.incident_title,
            "suspects": lambda: figures.suspect_bars(self.suspects),
            "suspects in words": lambda: self.suspects_table(self.suspects),
            "how they come about": lambda: figures.explanation_paths(self.explanations),
            "their steps in words": lambda: self.explanation_tables(self.explanations),
        }

    def interactive(self) -> object:
        """Controls that draw what is chosen below them after each change, and a form to decide on it; nothing is drawn
        before a change, so a notebook that runs unattended shows its choice in the cells below. UsageError without
        ipywidgets."""
        try:
            from ipywidgets import VBox

            from aftershock.reports import explore_widgets
        except ImportError as error:
            raise UsageError("widgets need ipywidgets (pip install ipywidgets); the parameters work without") from error
        views = explore_widgets.Views(self.views())

        def changed() -> None:
            form.offer()
            views.ask()

        form = explore_widgets.VerdictForm(self, views.ask)
        return VBox([explore_widgets.Controls(self, changed).box, form.box, views.box])
