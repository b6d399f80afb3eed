"""Looking around in a dataset: a period, a service, an incident, and what came before it.

The same choice can be made with widgets (in JupyterLab) or with parameters (without any), so the notebook renders
either way.
"""

from __future__ import annotations

from aftershock.output.collector import collector_paused, set_aside

with collector_paused():  # an eighth of what these imports take
    from aftershock import figures  # isort: skip

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from aftershock.dataset.audience import DEFAULT, for_audience
from aftershock.dataset.dataset import VERDICTS_FILE, Dataset
from aftershock.dataset.loading import load
from aftershock.figures.frame import Figure, empty
from aftershock.figures.linked_timeline import Linked
from aftershock.model import tidy, verdicts
from aftershock.model.attribution import Attribution
from aftershock.model.explanation import Explanation
from aftershock.output.blocks import NotebookStyle, Numbers, Prose, Stack
from aftershock.output.html_table import Table
from aftershock.output.json_values import json_rows
from aftershock.output.phrases import clock, interval_percent, percent, plural, when
from aftershock.output.spreadsheets import rows_csv
from aftershock.reports.base import Report, report_numbers
from aftershock.reports.explore_choice import Choice
from aftershock.reports.explore_metric import read_metric
from aftershock.reports.explore_queue import decided_ids
from aftershock.reports.notebook_parameters import ExploreParameters, PostmortemParameters, check_in_notebook
from aftershock.reports.postmortem import PostmortemReport
from aftershock.reports.what_if import WhatIf, what_if
from aftershock.schema.errors import UsageError, nearest

if TYPE_CHECKING:
    from aftershock.reports.explore_page import ExplorePage

MOST_ROWS = 40
CODE_OF_ALL = """import pandas as pd

import aftershock

dataset = aftershock.load({dataset})
"""
CODE_OF_SERVICE = """table = table[table["services"].map(lambda names: {service} in names)]
"""
_PERIOD = """table = table[table["started_at_before"] >= pd.Timestamp({start})]
table = table[table["started_at"] < pd.Timestamp({end})]
#service
table
"""
_FOUND = "found = aftershock.attribute(dataset)\n"
CODE = {
    "choice": "table = dataset.actual_incidents\n" + _PERIOD,
    "timeline": "table = dataset.changes\n" + _PERIOD,
    "incidents": _FOUND
    + """table = found.incidents.merge(dataset.incidents[["incident_id", "services", "started_at", "started_at_before"]])
"""
    + _PERIOD,
    "incident": _FOUND + 'found.incidents[found.incidents["incident_id"] == {incident}]\n',
    "suspects": _FOUND + "found.suspects({incident})\n",
    "steps": _FOUND
    + """suspects = found.suspects({incident})
changes = [c for c in suspects["change_id"] if c != "none"][:3]
pd.concat([found.explanation({incident}, c).table.assign(change_id=c) for c in changes])
""",
}
"""The calls on the public API that give the rows of each view; ids and names are put in as Python's own literals."""


