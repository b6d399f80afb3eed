"""The words of a log: separators and grades of severity."""

from __future__ import annotations

import pandas as pd
import pytest

from aftershock.wizard import vocabulary


def test_kinds_in_other_scripts_are_known():
    known, unknown = vocabulary.kinds(pd.Series(["发布", "配置", "扩缩容", "索引", "别的"]))
    assert known == {
        "发布": "deploy",
        "配置": "config",
        "扩缩容": "infrastructure",
        "索引": "database",
    } and unknown == ["别的"]


def test_several_services_in_a_cell_and_grades_in_order():
    assert vocabulary.separator(pd.Series(["web, db", "web", "db"])).value == ","
    assert vocabulary.separator(pd.Series(["a/b", "x y"])) is None
    for grades, ordered in (
        (["low", "critical", "high"], ["critical", "high", "low"]),
        (["3 - Low", "1 - High"], ["1 - High", "3 - Low"]),
        (["b", "a"], ["a", "b"]),
    ):
        assert vocabulary.severity_order(pd.Series(grades))[0] == ordered


def test_the_types_of_a_tracker_tell_incidents_from_other_work():
    cells = {"id": pd.Series(["1", "2", "3"]), "Ticket type": pd.Series(["Incident", "Service request", "Incident"])}
    assert vocabulary.record_types(cells) == ("Ticket type", ["Incident"], ["Service request"])
    cells["Ticket type"] = pd.Series(["Story", "Bug", "Story"])
    assert vocabulary.record_types(cells) == ("Ticket type", [], ["Story", "Bug"])
    cells["Ticket type"] = pd.Series(["Scheduled", "Unscheduled", "Scheduled"])
    assert vocabulary.record_types(cells) == ("Ticket type", ["Unscheduled"], ["Scheduled"])
    objects = pd.Series(["{'id': 1, 'name': 'Incident'}", "{'id': 2, 'name': 'Question'}"] * 2)
    assert vocabulary.record_types({"type": objects}) is None
    assert vocabulary.record_types({"Class": pd.Series(["SCHEDULED"])}) == ("Class", [], ["SCHEDULED"])
    cells["Ticket type"] = pd.Series(["Hardware", "Software", "Hardware"])
    assert vocabulary.record_types(cells) is None
    cells["Ticket type"] = pd.Series(["Incident", "Incident", ""])
    assert vocabulary.record_types(cells) is None


def test_a_column_of_any_name_sorts_rows_into_incidents_and_other_work_by_its_words():
    cells = pd.Series(["Incident", "Information request", "Incident"])
    assert vocabulary.record_types({"Queue": pd.Series(["incident", "request for help", "change", "incident"])}) == (
        "Queue",
        ["incident"],
        ["request for help", "change"],
    )
    assert vocabulary.record_types({"Queue": pd.Series(["incident", "hardware"])}) is None
    assert vocabulary.record_types({"Queue": cells}) == ("Queue", ["Incident"], ["Information request"])


def test_what_was_planned_is_told_by_words_or_by_yes_and_no():
    words = {"Planned/Unplanned": pd.Series(["Unplanned", "Planned", "Unplanned"])}
    assert vocabulary.record_types(words) == ("Planned/Unplanned", ["Unplanned"], ["Planned"])
    assert vocabulary.record_types({"Planned?": pd.Series(["No", "Yes", "No"])}) == ("Planned?", ["No"], ["Yes"])
    assert vocabulary.record_types({"Planned?": pd.Series(["No", "No"])}) is None
    assert vocabulary.record_types({"induced": pd.Series(["true", ""])}) == ("induced", [""], ["true"])
    assert vocabulary.record_types({"is_pr": pd.Series(["true", "false"])}) == ("is_pr", ["false"], ["true"])
    assert vocabulary.record_types({"Reproduced": pd.Series(["No", "Yes"])}) is None


def test_upkeep_as_a_grade_is_no_incident():
    graded = {"impact": pd.Series(["minor", "maintenance", ""])}
    assert vocabulary.record_types(graded) == ("impact", ["minor", ""], ["maintenance"])
    assert vocabulary.record_types({"severity": pd.Series(["notice", "maintenance mode left on"])}) is None


