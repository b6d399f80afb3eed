from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftershock.cli.options import part_of
from aftershock.schema.errors import UsageError


@given(st.integers(0, 40), st.integers(1, 12))
def test_parts_are_of_equal_size_and_together_all_of_it(size, of):
    parts = [part_of(range(size), f"{number}/{of}") for number in range(1, of + 1)]
    assert sorted(n for part in parts for n in part) == list(range(size))
    assert max(map(len, parts)) - min(map(len, parts)) <= 1
    assert part_of(range(size), "") == list(range(size))


@pytest.mark.parametrize("given", ["0/4", "5/4", "4", "1/0", "a/b", "-1/4", "1/4/2", " 1/4", "１/4"])
def test_what_is_no_part_is_refused_with_what_one_is(given):
    with pytest.raises(UsageError, match="expected K/N with K from 1 to N"):
        part_of([1, 2], given)
