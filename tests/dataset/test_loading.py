"""Reading datasets: every way a log is written, every way it goes wrong, and that no row is lost."""

from __future__ import annotations

import csv
import gzip
import io
import json
import string

import pandas as pd
import pytest
from conftest import CHANGES, INCIDENTS, TOML
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aftershock import load
from aftershock.dataset.settings import Log
from aftershock.schema.errors import InputError, UsageError
from aftershock.schema.tables import REASONS
from aftershock.sources import Options, names
from aftershock.sources.tabular import delimited, json_records


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


@pytest.mark.parametrize(
    "encoded",
    [
        ("﻿" + INCIDENTS).encode("utf-8"),
        INCIDENTS.replace(",", ";").encode(),
        INCIDENTS.replace(",", "\t").encode("utf-16"),
        ("sep=|\r\n" + INCIDENTS.replace(",", "|").replace("\n", "\r\n")).encode(),
        INCIDENTS.replace("\n", ",,,\n").encode() + b",,,,,,\n",
        gzip.compress(INCIDENTS.encode(), mtime=0),
    ],
    ids=["bom", "semicolon", "utf-16 tabs", "excel sep", "excel trailing commas", "gzip"],
)
def test_csv_comes_in_many_dresses(write, encoded):
    dataset = load(write(incidents=encoded))
    assert dataset.incidents["incident_id"].tolist() == ["i1", "i2"]
    assert dataset.incidents["title"].tolist() == ["Payments fail", "Search is empty"]
    assert dataset.rejected.empty


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


def test_line_numbers_count_quoted_line_breaks(write):
    text = 'incident_id,started_at,title\ni1,2024-01-10T12:00Z,"two\nlines"\ni2,never,x\n'
    assert load(write(incidents=text)).rejected[["line", "reason"]].values.tolist() == [[4, "unreadable_time"]]


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        (
            TOML + 'horizn = "72h"\n',
            "dataset.toml, line 7: found the key '[changes] horizn'; expected one of path, format, timezone, columns, "
            "list_separator, delimiter, time_format, rounded, severity, statuses, kinds, kind, service, environment, "
            "prefix, deployments, label, repository, ref, since, paths, services. Remove or rename it.",
        ),
        (
            TOML.replace("timezone", "timzone"),
            "dataset.toml, line 2: found the key 'timzone'; expected one of name, description, timezone, simulated, "
            "reference, incidents, changes, services, attribution, masking, aliases; the nearest is 'timezone'. Remove or rename it.",
        ),
        (
            TOML.replace('"UTC"', '"Europe/Berln"'),
            "dataset.toml, line 2: found timezone = 'Europe/Berln'; expected a time zone such as Europe/Berlin; "
            "the nearest is 'Europe/Berlin'. Fix the value.",
        ),
        (
            TOML + 'format = "cvs"\n',
            f"dataset.toml, line 7: found [changes] format = 'cvs'; expected one of {', '.join(names('changes'))}; the nearest "
            "is 'csv'. Fix the value.",
        ),
        (
            TOML + 'delimiter = "\\""\n',
            "dataset.toml, line 7: found [changes] delimiter = '\"'; expected one character that is neither a quote nor a "
            "line break. Fix the value.",
        ),
        (
            TOML + 'delimiter = "\\n"\n',
            "dataset.toml, line 7: found [changes] delimiter = '\\n'; expected one character that is neither a quote nor a "
            "line break. Fix the value.",
        ),
        (
            TOML + '[attribution]\nhorizon = "1y"\n',
            "dataset.toml, line 8: found [attribution] horizon = '1y'; expected a duration between 10min and "
            '60d, such as "72h". Fix the value.',
        ),
        (
            TOML.replace('"changes.csv"', '"../changes.csv"'),
            "dataset.toml: found path = '../changes.csv'; expected a path inside the dataset's folder. "
            "Copy or mount the file into the folder.",
        ),
        (
            TOML.replace('"changes.csv"', '"change.csv"'),
            "dataset.toml: found path = 'change.csv', which does not exist; expected a file of the folder; the "
            "nearest is 'changes.csv'. The folder holds changes.csv, dataset.toml, incidents.csv.",
        ),
    ],
)
def test_a_wrong_setting_names_the_right_one(write, toml, message):
    with pytest.raises(InputError) as failed:
        load(write(toml))
    assert str(failed.value) == message


def test_a_missing_column_names_those_there(write):
    with pytest.raises(InputError) as failed:
        load(write(incidents="number,opened\n1,2024-01-01\n"))
    assert str(failed.value).splitlines()[0] == (
        "incidents.csv, line 1: found no column 'incident_id'; expected a column for incident_id. "
        'Map it in dataset.toml: columns = { incident_id = "…" }. The file has number, opened.'
    )


