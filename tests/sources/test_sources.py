"""What the readers share: the registry and its plug-ins, records and their account, paths, stamps, samples, YAML."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from commands import run
from conftest import TOML

from aftershock import load, sources
from aftershock.errors import AftershockError, InputError, Problem, UsageError, nearest
from aftershock.reports.base import Report
from aftershock.sources import Options, epochs, json_paths, registry
from aftershock.sources.file_head import read_head
from aftershock.sources.row_builder import RowBuilder
from aftershock.sources.tabular import yaml_documents
from aftershock.sources.vendors import backstage, jira_text

# registry


@pytest.fixture
def plug_in(monkeypatch):
    """Pretends that a package adds a format."""

    def add(value: str, name: str = "own") -> None:
        point = EntryPoint(name, value, registry.GROUP)
        monkeypatch.setattr(registry, "entry_points", lambda group: [point] if group == registry.GROUP else [])

    return add


OWN = replace(registry.find("pagerduty", "incidents"), name="own")
TWO = [OWN, replace(OWN, reads={"changes": "A change."})]
NO_FORMAT = "a text"


def test_a_package_adds_a_format(plug_in, write):
    plug_in("test_sources:OWN")
    assert "own" in sources.names("incidents")
    incidents = json.dumps([{"id": "P1", "created_at": "2024-01-10T12:00:00Z"}])
    toml = TOML.replace('"incidents.csv"', '"incidents.json"\nformat = "own"')
    assert load(write(toml, incidents=None, incidents__json=incidents)).incidents["incident_id"].tolist() == ["P1"]


def test_one_name_may_stand_for_exports_of_several_tables(plug_in):
    plug_in("test_sources:TWO")
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
            "test_sources:NO_FORMAT",
            "the format 'own' of the package test_sources:NO_FORMAT leads to test_sources:NO_FORMAT, which is not a Format of "
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
    plug_in("test_sources:NO_FORMAT", name="csv")
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
            "dataset.toml, line 7: found [changes] label; expected no such key beside format = 'csv'. Remove it.",
        ),
        (
            TOML.replace('path = "changes.csv"', "").replace("[changes]", '[changes]\ncolumns = { title = "a" }'),
            "dataset.toml: found no '[changes] path'; expected the key 'path'. Add it; docs/datasets.md shows where.",
        ),
    ],
)
def test_a_section_whose_format_does_not_fit_it(write, toml, message):
    with pytest.raises(InputError) as failed:
        load(write(toml))
    assert str(failed.value).startswith(message)


def test_every_format_says_what_it_reads():
    for format in registry.BUILT_IN:
        assert format.tables, format.name
        assert all(said.endswith(".") for said in format.reads.values())
        assert format.documented.startswith("https://") or format.name in ("json", "jsonl")
        assert format.suffixes or format.reads_repository


# the command


def test_formats_lists_each_with_what_it_reads():
    lines = run("formats").stdout.splitlines()
    assert [line.split()[0] for line in lines] == sorted(line.split()[0] for line in lines)
    assert set(registry.names()) == {line.split()[0] for line in lines}
    told = " ".join(next(line for line in lines if line.startswith("statuspage ")).split())
    assert told == "statuspage [incidents, changes] Atlassian Statuspage: incidents and scheduled maintenance"


def test_formats_tells_of_one():
    assert run("formats", "github-issues").stdout == (
        "github-issues: GitHub issues by label\n"
        "  [incidents] An issue with one of the labels is an incident; pull requests and other issues are folded.\n"
        "  files of a folder that end in .json, .json.gz, .jsonl\n"
        "  keys of its own: label\n"
        "  https://docs.github.com/en/rest/issues/issues#list-repository-issues\n"
    )


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("gitlab", "; the nearest are 'gitlab-deployments' and 'gitlab-issues'"),
        (
            "github",
            "; the nearest are 'github-deployments', 'github-issues', 'github-pull-requests' and 'github-releases'",
        ),
        ("Terraform", "; the nearest is 'terraform-runs'"),
        ("gti", "; the nearest is 'git'"),
        ("", ""),
    ],
)
def test_the_first_part_of_a_name_leads_to_all_that_begin_with_it(word, hint):
    assert nearest(word, sources.names()) == hint


def test_formats_names_the_nearest():
    done = run("formats", "github_issues")
    assert done.returncode == 2
    assert done.stderr.startswith(
        "aftershock: no format 'github_issues'; the nearest is 'github-issues'; known are csv, "
    )


def test_formats_says_which_package_is_broken(plug_in):
    from aftershock.cli.formats import _lines

    plug_in("no_such_package:FORMAT")
    assert _lines("own", 3) == [
        "own  the format 'own' of the package no_such_package:FORMAT cannot be loaded: ModuleNotFoundError: "
        "No module named 'no_such_package'. Fix or uninstall the package."
    ]


# records and their account

FIELDS = {"incident_id": "id", "title": ("name", "text"), "started_at": "at"}


def gathered(tmp_path: Path, content: str, **options: object) -> tuple[RowBuilder, list]:
    file = tmp_path / "x.json"
    file.write_text(content, encoding="utf-8")
    made = RowBuilder(Options(**options), FIELDS, updated="updated")
    return made, list(made.json_records([file], ("items",)))


@pytest.mark.parametrize(
    "content",
    [
        '[{"id": "a"}, {"id": "b"}]',
        '{"items": [{"id": "a"}, {"id": "b"}], "next": null}',
        '{"id": "a"}\n{"id": "b"}\n',
        '{"items": [{"id": "a"}]}{"items": [{"id": "b"}]}',
        '[{"id": "a"}]\n[{"id": "b"}]',
        '\ufeff [{"id": "a"},\r\n {"id": "b"}]',
    ],
    ids=["list", "page", "lines", "pages in one file", "lists in one file", "byte order mark"],
)
def test_json_comes_in_pages_of_many_shapes(tmp_path, content):
    assert [r.value["id"] for r in gathered(tmp_path, content)[1]] == ["a", "b"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "x.json, line 1, column 1: found an empty file; expected JSON. Export the file again."),
        (
            '[{"id": "a"},\n {"id": ',
            "x.json, line 2, column 9: found Expecting value; expected JSON. Export the file again; it may be cut off.",
        ),
        (
            '[{"id": "a"}]\noops',
            "x.json, line 2, column 1: found Expecting value; expected JSON. Export the file again; it may be cut off.",
        ),
        (
            "[" * 200_000,
            "x.json, line 1, column 1: found objects nested too deeply to read; expected JSON. Export the records as a flat "
            "list.",
        ),
    ],
    ids=["empty", "cut off", "something else behind it", "too deep"],
)
def test_json_that_is_broken_is_said_to_be_so_with_its_place(tmp_path, content, message):
    with pytest.raises(InputError) as failed:
        gathered(tmp_path, content)
    assert str(failed.value) == message


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


def test_a_record_that_a_reader_forgets_stops_the_loading(monkeypatch, tmp_path):
    def forgetful(files, options):
        made = RowBuilder(options, FIELDS)
        for record in made.json_records(files):
            if record.line == 1:
                made.add(record)
        return made.table()

    broken = replace(OWN, name="pagerduty", read=forgetful)
    monkeypatch.setattr(registry, "BUILT_IN", (broken,))
    file = tmp_path / "x.json"
    file.write_text('[{"id": "a"}, {"id": "b"}, {"id": "c"}]')
    with pytest.raises(AftershockError) as failed:
        sources.read([file], "pagerduty", Options())
    assert str(failed.value) == (
        "the format 'pagerduty' came upon 3 records of incidents and accounts for 1: 1 rows, 0 rejected, 0 folded. "
        "This is a fault of the format, not of your files."
    )


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


def test_pages_are_read_in_the_order_in_which_people_count(write):
    folder = write(TOML.replace('"incidents.csv"', '"pages"'), incidents=None)
    (folder / "pages").mkdir()
    for number in (10, 9, 1):
        text = f"incident_id,started_at\ni{number},2024-01-10\n"
        (folder / "pages" / f"page-{number}.csv").write_text(text)
    assert load(folder).incidents["file"].tolist() == ["page-1.csv", "page-10.csv", "page-9.csv"]  # by id
    names = ["b2", "page-10.csv", "page-9.csv", "10", "page-1.csv"]
    from aftershock.dataset.log_files import _natural

    ordered = sorted(map(Path, names), key=_natural)
    assert [p.name for p in ordered] == ["10", "b2", "page-1.csv", "page-9.csv", "page-10.csv"]


def test_check_shows_what_was_folded(write):
    records = [{"id": "P1", "created_at": "2024-01-10T12:00:00Z"}] * 25
    toml = TOML.replace('"incidents.csv"', '"incidents.json"\nformat = "pagerduty"')
    out = run("check", str(write(toml, incidents=None, incidents__json=json.dumps(records)))).stdout
    assert "  incidents: 25 records = 1 row used + 0 rejected + 24 folded; 0 noted" in out
    assert "folded: 24 records, repeated_record: the export holds the same record twice\n" in out
    assert "  incidents.json, line 2: P1, of incidents.json, record 1\n" in out
    assert out.endswith("  … and 4 more\n")


def test_reports_count_what_was_folded(write):
    incidents = [{"id": "P1", "created_at": "2024-01-10T12:00:00Z"}] * 3
    toml = TOML.replace('"incidents.csv"', '"incidents.json"\nformat = "pagerduty"')
    dataset = load(write(toml, incidents=None, incidents__json=json.dumps(incidents)))
    table = Report(dataset).data_notes().blocks[-1]
    assert table.frame.values.tolist() == [["incidents", "the export holds the same record twice", 2]]


# paths and stamps


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


@pytest.mark.parametrize(
    ("value", "unit", "stamp"),
    [
        (1709640000, "s", "2024-03-05T12:00:00Z"),
        ("1709640000.5", "s", "2024-03-05T12:00:00.500000Z"),
        (1709640000123, "ms", "2024-03-05T12:00:00.123000Z"),
        (1709640000000000000, "ns", "2024-03-05T12:00:00Z"),
        ("2024-03-05", "ms", "2024-03-05"),
        (10**30, "s", str(10**30)),
        (float("nan"), "s", "nan"),
        (None, "s", ""),
    ],
)
def test_an_epoch_of_a_known_unit(value, unit, stamp):
    assert epochs.from_epoch(value, unit) == stamp


@pytest.mark.parametrize(
    ("stamp", "zone", "placed"),
    [
        ("2024-03-05T12:00:00", "America/New_York", "2024-03-05T12:00:00-05:00"),
        ("2024-07-05 12:00", "Europe/Berlin", "2024-07-05T12:00:00+02:00"),
        ("2024-03-05T12:00:00Z", "Europe/Berlin", "2024-03-05T12:00:00Z"),
        ("2024-03-05T12:00:00", "Mars/Olympus", "2024-03-05T12:00:00"),
        ("2024-13-05T12:00:00", "Europe/Berlin", "2024-13-05T12:00:00"),
        ("soon", "Europe/Berlin", "soon"),
        ("", "", ""),
    ],
)
def test_a_stamp_in_the_zone_of_its_page(stamp, zone, placed):
    assert epochs.in_zone(stamp, zone) == placed


def test_text_of_atlassian_documents_is_bounded_and_takes_anything():
    deep: dict = {"type": "text", "text": "too deep"}
    for _ in range(50):
        deep = {"type": "paragraph", "content": [deep]}
    assert jira_text.plain(deep) == ""
    assert jira_text.plain({"type": "doc", "content": "no list"}) == ""
    assert jira_text.plain(None) == ""


# samples


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
        ("x.csv", gzip.compress(b"a,b\n", mtime=0), "csv", [{"a": "", "b": ""}]),
        ("x.jsonl", b'{"a": 1}\n{"a": 2}\n', "json", [{"a": 1}, {"a": 2}]),
        ("x.yaml", b"kind: Component\n", "yaml", []),
        ("x", b"\x00\x01\x02,\n", "", []),
        ("x", b"\x1f\x8b broken", "", []),
        ("x.json", b'{"a', "json", []),
        ("x", b"", "", []),
    ],
)
def test_a_sample_tells_the_kind_of_a_file(tmp_path, name, data, kind, records):
    file = tmp_path / name
    file.write_bytes(data)
    found = read_head(file)
    assert (found.kind, found.records) == (kind, records)
    assert found.lines == name.endswith("jsonl")


# YAML from people one need not trust


def catalogue(tmp_path: Path, text: str) -> sources.RawTable:
    file = tmp_path / "catalog-info.yaml"
    file.write_text(text, encoding="utf-8")
    return backstage.read([file], Options(table="dependencies"))


def test_aliases_that_multiply_are_not_followed(tmp_path):
    levels = ["a0: &a0 [component:x, component:y]"]
    levels += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    text = "\n".join(
        [*levels, "kind: Component", "metadata: {name: bomb}", "spec: {dependsOn: *a11, consumesApis: *a0}"]
    )
    table = catalogue(tmp_path, text)
    assert [(p.column, p.found) for p in table.problems] == [("dependsOn", "a list")] * 9
    assert table.frame["depends_on"].tolist() == ["x", "y"]


def test_merge_keys_and_tags_make_nothing(tmp_path):
    text = """
