"""Bars and circles of the histogram of ranks."""

from __future__ import annotations

import math

from toy_figures import ranks

from aftershock import figures


def test_ranks_against_recency():
    fig = figures.rank_histogram(ranks())
    bars, circles = fig.data
    assert list(bars.y) == [6, 2, 0, 1] and list(circles.y) == [3, 3, 2, 1]
    assert list(fig.layout.xaxis.ticktext) == ["1", "2", "later", "missed"]
    assert fig.layout.meta["finding"] == "6 of 9 are ranked first; ranking by recency would get 3"
    alone = figures.rank_histogram(ranks().assign(recent=math.nan), drawn=True)
    assert len(alone.data) == 1 and (
        alone.layout.meta["finding"] == "6 of 9 incidents drawn from the model are ranked first"
    )
