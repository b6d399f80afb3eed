"""From tables and exports as they are to a dataset that is read: formats, zones, copies; what fails leaves nothing behind."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from git_author import Author
from hypothesis import given, settings
from hypothesis import strategies as st
from small_logs import CHANGES, INCIDENTS
from toy import exported_year
from vendor_exports import EXPORTS

from aftershock import load
from aftershock.quality.utc_offsets import offsets
from aftershock.schema.errors import AftershockError, UsageError
from aftershock.wizard.create import NOT_LOOKED_AT, create_dataset


def sections(folder: Path) -> dict:
    return tomllib.loads((folder / "dataset.toml").read_text(encoding="utf-8"))


def columns(folder: Path, section: str) -> dict[str, str]:
    return sections(folder)[section].get("columns", {})


def guesses(begun, table: str) -> dict[str, tuple[str, str]]:
    return {g.what: (g.value, g.word) for g in begun.draft.sections[table].guesses}


def test_two_vendors_become_a_dataset_of_all_their_records(tmp_path):
    begun = create_dataset(
        tmp_path / "mine",
        [EXPORTS / "github-issues/incidents/export", EXPORTS / "github-deployments/changes/export"],
    )
    for table, name in (("incidents", "github-issues"), ("changes", "github-deployments")):
        expected = json.loads((EXPORTS / name / table / "expected.json").read_text())
        assert len(getattr(begun.dataset, table)) == len(expected["rows"])
        assert int((begun.dataset.rejected["table"] == table).sum()) == len(expected["rejected"])
    found = sections(tmp_path / "mine")
    assert found["incidents"]["path"] == "export", "and of the other folder of this name no file lies there"
    assert found["changes"] == {"path": "changes", "format": "github-deployments"}
    assert sorted(found["incidents"]["label"]) == ["incident", "outage"]
    assert sorted(begun.copied) == ["changes/nodes.json", "changes/page-1.json", "changes/page-2.json", "changes/statuses.json",
                                    "changes/webhook.jsonl", "export/pages.json", "export/year-2012.json"]  # fmt: skip


def test_a_page_of_tables_without_ids_is_a_log_whose_zone_its_head_says(tmp_path, put):
    table = "| Start (UTC) | Title | Duration |\n|---|---|---|\n| 2024-03-05 09:00 | down | 1 h |\n| 2024-03-06 09:00 | slow | 5 min |\n"
    begun = create_dataset(tmp_path / "mine", put(outages__md=f"# Outages\n\n{table}", changes__csv=CHANGES))
    written = sections(tmp_path / "mine")["incidents"]
    assert (written["format"], written["timezone"], written["id_from"]) == ("markdown", "UTC", ["Start (UTC)", "Title"])
    assert guesses(begun, "incidents")["id_from"] == ("Start (UTC), Title", "a guess")
    assert begun.dataset.incidents["resolved_at"].notna().all()


def test_pipelines_are_of_the_repository_in_their_links(tmp_path, put):
    runs = [
        {"id": n, "created_at": f"2024-03-0{n}T09:00:00Z", "web_url": f"https://git.example.org/g/shop/-/pipelines/{n}"}
        for n in (1, 2)
    ]
    begun = create_dataset(tmp_path / "mine", put(incidents__csv=INCIDENTS, pipelines__json=json.dumps(runs)))
    assert begun.dataset.changes["services"].tolist() == [["shop"], ["shop"]]
    assert "services" not in {one.column for one in begun.draft.sections["changes"].missing}


def test_a_repository_is_a_change_log_and_stays_where_it_is(tmp_path, put):
    author = Author(tmp_path / "shop")
    author.commit("Raise the limit", {"web/a.py": "1"}, "1709640600 +0000")
    author.commit("Add an index", {"db/b.sql": "2"}, "1710055200 +0000")
    begun = create_dataset(tmp_path / "mine", [*put(incidents__csv=INCIDENTS), tmp_path / "shop"])
    assert sections(tmp_path / "mine")["changes"] == {"repository": "../shop", "format": "git"}
    assert begun.dataset.changes["title"].tolist() == ["Raise the limit", "Add an index"]
    assert begun.copied == ["incidents.csv"]


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
    assert (found["severity"], set(begun.dataset.incidents["status"])) == (["Hoch", "Niedrig"], {"resolved"})
    assert guesses(begun, "incidents")["encoding"] == ("Windows-1252", "likely")
    assert guesses(begun, "incidents")["order of dates"] == ("day", "certain")
    assert begun.draft.sections["changes"].questions == (
        "not known what 'Sonstwas' in 'Art' means: say so under kinds",
    )
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


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York"])
def test_the_zone_of_stamps_without_one_is_read_from_the_other_log(tmp_path, put, zone):
    incidents, changes = exported_year(np.random.default_rng(11), zone)
    begun = create_dataset(tmp_path / "m", put(incidents__csv=incidents, changes__csv=changes))
    found = sections(tmp_path / "m")
    assert offsets(found["incidents"]["timezone"]) == offsets(zone)
    assert found["timezone"] == zone
    value, word = guesses(begun, "incidents")["zone of the incidents"]
    assert (value, word) == (zone, "likely")
    in_tokyo = create_dataset(
        tmp_path / "tokyo", put(incidents__csv=incidents, changes__csv=changes), zone="Asia/Tokyo"
    )
    assert (in_tokyo.draft.timezone, in_tokyo.draft.zone_said) == ("Asia/Tokyo", "as given by --timezone")
    assert "timezone" not in sections(tmp_path / "tokyo")["incidents"]


def test_what_cannot_be_known_of_a_zone_is_said(tmp_path, put):
    naive = [text.replace("Z,", ",") for text in (INCIDENTS, CHANGES)]
    begun = create_dataset(tmp_path / "m", put(incidents__csv=naive[0], changes__csv=naive[1]))
    assert begun.draft.zone_said == (
        "NOT KNOWN: the stamps of the incidents and changes name no zone; if they are not in UTC, change this line"
    )


def test_a_file_of_that_name_is_never_overwritten(tmp_path, put):
    files = put(incidents__csv=INCIDENTS, changes__csv=CHANGES)
    (tmp_path / "m").mkdir()
    (tmp_path / "m/changes.csv").write_text("mine")
    with pytest.raises(UsageError, match=r"changes\.csv exists and differs from the file of that name that was given"):
        create_dataset(tmp_path / "m", files)
    assert [p.name for p in (tmp_path / "m").iterdir()] == ["changes.csv"], "the other copy was taken back"
    assert (tmp_path / "m/changes.csv").read_text() == "mine"


@settings(max_examples=10)
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


@settings(max_examples=6)
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


def test_a_folder_of_pages_beside_the_other_log_is_looked_into(tmp_path):
    page = "---\ntitle: Shop down\ndate: 2024-03-05 09:00:00\nresolvedWhen: 2024-03-05 10:00:00\nseverity: down\n---\nWords.\n"
    (tmp_path / "m" / "issues").mkdir(parents=True)
    (tmp_path / "m" / "issues" / "2024-03-05-shop.md").write_text(page)
    (tmp_path / "m" / "changes.csv").write_text("change_id,started_at\nc1,2024-03-05 08:50\n")
    made = create_dataset(tmp_path / "m", [])
    assert (len(made.dataset.incidents), len(made.dataset.changes)) == (1, 1)
    (tmp_path / "m" / "dataset.toml").unlink()
    (tmp_path / "m" / "incidents.csv").write_text("incident_id,started_at\ni1,2024-03-05 09:00\n")
    assert create_dataset(tmp_path / "m", []).left == [("issues", NOT_LOOKED_AT)]
