"""The live page, as the kernel has it: every part follows one choice."""

from __future__ import annotations

import html
import re
from pathlib import Path

import nbformat
import pandas as pd
import pytest

from aftershock.figures.linked_timeline import LAYERS
from aftershock.reports import explore, explore_page
from aftershock.reports.explore import Explorer, open_explore
from aftershock.reports.explore_page import ExplorePage
from aftershock.schema.errors import UsageError

ROOT = Path(__file__).parents[2]
INCIDENTS = LAYERS.index("incidents")


@pytest.fixture(scope="module")
def page() -> ExplorePage:
    explorer = open_explore(dataset="twitter-2023", start="2023-01-01", end="2023-07-31")
    made = ExplorePage(explorer, after=lambda _, call: call())
    for name in [*explorer.views, *explore_page.LIVE_ONLY]:
        made.shown(name)
    return made


def shown(page: ExplorePage) -> dict[str, object]:
    """The incident that each part shows."""
    timeline, grid = page.parts["timeline"][0], page.parts["incidents"][0]
    (layer,) = getattr(timeline.figure, f"slot_{INCIDENTS}")
    ids, sizes = layer["customdata"], layer["marker"]["size"]
    return {
        "controls": page.controls.incident.value,
        "timeline": {i for i, size in zip(ids, sizes, strict=True) if size == max(sizes) > 12},
        "grid": [grid.ids[n] for n in grid.table.selected_rows],
        "title": re.search(r"<p>(.+?),", page.parts["incident"][0].shown.value)[1],
        "suspects": page.suspects.rows.rows[-1]["accepts"],
    }


def every(incident_id: str) -> dict[str, object]:
    return {
        "controls": incident_id,
        "timeline": {incident_id},
        "grid": [incident_id],
        "title": incident_id,
        "suspects": f"Record: {incident_id} was set off by none",
    }


def failures(page: ExplorePage) -> list[str]:
    return [part.failed.value for parts in page.parts.values() for part in parts if part.failed.value]


def test_whichever_part_chooses_every_part_shows_it(page):
    page.controls.incident.value = "tw-2023-02-08"
    assert shown(page) == every("tw-2023-02-08")
    grid = page.parts["incidents"][0]
    grid.table._handle_custom_msg({"used": "pointerdown"}, [])
    grid.table.selected_rows = [grid.ids.index("tw-2023-03-01")]
    assert shown(page) == every("tw-2023-03-01")
    timeline = page.parts["timeline"][0]
    timeline.pointer._handle_custom_msg({"clicked": ["incidents", "tw-2023-03-06"]}, [])
    assert shown(page) == every("tw-2023-03-06")
    assert failures(page) == []


def test_choice_and_timeline_are_seen_before_the_model_is_fitted_and_suspects_are_ringed_then(page):
    early = ExplorePage(Explorer(page.explorer.dataset, page.explorer.parameters), after=lambda _, call: call())
    rings = f"slot_{LAYERS.index('suspects')}"
    for name in ("choice", "timeline"):
        early.shown(name)
    assert not early.explorer.is_fitted and early.timeline.figure.figure_layout
    assert getattr(early.timeline.figure, rings)[0]["customdata"] == []
    (choice, warning) = (early.parts["choice"][1].shown, page.explorer.found.warnings[0])
    assert warning not in html.unescape(choice.value)
    fit = {"found": page.explorer.found}
    early.parts.make["incidents"] = lambda: early.explorer.__dict__.update(fit) or []
    early.shown("incidents")
    assert warning in html.unescape(choice.value)
    suspects = early.explorer.suspects
    listed = suspects[(suspects["change_id"] != "none") & (suspects["probability"] >= 0.01)]
    assert set(getattr(early.timeline.figure, rings)[0]["customdata"]) == set(listed["change_id"]) != set()


def test_suspects_are_drawn_at_once_and_the_timeline_once_for_quick_clicks(page, monkeypatch):
    waiting: list[object] = []

    class Timer:
        def __init__(self, _: float, call: object):
            self.call = call
            waiting.append(self)

        def cancel(self) -> None:
            waiting.remove(self)

    for later in (page.second, page.rest):
        monkeypatch.setattr(later, "after", Timer)
    before = shown(page)
    for incident_id in ("tw-2023-02-08", "tw-2023-03-01"):
        page.pick(incident_id)
        now = shown(page)
        assert (now["suspects"], now["timeline"]) == (every(incident_id)["suspects"], before["timeline"])
    while waiting:
        (timer,) = waiting
        waiting.clear()
        timer.call()
    assert shown(page) == every("tw-2023-03-01")


