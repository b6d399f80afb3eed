"""CSV in its many dresses: read as it was meant, or refused in words."""

from __future__ import annotations

import gzip

import pytest
from conftest import INCIDENTS
from hypothesis import given, settings
from hypothesis import strategies as st

from aftershock import load
from aftershock.schema.errors import InputError
from aftershock.sources import Options
from aftershock.sources.tabular import delimited


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


def test_line_numbers_count_quoted_line_breaks(write):
    text = 'incident_id,started_at,title\ni1,2024-01-10T12:00Z,"two\nlines"\ni2,never,x\n'
    assert load(write(incidents=text)).rejected[["line", "reason"]].values.tolist() == [[4, "unreadable_time"]]


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


def test_a_quote_that_is_never_closed_is_said(write):
    text = 'incident_id,started_at,title\ni1,2024-01-10T12:00Z,fine\ni2,2024-01-11T12:00Z,"open\ni3,2024-01-12T12:00Z,lost\n'
    dataset = load(write(incidents=text))
    assert dataset.incidents["incident_id"].tolist() == ["i1"]
    assert dataset.rejected[["line", "reason"]].values.tolist() == [[3, "unclosed_quote"]]


def test_columns_of_one_name_are_numbered_and_noted(write):
    text = "incident_id,started_at,Place,service,Place\ni1,2024-01-10T12:00Z,north,till,\ni2,2024-01-11T12:00Z,,mail,hall\n"
    dataset = load(write(incidents=text))
    places = [(extra["Place"], extra["Place (2)"]) for extra in dataset.incidents["extras"]]
    assert places == [("north", ""), ("", "hall")]
    assert dataset.notes[["line", "column", "reason"]].values.tolist() == [[1, "Place", "repeated_column"]]
    assert "Place (2)" in dataset.notes["remedy"].iloc[0]


def test_numbers_that_repeat_are_no_names_of_columns(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("7,2024-01-10,0,0\n8,2024-01-11,1,0\n")
    with pytest.raises(InputError, match="put a line with names above it"):
        delimited.read([path], Options())


@pytest.mark.parametrize("edge", ["", "|"])
def test_a_table_as_clients_of_databases_print_it(write, edge):
    rule = f"{'+' * bool(edge)}----+------------------+------{'+' * bool(edge)}"
    rows = ["id | started_at       | title", "i1 | 2024-01-10 12:00 | --+--", "i2 | 2024-01-11 12:00 | y    "]
    head, *rows = [f"{edge} {row} {edge}".strip() for row in rows]
    lines = [*([rule] if edge else []), head, rule, *rows, *([rule] if edge else [])]
    columns = '[incidents]\npath = "incidents.csv"\n[incidents.columns]\nincident_id = "id"\n'
    dataset = load(write(incidents="\n".join(lines) + "\n", toml=f'name = "x"\n{columns}'))
    assert dataset.incidents["title"].tolist() == ["--+--", "y"] and dataset.rejected.empty
    assert dataset.incidents["line"].tolist() == [lines.index(row) + 1 for row in rows]
