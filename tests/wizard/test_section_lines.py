"""The lines that take some rows of a log."""

from __future__ import annotations

import pandas as pd

from aftershock.sources.raw_table import RawTable
from aftershock.wizard.section_lines import Line, only, type_line


def test_a_line_that_is_off_is_a_comment():
    assert Line("only", "{}", "why\nso", off=True).as_toml() == "# only = {}  # why so"


def test_rows_of_some_words_are_taken_and_said():
    line, guess = only("type", ("Outage", ""), "the others are none")
    assert line.as_toml() == 'only = { type = ["Outage", ""] }  # likely: the others are none'
    assert guess and guess.value == "type = Outage, empty"


def test_what_is_planned_is_left_out_of_incidents():
    frame = pd.DataFrame({"id": ["1", "2"], "type": ["Unplanned", "Planned"]}, dtype="object")
    places = [("log.csv", 2), ("log.csv", 3)]
    raw = RawTable.of(frame.to_dict("records"), places, columns=["id", "type"], problems=[], notes=[])
    ((line, guess),), asked = type_line("incidents", raw)
    assert line.value == '{ type = ["Unplanned"] }' and guess and asked == []
