"""Curves of the times to detect, mitigate and resolve."""

from __future__ import annotations

import pytest
from toy import ToyDataset, incidents, utc

from aftershock import figures, metrics


def test_time_to_draws_steps_and_ticks_for_open_incidents():
    rows = [
        {"incident_id": str(i), "started_at": "2025-01-05 00:00", "resolved_at": f"2025-01-05 00:{m}"}
        for i, m in enumerate([10, 20, 30])
    ]
    rows.append({"incident_id": "open", "started_at": "2025-01-05", "status": "open"})
    dataset = ToyDataset(incidents(*rows), observed=(utc("2025-01-01"), utc("2025-01-05 00:25")))
    fig = figures.time_to(metrics.duration_curves(dataset, dataset.incidents))
    line = next(t for t in fig.data if t.line.shape == "hv")
    assert list(line.x) == [0.4, 10, 20, 25, 30] and list(line.y) == pytest.approx([0, 0.25, 0.5, 0.5, 1])
    ticks = next(t for t in fig.data if t.mode == "markers")
    assert list(ticks.x) == [25]
    assert fig.layout.meta["finding"] == "Half of the 4 incidents were resolved within 20 min"
    assert fig.layout.meta["alt"] == "Median time to resolve: 20 min (1 still open)."


@pytest.mark.parametrize(
    ("minutes", "finding"),
    [
        ([45], "The one incident was resolved after 45 min"),
        ([45, 50], "1 of 2 incidents was resolved within 45 min"),
        ([45, 45], "Both incidents were resolved within 45 min"),
        ([45, 50, 55], "2 of 3 incidents were resolved within 50 min"),
        ([45, 50, 55, 59], "Half of the 4 incidents were resolved within 50 min"),
        ([45, 50, None], "1 of 2 incidents whose time to resolve is known was resolved within 45 min"),
        ([45, None], "The one incident whose time to resolve is known was resolved after 45 min"),
    ],
)
def test_half_is_said_of_so_many_as_have_a_half(minutes, finding):
    rows = [
        {
            "incident_id": str(i),
            "started_at": "2025-01-05 00:00",
            "resolved_at": None if m is None else f"2025-01-05 00:{m}",
            "status": "resolved",
        }
        for i, m in enumerate(minutes)
    ]
    dataset = ToyDataset(incidents(*rows))
    assert figures.time_to(metrics.duration_curves(dataset, dataset.incidents)).layout.meta["finding"] == finding
