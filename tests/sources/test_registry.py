"""The formats there are: those built in, and those that packages add."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from conftest import TOML
from plug_in_formats import OWN, TWO

from aftershock import load, sources
from aftershock.output.phrases import listed
from aftershock.schema.errors import AftershockError, InputError, UsageError, nearest
from aftershock.sources import Options, registry
from aftershock.sources.row_builder import RowBuilder


def test_a_package_adds_a_format(plug_in, write):
    plug_in("plug_in_formats:OWN")
    assert "own" in sources.names("incidents")
    incidents = json.dumps([{"id": "P1", "created_at": "2024-01-10T12:00:00Z"}])
    toml = TOML.replace('"incidents.csv"', '"incidents.json"\nformat = "own"')
    assert load(write(toml, incidents=None, incidents__json=incidents)).incidents["incident_id"].tolist() == ["P1"]


def test_one_name_may_stand_for_exports_of_several_tables(plug_in):
    plug_in("plug_in_formats:TWO")
    assert sources.find("own", "incidents") is TWO[0]
    assert sources.find("own", "changes") is TWO[1]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (
            "no_such_package:FORMAT",
            "the format 'own' of the package no_such_package:FORMAT cannot be loaded: ModuleNotFoundError: No module named "
            "'no_such_package'. Fix or uninstall the package.",
        ),
        (
            "plug_in_formats:NO_FORMAT",
            "the format 'own' of the package plug_in_formats:NO_FORMAT leads to plug_in_formats:NO_FORMAT, which is not a Format of "
            "that name. Fix or uninstall the package.",
        ),
    ],
)
def test_a_broken_package_is_an_error_only_when_it_is_used(plug_in, write, value, message):
    plug_in(value)
    assert len(load(write()).incidents) == 2
    with pytest.raises(AftershockError) as failed:
        load(write(TOML + 'format = "own"\n'))
    assert str(failed.value) == message


def test_a_package_cannot_replace_a_format(plug_in):
    plug_in("plug_in_formats:NO_FORMAT", name="csv")
    assert sources.find("csv", "incidents").title == "CSV of any delimiter"


def test_an_unknown_format_names_the_nearest_and_a_misplaced_one_its_table():
    with pytest.raises(UsageError) as unknown:
        sources.find("statuspgae", "changes")
    assert str(unknown.value).endswith("; the nearest is 'statuspage'")
    assert str(unknown.value).startswith("unknown format 'statuspgae'; known are csv, ")
    with pytest.raises(UsageError) as misplaced:
        sources.find("backstage", "incidents")
    assert str(misplaced.value).startswith(
        "the format 'backstage' reads dependencies, not incidents; those that do are"
    )


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        (
            TOML.replace('"incidents.csv"', '"x.json"\nformat = "backstage"'),
            "dataset.toml, line 5: found [incidents] format = 'backstage'; expected a format of incidents: one of csv, ",
        ),
        (
            TOML + 'label = ["incident"]\n',
            "dataset.toml, line 7: found [changes] label; expected no such key next to format = 'csv'. Remove it.",
        ),
        (
            TOML.replace('path = "changes.csv"', "").replace("[changes]", '[changes]\ncolumns = { title = "a" }'),
            "dataset.toml, line 5: found no '[changes] path'; expected the key 'path'. Add it; docs/datasets.md shows where.",
        ),
    ],
)
def test_a_section_whose_format_does_not_fit_it(write, toml, message):
    with pytest.raises(InputError) as failed:
        load(write(toml))
    assert str(failed.value).startswith(message)


def test_every_format_says_what_it_reads():
    for format in registry.built_in():
        assert format.tables, format.name
        assert all(said.endswith(".") for said in format.reads.values())
        assert format.documented.startswith("https://") or format.name in ("json", "jsonl", "markdown", "webhook")
        assert format.suffixes or format.reads_repository


@pytest.mark.parametrize("word", ["gitlab", "github", "Terraform"])
def test_the_first_part_of_a_name_leads_to_all_that_begin_with_it(word):
    begin = sorted(name for name in sources.names() if name.startswith(f"{word.lower()}-"))
    assert len(begin) > 1 and nearest(word, sources.names()) == f"; the nearest are {listed([repr(n) for n in begin])}"


def test_a_name_that_is_nearly_one_leads_to_it():
    assert nearest("gti", sources.names()) == "; the nearest is 'git'"
    assert nearest("", sources.names()) == ""


FIELDS = {"incident_id": "id", "title": ("name", "text"), "started_at": "at"}


def test_a_record_that_a_reader_forgets_stops_the_loading(monkeypatch, tmp_path):
    def forgetful(files, options):
        made = RowBuilder(options, FIELDS)
        for record in made.json_records(files):
            if record.line == 1:
                made.add(record)
        return made.table()

    broken = replace(OWN, name="pagerduty", read=forgetful)
    monkeypatch.setattr(registry, "CODED", (broken,))
    monkeypatch.setattr(registry, "DESCRIBED", {})
    file = tmp_path / "x.json"
    file.write_text('[{"id": "a"}, {"id": "b"}, {"id": "c"}]')
    with pytest.raises(AftershockError) as failed:
        sources.read([file], "pagerduty", Options())
    assert str(failed.value) == (
        "the format 'pagerduty' came upon 3 records of incidents and accounts for 1: 1 rows, 0 rejected, 0 folded. "
        "This is a fault of the format, not of your files."
    )


def test_a_plain_csv_reads_no_description(write):
    registry._described_in.cache_clear()
    load(write())
    assert registry._described_in.cache_info().currsize == 0
