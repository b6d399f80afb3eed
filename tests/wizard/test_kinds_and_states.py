"""A log's own name says what kind its changes are where no column does."""

from __future__ import annotations

import pandas as pd
import pytest

from aftershock.schema.tables import TEXT
from aftershock.wizard import column_matching, kinds_and_states, vocabulary
from aftershock.wizard.create import create_dataset


@pytest.mark.parametrize(
    ("file", "id", "kind"),
    [
        ("deployments.csv", "id", "deploy"),
        ("log.csv", "DeploymentId", "deploy"),
        ("config_changes.json", "change_id", "config"),
        ("feature-flags.csv", "id", "feature_flag"),
        ("changes.csv", "release_id", "deploy"),
        ("maintenance-2024.csv", "id", "infrastructure"),
        ("wartungen.csv", "Nr", "infrastructure"),
        ("メンテナンス.csv", "No", "infrastructure"),
        ("manutenzioni.csv", "id", "infrastructure"),
    ],
)
def test_a_list_of_deployments_holds_deployments(file, id, kind):
    assert kinds_and_states.of_file(file, id).value == kind
    assert kinds_and_states.of_file("log.csv", "id", "released_at").value == "deploy"


@pytest.mark.parametrize("file", ["changes.csv", "commits.csv", "flagship.csv", "configuration_items.csv"])
def test_other_names_say_nothing(file):
    assert kinds_and_states.of_file(file, "id") is None


def fitted(**columns: list[str]) -> dict[str, str]:
    frame = pd.DataFrame({name.replace("__", "."): cells for name, cells in columns.items()}, dtype=TEXT)
    return {c: g.value for c, g in column_matching.fit("changes", column_matching.cells_of(frame)).columns.items()}


def test_the_state_of_a_person_is_none_of_a_change_nor_is_the_owner_of_a_repository_its_author():
    found = fitted(
        change_id=["1", "2"],
        timestamp=["2024-03-05T09:00:00Z", "2024-03-06T09:00:00Z"],
        employment_status=["Active", "Terminated"],
        repository__owner=["acme", "acme"],
        request__user=["ana", "ben"],
    )
    assert "status" not in found and found["author"] == "request.user"


@pytest.mark.parametrize("whose", ["pusher", "sender", "account"])
def test_the_type_of_who_did_it_is_no_kind(whose):
    found = fitted(
        id=["1", "2"],
        created_at=["2024-03-05T09:00:00Z", "2024-03-06T09:00:00Z"],
        status=["built", "errored"],
        **{f"{whose}__type": ["Organization", "User"]},
    )
    assert "kind" not in found


def test_whether_a_request_was_merged_says_how_it_ended_and_whether_it_is_a_draft_does_not():
    columns = {
        "id": ["1", "2"],
        "created_at": ["2024-03-05T09:00:00Z", "2024-03-06T09:00:00Z"],
        "state": ["closed", "closed"],
        "draft": ["false", "false"],
    }
    assert fitted(**columns)["status"] == "state"
    assert fitted(**columns, merged=["true", "false"])["status"] == "merged"


def test_changes_whose_ids_are_versions_are_releases():
    assert kinds_and_states.of_ids(pd.Series(["v1.20.3", "1.21.0-rc.1"])).value == "deploy"
    for ids in (["v1.20.3", "r4"], ["1.20.3"], ["10.2", "10.3"]):
        assert kinds_and_states.of_ids(pd.Series(ids)) is None, ids


@pytest.mark.parametrize(
    ("states", "column", "results", "status"),
    [
        (["DONE", "DONE", *["IN_PROGRESS"] * 3], "result", ["SUCCESS", "FAILURE"], "result"),
        (["Closed", "Closed", "New", "Scheduled", "Assess"], "close_code", ["Successful", "Unsuccessful"], "state"),
    ],
    ids=["the others go on", "the others never were"],
)
def test_results_of_a_few_say_how_these_ended_unless_the_states_of_others_say_that_they_never_were(
    states, column, results, status
):
    when = ["2024-03-05T09:00:00Z"] * 5
    found = fitted(change_id=list("abcde"), started_at=when, state=states, **{column: [*results, "", "", ""]})
    assert found["status"] == status


ROWS = {"change_id": ["1", "2", "3"], "started_at": ["2024-03-05 10:00", "2024-03-06 10:00", "2024-03-07 11:00"]}


