"""The self-check: the same each time, and larger where logs are small."""

from __future__ import annotations

from copy import copy
from dataclasses import replace

import numpy as np
import pytest

from aftershock.model.validation import self_check


def test_the_self_check_is_the_same_each_time_and_counts_every_drawn_incident(found):
    first, again = (self_check.self_check(found, logs=2) for _ in range(2))
    assert first.equals(again)
    assert first["log"].nunique() == 2 and first["incident_id"].str.startswith("drawn-").all()
    assert 0.3 < first["top_1"].mean() <= 1  # far above the one in sixty of a blind guess


@pytest.mark.parametrize(("incidents", "logs"), [(1, 30), (24, 30), (70, 10), (675, 5)])
def test_small_logs_are_drawn_more_often(found, incidents, logs):
    few = copy(found)
    few.seen = replace(few.seen, used=np.arange(max(len(few.seen.used), incidents)) < incidents)
    assert self_check.logs_to_draw(few) == logs
