"""Tables whose columns are told by where they begin."""

from __future__ import annotations

import pytest

from aftershock import sources
from aftershock.sources.tabular import positions

PRINTED = """\
ID    CREATE_TIME           STATUS
b-1   2024-03-05T09:00:00Z  SUCCESS

b-22  2024-03-06T09:00:00Z  "odd" one
b-3                         FAILURE
"""
RULED = """\
Run ID    Queue Time           Result
--------  -------------------  ---------
101       2024-03-05 09:00:00  succeeded
"""


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            PRINTED,
            [
                ["ID", "CREATE_TIME", "STATUS"],
                ["b-1", "2024-03-05T09:00:00Z", "SUCCESS"],
                ["b-22", "2024-03-06T09:00:00Z", '"odd" one'],
                ["b-3", "", "FAILURE"],
            ],
        ),
        (RULED, [["Run ID", "Queue Time", "Result"], ["101", "2024-03-05 09:00:00", "succeeded"]]),
    ],
)
def test_columns_begin_where_their_names_do(tmp_path, text, rows):
    path = tmp_path / "builds.txt"
    path.write_text(text, encoding="utf-8")
    frame = sources.read([path], "csv", sources.Options(table="changes")).frame
    assert [[*frame.columns], *frame.to_numpy().tolist()] == rows


@pytest.mark.parametrize(
    "text",
    [
        PRINTED.replace("b-22  2024", "b-22-and-more 2024"),  # a cell across the beginning of a column
        PRINTED.lower(),  # words with gaps
        "ID,CREATE  TIME,STATUS\n1,2024-03-05,OK\n",
        "ID    STATUS\nb-1   SUCCESS\n",
        "NAME    STATUS    TIME\n",
        "",
    ],
)
def test_other_texts_stay_as_they_are(text):
    assert positions.plain(text) == text


def test_lines_drawn_around_a_table_are_left_out():
    assert positions.plain("id | at\n---+---\n1 | 2\n") == "id | at\n\n1 | 2\n"