def test_states_of_a_monitor_in_numbers_and_in_sentences():
    numbered = {"state": pd.Series(["2", "0", "1"])}
    assert vocabulary.recoveries(numbered) == ("state", [], ["2", "0", "1"])
    assert vocabulary.recoveries({"priority": numbered["state"]}) is None
    assert vocabulary.recoveries({"status": pd.Series(["1", "0", "err"])}) == ("status", [], ["1", "0", "err"])
    assert vocabulary.recoveries({"ok": pd.Series(["true", "false"])}) == ("ok", ["false"], ["true"])
    assert vocabulary.recoveries({"paid": pd.Series(["true", "false"])}) is None
    steps = pd.Series(["Alarm updated from OK to ALARM", "Alarm updated from ALARM to OK"])
    assert vocabulary.recoveries({"summary": steps}) == ("summary", [steps[0]], [steps[1]])
    assert vocabulary.recoveries({"State": pd.Series(["CRITICAL (CRIT)", "OK (OK)"])})[2] == ["OK (OK)"]
    watched = pd.Series(["Up", "Down", "Started", "Paused"])
    assert vocabulary.recoveries({"Event": watched}) == ("Event", ["Down"], ["Up", "Started", "Paused"])


def test_runs_of_several_workflows_are_asked_about_and_states_that_most_changes_never_passed():
    runs = {
        "event": pd.Series(["push", "push"]),
        "conclusion": pd.Series(["success"] * 2),
        "name": pd.Series(["Test", "Ship"]),
    }
    assert vocabulary.workflows(runs) == ("name", ["Test", "Ship"])
    assert vocabulary.workflows({"name": runs["name"]}) == ("", [])
    said = "most changes are read as never made, such as 2 that are 'created', a word"
    assert vocabulary.mostly_never(pd.Series(["created", "created", "done"])) == said
    assert vocabulary.mostly_never(pd.Series(["created", "done", "done"])) == ""


def test_yes_and_no_mean_what_the_name_of_their_column_asks():
    over, still = (pd.Series(["True", "False", ""], name=name) for name in ("is_resolved", "fields.Open"))
    assert vocabulary.states(over) == ({"True": "resolved", "False": "open"}, [])
    assert vocabulary.states(still) == ({"True": "open", "False": "resolved"}, [])
    assert vocabulary.states(over.rename("breached")) == ({}, ["True", "False"])
    assert vocabulary.states(pd.Series(["yes", "later"], name="resolved")) == ({}, ["yes", "later"])


def test_runs_for_requests_to_merge_are_told_from_others():
    set_off_by = pd.Series(["push", "pull_request", "schedule"])
    assert vocabulary.requests({"triggering_event": set_off_by}) == (
        "triggering_event",
        ["push", "schedule"],
        ["pull_request"],
    )
    assert vocabulary.requests({"message": set_off_by}) is None
    assert vocabulary.requests({"event": pd.Series(["push", "schedule"])}) is None


def test_tests_are_no_incidents_and_short_names_between_commas_may_be_several():
    assert vocabulary.record_types({"Kind": pd.Series(["normal", "test", "Drill"])}) == (
        "Kind",
        ["normal"],
        ["test", "Drill"],
    )
    assert vocabulary.perhaps_lists(pd.Series(["shop", "search, catalog"])) == ["search, catalog"]
    assert vocabulary.perhaps_lists(pd.Series(["shop", "Search & Replace"])) == []


def test_what_was_planned_may_be_told_by_a_grade():
    grades = pd.Series(["Emergency", "Planned", "planned outage"])
    found = vocabulary.record_types({"severity": grades})
    assert found == ("severity", ["Emergency"], ["Planned", "planned outage"])


def test_issues_that_are_requests_to_merge_are_left_out_of_an_export_of_issues_alone():
    issues = {"number": pd.Series(["1", "2"]), "created_at": pd.Series(["", ""])}
    links = pd.Series(["https://x.example/a/web/pull/1", ""])
    assert vocabulary.record_types(issues | {"pull_request": links}) == ("pull_request", [""], ["a pull request"])
    assert vocabulary.record_types({"id": issues["number"], "pull_request": links}) is None


