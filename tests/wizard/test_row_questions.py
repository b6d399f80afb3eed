"""What is asked of the rows of a log that may be none of it, or not each one."""

from __future__ import annotations

import json

import pytest
from small_logs import INCIDENTS

from aftershock import load
from aftershock.schema.errors import InputError
from aftershock.wizard.create import create_dataset


def questions(folder, put, **log):
    """What is asked about a log of changes next to one of incidents."""
    return create_dataset(folder, put(incidents__csv=INCIDENTS, **log)).draft.sections["changes"].questions


def test_rows_that_may_be_anything_are_asked_about(tmp_path, put):
    rows = "id,created_at,action\n1,2024-03-05T09:00:00Z,approve\n2,2024-03-06T09:00:00Z,delete\n"
    asked = "rows of every 'action' are read as changes, of 'approve' and 'delete': say which are, under only"
    assert asked in questions(tmp_path / "m", put, audit_log__csv=rows)
    alone = create_dataset(tmp_path / "alone", put(entries__csv=rows)).draft.sections["incidents"].questions
    assert "no column says that its rows are incidents; if they are changes, call the id change_id" in alone
    begun = create_dataset(tmp_path / "n", put(incidents__csv=INCIDENTS, rows__csv=rows.replace("action", "flavour")))
    nothing = "no column says what its rows are; if they are no changes, leave this file out"
    assert nothing in begun.draft.sections["changes"].questions
    assert questions(tmp_path / "o", put, deploys__csv=rows) == (asked,)
    made = rows.replace("approve", "deploy").replace("delete", "rollback")
    assert questions(tmp_path / "p", put, deploys__csv=made) == ()


def test_runs_of_something_are_changes_and_asked_about(tmp_path, put):
    rows = "run_date,asset_id,status,duration_minutes\n" + "".join(
        f"2024-03-0{day},RPT-{asset},{'Failed' if day == asset else 'Succeeded'},{day + asset}\n"
        for day in range(1, 6)
        for asset in range(3)
    )
    nothing = "no column says what its rows are; if they are no changes, leave this file out"
    assert questions(tmp_path / "m", put, refresh_runs__csv=rows) == (nothing,)


def test_what_was_done_in_each_row_is_asked_whatever_the_log_is_called(tmp_path, put):
    rows = "user,action,date,details\n" + "".join(
        f"u{n % 3},{('confirm', 'delete')[n % 2]},2024-05-0{n + 1} 09:00,the case {n} is done\n" for n in range(6)
    )
    asked = "rows of every 'action' are read as changes, of 'confirm' and 'delete': say which are, under only"
    assert asked in questions(tmp_path / "m", put, change_log__csv=rows)


def test_jobs_of_stages_that_only_test_are_asked_about(tmp_path, put):
    rows = "id,name,stage,started_at\n1,unit,test,2024-03-05T09:00:00Z\n2,live,deploy,2024-03-06T09:00:00Z\n"
    asked = "runs of every 'stage' are read as changes, of 'test' and 'deploy': say which deploy, under only"
    assert asked in questions(tmp_path / "m", put, builds__csv=rows)
    assert asked.replace("stage", "step") in questions(tmp_path / "n", put, builds__csv=rows.replace("stage", "step"))


def test_rows_of_which_only_the_file_says_that_they_are_changes_are_asked_about(tmp_path, put):
    rows = "id,created,author\n1,2024-03-05T09:00:00Z,ann\n2,2024-03-06T09:00:00Z,ben\n"
    asked = "no column says what its rows are; if they are no changes, leave this file out"
    for number, (file, silent) in enumerate(
        (("issue_changelogs__csv", True), ("audit_data__csv", True), ("deploys__csv", False))
    ):
        begun = create_dataset(tmp_path / f"m{number}", put(incidents__csv=INCIDENTS, **{file: rows}))
        assert (asked in begun.draft.sections["changes"].questions) is silent


def test_what_runs_were_for_is_not_asked_where_those_for_requests_are_left_out(tmp_path, put):
    rows = "id,message,event,started_at\n" + "".join(
        f"{n},Fix {n},{event},2024-03-0{n}T09:00:00Z\n"
        for n, event in enumerate(("push", "promote", "pull_request"), 1)
    )
    begun = create_dataset(tmp_path / "m", put(incidents__csv=INCIDENTS, log__csv=rows))
    section = begun.draft.sections["changes"]
    assert guessed(section.guesses, "only") == "event = push, promote"
    assert not any("'event'" in asked for asked in section.questions)


