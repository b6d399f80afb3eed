"""A finished notebook as one HTML file that needs no network, and the numbers next to it.

This is nbconvert's template exporter with a template of our own (``templates/aftershock``), which extends nbconvert's
``base/display_priority.j2``. A preprocessor first turns every Markdown cell and every output into HTML, so that what
cannot be shown stops the export. Equal notebooks give equal bytes, but for the time of rendering (:func:`rendered_at`).
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from aftershock.output import fast_imports  # isort: skip  (before anything that imports nbformat)

from jinja2 import Environment
from markupsafe import Markup
from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode, from_dict
from traitlets.config import Config

from aftershock.figures import plotlyjs
from aftershock.output import blocks
from aftershock.rendering import notebook_cells, page_shell
from aftershock.rendering.cell_outputs import UnshownOutput, html_of, plain_text
from aftershock.rendering.figure_payload import FigurePayload
from aftershock.rendering.job import ReportPage
from aftershock.rendering.markdown_cells import MarkdownCells
from aftershock.schema.errors import AftershockError, UsageError

__all__ = ["Exported", "UnshownOutput", "export", "fast_imports"]

FIXED_TIME = "SOURCE_DATE_EPOCH"  # the variable of reproducible-builds.org


@dataclass(frozen=True)
class Exported:
    """``html``: the page. ``numbers``: what cells gave as :class:`~aftershock.output.blocks.Numbers`. ``warnings``: what cells
    wrote to stderr, and figures that bloat the page."""

    html: str
    numbers: dict[str, object]
    warnings: list[str]


def export(notebook: NotebookNode, page: ReportPage) -> Exported:
    """The notebook as a page. Raises :class:`UnshownOutput` for an output that has no form a page can show."""
    resources: dict[str, Any] = {"aftershock": {"page": page.cleaned()}}
    html, resources = _exporter().from_notebook_node(_with_shared_outputs(notebook), resources)
    content: _Content = resources["aftershock"]["content"]
    return Exported(html, content.numbers, content.warnings + content.figures.heavy)


class _Shared(NotebookNode):
    """An output that is only read: nbconvert copies a notebook three times, and its outputs are nearly all of it."""

    def __deepcopy__(self, memo: dict[int, Any]) -> _Shared:
        return self


def _with_shared_outputs(notebook: NotebookNode) -> NotebookNode:
    cells = [
        NotebookNode(cell, outputs=[_Shared(output) for output in cell.outputs]) if "outputs" in cell else cell
        for cell in notebook.cells
    ]
    return NotebookNode(notebook, cells=cells)


@cache
def _exporter() -> TemplateExporter:
    return ReportExporter()


class _Content:
    """What one notebook gives its page, collected cell by cell."""

    def __init__(self, page: ReportPage) -> None:
        self.page = page
        self.figures = FigurePayload()
        self.markdown_cells = MarkdownCells()
        self.numbers: dict[str, object] = {}
        self.warnings: list[str] = []
        self.code: list[str] = []

    def take(self, cell: NotebookNode, number: int) -> None:
        """Replaces the outputs of a code cell by HTML; its code waits for the next cell that shows something."""
        if self.page.audience != "public" and not self.page.brief:
            self.code.append(notebook_cells.shown_source(cell, self.page.mask))
        shown = [html for output in cell.outputs if (html := self._html(output, number))]
        cell.outputs = [from_dict(_shown(html)) for html in shown]
        cell.metadata["aftershock"] = {"code": self.code if shown else []}
        if shown:
            self.code = []

    def _html(self, output: NotebookNode, number: int) -> Markup | None:
        if output.output_type == "stream":
            return self._stream(output, number)
        if output.output_type == "error":
            raise UnshownOutput(number, [f"an error ({output.ename})"])
        if blocks.NUMBERS_MIMETYPE in output.data:
            self._add_numbers(output.data[blocks.NUMBERS_MIMETYPE], number)
        return html_of(output.data, number, self.figures)

    def _stream(self, output: NotebookNode, number: int) -> Markup | None:
        text = "".join(output.text)
        if output.name == "stderr":
            self.warnings.append(f"code cell {number}: {text.strip()}")
            return None
        return plain_text(text.rstrip("\n")) if text.strip() else None

    def _add_numbers(self, numbers: Mapping[str, object], number: int) -> None:
        for name, value in numbers.items():
            if self.numbers.setdefault(name, value) != value:
                raise AftershockError(f"code cell {number} gives the number {name!r} a second value")


def _shown(html: Markup) -> dict[str, object]:
    """An output; nbformat's own would validate each by itself, and all are validated together."""
    return {"output_type": "display_data", "data": {"text/html": html}, "metadata": {}}


