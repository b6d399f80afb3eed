"""Operations on stacks of CloudFormation, of which each is told by several events."""

from __future__ import annotations

import pytest


def event(status: str, at: str, resource: str = "", reason: str = "") -> dict:
    return {
        "StackId": "arn:shop",
        "EventId": f"{resource or 'stack'}-{at}",
        "StackName": "shop",
        "LogicalResourceId": resource or "shop",
        "PhysicalResourceId": resource or "arn:shop",
        "Timestamp": f"2024-01-10T{at}:00Z",
        "ResourceStatus": status,
        "ResourceStatusReason": reason,
    }


@pytest.mark.parametrize(
    ("last", "status"),
    [
        ("UPDATE_COMPLETE", "done"),
        ("UPDATE_ROLLBACK_COMPLETE", "failed"),
        ("UPDATE_FAILED", "failed"),
        ("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "in progress"),
    ],
)
def test_an_operation_ends_with_the_last_event_of_its_stack(read, last, status):
    events = [event(last, "12:09"), event("CREATE_COMPLETE", "12:05", "api"), event("UPDATE_IN_PROGRESS", "12:00")]
    (row,) = read("cloudformation", {"StackEvents": events}).frame.to_dict("records")
    ended = "2024-01-10T12:09:00Z" if status != "in progress" else ""
    assert (row["change_id"], row["finished_at"], row["status"]) == ("stack-12:00", ended, status)
    assert (row["title"], row["services"]) == ("Update stack shop", "shop")


def test_what_failed_in_it_is_its_description(read):
    failed = event("CREATE_FAILED", "12:05", "api", "no such role")
    (row,) = read("cloudformation", event("CREATE_IN_PROGRESS", "12:00"), failed).frame.to_dict("records")
    assert row["description"] == "no such role"


def test_events_before_the_first_operation_are_rejected(read):
    raw = read("cloudformation", event("UPDATE_COMPLETE", "11:00"), event("DELETE_IN_PROGRESS", "12:00"))
    assert (len(raw.frame), [one.found for one in raw.problems]) == (1, ["UPDATE_COMPLETE of shop"])


def test_names_with_lines_between_their_words_are_those_of_the_api(read):
    names = {"StackId": "stack_id", "EventId": "event_id", "StackName": "stack_name", "LogicalResourceId": "logical_resource_id",
             "PhysicalResourceId": "physical_resource_id", "ResourceStatus": "resource_status", "Timestamp": "timestamp"}  # fmt: skip
    events = [event("UPDATE_COMPLETE", "12:09"), event("UPDATE_IN_PROGRESS", "12:00")]
    written = [{names.get(key, key): held for key, held in one.items()} for one in events]
    (row,) = read("cloudformation", {"stack_events": written}).frame.to_dict("records")
    assert (row["change_id"], row["finished_at"]) == ("stack-12:00", "2024-01-10T12:09:00Z")
