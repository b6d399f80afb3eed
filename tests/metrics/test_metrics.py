"""The month's numbers against published examples, closed forms and numbers worked by hand."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from toy import ToyDataset, ToyFound, changes, incidents, shares, suspects, utc

from aftershock import metrics
from aftershock.metrics.change_risk import _gamma_prior
from aftershock.metrics.dora import weighted_median
from aftershock.metrics.durations import _kaplan_meier
from aftershock.metrics.month_comparison import _critical
from aftershock.model.intervals import binomial_interval, poisson_interval


def test_poisson_interval_is_garwoods():
    """Garwood's table: 10 events, 95 %: 4.795 to 18.390; none: 0 to −ln(0.05) with 5 % in the upper tail."""
    assert poisson_interval(10, level=0.95) == pytest.approx((4.795, 18.390), abs=5e-4)
    assert poisson_interval(0) == pytest.approx((0.0, -math.log(0.05)))


def test_binomial_interval_is_clopper_and_pearsons():
    """4 of 20, 95 %: 0.0573 to 0.4366 (the usual textbook example); none of n: 1 − 0.05^(1/n)."""
    assert binomial_interval(4, 20, level=0.95) == pytest.approx((0.0573, 0.4366), abs=5e-5)
    assert binomial_interval(0, 12) == pytest.approx((0.0, 1 - 0.05 ** (1 / 12)))
    assert binomial_interval(0, 0) == (0.0, 1.0)


# --- counts -----------------------------------------------------------------------------------------------------------


def three_months() -> ToyDataset:
    """Two incidents in January, none in February, one and its duplicate in March, observed for 15 of its 31 days."""
    table = incidents(
        {"incident_id": "a", "started_at": "2025-01-05", "severity": "SEV2", "services": ["api", "web"]},
        {"incident_id": "b", "started_at": "2025-01-31 23:30", "severity": "SEV1", "services": ["api"]},
        {"incident_id": "c", "started_at": "2025-03-02", "severity": ""},
        {"incident_id": "d", "started_at": "2025-03-02", "duplicate_of": "c"},
    )
    return ToyDataset(table, observed=(utc("2025-01-01"), utc("2025-03-16")))


def test_month_counts_fold_duplicates_and_mark_partial_months():
    counts = metrics.month_counts(three_months())
    assert counts["incidents"].tolist() == [2, 0, 1]
    assert counts["partial"].tolist() == [False, False, True]
    assert counts["days"].tolist() == [31, 28, 15]
    assert counts["expected"].tolist() == pytest.approx([3 * d / 74 for d in (31, 28, 15)])


def test_month_belongs_to_the_datasets_zone():
    """23:30 UTC on 31 January is half past midnight on 1 February in Berlin."""
    dataset = three_months()
    dataset.timezone = "Europe/Berlin"
    assert metrics.month_counts(dataset)["incidents"].tolist() == [1, 1, 1]
    assert metrics.incidents_of(dataset, "2025-02")["incident_id"].tolist() == ["b"]


def test_an_imprecise_start_counts_where_its_middle_lies():
    row = {"incident_id": "x", "started_at": "2025-01-30", "started_at_before": "2025-02-10"}
    dataset = ToyDataset(incidents(row))
    assert metrics.month_counts(dataset)["incidents"].tolist() == [0, 1, 0]


def test_days_of_a_month_with_a_clock_change():
    dataset = ToyDataset(incidents(), timezone="Europe/Berlin", observed=(utc("2025-01-01"), utc("2025-06-01")))
    assert metrics.days_observed(dataset, "2025-03") == pytest.approx((31 - 1 / 24, 31 - 1 / 24))
    assert metrics.days_observed(dataset, "2026-03")[0] == 0


def test_control_limits_are_poisson_quantiles():
    """Second opinion: scipy's quantile function."""
    from scipy.stats import poisson

    rows = [{"incident_id": str(i), "started_at": f"2025-01-{1 + i % 28:02d}"} for i in range(40)]
    counts = metrics.month_counts(ToyDataset(incidents(*rows)))
    assert counts["limit_low"].tolist() == poisson.ppf(0.00135, counts["expected"]).tolist()
    assert counts["limit_high"].tolist() == poisson.ppf(0.99865, counts["expected"]).tolist()


