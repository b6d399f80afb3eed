"""``aftershock init``: exports of every vendor are recognised without a hint, tables by their names and cells; what is written
is valid, what fails leaves nothing behind."""

from __future__ import annotations

import json
import os
import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from commands import run
from git_author import Author
from hypothesis import given, settings
from hypothesis import strategies as st
from toy import exported_year
from vendor_exports import EXPORTS, exports, named

from aftershock import load
from aftershock.cli import app
from aftershock.errors import AftershockError, InputError, UsageError
from aftershock.quality.utc_offsets import offsets
from aftershock.wizard import column_matching, synonyms, time_formats, vocabulary
from aftershock.wizard.create import create_dataset
from aftershock.wizard.inputs import assigned, gathered

INCIDENTS = "incident_id,started_at,services\ni1,2024-03-05T12:30:00Z,web\ni2,2024-03-09T12:30:00Z,db\n"
CHANGES = "change_id,started_at,kind,services\nc1,2024-03-05T12:10:00Z,deploy,web\nc2,2024-03-10T08:10:00Z,config,db\n"


@pytest.fixture
def put(tmp_path):
    """Writes files beside the dataset to be and returns their paths."""

    def write(**files: str | bytes) -> list[Path]:
        paths = [tmp_path / name.replace("__", ".") for name in files]
        for path, content in zip(paths, files.values(), strict=True):
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return paths

    return write


def sections(folder: Path) -> dict:
    return tomllib.loads((folder / "dataset.toml").read_text(encoding="utf-8"))


def columns(folder: Path, section: str) -> dict[str, str]:
    return sections(folder)[section].get("columns", {})


def guesses(begun, table: str) -> dict[str, tuple[str, str]]:
    return {g.what: (g.value, g.word) for g in begun.draft.sections[table].guesses}


# exports of vendors


@pytest.mark.parametrize("export", exports(), ids=named)
def test_every_export_is_recognised_as_its_own(export):
    """Statuspage's and CDEvents' exports hold both logs, so both are found in them."""
    files = [p for p in export.iterdir() if p.name not in ("section.toml", "expected.json")]
    chosen, left = assigned(gathered(files))
    name = named(export).split("/")[0]
    assert {r.format for r in chosen.values()} == {name} and export.name in chosen
    assert set(chosen) == {export.name} or named(export) in (
        "statuspage/changes",
        "statuspage/incidents",
        "cdevents/incidents",
    )
    assert left == []


def test_two_vendors_become_a_dataset_of_all_their_records(tmp_path):
    begun = create_dataset(
        tmp_path / "mine",
        [EXPORTS / "github-issues/incidents/pages.json", EXPORTS / "github-deployments/changes/export"],
    )
    for table, name in (("incidents", "github-issues"), ("changes", "github-deployments")):
        expected = json.loads((EXPORTS / name / table / "expected.json").read_text())
        assert len(getattr(begun.dataset, table)) == len(expected["rows"])
        assert int((begun.dataset.rejected["table"] == table).sum()) == len(expected["rejected"])
    found = sections(tmp_path / "mine")
    assert found["changes"] == {"path": "export", "format": "github-deployments"}
    assert sorted(found["incidents"]["label"]) == ["incident", "outage"]
    assert sorted(begun.copied) == ["export/nodes.json", "export/page-1.json", "export/page-2.json", "export/statuses.json",
                                    "export/webhook.jsonl", "pages.json"]  # fmt: skip


def test_a_repository_is_a_change_log_and_stays_where_it_is(tmp_path, put):
    author = Author(tmp_path / "shop")
    author.commit("Raise the limit", {"web/a.py": "1"}, "1709640600 +0000")
    author.commit("Add an index", {"db/b.sql": "2"}, "1710055200 +0000")
    begun = create_dataset(tmp_path / "mine", [*put(incidents__csv=INCIDENTS), tmp_path / "shop"])
    assert sections(tmp_path / "mine")["changes"] == {"repository": "../shop", "format": "git"}
    assert begun.dataset.changes["title"].tolist() == ["Raise the limit", "Add an index"]
    assert begun.copied == ["incidents.csv"]


# tables


