"""Paths of suspects, step by step."""

from __future__ import annotations

from toy import chain

from aftershock import figures


def test_a_path_moves_by_each_weight_and_ends_at_the_probability():
    """Weights in log odds: −4 to start with, then +5, +1, −2 and 0: the path ends at 0, a probability of one half."""
    fig = figures.explanation_paths([chain(-4, 5, 1, -2, 0)])
    (path,) = fig.data
    assert list(path.x) == [-4, 1, 2, 0, 0] and list(path.y) == [0, 1, 2, 3, 4]
    assert fig.layout.meta["finding"].startswith("“Raise the limit” comes to 50 %: ")
    assert fig.layout.meta["alt"].endswith("ends at 50 %.")
    assert [row[1] for row in fig.layout.meta["table"]["rows"]][1:4] == ["× 148", "× 2.7", "÷ 7.4"]


def test_at_most_three_paths_and_none_beyond_the_figure():
    fig = figures.explanation_paths([chain(-40, 80, 1, -2, 0)] * 4)
    assert len(fig.data) == 3
    assert max(map(abs, fig.data[0].x)) == 9.3
