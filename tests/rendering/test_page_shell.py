"""What a page offers besides text: tables that sort and filter, contents, links to copy, two themes, paper."""

from __future__ import annotations

import http.server
import threading
import time
from pathlib import Path

import pandas as pd
import plotly.graph_objects as go
import pytest
from browser import opened, wait_drawn
from conftest import figure, shows
from nbformat.v4 import new_markdown_cell, new_notebook
from pypdf import PdfReader

from aftershock.output import blocks, html_table, phrases, safe_html
from aftershock.rendering import page_shell
from aftershock.rendering.exporter import export
from aftershock.rendering.job import ReportPage

pytestmark = pytest.mark.browser

START = pd.Timestamp("2025-01-31T23:00Z")
CONTENTS = ".as-contents"


def table(rows: int) -> html_table.Table:
    """Rows whose order by name, number, share, length and time all differ."""
    frame = pd.DataFrame(
        {
            "name": [f"svc-{(i * 7) % rows + 1}" for i in range(rows)],
            "count": [(i * 3) % rows * 1000 for i in range(rows)],
            "share": [((i * 3) % rows) / rows for i in range(rows)],
            "length": ["not reached" if i == 0 else phrases.duration(59 + i * 37 % 200) for i in range(rows)],
            "when": [
                safe_html.sortable(f"{(START + pd.Timedelta(days=i)):%-d %b}", START + pd.Timedelta(days=i))
                for i in range(rows)
            ],
        }
    )
    return html_table.Table(frame, caption=f"Table of {rows}", bars=["share"])


@pytest.fixture(scope="module")
def page_path(tmp_path_factory) -> Path:
    cells = [
        shows(blocks.Prose("The answer.", kind="answer"), table(2), table(5), table(20)),
        *(cell for i in range(1, 5) for cell in (new_markdown_cell(f"## Part {i}"), shows(figure(f"part {i}")))),
        shows(go.Figure(go.Scatter(x=[1], y=[1])).update_layout(height=1400, title="A tall one")),
    ]
    path = tmp_path_factory.mktemp("parts") / "page.html"
    page = ReportPage(title='Outage of "x" } </style> \\ é', subtitle="Postmortem")
    path.write_text(export(new_notebook(cells=cells), page).html, encoding="utf-8")
    return path


def column(tab, nth_table: int, nth_column: int) -> list[str]:
    cells = f".as-table >> nth={nth_table} >> tbody tr:visible td:nth-child({nth_column})"
    return [text.strip().replace("\u00a0", " ") for text in tab.locator(cells).all_inner_texts()]


def heading(tab, nth_table: int, name: str):
    return tab.locator(f".as-table >> nth={nth_table} >> th", has_text=name)


def test_headings_sort_up_down_and_back(chromium, page_path):
    with opened(chromium, page_path) as (tab, _, _):
        names = column(tab, 1, 1)
        head = heading(tab, 1, "name")
        assert head.get_attribute("aria-sort") == "none"
        head.locator("button").focus()
        tab.keyboard.press("Enter")
        assert column(tab, 1, 1) == sorted(names) and head.get_attribute("aria-sort") == "ascending"
        tab.keyboard.press("Space")
        assert column(tab, 1, 1) == sorted(names, reverse=True) and head.get_attribute("aria-sort") == "descending"
        assert tab.locator("[role=status].as-hidden").first.inner_text() == "sorted by name, descending"
        tab.keyboard.press("Enter")
        assert column(tab, 1, 1) == names and head.get_attribute("aria-sort") == "none"


@pytest.mark.parametrize(("name", "place"), [("count", 2), ("share", 3), ("length", 4), ("when", 5)])
def test_numbers_lengths_and_moments_sort_by_what_they_mean(chromium, page_path, name, place):
    """Largest first; what is no length stays last in both directions."""
    with opened(chromium, page_path) as (tab, _, _):
        button = heading(tab, 2, name).locator("button")
        button.click()
        first = column(tab, 2, place)
        button.click()
        second = column(tab, 2, place)
    largest, smallest = {
        "count": ("19,000", "0"),
        "share": ("95 %", "0 %"),
        "length": ("4 h 11 min", "1 h 6 min"),
        "when": ("31 Jan", "19 Feb"),  # text sorts upwards first
    }[name]
    assert first[0] == largest and second[0] == smallest
    if name == "length":
        assert first[-1] == second[-1] == "not reached"
    else:
        assert first == second[::-1]


