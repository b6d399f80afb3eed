"""Runs of Terraform: what was applied is a change, what only planned is none."""

from __future__ import annotations

import pytest

STAMPS = {"applying-at": "2024-01-10T12:00:00Z", "applied-at": "2024-01-10T12:05:00Z"}


def run(status: str = "applied", stamps: dict | None = None, **more: object) -> dict:
    related = {"workspace": {"data": {"id": "ws-1"}}}
    attributes = {"status": status, "status-timestamps": STAMPS if stamps is None else stamps, **more}
    return {"id": "run-1", "type": "runs", "attributes": attributes, "relationships": related}


def test_a_run_that_applied_is_a_change_of_its_workspace(read):
    (row,) = read("terraform-runs", run(message="Grow it\n\nMore room")).frame.to_dict("records")
    assert (row["started_at"], row["finished_at"], row["status"]) == (*STAMPS.values(), "done")
    assert (row["title"], row["services"], row["kind"]) == ("Grow it", ["ws-1"], "infrastructure")


def test_the_name_of_the_workspace_is_that_of_what_the_page_includes(read):
    page = {"data": [run()], "included": [{"id": "ws-1", "attributes": {"name": "network"}}]}
    (row,) = read("terraform-runs", page).frame.to_dict("records")
    assert (row["services"], row["title"]) == (["network"], "Apply network")
    single = {"data": run(), "included": page["included"]}
    assert read("terraform-runs", single).frame["services"].tolist() == [["network"]]


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"plan-only": True}, "only planned"),
        ({"refresh-only": True}, "only refreshed the state"),
        ({"has-changes": False}, "found nothing to change"),
        ({"status": "discarded", "stamps": {}}, "was not applied: its status is discarded"),
    ],
)
def test_a_run_that_changed_nothing_says_why(read, more, why):
    raw = read("terraform-runs", run(**more))
    assert raw.frame.empty and [one.into for one in raw.folded] == [f"no row: run-1 {why}"]


def test_one_that_failed_while_it_applied_has_changed_a_part(read):
    stamps = {"applying-at": STAMPS["applying-at"], "errored-at": "2024-01-10T12:03:00Z"}
    (row,) = read("terraform-runs", run("errored", stamps)).frame.to_dict("records")
    assert (row["status"], row["finished_at"]) == ("failed", "2024-01-10T12:03:00Z")
