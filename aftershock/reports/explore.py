"""Looking around in a dataset: a period, a service, an incident, and what came before it.

The same choice can be made with widgets (in JupyterLab) or with parameters (without any), so the notebook renders
either way.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from aftershock import figures
from aftershock.dataset.audience import DEFAULT, for_audience
from aftershock.dataset.dataset import Dataset
from aftershock.dataset.loading import load
from aftershock.model import verdicts
from aftershock.model.explanation import Explanation
from aftershock.output.blocks import NotebookStyle, Prose, Stack
from aftershock.output.html_table import Table
from aftershock.output.phrases import clock, interval_percent, percent, plural, when
from aftershock.reports.base import Report
from aftershock.reports.notebook_parameters import ExploreParameters, PostmortemParameters, check_in_notebook
from aftershock.reports.postmortem import PostmortemReport
from aftershock.schema.errors import AftershockError
from aftershock.schema.tables import NONE

EVERY = "every service"
SHOWN_DAYS = 31
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
    """A dataset and a choice within it: ``start``, ``end`` (days, inclusive), ``service`` and ``incident_id``."""

    def __init__(self, dataset: Dataset, chosen: ExploreParameters):
        super().__init__(dataset)
        first, last = (t.tz_convert(self.zone) for t in dataset.observed)
        end = pd.Timestamp(chosen.end, tz=self.zone) if chosen.end else last.normalize()
        start = (
            pd.Timestamp(chosen.start, tz=self.zone)
            if chosen.start
            else max(first.normalize(), end - pd.Timedelta(days=SHOWN_DAYS))
        )
        self.start, self.end, self.service = start, end, chosen.service
        self.incident_id = chosen.incident_id or self._worst()
        self._report: PostmortemReport | None = None

    @property
    def services(self) -> list[str]:
        return sorted({s for services in self.dataset.incidents["services"] for s in services})

    @property
    def incidents(self) -> pd.DataFrame:
        """Incidents of the chosen period and service."""
        return self._chosen(self.dataset.actual_incidents)

    @property
    def changes(self) -> pd.DataFrame:
        """Changes of the chosen period and service."""
        return self._chosen(self.dataset.changes)

    def _chosen(self, table: pd.DataFrame) -> pd.DataFrame:
        end = self.end + pd.Timedelta(days=1)
        rows = table[(table["started_at_before"] >= self.start) & (table["started_at"] < end)]
        return rows[rows["services"].map(lambda s: self.service in s)] if self.service else rows

    def _worst(self) -> str:
        """The worst incident of the choice, the last one where several are; "" for none."""
        incidents = self.incidents
        if incidents.empty:
            return ""
        order = {s: n for n, s in enumerate(self.dataset.severities)}
        rank = incidents["severity"].map(lambda s: order.get(s, len(order)))
        return incidents[rank == rank.min()]["incident_id"].iloc[-1]

    # what is shown

    def summary(self) -> Stack:
        """What the choice holds."""
        where = self.service or EVERY
        text = (
            f"{plural(len(self.incidents), 'incident')} and {plural(len(self.changes), 'change')} "
            f"from {self.start:%-d %b %Y} to {self.end:%-d %b %Y} "
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
        return Prose(f"{self.incident_id}, {clock(incident['started_at'], self.zone)}: {incident['title']}")

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
        self.dataset, self._report = for_audience(load(log.folder), shown.audience), None
        self.__dict__.pop("found", None)
        return said

    def suspects_to_choose(self) -> list[tuple[str, str]]:
        """The chosen incident's suspects as (label, change id), best first, "no recorded change" always among them."""
        if not self.incident_id:
            return []
        suspects = self.found.suspects(self.incident_id)
        shown = suspects[(suspects["rank"] <= MOST_CHOICES) | (suspects["change_id"] == NONE)]
        return [(f"{percent(r.probability)}  {r.title or r.change_id}"[:90], r.change_id) for r in shown.itertuples()]

    # widgets

    def controls(self, draw: Callable[[], object]) -> object:
        """Widgets that change the choice and call ``draw`` after each change."""
        import ipywidgets as w

        period = w.SelectionRangeSlider(
            options=[(f"{d:%-d %b %Y}", d) for d in self._days()],
            description="period",
            continuous_update=False,
            layout=w.Layout(width="42rem"),
            index=self._period_index(),
        )
        service = w.Dropdown(options=[EVERY, *self.services], value=self.service or EVERY, description="service")
        incident = w.Dropdown(description="incident", layout=w.Layout(width="42rem"))

        def offer() -> None:
            incident.options = [
                (f"{r.incident_id}  {r.title}"[:90], r.incident_id) for r in self.incidents.itertuples()
            ] or [("none", "")]
            if self.incident_id in {v for _, v in incident.options}:
                incident.value = self.incident_id

        def choose(change: dict) -> None:
            if change["owner"] is incident:
                self.incident_id = incident.value or ""
            else:
                (self.start, self.end), self.service = period.value, "" if service.value == EVERY else service.value
                incident.unobserve(choose, names="value")
                self.incident_id = self._worst()
                offer()
                incident.observe(choose, names="value")
            draw()

        offer()
        for widget in (period, service, incident):
            widget.observe(choose, names="value")
        return w.VBox([period, service, incident])

    def _days(self) -> list[pd.Timestamp]:
        first, last = (t.tz_convert(self.zone).normalize() for t in self.dataset.observed)
        return list(pd.date_range(min(first, self.start), max(last, self.end), freq="D"))

    def _period_index(self) -> tuple[int, int]:
        days = self._days()
        return days.index(self.start), days.index(self.end)

    def interactive(self) -> object:
        """Controls that draw what is chosen below them after each change, and a form to decide on it; nothing is drawn
        before a change, so a notebook that runs unattended shows its choice in the cells below."""
        import ipywidgets as w
        from IPython.display import display

        shown = w.Output()

        def draw() -> None:
            form.offer()
            shown.clear_output(wait=True)
            with shown:
                display(
                    self.summary(),
                    figures.timeline(self.incidents, self.changes, zone=self.zone),
                    self.incident_title(),
                    figures.suspect_bars(self.suspects),
                    self.suspects_table(self.suspects),
                    figures.explanation_paths(self.explanations),
                    self.explanation_tables(self.explanations),
                )

        form = VerdictForm(self, draw)
        return w.VBox([self.controls(draw), form.box, shown])


