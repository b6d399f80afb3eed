"""What dataset.toml says of a log's own words: kinds, statuses, names of services, rounded times."""

from __future__ import annotations

import pytest

from aftershock import load
from aftershock.schema.errors import InputError

HEAD = 'name = "small"\n'
INCIDENTS = "incident_id,started_at,status,services\ni1,2024-01-10T12:00Z,Erledigt,Payments API;payments\ni2,2024-02-10T12:07Z,In-Arbeit,web\n"
CHANGES = "change_id,started_at,kind,services\nc1,2024-01-10T11:00Z,Hotfix Train,payments-prod\nc2,2024-02-10T11:00Z,DEPLOY,web\n"


def toml(incidents: str = "", changes: str = "", end: str = "") -> str:
    return (
        f'{HEAD}[incidents]\npath = "incidents.csv"\n{incidents}\n[changes]\npath = "changes.csv"\n{changes}\n{end}\n'
    )


def test_kinds_and_statuses_of_the_log_s_own(write):
    settings = toml('statuses = { erledigt = "resolved", "in arbeit" = "open" }', 'kinds = { hotfix-train = "deploy" }')
    dataset = load(write(settings, INCIDENTS, CHANGES))
    assert dataset.incidents["status"].tolist() == ["resolved", "open"]
    assert dataset.changes["kind"].tolist() == ["deploy", "deploy"]
    assert dataset.notes.empty


def test_rounded_stamps_are_read_as_imprecise(write):
    dataset = load(write(toml('rounded = "hour"'), INCIDENTS, CHANGES))
    width = (dataset.incidents["started_at_before"] - dataset.incidents["started_at"]).dt.total_seconds() / 60
    assert width.tolist() == [60, 0]
    stated = INCIDENTS.replace("services", "services,started_at_precision").replace("payments\n", "payments,minute\n")
    exact = load(write(toml('rounded = "hour"'), stated, CHANGES))
    assert (exact.incidents["started_at_before"] == exact.incidents["started_at"]).all()


RULES = """
[[changes.kind]]
kind = "deploy"
title = ["bump *", "/^release v\\\\d/"]
path = "charts/*"
[[changes.kind]]
kind = "staffing"
author = "on?call"
[[changes.kind]]
kind = "policy"
repository = "/handbook$/"
[[changes.kind]]
kind = "data"
title = "*"
path = "charts/*"
"""
RULED = """change_id,started_at,kind,title,author,repository,paths
c1,2024-01-01,config,Bump cart,x,y,README.md;charts/cart/values.yaml
c2,2024-01-02,config,Release v2,x,y,charts/a.yaml
c3,2024-01-03,config,Release 2,x,y,charts/a.yaml
c4,2024-01-04,config,Do not bump cart,oncall,us/handbook,a.yaml
c5,2024-01-05,config,Bump cart,On-Call,y,a.yaml
c6,2024-01-06,config,Bump cart,x,us/HANDBOOK,a.yaml
c7,2024-01-07,config,Bump cart,x,us/handbook/x,a.yaml
c8,2024-01-08,,Bump cart image,x,,
"""


def test_the_first_rule_that_matches_gives_a_change_its_kind(write):
    """Whole texts for patterns, anywhere for regular expressions; every field of a rule, one pattern of each."""
    dataset = load(write(toml(end=RULES), INCIDENTS, RULED))
    kinds = dict(zip(dataset.changes["change_id"], dataset.changes["kind"], strict=True))
    assert kinds == {
        "c1": "deploy",
        "c2": "deploy",
        "c3": "data",
        "c4": "policy",
        "c5": "staffing",
        "c6": "policy",
        "c7": "config",
        "c8": "deploy",
    }


def test_rows_of_other_types_are_folded_where_the_settings_say_which_count(write):
    incidents = (
        "incident_id,started_at,Ticket type\ni1,2024-03-05,Incident\ni2,2024-03-06,Service request\ni3,,Question\n"
    )
    settings = toml('only = { "Ticket type" = "incident" }')
    dataset = load(write(settings, incidents, CHANGES))
    assert dataset.incidents["incident_id"].tolist() == ["i1"]
    assert dataset.folded.query("table == 'incidents'")["into"].tolist() == [
        "no row: its Ticket type is 'Service request'",
        "no row: its Ticket type is 'Question'",
    ]
    with pytest.raises(InputError) as failed:
        load(write(settings.replace("Ticket type", "ticket_type"), incidents, CHANGES))
    assert "found no column 'ticket_type'; expected the column that dataset.toml asks for under only" in str(
        failed.value
    )


