"""JSON and JSON Lines: every record is a row or is accounted for."""

from __future__ import annotations

import json
import string

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from aftershock import sources
from aftershock.schema.errors import InputError
from aftershock.sources import Options
from aftershock.sources.file_head import read_head
from aftershock.sources.tabular import json_records


def _sizes(value: object) -> set[int]:
    """How many items each list and object of a document has: one of them holds the records, of a list of lists the first
    may be their names."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    sizes = set().union(*map(_sizes, inner))
    if isinstance(value, list) and value and all(isinstance(one, list) for one in value):
        sizes |= {len(value) - 1}
    return sizes | {len(value)} if isinstance(value, (dict, list)) else sizes


@settings(max_examples=60)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(string.printable, max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.text(string.ascii_letters, min_size=1, max_size=4), inner, max_size=3)
        ),
        max_leaves=12,
    )
)
@example([["0", "1"], [None, None]])
def test_any_json_is_read_or_refused_in_words(tmp_path_factory, value):
    path = tmp_path_factory.mktemp("json") / "x.json"
    path.write_text(json.dumps(value))
    try:
        raw = json_records.read([path], Options())
    except InputError as refused:
        assert str(refused)
        return
    assert len(raw.frame) + len(raw.problems) in _sizes(value)


def test_yaml_is_read_as_a_list_the_list_of_a_document_or_documents(tmp_path):
    written = {
        "list.yaml": "- {id: a, when: 2024-01-01}\n- {id: b}\n",
        "held.yaml": "version: 1\nincidents:\n- id: a\n  when: 2024-01-01\n- id: b\n",
        "documents.yaml": "id: a\nwhen: 2024-01-01\n---\nid: b\n",
    }
    for name, content in written.items():
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        raw = sources.read([path], "yaml", sources.Options(table="incidents"))
        assert raw.frame.to_numpy().tolist() == [["a", "2024-01-01"], ["b", ""]], name
    path.write_text("id: [a\n---\nid: b\n", encoding="utf-8")
    raw = sources.read([path], "yaml", sources.Options(table="incidents"))
    assert (raw.frame["id"].tolist(), len(raw.problems), raw.records) == (["b"], 1, 2)


def test_parts_of_one_record_are_no_records_under_their_ids(tmp_path):
    path = tmp_path / "x.json"
    document = {"build1": {"number": 6, "made": "2024-02-03"}, "source": {"branch": "main", "sha": "5d41402a"}}
    path.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(InputError, match="one object, of "):
        sources.read([path], "json", sources.Options(table="changes"))


def test_the_one_thing_that_an_answer_holds_is_a_record_with_its_lists(tmp_path):
    path = tmp_path / "x.json"
    request = {
        "pullRequestId": "27",
        "creationDate": "2024-03-05T09:00:00Z",
        "rules": [{"rule": "a"}],
        "targets": [{"repo": "shop"}],
    }
    path.write_text(json.dumps({"pullRequest": request}), encoding="utf-8")
    raw = sources.read([path], "json", sources.Options(table="changes"))
    assert raw.frame["pullRequestId"].tolist() == ["27"]
    path.write_text(
        json.dumps({"pullRequest": {"rules": [{"rule": "a"}], "targets": [{"repo": "shop"}]}}), encoding="utf-8"
    )
    with pytest.raises(InputError, match="several lists"):
        sources.read([path], "json", sources.Options(table="changes"))


RELEASES = [["4.0.1", "2024-02-03"], ["4.1.0-rc.1", "2024-03-04T10:00:00Z"]]


@pytest.mark.parametrize(
    ("document", "rows"),
    [
        (dict(RELEASES), RELEASES),
        ({at[:10]: name for name, at in RELEASES}, [[name, at[:10]] for name, at in RELEASES]),
        ({"name": "till", "time": {"created": "2024-02-01"} | dict(RELEASES)}, [["till", *row] for row in RELEASES]),
    ],
)
def test_releases_of_which_only_the_time_is_said_are_rows(tmp_path, document, rows):
    path = tmp_path / "x.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    for format in ("json", "yaml"):
        assert sources.read([path], format, sources.Options(table="changes")).frame.to_numpy().tolist() == rows
    path.write_text(json.dumps({"created": "2024-02-03", "updated": "2024-03-04"}), encoding="utf-8")
    with pytest.raises(InputError):
        sources.read([path], "json", sources.Options(table="changes"))


@pytest.mark.parametrize(
    ("document", "row"),
    [
        (
            {"service": "till", "env": "live", "made": "today", "deployments": [{"id": "d1", "env": "test"}]},
            {"service": "till", "env": "test", "id": "d1"},
        ),
        (
            {"data": {"repository": {"name": "till", "deployments": {"nodes": [{"id": "d1"}]}}}},
            {"repository": "till", "id": "d1"},
        ),
        ({"project": {"id": 4, "name": "till"}, "builds": [{"id": "b1"}]}, {"project": "till", "id": "b1"}),
    ],
)
def test_what_is_said_around_a_list_holds_for_its_records(tmp_path, document, row):
    path = tmp_path / "x.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    assert sources.read([path], "json", sources.Options(table="changes")).frame.iloc[0].to_dict() == row


def test_what_a_hook_of_github_is_about_is_the_record(tmp_path):
    path = tmp_path / "x.json"
    run = {"id": 7, "started_at": "2024-02-03T10:00:00Z", "steps": [{"name": "Set up", "number": 1}]}
    hook = {"action": "completed", "check_run": run, "repository": {"id": 1, "name": "till"}, "sender": {"id": 2}}
    path.write_text(json.dumps(hook), encoding="utf-8")
    row = sources.read([path], "json", sources.Options(table="changes")).frame.iloc[0]
    assert (row["id"], row["repository.name"], row["action"]) == ("7", "till", "completed")


def test_yaml_of_records_under_their_ids_is_read(tmp_path):
    path = tmp_path / "x.yaml"
    path.write_text(
        "till-1:\n  date: 2024-02-03\n  note: a\ntill-2:\n  date: 2024-03-04\n  note: b\n", encoding="utf-8"
    )
    raw = sources.read([path], "yaml", sources.Options(table="changes"))
    assert raw.frame.to_numpy().tolist() == [["till-1", "2024-02-03", "a"], ["till-2", "2024-03-04", "b"]]


def test_the_last_event_of_a_kind_is_a_column_and_what_tells_a_story_is_none(tmp_path):
    events = [
        {"state": "Resolved", "at": "10:00"},
        {"state": "Resolved", "at": "11:00"},
        {"event": "mail was restored", "at": "9:00"},
    ]
    (tmp_path / "x.json").write_text(json.dumps([{"id": "a", "timeline": events}]))
    frame = json_records.read([tmp_path / "x.json"], Options()).frame
    assert [n for n in frame if n.startswith("timeline.")] == ["timeline.Resolved"]
    assert frame["timeline.Resolved"].tolist() == ["11:00"]


def test_things_in_a_list_that_have_a_state_are_no_events(tmp_path):
    goals = [{"title": "Summer", "state": "closed", "created_at": "2024-03-05T09:00:00Z"}]
    (tmp_path / "x.json").write_text(json.dumps([{"id": "a", "goals": goals}]))
    assert json_records.read([tmp_path / "x.json"], Options()).frame["goals"].tolist() == [["Summer"]]
    assert "goals.closed" not in json_records.read([tmp_path / "x.json"], Options()).frame


def test_records_under_their_ids_may_hold_a_list_each(tmp_path):
    steps = [{"at": "2024-03-05T09:00:00Z", "step": "asked"}, {"at": "2024-03-05T10:00:00Z", "step": "made"}]
    plain = {"title": "Raise a limit", "risk": "low", "state": "done", "owner": "a team"}
    (tmp_path / "x.json").write_text(json.dumps({key: {**plain, "log": steps} for key in ("c1", "c2")}))
    assert json_records.read([tmp_path / "x.json"], Options()).frame["id"].tolist() == ["c1", "c2"]
    (tmp_path / "y.json").write_text(json.dumps({key: {"owner": "a team", "log": steps} for key in ("web", "db")}))
    assert json_records.read([tmp_path / "y.json"], Options()).frame["at"].size == 4


ONE = {"id": "INC-1", "title": "Checkout down", "severity": "high", "started_at": "2024-01-01T10:00:00Z"}
STORY = {
    "timeline": [{"id": "t1", "timestamp": "2024-01-01T10:05:00Z"}, {"id": "t2", "timestamp": "2024-01-01T10:35:00Z"}]
}


@pytest.mark.parametrize(
    ("document", "ids"),
    [
        (ONE, ["INC-1"]),
        (ONE | STORY, ["INC-1"]),
        (ONE | STORY | {"events": [{"id": "e1"}]}, ["INC-1"]),
        ({"incident": ONE} | STORY, ["INC-1"]),
        ({"INC-1": ONE}, ["INC-1"]),
        (
            {
                "id": "INC-1",
                "properties": {"title": "Slow", "severity": "Low", "createdTimeUtc": "2024-01-01T10:00:00Z"},
            },
            ["INC-1"],
        ),
        (
            {
                "id": "INC-1",
                "time": "2024-01-01T10:00:00Z",
                "resources": ["i-1"],
                "detail": {"startTime": "now", "parts": [{"id": "x"}]},
            },
            ["INC-1"],
        ),
        ({"lastModified": 1, "cuts": {"a": ONE | {"posts": ["x"]}, "b": ONE | {"id": "INC-2"}}}, ["INC-1", "INC-2"]),
        ({"page": {"id": "p", "name": "Shop", "start": "2024-01-01"}, "events": [{"id": "e1"}]}, ["e1"]),
        ({"incidents": {"a": ONE, "b": ONE | {"id": "INC-2"}}, "count": 2}, ["INC-1", "INC-2"]),
        (ONE | {"incidents": [{"id": "i1"}, {"id": "i2"}]}, ["i1", "i2"]),
        (
            {"id": "r1", "generated_at": "2024-01-01", "status": "ok", "events": [{"id": "e1"}, {"id": "e2"}]},
            ["e1", "e2"],
        ),
        ({"title": "Log", "date": "2024-01-01", "events": [{"id": "e1"}, {"id": "e2"}]}, ["e1", "e2"]),
    ],
)
def test_a_record_is_no_list_of_its_parts(tmp_path, document, ids):
    path = tmp_path / "x.json"
    path.write_text(json.dumps(document))
    assert json_records.read([path], Options()).frame["id"].tolist() == ids
    path = path.rename(tmp_path / "x.yaml")
    if "id" in document:
        assert json_records.read_yaml([path], Options()).frame["id"].tolist() == ids


def test_the_days_under_which_records_lie_are_their_dates(tmp_path):
    one = {"summary": "Checkout down", "service": "shop"}
    for held in (one, [one]):
        path = tmp_path / "x.json"
        path.write_text(json.dumps({"2024-01-01": held, "2024-01-09": held}))
        raw = json_records.read([path], Options())
        assert raw.frame[["date", "service"]].to_numpy().tolist() == [["2024-01-01", "shop"], ["2024-01-09", "shop"]]


def test_one_record_that_refers_to_others_is_read_and_not_they(tmp_path):
    inner = [{"id": "i7", "title": "Shop down", "started_at": "2024-03-05T10:00:00Z"}]
    about = {"summary": "Errors", "status": "open", "started_at": "2024-03-05T10:04:00Z", "incidents": inner}
    for document in ({"data": {"id": "a1", "type": "alerts", "attributes": about}}, {"id": "a1", **about}):
        (tmp_path / "x.json").write_text(json.dumps(document))
        assert json_records.read([tmp_path / "x.json"], Options()).frame["id"].tolist() == ["a1"]
    page = {"data": {"id": "p1", "type": "pages", "attributes": {"name": "Status", "status": "up", "incidents": inner}}}
    (tmp_path / "x.json").write_text(json.dumps(page))
    assert json_records.read([tmp_path / "x.json"], Options()).frame["id"].tolist() == ["i7"]


def test_records_under_ids_beside_when_they_were_fetched_are_rows(tmp_path):
    cut = {"logged": 1710000000000, "status": "In Progress", "region": "North", "homes": {"N1": {"off": 3}}}
    (tmp_path / "x.json").write_text(json.dumps({"lastModified": 1710000900000, "cuts": {"C-1": cut, "C-2": cut}}))
    raw = json_records.read([tmp_path / "x.json"], Options())
    assert raw.frame[["id", "status"]].to_numpy().tolist() == [["C-1", "In Progress"], ["C-2", "In Progress"]]


def test_records_under_ids_stay_records_where_one_of_them_holds_a_list(tmp_path):
    plain = {"first_seen": "2024-03-05T10:00:00", "last_seen": "2024-03-05T12:00:00", "type": "road closed"}
    (tmp_path / "x.json").write_text(json.dumps({"a1": plain, "b2": plain, "c3": {**plain, "tries": [{"t": 1}]}}))
    raw = json_records.read([tmp_path / "x.json"], Options())
    assert raw.frame["id"].tolist() == ["a1", "b2", "c3"]
    other = {
        "meta": {"total": 2, "page": 1, "next": ""},
        "data": {"a": 1, "b": 2, "c": 3, "rows": [{"id": "x"}, {"id": "y"}]},
    }
    (tmp_path / "x.json").write_text(json.dumps(other))
    assert json_records.read([tmp_path / "x.json"], Options()).frame["id"].tolist() == ["x", "y"]


def test_records_under_ids_beside_others_are_accounted_for(tmp_path):
    document = {
        "releases": {"2": {"at": "2024-03-05", "by": "a"}, "1": {"at": "2024-03-01", "by": "b"}},
        "versions": {"2.1": {"at": "2024-04-01"}},
    }
    (tmp_path / "x.json").write_text(json.dumps(document))
    raw = json_records.read([tmp_path / "x.json"], Options(table="changes"))
    assert (raw.frame["id"].tolist(), [one.into for one in raw.folded]) == (
        ["2", "1"],
        ["no row: it is in the list versions"],
    )


def test_records_next_to_the_list_of_others_are_accounted_for(tmp_path):
    one = {"key": "K-1", "fields": {"summary": "Till down", "created": "2024-03-05"}}
    document = {"first": one, "found": {"issues": [one | {"key": "K-2"}]}, "page": {"total": 1, "size": 50}}
    (tmp_path / "x.json").write_text(json.dumps(document))
    raw = json_records.read([tmp_path / "x.json"], Options())
    assert raw.frame["key"].tolist() == ["K-2"]
    assert [(one.reason, one.into) for one in raw.folded] == [("other_list", "no row: it is in the list first")]


def columns_of(tmp_path, document: object) -> dict[str, list]:
    path = tmp_path / "x.json"
    path.write_text(json.dumps(document))
    return json_records.read([path], Options()).frame.to_dict("list")


def test_records_inside_groups_are_rows_with_what_the_group_says(tmp_path):
    event = {"messageId": "m1", "startDate": "03/05/2024", "eventStatus": "resolved"}
    groups = {
        "services": [
            {"serviceName": "Mail", "events": [event, event | {"messageId": "m2"}]},
            {"serviceName": "Maps", "events": []},
        ]
    }
    found = columns_of(tmp_path, groups)
    assert (found["serviceName"], found["messageId"]) == (["Mail", "Mail"], ["m1", "m2"])
    found = columns_of(tmp_path, [{"name": "Mail", "status": "up", "incidents": [event | {"name": "Slow"}]}])
    assert (found["name"], found["list.name"], found["list.status" if "list.status" in found else "status"]) == (
        ["Slow"],
        ["Mail"],
        ["up"],
    )


def test_records_inside_pages_of_groups_are_rows(tmp_path):
    columns = [{"text": "Done", "value": "{}", "column": {"title": "Status"}}]
    item = {"id": "1", "name": "Slow", "created_at": "2024-03-05T10:00:00Z", "column_values": columns}
    found = columns_of(tmp_path, {"data": {"boards": [{"items_page": {"items": [item, item | {"id": "2"}]}}]}})
    assert (found["id"], found["column_values.Status"]) == (["1", "2"], ["Done", "Done"])


@pytest.mark.parametrize(
    "parts",
    [
        {
            "updates": [{"id": "u1", "startDate": "2024-03-05", "status": "open"}],
            "status": "open",
        },  # it says how it is itself
        {"events": [{"id": "u1", "at": "2024-03-05T10:00:00Z", "status": "open"}], "created": 1709632800},
        {"events": [{"text": "no record"}]},
        {"a": [{"id": "1", "start": "2024-03-05"}], "b": [{"id": "2", "start": "2024-03-05"}]},
    ],
)
def test_lists_inside_records_are_parts_of_them(tmp_path, parts):
    assert columns_of(tmp_path, [{"name": "one"} | parts, {"name": "two"} | parts])["name"] == ["one", "two"]


def test_lists_are_called_by_what_differs_between_their_paths(tmp_path):
    check = {"at": "2024-03-05T10:00:00Z", "ok": True}
    found = columns_of(tmp_path, {"services": {"shop": {"checks": [check]}, "mail": {"checks": [check]}}})
    assert found["list"] == ["shop", "mail"]
    assert columns_of(tmp_path, {"shop": [check], "mail.de": [check]})["list"] == ["shop", "mail.de"]


def test_values_under_names_and_the_times_of_impacts_are_columns(tmp_path):
    fields = [
        {"name": "Priority", "value": {"name": "High"}},
        {"name": "Team", "value": ["a", "b"]},
        {"name": "None", "value": None},
    ]
    impacts = [
        {"type": "slow", "startTime": f"2024-03-05T1{n}:00:00Z", "endTime": f"2024-03-05T1{n}:30:00Z"} for n in (1, 0)
    ]
    open_one = [*impacts, {"startTime": "2024-03-05T13:00:00Z", "endTime": None}]
    found = columns_of(tmp_path, [{"id": "1", "fields": fields, "impacts": impacts}, {"id": "2", "impacts": open_one}])
    assert (found["fields.Priority"], found["fields.Team"]) == (["High", ""], [["a", "b"], ""])
    assert found["impacts.startTime"] == ["2024-03-05T10:00:00Z"] * 2
    assert found["impacts.endTime"] == ["2024-03-05T11:30:00Z", ""]
    assert not [name for name in found if name.endswith("None")]


def test_several_lists_of_yaml_are_refused_as_such(tmp_path):
    (tmp_path / "log.yaml").write_text("a:\n- {x: 1, y: 2}\nb:\n- {u: 1, v: 2}\n")
    with pytest.raises(InputError, match="several lists: a, b"):
        sources.read([tmp_path / "log.yaml"], "yaml", sources.Options(table="incidents"))


def test_of_several_lists_that_of_incidents_is_known_by_the_end_of_its_name(tmp_path):
    held = {
        "groups": [{"id": "g"}],
        "hosts": [{"id": "h"}],
        "recentIncidents": [{"id": "i", "title": "Till", "start": "2024-03-01"}],
    }
    (tmp_path / "page.json").write_text(json.dumps(held))
    raw = sources.read([tmp_path / "page.json"], "json", sources.Options(table="incidents"))
    assert (raw.frame["id"].tolist(), len(raw.folded)) == (["i"], 2)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("INC-1:\n  start: 2024-03-01\n  service: a\nINC-2:\n  start: 2024-03-02\n  service: b\n", ["INC-1", "INC-2"]),
        ("2023:\n- {id: x, start: 2023-03-01}\n2024:\n- {id: y, start: 2024-03-02}\n", ["x", "y"]),
        ("id: x\nstart: 2024-03-01\ntimes:\n  begin: 2024-03-01\n", ["x"]),
    ],
)
def test_yaml_holds_records_under_their_ids_or_in_lists_that_are_alike(tmp_path, text, ids):
    (tmp_path / "log.yaml").write_text(text)
    raw = sources.read([tmp_path / "log.yaml"], "yaml", sources.Options(table="incidents"))
    assert raw.frame["id"].tolist() == ids


def test_a_moment_with_dots_makes_an_object_a_record(tmp_path):
    path = tmp_path / "x.json"
    path.write_text('{"EventID": "7", "EventDate": "2024.03.05", "Status": "PROBLEM", "Host": "db-1"}')
    assert json_records.read([path], Options(table="incidents")).frame["EventID"].tolist() == ["7"]


def test_requests_are_records_next_to_how_the_query_went(tmp_path):
    path = tmp_path / "x.json"
    path.write_text('{"response_status": [{"status_code": 2000}], "requests": [{"id": "1"}, {"id": "2"}]}')
    assert json_records.read([path], Options(table="incidents")).frame["id"].tolist() == ["1", "2"]


def test_the_line_before_an_answer_that_is_not_to_be_run_is_no_part_of_it(tmp_path):
    path = tmp_path / "changes.json"
    path.write_text(")]}'\n" + '[{"id": "a"}, {"id": "b"}]')
    assert json_records.read([path], Options(table="changes")).frame["id"].tolist() == ["a", "b"]
    assert read_head(path).records == [{"id": "a"}, {"id": "b"}]


def test_a_record_with_lists_of_words_is_one(tmp_path):
    path = tmp_path / "x.json"
    path.write_text(
        json.dumps({"_id": "5e", "at": "2024-03-05T09:00:00Z", "name": "Basket", "tags": []}), encoding="utf-8"
    )
    raw = sources.read([path], "json", sources.Options(table="changes"))
    assert raw.frame["name"].tolist() == ["Basket"]


def test_a_list_that_ends_with_incidents_is_that_of_the_incidents(tmp_path):
    path = tmp_path / "widget.json"
    held = {"ongoing_incidents": [{"id": "i1"}], "scheduled_maintenances": [{"id": "m1"}]}
    path.write_text(json.dumps(held))
    assert json_records.read([path], Options(table="incidents")).frame["id"].tolist() == ["i1"]
    assert json_records.read([path], Options(table="changes")).frame["id"].tolist() == ["m1"]
