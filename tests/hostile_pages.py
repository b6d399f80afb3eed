"""A dataset that holds every hostile text in every field, its harmless twin, and the pages that reports make of them."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import plotly.graph_objects as go
from conftest import shows
from hostile import CORPUS, cell
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_notebook
from notebooks_here import run_cells

import aftershock
from aftershock.figures.plot_text import label
from aftershock.output.blocks import NUMBERS_MIMETYPE
from aftershock.output.file_names import file_name
from aftershock.rendering import batch, kernels
from aftershock.rendering.exporter import Exported, export
from aftershock.rendering.job import Job, ReportPage
from aftershock.reports.explore import Explorer
from aftershock.reports.monthly_review import MonthlyReviewReport
from aftershock.reports.notebook_parameters import ExploreParameters, MonthlyReviewParameters, PostmortemParameters
from aftershock.reports.postmortem import PostmortemReport

FIRST = datetime(2024, 1, 1, 6, tzinfo=UTC)
MONTH = "2024-01"
WHOLE = 83
"""Every so many incidents have a postmortem; the figures of each name its eight strongest suspects."""


@dataclass(frozen=True)
class Texts:
    """What stands in the fields: ``texts[i]`` in every field of incident ``i`` and of the changes before it."""

    name: str
    texts: list[str]

    @classmethod
    def hostile(cls) -> Texts:
        return cls("hostile", list(dict.fromkeys(cell(t) for t in CORPUS)))

    @classmethod
    def harmless(cls) -> Texts:
        """Fewer, as no part of a page but its tables grows with their number."""
        return cls("harmless", [f"plain text {n:03}" for n in range(WHOLE + 2)])


def incidents(texts: list[str]) -> list[dict[str, object]]:
    rows = []
    for n, text in enumerate(texts):
        began = FIRST + timedelta(hours=2 * n)
        rows.append(
            {
                "incident_id": text,
                "started_at": began.isoformat(),
                "detected_at": (began + timedelta(minutes=5)).isoformat(),
                "resolved_at": (began + timedelta(minutes=50)).isoformat(),
                **dict.fromkeys(("title", "description", "severity", "url", "environment", "caused_by_source"), text),
                "services": [text, texts[n - 1]],
                "caused_by": [text],
                "note": text,
                f"key {n}: {text}": text,
            }
        )
    broken = {"incident_id": "", "started_at": FIRST.isoformat(), "title": "no id"}
    unreadable = [{"incident_id": f"unread {n}", "started_at": text} for n, text in enumerate(texts[::20])]
    return [*rows, broken, *unreadable]


def changes(texts: list[str]) -> list[dict[str, object]]:
    return [
        {
            "change_id": text,
            "started_at": (FIRST + timedelta(hours=2 * n, minutes=-20)).isoformat(),
            **dict.fromkeys(("title", "description", "author", "repository", "url", "note"), text),
            "kind": text if n % 3 == 0 else "deploy",
            "status": text if n % 50 == 0 else "",
            "services": [text],
            "paths": [text, texts[n - 1]],
            "reverts": [texts[n - 1]],
        }
        for n, text in enumerate(texts)
    ]


def write_dataset(folder: Path, texts: list[str]) -> Path:
    """A dataset folder with these texts in every field of both logs, the catalog, the verdicts and the write-ups."""
    (folder / "postmortems").mkdir(parents=True)
    quoted = {key: json.dumps("".join(c for c in text if c.isprintable())) for key, text in _settings(texts).items()}
    (folder / "dataset.toml").write_text(
        f"name = {quoted['name']}\ndescription = {quoted['description']}\n"
        '[incidents]\npath = "incidents.json"\nformat = "json"\n[changes]\npath = "changes.json"\nformat = "json"\n'
        '[services]\npath = "services.json"\nformat = "json"\n',
        encoding="utf-8",
    )
    edges = [{"service": a, "depends_on": b, "source": a} for a, b in itertools.pairwise(texts)]
    for name, rows in (("incidents", incidents(texts)), ("changes", changes(texts)), ("services", edges)):
        (folder / f"{name}.json").write_text(json.dumps(rows))
    for text in texts[::WHOLE]:
        (folder / "postmortems" / f"{file_name(text)}.md").write_bytes(_writeup(texts).encode("utf-8", "replace"))
    return folder


def _settings(texts: list[str]) -> dict[str, str]:
    return {"name": " ".join(texts[:60]), "description": " ".join(texts[60:120])}


def _writeup(texts: list[str]) -> str:
    """Every text as a paragraph of its own, in a heading, in a cell of the table of action items."""
    story = "\n\n".join(texts)
    rows = [
        "| " + " | ".join([t.replace("|", "\\|").replace("\n", " ").replace("\r", " ")] * 6) + " |" for t in texts[:150]
    ]
    head = ["| action | type | owner | due | done | ticket |", "|---|---|---|---|---|---|"]
    return "\n".join(["## Action items", "", *head, *rows, "", f"## {texts[0]}", "", "## Narrative", "", story, ""])


def run(notebook: str, report: object) -> list[NotebookNode]:
    """The cells with what they display, run here instead of in a kernel of their own; controls are left out."""
    return [
        new_markdown_cell(cell.source)
        if cell.cell_type == "markdown"
        else shows(*([] if shown is None else [shown]), source=cell.source)
        for cell, shown in run_cells(notebook, report)
    ]


def page(title: str, cells: list[NotebookNode]) -> Exported:
    """These cells as a page whose title, subtitle and links say ``title`` as well."""
    kept = [
        c
        for c in cells
        if c.cell_type == "markdown" or not any(NUMBERS_MIMETYPE in o.get("data", {}) for o in c.outputs)
    ]
    links = [("All reports", "../../index.html"), (title, title)]
    return export(new_notebook(cells=kept), ReportPage(title, f"Postmortem of {title}", links))


def labels(texts: list[str]) -> go.Figure:
    """Every text at every place where plotly draws one: names, hover, ticks, labels of points, notes, titles."""
    words = [label(t) for t in texts]
    count = list(range(len(words)))
    drawn = go.Figure([go.Bar(x=words, y=count, text=words, hovertext=words, name=" ".join(words[:40]))])
    drawn.add_scatter(
        x=words, y=count, mode="markers+text", text=words, customdata=words, hovertemplate="%{customdata}"
    )
    notes = [{"text": w, "x": 0.5, "y": n / len(words), "xref": "paper", "yref": "paper"} for n, w in enumerate(words)]
    meta = {
        "alt": " ".join(texts),
        "caption": " ".join(texts),
        "table": {"columns": texts[:5], "rows": [texts[:5]] * 3},
    }
    return drawn.update_layout(annotations=notes, title=words[0], xaxis_title=words[1], meta=meta, showlegend=True)


def failed(texts: list[str]) -> str:
    """The page of a report that failed, with these texts as code, message and traceback."""
    told = "\n".join(texts)
    error = kernels.CellFailed(
        cell_number=3, source=told, name=texts[0], message=told, traceback=told, notebook=new_notebook()
    )
    job = Job("d", "incident", texts[1], texts[2], Path(texts[3]), {}, Path("x.html"), ReportPage(texts[4], texts[5]))
    return batch.failure_page(job, error, has_older=True)


@dataclass(frozen=True)
class Pages:
    """The dataset's folder, its pages by name and what their cells displayed."""

    data: Path
    paths: dict[str, Path]
    cells: dict[str, list[NotebookNode]]


