"""Opens rendered pages from disk, with the network off, as a reader would who got one by mail."""

from __future__ import annotations

import itertools
from pathlib import Path

import pandas as pd
import plotly.graph_objects as go
import pytest
import wide_pages
from browser import fetched, opened, wait_drawn
from conftest import HOSTILE, figure, shows
from nbformat.v4 import new_markdown_cell, new_notebook, new_output

from aftershock.output import blocks, html_table, markdown
from aftershock.rendering.exporter import export
from aftershock.rendering.job import ReportPage

pytestmark = pytest.mark.browser

TICK_COLOUR = "getComputedStyle(document.querySelector('.xtick text')).fill"
WIDE = "a-very-long-name-without-any-place-to-break-it-" * 4


@pytest.fixture(scope="module")
def page_path(tmp_path_factory) -> Path:
    """A page with every kind of figure and block, and hostile text in every place."""
    frame = pd.DataFrame({f"{HOSTILE} {i}": [HOSTILE, WIDE] for i in range(6)})
    heat = go.Figure(go.Heatmap(z=[[1, 2], [3, 4]])).update_layout(width=2000)
    cells = [
        shows(blocks.Prose(HOSTILE, kind="answer"), blocks.FactCards([(WIDE, WIDE, HOSTILE)] * 5)),
        new_markdown_cell(f"## {HOSTILE}\n\n{HOSTILE}\n\n`{WIDE}`"),
        shows(html_table.Table(frame, caption=HOSTILE), markdown.Markdown(HOSTILE), source=WIDE),
        *(shows(figure(text), source=HOSTILE) for text in ("calm", HOSTILE, WIDE)),
        shows(heat, go.Figure(go.Box(y=[1, 2, 3])), go.Figure(go.Histogram2d(x=[1, 2], y=[1, 2]))),
        new_markdown_cell("## The end"),
        # HTML that is not ours passes as it is: only the policy stands between its handler and the reader.
        shows(new_output("display_data", {"text/html": '<img src=x onerror="window.hacked=1">'})),
    ]
    page = ReportPage(title=HOSTILE, subtitle=HOSTILE, links=[("All reports", "../index.html"), (HOSTILE, HOSTILE)])
    path = tmp_path_factory.mktemp("browser") / "page.html"
    path.write_text(export(new_notebook(cells=cells), page).html, encoding="utf-8")
    return path


def test_every_figure_is_drawn_and_nothing_is_fetched(chromium, page_path):
    with opened(chromium, page_path) as (tab, requests, complaints):
        wait_drawn(tab)
        plots = tab.locator(".as-plot").count()
        assert plots == 6
        assert tab.locator(".js-plotly-plot .main-svg:first-child").count() == plots
        assert tab.locator(".js-plotly-plot .bars .point").count() == 6
        assert fetched(requests) == [page_path.as_uri()]
        assert [c for c in complaints if "Content Security Policy" not in c] == []


def test_hostile_text_is_inert(chromium, page_path):
    with opened(chromium, page_path) as (tab, _, complaints):
        wait_drawn(tab)
        tab.hover(".js-plotly-plot >> nth=1")
        assert tab.evaluate("window.hacked") is None
        assert tab.locator("script:not(head script):not([type])").count() == 0
        assert any("Content Security Policy" in c for c in complaints), "the page's own hostile image tests the policy"


def test_clean_page_has_no_complaint(chromium, tmp_path):
    path = tmp_path / "page.html"
    path.write_text(export(new_notebook(cells=[shows(figure())]), ReportPage(title="Calm")).html)
    with opened(chromium, path) as (tab, requests, complaints):
        wait_drawn(tab)
        tab.click(".as-theme")
        assert complaints == [] and fetched(requests) == [path.as_uri()]


@pytest.mark.parametrize("width", [360, 390, 768, 1280])
def test_no_sideways_scrolling(chromium, page_path, width):
    options = {"viewport": {"width": width, "height": 800}, "is_mobile": width < 400, "has_touch": width < 400}
    with opened(chromium, page_path, **options) as (tab, _, _):
        wait_drawn(tab)
        tab.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        widest = tab.evaluate(
            "Math.max(...[...document.querySelectorAll('.main-svg')].map(s => s.getBoundingClientRect().right))"
        )
        assert widest <= width


@pytest.fixture(scope="module")
def wide(tmp_path_factory) -> list[Path]:
    """Pages of every kind, with each of the texts that are too wide."""
    folder, made = tmp_path_factory.mktemp("wide"), []
    for name, word in wide_pages.WORDS.items():
        for kind, page in (
            ("notebook", wide_pages.notebook(word)),
            ("failure", wide_pages.failure(word)),
            ("index", wide_pages.index(word, folder / name)),
        ):
            made.append(folder / f"{name}-{kind}.html")
            made[-1].write_text(page, encoding="utf-8")
    return made


BEYOND = """() => [...document.querySelectorAll('body *')].filter((e) => {
    const box = e.getBoundingClientRect();
    const scrolls = e.closest('.as-table, pre, .as-plot, .as-skip, .as-hidden');
    return !scrolls && box.width && box.right > document.documentElement.clientWidth + 1;
}).map((e) => e.outerHTML.slice(0, 60)).slice(0, 5)"""


