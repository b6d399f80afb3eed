"""What was found as frames to group and merge."""

from __future__ import annotations

import pandas as pd
import pytest
from conftest import TOML

from aftershock import attribute, load
from aftershock.schema.errors import UsageError

INCIDENTS = """incident_id,started_at,started_at_before,mitigated_at,resolved_at,severity,services,title
i1,2024-01-10T12:00Z,2024-01-10T12:10Z,2024-01-10T12:35Z,2024-01-10T13:05Z,low,checkout,Payments fail
i2,2024-07-10T12:00Z,,,,high,search,Search is empty
i3,2024-07-11T12:00Z,,,2024-07-11T11:00Z,,search,Search is slow
"""
CHANGES = """change_id,started_at,kind,services,title,author,Team
c1,2024-01-10T11:30Z,deploy,checkout,Raise the payments limit,bot,payments
c2,2024-07-10T11:30Z,config,search,Tidy the index settings,person 1,search
"""


@pytest.fixture
def found(write):
    toml = TOML.replace('"UTC"', '"Europe/Berlin"').replace("[changes]", 'severity = ["high", "low"]\n[changes]')
    return attribute(load(write(toml, incidents=INCIDENTS, changes=CHANGES)))


def test_frames_merge_without_suffixes(found):
    both = found.pairs.merge(found.incidents, on="incident_id")
    assert not [c for c in both if c.endswith(("_x", "_y"))]
    assert len(both) == len(found.pairs) == len(found.suspects())
    assert set(found.pairs) & set(found.incidents) == {"incident_id"}
    first = both[both["change_id"] == "c1"].iloc[0]
    assert first[["incident_title", "change_title", "change_author", "change_team"]].tolist() == [
        "Payments fail",
        "Raise the payments limit",
        "bot",
        "payments",
    ]


def test_no_recorded_change_is_a_row_without_a_change(found):
    none = found.pairs[found.pairs["change_id"] == "none"]
    assert len(none) == 3
    assert none["change_title"].eq("No recorded change").all() and none["change_team"].eq("").all()
    assert none["change_at"].isna().all() and none["change_services"].map(len).eq(0).all()
    assert found.pairs.groupby("incident_id")["probability"].sum().tolist() == pytest.approx([1, 1, 1])


def test_severities_are_ordered_worst_first(found):
    grades = found.incidents["incident_severity"]
    assert (grades.cat.ordered, grades.cat.categories.tolist()) == (True, ["high", "low"])
    assert (grades <= "high").tolist() == [False, True, False]
    assert grades.isna().tolist() == [False, False, True]


def test_times_are_in_the_datasets_zone_and_lengths_from_the_middle(found):
    table = found.incidents
    assert str(table["incident_at"].dt.tz) == str(found.pairs["change_at"].dt.tz) == "Europe/Berlin"
    assert table["incident_at"].dt.hour.tolist() == [13, 14, 14]
    assert table["minutes_to_mitigate"].iloc[0] == 30 and table["minutes_to_resolve"].iloc[0] == 60
    assert table["minutes_to_resolve"].isna().tolist() == [False, True, True], "an end before the start is no length"


def test_an_incident_has_its_best_explanation_and_its_shares(found):
    best = found.suspects().query("rank == 1").set_index("incident_id")
    table = found.incidents.set_index("incident_id")
    assert table["best_change_id"].to_dict() == best["change_id"].to_dict()
    assert table["best_probability"].to_dict() == pytest.approx(best["probability"].to_dict())
    assert table["by_changes"].tolist() == found.shares["change_probability"].tolist()


def test_frames_can_be_kept_as_parquet_and_read_without_aftershock(found, tmp_path):
    tables = {"incidents": found.incidents, "pairs": found.pairs, "suspects": found.suspects()}
    tables |= {"log": found.dataset.incidents, "changes": found.dataset.changes}
    for name, table in tables.items():
        table.to_parquet(tmp_path / name)
        assert pd.read_parquet(tmp_path / name)[table.columns[0]].tolist() == table[table.columns[0]].tolist()
    assert pd.read_parquet(tmp_path / "changes")["extras"].tolist() == [{"Team": "payments"}, {"Team": "search"}]


def test_a_name_or_a_folder_is_loaded_and_anything_else_refused(write):
    folder = write()
    assert attribute(str(folder)).dataset.key == attribute(folder).dataset.key == "small"
    with pytest.raises(
        UsageError,
        match=r"attribute\(\) got DataFrame; expected what aftershock.load\(\) gives, .* attribute\('demo'\)",
    ):
        attribute(load(folder).incidents)
    with pytest.raises(UsageError, match="no dataset 'dmo'; the nearest is 'demo'"):
        attribute("dmo")


def test_suspects_are_those_of_an_id_a_row_a_table_or_a_list(found):
    log, every = found.dataset.incidents, found.suspects()
    of_two = every[every["incident_id"] != "i2"].reset_index(drop=True)
    for two in (log.iloc[[2, 0]], found.incidents.iloc[[0, 2]], ["i3", "i1", "i1"], log["incident_id"].iloc[[0, 2]]):
        pd.testing.assert_frame_equal(found.suspects(two), of_two, check_exact=False)
    first = log.iloc[0]
    for one in (first, found.incidents.iloc[0], found.suspects("i1").iloc[0]):
        assert found.suspects(one).equals(found.suspects("i1"))
    assert found.suspects(log[:0]).empty and list(found.suspects([])) == list(every)
    assert found.dataset.incident(first)["incident_id"] == "i1"
    assert found.explanation(first, found.dataset.changes.iloc[0]).change_id == "c1"


def test_what_is_no_incident_is_said_to_be_none(found):
    changes = found.dataset.changes
    with pytest.raises(
        UsageError, match=r"^found a table without the column incident_id .*; its columns are change_id, kind, "
    ):
        found.suspects(changes)
    for none in (changes.iloc[0], 3, ["i1", 3]):
        name = type(none[1] if isinstance(none, list) else none).__name__
        with pytest.raises(
            UsageError, match=rf"^found {name} in place of the id of an incident; .*, or a row with incident_id$"
        ):
            found.suspects(none)


def test_columns_of_probabilities_are_numbers_with_a_point_even_where_all_are_0(write):
    far_apart = "".join(INCIDENTS.splitlines(keepends=True)[:3])
    found = attribute(load(write(incidents=far_apart, changes=CHANGES)))
    assert found.incidents["part_of_probability"].tolist() == [0, 0]
    tables = (found.incidents, found.pairs, found.outages)
    kinds = {
        name: str(t[name].dtype) for t in tables for name in t if "probability" in name or name.startswith("by_ch")
    }
    assert set(kinds.values()) == {"float64"}, kinds
