"""Which files of a folder are logs, and which lie beside them."""

from __future__ import annotations

import json

import pytest

from aftershock.dataset.loading import load
from aftershock.wizard import inputs
from aftershock.wizard.create import create_dataset

INCIDENTS = "incident_id,started_at,severity,title\n1,2024-03-05 12:30,high,Shop down\n2,2024-03-09 12:30,low,Slow\n"
RELEASES = "release_id,release_date,title\n1,2024-03-04,Shop 4.1\n2,2024-03-08,Shop 4.2\n"
REQUESTS = (
    "change_id,description,change_type,status,started_at\n1,Grow disks,Standard,Completed,2024-01-02\n"
    "2,Swap fans,Normal,Completed,2024-01-09\n"
)
ORDERS = "order_id,order_ts,status\nO-1,2024-03-05 12:30,completed\nO-2,2024-03-06 12:30,processing\n"


def _made(tmp_path, **files):
    folder = tmp_path / "data"
    folder.mkdir()
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text, encoding="utf-8")
    return create_dataset(folder, [])


def test_a_file_that_says_nothing_of_a_log_lies_beside_one_that_does(tmp_path):
    begun = _made(tmp_path, incidents__csv=INCIDENTS, orders__csv=ORDERS, customers__csv="customer_id,name\nC1,Acme\n")
    assert [one.path for one in begun.draft.in_order] == ["incidents.csv"]
    assert dict(begun.left) == {
        "orders.csv": "nothing in it says that its rows are incidents or changes; if they are, name the files to init, not their "
        "folder",
        "customers.csv": "no column of it holds a time at which something began",
    }