@pytest.mark.parametrize(
    ("name", "column"),
    [("deployed", "status"), ("cancelled", "status"), ("Was rejected", "status"), ("production", "environment"), ("is_prod", "environment"), ("urgency", "")],
)  # fmt: skip
def test_a_yes_or_no_says_whether_it_was_made_or_where(name, column):
    found = fitted(**ROWS, **{name: ["yes", "no", "yes"]})
    assert [c for c, named in found.items() if named == name] == ([column] if column else [])


def test_what_was_called_off_never_took_effect():
    cells = pd.Series(["true", "false"], name="cancelled")
    assert vocabulary.change_states(cells) == ({"true": "cancelled", "false": "done"}, [])


def test_kinds_that_nobody_knows_are_none_where_the_file_says_that_all_are_releases():
    frame = pd.DataFrame(
        {"version": ["1.0", "2.0"], "category": ["Final", "Beta"], "date": ["2024-03-05", "2024-03-06"]}
    )
    cells = column_matching.cells_of(frame)
    assert "kind" not in column_matching.fit("changes", cells, "releases.csv").columns
    assert column_matching.fit("changes", cells, "list.csv").columns["kind"].value == "category"


def test_a_status_whose_words_are_grades_is_the_severity(tmp_path, put):
    rows = "id,created_at,status,isResolved\n1,2024-03-05,major,true\n2,2024-03-06,minor,false\n"
    made = create_dataset(tmp_path / "m", put(incidents__csv=rows)).dataset.incidents
    assert (made["severity"].tolist(), made["status"].tolist()) == (["major", "minor"], ["resolved", "open"])
    made = create_dataset(tmp_path / "n", put(incidents__csv=rows.replace("minor", "open"))).dataset.incidents
    assert made["severity"].tolist() == ["", ""]


def test_of_two_states_of_a_step_the_new_one_is_the_state_and_steps_are_no_changes(tmp_path, put):
    rows = "key,from_date,to_date,from_status,to_status,release\n" + "".join(
        f"T-{n},2024-03-0{n} 0{h}:00,2024-03-0{n} 0{h + 1}:00,{old},{new},7\n"
        for n in (1, 2, 3)
        for h, old, new in ((1, "Open", "In Progress"), (2, "In Progress", "Resolved"))
    )
    section = create_dataset(tmp_path / "m", put(steps__csv=rows)).draft.sections["incidents"]
    assert next(guess.value for guess in section.guesses if guess.what == "status") == "to_status"


def drafted(folder, rows: str):
    (folder / "outages.csv").write_text(rows)
    created = create_dataset(folder, [])
    return created.dataset.incidents, {guess.what: guess.value for guess in created.draft.sections["incidents"].guesses}


def test_what_was_down_and_has_an_end_is_over(tmp_path):
    rows = "id,start,end,host,status\n1,2024-03-05 09:00,2024-03-05 10:00,mail,Down\n2,2024-03-07 09:00,2024-03-07 11:00,maps,Down\n"
    _, found = drafted(tmp_path, rows)
    assert found["statuses"] == "Down = resolved"
    (tmp_path / "open").mkdir()
    assert "statuses" not in drafted(tmp_path / "open", rows.replace("2024-03-07 11:00", ""))[1]


def test_grades_of_alerts_are_the_severity_whatever_their_column_is_called(tmp_path):
    rows = "id,start,end,host,kind of it\n1,2024-03-05 09:00,2024-03-05 10:00,mail,WARNING\n2,2024-03-07 09:00,,maps,CRITICAL\n"
    incidents, found = drafted(tmp_path, rows)
    assert found["severity"] == "kind of it" and incidents["severity"].tolist() == ["WARNING", "CRITICAL"]
    (tmp_path / "other").mkdir()
    other = rows.replace("WARNING", "low").replace("CRITICAL", "high")
    assert "severity" not in drafted(tmp_path / "other", other)[1]


def test_a_bug_that_was_verified_after_it_was_resolved_is_over():
    assert vocabulary.states(pd.Series(["NEW", "RESOLVED", "VERIFIED"])) == ({"VERIFIED": "resolved"}, [])
    assert vocabulary.states(pd.Series(["new", "verified"])) == ({}, ["verified"])


def test_the_state_of_a_project_is_none_of_what_was_pushed_to_it():
    days = ["2024-03-05", "2024-03-06", "2024-03-07"]
    frame = pd.DataFrame({"pushId": ["21", "20", "19"], "date": days, "repository.project.state": "wellFormed"})
    assert "status" not in column_matching.fit("changes", column_matching.cells_of(frame)).columns
    own = column_matching.cells_of(frame.assign(state="done"))
    assert column_matching.fit("changes", own).columns["status"].value == "state"