def test_a_cause_next_to_the_word_for_none_is_noted(write):
    incidents = "incident_id,started_at,caused_by\ni1,2024-01-10T12:00Z,c1;none\ni2,2024-01-11T12:00Z,none\n"
    dataset = load(write(toml(), incidents, CHANGES))
    assert dataset.incidents["caused_by"].tolist() == [["c1"], []]
    noted = dataset.notes[dataset.notes["column"] == "caused_by"]
    assert noted[["line", "found", "expected"]].to_numpy().tolist() == [[2, "'c1;none'", "changes, or none"]]


def test_rows_without_an_id_have_one_made_of_cells_that_stays_theirs(write):
    head, rows = "started_at,title,incident_id\n", ["2024-01-10T12:00Z,down,\n", "2024-01-11T12:00Z,slow,I-7\n"]
    settings = toml('id_from = ["started_at", "title"]')
    dataset = load(write(settings, head + "".join(rows), CHANGES))
    ids = dataset.incidents["incident_id"].tolist()
    assert (ids[1], len(ids[0]), ids[0].startswith("row-")) == ("I-7", 14, True)
    noted = dataset.notes[dataset.notes["reason"] == "made_id"]
    assert noted[["line", "found", "remedy"]].to_numpy().tolist() == [
        [2, "no id in 1 rows", "Made of started_at, title; it changes when they do."]
    ]
    more = "2024-01-09T12:00Z,other,\n" + "".join(rows[::-1]) + rows[0]
    later = load(write(settings, head + more, CHANGES))
    assert later.incidents["incident_id"].tolist()[1:] == ids  # elsewhere in the file, with other rows around
    assert later.folded["reason"].tolist() == ["repeated_record"]  # the same row once more
    without = load(write(settings, "started_at,title\n2024-01-10T12:00Z,down\n", CHANGES))
    assert without.incidents["incident_id"].tolist() == ids[:1]
    with pytest.raises(InputError) as failed:
        load(write(settings.replace('"title"', '"titel"'), head + "".join(rows), CHANGES))
    assert "expected the column that dataset.toml asks for under id_from" in str(failed.value)


def test_grades_that_differ_in_capitals_alone_are_one(write):
    rows = "incident_id,started_at,severity\na,2024-01-10T12:00Z,sev2\nb,2024-01-11T12:00Z,SEV2\nc,2024-01-12T12:00Z,SEV2\n"
    assert load(write(toml(), rows, CHANGES)).incidents["severity"].tolist() == ["SEV2"] * 3
    assert load(write(toml('severity = ["Sev2"]'), rows, CHANGES)).severities == ["Sev2"]


def test_how_long_an_open_incident_has_lasted_is_no_end(write):
    rows = (
        "incident_id,started_at,status,resolved_at_duration_hours\n"
        "a,2024-01-10T12:00Z,Open,5\nb,2024-01-11T12:00Z,Resolved,5\n"
    )
    found = load(write(toml(), rows, CHANGES))
    assert found.incidents["status"].tolist() == ["open", "resolved"]
    assert found.incidents["resolved_at"].isna().tolist() == [True, False]
    assert found.notes[found.notes["table"] == "incidents"].empty


def test_a_column_that_is_mapped_is_not_taken_by_its_own_name_too(write):
    rows = "incident_id,detected_at\na,2024-01-10T12:00Z\n"
    found = load(write(toml('columns = { started_at = "detected_at" }'), rows, CHANGES)).incidents
    assert found["started_at"].notna().all()
    assert found["detected_at"].isna().all()


def test_an_open_incident_with_an_end_is_resolved_and_noted_as_that(write):
    head = "incident_id,started_at,resolved_at,status\n"
    dataset = load(write(incidents=f"{head}i1,2024-01-10T12:00Z,2024-01-10T13:00Z,open\n"))
    assert dataset.incidents["status"].tolist() == ["resolved"]
    assert dataset.notes["reason"].tolist() == ["ended_yet_open"]


@pytest.mark.parametrize("word", ["Re-opened", "Rouvert", "Wieder geöffnet", "Reaberto", "再オープン"])
def test_an_incident_that_was_opened_again_has_no_end_yet(write, word):
    head = "incident_id,started_at,resolved_at,status\n"
    dataset = load(write(incidents=f"{head}i1,2024-01-10T12:00Z,2024-01-10T13:00Z,{word}\n"))
    assert dataset.incidents["status"].tolist() == ["open"] and dataset.incidents["resolved_at"].isna().all()
    assert dataset.notes["reason"].tolist() == ["ended_yet_open"]
