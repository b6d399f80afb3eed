"""Periods that no log fills, rows far away, and steps."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from flawed_logs import SOUND, checks, random_log, toml

from aftershock import load
from aftershock.quality import CHECKS, count_tests, coverage, silences


def test_a_stated_period_that_no_log_fills(write):
    stated = '[attribution]\nobserved = ["2023-01-01", "2024-12-31"]'
    dataset = load(write(toml(more=stated)))
    found = checks(dataset)["unfilled_period"]
    assert found.toml == '[attribution]\nobserved = ["2024-01-10", "2024-02-10"]'
    assert "unfilled_period" not in checks(load(write(toml(more=found.toml))))


def test_incidents_outside_of_what_both_logs_cover(write):
    incidents = "incident_id,started_at\ni0,2023-01-10T12:00Z\ni1,2024-01-15T12:00Z\ni2,2024-01-16T12:00Z\n"
    found = checks(load(write(incidents=incidents)))["outside_period"]
    assert found.title == "1 incident of 3 lies outside the time that both logs cover"
    assert found.rows.to_numpy().tolist() == [["incidents.csv", 2, "i0", "2023-01-10"]]


def test_a_row_from_another_century(demo):
    astray = demo.changes.copy()
    for column in ("started_at", "started_at_before"):
        astray.loc[0, column] = pd.Timestamp("1999-12-31", tz="UTC")
    (finding,) = [f for check in CHECKS for f in check(replace(demo, changes=astray)) if f.check == "strays"]
    assert finding.title == "1 change lies far away from all others"
    assert finding.rows["what"].tolist() == ["1999-12-31"]


@pytest.mark.parametrize("sound", SOUND, ids=str)
def test_a_sound_log_is_seldom_called_stepped(sound):
    """Stated is one in a hundred; four of sixty would be seen by chance once in 300 times."""
    rng, stepped = np.random.default_rng(7), 0
    for _ in range(60):
        counts = silences.weekly(random_log(rng, **sound), "UTC").to_numpy()
        stepped += count_tests.step(counts, 6)[1] / count_tests.dispersion(counts) >= coverage.STEP_GAIN
    assert stepped <= 3


def test_a_source_that_joined_the_export_is_a_step(demo):
    """Two of three changes of the first half are missing; the line of dataset.toml keeps the second half."""
    early = demo.changes["started_at"] < pd.Timestamp("2025-07-01", tz="UTC")
    thin = replace(demo, changes=demo.changes[~early | (np.arange(len(early)) % 3 == 0)].reset_index(drop=True))
    (finding,) = coverage.find_steps(thin)
    assert finding.title.startswith("the changes step from 5") and finding.title.endswith("in the week of 30 June 2025")
    assert finding.toml == '[attribution]\nobserved = ["2025-06-30", "2025-12-31"]'
    assert finding.without.make(thin).observed[0] == pd.Timestamp("2025-06-30", tz=demo.timezone)
    assert coverage.find_steps(demo) == []
