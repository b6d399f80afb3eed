"""A token is read from the environment and shown nowhere."""

from __future__ import annotations

import pytest
from fake_services import (
    SECRET,
)

from aftershock.schema.errors import UsageError
from aftershock.sources.fetching import client
from aftershock.sources.fetching.token import Token, from_environment


def test_a_token_does_not_show_itself():
    token = Token(SECRET)
    assert SECRET not in f"{token} {token!r} {vars(client.Client('https://x.example', token))!r}"
    assert token.hide(f"a {SECRET} b s3cr3t%2B%2Ftoken%3D0123456789 c") == "a (the token) b (the token) c"
    with pytest.raises(TypeError):
        import pickle

        pickle.dumps(token)


@pytest.mark.parametrize("bad", ["two words in it", "line\nbreak-in-it", "schlüssel-schlüssel", "short"])
def test_what_is_no_token_is_refused_without_being_shown(bad):
    with pytest.raises(UsageError) as error:
        from_environment(("ONE", "TWO"), {"TWO": bad})
    assert str(error.value) == "what TWO holds is not a token: expected one word of at least 8 ASCII characters"


def test_the_first_variable_that_is_set_holds_the_token():
    found = from_environment(("ONE", "TWO", "THREE"), {"ONE": " ", "TWO": " abcdefgh\n", "THREE": "ijklmnop"})
    assert found.header("Bearer ") == "Bearer abcdefgh"
    assert from_environment(("ONE",), {}) is None
