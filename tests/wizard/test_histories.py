"""Logs whose rows are the states of a record, and what becomes of them when they are read."""

from __future__ import annotations

import json

import pandas as pd

from aftershock.wizard import histories
from aftershock.wizard.create import create_dataset
from aftershock.wizard.guess import Guess
from aftershock.wizard.time_cells import TimeCells


def test_the_newest_row_counts_and_the_oldest_says_when_it_began(tmp_path, put):
    rows = "".join(
        f"2024-03-05 {hour:02}:00,T{n},{state}\n"
        for n in range(3)
        for hour, state in ((9 + n, "opened"), (10 + n, "investigating"), (12 + n, "resolved"))
    )
    made = create_dataset(tmp_path / "m", put(states__csv=f"timestamp,ticket,state\n{rows}"))
    incidents = made.dataset.incidents.set_index("incident_id")
    assert incidents.loc["T1", ["started_at", "resolved_at", "status"]].tolist() == [
        pd.Timestamp("2024-03-05T10:00Z"),
        pd.Timestamp("2024-03-05T13:00Z"),
        "resolved",
    ]
    assert made.dataset.folded["reason"].tolist() == ["part_of_row"] * 6
    history = next(g for g in made.draft.sections["incidents"].guesses if g.what == "history")
    assert history.value == "last" and history.why.endswith("such as line 2, line 3 and line 4")


def test_what_was_done_with_a_ticket_says_its_state_though_some_words_of_it_are_none(tmp_path, put):
    done = ("Created", "Assigned", "Responded", "Resolved")
    rows = "".join(
        f"T{n},{what},2024-03-0{n} 1{hour}:00\n" for n in (1, 2, 3) for hour, what in enumerate(done[: n + 1])
    )
    made = create_dataset(tmp_path / "m", put(tickets__csv=f"TicketID,ActionType,ActionAt\n{rows}"))
    incidents = made.dataset.incidents.set_index("incident_id")
    assert incidents["status"].tolist() == ["open", "unknown", "resolved"]
    assert incidents["resolved_at"]["T3"] == pd.Timestamp("2024-03-03T13:00Z")
    assert any("not known what 'Responded'" in one for one in made.draft.sections["incidents"].questions)


def test_where_the_newest_row_is_first_a_time_of_the_rows_says_so():
    rows = pd.DataFrame(
        {
            "at": ["2024-03-05 12:00", "2024-03-05 09:00", "2024-03-06 12:00", "2024-03-06 09:00"],
            "id": ["T1", "T1", "T2", "T2"],
            "event": ["close", "open", "close", "open"],
        }
    )
    found = histories.of(rows, Guess("incident_id", "id", 1.0, ""), TimeCells(rows, "UTC"))
    assert found.value == "first" and found.why.endswith("'at' says which is the newest")


def test_rows_with_ids_of_their_own_may_be_reports(tmp_path, put):
    rows = "".join(f"{n},{n // 2},2024-03-05 1{n}:00,{state}\n" for n, state in enumerate(["draft", "final"] * 3))
    for head, asked in (("report_id,incident_id,created_at,status", True), ("id,incident_id,created_at,status", False)):
        made = create_dataset(tmp_path / f"m{asked}", put(reports__csv=f"{head}\n{rows}"))
        assert ("'report_id' tells all rows apart" in "\n".join(made.draft.sections["incidents"].questions)) == asked


def test_rows_of_one_id_that_are_of_several_things_are_asked_about():
    rows = pd.DataFrame(
        {
            "release_id": ["R1"] * 4,
            "site_id": ["A", "A", "B", "B"],
            "event_id": ["1", "2", "3", "4"],
            "event": ["started", "done"] * 2,
        }
    )
    id = Guess("change_id", "release_id", 1.0, "")
    asked = (
        "of the rows of each 'release_id' one is read, and they differ in 'site_id': if each was one of its own, "
        "give each an id"
    )
    assert list(histories.mixed(rows, {}, id)) == [asked]
    assert list(histories.mixed(rows.assign(site_id="A"), {}, id)) == []


def test_rows_that_differ_in_when_they_were_valid_are_versions_of_which_the_current_one_counts():
    rows = pd.DataFrame(
        {
            "id": ["T1", "T1", "T2", "T2"],
            "title": ["Mail", "Mail", "Web", "Web"],
            "valid_from": ["2024-03-06 09:00", "2024-03-05 09:00", "2024-03-07 09:00", "2024-03-06 09:00"],
            "valid_to": ["2999-12-31 00:00", "2024-03-06 09:00", "2999-12-31 00:00", "2024-03-07 09:00"],
        }
    )
    found = histories.of(rows, Guess("incident_id", "id", 1.0, ""), TimeCells(rows, "UTC"))
    assert found.value == "first" and found.why.endswith("'valid_from' says which is the newest")