def test_titles_that_tell_of_troubles():
    assert vocabulary.tell_of_troubles(pd.Series(["[RESOLVED] Increased error rates", "Slow pages", ""]))
    assert not vocabulary.tell_of_troubles(pd.Series(["New region", "Faster pages", "Slow pages"]))


def test_labels_that_call_some_rows_incidents():
    labels = pd.Series(["Incident, API", "Feature", ""])
    assert vocabulary.labelled({"ID": pd.Series(["1", "2", "3"]), "Labels": labels}) == ("Labels", ["Incident, API"])
    assert vocabulary.labelled({"Title": labels}) is None
    assert vocabulary.labelled({"tags": pd.Series(["incident", "incident"])}) is None


def test_a_ticked_box_says_what_was_planned():
    assert vocabulary.record_types({"Planned?": pd.Series(["", "checked", ""])}) == ("Planned?", [""], ["checked"])


def test_yes_and_no_say_whether_a_change_went_well_or_failed():
    well, failed = pd.Series(["yes", "no"], name="ok"), pd.Series(["True", "False"], name="deployment_failed")
    assert vocabulary.change_states(well) == ({"yes": "done", "no": "failed"}, [])
    assert vocabulary.change_states(failed) == ({"True": "failed", "False": "done"}, [])
    assert vocabulary.change_states(well.rename("reviewed")) == ({}, ["yes", "no"])


def test_yes_and_no_say_whether_a_change_was_made():
    cells = pd.Series(["yes", "no"], name="released")
    assert vocabulary.change_states(cells) == ({"yes": "done", "no": "planned"}, [])
    assert vocabulary.change_states(cells.rename("is_draft")) == ({"yes": "planned", "no": "done"}, [])


@pytest.mark.parametrize(
    ("title", "planned"),
    [
        ("Scheduled maintenance of the database", True),
        ("[Scheduled] Upgrade of MySQL", True),
        ("Planned Maintenance: network", True),
        ("Emergency network maintenance", True),
        ("Geplante Wartungsarbeiten am Wochenende", True),
        ("Maintenance on eu-1", True),
        ("Storage maintenance tonight", True),
        ("Shop - Wartung am Sonntag", True),
        ("Shop: kurze Wartung der Kasse", True),
        ("Post - Stillstand wegen Wartung", True),
        ("Abschaltung wegen kurzfristiger Wartung", True),
        ("Mail down for maintenance", True),
        ("Errors due to a failed maintenance script", False),
        ("Mantenimiento programado de la base", True),
        ("Unplanned outage of the API", False),
        ("Errors after maintenance", False),
        ("Pedido de manutenção de uma balança", False),
        ("Manutenção de ramal", False),
        ("Outage during planned failover", False),
        ("Jobs of the maintenance page fail", False),
    ],
)
def test_titles_that_say_that_work_was_planned(title, planned):
    assert ("work was planned" in vocabulary.no_incidents(pd.Series([title]))) is planned


@pytest.mark.parametrize("sign", [" & ", " und ", "、", "<br>", " + ", ";#"])
def test_other_signs_between_names_are_proved_as_a_comma_is(sign):
    found = vocabulary.separator(pd.Series([f"shop{sign}web", "shop", "web"]))
    assert found is not None and found.value == sign


def test_a_sign_behind_the_last_name_is_none_of_it():
    found = vocabulary.separator(pd.Series(["shop, web,", "shop,", "web,"]))
    assert found is not None and found.value == ","


@pytest.mark.parametrize(
    ("title", "tried"),
    [
        ("TEST - please ignore", True),
        ("[Drill] Region failover", True),
        ("Test incident from the new rule", True),
        ("This is only a test", True),
        ("Test environment is down", False),
        ("Unit tests fail - since noon", False),
        ("Drill press does not start", False),
    ],
)
def test_titles_of_tests_and_drills(title, tried):
    assert ("it was a test or a drill" in vocabulary.no_incidents(pd.Series([title]))) is tried


def test_calls_in_dutch_are_of_types():
    calls = {"callType.name": pd.Series(["Storing", "Aanvraag", "Storing"])}
    assert vocabulary.record_types(calls) == ("callType.name", ["Storing"], ["Aanvraag"])


def test_advisories_are_no_incidents_by_their_classification():
    classes = {"Classification": pd.Series(["Incident", "Advisory", "Incident"])}
    assert vocabulary.record_types(classes) == ("Classification", ["Incident"], ["Advisory"])


