"""The explore notebook in a real JupyterLab with a real browser: run all, click an incident, decide, take back, choose by
keyboard, export.

One server, one notebook, one kernel for all of it, as they take the time.
"""

from __future__ import annotations

import base64
import contextlib
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import CHANGES, INCIDENTS, TOML
from lab_in_browser import ERRORS, PATIENCE, TIMELINE, Lab, opened
from playwright.sync_api import TimeoutError as TooLate

from aftershock import load

pytestmark = pytest.mark.browser


CUT = """() => [...document.querySelectorAll('.jp-OutputArea-output, .jp-OutputArea-output .widget-html-content > div')]
    .filter(e => e.scrollWidth > e.clientWidth + 1 && !e.querySelector('table'))
    .map(e => `${e.className}: ${e.innerText.slice(0, 80)}`)"""
BEYOND = """() => [...document.querySelectorAll('.jp-OutputArea-output .widget-html-content > div')]
    .filter(e => e.getBoundingClientRect().right > e.closest('.jp-OutputArea-output').getBoundingClientRect().right + 1)
    .map(e => e.innerText.slice(0, 80))"""
BRUSHED = f"""() => {{
    const l = {TIMELINE}._fullLayout;
    const [[start, end], [first, last]] = [l.xaxis, l.xaxis2].map(x => x.range.map(t => new Date(t) / 864e5));
    return first <= start && start <= first + 7 && last - 7 <= end && end <= last;
}}"""


def write_dataset(folder: Path) -> Path:
    folder.mkdir()
    for name, content in (("dataset.toml", TOML), ("incidents.csv", INCIDENTS), ("changes.csv", CHANGES)):
        (folder / name).write_text(content)
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_dataset(tmp_path_factory.mktemp("data") / "small")


