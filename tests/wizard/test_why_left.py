"""Why nothing is read of an input, in words that lead on."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from aftershock.schema.errors import InputError
from aftershock.wizard import why_left
from aftershock.wizard.create import create_dataset


def refusal(folder, paths) -> str:
    with pytest.raises(InputError) as error:
        create_dataset(folder, paths)
    return str(error.value)


def test_samples_at_equal_steps_are_told_as_such_and_events_are_not(tmp_path, put):
    steps = [f"2024-03-05 {n // 12:02}:{5 * (n % 12):02},{n % 7} d {n % 5} h,{n % 5}" for n in range(40) if n != 20]
    said = refusal(tmp_path / "a", put(sensor__csv="\n".join(["datetime,value,coverage", *steps])))
    assert (
        "sensor.csv: its rows are samples, one every 5 min, and no incident begins with one: export the alerts." in said
    )
    odd = [f"2024-03-05 {n % 24:02}:{n * n % 60:02},{n % 7} d {n % 5} h,{n % 5}" for n in range(40)]
    assert "samples" not in refusal(tmp_path / "b", put(sensor__csv="\n".join(["datetime,value,coverage", *odd])))


def test_columns_that_could_be_the_start_are_named():
    days = pd.Series(["2024-03-05", "2024-03-06"])
    columns = {"expires_at": days, "took_ms": pd.Series(["40321", "40322"]), "timestampMillis": days, "data_hora": days}
    assert why_left.perhaps(columns, ["started_at"]) == " (times are in 'timestampMillis' and 'data_hora')"
    assert why_left.perhaps(columns, ["incident_id"]) == ""


def test_rows_with_more_cells_than_the_header_are_told_as_such(tmp_path, put):
    rows = [f"INC-{n},2024-03-0{n} 10:00,shop,Till {n} is down, since noon" for n in range(1, 7)]
    said = refusal(tmp_path / "a", put(incidents__csv="\n".join(["id,start,service,title", *rows])))
    assert (
        "incidents.csv: 6 of its 6 rows cannot be read, such as line 2: found 5 fields; expected 4 as in the header. Quote cells "
        "that hold the delimiter.\n" in said
    )


def test_the_steps_of_tickets_are_told_as_such(tmp_path, put):
    steps = [
        f"{ticket}-{n},{ticket},2024-03-0{n} 1{ticket}:00,{('New', 'Open', 'Busy')[n - 1]},{('Open', 'Busy', 'Done')[n - 1]}"
        for ticket in range(1, 6)
        for n in (1, 2, 3)
    ]
    head = "update_id,ticket_id,updated_at,old_status,new_status"
    said = refusal(tmp_path / "a", put(updates__csv="\n".join([head, *steps])))
    assert (
        "updates.csv: its rows are the steps of each 'ticket_id', and one of the incidents is one row, with its start"
        in said
    )


def test_an_expected_end_is_not_offered_as_a_start(tmp_path, put):
    rows = [f"Town {n},2{n},2024-03-05 1{n}:00" for n in range(1, 6)]
    said = refusal(tmp_path / "a", put(outages__csv="\n".join(["Town,Customers,EstRest", *rows])))
    assert "'EstRest' is when the end was expected, and no column is the start" in said


def test_lines_that_are_quoted_as_a_whole_are_told_as_such(tmp_path, put):
    said = refusal(
        tmp_path / "a",
        put(issues__csv='id,title,created_at;;\n"1,""Till, down"",2024-03-05";;\n"2,Scales,2024-03-06";;\n'),
    )
    assert "its header is one cell, 'id,title,created_at': whole lines are in quotes; take these off" in said


def test_answers_whether_something_was_well_are_states(tmp_path, put):
    rows = [f"2024-03-05 {n % 24:02}:{n * n % 60:02},{str(n % 3 > 0).lower()}" for n in range(40)]
    said = refusal(tmp_path / "a", put(status__csv="\n".join(["ts,ok", *rows])))
    assert "its rows are the states of what is watched ('ok' is 'false' or 'true')" in said


def test_a_document_whose_times_stand_around_its_list_is_told_so(tmp_path, put):
    page = '{"checked": "2024-03-05T10:00:00Z", "hosts": [{"name": "till", "load": 3}, {"name": "web", "load": 4}]}'
    assert "'checked', which stands around its list, is not read" in refusal(tmp_path / "a", put(page__json=page))


def test_a_vendor_s_records_none_of_which_can_be_used_say_what_was_expected(tmp_path, put):
    event = {"StackId": "arn:aws:cloudformation:eu-west-1:1:stack/till/1", "EventId": "e1", "StackName": "till"}
    event |= {"LogicalResourceId": "Bucket", "ResourceType": "AWS::S3::Bucket", "ResourceStatus": "DELETE_COMPLETE"}
    events = {"StackEvents": [event | {"Timestamp": "2024-03-05T10:00:00Z", "PhysicalResourceId": "b"}]}
    said = refusal(tmp_path / "a", put(stack_events__json=json.dumps(events)))
    assert (
        "none of them is one of the changes: 1 record cannot be used, such as DELETE_COMPLETE of Bucket: expected"
        in said
    )


def test_records_of_several_kinds_are_refused_as_such(tmp_path, put):
    dump = [
        {"model": f"shop.{kind}", "pk": n, "fields": {"name": kind}} for n, kind in enumerate(("order", "customer"))
    ]
    with pytest.raises(InputError) as error:
        create_dataset(tmp_path / "m", put(changes__json=json.dumps(dump)))
    assert "its records are of 2 kinds ('model' is 'shop.order', 'shop.customer' and so on): save those" in str(
        error.value
    )


def test_what_is_in_each_line_is_not_said_to_stand_around_a_list(tmp_path, put):
    rows = "\n".join(f'{{"timestamp": "2024-03-05T09:0{n}:00Z", "part": "mail", "ms": {n % 2}}}' for n in range(3))
    assert "stands around" not in refusal(tmp_path / "a", put(history__jsonl=rows))


def test_what_could_hold_the_incidents_is_refused_as_that(tmp_path, put):
    rows = "".join(f"A{n % 2},2024-03-0{n} 10:00,word {n}\n" for n in range(1, 6))
    changes = "change_id,started_at\nc1,2024-03-05 09:00\n"
    said = refusal(tmp_path / "m", put(steps__csv=f"Foo,Change Date,Words\n{rows}", changes__csv=changes))
    assert "another file has the changes" not in said and "'Change Date' is when a row was written" in said


def test_a_log_that_only_its_name_would_tell_is_led_to_a_name(tmp_path, put):
    pages = "# Server\n\n## 2024-03-05 disk is full\n\nWe made room.\n\n## 2024-04-07 mail queue\n\nIt was stuck.\n"
    told = "server.md: none of its columns is known as an id, and nothing says what its rows are: give the file the name of that, incidents.md or changes.md."
    assert told in refusal(tmp_path / "a", put(server__md=pages))
    assert len(create_dataset(tmp_path / "b", put(incidents__md=pages)).dataset.incidents) == 2