@contextlib.contextmanager
def fixed_time(given: str | None) -> Iterator[None]:
    """Meanwhile, in this process, pages give this time as that of their rendering; None: as it is."""
    before = os.environ.get(FIXED_TIME)
    if given is not None:
        os.environ[FIXED_TIME] = given
    try:
        yield
    finally:
        if given is not None:
            os.environ.pop(FIXED_TIME)
            os.environ.update({} if before is None else {FIXED_TIME: before})


def rendered_at() -> datetime:
    """The time that a page gives as that of its rendering (UTC): now, or what SOURCE_DATE_EPOCH says, for equal bytes."""
    given = os.environ.get(FIXED_TIME)
    try:
        return datetime.fromtimestamp(int(given), UTC) if given else datetime.now(UTC)
    except (ValueError, OverflowError, OSError):
        raise UsageError(f"{FIXED_TIME} is {given!r}; expected whole seconds since 1970, such as 1700000000") from None


class ReportPreprocessor(Preprocessor):
    """Fills ``resources["aftershock"]`` with what the template shows, and turns all outputs into HTML."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        content = _Content(resources["aftershock"]["page"])
        numbers = notebook_cells.numbers(nb)
        nb.cells = [cell for cell in nb.cells if "remove" not in cell.metadata.get("tags", [])]
        for cell in nb.cells:
            if cell.cell_type == "markdown":
                html = content.markdown_cells.html(cell.source)
                cell.metadata["aftershock"] = {"html": html} if html else {}
            elif cell.cell_type == "code":
                content.take(cell, numbers[id(cell)])
        nb.cells = [cell for cell in nb.cells if cell.cell_type == "code" or cell.metadata.get("aftershock")]
        resources["aftershock"] |= _values(content, resources["aftershock"]["page"])
        return nb, resources


def _values(content: _Content, page: ReportPage) -> dict[str, object]:
    """What the template needs besides the cells."""
    has_figures = len(content.figures) > 0
    plotly = plotlyjs.bundle(content.figures.traces) if has_figures else None
    return {
        "content": content,
        "headings": content.markdown_cells.headings,
        "code_left": content.code,
        "rendered": rendered_at().isoformat(timespec="seconds").replace("+00:00", "Z"),
        "has_figures": has_figures,
        "figures": content.figures.payload() if has_figures else "",
        "plotly": plotly.packed if plotly else "",
        "shell": page_shell.shell(
            page.title, page.language, [plotly.sha256] if plotly else [], body="as-brief" if page.brief else ""
        ),
    }


class ReportExporter(TemplateExporter):
    """nbconvert's exporter with Aftershock's template and preprocessor; fetches and writes nothing."""

    export_from_notebook = "Aftershock report"
    output_mimetype = "text/html"

    def __init__(self) -> None:
        config = Config()
        config.ReportExporter.preprocessors = [ReportPreprocessor]
        config.ReportPreprocessor.enabled = True
        config.ReportExporter.optimistic_validation = True  # once, not after each preprocessor
        super().__init__(config=config, template_name="aftershock", extra_template_basedirs=[str(page_shell.TEMPLATES)])

    def _file_extension_default(self) -> str:
        return ".html"

    def _template_extension_default(self) -> str:
        return ".html.j2"

    def _create_environment(self) -> Environment:
        # nbconvert leaves escaping to each expression of a template; here nothing passes unless it is Markup.
        environment = super()._create_environment()
        environment.autoescape = True
        return environment