def test_a_brush_draws_the_timeline_first_and_every_part_in_the_end(page, monkeypatch):
    waiting: list[object] = []
    monkeypatch.setattr(page.second, "after", lambda _, call: waiting.append(call))
    explorer, before = page.explorer, shown(page)
    kept = explorer.choice.start, explorer.choice.end
    explorer.choice.follow()
    zone = explorer.zone
    page.timeline.brushed(pd.Timestamp("2023-02-01", tz=zone), pd.Timestamp("2023-02-20", tz=zone))
    own = explorer.incident_id
    now = shown(page)
    assert (now["timeline"], now["controls"], now["suspects"]) == ({own}, own, before["suspects"])
    (call,) = waiting
    call()
    assert shown(page) == every(own)
    page.timeline.brushed(pd.Timestamp("2033-02-01", tz=zone), pd.Timestamp("2033-02-20", tz=zone))
    assert "The logs hold no day of 1 Feb 2033" in page.controls.said.value
    page.timeline.brushed(*kept)
    assert failures(page) == []


def test_a_part_that_fails_leaves_the_others_alive(page, monkeypatch):
    monkeypatch.setattr(type(page.explorer), "explanations", property(lambda _: 1 / 0))
    page.pick("tw-2023-03-01")
    assert [("ZeroDivisionError" in f) for f in failures(page)] == [True, True], "the two that show explanations"
    assert shown(page) == every("tw-2023-03-01")
    monkeypatch.undo()
    page.pick("tw-2023-03-06")
    assert failures(page) == []


def test_a_view_is_printed_where_nobody_draws_widgets(page, monkeypatch):
    explorer = page.explorer
    assert "tw-2023-03-06" in explorer.show("incident").text
    assert explorer.show("queue").text == ""
    with pytest.raises(UsageError, match="there is no view 'suspekts'; the nearest is 'suspects'"):
        explorer.show("suspekts")
    monkeypatch.setattr(explore_page, "is_live", lambda: True)
    aside: list[str] = []
    monkeypatch.setattr(explore, "set_aside", lambda: aside.append("all that stays"))
    for name in ("incident", "queue"):
        assert "application/vnd.jupyter.widget-view+json" in explorer.show(name)._repr_mimebundle_()
    assert len(aside) == 1, "what stays is not searched for garbage in the midst of a drag"


def test_the_notebook_shows_each_view_once(page):
    cells = nbformat.read(ROOT / "notebooks" / "explore.ipynb", as_version=4).cells
    shown = re.findall(r"explorer\.show\(\"(.+?)\"\)", "\n".join(c.source for c in cells if c.cell_type == "code"))
    assert sorted(shown) == sorted([*page.explorer.views, *explore_page.LIVE_ONLY])


def test_the_code_of_a_view_gives_its_rows(page):
    explorer = page.explorer
    for name in ("choice", "timeline", "incident", "suspects", "steps"):
        lines = explorer.code(name).strip().split("\n")
        known: dict[str, object] = {}
        exec("\n".join(lines[:-1]), known)
        rows, expected = eval(lines[-1], known), explorer.views[name].rows()
        assert rows.iloc[:, 0].tolist() == expected.iloc[:, 0].tolist(), name
        assert len(explorer.csv(name).splitlines()) > len(rows), name


def test_names_from_a_log_are_data_in_the_code(page, monkeypatch):
    monkeypatch.setattr(page.explorer.choice, "incident_id", "x');import os\n#")
    line = next(line for line in page.explorer.code("suspects").splitlines() if "suspects(" in line)
    assert line == 'found.suspects("x\');import os\\n#")'


def test_figures_have_the_ink_of_the_page(page):
    def ink() -> str:
        return page.parts["steps"][0].drawing.figure_layout["template"]["layout"]["font"]["color"]

    page.timeline.page.page = "dark"
    dark = ink()
    page.timeline.page.page = "light"
    assert (dark, ink()) == ("#e6e8eb", "#1b1f24")