def test_a_german_table_of_semicolons_in_the_old_encoding(tmp_path, put):
    incidents = "Störungsnummer;Betreff;Beginn;Ende;Priorität;Betroffener Dienst;Zustand\n" + "".join(
        f"ST{n};Ausfall {n};{n + 1:02}.03.2024 12:30;{n + 1:02}.03.2024 14:00;{('Hoch', 'Niedrig')[n % 2]};web;geschlossen\n"
        for n in range(20)
    )
    changes = "Änderungsnummer;Art;Durchgeführt am;Anwendung;Kurzbeschreibung\n" + "".join(
        f"CH{n};{('Konfiguration', 'Sonstwas')[n % 2]};{n + 1:02}.03.2024 12:10;web;Neue Version {n}\n"
        for n in range(20)
    )
    begun = create_dataset(
        tmp_path / "m", put(stoerungen__csv=incidents.encode("cp1252"), aenderungen__csv=changes.encode("cp1252"))
    )
    assert columns(tmp_path / "m", "incidents") == {
        "incident_id": "Störungsnummer", "title": "Betreff", "started_at": "Beginn", "resolved_at": "Ende",
        "severity": "Priorität", "services": "Betroffener Dienst", "status": "Zustand",
    }  # fmt: skip
    found = sections(tmp_path / "m")["incidents"]
    assert (found["delimiter"], found["time_format"]) == (";", "%d.%m.%Y %H:%M")
    assert (found["severity"], found["statuses"]) == (["Hoch", "Niedrig"], {"geschlossen": "resolved"})
    assert guesses(begun, "incidents")["encoding"] == ("Windows-1252", "likely")
    assert guesses(begun, "incidents")["order of dates"] == ("day", "certain")
    assert begun.draft.sections["changes"].questions == ("not known what 'Sonstwas' in 'Art' mean: say so under kinds",)
    assert (len(begun.dataset.incidents), len(begun.dataset.changes), len(begun.dataset.rejected)) == (20, 20, 0)


def test_tabs_and_epochs_of_both_units(tmp_path, put):
    at = 1709641800
    incidents = "key\tsummary\topened\tclosed\tsev\tcomponent\n" + "".join(
        f"O-{n}\tdown\t{at + 86400 * n}\t{at + 86400 * n + 900}\tSEV{1 + n % 3}\tweb\n" for n in range(9)
    )
    changes = "deployment_id\tapp\tdeployed_at\ttype\n" + "".join(
        f"d{n}\tweb\t{1000 * (at - 600 + 86400 * n)}\trelease\n" for n in range(9)
    )
    begun = create_dataset(tmp_path / "m", put(outages__tsv=incidents, deploys__tsv=changes))
    assert begun.dataset.incidents["started_at"].iloc[0] == pd.Timestamp(at, unit="s", tz="UTC")
    assert begun.dataset.changes["started_at"].iloc[0] == pd.Timestamp(at - 600, unit="s", tz="UTC")
    assert sections(tmp_path / "m")["incidents"]["severity"] == ["SEV1", "SEV2", "SEV3"]
    assert columns(tmp_path / "m", "changes") == {
        "change_id": "deployment_id", "services": "app", "started_at": "deployed_at", "kind": "type",
    }  # fmt: skip


def test_excel_with_its_mark_empty_columns_and_rows_and_several_offsets(tmp_path, put):
    rows = "".join(
        f"I{n},{n} is slow,2024-03-0{n + 1}T12:30:00{('+01:00', '-05:00')[n % 2]},P{n % 2},web,,\n" for n in range(8)
    )
    incidents = f"\ufeffIncident ID,Title,Start Time,Severity,Services,,\n{rows},,,,,,\n,,,,,,\n"
    begun = create_dataset(tmp_path / "m", put(a__csv=incidents, changes__csv=CHANGES))
    assert len(begun.dataset.incidents) == 8 and len(begun.dataset.rejected) == 0
    assert columns(tmp_path / "m", "incidents") == {"incident_id": "Incident ID", "started_at": "Start Time"}
    assert begun.dataset.incidents["started_at"].iloc[1] == pd.Timestamp("2024-03-02T17:30Z")
    assert begun.draft.zone_said.startswith("for months, hours and display; the stamps state their own offsets")


