"""Records become rows, problems or folds, and none is lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from commands import run
from conftest import TOML

from aftershock.schema.errors import InputError
from aftershock.sources import Options
from aftershock.sources.row_builder import RowBuilder

FIELDS = {"incident_id": "id", "title": ("name", "text"), "started_at": "at"}


def gathered(tmp_path: Path, content: str, **options: object) -> tuple[RowBuilder, list]:
    file = tmp_path / "x.json"
    file.write_text(content, encoding="utf-8")
    made = RowBuilder(Options(**options), FIELDS, updated="updated")
    return made, list(made.json_records([file], ("items",)))


def test_repetitions_are_folded_and_the_newest_version_counts(tmp_path):
    old = '{"id": "a", "name": "old", "updated": "2024-01-02T00:00:00+02:00"}'
    new = '{"id": "a", "name": "new", "updated": "2024-01-01T23:00:00Z"}'
    other = '{"id": "a", "name": "without a date"}'
    made, records = gathered(tmp_path, f"[{old}, {new}, {old}, {new}, {other}]")
    for record in records:
        made.add(record)
    table = made.table()
    assert table.frame["title"].tolist() == ["new", "without a date"]
    assert [(f.line, f.reason, f.into) for f in table.folded] == [
        (1, "older_version", "a, as x.json, record 2, has it"),
        (3, "older_version", "a, as x.json, record 2, has it"),
        (4, "repeated_record", "a, of x.json, record 2"),
    ]
    assert table.records == table.accounted == 5


def test_dataset_toml_maps_any_path_of_a_record(tmp_path):
    content = '[{"id": "a", "at": "2024-01-01", "impact": {"began": "2023-12-31T23:00:00Z"}, "parts": [{"n": "x"}, {"n": "y"}]}]'
    made, records = gathered(tmp_path, content, columns={"started_at": "impact.began", "services": "parts.n"})
    made.add(records[0])
    table = made.table()
    assert table.frame[["started_at", "services"]].values.tolist() == [["2023-12-31T23:00:00Z", ["x", "y"]]]
    assert table.origins["started_at"] == "impact.began"


def test_a_path_that_no_record_has_names_those_there(tmp_path):
    made, records = gathered(
        tmp_path, '[{"id": "a", "impact": {"began": "x"}}]', columns={"started_at": "impact.begin"}
    )
    made.add(records[0])
    with pytest.raises(InputError) as failed:
        made.table()
    assert str(failed.value) == (
        "x.json: found no field 'impact.begin'; expected the field that dataset.toml maps started_at to; the nearest is "
        "'impact.began'. The records have id, impact.began."
    )


def test_extras_are_what_is_not_read_without_people(tmp_path):
    value = {
        "id": "a",
        "status": "a word of the vendor's",
        "assignee": {"name": "Ada Example"},
        "Assigned to": "Ada Example",
        "teamLead": {"accountId": "1", "displayName": "Ada Example"},
        "watchers": ["Ada"],
        "note": "ask ada@example.com",
        "deep": {"list": [1, 2], "none": None, "users": [{"name": "Ada"}], "flag": False},
        "self": "https://api.example.com",
    }
    made, records = gathered(tmp_path, json.dumps([value]))
    made.add(records[0], {"own": "made by the reader"})
    assert made.table().extras == [
        {
            "status": "a word of the vendor's",
            "note": "ask …",
            "deep.list": ["1", "2"],
            "deep.flag": "false",
            "own": "made by the reader",
        }
    ]


def test_check_shows_what_was_folded(write):
    records = [{"id": "P1", "created_at": "2024-01-10T12:00:00Z"}] * 25
    toml = TOML.replace('"incidents.csv"', '"incidents.json"\nformat = "pagerduty"')
    out = run("check", str(write(toml, incidents=None, incidents__json=json.dumps(records)))).stdout
    assert "  incidents: 25 records = 1 row used + 0 rejected + 24 folded; 0 noted" in out
    assert "folded: 24 records, repeated_record: the export holds the same record twice\n" in out
    assert "  incidents.json, line 2: P1, of incidents.json, record 1\n" in out
    assert out.endswith("  … and 4 more\n")


def test_a_record_that_is_a_person_keeps_its_row_and_has_no_extras(tmp_path):
    made, records = gathered(tmp_path, '[{"id": "a", "email": "ada@example.com", "note": "x"}]')
    made.add(records[0])
    assert made.table().frame["incident_id"].tolist() == ["a"]
    assert made.table().extras == [{}]