def guessed(guesses, what: str) -> str:
    return next((one.value for one in guesses if one.what == what), "")


def test_rows_of_one_change_without_an_id_are_asked_about(tmp_path, put):
    rows = "timestamp,service,status\n2024-03-05T09:00:00Z,web,STARTED\n2024-03-05T09:02:00Z,web,FAILED\n"
    asked = "each row is read as a change; if one of 'STARTED' and one of 'FAILED' are the same, give them one id"
    assert asked in questions(tmp_path / "m", put, deployments__csv=rows)


def test_requests_that_were_closed_were_not_merged(tmp_path, put):
    rows = "id,title,status,created\n" + "".join(
        f"{n},Fix {n},{state},2024-03-0{n}T09:00:00Z\n" for n, state in enumerate(("merged", "closed", "open"), 1)
    )
    begun = create_dataset(tmp_path / "m", put(incidents__csv=INCIDENTS, pulls__csv=rows))
    assert begun.dataset.changes["status"].tolist() == ["merged", "cancelled", "planned"]
    asked = "'created' is when each was opened; no column says when it was merged"
    assert asked in begun.draft.sections["changes"].questions


def test_rows_whose_id_is_that_of_a_change_are_changes(tmp_path, put):
    rows = "change_id,changed_at,actor\nCHG-1,2024-03-05T09:00:00Z,ana\nCHG-2,2024-03-06T09:00:00Z,ben\n"
    assert questions(tmp_path / "m", put, records__csv=rows) == ()


def test_changes_that_were_only_tried_are_asked_about(tmp_path, put):
    rows = "deploy_id,deployed_at,service,testMode\n1,2024-03-05T09:00:00Z,web,true\n2,2024-03-06T09:00:00Z,web,false\n"
    asked = "'testMode' says so of 1 row, read as changes: leave out what changed nothing, under only"
    assert questions(tmp_path / "m", put, deploys__csv=rows) == (asked,)
    assert questions(tmp_path / "n", put, deploys__csv=rows.replace("true", "false")) == ()


def test_runs_of_which_nothing_says_what_they_do_are_asked_about(tmp_path, put):
    rows = "branch,date,title\nmain,2024-03-05T09:00:00Z,Fix the basket\nmain,2024-03-06T09:00:00Z,Fix the till\n"
    asked = "no column says what its runs are; those that deploy nothing are no changes: say which are, under only"
    assert questions(tmp_path / "m", put, ci_history__csv=rows) == (asked,)
    assert asked in questions(
        tmp_path / "o", put, pipelines__csv="id,created,name\nx1,2024-03-05,Till\nx2,2024-03-06,Shop\n"
    )
    rows = "id,started_at,html_url\n" + "".join(
        f"{n},2024-03-0{n}T09:00:00Z,https://github.com/acme/till/actions/runs/{n}\n" for n in (5, 6)
    )
    assert asked in questions(tmp_path / "n", put, weekly__csv=rows)
    link = "https://tc.acme.org/viewLog.html?buildId="
    rows = f"id,start,title,web_url\n1,2024-03-05,Till it,{link}1\n2,2024-03-06,Shop it,{link}2\n"
    assert asked in questions(tmp_path / "p", put, weekly__csv=rows)
    assert asked in questions(
        tmp_path / "q", put, builds__csv="id,start,name\nx1,2024-03-05,Till\nx2,2024-03-06,Shop\n"
    )


def test_events_of_several_kinds_are_asked_about_by_their_path(tmp_path, put):
    rows = [
        {"event": {"id": f"e{n}", "type": kind, "timestamp": f"2024-03-0{n}T09:00:00Z"}, "cursor": str(n)}
        for n, kind in ((5, "ship_started"), (6, "ship_ended"))
    ]
    asked = (
        "rows of every 'event.type' are read as changes, of 'ship_started' and 'ship_ended': say which are, under only"
    )
    assert asked in questions(tmp_path / "m", put, shipped__json=json.dumps(rows))