@pytest.mark.parametrize(
    ("cells", "formats", "order", "word"),
    [
        (["13/02/2024 10:00", "01/02/2024 10:00"], ("%d/%m/%Y %H:%M",), "day", "certain"),
        (["02/13/2024 10:00 AM", "02/01/2024 10:00 PM"], ("%m/%d/%Y %I:%M %p",), "month", "certain"),
        (["01.02.2024 10:00", "03.02.2024 11:00"], ("%d.%m.%Y %H:%M",), "day", "likely"),
        (["01/02/2024", "03/04/2024"], ("%d/%m/%Y",), "day", "a guess"),
        ([f"0{m}/0{d}/2024" for m in (1, 2, 3) for d in (1, 5, 9)], ("%m/%d/%Y",), "month", "likely"),
    ],
)
def test_the_order_of_day_and_month_is_proved_or_said_to_be_a_guess(cells, formats, order, word):
    found = time_formats.forms_of(pd.Series(cells))
    assert (found.formats, found.order.value, found.order.word) == (formats, order, word)


@pytest.mark.parametrize(
    ("table", "name", "column"),
    [
        ("incidents", "Ticket-Nr.", "incident_id"),
        ("incidents", "StartZeit", "started_at"),
        ("incidents", "started_at_utc", "started_at"),
        ("incidents", "Date de résolution", "resolved_at"),
        ("incidents", "Affected Service(s)", "services"),
        ("incidents", "fields.summary", "title"),
        ("changes", "Deployment ID", "change_id"),
        ("changes", "Deployed At", "started_at"),
        ("changes", "Projet", "services"),
        ("changes", "commit message", "title"),
        ("dependencies", "caller", "service"),
        ("dependencies", "target", "depends_on"),
    ],
)
def test_columns_in_other_words(table, name, column):
    fits = {c: synonyms.likeness(table, c, name) for c in synonyms.SYNONYMS[table]}
    assert max(fits, key=fits.get) == column and fits[column] >= 0.7


def test_a_column_is_taken_for_what_its_cells_are():
    frame = pd.DataFrame({"id": ["a", "b", "c"], "start": ["soon", "late", "now"], "when it broke": ["2024-03-05"] * 3})
    found = column_matching.fit("incidents", frame).columns
    assert {c: g.value for c, g in found.items()} == {"incident_id": "id", "started_at": "when it broke"}
    assert found["started_at"].why == "the first column that holds times"


def test_an_end_before_the_start_is_something_else():
    frame = pd.DataFrame({"id": ["a", "b"], "start": ["2024-03-05", "2024-03-06"], "end": ["2024-01-01", "2024-01-01"]})
    assert "resolved_at" not in column_matching.fit("incidents", frame).columns


def test_several_services_in_a_cell_and_grades_in_order():
    assert vocabulary.separator(pd.Series(["web, db", "web", "db"])).value == ","
    assert vocabulary.separator(pd.Series(["a/b", "x y"])) is None
    for grades, ordered in (
        (["low", "critical", "high"], ["critical", "high", "low"]),
        (["3 - Low", "1 - High"], ["1 - High", "3 - Low"]),
        (["b", "a"], ["a", "b"]),
    ):
        assert vocabulary.severity_order(pd.Series(grades))[0] == ordered


# which is which, and the zone


def test_a_graph_among_three_tables_of_any_names(tmp_path, put):
    create_dataset(tmp_path / "m", put(one__csv="from,to\nweb,db\n", two__csv=CHANGES, three__csv=INCIDENTS))
    assert {s: v["path"] for s, v in sections(tmp_path / "m").items() if isinstance(v, dict)} == {
        "incidents": "three.csv", "changes": "two.csv", "services": "one.csv",
    }  # fmt: skip


