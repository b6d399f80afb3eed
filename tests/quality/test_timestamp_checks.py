"""Times that cannot be right, or are rounded."""

from __future__ import annotations

import numpy as np
from flawed_logs import checks, toml

from aftershock import load
from aftershock.quality import timestamp_checks


def test_causes_that_come_after_what_they_caused(write):
    incidents = "incident_id,started_at,services,caused_by\n" + "".join(
        f"i{n},2024-01-{n + 1:02}T12:00Z,a,c{n};gone\n" for n in range(6)
    )
    changes = "change_id,started_at,services\n" + "".join(f"c{n},2024-01-{n + 1:02}T13:0{n}Z,a\n" for n in range(6))
    dataset = load(write(incidents=incidents, changes=changes))
    (finding,) = timestamp_checks.find_late_causes(dataset)
    assert finding.title == "6 reported causes of 6 began after the incident"
    assert "Most are about 1 h late, as if a clock were off by that much." in finding.said
    assert finding.rows.iloc[2].tolist() == ["incidents.csv", 4, "i2", "c2 began 1 h 2 min after it"]
    assert finding.without.how == "the changes moved by −1 h"


def test_rounded_times_and_the_line_that_widens_them(write):
    rng = np.random.default_rng(1)
    minute = np.where(rng.random(60) < 0.5, 0, rng.integers(1, 60, 60))
    incidents = "incident_id,started_at\n" + "".join(
        f"i{n},2024-{1 + n // 28:02}-{1 + n % 28:02}T{n % 24:02}:{m:02}:00Z\n" for n, m in enumerate(minute)
    )
    found = checks(load(write(toml(), incidents)))["rounded_stamps"]
    assert found.toml == '[incidents]\nrounded = "hour"'
    assert found.rows["id"].tolist() == [f"i{n}" for n in np.flatnonzero(minute == 0)]
    fixed = load(write(toml(incidents='rounded = "hour"'), incidents))
    assert "rounded_stamps" not in checks(fixed)
    widened = found.without.make(load(write(toml(), incidents)))
    assert widened.incidents["started_at"].equals(fixed.incidents["started_at"])
    assert widened.incidents["started_at_before"].equals(fixed.incidents["started_at_before"])