def test_rows_in_which_nothing_was_found_are_asked_about(tmp_path, put):
    rows = "event_id,timestamp,system,severity,drift_detected\n" + "".join(
        f"E{n},2024-03-0{n}T09:00:00Z,web,{'HIGH' if n < 3 else ''},{n < 3}\n" for n in range(1, 6)
    )
    begun = create_dataset(tmp_path / "m", put(drift__csv=rows))
    asked = "'drift_detected' says no of 3 rows, read as incidents: leave out what is none, under only"
    assert asked in begun.draft.sections["incidents"].questions
    again = create_dataset(tmp_path / "n", put(repeats__csv=rows.replace("drift_detected", "repeat_incident")))
    assert not [one for one in again.draft.sections["incidents"].questions if "says no of" in one]


def test_answers_whether_an_alert_was_cleared_are_no_rows_of_their_own(tmp_path, put):
    rows = "".join(f"A{n},2024-03-0{n} 09:00,2024-03-0{n} 10:00,till,{str(n % 2 > 0).lower()}\n" for n in range(1, 6))
    begun = create_dataset(tmp_path / "m", put(alerts__csv=f"id,start,end,host,cleared\n{rows}"))
    assert not [one for one in begun.draft.sections["incidents"].questions if "all was well" in one]


def test_rows_with_a_service_and_a_day_alone_may_be_anything(tmp_path, put):
    rows = "feature,release_date,service,metric\nExport,2024-03-05,s3,exports\nFiles,2024-03-06,lambda,files\n"
    asked = "no column says what its rows are; if they are no changes, leave this file out"
    assert asked in questions(tmp_path / "m", put, features__csv=rows)


def test_a_few_that_were_merged_have_a_time_of_it(tmp_path, put):
    rows = "id,title,created_at,merged_at,status\n" + "".join(
        f"{n},Fix {n},2024-03-0{n}T09:00:00Z,{'2024-03-09T09:00:00Z' if n == 1 else ''},{'merged' if n == 1 else 'open'}\n"
        for n in range(1, 7)
    )
    asked = "'created_at' is when each was opened; 'merged_at' says of few when it was merged"
    assert asked in questions(tmp_path / "m", put, changes__csv=rows)


def test_rows_that_were_valid_until_something_are_versions(tmp_path, put):
    rows = "id,key,started,to_date,title\n" + "".join(
        f"{n},K-{n % 3},2024-03-0{n % 3 + 1} 09:00,{'2024-04-01' if n < 3 else '9999-12-31'} 00:00,Web {n % 3} was down\n"
        for n in range(6)
    )
    asked = (
        "'to_date' says until when a row was valid, '9999-12-31 00:00' for 3 of 6: the others may be older versions of the same "
        "records; if they are, keep these under only, by '9999-12-31 00:00'"
    )
    begun = create_dataset(tmp_path / "m", put(incidents__csv=rows))
    assert asked in begun.draft.sections["incidents"].questions
    begun = create_dataset(tmp_path / "n", put(incidents__csv=rows.replace("9999-12-31", "2024-05-01")))
    assert not any("valid" in one for one in begun.draft.sections["incidents"].questions)


def test_issues_of_any_kind_are_asked_about_and_a_number_counts_within_its_repository(tmp_path, put):
    rows = "repository,number,title,publishedAt,closedAt\n" + "".join(
        f"acme/{name},{n},Fix {name} {n},2024-03-0{n}T09:00:00Z,\n" for name in ("shop", "mail") for n in range(1, 6)
    )
    made = create_dataset(tmp_path / "m", put(issues__csv=rows)).draft.sections["incidents"]
    asked = (
        "no column says which of these issues are incidents, and every one is read as one: say which are, under only"
    )
    assert asked in made.questions
    assert any(one.startswith("'publishedAt' is when an incident was entered") for one in made.questions)
    assert {g.what: g.value for g in made.guesses if g.what == "id_from"} == {"id_from": "repository, number"}
    typed = rows.replace("closedAt", "closedAt,Type").replace("Z,\n", "Z,,Incident\n", 3).replace("Z,\n", "Z,,Task\n")
    assert asked not in create_dataset(tmp_path / "n", put(issues__csv=typed)).draft.sections["incidents"].questions


def test_rows_that_may_say_when_all_was_well_are_asked_about(tmp_path, put):
    rows = "service,start,end,status\nshop,2024-03-05T09:00:00Z,2024-03-05T09:10:00Z,down\nshop,2024-03-06T09:00:00Z,2024-03-08T09:00:00Z,up\n"
    asked = create_dataset(tmp_path / "m", put(outages__csv=rows)).draft.sections["incidents"].questions
    assert (
        "rows whose 'status' is 'up' are read as incidents: if these say when all was well, leave them out under only"
        in asked
    )