def test_no_incidents_at_all():
    counts = metrics.month_counts(ToyDataset(incidents()))
    assert counts["incidents"].tolist() == [0, 0, 0]
    assert counts["limit_high"].tolist() == [0, 0, 0]


def test_compare_months_ten_against_none():
    """All ten of ten fall in this month: the share is at least 0.05^(1/10), the test's p-value 2 × 0.5^10."""
    found = metrics.compare_months(10, 0)
    share = 0.05**0.1
    assert found.low == pytest.approx(share / (1 - share))
    assert math.isinf(found.ratio) and math.isinf(found.high)
    assert found.p_value == pytest.approx(2 * 0.5**10)
    assert found.verdict == "more than noise"
    assert "no upper bound" in found.sentence and "inf" not in found.sentence


def test_compare_months_six_against_three():
    """P(X >= 6 of 9) = (84 + 36 + 9 + 1) / 512, doubled."""
    found = metrics.compare_months(6, 3)
    assert found.p_value == pytest.approx(130 * 2 / 512)
    assert found.ratio == 2 and found.verdict == "within noise"
    assert found.sentence.startswith("6 incidents against 3 the month before: 2.00 times the daily rate")


def test_compare_months_swaps_and_scales():
    """Swapping the months inverts the ratio; a month of half the days doubles its rate."""
    one, other = metrics.compare_months(7, 12), metrics.compare_months(12, 7)
    assert (one.low, one.high) == pytest.approx((1 / other.high, 1 / other.low))
    assert metrics.compare_months(7, 12, (15, 30)).ratio == pytest.approx(2 * 7 / 12)
    assert metrics.compare_months(0, 0).verdict == "nothing to compare"
    assert metrics.compare_months(3, 2, (0, 30)).verdict == "nothing to compare"


@pytest.mark.parametrize(("this", "last"), [(6, 3), (10, 2), (3, 14), (0, 4), (0, 5), (9, 3)])
def test_verdict_and_p_value_agree(this: int, last: int):
    found = metrics.compare_months(this, last)
    assert (found.verdict == "more than noise") == (found.p_value < 0.10)


def test_by_severity_is_worst_first_and_knows_the_usual():
    """January: one SEV1, one SEV2. The other 43 observed days had one without a severity: 31 / 43 are usual."""
    table = metrics.by_group(three_months(), "2025-01", "severity")
    assert table["group"].tolist() == ["SEV1", "SEV2", "not given"]
    assert table["incidents"].tolist() == [1, 1, 0]
    assert table["usual"].tolist() == pytest.approx([0, 0, 31 / 43])
    assert table["high"].iloc[2] == pytest.approx(-math.log(0.05))


def test_by_service_counts_an_incident_with_each_of_its_services():
    table = metrics.by_group(three_months(), "2025-01", "services")
    assert dict(zip(table["group"], table["incidents"], strict=True)) == {"api": 2, "web": 1}
    assert metrics.by_group(three_months(), "2025-02", "services").empty


def test_detectable_change_has_the_power_it_claims():
    """Second opinion: 4,000 simulated pairs of months at the ratio found are noticed about four times out of five."""
    found = metrics.detectable_change(20)
    rng = np.random.default_rng(20250101)
    before, after = rng.poisson(20, 4000), rng.poisson(20 * found.increase, 4000)
    noticed = np.mean([metrics.compare_months(int(a), int(b)).low > 1 for a, b in zip(after, before, strict=True)])
    assert noticed == pytest.approx(0.8, abs=0.02)


def test_detectable_change_shrinks_with_more_incidents():
    ratios = [metrics.detectable_change(n).increase for n in (5, 20, 80)]
    assert ratios[0] > ratios[1] > ratios[2] > 1
    assert metrics.detectable_change(80).decrease < 1
    assert metrics.detectable_change(1).decrease is None
    assert "no fall is large enough" in metrics.detectable_change(1).sentence
    assert metrics.detectable_change(0).increase is None


def test_critical_values_are_the_largest_that_the_test_allows():
    """Second opinion: scipy's binomial quantiles for every total up to 600."""
    from scipy.stats import binom

    totals = np.arange(1, 601)
    critical = _critical(totals, 0.05)
    assert (binom.cdf(critical, totals, 0.5) <= 0.05).all()
    assert (binom.cdf(critical + 1, totals, 0.5) > 0.05).all()