def test_kinds_of_trouble_are_no_types_of_records():
    kinds = pd.Series(["Power Outage", "Packet Loss", "Hardware Failure"])
    assert vocabulary.record_types({"issue_type": kinds}) is None
    types = vocabulary.record_types({"issue_type": pd.Series(["Incident", "Packet Loss"])})
    assert types == ("issue_type", ["Incident"], ["Packet Loss"])


def test_what_is_ready_next_to_states_of_a_build_went_live():
    assert vocabulary.change_states(pd.Series(["ready", "error"]))[0] == {"ready": "done"}
    assert vocabulary.change_states(pd.Series(["ready", "requested"]))[0] == {}


def test_a_feature_is_no_flag():
    assert vocabulary.kinds(pd.Series(["Feature", "Fix"]))[0] == {"Feature": "deploy", "Fix": "deploy"}


def test_an_outage_in_a_word_may_be_one_kind_of_trouble_and_is_asked_about():
    kinds = pd.Series(["Outage", "Latency", "Data loss"])
    assert vocabulary.record_types({"type": kinds}) == ("type", [], ["Outage", "Latency", "Data loss"])
    assert vocabulary.record_types({"type": pd.Series(["network_outage", "slow_internet"])}) is None
    assert vocabulary.record_types({"type": pd.Series(["Incident", "Latency"])}) == ("type", ["Incident"], ["Latency"])


def test_a_column_that_says_incident_or_request_tells_more_than_kinds_of_fault():
    faults = pd.Series(["General incident", "Disk failure", "Maintenance of a system"])
    kinds = {"incident_type": faults, "service_type": pd.Series(["Incident", "Incident", "Request"])}
    assert vocabulary.record_types(kinds) == ("service_type", ["Incident"], ["Request"])


def test_types_of_work_are_asked_about_though_one_is_called_test():
    types = {"Issue Type": pd.Series(["Bug", "Story", "Test"])}
    assert vocabulary.record_types(types) == ("Issue Type", [], ["Bug", "Story", "Test"])


def test_types_of_trackers_in_other_languages():
    types = {"Tipo de Incidencia": pd.Series(["Incidente", "Tarea"])}
    assert vocabulary.record_types(types) == ("Tipo de Incidencia", ["Incidente"], ["Tarea"])
    assert vocabulary.record_types({"Vorgangstyp": pd.Series(["Störung", "Aufgabe"])}) is not None


def test_incidents_next_to_requests_count_before_kinds_of_incident():
    columns = {
        "incident_type": pd.Series(["Disk", "Maintenance System", "Fan"]),
        "service_type": pd.Series(["Incident", "Request", "Incident"]),
    }
    assert vocabulary.record_types(columns) == ("service_type", ["Incident"], ["Request"])


def test_labels_in_one_cell_are_looked_at_one_by_one():
    cells = pd.Series(["incident,severity::1", "feature", ""])
    assert vocabulary.labelled({"Labels": cells}) == ("Labels", ["incident,severity::1"])


def test_types_in_brackets_are_types_and_those_of_a_parent_are_not():
    of_parents = pd.Series(["Epic", "Epic", "Epic"])
    own = pd.Series(["[System] Incident", "[System] Service request", "[System] Incident"])
    assert vocabulary.record_types({"fields.parent.fields.issuetype.name": of_parents, "fields.issuetype.name": own}) == (
        "fields.issuetype.name", ["[System] Incident"], ["[System] Service request"],
    )  # fmt: skip


def test_labels_of_a_cell_are_read_one_by_one():
    labels = pd.Series(["incident,severity::1,shop", "feature", ""])
    assert vocabulary.labelled({"Labels": labels}) == ("Labels", ["incident,severity::1,shop"])


def test_a_column_may_say_in_its_name_what_stands_for_yes():
    cells = pd.Series(["Y", "", "Y"], name="Solved = Y")
    assert vocabulary.answers(cells) == {"Y": "resolved"}
    assert vocabulary.answers(cells.rename("Closed (y/n)")) == {"Y": "resolved"}
    assert vocabulary.answers(cells.rename("Happy = Y")) == {}
