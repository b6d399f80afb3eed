"""Records under keys: under versions or names, or in a list for each."""

from __future__ import annotations

import json

import pytest

from aftershock import sources
from aftershock.schema.errors import InputError
from aftershock.sources.tabular import json_maps

FIRST = {"release_date": "2024-02-03", "changes": {"fixes": ["a", "b"]}, "plugins": [{"name": "p"}]}
SECOND = {"release_date": "2024-03-04", "changes": {"fixes": ["c"]}}


def read(tmp_path, document, format="json"):
    path = tmp_path / "x.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return sources.read([path], format, sources.Options(table="changes"))


@pytest.mark.parametrize("format", ["json", "yaml"])
def test_versions_under_one_key_are_records_with_their_lists_as_parts(tmp_path, format):
    raw = read(
        tmp_path, {"ancestor": None, "releases": {"1.0.0": FIRST, "1.1.0": SECOND}, "meta": {"by": {"x": 1}}}, format
    )
    assert raw.frame[["id", "release_date"]].to_numpy().tolist() == [["1.0.0", "2024-02-03"], ["1.1.0", "2024-03-04"]]
    assert [one.into for one in raw.folded] == ["no row: it is in the list meta"]


@pytest.mark.parametrize("format", ["json", "yaml"])
def test_a_list_for_each_name_under_one_key_is_one_log(tmp_path, format):
    entries = {"till": [{"version": "1.0.0", "created": "2024-02-03"}, {"version": "1.1.0", "created": "2024-03-04"}]}
    entries["shop"] = [{"version": "2.0.0", "created": "2024-03-05", "home": "x"}]
    raw = read(tmp_path, {"apiVersion": "v1", "entries": entries, "generated": "2024-04-01"}, format)
    assert raw.frame["list"].tolist() == ["till", "till", "shop"]


def test_what_lies_beside_a_list_is_no_log_of_its_own():
    assert json_maps.of_keys({"pages": {"a": SECOND, "b": FIRST}, "incidents": [{"id": 1}]}) is None
    assert json_maps.of_keys({"a": {"at": "2024-02-03"}, "b": {"name": "x"}}) is None


def test_records_of_days_that_say_themselves_when_they_were_are_rows(tmp_path):
    day = {"date": "2024-02-03", "releases": [{"repo": "till", "datetime": "2024-02-03T10:00:00Z", "tag_name": "v1"}]}
    raw = read(tmp_path, [day, {**day, "date": "2024-02-04"}])
    assert raw.frame.to_numpy().tolist() == [["till", "2024-02-03T10:00:00Z", "v1"]] * 2
    kept = read(tmp_path, [{"title": "Till down", **day}, {"title": "Shop down", **day}])
    assert kept.frame["title"].tolist() == ["Till down", "Shop down"]


def test_several_lists_in_yaml_are_refused_as_such(tmp_path):
    lists = {"leaks": [{"at": "2024-02", "who": "a"}], "research": [{"title": "b", "year": "c"}]}
    with pytest.raises(InputError, match="several lists: leaks, research"):
        read(tmp_path, lists, "yaml")


def test_releases_in_groups_are_rows(tmp_path):
    one = {"version": "7.0.1", "date": "2024-02-03", "notes": {"link": "x"}}
    groups = [{"group": "7.x", "detail": [one, {**one, "version": "7.0.0"}]}, {"group": "6.x", "detail": [one]}]
    assert read(tmp_path, groups, "yaml").frame["version"].tolist() == ["7.0.1", "7.0.0", "7.0.1"]
    undated = [{"group": "7.x", "detail": [{"version": "7.0.1", "size": "1"}]}]
    assert "version" not in read(tmp_path, undated, "yaml").frame


def test_releases_of_one_part_dated_as_in_mail_are_rows(tmp_path):
    raw = read(
        tmp_path, {"modal-1.0.0": "Sat, 14 Sep 2019 02:40:43 GMT", "modal-1.0.1": "Wed, 05 Feb 2020 15:21:34 GMT"}
    )
    assert raw.frame["release"].tolist() == ["modal-1.0.0", "modal-1.0.1"]


def test_the_releases_of_a_package_are_rows(tmp_path):
    dates = {"1.0.0": "2024-02-03T10:00:00Z", "1.1.0": "2024-02-04T10:00:00Z"}
    package = {
        "name": "till",
        "dist-tags": {"latest": "1.1.0"},
        "maintainers": [{"name": "a"}],
        "versions": {"1.0.0": {"a": "b"}},
    }
    raw = read(tmp_path, package | {"time": {"created": "2024-02-03T09:00:00Z", **dates}})
    assert raw.frame.to_numpy().tolist() == [["till", version, at] for version, at in dates.items()]
    files = {
        version: [
            {
                "filename": "b",
                "upload_time": at[:-1].replace("10:", "11:"),
                "upload_time_iso_8601": at.replace("10:", "11:"),
            },
            {"filename": "a", "upload_time": at[:-1], "upload_time_iso_8601": at},
        ]
        for version, at in dates.items()
    }
    raw = read(tmp_path, {"info": {"name": "till"}, "releases": {**files, "0.9.0": []}, "urls": []})
    assert raw.frame.to_numpy().tolist()[:2] == [["till", version, at] for version, at in dates.items()]