def test_files_that_are_named_are_what_they_can_be(tmp_path):
    for name, text in (("incidents.csv", INCIDENTS), ("orders.csv", ORDERS)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    begun = create_dataset(tmp_path / "m", [tmp_path / "incidents.csv", tmp_path / "orders.csv"])
    assert {one.path for one in begun.draft.in_order} == {"incidents.csv", "orders.csv"}


def test_logs_whose_rows_are_counted_from_one_are_not_the_same_and_lose_no_row(tmp_path):
    begun = _made(tmp_path, incidents__csv=INCIDENTS, release_notes__csv=RELEASES, change_requests__csv=REQUESTS)
    assert not begun.left
    changes = load(tmp_path / "data").changes
    assert sorted(changes["title"]) == ["Grow disks", "Shop 4.1", "Shop 4.2", "Swap fans"]
    made = next(one for one in begun.draft.in_order if one.path == "release_notes.csv")
    said = next(line.said for line in made.lines if line.key == "id_from")
    assert said.startswith(
        "a guess: 'release_id' has ids that change_requests.csv has for other rows; these tell the rows"
    )


def test_pages_that_share_some_rows_keep_their_ids(tmp_path):
    more = "incident_no,started_at,severity,title\n2,2024-03-09 12:30,low,Slow\n3,2024-03-11 12:30,low,Late\n4,2024-03-12 12:30,low,No\n"
    begun = _made(tmp_path, incidents__csv=INCIDENTS, incidents_2__csv=more)
    assert not any(line.key == "id_from" for one in begun.draft.in_order for line in one.lines)
    assert len(load(tmp_path / "data").incidents) == 4


def test_the_same_log_once_more_is_not_the_other_table(tmp_path, put):
    rows = "id,title,date,type,actor\n" + "".join(f"L-{n},Leak {n},2024-03-0{n},Leak,Ann\n" for n in (1, 2, 3))
    chosen, left = inputs.assigned(
        inputs.gathered(put(incidents__csv=rows, rest__csv=rows.replace("title", "summary")))
    )
    assert list(chosen) == ["incidents"]
    ((_, why),) = left
    assert (
        why
        == "most of its changes have ids that incidents.csv has too: it is the same log once more, or says more of it"
    )


def test_pages_have_the_name_of_their_folder_and_files_do_not(tmp_path):
    folder = tmp_path / "incidents"
    folder.mkdir()
    page = '{{"id": {0}, "title": "Leak {0}", "date": "2024-03-0{0}", "type": "Leak", "actor": "x", "color": "red", "impact": "low"}}'
    for n in (1, 2, 3):
        (folder / f"{n:03}.json").write_text(page.format(n))
    (folder / "all.csv").write_text(ORDERS)
    called = {one.paths[0].name: one.called for one in inputs.gathered([folder])}
    assert called == {"001.json": "incidents", "all.csv": "all.csv"}


def test_what_is_called_an_alert_by_its_id_is_rather_an_incident(tmp_path, put):
    rows = "AlertId,Timestamp,Category,FileName,AlertTitle\n" + "".join(
        f"a-{n},2024-03-0{n} 10:00,Created,run.exe,Odd file {n}\n" for n in (1, 2, 3)
    )
    chosen, _ = inputs.assigned(inputs.gathered(put(log__csv=rows)))
    assert list(chosen) == ["incidents"]


def test_files_of_records_by_number_are_pages_only_of_records_with_the_same_fields(tmp_path):
    incidents = (
        '{"1": {"incident_id": "1", "title": "Slow", "created_at": "2024-03-05T09:00:00", "severity": "P1"}, "2": '
    )
    incidents += '{"incident_id": "2", "title": "Down", "created_at": "2024-03-06T09:00:00", "severity": "P2"}}'
    reviews = (
        incidents.replace("incident_id", "review_id").replace("severity", "rating").replace("title", "incident_id")
    )
    begun = _made(tmp_path, incidents__json=incidents, reviews__json=reviews.replace("Slow", "1").replace("Down", "2"))
    assert [one.path for one in begun.draft.in_order] == ["incidents.json"]
    assert [name for name, _ in begun.left] == ["reviews.json"]


def test_a_log_that_names_incidents_of_another_says_more_of_them(tmp_path, put):
    problems = "problem_id,incident_id,title,created_at\n7,1,Disk,2024-03-15\n8,2,Fan,2024-03-16\n"
    chosen, left = inputs.assigned(inputs.gathered(put(incidents__csv=INCIDENTS, problem_tickets__csv=problems)))
    assert list(chosen) == ["incidents"] and len(chosen["incidents"]) == 1 and left[0][1].endswith("or says more of it")


def test_a_file_called_like_a_log_is_one_by_its_id_and_time_alone(tmp_path):
    machines = "incidentId,machineId,incidentDate,severity\n001,07,2024-03-05,low\n002,08,2024-03-08,high\n"
    repairs = "maintenanceId,machineId,maintenanceDate,cost\n001,07,2024-03-06,90\n002,08,2024-03-09,80\n"
    begun = _made(tmp_path, incidents__csv=machines, maintenances__csv=repairs, parts__csv="partId,name\n1,belt\n")
    assert [(one.table, one.path) for one in begun.draft.in_order] == [
        ("incidents", "incidents.csv"),
        ("changes", "maintenances.csv"),
    ]


def test_reports_of_customers_and_checks_over_time_lie_beside_the_logs(tmp_path):
    reports = "report_id,timestamp,message\nCR-1,2024-03-05 12:30,Slow\nCR-2,2024-03-06 12:30,No cart\n"
    checks = "timestamp,service,target,status\n2024-03-05 12:30,web,db,bad\n2024-03-05 12:40,web,cache,bad\n"
    begun = _made(tmp_path, incidents__csv=INCIDENTS, customer_reports__csv=reports, health_checks__csv=checks)
    assert [one.path for one in begun.draft.in_order] == ["incidents.csv"]


def test_changes_that_are_counted_as_the_incidents_are_changes(tmp_path, put):
    changes = "id,deployed_at,app\n1,2024-03-05 10:00,till\n2,2024-03-06 10:00,mail\n"
    incidents = "id,start,service\n1,2024-03-05 10:10,till\n2,2024-03-06 10:10,mail\n3,2024-03-09 10:10,mail\n"
    for days in (changes, changes.replace(" 10:00", "")):
        made = create_dataset(tmp_path / f"m{len(days)}", put(deployments__csv=days, incidents__csv=incidents)).dataset
        assert (len(made.changes), len(made.incidents)) == (2, 3)


def test_days_that_are_all_those_of_the_incidents_are_of_a_copy(tmp_path, put):
    rows = "id,title,date,type,actor\n" + "".join(f"{n},Leak {n},2024-03-{n:02},Leak,Ann\n" for n in range(1, 13))
    chosen, left = inputs.assigned(
        inputs.gathered(put(incidents__csv=rows, rest__csv=rows.replace("title", "summary")))
    )
    assert list(chosen) == ["incidents"] and len(left) == 1


def test_a_list_of_services_whose_numbers_the_incidents_have_too_is_no_copy_of_them(tmp_path, put):
    services = "id,name,tier,created_at\n1,till,1,2020-01-01\n2,mail,1,2020-01-02\n"
    changes = "number,implemented,system\n1,2024-03-05 10:00,till\n2,2024-03-06 10:00,mail\n"
    made = create_dataset(
        tmp_path / "m", [put(incidents__csv=INCIDENTS, changes__csv=changes, services__csv=services)[0].parent]
    )
    assert [(name, why.partition(";")[0]) for name, why in made.left] == [
        ("services.csv", "nothing in it says that its rows are incidents or changes")
    ]


@pytest.mark.parametrize(
    ("column", "words"), [("type", ("Unplanned", "Planned maintenance")), ("Planned?", ("no", "yes"))]
)
def test_planned_work_among_incidents_is_a_change(tmp_path, put, column, words):
    kinds = (0, 0, 1, 0)
    rows = "".join(f"{n},{words[k]},2024-03-0{n} 09:00,2024-03-0{n} 10:00,shop\n" for n, k in enumerate(kinds, start=1))
    made = create_dataset(tmp_path / "m", put(outages__csv=f"id,{column},begin,end,service\n{rows}"))
    assert made.dataset.incidents["incident_id"].tolist() == ["1", "2", "4"]
    assert made.dataset.changes[["change_id", "kind"]].values.tolist() == [["3", "infrastructure"]]
    assert str(made.dataset.observed[0].date()) == "2024-03-01", "one export, of which planned work is a part"


def test_pages_of_incidents_and_planned_work_are_one_export(tmp_path):
    (tmp_path / "status").mkdir()
    for n, kind in enumerate(("incident", "incident", "maintenance", "incident"), start=1):
        page = f"---\nid: {n}\nbegin: 2024-03-0{n} 09:00\nkind: {kind}\n---\nWords.\n"
        (tmp_path / "status" / f"{n}.md").write_text(page)
    read = create_dataset(tmp_path / "m", [tmp_path / "status"]).dataset
    assert (len(read.incidents), len(read.changes), str(read.observed[0].date())) == (3, 1, "2024-03-01")
    assert read.notes.empty, "of rows that are left out nothing is said"


def test_a_file_of_flags_next_to_incidents_holds_changes(tmp_path, put):
    flags = [{"uid": str(n), "at": f"2024-03-0{n}T08:20:00Z", "flag": "new-cart", "svc": "shop"} for n in (1, 2)]
    files = put(incidents__csv=INCIDENTS, releases__csv=RELEASES, flags__json=json.dumps(flags))
    made = create_dataset(tmp_path / "m", files)
    assert len(made.dataset.incidents) == 2 and len(made.dataset.changes) == 4


ALERTS = "alert_id,fired_at,message\nA-1,2024-03-05 12:28,queue is long\nA-2,2024-03-08 09:00,disk is full\n"


def test_logs_of_the_same_days_that_may_tell_of_the_same_are_asked_about(tmp_path):
    begun = _made(tmp_path, incidents__csv=INCIDENTS, alerts__csv=ALERTS)
    first, second = begun.draft.of_table("incidents")
    asked = f"it is of the days of {first.path}, and both are one log: an outage that both tell of counts twice"
    assert any(one.startswith(asked) for one in second.questions) and not any(asked in one for one in first.questions)


def test_pages_of_one_log_and_logs_of_other_days_are_not_asked_about(tmp_path):
    later = ALERTS.replace("2024-", "2025-")
    page = INCIDENTS.replace("1,2024", "3,2024").replace("2,2024", "4,2024")
    begun = _made(tmp_path, incidents__csv=INCIDENTS, incidents_b__csv=page, alerts__csv=later)
    assert not any("both are one log" in asked for one in begun.draft.of_table("incidents") for asked in one.questions)
