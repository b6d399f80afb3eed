"""All checks together, on sound logs and tiny ones."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from flawed_logs import checks

from aftershock import load
from aftershock.quality import CHECKS, examine
from aftershock.quality.as_text import as_lines


def test_a_sound_year_has_one_small_flaw(demo_quality):
    """The demo leaves the service of one change in a hundred empty, on purpose."""
    assert [f.check for f in demo_quality.findings] == ["changes_without_service"]
    assert len(demo_quality.findings[0].rows) == (demo_quality.dataset.changes["services"].map(len) == 0).sum()


@pytest.mark.parametrize("empty", ["incidents", "changes", "both logs of one row"])
def test_tiny_logs_are_no_trouble(write, empty):
    incidents = "incident_id,started_at\n" + ("" if empty == "incidents" else "i1,2024-01-01\n")
    changes = "change_id,started_at\n" + ("" if empty == "changes" else "c1,2024-01-01\n")
    assert as_lines(examine(load(write(incidents=incidents, changes=changes))))


def test_a_reference_dataset_is_checked_by_rows_only():
    found = checks(load("famous-outages"))
    assert set(found) == {"detected_before_start", "endless_incidents"}
    assert found["detected_before_start"].rows["id"].tolist() == ["gce-2016-04-11", "openai-2024-12-11"]


def test_the_order_of_rows_does_not_matter(demo):
    rng = np.random.default_rng(4)
    shuffled = replace(demo, changes=demo.changes.iloc[rng.permutation(len(demo.changes))])
    assert [f.title for check in CHECKS for f in check(shuffled)] == [f.title for check in CHECKS for f in check(demo)]
