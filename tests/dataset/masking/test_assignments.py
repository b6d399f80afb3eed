"""Names that give a secret away, and names of something about one."""

from __future__ import annotations

import pytest

from aftershock.dataset.masking import Mask
from aftershock.dataset.masking.assignments import ASSIGNMENTS, kind_of_name


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("PGPASSWORD", "password"), ("dbPass", "password"), ("user_pwd", "password"), ("secretAccessKey", "secret"), ("secret_key_base", "secret"),
        ("api-key", "key"), ("signing key", "weak key"), ("ASP.NET_SessionId", "session"), ("max_tokens", ""), ("secret_name", ""), ("compass", ""),
        ("password_policy", ""), ("partition key", ""), ("author", ""),
    ],
)  # fmt: skip
def test_a_name_is_known_by_its_words(name, kind):
    assert kind_of_name(name) == kind


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