def test_of_two_incident_logs_the_better_is_taken_and_the_other_named(tmp_path, put):
    better = INCIDENTS.replace("services", "services,severity").replace(",web", ",web,sev1").replace(",db", ",db,sev2")
    begun = create_dataset(tmp_path / "m", put(poor__csv=INCIDENTS, incidents__csv=better, changes__csv=CHANGES))
    assert sections(tmp_path / "m")["incidents"]["path"] == "incidents.csv"
    assert begun.left == [
        (
            "poor.csv",
            "it looks like incidents, as incidents.csv does, and a dataset has one log of each; give it a dataset of its own, "
            "or put pages of one log into one folder",
        )
    ]
    assert not (tmp_path / "m/poor.csv").exists()


def test_files_with_the_same_columns_are_pages(tmp_path, put):
    later = INCIDENTS.replace("i1", "i3").replace("i2", "i4")
    begun = create_dataset(tmp_path / "m", put(i10__csv=later, i2__csv=INCIDENTS, changes__csv=CHANGES))
    assert sections(tmp_path / "m")["incidents"]["path"] == "incidents"
    assert begun.copied[:2] == ["incidents/i2.csv", "incidents/i10.csv"]
    assert len(begun.dataset.incidents) == 4


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York"])
def test_the_zone_of_stamps_without_one_is_read_from_the_other_log(tmp_path, put, zone):
    incidents, changes = exported_year(np.random.default_rng(11), zone)
    begun = create_dataset(tmp_path / "m", put(incidents__csv=incidents, changes__csv=changes))
    found = sections(tmp_path / "m")
    assert offsets(found["incidents"]["timezone"]) == offsets(zone)
    assert found["timezone"] == zone
    value, word = guesses(begun, "incidents")["zone of the incidents"]
    assert (value, word) == (zone, "likely")
    told = create_dataset(tmp_path / "told", put(incidents__csv=incidents, changes__csv=changes), zone="Asia/Tokyo")
    assert (told.draft.timezone, told.draft.zone_said) == ("Asia/Tokyo", "as told by --timezone")
    assert "timezone" not in sections(tmp_path / "told")["incidents"]


def test_what_cannot_be_known_of_a_zone_is_said(tmp_path, put):
    naive = [text.replace("Z,", ",") for text in (INCIDENTS, CHANGES)]
    begun = create_dataset(tmp_path / "m", put(incidents__csv=naive[0], changes__csv=naive[1]))
    assert begun.draft.zone_said == (
        "NOT KNOWN: the stamps of the incidents and changes name no zone; if they are not in UTC, change this line"
    )


# the command


@pytest.fixture
def begun(tmp_path, put, monkeypatch, capsys) -> Path:
    """The folder ``mine``, made by the command from two exports of which one has other names; what was printed is captured."""
    put(
        incidents__csv=INCIDENTS,
        deploys__csv="sha,started_at,services,flavour\nc1,2024-03-05T12:10:00Z,web,x\nc2,2024-03-10T08:10:00Z,db,y\n",
    )
    monkeypatch.chdir(tmp_path)
    app.app(["init", "mine", "incidents.csv", "deploys.csv"], standalone_mode=False)
    return tmp_path / "mine"


def test_the_command_shows_what_it_guessed_how_sure_and_what_is_missing(begun, capsys):
    assert (
        capsys.readouterr().out
        == """Wrote mine/dataset.toml
Copied incidents.csv into mine
Copied deploys.csv into mine

[incidents] incidents.csv, format csv
  incident_id  incident_id  certain: its canonical name, distinct in every row
  started_at   started_at   certain: its canonical name, holds times
  services     services     certain: its canonical name
  delimiter    ,            certain: a comma parts the header into 3 names
  no title: the words of an incident cannot be compared with those of changes
  no resolved_at: no time to resolve
  no detected_at: no time to detect
  no severity: no counts by severity

[changes] deploys.csv, format csv
  change_id   sha         likely: its name, distinct in every row
  started_at  started_at  certain: its canonical name, holds times
  services    services    certain: its canonical name
  delimiter   ,           certain: a comma parts the header into 4 names
  no kind: kinds are inferred from titles and paths, roughly; one rate and one delay for what stays other
  no title: the words of a change cannot be compared with those of incidents
  if one of these holds it, name it under columns: flavour

[services] no service graph: a change of one service is no nearer to another that depends on it
  give a Backstage catalog, traces of Jaeger, or a table of service and depends_on

timezone   UTC: for months, hours and display; the stamps state their own offsets

Read: 2 incidents and 2 changes; 0 rows could not be used. Both logs cover 5 Mar 2024, 00:00 UTC to 10 Mar 2024, 00:00 UTC.

Next:
  aftershock check mine             # what was read, what is wrong with it, and how far that matters
  aftershock suspects mine --top 3  # which changes probably set each incident off
  aftershock report month mine      # the last month and its incidents, as HTML
"""
    )