def test_words_of_rows_of_other_types_are_not_asked_about(tmp_path, put):
    rows = "id,start,status,Classification\n1,2024-03-05T10:00:00Z,open,Incident\n2,2024-03-06T10:00:00Z,glowing,Advisory\n"
    assert create_dataset(tmp_path / "m", put(health__csv=rows)).draft.sections["incidents"].questions == ()


def test_whether_an_agreement_was_kept_is_not_whether_something_was_found(tmp_path, put):
    rows = "incident_id,started_at,sla_breached\n1,2024-03-05T09:00:00Z,true\n2,2024-03-06T09:00:00Z,false\n"
    assert create_dataset(tmp_path / "m", put(incidents__csv=rows)).draft.sections["incidents"].questions == ()


def test_titles_of_planned_work_are_asked_about_and_a_line_leaves_them_out(tmp_path, put):
    rows = "id,title,started_at,resolved_at\n1,API errors,2024-03-01T10:00:00Z,2024-03-01T11:00:00Z\n"
    rows += "2,Scheduled maintenance of db,2024-03-02T10:00:00Z,2024-03-02T12:00:00Z\n3,Maintenance: net,2024-03-03T10:00:00Z,2024-03-03T10:10:00Z\n"
    made = create_dataset(tmp_path / "m", put(incidents__csv=rows))
    asked = "2 titles say that work was planned, such as 'Scheduled maintenance of db', read as an incident: leave such rows out under only"
    assert asked in made.draft.sections["incidents"].questions
    toml = tmp_path / "m/dataset.toml"
    line = next(one for one in toml.read_text().splitlines() if one.startswith("# only = "))
    toml.write_text(toml.read_text().replace(line, line.removeprefix("# ")))
    kept = load(tmp_path / "m")
    assert list(kept.incidents["incident_id"]) == ["1"] and len(kept.folded) == 2


def test_titles_of_rows_that_are_left_out_anyway_are_not_asked_about(tmp_path, put):
    rows = "id,title,started_at,severity\n1,API errors,2024-03-01T10:00:00Z,major\n2,Scheduled maintenance of db,2024-03-02T10:00:00Z,maintenance\n"
    asked = create_dataset(tmp_path / "m", put(incidents__csv=rows)).draft.sections["incidents"].questions
    assert not any("planned" in one for one in asked)


def test_a_known_format_is_asked_about_planned_work_too(tmp_path, put):
    alert = {"tinyId": "1", "message": "Planned maintenance of mail", "createdAt": "2024-03-01T10:00:00Z"}
    made = create_dataset(
        tmp_path / "m", put(alerts__json=json.dumps([alert, alert | {"tinyId": "2", "message": "No mail"}]))
    )
    assert any("1 title says that work was planned" in one for one in made.draft.sections["incidents"].questions)
    toml = tmp_path / "m/dataset.toml"
    toml.write_text(toml.read_text().replace("# only = ", "only = "))
    assert list(load(tmp_path / "m").incidents["incident_id"]) == ["2"]


def test_lines_of_a_log_are_asked_about(tmp_path, put):
    rows = ["2024-03-05 10:00,INFO,started", "2024-03-05 10:01,ERROR,failed", "2024-03-05 10:02,INFO,stopped"]
    log = "\n".join(["id,timestamp,level,message", *(f"t{n},{row}" for n, row in enumerate(rows))])
    section = create_dataset(tmp_path / "m", put(incidents__csv=log)).draft.sections["incidents"]
    asked = "'level' is 'INFO' in 2 rows, read as incidents: if they are lines of a log, leave them out under only"
    assert asked in section.questions


def test_whether_something_took_too_long_says_nothing_of_what_was_found(tmp_path, put):
    log = "ticket,opened,sla_breached\n1,2024-03-05 10:00,True\n2,2024-03-06 10:00,False\n"
    section = create_dataset(tmp_path / "m", put(tickets__csv=log)).draft.sections["incidents"]
    assert not any("sla_breached" in question for question in section.questions)


