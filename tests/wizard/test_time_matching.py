"""Days with clocks next to them, lengths in place of ends and zones of rows, as they are read in the end."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from small_logs import INCIDENTS

from aftershock.schema.errors import InputError
from aftershock.wizard.create import create_dataset


def test_clocks_lengths_and_zones_make_the_moments_that_are_meant(tmp_path, put):
    rows = (
        "a,05.03.2024,23:30,00:15,Europe/Berlin\nb,06.03.2024,9:00 AM,9:45 AM,America/New_York\n"
        "c,17.03.2024,14:00,14:20,\n"
    )
    made = create_dataset(tmp_path / "m", put(log__csv=f"id,Date,Start Time,End Time,timezone\n{rows}"))
    found = made.dataset.incidents.set_index("incident_id")
    assert found["started_at"].astype(str).str[:16].to_dict() == {
        "a": "2024-03-05 22:30", "b": "2024-03-06 14:00", "c": "2024-03-17 14:00",
    }  # fmt: skip
    assert (found["resolved_at"] - found["started_at"]).tolist() == [pd.Timedelta(minutes=m) for m in (45, 45, 20)]


def test_lengths_say_the_ends_where_a_cell_in_many_has_two_days(tmp_path, put):
    rows = ["i1,2024-03-05 to 2024-03-06,45 min", "i2,2024-03-07,30 min", "i3,2024-03-09,15 min"]
    made = create_dataset(tmp_path / "m", put(incidents__csv="\n".join(["id,Date,Duration", *rows])))
    found = made.dataset.incidents
    assert (found["resolved_at"] - found["started_at"]).tolist() == [pd.Timedelta(minutes=m) for m in (1440, 30, 15)]


def test_what_was_published_is_the_start_where_nothing_else_is(tmp_path, put):
    rows = "1,2024-03-05 10:00,2024-03-05 11:00\n2,2024-03-06 10:00,2024-03-06 11:00\n"
    made = create_dataset(tmp_path / "m", put(issues__csv=f"number,publishedAt,closedAt\n{rows}"))
    assert made.dataset.incidents["started_at"].dt.day.tolist() == [5, 6]
    with pytest.raises(InputError, match="which of 'notice published', 'text published' is the start"):
        create_dataset(tmp_path / "n", put(incidents__csv=f"id,notice published,text published\n{rows}"))


def test_a_length_is_an_end(tmp_path, put):
    rows = "a,2024-03-05 09:00,90\nb,2024-03-06 09:00,\n"
    made = create_dataset(tmp_path / "m", put(log__csv=f"id,start,Downtime (min)\n{rows}"))
    found = made.dataset.incidents
    assert found["resolved_at"].tolist() == [pd.Timestamp("2024-03-05T10:30Z"), pd.NaT]


def test_a_blank_day_is_that_above_and_an_end_without_a_clock_is_none(tmp_path, put):
    rows = "1;05.03.2024;09:00;10:00\n", "2;;11:00;\n", "3;13.03.2024;08:00;08:30\n"
    made = create_dataset(tmp_path / "m", put(outages__csv="Nr;Datum;von;bis\n" + "".join(rows)))
    found = made.dataset.incidents
    assert found["started_at"].dt.strftime("%d %H:%M").tolist() == ["05 09:00", "05 11:00", "13 08:00"]
    assert found["resolved_at"].isna().tolist() == [False, True, False]
    assert made.dataset.notes.loc[made.dataset.notes["reason"] == "day_above", "line"].tolist() == [3]


def test_a_length_of_what_is_open_is_no_end(tmp_path, put):
    rows = "a,2024-03-05 09:00,Open,9\nb,2024-03-06 09:00,Closed,2\nc,2024-03-07 09:00,PendingPartner,1\n"
    made = create_dataset(tmp_path / "m", put(log__csv=f"id,reported_at,repair_status,resolved_hours\n{rows}"))
    found = made.dataset.incidents
    assert found["status"].tolist() == ["open", "resolved", "open"]
    assert found["resolved_at"].tolist() == [pd.NaT, pd.Timestamp("2024-03-06T11:00Z"), pd.NaT]


@pytest.mark.parametrize(
    ("head", "rows"),
    [
        ("id,When", ['"January 5, 2024 9:00 → 10:30"', '"January 9, 2024 23:30 → January 10, 2024 01:00"', '"January 11, 2024 8:00"']),
        ("id,when", ["2024-01-05 09:00-10:30", "2024-01-09 23:30-01:00", "2024-01-11 08:00"]),
        ("id,date,time", ["2024-01-05,09:00-10:30", "2024-01-09,23:30-01:00", "2024-01-11,08:00"]),
    ],
)  # fmt: skip
def test_a_column_of_spans_is_the_start_and_the_end(tmp_path, put, head, rows):
    text = "\n".join([head, *(f"i{n},{row}" for n, row in enumerate(rows))])
    found = create_dataset(tmp_path / "m", put(incidents__csv=text)).dataset.incidents
    assert found["started_at"].dt.strftime("%d %H:%M").tolist() == ["05 09:00", "09 23:30", "11 08:00"]
    assert (found["resolved_at"] - found["started_at"]).tolist() == [pd.Timedelta(minutes=90)] * 2 + [pd.NaT]


def test_rows_that_were_all_made_in_one_moment_began_in_another(tmp_path, put):
    rows = "a,2024-03-09 09:00,2024-03-05 09:00\nb,2024-03-09 09:00,2024-03-06 09:00\n"
    made = create_dataset(tmp_path / "m", put(incidents__csv=f"id,created_at,created_date\n{rows}"))
    assert made.dataset.incidents["started_at"].dt.day.tolist() == [5, 6]


def test_an_end_of_minus_one_is_none(tmp_path, put):
    rows = [{"id": n, "startTime": 1709632800000 + n, "endTime": -1 if n else 1709636400000} for n in range(3)]
    made = create_dataset(tmp_path / "m", put(incidents__json=json.dumps(rows)))
    assert made.dataset.incidents["resolved_at"].isna().tolist() == [False, True, True]


def test_ways_in_which_a_moment_is_written_are_no_names_and_people_no_moments(tmp_path, put):
    at = {"iso8601": "2024-03-05T09:00:00+01:00", "friendly": "today"}
    rows = [
        {"id": n, "reporter": {"displayName": "X"}, "occurred": {"string": f"2024-03-0{n} 09:00"}, "made": at}
        for n in (5, 6)
    ]
    made = create_dataset(tmp_path / "m", put(incidents__json=json.dumps(rows)))
    assert made.draft.sections["incidents"].columns[1].value == '"occurred.string"'


@pytest.mark.parametrize("name", ["firstEventTime", "initial_event_time"])
def test_the_first_event_is_before_the_record(tmp_path, put, name):
    rows = [{"id": n, "createdAt": f"2024-03-0{n} 09:05", name: f"2024-03-0{n} 09:00"} for n in (5, 6)]
    made = create_dataset(tmp_path / "m", put(incidents__json=json.dumps(rows)))
    assert made.dataset.incidents["started_at"].dt.minute.tolist() == [0, 0]


def test_when_rows_were_changed_is_no_start(tmp_path, put):
    rows = "a,2024-03-05 09:00\nb,2024-03-06 09:00\n"
    with pytest.raises(InputError) as refused:
        create_dataset(tmp_path / "m", put(alerts__csv=f"alert_id,last_updated\n{rows}"))
    assert "'last_updated' is when a row was written, changed or answered, and no column is the start." in str(
        refused.value
    )


def test_hours_since_something_are_no_start(tmp_path, put):
    rows = "a,2024-03-05 09:00,3\nb,2024-03-06 09:00,5\n"
    made = create_dataset(tmp_path / "m", put(incidents__csv=f"id,logged,hoursSinceLogged\n{rows}"))
    asked = "'logged' is when an incident was entered; it is read as the start, as no column says when one began"
    assert asked in made.draft.sections["incidents"].questions


def test_an_offset_is_no_end(tmp_path, put):
    rows = "".join(f"i{n},2024-01-{n + 10} 0{n}:00-0{5 + n % 2}:00\n" for n in range(8))
    found = create_dataset(tmp_path / "m", put(incidents__csv=f"id,when\n{rows}")).dataset.incidents
    assert found["started_at"].iloc[0] == pd.Timestamp("2024-01-10T05:00Z")
    assert found["resolved_at"].isna().all()


def changed(tmp_path, put, rows):
    made = create_dataset(
        tmp_path / "m", put(incidents__csv="incident_id,started_at\ni1,2024-03-05\n", changes__csv=rows)
    )
    return made.dataset.changes, made.draft.sections["changes"]


def test_settings_were_made_when_they_were_changed(tmp_path, put):
    rows = "flag,changed_at,from,to\nbasket,2024-03-05 09:00:00,0%,100%\nsearch,2024-03-06 09:00:00,50%,100%\n"
    found, _ = changed(tmp_path, put, rows)
    assert found["started_at"].dt.day.tolist() == [5, 6]
    assert found["title"].tolist() == ["basket", "search"] and "0%" not in found["change_id"].tolist()


def test_numbers_next_to_a_day_are_no_clocks_unless_their_name_says_so(tmp_path, put):
    rows = "change_id,deployed,mistakes_per_game\nc1,2024-03-05,5.29\nc2,2024-03-06,7.10\n"
    found, _ = changed(tmp_path, put, rows)
    assert found["started_at"].dt.hour.tolist() == [0, 0]
    found, _ = changed(tmp_path / "n", put, rows.replace("mistakes_per_game", "Uhrzeit"))
    assert found["started_at"].dt.strftime("%H:%M").tolist() == ["05:29", "07:10"]


def test_an_end_that_is_a_clock_is_on_the_day_of_the_start_or_said_not_to_be_read(tmp_path, put):
    days = "id,date,end time,title,severity\nI-1,2024-03-05,14:05,No mail,high\nI-2,2024-03-06,16:10,No web,low\n"
    ends = create_dataset(tmp_path / "m", put(incidents__csv=days)).dataset.incidents["resolved_at"]
    assert [str(end)[:16] for end in ends] == ["2024-03-05 14:05", "2024-03-06 16:10"]
    stamps = days.replace("05,14", "05 13:00,14").replace("06,16", "06 13:00,16")
    begun = create_dataset(tmp_path / "n", put(incidents__csv=stamps))
    assert begun.dataset.incidents["resolved_at"].isna().all()
    said = "'end time' holds times of day without their days: no end is read; write both into one column"
    assert said in begun.draft.sections["incidents"].questions


def test_the_actual_date_comes_before_the_planned_one_and_an_expiry_is_no_start(tmp_path, put):
    rows = "release_id,name,planned_date,actual_date\nr1,Basket,2024-03-05,2024-03-07\nr2,Till,2024-03-06,2024-03-06\n"
    found, section = changed(tmp_path, put, rows)
    assert found["started_at"].dt.day.tolist() == [6, 7] and section.questions == ()
    with pytest.raises(InputError, match="no column of it is started_at; it has deploy_id, repo, expires_at"):
        changed(tmp_path / "n", put, "deploy_id,repo,expires_at\nd1,shop,2024-03-05\nd2,web,2024-03-06\n")


def test_who_deployed_is_no_start_that_cannot_be_read(tmp_path, put):
    rows = "version,message,deployer,time\nv1,More,ana,2024-03-05 09:00:00 EDT\nv2,Less,ben,2024-03-06 09:00:00 EDT\n"
    with pytest.raises(InputError, match="'time' would be started_at, but it holds '2024-03-05 09:00:00 EDT'"):
        changed(tmp_path, put, rows)


def test_a_clock_whose_zone_means_several_is_refused_until_the_zone_is_given(tmp_path, put):
    rows = "change_id,Date,Window\nc1,2024-01-12,22:00-23:30 CET\nc2,2024-01-19,22:00-00:30 CET\n"
    incidents = "incident_id,started_at\ni1,2024-01-15T10:00:00Z\n"
    with pytest.raises(InputError, match=r"'22:00-23:30 CET': the abbreviation of a zone.*--timezone"):
        create_dataset(tmp_path / "m", put(changes__csv=rows))
    given = put(changes__csv=rows, incidents__csv=incidents)
    found = create_dataset(tmp_path / "n", given, zone="Europe/Berlin").dataset.changes
    assert found["started_at"].astype(str).str[:16].tolist() == ["2024-01-12 21:00", "2024-01-19 21:00"]
    assert found["finished_at"].astype(str).str[:16].tolist() == ["2024-01-12 22:30", "2024-01-19 23:30"]


@pytest.mark.parametrize(
    ("begun", "entered", "over"),
    [
        ("Aufgetreten am", "Gemeldet am", "Behoben am"),
        ("Survenu le", "Signalé le", "Rétabli le"),
        ("Fecha ocurrencia", "Fecha reporte", "Fecha restablecimiento"),
        ("Data de ocorrência", "Data de abertura", "Normalizado em"),
        ("Data inizio guasto", "Data segnalazione", "Data ripristino"),
        ("Start storing", "Aangemaakt op", "Einde storing"),
        ("Data wystąpienia", "Data zgłoszenia", "Data usunięcia"),
        ("Down since", "Ticket created", "Time restored"),
    ],
)
def test_an_incident_began_when_it_occurred_and_not_when_it_was_entered(tmp_path, put, begun, entered, over):
    rows = (
        "a;2024-03-05 09:20;2024-03-05 09:00;2024-03-05 10:00\nb;2024-03-06 09:20;2024-03-06 09:00;2024-03-06 10:00\n"
    )
    made = create_dataset(tmp_path / "m", put(incidents__csv=f"id;{entered};{begun};{over}\n{rows}"))
    found = made.dataset.incidents
    assert found["started_at"].dt.strftime("%d %H:%M").tolist() == ["05 09:00", "06 09:00"]
    assert (found["resolved_at"] - found["started_at"]).tolist() == [pd.Timedelta(hours=1)] * 2


def test_what_lies_long_before_an_entry_or_behind_it_is_no_start(tmp_path, put):
    rows = (
        "a,2024-03-05 09:20,2021-03-05 09:00,2024-03-05 10:00\nb,2024-03-06 09:20,2022-03-06 09:00,2024-03-06 10:00\n"
    )
    made = create_dataset(tmp_path / "m", put(incidents__csv=f"id,created,bought,looked at\n{rows}"))
    assert made.dataset.incidents["started_at"].dt.strftime("%d %H:%M").tolist() == ["05 09:20", "06 09:20"]


@pytest.mark.parametrize("name", ["First Response Time", "Data de resposta"])
def test_when_somebody_answered_is_no_start(tmp_path, put, name):
    rows = "1,2024-03-05 10:00,High\n2,2024-03-06 10:00,Low\n"
    with pytest.raises(InputError, match="written, changed or answered"):
        create_dataset(tmp_path / "m", put(incidents__csv=f"id,{name},severity\n{rows}"))


@pytest.mark.parametrize("name", ["Due date", "SLA deadline", "Prazo"])
def test_until_when_something_was_to_be_done_is_no_start(tmp_path, put, name):
    log = f"id,title,{name},status\n1,No mail,2024-03-05,open\n2,No web,2024-03-06,done\n"
    with pytest.raises(InputError, match=f"'{name}' is until when it was to be done, and no column is the start"):
        create_dataset(tmp_path / "m", put(incidents__csv=log))


def test_the_day_on_which_work_on_a_task_was_to_begin_is_no_start_next_to_when_it_was_entered(tmp_path, put):
    log = "id,subject,start_date,due_date,created_on,closed_on\n" + "".join(
        f"{n},No mail {n},2024-03-{n + 10},,2024-03-0{n}T09:00:00Z,2024-03-2{n}T09:00:00Z\n" for n in range(1, 6)
    )
    made = create_dataset(tmp_path / "m", put(incidents__csv=log)).draft.sections["incidents"]
    assert {g.what: g.value for g in made.guesses if g.what in ("started_at", "resolved_at")} == {
        "started_at": "created_on",
        "resolved_at": "closed_on",
    }


def test_a_day_with_a_time_among_many_days_leaves_the_clocks_next_to_them(tmp_path, put):
    days = [f"{1 + n // 28}/{1 + n % 28}/2024" for n in range(60)]
    rows = [f"i{n},{day},8:00 AM,{day},9:30 AM" for n, day in enumerate(days)]
    rows[30] = f"i30,{days[30]},8:00 AM,{days[30]} 9:45 AM,"
    made = create_dataset(
        tmp_path / "m",
        put(outages__csv="\n".join(["id,Date began,Time began,Date of restoration,Time of restoration", *rows])),
    )
    found = made.dataset.incidents
    assert (found["resolved_at"] - found["started_at"]).value_counts().to_dict() == {
        pd.Timedelta(minutes=90): 59, pd.Timedelta(minutes=105): 1
    }  # fmt: skip


def test_of_changes_that_only_say_when_they_were_over_that_is_the_start(tmp_path, put):
    rows = "id,finished,result,first_commit_time\nd1,2024-03-05T10:00Z,succeeded,2024-03-04T10:00Z\nd2,2024-03-06T10:00Z,failed,\n"
    found, section = changed(tmp_path, put, rows)
    assert found["started_at"].dt.day.tolist() == [5, 6]
    assert {g.what: g.why for g in section.guesses}["started_at"].startswith("when it was over: no column says when it")


def test_the_last_run_is_when_it_ran(tmp_path, put):
    found, _ = changed(
        tmp_path, put, "name,status,lastRun\ntill,success,2024-03-05T10:00Z\nshop,failure,2024-03-06T10:00Z\n"
    )
    assert found["started_at"].dt.day.tolist() == [5, 6]


def test_the_record_s_own_time_is_named_before_that_of_a_part(tmp_path, put):
    rows = [{"id": n, "project": {"createdAt": "long ago 1"}, "createdAt": f"2024 -0 3 -0 {n}"} for n in (1, 2)]
    with pytest.raises(InputError, match=r"'createdAt' would be started_at, but it holds '2024 -0 3 -0 1'"):
        create_dataset(tmp_path / "m", put(builds__json=json.dumps(rows)))


def test_of_incidents_an_end_alone_is_no_start_but_may_be_near_enough(tmp_path, put):
    rows = "incident_id,resolved,app\n1,2024-03-05 10:00,till\n2,2024-03-06 10:00,shop\n"
    with pytest.raises(InputError, match="'resolved' is when it ended, and no column is the start; if that is near"):
        create_dataset(tmp_path / "m", put(incidents__csv=rows))


def test_incidents_of_which_only_the_end_is_known_are_no_changes(tmp_path, put):
    rows = [{"number": f"INC000{n}", "title": "Down", "closed_at": f"2024-03-0{n}"} for n in (5, 6)]
    with pytest.raises(InputError, match="'closed_at' is when it ended, and no column is the start"):
        create_dataset(tmp_path / "m", put(history__json=json.dumps(rows)))


def test_a_day_whose_name_says_how_it_is_written_is_a_start(tmp_path, put):
    rows = "YEAR-MO-DAY,EVENT\n2024-03-05,No web\n2024-03-06,No mail\n"
    made = create_dataset(tmp_path / "m", put(incidents__csv=rows)).dataset
    assert made.incidents["started_at"].astype(str).str[:10].tolist() == ["2024-03-05", "2024-03-06"]


def test_when_an_account_was_made_and_lengths_are_no_starts(tmp_path, put):
    issues = [
        {"id": n, "title": f"Odd {n}", "created_at": "2024-03-05T09:00:00Z", "assignee": {"created_at": f"2023-01-0{n}T09:00:00Z"}}
        for n in range(1, 8)
    ]  # fmt: skip
    with pytest.raises(InputError, match="'created_at' would be started_at, and it hardly differs from row to row"):
        create_dataset(tmp_path / "m", put(issues__json=json.dumps(issues)))
    rows = "id,title,target,took_ms\n" + "".join(f"{n},No web,0,4032{n}\n" for n in range(1, 8))
    with pytest.raises(InputError, match="no column of it is started_at; it has id, title, target, took_ms"):
        create_dataset(tmp_path / "n", put(incidents__csv=rows))


def test_a_name_is_no_time(tmp_path, put):
    rows = "id,deploymentName\n1,till2024\n2,shop2024\n"
    with pytest.raises(InputError, match="no column of it holds a time at which something began"):
        create_dataset(tmp_path / "m", put(deployments__csv=rows))


def test_what_work_was_scheduled_for_comes_before_when_it_was_announced(tmp_path, put):
    works = [
        {
            "id": n,
            "name": f"Disks {n}",
            "created_at": f"2024-02-0{n}T09:00:00Z",
            "scheduled_for": f"2024-03-0{n}T09:00:00Z",
        }
        for n in (1, 2, 3)
    ]
    incidents = "incident_id,started_at\na,2024-03-02T12:00:00Z\n"
    made = create_dataset(tmp_path / "m", put(incidents__csv=incidents, maintenances__json=json.dumps(works)))
    assert made.dataset.changes["started_at"].dt.month.tolist() == [3, 3, 3]
    assert any("'scheduled_for' is when it was planned" in q for q in made.draft.sections["changes"].questions)


def starts_of(folder, put, file: str, header: str, row: str):
    """The dataset of three changes, ``row`` with the number of each, and the days on which they started."""
    rows = "\n".join([header, *(row.format(n=n) for n in (1, 2, 3))])
    made = create_dataset(
        folder, put(incidents__csv="incident_id,started_at\na,2024-03-02T12:00:00Z\n", **{file: rows})
    )
    return made, made.dataset.changes["started_at"].dt.day.tolist()


@pytest.mark.parametrize("name", ["tag_last_pushed", "imagePushedAt", "publish_time"])
def test_when_a_version_was_pushed_is_when_it_was_released(tmp_path, put, name):
    row = "d{n},2024-03-0{n}T10:00:00Z,2024-03-2{n}T09:00:00Z,2024-03-2{n}T09:00:00Z"
    assert starts_of(tmp_path / "m", put, "tags__csv", f"id,{name},last_pulled,last_updated", row)[1] == [1, 2, 3]


@pytest.mark.parametrize("holder", ["repository", "project", "head.repo"])
def test_when_what_a_record_is_in_was_made_or_changed_is_no_start(tmp_path, put, holder):
    header = f"change_id,{holder}.pushed_at,{holder}.created_at,build.created_at,title"
    row = "d{n},2024-03-1{n}T09:00:00Z,2020-03-0{n}T09:00:00Z,2024-03-0{n}T10:00:00Z,Pages {n}"
    made, days = starts_of(tmp_path / "m", put, "deployments__csv", header, row)
    assert days == [1, 2, 3]
    assert f"possible: '{holder}." not in str(made.draft.sections["changes"])


def test_periods_inside_cells_are_told_and_a_start_among_other_times_is_asked_about(tmp_path, put):
    rows = "id,periods,last_update,title\n" + "".join(
        f"d{n},\"[{{'begin': '2024030{n}T0900', 'end': '2024030{n}T1000'}}]\",2024-03-0{n} 08:00,Works {n}\n"
        for n in (1, 2, 3)
    )
    with pytest.raises(InputError) as refused:
        create_dataset(tmp_path / "m", put(disruptions__csv=rows))
    said = "'periods' holds objects with the times in them: write the first start and the last end into columns"
    assert said in str(refused.value)
    rows = "run_ts,published,headline,link\n" + "".join(
        f"2024-03-0{n} 09:00,2024-03-0{n} 07:00,Trains stop {n},https://x.org/{n}\n" for n in (1, 2, 3)
    )
    asked = create_dataset(tmp_path / "n", put(disruptions__csv=rows)).draft.sections["incidents"].questions
    assert any(
        one.startswith("'run_ts' is read as the start, as it is the only column that can be it") for one in asked
    )


def test_days_of_a_part_are_no_length_and_clocks_that_cannot_be_read_are_noted(tmp_path, put):
    log = [{"id": f"c{n}", "changed_at": f"2024-03-0{n}T10:00:00Z", "extra": {"days": 7}} for n in (1, 2)]
    made = create_dataset(tmp_path / "m", put(incidents__csv=INCIDENTS, changes__json=json.dumps(log))).dataset
    assert made.changes["finished_at"].isna().all()
    rows = "id,Date,Start time,End date,End time\n" + "".join(
        f"{n},2024-03-{n:02},10:00,2024-03-{n:02},{'12 noon' if n == 3 else '11:00'}\n" for n in range(1, 13)
    )
    made = create_dataset(tmp_path / "n", put(outages__csv=rows)).dataset
    notes = made.notes[made.notes["reason"] == "unreadable_time"]
    assert notes[["column", "found"]].to_numpy().tolist() == [["End time", "'12 noon'"]]


def test_days_next_to_a_time_of_day_called_start_come_before_when_they_were_seen(tmp_path, put):
    rows = "id,date,start,end,zone,timezone,first_seen\n" + "".join(
        f"{n},2024-03-0{n},05:3{n},09:4{n},ALL,America/Belize,2024-03-0{n}T12:0{n}:00-06:00\n" for n in (1, 2, 3)
    )
    section = create_dataset(tmp_path / "m", put(outages__csv=rows)).draft.sections["incidents"]
    found = {guess.what: guess.value for guess in section.guesses}
    assert (found["started_at"], found["started_at_clock"], found["resolved_at_clock"]) == ("date", "start", "end")
    assert section.questions == ()