kind: Component
metadata: {name: !!python/object/apply:os.getcwd []}
---
kind: Component
metadata: {name: a}
spec: {<<: {dependsOn: [b]}, dependsOn: !!int "c"}
"""
    table = catalogue(tmp_path, text)
    assert table.frame.values.tolist() == [["a", "c", "dependsOn in Backstage"]]
    assert [(p.line, p.found) for p in table.problems] == [(2, "no metadata.name")]


@pytest.mark.parametrize(
    ("text", "line", "found"),
    [
        ("a: 1\n---\n" + "[" * 100_000, 3, "a document nested more than 50 deep"),
        ("a: 1\n---\nb: {\n", 5, "did not find expected node content"),
        ("---\n\nb: \x00\n", 3, "control characters are not allowed"),
    ],
    ids=["deep", "broken", "control characters"],
)
def test_a_broken_document_does_not_spoil_the_others(tmp_path, text, line, found):
    file = tmp_path / "x.yaml"
    file.write_text(text + "\n---\nlast: one\n")
    read = list(yaml_documents.documents(file))
    problem = next(d for _, d in read if isinstance(d, Problem))
    assert (problem.line, problem.found) == (line, found)
    assert read[-1][1] == {"last": "one"}


def test_a_catalogue_that_is_too_large_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(yaml_documents, "MOST_BYTES", 10)
    with pytest.raises(InputError) as failed:
        catalogue(tmp_path, "kind: Component\n")
    assert str(failed.value) == "catalog-info.yaml: found 16 bytes; expected at most 10. Split the file."
