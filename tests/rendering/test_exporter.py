"""A notebook that ran becomes one page: its figures, code, outputs and scripts, and nothing from elsewhere."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re

import plotly.graph_objects as go
import pytest
from conftest import HOSTILE, figure, shows
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from aftershock.output import blocks, html_table
from aftershock.rendering import page_shell
from aftershock.rendering.exporter import UnshownOutput, export
from aftershock.rendering.job import ReportPage
from aftershock.schema.errors import AftershockError

SVG = "<svg onload='x()'/>"
PAGE = ReportPage(title="A page")


def html_of(*cells, page=PAGE) -> str:
    return export(new_notebook(cells=list(cells)), page).html


def payload(html: str) -> dict:
    packed = re.search(r'id="as-figures">([^<]*)<', html)[1]
    return json.loads(gzip.decompress(base64.b64decode(packed)))


def display(**data) -> dict:
    return new_output("display_data", {name.replace("_", "/", 1): value for name, value in data.items()})


def test_one_plotly_for_many_figures_and_none_without():
    many = html_of(*(shows(figure(str(i))) for i in range(6)))
    assert many.count('id="as-plotly"') == 1
    assert len(many) < 800_000
    none = html_of(shows(blocks.Prose("no figure")))
    assert 'as-plotly">' not in none and len(none) < 60_000


def test_a_figure_that_bloats_the_page_is_named():
    noise = [hashlib.sha256(str(i).encode()).hexdigest() for i in range(2000)]
    heavy = figure().update_traces(hovertext=noise)
    exported = export(new_notebook(cells=[shows(figure()), shows(heavy)]), PAGE)
    assert len(exported.warnings) == 1
    assert re.fullmatch(
        r"figure 2 takes \d+ kB of the page, more than 40: aggregate or round what it draws", exported.warnings[0]
    )


def test_a_figure_without_data_is_its_words():
    empty = go.Figure().update_layout(
        meta={"alt": "Nothing <here>.", "finding": "Nothing <here>.", "caption": "How to"}
    )
    html = html_of(shows(empty))
    assert '<p class="as-empty">Nothing &lt;here&gt;.</p></figure>' in html
    assert "as-plot" not in html.split("<main")[1] and 'id="as-plotly"' not in html


def test_policy_allows_the_two_scripts_of_the_page_and_no_other():
    html = html_of(shows(figure()))
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)[1].replace("&#39;", "'")
    boot = re.search(r"<script>(.*?)</script>", html, re.S)[1]
    plotly = gzip.decompress(base64.b64decode(re.search(r'id="as-plotly">([^<]*)<', html)[1])).decode()
    hashes = [base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in (boot, plotly)]
    assert policy == (
        f"default-src 'none'; script-src 'sha256-{hashes[0]}' 'sha256-{hashes[1]}'; style-src 'unsafe-inline'; "
        "img-src data: blob:; font-src data:; base-uri 'none'; form-action 'none'"
    )
    assert len(re.findall(r"<script\b", html)) == 3


def test_page_asks_for_nothing_from_elsewhere():
    html = html_of(shows(figure()), new_markdown_cell("![x](https://example.org/x.png)"))
    assert not re.findall(r'(?:src|srcset|data)="(?!data:)[^"]*"', html)
    assert "@import" not in html and "url(" not in html and "<link" not in html


def test_hostile_title_text_and_code_are_escaped():
    page = ReportPage(
        title=HOSTILE, subtitle=HOSTILE, links=[(HOSTILE, HOSTILE), ("x", "javascript:alert(1)")], generator=HOSTILE
    )
    html = html_of(
        new_markdown_cell(f"## {HOSTILE}\n\n{HOSTILE}"),
        shows(figure(HOSTILE), blocks.Prose(HOSTILE), source=HOSTILE),
        page=page,
    )
    assert "<img" not in html and "<svg" not in html and "javascript:" not in html
    assert len(re.findall(r"<script\b", html)) == 3 and html.count("</title>") == 1
    assert "\u202e" not in html and "\x00" not in html


def test_headings_get_unique_ids_fitting_levels_and_a_table_of_contents():
    html = html_of(
        new_markdown_cell("# Notebook title\n\nIntro"),
        new_markdown_cell("## Main\n\n#### Deep\n\n## Main"),
        new_markdown_cell("# Second title\n\n## figure 1 & `more`"),
    )
    assert re.findall(r'<h(\d) id="([^"]*)"', html) == [
        ("2", "main-2"),
        ("3", "deep"),
        ("2", "main-3"),
        ("2", "second-title"),
        ("2", "section-figure-1-more"),
    ]
    assert "Notebook title" not in html and "<p>Intro</p>" in html
    assert re.findall(r'<li class="as-level-(\d)"><a href="#([^"]*)">([^<]*)<', html) == [
        ("2", "main-2", "Main"),
        ("3", "deep", "Deep"),
        ("2", "main-3", "Main"),
        ("2", "second-title", "Second title"),
        ("2", "section-figure-1-more", "figure 1 &amp; more"),
    ]
    ids = re.findall(r'\bid="([^"]*)"', html)
    assert len(ids) == len(set(ids))


def test_code_is_folded_under_the_next_output_and_removed_cells_are_gone():
    secret = new_code_cell("secret()", metadata={"tags": ["remove"]})
    html = html_of(
        new_code_cell("setup = 1"),
        secret,
        new_markdown_cell("## Part"),
        shows(blocks.Prose("shown"), source="show()"),
        new_code_cell("end = 1"),
    )
    assert "secret" not in html
    folded = re.findall(r'<details class="as-code"><summary>Code</summary>(.*?)</details>', html, re.S)
    assert [re.findall(r"<code>(.*?)</code>", part) for part in folded] == [["setup = 1", "show()"], ["end = 1"]]
    assert html.index("shown") < html.index("setup = 1")


def test_same_notebook_gives_same_bytes_whatever_its_run_metadata():
    def notebook(stamp):
        cells = [new_markdown_cell("## A"), shows(figure(), html_table.Table(figure_frame()))]
        made = new_notebook(cells=cells, metadata={"papermill": {"start_time": stamp, "output_path": f"/tmp/{stamp}"}})
        made.cells[1].metadata["papermill"] = {"duration": stamp}
        return made

    one, two = (export(notebook(stamp), PAGE).html for stamp in ("one-run", "other-run"))
    assert one == two and "one-run" not in one


def figure_frame():
    import pandas as pd

    return pd.DataFrame({"a": [1, 2]})


def test_error_output_stops_the_export():
    failed = new_code_cell("1/0", outputs=[new_output("error", ename="ZeroDivisionError", evalue="", traceback=[])])
    with pytest.raises(UnshownOutput, match=r"code cell 2 displayed an error \(ZeroDivisionError\)"):
        html_of(shows(blocks.Prose("fine")), failed)


def test_other_outputs_that_can_be_shown():
    html = html_of(
        shows(new_output("stream", name="stdout", text="\x1b[31mred\x1b[0m <b>\n")),
        shows(display(image_png="aGk=\n", text_plain="A dot")),
        shows(new_output("display_data", {"image/svg+xml": SVG})),
        shows(display(text_markdown="# big <i>\n\n*em*")),
        shows(new_output("display_data", {"application/vnd.jupyter.widget-view+json": {}, "text/plain": "Button()"})),
    )
    assert '<pre class="as-text" tabindex="0">red &lt;b&gt;</pre>' in html
    assert '<img class="as-image" src="data:image/png;base64,aGk=" alt="A dot">' in html
    assert f'src="data:image/svg+xml;base64,{base64.b64encode(SVG.encode()).decode()}"' in html
    assert "<h3>big &lt;i&gt;</h3>\n<p><em>em</em></p>" in html
    assert "Interactive control: open the notebook to use it." in html and "Button()" not in html


def test_warnings_are_collected_and_not_shown():
    exported = export(new_notebook(cells=[shows(new_output("stream", name="stderr", text="Deprecated <x>\n"))]), PAGE)
    assert exported.warnings == ["code cell 1: Deprecated <x>"] and "Deprecated" not in exported.html


def test_numbers_are_collected_and_not_shown():
    cells = [shows(blocks.Numbers({"one": 1})), shows(blocks.Numbers({"two": [2], "one": 1}))]
    exported = export(new_notebook(cells=cells), PAGE)
    assert exported.numbers == {"one": 1, "two": [2]} and "numbers for the file" not in exported.html
    with pytest.raises(AftershockError, match="code cell 2 gives the number 'one' a second value"):
        export(new_notebook(cells=[shows(blocks.Numbers({"one": 1})), shows(blocks.Numbers({"one": 2}))]), PAGE)


def test_export_leaves_the_notebook_as_it_was():
    notebook = new_notebook(cells=[new_markdown_cell("## A"), shows(figure())])
    before = json.dumps(notebook, sort_keys=True)
    export(notebook, PAGE)
    assert json.dumps(notebook, sort_keys=True) == before


def _themes() -> dict[str, dict[str, str]]:
    css = page_shell.style()
    light = dict(re.findall(r"--([\w-]+): (#\w{6})", css[: css.index("@media")]))
    dark = dict(
        re.findall(r"--([\w-]+): (#\w{6})", css[css.index(':root[data-theme="dark"]') : css.index("*, *::before")])
    )
    return {"light": light, "dark": dark}


def _luminance(colour: str) -> float:
    """Relative luminance by WCAG 2.2."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "ground"),
    [(ink, ground) for ink in ("ink", "muted", "accent") for ground in ("paper", "raised", "sunk")]
    + [("ink", "bar"), ("ink", "note"), ("ink", "alarm"), ("note-ink", "note"), ("alarm-ink", "alarm")],
)
def test_text_contrast_meets_wcag_aa(theme, ink, ground):
    colours = _themes()[theme]
    lighter, darker = sorted((_luminance(colours[ink]), _luminance(colours[ground])), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def test_dark_theme_is_the_same_by_preference_and_by_button():
    css = page_shell.style()
    rules = re.findall(r'(?:not\(\[data-theme="light"\]\)|\[data-theme="dark"\]) \{([^}]*)\}', css)
    assert len(rules) == 2 and rules[0].split() == rules[1].split()
