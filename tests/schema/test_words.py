"""Words and the parts of identifiers."""

from __future__ import annotations

import re

import pytest

from aftershock.schema.words import PART, WORD


def test_a_word_is_a_run_of_letters_and_digits_of_any_script():
    assert WORD.findall("Größe_2 of web-01, 東京!") == ["Größe", "2", "of", "web", "01", "東京"]


@pytest.mark.parametrize(
    ("identifier", "parts"),
    [
        ("HTTPServer2", ["HTTP", "Server", "2"]),
        ("userTable", ["user", "Table"]),
        ("snake_case", ["snake", "case"]),
        ("APIs", ["AP", "Is"]),
        ("Größe", ["Gr", "e"]),
    ],
)
def test_an_identifier_is_taken_apart_where_its_case_turns(identifier, parts):
    assert re.findall(PART, identifier) == parts
