"""The dataset.toml that is drafted says how sure each of its lines is."""

from __future__ import annotations

import json

import pytest
from small_logs import INCIDENTS

from aftershock.schema.errors import InputError
from aftershock.wizard.create import create_dataset


def test_what_is_written_says_how_sure_each_line_is(tmp_path, put):
    deploys = "sha,started_at,services,flavour\nc1,2024-03-05T12:10:00Z,web,x\nc2,2024-03-10T08:10:00Z,db,y\n"
    create_dataset(tmp_path / "mine", put(incidents__csv=INCIDENTS, deploys__csv=deploys))
    assert (
        (tmp_path / "mine/dataset.toml").read_text()
        == """# Guessed by aftershock init from the files themselves; what is not certain says so. Look at what is read before
# you believe anything: aftershock check. docs/datasets.md explains every key.
name = "mine"
timezone = "UTC"  # for months, hours and display; the stamps state their own offsets

[incidents]
path = "incidents.csv"
format = "csv"
delimiter = ","  # a comma parts the header into 3 names

[incidents.columns]  # name here = name in the file
# title = ""  # no such column found: the words of an incident cannot be compared with those of changes
# resolved_at = ""  # no such column found: no time to resolve
# detected_at = ""  # no such column found: no time to detect
# severity = ""  # no such column found: no counts by severity

[changes]
path = "deploys.csv"
format = "csv"
delimiter = ","  # a comma parts the header into 4 names

[changes.columns]  # name here = name in the file
change_id = "sha"  # likely: its name, distinct in every row; from line 2 on
# title = ""  # no such column found: the words of a change cannot be compared with those of incidents
# In no column of Aftershock: flavour.
[[changes.kind]]
title = "*"  # likely: no column says it, 'deploys.csv' does
kind = "deploy"

# [services]  # no service graph: a change of one service is no nearer to another that depends on it
# path = "services.csv"
"""
    )


def test_a_length_in_place_of_an_end_is_an_end(tmp_path, put):
    log = "incident_id,started_at,title,resolution_time_hours\ni1,2024-03-05T09:00:00Z,No mail,2\ni2,2024-03-06T09:00:00Z,No web,1\n"
    begun = create_dataset(tmp_path / "mine", put(incidents__csv=log))
    assert "resolved_at" not in {one.column for one in begun.draft.sections["incidents"].missing}


def test_a_clock_may_say_the_zone_and_labels_are_asked_about(tmp_path, put):
    log = "ID,Title,Date,Time (UTC),Labels\nE-1,No mail,2024-03-05,14:05,Incident\nE-2,Dark mode,2024-03-06,10:00,Feature\n"
    section = create_dataset(tmp_path / "mine", put(incidents__csv=log)).draft.sections["incidents"]
    assert "\ntimezone = \"UTC\"  # certain: 'Time (UTC)' says so\n" in (tmp_path / "mine/dataset.toml").read_text()
    assert section.questions == (
        "'Labels' calls some rows incidents, such as 'Incident', and all are read: if the others are none, say so under only",
    )


def questions(folder, table: str, paths) -> tuple[str, ...]:
    return create_dataset(folder, paths).draft.sections[table].questions


def test_issues_without_a_label_that_says_incident_and_times_of_entry_are_asked_about(tmp_path, put):
    at = {
        "created_at": "2024-03-05T09:00:00Z",
        "closed_at": "2024-03-05T10:00:00Z",
        "repository_url": "https://x.example/repos/a/web",
    }
    issues = [{"number": n, "title": f"Odd {n}", "state": "closed", "labels": [], **at} for n in (1, 2)]
    told = questions(tmp_path / "a", "incidents", put(issues__json=json.dumps(issues)))
    assert told == (
        "no label says incident, and every issue is read as one: name the labels of those that are, under label",
        "'created_at' is when an issue was entered; it is read as the start where no field says when the incident began",
    )
    issues[0]["labels"] = [{"name": "incident"}]
    assert len(questions(tmp_path / "b", "incidents", put(issues__json=json.dumps(issues)))) == 1