@pytest.mark.parametrize("width", [360, 390, 1280])
def test_no_text_is_too_wide_for_its_window(chromium, wide, width):
    """Neither the page scrolls sideways nor does anything stick out, except in a box that scrolls by itself."""
    context = chromium.new_context(
        viewport={"width": width, "height": 800}, is_mobile=width < 400, has_touch=width < 400
    )
    try:
        tab = context.new_page()
        for path in wide:
            tab.goto(path.as_uri())
            tab.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
            assert tab.evaluate("document.documentElement.scrollWidth") <= width, path.name
            assert tab.evaluate(BEYOND) == [], path.name
    finally:
        context.close()


def test_placeholders_reserve_the_height(chromium, page_path):
    with opened(chromium, page_path, java_script_enabled=False) as (tab, _, _):
        assert tab.evaluate("1") == 1
        before = [box.bounding_box()["height"] for box in tab.locator(".as-plot").all()]
    with opened(chromium, page_path) as (tab, _, _):
        wait_drawn(tab)
        assert [box.bounding_box()["height"] for box in tab.locator(".as-plot").all()] == before


def test_button_switches_page_and_figures(chromium, page_path):
    with opened(chromium, page_path, color_scheme="light") as (tab, _, _):
        wait_drawn(tab)
        colours = f"() => [getComputedStyle(document.body).color, {TICK_COLOUR}]"
        light = tab.evaluate(colours)
        assert light[0] == light[1] == "rgb(28, 27, 25)"
        assert tab.locator(".as-theme").get_attribute("aria-label") == "Dark: switch to the dark theme"
        tab.click(".as-theme")
        tab.wait_for_function(f"{TICK_COLOUR} === 'rgb(233, 230, 224)'")
        assert tab.evaluate(colours) == ["rgb(233, 230, 224)"] * 2


def test_dark_preference_is_followed(chromium, page_path):
    with opened(chromium, page_path, color_scheme="dark") as (tab, _, _):
        wait_drawn(tab)
        assert tab.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(21, 23, 26)"
        assert tab.evaluate(TICK_COLOUR) == "rgb(233, 230, 224)"


def test_own_dark_colours_of_a_figure(chromium, tmp_path):
    drawn = figure(color="#123456")
    drawn.layout.meta = {**drawn.layout.meta, "dark": {"#123456": "#abcdef"}}
    path = tmp_path / "page.html"
    path.write_text(export(new_notebook(cells=[shows(drawn)]), ReportPage(title="Colours")).html)
    with opened(chromium, path, color_scheme="light") as (tab, _, _):
        wait_drawn(tab)
        fill = "getComputedStyle(document.querySelector('.bars .point path')).fill"
        assert tab.evaluate(fill) == "rgb(18, 52, 86)"
        tab.click(".as-theme")
        tab.wait_for_function(f"{fill} === 'rgb(171, 205, 239)'")


def test_without_scripts_the_data_tables_are_open(chromium, page_path):
    with opened(chromium, page_path, java_script_enabled=False) as (tab, _, _):
        assert tab.locator("noscript p").is_visible()
        assert tab.locator(".as-data table").first.is_visible()
        assert not tab.locator(".as-theme").is_visible()


def test_without_decompression_the_page_says_so_and_opens_the_tables(chromium, page_path):
    with opened(chromium, page_path) as (tab, _, _):
        tab.add_init_script("delete window.DecompressionStream")
        tab.reload()
        assert tab.locator("#as-fallback").is_visible()
        assert tab.locator(".as-data table").first.is_visible()
        assert not tab.locator(".as-plot").first.is_visible()


def test_tables_are_folded_once_figures_are_drawn(chromium, page_path):
    with opened(chromium, page_path) as (tab, _, _):
        wait_drawn(tab)
        assert not tab.locator(".as-data table").first.is_visible()
        tab.locator(".as-data summary").first.click()
        assert tab.locator(".as-data table").first.is_visible()


def test_printing_is_light_and_fits_the_paper(chromium, page_path):
    with opened(chromium, page_path, color_scheme="dark", viewport={"width": 1280, "height": 800}) as (tab, _, _):
        wait_drawn(tab)
        tab.evaluate("dispatchEvent(new Event('beforeprint'))")
        tab.emulate_media(media="print")
        assert tab.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        assert tab.evaluate(TICK_COLOUR) == "rgb(28, 27, 25)"
        assert not tab.locator(".as-contents").is_visible() and not tab.locator(".as-code").first.is_visible()
        assert tab.locator(".main-svg").first.bounding_box()["width"] == 680
        tab.emulate_media(media="screen")
        tab.evaluate("dispatchEvent(new Event('afterprint'))")
        tab.wait_for_function("document.querySelector('.main-svg').getBoundingClientRect().width > 700")


def test_outline_and_landmarks(chromium, page_path):
    with opened(chromium, page_path) as (tab, _, _):
        wait_drawn(tab)
        levels = tab.evaluate("[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map((h) => Number(h.tagName[1]))")
        assert levels[0] == 1 and levels.count(1) == 1
        assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
        for landmark in ("header", "main", "footer", "nav"):
            assert tab.locator(landmark).count() >= 1
        tab.keyboard.press("Tab")
        assert tab.evaluate("document.activeElement.className") == "as-skip"
