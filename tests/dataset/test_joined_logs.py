"""Several sections on one table: one log, each with keys of its own, and every record accounted for."""

from __future__ import annotations

import json

import pytest
from conftest import INCIDENTS

from aftershock import load
from aftershock.schema.errors import InputError

TOML = """name = "several"
timezone = "UTC"
[incidents]
path = "incidents.csv"
[[changes]]
path = "shop.csv"
service = "shop"
[[changes.kind]]
kind = "config"
title = "set *"
[[changes]]
path = "windows.json"
format = "json"
timezone = "Europe/Berlin"
environment = "production"
prefix = "w-"
columns = { change_id = "no", started_at = "from" }
"""
SHOP = "change_id,started_at,title\n7,2024-01-10T11:30:00Z,Set a limit\n8,2024-01-20T11:30:00Z,Add a column\n"
WINDOWS = [
    {"no": 7, "from": "2024-01-15 12:00", "title": "Move the disks", "reverts": ["6"]},
    {"no": 6, "from": "2024-01-14 12:00", "title": "New disks", "environment": "staging"},
]


@pytest.fixture
def folder(write):
    def make(toml: str = TOML, shop: str = SHOP):
        return write(toml, INCIDENTS, None, shop__csv=shop, windows__json=json.dumps(WINDOWS))

    return make


def test_each_section_is_read_with_its_own_keys(folder):
    changes = load(folder()).changes.set_index("change_id")
    assert changes.index.tolist() == ["7", "w-6", "w-7", "8"]
    assert changes["started_at"].map(str)["w-7"] == "2024-01-15 11:00:00+00:00"
    assert changes["environment"].tolist() == ["", "staging", "production", ""]
    assert changes["services"].tolist() == [["shop"], [], [], ["shop"]]
    assert changes["kind"]["7"] == "config"
    assert changes["reverts"]["w-7"] == ["w-6"]
    assert changes["file"].tolist() == ["shop.csv", "windows.json", "windows.json", "shop.csv"]


def test_ids_of_two_logs_that_meet(folder):
    dataset = load(folder(TOML.replace('prefix = "w-"\n', "")))
    assert dataset.changes["change_id"].tolist() == ["7", "6", "8"]
    assert dataset.rejected[["file", "found", "reason"]].to_numpy().tolist() == [
        ["windows.json", "'7'", "duplicate_id"]
    ]
    assert dataset.rejected["remedy"][0].startswith("If the logs number alike, give one of their sections a prefix")


def test_the_same_record_in_two_logs_counts_once(folder):
    twice = TOML.replace("windows.json", "again.csv").partition('format = "json"')[0]
    made = folder(twice + 'service = "shop"\n[[changes.kind]]\nkind = "config"\ntitle = "set *"\n')
    (made / "again.csv").write_text(SHOP.splitlines()[0] + "\n" + SHOP.splitlines()[1] + "\n")
    dataset = load(made)
    assert dataset.changes["change_id"].tolist() == ["7", "8"]
    assert dataset.folded[["reason", "into"]].to_numpy().tolist() == [["repeated_record", "7, of shop.csv, record 2"]]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (
            ('format = "json"', 'format = "jsn"'),
            "dataset.toml, line 13: found [[changes]] 2: format = 'jsn'; expected one of csv, ",
        ),
        (
            ("prefix =", "prefx ="),
            "dataset.toml, line 16: found the key '[[changes]] 2: prefx'; expected one of path, ",
        ),
        (
            ('kind = "config"', 'kind = "confg"'),
            "dataset.toml, line 9: found [[changes.kind]] 1: kind = 'confg'; expected one of deploy, config, ",
        ),
        (
            ("started_at =", "startd_at ="),
            "dataset.toml, line 17: found the column 'startd_at' in columns; expected a canonical column of changes; ",
        ),
        (
            ('path = "incidents.csv"', 'path = "incidents.csv"\nservice = [{ service = "a", path = "b" }]'),
            "dataset.toml, line 5: found [incidents] service: path; expected a rule on title, or none. Remove the pattern.",
        ),
    ],
)
def test_a_wrong_key_is_named_with_the_section_it_is_in(folder, wrong, message):
    with pytest.raises(InputError) as failed:
        load(folder(TOML.replace(*wrong)))
    assert str(failed.value).startswith(message)


def test_several_service_graphs_are_one(write):
    toml = TOML.partition("[[changes]]")[0] + '[changes]\npath = "shop.csv"\n'
    toml += '[[services]]\npath = "one.csv"\n[[services]]\npath = "two.csv"\n'
    edges = {"one__csv": "service,depends_on\nweb,shop\n", "two__csv": "service,depends_on\nweb,shop\nshop,db\n"}
    dataset = load(write(toml, INCIDENTS, None, shop__csv=SHOP, **edges))
    assert dataset.dependencies[["service", "depends_on"]].to_numpy().tolist() == [["web", "shop"], ["shop", "db"]]
    assert dataset.folded["into"].tolist() == ["web needs shop, seen before"]
