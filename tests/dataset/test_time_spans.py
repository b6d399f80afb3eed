"""Cells that hold a start and an end, in the shapes in which people write them."""

from __future__ import annotations

import pandas as pd
import pytest

from aftershock import load
from aftershock.dataset import time_spans


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("January 3, 2024 09:00 → 11:30", ("January 3, 2024 09:00", "January 3, 2024 11:30")),
        ("Jan 3, 2024 9:00 AM (UTC) → 11:30 AM (UTC)", ("Jan 3, 2024 9:00 AM (UTC)", "Jan 3, 2024 11:30 AM (UTC)")),
        ("Jan 3, 2024 23:00 → Jan 4, 2024 01:30", ("Jan 3, 2024 23:00", "Jan 4, 2024 01:30")),
        ("2024-01-05 06:00 - 2024-01-05 07:30", ("2024-01-05 06:00", "2024-01-05 07:30")),
        ("2024-01-05 - 2024-01-07", ("2024-01-05", "2024-01-07")),
        ("5.1.2024 06:00 bis 7:30", ("5.1.2024 06:00", "5.1.2024 7:30")),
        ("5 Jan 2024, 10:00–11:30 UTC", ("5 Jan 2024, 10:00 UTC", "5 Jan 2024, 11:30 UTC")),
        ("06:00-06:15", ("06:00", "06:15")),
        ("11:30-1:00 PM", ("11:30 am", "1:00 PM")),
        ("1:30 - 2:00 PM", ("1:30 pm", "2:00 PM")),
        ("2024-01-05 06:00:00", None),
        ("05/01/2024 - 10:00", None),
        ("2024-01-05T06:00:00-05:00", None),
        ("06:00", None),
        ("", None),
    ],
)  # fmt: skip
def test_a_start_and_an_end_are_parted(text, parts):
    assert time_spans.parted(text) == parts


def test_cells_with_one_time_start_then_and_have_no_end():
    cells = pd.Series(["06:00-06:15", "07:00", ""], dtype="str")
    assert time_spans.starts(cells).tolist() == ["06:00", "07:00", ""]
    assert time_spans.ends(cells).tolist() == ["06:15", "", ""]


@pytest.mark.parametrize(
    ("columns", "log"),
    [
        ('started_at = "when"\nresolved_at = "when"', 'when\n"Jan 3, 2024 23:40 → 00:20"\n"Jan 5, 2024 10:00 → 10:20"\n"Jan 6, 2024 9:00"'),
        (
            'started_at = "day"\nresolved_at = "day"\nstarted_at_clock = "time"\nresolved_at_clock = "time"',
            "day,time\n2024-01-03,23:40-00:20\n2024-01-05,10:00-10:20\n2024-01-06,9:00",
        ),
    ],
)  # fmt: skip
def test_one_column_is_the_start_and_the_end(write, columns, log):
    head, *rows = log.split("\n")
    text = "\n".join([f"incident_id,{head}", *(f"i{n},{row}" for n, row in enumerate(rows))])
    folder = write(
        incidents=text, toml=f'name = "x"\n[incidents]\npath = "incidents.csv"\n[incidents.columns]\n{columns}\n'
    )
    incidents = load(folder).incidents
    assert incidents["started_at"].dt.strftime("%d %H:%M").tolist() == ["03 23:40", "05 10:00", "06 09:00"]
    assert incidents["resolved_at"].dt.strftime("%d %H:%M").fillna("").tolist() == ["04 00:20", "05 10:20", ""]


def test_pages_of_text_are_passed_over():
    assert time_spans.parted("at 10:00 it said 5 - and 7 to 9 " * 50_000) is None  # each dash tried would take hours


def test_a_day_and_a_time_of_it_in_spanish_are_no_two_times():
    assert time_spans.parted("5 de marzo de 2024 a las 14:30") is None
