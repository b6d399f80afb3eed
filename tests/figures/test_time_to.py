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
    assert fig.layout.meta["alt"] == "Median time to resolve: 20 min (1 still open)."