def write_pages(folder: Path, texts: Texts) -> Pages:
    """The dataset in ``folder/data`` and its pages next to it: postmortems, the review, explore, every label in a figure."""
    dataset = aftershock.load(write_dataset(folder / "data", texts.texts))
    found = aftershock.attribute(dataset)
    named = str(dataset.folder)
    ids = dataset.incidents["incident_id"].tolist()[::WHOLE]
    reports = [
        PostmortemReport(dataset, PostmortemParameters(dataset=named, incident_id=i, show_authors=True)) for i in ids
    ]
    review = MonthlyReviewReport(dataset, MonthlyReviewParameters(dataset=named, month=MONTH, link_incidents=True))
    explorer = Explorer(dataset, ExploreParameters(dataset=named))
    for report in (*reports, review, explorer):
        report.__dict__["found"] = found
        report.__dict__["expectation"] = "What to expect holds no word of a log, and takes long to work out."
    postmortems = [run("postmortem", report) for report in reports]
    cells = {
        "postmortem": [*postmortems[0], *(c for rest in postmortems[1:] for c in rest if c.cell_type == "code")],
        "review": run("monthly_review", review),
        "explore": run("explore", explorer),
        "labels": [shows(labels(texts.texts))],
    }
    written = {}
    for n, (name, shown) in enumerate(cells.items()):
        written[name] = folder / f"{name}.html"
        written[name].write_text(page(texts.texts[n], shown).html, encoding="utf-8")
    written["failed"] = folder / "failed.html"
    written["failed"].write_text(failed(texts.texts), encoding="utf-8")
    return Pages(folder / "data", written, cells)
