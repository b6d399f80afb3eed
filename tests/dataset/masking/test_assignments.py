"""Secrets that a name gives away, up to where they end."""

from __future__ import annotations

import pytest

from aftershock.dataset.masking import Mask
from aftershock.dataset.masking.assignments import ASSIGNMENTS


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("password=abcd&REST", "password=[password 1]"),
        ("?password=abcd&x=1", "?password=[password 1]&x=1"),
        ("(password=abcd)", "(password=[password 1])"),
        ("user=a,password=b1c2,host=d", "user=a,password=[password 1],host=d"),
        ('{"pass": "a\\"b c"}', '{"pass": [password 1]}'),
        ("<pass>a b</pass>", "<pass>[password 1]</pass>"),
        ("password: reset flow", "password: reset flow"),
    ],
)
def test_a_value_is_hidden_to_its_end(text, masked):
    assert Mask(ASSIGNMENTS).text(text) == masked
