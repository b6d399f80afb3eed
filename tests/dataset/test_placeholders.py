"""What people and programs write into an empty cell is empty."""

from __future__ import annotations

import pandas as pd
import pytest

from aftershock.dataset import placeholders


def blanked(cells: list, column: str, kind: str = "text") -> list:
    dtype = "str" if all(isinstance(c, str) for c in cells) else "object"
    return placeholders.blanked(pd.Series(cells, dtype=dtype), column, kind).tolist()


@pytest.mark.parametrize(
    "word", ["-", "N/A", "n/a", "null", "NULL", "None", "nan", "NaT", "?", "unknown", "Unknown", "TBD", "\\N", "–"]
)
def test_a_word_for_nothing_is_an_empty_cell(word):
    assert blanked([word, "shop"], "services") == ["", "shop"]


def test_a_sentence_of_status_pages_stands_for_an_empty_list():
    assert blanked([["No components were affected by this update."], ["shop"]], "services") == [[], ["shop"]]


def test_lists_lose_the_words_for_nothing():
    assert blanked([["None", "shop"], "-"], "services") == [["shop"], ""]


def test_words_that_mean_something_in_their_column_stay():
    assert blanked(["unknown", "none"], "status") == ["unknown", "none"]
    assert blanked(["Unknown error", "nan", "-"], "title") == ["Unknown error", "", "-"]
    assert blanked(["none", "None", "UNKNOWN"], "severity") == ["none", "", ""]
    assert blanked(["none"], "change_id") == ["none"]
    assert blanked(["-1", "1"], "severity") == ["", "1"]
    assert blanked(["0000-00-00 00:00:00", "0001-01-01T00:00:00Z"], "resolved_at", "time") == ["", ""]


def test_an_end_that_is_not_there_yet_is_none_but_a_state_is_one():
    assert blanked(["ongoing", "Still open", "EN COURS"], "resolved_at", "time") == ["", "", ""]
    assert blanked(["ongoing", "open"], "status") == ["ongoing", "open"]
    assert blanked(["Unassigned", "open"], "services") == ["", "open"]


@pytest.mark.parametrize(
    "word", ["k.A.", "k. A.", "n/d", "該当なし", "keine Angabe", "néant", "sin asignar", "Não informado", "onbekend", "brak", "なし", "无", "нет", "[]", "#NV"]
)  # fmt: skip
def test_words_for_nothing_in_other_languages_are_empty(word):
    assert blanked([word, "shop"], "services") == ["", "shop"]


@pytest.mark.parametrize(
    "word",
    [
        "ongoing",
        "Noch offen",
        "en cours",
        "em andamento",
        "対応中",
        "9999-12-31 23:59:59",
        "9999-12-31T00:00:00Z",
        "1900-01-01T00:00:00",
        "01.01.1970 00:00",
    ],
)
def test_the_end_of_what_goes_on_is_empty_and_a_state_is_not(word):
    assert blanked([word, "2024-03-05 10:00"], "resolved_at", "time") == ["", "2024-03-05 10:00"]
    assert blanked([word], "status") == [word]
