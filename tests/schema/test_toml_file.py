"""Where a key of a TOML file is, and how messages call it."""

from __future__ import annotations

import pytest

from aftershock.schema.toml_file import line_of, shown

TEXT = """name = "x"
[one]
key = 1
"a b" = { inner = 2 }
[[many]]
key = 1
[[many.parts]]
word = 1
[[many]]
[[many.parts]]
[[many.parts]]
word = 3
[many.deep]
x.y = 1
"""


@pytest.mark.parametrize(
    ("place", "line", "name"),
    [
        (("name",), 1, "name"),
        (("one", "key"), 3, "[one] key"),
        (("one", 0, "key"), 3, "[one] key"),
        (("one", "a b", "inner"), 4, "[one.a b] inner"),
        (("many", 0, "key"), 6, "[[many]] 1: key"),
        (("many", 0, "parts", 0, "word"), 8, "[[many.parts]] 1: word"),
        (("many", 1, "parts", 1, "word"), 12, "[[many.parts]] 2: word"),
        (("many", 1, "key"), 9, "[[many]] 2: key"),
        (("many", 1, "deep", "x", "y"), 14, "[[many]] 2: deep.x.y"),
        (("other",), None, "other"),
    ],
)
def test_a_key_has_a_line_and_a_name(place, line, name):
    assert (line_of(place, TEXT), shown(place, TEXT)) == (line, name)
