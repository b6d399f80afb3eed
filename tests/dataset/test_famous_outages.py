"""The delays of known outages: one per reported cause, as wide as both stamps leave them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from aftershock.dataset import famous_outages
from aftershock.dataset.famous_outages import famous_delays
from aftershock.dataset.loading import load

TOML = """name = "Known outages"
timezone = "UTC"
reference = true
[incidents]
path = "incidents.csv"
[changes]
path = "changes.csv"
"""
INCIDENTS = """incident_id,started_at,started_at_before,caused_by,organisation
exact,2024-01-10T12:00Z,,c1,Anvil
wide,2024-01-11T12:00Z,2024-01-11T12:20Z,c2;c1,Bellows
early,2024-01-12T12:00Z,,c3,
control,2024-01-13T12:00Z,,none,Crucible
"""
CHANGES = """change_id,started_at,started_at_before,kind
c1,2024-01-10T11:30Z,,deploy
c2,2024-01-11T11:00Z,2024-01-11T11:50Z,config
c3,2024-01-12T12:05Z,,data
"""


@pytest.fixture
def delays(write, monkeypatch) -> pd.DataFrame:
    monkeypatch.setattr(famous_outages, "FOLDER", write(TOML, INCIDENTS, CHANGES))
    monkeypatch.setattr(famous_outages, "_KNOWN", [])
    return famous_delays()


def test_a_delay_spans_what_both_stamps_leave_open_and_is_never_below_zero(delays):
    """wide: 12:00–12:20 less 11:00–11:50; early: its change is stamped after it."""
    found = delays.set_index(["incident_id", "kind"])
    assert found["delay_minutes"].to_dict() == {
        ("exact", "deploy"): 30,
        ("wide", "config"): 10,
        ("wide", "deploy"): 24 * 60 + 30,
        ("early", "data"): 0,
    }
    high = found["delay_minutes_high"]
    assert high[[("wide", "config"), ("wide", "deploy")]].tolist() == [80, 24 * 60 + 50]
    assert high[[("exact", "deploy"), ("early", "data")]].isna().all()
    assert found["organisation"].tolist() == ["Anvil", "Bellows", "Bellows", ""]


def test_whoever_asks_gets_a_table_of_their_own(delays):
    delays["delay_minutes"] = -1.0
    assert (famous_delays()["delay_minutes"] >= 0).all()


def test_the_shipped_outages_have_a_delay_for_every_cause_that_somebody_reported():
    dataset = load("famous-outages")
    found = famous_delays()
    assert len(found) == dataset.incidents["caused_by"].map(len).sum() > 10
    assert (found["delay_minutes"] >= 0).all()
    assert not (found["delay_minutes_high"] <= found["delay_minutes"]).any()
    assert set(found["incident_id"]) <= set(dataset.incidents["incident_id"])
    assert np.isfinite(found["delay_minutes"]).all()