def test_issues_of_gitlab_of_which_none_is_an_incident_are_all_read_and_asked_about(tmp_path, put):
    issue = {"project_id": 3, "issue_type": "issue", "confidential": False, "state": "closed", "title": "Odd"}
    issue |= {"created_at": "2024-03-05T09:00:00Z", "closed_at": "2024-03-05T10:00:00Z"}
    issues = [
        issue | {"iid": n, "labels": ["kind::bug"], "web_url": f"https://x.example/a/web/-/issues/{n}"} for n in (1, 2)
    ]
    made = create_dataset(tmp_path / "a", put(issues__json=json.dumps(issues)))
    assert len(made.dataset.incidents) == 2
    assert made.draft.sections["incidents"].questions[0] == (
        "no issue is of the type incident, no label says incident, and every issue is read as one: "
        "name the labels of those that are, under label"
    )
    issues[0]["labels"] = ["incident"]
    assert len(create_dataset(tmp_path / "b", put(issues__json=json.dumps(issues))).dataset.incidents) == 1
    log = "incident_id,started_at\n" + "".join(f"i{n},2024-03-0{n}T10:00:00Z\n" for n in range(1, 6))
    with pytest.raises(InputError, match="none is of the type incident; name it alone to say by labels which are"):
        create_dataset(tmp_path / "c", put(issues__json=json.dumps(issues), incidents__csv=log))


def test_a_field_of_ones_own_that_may_say_when_it_began_is_named(tmp_path, put):
    head = "Issue key,Summary,Created,Status,Custom field (Start time),Custom field (Start hook)\n"
    rows = "OPS-1,No mail,06/Mar/23 4:45 PM,Done,06/Mar/23 4:30 PM,page\nOPS-2,No web,08/Mar/23 4:45 PM,Done,,page\n"
    told = questions(tmp_path / "a", "incidents", put(issues__csv=head + rows))
    assert told[0].endswith("where no field says when the incident began; perhaps 'Custom field (Start time)'")
    assert told[1].startswith("no field says of which type each issue is, and every one is read as an incident")
    typed = (head + rows).replace("Status,", "Issue Type,", 1).replace("Done", "Incident")
    assert len(questions(tmp_path / "b", "incidents", put(issues__csv=typed))) == 1


def test_records_of_another_table_of_servicenow_are_asked_about(tmp_path, put):
    row = {"number": "PRB1", "short_description": "Down", "opened_at": "2024-01-10 12:00:00", "state": "107"}
    row |= {"sys_id": "a", "priority": "1"}
    told = questions(tmp_path / "a", "incidents", put(incidents__json=json.dumps([row])))
    assert (
        "'PRB1' is no number of the table incident: what its states in numbers mean is not known, and active and closed_at "
        "say what is over; if such records are no incidents, leave them out"
    ) in told
    told = questions(tmp_path / "b", "incidents", put(incidents__json=json.dumps([row | {"number": "INC1"}])))
    assert len(told) == 1


def test_a_service_that_is_called_like_the_file_is_a_guess(tmp_path, put):
    incidents = "incident_id,started_at,title\ni1,2024-03-05T09:00:00Z,No mail\n"
    row = {"revision": 1, "updated": "2024-03-05T08:00:00Z", "status": "deployed", "chart": "a-1", "app_version": "1"}
    logs = {"incidents__csv": incidents, "log__json": json.dumps([row])}
    assert questions(tmp_path / "a", "changes", put(**logs)) == (
        "the service is called like the file, 'log': a guess; name the file as the incidents call the service",
    )
    logs["log__json"] = json.dumps([{**row, "name": "log"}])
    assert questions(tmp_path / "b", "changes", put(**logs)) == ()


