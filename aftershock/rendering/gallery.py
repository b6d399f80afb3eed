"""All figures on one page, each with the demo data and without any: to look at the family, and to choose from it."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from aftershock.output import fast_imports  # isort: skip  (before anything that imports nbformat)

import nbformat
import pandas as pd
import plotly.graph_objects as go
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from aftershock import __version__, attribute, figures, load, metrics
from aftershock.dataset.dataset import Dataset
from aftershock.dataset.famous_outages import famous_delays
from aftershock.model.attribution import Attribution
from aftershock.output import files
from aftershock.rendering import figure_payload
from aftershock.rendering.exporter import export
from aftershock.rendering.job import ReportPage
from aftershock.reports.log_quality import LogQualityReport
from aftershock.reports.model_check import ModelCheckReport
from aftershock.reports.notebook_parameters import (
    LogQualityParameters,
    ModelCheckParameters,
    PostmortemParameters,
    SystemicParameters,
    check,
)
from aftershock.reports.postmortem import PostmortemReport
from aftershock.reports.systemic import SystemicReport

__all__ = ["EXHIBITS", "Exhibit", "Material", "fast_imports", "render", "write"]

DATASET = "demo"
WEEK = pd.Timedelta(days=7)


@dataclass
class Material:
    """What the figures draw: a dataset and what was found in it; ``incident`` is its last one."""

    dataset: Dataset
    found: Attribution

    @cached_property
    def incident(self) -> pd.Series:
        return self.dataset.incidents.iloc[-1]

    @cached_property
    def suspects(self) -> pd.DataFrame:
        return self.found.suspects(self.incident["incident_id"])

    @cached_property
    def changed(self) -> list[str]:
        """The services of the most probable change."""
        return list(next((s for s in self.suspects["services"] if len(s)), []))

    @cached_property
    def week(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Incidents and changes of the last week."""
        last = self.dataset.observed[1]
        both = (self.dataset.incidents, self.dataset.changes)
        return tuple(t[(t["started_at"] >= last - WEEK) & (t["started_at"] < last)] for t in both)

    @cached_property
    def nothing(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Incidents and changes of no time at all."""
        return self.dataset.incidents.iloc[:0], self.dataset.changes.iloc[:0]

    @cached_property
    def postmortem(self) -> PostmortemReport:
        """The report of the incident."""
        given = {"dataset": str(self.dataset.folder), "incident_id": self.incident["incident_id"]}
        report = PostmortemReport(self.dataset, check(PostmortemParameters, given)[0])
        report.found = self.found
        return report

    @cached_property
    def model_check(self) -> ModelCheckReport:
        """The check of the model against the causes that the simulation knows."""
        given = {"dataset": str(self.dataset.folder), "labels": str(self.dataset.folder / "truth.csv"), "folds": 0}
        report = ModelCheckReport(self.dataset, check(ModelCheckParameters, given)[0])
        report.found = self.found
        return report

    @cached_property
    def systemic(self) -> SystemicReport:
        """The row of outages."""
        report = SystemicReport(self.dataset, check(SystemicParameters, {"dataset": str(self.dataset.folder)})[0])
        report.found = self.found
        return report

    @cached_property
    def log_quality(self) -> LogQualityReport:
        """What is wrong with the logs."""
        return LogQualityReport(self.dataset, check(LogQualityParameters, {"dataset": str(self.dataset.folder)})[0])

    @cached_property
    def unlogged(self) -> LogQualityReport:
        """The same of logs without a row."""
        incidents, changes = self.nothing
        empty = replace(self.dataset, incidents=incidents, changes=changes)
        return LogQualityReport(empty, self.log_quality.parameters)


def _coverage(report: LogQualityReport) -> go.Figure:
    return figures.coverage_bars(report.weeks, report.stretches, tested=report.testable_logs)


def _clock(report: LogQualityReport) -> go.Figure:
    return figures.clock_heatmap(report.hours("changes"), log="changes", zone=report.zone)


@dataclass(frozen=True)
class Exhibit:
    """A figure of the gallery. ``figure`` is its name in :mod:`aftershock.figures`; ``title`` says which use of it."""

    figure: str
    title: str
    draw: Callable[[Material], go.Figure]
    without: Callable[[Material], go.Figure]


EXHIBITS = (
    Exhibit(
        "suspect_bars",
        "Suspects of one incident",
        lambda m: figures.suspect_bars(m.suspects),
        lambda m: figures.suspect_bars(m.suspects.iloc[:0]),
    ),
    Exhibit(
        "explanation_paths",
        "How the probabilities of one incident come about",
        lambda m: figures.explanation_paths(m.postmortem.explanations),
        lambda m: figures.explanation_paths([]),
    ),
    Exhibit(
        "timeline",
        "Timeline before one incident",
        lambda m: figures.timeline(
            m.dataset.incidents,
            m.dataset.changes,
            zone=m.dataset.timezone,
            incident=m.incident["incident_id"],
            suspects=m.suspects,
        ),
        lambda m: figures.timeline(
            m.dataset.incidents.iloc[:1], m.dataset.changes, zone=m.dataset.timezone, incident="another"
        ),
    ),
    Exhibit(
        "timeline",
        "Timeline of a week",
        lambda m: figures.timeline(*m.week, zone=m.dataset.timezone),
        lambda m: figures.timeline(*m.nothing, zone=m.dataset.timezone),
    ),
    Exhibit(
        "timeline",
        "Timeline of the whole period",
        lambda m: figures.timeline(m.dataset.incidents, m.dataset.changes, zone=m.dataset.timezone),
        lambda m: figures.timeline(*m.nothing, zone=m.dataset.timezone),
    ),
    Exhibit(
        "blast_radius",
        "Blast radius",
        lambda m: figures.blast_radius(m.dataset.dependencies, list(m.incident["services"]), m.changed),
        lambda m: figures.blast_radius(m.dataset.dependencies, [], []),
    ),
    Exhibit(
        "delay_curve",
        "Delay of one incident on the curve of its kind",
        lambda m: figures.delay_curve(
            m.found.delay_curves, kind="deploy", quantiles=m.found.delay_quantiles, delay_minutes=12, low=5, high=25
        ),
        lambda m: figures.delay_curve(m.found.delay_curves.iloc[:0], kind="deploy"),
    ),
    Exhibit(
        "delay_curve",
        "Delays of all kinds",
        lambda m: figures.delay_curve(m.found.delay_curves, kind="all", quantiles=m.found.delay_quantiles),
        lambda m: figures.delay_curve(m.found.delay_curves.iloc[:0], kind="all"),
    ),
    Exhibit(
        "delay_comparison",
        "Delays against those of well-known outages",
        lambda m: figures.delay_comparison(m.found.delay_curves, famous_delays(), quantiles=m.found.delay_quantiles),
        lambda m: figures.delay_comparison(m.found.delay_curves.iloc[:0], famous_delays().iloc[:0]),
    ),
    Exhibit(
        "control_chart",
        "Control chart",
        lambda m: figures.control_chart(metrics.month_counts(m.dataset)),
        lambda m: figures.control_chart(metrics.month_counts(m.dataset).iloc[:0]),
    ),
    Exhibit(
        "cumulative_outages",
        "Outages counted up",
        lambda m: m.systemic.row_figure(m.systemic.outages),
        lambda m: m.systemic.row_figure(m.systemic.outages.iloc[:0]),
    ),
    Exhibit(
        "calendar",
        "Calendar of a month",
        lambda m: figures.calendar(
            metrics.incidents_of(m.dataset, m.dataset.months[-1]), m.found.shares, zone=m.dataset.timezone
        ),
        lambda m: figures.calendar(m.dataset.incidents.iloc[:0], m.found.shares, zone=m.dataset.timezone),
    ),
    Exhibit(
        "calendar",
        "Calendar of a year",
        lambda m: figures.calendar(m.dataset.incidents, m.found.shares, zone=m.dataset.timezone),
        lambda m: figures.calendar(m.dataset.incidents.iloc[:0], m.found.shares, zone=m.dataset.timezone),
    ),
    Exhibit(
        "rates_forest",
        "Risk by kind of change",
        lambda m: figures.rates_forest(metrics.risk_by_kind(m.dataset, m.found)),
        lambda m: figures.rates_forest(m.found.rates.iloc[:0]),
    ),
    Exhibit(
        "funnel",
        "Risk by service",
        lambda m: figures.funnel(metrics.risk_by_service(m.dataset, m.found)),
        lambda m: figures.funnel(metrics.risk_by_service(m.dataset, m.found).iloc[:0]),
    ),
    Exhibit(
        "time_to",
        "Time to detect, mitigate and resolve",
        lambda m: figures.time_to(metrics.duration_curves(m.dataset, m.dataset.incidents)),
        lambda m: figures.time_to(metrics.duration_curves(m.dataset, m.dataset.incidents.iloc[:0])),
    ),
    Exhibit(
        "reliability_diagram",
        "Do the probabilities come true",
        lambda m: m.model_check.reliability_figure(m.model_check.reliability),
        lambda m: figures.reliability_diagram(m.model_check.backtest.reliability.iloc[:0]),
    ),
    Exhibit(
        "rank_histogram",
        "Ranks of the true change",
        lambda m: figures.rank_histogram(m.model_check.ranks),
        lambda m: figures.rank_histogram(pd.DataFrame({"rank": ["1"], "ours": [0], "recent": [0]})),
    ),
    Exhibit(
        "chance_strip",
        "What chance alone would link",
        lambda m: figures.chance_strip(m.model_check.shifted),
        lambda m: figures.chance_strip(pd.DataFrame({"weeks": [0], "linked": [3], "incidents": [9], "share": [0.3]})),
    ),
    Exhibit(
        "coverage_bars",
        "Rows of both logs from week to week",
        lambda m: _coverage(m.log_quality),
        lambda m: _coverage(m.unlogged),
    ),
    Exhibit(
        "clock_heatmap",
        "Hours at which changes were stamped",
        lambda m: _clock(m.log_quality),
        lambda m: _clock(m.unlogged),
    ),
    Exhibit(
        "rhythm_heatmap",
        "Rhythm of the week",
        lambda m: figures.rhythm_heatmap(m.found.rhythm, zone=m.dataset.timezone),
        lambda m: figures.rhythm_heatmap(m.found.rhythm.iloc[:0]),
    ),
)


def write(path: Path) -> int:
    """Writes the gallery of the demo data to ``path``, as a whole or not at all; returns how many figures it shows."""
    dataset = load(DATASET)
    files.write_whole(path, render(Material(dataset, attribute(dataset))))
    return len(EXHIBITS)


def render(material: Material) -> str:
    """The gallery as one page, by the template of the reports."""
    page = ReportPage(
        "Gallery of figures",
        f"{material.dataset.name}, each figure with its data and without any",
        generator=f"Aftershock {__version__}",
    )
    return export(new_notebook(cells=list(_cells(material))), page).html


def _cells(material: Material) -> Iterator[nbformat.NotebookNode]:
    for exhibit in EXHIBITS:
        function = getattr(figures, exhibit.figure)
        about = " ".join((inspect.getdoc(function) or "").split("\n\n")[0].split())
        signature = f"figures.{exhibit.figure}{inspect.signature(function)}"
        yield new_markdown_cell(f"## {exhibit.title}\n\n{about}")
        yield _shown(exhibit.draw(material), signature)
        yield new_markdown_cell("The same without data:")
        yield _shown(exhibit.without(material), signature)


def _shown(figure: go.Figure, code: str) -> nbformat.NotebookNode:
    bundle = {figure_payload.MIMETYPE: json.loads(figure.to_json())}
    return new_code_cell(code, outputs=[new_output("display_data", bundle)])
