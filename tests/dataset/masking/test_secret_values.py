"""Names that give a secret away, and values that are one."""

from __future__ import annotations

import pytest

from aftershock.dataset.masking.secret_values import (
    accepted,
    is_mixed,
    is_no_sentence,
    is_random,
    is_secret,
    kind_of_name,
)


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
    ("value", "is_one"),
    [
        ("hunter2", True), ("'s3cr3t'", True), ("${DB_PASSWORD}", False), ("{{ vault.password }}", False), ("<password>", False), ("*****", False),
        ("os.environ", False), ("getpass()", False), ("settings.DB_PASSWORD", False), ("true", False), ("", False), (".", False),
    ],
)  # fmt: skip
def test_a_placeholder_a_call_and_a_plain_answer_are_no_secrets(value, is_one):
    assert is_secret(value) is is_one


def test_digits_and_signs_among_letters_tell_a_drawn_value_from_a_name():
    assert (
        is_mixed("hunter2")
        and is_mixed("gr!t")
        and is_mixed("camelCase")
        and not is_mixed("reset")
        and not is_mixed("2024")
    )
    assert (
        is_random("a8f3k2p9")
        and not is_random("release-2024.11")
        and not is_random("eu-west-1")
        and not is_random("a1b2")
    )


def test_how_much_a_value_must_look_like_one_follows_from_the_sign_before_it():
    assert accepted("password", "swordfish", "=", quoted=False, whole=False)
    assert not accepted("password", "swordfish", ":", quoted=False, whole=False)
    assert accepted("password", "hunter2", ":", quoted=False, whole=False)
    assert accepted("password", "1234", ":", quoted=False, whole=False) and not accepted(
        "password", "123", "=", quoted=False, whole=True
    )
    assert not accepted("secret", "/etc/app/secret.key", "=", quoted=False, whole=True)
    assert not accepted("weak key", "user-id", "=", quoted=True, whole=True)
    assert not accepted("password", "2024-11-02 09:00", "=", quoted=True, whole=True)


def test_words_that_go_on_about_a_password_are_a_sentence():
    assert (
        is_no_sentence("swordfish")
        and not is_no_sentence("expired yesterday")
        and not is_no_sentence("rotation failed")
    )