def test_short_tables_have_no_controls(chromium, page_path):
    with opened(chromium, page_path) as (tab, _, _):
        assert tab.locator(".as-table >> nth=0 >> button").count() == 0
        assert tab.locator(".as-table >> nth=1 >> button").count() == 5
        assert tab.locator(".as-tools").count() == 1, "only the long table can be filtered"


def test_a_long_table_is_filtered_by_words_and_says_how_many_are_left(chromium, page_path):
    with opened(chromium, page_path) as (tab, _, _):
        count = tab.locator(".as-tools output")
        assert count.inner_text() == "20 rows"
        tab.get_by_label("Filter").fill("SVC-1 feb")
        left = column(tab, 2, 1)
        assert 0 < len(left) < 20 and all(name.startswith("svc-1") for name in left)
        assert count.inner_text() == f"{len(left)} of 20 rows"
        tab.get_by_label("Filter").fill("nothing like it")
        assert column(tab, 2, 1) == [] and count.inner_text() == "0 of 20 rows"


def test_on_a_phone_wide_tables_are_stacked_and_keep_their_roles(chromium, page_path):
    options = {"viewport": {"width": 360, "height": 800}, "is_mobile": True, "has_touch": True}
    with opened(chromium, page_path, **options) as (tab, _, _):
        region = tab.locator(".as-table").nth(2)
        assert "as-stacked" in region.get_attribute("class")
        assert region.evaluate("r => r.scrollWidth <= r.clientWidth")
        cell = region.locator("tbody tr").first.locator("td").nth(1)
        assert cell.evaluate("c => getComputedStyle(c, '::before').content") == '"count"'
        assert tab.get_by_role("row").count() > 20 and tab.get_by_role("columnheader", name="count").count() == 2


def test_without_scripts_tables_are_whole(chromium, page_path):
    with opened(chromium, page_path, java_script_enabled=False) as (tab, _, _):
        assert tab.locator(".as-sort").count() == 0 and tab.locator(".as-tools").count() == 0
        assert len(column(tab, 2, 1)) == 20


def test_contents_follow_the_reader(chromium, page_path):
    with opened(chromium, page_path, viewport={"width": 1280, "height": 700}) as (tab, _, _):
        wait_drawn(tab)
        assert tab.locator(f"{CONTENTS} [aria-current]").inner_text() == "Part 1"
        tab.locator("#part-3").scroll_into_view_if_needed()
        tab.evaluate("document.getElementById('part-3').scrollIntoView({behavior: 'instant'})")
        tab.wait_for_function(f"() => document.querySelector('{CONTENTS} [aria-current]').textContent === 'Part 3'")
        box = tab.locator(CONTENTS).bounding_box()
        assert box["y"] >= 0 and tab.locator(f"{CONTENTS} ol").is_visible()


def test_on_a_phone_the_contents_are_one_line_that_stays_and_opens(chromium, page_path):
    options = {"viewport": {"width": 390, "height": 700}, "is_mobile": True, "has_touch": True}
    with opened(chromium, page_path, **options) as (tab, _, _):
        wait_drawn(tab)
        assert not tab.locator(f"{CONTENTS} ol").is_visible()
        tab.evaluate("document.getElementById('part-3').scrollIntoView({behavior: 'instant'})")
        tab.wait_for_function("() => document.querySelector('.as-here').textContent === 'Part 3'")
        bar, head = tab.locator(CONTENTS).bounding_box(), tab.locator("#part-3").bounding_box()
        assert bar["y"] == pytest.approx(0, abs=1) and head["y"] >= bar["y"] + bar["height"] - 1
        tab.locator(f"{CONTENTS} summary").tap()
        tab.locator(f"{CONTENTS} a", has_text="Part 1").tap()
        assert not tab.locator(f"{CONTENTS} ol").is_visible() and tab.url.endswith("#part-1")


