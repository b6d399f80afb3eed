"""Columns of lists, quickly and carefully."""

from __future__ import annotations

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from aftershock.dataset import typed_columns


@settings(max_examples=200)
@given(st.lists(st.text("ab ;é\u2003", max_size=8), max_size=5), st.sampled_from([";", "; ", "b"]))
def test_lists_are_split_as_text_is_and_hold_each_part_once(texts, separator):
    expected = [list(dict.fromkeys(p.strip() for p in t.split(separator) if p.strip())) for t in texts]
    assert typed_columns.lists(pd.Series(texts, dtype="str"), (separator,)).tolist() == expected


def test_a_frame_in_one_piece_holds_what_it_held():
    parts = [pd.DataFrame({"id": pd.Series(ids, dtype="str"), "n": range(2)}) for ids in (["a", "b"], ["c", "d"])]
    frame = pd.concat(parts).set_axis([3, 1, 0, 2])
    assert frame["id"].array._pa_array.num_chunks == 2
    made = typed_columns.in_one_piece(frame)
    assert made["id"].array._pa_array.num_chunks == 1
    pd.testing.assert_frame_equal(made, frame)


def test_lists_are_split_at_each_of_several_signs():
    cells = pd.Series(["Mail, Feed and Maps", "Feed", ["Feed and Maps"]], dtype="object")
    assert typed_columns.lists(cells, (",", " and ")).tolist() == [
        ["Mail", "Feed", "Maps"],
        ["Feed"],
        ["Feed and Maps"],
    ]
