"""The simulation does what its plan says, tells the truth apart from the logs, and never writes over anything."""

from __future__ import annotations

import csv
import gzip
import hashlib
import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aftershock.schema.errors import UsageError
from aftershock.simulation import DEFAULT_KINDS, Fleet, KindPlan, Simulated, planted, simulate, write
from aftershock.simulation.company import CATALOGUE, services

SEEDS = (11, 12, 13)
PRONE = tuple(replace(plan, failure_probability=5 * plan.failure_probability) for plan in DEFAULT_KINDS)
BIG = Fleet(changes=5_000, kinds=PRONE, background_incidents=300, duplicates=0, imprecise=0.0)


@pytest.fixture(scope="module")
def default() -> Simulated:
    return simulate(Fleet())


@pytest.fixture(scope="module")
def years() -> list[Simulated]:
    return [simulate(replace(BIG, seed=seed)) for seed in SEEDS]


def joined(simulated: Simulated) -> pd.DataFrame:
    """Incidents set off by a logged change, with that change's columns (suffix _c)."""
    told = simulated.truth[simulated.truth["cause"].eq("change_in_log")]
    told = told.assign(change_id=told["change_ids"].str[0])
    table = told.merge(simulated.incidents, on="incident_id", validate="one_to_one")
    return table.merge(simulated.changes.add_suffix("_c"), left_on="change_id", right_on="change_id_c")


