"""Head, text alternative, table, and the figure without data."""

from __future__ import annotations

import math

import numpy as np
import plotly.graph_objects as go

from aftershock.figures import frame


def test_the_key_has_few_entries_per_line_and_is_plain_text_for_the_page():
    lines = frame.key([("#000000", "●", f"kind <{n}>") for n in range(5)])
    assert [len(line) for line in lines] == [4, 1]
    fig = frame.base(go.Figure(), height=100, measure="a &lt;b&gt;", lines=lines)
    head = fig.layout.meta["head"]
    assert head["measure"] == "a <b>" and head["lines"][1] == [["#000000", "●", "kind <4>"]]
    assert "kind &lt;4&gt;" in fig.layout.title.text


def test_cells_of_the_table_are_plain_and_finite():
    fig = frame.describe(
        go.Figure(),
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