def test_events_that_are_states_say_when_it_ended(tmp_path, put):
    rows = [("7", "opened", 10), ("7", "acknowledged", 11), ("7", "resolved", 12), ("8", "opened", 13)]
    rows += [("8", "resolved", 14), ("8", "reopened", 15)]
    log = "".join(f"{id},{event},2024-03-05 {hour}:00\n" for id, event, hour in rows)
    made = create_dataset(tmp_path / "m", put(log__csv=f"incident_id,event,timestamp\n{log}"))
    incidents = made.dataset.incidents.set_index("incident_id")
    assert incidents["status"].tolist() == ["resolved", "open"]
    assert incidents["resolved_at"].tolist() == [pd.Timestamp("2024-03-05T12:00Z"), pd.NaT]


def test_rows_with_versions_of_their_own_are_no_states():
    rows = pd.DataFrame(
        {"release": ["1809", "1809", "1803"], "version": ["10.0.17763.379", "10.0.17763.348", "10.0.17134.677"]}
    )
    assert histories.varying(rows, rows["release"]) == []
    assert histories.varying(rows.assign(version=["1", "2", "1"]), rows["release"]) == ["version"]


def test_a_change_of_several_states_began_with_the_first_in_which_it_took_effect(tmp_path, put):
    rows = "".join(
        f"{id},2024-03-05 {at},{event}\n"
        for id, at, event in (
            ("C1", "09:00", "created"), ("C1", "10:00", "started"), ("C1", "10:30", "finished"),
            ("C2", "11:00", "created"), ("C2", "11:30", "cancelled"),
            ("C3", "12:00", "created"), ("C3", "13:00", "running"),
        )
    )  # fmt: skip
    incidents = "id,start\nI1,2024-03-05 10:10\n"
    made = create_dataset(tmp_path / "m", put(changes__csv=f"change,timestamp,event\n{rows}", incidents__csv=incidents))
    changes = made.dataset.changes
    times = (
        changes[["started_at", "finished_at"]].map(lambda at: f"{at:%H:%M}" if pd.notna(at) else "").to_numpy().tolist()
    )
    assert dict(zip(changes["change_id"], times, strict=True)) == {
        "C1": ["10:00", "10:30"], "C2": ["11:00", ""], "C3": ["13:00", ""],
    }  # fmt: skip
    assert changes["status"].tolist() == ["finished", "cancelled", "running"]
    assert made.draft.sections["changes"].questions == ()


def test_records_that_were_scheduled_are_asked_about(tmp_path, put):
    states = "".join(
        f"T{n},2024-03-0{n} 0{hour}:00,2024-03-0{n} 0{hour + 1}:00,{state}\n"
        for n in (1, 2, 3)
        for hour, state in ((1, "Scheduled" if n == 2 else "Investigating"), (2, "Monitoring"), (3, "Resolved"))
    )
    made = create_dataset(tmp_path / "m", put(incidents__csv=f"incident_id,start_at,end_at,status\n{states}"))
    section = made.draft.sections["incidents"]
    asked = "1 incident had the state 'Scheduled': if that is planned work, take the rows of such ids out of the file"
    assert asked in section.questions


def test_when_a_state_began_is_the_start_of_the_first(tmp_path, put):
    steps = [("", "New", "09:00"), ("New", "Busy", "09:10"), ("Busy", "Done", "10:00")]
    rows = "".join(f"t{n},2024-03-0{n} {at},{old},{new}\n" for n in (1, 2) for old, new, at in steps)
    read = create_dataset(
        tmp_path / "m", put(ticket_history__csv=f"ticket,changed_at,from_status,to_status\n{rows}")
    ).dataset.incidents
    assert read["started_at"].astype(str).tolist() == ["2024-03-01 09:00:00+00:00", "2024-03-02 09:00:00+00:00"]
    assert read["resolved_at"].astype(str).tolist() == ["2024-03-01 10:00:00+00:00", "2024-03-02 10:00:00+00:00"]
    deploys = "deployment,status,updated\n" + "".join(
        f"d{n},{state},2024-03-0{n} {at}\n" for n in (1, 2) for state, at in (("queued", "08:58"), ("success", "09:10"))
    )
    made = create_dataset(
        tmp_path / "n", put(incidents__csv="incident_id,started_at\ni1,2024-03-01 10:00\n", deployments__csv=deploys)
    ).dataset.changes
    assert made["change_id"].tolist() == ["d1", "d2"]


def test_what_happened_to_an_incident_is_its_state(tmp_path, put):
    steps = [("opened", 1, "09:00"), ("closed", 1, "10:00"), ("opened", 2, "11:00"), ("closed", 2, "11:30")]
    sent = [
        {"type": f"incident.{what}", "sent": f"2024-03-0{n}T{at}:00Z", "incident": {"id": f"W{n}"}}
        for what, n, at in steps
    ]
    read = create_dataset(tmp_path / "m", put(incidents__jsonl="\n".join(map(json.dumps, sent)))).dataset.incidents
    assert read["incident_id"].tolist() == ["W1", "W2"] and read["status"].tolist() == ["resolved", "resolved"]
    assert (read["resolved_at"] - read["started_at"]).dt.total_seconds().tolist() == [3600, 1800]