# --- blame ------------------------------------------------------------------------------------------------------------


def found_with_two_incidents() -> ToyFound:
    """Incident a: c1 0.5, c2 0.3, none 0.2. Incident b: c1 0.5, none 0.5. Draws: both, a, a, none set off."""
    table = suspects(
        ("a", 1, "c1", 0.5, "deploy", 10.0, False, ""),
        ("a", 2, "c2", 0.3, "config", 90.0, False, ""),
        ("a", 3, "none", 0.2, "", float("nan"), False, ""),
        ("b", 1, "c1", 0.5, "deploy", 30.0, False, ""),
        ("b", 2, "none", 0.5, "", float("nan"), False, ""),
    )
    return ToyFound(
        table,
        shares=shares(("a", 0.8, 0.4), ("b", 0.5, 0.2)),
        draws=np.array([[1, 1], [1, 0], [1, 0], [0, 0]]),
        rates=pd.DataFrame(
            {
                "kind": ["deploy", "config"],
                "changes": [40, 20],
                "set_off": [1.0, 0.3],
                "per_1000": [25.0, 15.0],
                "per_1000_low": [9.0, 2.0],
                "per_1000_high": [60.0, 50.0],
            }
        ),
        delay_quantiles=pd.DataFrame(
            {"kind": ["all"], "quantile": [0.95], "minutes": [120.0], "minutes_low": [60.0], "minutes_high": [300.0]}
        ),
    )


def test_change_share_is_the_mean_probability_with_the_draws_interval():
    share = metrics.change_share(found_with_two_incidents(), ["a", "b"])
    assert share.value == pytest.approx(0.65) and share.chance == pytest.approx(0.3) and share.n == 2
    assert (share.low, share.high) == pytest.approx(tuple(np.quantile([1, 0.5, 0.5, 0], [0.05, 0.95])))
    assert share.above_chance is False


def test_change_share_picks_its_incidents_by_id_whatever_their_order():
    share = metrics.change_share(found_with_two_incidents(), ["b"])
    assert share.value == 0.5 and share.n == 1 and (share.low, share.high) == pytest.approx((0, 0.85))
    assert not metrics.change_share(found_with_two_incidents(), ["elsewhere"]).known


def test_risk_by_kind_carries_the_chance_level():
    """Chance links 0.4 + 0.2 incidents; there are 60 changes: 10 per 1,000."""
    risk = metrics.risk_per_1000(found_with_two_incidents())
    assert risk["group"].tolist() == ["deploy", "config"]
    assert risk["chance_per_1000"].tolist() == pytest.approx([10, 10])


def fleet() -> ToyDataset:
    rows = [{"change_id": "c1", "started_at": "2025-01-06 10:00", "services": ["api"]}]
    rows += [{"change_id": "c2", "started_at": "2025-01-04 10:00", "kind": "config", "services": ["web", "api"]}]
    rows += [{"change_id": f"q{i}", "started_at": "2025-01-07 22:00", "services": ["web"]} for i in range(8)]
    table = incidents(
        {"incident_id": "a", "started_at": "2025-01-06 10:10", "resolved_at": "2025-01-06 11:10"},
        {"incident_id": "b", "started_at": "2025-01-06 10:30", "resolved_at": "2025-01-06 14:30"},
    )
    return ToyDataset(table, changes(*rows))


def test_risk_by_service_is_shrunk_between_raw_and_pooled():
    """api: 1.3 incidents on 2 changes, web: 0.3 on 9. The shrunk risk lies between its own rate and the pooled one."""
    risk = metrics.risk_by_service(fleet(), found_with_two_incidents()).set_index("group")
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
    risk = metrics.risk_by_hours(fleet(), found_with_two_incidents()).set_index("group")
    assert risk["changes"].to_dict() == {"office hours": 1, "evenings and nights": 8, "weekends": 1}
    assert risk["set_off"].to_dict() == pytest.approx({"office hours": 1.0, "evenings and nights": 0, "weekends": 0.3})
    dataset = fleet()
    dataset.timezone = "Pacific/Auckland"
    assert metrics.risk_by_hours(dataset, found_with_two_incidents()).set_index("group")["changes"].to_dict() == {
        "office hours": 8,
        "evenings and nights": 1,
        "weekends": 1,
    }


