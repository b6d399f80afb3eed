"""Which changes can have set an incident off, and how an incident on several services is shared among them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from conftest import TOML

from aftershock import attribute, load
from aftershock.model import candidates
from aftershock.model.candidates import FIRST_NAMED, CandidateFinder
from aftershock.model.delays import DelayGrid
from aftershock.schema.tables import NONE


def test_an_incident_on_several_services_is_counted_once(write):
    """The same outage written with checkout first, or search, or cart: a change of checkout is blamed for as much over all
    three as for one that names checkout alone, most where it is named first. Else a change would count once per service
    that is named, and the background once."""
    names = ["checkout", "search", "cart"]
    rows = [
        f"i{n},2024-01-10T12:00Z,{first};{';'.join(s for s in names if s != first)}" for n, first in enumerate(names)
    ]
    table = "incident_id,started_at,services\n" + "\n".join([*rows, "alone,2024-01-10T12:00Z,checkout"]) + "\n"
    changes = "change_id,started_at,kind,services\nc1,2024-01-10T11:30Z,deploy,checkout\n"
    found = attribute(load(write(incidents=table, changes=changes)))
    pairs = found.seen.pairs
    spread = dict(zip(found.reading.incidents["incident_id"].to_numpy()[pairs.incident], pairs.spread, strict=True))
    assert spread["i0"] == pytest.approx(FIRST_NAMED) and spread["i1"] == pytest.approx((1 - FIRST_NAMED) / 2)
    assert spread["i0"] + spread["i1"] + spread["i2"] == pytest.approx(spread["alone"]) == pytest.approx(1)


def test_a_change_long_after_or_before_is_no_candidate(write):
    changes = (
        "change_id,started_at,kind,services\nlate,2024-01-10T12:01Z,deploy,checkout\nold,2024-01-07T11:59Z,deploy,checkout\n"
        "edge,2024-01-07T12:00Z,deploy,checkout\nzero,2024-01-10T12:00Z,deploy,checkout\nlast,2024-02-20T00:00Z,deploy,checkout\n"
    )
    found = attribute(load(write(changes=changes)))
    assert set(found.suspects("i1")["change_id"]) == {"edge", "zero", NONE}


def test_other_environments_and_what_never_took_effect_are_no_candidates(write):
    changes = (
        "change_id,started_at,kind,services,environment,status\na,2024-01-10T11:00Z,deploy,checkout,production,done\n"
        "b,2024-01-10T11:00Z,deploy,checkout,staging,done\nc,2024-01-10T11:00Z,deploy,checkout,production,Cancelled\n"
        "d,2024-01-10T11:00Z,deploy,checkout,,\ne,2024-03-01T00:00Z,deploy,checkout,,\n"
    )
    found = attribute(load(write(TOML + '[attribution]\nenvironments = ["production"]\n', changes=changes)))
    assert set(found.suspects("i1")["change_id"]) == {"a", "d", NONE}


def test_what_is_done_in_blocks_and_by_table_comes_out_the_same(write, monkeypatch):
    """Densities of many pairs in blocks, and sets of services told apart by sorting where a table would be larger."""
    rows = [f"c{n},2024-01-{n % 9 + 1:02d}T{n % 24:02d}:30Z,deploy,{'abc'[n % 3]}" for n in range(40)]
    times = ["2024-01-05T12:00Z", "2024-01-06", "2024-01-08T12:00Z"]
    incidents = "incident_id,started_at,services\n" + "".join(f"i{n},{t},{'abc'[n]}\n" for n, t in enumerate(times))
    folder = write(incidents=incidents, changes="change_id,started_at,kind,services\n" + "\n".join(rows) + "\n")
    whole = attribute(load(folder)).suspects()
    monkeypatch.setattr(candidates, "_BLOCK", 7)
    monkeypatch.setattr(candidates, "_MOST_COUNTED", 0)
    assert len(whole) > 30 and set(whole["incident_id"]) == {"i0", "i1", "i2"}
    pd.testing.assert_frame_equal(attribute(load(folder)).suspects(), whole, check_exact=True)


def test_two_imprecise_times_have_the_mean_density_of_all_delays_between_them():
    """Incidents from 10 to 12 or 10 to 10:30 and changes from 8 to 9, next to pairs of which one time or both are exact."""
    finder = CandidateFinder.__new__(CandidateFinder)
    finder.grid = DelayGrid(72.0)
    a, b = np.array([10.0, 10.0, 10.0, 10.0]), np.array([12.0, 10.0, 10.5, 12.0])
    c, d = np.array([8.0, 9.0, 8.0, 9.0]), np.array([9.0, 9.0, 9.0, 9.0])
    found = finder.densities(a, b, c, d).toarray()
    middles = (np.arange(200) + 0.5) / 200
    for row in range(4):
        delays = np.subtract.outer(a[row] + middles * (b - a)[row], c[row] + middles * (d - c)[row]).ravel()
        assert found[row] == pytest.approx(finder.grid.points(delays).toarray().mean(axis=0), abs=2e-3)
        assert found[row].sum() > 0.3


def test_distinct_numbers_are_those_that_numpy_finds():
    rng = np.random.default_rng(1)
    for size in (0, 1, 400):
        numbers = rng.integers(-50, 50, size)
        assert candidates.distinct(numbers).tolist() == np.unique(numbers).tolist()
