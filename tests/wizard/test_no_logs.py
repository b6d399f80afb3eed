"""What is no log is refused with what it is."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from aftershock.schema.errors import InputError
from aftershock.wizard import column_matching
from aftershock.wizard.column_matching import Fit
from aftershock.wizard.create import create_dataset

DAYS = ["2024-03-05", "2024-03-06", "2024-03-07"]
IDS = ["a1", "a2", "a3"]


def fit(**columns: list[str]) -> Fit:
    return column_matching.fit("changes", column_matching.cells_of(pd.DataFrame(columns)))


def test_objects_of_a_cluster_are_no_changes_and_versions_of_a_deployment_are():
    inside = {"apiVersion": ["v1"] * 3, "metadata.uid": IDS, "metadata.name": ["a", "b", "c"]}
    objects = {**inside, "metadata.creationTimestamp": DAYS}
    assert "as they are now" in fit(**objects, kind=["Pod", "Pod", "Deployment"]).refused["started_at"]
    assert fit(**objects, kind=["ReplicaSet"] * 3).columns["started_at"].value == "metadata.creationTimestamp"


def test_what_was_found_well_each_time_is_a_check():
    checks = fit(id=IDS, checked_at=DAYS, status=["up"] * 3, service=["web", "db", "web"])
    assert "its rows are checks of what is watched ('status' is 'up' in every row)" in checks.refused["started_at"]
    assert "started_at" not in checks.columns


def test_write_ups_are_no_changes():
    pages = fit(id=IDS, date=DAYS, body=["## Root cause\nA disk.", "## Lessons\nMany.", "## What we sell\nTea."])
    assert pages.refused["started_at"] == "its pages are write-ups of incidents, by their headings"


def test_requests_to_merge_are_no_incidents():
    frame = pd.DataFrame({"url": [f"https://git.example/a/b/pull/{n}" for n in (1, 2, 3)], "createdAt": DAYS})
    cells = column_matching.cells_of(frame)
    found = column_matching.fit("incidents", cells, "issues.json")
    assert found.refused["started_at"] == "its rows are requests to merge, by 'url', and no incidents"
    assert column_matching.fit("changes", cells, "issues.json").columns["change_id"].value == "url"


def test_requests_none_of_which_was_merged_are_no_changes_and_no_incidents():
    frame = pd.DataFrame({"id": IDS, "title": ["Add a till", "Mend it", "Final"], "state": "closed"})
    frame = frame.assign(created_at=DAYS, closed_at=DAYS, merged_at="")
    cells = column_matching.cells_of(frame)
    changes = column_matching.fit("changes", cells, "pulls.csv")
    assert changes.refused["started_at"] == "none of its requests was merged: 'merged_at' is empty in every row"
    incidents = column_matching.fit("incidents", cells, "pulls.csv")
    assert incidents.refused["started_at"] == "its rows are requests to merge, by 'merged_at', and no incidents"
    assert "started_at" in column_matching.fit("incidents", cells, "incidents.csv").columns
    one = column_matching.cells_of(frame.assign(merged_at=["", DAYS[1], ""]))
    assert column_matching.fit("changes", one, "pulls.csv").columns["started_at"].value == "merged_at"


def test_one_object_of_a_cluster_is_refused_as_that(tmp_path, put):
    one = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "creationTimestamp": DAYS[0]}}
    one |= {"spec": {"containers": [{"name": "web"}]}, "status": {"conditions": [{"type": "Available"}]}}
    with pytest.raises(InputError, match="its rows are the objects of a cluster as they are now"):
        create_dataset(tmp_path / "m", put(object__json=json.dumps(one)))


def test_a_change_that_went_well_each_time_is_no_check():
    columns = {"uid": IDS, "triggered_at": DAYS, "app": ["web", "db", "web"], "outcome": ["ok"] * 3}
    cells = column_matching.cells_of(pd.DataFrame(columns))
    assert column_matching.fit("changes", cells, "deploys.json").columns["started_at"].value == "triggered_at"
    assert "its rows are checks" in column_matching.fit("changes", cells, "rows.json").refused["started_at"]


def test_checks_of_which_some_failed_are_told_by_what_they_measure():
    states = ["OK", "DOWN", "OK"]
    checks = fit(id=IDS, created_at=DAYS, status=states, response_time=["200", "", "190"])
    assert checks.refused["started_at"].startswith(
        "its rows are checks of what is watched ('status' is 'ok' or 'down', and how"
    )
    assert "started_at" in fit(id=IDS, created_at=DAYS, status=states, notes=["200", "", "190"]).columns
