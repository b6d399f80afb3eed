from __future__ import annotations

import pytest

from aftershock.output.text_table import text_table


def test_columns_are_aligned_and_lines_end_without_blanks():
    rows = [["rule", "top-1", ""], ["ours", "0.9", "well"], ["a long rule", "", ""]]
    assert text_table(rows, indent="  ") == ["  rule         top-1", "  ours         0.9    well", "  a long rule"]


def test_no_rows_are_no_lines():
    assert text_table(iter([])) == []


def test_rows_of_different_lengths_are_a_mistake():
    with pytest.raises(ValueError, match="zip"):
        text_table([["a", "b"], ["c"]])
