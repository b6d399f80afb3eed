"""The simulation does what its plan says, tells the truth apart from the logs, and never writes over anything."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from prone_company import BIG, joined

from aftershock.simulation import Fleet, KindPlan, simulate, write
from aftershock.simulation.company import CATALOGUE


def digests(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


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
