"""Two clocks that differ: how far, in which season, and which line of dataset.toml sets it right."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from flawed_logs import checks, toml
from toy import exported_year

from aftershock import load
from aftershock.quality import clocks, impact
from aftershock.quality.utc_offsets import in_summer
from aftershock.quality.variants import everywhere, moved


@pytest.mark.parametrize("hours_ahead", [-8, -5, 1, 2, 9])
def test_a_shift_of_one_log_is_found(demo, hours_ahead):
    found = clocks.shift(moved(demo, "incidents", pd.Timedelta(hours=hours_ahead), everywhere))
    assert found.hours == hours_ahead
    assert found.seen > 2 * found.chance
    assert clocks.shift(moved(demo, "changes", pd.Timedelta(hours=-hours_ahead), everywhere)).hours == hours_ahead


def test_chance_shifts_no_clock(demo):
    """The incidents of each month dealt to other weeks: hour and weekday stay, coincidences with changes go."""
    rng = np.random.default_rng(3)
    for _ in range(6):
        by = pd.to_timedelta(7 * rng.integers(-8, 9, len(demo.incidents)), unit="D")
        times = {c: demo.incidents[c] + by for c in ("started_at", "started_at_before")}
        dealt = replace(demo, incidents=demo.incidents.assign(**times))
        assert clocks.find_shifts(dealt) == []


def test_daylight_saving_in_one_log_only(demo):
    late = moved(demo, "incidents", pd.Timedelta(hours=1), lambda f: in_summer(f["started_at"], demo.timezone))
    (finding,) = clocks.find_shifts(late)
    assert finding.title == "the clocks of the two logs are 0 h apart in winter and +1 h in summer"
    assert impact.answers(finding.without.make(late)).first.equals(impact.answers(demo).first)


@pytest.mark.parametrize(
    ("seed", "zone", "apart"),
    [
        (13, "America/New_York", (-5, -4)),  # as one shift of the whole year, −4.5 h shows most at first sight
        (11, "Australia/Sydney", (11, 10)),
        (13, "Asia/Kolkata", (5.5, 5.5)),
        (11, "UTC", None),
    ],
)
def test_the_hours_between_two_clocks_in_winter_and_in_summer(write, seed, zone, apart):
    found = clocks.seasons(load(write(toml(), *exported_year(np.random.default_rng(seed), zone))))
    assert (found and found[1:]) == apart


@pytest.mark.parametrize(
    "zone", ["Europe/Helsinki", "Europe/Berlin", "America/Denver", "Asia/Tokyo", "Australia/Sydney"]
)
@pytest.mark.parametrize("of", ["incidents", "changes"])
def test_a_zone_is_found_where_hours_alone_do_not_decide(demo, zone, of):
    """Eight months of the demo, one log on a wall clock: half an hour more or less is not settled, the zone is."""
    until = pd.Timestamp("2025-09-04", tz="UTC")
    utc = demo.settings.model_copy(update={"timezone": "UTC"})
    short = {log: (frame := getattr(demo, log))[frame["started_at"] < until] for log in ("incidents", "changes")}
    for column in ("started_at", "started_at_before"):
        wall = short[of][column].dt.tz_convert(zone).dt.tz_localize(None).dt.tz_localize("UTC")
        short[of] = short[of].assign(**{column: wall})
    dataset = replace(demo, settings=utc, **{log: frame.reset_index(drop=True) for log, frame in short.items()})
    found = clocks.seasons(dataset)
    assert clocks.likeliest_zone(dataset, found[0], of=of)[0] == zone


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Sydney"])
def test_the_suggested_zone_sets_the_log_right(write, zone):
    incidents, changes = exported_year(np.random.default_rng(11), zone)
    wrong = checks(load(write(toml(), incidents, changes)))
    found = wrong.get("zone_shift") or wrong["saving_shift"]
    assert found.toml == f'[incidents]\ntimezone = "{zone}"'
    assert found.impact.moved >= 1
    fixed = checks(load(write(toml(incidents=f'timezone = "{zone}"'), incidents, changes)))
    assert not {"zone_shift", "saving_shift"} & set(fixed)