def test_watch_time_falls_back_to_all_kinds():
    watch = metrics.watch_time(found_with_two_incidents(), kind="policy")
    assert (watch.value, watch.low, watch.high, watch.unit) == (120, 60, 300, "minutes")
    assert watch.definition == "95 % of the outages that changes (all) set off show within so many minutes"
    assert not metrics.watch_time(found_with_two_incidents(), quantile=0.5).known


# --- durations --------------------------------------------------------------------------------------------------------

WEEKS = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
STILL = [0, 0, 0, 1, 0, 1, 0, 1, 1, 0, 0, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1]


def test_kaplan_meier_on_the_leukaemia_trial():
    """Freireich et al. (1963), 6-MP arm; survival as printed in Kleinbaum & Klein, Survival Analysis, table 2.2.

    The interval at 6 weeks by hand: S = 18/21, Greenwood sum 3/(21·18), S^exp(±1.6449·√sum/ln S).
    """
    curve = _kaplan_meier(np.array(WEEKS, dtype=float), np.array(STILL, dtype=bool))
    survival = dict(zip(curve["minutes"], 1 - curve["share"], strict=True))
    printed = {6: 0.8571, 7: 0.8067, 10: 0.7529, 13: 0.6902, 16: 0.6275, 22: 0.5378, 23: 0.4482}
    assert {t: round(survival[t], 4) for t in printed} == pytest.approx(printed, abs=1e-4)
    s, width = 18 / 21, 1.644854 * math.sqrt(3 / (21 * 18))
    assert 1 - curve["share_low"][0] == pytest.approx(s ** math.exp(width / math.log(s)), abs=1e-4)
    assert 1 - curve["share_high"][0] == pytest.approx(s ** math.exp(-width / math.log(s)), abs=1e-4)
    assert curve["censored"].sum() == 12


def trial() -> ToyDataset:
    """The same trial as incidents: weeks become minutes; a censored one is still open when the observation ends."""
    end = utc("2025-03-01")
    rows = []
    for i, (minutes, still) in enumerate(zip(WEEKS, STILL, strict=True)):
        start = end - pd.Timedelta(minutes=minutes)
        times = {"started_at": start.tz_localize(None), "resolved_at": None if still else end.tz_localize(None)}
        rows.append({"incident_id": str(i), "status": "open" if still else "resolved", **times})
    return ToyDataset(incidents(*rows), observed=(utc("2025-01-01"), end))


def test_durations_count_open_incidents_as_longer_than_their_age():
    """The published median is 23; dropping the open ones would give 10."""
    table = metrics.durations(trial(), trial().incidents).set_index("measure")
    row = table.loc["resolve"]
    assert (row["n"], row["n_open"], row["median"]) == (21, 12, 23)
    assert row["median_low"] < 23 and math.isinf(row["median_high"]) and math.isnan(row["p90"])
    assert table.loc["detect", "n"] == 0 and table.loc["detect", "n_missing"] == 21
    assert math.isnan(table.loc["detect", "median"])


def test_imprecise_times_stand_at_their_middle_and_are_counted():
    """Start between 10:00 and 10:20, resolved between 11:00 and 12:00: 80 minutes. Detected before the middle: 0."""
    row = {
        "incident_id": "a",
        "started_at": "2025-01-05 10:00",
        "started_at_before": "2025-01-05 10:20",
        "detected_at": "2025-01-05 10:05",
        "resolved_at": "2025-01-05 11:00",
        "resolved_at_before": "2025-01-05 12:00",
    }
    dataset = ToyDataset(incidents(row))
    table = metrics.durations(dataset, dataset.incidents).set_index("measure")
    assert table.loc["resolve", "median"] == 80 and table.loc["detect", "median"] == 0
    assert table["n_imprecise"].to_dict() == {"detect": 1, "mitigate": 0, "resolve": 1}


def test_an_unknown_end_is_missing_not_censored():
    dataset = ToyDataset(incidents({"incident_id": "a", "started_at": "2025-01-05", "status": "unknown"}))
    row = metrics.durations(dataset, dataset.incidents).set_index("measure").loc["resolve"]
    assert (row["n"], row["n_open"], row["n_missing"]) == (0, 0, 1)
    assert metrics.duration_curves(dataset, dataset.incidents).empty


