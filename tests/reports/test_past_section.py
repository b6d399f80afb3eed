"""Incidents next to earlier ones: how long they took, and which of them they resemble."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from conftest import TOML
from toy import ToyDataset, incidents, suspects

from aftershock import load
from aftershock.dataset.dataset import Dataset
from aftershock.metrics import compare_incident
from aftershock.output.safe_html import plain
from aftershock.reports.past_section import percentiles_table, repeats_table, similar_table

REPEATS = pd.DataFrame(
    [("new", "old", 0.734, "api"), ("new", "nameless", 0.41, "")],
    columns=["incident_id", "earlier_id", "similarity", "shared_services"],
).assign(title=["Logins fail", ""])


@pytest.fixture
def log(write) -> Dataset:
    rows = (
        "old,2025-01-05T10:00Z,,Logins fail\nnameless,2025-01-06T00:00Z,2025-01-07T00:00Z,\n"
        "new,2025-02-05T10:00Z,,Logins fail again\n"
    )
    toml = TOML.replace('"UTC"', '"Europe/Berlin"')
    return load(write(toml, incidents="incident_id,started_at,started_at_before,title\n" + rows))


def test_an_open_incident_is_so_far_and_has_the_percentile_of_its_age():
    rows = [
        {"incident_id": str(n), "started_at": f"2025-01-0{n} 10:00", "resolved_at": f"2025-01-0{n} 10:{n}0"}
        for n in range(1, 5)
    ]
    now = {"incident_id": "new", "started_at": "2025-03-31 23:25", "status": "open"}
    table, how = percentiles_table(compare_incident(ToyDataset(incidents(*rows, now)), "new")).blocks
    resolve = table.frame.set_index("Measure").loc["Time to resolve"]
    assert resolve["This incident"] == "35 min so far" and resolve["Percentile"] == "75 %"
    assert resolve["90 % interval"].endswith(" %") and resolve["Earlier incidents"] == 4
    detect = table.frame.set_index("Measure").loc["Time to detect"]
    assert (detect["Percentile"], detect["90 % interval"], detect["Earlier incidents"]) == ("–", "–", 0)
    assert "0 % the fastest, 100 % the slowest" in how.text


def test_an_imprecise_length_is_a_span():
    row = {"measure": "resolve", "minutes": 50.0, "minutes_low": 20.0, "minutes_high": 80.0, "open": False}
    row |= {"percentile": math.nan, "low": math.nan, "high": math.nan, "n": 0}
    (shown,) = percentiles_table(pd.DataFrame([row])).blocks[0].frame.to_dict("records")
    assert shown["This incident"] == "20 min to 1 h 20 min" and shown["90 % interval"] == "–"


def test_earlier_incidents_are_shown_with_what_probably_set_them_off(log):
    table = suspects(
        ("old", 2, "c2", 0.2, "deploy", 10.0, False, "Tidy"),
        ("old", 1, "c1", 0.8, "deploy", 10.0, False, "Raise the limit"),
        ("nameless", 1, "none", 1.0, "", math.nan, False, "No recorded change"),
    )
    rows = similar_table(log, REPEATS, table).frame.to_dict("records")
    assert [plain(r["Incident"]) for r in rows] == ["Logins fail old", "nameless"], "the id alone where it has no title"
    assert [plain(r["When"]) for r in rows] == [
        "5 Jan 2025, 11:00 CET",
        "between 6 Jan 2025, 01:00 CET and 7 Jan 2025, 01:00 CET",
    ]
    assert [r["Words alike"] for r in rows] == ["73 %", "41 %"]
    assert [r["Most probable cause"] for r in rows] == ["Raise the limit (80 %)", "No recorded change (100 %)"]


def test_a_month_s_incidents_are_shown_next_to_the_earlier_ones(log):
    rows = repeats_table(log, REPEATS).frame.to_dict("records")
    assert [plain(r["Incident"]) for r in rows] == ["Logins fail again new"] * 2
    assert [plain(r["Resembles"]) for r in rows] == ["Logins fail old", "nameless"]
    assert [r["Shared services"] for r in rows] == ["api", ""]


def test_where_nothing_resembles_it_that_is_said(log):
    none = REPEATS.iloc[:0]
    assert similar_table(log, none, suspects()).text == "No earlier incident resembles this one."
    assert repeats_table(log, none).text == "No incident of this month resembles an earlier one."
