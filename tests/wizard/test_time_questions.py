"""What is asked of the times of a log, or said of those that were chosen."""

from __future__ import annotations

import pytest

from aftershock.schema.errors import InputError
from aftershock.wizard.create import create_dataset


def changed(tmp_path, put, rows):
    made = create_dataset(
        tmp_path / "m", put(incidents__csv="incident_id,started_at\ni1,2024-03-05\n", changes__csv=rows)
    )
    return made.dataset.changes, made.draft.sections["changes"]


@pytest.mark.parametrize(
    "name",
    ["created_at", "Opened", "Date reported", "Erstellt am", "issue.creation_date", "Date Submitted", "Data de Envio"],
)
def test_a_start_that_was_entered_is_said_to_be_so(tmp_path, put, name):
    made = create_dataset(tmp_path / "m", put(incidents__csv=f"id,{name}\na,2024-03-05 09:00\nb,2024-03-06 09:00\n"))
    said = f"{name!r} is when an incident was entered; it is read as the start, as no column says when one began"
    assert [one for one in made.draft.sections["incidents"].questions if "start" in one] == [said]


@pytest.mark.parametrize("name", ["started_at", "Outage start", "created_start", "timestamp", "triggered_at"])
def test_a_start_is_not_said_to_be_entered(tmp_path, put, name):
    made = create_dataset(tmp_path / "m", put(incidents__csv=f"id,{name}\na,2024-03-05 09:00\nb,2024-03-06 09:00\n"))
    assert not [asked for asked in made.draft.sections["incidents"].questions if "entered" in asked]


@pytest.mark.parametrize("name", ["est_return", "ETR", "estimated_restoration_time", "anticipated restore"])
def test_what_an_end_was_expected_to_be_is_neither_start_nor_end(tmp_path, put, name):
    rows = "a,2024-03-05 09:00\nb,2024-03-06 09:00\n"
    with pytest.raises(InputError) as refused:
        create_dataset(tmp_path / "m", put(outages__csv=f"outage_id,{name}\n{rows}"))
    assert f"{name!r} is when the end was expected, and no column is the start." in str(refused.value)
    rows = "a,2024-03-05 08:00,2024-03-05 09:00\nb,2024-03-06 08:00,2024-03-06 09:00\n"
    made = create_dataset(tmp_path / "m", put(outages__csv=f"outage_id,began,{name}\n{rows}"))
    assert made.dataset.incidents["resolved_at"].isna().all()
    said = f"{name!r} is when the end was expected, and is not read as the end"
    assert said in made.draft.sections["incidents"].questions


@pytest.mark.parametrize("name", ["date_raised", "Request Date"])
def test_a_change_that_was_only_asked_for_is_said_to_be_so(tmp_path, put, name):
    rows = f"change_id,description,{name}\nc1,More memory,2024-03-05\nc2,Less noise,2024-03-06\n"
    _, section = changed(tmp_path, put, rows)
    assert f"{name!r} is when the change was asked for; no column says when it happened" in section.questions


def test_a_change_that_was_only_agreed_to_is_said_to_be_so(tmp_path, put):
    rows = "change_id,title,cab_date\nc1,More memory,2024-03-05\nc2,Less noise,2024-03-06\n"
    _, section = changed(tmp_path, put, rows)
    assert "'cab_date' is when the change was agreed to; no column says when it happened" in section.questions


def test_a_change_that_was_opened_next_to_who_asked_for_it_is_said_to_be_asked_for(tmp_path, put):
    rows = "change_id,title,requested_by,opened_at,completed_at\n" + "".join(
        f"c{n},More,ana,2024-03-0{n}T09:00:00Z,2024-03-0{n}T11:00:00Z\n" for n in (1, 2)
    )
    _, section = changed(tmp_path, put, rows)
    assert "'opened_at' is when the change was asked for; no column says when it happened" in section.questions


def test_a_start_for_which_only_its_times_speak_is_asked_about(tmp_path, put):
    rows = "1,2024-03-05,High\n2,2024-03-06,Low\n"
    asked = "'harvested' is read as the start, as it is the only column that holds times"
    section = create_dataset(tmp_path / "m", put(incidents__csv=f"id,harvested,severity\n{rows}")).draft.sections[
        "incidents"
    ]
    assert any(question.startswith(asked) for question in section.questions)
    plain = create_dataset(tmp_path / "n", put(incidents__csv=f"id,event date,severity\n{rows}")).draft.sections[
        "incidents"
    ]
    assert not any("is read as the start" in question for question in plain.questions)


def test_incidents_opened_again_are_said_to_have_no_last_end(tmp_path, put):
    rows = "1,2024-03-05,2024-03-06,2024-03-07\n2,2024-03-06,2024-03-07,\n"
    made = create_dataset(tmp_path / "m", put(log__csv=f"incident_id,opened,resolved,reopened_at\n{rows}"))
    asked = " ".join(made.draft.sections["incidents"].questions)
    assert "'reopened_at' is after 'resolved' in 1 row: these incidents were opened again" in asked


def test_times_of_day_beside_days_that_are_not_read_are_told(tmp_path, put):
    rows = "".join(f"I-{n},2024-03-0{n},08:{n}0,2024-03-0{n},1{n}:00,high\n" for n in (1, 2, 3))
    log = f"id,start date,start time,end date,hour of the call,severity\n{rows}"
    asked = create_dataset(tmp_path / "m", put(incidents__csv=log.replace("hour of the call", "clock of call"))).draft
    told = [one for one in asked.sections["incidents"].questions if "times of day" in one]
    assert told == [
        "'clock of call' holds times of day, of which nothing is read; if they are of 'end date', write both into one column"
    ]
