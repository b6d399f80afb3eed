"""Rows of a log by hour of the week."""

from __future__ import annotations

import numpy as np
from toy_figures import hours

from aftershock import figures


def test_the_working_day_is_named():
    fig = figures.clock_heatmap(hours(), log="changes", zone="UTC")
    z = np.array(fig.data[0].z)
    assert z.shape == (7, 24) and z.sum() == 225 and (z[:5, 9:18] == 5).all()
    assert fig.layout.meta["finding"] == "100 % of the changes of working days fall between 9:00 and 18:00"
    assert fig.layout.meta["alt"].endswith("Busiest hour of the week: Mon 9 h with 5; 0 % are on Saturday or Sunday.")
    few = figures.clock_heatmap(hours().iloc[:5], log="changes", zone="UTC")
    assert few.layout.meta["finding"] == "Too few to show a working day: 25 changes with an exact time"