def test_rows_of_a_file_called_like_changes_that_are_read_as_incidents_are_asked_about(tmp_path, put):
    log = "alert_id,fired_at,severity\n1,2024-03-05,High\n2,2024-03-06,Low\n"
    section = create_dataset(tmp_path / "m", put(deployments__csv=log)).draft.sections["incidents"]
    asked = "'deployments.csv' is called like a log of changes, and its rows are read as incidents: if they are changes"
    assert f"{asked}, call the id change_id" in section.questions


def test_beginnings_and_ends_may_be_events_of_one_change(tmp_path, put):
    rows = "event_id,timestamp,stack,resource_status\n" + "".join(
        f"e{n},2024-03-0{n}T09:00:00Z,till,{'CREATE_IN_PROGRESS' if n % 2 else 'CREATE_COMPLETE'}\n"
        for n in range(1, 7)
    )
    asked = "if one of 'CREATE_IN_PROGRESS' and one of 'CREATE_COMPLETE' are the same, give them one id"
    assert any(asked in one for one in questions(tmp_path / "m", put, stack_changes__csv=rows))


def test_lines_of_a_program_s_log_are_asked_about_among_changes_too(tmp_path, put):
    log = "".join(
        f"b{n},2024-03-05 10:0{n}:00,{level},Step {n}\n" for n, level in enumerate(["INFO", "INFO", "ERROR", "DEBUG"])
    )
    made = create_dataset(
        tmp_path / "m", put(incidents__csv=INCIDENTS, deployment_log__csv=f"build,timestamp,level,message\n{log}")
    )
    asked = " ".join(made.draft.sections["changes"].questions)
    assert "'level' is 'INFO' or 'DEBUG' in 3 rows, read as changes: if they are lines of a log" in asked


def test_lines_of_a_log_without_ids_are_no_changes(tmp_path, put):
    log = "timestamp,level,message\n" + "".join(
        f"2024-03-05 10:0{n}:00,{level},Step {n}\n" for n, level in enumerate(["INFO", "INFO", "ERROR", "DEBUG"])
    )
    with pytest.raises(InputError, match="'level' and 'message' are those of the lines of a log, 'debug' and so on"):
        create_dataset(tmp_path / "m", put(deployment_log__csv=log))


def test_changes_that_were_not_approved_and_are_read_as_made_are_asked_about(tmp_path, put):
    head = "change_id,start,service,state,approval_status\n"
    rows = "".join(
        f"c{n},2024-03-0{n}T10:10:00Z,web,{'closed' if n < 4 else 'cancelled'},{'Rejected' if n % 2 == 0 else 'Approved'}\n"
        for n in range(1, 7)
    )
    asked = questions(tmp_path / "m", put, changes__csv=head + rows)
    assert "'approval_status' is 'Rejected' in 1 row read as made: leave out what was not, under only" in asked
    none = rows.replace("Rejected", "Approved")
    assert not any("approval_status" in one for one in questions(tmp_path / "n", put, changes__csv=head + none))


def test_counts_and_measurements_are_asked_about_also_in_a_file_called_like_deployments(tmp_path, put):
    rows = "date,name,value\n" + "".join(f"2024-03-0{n} 09:00,web {n % 2},{n * 7}\n" for n in range(1, 7))
    asked = "'value' holds numbers: if the rows are counts or measurements, they are no changes; leave this file out"
    assert asked in questions(tmp_path / "m", put, deployments__csv=rows)
    assert asked not in questions(
        tmp_path / "n", put, deployments__csv=rows.replace("date,", "deployed,").replace("value", "build")
    )
    silent = "timestamp,namespace\n2024-03-05 09:00,live\n2024-03-05 10:00,live\n"
    nothing = "no column says what its rows are; if they are no changes, leave this file out"
    assert nothing in questions(tmp_path / "o", put, deployments__csv=silent)
    told = silent.replace("timestamp", "deployed_at")
    assert nothing not in questions(tmp_path / "p", put, deployments__csv=told)


def test_records_that_have_ids_of_their_own_beside_those_of_incidents_are_asked_about(tmp_path, put):
    rows = "problem_id,incident_id,title,created_at\n1,7,No web,2024-03-05 09:00\n2,9,No mail,2024-03-06 09:00\n"
    told = create_dataset(tmp_path / "m", put(problems__csv=rows)).draft.sections["incidents"].questions
    asked = (
        "'problem_id' is an id of the rows, and 'incident_id' is read as theirs: if that names what they belong to, "
    )
    assert any(one.startswith(asked) for one in told)
    told = create_dataset(tmp_path / "n", put(incidents__csv=rows)).draft.sections["incidents"].questions
    assert not any(one.startswith(asked) for one in told)


