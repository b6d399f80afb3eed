"""Exports of every vendor are recognised without a hint; of several files it is found which holds what, and which are pages."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
from small_logs import CHANGES, INCIDENTS
from vendor_exports import exports, named

from aftershock import load
from aftershock.schema.errors import InputError
from aftershock.wizard import service_matching
from aftershock.wizard.create import NoIncidentsError, create_dataset
from aftershock.wizard.inputs import assigned, gathered, interpretations


def sections(folder: Path) -> dict:
    return tomllib.loads((folder / "dataset.toml").read_text(encoding="utf-8"))


BOTH = (
    "aws-health",
    "better-stack",
    "cachet",
    "azure-service-health",
    "statuspage",
    "cdevents",
    "rootly",
    "servicenow-outages",
    "statusio",
    "cstate",
    "upptime",
    "webhook",
)  # hold both logs


@pytest.mark.parametrize("export", exports(), ids=named)
def test_every_export_is_recognised_as_its_own(export):
    files = [p for p in export.iterdir() if p.name not in ("section.toml", "expected.json")]
    chosen, left = assigned(gathered(files))
    name = named(export).split("/")[0]
    assert {r.format for several in chosen.values() for r in several} == {name} and export.name in chosen
    assert set(chosen) == {export.name} or name in BOTH
    assert left == []


def test_a_graph_among_three_tables_of_any_names(tmp_path, put):
    create_dataset(tmp_path / "m", put(one__csv="from,to\nweb,db\n", two__csv=CHANGES, three__csv=INCIDENTS))
    assert {s: v["path"] for s, v in sections(tmp_path / "m").items() if isinstance(v, dict)} == {
        "incidents": "three.csv", "changes": "two.csv", "services": "one.csv",
    }  # fmt: skip


def test_of_two_incident_logs_the_better_is_taken_and_the_other_named(tmp_path, put):
    better = INCIDENTS.replace("services", "services,severity").replace(",web", ",web,sev1").replace(",db", ",db,sev2")
    begun = create_dataset(tmp_path / "m", put(poor__csv=INCIDENTS, incidents__csv=better, changes__csv=CHANGES))
    assert sections(tmp_path / "m")["incidents"]["path"] == "incidents.csv"
    assert begun.left == [
        (
            "poor.csv",
            "most of its incidents have ids that incidents.csv has too: it is the same log once more, or says more of it",
        )
    ]
    assert not (tmp_path / "m/poor.csv").exists()


def test_other_logs_of_a_table_are_sections_of_their_own(tmp_path, put):
    windows = json.dumps([{"change_id": "w1", "started_at": "2024-03-06T10:00:00Z", "title": "Move the disks"}])
    files = put(incidents__csv=INCIDENTS, changes__csv=CHANGES, windows__json=windows)
    begun = create_dataset(tmp_path / "m", files)
    found = sections(tmp_path / "m")["changes"]
    assert [(log["path"], log["format"]) for log in found] == [("changes.csv", "csv"), ("windows.json", "json")]
    assert "w1" in set(begun.dataset.changes["change_id"])
    assert begun.left == []


def test_maintenance_among_incidents_joins_the_changes(tmp_path, put):
    issues = Path(__file__).parents[1] / "exports/cstate/incidents/issues"
    begun = create_dataset(tmp_path / "m", [issues, *put(changes__csv=CHANGES)])
    found = sections(tmp_path / "m")
    assert found["incidents"]["format"] == "cstate" and found["incidents"]["path"] == "issues"
    assert [(log["path"], log["format"]) for log in found["changes"]] == [("changes.csv", "csv"), ("issues", "cstate")]
    assert "2024-03-08-tracker" in set(begun.dataset.changes["change_id"])


def test_a_cause_that_is_no_change_of_the_log_is_a_question(tmp_path, put):
    sentry = "id,firstSeen,culprit\ni1,2024-03-05T09:00:00Z,app.views in pay\ni2,2024-03-06T09:00:00Z,app.cart\n"
    begun = create_dataset(tmp_path / "m", put(incidents__csv=sentry, changes__csv=CHANGES))
    assert [list(cause) for cause in begun.dataset.incidents["caused_by"]] == [[], []]
    asked = begun.draft.sections["incidents"].questions
    assert asked[0].startswith("'culprit' names no change of the log")
    alone = create_dataset(tmp_path / "alone", put(incidents__csv=sentry))
    assert not any("culprit" in one for one in alone.draft.sections["incidents"].questions)
    assert "culprit" in alone.draft.sections["incidents"].unused
    first = CHANGES.splitlines()[1].split(",")[0]
    begun = create_dataset(tmp_path / "n", put(incidents__csv=sentry.replace("app.cart", first), changes__csv=CHANGES))
    assert list(begun.dataset.incidents["caused_by"].iloc[1]) == [first]


def test_recoveries_among_the_rows_of_a_monitor_are_no_incidents(tmp_path, put):
    rows = [
        ("Down", "shop", "2024-03-05 09:00", "10 minutes"),
        ("Up", "shop", "2024-03-05 09:10", "1 day"),
        ("Down", "shop", "2024-03-06 09:10", "5 minutes"),
        ("Up", "shop", "2024-03-06 09:15", "2 days"),
    ]
    log = "\n".join(map(",".join, [("Event", "Monitor", "Date-Time", "Duration"), *rows]))
    begun = create_dataset(tmp_path / "m", put(uptime_incidents__csv=log, changes__csv=CHANGES))
    assert begun.dataset.incidents["started_at"].dt.strftime("%d %H:%M").tolist() == ["05 09:00", "06 09:10"]
    assert sections(tmp_path / "m")["incidents"]["only"] == {"Event": ["Down"]}
    ended = re.sub("Duration|[0-9]+ (minutes|days?)", lambda m: "End" if m[0] == "Duration" else "2024-03-09", log)
    begun = create_dataset(tmp_path / "n", put(uptime_incidents__csv=ended, changes__csv=CHANGES))
    assert len(begun.dataset.incidents) == 4


def test_a_log_of_states_is_refused_as_one(tmp_path, put):
    rows = "2024-03-05 09:00,shop,CRITICAL\n2024-03-05 09:10,shop,OK\n2024-03-06 09:00,shop,CRITICAL\n"
    with pytest.raises(InputError) as error:
        create_dataset(tmp_path / "m", put(history__csv=f"Date/Time,Host,State\n{rows}", changes__csv=CHANGES))
    assert (
        "history.csv: its rows are the states of what is watched ('State' is 'CRITICAL' or 'OK'), and an incident begins "
        "with one and ends with another: export its problems or outages, each with a start and an end, or pair its rows "
        "in a format of your own, as docs/formats.md shows under recovery."
    ) in str(error.value)
    with pytest.raises(InputError) as error:
        create_dataset(tmp_path / "o", put(status__csv="Host,State\nshop,CRITICAL\nweb,OK\n"))
    assert "none holds a time at which something began" in str(error.value)
    series = '[{"target": "till", "datapoints": [[1, 1709640600], [0, 1709640660]]}]'
    with pytest.raises(InputError) as error:
        create_dataset(tmp_path / "n", put(alerts__json=series))
    assert "alerts.json: its rows are series of measurements ('datapoints')" in str(error.value)


def test_a_file_called_like_a_tracker_is_a_log_of_incidents(tmp_path, put):
    log = "id;title;category;datetime\nQ-1;Till is down;asked;2013-10-02 10:15\nQ-2;Scales;told;2013-10-03 10:15\n"
    assert len(create_dataset(tmp_path / "m", put(jira__csv=log)).dataset.incidents) == 2


def test_a_table_without_a_header_is_refused_with_that(tmp_path, put):
    rows = "4f2a|2024-03-05 09:00:00 +0000|Fix the cart\n5b3c|2024-03-06 09:00:00 +0000|Raise the timeout\n"
    with pytest.raises(InputError) as error:
        create_dataset(tmp_path / "m", put(incidents__csv=INCIDENTS, commits__csv=rows))
    assert (
        "commits.csv: it cannot be read as csv: its first line is a row, as '2024-03-05 09:00:00 +0000' is a time: put a "
        "line with the names of the columns above it.\n" in str(error.value)
    )


def test_folders_of_a_repository_name_its_services(tmp_path, put):
    for folder in ("services/web", "services/db", "apps/one"):
        (tmp_path / "mono" / folder).mkdir(parents=True)
    assert service_matching.folders(tmp_path / "mono") == ["services"]
    assert service_matching.folders(tmp_path / "none") == []


def test_files_with_the_same_columns_are_pages(tmp_path, put):
    later = INCIDENTS.replace("i1", "i3").replace("i2", "i4")
    begun = create_dataset(tmp_path / "m", put(i10__csv=later, i2__csv=INCIDENTS, changes__csv=CHANGES))
    assert sections(tmp_path / "m")["incidents"]["path"] == "incidents"
    assert begun.copied[:2] == ["incidents/i2.csv", "incidents/i10.csv"]
    assert len(begun.dataset.incidents) == 4


NEEDED = "An incident needs an id and a start, a change an id and a time: docs/datasets.md."


def test_folders_that_are_not_looked_at_are_named_where_nothing_is_read(tmp_path):
    for name in ("LICENSE", "service.yml", "2024/10/till.md", "2024/media/a.jpg"):
        (tmp_path / "log" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "log" / name).write_text("type: web\nurl: x\n" if name.endswith("yml") else "Words\n")
    with pytest.raises(InputError) as refused:
        create_dataset(tmp_path / "m", [tmp_path / "log"])
    assert "Folders inside a folder are not looked at, such as log/2024/10: name them.\n" in str(refused.value)
    assert "LICENSE" not in str(refused.value)


def test_files_left_out_for_one_reason_are_one_line_and_names_are_asked_for_where_they_help(tmp_path, put):
    pages = put(**{f"page_{n}__md": "Words alone.\n" for n in range(10)})
    with pytest.raises(InputError) as refused:
        create_dataset(tmp_path / "m", pages)
    *_, why, needed = str(refused.value).splitlines()
    assert why == (
        "page_0.md, page_1.md, page_2.md, page_3.md, page_4.md, page_5.md, page_6.md, page_7.md and 2 more: it is Markdown without "
        "front matter, a table or dated headings; lists and sentences are not read."
    )
    assert needed == NEEDED
    with pytest.raises(InputError) as refused:
        create_dataset(tmp_path / "m", put(a__csv="b,c\n2024-03-05 10:00,2\n"))
    assert "Name the columns so, or write dataset.toml by hand: docs/datasets.md shows how." in str(refused.value)


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (
            {"a__csv": "", "b__bin": b"\x00\xff\x80" * 50},
            "no file could be made out as the log of incidents or changes.\n"
            f"a.csv: it is empty.\nb.bin: it is neither a table nor JSON nor anything else that is known.\n{NEEDED}",
        ),
        (
            {"a__csv": "ID;Title;Start\n", "b__json": '{"incidents": []}'},
            "no file could be made out as the log of incidents or changes.\n"
            f"a.csv and b.json: it has no records.\n{NEEDED}",
        ),
        (
            {"incidents__csv": INCIDENTS, "b__csv": "a,b\n1,2\n", "c__json": '{"x": [1,2'},
            "no file could be made out as the log of changes.\n"
            "incidents.csv holds the incidents.\nb.csv: no column of it is change_id, and none holds a time at which something began; it has a, b.\n"
            "c.json: it cannot be read as json: c.json, line 1, column 11: found Expecting ',' delimiter; expected JSON. "
            f"Export the file again; it may be cut off.\n{NEEDED}",
        ),
    ],
)  # fmt: skip
def test_files_that_are_no_logs_are_named_with_the_reason(tmp_path, put, files, message):
    with pytest.raises(InputError) as refused:
        create_dataset(tmp_path / "m", put(**files))
    assert str(refused.value) == message
    assert not (tmp_path / "m").exists()


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (
            {"components__json": '{"components": [{"name": "API", "status": "operational", "position": 1, "created_at": "2020-01-01", '
            '"only_show_if_degraded": false}]}'},
            "it lists components as they are now; the page has its incidents at /api/v2/incidents.json.",
        ),
        (
            {"shop__yml": "url: https://x.example\nstatus: up\nresponseTime: 2\nstartTime: 2022-01-01T00:00:00Z\ngenerator: Upptime\n"},
            "none of them is one of the incidents: 1 record left out, such as shop says how a site is now; its incidents are the "
            "issues of the repository with the label status.",
        ),
    ],
)  # fmt: skip
def test_what_says_how_things_are_now_is_refused_with_where_the_incidents_are(tmp_path, put, file, said):
    with pytest.raises(InputError) as refused:
        create_dataset(tmp_path / "m", put(**file))
    assert said in str(refused.value)


def test_a_table_around_objects_of_json_is_refused_with_that(tmp_path, put):
    cell = '"{""id"": 7, ""started_at"": ""2024-03-05T09:00:00Z""}"'
    table = f"no,data,loaded\n1,{cell},2024-04-01\n" + f"2,{cell},2024-04-01\n" * 6
    with pytest.raises(InputError, match="'data' holds an object of JSON in each row: save these alone, one a line"):
        create_dataset(tmp_path / "m", put(raw__csv=table))
    rows = 'K-1,The till says nothing at all since the morning,"{""from"": 1, ""in"": 2}"\n' * 3
    with pytest.raises(InputError, match="no column of it is started_at; 'key' could be"):
        create_dataset(tmp_path / "n", put(issues__csv=f"key,description,origin\n{rows}"))


def test_columns_of_building_and_deploying_are_those_of_changes(tmp_path, put):
    steps = "uuid,name,started_on,completed_on,pipeline\n" + "".join(
        f"s{n},Build,2024-03-0{n}T09:00:00Z,2024-03-0{n}T09:05:00Z,p{n}\n" for n in (1, 2)
    )
    with pytest.raises(NoIncidentsError) as alone:
        create_dataset(tmp_path / "m", put(steps__csv=steps))
    assert len(alone.value.read.dataset.changes) == 2
    asked = "no column says that its rows are incidents; if they are changes, call the id change_id"
    begun = create_dataset(tmp_path / "n", put(work__csv=steps.replace("pipeline", "place")))
    assert asked in begun.draft.sections["incidents"].questions


def test_a_table_with_a_few_names_of_a_vendor_is_somebodys_own(put):
    record = {"deployment_id": "d1", "deployment_status": "completed", "deployment_time": "2024-03-06T10:00:00Z"}
    chosen, left = assigned(gathered(put(deployments__json=json.dumps([record, record | {"deployment_id": "d2"}]))))
    assert ([r.format for r in chosen["changes"]], left) == (["json"], [])


def test_a_table_with_a_field_of_a_tool_whose_export_is_json_is_somebodys_own(put):
    rows = "deployment_id,deployed_at,deployment_status\nd1,2024-03-06,success\nd2,2024-03-07,failed\n"
    chosen, left = assigned(gathered(put(deployments__csv=rows)))
    assert ([r.format for r in chosen["changes"]], left) == (["csv"], [])


def test_a_log_that_calls_its_rows_incidents_is_none_of_changes(put):
    earlier = INCIDENTS.replace("2024", "2023").replace("\ni", "\nj")
    chosen, _ = assigned(gathered(put(one__csv=INCIDENTS, two__csv=earlier)))
    assert set(chosen) == {"incidents"}


def test_pull_requests_are_no_issues(put):
    links = {"html_url": "https://github.com/a/b/pull/1", "diff_url": "https://github.com/a/b/pull/1.diff"}
    times = {"created_at": "2024-03-06T10:00:00Z", "closed_at": None, "merged_at": None}
    pull = {
        "number": 1,
        "title": "Add a page",
        "state": "open",
        "labels": [],
        "user": {},
        "merge_commit_sha": "",
        "head": {},
    }
    pull |= {"base": {"ref": "main", "repo": {"full_name": "a/b"}}, **links, **times}
    chosen, left = assigned(gathered(put(pulls__json=json.dumps([pull]), incidents__csv=INCIDENTS)))
    assert {table: one.input.name for table, (one,) in chosen.items()} == {"incidents": "incidents.csv"}
    assert [one.name for one, _ in left] == ["pulls.json"]


def test_fields_of_a_vendor_without_a_time_in_any_row_are_something_else(put):
    alerts = [{"tinyId": n, "message": f"m{n}", "createdAt": "", "opened": f"2024-03-0{n}T09:00:00Z"} for n in (1, 2)]
    (one,) = gathered(put(alerts__json=json.dumps({"data": alerts})))
    assert interpretations(one)[0].format == "json"


def test_a_first_line_of_data_is_named_and_every_lack_with_it(put):
    chosen, left = assigned(gathered(put(outages__csv="4/20/2022,21:13\n4/21/2022,0:05\n4/22/2022,1:07\n")))
    assert not chosen and "its first line is a row, as '4/20/2022' is a time" in left[0][1]
    twice = "event_id,text\n" + "e1,a b c\n" * 9
    assert assigned(gathered(put(incidents__csv=twice)))[1][0][1].startswith("no column of it is started_at; ")


def test_a_file_that_is_called_after_a_log_is_refused_as_that_log(put):
    for name, ids in (("alert_history.csv", "incident_id"), ("deploy_history.csv", "change_id")):
        left = assigned(gathered(put(**{name.replace(".", "__"): "run,why\n" + "a,x\n" * 9})))[1]
        assert left[0][1].startswith(f"no column of it is {ids}, and none holds a time at which something began; ")


def test_of_a_start_that_cannot_be_read_only_that_is_said(put):
    rows = "run_timestamp,event_timestamp,why\n" + "2024-03-05 09:00,2024-03-05 08:00,x\n" * 9
    said = assigned(gathered(put(alert_history__csv=rows)))[1][0][1]
    assert said.startswith("'event_timestamp' would be started_at, and it hardly differs")


def test_columns_called_as_at_a_vendor_are_a_table_where_nothing_else_of_it_is_there(put):
    head = "number,opened_at,closed_at,short_description,status\n"
    rows = "".join(f"I{n},2024-03-0{n} 09:00,2024-03-0{n} 10:00,mail is down,Closed\n" for n in range(1, 7))
    best = interpretations(gathered(put(incident__csv=head + rows))[0])[0]
    assert (best.format, best.fit.columns["resolved_at"].value) == ("csv", "closed_at")


def test_the_start_is_that_of_the_rows_that_are_incidents(tmp_path, put):
    events = [
        {"type": "heartbeat", "id": f"h{n}", "timestamp": f"2024-03-{n % 20 + 10}T10:{n // 20:02d}:00Z"}
        for n in range(200)
    ]
    events += [
        {
            "type": "incident",
            "id": f"i{n}",
            "title": "No mail",
            "start": f"2024-03-0{n} 10:00 UTC",
            "end": f"2024-03-0{n}T11:00Z",
        }
        for n in (1, 2)
    ]
    incidents = create_dataset(tmp_path / "m", put(incidents__json=json.dumps(events))).dataset.incidents
    assert incidents[["incident_id", "started_at"]].astype(str).to_numpy().tolist() == [
        ["i1", "2024-03-01 10:00:00+00:00"],
        ["i2", "2024-03-02 10:00:00+00:00"],
    ]


def test_states_of_a_monitor_that_have_ids_are_no_incidents_each(tmp_path, put):
    rows = "1,down,2024-03-05T09:00:00Z\n2,up,2024-03-05T09:10:00Z\n3,down,2024-03-06T09:00:00Z\n4,up,2024-03-06T09:10:00Z\n"
    begun = create_dataset(tmp_path / "m", put(alerts__csv=f"id,status,triggered_at\n{rows}"))
    assert begun.dataset.incidents["incident_id"].tolist() == ["1", "3"]
    assert sections(tmp_path / "m")["incidents"]["only"] == {"status": ["down"]}
    told = rows.replace(",up,", ",recovered,")  # what became of an incident
    begun = create_dataset(tmp_path / "n", put(alerts__csv=f"id,status,triggered_at\n{told}"))
    assert len(begun.dataset.incidents) == 4


def test_a_document_of_incidents_and_maintenances_holds_both_logs(tmp_path, put):
    page = {
        "incidents": [{"number": 7, "title": "No mail", "startedAt": "2024-03-05T09:00:00Z"}],
        "maintenances": [
            {"number": 9, "title": "New disks", "start": "2024-03-06T09:00:00Z", "end": "2024-03-06T10:00:00Z"}
        ],
    }
    begun = create_dataset(tmp_path / "m", put(status__json=json.dumps(page)))
    assert begun.dataset.incidents["incident_id"].tolist() == ["7"]
    assert begun.dataset.changes["change_id"].tolist() == ["9"]
    assert begun.dataset.folded["into"].tolist() == [
        "no row: it is in the list maintenances",
        "no row: it is in the list incidents",
    ]


def test_a_log_of_services_names_those_that_each_needs(tmp_path, put):
    graph = [
        {"service": "web", "depends_on": ["shop", "db"]},
        {"service": "shop", "depends_on": ["db"]},
        {"service": "db", "depends_on": []},
    ]
    begun = create_dataset(tmp_path / "m", put(incidents__csv=INCIDENTS, services__json=json.dumps(graph)))
    edges = begun.dataset.dependencies[["service", "depends_on"]].to_numpy().tolist()
    assert edges == [["web", "shop"], ["web", "db"], ["shop", "db"]]
    assert begun.dataset.folded["into"].tolist() == ["no row: db needs no other service"]
    listed = 'service,depends_on\nweb,"shop,db"\nshop,db\nmail,db\n'
    begun = create_dataset(tmp_path / "n", put(incidents__csv=INCIDENTS, services__csv=listed))
    assert begun.dataset.dependencies["depends_on"].tolist() == ["shop", "db", "db", "db"]


def test_records_in_lines_that_hold_lists_are_no_pages(tmp_path, put):
    builds = [
        {
            "number": n,
            "timestamp": 1709632800000 + n,
            "result": "SUCCESS",
            "duration": 5,
            "actions": [{"x": 1}, {"x": 2}],
        }
        for n in range(3)
    ]
    lines = "".join(f"{json.dumps(build)}\n" for build in builds)
    begun = create_dataset(tmp_path / "m", put(incidents__csv=INCIDENTS, ship__jsonl=lines))
    assert sections(tmp_path / "m")["changes"]["format"] == "jenkins"
    assert len(begun.dataset.changes) == 3


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ({"Id": "Releases-1", "ProjectId": "Projects-1", "Version": "1.2", "Assembled": "2024-03-05T09:00:00Z"}, "Releases-1"),
        ({"id": 7, "name": "Release-7", "createdOn": "2024-03-05T09:00:00Z", "reason": "manual", "releaseDefinition": {"id": 1}}, "7"),
    ],
)  # fmt: skip
def test_releases_say_not_when_they_were_deployed(record, said, tmp_path, put):
    with pytest.raises(InputError, match=f"such as {said} is a release, which says not when it was deployed"):
        create_dataset(tmp_path / "m", put(incidents__csv=INCIDENTS, rollouts__json=json.dumps([record])))


def test_runs_for_requests_are_left_out(tmp_path, put):
    rows = (
        "run_id,start_time,event,workflow\n1,2024-03-05T09:00:00Z,push,Ship\n2,2024-03-06T09:00:00Z,pull_request,Try\n"
    )
    begun = create_dataset(tmp_path / "m", put(incidents__csv=INCIDENTS, runs__csv=rows))
    assert sections(tmp_path / "m")["changes"]["only"] == {"event": ["push"]}
    assert list(begun.dataset.changes["change_id"]) == ["1"]
    asked = "runs of every workflow are read as changes, of 'Ship' (1) and 'Try' (1): say which deploy, under only"
    assert asked in begun.draft.sections["changes"].questions


def test_lists_of_records_alike_are_one_log_with_the_names_of_the_lists(tmp_path, put):
    def begun(name: str, **lists: str):
        held = {
            called: [{"id": f"{one}{n}", "start": f"2024-03-0{n}T09:00:00Z", "title": "No mail"} for n in (1, 2)]
            for called, one in lists.items()
        }
        return create_dataset(tmp_path / name, put(incidents__json=json.dumps(held)))

    states = begun("m", active="a", resolved="r").dataset.incidents
    assert states[["incident_id", "status"]].to_numpy().tolist() == [
        ["a1", "open"],
        ["r1", "resolved"],
        ["a2", "open"],
        ["r2", "resolved"],
    ]
    services = begun("n", web="w", db="d")
    assert [list(names) for names in services.dataset.incidents["services"]] == [["db"], ["web"], ["db"], ["web"]]
    assert services.draft.sections["incidents"].questions == (
        "the lists are read as one for each service, 'web' and so on; if they are not, remove services = 'list'",
    )


def test_rows_without_ids_that_are_there_twice_are_one(tmp_path, put):
    rows = "2024-03-05T09:00:00Z,web,No web\n2024-03-06T09:00:00Z,db,No db\n2024-03-05T09:00:00Z,web,No web\n"
    begun = create_dataset(tmp_path / "m", put(incidents__csv=f"timestamp,service,issue\n{rows}"))
    assert begun.dataset.incidents["title"].tolist() == ["No web", "No db"]
    assert begun.dataset.folded[["line", "reason"]].to_numpy().tolist() == [[4, "repeated_record"]]


def test_types_that_call_rows_incidents_say_which_log_it_is(tmp_path, put):
    rows = [("incident", "Messages fail"), ("outage", "Search is down"), ("notice", "A new page")]
    page = [
        {"id": n, "date_created": f"2024-03-0{n}T07:00:00Z", "type": kind, "title": title, "services": ["Search"]}
        for n, (kind, title) in enumerate(rows, start=1)
    ]
    begun = create_dataset(tmp_path / "m", put(history__json=json.dumps(page)))
    assert begun.dataset.incidents["incident_id"].tolist() == ["1", "2"]


def test_what_a_ticked_box_calls_planned_is_left_out(tmp_path, put):
    rows = "O-1,2024-03-05T10:00:00Z,Switch,\nO-2,2024-03-06T10:00:00Z,Upgrade,checked\nO-3,2024-03-07T10:00:00Z,VPN,\n"
    begun = create_dataset(tmp_path / "m", put(outages__csv=f"Ref,Started,What happened,Planned?\n{rows}"))
    assert begun.dataset.incidents["incident_id"].tolist() == ["O-1", "O-3"]


def test_issues_in_a_file_that_is_called_after_changes_are_changes(tmp_path, put):
    head = "Summary,Issue key,Issue id,Issue Type,Status,Created,Resolved,Change start date\n"
    rows = "".join(
        f"Deploy {n},CHG-{n},{n},Change,Completed,2024-03-0{n} 09:00,2024-03-0{n} 12:00,2024-03-0{n} 10:00\n"
        for n in (5, 6)
    )
    begun = create_dataset(tmp_path / "m", put(incidents__csv=INCIDENTS, jira_changes__csv=head + rows))
    assert begun.dataset.changes["change_id"].tolist() == ["CHG-5", "CHG-6"]
    assert str(begun.dataset.changes["started_at"].iloc[0]) == "2024-03-05 10:00:00+00:00"


def test_maintenance_without_ids_joins_the_changes(tmp_path, put):
    rows = "Start,End,Description\n2024-03-05 09:00,2024-03-05 10:00,Patches\n2024-03-06 09:00,2024-03-06 10:00,Disks\n"
    begun = create_dataset(tmp_path / "m", put(incidents__csv=INCIDENTS, maintenance_windows__csv=rows))
    assert begun.dataset.changes["title"].tolist() == ["Patches", "Disks"]


def test_the_only_file_of_a_folder_is_named_so_that_others_may_come_to_lie_next_to_it(tmp_path, put):
    put(outages__csv=INCIDENTS)
    begun = create_dataset(tmp_path, [])
    assert begun.draft.sections["incidents"].path == "outages.csv"
    (tmp_path / "deploys.csv").write_text(CHANGES)
    assert len(load(tmp_path).incidents) == 2


def test_the_list_inside_a_connection_of_graphql_says_which_log_it_is(put):
    text = '{"data": {"repository": {"deployments": {"nodes": [{"createdAt": "2024-03-05T12:30:00Z"}]}}}}'
    assert [one.called for one in gathered(put(page__json=text))] == ["page.json deployments"]


def test_a_folder_says_which_log_its_only_file_is_where_the_file_does_not(tmp_path):
    for folder, file in (("deployments", "page-1.json"), ("deployments", "outages.json")):
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / file).write_text('[{"id": 1, "created": "2024-03-05T12:30:00Z"}]')
        (one,) = gathered([tmp_path / folder])
        assert one.called == {"page-1.json": "deployments", "outages.json": "outages.json"}[file]
        (tmp_path / folder / file).unlink()


def test_alerts_in_groups_are_alerts(tmp_path, put):
    alert = {
        "fingerprint": "0f", "startsAt": "2024-03-05T10:00:00Z", "endsAt": "2024-03-05T11:00:00Z", "status": {"state": "active"},
        "labels": {"alertname": "Slow", "service": "shop"},
    }  # fmt: skip
    groups = [{"labels": {}, "receiver": {"name": "ops"}, "alerts": [alert, alert | {"fingerprint": "1f"}]}] * 2
    begun = create_dataset(tmp_path / "m", put(groups__json=json.dumps(groups)))
    assert sections(tmp_path / "m")["incidents"]["format"] == "alertmanager"
    asked = "2 alerts that the API lists have their time-out as the end: when it was asked, each still fired"
    assert begun.draft.sections["incidents"].questions == (asked,)
    ids = ["0f@2024-03-05T10:00:00Z", "1f@2024-03-05T10:00:00Z"]
    assert begun.dataset.incidents["incident_id"].tolist() == ids


def test_alerts_under_their_rules_and_alerts_that_have_no_end_are_alerts(tmp_path, put):
    alert = {"labels": {"alertname": "Slow", "severity": "page"}, "state": "firing", "activeAt": "2024-03-05T10:00:00Z"}
    rule = {"name": "Slow", "query": "up == 0", "duration": 60, "alerts": [alert]}
    groups = {
        "data": {"groups": [{"name": "a", "interval": 60, "lastEvaluation": "2024-03-09T10:00:00Z", "rules": [rule]}]}
    }
    begun = create_dataset(tmp_path / "m", put(rules__json=json.dumps(groups)))
    assert begun.dataset.incidents["incident_id"].tolist() == ["Slow@2024-03-05T10:00:00Z"]
    alert = {"labels": {"alertname": "Slow", "__name__": "up"}, "startsAt": "2024-03-05T10:00:00Z", "fingerprint": "f"}
    begun = create_dataset(tmp_path / "n", put(grafana__json=json.dumps({"status": "firing", "alerts": [alert]})))
    assert begun.dataset.incidents["title"].tolist() == ["Slow"]


def test_the_name_of_the_list_says_which_log_it_is(tmp_path, put):
    record = {"_id": "1", "name": "API", "datetime_open": "2024-03-05T09:00:00Z"}
    document = {"result": {"incidents": [record, record | {"_id": "2"}], "maintenance": {"active": []}}}
    assert set(assigned(gathered(put(status__json=json.dumps(document))))[0]) == {"incidents"}
    part = json.dumps({"id": "1", "changes": [{"id": "c", "at": "2024-03-05"}], "status": "open"})
    assert [one.called for one in gathered(put(one__json=part))] == ["one.json"]


def test_a_record_next_to_its_parts_says_which_log_it_is(tmp_path, put):
    incident = {"key": "k1", "name": "Slow", "status": "resolved", "createdAt": "2024-03-05T09:00:00Z"}
    text = json.dumps(
        {"incident": incident, "chain": {"releases": [{"tag": "v1", "publishedAt": "2024-03-05T08:00:00Z"}]}}
    )
    begun = create_dataset(tmp_path / "m", put(k1__json=text))
    assert begun.dataset.incidents["incident_id"].tolist() == ["k1"]


@pytest.mark.parametrize(
    "more",
    [
        {"monitor_id": 7, "scope": ["host:a"], "recurrence": None},
        {"matchers": [{"name": "job", "value": "a"}], "createdBy": "ann", "comment": "work on it"},
        {"type": "maintenance_window", "summary": "work on it"},
    ],
)
def test_silences_and_windows_of_maintenance_are_no_incidents(tmp_path, put, more):
    rows = [{"id": f"s{n}", "start": f"2024-03-0{n}T09:00:00Z", "status": "active"} | more for n in range(1, 5)]
    (silences,) = put(downtimes__json=json.dumps(rows))
    (one,) = gathered([silences])
    found = {r.table: r for r in interpretations(one)}
    assert found["incidents"].score == 0
    assert found["incidents"].fit.refused["started_at"] == (
        "its rows say when alerts were silenced, or maintenance was planned: no incident begins with one; "
        "export the alerts or incidents themselves"
    )
    assert (found["changes"].score > 0) is ("type" in more)


def test_checks_that_went_well_are_no_incidents(tmp_path, put):
    checks = [{"timestamp": f"2024-03-0{n}T09:00:00Z", "status": "online", "responseTime": n} for n in range(1, 9)]
    with pytest.raises(InputError) as refused:
        create_dataset(
            tmp_path / "m",
            put(history__json=json.dumps({"services": {"a": {"checks": checks}, "b": {"checks": checks}}})),
        )
    assert (
        "its rows are checks of what is watched ('status' is 'online' in every row), and no incident begins with one"
        in str(refused.value)
    )


def test_lists_that_are_not_read_are_said_to_be_left_out(tmp_path, put):
    incident = {"id": "i1", "title": "Slow", "createdAt": "2024-03-05T09:00:00Z", "severity": "major"}
    text = json.dumps({"api": [{"timestamp": "2024-03-05T09:00:00Z", "status": "up"}] * 3, "incidents": [incident]})
    folded = create_dataset(tmp_path / "m", put(history__json=text)).dataset.folded
    assert folded["into"].tolist() == ["no row: it is in the list api"] * 3


def test_records_with_parts_like_alerts_are_no_alerts(put):
    part = {"startsAt": "2024-03-05T10:00:00Z", "endsAt": "2024-03-05T11:00:00Z", "labels": {"alertname": "Slow"}}
    records = [{"id": n, "started_at": "2024-03-05T10:00:00Z", "alerts": [part]} for n in range(3)]
    (read,) = (interpretations(one) for one in gathered(put(log__json=json.dumps(records))))
    assert read[0].format == "json"


def test_events_of_kubernetes_as_yaml_are_its_events(put):
    event = """- involvedObject: {kind: Deployment, name: web, namespace: shop}
  metadata: {uid: u1}
  reason: ScalingReplicaSet
  eventTime: null
  firstTimestamp: null
  deprecatedFirstTimestamp: "2024-01-10T12:00:00Z"
  message: Scaled up replica set web-a to 1 from 0