class VerdictForm:
    """Widgets to decide on the incident that an explorer shows: which change, in which role, why. ``draw`` is called once
    a verdict is recorded. What there is to say is in a line of HTML, which unlike an output widget needs no kernel
    to be drawn."""

    def __init__(self, explorer: Explorer, draw: Callable[[], object]):
        import ipywidgets as w

        self.explorer, self.draw = explorer, draw
        wide = w.Layout(width="42rem")
        self.change = w.Dropdown(description="set off by", layout=wide)
        self.role = w.Text(description="role", placeholder="incident review, on-call lead, …", layout=wide)
        self.note = w.Textarea(description="why", layout=wide)
        self.button = w.Button(description="Record the verdict")
        self.said = w.Label()
        self.button.on_click(lambda _: self.record())
        self.box = w.VBox([self.change, self.role, self.note, self.button, self.said])
        self.offer()

    def offer(self) -> None:
        """The suspects of the incident that is chosen now."""
        self.change.options = self.explorer.suspects_to_choose() or [("no incident", "")]
        self.button.disabled = not self.explorer.incident_id

    def record(self) -> None:
        """What the button does."""
        self.said.value = "Recording, and fitting again …"
        try:
            said = self.explorer.decide(
                self.explorer.incident_id, self.change.value, by=self.role.value, note=self.note.value
            )
        except AftershockError as error:
            self.said.value = str(error)
            return
        self.note.value = ""
        self.draw()
        self.said.value = said.text