def digests(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def distances(simulated: Simulated) -> dict[str, dict[str, int]]:
    """Hops from a changed service to each of its direct and indirect dependents, by another implementation."""
    graph = nx.DiGraph(list(simulated.dependencies[["depends_on", "service"]].itertuples(index=False)))
    return dict(nx.all_pairs_shortest_path_length(graph, cutoff=2))


def within(observed: float, expected: float, sd: float) -> bool:
    return abs(observed - expected) <= 4 * sd


# --- the same again, and different ------------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_bytes(tmp_path):
    fleet = Fleet(seed=5, months=3, changes=700, background_incidents=15)
    first = digests(write(simulate(fleet), tmp_path / "one"))
    assert first == digests(write(simulate(fleet), tmp_path / "two"))
    packed = (tmp_path / "one" / "changes.csv.gz").read_bytes()
    assert packed[3:10] == b"\x00" * 5 + b"\x02\xff"  # RFC 1952: no name, no time, best compression, no platform
    other = digests(write(simulate(replace(fleet, seed=6)), tmp_path / "three"))
    assert all(first[name] != other[name] for name in ("incidents.csv", "changes.csv.gz", "truth.csv"))


def test_the_wording_does_not_move_the_times():
    fleet = Fleet(seed=5, months=3, changes=700)
    quiet, chatty = simulate(replace(fleet, mention=0.0)), simulate(replace(fleet, mention=1.0))
    assert quiet.incidents["started_at"].equals(chatty.incidents["started_at"])
    assert not quiet.incidents["description"].equals(chatty.incidents["description"])


# --- what was planted is there ----------------------------------------------------------------------------------------


def test_the_default_year_has_the_size_that_the_demo_needs(default):
    months = default.incidents["started_at"].dt.tz_convert("Europe/Berlin").dt.month.value_counts().sort_index()
    assert 130 <= len(default.incidents) <= 170 and 7_700 <= len(default.changes) <= 8_400
    assert 0.4 <= default.truth["cause"].ne("no_change").mean() <= 0.6
    assert len(months) == 12 and months.nunique() > 4 and 10 <= months[12] <= 14
    named = {name for names in default.changes["services"] for name in names}
    assert named <= {s.name for s in CATALOGUE} and len(named) >= 38
    still_open = default.incidents["status"].eq("open")
    assert still_open.sum() >= 1 and default.incidents.loc[still_open, "started_at"].min() > pd.Timestamp(
        "2025-12-15", tz="UTC"
    )
    assert default.incidents.loc[still_open, "resolved_at"].isna().all()
    assert default.incidents.loc[~still_open, "resolved_at"].notna().all()


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


def test_symptoms_name_what_the_change_touched_as_often_as_planned():
    def share(mention: float) -> float:
        fleet = replace(BIG, seed=3, mention=mention, mention_by_chance=0.0, without_service=0.0)
        found = joined(simulate(fleet))
        names = {word for service in CATALOGUE for word in service.name.split("-")}
        hits = []
        for row in found.itertuples():
            touched = set(
                (row.title_c + " " + " ".join(row.paths_c))
                .lower()
                .replace("/", " ")
                .replace("_", " ")
                .replace("-", " ")
                .split()
            )
            said = set(
                (row.title + " " + row.description).lower().replace(".", "").replace(":", "").replace("-", " ").split()
            )
            hits.append(bool({word for word in touched & said if len(word) > 3} - names - {"from", "when", "with"}))
        return float(np.mean(hits))

    never, always = share(0.0), share(1.0)
    assert always > 0.85  # a part such as "API keys" has only short words
    assert never < 0.35
    assert 0.3 < (share(0.45) - never) / (always - never) < 0.6


def test_planted_does_not_count_what_documentation_cannot_do():
    table = planted(Fleet(docs_only=0.5))
    assert table.columns.tolist() == ["kind", "per_1000", "median_delay_minutes"]
    assert table.set_index("kind").loc["deploy", "per_1000"] == pytest.approx(3.7)  # 7.4 per 1,000, half of them docs
    assert table.set_index("kind").loc["config"].tolist() == [16.0, 6.0]


# --- the truth --------------------------------------------------------------------------------------------------------


def test_every_incident_has_one_truth_that_points_at_existing_changes(default):
    assert default.truth["incident_id"].tolist() == default.incidents["incident_id"].tolist()
    assert default.incidents["incident_id"].is_unique and default.changes["change_id"].is_unique
    named = [change for ids in default.truth["change_ids"] for change in ids]
    assert named and set(named) <= set(default.changes["change_id"])
    assert (default.truth["change_ids"].str.len().gt(0) == default.truth["cause"].eq("change_in_log")).all()
    assert set(default.truth["cause"]) == {"change_in_log", "change_not_logged", "no_change"}
    assert default.truth["confidence"].eq("high").all() and default.truth["method"].eq("simulated").all()


def test_no_truth_leaks_into_the_incident_log(default, tmp_path):
    write(default, tmp_path / "year")
    text = (tmp_path / "year" / "incidents.csv").read_text(encoding="utf-8")
    assert "chg-" not in text and "change_in_log" not in text and "caused_by" not in text
    assert "chg-" not in "".join(p.read_text(encoding="utf-8") for p in (tmp_path / "year" / "postmortems").iterdir())
    tables = tomllib.loads((tmp_path / "year" / "dataset.toml").read_text(encoding="utf-8"))
    assert "truth.csv" not in [value.get("path") for value in tables.values() if isinstance(value, dict)]


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


def test_the_service_graph_has_no_circle_and_knows_every_service(default):
    names = {s.name for s in services(40)}
    assert len(names) == 40 and {s for pair in default.dependencies.to_numpy() for s in pair} <= names
    assert nx.is_directed_acyclic_graph(nx.DiGraph(default.dependencies.to_numpy().tolist()))
    for row in default.incidents.itertuples():
        direct = set(default.dependencies.loc[default.dependencies["depends_on"].eq(row.services[0]), "service"])
        assert set(row.services[1:]) <= direct


# --- files ------------------------------------------------------------------------------------------------------------


def test_the_folder_holds_what_the_design_asks_for(default, tmp_path):
    folder = write(default, tmp_path / "deep" / "year")
    files = set(digests(folder))
    assert {"dataset.toml", "incidents.csv", "changes.csv.gz", "dependencies.csv", "truth.csv"} <= files
    assert {name for name in files if name.startswith("postmortems/")} == {
        f"postmortems/{k}.md" for k in default.postmortems
    }
    assert (folder / "changes.csv.gz").stat().st_size < 400_000
    assert [path.name for path in folder.parent.iterdir()] == ["year"]  # nothing left behind
    settings_ = tomllib.loads((folder / "dataset.toml").read_text(encoding="utf-8"))
    assert settings_["simulated"] is True and "simulated" in settings_["name"]
    assert settings_["timezone"] == "Europe/Berlin"
    assert settings_["attribution"]["observed"] == ["2025-01-01", "2025-12-31"]
    with gzip.open(folder / "changes.csv.gz", "rt", encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == len(default.changes)
    assert rows[0]["started_at"] == default.changes["started_at"][0].strftime("%Y-%m-%dT%H:%M:%SZ")
    assert {row["emergency"] for row in rows} == {"true", "false"}
    assert [row["services"].split(";") if row["services"] else [] for row in rows] == default.changes[
        "services"
    ].tolist()


@pytest.mark.parametrize(("make", "found"), [("folder", "is not empty"), ("file", "is a file")])
def test_nothing_is_overwritten(tmp_path, make, found):
    target = tmp_path / "mine"
    keep = target / "notes.txt" if make == "folder" else target
    keep.parent.mkdir(exist_ok=True)
    keep.write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError) as error:
        write(simulate(Fleet(months=1, changes=10)), target)
    advice = "Name a folder that does not exist yet, or remove it first."
    assert str(error.value) == f"{target} {found} and will not be overwritten. {advice}"
    assert keep.read_text(encoding="utf-8") == "mine" and len(list(tmp_path.rglob("*"))) == (
        2 if make == "folder" else 1
    )


def test_an_empty_folder_may_be_filled(tmp_path):
    (tmp_path / "empty").mkdir()
    assert "truth.csv" in digests(write(simulate(Fleet(months=1, changes=10)), tmp_path / "empty"))


def test_postmortems_have_their_sections_and_dated_actions(default):
    assert len(default.postmortems) == 6
    open_, done, overdue = 0, 0, 0
    for name, text in default.postmortems.items():
        headings = [line[3:] for line in text.splitlines() if line.startswith("## ")]
        assert headings == ["Narrative", "What went well", "What went badly", "Where we were lucky", "Action items"]
        assert name in set(default.incidents["incident_id"]) and "team-" not in text
        assert "| action | type | owner | due | done | ticket |" in text
        for row in (line.strip("| ").split(" | ") for line in text.splitlines() if " | KP-" in line):
            due, finished = date.fromisoformat(row[3]), row[4].strip()
            done += bool(finished)
            open_ += not finished and due > date(2025, 12, 31)
            overdue += not finished and due <= date(2025, 12, 31)
            assert not finished or date.fromisoformat(finished) <= date(2025, 12, 31)
    assert min(open_, done, overdue) >= 2


def test_titles_are_varied_and_in_one_piece(default):
    assert default.changes["title"].nunique() > 0.7 * len(default.changes)
    everything = pd.concat([default.changes["title"], default.incidents["title"], default.incidents["description"]])
    assert not everything.str.contains(r"[{}]|  |None|nan\b", regex=True).any()
    assert everything.str.len().between(8, 220).all()
    assert default.changes["author"].str.fullmatch(r"team-[a-z]+-\d|update-bot").all()


# --- odd fleets -------------------------------------------------------------------------------------------------------


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seed=st.integers(0, 2**32),
    count=st.sampled_from([1, 2, 3, 7, 40, 95]),
    changes=st.sampled_from([0.0, 1.0, 300.0]),
    background=st.sampled_from([0.0, 1.0, 30.0]),
    months=st.integers(1, 3),
    start=st.dates(date(2001, 1, 1), date(2030, 1, 1)),
    zone=st.sampled_from(["UTC", "Asia/Kolkata", "America/Santiago", "Pacific/Apia"]),
    share=st.sampled_from([0.0, 0.3, 1.0]),
)
def test_odd_fleets_are_simulated_and_written(
    tmp_path_factory, seed, count, changes, background, months, start, zone, share
):
    fleet = Fleet(
        seed=seed, start=start, months=months, timezone=zone, services=count, changes=changes,
        background_incidents=background, on_dependent=share, second_hop=share, mention=share, staging=share / 2,
        reverted=share, repeats=share, imprecise=share,
        kinds=(KindPlan("deploy", 0.5, share, 60, 2.0), KindPlan("database", 0.5, 0.1, 9000, 1)),
    )  # fmt: skip
    made = simulate(fleet)
    assert len(made.truth) == len(made.incidents)
    assert made.truth["change_ids"].explode().dropna().isin(made.changes["change_id"]).all()
    begin, end = fleet.period
    assert made.changes["started_at"].between(begin, end, inclusive="left").all()
    assert made.incidents["detected_at"].between(begin, end, inclusive="left").all()
    folder = write(made, tmp_path_factory.mktemp("odd") / "fleet")
    lines = (folder / "incidents.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == len(made.incidents) + 1 and lines[0].startswith("incident_id,title,started_at")


def test_nothing_planned_is_nothing_logged():
    made = simulate(Fleet(changes=0, background_incidents=0, quiet_reverts=0))
    assert [len(made.incidents), len(made.changes), len(made.truth), made.postmortems] == [0, 0, 0, {}]
    only_background = simulate(Fleet(changes=0, fixed=0))
    assert only_background.changes.empty and only_background.truth["cause"].eq("no_change").all()


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
