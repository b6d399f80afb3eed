"""Dotted paths into nested records."""

from __future__ import annotations

import pytest

from aftershock.sources import json_paths


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("a.b", 1),
        ("a.c.0", "x"),
        ("a.c.-1", "y"),
        ("a.c.7", None),
        ("list.name", ["p", "q"]),
        ("list.deep.n", [1, 2, 3]),
        ("k8s.io/name", "dotted"),
        ("labels.app.k8s.io", "inner"),
        ("a.b.c", None),
        ("nothing", None),
    ],
)
def test_a_path_leads_through_objects_and_lists(path, found):
    value = {
        "a": {"b": 1, "c": ["x", "y"]},
        "list": [{"name": "p", "deep": [{"n": 1}, {"n": 2}]}, {"name": "q", "deep": [{"n": 3}]}, "no object"],
        "k8s.io/name": "dotted",
        "labels": {"app.k8s.io": "inner"},
    }
    assert json_paths.at(value, path) == found


def test_an_object_that_only_says_of_which_type_its_value_is_counts_as_the_value():
    record = {
        "_id": {"$oid": "65a"},
        "at": {"$date": {"$numberLong": "1709629200000"}},
        "begun": {"seconds": 1709629200, "nanos": 500},
        "item": {"M": {"name": {"S": "web"}}},
        "took": {"seconds": 4},
    }
    assert dict(json_paths.flat(record)) == {
        "_id": "65a", "at": "1709629200000", "begun": "1709629200", "item.name": "web", "took.seconds": "4",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("/Date(1619793300000)/", "2021-04-30T14:35:00Z"),
        ("/Date(1619793300000+0100)/", "2021-04-30T14:35:00Z"),
        ("/Date(-62135596800000)/", ""),
        ("/Date(soon)/", "/Date(soon)/"),
    ],
)
def test_moments_of_asp_net(written, read):
    assert json_paths.cell(written).replace("+00:00", "Z") == read


def test_what_a_converter_of_xml_calls_a_text_is_the_text():
    assert json_paths.named([{"__text__": " 15 "}]) == "15"
    assert json_paths.named([{"#text": "a", "@x": "1"}, {"#text": "b"}]) == ["a", "b"]


def test_files_of_a_commit_are_called_by_their_paths():
    files = [{"sha": "a1", "filename": "services/shop/main.go", "status": "added"}, {"filename": "docs/readme.md"}]
    assert json_paths.named(files) == ["services/shop/main.go", "docs/readme.md"]


def test_an_object_around_another_has_the_name_of_that():
    hit = [{"service": {"id": "s1", "name": "shop"}}, {"service": {"id": "s2", "name": "pay"}}]
    assert json_paths.named(hit) == ["shop", "pay"]
    assert json_paths.named([{"component": "shop", "new_status": "down"}]) == ["shop"]
