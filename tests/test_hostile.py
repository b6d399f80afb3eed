"""Hostile texts stay text: in every field of a dataset, on every page, in every figure, at every width, in a terminal."""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
import papermill.iorw
import papermill.parameterize
import pytest
from browser import wait_drawn
from conftest import shows
from hostile import CORPUS
from hostile_pages import WHOLE, Pages, Texts, write_pages

from aftershock.cli import app
from aftershock.dataset.audience import DEFAULT, for_audience
from aftershock.output.blocks import Numbers
from aftershock.output.file_names import file_name, file_names
from aftershock.output.files import inside
from aftershock.output.safe_html import clean
from aftershock.rendering import batch, jobs
from aftershock.rendering.exporter import export
from aftershock.rendering.job import Job, ReportPage
from aftershock.reports.notebook_parameters import (
    ExploreParameters,
    MonthlyReviewParameters,
    PostmortemParameters,
    check,
)
from aftershock.schema.errors import UsageError

EMPTY = ("NaN", "undefined", ".", "#REF!")  # what a program writes into a cell that holds nothing is read as that
PAGES = ("postmortem", "review", "explore", "labels", "failed")

# What a text must not be able to add to a page. Rows and paragraphs grow with the data, these do not.
COUNTED = [
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "main",
    "footer",
    "nav",
    "script",
    "style",
    "link",
    "meta",
    "base",
    "title",
    "form",
    "iframe",
    "object",
    "embed",
    "video",
    "audio",
    "template",
    "dialog",
    "input",
    "select",
    "textarea",
    "button",
    "img",
    "math",
    "marquee",
    "foreignObject",
    "animate",
    "use",
    "image",
    "svg a",
]

COUNT = """(names) => Object.fromEntries(names.map((name) => {
  const all = [...document.querySelectorAll(name)];
  return [name, all.filter((one) => !one.closest('.as-markdown, .modebar, .as-tools, .as-sort')).length];
}))"""

# Elements that stick out of the page, unless an ancestor scrolls or clips what is inside it.
DISPLACED = """() => {
  const wide = document.documentElement.clientWidth;
  const held = (one) => {
    for (let up = one.parentElement; up && up !== document.body; up = up.parentElement)
      if (getComputedStyle(up).overflowX !== 'visible') return true;
    return one.closest('svg') !== null;
  };
  return [...document.body.querySelectorAll('*')].filter((one) => {
    const box = one.getBoundingClientRect();
    if (!box.width || !box.height || one.matches('.as-skip')) return false;
    return (box.right > wide + 1 || box.left < -1) && !held(one);
  }).map((one) => one.outerHTML.slice(0, 160));
}"""
CELLS = "[...document.querySelectorAll('td')].map((cell) => cell.textContent)"
OWN_TAGS = re.compile(r"</?b>|<br>|</?span( style=[\"'](color:#?[\w(),.]+|opacity:[\d.]+)[\"'])?>|</span>")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory) -> Pages:
    return write_pages(tmp_path_factory.mktemp("hostile"), Texts.hostile())


@pytest.fixture(scope="module")
def harmless(tmp_path_factory) -> Pages:
    return write_pages(tmp_path_factory.mktemp("harmless"), Texts.harmless())


class Tab:
    """A browser's tab that refuses every request beyond the disk, and notes requests, dialogs, windows, complaints."""

    def __init__(self, chromium):
        self.context = chromium.new_context(viewport={"width": 1280, "height": 900})
        self.page = self.context.new_page()
        self.requests, self.events = [], []
        self.page.route(lambda url: not url.startswith("file:"), lambda route: route.abort())
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("dialog", self._dismiss)
        self.page.on("pageerror", lambda error: self.events.append(str(error)))
        self.page.on("console", lambda message: message.type == "error" and self.events.append(message.text))
        self.context.on("page", lambda page: self.events.append(f"opened {page.url}"))

    def _dismiss(self, dialog) -> None:
        self.events.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def open(self, path: Path) -> None:
        self.requests.clear()
        self.events.clear()
        self.page.goto(path.as_uri())
        if self.page.locator(".as-plot").count():
            wait_drawn(self.page)
        self.page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")

    def counts(self) -> dict[str, int]:
        return self.page.evaluate(COUNT, COUNTED)

    def assert_calm(self, path: Path) -> None:
        """Nothing ran, nothing was asked for but the page itself, nothing sticks out of it."""
        assert self.page.evaluate("window.hacked") is None
        assert self.events == []
        assert self.requests == [path.as_uri()]
        for width in (1280, 360):
            self.page.set_viewport_size({"width": width, "height": 900})
            assert self.page.evaluate("document.documentElement.scrollWidth") <= width
            assert self.page.evaluate(DISPLACED) == []


@pytest.fixture(scope="module")
def tab(chromium) -> Iterator[Tab]:
    opened = Tab(chromium)
    yield opened
    opened.context.close()


def test_the_corpus_is_large_and_without_repetition():
    assert len(set(CORPUS)) == len(CORPUS) >= 300


