"""The tutorials of docs/tutorials: each runs, and what it says in prose the next cells assert."""

from __future__ import annotations

import re
from pathlib import Path
from statistics import median

import nbformat
import pytest
from notebooks_here import run_cell

from aftershock.rendering import kernels

PATHS = sorted((Path(__file__).parent.parent / "docs" / "tutorials").glob("*.ipynb"))


def test_there_are_six():
    assert {p.stem for p in PATHS} == {
        "a_figure_of_your_own",
        "first_look",
        "five_questions",
        "is_it_calibrated_here",
        "reading_a_delay_curve",
        "what_a_probability_means",
    }


@pytest.mark.parametrize("path", PATHS, ids=lambda p: p.stem)
def test_it_runs_and_its_claims_hold(path, capsys):
    """A claim that no longer holds fails in its cell, and the message names it."""
    names: dict[str, object] = {}
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            run_cell(cell.source, names)
    assert capsys.readouterr().err == ""


def test_a_kernel_runs_them_too():
    done = kernels.run(next(p for p in PATHS if p.stem == "first_look"), {})
    assert not [o for c in done.cells if c.cell_type == "code" for o in c.outputs if o.get("name") == "stderr"]


@pytest.mark.parametrize("path", PATHS, ids=lambda p: p.stem)
def test_it_is_short_prose_with_claims_and_no_outputs(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    code = [c for c in notebook.cells if c.cell_type == "code"]
    prose = [len(c.source.split()) for c in notebook.cells if c.cell_type == "markdown"]
    assert all(not c.outputs and c.execution_count is None for c in code)
    assert not any(re.search(r"^\s*(def|class) ", c.source, re.M) for c in code)
    assert sum(c.source.startswith("assert ") or "\nassert " in c.source for c in code) >= 4
    assert median(prose) >= 20
