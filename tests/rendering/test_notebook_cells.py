"""Which cells of a notebook a report has, how they are counted, and what of their code is shown."""

from __future__ import annotations

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from aftershock.rendering.notebook_cells import for_report, numbers, shown_source, without_traces

KERNEL = {"name": "python3", "display_name": "Python 3"}


def tagged(source: str, *tags: str, **metadata: object) -> NotebookNode:
    return new_code_cell(source, metadata={"tags": list(tags), **metadata})


def test_injected_parameters_show_no_path_of_this_machine():
    source = 'folder = "/home/someone/secret/data/demo"\nwin = "C:\\\\Users\\\\me\\\\demo"\nmonth = "2025-01"'
    shown = shown_source(tagged(source, "injected-parameters"))
    assert shown == 'folder = "…/demo"\nwin = "…/demo"\nmonth = "2025-01"'


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("'~/data/demo/'", "'…/demo'"),
        ("['/a/b', '/c/d']", "['…/b', '…/d']"),
        (r"'\\\\host\\share\\demo'", "'…/demo'"),
        ("'/a/it\\'s'", None),
        ("'no/path'", "'no/path'"),
        ("'1/2'", "'1/2'"),
        ('"it\'s /not/one"', '"it\'s /not/one"'),
    ],
)
def test_only_absolute_paths_are_cut(written, shown):
    found = shown_source(tagged(f"x = {written}", "injected-parameters"))
    assert found == f"x = {shown}" if shown else "/a/" not in found


def test_code_of_the_notebook_itself_is_shown_as_it_is():
    assert shown_source(tagged("\n\npath = '/usr/share/x'\n")) == "path = '/usr/share/x'"
    assert shown_source(tagged("a\x00b\u202ec")) == "abc"


def test_cells_are_counted_as_jupyterlab_numbers_those_that_a_user_opens():
    """The parameters that were injected share the number of the cell before, or the first where there is none."""
    cells = [new_markdown_cell("#"), tagged("a", "parameters"), tagged("b", "injected-parameters"), tagged("c")]
    counted = numbers(new_notebook(cells=cells))
    assert [counted.get(id(cell)) for cell in cells] == [None, 1, 1, 2]
    first = tagged("b", "injected-parameters")
    assert numbers(new_notebook(cells=[first]))[id(first)] == 1


def test_a_brief_report_has_its_parameters_and_the_cells_that_are_marked():
    def notebook() -> NotebookNode:
        marks = (("parameters",), ("brief",), (), ("brief", "remove"), ("notebook-only",))
        return new_notebook(cells=[tagged(str(n), *tags) for n, tags in enumerate(marks)])

    assert [c.source for c in for_report(notebook(), brief=True).cells] == ["0", "1", "3"]
    assert [c.source for c in for_report(notebook()).cells] == ["0", "1", "2", "3"]


def test_a_notebook_without_traces_is_the_same_whenever_and_wherever_it_ran():
    def ran(folder: str, at: str) -> NotebookNode:
        cells = [
            tagged(f"data = '{folder}/demo'", "injected-parameters", execution={"iopub.execute_input": at}),
            tagged("path = '/etc/kept'", papermill={"start_time": at}, id="kept"),
        ]
        for number, cell in enumerate(cells):
            cell["id"] = str(number)
        return new_notebook(cells=cells, metadata={"papermill": {"input_path": folder}, "kernelspec": KERNEL})

    one, two = (without_traces(ran(*run)) for run in (("/home/me", "now"), ("/srv", "later")))
    assert one == two
    assert one.metadata == {"kernelspec": KERNEL}
    assert [c.source for c in one.cells] == ["data = '…/demo'", "path = '/etc/kept'"]
    assert one.cells[1].metadata["id"] == "kept"
