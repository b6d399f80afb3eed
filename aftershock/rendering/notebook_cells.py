"""Small questions about the cells of a notebook, for the page and for messages."""

from __future__ import annotations

import re

from nbformat import NotebookNode

from aftershock.dataset.masking import AS_IT_IS, Mask
from aftershock.output import safe_html

INJECTED = "injected-parameters"
NOTEBOOK_ONLY = "notebook-only"
"""Tag of cells for an analyst who goes on in JupyterLab."""
BRIEF = "brief"
"""Tag of the cells of a report that are rendered where one page is asked for."""
_QUOTED = re.compile(r"""(["'])((?:[A-Za-z]:[\\/]|/|~|\\\\)(?:(?!\1)[^\\\n]|\\.)*)\1""")


def numbers(notebook: NotebookNode) -> dict[int, int]:
    """The number of each code cell by its ``id()``, from 1, as JupyterLab counts them after "Restart and run all".

    The cell that papermill injects is not in the notebook that a user opens: it shares the number of the one before.
    """
    found: dict[int, int] = {}
    count = 0
    for cell in notebook.cells:
        if cell.cell_type == "code":
            count += INJECTED not in cell.metadata.get("tags", [])
            found[id(cell)] = max(count, 1)
    return found


def for_report(notebook: NotebookNode, *, brief: bool = False) -> NotebookNode:
    """The notebook without the cells that are tagged :data:`NOTEBOOK_ONLY`: a report neither runs nor shows them. ``brief``:
    with nothing but its parameters and the cells that are tagged :data:`BRIEF`."""
    cells = [(cell, cell.metadata.get("tags", [])) for cell in notebook.cells]
    kept = {BRIEF, "parameters"}
    notebook.cells = [cell for cell, tags in cells if (kept & set(tags) if brief else NOTEBOOK_ONLY not in tags)]
    return notebook


def without_traces(notebook: NotebookNode) -> NotebookNode:
    """The notebook without traces of the run: papermill's times and paths, absolute paths among the parameters."""
    notebook.metadata.pop("papermill", None)
    for cell in notebook.cells:
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if INJECTED in cell.metadata.get("tags", []):
            cell.source = _without_paths(cell.source)
    return notebook


def shown_source(cell: NotebookNode, mask: Mask = AS_IT_IS) -> str:
    """A cell's code for the page. In the injected parameters, absolute paths are cut to their last part, and masked."""
    source = safe_html.clean(cell.source).strip("\n")
    if INJECTED not in cell.metadata.get("tags", []):
        return source
    return mask.text(_without_paths(source))


def _without_paths(source: str) -> str:
    return _QUOTED.sub(lambda found: f"{found[1]}…/{_last_part(found[2])}{found[1]}", source)


def _last_part(path: str) -> str:
    return re.split(r"[\\/]+", path.rstrip("\\/"))[-1]
