"""Dots, boxes and the finding of the reliability diagram."""

from __future__ import annotations

from toy_figures import reached

from aftershock import figures


def test_reliability_draws_what_came_true_and_the_range_of_a_perfect_model():
    fig = figures.reliability_diagram(reached(), promised=reached().assign(share=0.5))
    dots = next(t for t in fig.data if t.mode == "markers")
    assert list(dots.x) == [0.04, 0.55, 0.96] and list(dots.y) == [0.05, 0.6, 0.7]
    assert dots.cliponaxis is False, "a dot at 100 % is whole"
    boxes = [t for t in fig.data if t.fill == "toself"]
    assert [(min(b.x), max(b.x), min(b.y), max(b.y)) for b in boxes] == [
        (0.0, 0.1, 0.0, 0.1),
        (0.5, 0.6, 0.2, 0.9),
        (0.9, 1.0, 0.9, 1.0),
    ]
    assert any(list(t.y) == [0.5] * 3 and t.line.dash == "dash" for t in fig.data)
    assert fig.layout.meta["finding"] == "The model is too sure in 1 of 3 groups"
    assert "The dashed line" in fig.layout.meta["caption"]
    assert "The dashed line" not in figures.reliability_diagram(reached()).layout.meta["caption"]
    right = figures.reliability_diagram(reached().head(2)).layout.meta["finding"]
    assert right == "Every group lies where chance could put it if what is said came true"