def test_duration_curves_leave_out_measures_nobody_reached():
    curves = metrics.duration_curves(trial(), trial().incidents)
    assert set(curves["measure"]) == {"resolve"}
    assert curves["share"].is_monotonic_increasing


def test_compare_incident_among_earlier_ones():
    """Earlier ones took 10, 20, 20 and 40 minutes; this one 20: (1 + 2/2) / 4. A later one does not count."""
    rows = [
        {"incident_id": str(i), "started_at": f"2025-01-0{i} 00:00", "resolved_at": f"2025-01-0{i} 00:{m}"}
        for i, m in enumerate([10, 20, 20, 40, 20, 50], start=1)
    ]
    dataset = ToyDataset(incidents(*rows))
    row = metrics.compare_incident(dataset, "5").set_index("measure").loc["resolve"]
    assert (row["percentile"], row["n"], row["minutes"]) == (0.5, 4, 20)
    assert row["low"] == pytest.approx(binomial_interval(1, 4)[0])
    assert row["high"] == pytest.approx(binomial_interval(3, 4)[1])
    assert math.isnan(metrics.compare_incident(dataset, "1").set_index("measure").loc["resolve", "percentile"])
    assert metrics.compare_incident(dataset, "nobody").empty


# --- DORA -------------------------------------------------------------------------------------------------------------


def test_weighted_median_equals_kaplan_meier_with_equal_weights():
    minutes, still = np.array(WEEKS, dtype=float), np.array(STILL, dtype=bool)
    assert weighted_median(minutes, still, np.ones(21)) == 23
    assert weighted_median(minutes, still, np.full(21, 0.2)) == 23
    assert math.isnan(weighted_median(np.array([5.0]), np.array([True]), np.ones(1)))


def test_weighted_median_by_hand():
    """Weights 1, 1, 4 at 1, 2, 3: the curve falls to 5/6, 4/6, 0."""
    assert weighted_median(np.array([3.0, 1.0, 2.0]), np.zeros(3, dtype=bool), np.array([4.0, 1.0, 1.0])) == 3


def test_dora_keys_by_hand():
    """Nine deployments in 31 days. c1 set off a (0.5) or b (0.5), so it failed with 1 − 0.5 · 0.5; the others never."""
    keys = metrics.dora(fleet(), found_with_two_incidents(), "2025-01").set_index("measure")
    assert keys.loc["deployment frequency", "value"] == pytest.approx(9 / 31)
    rate = keys.loc["change failure rate"]
    assert rate["value"] == pytest.approx(0.75 / 9) and rate["n"] == 9
    assert rate["chance"] == pytest.approx(0.6 / 10)
    assert 0 < rate["low"] < rate["value"] < rate["high"] < 0.5
    recovery = keys.loc["failed deployment recovery time"]
    assert recovery["value"] == 60 and (recovery["low"], recovery["high"]) == (60, 240)
    assert math.isnan(keys.loc["change lead time", "value"])
    assert keys["definition"].str.len().min() > 20


def test_dora_counts_every_kind_where_nothing_is_called_a_deployment():
    dataset = fleet()
    dataset.changes["kind"] = "config"
    keys = metrics.dora(dataset, found_with_two_incidents(), "2025-01").set_index("measure")
    assert keys.loc["deployment frequency", "n"] == 10
    assert "changes of kind config" in keys.loc["deployment frequency", "definition"]


def test_dora_of_a_month_without_changes():
    keys = metrics.dora(fleet(), found_with_two_incidents(), "2025-02").set_index("measure")
    assert keys.loc["deployment frequency", "value"] == 0
    assert math.isnan(keys.loc["change failure rate", "value"])
    assert math.isnan(keys.loc["failed deployment recovery time", "value"])


def test_failure_rate_interval_is_jeffreys_when_the_draws_agree():
    """All draws blame the one deployment for the one incident: Beta(1.5, n − 0.5), from scipy."""
    from scipy.stats import beta

    dataset = fleet()
    table = suspects(("a", 1, "c1", 1.0, "deploy", 10.0, False, ""))
    found = ToyFound(table, shares=shares(("a", 1.0, 0.1)), draws=np.ones((50, 1)))
    rate = metrics.dora(dataset, found, "2025-01").set_index("measure").loc["change failure rate"]
    assert (rate["low"], rate["high"]) == pytest.approx(tuple(beta.ppf([0.05, 0.95], 1.5, 8.5)), abs=1e-6)