def test_a_time_of_requests_that_does_not_say_of_what_it_is_is_asked_about(tmp_path, put):
    rows = ",repo,event_time,who,merge_status\n" + "".join(
        f"{n},till,2024-03-05T10:0{n}:00Z,ann,{'merged' if n % 2 else 'not merged'}\n" for n in range(6)
    )
    asked = questions(tmp_path / "m", put, pull_requests__csv=rows)
    assert "nothing says that 'event_time' is when each was merged, and not when it was opened" in asked


def test_comments_of_tickets_are_asked_about(tmp_path, put):
    rows = "id,ticket_id,body,created_at\n1,7,It is slow,2024-03-05 09:00\n2,9,It is down,2024-03-06 09:00\n"
    told = create_dataset(tmp_path / "m", put(ticket_comments__csv=rows)).draft.sections["incidents"].questions
    assert "the file is called after comments: if its rows are these, they are no incidents; leave it out" in told


def test_tasks_that_deployed_are_changes(tmp_path, put):
    rows = "DeploymentId,StartTime,State\nDeployments-4,2024-03-05T09:00:00Z,Success\nDeployments-5,2024-03-06T09:00:00Z,Failed\n"
    assert not [q for q in questions(tmp_path / "m", put, tasks__csv=rows) if "called after tasks" in q]
    other = questions(tmp_path / "n", put, tasks__csv=rows.replace("DeploymentId", "change_id"))
    assert [q for q in other if "called after tasks" in q]


@pytest.mark.parametrize(
    ("file", "rows", "asked"),
    [
        ("answers", "feedback_id,event_date,severity,status\nF1,2024-03-05,high,open\nF2,2024-03-06,low,closed\n",
         "its rows are read as incidents, and each is a feedback by its id, 'feedback_id': if they are no incidents, leave this file out"),
        ("risks", "Summary,Start Date,Priority,Resolved Date\nFan breaks,2024-03-05,high,2024-03-08\nHeat,2024-03-06,low,2024-03-09\n",
         "the file is called after risks: if its rows are these, they are no incidents; leave it out"),
        ("steps", "repair_id,incident_id,start_date,end_date\nR1,I1,2024-03-05,2024-03-08\nR2,I2,2024-03-06,2024-03-09\n",
         "'repair_id' is an id of the rows, and 'incident_id' is read as theirs: if that names what they belong to, name 'repair_id' "
         "as incident_id, or leave this file out"),
    ],
)  # fmt: skip
def test_rows_that_are_something_else_by_their_name_or_id_are_asked_about(tmp_path, put, file, rows, asked):
    begun = create_dataset(tmp_path / "m", put(**{f"{file}__csv": rows}))
    assert asked in begun.draft.sections["incidents"].questions


def test_a_few_lines_without_trouble_are_enough_in_a_file_called_a_log_and_so_are_streams(tmp_path, put):
    levels = ["INFO", *["ERROR"] * 9]
    rows = "trace_id,timestamp,level,message\n" + "".join(
        f"t{n},2024-03-05 10:0{n},{level},Odd {n}\n" for n, level in enumerate(levels)
    )
    told = create_dataset(tmp_path / "m", put(logs__csv=rows)).draft.sections["incidents"].questions
    assert any(
        one.startswith("'level' is 'INFO' in 1 row, read as incidents: if they are lines of a log") for one in told
    )
    told = create_dataset(tmp_path / "n", put(errors__csv=rows)).draft.sections["incidents"].questions
    assert not any("lines of a log" in one for one in told)
    rows = "alert_id,date,type,text\n1,2024-03-05T10:00Z,stdout,Begun\n2,2024-03-05T10:01Z,stderr,Odd\n"
    told = create_dataset(tmp_path / "o", put(events__csv=rows)).draft.sections["incidents"].questions
    assert any(
        one.startswith("'type' is 'stdout' or 'stderr' in 2 rows, read as incidents: if they are lines of a log")
        for one in told
    )


