"""Reading datasets: every way a log is written, every way it goes wrong, and that no row is lost."""

from __future__ import annotations

import csv
import io
import json

import pandas as pd
import pytest
from conftest import CHANGES, INCIDENTS, TOML
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aftershock import load
from aftershock.dataset import shipped
from aftershock.schema.errors import InputError, UsageError
from aftershock.schema.tables import REASONS


def test_reads_a_plain_dataset(write):
    dataset = load(write())
    assert dataset.incidents["incident_id"].tolist() == ["i1", "i2"]
    assert dataset.incidents["services"].tolist() == [["checkout"], ["search"]]
    assert dataset.changes["started_at"].tolist()[0] == pd.Timestamp("2024-01-10T11:30Z")
    assert dataset.incidents["status"].tolist() == ["unknown", "unknown"]
    assert dataset.rejected.empty
    assert dataset.notes.empty
    assert dataset.months == ["2024-01", "2024-02"]
    assert set(dataset.hashes) == {"dataset.toml", "incidents.csv", "changes.csv"}


def test_json_json_lines_and_parquet_say_the_same(write, tmp_path):
    rows = [
        {"incident_id": "i1", "times": {"start": "2024-01-10T12:00:00Z"}, "services": ["checkout"], "title": None},
        {
            "incident_id": "i2",
            "times": {"start": "2024-02-10T12:00:00Z"},
            "services": ["search", "web"],
            "title": "Empty",
        },
    ]
    toml = TOML.replace(
        'path = "incidents.csv"', 'path = "incidents.{0}"\nformat = "{0}"\ncolumns = {{ started_at = "times.start" }}'
    )
    read = []
    for form, content in (("json", json.dumps({"incidents": rows})), ("jsonl", "\n".join(map(json.dumps, rows)))):
        read.append(load(write(toml.format(form), incidents=None, **{f"incidents__{form}": content})).incidents)
    folder = write(toml.format("parquet"), incidents=None)
    pd.DataFrame([{**r, "times.start": pd.Timestamp(r["times"]["start"])} for r in rows]).drop(
        columns="times"
    ).to_parquet(folder / "incidents.parquet")
    read.append(load(folder).incidents)
    for frame in read:
        assert frame["started_at"].tolist() == [pd.Timestamp("2024-01-10T12:00Z"), pd.Timestamp("2024-02-10T12:00Z")]
        assert frame["services"].tolist() == [["checkout"], ["search", "web"]]
        assert frame["title"].tolist() == ["", "Empty"]


def test_a_folder_of_pages_is_one_log(write):
    folder = write(TOML.replace('"incidents.csv"', '"pages"'), incidents=None)
    (folder / "pages").mkdir()
    head, first, second = INCIDENTS.splitlines()
    (folder / "pages" / "1.csv").write_text(f"{head}\n{first}\n")
    (folder / "pages" / "2.csv").write_text(f"{head}\n{second}\n")
    assert load(folder).incidents["incident_id"].tolist() == ["i1", "i2"]


def test_unusable_rows_are_rejected_each_with_its_place(write):
    bad = (
        INCIDENTS
        + "i1,2024-03-01T00:00Z,,again\n,2024-03-01T00:00Z,,no id\ni3,,,no time\ni4,03/04/2024 10:00,,which day\ni5,2024-03-01T00:00Z,,a,b\n"
    )
    dataset = load(write(incidents=bad))
    rejected = dataset.rejected.sort_values("line")[["file", "line", "column", "reason"]].values.tolist()
    assert rejected == [
        ["incidents.csv", 4, "incident_id", "duplicate_id"],
        ["incidents.csv", 5, "incident_id", "missing_id"],
        ["incidents.csv", 6, "started_at", "missing_time"],
        ["incidents.csv", 7, "started_at", "ambiguous_date"],
        ["incidents.csv", 8, "", "ragged_row"],
    ]
    assert set(dataset.rejected["reason"]) <= set(REASONS)
    assert len(dataset.incidents) == 2


def test_odd_rows_stay_and_are_noted(write):
    odd = "incident_id,started_at,detected_at,resolved_at,caused_by\ni1,2024-01-10T12:00Z,2024-01-10T11:00Z,soon,c9\n"
    dataset = load(write(incidents=odd, changes="change_id,started_at,kind\nc1,2024-01-10T11:00Z,deplyo\n"))
    assert sorted(dataset.notes["reason"]) == ["time_order", "unknown_change", "unknown_value", "unreadable_time"]
    assert len(dataset.incidents) == len(dataset.changes) == 1
    assert dataset.changes["kind"].tolist() == ["other"]
    assert "deploy" in dataset.notes.loc[dataset.notes["column"] == "kind", "expected"].item()


def test_a_dataset_that_is_not_there_names_those_that_are():
    with pytest.raises(UsageError, match="no dataset 'twiter-2023'; the nearest is 'twitter-2023'"):
        load("twiter-2023")


def test_a_path_counts_from_here_and_in_a_checkout_from_the_checkout(write, tmp_path, monkeypatch):
    """A notebook of a checkout says ``data/mine``, as the README does, and has its own folder as the current one."""
    write().rename(tmp_path / "mine")
    (tmp_path / "data" / "demo").mkdir(parents=True)
    (tmp_path / "mine").rename(tmp_path / "data" / "mine")
    monkeypatch.setattr(shipped, "SHIPPED", tmp_path / "data")
    (tmp_path / "lab").mkdir()
    monkeypatch.chdir(tmp_path / "lab")
    assert load("data/mine").folder == tmp_path / "data" / "mine"
    (tmp_path / "lab" / "data").mkdir()
    (tmp_path / "lab" / "data" / "mine").symlink_to(write())
    assert load("data/mine").folder == tmp_path / "small", "what is here comes first"
    monkeypatch.chdir("/")
    with pytest.raises(UsageError, match="no dataset 'data/mine'"):
        load("data/mine")


def test_a_link_out_of_the_folder_is_refused(write, tmp_path):
    folder = write(changes=None)
    (tmp_path / "elsewhere.csv").write_text(CHANGES)
    (folder / "changes.csv").symlink_to(tmp_path / "elsewhere.csv")
    with pytest.raises(InputError, match="expected a path inside the dataset's folder"):
        load(folder)


@pytest.mark.parametrize(
    ("target", "found"),
    [("../elsewhere.csv", "a link that leads out of the dataset"), ("gone.csv", "neither a file nor a link to one")],
)
def test_a_link_in_place_of_the_verdicts_is_named_as_that(write, target, found):
    folder = write()
    (folder / "verdicts.csv").symlink_to(target)
    with pytest.raises(InputError) as refused:
        load(folder)
    assert (
        str(refused.value) == f"verdicts.csv: found {found}; expected a file inside it. Replace it by the file itself."
    )


CELL = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0"), max_size=12)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.tuples(CELL, st.one_of(CELL, st.datetimes().map(str)), CELL, CELL), max_size=8),
    delimiter=st.sampled_from(",;\t|"),
)
def test_no_row_of_a_csv_is_lost(write, rows, delimiter):
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter)
    writer.writerow(["incident_id", "started_at", "services", "title"])
    writer.writerows(rows)
    written = sum(any(cell.strip() for cell in row) for row in rows)
    folder = write(incidents=buffer.getvalue())
    dataset = load(folder)
    assert len(dataset.incidents) + int((dataset.rejected["table"] == "incidents").sum()) == written
