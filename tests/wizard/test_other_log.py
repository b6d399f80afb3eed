"""What one log says of the columns of the other."""

from __future__ import annotations

import pytest

from aftershock.wizard.create import create_dataset

INCIDENTS = "id,start,service\ni1,2024-03-05 10:10,DSS-14\ni2,2024-03-06 10:10,DSS-43\n"


@pytest.mark.parametrize(
    ("dishes", "services"),
    [
        (["DSS-14", "DSS-14", "north"], [["DSS-14"], ["DSS-14"], ["north"]]),
        (["dss-14", "DSS-43", "DSS-26", "DSS-28", "DSS-29"], [["dss-14"], ["DSS-43"], ["DSS-26"], ["DSS-28"], ["DSS-29"]]),
        (["DSS-14", "north", "south"], [[], [], []]),
    ],
    ids=["rows name them", "most of them are named", "one of them is named"],
)  # fmt: skip
def test_a_column_that_holds_services_of_the_incidents_holds_services(tmp_path, put, dishes, services):
    rows = "".join(f"m{n},2024-03-0{n} 09:00,{dish}\n" for n, dish in enumerate(dishes, start=1))
    made = create_dataset(
        tmp_path / "m", put(incidents__csv=INCIDENTS, changes__csv=f"change_id,started_at,dish\n{rows}")
    )
    assert made.dataset.changes["services"].tolist() == services


def test_a_column_that_names_changes_is_asked_about_whatever_it_is_called(tmp_path, put):
    changes = "deploy_id,deployed_at\nd1,2024-03-05 10:00\nd2,2024-03-06 10:00\n"
    for cell, asked in (("d2", True), ("d9", False)):
        incidents = f"id,start,prompted\ni1,2024-03-05 10:10,\ni2,2024-03-06 10:10,{cell}\n"
        made = create_dataset(tmp_path / cell, put(incidents__csv=incidents, deployments__csv=changes))
        assert ("'prompted' names changes of the log" in " ".join(made.draft.sections["incidents"].questions)) is asked


@pytest.mark.parametrize(("name", "asked"), [("change", True), ("Root cause (deploy no.)", True), ("floor", False)])
def test_numbers_of_changes_are_asked_about_where_their_column_says_that_they_are(tmp_path, put, name, asked):
    changes = "deploy_id,deployed_at\n12,2024-03-05 10:00\n13,2024-03-06 10:00\n"
    incidents = f"id,start,{name}\ni1,2024-03-05 10:10,12.0\ni2,2024-03-06 10:10,13.0\n"
    made = create_dataset(tmp_path / "m", put(incidents__csv=incidents, deployments__csv=changes))
    assert (f"{name!r} names changes of the log" in " ".join(made.draft.sections["incidents"].questions)) is asked


@pytest.mark.parametrize(("apps", "services"), [(("api", "web"), ["api", "web"]), (("shop", "pay"), ["api,web"])])
def test_several_services_in_a_cell_are_told_by_the_other_log(tmp_path, put, apps, services):
    changes = "".join(f"d{n},2024-03-0{n} 10:00,{app}\n" for n, app in enumerate(apps, start=1))
    made = create_dataset(
        tmp_path / "m",
        put(
            incidents__csv='id,start,service\ni1,2024-03-05 10:10,"api,web"\ni2,2024-03-06 10:10,mail\n',
            deployments__csv=f"deploy_id,deployed_at,app\n{changes}",
        ),
    )
    assert made.dataset.incidents["services"].iloc[0] == services


def test_a_column_of_things_that_both_logs_have_holds_the_services(tmp_path, put):
    incidents = "".join(f"I-{n},2024-03-0{n} 10:00,high,Slow,P{n % 3},u{n % 2}\n" for n in range(1, 7))
    changes = "".join(f"C-{n},2024-03-0{n} 09:00,deploy,P{n % 3},u{n % 2}\n" for n in range(1, 7))
    made = create_dataset(
        tmp_path / "m",
        put(
            incidents__csv=f"incident_id,started_at,severity,title,instance_id,owner_id\n{incidents}",
            changes__csv=f"change_id,started_at,kind,instance_id,owner_id\n{changes}",
        ),
    )
    why = {guess.what: guess.why for guess in made.draft.sections["changes"].guesses}
    assert why["services"] == "incidents.csv has it, too, and names the same; from line 2 on"
    assert made.dataset.incidents["services"].iloc[0] == ["P1"]


def test_a_cause_that_nobody_filled_in_is_asked_about_by_no_one(tmp_path, put):
    incidents = "id,start,caused_by_change\ni1,2024-03-05 10:10,unknown\ni2,2024-03-06 10:10,-\n"
    changes = "deploy_id,deployed_at\nd1,2024-03-05 10:00\nd2,2024-03-06 10:00\n"
    made = create_dataset(tmp_path / "m", put(incidents__csv=incidents, deployments__csv=changes))
    assert not any("names no change" in asked for asked in made.draft.sections["incidents"].questions)


def test_a_column_of_changes_that_names_incidents_is_asked_about(tmp_path, put):
    changes = "deploy_id,deployed_at,Caused incident\nd1,2024-03-05 10:00,i1\nd2,2024-03-06 10:00,\n"
    made = create_dataset(tmp_path / "m", put(incidents__csv=INCIDENTS, deployments__csv=changes))
    assert "'Caused incident' names incidents of the log" in " ".join(made.draft.sections["changes"].questions)
