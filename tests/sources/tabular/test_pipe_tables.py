"""The tables of a Markdown text: rows with their lines, cells without markup, the longest table first."""

from __future__ import annotations

import pytest

from aftershock.sources.tabular import pipe_tables

HEAD = "| a | b |\n|---|---|\n"


def test_columns_of_one_name_are_numbered_and_a_page_without_a_table_has_none():
    [(names, rows)] = pipe_tables.tables("| a | a | |\n|---|---|---|\n| 1 | 2 | 3 |\n")
    assert (names, rows) == (("a", "a (2)", ""), [(3, {"a": "1", "a (2)": "2"})])
    assert pipe_tables.tables("a | b\n") == []


def test_the_longest_table_is_the_first_and_tables_of_the_same_columns_are_one():
    text = f"{HEAD}| 1 | 2 |\n\n| x |\n|---|\n| y |\n| z |\n\nWords.\n\n{HEAD}| 3 | 4 |\n| 5 | 6 |\n"
    (first, rows), (second, others) = pipe_tables.tables(text)
    assert (first, [line for line, _ in rows]) == (("a", "b"), [3, 14, 15])
    assert (second, [line for line, _ in others]) == (("x",), [7, 8])


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("**Payments** `v2`", "Payments v2"),
        ("[report](https://x.example/1)", "report"),
        ("a \\| b", "a | b"),
        ("a<br>b", "a b"),
        ("  two   words ", "two words"),
    ],
)
def test_cells_are_without_markup(cell, said):
    [(_, [(line, row)])] = pipe_tables.tables(f"{HEAD}| {cell} | x |\n")
    assert (line, row) == (3, {"a": said, "b": "x"})


def test_rows_of_nothing_are_none_and_short_ones_lack_cells_alone():
    [(_, rows)] = pipe_tables.tables(f"{HEAD}| | |\n| 1 |\n| 2 | 3 | 4 |\n")
    assert rows == [(4, {"a": "1", "b": ""}), (5, {"a": "2", "b": "3"})]


def test_a_text_that_is_too_long_has_no_tables(monkeypatch):
    text = f"{HEAD}| 1 | 2 |\n"
    monkeypatch.setattr(pipe_tables, "LONGEST", len(text))
    assert pipe_tables.tables(text)
    monkeypatch.setattr(pipe_tables, "LONGEST", len(text) - 1)
    assert pipe_tables.tables(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "| Start | Title |\n|--|--|\n| 2024-01-10 | Till down |\n\n| Field | Value |\n|--|--|\n| Year | 2024 |\n",
        "| Field | Value |\n|--|--|\n| Start | when it began |\n",
        "| Start | Value |\n|--|--|\n| 2024-01-10 | 3 |\n",
        "no table",
    ],
)
def test_only_a_first_table_of_fields_and_values_is_that(text):
    assert pipe_tables.fields(text) == {}
