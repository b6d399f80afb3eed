"""A column is matched by its name and by its cells; what cannot be known is a question, not an answer."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from aftershock.dataset.rules import ServiceRule
from aftershock.wizard import column_matching, table_names
from aftershock.wizard.column_matching import Fit
from aftershock.wizard.create import create_dataset

DAYS = ["2024-03-05", "2024-03-06", "2024-03-07"]
LATER = ["2024-03-08", "2024-03-09", "2024-03-10"]
IDS = ["a1", "a2", "a3"]


def fit(table: str = "incidents", **columns: list[str]) -> Fit:
    frame = pd.DataFrame({name.replace("__", " "): cells for name, cells in columns.items()})
    return column_matching.fit(table, column_matching.cells_of(frame))


def matched(table: str = "incidents", **columns: list[str]) -> dict[str, str]:
    return {c: g.value for c, g in fit(table, **columns).columns.items()}


def test_a_column_is_taken_for_what_its_cells_are():
    found = fit(id=IDS, start=["soon", "late", "now"], happening=DAYS).columns
    assert {c: g.value for c, g in found.items()} == {"incident_id": "id", "started_at": "happening"}
    assert found["started_at"].why == "the only column that holds times"


def test_of_several_columns_of_times_none_is_the_start_by_its_place():
    found = fit(id=IDS, alpha=DAYS, beta=LATER)
    assert found.lacking == ["started_at"]
    assert found.refused["started_at"] == (
        "it has to be said which of 'alpha', 'beta' is the start: call that column started_at"
    )


@pytest.mark.parametrize("other", ["endsAt", "updated_at", "due_date", "planned_start"])
def test_an_end_a_plan_and_an_entry_are_no_start_next_to_one(other):
    assert matched(id=IDS, **{other: LATER}, created=DAYS)["started_at"] == "created"


def test_a_pair_is_one_find():
    found = matched("changes", id=IDS, to=LATER, since_update=DAYS, **{"from": DAYS})
    assert (found["started_at"], found["finished_at"]) == ("from", "to")


def test_an_end_before_the_start_is_something_else():
    assert "resolved_at" not in matched(id=IDS, start=DAYS, end=["2024-01-01"] * 3)


def test_numbers_of_ten_digits_are_ids_and_people_are_none():
    found = matched("changes", run_id=["3478859081", "3478859082", "3478859083"], done_by=["x", "y", "z"], when=DAYS)
    assert (found["change_id"], found["started_at"]) == ("run_id", "when")
    assert "change_id" not in matched("changes", done_by=["x", "y", "z"], when=DAYS)


def test_neither_an_id_nor_an_end_is_that_of_a_part_of_the_record():
    shas = {"commit.title": ["Fix a", "Fix b", "Fix c"], "commit.id": ["1f", "2f", "3f"]}
    goal = {"goal.id": IDS, "goal.closed_at": LATER}
    found = matched("changes", **shas, **goal, tag_name=["v1", "v2", "v3"], released_at=DAYS)
    assert found["change_id"] == "tag_name" and "finished_at" not in found
    assert "change_id" not in matched("changes", **{"commit.title": shas["commit.title"]}, released_at=DAYS)
    inside = matched("changes", **{"run.id": IDS, "run.started_at": DAYS, "run.finished_at": LATER}, name=IDS)
    assert (inside["change_id"], inside["finished_at"]) == ("run.id", "run.finished_at")


def test_an_id_by_its_cells_is_the_records_before_that_of_a_part():
    found = matched(**{"page.blob_code": ["x1", "x2", "x3"], "row_code": ["y1", "y2", "y3"]}, start=DAYS, end=LATER)
    assert found["incident_id"] == "row_code"


def test_a_column_of_states_by_its_words_is_the_status_of_incidents():
    said = ["Open", "PendingPartner", "Done"]
    assert matched(id=IDS, start=DAYS, repair_status=said)["status"] == "repair_status"
    assert matched(id=IDS, start=DAYS, status=["Done"] * 3, repair_status=said)["status"] == "status"
    for other in ({"repair_status": ["Open", "Done", "Purple"]}, {"approval_status": said}, {"host_state": said}):
        assert "status" not in matched(id=IDS, start=DAYS, **other)


@pytest.mark.parametrize("name", ["Expected end", "Planned resolution", "Estimated Restored Time"])
def test_an_end_that_was_hoped_for_is_none_of_an_incident_and_is_said(name):
    found = fit(id=IDS, start=DAYS, **{name: LATER})
    assert "resolved_at" not in found.columns
    assert f"{name!r} is when the end was expected, and is not read as the end" in found.questions
    both = fit(id=IDS, **{"Expected start": DAYS, "Expected end": LATER})
    assert both.columns["started_at"].value == "Expected start" and "resolved_at" not in both.columns
    assert matched("changes", id=IDS, planned_start=DAYS, planned_end=LATER)["finished_at"] == "planned_end"
    assert matched(id=IDS, start=DAYS, end=DAYS, **{name: LATER})["resolved_at"] == "end"


def test_a_likeness_of_names_is_no_cause():
    found = matched(id=IDS, start=DAYS, channel_reference=["#c1", "#c2", "#c3"], related_change=["c1", "c2", "c3"])
    assert "caused_by" not in found
    assert matched(id=IDS, start=DAYS, Caused__by__change=["c1", "", ""])["caused_by"] == "Caused by change"
    assert "caused_by" not in matched(id=IDS, start=DAYS, Caused__by=["a bad push by hand", "", "the disk was full"])


def test_links_are_no_services():
    found = matched(
        "changes",
        id=IDS,
        at=DAYS,
        **{"Links.Project": ["/api/p1", "/api/p2", "/api/p3"], "ProjectId": ["p1", "p2", "p3"]},
    )
    assert found["services"] == "ProjectId"


def test_a_state_that_is_only_over_gives_way_to_how_it_ended():
    found = matched(
        "changes", id=IDS, when=DAYS, status=["completed"] * 3, conclusion=["success", "skipped", "failure"]
    )
    assert found["status"] == "conclusion"


def test_days_with_clocks_next_to_them_and_lengths_in_place_of_ends():
    found = matched(id=IDS, Date=DAYS, Start__Time=["9:00"] * 3, End__Time=["9:30"] * 3)
    assert (found["started_at"], found["started_at_clock"]) == ("Date", "Start Time")
    assert (found["resolved_at"], found["resolved_at_clock"]) == ("Date", "End Time")
    assert matched(id=IDS, start=DAYS, downtime_min=["5", "6", "7"])["resolved_at_duration_minutes"] == "downtime_min"
    asked = fit(id=IDS, start=DAYS, duration=["5", "6", "7"])
    assert asked.questions[0].startswith("the unit of 'duration' is not known")


def test_a_name_that_says_an_end_and_nothing_else_is_one():
    assert matched(id=IDS, opened=DAYS, Closed__Date__Time=LATER)["resolved_at"] == "Closed Date Time"
    assert matched(id=IDS, opened=DAYS, terminated=LATER)["resolved_at"] == "terminated"
    assert "resolved_at" not in matched(id=IDS, opened=DAYS, Closed__by__customer=LATER)


def test_the_part_of_a_path_before_says_which_time_it_is():
    found = matched("changes", id=IDS, **{"date-ended.date": LATER, "date-started.date": DAYS})
    assert (found["started_at"], found["finished_at"]) == ("date-started.date", "date-ended.date")


def test_a_grade_of_impact_is_no_title_and_what_users_felt_is():
    grades = matched(
        number=IDS, opened_at=DAYS, impact=["2 - Medium", "3 - Low", "2 - Medium"], priority=["P1", "P2", "P2"]
    )
    assert "impact" not in {grades.get("title"), grades.get("description")}
    felt = matched(number=IDS, opened_at=DAYS, impact=["Nobody could pay", "Search was slow", "Mails came late"])
    assert felt["title"] == "impact"


def test_an_issue_is_a_title_where_it_is_words_and_none_where_it_is_a_number():
    lines = ["The disk is full", "Card payments time out", "Mails are sent twice"]
    assert matched(no=IDS, start=DAYS, Issue=lines)["title"] == "Issue"
    assert "title" not in matched(no=IDS, start=DAYS, Issue=["OPS-1", "OPS-2", "OPS-3"])


def test_what_has_an_id_and_a_start_by_its_cells_alone_is_no_log():
    chat = {"type": ["message"] * 3, "client_msg_id": IDS, "ts": DAYS, "text": ["Is it down?", "Yes.", "Up again."]}
    assert fit(**chat).refused["started_at"] == (
        "no name of a column says that it is a log; if it is one, call 'ts' started_at"
    )
    assert matched(**chat, service=["web", "db", "web"])["started_at"] == "ts"


def test_a_column_of_zones_is_that_of_its_rows():
    assert matched(id=IDS, start=DAYS, tz=["Europe/Berlin", "+01:00", "UTC"])["timezone"] == "tz"
    assert "timezone" not in matched(id=IDS, start=DAYS, tz=["Mars", "+01:00", "UTC"])


def test_a_time_that_cannot_be_read_is_refused_with_the_reason():
    found = fit(id=IDS, started_at=["1.71E+12", "1.72E+12", "1.73E+12"])
    assert found.refused["started_at"] == (
        "'started_at' would be started_at, but it holds '1.71E+12': a spreadsheet has shortened the number"
    )


def test_a_zone_that_is_not_known_is_named_before_the_order_of_day_and_month():
    found = fit(id=IDS, started_at=["3/13/2024 9:00 AM EST", "3/14/2024 9:00 AM EST", "4/5/2024 9:00 AM EST"])
    assert found.refused["started_at"].endswith(
        "AM EST': the abbreviation of a zone means several offsets; "
        "give init the zone that is meant, such as --timezone Europe/Berlin"
    )


def test_one_order_of_day_and_month_for_all_columns_of_a_file():
    found = fit(id=IDS, opened=["3/13/2024", "3/14/2024", "4/5/2024"], detected=["3/4/2024", "", ""])
    assert (found.times["started_at"].formats, found.times["detected_at"].formats) == (("%m/%d/%Y",), ("%m/%d/%Y",))


@pytest.mark.parametrize(("updated", "newest"), [(["1", "2"], "last"), (["2", "1"], "first")])
def test_several_rows_of_an_id_that_are_its_states_are_a_history(updated, newest):
    rows = {"number": ["n1", "n1", "n2", "n2"], "opened_at": ["2024-03-05"] * 4, "state": ["new", "done"] * 2}
    found = fit(**rows, sys_updated_on=[f"2024-03-0{day}" for day in updated * 2])
    assert (found.columns["incident_id"].value, found.history.value) == ("number", newest)


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"week": ["2024-W03", "2024-W04"]}, "'week' holds '2024-W03': a year, a quarter or a week is too long"),
        ({"Jahr": ["2019", "2021"]}, "'Jahr' holds '2019': a year, a quarter or a week is too long"),
        (
            {"Year": ["2024", "2024"], "Month": ["3", "4"]},
            "the date is in several columns, 'Year', 'Month': write it in one",
        ),
        ({"amount": ["2019", "2021"]}, None),
    ],
)
def test_what_is_too_coarse_for_a_start_is_said(columns, said):
    refused = fit(incident_id=["i1", "i2"], title=["Till down", "Mail slow"], **columns).refused.get("started_at")
    assert refused.startswith(said) if said else refused is None


def test_ids_that_repeat_for_no_reason_are_refused_with_it():
    found = fit(number=["n1", "n1", "n2"], opened_at=DAYS, service=["web", "db", "web"])
    assert found.refused["incident_id"].endswith("it repeats: 'n1' is in 2 rows, and nothing says which of them counts")


def test_a_column_that_is_mostly_empty_is_no_id():
    rows = [str(n) for n in range(8)]
    found = fit(number=rows, problem_id=["", "", "", "", "", "", "", "P1"], opened_at=DAYS + LATER + DAYS[:2])
    assert found.columns["incident_id"].value == "number"


def test_an_id_of_another_thing_is_no_title():
    assert "title" not in matched(number=IDS, problem_id=["P1", "P2", "P3"], opened_at=DAYS)


def test_the_name_of_the_id_says_which_log_it_is():
    cells = column_matching.cells_of(
        pd.DataFrame({"IncidentID": IDS, "Date": DAYS, "Service": ["shop"] * 3, "MinutesToMitigate": ["5", "6", "7"]})
    )
    score = {table: column_matching.fit(table, cells).score("export.csv") for table in ("incidents", "changes")}
    assert score["incidents"] > score["changes"]


def test_how_far_a_run_got_is_no_environment():
    runs = {
        "id": IDS,
        "started_at": DAYS,
        "state.stage.name": ["HALTED", "PAUSED", ""],
        "stage": ["test", "build", "deploy"],
    }
    assert "environment" not in matched("changes", **runs)
    assert matched("changes", id=IDS, started_at=DAYS, stage=["prod", "staging", "prod"])["environment"] == "stage"


def test_a_result_inside_the_state_says_how_a_run_ended():
    runs = {
        "id": IDS,
        "started_at": DAYS,
        "state.name": ["COMPLETED"] * 3,
        "state.result.name": ["FAILED", "SUCCESSFUL", "STOPPED"],
    }
    assert matched("changes", **runs)["status"] == "state.result.name"


def test_a_type_whose_words_are_states_is_the_state_and_that_of_a_part_is_no_kind():
    found = matched("changes", id=IDS, Type=["Success", "Failure", "Success"], when=DAYS)
    assert (found.get("kind"), found["status"]) == (None, "Type")
    assert "kind" not in matched("changes", id=IDS, **{"agent.type": ["LOCAL", "REMOTE", "LOCAL"]}, when=DAYS)
    assert matched("changes", id=IDS, type=["release", "odd", "odd"], when=DAYS)["kind"] == "type"


def test_sentences_are_no_ids():
    found = fit(ticket=["checkout fails for all", "search is very slow", "login page is down"], when=DAYS)
    assert found.lacking == ["incident_id"]


def test_an_identified_cause_is_no_detection():
    later = {"updates.identified": LATER}
    assert "detected_at" not in matched(id=IDS, start=DAYS, **later)


def test_a_portuguese_export_has_its_end_and_a_term_is_none():
    found = matched(
        **{
            "ID": ["43 784", "43 785", "43 790"],
            "Título": ["Sem rede", "Sem correio", "Lento"],
            "Status": ["Fechado", "Solucionado", "Pendente"],
            "Prioridade": ["Alta", "Baixa", "Alta"],
            "Tempo para solução": ["2024-04-08", "2024-04-09", "2024-04-10"],
            "Data de abertura": DAYS,
            "Data da solução": LATER,
        }
    )
    assert (found["started_at"], found["resolved_at"]) == ("Data de abertura", "Data da solução")
    assert (found["title"], found["severity"], found["status"]) == ("Título", "Prioridade", "Status")


def test_a_length_ends_with_what_its_name_says():
    found = matched(
        id=IDS,
        start=DAYS,
        MinutesToMitigate=["5", "6", "7"],
        minutes_to_detect=["1", "2", "3"],
        ttr_hours=["1", "1", "2"],
    )
    assert found["mitigated_at_duration_minutes"] == "MinutesToMitigate"
    assert found["detected_at_duration_minutes"] == "minutes_to_detect"
    assert found["resolved_at_duration_hours"] == "ttr_hours"


def test_without_an_id_one_is_made_of_cells_that_tell_the_rows_apart():
    found = fit(start=DAYS, end=LATER, title=["down", "slow", "down"])
    assert (found.id_from, found.lacking) == (("start", "title"), [])
    same_day = fit(start=[DAYS[0]] * 3, end=LATER, title=["down"] * 3, service=IDS)
    assert same_day.id_from == ("start", "title", "service")
    assert fit(start=[DAYS[0]] * 3, end=LATER, title=["down"] * 3).id_from == ("start", "title", "end")
    assert fit(start=[DAYS[0]] * 3, end=[LATER[0]] * 3, title=["down"] * 3, note=["", "", "x"]).id_from == (
        "start",
        "title",
        "note",
    )


def test_an_id_is_made_of_as_many_columns_as_tell_the_rows_apart():
    rows = {
        "when": [DAYS[0]] * 3,
        "app": ["web"] * 3,
        "env": ["dev", "prod", "prod"],
        "build": ["7", "7", "8"],
    }
    found = column_matching.fit("changes", column_matching.cells_of(pd.DataFrame(rows)), "deploys.csv")
    assert found.id_from == ("when", "app", "env", "build")


def test_samples_of_a_metric_are_no_incidents():
    samples = {"time": DAYS, "service": ["a", "a", "a"], "latency": ["12", "13", "900"]}
    assert fit(**samples).lacking == ["incident_id"]
    frame = column_matching.cells_of(pd.DataFrame(samples))
    assert column_matching.fit("incidents", frame, "outages.csv").id_from == ("time", "service")
    assert fit(time=DAYS, title=IDS, code=["1001", "1002", "1003"]).columns["incident_id"].value == "code"


def test_what_is_around_every_record_is_no_part_of_a_name():
    columns = {"Bug.id": IDS, "Bug.title": ["x y", "z", "w"], "Bug.created": DAYS, "Bug.deadline": [""] * 3}
    assert matched(**columns) == {"incident_id": "Bug.id", "title": "Bug.title", "started_at": "Bug.created"}


def test_the_state_of_a_person_and_the_id_of_a_stage_are_none_of_the_record():
    found = matched("changes", id=IDS, when=DAYS, **{"author.status": ["UNAPPROVED"] * 3, "state": ["MERGED"] * 3})
    assert found["status"] == "state"
    assert "environment" not in matched("changes", id=IDS, when=DAYS, stageId=["64132c9461bb57f8d78a13ac"] * 3)


def test_a_start_that_hardly_a_row_has_gives_way():
    few = ["2024-03-01", *[""] * 9]
    days = [f"2024-03-{day:02}" for day in range(1, 11)]
    assert matched(id=[f"i{n}" for n in range(10)], startDate=few, created=days)["started_at"] == "created"


@pytest.mark.parametrize(
    ("link", "pattern"),
    [
        ("https://git.example.org/group/shop/-/pipelines/", "*/{name}/-/*"),
        ("https://api.github.com/repos/acme/shop/actions/runs/", "*/repos/*/{name}/actions/*"),
        ("https://github.com/acme/shop/actions/runs/", "*://*/*/{name}/actions/*"),
    ],
)
def test_the_repository_in_a_link_is_the_service_where_nothing_else_is(link, pattern):
    found = fit("changes", id=IDS, when=DAYS, web_url=[link + id for id in IDS])
    assert found.columns["repository"].value == "web_url"
    assert found.service_rule is not None
    assert found.service_rule.value == pattern
    rule = ServiceRule.model_validate({"repository": pattern})
    cells = dict.fromkeys(("title", "path", "author"), ("",))
    assert rule.services({**cells, "repository": (link + "1",)}) == ["shop"]
    assert fit("changes", id=IDS, when=DAYS, app=IDS, web_url=[link + id for id in IDS]).service_rule is None


def test_a_repository_counts_where_few_changes_name_a_service():
    found = matched("changes", id=IDS, when=DAYS, project_name=["shop", "", ""], project_slug=["gh/a/b"] * 3)
    assert found["services"] == found["repository"] == "project_slug"


def test_the_time_of_resolving_comes_before_that_of_closing():
    found = matched(id=IDS, opened=DAYS, Closed__Date=LATER, Last__Resolved__Date=LATER)
    assert found["resolved_at"] == "Last Resolved Date"
    found = matched(id=IDS, opened=DAYS, lastModifiedDateTime=LATER, monitorConditionResolvedDateTime=LATER)
    assert found["resolved_at"] == "monitorConditionResolvedDateTime"


def test_glued_and_plain_words_begin_and_end_an_outage():
    assert matched(id=IDS, timefrom=DAYS, timeto=LATER)["resolved_at"] == "timeto"
    found = matched(id=IDS, **{"Down At": DAYS, "Up At": LATER, "Downtime": ["5", "6", "7"]})
    assert (found["started_at"], found["resolved_at"]) == ("Down At", "Up At")
    assert matched(id=IDS, Meldedatum=DAYS, Zieldatum=LATER)["started_at"] == "Meldedatum"


def test_a_day_gives_way_to_the_time_of_that_day():
    times = [f"{day} 09:12" for day in DAYS]
    assert matched(id=IDS, Start__date=DAYS, Created=times)["started_at"] == "Created"
    assert matched(id=IDS, Start__date=DAYS, Created=["2024-04-01 09:12"] * 3)["started_at"] == "Start date"


def test_the_states_of_what_is_watched_need_no_id():
    rows = pd.DataFrame({"status": ["up", "down", "up"], "from": DAYS, "to": [*DAYS[1:], "2024-03-09"]})
    found = column_matching.fit("incidents", column_matching.cells_of(rows))
    assert (found.of_states, found.id_from) == (True, ("from",))


def test_an_id_of_its_own_comes_before_those_of_others():
    assert matched("changes", id=IDS, pipeline_id=["p1", "p2", "p3"], created_at=DAYS)["change_id"] == "id"


def test_work_on_an_incident_begins_after_it_was_created():
    early, late = ([f"{day} {hour}" for day in DAYS] for hour in ("09:00", "10:00"))
    assert matched(id=IDS, Created=early, Started=late, Completed=LATER)["started_at"] == "Created"
    assert matched(id=IDS, Created=late, Started=early, Completed=LATER)["started_at"] == "Started"
    assert matched(id=IDS, Created=early, Incident__start=late)["started_at"] == "Incident start"


def test_what_a_part_of_the_record_was_made_at_is_no_start():
    times = {"deploy.commit.createdAt": DAYS, "deploy.createdAt": LATER}
    assert matched("changes", id=IDS, **times)["started_at"] == "deploy.createdAt"


def test_one_service_in_every_row_gives_way_to_several():
    rows = {"api.serviceName": ["run"] * 6, "labels.service_name": ["a", "b", "a", "b", "a", "b"]}
    ids = [f"c{n}" for n in range(6)]
    at = [f"2024-03-0{n} 10:00" for n in range(1, 7)]
    assert matched("changes", id=ids, at=at, **rows)["services"] == "labels.service_name"


def test_sentences_on_the_impact_are_no_severity():
    found = matched(
        Date=DAYS, Duration=["1h", "2h", "30m"], Impact=["No logins at all", "Mails came late", "No search for some"]
    )
    assert (found["title"], "severity" in found) == ("Impact", False)


def test_codes_of_releases_are_ids_and_names_of_them_are_not():
    assert (
        matched("changes", Release=["R1", "R2", "R3"], date=DAYS, Application=["a", "b", "a"])["change_id"] == "Release"
    )
    assert matched("changes", Release=["cart", "tax", "mail"], sha=IDS, date=DAYS)["change_id"] == "sha"


def test_one_moment_in_all_rows_is_no_start():
    at = [f"2024-03-0{n} 10:00" for n in range(1, 7)]
    ids = [f"c{n}" for n in range(6)]
    assert matched("changes", id=ids, created_at=["2022-01-01 00:00"] * 6, applied=at)["started_at"] == "applied"
    assert "started_at" not in matched("changes", id=ids, created_at=["2022-01-01 00:00"] * 6, last_updated=at)


def test_a_zone_whose_letters_mean_several_is_asked_for():
    named = fit(id=IDS, start=DAYS, tz=["CET"] * 3)
    assert named.questions[0].startswith("'tz' names the zone 'CET', whose letters mean several: write timezone =")
    assert fit(id=IDS, **{"Opened (EST)": DAYS}).questions[0].startswith("'Opened (EST)' names the zone 'EST'")
    clocks = fit(id=IDS, Date=DAYS, **{"Time (PST)": ["09:00", "10:00", "11:00"]})
    assert clocks.questions[0].startswith("'Time (PST)' names the zone 'PST'")
    assert fit(id=IDS, start=[f"{day}T09:00Z" for day in DAYS], tz=["CET"] * 3).questions == ()


def test_moments_are_no_services_of_a_graph():
    rows = pd.DataFrame({"Outage": ["web", "db", "web"], "From": DAYS, "To": LATER})
    assert column_matching.fit("dependencies", column_matching.cells_of(rows)).columns == {}


def test_a_release_is_made_when_it_is_released_and_not_at_a_bare_time():
    assert matched("changes", id=IDS, time=LATER, releaseTime=DAYS)["started_at"] == "releaseTime"
    assert matched("changes", id=IDS, time=LATER)["started_at"] == "time"


def test_a_time_in_no_known_form_is_refused_with_how_to_write_it():
    found = fit(id=IDS, start=["23.apr 09:52", "24.apr 10:52", "25.apr 11:52"])
    said = (
        "'start' would be started_at, but it holds '23.apr 09:52': the time is in no known form, and it names no year"
    )
    assert found.refused["started_at"] == f"{said}; write such times as 2024-03-05 17:19"


def test_what_a_record_says_counts_before_what_it_says_aside():
    grades = ["high", "low", "low"]
    assert (
        matched(id=IDS, start=DAYS, priority=grades, **{"metadata.severity": ["0", "1", "0"]})["severity"] == "priority"
    )
    assert matched(id=IDS, start=DAYS, **{"metadata.severity": grades})["severity"] == "metadata.severity"


def test_the_key_of_a_setting_is_no_id_of_its_change():
    log = {"id": IDS, "key": ["a.b", "a.c", "a.d"], "new_value": ["1", "2", "3"], "changed_at": DAYS}
    assert matched("changes", **log)["change_id"] == "id"


def test_a_plan_counts_before_the_day_on_which_a_change_was_asked_for():
    found = fit("changes", id=IDS, **{"Submit Date": DAYS, "Scheduled Start Date": DAYS, "Completed Date": DAYS})
    assert found.columns["started_at"].value == "Scheduled Start Date"
    assert "'Scheduled Start Date' is when it was planned; no column says when it happened" in found.questions


def test_of_a_build_and_its_deployment_the_deployment_is_the_change():
    times = {f"{what}_{when}": DAYS for what in ("build", "deploy") for when in ("started", "finished")}
    found = fit("changes", id=IDS, **times).columns
    assert (found["started_at"].value, found["finished_at"].value) == ("deploy_started", "deploy_finished")
    del times["deploy_started"], times["deploy_finished"]
    assert fit("changes", id=IDS, **times).columns["started_at"].value == "build_started"


def test_targets_without_a_usual_name_are_no_environments():
    targets = {"targetName": ["a_gate", "b_gate", "c_gate", "d_gate"]}
    ids, at = ["1", "2", "3", "4"], [f"2024-03-0{n} 10:00" for n in range(1, 5)]
    assert "environment" not in matched("changes", id=ids, at=at, **targets)
    assert matched("changes", id=ids, at=at, target=["prod", "a", "b", "c"])["environment"] == "target"


def test_a_change_that_was_asked_for_is_made_when_it_was_planned():
    found = fit("changes", change_id=IDS, created_date=["2024-02-05"] * 2 + ["2024-02-06"], planned_date=DAYS)
    assert found.columns["started_at"].value == "planned_date"
    assert found.questions == ("'planned_date' is when it was planned; no column says when it happened",)
    assert matched("changes", id=IDS, Requested__Date=DAYS, Scheduled__Date=LATER)["started_at"] == "Scheduled Date"


def test_of_a_request_without_a_plan_it_is_asked_when_it_was_made():
    asked = "'created_at' is when the change was asked for; no column says when it happened"
    assert fit("changes", id=IDS, created_at=DAYS, approver=["x", "y", "z"]).questions == (asked,)
    assert fit("changes", pr_number=IDS, created_at=DAYS).questions == (asked,)
    assert fit("changes", id=IDS, created_at=DAYS, environment=["x", "x", "x"]).questions == ()


def test_a_state_of_a_step_is_no_time_and_may_be_the_state_of_the_change():
    steps = {
        "Approval__Status": ["Approved", "Pending", "Done"],
        "Implementation__Status": ["Done", "Not Started", "Done"],
    }
    found = fit("changes", id=IDS, happened=DAYS, **steps)
    assert (found.columns["status"].value, found.refused) == ("Implementation Status", {})


def test_times_of_day_without_a_day_are_named_as_the_reason():
    assert fit("changes", id=IDS, deployed_at=["14:27", "09:03", "10:00"]).refused == {
        "started_at": "'deployed_at' would be started_at, but it holds times of day, such as '14:27', and no column says of "
        "which day"
    }


def test_classes_of_approval_are_no_kinds():
    found = matched("changes", id=IDS, when=DAYS, change_type=["Normal", "Emergency", "Standard"])
    assert (found.get("kind"), found["emergency"]) == (None, "change_type")


def test_a_number_of_each_repository_is_an_id_with_it():
    numbers = {"repo_name": ["a/x", "a/x", "a/y"], "pr_number": ["7", "8", "7"], "changed_files": ["1", "2", "3"]}
    found = fit("changes", merged_at=DAYS, **numbers)
    assert (found.id_from, found.lacking, found.history) == (("repo_name", "pr_number"), [], None)
    assert "paths" not in found.columns


def test_the_only_other_time_is_the_start_where_one_is_a_plan():
    assert matched("changes", id=IDS, run_time=DAYS, scheduled_time=LATER)["started_at"] == "run_time"
    assert matched("changes", id=IDS, alpha=DAYS, beta=DAYS, scheduled_time=LATER)["started_at"] == "scheduled_time"


def test_numbers_that_may_be_a_clock_are_no_reason_where_nothing_says_a_start():
    assert fit("changes", id=IDS, error_rate=["0.25", "0.45", "0.10"]).refused == {}


def test_the_title_of_a_part_is_a_title_and_sentences_are_no_services():
    titles = {"fields.System.Title": ["Fix the login", "Move the disks", "Raise the limit"]}
    found = matched(id=IDS, when=DAYS, **titles)
    assert (found["title"], found.get("services")) == ("fields.System.Title", None)
    assert "services" not in matched(id=IDS, when=DAYS, title=["a", "b", "c"], System=titles["fields.System.Title"])


def test_an_id_comes_before_a_number_that_each_project_counts():
    found = matched("changes", id=["f3-a", "f3-b", "f3-c"], number=["7", "8", "9"], when=DAYS)
    assert found["change_id"] == "id"
    assert matched("changes", id=["f3-a"] * 3, number=["7", "8", "9"], when=DAYS)["change_id"] == "number"


def test_files_that_were_changed_are_paths_and_names_of_versions_no_services():
    versions = {"version.name": ["r1", "r2", "r1", "r1", "r2", "r1"]}
    found = matched("changes", id=[*"abcdef"], when=DAYS + LATER, files_changed=[*"uvwxyz"], **versions)
    assert (found["paths"], found.get("services")) == ("files_changed", None)


def test_what_passed_until_a_change_is_no_length_of_it():
    assert set(matched("changes", id=IDS, merged_at=DAYS, Time__to__Merge=["00:00:05", "00:01:00", "02:00:00"])) == {
        "change_id", "started_at",
    }  # fmt: skip


def test_words_that_differ_in_a_few_rows_are_no_ids():
    found = fit(
        "changes", time=DAYS, message=["Check disks", "Copy files", "Start web"], platform=["aws", "gcp", "own"]
    )
    assert "change_id" not in found.columns


def test_a_commit_is_made_when_it_is_committed_and_its_link_names_the_repository():
    dates = {"commit.author.date": DAYS, "commit.committer.date": LATER}
    links = [f"https://example.org/acme/shop/commit/{n}" for n in IDS]
    found = fit("changes", sha=IDS, html_url=links, **dates)
    assert found.columns["started_at"].value == "commit.committer.date"
    assert found.service_rule.value == "*://*/*/{name}/commit/*"


def test_the_moments_at_which_rows_were_loaded_are_no_start():
    ids, begun = [f"i{n}" for n in range(120)], [f"2024-03-{1 + n % 28:02} 09:{n % 60:02}:00" for n in range(120)]
    loaded = ["2024-05-01 15:56:13"] * 70 + ["2024-05-02 18:58:00"] * 50
    found = fit(id=ids, date_from=loaded, date_to=["2500-12-31 23:59:59"] * 120, assigned_date=begun).columns
    assert (found["started_at"].value, found["started_at"].sure) == ("assigned_date", 0.6)
    assert matched(id=ids, created=[at[:10] for at in loaded])["started_at"] == "created"  # days with many rows each


def test_when_it_was_detected_is_the_start_where_nothing_else_is():
    found = fit(alert_id=IDS, detected_at=DAYS, severity=["high", "low", "high"]).columns
    assert (found["started_at"].value, "detected_at" in found) == ("detected_at", False)
    assert matched(alert_id=IDS, detected_at=LATER, raised=DAYS)["detected_at"] == "detected_at"


def test_of_one_moment_written_twice_the_one_with_a_zone_is_the_start():
    told = ["Mar 5, 2024 6:05 PM", "Mar 6, 2024 7:15 PM", "Mar 7, 2024 8:25 PM"]
    epochs = ["1709651133790", "1709741733790", "1709832333790"]
    assert matched(id=IDS, createdAt=told, createdAtTimestamp=epochs)["started_at"] == "createdAtTimestamp"
    assert matched(id=IDS, createdAt=told, createdAtTimestamp=epochs[::-1])["started_at"] == "createdAt"


def test_a_service_may_be_called_after_what_it_is_of():
    names = ["Queue", "Store", "Queue"]
    assert matched(id=IDS, start=DAYS, cloud_service=names)["services"] == "cloud_service"
    assert matched(id=IDS, start=DAYS, cloud_service=IDS, service=names)["services"] == "service"
    assert "services" not in matched(id=IDS, start=DAYS, reporting_system=names, service_scope=names)


def test_of_a_heading_in_another_script_every_word_counts():
    named = matched(ID=IDS, Дата=DAYS, **{"Наименование организации": ["Ромашка", "Василёк", "Ромашка"]})
    assert "title" not in named and named["started_at"] == "Дата"
    assert matched(ID=IDS, Дата=DAYS, Наименование=["Нет света", "Нет воды", "Нет связи"])["title"] == "Наименование"


def test_a_log_without_an_id_may_say_what_happened_by_states_alone():
    told = {
        "start_time": DAYS,
        "outage_status": ["Work assigned", "Resolved", "Work assigned"],
        "lat": ["1.1", "2", "3.5"],
    }
    assert fit(**told).id_from and not fit(start_time=DAYS, lat=["1.1", "2", "3.5"]).id_from


def test_an_empty_column_makes_no_id():
    found = fit(
        StartDate=DAYS, EndDate=DAYS, Status=["open", "done", "open"], IncidentID=["", "", ""], User=["7", "8", "9"]
    )
    assert found.id_from == ("StartDate", "User")


def test_a_name_next_to_an_address_is_whose_ticket_it_is():
    tickets = {
        "Ticket ID": IDS,
        "Name": ["Ada Quill", "Bo Finch", "Ada Quill"],
        "Issue": ["No sound", "No mail", "No power"],
    }
    assert matched(**tickets, Timestamp=DAYS)["title"] == "Name"
    assert matched(**tickets, Timestamp=DAYS, Email=["a@example.org"] * 3)["title"] == "Issue"


def test_a_start_of_entry_says_which_better_column_cannot_be_read():
    spans = ["6/29/10 to 7/1/10 3:00 PM to 1:50 PM", "between 3 and 4", "on the 4th"]
    asked = fit(id=IDS, Reported=DAYS, Occurred=spans).questions[0]
    assert "it is read as the start, as 'Occurred' holds 'between 3 and 4': the time is in no known form" in asked
    assert fit(id=IDS, Reported=DAYS).questions[0].endswith("as no column says when one began")


def test_the_steps_of_a_write_up_are_no_incidents():
    steps = ["The disk was full", "The team was called", "It was back"]
    found = fit(**{"Time (UTC)": DAYS, "Event": steps})
    said = "'Time (UTC)' and 'Event' are the course of one incident, step by step, and a row has to be one incident"
    assert found.refused["incident_id"] == said and not found.id_from
    assert "incident_id" not in fit(**{"Time (UTC)": DAYS, "Event": steps, "service": ["web", "db", "web"]}).refused


def test_a_zone_may_be_where_it_happened_and_a_source_is_no_resource():
    found = fit(id=IDS, start=DAYS, zone=["Gulf of Aden", "Red Sea", "Gulf of Aden"])
    assert not found.questions and "timezone" not in found.columns
    (asked,) = fit(id=IDS, start=DAYS, zone=["CST", "CST", "CST"]).questions
    assert asked.startswith("'zone' names the zone 'CST'")
    assert "services" not in matched(id=IDS, start=DAYS, **{"source.name": ["Agency A", "Agency B", "Agency A"]})


def test_days_with_how_many_incidents_they_had_are_none():
    days = {"date": DAYS, "service": ["web", "db", "web"]}
    assert fit(**days, ended=DAYS).id_from == ("date", "service")
    found = fit(**days, ended=DAYS, outages=["0", "3", "1"])
    assert found.refused["incident_id"] == "'outages' counts or lists what happened, and a row has to be one incident"
    assert not found.id_from
    for name, told in (("Number of Failures", True), ("incident_count", True), ("nombre del incidente", False)):
        assert bool(fit(**days, ended=DAYS, **{name: ["7", "7", "7"]}).id_from) is not told


def test_a_root_cause_is_no_title_and_what_people_felt_comes_first():
    causes = ["Bad configuration", "Too few workers", "Lost dependency"]
    assert "title" not in matched(id=IDS, start=DAYS, root_cause=causes)
    found = matched(id=IDS, start=DAYS, root_cause=causes, customer_impact=["Slow pages", "No mail", "Slow pages"])
    assert found["title"] == "customer_impact"


def test_a_bare_day_of_a_postmortem_may_be_that_of_the_write_up():
    cells = column_matching.cells_of(pd.DataFrame({"id": IDS, "date": DAYS, "title": IDS}))
    (asked,) = column_matching.fit("incidents", cells, "postmortems.json").questions
    assert column_matching.fit("incidents", cells, "_posts").questions == (asked,)
    assert asked.startswith(
        "'date' may be the day of the write-up; if it is, name the column of the day of the incident"
    )
    assert column_matching.fit("incidents", cells, "incidents.json").questions == ()


def test_a_column_that_would_be_needed_and_is_empty_is_named():
    found = fit(id=IDS, date=["", "", ""], text=IDS)
    assert found.refused["started_at"] == "'date' would be started_at, and it is empty"


def test_a_likeness_counts_for_whole_names_and_words_of_one_row_are_no_id():
    assert "services" not in matched(id=IDS, start=DAYS, related_interaction=["SD1", "SD2", "SD3"])
    assert matched(id=IDS, start=DAYS, CI_Name=["a", "b", "a"])["services"] == "CI_Name"
    assert "incident_id" not in matched(start=DAYS[:1], end=LATER[:1], planned=["true"])
    assert "incident_id" not in matched(start=DAYS, why=["power cut", "disk full", "bad cable"])


def test_a_file_that_is_called_after_a_log_holds_no_service_graph():
    cells = column_matching.cells_of(pd.DataFrame({"service": ["shop", "cart"], "depends_on": ["cart", "store"]}))
    found = column_matching.fit("dependencies", cells)
    assert found.score("graph.csv") > 0 == found.score("alerts.csv")
    assert [table_names.is_called("servicenow_export.csv", table) for table in ("incidents", "dependencies")] == [
        True,
        False,
    ]


def test_of_two_ends_of_a_pair_that_of_the_trouble_counts():
    found = matched(no=IDS, open_datetime=DAYS, close_datetime=["2024-03-20"] * 3, resolved_datetime=LATER)
    assert (found["started_at"], found["resolved_at"]) == ("open_datetime", "resolved_datetime")


def test_numbers_are_no_title_words_no_id_and_a_rare_word_is_no_state():
    assert "title" not in matched(id=IDS, start=DAYS, success=["1", "0", "1"])
    assert "incident_id" not in matched(start=DAYS, incident_type=["Phishing", "Malware", "Breach"])
    days = [f"2024-03-{1 + n % 28:02} 09:{n % 60:02}" for n in range(100)]
    rare = {"container.status": ["running", *[""] * 99]}
    assert "status" not in matched(id=[f"i{n}" for n in range(100)], start=days, **rare)


def test_a_pull_request_is_a_change_from_its_merge_on():
    assert matched("changes", pr_id=IDS, created_date=DAYS, merged_date=LATER)["started_at"] == "merged_date"


def test_people_are_no_times_and_a_start_that_never_differs_is_named():
    refused = fit(no=[f"x{n}" for n in range(9)], Reporter=["Ann"] * 9, start=["2024-03-05 09:00"] * 9).refused
    assert refused["started_at"] == "'start' would be started_at, and it hardly differs from row to row"
    updated = [f"2024-03-0{n + 1} 11:00" for n in range(9)]
    refused = fit(no=[f"x{n}" for n in range(9)], created_at=["2024-03-05 09:00"] * 9, updated_at=updated).refused
    assert refused["started_at"] == "'created_at' would be started_at, and it hardly differs from row to row"
    assert "started_at" not in fit(no=IDS, Reporter=["Ann", "Bo", "Cy"]).refused


def test_of_ends_of_the_trouble_the_one_named_like_the_start_is_its_pair():
    found = matched(no=IDS, Resolved=["2024-03-20"] * 3, **{"Start Date & Time": DAYS, "End Date & Time": LATER})
    assert (found["started_at"], found["resolved_at"]) == ("Start Date & Time", "End Date & Time")


def test_lists_of_short_names_are_no_sentences_and_kinds_of_causes_no_description():
    parts = [
        "Compute of Cloud; Network of Cloud",
        "Network of Cloud; Disks of Cloud",
        "Disks of Cloud; Compute of Cloud",
    ]
    assert matched(id=IDS, start=DAYS, services=parts)["services"] == "services"
    assert "description" not in matched(id=IDS, start=DAYS, impact_kind=["deploy", "third_party", "deploy"])


def test_what_people_found_out_to_be_the_cause_is_no_description_of_what_was_seen():
    told = ["the disk was full", "a change of the pool", "no memory was left"]
    assert "description" not in matched(id=IDS, start=DAYS, root_cause=told)
    seen = ["Pages were slow for all", "Nobody could log in at all", "No mail was sent then"]
    assert matched(id=IDS, start=DAYS, root_cause=told, symptoms_observed=seen)["title"] == "symptoms_observed"


def test_yes_and_no_in_a_column_that_asks_whether_it_is_over_are_states():
    assert matched(id=IDS, start=DAYS, resolved=["True", "False", "True"])["status"] == "resolved"
    assert matched(id=IDS, start=DAYS, status=["a", "b", "c"], resolved=["True", "False", "True"])["status"] == "status"
    assert "status" not in matched(id=IDS, start=DAYS, breached=["True", "False", "True"])


def test_words_of_outages_say_which_log_it_is():
    columns = {"uuid": IDS, "start_time": DAYS, "end_time": LATER, "categories": ["cloud", "network", "cloud"]}
    told = {"title": ["Outage of the shop", "Network incident", "The outage of May"]}
    scores = [fit(table, **columns, **told).score("pages") for table in ("incidents", "changes")]
    assert scores[0] > scores[1]
    plain = [fit(table, **columns, title=["one", "two", "three"]).score("pages") for table in ("incidents", "changes")]
    assert plain[0] < plain[1]


def test_a_value_is_no_id():
    assert "incident_id" not in matched(value=["1e+00", "3e+00", "4e+03"], activeAt=DAYS, title=["a b", "c d", "e f"])


def test_what_is_said_of_a_part_is_not_said_of_the_record():
    words, links = ["Passed", "Failed", "Passed"], [f"https://git.example/{name}" for name in "abc"]
    parts = {
        "detailed_status.text": words,
        "detailed_status.group": words,
        "creator.links.htmlUrl": links,
        "repository.url": links,
        "repository.fullName": ["shop/web", "shop/db", "shop/web"],
        "artifacts.size": ["0", "1", "2"],
    }
    found = matched("changes", id=IDS, started_at=DAYS, **parts)
    assert not {"title", "author", "url", "size"} & set(found)
    assert matched("changes", id=IDS, started_at=DAYS, size=["4", "5", "6"])["size"] == "size"
    assert matched("changes", id=IDS, started_at=DAYS, **{"links.htmlUrl": links})["url"] == "links.htmlUrl"


def test_moments_are_no_words():
    stamps = [f"{day}T10:00:00Z" for day in DAYS]
    found = matched("changes", id=IDS, **{"log.created": [f"{day}T09:00:00Z" for day in DAYS], "log.implement": stamps})
    assert found == {"change_id": "id", "started_at": "log.implement"}
    found = matched("changes", version=["1.2", "1.3", "1.4"], Deployment=["Monday, 4 March, 2024", *stamps[1:]])
    assert found == {"change_id": "version", "started_at": "Deployment"}


def test_lengths_next_to_an_end_that_no_row_has_are_of_something_else():
    spent = ["10 minutes", "0 seconds", "5 minutes"]
    assert "resolved_at_duration_minutes" not in matched(
        id=IDS, opened=DAYS, resolution_date=["", "", ""], total_duration=spent
    )
    assert matched(id=IDS, opened=DAYS, total_duration=spent)["resolved_at_duration_minutes"] == "total_duration"


def test_rows_that_are_there_twice_leave_what_tells_the_others_apart():
    columns = {
        "timestamp": [*DAYS, DAYS[0]],
        "service": ["web", "db", "web", "web"],
        "issue": ["No mail", "No web", "No db", "No mail"],
    }
    frame = pd.DataFrame(columns)
    assert column_matching.fit("incidents", column_matching.cells_of(frame), "incidents.csv").id_from == (
        "timestamp",
        "issue",
    )
    repeated = frame.assign(incident_id="a1")
    found = column_matching.fit("incidents", column_matching.cells_of(repeated), "incidents.csv")
    assert found.id_from == () and found.refused["incident_id"].startswith(
        "'incident_id' could be incident_id, and it repeats"
    )


def test_a_sign_of_numbers_is_the_name_of_an_id():
    found = matched(**{"#": ["812", "813", "815"]}, Created=DAYS, Subject=["No mail", "No web", "No db"])
    assert found["incident_id"] == "#"


def test_objects_are_no_names_and_a_graph_names_a_service_in_most_rows():
    objects = ['[{"type": "PROD"}]', '{"type": "TEST"}', '[{"type": "PROD"}]']
    found = matched("changes", id=IDS, started_at=DAYS, services=objects, environment=objects)
    assert not {"services", "environment"} & set(found)
    found = matched("changes", id=IDS, started_at=DAYS, author=["1700000000001", "1700000000002", "1700000000003"])
    assert "author" not in found
    rare = ["a", *[""] * 30]
    assert fit("dependencies", service=["x"] * 31, depends_on=rare).lacking == ["depends_on"]
    assert fit("dependencies", service=rare, depends_on=["x"] * 31).lacking == ["service"]


def test_what_is_measured_and_what_was_deployed_say_nothing_of_the_incident():
    parts = {
        "metrics_snapshot.status": ["ok", "warn", "ok"],
        "service.description": ["sells things", "keeps mail", "sells things"],
    }
    assert not {"status", "title", "description"} & set(matched(id=IDS, start=DAYS, **parts))
    assert "services" not in matched(id=IDS, start=DAYS, area=["Europe", "Asia", "Europe"])
    assert "incident_id" not in matched(
        version=["v1.2", "v1.3", "v1.4"], start=DAYS, title=["No mail", "No web", "No db"]
    )
    objects = ['[{"region": "west", "state": "down"}]', '[{"region": "east", "state": "up"}]', ""]
    assert "severity" not in matched(id=IDS, start=DAYS, impact=objects)


def test_branches_and_what_a_run_came_from_are_no_environments():
    columns = {"id": IDS, "started_at": DAYS}
    assert "environment" not in matched("changes", **columns, target=["main", "main", "main"])
    assert "environment" not in matched(
        "changes", **columns, target__source=["", "", "x"], **{"target.source": ["x"] * 3}
    )
    said = matched("changes", **columns, target=["main"] * 3, deploy_to=["production", "", ""])
    assert said["environment"] == "deploy_to"


def test_numbers_of_repositories_name_no_service_and_a_page_comes_before_the_interface():
    columns = {"id": IDS, "started_at": DAYS}
    assert "services" not in matched("changes", **columns, repo_id=["296", "297", "296"])
    links = [f"https://ci.example/{id}" for id in IDS]
    assert matched("changes", **columns, url=links, web_url=links)["url"] == "web_url"
    assert matched("changes", **columns, url=links)["url"] == "url"
    assert "author" not in matched("changes", **columns, **{"job.group": ["ship", "ops", "ship"]})


def test_a_change_may_begin_and_end():
    found = matched("changes", id=IDS, Resolved=LATER, Change__start__date=DAYS, Change__completion__date=LATER)
    assert (found["started_at"], found["finished_at"]) == ("Change start date", "Change completion date")
    found = matched("changes", id=IDS, Tatsächlicher__Beginn=DAYS, Tatsächliches__Ende=LATER, Geplanter__Beginn=DAYS)
    assert (found["started_at"], found["finished_at"]) == ("Tatsächlicher Beginn", "Tatsächliches Ende")
    assert matched("changes", id=IDS, started_at=DAYS, ok=["yes", "no", "yes"])["status"] == "ok"


def test_the_last_of_several_is_no_start_and_a_plan_no_reason():
    found = matched(alert_id=IDS, first_occurrence=DAYS, last_occurrence=LATER)
    assert found["started_at"] == "first_occurrence"
    refused = fit(id=IDS, SLA=["for 50", "for 20", "none"], alpha=DAYS, beta=LATER).refused
    assert refused["started_at"].startswith("it has to be said which of 'alpha', 'beta' is the start")


def test_days_and_times_that_were_reported_and_edges_of_a_graph_of_objects():
    days, clocks = ["05/01/2024", "17/01/2024", "29/02/2024"], ["09:15", "14:20", "08:05"]
    found = matched(
        **{"Ref No": IDS, "Date Reported": days, "Time Reported": clocks, "Summary": ["No mail", "No web", "No db"]}
    )
    assert (found["started_at"], found["started_at_clock"]) == ("Date Reported", "Time Reported")
    assert matched(id=IDS, start=DAYS, **{"services.edges": ["web", "db", "web"]})["services"] == "services.edges"


def test_changes_that_have_no_result_yet_are_asked_about():
    columns = {"id": IDS, "started_at": DAYS, "state": ["Closed", "New", "Closed"]}
    found = fit("changes", **columns, close_code=["Successful", "", "Unsuccessful"])
    assert found.columns["status"].value == "close_code"
    asked = (
        "1 row of 'New' or the like in 'state' and without a result: read as made; leave out what was not, under only"
    )
    assert found.questions == (asked,)
    assert fit("changes", **columns, close_code=["Successful", "Cancelled", "Failed"]).questions == ()


def test_versions_links_and_files_of_a_part_are_no_clock_text_or_path_of_a_release():
    links = [f"https://example.org/notes/{n}" for n in IDS]
    columns = {"id": IDS, "release_date": DAYS, "sdk.version": ["17.12", "17.13", "17.14"], "release-notes": links}
    columns |= {"sdk.files": ["a.zip", "b.zip", "c.zip"], "commit.files": ["a.py", "b.py", "c.py"]}
    assert matched("changes", **columns) == {"change_id": "id", "started_at": "release_date", "paths": "commit.files"}


def test_a_state_that_hardly_a_change_has_is_none_of_the_log():
    rows = {"id": IDS, "when": DAYS, "approval_status": ["pending", "", ""]}
    assert "status" not in matched("changes", **rows)
    assert matched("changes", **{**rows, "approval_status": ["pending", "done", ""]})["status"] == "approval_status"


def test_a_log_of_changes_by_its_name_needs_no_words_for_a_made_id():
    frame = pd.DataFrame({"timestamp": DAYS, "state": ["ok", "ok", "failed"], "what": IDS}).assign(what="x")
    cells = column_matching.cells_of(frame)
    assert column_matching.fit("changes", cells, "deployment_log.csv").id_from == ("timestamp", "what")
    assert column_matching.fit("changes", cells, "log.csv").id_from == ()


def test_records_inside_cells_are_asked_about(tmp_path, put):
    inner = json.dumps(
        {"id": "P1", "title": "Slow", "created_at": "2024-03-05T09:00:00Z", "status": "open", "urgency": "low"}
    )
    cell = inner.replace('"', '""')
    rows = "".join(f'{n},2024-03-0{n} 09:00,"{cell}"\n' for n in (5, 6))
    made = create_dataset(tmp_path / "m", put(raw_incidents__csv=f"id,created_at,data\n{rows}"))
    asked = [q for q in made.draft.sections["incidents"].questions if q.startswith("'data' holds records as JSON")]
    assert len(asked) == 1


def test_the_label_of_a_grade_says_more_than_its_id_and_a_drill_is_none(tmp_path, put):
    record = {"incidentID": "1", "title": "Slow", "severityID": "s1", "severityLabel": "Critical", "isDrill": False}
    record |= {"incidentStart": "2024-03-05T09:00:00Z", "status": {"human": "Fixed", "value": 4}}
    records = [record, record | {"incidentID": "2", "isDrill": True}]
    made = create_dataset(tmp_path / "m", put(incidents__json=json.dumps(records))).dataset.incidents
    assert made[["incident_id", "severity", "status"]].to_numpy().tolist() == [["1", "Critical", "resolved"]]


def test_what_a_flag_calls_planned_is_left_out(tmp_path, put):
    rows = "a,2024-03-05 09:00,N\nb,2024-03-06 09:00,Y\nc,2024-03-07 09:00,N\n"
    made = create_dataset(tmp_path / "m", put(outages__csv=f"INCIDENT_REF,began,PLANNED_FLAG\n{rows}"))
    assert made.dataset.incidents["incident_id"].tolist() == ["a", "c"]


def test_a_column_of_classes_may_say_that_rows_are_incidents(tmp_path, put):
    rows = [{"id": str(n), "startDate": f"2024-03-0{n}T09:00:00Z", "eventType": "OUTAGE"} for n in (1, 2)]
    made = create_dataset(tmp_path / "m", put(annotations__json=json.dumps(rows)))
    assert len(made.dataset.incidents) == 2


def test_the_state_of_what_an_incident_depends_on_is_none_of_its_own(tmp_path, put):
    record = {
        "id": "i1",
        "title": "Slow",
        "started_at": "2024-03-05T09:00:00Z",
        "dependencies": {"bank": {"status": "degraded"}},
    }
    made = create_dataset(tmp_path / "m", put(incidents__json=json.dumps([record, record | {"id": "i2"}])))
    assert made.dataset.incidents["status"].tolist() == ["unknown"] * 2


def test_bytes_are_no_size_of_a_change_and_stages_no_environment():
    rows = {"id": IDS, "date": DAYS, "size": ["1032892416", "520026112", "1353945088"]}
    rows |= {"stages.stage": ["Build; Deploy to prod"] * 3, "lastModifiedBy.url": ["https://example.org/u/1"] * 3}
    assert matched("changes", **rows) == {"change_id": "id", "started_at": "date"}
    assert matched("changes", **{**rows, "size": ["12", "400", "7"]})["size"] == "size"


def test_the_next_run_is_no_id():
    rows = {"name": ["a", "b", "c"], "next_run": LATER, "last_run.start": DAYS}
    assert "change_id" not in matched("changes", **rows)


def test_what_happened_is_the_kind_where_most_of_its_words_are_kinds():
    rows = {"id": IDS, "when": DAYS, "event": ["deploy", "config", "verify"]}
    assert matched("changes", **rows)["kind"] == "event"
    assert "kind" not in matched("changes", **{**rows, "event": ["push", "schedule", "workflow_dispatch"]})


def test_names_of_environments_are_one_under_any_name_but_that_of_a_branch():
    rows = {"id": IDS, "when": DAYS, "server_name": ["production", "staging", "production"]}
    assert matched("changes", **rows)["environment"] == "server_name"
    renamed = {**rows, "branch": rows["server_name"]}
    del renamed["server_name"]
    assert "environment" not in matched("changes", **renamed)


def test_whether_it_went_well_counts_over_a_state_that_says_that_it_is_over():
    rows = {"id": IDS, "when": DAYS, "status": ["resolved", "closed", "closed"], "success": ["true", "true", "false"]}
    assert matched("changes", **rows)["status"] == "success"


def test_the_link_of_its_commit_is_not_that_of_a_build():
    links = {
        "commit.url": [f"https://example.org/c/{n}" for n in IDS],
        "html_url": [f"https://example.org/b/{n}" for n in IDS],
    }
    assert matched("changes", id=IDS, when=DAYS, **links)["url"] == "html_url"


def test_numbers_name_no_repository_and_nobody_who_has_a_login_as_well():
    rows = {"id": IDS, "when": DAYS, "repo_id": ["2", "2", "3"], "created_by.id": ["1", "1", "4"]}
    assert matched("changes", **rows, **{"created_by.login": ["ann", "ann", "ben"]}) == {
        "change_id": "id", "started_at": "when", "author": "created_by.login",
    }  # fmt: skip


def test_a_release_is_made_when_it_is_published():
    assert matched("changes", tag_name=IDS, created_at=DAYS, published_at=LATER)["started_at"] == "published_at"
    assert matched("incidents", id=IDS, created_at=DAYS, published_at=LATER)["started_at"] == "created_at"


def test_no_id_is_made_where_hardly_a_row_has_a_start_or_words():
    rows = {"deploy": IDS * 2, "message": ["", "", "", "", "", "x"], "when": [*DAYS, *LATER]}
    cells = column_matching.cells_of(pd.DataFrame(rows).rename(columns={"deploy": "x"}))
    assert column_matching.fit("changes", cells, "deploys.csv").id_from == ()
    rows |= {"message": list("abcdef"), "when": ["", "", "", "", *DAYS[:2]]}
    cells = column_matching.cells_of(pd.DataFrame(rows).rename(columns={"deploy": "x"}))
    assert column_matching.fit("changes", cells, "deploys.csv").id_from == ()


def test_of_what_was_before_and_what_came_after_the_latter_was_deployed():
    words = {
        "from_version.message": ["cart 1", "cart 2", "cart 3"],
        "to_version.message": ["cart 2", "cart 3", "cart 4"],
    }
    assert matched("changes", id=IDS, when=DAYS, **words)["title"] == "to_version.message"
    alone = {"from_version.message": ["cart 1", "cart 2", "cart 3"]}
    assert matched("changes", id=IDS, when=DAYS, **alone)["title"] == "from_version.message"


def test_what_is_a_part_of_a_person_is_no_service_and_no_link():
    people = {"dismissed_by.node_id": ["ab1", "ab2", "ab1"], "dismissed_by.url": ["https://x.example/u/1"] * 3}
    found = matched(id=IDS, created_at=DAYS, **people)
    assert not {"services", "url"} & set(found)


def test_ids_say_whether_rows_are_changes_or_incidents():
    for ids, wins, loses in (("CHG", "changes", "incidents"), ("INC", "incidents", "changes")):
        rows = {"ticket": [f"{ids}-{n}" for n in range(3)], "start": DAYS, "system": ["a", "b", "a"]}
        assert fit(wins, **rows).score("q3.csv") > fit(loses, **rows).score("q3.csv"), ids


def test_totals_at_the_end_are_no_rows():
    found = matched(Nr=["1", "2", "3", "Total", "Average"], Start=[*DAYS, "3", "1"], End=[*LATER, "", ""])
    assert (found["started_at"], found["resolved_at"]) == ("Start", "End")
    assert "started_at" not in matched(Nr=["1", "2", "3", "Toto", "Averages of it"], Start=[*DAYS, "3", "1"])


def test_the_ends_of_some_rows_may_be_words_for_none():
    found = matched(id=IDS, start=DAYS, end=["2024-03-08", "ongoing", "TBD"])
    assert found["resolved_at"] == "end"


def test_why_it_failed_is_no_title():
    found = matched(
        "changes",
        id=IDS,
        createdAt=DAYS,
        gitCommitMessage=["Fix a", "Fix b", "Fix c"],
        **{"error.message": ["x y", "z", "y x"]},
    )
    assert found["title"] == "gitCommitMessage"


def test_results_of_runs_are_changes_whatever_else_they_have():
    rows = {
        "id": IDS,
        "start_date": DAYS,
        "finish_date": LATER,
        "priority": ["NORMAL"] * 3,
        "status": ["SUCCESSFUL", "FAILED"] * 1 + ["FAILED"],
    }
    as_table = {
        table: fit(table, **rows, **{"branch.name": IDS}).score("page-1.json") for table in ("incidents", "changes")
    }
    assert as_table["changes"] > as_table["incidents"]


def test_rows_that_say_who_did_what_are_changes():
    rows = {
        "id": IDS,
        "timestamp": DAYS,
        "actor": ["a", "b", "a"],
        "action": ["drop", "write", "drop"],
        "details.severity": ["low"] * 3,
    }
    as_table = {table: fit(table, **rows).score("2024-03-05.jsonl") for table in ("incidents", "changes")}
    assert as_table["changes"] > as_table["incidents"]


def test_a_run_of_a_pipeline_is_no_service_and_a_page_is_the_link():
    found = matched(
        "changes",
        id=IDS,
        pipeline_id=["p:1", "p:1", "p:2"],
        start=DAYS,
        **{"pull.url": ["a/b"] * 3, "pull.html_url": ["c/d"] * 3},
    )
    assert "services" not in found and found["url"] == "pull.html_url"


def test_the_machine_that_ran_it_says_neither_what_it_was_nor_how_it_went():
    agent = {"agent.status": ["offline", "online", "offline"], "agent.osDescription": ["Linux 6", "Linux 5", "Linux 4"]}
    found = matched("changes", jobId=IDS, startTime=DAYS, result=["failed", "succeeded", "failed"], **agent)
    assert found["status"] == "result" and "title" not in found


def test_an_end_that_mostly_lies_before_the_start_is_said_not_to_be_read():
    found = fit("changes", id=IDS, started_at=LATER, ended_at=DAYS)
    assert "finished_at" not in found.columns
    assert (
        "'ended_at' is not read as the end: most lie before 'started_at', which may be something else"
        in found.questions
    )


def test_a_git_ref_is_no_id_and_the_deployment_s_own_id_comes_first():
    refs = {"ref.name": ["v1", "v2", "v3"], "commit.sha": ["aa11", "aa11", "bb22"]}
    assert (
        matched("changes", createdAt=DAYS, message=["Fix a", "Fix b", "Fix c"], **refs).get("change_id") != "ref.name"
    )
    assert (
        matched("changes", commit=["aa11", "bb22", "cc33"], deployment_uuid=IDS, created_at=DAYS)["change_id"]
        == "deployment_uuid"
    )


def test_where_a_pipeline_came_from_is_no_service_and_checks_of_a_commit_are_no_state():
    rows = {"build_id": IDS, "build_started_at": DAYS, "build_status": ["success", "failed", "success"]}
    other = {"pipeline.source": ["push", "push", "web"], "commit.status": ["running"] * 3}
    found = matched("changes", **rows, **other)
    assert "services" not in found and found["status"] == "build_status"


def test_records_in_cells_over_several_lines_are_asked_about():
    data = ['{\n "id": 1,\n "a": 2, "b": 3, "c": 4\n}'] * 3
    assert any(
        "'data' holds records as JSON" in asked
        for asked in fit("changes", id=IDS, created_at=DAYS, data=data).questions
    )


def test_a_part_that_few_records_have_is_called_so_by_chance():
    days = [f"2024-03-{n:02d}" for n in range(1, 11)]
    parts = {"properties.GroupId": ["sg-1", *[""] * 9], "properties.Cluster": ["development", *[""] * 9]}
    found = matched("changes", event_id=[f"e{n}" for n in range(10)], timestamp=days, **parts)
    assert not {"author", "environment"} & found.keys()
    owners = {"application.owner.name": ["acme"] * 3, "user.name": ["Kim", "Lou", "Kim"]}
    assert matched("changes", id=IDS, startedAt=DAYS, **owners)["author"] == "user.name"


def test_the_tool_of_a_part_is_no_service_next_to_the_name_of_the_part():
    rows = {
        "id": ["1", "2"],
        "opened_at": ["2024-03-05T10:00", "2024-03-06T10:00"],
        "entity.product": ["Apm", "Infra"],
        "entity.name": ["shop", "db"],
    }
    found = column_matching.fit("incidents", column_matching.cells_of(pd.DataFrame(rows)), "violations.json")
    assert found.columns["services"].value == "entity.name"


def test_until_when_a_version_was_supported_is_not_the_end_of_its_release():
    found = fit("changes", version=["v1", "v2", "v3"], start=DAYS, end=[day.replace("2024", "2027") for day in DAYS])
    assert "finished_at" not in found.columns
    assert any(
        "'end' is not read as the end: half of them lie 1,095 d and more after 'start'" in q for q in found.questions
    )


def test_a_version_that_is_the_name_is_the_title_where_few_are_described():
    found = matched("changes", id=IDS, name=["1.2.0", "1.3.0", "2.0.0"], description=["Tax", "", ""], releaseDate=DAYS)
    assert found["title"] == "name" and found["description"] == "description"


def test_the_id_of_what_was_hit_is_no_environment_and_a_comment_is_a_title():
    found = matched(
        "changes", id=IDS, created=DAYS, target_id=["web", "db", "web"], comment=["Tax", "Tips", "Tea time"]
    )
    assert "environment" not in found and found["title"] == "comment"


def test_of_a_map_of_services_the_key_is_the_service_and_not_what_needs_it():
    lists = {"id": ["pay", "web"], "dependencies": ["db", "pay"], "dependents": ["web; shop", "shop"]}
    assert matched("dependencies", **lists) == {"service": "id", "depends_on": "dependencies"}


def test_when_a_version_was_uploaded_is_when_it_was_released_and_the_owner_of_its_source_is_no_author():
    found = matched(
        "changes", id=IDS, version=["1", "2", "3"], uploaded_at=DAYS, **{"source.config.owner": ["acme"] * 3}
    )
    assert found["started_at"] == "uploaded_at" and "author" not in found
    assert "started_at" not in matched("incidents", id=IDS, title=["a b", "c d", "e f"], uploaded_at=DAYS)


def test_equipment_in_other_languages_is_the_service_and_clocks_of_ends_belong_to_their_days():
    found = matched(管理番号=IDS, 発生日時=DAYS, 設備コード=["C-1", "C-2", "C-1"], 現象=["異音", "漏れ", "停止"])
    assert (found["services"], found["title"]) == ("設備コード", "現象")
    assert matched(Codice=IDS, Data_apertura=DAYS, Impianto=["A", "B", "A"])["services"] == "Impianto"
    days = ["2024-03-05", "2024-03-06", "2024-03-07"]
    clocks = {"Hora aviso": ["08:30", "09:10", "23:00"], "Hora resolución": ["10:00", "11:00", "01:00"]}
    found = matched(no=IDS, **{"Fecha aviso": days, "Fecha resolución": days}, **clocks)
    assert (found["started_at_clock"], found["resolved_at_clock"]) == ("Hora aviso", "Hora resolución")


def test_records_in_the_cells_of_a_column_are_asked_about_however_many_columns_stand_beside():
    held = [json.dumps({"uuid": n, "state": "on", "at": "2024", "by": "a", "to": {"name": [1, {"b": 2}]}}) for n in IDS]
    beside = {f"note{n}": ["a b", "c d", "e f"] for n in range(8)}
    found = fit("changes", id=IDS, created=DAYS, data=held, **beside)
    assert any(one.startswith("'data' holds records as JSON") for one in found.questions)
    log = fit(
        "incidents", id=IDS, created=DAYS, caller=held, title=["a b", "c d", "e f"], status=["open"] * 3, **beside
    )
    assert not any("holds records as JSON" in one for one in log.questions)  # what a log says beside itself


def test_when_it_was_released_counts_before_a_bare_time_and_a_link_before_the_id_of_a_repository():
    found = matched("changes", id=IDS, time=LATER, releaseTime=DAYS)
    assert found["started_at"] == "releaseTime"
    links = [f"https://git.example/acme/{name}" for name in ("till", "shop", "till")]
    found = matched("changes", id=IDS, start=DAYS, repo_id=["git:1", "git:2", "git:1"], repo_url=links)
    assert found["repository"] == "repo_url"


def test_who_wrote_the_commit_is_the_author():
    assert matched("changes", commit_sha=IDS, authored_date=DAYS, commit_author_name=["Ann", "Bo", "Ann"])[
        "author"
    ] == ("commit_author_name")


def test_the_worst_grade_comes_before_that_of_now():
    for worst, now in (("max_severity", "current_severity"), ("peak severity", "latest severity")):
        frame = pd.DataFrame(
            {"id": ["1", "2"], "start": ["2024-03-05", "2024-03-06"], now: ["ok", "ok"], worst: ["down", "slow"]}
        )
        fit = column_matching.fit("incidents", column_matching.cells_of(frame), "incidents.csv")
        assert fit.columns["severity"].value == worst


def test_an_empty_column_is_no_title_for_a_likeness_and_a_row_of_units_hides_no_id():
    rows = {
        "variables": ["Units", "", ""],
        "OBS": ["", "1", "2"],
        "failure_type": [""] * 3,
        "start": ["day", "2024-03-05", "2024-03-06"],
    }
    cells = column_matching.cells_of(pd.DataFrame(rows))
    fit = column_matching.fit("incidents", cells, "outages.csv")
    assert fit.columns["incident_id"].value == "OBS" and "title" not in fit.columns
