"""Ids that a spreadsheet changed are put right where that is certain, and found again by what names them."""

from __future__ import annotations

import pandas as pd

from aftershock.dataset import spreadsheet_ids


def column(*ids: str) -> pd.Series:
    return pd.Series(list(ids), dtype="str")


def test_whole_numbers_lose_the_point_only_where_all_have_it():
    assert spreadsheet_ids.whole(column("1001.0", "", "1002.0")).tolist() == ["1001", "", "1002"]
    assert spreadsheet_ids.whole(column("1.0", "1.1")).tolist() == ["1.0", "1.1"]


def test_ids_that_cannot_be_put_right_are_known():
    assert spreadsheet_ids.altered(column("2.02403E+11", "1-Mar", "1-2", "v1-Mar")).tolist() == [
        True,
        True,
        False,
        False,
    ]


def test_a_reference_finds_its_id_whatever_a_spreadsheet_made_of_it():
    known = spreadsheet_ids.KnownIds(column("1001", "0042", "CHG-7", "202403112233", "202511112233"))
    assert [known.find(r) for r in ("1001.0", "42", "chg-7", "2.02403E+11", "#1001")] == [
        "1001", "0042", "CHG-7", "202403112233", "1001",
    ]  # fmt: skip


def test_a_reference_that_could_be_two_ids_stays():
    known = spreadsheet_ids.KnownIds(column("202403112233", "202403119999", "a1", "A1"))
    assert [known.find(r) for r in ("2.02403E+11", "A1", "#a1", "b")] == ["2.02403E+11", "A1", "#a1", "b"]


def test_ids_shown_in_thousands_are_whole_numbers_where_all_are():
    ids = pd.Series(["999", "43 784", "1\u00a0043\u202f785", ""])
    assert spreadsheet_ids.whole(ids).tolist() == ["999", "43784", "1043785", ""]
    mixed = pd.Series(["43 784", "A 1"])
    assert spreadsheet_ids.whole(mixed).tolist() == mixed.tolist()