def test_a_headings_link_is_copied(chromium, page_path):
    with opened(chromium, page_path, permissions=["clipboard-read", "clipboard-write"]) as (tab, _, _):
        wait_drawn(tab)
        tab.get_by_role("link", name="Copy the link to Part 2").click()
        tab.wait_for_function("() => document.querySelector('.as-status').textContent === 'Link copied'")
        assert tab.url == f"{page_path.as_uri()}#part-2"
        tab.get_by_role("link", name="Copy the link to Figure 1").focus()
        tab.keyboard.press("Enter")
        tab.wait_for_function("() => location.hash === '#figure-1'")


def test_where_the_clipboard_is_refused_the_address_bar_has_the_link(chromium, page_path):
    with opened(chromium, page_path) as (tab, _, _):
        tab.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
        tab.get_by_role("link", name="Copy the link to Part 2").click()
        assert tab.locator(".as-status").inner_text() == "The link is in the address bar"
        assert tab.url.endswith("#part-2")


def theme(tab) -> str:
    is_dark = tab.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(21, 23, 26)"
    return "dark" if is_dark else "light"


def test_the_readers_theme_is_kept_until_it_is_the_systems_again(chromium, page_path):
    with opened(chromium, page_path, color_scheme="light") as (tab, _, _):
        assert theme(tab) == "light"
        tab.click(".as-theme")
        assert theme(tab) == "dark"
        other = tab.context.new_page()
        other.goto(tab.url)
        other.wait_for_function("localStorage.length == 1")  # Chromium stores it a moment after the click
        tab.reload()
        assert theme(tab) == "dark", "kept"
        tab.click(".as-theme")
        assert theme(tab) == "light" and tab.evaluate("localStorage.length") == 0
        tab.emulate_media(color_scheme="dark")
        assert theme(tab) == "dark", "follows the system again"


def test_a_browser_that_forbids_storage_switches_all_the_same(chromium, page_path):
    with opened(chromium, page_path, color_scheme="light") as (tab, _, complaints):
        forbid = "Object.defineProperty(window, 'localStorage', {get() { throw new Error('refused'); }})"
        tab.add_init_script(forbid)
        tab.reload()
        tab.click(".as-theme")
        assert theme(tab) == "dark" and complaints == []


@pytest.fixture(scope="module")
def trickling(page_path):
    """The address of a server that hands the page out bit by bit, so that a browser paints it many times over."""
    page = page_path.read_bytes()
    visible = page.index(b'id="as-figures"')

    class Trickle(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            for start in range(0, visible, 2000):
                self.wfile.write(page[start : min(start + 2000, visible)])
                time.sleep(0.03)
            self.wfile.write(page[visible:])

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Trickle) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_moves_while_the_page_arrives(chromium, trickling, width):
    """Cumulative Layout Shift as browsers measure it, of all that is in a very tall window."""
    watch = (
        "window.shifts = []; new PerformanceObserver((list) => { for (const e of list.getEntries())"
        " window.shifts.push([e.value, ...e.sources.map((s) => s.node?.className || s.node?.nodeName)]); })"
        ".observe({type: 'layout-shift', buffered: true})"
    )
    context = chromium.new_context(viewport={"width": width, "height": 5000})
    try:
        tab = context.new_page()
        tab.add_init_script(watch)
        tab.goto(trickling)
        wait_drawn(tab)
        tab.wait_for_timeout(200)
        assert tab.locator(".as-tools").is_visible() and tab.locator(".as-theme").is_visible()
        assert tab.evaluate("window.shifts") == []
    finally:
        context.close()


def test_keyboard_reaches_everything_in_the_order_of_the_page(chromium, page_path):
    where = """() => { const e = document.activeElement; const r = e.getBoundingClientRect();
        return [e.className || e.tagName, r.top + scrollY, getComputedStyle(e).outlineStyle, r.width * r.height]; }"""
    with opened(chromium, page_path) as (tab, _, _):
        wait_drawn(tab)
        seen = []
        for _ in range(40):
            tab.keyboard.press("Tab")
            if tab.evaluate("document.activeElement === document.body"):
                break  # once around
            seen.append(tab.evaluate(where))
        names = [str(name) for name, *_ in seen]
        assert names[:3] == ["as-skip", "as-theme", "SUMMARY"]
        assert {"as-sort", "as-anchor", "INPUT"} <= set(names)
        assert all(style != "none" and area > 0 for _, _, style, area in seen), "focus is always visible"
        main = [top for name, top, *_ in seen if name in ("as-sort", "as-anchor", "INPUT")]
        assert main == sorted(main)


