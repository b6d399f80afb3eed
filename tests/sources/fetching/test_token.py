"""A token is read from the environment and shown nowhere."""

from __future__ import annotations

import base64
from urllib.parse import quote

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


WRITTEN = {
    "as it is": str,
    "in capitals": str.upper,
    "JSON": lambda t: "".join(f"\\u{ord(c):04X}" for c in t),
    "half JSON": lambda t: "".join(f"\\u{ord(c):04x}" if n % 2 else c for n, c in enumerate(t)),
    "an address": lambda t: "".join(f"%{ord(c):02x}" for c in t),
    "an address inside an address": lambda t: quote(quote(t, safe=""), safe=""),
    "HTML": lambda t: "".join(f"&#{ord(c)};" for c in t),
    "JSON inside an address": lambda t: quote("".join(f"\\u{ord(c):04x}" for c in t)),
    "hexadecimal digits": lambda t: t.encode().hex(),
    "base64": lambda t: base64.b64encode(f"Bearer {t} and more".encode()).decode(),
    "base64 of one more": lambda t: base64.b64encode(f"x{t}".encode()).decode(),
    "base64 in lines": lambda t: base64.encodebytes(b"xy" + t.encode() * 3).decode(),
    "base64 of addresses": lambda t: base64.urlsafe_b64encode(t.encode() + b"?").decode(),
    "half of it": lambda t: t[: -(-len(t) // 2)],
    "UTF-16": lambda t: t.encode("utf-16-le").decode("latin-1"),
}


@pytest.mark.parametrize("form", WRITTEN)
@pytest.mark.parametrize("token", [SECRET, "ghp_" + "aB3" * 12, "u+AbCdEfGhIjKlMnOpQr", "abcd1234"])
def test_a_token_is_found_however_it_is_written(token, form):
    written = WRITTEN[form](token) if form != "half of it" or len(token) >= 16 else token
    assert Token(token).is_in(f'{{"title": "key {written}"}}'.encode("latin-1"))
    assert Token(token).is_in(written.encode("latin-1"))
    assert token not in Token(token).hide(written)


def test_what_is_no_token_is_not_found():
    page = b'{"title": "ghp_ token of 0123456789 \\u0041 %41 &amp; s3cr3t", "id": "YWJjZA=="}'
    assert not any(Token(t).is_in(page) for t in (SECRET, "ghp_" + "aB3" * 12, "abcd1234"))


@pytest.mark.parametrize("bad", ["two words in it", "line\nbreak-in-it", "schlüssel-schlüssel", "short"])
def test_what_is_no_token_is_refused_without_being_shown(bad):
    with pytest.raises(UsageError) as error:
        from_environment(("ONE", "TWO"), {"TWO": bad})
    assert str(error.value) == "what TWO holds is not a token: expected one word of at least 8 ASCII characters"


def test_the_first_variable_that_is_set_holds_the_token():
    found = from_environment(("ONE", "TWO", "THREE"), {"ONE": " ", "TWO": " abcdefgh\n", "THREE": "ijklmnop"})
    assert found.header("Bearer ") == "Bearer abcdefgh"
    assert from_environment(("ONE",), {}) is None
