from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftershock.output.spreadsheets import guarded, unguarded


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "＝1", " =1", "\ufeff=1", "\n=1", "'=1", "''@x"]
)
def test_what_a_spreadsheet_would_run_becomes_text(text):
    assert guarded(text) == f"'{text}" and unguarded(guarded(text)) == text


@pytest.mark.parametrize("text", ["", "plain", "1 = 1", "'quoted'", "a\t=b"])
def test_other_text_stays_as_it_is(text):
    assert guarded(text) == text == unguarded(text)


@given(st.text("=+-@'\t\r＝a ", max_size=6))
def test_there_and_back(text):
    assert unguarded(guarded(text)) == text