"""
    (read,) = (interpretations(one) for one in gathered(put(events__yaml=f"kind: List\nitems:\n{event}")))
    assert (read[0].format, read[0].raw.frame["started_at"].tolist()) == ("kubernetes-events", ["2024-01-10T12:00:00Z"])


def test_a_log_that_may_be_of_either_table_lacks_either_id(tmp_path, put):
    with pytest.raises(InputError, match="nothing says what its rows are: give the file the name of that"):
        create_dataset(
            tmp_path / "m", put(x__csv="level,started_at\nhigh,2024-03-05T09:00:00Z\nlow,2024-03-05T09:00:00Z\n")
        )


def test_the_same_records_are_not_both_logs(tmp_path):
    closed = {
        "first_seen": "2024-03-05T10:00:00",
        "type": "road closed",
        "desc": "Closed for works",
        "category": "works",
    }
    held = {f"a{n}": {**closed, "first_seen": f"2024-03-{n + 1:02}T10:00:00"} for n in range(12)}
    path = tmp_path / "incident_history.json"
    path.write_text(json.dumps({**held, "_fetched": {"at": "2024-03-20T10:00:00"}}))
    chosen, _ = assigned(gathered([path]))
    assert list(chosen) == ["incidents"] and len(chosen["incidents"][0].raw.frame) == 12


def test_a_list_of_what_a_release_brought_lacks_a_time_and_holds_none_under_its_name(put):
    rows = "pr,release,message\n" + "".join(f"{n},1.{n}.0.pre.1,a fix\n,1.{n}.0.pre.1,another\n" for n in range(9))
    said = assigned(gathered(put(changes__csv=rows)))[1][0][1]
    assert said.startswith("no column of it is started_at") and "would be" not in said


def test_a_record_with_a_list_of_parts_is_known_by_its_own_fields(put):
    info = {"last_deployed": "2024-03-09T09:00:00Z", "status": "deployed", "description": "Upgrade complete"}
    release = {"name": "mail", "info": info, "manifest": "", "hooks": [{"name": "check", "kind": "Pod"}], "version": 4}
    (one,) = gathered(put(mail__json=json.dumps(release)))
    assert interpretations(one)[0].format == "helm-history"


def test_files_are_called_after_incidents_in_other_languages(put):
    rows = "id;tipo;fecha\n1;corte;2024-03-05 10:00\n2;corte;2024-03-06 10:00\n"
    chosen, _ = assigned(gathered(put(incidencias__csv=rows)))
    assert list(chosen) == ["incidents"]


def test_a_list_of_texts_is_refused_with_the_first_of_them(tmp_path, put):
    with pytest.raises(InputError, match='none of its records can be read, such as the first: found "shop/web"'):
        create_dataset(tmp_path / "m", put(x__json=json.dumps(["shop/web", "shop/api"])))


def test_the_repository_of_a_job_is_changed_rather_than_the_job(tmp_path, put):
    jobs = [{"id": n, "name": f"format{n % 2}", "started_at": f"2024-03-0{n}T09:00:00Z"} for n in range(1, 7)]
    jobs = [job | {"web_url": f"https://git.example.org/g/shop/-/jobs/{job['id']}"} for job in jobs]
    begun = create_dataset(tmp_path / "m", put(incidents__csv=INCIDENTS, jobs__json=json.dumps(jobs)))
    assert begun.dataset.changes["services"].tolist() == [["shop"]] * 6


def test_logs_in_folders_of_their_own_need_not_be_named(tmp_path):
    for name, text in (("incidents", INCIDENTS), ("changes", CHANGES), (".hidden", CHANGES), ("empty", "")):
        (tmp_path / name).mkdir()
        (tmp_path / name / ("log.csv" if text else ".log")).write_text(text)
    begun = create_dataset(tmp_path, [])
    assert {section.path for section in begun.draft.in_order} == {"incidents/log.csv", "changes/log.csv"}


def test_a_log_that_is_called_after_changes_is_none_of_incidents(tmp_path, put):
    rows = "servidor,sucesso,duracao,data\n" + "".join(
        f"s{n % 2},{('true', 'false')[n % 2]},{n}.5s,2024-03-0{n}T09:00:00Z\n" for n in range(1, 6)
    )
    with pytest.raises(NoIncidentsError) as alone:
        create_dataset(tmp_path / "m", put(deploy_log__csv=rows))
    changes = alone.value.read.dataset.changes
    assert changes["status"].tolist() == ["failed", "done", "failed", "done", "failed"]
    assert changes["services"].tolist()[:2] == [["s1"], ["s0"]] and changes["finished_at"].notna().all()


def test_a_time_around_a_list_that_has_none_is_said_not_to_be_read(put):
    sites = [{"slug": "a", "url": "https://a.example/"}, {"slug": "b", "url": "https://b.example/"}]
    document = json.dumps({"deployedAt": "2024-03-05T09:00:00Z", "sites": sites})
    _, left = assigned(gathered(put(deploy_log__json=document)))
    assert left[0][1].endswith("it has slug, url; 'deployedAt', which stands around its list, is not read")


def test_a_postmortem_alone_is_called_like_its_file(tmp_path, put):
    page = "# Till down\n\n| Field | Value |\n|---|---|\n| Start | 2024-03-05 09:00 UTC |\n| End | 2024-03-05 10:00 UTC |\n"
    made = create_dataset(tmp_path / "m", put(till_down__md=page))
    assert made.dataset.incidents[["incident_id", "title"]].values.tolist() == [["till_down", "Till down"]]


def test_windows_and_flags_without_ids_join_a_log_of_changes_that_has_some(tmp_path, put):
    given = put(
        incidents__csv=INCIDENTS,
        deployments__csv="deploy_id,deployed_at,service\nd1,2024-03-05 10:00,till\nd2,2024-03-06 10:00,till\n",
        maintenance__csv="Start,End,What\n2024-03-07 22:00,2024-03-07 23:00,Patch\n2024-03-08 22:00,2024-03-08 23:00,Move\n",
        feature_flags__csv="flag,changed_at\nnew-till,2024-03-05 11:00\nold-till,2024-03-06 11:00\n",
        list__csv="at,what\n2024-03-05 12:00,Something\n2024-03-06 12:00,Something else\n",
    )
    made = create_dataset(tmp_path / "m", given)
    assert sorted(made.dataset.changes["kind"]) == ["deploy"] * 2 + ["feature_flag"] * 2 + ["infrastructure"] * 2
    assert [name for name, _ in made.left] == ["list.csv"]


@pytest.mark.parametrize(
    "said",
    [
        {"error": "no answer"},
        {"ended_at": None, "resolved_at": "2024-03-05T10:30:00Z"},
        {"status": "down"},
        {"incidentImpacts": [{"startTime": "2024-03-05T10:00:00Z"}], "status": "Confirmed"},
    ],
    ids=str,
)
def test_errors_states_of_trouble_and_parts_of_incidents_tell_of_incidents(put, said):
    times = {"started_at": "2024-03-05T10:00:00Z", "ended_at": "2024-03-05T11:00:00Z"}
    records = [{"id": f"a{n}", **times, **said} for n in range(3)]
    (read,) = (interpretations(one) for one in gathered(put(log__json=json.dumps(records))))
    assert read[0].table == "incidents"


def test_bugs_with_the_day_of_their_last_change_are_no_changes(put):
    rows = "bug_id,component,short_desc,changeddate\n" + "".join(
        f"{n},web,Slow,2024-03-0{n} 10:00:00\n" for n in (1, 2, 3)
    )
    (read,) = (interpretations(one) for one in gathered(put(list__csv=rows)))
    assert not any(one.score for one in read)


def test_one_alert_of_a_hook_is_a_record(put):
    alert = {
        "eventid": "7",
        "subject": "CPU is high",
        "host": "node-1",
        "severity": "High",
        "event_time": "2024-03-05T10:00:00Z",
    }
    (read,) = (interpretations(one) for one in gathered(put(alert__json=json.dumps(alert))))
    assert read[0].table == "incidents" and len(read[0].raw.frame) == 1


def test_of_several_streams_that_of_the_incidents_is_read(tmp_path, put):
    records = [
        {
            "stream": stream,
            "emitted_at": 1,
            "data": {"id": f"{stream}{n}", "started_at": f"2024-03-0{n}T10:00:00Z", "name": "x"},
        }
        for stream in ("shop__incidents", "shop__users")
        for n in (1, 2, 3)
    ]
    create_dataset(tmp_path / "m", put(log__jsonl="\n".join(map(json.dumps, records))))
    assert sections(tmp_path / "m")["incidents"]["only"] == {"stream": ["shop__incidents"]}


def test_one_object_of_plain_values_and_a_time_is_a_record_without_an_id(put):
    alert = {"service": "web", "fired_at": "2024-03-05T10:00:00Z", "symptom": "slow", "severity": "high"}
    (read,) = (interpretations(one) for one in gathered(put(alert__json=json.dumps(alert))))
    assert read[0].table == "incidents" and read[0].fit.columns["started_at"].value == "fired_at"


def test_pages_of_mdx_are_pages_of_markdown(tmp_path):
    for n in (1, 2):
        page = f"---\ntitle: Web is down\ndate: 2024-03-0{n}T10:00:00Z\nresolved: true\nseverity: major-outage\n---\nIt was.\n"
        (tmp_path / f"2024-03-0{n}-web.mdx").write_text(page)
    (read,) = (interpretations(one) for one in gathered([tmp_path]))
    assert read[0].table == "incidents" and len(read[0].raw.frame) == 2


def test_sentences_are_no_states(put):
    said = [f"availability of shop {n} was below {n} on average during the last hour" for n in range(1, 5)]
    rows = "".join(f"a{n},2024-03-0{n} 10:00,{text},Triggered\n" for n, text in enumerate(said, 1))
    (read,) = (interpretations(one) for one in gathered(put(incidents__csv=f"id,start,status,transition\n{rows}")))
    assert read[0].fit.columns["status"].value == "transition"


def test_what_a_hook_says_was_changed_is_no_log_of_changes(put):
    issue = {
        "id": 9,
        "iid": 7,
        "title": "Down",
        "state": "opened",
        "created_at": "2024-03-05T10:00:00Z",
        "type": "Incident",
    }
    hook = {
        "object_kind": "issue", "labels": [{"title": "incident"}], "changes": {"state": "x"},
        "project": {"path_with_namespace": "shop/web"}, "object_attributes": issue,
    }  # fmt: skip
    (read,) = (interpretations(one) for one in gathered(put(log__jsonl=f"{json.dumps(hook)}\n")))
    assert read[0].format == "gitlab-issues"


def test_the_id_of_what_a_record_refers_to_is_not_its_own(put):
    alerts = [
        {
            "id": f"a{n}",
            "incident": {"id": "i1", "type": "reference"},
            "created_at": f"2024-03-05T1{n}:00:00Z",
            "status": "open",
        }
        for n in range(4)
    ]
    (read,) = (interpretations(one) for one in gathered(put(alerts__json=json.dumps(alerts))))
    assert read[0].fit.columns["incident_id"].value == "id"


def test_a_state_counts_before_a_label_of_a_state(put):
    issues = [
        {"id": f"a{n}", "created_at": f"2024-03-05T1{n}:00:00Z", "state": "opened", "labels": ["status::sent", "x"]}
        for n in range(4)
    ]
    (read,) = (interpretations(one) for one in gathered(put(issues__json=json.dumps(issues))))
    assert read[0].fit.columns["status"].value == "state" and set(read[0].raw.frame["labels.status"]) == {"sent"}


def test_a_log_of_changes_by_its_id_is_one_though_it_has_priorities_and_a_tool_names_it(tmp_path, put):
    rows = "Change ID*+,Summary*,Status*,Actual Start Date+,Actual End Date+,Service*+,Priority\n" + "".join(
        f"CRQ1{n},Switch {n},Closed,2024-03-0{n} 20:00,2024-03-0{n} 21:00,LAN,High\n" for n in (1, 2, 3)
    )
    with pytest.raises(InputError, match=r"\[changes\] remedy.csv|could be made out as the log of incidents\."):
        create_dataset(tmp_path / "m", put(remedy__csv=rows))
    works = [
        {"id": n, "subject": f"Mail {n}", "priority": 1, "planned_start_date": f"2024-03-0{n}T20:00:00Z"}
        for n in (1, 2)
    ]
    incidents = "incident_id,started_at\na,2024-03-02T12:00:00Z\n"
    made = create_dataset(tmp_path / "n", put(log__csv=incidents, freshservice__json=json.dumps({"changes": works})))
    assert len(made.dataset.changes) == 2
