"""Records read as a description says: times, words, rows that are none, and references to other records."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from aftershock.sources import Format, Options, RawTable
from aftershock.sources.described.description import Description
from aftershock.sources.described.reader import formats_of
from aftershock.sources.file_head import read_head

CHANGES = {"change_id": "id", "started_at": "at", "finished_at": "ends", "title": "name", "kind": "type"}
INCIDENTS = {"incident_id": "id", "started_at": "at", "resolved_at": "ends", "title": "name"}


def format_of(table: str, **said: Any) -> Format:
    columns = (CHANGES if table == "changes" else INCIDENTS) | said.pop("columns", {})
    description = {"title": "Runs", table: {"reads": "A run is a row.", "columns": columns, **said}}
    (made,) = formats_of(Description.model_validate(description), "runs")
    return made


@pytest.fixture
def read(tmp_path) -> Callable[..., RawTable]:
    """Reads records with a description of these keys; ``options``: those of the section."""

    def made(*records: dict, table: str = "changes", options: dict | None = None, **said: Any) -> RawTable:
        file = tmp_path / "runs.json"
        file.write_text(json.dumps(list(records)))
        return format_of(table, **said).read([file], Options(table=table, **(options or {})))

    return made


def column(raw: RawTable, name: str) -> list[object]:
    return raw.frame[name].tolist()


def folds(raw: RawTable) -> list[str]:
    return [one.into for one in raw.folded]


def test_of_several_ends_the_last_counts_and_of_several_beginnings_the_first(read):
    times = ["2024-01-10T12:00:00Z", "2024-01-10T11:30:00+00:00", "", "2024-01-10T14:00:00+02:00"]
    raw = read({"id": 1, "at": times, "ends": times})
    assert column(raw, "started_at") == [times[1]]
    assert column(raw, "finished_at") == [times[0]], "of two that are the same moment the first that is written"


def test_what_stands_for_no_time_is_none(read):
    for ends, said in (("0001-01-01T00:00:00Z", {"empty": ["0001-01-01T00:00:00Z"]}), (0, {"epochs": "s"})):
        raw = read({"id": 1, "at": "1704885300", "ends": ends}, {"id": 2, "at": "1704885300", "ends": "5"}, **said)
        assert column(raw, "finished_at")[0] == "" and column(raw, "finished_at")[1]


@pytest.mark.parametrize("number", ["1704885300", "1704885300000", "1704885300000000", "1704885300000000000"])
def test_the_unit_of_an_epoch_is_that_of_its_size(read, number):
    raw = read({"id": 1, "at": int(number)}, epochs="size")
    assert column(raw, "started_at")[0].startswith("2024-01-10T11:15:00")


def test_a_zone_is_that_of_the_record_or_a_name(read):
    records = [{"id": 1, "at": "2024-07-10 12:00", "tz": "America/New_York"}, {"id": 2, "at": "2024-07-10T12:00:00Z"}]
    times = column(read(*records, zone="tz"), "started_at")
    assert times == ["2024-07-10T12:00:00-04:00", "2024-07-10T12:00:00Z"]
    assert column(read({"id": 1, "at": "2024-07-10 12:00"}, zone="Europe/Berlin"), "started_at") == [
        "2024-07-10T12:00:00+02:00"
    ]


def test_a_duration_makes_an_end_where_none_is_written(read):
    lasting = {"finished_at": {"begins": "at", "lasts": "took", "unit": "ms"}}
    start, end = "2024-01-10T12:00:00Z", "2024-01-10T13:00:00Z"
    records = [
        {"id": 1, "at": start, "took": 90_000},
        {"id": 2, "at": start, "took": 90_000, "ends": end},
        {"id": 3, "at": start, "took": 0},
        {"id": 4, "at": start, "took": "long"},
    ]
    found = column(read(*records, lasting=lasting), "finished_at")
    assert found == ["2024-01-10T12:01:30+00:00", end, "", ""]


def test_a_record_that_has_no_end_for_another_reason_does_not_get_it_from_its_duration(read):
    lasting = {"finished_at": {"begins": "at", "lasts": "took"}}
    when = [{"where": {"state": "running"}, "columns": {"finished_at": "="}}]
    records = [
        {"id": n, "at": "2024-01-10T12:00:00Z", "took": 60, "state": s} for n, s in enumerate(["over", "running"])
    ]
    assert column(read(*records, lasting=lasting, when=when), "finished_at") == ["2024-01-10T12:01:00+00:00", ""]


def test_a_recovery_ends_what_began_before_it_and_is_accounted_for(read):
    said = {"where": {"state": "OK"}, "of": "what", "at": "at"}
    noon, one, two = (f"2024-01-10T{hour}:00:00Z" for hour in (12, 13, 14))
    records = [
        {"id": "b", "at": two, "what": "disk", "state": "ALARM"},
        {"id": "c", "at": one, "what": "disk", "state": "OK"},
        {"id": "a", "at": noon, "what": "disk", "state": "ALARM"},
        {"id": "d", "at": two, "what": "cpu", "state": "OK"},
    ]
    raw = read(*records, table="incidents", recovery=said)
    assert column(raw, "incident_id") == ["b", "a"] and column(raw, "resolved_at") == ["", one]
    assert [(f.line, f.into) for f in raw.folded] == [(2, "the end of a"), (4, "no row: d is a recovery")]


def test_a_bound_that_is_no_later_than_its_time_is_none(read):
    start = "2024-01-10T12:00:00Z"
    records = [
        {"id": 1, "at": start, "latest": "2024-01-10T12:30:00Z"},
        {"id": 2, "at": start, "latest": start},
        {"id": 3, "at": start, "latest": "2024-01-10T11:30:00Z"},
    ]
    raw = read(*records, columns={"started_at_before": "latest"})
    assert column(raw, "started_at_before") == ["2024-01-10T12:30:00Z", "", ""]


def test_words_are_taken_in_any_case_and_a_star_stands_for_all_others(read):
    records = [{"id": n, "at": "2024-01-10", "type": t} for n, t in enumerate(["ROLL", "flip", "", "deploy"])]
    named = read(*records, words={"kind": {"Roll": "deploy", "flip": "feature_flag"}})
    assert column(named, "kind") == ["deploy", "feature_flag", "", "deploy"]
    starred = read(*records, words={"kind": {"roll": "deploy", "*": "other", "": "config"}})
    assert column(starred, "kind") == ["deploy", "other", "config", "other"]
    assert column(read(*records, words={"kind": {"*": "other"}}), "kind")[2] == "", "no word is no other word"


def test_of_several_conditions_that_hold_the_last_counts(read):
    when = [
        {"where": {"name": "*"}, "columns": {"title": "=first"}},
        {"where": {"type": "flip"}, "columns": {"title": "{name}, flipped"}},
    ]
    raw = read(
        {"id": 1, "at": "2024-01-10", "name": "a"},
        {"id": 2, "at": "2024-01-10", "name": "b", "type": "flip"},
        when=when,
    )
    assert column(raw, "title") == ["first", "b, flipped"]


def test_lists_have_each_value_once(read):
    raw = read({"id": 1, "at": "2024-01-10", "apps": ["web", "db", "web"]}, columns={"services": "apps"})
    assert column(raw, "services") == [["web", "db"]]


def test_a_record_of_another_table_says_where_it_is_a_row(read):
    fold = [{"where": {"type": "outage"}, "because": "is an outage", "table": "incidents"}]
    raw = read({"id": 1, "at": "2024-01-10", "type": "outage"}, {"id": 2, "at": "2024-01-10"}, fold=fold)
    assert folds(raw) == ["1 is an outage: a row under [incidents], if that reads this file"]
    assert [one.reason for one in raw.folded] == ["other_table"] and column(raw, "change_id") == ["2"]
    own = [{**fold[0], "table": "changes"}]
    assert folds(read({"id": 1, "type": "outage"}, fold=own)) == ["no row: 1 is an outage"]


def test_what_holds_only_without_labels_gives_way_to_them(read):
    records = [
        {"id": 1, "at": "2024-01-10", "tags": ["incident"], "type": "question"},
        {"id": 2, "at": "2024-01-10", "tags": ["other"]},
    ]
    said = {
        "labels": "tags",
        "fold": [{"where": {"type": "question"}, "because": "is a question", "without_label": True}],
    }
    plain = read(*records, table="incidents", **said)
    assert folds(plain) == ["no row: 1 is a question"]
    labelled = read(*records, table="incidents", options={"labels": ("incident", "outage")}, **said)
    assert folds(labelled) == ["no row: 2 has no label incident or outage"] and column(labelled, "incident_id") == ["1"]


def test_a_record_of_another_branch_is_no_row_where_one_is_asked_for(read):
    records = [
        {"id": 1, "at": "2024-01-10", "into": "main"},
        {"id": 2, "at": "2024-01-10", "into": "next"},
        {"id": 3, "at": "2024-01-10"},
    ]
    branch = {"at": "into", "because": "was merged into"}
    assert folds(read(*records, branch=branch)) == []
    raw = read(*records, branch=branch, options={"ref": "main"})
    assert folds(raw) == ["no row: 2 was merged into next, not main"] and column(raw, "change_id") == ["1", "3"]


def test_a_rejected_record_names_what_was_found(read):
    reject = [{"unless": {"at": "20*"}, "column": "at", "expected": "a time", "remedy": "Add it."}]
    raw = read({"id": 1, "at": "soon"}, {"id": 2, "at": "2024-01-10"}, reject=reject)
    ((problem,), rows) = raw.problems, column(raw, "change_id")
    assert (problem.column, problem.found, problem.expected, rows) == ("at", "'soon'", "a time", ["2"])


def test_references_are_the_ids_of_the_records_that_they_name(read):
    records = [
        {"id": "R-1", "at": "2024-01-10", "no": 1},
        {"id": "R-2", "at": "2024-01-11", "no": 2, "undoes": ["1", "9"]},
    ]
    raw = read(*records, named="{no}", columns={"reverts": "undoes"})
    assert column(raw, "reverts")[1] == ["R-1", "9"]


def test_a_commit_s_message_gives_title_and_description_and_an_author_is_a_pseudonym(read):
    record = {"id": "shop#12", "at": "2024-01-10", "msg": "Revert it\n\nReverts #7", "who": "ann@example.org"}
    raw = read(record, message="msg", reverts_in="msg", columns={"author": "who"})
    assert (column(raw, "title"), column(raw, "reverts")) == (["Revert it"], [["shop#7"]])
    (author,) = column(raw, "author")
    assert author and "ann" not in author


def test_a_file_is_as_surely_of_the_format_as_its_records_have_its_fields(tmp_path):
    found = format_of("changes", recognised_by=[["run_no", "state=/^do?ne$/"], ["legacy"]], sure=0.9, share=0.5)

    def sureness(*records: dict) -> float:
        file = tmp_path / "x.json"
        file.write_text(json.dumps(list(records)))
        return found.recognises(read_head(file), "changes")

    run = {"run_no": None, "state": "Done"}
    assert sureness(run, run) == sureness(run, {"x": 1}) == 0.9, "half of them are enough"
    assert sureness(run, {"x": 1}, {"x": 1}, {"x": 1}) == pytest.approx(0.45)
    assert sureness({"run_no": 1, "state": "open"}) == 0 and sureness({"legacy": 1}) == 0.9
    (tmp_path / "x.json").write_text(json.dumps([run]))
    assert found.recognises(read_head(tmp_path / "x.json"), "incidents") == 0


def test_a_list_that_is_called_as_the_records_are_is_looked_at_among_others(tmp_path):
    found = format_of("changes", records=["runs"], recognised_by=[["run_no"]], sure=0.9)
    page = {
        "name": "shop",
        "parts": [{"a": 1}] * 9,
        "runs": [{"run_no": 1, "at": "2024-01-10"}, {"run_no": 2, "at": "2024-01-11"}],
    }
    (tmp_path / "x.json").write_text(json.dumps(page), encoding="utf-8")
    head = read_head(tmp_path / "x.json")
    assert found.recognises(replace(head, records=head.documents), "changes") == 0.9


def test_a_format_has_the_keys_that_its_description_gives_sense():
    assert format_of("changes").keys == ()
    assert format_of("incidents", labels="tags").keys == ("label",)
    assert format_of("changes", labels="tags", branch={"at": "into"}).keys == ("label", "ref")
    both = {t: {"reads": "x", "columns": c} for t, c in (("incidents", INCIDENTS), ("changes", CHANGES))}
    made = formats_of(Description.model_validate({"title": "Both", **both}), "both")
    assert [tuple(f.tables) for f in made] == [("incidents",), ("changes",)]