@pytest.fixture(scope="module")
def lab(chromium, folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with opened(chromium, tmp_path_factory.mktemp("home"), folder, start="2024-01-01") as lab:
        lab.run_all()
        yield lab


def test_run_all_shows_every_figure_and_asks_no_other_host(lab):
    assert lab.tab.evaluate(ERRORS) == []
    lab.tab.locator(".jp-OutputArea .js-plotly-plot").nth(1).wait_for()  # the timeline and the steps
    assert (lab.elsewhere, lab.complaints) == ([], [])


def test_a_click_on_an_incident_chooses_it_everywhere(lab):
    lab.tab.wait_for_function(f"() => {TIMELINE}?._fullData?.length")
    for wanted in ("i1", "i2"):
        lab.choose(wanted)
        lab.tab.locator("tr.selected", has_text=wanted).wait_for()
        assert lab.tab.get_by_label("incident", exact=True).locator("option:checked").inner_text().startswith(wanted)
    assert lab.complaints == []


def test_marks_that_look_alike_are_one_path(lab):
    marks = f"""() => {{
        const g = {TIMELINE}, t = g._fullData.find(t => t.name === 'changes'), l = g._fullLayout;
        const all = [...g.querySelectorAll('.aftershock-marks path')].map(p => p.getAttribute('d')).join('');
        const places = t.x.map((x, n) => `M${{l.xaxis.d2p(x).toFixed(1)}},${{l.yaxis.d2p(t.y[n]).toFixed(1)}}m`);
        return [places.length, places.filter(place => all.includes(place)).length, g.querySelectorAll('.aftershock-marks').length];
    }}"""
    drawn, found, layers = lab.tab.evaluate(marks)
    assert drawn == found > 0 and layers == 1
    assert lab.complaints == []


def test_a_row_of_the_grid_chooses_its_incident(lab):
    lab.tab.locator("table.dataTable tbody tr", has_text="i1").first.click()
    lab.wait_for(re.compile("^i1, "))
    assert lab.complaints == []


def test_a_click_counts_though_a_busy_page_forgets_what_the_mouse_is_over(lab):
    lab.choose("i2", between=f"() => {{ {TIMELINE}._hoverdata = undefined; }}")
    assert lab.complaints == []


def test_a_verdict_is_recorded_and_taken_back(lab, folder):
    accept = lab.tab.get_by_role("button", name="Accept: none")
    accept.click()
    lab.wait_for(re.compile("^no role is given"))
    assert not (folder / "verdicts.csv").exists()
    lab.tab.get_by_label("role", exact=True).fill("incident review")
    lab.tab.get_by_label("role", exact=True).press("Tab")
    accept.click()
    lab.wait_for("set it off, decided by incident review at")
    assert load(folder).verdicts["incident_id"].tolist() == ["i2"]
    lab.tab.get_by_role("button", name=re.compile("^Undo: i2 was set off by ")).click()
    lab.wait_for("Taken back: i2 was set off by ")
    assert load(folder).verdicts.empty
    assert lab.complaints == []


def test_a_rejection_is_recorded_and_taken_back_by_keyboard(lab, folder):
    lab.choose("i1")
    lab.tab.locator("button[title^='Record: i1 was']").first.wait_for()
    first = lab.tab.get_by_role("button", name="Reject").first
    title = first.get_attribute("title")
    first.press("Enter")
    lab.wait_for("did not set it off, decided by incident review at")
    rejected = load(folder).rejections[["incident_id", "change_id"]].values.tolist()
    assert [f"Record: {i} was not set off by {c}" for i, c in rejected] == [title]
    lab.tab.get_by_role("button", name=re.compile("^Undo: i. was not set off by ")).press("Enter")
    lab.wait_for(re.compile("Taken back: i. was not set off by "))
    assert load(folder).verdicts.empty
    assert lab.complaints == []


def test_the_grid_is_sorted_by_keyboard(lab):
    began = lab.tab.get_by_role("button", name=re.compile("^began")).first
    order = (
        "[...document.querySelectorAll('table.dataTable tbody tr')].map(row => row.innerText.split('\\t')[0]).join()"
    )
    for wanted in ("i1,i2", "i2,i1"):
        for _ in range(4):  # a grid that is drawn again meanwhile begins anew
            began.press("Enter")
            with contextlib.suppress(TooLate):
                lab.tab.wait_for_function(f"{order} === '{wanted}'", timeout=5000)
                break
        assert lab.tab.evaluate(order) == wanted
    assert lab.complaints == []


@pytest.mark.parametrize("width", [1280, 900, 700])
@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_nothing_is_cut_at_any_width_light_or_dark(lab, theme, width, tmp_path):
    """Its pictures are kept in AFTERSHOCK_PICTURES, or among pytest's files."""
    folder = Path(os.environ.get("AFTERSHOCK_PICTURES", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    assert lab.look(folder, theme, width).stat().st_size > 50_000
    assert lab.tab.evaluate(CUT) == [] == lab.tab.evaluate(BEYOND)
    assert lab.complaints == []


def test_one_key_decides_and_the_notebook_does_not_hear_it(lab, folder):
    cells = lab.tab.locator(".jp-Cell").count()
    field = lab.tab.get_by_role("application", name="Decide with one key each")
    field.focus()
    field.press("0")
    lab.wait_for("set it off, decided by incident review at")
    field.press("u")
    lab.wait_for(re.compile("Taken back: i. was set off by none"))
    assert load(folder).verdicts.empty
    assert lab.tab.locator(".jp-Cell").count() == cells
    assert lab.complaints == []


def test_a_what_if_is_answered_by_keyboard_alone(lab):
    lab.tab.get_by_role("button", name="What if …").press("Enter")
    field = lab.tab.get_by_label("horizon", exact=True)
    field.fill("24h")
    field.press("Tab")
    lab.wait_for(re.compile("^What if the horizon is .+: the answer on i[12]"))
    lab.tab.get_by_role("button", name="Suppose nothing").press("Enter")
    lab.wait_for("Suppose something above.")
    assert lab.complaints == []


def test_dragging_over_the_weeks_chooses_the_period_everywhere(lab):
    before = lab.tab.get_by_text(re.compile(r" changes? from .+ to ")).first.inner_text()
    lab.drag_over_weeks(0.02, 0.98)
    assert lab.tab.locator(".dragcover").count() == 0, (
        "plotly's own drag has the whole page laid out, at either end of it"
    )
    lab.tab.mouse.up()
    lab.tab.wait_for_function("said => !document.body.innerText.includes(said)", arg=before)
    period = lab.tab.locator(".widget-readout").first.inner_text().split("-")[0].strip()
    lab.wait_for(f"from {period} to")
    lab.tab.wait_for_function(BRUSHED)  # and the weeks show everything as before
    assert lab.complaints == []


def test_a_period_is_chosen_by_keyboard_and_the_last_key_counts(lab):
    handle = lab.tab.locator(".noUi-handle-lower").first
    handle.focus()
    for _ in range(5):
        handle.press("ArrowRight")
    label = lab.tab.locator(".widget-readout").first.inner_text().split("-")[0].strip()
    lab.wait_for(f"from {label} to")
    assert lab.complaints == []


def test_an_export_of_the_lab_has_every_figure_as_a_picture(lab):
    lab.command("docmanager:save")
    lab.tab.wait_for_function("() => !window.jupyterapp.shell.currentWidget.context.model.dirty")
    got = lab.tab.request.get(f"{lab.url}nbconvert/html/explore.ipynb?token={lab.token}", timeout=PATIENCE)
    assert got.ok, got.text()[:500]
    pictures = re.findall(r'src="data:image/svg\+xml;base64,([^"]+)"', got.text())
    said = [base64.b64decode(p).decode() for p in pictures]
    for measure in ("Incidents and changes by service", "Probability that it set the incident off"):
        assert any(measure in picture for picture in said), measure
    assert lab.elsewhere == [], "no step asks another host"