@pytest.mark.browser
@pytest.mark.parametrize("name", PAGES)
def test_nothing_runs_is_fetched_or_moves(tab, hostile, harmless, name):
    tab.open(harmless.paths[name])
    expected = tab.counts()
    tab.open(hostile.paths[name])
    found = tab.counts()
    if name == "postmortem":  # the page of several postmortems one after the other; a figure has a style of its own
        expected["style"] = found["style"]
    assert found == expected
    tab.assert_calm(hostile.paths[name])


@pytest.mark.browser
def test_every_text_is_read_as_it_was_written(tab, hostile):
    tab.open(hostile.paths["review"])
    shown = {_bare(cell) for cell in tab.page.evaluate(CELLS)}
    missing = [t for t in Texts.hostile().texts if t not in EMPTY and _bare(clean(_written(t))) not in shown]
    assert missing == []


def _written(text: str) -> str:
    """What a file can hold of a text: half a surrogate pair becomes a question mark."""
    return text.encode("utf-8", "replace").decode()


def _bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


def test_figures_hold_no_markup_of_a_log(hostile):
    checked = 0
    for cells in hostile.cells.values():
        for figure in _figures(cells):
            figure.get("layout", {}).pop("meta", None)  # escaped by the page, like any text
            for text in _strings(figure):
                left = OWN_TAGS.sub("", text)
                assert not re.search(r"<(?! ?\d)|\$|&(?!(amp|lt|gt|#36);)", left), text
                checked += 1
    assert checked > 2000


def _figures(cells: list) -> Iterator[dict]:
    for one in cells:
        for output in one.get("outputs", []):
            if "application/vnd.plotly.v1+json" in output.get("data", {}):
                yield json.loads(json.dumps(output.data["application/vnd.plotly.v1+json"]))


def test_the_numbers_beside_a_report_are_json_and_hold_every_text(tmp_path):
    texts = Texts.hostile().texts
    cell = shows(Numbers({"texts": texts, **{text: text for text in texts}}))
    page = ReportPage(texts[0], texts[1])
    exported = export(nbformat.v4.new_notebook(cells=[cell]), page)
    job = Job("d", "incident", texts[3], texts[4], Path("n"), {}, Path("x.html"), page)
    path = tmp_path / "numbers.json"
    path.write_text(batch.numbers_json(job, exported.numbers), encoding="utf-8")
    assert json.loads(path.read_text(encoding="utf-8"))["texts"] == [_written(text) for text in texts]


def test_file_names_stay_in_their_folder_and_apart(tmp_path):
    names = file_names(Texts.hostile().texts)
    for name in names.values():
        path = inside(tmp_path, Path("d") / "incidents" / f"{name}.html")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    folder = tmp_path / "d" / "incidents"
    assert len(list(folder.iterdir())) == len({n.lower() for n in names.values()}) == len(names)
    assert [p for p in tmp_path.rglob("*") if p.is_file() and p.parent != folder] == []


def test_hostile_parameters_are_refused_in_words(twitter, monkeypatch):
    monkeypatch.setattr("aftershock.reports.notebook_parameters.load", lambda _: twitter)
    shown = for_audience(twitter, DEFAULT)  # masked once, not for each text
    monkeypatch.setattr("aftershock.reports.notebook_parameters.for_audience", lambda *_: shown)
    for text in CORPUS:
        for model, name in (
            (PostmortemParameters, "incident_id"),
            (MonthlyReviewParameters, "month"),
            (ExploreParameters, "service"),
        ):
            values = {"dataset": "twitter-2023", name: text}
            with pytest.raises(UsageError, match=r"no (incident|month|service) "):
                check(model, values)


def test_parameters_reach_a_notebook_as_they_are():
    """papermill writes them into a cell as Python: none may end its string or its line."""
    notebook = papermill.iorw.load_notebook_node(str(jobs.NOTEBOOKS / "postmortem.ipynb"))
    for text in Texts.hostile().texts:
        done = papermill.parameterize.parameterize_notebook(notebook, {"incident_id": _written(text)})
        injected = next(c for c in done.cells if "injected-parameters" in c.metadata.get("tags", []))
        (assignment,) = ast.parse(injected.source).body
        assert ast.literal_eval(assignment.value) == _written(text)


@pytest.mark.parametrize("command", ["check", "why", "suspects", "report"])
def test_nothing_on_a_terminal_is_obeyed(hostile, capsys, monkeypatch, command, tmp_path):
    texts = Texts.hostile().texts
    data = str(hostile.data)
    arguments = {
        "check": ["check", data],
        "why": ["why", texts[5], texts[5], "--dataset", data],
        "suspects": ["suspects", data, "--top", "3"],
        "report": ["report", "incident", data, texts[5] + "x", "--output", str(tmp_path / "out")],
    }[command]
    monkeypatch.setattr(sys, "argv", ["aftershock", *arguments])
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    with pytest.raises(SystemExit) as ended:
        app.run()
    assert ended.value.code == (2 if command == "report" else 0)
    said = "".join(capsys.readouterr())
    assert len(said) > 100
    assert re.findall("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff]", said) == []


def test_the_carriers_reach_every_part_of_the_corpus():
    """Enough incidents have a postmortem for each kind of text to stand in its title."""
    assert len(Texts.hostile().texts) // WHOLE >= 3
    assert file_name(Texts.hostile().texts[0]) == "script-window-hacked-1-script-" + file_name(CORPUS[0])[-8:]