# --- follow-up --------------------------------------------------------------------------------------------------------


def test_repeats_need_words_in_common_and_look_back_only():
    rows = [
        {
            "incident_id": "old",
            "started_at": "2025-01-01",
            "title": "Certificate expired on gateway",
            "services": ["api"],
        },
        {"incident_id": "other", "started_at": "2025-01-02", "title": "Disk full", "services": ["api"]},
        {"incident_id": "now", "started_at": "2025-01-03", "title": "Gateway certificate expired", "services": ["api"]},
        {"incident_id": "later", "started_at": "2025-01-04", "title": "Certificate expired", "services": ["api"]},
    ]
    table = metrics.repeats(ToyDataset(incidents(*rows)), ["now"])
    assert table[["incident_id", "earlier_id"]].to_numpy().tolist() == [["now", "old"]]
    assert table["similarity"].iloc[0] == pytest.approx(1.0)
    assert table["shared_services"].iloc[0] == ["api"]


def test_shared_services_raise_the_similarity_of_like_texts_only():
    """Same words: cosine 1 whatever the services; half the words: the same service closes half of the gap."""
    rows = [
        {"incident_id": "x", "started_at": "2025-01-01", "title": "cache stampede", "services": ["a"]},
        {"incident_id": "y", "started_at": "2025-01-02", "title": "cache eviction", "services": ["b"]},
        {"incident_id": "z", "started_at": "2025-01-03", "title": "cache storm", "services": ["a"]},
        {"incident_id": "w", "started_at": "2025-01-03", "title": "nothing alike", "services": ["a"]},
    ]
    table = metrics.repeats(ToyDataset(incidents(*rows)), ["z", "w"], least=0.0001).set_index("earlier_id")
    cosine = table.loc["y", "similarity"]
    assert table.loc["x", "similarity"] == pytest.approx(cosine + (1 - cosine) / 2)
    assert (table["incident_id"] == "z").all()


def test_action_items_with_states_and_notes(tmp_path):
    (tmp_path / "postmortems").mkdir()
    (tmp_path / "postmortems" / "inc-1.md").write_text(
        "## Action items\n"
        "| Action | Type | Owner | Due | Done | Ticket |\n|---|---|---|---|---|---|\n"
        "| Add an alert | prevent | on-call lead | 2025-02-01 | 2025-01-20 | T-1 |\n"
        "| Write a test | process | team | 2025-02-01 | | T-2 |\n"
        "| Tidy up | process | team | 2025-04-01 | – | T-3 |\n"
        "| Finished later | process | team | 2025-02-01 | 2025-03-20 | T-4 |\n"
        "| One cell too few | process | team | 2025-02-01 | |\n",
        encoding="utf-8",
    )
    (tmp_path / "postmortems" / "stray.md").write_text("nothing", encoding="utf-8")
    dataset = ToyDataset(incidents({"incident_id": "INC/1", "started_at": "2025-01-05"}), folder=tmp_path)
    items, notes = metrics.action_items(dataset, utc("2025-03-01"), stem=lambda i: i.lower().replace("/", "-"))
    assert items["incident_id"].unique().tolist() == ["INC/1"]
    assert items["state"].tolist() == ["done", "overdue", "open", "overdue"]
    assert notes["file"].tolist() == ["postmortems/inc-1.md", "postmortems/stray.md"]
    assert notes["reason"].tolist() == ["malformed_row", "unknown_incident"]
    assert notes["line"].iloc[0] == 8 and pd.isna(notes["line"].iloc[1])


def test_no_postmortems_folder_means_no_items():
    items, notes = metrics.action_items(ToyDataset(incidents()), utc("2025-03-01"))
    assert items.empty and notes.empty and "state" in items


def test_numbers_do_not_depend_on_the_order_of_rows():
    dataset, shuffled = trial(), trial()
    shuffled.incidents = shuffled.incidents.sample(frac=1, random_state=3)
    pd.testing.assert_frame_equal(
        metrics.durations(dataset, dataset.incidents), metrics.durations(shuffled, shuffled.incidents)
    )
    pd.testing.assert_frame_equal(metrics.month_counts(dataset), metrics.month_counts(shuffled))