def test_objects_of_a_cluster_are_no_changes_of_it(tmp_path, put):
    items = [
        {
            "metadata": {"name": f"web-{n}", "uid": f"u{n}", "creationTimestamp": f"2024-03-0{n}T10:00:00Z"},
            "spec": {"replicas": n},
        }
        for n in (1, 2)
    ]
    told = questions(tmp_path / "m", put, deployments__json=json.dumps({"kind": "DeploymentList", "items": items}))
    assert any(one.startswith("'metadata.creationTimestamp' is when each object was made") for one in told)


def test_requests_to_merge_without_a_state_are_asked_when_they_were_merged(tmp_path, put):
    rows = "url,date\n" + "".join(f"https://git.example/acme/till/pull/{n},2024-03-0{n}\n" for n in range(1, 4))
    asked = "its rows are requests to merge, by their links, and nothing says that 'date' is when each was merged"
    assert asked in questions(tmp_path / "m", put, merges__csv=rows)


def test_signals_that_a_column_groups_into_incidents_are_asked_about(tmp_path, put):
    rows = "signal_id,timestamp,text,incident_group\n" + "".join(
        f"S{n},2024-03-0{n} 09:00,Login of {n} fails,G-{n // 3}\n" for n in range(1, 9)
    )
    told = create_dataset(tmp_path / "m", put(incidents__csv=rows)).draft.sections["incidents"].questions
    assert (
        "'incident_group' groups 8 rows into 3: if each group is one incident, write incident_id = 'incident_group' and "
        'history = "last"'
    ) in told
    for number, name in enumerate(("incident_type_id", "incident_date")):
        sorts = rows.replace("incident_group", name)
        told = create_dataset(tmp_path / f"n{number}", put(incidents__csv=sorts)).draft.sections["incidents"].questions
        assert not any("groups 8 rows" in one for one in told)


def test_an_audit_log_of_which_few_rows_say_what_was_done_is_asked_about(tmp_path, put):
    rows = [
        {
            "id": n,
            "created_at": f"2024-03-0{n}T10:00:00Z",
            "details": {"change": "visibility"} if n == 1 else {"add": "user"},
        }
        for n in range(1, 5)
    ]
    asked = "no column says what its rows are; if they are no changes, leave this file out"
    assert asked in questions(tmp_path / "m", put, audit_events__json=json.dumps(rows))


def test_columns_that_are_empty_do_not_say_what_runs_are(tmp_path, put):
    link = "https://git.example/acme/till/-/pipelines/"
    rows = "id,started_at,title,web_url,type,environment\n" + "".join(
        f"{n},2024-03-0{n},Sums {n},{link}{n},,\n" for n in (1, 2)
    )
    asked = "no column says what its runs are; those that deploy nothing are no changes: say which are, under only"
    assert asked in questions(tmp_path / "m", put, weekly__csv=rows)


def test_jobs_that_are_all_builds_and_what_was_done_under_the_name_of_an_action_are_asked_about(tmp_path, put):
    rows = "id,started_at,name,type,project\n" + "".join(f"{n},2024-03-0{n},say,build,till\n" for n in (1, 2))
    asked = "no column says what its runs are; those that deploy nothing are no changes: say which are, under only"
    assert asked in questions(tmp_path / "m", put, ci_jobs__csv=rows)
    rows = "id,created_at,action_name,target_title\n7,2024-03-05,closed,No sums\n8,2024-03-06,opened,No tips\n"
    told = questions(tmp_path / "n", put, events__csv=rows)
    assert any(one.startswith("rows of every 'action_name' are read as changes") for one in told)


def test_a_transition_to_being_well_is_asked_about_where_no_column_is_the_state(tmp_path, put):
    rows = "alert_id,fired_at,alert_transition,tags\n" + "".join(
        f"a{n},2024-03-05 1{n}:00,{state},branch:fix-12-bug-incidents-none;env:live\n"
        for n, state in enumerate(("Triggered", "Recovered", "Triggered", "Warn"))
    )
    told = create_dataset(tmp_path / "m", put(alerts__csv=rows)).draft.sections["incidents"].questions
    asked = "rows whose 'alert_transition' is 'Recovered' are read as incidents: if these say when all was well, leave them out under only"
    assert asked in told
    assert not any("'tags' calls some rows incidents" in one for one in told)


def test_titles_are_no_types_of_rows(tmp_path, put):
    rows = "id,title,start\n1,Incident module fails,2024-03-05\n2,Change requests not created,2024-03-06\n"
    assert len(create_dataset(tmp_path / "m", put(incidents__csv=rows)).dataset.incidents) == 2


