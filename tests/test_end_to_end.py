"""From two logs to pages: the notebooks as they are committed, rendered as users render them, opened as readers do."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from browser import fetched, opened, wait_drawn
from conftest import HOSTILE
from few_draws import expect_from_few
from nbformat import NotebookNode
from papermill import PapermillExecutionError, execute_notebook

from aftershock.rendering import batch, jobs
from aftershock.rendering.site.index import write_site

NOTEBOOKS = sorted(jobs.NOTEBOOKS.glob("*.ipynb"))


def hostile_dataset(folder: Path) -> Path:
    """Markup, scripts and paths in every field of both logs, the catalog and the write-up."""
    folder.mkdir()
    cell = '"' + HOSTILE.replace('"', '""').replace("\x00", "") + '"'
    (folder / "dataset.toml").write_text(
        'name = "<script>window.hacked=1</script>"\ndescription = "<b>"\n[incidents]\npath = "incidents.csv"\n[changes]\npath = "changes.csv"\n'
        '[services]\npath = "services.csv"\n'
    )
    (folder / "incidents.csv").write_text(
        "incident_id,started_at,services,title,description,severity,url,caused_by,caused_by_source,note\n"
        f"{cell},2024-01-10T12:00Z,{cell},{cell},{cell},{cell},javascript:hacked=1,{cell},{cell},{cell}\n"
        f"../../etc/passwd,2024-01-20T12:00Z,{cell},{cell},{cell},{cell},{cell},c1,{cell},{cell}\n"
    )
    (folder / "changes.csv").write_text(
        "change_id,started_at,kind,services,title,description,author,paths,environment,status\n"
        f"{cell},2024-01-10T11:00Z,{cell},{cell},{cell},{cell},{cell},{cell},,{cell}\nc1,2024-01-20T11:00Z,deploy,{cell},{cell},{cell},{cell},{cell},,\n"
        f"c2,2024-02-20T11:00Z,deploy,x,,,,,,\n"
    )
    (folder / "services.csv").write_text(f"service,depends_on,source\n{cell},db,{cell}\nweb,{cell},{cell}\n")
    (folder / "postmortems").mkdir()
    (folder / "postmortems" / "etc-passwd-3754d6cb.md").write_text(
        f"## Narrative\n\n{HOSTILE}\n\n[x](javascript:hacked=1) ![y](https://example.org/y.png)\n\n## "
        "Action items\n\n| action | owner | due |\n|---|---|---|\n"
        f"| {HOSTILE.replace('|', '/')} | x | 2024-01-01 |\n"
    )
    return folder


@pytest.fixture(scope="module")
def output(tmp_path_factory) -> Path:
    """A report of each sort, and the index over them."""
    base = tmp_path_factory.mktemp("end-to-end")
    hostile = expect_from_few(hostile_dataset(base / "hostile"))
    planned = [
        *jobs.incidents("twitter-2023", ["tw-2023-03-06"]),
        *jobs.month("twitter-2023", "2023-04", with_incidents=False),
        *jobs.month("demo", "", with_incidents=False),
        *jobs.quality("demo"),
        *jobs.everything(hostile),
    ]
    results = batch.render(planned, base / "reports")
    assert [r.error for r in results] == [""] * len(planned)
    assert [w for r in results for w in r.warnings] == []
    write_site(base / "reports")
    return base / "reports"


def pages(output: Path) -> list[Path]:
    return sorted(output.rglob("*.html"))


def test_every_report_lies_where_its_name_says(output):
    places = {str(p.relative_to(output)) for p in pages(output)}
    assert {
        "index.html",
        "twitter-2023/incidents/tw-2023-03-06.html",
        "twitter-2023/2023-04/index.html",
        "demo/2025-12/index.html",
        "hostile/incidents/etc-passwd-3754d6cb.html",
        "hostile/2024-01/index.html",
        "hostile/check.html",
        "hostile/quality.html",
    } <= places
    assert all(p.with_suffix(".json").is_file() for p in pages(output) if p != output / "index.html")


def test_the_numbers_beside_a_page_are_those_on_it(output):
    numbers = json.loads((output / "twitter-2023/incidents/tw-2023-03-06.json").read_text())
    page = (output / "twitter-2023/incidents/tw-2023-03-06.html").read_text()
    best = numbers["suspects"][0]
    assert best["change_id"] == "chg-2023-03-06-apicfg"
    assert f"{100 * best['probability']:.0f}\u00a0%" in page
    assert numbers["report"]["identifier"] == "tw-2023-03-06"


def test_a_page_holds_plotly_once_and_no_address_to_fetch(output):
    for path in pages(output):
        page = path.read_text()
        assert page.count('id="as-plotly"') <= 1 or page.count("as-plotly") < 10, path
        assert not re.search(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=[\"']?https?:", page), path
        assert str(Path.home()) not in page, path


def test_code_is_hidden_and_one_click_away(output):
    page = (output / "twitter-2023/incidents/tw-2023-03-06.html").read_text()
    assert "<summary>Code</summary>" in page
    assert "figures.suspect_bars(suspects)" in page
    assert "Check the parameters, read the two logs." not in page


def test_the_index_leads_to_every_report(output):
    index = (output / "index.html").read_text()
    for path in pages(output):
        relative = path.relative_to(output)
        assert relative == Path("index.html") or f'href="{relative}"' in index


def test_links_between_reports_resolve(output):
    for path in pages(output):
        for href in re.findall(r'<a href="([^"#:]+)"', path.read_text()):
            target = (path.parent / href).resolve()
            assert target.is_file(), f"{path}: {href}"


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 360])
def test_every_figure_is_drawn_offline_without_a_complaint(chromium, output, width):
    for path in pages(output):
        with opened(chromium, path, viewport={"width": width, "height": 900}) as (tab, requests, complaints):
            plots = tab.locator(".as-plot").count()
            assert plots or path.parent == output
            if plots:
                wait_drawn(tab)
            assert tab.locator(".js-plotly-plot .main-svg:first-child").count() == plots, path
            assert fetched(requests) == [path.as_uri()], path
            assert complaints == [], path
            assert tab.evaluate("window.hacked") is None, path
            assert tab.evaluate("document.documentElement.scrollWidth") <= width, path


KINDS = {
    "postmortem": "twitter-2023/incidents/tw-2023-03-06.html",
    "review": "demo/2025-12/index.html",
    "log quality": "demo/quality.html",
    "review of an empty month": "twitter-2023/2023-04/index.html",
    "index": "index.html",
}
AXE = """async (scheme) => {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
  const inked = {include: [["html"]], exclude: [[".main-svg"]]};
  const rules = {"color-contrast": {enabled: false}};
  const found = (await axe.run(inked, {runOnly: {type: "rule", values: ["color-contrast"]}})).violations;
  if (scheme === "light")
    found.push(...(await axe.run(document, {runOnly: {type: "tag", values: tags}, rules})).violations);
  return found.map((rule) => [rule.id, rule.nodes[0].html.slice(0, 200)]);
}"""
CONTRASTS = """() => {
  const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
  const paint = (colours) => {
    canvas.clearRect(0, 0, 1, 1);
    for (const [colour, opacity] of colours) {
      canvas.globalAlpha = opacity; canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    }
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (rgb) => {
    const [r, g, b] = rgb.map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const page = getComputedStyle(document.body).backgroundColor;
  return [...document.querySelectorAll(".main-svg text")].filter((text) => text.textContent.trim()).map((text) => {
    let opacity = 1;
    for (let e = text; e && !e.classList.contains("main-svg"); e = e.parentElement) opacity *= Number(getComputedStyle(e).opacity);
    const style = getComputedStyle(text);
    const ground = paint([[page, 1]]);
    const ink = paint([[page, 1], [style.fill, opacity * Number(style.fillOpacity)]]);
    const [high, low] = [light(ground), light(ink)].sort((a, b) => b - a);
    return [(high + 0.05) / (low + 0.05), text.textContent];
  });
}"""


@pytest.fixture(scope="module")
def axe() -> str:
    packed = Path(__file__).parent / "vendor" / "axe.min.js.gz"
    return gzip.decompress(packed.read_bytes()).decode()


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_keeps_a_reader_out(chromium, output, axe, kind, scheme):
    """axe-core finds no violation of WCAG 2.2 AA with everything unfolded; text inside figures, whose ground axe cannot
    tell, reaches a contrast of 4.5:1 on the page. Only contrasts depend on the scheme."""
    with opened(chromium, output / KINDS[kind], color_scheme=scheme, bypass_csp=True) as (tab, _, _):
        if tab.locator(".as-plot").count():
            wait_drawn(tab)
        tab.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
        tab.evaluate(axe)
        assert tab.evaluate(AXE, scheme) == []
        contrasts = tab.evaluate(CONTRASTS)
        assert {text: ratio for ratio, text in contrasts if ratio < 4.5} == {}
        if kind in ("postmortem", "review"):
            assert len(contrasts) > 40, "there is text in figures to look at"


@pytest.mark.parametrize(
    ("kind", "most"), [("postmortem", 800_000), ("review", 1_500_000), ("log quality", 800_000), ("index", 100_000)]
)
def test_files_keep_to_their_size(output, kind, most):
    """Each figure's own budget is kept too: the batch would have warned (rendering/charts.py)."""
    page = output / KINDS[kind]
    assert page.stat().st_size <= most
    if kind != "index":
        assert page.read_text(encoding="utf-8").count('class="as-plot"') >= (3 if kind == "log quality" else 4)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_notebooks_are_committed_clean(path):
    notebook = nbformat.read(path, as_version=4)
    code = [c for c in notebook.cells if c.cell_type == "code"]
    assert all(not c.outputs and c.execution_count is None for c in code)
    assert sum("parameters" in c.metadata.get("tags", []) for c in code) == 1
    assert not any(re.search(r"^\s*(def|class|for|while) ", c.source, re.M) for c in code)
    assert all(len(c.source.splitlines()) <= 5 + ("parameters" in c.metadata.get("tags", [])) for c in code)


def papermill(*arguments: str, cwd: Path) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "papermill", *arguments], capture_output=True, text=True, cwd=cwd, check=False
    )


