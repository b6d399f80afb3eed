"""Changes and incidents are drawn as the plan says, and in an order that can be true."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pandas as pd
from prone_company import BIG, SEEDS, joined

from aftershock.simulation import DEFAULT_KINDS, Simulated, planted


def distances(simulated: Simulated) -> dict[str, dict[str, int]]:
    """Hops from a changed service to each of its direct and indirect dependents, by another implementation."""
    graph = nx.DiGraph(list(simulated.dependencies[["depends_on", "service"]].itertuples(index=False)))
    return dict(nx.all_pairs_shortest_path_length(graph, cutoff=2))


def within(observed: float, expected: float, sd: float) -> bool:
    return abs(observed - expected) <= 4 * sd


def test_failures_per_thousand_changes_are_as_planted(years):
    table = planted(BIG).set_index("kind")
    for kind, per_1000 in table["per_1000"].items():
        set_off = sum(joined(year)["kind_c"].eq(kind).sum() for year in years)
        exposed = sum(
            (c["kind"].eq(kind) & c["environment"].eq("production") & (c["reverts"].str.len() == 0)).sum()
            for c in (year.changes for year in years)
        )
        expected = exposed * per_1000 / 1000
        assert within(set_off, expected, np.sqrt(expected)), (kind, set_off, expected)


def test_delays_have_the_planted_median_and_spread(years):
    found = pd.concat([joined(year) for year in years])
    minutes = (found["started_at"] - found["started_at_c"]).dt.total_seconds() / 60
    for plan in DEFAULT_KINDS[:5]:
        logs = np.log(minutes[found["kind_c"].eq(plan.kind)])
        assert within(logs.mean(), np.log(plan.median_delay_minutes), plan.delay_log_sd / np.sqrt(len(logs))), plan.kind
        assert within(logs.std(), plan.delay_log_sd, plan.delay_log_sd / np.sqrt(2 * len(logs))), plan.kind


def test_failures_appear_on_dependents_as_often_as_planted(years):
    near = far = could = could_far = 0
    for year in years:
        hops = distances(year)
        for row in joined(year).itertuples():
            if len(row.services_c) != 1 or 1 not in hops.get(row.services_c[0], {}).values():
                continue
            reach = hops[row.services_c[0]]
            hop = reach[row.services[0]]
            could += 1
            near += hop > 0
            could_far += hop > 0 and 2 in reach.values()
            far += hop == 2
    for count, n, share in ((near, could, BIG.on_dependent), (far, could_far, BIG.second_hop)):
        assert n > 50 and within(count, n * share, np.sqrt(n * share * (1 - share))), (count, n, share)


def test_background_and_unlogged_shares_are_as_planted(years):
    causes = pd.concat([year.truth["cause"] for year in years]).value_counts()
    expected = BIG.background_incidents * len(SEEDS)
    assert within(causes["no_change"], expected, np.sqrt(expected))
    triggered = causes["change_in_log"] + causes["change_not_logged"]
    assert within(causes["change_not_logged"], triggered * BIG.unlogged, np.sqrt(triggered * BIG.unlogged))
    logged = sum((year.changes["reverts"].str.len() == 0).sum() for year in years)
    assert within(logged, BIG.changes * len(SEEDS) * 1.005, np.sqrt(logged) + 0.005 * logged)


def test_kinds_environments_and_flags_have_the_planted_shares(years):
    log = pd.concat([year.changes for year in years])
    log = log[(log["reverts"].str.len() == 0) & ~log["title"].str.startswith(("Hotfix", "Emergency"))]
    deploys = log[log["kind"].eq("deploy")]
    shares = [(log["kind"].eq(p.kind), p.share) for p in DEFAULT_KINDS] + [
        (log["environment"].eq("staging"), BIG.staging),
        (log["services"].str.len() == 0, BIG.without_service),
        (deploys["author"].eq("update-bot"), BIG.bots * (1 - BIG.docs_only)),
        (deploys["description"].eq("Documentation only."), BIG.docs_only),
    ]
    for hits, share in shares:
        assert within(hits.sum(), len(hits) * share, np.sqrt(len(hits) * share * (1 - share))), share


def test_staging_and_documentation_never_fail(years):
    for year in years:
        found = joined(year)
        assert found["environment_c"].eq("production").all()
        assert not found["description_c"].eq("Documentation only.").any()


def test_background_incidents_keep_the_same_office_hours_as_changes(years):
    def in_office(times: pd.Series) -> pd.Series:
        local = times.dt.tz_convert("Europe/Berlin")
        return local.dt.hour.between(9, 16) & (local.dt.day_of_week < 5)

    changes = pd.concat([in_office(year.changes["started_at"]) for year in years]).mean()
    background = pd.concat(
        [in_office(year.incidents.loc[year.truth["cause"].eq("no_change").to_numpy(), "started_at"]) for year in years]
    )
    assert changes > 0.6  # against 0.24 if any hour were like any other
    assert within(background.mean(), changes, np.sqrt(changes * (1 - changes) / len(background)))


def test_effects_never_precede_causes(default):
    found = joined(default)
    slack = pd.to_timedelta(np.where(found["started_at_precision"].eq("hour"), 30, 0), unit="min")
    assert (found["started_at"] + slack > found["started_at_c"]).all()
    exact = default.incidents[default.incidents["started_at_precision"].eq("")]
    times = exact[["started_at", "detected_at", "mitigated_at", "resolved_at"]]
    for before, after in zip(times.columns, times.columns[1:], strict=False):
        known = times[[before, after]].dropna()
        assert (known[before] <= known[after]).all(), (before, after)
    assert (default.changes["finished_at"] >= default.changes["started_at"]).all()
    assert default.incidents["detected_at"].max() < default.fleet.period[1]


def test_reverts_come_after_what_they_take_back_and_quote_its_title(years):
    log = years[0].changes
    reverts = log[log["reverts"].str.len() > 0]
    undone = log.set_index("change_id").loc[reverts["reverts"].str[0]]
    assert len(reverts) > 30
    assert (reverts["started_at"].to_numpy() >= undone["started_at"].to_numpy()).all()
    assert reverts["title"].tolist() == [f'Revert "{title}"' for title in undone["title"]]
    culprits = {change for ids in years[0].truth["change_ids"] for change in ids}
    right = reverts["reverts"].str[0].isin(culprits).mean()
    assert 0.5 < right < 0.95  # a revert is a hint, not the answer


def test_duplicates_share_their_originals_cause_and_start_later(default):
    rows = default.incidents[default.incidents["duplicate_of"].ne("")]
    assert len(rows) == default.fleet.duplicates
    table = default.incidents.merge(default.truth).set_index("incident_id")
    for row in rows.itertuples():
        first = table.loc[row.duplicate_of]
        assert first["duplicate_of"] == "" and first["cause"] == table.loc[row.incident_id, "cause"]
        assert first["change_ids"] == table.loc[row.incident_id, "change_ids"]
        assert first["started_at_precision"] == "hour" or row.started_at > first["started_at"]