def of_incidents(folder, put, **log):
    return create_dataset(folder, put(**log)).draft.sections["incidents"]


def test_what_was_mitigated_next_to_what_was_resolved_is_asked_about(tmp_path, put):
    rows = "id,started_at,resolved_at,service,status\n1,2024-03-05T09:00Z,2024-03-05T10:00Z,mail,resolved\n2,2024-03-07T09:00Z,,maps,Mitigated\n"
    asked = "1 row of 'Mitigated' in 'status' is read as over, without an end; others are resolved: if these go on, say so under statuses"
    assert of_incidents(tmp_path / "m", put, incidents__csv=rows).questions == (asked,)
    for other in (rows.replace(",resolved\n", ",open\n"), rows.replace(",,maps", ",2024-03-07T11:00Z,maps")):
        assert of_incidents(tmp_path / f"n{len(other)}", put, incidents__csv=other).questions == ()


def test_problems_that_stand_behind_incidents_are_asked_about(tmp_path, put):
    rows = "id,started_at,title,service\nPRB7,2024-03-05T09:00Z,disks fill up,mail\nPRB8,2024-03-07T09:00Z,queue is stuck,maps\n"
    asked = "its rows may be problems, each of which stands behind several incidents: if they are, leave this file out"
    assert of_incidents(tmp_path / "m", put, problems__csv=rows).questions == (asked,)
    assert of_incidents(tmp_path / "n", put, problems__csv=rows.replace("PRB", "")).questions == ()


def test_an_enumeration_is_asked_about_with_both_its_signs(tmp_path, put):
    rows = 'id,started_at,title,services\n1,2024-03-05T09:00Z,a,"Mail, Feed and Maps"\n2,2024-03-07T09:00Z,b,Mail\n3,2024-03-08T09:00Z,c,Feed\n'
    asked = of_incidents(tmp_path / "m", put, incidents__csv=rows).questions
    assert asked[0].endswith('say what separates them: list_separator = [",", " and "]')


def test_work_on_machines_is_no_kind_of_act_and_names_the_machine(tmp_path, put):
    done = (
        "new seals fitted and the shaft greased",
        "bearings changed after the noise",
        "pump cleaned and tested again",
    )
    rows = "order,date,equipment,action\n" + "".join(f"WO-{n},2024-03-0{n + 1},P-{n % 2},{done[n]}\n" for n in range(3))
    section = create_dataset(tmp_path / "m", put(incidents__csv=INCIDENTS, maintenance_log__csv=rows)).draft.sections[
        "changes"
    ]
    found = {guess.what: guess.value for guess in section.guesses}
    assert section.questions == () and (found["services"], found["title"]) == ("equipment", "action")


def test_counts_of_what_is_related_are_no_groups_and_make_no_problems(tmp_path, put):
    rows = "incident_id,started_at,title,related_incidents\n" + "".join(
        f"I-{n},2024-03-0{n + 1}T09:00Z,queue {n} is stuck,{n % 3 + 1}\n" for n in range(8)
    )
    assert of_incidents(tmp_path / "m", put, incidents__csv=rows).questions == ()


def test_defects_and_rows_that_link_to_issues_are_asked_about(tmp_path, put):
    asked = (
        "no column says which of these issues are incidents, and every one is read as one: say which are, under only"
    )
    rows = "id,title,start,url\n1,queue is stuck,2024-03-05,https://x.test/a/b/issues/1\n2,mail is late,2024-03-06,https://x.test/a/b/issues/2\n"
    assert asked in of_incidents(tmp_path / "m", put, sla__csv=rows).questions
    plain = rows.replace("/issues/", "/reports/")
    assert asked not in of_incidents(tmp_path / "n", put, sla__csv=plain).questions
    assert asked in of_incidents(tmp_path / "o", put, defects__csv=plain).questions


def test_a_column_that_calls_some_rows_incidents_and_others_not_is_asked_about(tmp_path, put):
    rows = "id,date,title,incident_or_hazard\n1,2024-03-05,queue is stuck,Incident\n2,2024-03-06,a ladder stood loose,Hazard\n"
    (asked,) = of_incidents(tmp_path / "m", put, incidents__csv=rows).questions
    assert asked.startswith("'incident_or_hazard' calls some rows incidents, such as 'Incident', and all are read")
