"""What a drawing of the explore page sends to the browser: a script where it needs one, and only what is another."""

from __future__ import annotations

import plotly.graph_objects as go
from conftest import figure

from aftershock.reports.explore_drawing import USUAL, Drawing, FigureView


def test_the_browser_gets_the_smallest_script_once_on_a_page_and_another_where_a_figure_needs_it():
    first = Drawing(brings=USUAL)
    script, draws = first.script, first.script_draws
    assert b"plotly.js (basic" in script[:200] and set(draws) >= set(USUAL)
    drawing, hidden = Drawing(), {"type": "scattergl", "visible": False}
    drawing.draw([[{"type": "bar"}, hidden]], {})
    assert drawing.script == b"", "the first one brought it"
    drawing.draw([[{**hidden, "visible": True}]], {})
    assert b"plotly.js v" in drawing.script[:200] and drawing.script_draws == [], "which draws everything"


def test_a_slot_is_sent_alone_and_only_when_it_is_another(monkeypatch):
    drawing, sent = Drawing(slots=2), []
    bars, line = [{"type": "bar", "y": [1, 2]}], [{"type": "scatter", "y": [3]}]
    drawing.draw([bars, line], {"height": 100})
    monkeypatch.setattr(drawing, "send_state", lambda key=None: sent.append(set(key)) if key else None)
    drawing.draw([list(bars), list(line)], {"height": 100})
    assert sent == []
    drawing.draw([bars, [{"type": "scatter", "y": [4]}]], {"height": 100})
    assert sent == [{"slot_1"}]


def test_a_drawing_that_brought_a_script_keeps_it_for_what_that_draws(monkeypatch):
    drawing = Drawing()
    drawing.draw([[{"type": "heatmap"}]], {})
    script = drawing.script
    assert script
    for traces in ([{"type": "heatmap"}, {"type": "bar"}], [{}]):
        drawing.draw([traces], {})
        assert drawing.script is script


def test_a_figure_is_drawn_as_json_in_the_ink_that_is_given():
    drawing = Drawing()
    for drawn in (figure(), go.Figure(figure())):
        drawing.draw_figure(drawn, {"layout": {"colorway": ["#123456"]}})
        (bar,) = drawing.slot_0
        assert (bar["type"], bar["name"]) == ("bar", "calm")
        assert drawing.figure_layout["template"] == {"layout": {"colorway": ["#123456"]}}
        assert drawing.figure_layout["meta"]["alt"] == "Bars of calm."


def test_a_figure_that_fails_takes_away_what_it_showed_before():
    answers = [figure(), ValueError("no such week"), figure("again")]

    def view() -> go.Figure:
        given = answers.pop(0)
        if isinstance(given, Exception):
            raise given
        return given

    part = FigureView("weeks", view, dict)
    part.draw()
    assert part.drawing.layout.display is None and part.drawing.slot_0[0]["name"] == "calm"
    part.draw()
    assert part.drawing.layout.display == "none" and "no such week" in part.failed.value
    part.draw()
    assert part.drawing.layout.display is None and part.drawing.slot_0[0]["name"] == "again"