def test_what_is_written_says_how_sure_each_line_is(begun):
    assert (
        (begun / "dataset.toml").read_text()
        == """# Guessed by aftershock init from the files themselves; what is not certain says so. Look at what is read before
# you believe anything: aftershock check. docs/datasets.md explains every key.
name = "mine"
timezone = "UTC"  # for months, hours and display; the stamps state their own offsets

[incidents]
path = "incidents.csv"
format = "csv"
delimiter = ","  # a comma parts the header into 3 names

[incidents.columns]  # name here = name in the file
# title = ""  # no such column found: the words of an incident cannot be compared with those of changes
# resolved_at = ""  # no such column found: no time to resolve
# detected_at = ""  # no such column found: no time to detect
# severity = ""  # no such column found: no counts by severity

[changes]
path = "deploys.csv"
format = "csv"
delimiter = ","  # a comma parts the header into 4 names

[changes.columns]  # name here = name in the file
change_id = "sha"  # likely: its name, distinct in every row
# kind = ""  # no such column found: kinds are inferred from titles and paths, roughly; one rate and one delay for what stays other
# title = ""  # no such column found: the words of a change cannot be compared with those of incidents
# In no column of Aftershock: flavour.

# [services]  # no service graph: a change of one service is no nearer to another that depends on it
# path = "services.csv"
"""
    )


def test_logs_that_share_no_time_are_told(tmp_path, put, capsys):
    app.app(
        ["init", str(tmp_path / "m"), *map(str, put(i__csv=INCIDENTS.replace("2024", "2021"), c__csv=CHANGES))],
        standalone_mode=False,
    )
    said = "0 rows could not be used. The two logs share no time: nothing can be attributed. Export both for the same months."
    assert said in capsys.readouterr().out


def test_files_in_the_folder_stay_and_need_not_be_named(tmp_path, put, capsys):
    put(incidents__csv=INCIDENTS, changes__csv=CHANGES, README__md="about")
    app.app(["init", str(tmp_path)], standalone_mode=False)
    assert "Copied" not in capsys.readouterr().out
    assert sorted(p.name for p in tmp_path.iterdir()) == ["README.md", "changes.csv", "dataset.toml", "incidents.csv"]
    assert len(load(tmp_path).changes) == 2


NEEDED = (
    "An incident needs an id and a start, a change an id and a time. Name the columns so, or write dataset.toml by hand: "
    "docs/datasets.md shows how."
)


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (
            {"a__csv": "", "b__bin": b"\x00\xff\x80" * 50},
            "no file could be made out as the log of incidents or changes; a dataset needs incidents and changes.\n"
            f"a.csv: it is empty.\nb.bin: it is neither a table nor JSON nor anything else that is known.\n{NEEDED}",
        ),
        (
            {"incidents__csv": INCIDENTS, "b__csv": "a,b\n1,2\n", "c__json": '{"x": [1,2'},
            "no file could be made out as the log of changes; a dataset needs incidents and changes.\n"
            "incidents.csv holds the incidents.\nb.csv: no column of it is started_at; it has a, b.\n"
            "c.json: it cannot be read as json: c.json, line 1, column 11: found Expecting ',' delimiter; expected JSON. "
            f"Export the file again; it may be cut off.\n{NEEDED}",
        ),
    ],
)  # fmt: skip
def test_files_that_are_no_logs_are_named_with_the_reason(tmp_path, put, files, message):
    with pytest.raises(InputError) as refused:
        create_dataset(tmp_path / "m", put(**files))
    assert str(refused.value) == message
    assert not (tmp_path / "m").exists()


