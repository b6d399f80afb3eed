"""The head of a file says what kind of file it is."""

from __future__ import annotations

import gzip
import json

import pytest

from aftershock.sources import file_head
from aftershock.sources.file_head import read_head


def test_a_sample_of_json_that_is_cut_off_keeps_its_whole_records(tmp_path):
    file = tmp_path / "x.json"
    records = [{"id": n, "deep": {"list": [1, "]}"]}} for n in range(50_000)]
    file.write_text(json.dumps({"page": 1, "incidents": records}))
    found = read_head(file)
    assert found.kind == "json"
    assert found.around == {"page": 1, "incidents": None}
    assert [r["id"] for r in found.records] == list(range(200))


@pytest.mark.parametrize(
    ("name", "data", "kind", "records"),
    [
        ("x.csv", b"sep=;\na;b\n1;2\n", "csv", [{"a": "1", "b": "2"}]),
        ("x.csv", "a\tb\n1\t2\n".encode("utf-16"), "csv", [{"a": "1", "b": "2"}]),
        ("x.csv", b"a\n1\n2\n", "csv", [{"a": "1"}, {"a": "2"}]),
        ("x.txt", b"a\n1\n2\n", "", []),
        ("x.md", b"[//]: # (how we release)\n\n- First\n", "markdown", []),
        ("x.md", b'[{"a": 1}]', "json", [{"a": 1}]),
        ("x.csv", gzip.compress(b"a,b\n", mtime=0), "csv", [{"a": "", "b": ""}]),
        ("x.jsonl", b'{"a": 1}\n{"a": 2}\n', "json", [{"a": 1}, {"a": 2}]),
        ("x.yaml", b"kind: Component\n---\n- 1\n", "yaml", [{"kind": "Component"}]),
        ("x.md", b"---\ntitle: Down\n---\nText\n", "markdown", [{"title": "Down", "body": "Text"}]),
        ("x.md", b"+++\ndate = 2024-01-10\n+++\n", "markdown", [{"date": "2024-01-10", "body": ""}]),
        ("x.md", b"# Text\n", "markdown", []),
        ("x", b"\x00\x01\x02,\n", "", []),
        ("x", b"\x1f\x8b broken", "", []),
        ("x.json", b'{"a', "json", []),
        ("x.json", b"node : a, new version\nis here, now\n[{}]", "", []),
        ("x", b"", "", []),
    ],
)
def test_a_sample_tells_the_kind_of_a_file(tmp_path, name, data, kind, records):
    file = tmp_path / name
    file.write_bytes(data)
    found = read_head(file)
    assert (found.kind, found.records) == (kind, records)
    assert found.lines == name.endswith("jsonl")


def test_yaml_that_is_cut_off_ends_with_its_last_whole_item(tmp_path, monkeypatch):
    monkeypatch.setattr(file_head, "MOST_BYTES", 70)
    path = tmp_path / "events.yaml"
    path.write_text("apiVersion: v1\nitems:\n- {a: 1, b: x}\n- {a: 2, b: y}\n- {a: 3, b: zzzzzzzzzzzzz}\nkind: List\n")
    assert [record["a"] for record in read_head(path).records] == ["1", "2"]


def test_lists_that_lie_deep_are_told_by_their_paths(tmp_path):
    file = tmp_path / "x.json"
    file.write_text(json.dumps({"data": {"repository": {"releases": {"nodes": [{"id": 1}]}, "tags": ["a"]}}}))
    assert read_head(file).around == {"data": None, "data.repository.releases.nodes": None}


def test_what_a_webhook_sends_of_one_record_lies_within(tmp_path):
    path = tmp_path / "hook.json"
    path.write_text('{"event": {"type": "resolved"}, "data": {"incident": {"id": 7, "name": "Basket"}}}')
    head = read_head(path)
    assert head.within("data.incident").records == [{"id": 7, "name": "Basket"}]
    assert not head.within("data.nothing").records


def test_what_json_api_includes_is_no_record(tmp_path):
    path = tmp_path / "page.json"
    path.write_text('{"data": [{"id": "1"}, {"id": "2"}], "included": [{"id": "9"}, {"id": "10"}, {"id": "11"}]}')
    assert [record["id"] for record in read_head(path).records] == ["1", "2"]
