"""A plan that makes no sense says everything that is wrong, and what a sound one comes to."""

from __future__ import annotations

import pytest

from aftershock.schema.errors import UsageError
from aftershock.simulation import Fleet, KindPlan, planted


def test_planted_does_not_count_what_documentation_cannot_do():
    table = planted(Fleet(docs_only=0.5))
    assert table.columns.tolist() == ["kind", "per_1000", "median_delay_minutes"]
    assert table.set_index("kind").loc["deploy", "per_1000"] == pytest.approx(3.7)  # 7.4 per 1,000, half of them docs
    assert table.set_index("kind").loc["config"].tolist() == [16.0, 6.0]


def test_a_fleet_that_makes_no_sense_says_everything_that_is_wrong():
    with pytest.raises(UsageError) as error:
        Fleet(services=0, mention=1.5, timezone="Mars/Olympus", changes=-1, kinds=(KindPlan("deplyo", 0.5, 2.0, 0, 1),))
    assert str(error.value) == (
        "this fleet cannot be simulated: changes is -1, expected a number of 0 or more; "
        "mention is 1.5, expected a share from 0 to 1; services is 0, expected 1 or more; "
        "timezone is 'Mars/Olympus', expected an IANA name such as 'Europe/Berlin'; "
        "kind 'deplyo' is unknown, expected one of deploy, config, feature_flag, database, infrastructure, data, "
        "policy; "
        "the nearest is 'deploy'; kind 'deplyo' has share 0.5, failure_probability 2.0, expected both from 0 to 1; "
        "kind 'deplyo' has median_delay_minutes 0, delay_log_sd 1, expected more than 0, and 0 or more; "
        "the shares of the kinds add up to 0.5, expected 1"
    )