def test_a_dataset_that_is_not_there_names_those_that_are():
    with pytest.raises(UsageError, match="no dataset 'twiter-2023'; the nearest is 'twitter-2023'"):
        load("twiter-2023")


def test_a_verdict_on_an_unknown_incident_is_an_error(write):
    with pytest.raises(InputError, match="found 'i9'; expected an id of the dataset"):
        load(write(verdicts__csv="incident_id,change_id\ni9,c1\n"))


def test_a_link_out_of_the_folder_is_refused(write, tmp_path):
    folder = write(changes=None)
    (tmp_path / "elsewhere.csv").write_text(CHANGES)
    (folder / "changes.csv").symlink_to(tmp_path / "elsewhere.csv")
    with pytest.raises(InputError, match="expected a path inside the dataset's folder"):
        load(folder)


CELL = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0"), max_size=12)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
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


@settings(max_examples=60)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(string.printable, max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.text(string.ascii_letters, min_size=1, max_size=4), inner, max_size=3)
        ),
        max_leaves=12,
    )
)
def test_any_json_is_read_or_refused_in_words(tmp_path_factory, value):
    path = tmp_path_factory.mktemp("json") / "x.json"
    path.write_text(json.dumps(value))
    try:
        raw = json_records.read([path], Options())
    except InputError as refused:
        assert str(refused)
        return
    records = value if isinstance(value, list) else next(v for v in value.values() if isinstance(v, list))
    assert len(raw.frame) + len(raw.problems) == len(records)


@settings(max_examples=60)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_in_words(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("csv") / "x.csv"
    path.write_bytes(data)
    try:
        raw = delimited.read([path], Options())
    except InputError as refused:
        assert "x.csv" in str(refused)
        return
    assert len(raw.frame) == len(raw.lines) == len(raw.files)


def test_the_default_of_a_section_is_csv():
    assert Log(path="x.csv").format == "csv"


def test_a_quote_that_is_never_closed_is_said(write):
    text = 'incident_id,started_at,title\ni1,2024-01-10T12:00Z,fine\ni2,2024-01-11T12:00Z,"open\ni3,2024-01-12T12:00Z,lost\n'
    dataset = load(write(incidents=text))
    assert dataset.incidents["incident_id"].tolist() == ["i1"]
    assert dataset.rejected[["line", "reason"]].values.tolist() == [[3, "unclosed_quote"]]


def test_duplicates_lead_to_their_root_and_loops_lose_nothing(write):
    rows = "incident_id,started_at,duplicate_of\na,2024-01-10,\nb,2024-01-11,a\nc,2024-01-12,b\nd,2024-01-13,d\ne,2024-01-14,f\nf,2024-01-15,e\ng,2024-01-16,zz\n"
    dataset = load(write(incidents=rows))
    of = dict(zip(dataset.incidents["incident_id"], dataset.incidents["duplicate_of"], strict=True))
    assert of == {"a": "", "b": "a", "c": "a", "d": "", "e": "", "f": "", "g": ""}
    assert dataset.notes[["line", "reason"]].values.tolist() == [
        [5, "duplicate_loop"],
        [6, "duplicate_loop"],
        [7, "duplicate_loop"],
        [8, "unknown_incident"],
    ]


def test_when_no_row_can_be_used_the_error_says_why(write):
    bad = "incident_id,started_at\ni1,03/04/2024\n"
    with pytest.raises(
        InputError,
        match=r"no row of either log can be used\.\nincidents.csv, line 2, column started_at: found '03/04/2024'",
    ):
        load(write(incidents=bad, changes="change_id,started_at\nc,soon\n"))


@pytest.mark.parametrize("line", ['observed = ["2025-13-01", "2025-12-31"]', 'observed = ["2025-12-31", "2025-01-01"]'])
def test_an_impossible_period_is_refused(write, line):
    with pytest.raises(InputError, match="expected two dates, first and last day"):
        load(write(TOML + f"[attribution]\n{line}\n"))


@pytest.mark.parametrize("form", ["%Q", "%Y-%m-%d %Z", "%Y%"])
def test_an_impossible_time_format_is_refused(write, form):
    with pytest.raises(InputError, match="expected a strptime format without %Z"):
        load(write(TOML + f'time_format = "{form}"\n'))


def test_the_observed_period_is_whole_days_on_which_both_logs_overlap(write):
    dataset = load(write())
    assert [str(t) for t in dataset.observed] == ["2024-01-10 00:00:00+00:00", "2024-02-11 00:00:00+00:00"]
    assert dataset.overlapping
    assert not load(write(changes="change_id,started_at\nc,2025-01-01\n")).overlapping
