"""JSON that need not be trusted, and texts in it that are JSON themselves."""

from __future__ import annotations

import json

import pytest

from aftershock.sources.tabular.json_text import DECODER, unpacked


@pytest.mark.parametrize(("text", "value"), [("1e999", "1e999"), ("NaN", None), ("9" * 400, "9" * 400), ("12", 12)])
def test_numbers_stay_in_bounds(text, value):
    assert DECODER.decode(text) == value


@pytest.mark.parametrize(
    "around",
    [
        {"backend_name": "Tracker", "origin": "https://tracker.example", "data": {"id": 7}},
        {"stream": "issues", "emitted_at": 1709632800000, "data": {"id": 7}},
        {"_airbyte_ab_id": "a", "_airbyte_emitted_at": 1709632800000, "_airbyte_data": {"id": 7}},
        {"type": "RECORD", "stream": "issues", "record": {"id": 7}},
        {"action": "closed", "issue": {"id": 7}, "repository": {"id": 1}, "sender": {"id": 2}},
        {"id": 7},
    ],
)
def test_a_record_that_a_tool_copied_is_without_what_it_put_around_it(around):
    record = {"id": 7, **({"stream": "issues"} if "stream" in around else {})}
    assert unpacked(around, json.dumps(around)) == record
    assert unpacked([around, {"data": {"id": 8}}], "") == [record, {"data": {"id": 8}}]


def test_a_comment_is_not_the_issue_that_it_was_written_on():
    comment = {"action": "created", "issue": {"id": 7}, "comment": {"id": 9}, "repository": {}, "sender": {}}
    assert unpacked(comment, "") == comment


@pytest.mark.parametrize(
    ("held", "read"),
    [
        ('{"a": 1, "b": 2}', {"a": 1, "b": 2}),
        ('{\n  "a": 1, "b": "{\\"c\\": 3, \\"d\\": 4}"}', {"a": 1, "b": {"c": 3, "d": 4}}),
        ('{"a": 1}', '{"a": 1}'),
        ('{"a": 1, ', '{"a": 1, '),
        ("{braces} and words", "{braces} and words"),
    ],
)
def test_a_text_that_is_an_object_is_that_object(held, read):
    document = [{"Message": held}]
    text = json.dumps(document)
    assert unpacked(DECODER.decode(text), text) == [{"Message": read}]


def test_messages_of_airbyte_are_their_records_with_their_stream():
    message = {"type": "RECORD", "record": {"stream": "incidents", "emitted_at": 1, "data": {"id": 7}}}
    assert unpacked([message, {"type": "LOG", "log": {}}], "") == [
        {"stream": "incidents", "id": 7},
        {"type": "LOG", "log": {}},
    ]
