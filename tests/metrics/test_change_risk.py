"""Risks of changes against numbers worked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from toy import ToyDataset, changes, fleet, two_incidents_found

from aftershock import metrics
from aftershock.metrics.change_risk import _gamma_prior
from aftershock.model.intervals import posterior_interval


def test_change_share_is_the_mean_probability_with_the_draws_interval():
    share = metrics.change_share(two_incidents_found(), ["a", "b"])
    assert share.value == pytest.approx(0.65) and share.chance == pytest.approx(0.3) and share.n == 2
    assert (share.low, share.high) == pytest.approx(posterior_interval(np.array([1, 0.5, 0.5, 0])))
    assert share.above_chance is False


def test_change_share_picks_its_incidents_by_id_whatever_their_order():
    share = metrics.change_share(two_incidents_found(), ["b"])
    assert share.value == 0.5 and share.n == 1
    assert not metrics.change_share(two_incidents_found(), ["elsewhere"]).known


def test_the_share_of_one_incident_has_the_interval_of_its_own_probability():
    """Its draws are 0 and 1: their interval would say 0 to 100 % next to the probability's own."""
    found = two_incidents_found()
    found.shares = found.shares.assign(low=[0.7, 0.4], high=[0.9, 0.6])
    share = metrics.change_share(found, ["b"])
    assert (share.low, share.high) == (0.4, 0.6)


def test_outages_are_the_incidents_that_are_no_part_of_an_earlier_one():
    """b is part of a's outage in three draws of four: 1 + 1/4 outages, in draws 1, 1, 1, 2."""
    count = metrics.outage_count(two_incidents_found(), ["a", "b"])
    assert count.value == pytest.approx(1.25) and count.n == 2
    assert (count.low, count.high) == pytest.approx(posterior_interval(np.array([1, 1, 1, 2])))
    assert metrics.outage_count(two_incidents_found(), ["b"]).value == pytest.approx(0.25)
    assert not metrics.outage_count(two_incidents_found(), []).known


def test_risk_by_kind_carries_the_chance_level():
    risk = metrics.risk_by_kind(fleet(), two_incidents_found())
    assert risk["kind"].tolist() == ["deploy", "config"]
    assert risk["set_off"].tolist() == pytest.approx([1.0, 0.3])
    assert risk["chance_per_1000"].tolist() == pytest.approx([10, 10])


def test_each_service_and_each_time_has_its_own_level_of_chance():
    """Chance links 0.4 to c1 (api, office hours) and 0.2 to c2 (web and api, a weekend), nothing to the eight at night."""
    services = metrics.risk_by_service(fleet(), two_incidents_found()).set_index("group")["chance_per_1000"]
    assert services.to_dict() == pytest.approx({"api": 1000 * 0.6 / 2, "web": 1000 * 0.2 / 9})
    times = metrics.risk_by_hours(fleet(), two_incidents_found()).set_index("group")["chance_per_1000"]
    assert times.to_dict() == pytest.approx({"office hours": 400, "evenings and nights": 0, "weekends": 200})


def test_risk_by_service_is_shrunk_between_raw_and_pooled():
    """api: 1.3 incidents on 2 changes, web: 0.3 on 9. The shrunk risk lies between its own rate and the pooled one."""
    risk = metrics.risk_by_service(fleet(), two_incidents_found()).set_index("group")
    assert risk["set_off"].to_dict() == pytest.approx({"api": 1.3, "web": 0.3})
    assert risk["raw_per_1000"].to_dict() == pytest.approx({"api": 650, "web": 1000 * 0.3 / 9})
    pooled = 1000 * 2.1 / 11
    assert pooled < risk.loc["api", "per_1000"] < 650
    assert 1000 * 0.3 / 9 < risk.loc["web", "per_1000"] < pooled
    assert (risk["per_1000_low"] < risk["per_1000"]).all() and (risk["per_1000"] < risk["per_1000_high"]).all()


