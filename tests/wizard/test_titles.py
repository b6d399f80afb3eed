"""Which column is the title of a log."""

from __future__ import annotations

import pandas as pd

from aftershock.wizard import column_matching, titles

DAYS = ["2024-03-05", "2024-03-06", "2024-03-07"]
IDS = ["a1", "a2", "a3"]


def matched(**columns: list[str]) -> dict[str, str]:
    found = column_matching.fit("incidents", column_matching.cells_of(pd.DataFrame(columns)))
    return {c: g.value for c, g in found.columns.items()}


def test_words_may_be_joined_by_signs():
    assert titles.are_words(pd.Series(["queue_buildup", "scanner_failure"]))
    assert not titles.are_words(pd.Series(["INC-1", "INC_2"]))


def test_lines_of_description_are_titles_where_no_column_is_and_texts_are_not():
    lines = ["The disk of the shop is full", "Card payments time out", "Mails are sent twice"]
    assert matched(id=IDS, start=DAYS, description=lines)["title"] == "description"
    assert matched(id=IDS, start=DAYS, note=lines)["title"] == "note"
    assert "title" not in matched(id=IDS, start=DAYS, description=[line * 5 for line in lines])
    assert "title" not in matched(id=IDS, start=DAYS, body=["9ae30b6d730123002728660c4cf6a736"] * 3)
    assert matched(id=IDS, start=DAYS, description=lines, summary=lines[::-1])["title"] == "summary"


def test_a_column_called_like_a_row_is_the_title_where_it_holds_words():
    said = ["Fallo de la etiqueta", "Tornillo atascado", "Fallo de la etiqueta"]
    assert matched(id=IDS, fecha=DAYS, Incidencia=said)["title"] == "Incidencia"
    assert (
        matched(id=IDS, start=DAYS, Störung=["Band steht still", "Kein Strom da", "Band steht still"])["title"]
        == "Störung"
    )
    assert "title" not in matched(id=IDS, start=DAYS, incident=["belt", "power", "belt"])
    assert matched(id=IDS, start=DAYS, problem=said, title=said)["title"] == "title"


def test_names_that_tell_rows_apart_are_titles_before_longer_summaries_and_those_that_few_have():
    names, said = (
        ["Mail is late", "No web", "Slow search"],
        ["Mails wait for an hour", "Nobody can open a page", "Search takes long"],
    )
    found = matched(id=IDS, when=DAYS, name=names, summary=said)
    assert (found["title"], found["description"]) == ("name", "summary")
    assert matched(id=IDS, when=DAYS, name=["web", "db", "web"], summary=said)["title"] == "summary"
    assert matched(id=IDS, when=DAYS, name=names, summary=[said[0], "", ""])["title"] == "name"


def test_a_name_that_is_the_id_in_every_row_is_no_title():
    assert "title" not in matched(id=IDS, start=DAYS, name=IDS)
    assert matched(id=IDS, start=DAYS, name=["a1", "a2", "till"])["title"] == "name"
