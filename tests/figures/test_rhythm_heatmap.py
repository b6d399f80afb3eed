"""Background outages by hour of the week."""

from __future__ import annotations

import numpy as np
from toy_figures import rhythm

from aftershock import figures


def test_a_rhythm_of_few_incidents_has_no_peak():
    said = {n: figures.rhythm_heatmap(rhythm(), incidents=n).layout.meta["finding"] for n in (19.9, 20.0)}
    assert said[19.9] == "Too few incidents to know their hours: what is drawn is mostly when changes are made"
    assert said[20.0].startswith("Background outages peak on ")


def test_rhythm_names_the_busiest_and_the_quietest_hour():
    fig = figures.rhythm_heatmap(rhythm())
    z = np.array(fig.data[0].z, dtype=float)
    assert z.shape == (7, 24) and np.unravel_index(z.argmax(), z.shape) == (2, 9)
    assert fig.layout.meta["alt"].startswith(
        "Busiest hour of the week: Wed 9 h, 2.5 (1.2–5.0) times the average; quietest: Mon 0 h, 0.9 (0.5–1.8) times"
    )
