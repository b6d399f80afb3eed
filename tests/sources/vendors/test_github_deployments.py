"""Deployments of GitHub: a request and its statuses, wherever they are, are one change."""

from __future__ import annotations

import json

from aftershock.sources.file_head import read_head
from aftershock.sources.vendors import github_deployments

CREATED = "2024-01-10T12:00:00Z"
DEPLOYMENT = {
    "id": 7,
    "ref": "main",
    "sha": "0123456789abcdef",
    "task": "deploy",
    "environment": "production",
    "created_at": CREATED,
    "statuses_url": "https://api.github.com/repos/us/shop/deployments/7/statuses",
    "repository_url": "https://api.github.com/repos/us/shop",
}
BY_ITSELF = "https://api.github.com/repos/us/shop/deployments/7"


def status(state: str, at: str, **more: object) -> dict:
    return {"state": state, "created_at": f"2024-01-10T{at}:00Z", **more}


def one(raw) -> dict:
    (row,) = raw.frame.to_dict("records")
    return row


def test_it_took_effect_between_its_beginning_and_its_first_success(read):
    statuses = [status("success", "12:20"), status("in_progress", "12:05"), status("inactive", "18:00")]
    row = one(read("github-deployments", {**DEPLOYMENT, "statuses": statuses}))
    assert row["started_at"] == "2024-01-10T12:05:00Z"
    assert row["started_at_before"] == row["finished_at"] == "2024-01-10T12:20:00Z"
    assert row["status"] == "done", "another took its place later"
    assert row["title"] == "Deploy main to production" and row["services"] == ["shop"]


def test_one_that_failed_ends_there_and_one_that_only_waited_is_pending(read):
    failed = one(read("github-deployments", {**DEPLOYMENT, "statuses": [status("error", "12:09")]}))
    assert (failed["status"], failed["finished_at"]) == ("failed", "2024-01-10T12:09:00Z")
    waited = one(read("github-deployments", {**DEPLOYMENT, "statuses": [status("queued", "12:09")]}))
    assert (waited["status"], waited["started_at"], waited.get("finished_at", "")) == ("pending", CREATED, "")


def test_a_success_before_the_beginning_bounds_nothing(read):
    statuses = [status("in_progress", "12:30"), status("success", "12:20")]
    row = one(read("github-deployments", {**DEPLOYMENT, "statuses": statuses}))
    assert row["started_at"] == "2024-01-10T12:30:00Z" and row.get("started_at_before", "") == ""


def test_statuses_next_to_it_are_folded_and_those_of_no_deployment_rejected(read):
    beside = {**status("success", "12:20"), "deployment_url": BY_ITSELF}
    lost = {**status("success", "12:20"), "deployment_url": BY_ITSELF.replace("7", "9")}
    raw = read("github-deployments", DEPLOYMENT, beside, lost)
    assert one(raw)["finished_at"] == "2024-01-10T12:20:00Z"
    assert [(f.reason, f.into) for f in raw.folded] == [("part_of_row", "7, its status success")]
    assert [(p.column, p.found) for p in raw.problems] == [("deployment_url", "a status of the deployment '9'")]


def test_of_a_webhook_s_events_the_first_stands_for_the_deployment(read):
    events = [
        {"deployment_status": status(state, at), "deployment": DEPLOYMENT}
        for state, at in (("in_progress", "12:05"), ("success", "12:20"))
    ]
    raw = read("github-deployments", *events)
    row = one(raw)
    assert (row["started_at"], row["finished_at"]) == ("2024-01-10T12:05:00Z", "2024-01-10T12:20:00Z")
    assert [f.into for f in raw.folded] == ["7, its status success"]


def test_the_event_of_a_request_alone_is_recognised(tmp_path, read):
    event = {"deployment": DEPLOYMENT, "repository": {"full_name": "us/shop"}, "sender": {"login": "ana"}}
    (tmp_path / "event.json").write_text(json.dumps(event))
    assert github_deployments.FORMAT.recognises(read_head(tmp_path / "event.json"), "changes") > 0.9
    assert one(read("github-deployments", event))["change_id"] == "7"


def test_without_a_status_only_the_request_is_known_and_that_is_said_once(read):
    raw = read("github-deployments", DEPLOYMENT, {**DEPLOYMENT, "id": 8})
    assert raw.frame["started_at"].tolist() == [CREATED] * 2
    (note,) = raw.notes
    assert note.reason == "planned_time" and note.found == "deployments without a status: 2"


def test_a_migration_is_one_of_the_database_and_a_commit_is_cut(read):
    row = one(read("github-deployments", {**DEPLOYMENT, "task": "deploy:migrations", "ref": DEPLOYMENT["sha"]}))
    assert (row["kind"], row["title"]) == ("database", "Deploy 0123456789ab to production")


def test_one_whose_list_of_statuses_is_empty_is_a_deployment(read):
    raw = read("github-deployments", {**DEPLOYMENT, "statuses": []})
    assert raw.frame["change_id"].tolist() == [str(DEPLOYMENT["id"])]