def execute(path: Path, target: Path, **parameters: object) -> NotebookNode:
    """What papermill's command does once it has read its arguments, in the folder of the target."""
    execute_notebook(path, target, parameters, cwd=target.parent, progress_bar=False)
    return nbformat.read(target, as_version=4)


FEWER = {"model_check": {"folds": 0}, "monthly_review": {"month": "2023-03"}}  # more fits say nothing of papermill


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_notebooks_run_through_plain_papermill_from_any_folder(path, tmp_path):
    executed = execute(path, tmp_path / "out.ipynb", dataset="twitter-2023", **FEWER.get(path.stem, {}))
    shown = [o for c in executed.cells if c.cell_type == "code" for o in c.outputs]
    assert any("application/vnd.plotly.v1+json" in o.get("data", {}) for o in shown)
    assert not any(o.output_type == "stream" and o.name == "stderr" for o in shown if path.stem != "explore")


UNKNOWN = "unknown parameter 'incidnet_id' of postmortem.ipynb; the nearest is 'incident_id'"


def test_plain_papermill_stops_in_the_first_cell_with_the_same_sentence(tmp_path):
    with pytest.raises(PapermillExecutionError, match=r"no dataset 'nowhere': expected a folder with a dataset\.toml"):
        execute(jobs.NOTEBOOKS / "explore.ipynb", tmp_path / "out.ipynb", dataset="nowhere")
    assert_stopped(tmp_path / "out.ipynb")


def test_the_command_of_papermill_stops_there_too(tmp_path):
    notebook, target = str(jobs.NOTEBOOKS / "postmortem.ipynb"), tmp_path / "out.ipynb"
    done = papermill(notebook, str(target), "-p", "incidnet_id", "x", cwd=tmp_path)
    assert done.returncode != 0
    assert UNKNOWN in done.stderr
    assert_stopped(target)


def assert_stopped(target: Path) -> None:
    """Only the cell that opens the report said anything."""
    executed = nbformat.read(target, as_version=4)
    spoke = [c.source for c in executed.cells if c.cell_type == "code" and c.outputs]
    assert len(spoke) == 1
    assert "open_" in spoke[0]


def test_papermill_explains_the_parameters(tmp_path):
    done = papermill(str(jobs.NOTEBOOKS / "postmortem.ipynb"), "--help-notebook", cwd=tmp_path)
    assert "incident_id: str" in done.stdout
    assert "the incident, as the log calls it" in done.stdout