def test_a_dataset_is_never_overwritten(tmp_path, put):
    files = put(incidents__csv=INCIDENTS, changes__csv=CHANGES)
    (tmp_path / "m").mkdir()
    (tmp_path / "m/dataset.toml").write_text("mine")
    done = run("init", str(tmp_path / "m"), *map(str, files))
    message = (
        f"aftershock: {tmp_path}/m/dataset.toml exists and is not overwritten: remove it, or name another folder\n"
    )
    assert (done.returncode, done.stderr) == (2, message)
    assert (tmp_path / "m/dataset.toml").read_text() == "mine"


def test_a_file_of_that_name_is_never_overwritten(tmp_path, put):
    files = put(incidents__csv=INCIDENTS, changes__csv=CHANGES)
    (tmp_path / "m").mkdir()
    (tmp_path / "m/changes.csv").write_text("mine")
    with pytest.raises(UsageError, match=r"changes\.csv exists and differs from the file of that name that was given"):
        create_dataset(tmp_path / "m", files)
    assert [p.name for p in (tmp_path / "m").iterdir()] == ["changes.csv"], "the other copy was taken back"
    assert (tmp_path / "m/changes.csv").read_text() == "mine"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["m", "gone.csv"], "no file 'gone.csv'"),
        (["m"], "no folder 'm'; name the files of your logs behind it"),
        (["a.csv", "a.csv"], "a.csv is a file; name a folder"),
        (["m", "empty"], "no file in 'empty' that could be a log"),
        (["m", "loop"], "no file 'loop'"),
        (["m", "pipe"], "'pipe' is neither a file nor a folder"),
        (["m", b"\xff.csv".decode("utf-8", "surrogateescape")], "the name '?.csv' is no UTF-8, which dataset.toml must be; rename the file"),
        (["m", "a.csv", "--timezone", "Europe/Berln"], "--timezone 'Europe/Berln': expected a zone such as Europe/Berlin; the nearest is 'Europe/Berlin'"),
    ],
)  # fmt: skip
def test_wrong_usage_leaves_nothing_behind(tmp_path, put, monkeypatch, arguments, message):
    put(a__csv=INCIDENTS)
    monkeypatch.chdir(tmp_path)
    Path("empty").mkdir()
    Path("loop").symlink_to("loop")
    os.mkfifo("pipe")
    with pytest.raises(UsageError) as refused:
        app.app(["init", *arguments], standalone_mode=False)
    assert str(refused.value) == message
    assert not Path("m").exists()


# anything


@settings(max_examples=15)
@given(data=st.one_of(st.binary(max_size=400), st.text(max_size=200).map(lambda t: t.encode("utf-8", "surrogatepass"))))
def test_no_bytes_give_a_traceback(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("any")
    (folder / "x.csv").write_bytes(data)
    (folder / "changes.csv").write_text(CHANGES)
    try:
        begun = create_dataset(folder / "m", [folder / "x.csv", folder / "changes.csv"])
    except AftershockError:
        assert not (folder / "m").exists()
    else:
        assert begun.dataset.key == "m"


CELL = st.text(st.characters(codec="utf-8"), max_size=12)


@settings(max_examples=10)
@given(
    head=st.lists(CELL, min_size=2, max_size=4, unique_by=str.strip),
    rows=st.lists(st.lists(CELL, min_size=2, max_size=4), min_size=1, max_size=4),
    zone=st.sampled_from(["", "+02:00"]),
)
def test_whatever_stands_in_a_table_the_dataset_that_is_written_can_be_read(tmp_path_factory, head, rows, zone):
    """Names and words of the log stand in dataset.toml as keys, values and comments."""
    folder = tmp_path_factory.mktemp("any")
    records = [
        {"incident_id": f"i{n}", "started_at": f"2024-03-0{n + 1}T10:00:00{zone}", "status": (row[0] or "x")}
        | dict(zip(head, row, strict=False))
        for n, row in enumerate(rows)
    ]
    (folder / "incidents.json").write_text(json.dumps(records))
    (folder / "changes.csv").write_text(CHANGES)
    try:
        create_dataset(folder / "m", [folder / "incidents.json", folder / "changes.csv"])
    except AftershockError:
        assert not (folder / "m").exists()
    else:
        assert len(load(folder / "m").changes) == 2