def test_paper_has_page_numbers_a_running_head_and_whole_figures(chromium, page_path, tmp_path):
    with opened(chromium, page_path) as (tab, _, _):
        wait_drawn(tab)
        tab.pdf(path=tmp_path / "page.pdf", prefer_css_page_size=True)
        assert tab.locator(".as-plot").last.bounding_box()["height"] == 1400, "the screen's figures are back"
    sheets = [" ".join(sheet.extract_text().split()) for sheet in PdfReader(tmp_path / "page.pdf").pages]
    assert len(sheets) > 1
    for number, sheet in enumerate(sheets, start=1):
        assert f"{number} / {len(sheets)}" in sheet
        assert sheet.count('Outage of "x" } </style> \\ é') == 1, "in large letters first, then as the running head"
    assert sum("A tall one" in sheet for sheet in sheets) == 1
    assert not any("Filter" in sheet or "Contents" in sheet for sheet in sheets)


def test_a_figure_taller_than_a_page_is_pressed_onto_it(chromium, page_path):
    with opened(chromium, page_path) as (tab, _, _):
        wait_drawn(tab)
        tab.evaluate("dispatchEvent(new Event('beforeprint'))")
        tab.emulate_media(media="print")
        assert tab.locator(".main-svg").last.bounding_box()["height"] <= 780
        assert tab.locator(".as-plot").last.bounding_box()["height"] == 780


def test_a_trace_outside_the_small_bundles_is_drawn_by_the_full_one(chromium, tmp_path):
    sankey = go.Figure(go.Sankey(node={"label": ["a", "b"]}, link={"source": [0], "target": [1], "value": [1]}))
    path = tmp_path / "page.html"
    path.write_text(export(new_notebook(cells=[shows(sankey)]), ReportPage(title="Flow")).html)
    with opened(chromium, path) as (tab, _, complaints):
        wait_drawn(tab)
        assert tab.locator(".sankey-link").count() == 1 and complaints == []


def test_long_labels_are_cut_to_the_width_and_times_come_in_the_readers_zone(chromium, tmp_path):
    drawn = figure()
    drawn.update_traces(hovertext=["2025-12-03 10:01 UTC", "2025-12-03 10:01 UTC"])
    long = "<b>36 %</b>  " + "Fish &lt;&amp; chips " * 12
    drawn.add_annotation(text=long, x=0, y=1, xref="paper", yref="paper", xanchor="left", name="fit 1", font_size=13)
    path = tmp_path / "page.html"
    path.write_text(export(new_notebook(cells=[shows(drawn)]), ReportPage(title="Cut")).html)
    options = {"viewport": {"width": 390, "height": 800}, "timezone_id": "America/New_York"}
    with opened(chromium, path, **options) as (tab, _, _):
        wait_drawn(tab)
        label = tab.locator(".annotation-text").first
        assert label.text_content().startswith("36 %") and label.text_content().endswith("…")
        assert label.bounding_box()["width"] <= 390 and "&lt" not in label.text_content()
        hover = tab.evaluate("document.querySelector('.js-plotly-plot').data[0].hovertext[0]")
        assert hover == "2025-12-03 10:01 UTC<br>3 Dec 2025, 05:01 your time"
        tab.set_viewport_size({"width": 1500, "height": 800})
        tab.wait_for_function("() => document.querySelector('.annotation-text').textContent.length > 90")


def test_text_in_a_css_string_ends_nothing():
    assert page_shell.css_string('a"b</style>\\') == '"a\\22 b\\3c \\2f style\\3e \\5c "'
    assert page_shell.css_string("x" * 200).startswith('"' + "x" * 89 + "\\2026 ")
