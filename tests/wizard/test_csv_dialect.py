"""How the text of a table is written."""

from __future__ import annotations

import pytest

from aftershock.schema.errors import Problem
from aftershock.sources.file_head import read_head
from aftershock.wizard.csv_dialect import encoding, written


@pytest.mark.parametrize(
    ("text", "delimiter", "why"),
    [
        ("id;start;title\n1;2024-01-10;x\n", ";", "a semicolon parts the header into 3 names"),
        ("id\tstart\n1\t2024-01-10\n", "\t", "a tab parts the header into 2 names"),
        ("start\n2024-01-10\n", "", ""),
        ("", "", ""),
    ],
)
def test_the_delimiter_is_the_readers(put, text, delimiter, why):
    (path,) = put(log__csv=text)
    guess = written(read_head(path))
    assert (guess.value, guess.why) == (delimiter, why)


def test_an_encoding_is_named_where_it_is_not_utf_8(put):
    plain, marked = put(a__csv="id\n1\n", b__csv="id\n1\n".encode("utf-16"))
    note = Problem("a.csv", 2, None, "the byte 0xe9", "UTF-8", "Read as Windows-1252; save it.", "encoding")
    assert encoding(plain, []) == []
    assert [(g.value, g.sure) for g in encoding(plain, [note])] == [("Windows-1252", 0.75)]
    assert [g.value for g in encoding(marked, [])] == ["UTF-16"]
