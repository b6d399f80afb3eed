"""Head, text alternative, table, and the figure without data."""

from __future__ import annotations

import math

import numpy as np
import plotly.graph_objects as go
import pytest

from aftershock.figures import frame, theme
from aftershock.figures.drawing import Sketch
from aftershock.output.blocks import PAGE


def test_the_key_has_few_entries_per_line_and_is_plain_text_for_the_page():
    lines = frame.key([("#000000", "●", f"kind <{n}>") for n in range(5)])
    assert [len(line) for line in lines] == [4, 1]
    fig = frame.base(Sketch(), height=100, measure="a &lt;b&gt;", lines=lines)
    head = fig.layout["meta"]["head"]
    assert head["measure"] == "a <b>" and head["lines"][1] == [["#000000", "●", "kind <4>"]]
    assert "kind &lt;4&gt;" in fig.layout["title"]["text"]


def test_cells_of_the_table_are_plain_and_finite():
    fig = frame.describe(
        Sketch(),
        alt="a",
        caption="c",
        columns=["x"],
        rows=[[["a", "b"]], [math.nan], [True], [np.float64(1 / 3)], [math.inf], [np.int64(3)], ["<b>\x00"]],
    )
    assert [row[0] for row in fig.layout.meta["table"]["rows"]] == ["a, b", None, "yes", 0.3333, None, 3, "<b>"]


def test_an_empty_figure_says_why():
    fig = frame.empty("No incident. Nothing to show.", caption="How to read", columns=["x"])
    assert fig.layout.annotations[0].text == "No incident.<br>Nothing to show."
    assert fig.layout.meta["finding"] == fig.layout.meta["alt"] == "No incident. Nothing to show."


def drawn() -> frame.Figure:
    sketch = frame.base(Sketch(), height=100, measure="Share")
    sketch.add_scatter(x=[1, 2], y=[1, 2], marker={"symbol": "circle", "color": None})
    return frame.describe(sketch, alt="a", caption="c", columns=["x"], rows=[[1]])


def test_a_page_gets_of_a_figure_what_plotly_makes_of_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(PAGE, "1")
    shown, asked = drawn(), drawn()
    assert asked.data[0].marker.symbol == "circle", "plotly's objects"
    assert shown._repr_mimebundle_() == asked._repr_mimebundle_()


def test_a_figure_is_plotlys_own_for_whoever_changes_it():
    fig = drawn()
    assert isinstance(fig, go.Figure)
    fig.update_layout(title_text="Mine").add_hline(y=1)
    assert fig.layout.title.text == "Mine" and len(fig.layout.shapes) == 1
    with pytest.raises(ValueError, match="Invalid property"):
        drawn().update_layout(hight=3)
    with pytest.raises(AttributeError, match="no_such"):
        _ = drawn().no_such


def test_a_property_that_plotly_does_not_know_is_refused_when_it_makes_its_objects():
    sketch = Sketch()
    sketch.add_scatter(x=[1], y=[1], colour="red")
    with pytest.raises(ValueError, match="colour"):
        _ = frame.Figure(sketch).data


def paper(fig: go.Figure) -> object:
    return fig._repr_mimebundle_()["application/vnd.plotly.v1+json"]["layout"].get("paper_bgcolor")


def test_a_notebooks_window_gets_the_ground_for_the_ink_whatever_its_own(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv(PAGE, raising=False)
    dark, own, other = (
        drawn().update_layout(**wanted)
        for wanted in ({"template": theme.template("dark")}, {"paper_bgcolor": "red"}, {"template": "ggplot2"})
    )
    assert [paper(f) for f in (drawn(), dark, own, other)] == [theme.PAGES["light"], theme.PAGES["dark"], "red", None]
    monkeypatch.setenv(PAGE, "1")
    assert paper(drawn()) is None, "a report is themed by its page"