@dataclass(frozen=True)
class View:
    """Something that is shown of the choice: what is printed, its rows, and the calls on the public API that give them."""

    printed: Callable[[], object]
    rows: Callable[[], pd.DataFrame]
    code: str


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
        self.parameters = chosen
        self.choice = Choice.of(
            dataset, start=chosen.start, end=chosen.end, service=chosen.service, incident_id=chosen.incident_id
        )
        self._recorded: verdicts.RecordedVerdict | None = None
        self._report: PostmortemReport | None = None
        self._suspects_of: tuple[Attribution, str] | None = None
        self._suspects = pd.DataFrame()
        self._page: ExplorePage | None = None
        self.metric: pd.DataFrame | None = None
        self.metric_name = ""

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

    @property
    def listed(self) -> pd.DataFrame:
        """The incidents of the choice that its filters leave, as ``found.incidents`` has them, with the kind of the most
        probable change, its author's role, and whether somebody has decided: best_change_kind, best_change_role, decided."""
        choice = self.choice
        table = choice.keep("listed", self._listed)
        kept = pd.Series(True, index=table.index)
        if choice.severity:
            kept &= table["incident_severity"] == choice.severity
        if choice.kind:
            kept &= table["best_change_kind"] == choice.kind
        if choice.role:
            kept &= table["best_change_role"] == choice.role
        if choice.undecided:
            kept &= ~table["decided"]
        return table[kept].reset_index(drop=True)

    def _listed(self) -> pd.DataFrame:
        """The same before they are filtered."""
        table = self.found.incidents
        table = table[table["incident_id"].isin(self.choice.incidents["incident_id"])].reset_index(drop=True)
        changes = self.dataset.changes
        known = pd.DataFrame({"kind": changes["kind"], "role": self._roles}).set_index(changes["change_id"])
        known = known[~known.index.duplicated()]
        for name in known:
            table[f"best_change_{name}"] = table["best_change_id"].map(known[name]).fillna("")
        table["decided"] = table["incident_id"].isin(decided_ids(self.found))
        return table

    @property
    def _roles(self) -> pd.Series:
        """The role of each change's author, "" where the log has none."""
        changes = self.dataset.changes
        return tidy.groups("change", changes).get("change_role", pd.Series("", index=changes.index))

    @property
    def roles(self) -> list[str]:
        """Every role of an author."""
        return sorted({role for role in self._roles if isinstance(role, str)} - {""})

    @property
    def is_fitted(self) -> bool:
        """Whether the model has been fitted, so that suspects are at hand."""
        return "found" in self.__dict__

    def linked(self) -> Linked:
        """What the live timeline draws; no suspects before the model is fitted."""
        choice = self.choice
        chosen = self.dataset.incident(self.incident_id) if self.incident_id else None
        return Linked(
            self.incidents,
            self.changes,
            choice.start,
            choice.end,
            self.zone,
            choice.weeks,
            chosen,
            self.suspects if self.is_fitted else pd.DataFrame(),
            self.metric,
            self.metric_name,
        )

    def add_metric(self, path: str | Path, name: str = "") -> Prose:
        """Draw a measure over the live timeline, on the same axis: the file as :func:`read_metric` reads it, ``name`` what it is
        called (its file, unless given). InputError for a file that is none."""
        metric = read_metric(path, self.zone)
        self.metric, self.metric_name = metric, name or Path(path).stem
        if self._page is not None:
            self._page.follow()
        first, last = (clock(t, self.zone) for t in metric["time"].iloc[[0, -1]]) if len(metric) else ("", "")
        span = f", {first} to {last}" if len(metric) else ""
        return Prose(f"{self.metric_name}: {plural(len(metric), 'value')}{span}.")

    def what_if(self, incident_id: str = "", **supposed: Any) -> WhatIf:
        """The answer on an incident (the chosen one, unless named) were something otherwise: keywords and errors as
        :func:`aftershock.reports.what_if.what_if`. Nothing is written, and no other view changes."""
        if not (incident_id or self.incident_id):
            raise UsageError("no incident is chosen; expected incident_id='…'")
        return what_if(self.found, incident_id or self.incident_id, **supposed)

    # what is shown

    @property
    def answer(self) -> str:
        """What the choice holds, in a sentence."""
        choice, where = self.choice, self.choice.service or "every service"
        quiet = " The last month of the logs has none." if choice.earlier else ""
        return (
            f"{plural(len(self.incidents), 'incident')} and {plural(len(self.changes), 'change')} "
            f"from {choice.start:%-d %b %Y} to {choice.end:%-d %b %Y} "
            f"on {where}.{quiet}"
        )

    def summary(self, *, wait: bool = True) -> Stack:
        """What the choice holds, and what a reader must know first; the latter, without ``wait``, once the model is fitted."""
        known = [self.warnings()] if wait or self.is_fitted else []
        return Stack(NotebookStyle(), Prose(self.answer, kind="answer"), *known)

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
        of = (self.found, self.incident_id)
        if self._suspects_of != of:
            self._suspects_of = of
            self._suspects = of[0].suspects(of[1]) if of[1] else of[0].suspects().iloc[:0]
        return self._suspects.copy(deep=False)

    @property
    def explanations(self) -> list[Explanation]:
        """How the strongest suspects of the chosen incident came by their probabilities."""
        return self.postmortem.explanations if self.incident_id else []

    @property
    def steps(self) -> pd.DataFrame:
        """The steps of the explanations, a row each; ``change_id`` says of which change."""
        tables = [e.table.assign(change_id=e.change_id) for e in self.explanations]
        return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()

    @property
    def _row_of_incident(self) -> pd.DataFrame:
        incidents = self.found.incidents
        return incidents[incidents["incident_id"] == self.incident_id]

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

    def paths(self) -> Figure:
        """The steps of the explanations as a figure; a sentence in it without an incident."""
        if not self.incident_id:
            return empty("There is no incident to explain.", caption="")
        return figures.explanation_paths(self.explanations)

    def explanation_tables(self, explanations: list[Explanation]) -> Stack:
        """Their steps in words, a table per suspect; a sentence where an incident has no suspect to explain."""
        if explanations:
            return self.postmortem.explanation_tables(explanations)
        said = "No recorded change has 1 % or more of this incident: there are no steps to show."
        return Stack(*([Prose(said)] if self.incident_id else []))

    @property
    def postmortem(self) -> PostmortemReport:
        """The same incident as a postmortem; it shares what was fitted, and is kept until the choice changes."""
        if self._report is None or self._report.id != self.incident_id:
            folder, audience = str(self.dataset.folder), self.dataset.audience
            chosen = PostmortemParameters(dataset=folder, audience=audience, incident_id=self.incident_id)
            self._report = PostmortemReport(self.dataset, chosen)
            self._report.__dict__["found"] = self.found
        return self._report

    def footer(self) -> Stack:
        """What it takes to make the report again."""
        return Stack(*self.inputs({name: value for name, value in self.parameters.model_dump().items() if value}))

    def numbers(self) -> Numbers:
        """The choice's numbers, for the JSON next to a report."""
        choice = self.choice
        incident = self.dataset.incident(self.incident_id) if self.incident_id else None
        return report_numbers(
            self.dataset,
            updated_at=self.dataset.observed[1],
            started_at=choice.start,
            severity=incident["severity"] if incident is not None else "",
            services=[choice.service] if choice.service else [],
            summary=self.answer,
            numbers={
                "choice": {
                    "start": f"{choice.start:%Y-%m-%d}",
                    "end": f"{choice.end:%Y-%m-%d}",
                    "service": choice.service,
                    "incident_id": choice.incident_id,
                },
                "incidents": json_rows(self.listed),
                "suspects": json_rows(self.suspects),
            },
        )

    # verdicts

    def decide(self, incident_id: str, change_id: str, *, by: str, note: str = "", rejected: bool = False) -> Prose:
        """Record what people decided set an incident off (``none``: no recorded change) or, ``rejected``, did not; ``by`` a
        role. The dataset is read again: what is shown from now on knows it. The file gets ids as the log has them. Errors
        as :func:`aftershock.model.verdicts.decide`."""
        shown, log = self.dataset, load(self.dataset.folder)
        ids = shown.raw_id(incident_id), shown.raw_change_id(change_id)
        recorded = verdicts.decide(log, *ids, by=by, note=note, rejected=rejected)
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
        return Prose(f"Taken back: {last.said}. Its row in {VERDICTS_FILE} is removed.")

    def _read_again(self) -> None:
        self.dataset, self._report = for_audience(load(self.dataset.folder), self.dataset.audience), None
        self.choice.dataset = self.dataset
        self.__dict__.pop("found", None)

    # the page

    @cached_property
    def views(self) -> dict[str, View]:
        """What is shown of the choice, by name, in order."""
        return {
            "choice": View(self.summary, lambda: self.incidents, CODE["choice"]),
            "timeline": View(
                lambda: figures.timeline(self.incidents, self.changes, zone=self.zone),
                lambda: self.changes,
                CODE["timeline"],
            ),
            "incidents": View(lambda: self.incidents_table(self.incidents), lambda: self.listed, CODE["incidents"]),
            "incident": View(self.incident_title, lambda: self._row_of_incident, CODE["incident"]),
            "suspects": View(lambda: figures.suspect_bars(self.suspects), lambda: self.suspects, CODE["suspects"]),
            "suspects in words": View(
                lambda: self.suspects_table(self.suspects), lambda: self.suspects, CODE["suspects"]
            ),
            "steps": View(self.paths, lambda: self.steps, CODE["steps"]),
            "steps in words": View(
                lambda: self.explanation_tables(self.explanations), lambda: self.steps, CODE["steps"]
            ),
        }

    def code(self, name: str) -> str:
        """The calls on the public API that give a view's rows, to be pasted into a cell."""
        choice = self.choice
        end = choice.end + pd.DateOffset(days=1)
        given = {
            "dataset": str(self.dataset.folder),
            "start": choice.start.isoformat(),
            "end": end.isoformat(),
            "service": choice.service,
            "incident": self.incident_id,
        }
        quoted = {k: ascii(v) for k, v in given.items()}
        service = CODE_OF_SERVICE if choice.service else ""
        return (CODE_OF_ALL + self.views[name].code.replace("#service\n", service)).format(**quoted)

    def csv(self, name: str) -> str:
        """The rows of a view as CSV; no cell of it is a formula."""
        return rows_csv(self.views[name].rows())

    def show(self, name: str) -> object:
        """A view of the choice: live where the notebook's window draws widgets, printed wherever else it runs. UsageError for
        a name that is none, and without the packages that draw."""
        from aftershock.reports import explore_page

        known = [*self.views, *explore_page.LIVE_ONLY]
        if name not in known:
            raise UsageError(f"there is no view {name!r}{nearest(name, known)} (known are {', '.join(known)})")
        if not explore_page.is_live():
            return self.views[name].printed() if name in self.views else Stack()
        if self._page is None:
            set_aside()  # a search for garbage through all that was imported and read would take a sixth of a second
            self._page = explore_page.ExplorePage(self)
        return self._page.shown(name)
