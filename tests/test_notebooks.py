"""The notebooks as an analyst reads them: prose before each call, frames under names, cells to go on from at the end."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from statistics import mean, median

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from aftershock.rendering import kernels
from aftershock.rendering.jobs import NOTEBOOKS
from aftershock.rendering.notebook_cells import NOTEBOOK_ONLY, for_report

PATHS = sorted(NOTEBOOKS.glob("*.ipynb"))


def tags(cell: nbformat.NotebookNode) -> list[str]:
    return cell.metadata.get("tags", [])


@pytest.fixture(params=PATHS, ids=lambda p: p.stem)
def cells(request) -> list[nbformat.NotebookNode]:
    notebook = nbformat.read(request.param, as_version=4)
    nbformat.validate(notebook)
    return notebook.cells


def test_every_cell_has_an_id_of_its_own(cells):
    ids = [cell["id"] for cell in cells]
    assert len(set(ids)) == len(ids)


def test_parameters_are_handed_on_by_name(cells):
    opening = next(c.source for c in cells if "import open_" in c.source)
    known = kernels.defaults(nbformat.v4.new_notebook(cells=cells))
    assert re.findall(r"(\w+)=\1\b", opening) == list(known)
    assert not any("globals(" in c.source for c in cells)


def test_a_call_follows_a_sentence_and_frames_have_names(cells):
    prose = [len(c.source.split()) for c in cells if c.cell_type == "markdown"]
    code = [len([line for line in c.source.splitlines() if line.strip()]) for c in cells if c.cell_type == "code"]
    assert median(prose) >= 18
    assert 1.3 < mean(code) <= 4
    for before, cell in pairwise(cells):
        quiet = "parameters" in tags(cell) or cell.source in ("report.numbers()", "explorer.numbers()")
        assert cell.cell_type == "markdown" or before.cell_type == "markdown" or quiet, cell.source


def test_the_last_cells_go_on_with_frames_and_are_no_part_of_a_report(cells):
    own = [c for c in cells if NOTEBOOK_ONLY in tags(c)]
    assert own == cells[-len(own) :]
    start = next(n for n, c in enumerate(own) if c.source.startswith("## Go on from here"))
    assert all("explorer.show(" in c.source for c in own[:start] if c.cell_type == "code"), (
        "what only a live page can do"
    )
    code = [c for c in own[start:] if c.cell_type == "code"]
    assert len(code) == 3
    assert any("plotly.express" in c.source for c in code)
    assert not any(re.search(r"\breport\.\w+\(", c.source) for c in code), "plain pandas, no method of a report"


def test_cells_for_the_notebook_alone_are_neither_run_nor_shown(tmp_path: Path):
    own = {"tags": [NOTEBOOK_ONLY]}
    path = tmp_path / "small.ipynb"
    sources = [new_code_cell("1"), new_markdown_cell("## Go on", metadata=own), new_code_cell("1 / 0", metadata=own)]
    nbformat.write(new_notebook(cells=sources), path)
    assert [c.source for c in kernels.run(path, {}).cells] == ["1"]
    assert [c.source for c in for_report(nbformat.read(path, as_version=4)).cells] == ["1"]