def test_runs_of_a_workflow_that_may_not_deploy_are_asked_about(tmp_path, put):
    def asked(folder: str, *names: str) -> list[str]:
        runs = [
            {
                "id": n,
                "name": name,
                "display_title": f"Fix {n}",
                "run_number": n,
                "workflow_id": 1,
                "conclusion": "success",
            }
            | {"event": "push", "created_at": f"2024-03-0{n}T09:00:00Z", "html_url": "https://x.example/o/shop/runs/1"}
            for n, name in enumerate(names, 1)
        ]
        logs = {"incidents__csv": INCIDENTS, "runs__json": json.dumps({"workflow_runs": runs})}
        return [q for q in questions(tmp_path / folder, "changes", put(**logs)) if "run" in q]

    assert asked("a", "CI", "CI") == [
        "every run is read as a deploy, of 'CI' (2): if only some deploy, or none does, export those alone"
    ]
    assert asked("b", "Deploy to production") == []
    assert asked("c", "CI", "Ship", "CI") == [
        "runs of every workflow are read as changes, of 'CI' (2) and 'Ship' (1): say which deploy, under only"
    ]


def test_an_offset_in_the_name_of_the_start_is_its_zone(tmp_path, put):
    log = "ID,Start (UTC+3)\nE-1,2024-03-05 14:05\nE-2,2024-03-06 10:00\n"
    create_dataset(tmp_path / "mine", put(incidents__csv=log))
    assert (
        "\ntimezone = \"Etc/GMT-3\"  # certain: 'Start (UTC+3)' says so\n"
        in (tmp_path / "mine/dataset.toml").read_text()
    )


def test_a_column_with_a_canonical_name_that_is_not_used_is_said_to_be_idle(tmp_path, put):
    log = "alarm_id,incident_id,time,alarm_text\nA1,I1,2024-03-05 09:00,down\nA2,I1,2024-03-05 10:00,slow\nA3,I1,2024-03-06 10:00,slow\n"
    section = create_dataset(tmp_path / "mine", put(alarms__csv=log)).draft.sections["incidents"]
    assert "incident_id" in section.unused


def test_folders_of_services_in_the_paths_of_a_table_name_the_services(tmp_path, put):
    merges = "sha,merged_at,files\na1,2024-03-05 10:00,services/till/a.py;docs/b.md\nb2,2024-03-06 10:00,services/shop/a.py\n"
    made = create_dataset(tmp_path / "m", put(incidents__csv=INCIDENTS, merges__csv=merges))
    assert made.dataset.changes["services"].tolist() == [["till"], ["shop"]]


def test_what_ids_are_made_of_is_used(tmp_path, put):
    log = "at,title,shelf\n2024-03-05 10:00,Down,q\n2024-03-05 10:00,Down,r\n2024-03-07 10:00,Down,q\n"
    section = create_dataset(tmp_path / "m", put(incidents__csv=log)).draft.sections["incidents"]
    made = next(guess.value for guess in section.guesses if guess.what == "id_from")
    assert "shelf" in made and "shelf" not in section.unused


def test_an_environment_may_be_named_in_some_records_and_absent_in_others(tmp_path, put):
    records = [
        {
            "id": 1,
            "created_date": "2024-03-05T12:10:00Z",
            "log": "Flag x enabled",
            "environment": {"name": "Production"},
        },
        {"id": 2, "created_date": "2024-03-10T08:10:00Z", "log": "Flag y created", "environment": None},
    ]
    create_dataset(tmp_path / "mine", put(incidents__csv=INCIDENTS, flag_changes__json=json.dumps(records)))
    assert 'environment = "environment.name"' in (tmp_path / "mine/dataset.toml").read_text()


def test_a_page_that_says_that_there_are_more_is_told(tmp_path, put):
    runs = [{"id": n, "deployed_at": f"2024-03-0{n}T09:00:00Z", "title": f"Shop {n}"} for n in (1, 2)]
    for total, asked in ((124, 1), (2, 0)):
        page = json.dumps({"total_count": total, "deployments": runs})
        made = create_dataset(tmp_path / str(total), put(incidents__csv=INCIDENTS, deployments__json=page))
        told = [
            q
            for q in made.draft.sections["changes"].questions
            if q == "it says that there are 124 and holds 2: export the other pages as well"
        ]
        assert len(told) == asked