def test_gamma_prior_tells_equal_services_from_unlike_ones():
    """Equal rates must pool (large shape), rates apart by a hundred must not."""
    equal, _ = _gamma_prior(np.full(20, 10.0), np.full(20, 1000.0))
    unlike, _ = _gamma_prior(np.array([100.0, 1.0] * 10), np.full(20, 1000.0))
    assert equal > 20 > 2 > unlike


def test_risk_by_hours_uses_local_time():
    """c1 is on a Monday at 10, c2 on a Saturday, eight at 22 h; in Auckland the eight are on Wednesday at 11."""
    risk = metrics.risk_by_hours(fleet(), two_incidents_found()).set_index("group")
    assert risk["changes"].to_dict() == {"office hours": 1, "evenings and nights": 8, "weekends": 1}
    assert risk["set_off"].to_dict() == pytest.approx({"office hours": 1.0, "evenings and nights": 0, "weekends": 0.3})
    dataset = fleet()
    dataset.timezone = "Pacific/Auckland"
    assert metrics.risk_by_hours(dataset, two_incidents_found()).set_index("group")["changes"].to_dict() == {
        "office hours": 8,
        "evenings and nights": 1,
        "weekends": 1,
    }


def test_watch_time_falls_back_to_all_kinds():
    watch = metrics.watch_time(two_incidents_found(), kind="policy")
    assert (watch.value, watch.low, watch.high, watch.unit) == (120, 60, 300, "minutes")
    assert watch.definition == "95 % of the outages that changes (all) set off show within so many minutes"
    assert not metrics.watch_time(two_incidents_found(), quantile=0.5).known


def test_funnel_limits_are_those_of_poisson_counts():
    """scipy.stats.poisson.ppf([.001, .025, .975, .999], 50) is 30, 37, 64, 73 incidents; less than one never too many."""
    limits = metrics.funnel_limits(0.01, np.array([5000.0, 1.0]))
    counts = limits.iloc[0][["low_998", "low_95", "high_95", "high_998"]].to_numpy() * 5
    assert counts == pytest.approx([30, 37, 64, 73], abs=1)
    assert limits.iloc[1].tolist() == pytest.approx([0, 1000, 0, 1000])


@pytest.mark.parametrize(
    ("first", "before", "part"),
    [
        ("2025-01-07", "2025-01-08", "hour unknown"),  # a Tuesday: by its midnight it would be a night
        ("2025-01-07 09:00", "2025-01-07 12:00", "office hours"),
        ("2025-01-07 16:00", "2025-01-07 18:30", "hour unknown"),
        ("2025-01-07 10:00", "2025-01-08 10:00", "hour unknown"),  # office hours at both ends, a night between them
        ("2025-01-07 20:00", "2025-01-08 06:00", "evenings and nights"),
        ("2025-01-04", "2025-01-05", "weekends"),
        ("2025-01-01", "2025-02-01", "hour unknown"),
    ],
)
def test_a_change_whose_hour_is_not_known_is_not_one_of_the_night(first, before, part):
    table = changes({"change_id": "c1", "started_at": first, "started_at_before": before, "services": ["api"]})
    risk = metrics.risk_by_hours(ToyDataset(fleet().incidents, table), two_incidents_found())
    assert dict(zip(risk["group"], risk["changes"], strict=True)) == {part: 1}


def test_changes_without_a_service_are_not_those_of_a_service():
    rows = [
        {"change_id": f"c{n}", "started_at": "2025-01-07", "services": s} for n, s in enumerate((["api"], []), start=1)
    ]
    dataset = ToyDataset(fleet().incidents, changes(*rows))
    assert metrics.risk_by_service(dataset, two_incidents_found())["group"].tolist() == ["api"]
    nameless = ToyDataset(fleet().incidents, changes(rows[1]))
    assert metrics.risk_by_service(nameless, two_incidents_found()).empty
