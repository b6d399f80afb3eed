"""Runs the cells of our own notebooks in this process, on a report that a test has opened; reads rendered pages as text."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from aftershock.rendering import jobs
from aftershock.rendering.notebook_cells import for_report


def cells_of(notebook: str) -> list[NotebookNode]:
    """The cells that a report shows, after the one that opens it."""
    read = for_report(nbformat.read(jobs.NOTEBOOKS / f"{notebook}.ipynb", as_version=4))
    opening = next(n for n, c in enumerate(read.cells) if "import open_" in c.source)
    return read.cells[opening + 1 :]


def run_cells(notebook: str, report: object) -> Iterator[tuple[NotebookNode, object]]:
    """Each cell with what it displays (None: nothing)."""
    names: dict[str, object] = {"report": report, "explorer": report, "data": report.dataset}
    for cell in cells_of(notebook):
        yield cell, run_cell(cell.source, names) if cell.cell_type == "code" else None


def shown_by(notebook: str, report: object) -> list[object]:
    """What the notebook displays, in order."""
    return [shown for _, shown in run_cells(notebook, report) if shown is not None]


def run_cell(source: str, names: dict[str, object]) -> object:
    """Runs a cell as a kernel would; what its last line gives, None for an assignment."""
    body = ast.parse(source)
    last = body.body.pop() if isinstance(body.body[-1], ast.Expr) else None
    exec(compile(body, "cell", "exec"), names)
    return eval(compile(ast.Expression(last.value), "cell", "eval"), names) if last else None


def page_text(path: Path) -> str:
    """A page's text, with plain spaces and without tags."""
    plain = path.read_text().replace("\u00a0", " ").replace("\u202f", " ").replace("\u2060", "")
    return re.sub(r"<[^>]+>", "", plain)
